//! What is odd by itself, whoever holds it: one huge text or buffer, texts that are there many times, stores that are nearly
//! empty, the same source compiled again and again, windows that no frame shows, variables that no function uses.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::chain::Chain;
use super::rank::Ranks;
use super::{Candidate, Kind, Set};
use crate::analysis::merged::{HolderLevel, Options};
use crate::analysis::{aggregates, closures, duplicates};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{ClassIx, naming};

/// Less is never odd.
const LEAST: u64 = 256 << 10;
/// One text or buffer is huge from so many of a thousand of the heap on, and no smaller than this.
const HUGE: u64 = 100;
const LEAST_HUGE: u64 = 1 << 20;
/// Texts that are there more than once waste so many of a thousand of the heap.
const DUPLICATED: u64 = 100;
/// A store is nearly empty where one of so many places is taken, and it is no small one.
const EMPTY: u64 = 16;
const LEAST_STORE: u64 = 64 << 10;
/// Places of a store are as large as this, or half of it.
const PLACE: u64 = 8;
/// Nearly empty stores together are so many of a thousand of the heap.
const SPARSE: u64 = 50;
/// So many scripts of one source are no chance.
const MANY_SCRIPTS: usize = 50;
const RECOMPILED: u64 = 10;
/// Variables that nobody uses keep so many of a thousand of the heap.
const UNUSED: u64 = 20;

/// What was found of a set that is odd by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Odd {
    Huge,
    /// A store with so many places, in which no object is.
    Numbers {
        places: u64,
    },
    /// So many texts; what would be saved if each were there once; the one that wastes most, and how often it is there.
    Duplicated {
        texts: u64,
        wasted: u64,
        most: NodeIx,
        times: u64,
    },
    /// Places of all stores together, and references in them.
    Sparse {
        places: u64,
        used: u64,
    },
    /// The source of all these scripts.
    Recompiled {
        source: NodeIx,
    },
    Window,
    /// The variable, and the function whose scope has it; WTF-8.
    Unused {
        variable: Vec<u8>,
        function: Vec<u8>,
    },
}

/// The owner of a nearly empty store, its places, references in it.
type Store = (NodeIx, u64, u64);
/// What the file has of a text, and what else tells it from others.
type Source = (Vec<u8>, u64);

struct Finder<'a> {
    heap: &'a Arc<Heap>,
    ranks: &'a Ranks<'a>,
    is_new: &'a (dyn Fn(NodeIx) -> bool + Sync),
    meter: &'a Meter,
    found: Vec<Candidate>,
}

/// Sets that are odd by themselves, of objects that are `is_new`.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(super) fn candidates(
    heap: &Arc<Heap>,
    ranks: &Ranks<'_>,
    is_new: &(dyn Fn(NodeIx) -> bool + Sync),
    meter: &Meter,
) -> Result<Vec<Candidate>> {
    let mut finder = Finder { heap, ranks, is_new, meter, found: Vec::new() };
    finder.huge_and_sparse()?;
    finder.duplicated()?;
    finder.recompiled()?;
    finder.windows()?;
    finder.unused()?;
    Ok(finder.found)
}

