//! The rows of one level: who holds the objects of a set, or the holders of a row above. How they are found: `fill.rs`.

use std::sync::{Arc, OnceLock};

use super::link::Key;
use super::places::Places;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::Holding;

/// How holders are looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// The engine's own references, nothing passed over.
    pub engine: bool,
    /// The holding graph without what somebody ignores; that of the heap where nobody ignores anything.
    pub without: Option<Arc<Holding>>,
}

/// Who holds the objects of a level.
#[derive(Debug)]
pub(crate) struct HolderLevel {
    pub(super) heap: Arc<Heap>,
    pub(super) options: Options,
    pub(super) objects: Places,
    /// The level and the row of it whose holders these objects are; nothing for a set.
    pub(super) above: Option<(Arc<HolderLevel>, usize)>,
    pub(super) rows: Vec<HolderRow>,
    /// References from what stands above, or in the set, to objects of this level: level, place there, place here.
    pub(super) again: Vec<[u32; 3]>,
    /// Objects with more than one reason.
    pub(super) several: u64,
    /// Objects that no root reaches.
    pub(super) unreached: u64,
}

/// One link, and all objects of a kind that hold by it.
#[derive(Debug)]
pub(crate) struct HolderRow {
    pub key: Key,
    /// Ascending.
    pub holders: Vec<NodeIx>,
    /// Place of the holder in `holders`, place of what it holds in the level; ascending.
    pub(super) pairs: Vec<[u32; 2]>,
    /// Objects of the set for which a chain of reasons passes here.
    pub objects: u64,
    /// What those retain, none counted twice.
    pub retained: u64,
    /// The smallest distance of the holders.
    pub distance: i32,
    /// Whether all holders are closures of one function.
    pub one_function: bool,
    /// Objects of the set that would go with this row's references, once counted.
    pub(super) only: OnceLock<u64>,
}

impl HolderRow {
    /// How many objects of the set would go with this row's references, once that has been counted.
    pub(crate) fn only(&self) -> Option<u64> {
        self.only.get().copied()
    }
}

impl HolderLevel {
    pub(crate) fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    /// The rows, those with the most objects first; those that lead nowhere new last.
    pub(crate) fn rows(&self) -> &[HolderRow] {
        &self.rows
    }

    /// The objects of the level, in no order that means something.
    pub(crate) fn objects(&self) -> &[NodeIx] {
        self.objects.nodes()
    }

    /// One of the objects that a row holds directly, and its holder.
    pub(crate) fn sample(&self, row: usize) -> (NodeIx, NodeIx) {
        let row = &self.rows[row];
        let [holder, object] = row.pairs[0];
        (self.objects.nodes()[object as usize], row.holders[holder as usize])
    }

    /// The objects of the level that a row holds directly, each once.
    pub(crate) fn held(&self, row: usize) -> Vec<NodeIx> {
        let mut places: Vec<u32> = self.rows[row].pairs.iter().map(|&[_, object]| object).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| self.objects.nodes()[place as usize]).collect()
    }

    /// Objects of the level that have more than one reason.
    pub(crate) fn several(&self) -> u64 {
        self.several
    }

    /// Objects of the level that no root reaches.
    pub(crate) fn unreached(&self) -> u64 {
        self.unreached
    }

    /// What the objects of the level retain, none counted twice.
    pub(crate) fn retained(&self) -> u64 {
        let all: Vec<u32> = (0..self.objects.len() as u32).collect();
        self.objects.retained(&self.heap, &all).unwrap_or(0)
    }

    /// The level and the row of it whose holders these objects are.
    pub(super) fn above(&self) -> Option<(&HolderLevel, usize)> {
        self.above.as_ref().map(|(above, row)| (&**above, *row))
    }

    /// References from what stands above, or in the set, to objects of this level: level, place there, place here.
    pub(super) fn again(&self) -> &[[u32; 3]] {
        &self.again
    }

    /// The set that all of this is about.
    pub(crate) fn set(&self) -> &HolderLevel {
        self.levels().last().expect("a level has itself")
    }

    pub(super) fn holding(&self, meter: &Meter) -> Result<&Holding> {
        match &self.options.without {
            Some(without) => Ok(without),
            None => self.heap.holding(meter),
        }
    }

    /// This level, the one above, and so on up to the set.
    fn levels(&self) -> impl Iterator<Item = &HolderLevel> {
        std::iter::successors(Some(self), |level| level.above.as_ref().map(|(above, _)| &**above))
    }

    /// This level and those above with the number of each; the set is 0.
    pub(super) fn numbered(&self) -> Vec<&HolderLevel> {
        let mut levels: Vec<&HolderLevel> = self.levels().collect();
        levels.reverse();
        levels
    }

    /// The objects of this level and of those above. Looked at for every reason, so no hash table.
    pub(super) fn kept(&self) -> Bits {
        let mut kept = Bits::new(self.heap.node_count());
        for node in self.levels().flat_map(|level| level.objects.nodes()) {
            kept.insert(node.ix());
        }
        kept
    }
}
