//! The reasons of one object, as its program sees them: what only the engine works with is passed over.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::link::{Link, Reference, is_root};
use crate::analysis::hash_table;
use crate::analysis::holders;
use crate::analysis::scope_owner;
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::columns::{EdgeType, Links, NodeType};
use crate::heap::Heap;
use crate::index::{Holding, naming};

/// Plumbing that so many others share stands for itself.
const MOST_HOLDERS: usize = 32;
/// So much plumbing is passed over in one row where several stand behind it.
const MOST_PASSED: usize = 512;
/// The same where one does: entries of a table may be linked to each other.
const MOST_LINKED: usize = 1 << 20;
/// After so many of a kind in a row behind each of which too much stands, the rest of the kind stands for itself too.
/// Engines written in C++ have graphs of their own in which everything leads to everything.
const MOST_IN_VAIN: u32 = 32;
/// Collections with more references to them than this are not looked at: something else than one place holds them.
const MOST_PLACES: usize = 64;

/// Finds reasons, and remembers what it has learnt of plumbing and of collections.
pub(super) struct Folder<'a> {
    pub heap: &'a Heap,
    pub holding: &'a Holding,
    /// Whether the engine's own rows are wanted: nothing is passed over.
    engine: bool,
    /// Objects that are never folded away: those of the set, and the rows above.
    kept: Option<&'a Bits>,
    links: Links<'a>,
    /// By type and name.
    plumbing: FxHashMap<(NodeType, StrIx), bool>,
    behind: FxHashMap<u32, Rc<[Behind]>>,
    /// How many in a row of a kind stand for themselves.
    in_vain: FxHashMap<(NodeType, StrIx), u32>,
    places: FxHashMap<u32, Option<(Reference, NodeIx)>>,
}

/// What stands behind plumbing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Behind {
    slot: Slot,
    holder: NodeIx,
}

impl Behind {
    /// Plumbing behind which nobody stands.
    fn itself(plumbing: NodeIx) -> Behind {
        Behind { slot: Slot::Itself, holder: plumbing }
    }

    /// The same for plumbing before this one: which slots of a table are keys, only the table itself knows.
    fn seen_from_afar(self) -> Behind {
        match self.slot {
            Slot::Table { .. } => Behind { slot: Slot::Other(Reference::Entry), ..self },
            _ => self,
        }
    }
}

fn add(found: &mut Vec<Behind>, behind: Behind) {
    if !found.contains(&behind) {
        found.push(behind);
    }
}

/// What plumbing is to who stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The table of a collection.
    Table {
        is_set: bool,
    },
    Other(Reference),
    /// Nobody: it stands for itself.
    Itself,
}

