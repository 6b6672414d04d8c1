//! What somebody ignores: objects, references of objects, references by the words for them; and what would go without it.

use rustc_hash::FxHashSet;

use super::cut::References;
use super::link::Reference;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::Lost;

/// What would go.
#[derive(Debug)]
pub(crate) struct Freed {
    pub lost: Lost,
    /// Objects of the set.
    pub members: u64,
    /// All objects.
    pub objects: u64,
    /// The sum of their shallow sizes.
    pub bytes: u64,
}

/// Objects with all their references, and single references.
#[derive(Debug, Clone, Default)]
pub(crate) struct Without {
    pub nodes: Vec<NodeIx>,
    pub edges: Vec<EdgeIx>,
}

impl Without {
    /// What a word names: `@ID`, `EDGE in CLASS` (all references of that name of all objects of the class; `*` for any
    /// name or any class), or `CLASS` for all its objects. Words of merged retainers do as well: of
    /// `entry of sessions in Store` it is `sessions` that counts.
    ///
    /// # Errors
    /// `Error::Unknown` where nothing is named so, `Error::Cancelled` once the meter says stop.
    pub(crate) fn parse(heap: &Heap, word: &str, meter: &Meter) -> Result<Without> {
        let word = word.trim();
        if let Some(id) = word.strip_prefix('@').and_then(|id| id.parse().ok()) {
            return Ok(Without { nodes: vec![heap.require_id(id)?], edges: Vec::new() });
        }
        let Some((edge, class)) = word.rsplit_once(" in ") else {
            return Ok(Without { nodes: of_class(heap, word, meter)?, edges: Vec::new() });
        };
        let holders = of_class(heap, class.trim(), meter)?;
        let mut references = References::new(heap, heap.holding(meter)?, false);
        let wanted = Wanted::of(edge.trim());
        for (index, &holder) in holders.iter().enumerate() {
            meter.check_at(index)?;
            for edge in heap.columns().edges_of(holder).filter(|&edge| wanted.is(heap, edge)) {
                references.add_with_copies(holder, edge);
            }
        }
        match references.into_edges() {
            edges if edges.is_empty() => {
                Err(Error::Unknown(format!("no {} has a reference {}", class.trim(), edge.trim())))
            }
            edges => Ok(Without { nodes: Vec::new(), edges }),
        }
    }

    /// What would go of a set, and in all, without these objects and references.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn frees(&self, heap: &Heap, set: &[NodeIx], meter: &Meter) -> Result<Freed> {
        let holding = heap.holding(meter)?;
        let lost = holding.lost(heap.ground(), &self.nodes, &self.edges, meter)?;
        let members = set.iter().filter(|&&node| lost.has(holding, node)).count() as u64;
        let (mut objects, mut bytes) = (0, 0u64);
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if lost.has(holding, node) {
                let size = heap.shallow_size(node);
                // As everywhere, what has no shallow size is no object.
                objects += (size > 0) as u64;
                bytes = bytes.saturating_add(size);
            }
        }
        Ok(Freed { lost, members, objects, bytes })
    }

    /// Everything that is in one of the two.
    pub(crate) fn add(&mut self, other: &Without) {
        self.nodes.extend(&other.nodes);
        self.edges.extend(&other.edges);
    }
}

/// The objects of the classes with a name; `*` for all.
fn of_class(heap: &Heap, name: &str, meter: &Meter) -> Result<Vec<NodeIx>> {
    if name == "*" {
        return Ok(heap.nodes().collect());
    }
    let classes = heap.classes();
    let wanted: FxHashSet<_> = classes.iter().filter(|&class| well_formed(classes.name(class)) == name).collect();
    if wanted.is_empty() {
        return Err(Error::Unknown(format!(
            "no class is named {name}: what is left out is `@ID`, `EDGE in CLASS`, or CLASS"
        )));
    }
    // Those without a size too, which tables leave out: they hold like any others.
    let mut nodes = Vec::new();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        if wanted.contains(&classes.of(node)) {
            nodes.push(node);
        }
    }
    Ok(nodes)
}

/// Which references a word speaks of.
enum Wanted<'a> {
    Any,
    Elements,
    Named(&'a str),
}

impl Wanted<'_> {
    fn of(word: &str) -> Wanted<'_> {
        let word = word.rsplit_once(" of ").map_or(word, |(_, outer)| outer);
        match word.strip_prefix("variable ").unwrap_or(word) {
            "*" | "{…}" => Wanted::Any,
            "[…]" | "[]" | "[*]" | "[...]" => Wanted::Elements,
            name => Wanted::Named(name),
        }
    }

    fn is(&self, heap: &Heap, edge: EdgeIx) -> bool {
        match self {
            Wanted::Any => true,
            Wanted::Elements => {
                Reference::of(heap, edge) == Reference::Element || *heap.edge_name(edge) == *b"elements"
            }
            Wanted::Named(name) => {
                let own = heap.edge_name(edge);
                *own == *name.as_bytes()
                    || name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).is_some_and(|index| {
                        Reference::of(heap, edge) == Reference::Element && *own == *index.as_bytes()
                    })
            }
        }
    }
}
