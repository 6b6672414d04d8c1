//! Cut and recount: what would go of a set, and in all, without what somebody ignores, and what holds the rest.

use std::sync::Arc;

use super::set;
use crate::analysis::ignored::Ignored;
use crate::analysis::merged::{Freed, HolderLevel, Options, Without};
use crate::analysis::ways::Ways;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::Holding;
use crate::view::cell::Record;
use crate::view::tables::holders::Holders;
use crate::view::text;

/// What would go.
#[derive(Debug)]
pub(crate) struct Cut {
    /// Objects of the set, and how many of them would go.
    pub members: u64,
    pub gone: u64,
    /// All objects that would go, and their bytes.
    pub objects: u64,
    pub bytes: u64,
    pub lost: Arc<Bits>,
    /// Distances and the holding graph without what is ignored.
    pub ignored: Arc<Ignored>,
    pub holding: Arc<Holding>,
}

impl Cut {
    /// Recounts a heap without some objects and references, for a set of objects.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(heap: &Heap, without: &Without, set: &[NodeIx], meter: &Meter) -> Result<Cut> {
        let Without { nodes, edges } = without;
        let whole = heap.holding(meter)?;
        let Freed { lost, members: gone, objects, bytes } = without.frees(heap, set, meter)?;
        let mut bits = Bits::new(heap.node_count());
        for node in heap.nodes().filter(|&node| lost.has(whole, node)) {
            bits.insert(node.ix());
        }
        let ignored = Arc::new(Ignored::compute(heap, nodes, edges, meter)?);
        let holding = Arc::new(whole.without(heap.ground(), ignored.cut().clone(), meter)?);
        Ok(Cut { members: set.len() as u64, gone, objects, bytes, lost: Arc::new(bits), ignored, holding })
    }

    /// What holds the objects of the set that would stay, in words; nothing where none would.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn rest(&self, heap: &Arc<Heap>, set: &[NodeIx], meter: &Meter) -> Result<Option<String>> {
        if self.gone == self.members {
            return Ok(None);
        }
        let rest: Vec<NodeIx> = set.iter().copied().filter(|node| !self.lost.contains(node.ix())).collect();
        let options = Options { engine: false, without: Some(self.holding.clone()) };
        let level = Arc::new(HolderLevel::of_set(heap.clone(), rest, options, meter)?);
        let rows = Holders::of(level.clone());
        let ways = Ways { heap, ignored: Some(&self.ignored) };
        Ok(Some(set::sentence(ways, &level, &*rows.table, meter)?.to_string()))
    }

    /// `without this 3,998 of 4,000 go: 12,345 objects, 7.4 MB in all`
    pub(crate) fn said(&self) -> String {
        let all = format!("{}, {} in all", text::objects(self.objects), text::bytes(self.bytes));
        match (self.gone, self.members) {
            (0, 1) => format!("without this it stays; {}, {} go", text::objects(self.objects), text::bytes(self.bytes)),
            (1, 1) => format!("without this it goes: {all}"),
            (gone, members) => {
                format!("without this {} of {} go: {all}", text::count(gone), text::count(members))
            }
        }
    }

    pub(crate) fn text(&self, rest: &Option<String>) -> String {
        match rest {
            Some(rest) => format!("{}\nThe rest: {rest}", self.said()),
            None => self.said(),
        }
    }

    pub(crate) fn record(&self, rest: &Option<String>) -> Record {
        let mut record = Record::new();
        record.insert("set".into(), self.members.into());
        record.insert("gone".into(), self.gone.into());
        record.insert("rest".into(), (self.members - self.gone).into());
        record.insert("objects".into(), self.objects.into());
        record.insert("bytes".into(), self.bytes.into());
        record.insert("text".into(), self.said().into());
        record.insert("restText".into(), rest.clone().into());
        record
    }
}
