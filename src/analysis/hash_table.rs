//! The tables behind the Maps, Sets, WeakMaps and WeakSets of V8: which of their slots are keys, which are values.
//!
//! A table is an array. That of a Map or Set has three numbers, then one slot a bucket, then the entries in the order in
//! which they came, each a key, a value (in Maps only) and the number of the next entry; there are two entries a bucket.
//! That of a WeakMap or WeakSet has three numbers, then keys and values wherever their hashes put them. Numbers have no
//! edges, so a slot without an edge is a small integer (or, in these tables, a boolean or nothing), deleted or unused;
//! but how long the array is, its size tells, and that is different for each kind of table.
//!
//! Source: V8's objects/ordered-hash-table.h, `OrderedHashTable`, `kLoadFactor`; objects/hash-table.h, `HashTable`.

use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;

/// What an edge of a table leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The key of an entry.
    Key,
    /// The value of an entry, and the reference to its key: none where the key is a small integer, which the file
    /// does not hold.
    Value(Option<EdgeIx>),
}

/// Whose table it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    Map,
    Set,
    /// Of a WeakMap or WeakSet.
    Weak,
}

/// Where entries stand in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub kind: TableKind,
    /// The slot of the first entry.
    first: u64,
    /// Slots of an entry.
    length: u64,
    /// Entries that it has room for.
    pub room: u64,
}

/// An entry that shows at least one of its halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its number in the table: in the order of insertion, but for weak tables.
    pub place: u64,
    pub key: Option<EdgeIx>,
    pub value: Option<EdgeIx>,
}

/// Numbers before the buckets, or before the entries of weak tables.
const HEAD: u64 = 3;
const ENTRIES_PER_BUCKET: u64 = 2;
/// Bytes of the array before its slots, and of a slot: without and with compressed pointers.
const LAYOUTS: [(u64, u64); 2] = [(16, 8), (8, 4)];

impl Layout {
    /// The only layout that a table of so many bytes can have, if it can be one.
    pub(crate) fn of_size(size: u64) -> Option<Layout> {
        LAYOUTS.iter().find_map(|&(head, slot)| {
            let slots = size.checked_sub(head).filter(|rest| rest % slot == 0)? / slot;
            let slots = slots.checked_sub(HEAD)?;
            let ordered = |(kind, length): (TableKind, u64)| {
                let of_bucket = 1 + ENTRIES_PER_BUCKET * length;
                let buckets = slots / of_bucket;
                let fits = slots % of_bucket == 0 && buckets.is_power_of_two();
                fits.then(|| Layout { kind, first: HEAD + buckets, length, room: buckets * ENTRIES_PER_BUCKET })
            };
            let weak = || {
                let fits = slots % 2 == 0 && (slots / 2).is_power_of_two();
                fits.then_some(Layout { kind: TableKind::Weak, first: HEAD, length: 2, room: slots / 2 })
            };
            [(TableKind::Map, 3), (TableKind::Set, 2)].into_iter().find_map(ordered).or_else(weak)
        })
    }

    pub(crate) fn of(heap: &Heap, table: NodeIx) -> Option<Layout> {
        Layout::of_size(heap.columns().nodes.self_sizes.get(table.ix()))
    }

    /// The number of the entry that a slot belongs to, and its place in that.
    fn at(self, slot: u32) -> Option<(u64, u64)> {
        let at = u64::from(slot).checked_sub(self.first)?;
        Some((at / self.length, at % self.length))
    }

    /// The edges that lead to keys and values.
    fn edge_type(self) -> EdgeType {
        if self.kind == TableKind::Weak { EdgeType::WEAK } else { EdgeType::INTERNAL }
    }
}

/// What `edge`, a reference of the table of a Map or Set, leads to; nothing where the table is none that is understood.
pub(crate) fn slot(heap: &Heap, table: NodeIx, edge: EdgeIx) -> Option<Slot> {
    let layout = Layout::of(heap, table).filter(|layout| layout.kind != TableKind::Weak)?;
    let slot = slot_number(heap, edge)?;
    match layout.at(slot)?.1 {
        0 => Some(Slot::Key),
        1 if layout.kind == TableKind::Map => {
            let of_key = |&edge: &EdgeIx| slot_number(heap, edge) == Some(slot - 1);
            Some(Slot::Value(heap.columns().edges_of(table).find(of_key)))
        }
        _ => None,
    }
}

/// Whether `edge`, a reference of `table`, leads to a key: [`slot`] without looking for the key of a value.
pub(crate) fn is_key(heap: &Heap, table: NodeIx, edge: EdgeIx) -> Option<bool> {
    let layout = Layout::of(heap, table).filter(|layout| layout.kind != TableKind::Weak)?;
    let (_, half) = layout.at(slot_number(heap, edge)?)?;
    Some(half == 0)
}