impl Finder<'_> {
    /// So many of a thousand of the heap.
    fn part(&self, thousandths: u64) -> u64 {
        (self.heap.total_size().unwrap_or(0) / 1000).saturating_mul(thousandths)
    }

    fn add(&mut self, kind: Kind, objects: Vec<NodeIx>, odd: Odd) -> Result<()> {
        let Some(&first) = objects.first() else { return Ok(()) };
        let class = self.heap.classes().of(first);
        let level = HolderLevel::of_set(self.heap.clone(), objects.clone(), Options::default(), self.meter)?;
        let retained = level.retained();
        let chain = Chain::from(Arc::new(level), self.ranks, self.meter)?;
        let set = Set { class, objects, retained, chain };
        self.found.push(Candidate { odd: Some(odd), ..Candidate::new(kind, set) });
        Ok(())
    }

    fn retained(&self, node: NodeIx) -> u64 {
        self.heap.retained_size(node).unwrap_or(0)
    }

    /// One walk over the large things of the heap.
    fn huge_and_sparse(&mut self) -> Result<()> {
        let heap = self.heap;
        let least_huge = self.part(HUGE).max(LEAST_HUGE);
        let mut stores: FxHashMap<ClassIx, Vec<Store>> = FxHashMap::default();
        let (mut huge, mut numbers) = (Vec::new(), Vec::new());
        for node in heap.nodes() {
            self.meter.check_at(node.ix())?;
            // Its own, before it counts to its owner.
            let size = heap.columns().nodes.self_sizes.get(node.ix());
            if size >= LEAST_STORE && heap.node_type(node) == NodeType::ARRAY && (self.is_new)(node) {
                let used = heap.columns().edges_of(node).filter(|&edge| is_place(heap, edge)).count() as u64;
                let places = size / PLACE;
                // One without any has numbers in it, which are no objects.
                if used == 0
                    && size >= least_huge
                    && let Some(owner) = self.owner(node)
                {
                    numbers.push((owner, places));
                }
                if used > 0
                    && used * EMPTY < places
                    && let Some(owner) = self.owner(node)
                {
                    stores.entry(heap.classes().of(owner)).or_default().push((owner, places, used));
                }
            }
            if self.retained(node) >= least_huge && self.is_payload(node) && (self.is_new)(node) {
                huge.push(node);
            }
        }
        huge.sort_by_key(|&node| (Reverse(self.retained(node)), node));
        for node in huge {
            let is_part =
                heap.dominators().is_some_and(|tree| tree.chain(node).skip(1).any(|above| self.is_payload(above)));
            if !is_part && !self.is_source(node) {
                self.add(Kind::Huge, vec![node], Odd::Huge)?;
            }
        }
        for (owner, places) in numbers {
            self.add(Kind::Huge, vec![owner], Odd::Numbers { places })?;
        }
        let mut stores: Vec<(ClassIx, Vec<Store>)> = stores.into_iter().collect();
        stores.sort_by_key(|&(class, _)| class);
        for (_, of_class) in stores {
            let places: u64 = of_class.iter().map(|&(_, places, _)| places).sum();
            if places * PLACE < self.part(SPARSE).max(LEAST) {
                continue;
            }
            let used = of_class.iter().map(|&(.., used)| used).sum();
            let mut owners: Vec<NodeIx> = of_class.iter().map(|&(owner, ..)| owner).collect();
            owners.sort_unstable();
            owners.dedup();
            self.add(Kind::Sparse, owners, Odd::Sparse { places, used })?;
        }
        Ok(())
    }

    /// The object of the program whose elements or properties the store has.
    fn owner(&self, store: NodeIx) -> Option<NodeIx> {
        let heap = self.heap;
        let owns = |&(edge, from): &(_, NodeIx)| {
            heap.node_type(from) == NodeType::OBJECT
                && matches!(&*heap.edge_name(edge), b"elements" | b"properties" | b"table")
        };
        heap.shown_retainers(store).find(owns).map(|(_, owner)| owner)
    }

    /// Texts and buffers.
    fn is_payload(&self, node: NodeIx) -> bool {
        match self.heap.node_type(node) {
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => true,
            NodeType::OBJECT => matches!(self.heap.class_name(node), b"ArrayBuffer" | b"SharedArrayBuffer"),
            _ => false,
        }
    }

    /// Whether a script was compiled from the text: that is the program itself.
    fn is_source(&self, text: NodeIx) -> bool {
        let heap = self.heap;
        heap.shown_retainers(text)
            .any(|(edge, from)| heap.node_type(from) == NodeType::CODE && matches!(&*heap.edge_name(edge), b"source"))
    }

    fn duplicated(&mut self) -> Result<()> {
        let heap = self.heap;
        let (mut texts, mut wasted, mut objects) = (0, 0u64, Vec::new());
        let mut most: Option<(u64, NodeIx, u64)> = None;
        for group in duplicates::groups(heap, self.meter)?.iter().filter(|group| !group.may_differ()) {
            self.meter.check()?;
            let new: Vec<NodeIx> = group.nodes.iter().copied().filter(|&node| (self.is_new)(node)).collect();
            let size: u64 = new.iter().map(|&node| heap.shallow_size(node)).sum();
            let own = if new.len() == group.nodes.len() { group.wasted() } else { size };
            if own == 0 {
                continue;
            }
            texts += 1;
            wasted = wasted.saturating_add(own);
            let times = group.nodes.len() as u64;
            if most.is_none_or(|(other, ..)| own > other) {
                most = Some((own, group.nodes[0], times));
            }
            objects.extend(new);
        }
        let Some((_, most, times)) = most.filter(|_| wasted >= self.part(DUPLICATED).max(LEAST)) else { return Ok(()) };
        let class = heap.classes().of(most);
        objects.retain(|&node| heap.classes().of(node) == class);
        objects.sort_unstable();
        self.add(Kind::Duplicated, objects, Odd::Duplicated { texts, wasted, most, times })
    }

    /// Scripts of one source, told apart by all that the file has of its text and by its size.
    fn recompiled(&mut self) -> Result<()> {
        let heap = self.heap;
        let mut sources: FxHashMap<Source, Vec<(NodeIx, NodeIx)>> = FxHashMap::default();
        for node in heap.nodes() {
            self.meter.check_at(node.ix())?;
            if heap.node_type(node) != NodeType::CODE || !(self.is_new)(node) {
                continue;
            }
            let is_source = |&edge: &_| {
                heap.edge_type(edge) == EdgeType::INTERNAL
                    && matches!(heap.node_type(heap.target(edge)), NodeType::STRING | NodeType::CONS_STRING)
                    && &*heap.edge_name(edge) == b"source"
            };
            let source = heap.columns().edges_of(node).find(is_source).map(|edge| heap.target(edge));
            if let Some(source) = source.filter(|&source| !heap.name(source).is_empty()) {
                // Texts that are whole are told apart by themselves, however the engine keeps them.
                let text = heap.name(source).into_owned();
                let size = if text.len() < duplicates::V8_LIMIT { 0 } else { heap.shallow_size(source) };
                let key = (text, size);
                sources.entry(key).or_default().push((node, source));
            }
        }
        let mut many: Vec<Vec<(NodeIx, NodeIx)>> =
            sources.into_values().filter(|scripts| scripts.len() >= MANY_SCRIPTS).collect();
        many.sort_by_key(|scripts| scripts[0]);
        for scripts in many {
            let size: u64 = scripts.iter().map(|&(script, _)| self.retained(script)).sum();
            if size >= self.part(RECOMPILED).max(LEAST / 4) {
                let nodes = scripts.iter().map(|&(script, _)| script).collect();
                self.add(Kind::Recompiled, nodes, Odd::Recompiled { source: scripts[0].1 })?;
            }
        }
        Ok(())
    }

    /// Windows of frames and tabs that are closed.
    fn windows(&mut self) -> Result<()> {
        let heap = self.heap;
        let is_window = |class: &ClassIx| {
            let of = naming::after_detached(heap.classes().name(*class));
            of.is_some_and(|of| of == b"Window" || of.starts_with(b"Window / "))
        };
        for class in heap.classes().iter().filter(is_window) {
            let windows = aggregates::members(heap, class, |node| (self.is_new)(node), self.meter)?;
            self.add(Kind::Window, windows, Odd::Window)?;
        }
        Ok(())
    }

    /// What scopes keep in variables that no living function can use.
    fn unused(&mut self) -> Result<()> {
        let heap = self.heap;
        for scope in closures::analyze(heap, self.meter)?.scopes {
            let mut variables: FxHashMap<Vec<u8>, Vec<NodeIx>> = FxHashMap::default();
            for field in scope.contexts.into_iter().flat_map(|context| context.fields) {
                variables.entry(field.name).or_default().push(field.value);
            }
            let mut variables: Vec<(Vec<u8>, Vec<NodeIx>)> = variables.into_iter().collect();
            variables.sort();
            for (variable, mut values) in variables {
                values.sort_unstable();
                values.dedup();
                values.retain(|&node| (self.is_new)(node));
                let size: u64 = values.iter().map(|&value| self.retained(value)).sum();
                let class = values.first().map(|&value| heap.classes().of(value));
                values.retain(|&value| Some(heap.classes().of(value)) == class);
                if size >= self.part(UNUSED).max(LEAST / 4) {
                    let function = scope.name.clone().unwrap_or_default();
                    self.add(Kind::Unused, values, Odd::Unused { variable, function })?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a reference takes a place of a store: all but that to its shape, which also one of numbers has.
fn is_place(heap: &Heap, edge: EdgeIx) -> bool {
    match heap.edge_type(edge) {
        EdgeType::INTERNAL => !heap.known().map.contains(heap.columns().edges.name(edge)),
        edge_type => matches!(edge_type, EdgeType::ELEMENT | EdgeType::HIDDEN | EdgeType::WEAK),
    }
}
