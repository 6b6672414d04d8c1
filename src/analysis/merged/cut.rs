//! Which references a row stands for, and what of the set would go without them.

use super::fold::Folder;
use super::level::HolderLevel;
use super::link::{Key, Reference};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::Holding;

impl HolderLevel {
    /// All references of a row's link from its holders.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn references(&self, row: usize, meter: &Meter) -> Result<Vec<EdgeIx>> {
        let row = &self.rows()[row];
        let mut references = References::new(&self.heap, self.holding(meter)?, self.options.engine);
        for (index, &holder) in row.holders.iter().enumerate() {
            meter.check_at(index)?;
            references.add(row.key, holder);
        }
        Ok(references.into_edges())
    }

    /// How many objects of the set no root would reach without exactly this row's references: counted when first asked.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn count_only(&self, row: usize, meter: &Meter) -> Result<u64> {
        if let Some(&known) = self.rows()[row].only.get() {
            return Ok(known);
        }
        let edges = self.references(row, meter)?;
        let holding = self.holding(meter)?;
        if self.is_held_elsewhere(holding, &edges) {
            return Ok(*self.rows()[row].only.get_or_init(|| 0));
        }
        let lost = holding.lost(self.heap.ground(), &[], &edges, meter)?;
        let count = self.set().objects().iter().filter(|&&node| lost.has(holding, node)).count() as u64;
        Ok(*self.rows()[row].only.get_or_init(|| count))
    }
}

impl HolderLevel {
    /// Whether all of some references lead to one object that lives without them: then nothing goes, and nothing has to
    /// be walked. Of many rows each holds one object that others hold too.
    fn is_held_elsewhere(&self, holding: &Holding, edges: &[EdgeIx]) -> bool {
        let (Some(&first), Some(retainers)) = (edges.first(), self.heap.retainers()) else { return false };
        let target = self.heap.target(first);
        let (ground, links) = (self.heap.ground(), self.heap.columns().links());
        let is_plain = |&edge: &EdgeIx| !holding.is_of_entry(ground, &links, edge);
        edges.iter().all(|edge| self.heap.target(*edge) == target && is_plain(edge))
            && retainers.edges(target).any(|edge| {
                edges.binary_search(&edge).is_err()
                    && holding.is_plain_reason(ground, &links, self.heap.source(edge), edge)
            })
    }
}

/// Collects references of holders, with those that engines write beside them.
pub(super) struct References<'a> {
    heap: &'a Heap,
    engine: bool,
    folder: Folder<'a>,
    found: Vec<EdgeIx>,
}

impl<'a> References<'a> {
    pub(super) fn new(heap: &'a Heap, holding: &'a Holding, engine: bool) -> References<'a> {
        let folder = Folder::new(heap, holding, engine, None);
        References { heap, engine, folder, found: Vec::new() }
    }

    /// Each once, ascending.
    pub(super) fn into_edges(mut self) -> Vec<EdgeIx> {
        self.found.sort_unstable();
        self.found.dedup();
        self.found
    }

    pub(super) fn add_with_copies(&mut self, holder: NodeIx, edge: EdgeIx) {
        self.found.push(edge);
        if Reference::of(self.heap, edge).is_place() {
            self.add_copies(holder, edge);
        }
    }

    fn add(&mut self, key: Key, holder: NodeIx) {
        let wanted = key.link.outer();
        for edge in self.heap.columns().edges_of(holder) {
            if !self.is_of(wanted, holder, edge) {
                continue;
            }
            match self.engine {
                true => self.found.push(edge),
                false => self.add_with_copies(holder, edge),
            }
        }
    }

    fn is_of(&mut self, wanted: Reference, holder: NodeIx, edge: EdgeIx) -> bool {
        let own = Reference::of(self.heap, edge);
        if self.engine {
            return own == wanted;
        }
        let is_slot = !own.is_of_program() && *self.heap.edge_name(edge) != *b"map";
        match wanted {
            Reference::Variable(_) => self.folder.variable(holder, edge).map(Reference::Variable) == Some(wanted),
            Reference::Element => own == wanted || is_slot && *self.heap.edge_name(edge) == *b"elements",
            Reference::Entry | Reference::Key => is_slot,
            Reference::Any => {
                is_slot
                    || own == Reference::Element
                    || matches!(own, Reference::Property(_)) && *self.heap.edge_name(edge) != *b"__proto__"
            }
            _ => own == wanted,
        }
    }

    /// References that engines write beside one that the program has, to the same object from the same holder.
    fn add_copies(&mut self, holder: NodeIx, edge: EdgeIx) {
        let target = self.heap.target(edge);
        let Some(retainers) = self.heap.retainers() else { return };
        for other in retainers.edges(target) {
            if other != edge && self.heap.edge_type(other) != EdgeType::WEAK && self.folder.is_copy(other, holder) {
                self.found.push(other);
            }
        }
    }
}