impl<'a> Folder<'a> {
    pub(super) fn new(heap: &'a Heap, holding: &'a Holding, engine: bool, kept: Option<&'a Bits>) -> Folder<'a> {
        let links = heap.columns().links();
        let (plumbing, behind, in_vain, places) = Default::default();
        Folder { heap, holding, engine, kept, links, plumbing, behind, in_vain, places }
    }

    /// Hands over how `edge`, which leaves `from`, is a reason for its target: by which link of whom. Nothing where it
    /// is none.
    pub(super) fn reasons(&mut self, from: NodeIx, edge: EdgeIx, mut take: impl FnMut(Link, NodeIx)) {
        if !self.is_reason(from, edge) {
            return;
        }
        let target = self.links.target(edge);
        if let Some(reference) = self.direct(from, edge) {
            let (link, holder) = self.with_place(reference, from);
            return take(link, holder);
        }
        for &Behind { slot, holder } in &*self.behind(from) {
            // A way that leads back to the object holds nothing.
            if slot != Slot::Itself && self.holding.dominates(target, holder) {
                continue;
            }
            let reference = match slot {
                Slot::Itself => return take(Link::of(Reference::of(self.heap, edge)), from),
                Slot::Table { is_set } => match hash_table::is_key(self.heap, from, edge) {
                    Some(true) if !is_set => Reference::Key,
                    _ => Reference::Entry,
                },
                Slot::Other(Reference::Entry) if self.is_hermes_key(from, edge, holder) => Reference::Key,
                Slot::Other(reference) => reference,
            };
            let (link, holder) = self.with_place(reference, holder);
            take(link, holder);
        }
    }

    #[inline(always)]
    fn is_kept(&self, node: NodeIx) -> bool {
        self.kept.is_some_and(|kept| kept.contains(node.ix()))
    }

    #[inline(always)]
    fn is_reason(&self, from: NodeIx, edge: EdgeIx) -> bool {
        self.holding.is_reason(self.heap.ground(), &self.links, from, edge)
    }

    /// What the edge is to its program; nothing where only the engine works with who has it.
    fn direct(&mut self, from: NodeIx, edge: EdgeIx) -> Option<Reference> {
        if self.engine || is_root(self.heap, from) {
            return Some(Reference::of(self.heap, edge));
        }
        if let Some(name) = self.variable(from, edge) {
            return Some(Reference::Variable(name));
        }
        (!self.is_plumbing(from) || self.is_kept(from)).then(|| Reference::of(self.heap, edge))
    }

    /// The name of the variable that the edge is.
    pub(super) fn variable(&mut self, from: NodeIx, edge: EdgeIx) -> Option<StrIx> {
        let (heap, links) = (self.heap, self.links);
        match links.edge_type(edge) {
            EdgeType::CONTEXT => Some(links.name(edge)),
            EdgeType::INTERNAL if heap.producer().is_hermes() && holders::is_variable(heap, edge, from) => {
                Some(links.name(edge))
            }
            EdgeType::HIDDEN if self.is_plumbing(from) && naming::is_context(&heap.raw_name(from)) => {
                let name = scope_owner::variable_name(heap, from, links.name_or_index(edge))?;
                Some(heap.columns().nodes.name(name))
            }
            _ => None,
        }
    }

    fn is_plumbing(&mut self, node: NodeIx) -> bool {
        let heap = self.heap;
        let node_type = heap.node_type(node);
        // Texts in two halves and pieces of texts are texts to their program.
        if matches!(node_type, NodeType::CONS_STRING | NodeType::SLICED_STRING) {
            return true;
        }
        let kind = self.kind(node);
        *self.plumbing.entry(kind).or_insert_with(|| holders::is_plumbing(heap, node))
    }

    /// Who stands behind plumbing, each once.
    fn behind(&mut self, plumbing: NodeIx) -> Rc<[Behind]> {
        if let Some(known) = self.behind.get(&plumbing.0) {
            return known.clone();
        }
        let kind = self.kind(plumbing);
        let in_vain = *self.in_vain.get(&kind).unwrap_or(&0);
        let itself = Behind::itself(plumbing);
        let found: Rc<[Behind]> = match in_vain < MOST_IN_VAIN {
            true => self.find_behind(plumbing).into(),
            false => [itself].into(),
        };
        self.in_vain.insert(kind, if found[..] == [itself] { in_vain + 1 } else { 0 });
        self.behind.insert(plumbing.0, found.clone());
        found
    }

    fn kind(&self, node: NodeIx) -> (NodeType, StrIx) {
        (self.heap.node_type(node), self.heap.columns().nodes.name(node))
    }

    fn find_behind(&mut self, plumbing: NodeIx) -> Vec<Behind> {
        let itself = vec![Behind::itself(plumbing)];
        let heap = self.heap;
        let Some(retainers) = heap.retainers() else { return itself };
        if self.is_kept(plumbing) {
            return itself;
        }
        let mut found: Vec<Behind> = Vec::new();
        // Each with the plumbing that it stands behind.
        let mut passed = FxHashMap::from_iter([(plumbing, plumbing)]);
        // Plumbing that a holder refers to itself: what it is to that holder may differ.
        let mut near = FxHashSet::default();
        // Plumbing that this one stands behind.
        let mut before: Vec<NodeIx> = Vec::new();
        let mut open = vec![plumbing];
        while let Some(at) = open.pop() {
            for edge in retainers.edges(at) {
                let from = heap.source(edge);
                if !self.is_reason(from, edge) {
                    continue;
                }
                let is_itself = |behind: &Rc<[Behind]>| behind.iter().any(|behind| behind.slot == Slot::Itself);
                let mut is_too_much = false;
                match self.direct(from, edge) {
                    Some(reference) => {
                        near.insert(at);
                        add(&mut found, Behind { slot: self.slot(reference, from, at == plumbing), holder: from });
                    }
                    None if from == plumbing => before.push(at),
                    None if passed.contains_key(&from) => {}
                    None => {
                        passed.insert(from, at);
                        match self.behind.get(&from.0) {
                            // What is too much for it is too much for this one.
                            Some(behind) if is_itself(behind) => is_too_much = true,
                            Some(behind) => behind.iter().for_each(|behind| add(&mut found, behind.seen_from_afar())),
                            None => open.push(from),
                        }
                    }
                }
                let most = if found.len() > 1 { MOST_PASSED } else { MOST_LINKED };
                if is_too_much || found.len() > MOST_HOLDERS || passed.len() > most {
                    self.share(plumbing, &before, &passed);
                    return itself;
                }
            }
        }
        if let &[behind] = &found[..] {
            // Whatever was passed on the way leads there too.
            let same: Rc<[Behind]> = [behind.seen_from_afar()].into();
            for at in passed.into_keys().filter(|at| !near.contains(at) && *at != plumbing) {
                self.behind.entry(at.0).or_insert_with(|| same.clone());
            }
        }
        found
    }

    /// What was too much for some plumbing is too much for whatever leads to it: for each of `before`, which it stands
    /// behind, and for all on the way there. Where everything leads to everything, few are searched for so.
    fn share(&mut self, plumbing: NodeIx, before: &[NodeIx], passed: &FxHashMap<NodeIx, NodeIx>) {
        for &(mut at) in before {
            while at != plumbing && !self.behind.contains_key(&at.0) {
                self.behind.insert(at.0, [Behind::itself(at)].into());
                at = passed[&at];
            }
        }
    }

    /// What plumbing is to `holder`, which refers to it.
    fn slot(&self, reference: Reference, holder: NodeIx, is_first: bool) -> Slot {
        let Reference::Internal(name) = reference else { return Slot::Other(reference) };
        let heap = self.heap;
        let class = heap.class_name(holder);
        let is_set = class.ends_with(b"Set");
        match heap.columns().strings.get(name).as_ref() {
            b"table" if is_first && (is_set || class.ends_with(b"Map")) => Slot::Table { is_set },
            b"elements" => Slot::Other(Reference::Element),
            _ if is_set || class.ends_with(b"Map") => Slot::Other(Reference::Entry),
            _ => Slot::Other(reference),
        }
    }

    /// Whether the edge is the key's in an entry of Hermes, which writes an object for each.
    fn is_hermes_key(&self, entry: NodeIx, edge: EdgeIx, collection: NodeIx) -> bool {
        let heap = self.heap;
        heap.producer().is_hermes()
            && *heap.raw_name(entry) == *b"HashMapEntry"
            && *heap.edge_name(edge) == *b"key"
            && !heap.class_name(collection).ends_with(b"Set")
    }

    /// The link with the place of the collection, where only one property or variable holds that.
    pub(super) fn with_place(&mut self, reference: Reference, holder: NodeIx) -> (Link, NodeIx) {
        if !reference.is_of_collection() || self.engine || is_root(self.heap, holder) || self.is_kept(holder) {
            return (Link::of(reference), holder);
        }
        match self.place(holder) {
            Some((outer, of)) => (Link { reference, inside: Some((outer, self.heap.classes().of(holder))) }, of),
            None => (Link::of(reference), holder),
        }
    }

    /// Whether what `edge` leads to is held by nobody but `holder` behind the plumbing that it leaves.
    pub(super) fn is_copy(&mut self, edge: EdgeIx, holder: NodeIx) -> bool {
        let from = self.heap.source(edge);
        let is_slot = |behind: &Behind| matches!(behind.slot, Slot::Other(reference) if !reference.is_of_program());
        if from == holder {
            return !Reference::of(self.heap, edge).is_of_program();
        }
        self.is_plumbing(from)
            && self.is_reason(from, edge)
            && self.behind(from).iter().all(|behind| behind.holder == holder && is_slot(behind))
    }

    /// The property or variable that alone holds an object, with whose it is.
    fn place(&mut self, node: NodeIx) -> Option<(Reference, NodeIx)> {
        if let Some(&known) = self.places.get(&node.0) {
            return known;
        }
        let found = self.find_place(node);
        self.places.insert(node.0, found);
        found
    }

    fn find_place(&mut self, node: NodeIx) -> Option<(Reference, NodeIx)> {
        let heap = self.heap;
        let retainers = heap.retainers().filter(|retainers| retainers.count(node) <= MOST_PLACES)?;
        let mut holder: Option<NodeIx> = None;
        let mut places: Vec<Reference> = Vec::new();
        for edge in retainers.edges(node) {
            let from = heap.source(edge);
            if !self.is_reason(from, edge) {
                continue;
            }
            let found: Vec<(Reference, NodeIx)> = match self.direct(from, edge) {
                Some(reference) => vec![(reference, from)],
                None => self
                    .behind(from)
                    .iter()
                    .filter(|behind| behind.slot == Slot::Itself || !self.holding.dominates(node, behind.holder))
                    .map(|behind| match behind.slot {
                        Slot::Other(reference) => (reference, behind.holder),
                        Slot::Table { .. } => (Reference::Entry, behind.holder),
                        Slot::Itself => (Reference::Slot, behind.holder),
                    })
                    .collect(),
            };
            for (reference, from) in found {
                if *holder.get_or_insert(from) != from {
                    return None;
                }
                if reference.is_of_program() && !places.contains(&reference) {
                    places.push(reference);
                }
            }
        }
        match (holder, &places[..]) {
            (Some(holder), &[place]) if place.is_place() && !is_root(heap, holder) => Some((place, holder)),
            _ => None,
        }
    }
}