/// A table of a heap with its layout.
#[derive(Clone, Copy)]
pub(crate) struct HashTable<'a> {
    heap: &'a Heap,
    pub node: NodeIx,
    pub layout: Layout,
}

impl<'a> HashTable<'a> {
    /// Nothing for what can be no such table.
    pub(crate) fn of(heap: &'a Heap, node: NodeIx) -> Option<HashTable<'a>> {
        Layout::of(heap, node).map(|layout| HashTable { heap, node, layout })
    }

    pub(crate) fn is_weak(self) -> bool {
        self.layout.kind == TableKind::Weak
    }

    /// The entries by their places, at most `most` of them.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn entries(self, most: usize, meter: &Meter) -> Result<Vec<Entry>> {
        let HashTable { heap, node, layout } = self;
        let mut slots: Vec<((u64, u64), EdgeIx)> = Vec::new();
        for (count, edge) in heap.columns().edges_of(node).enumerate() {
            meter.check_at(count)?;
            let at = (heap.edge_type(edge) == layout.edge_type()).then(|| slot_number(heap, edge)).flatten();
            if let Some(at @ (_, 0 | 1)) = at.and_then(|slot| layout.at(slot))
                && !(layout.kind == TableKind::Set && at.1 == 1)
            {
                slots.push((at, edge));
                // One more: the halves of an entry stand side by side.
                if slots.len() > most.saturating_mul(2) {
                    break;
                }
            }
        }
        // V8 writes them in this order already.
        slots.sort_unstable();
        let mut entries: Vec<Entry> = Vec::new();
        for ((place, half), edge) in slots {
            if entries.last().is_none_or(|last| last.place != place) {
                entries.push(Entry { place, key: None, value: None });
            }
            let last = entries.last_mut().expect("one has just been pushed");
            let half = if half == 0 { &mut last.key } else { &mut last.value };
            half.get_or_insert(edge);
        }
        entries.truncate(most);
        Ok(entries)
    }
}

/// The number of a slot of an internal array.
pub(crate) fn slot_number(heap: &Heap, edge: EdgeIx) -> Option<u32> {
    match heap.edge_type(edge) {
        EdgeType::HIDDEN | EdgeType::ELEMENT => Some(heap.columns().edges.name_or_index(edge)),
        EdgeType::INTERNAL | EdgeType::WEAK => well_formed(&heap.edge_name(edge)).parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    const fn map(buckets: u64) -> u64 {
        HEAD + buckets + 2 * buckets * 3
    }

    #[test]
    fn the_size_of_a_table_tells_whose_it_is() {
        let of = |size| Layout::of_size(size).map(|layout| (layout.kind, layout.first, layout.room));
        // Two buckets: the smallest table of each kind, as Node 12 to 26 and Chromium 131 write them.
        assert_eq!(of(16 + 8 * map(2)), Some((TableKind::Map, 5, 4)));
        assert_eq!(of(16 + 8 * (3 + 2 + 4 * 2)), Some((TableKind::Set, 5, 4)));
        assert_eq!(of(16 + 8 * (3 + 4 * 2)), Some((TableKind::Weak, 3, 4)));
        assert_eq!(of(8 + 4 * map(2)), Some((TableKind::Map, 5, 4)));
        assert_eq!(of(16 + 8 * map(64)), Some((TableKind::Map, 67, 128)));
        assert_eq!((of(16), of(u64::MAX)), (None, None));
        // No size fits two of them.
        let sizes = |slots: u64| [16 + 8 * slots, 8 + 4 * slots];
        let all: Vec<u64> = (0..50)
            .map(|power| 1 << power)
            .flat_map(|n: u64| [map(n), 3 + n + 2 * n * 2, 3 + 2 * n])
            .flat_map(sizes)
            .collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
    }

    #[test]
    fn entries_stand_in_the_order_of_their_slots_and_halves_may_be_missing() {
        // Slots 5 and 6, 8 and 9, 11 and 12, 14 and 15.
        let graph = Graph::new(&format!(
            "r -t-> t:array[{}]; t =12=> c; t =5=> a; t =9=> b; t =map=> m; t =7=> no; t =6=> v; t =3=> bucket",
            16 + 8 * map(2)
        ));
        let table = graph.node("t");
        let table = HashTable::of(&graph.heap, table).expect("a table of a Map");
        let of = |most| {
            let found = table.entries(most, &Meter::default()).expect("nobody cancels");
            let name = |edge: Option<EdgeIx>| edge.map_or("-", |edge| graph.name(graph.heap.target(edge)));
            found
                .iter()
                .map(|each| format!("{} {} {}", each.place, name(each.key), name(each.value)))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(usize::MAX), ["0 a v", "1 - b", "2 - c"]);
        assert_eq!(of(1).len(), 1);
    }
}
