//! The table behind a Map or Set of V8: which of its slots are keys, which are values.
//!
//! A table is an array: three numbers, then one slot a bucket, then the entries, each a key, a value (in Maps only) and
//! the number of the next entry. There are two entries a bucket. Numbers have no edges, so a slot without an edge is a
//! small integer; but how long the array is, its size tells, and from that follows how many buckets it has.
//!
//! Source: V8's objects/ordered-hash-table.h, `OrderedHashTable`, `kLoadFactor`.

use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::well_formed;
use crate::columns::EdgeType;
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

/// Numbers before the buckets.
const HEAD: u64 = 3;
const ENTRIES_PER_BUCKET: u64 = 2;
/// Bytes of the array before its slots, and of a slot: without and with compressed pointers.
const LAYOUTS: [(u64, u64); 2] = [(16, 8), (8, 4)];

/// What `edge`, a reference of `table`, leads to; nothing where the table is none that is understood.
pub(crate) fn slot(heap: &Heap, table: NodeIx, is_set: bool, edge: EdgeIx) -> Option<Slot> {
    let entry_length = if is_set { 2 } else { 3 };
    let first = first_entry(heap.columns().nodes.self_sizes.get(table.ix()), entry_length)?;
    let at = (slot_number(heap, edge)? as u64).checked_sub(first)?;
    match at % entry_length {
        0 => Some(Slot::Key),
        1 if !is_set => {
            let key = at + first - 1;
            let of_key = |&edge: &EdgeIx| slot_number(heap, edge).is_some_and(|number| number as u64 == key);
            Some(Slot::Value(heap.columns().edges_of(table).find(of_key)))
        }
        _ => None,
    }
}

/// Whether `edge`, a reference of `table`, leads to a key: [`slot`] without looking for the key of a value.
pub(crate) fn is_key(heap: &Heap, table: NodeIx, is_set: bool, edge: EdgeIx) -> Option<bool> {
    let entry_length = if is_set { 2 } else { 3 };
    let first = first_entry(heap.columns().nodes.self_sizes.get(table.ix()), entry_length)?;
    let at = (slot_number(heap, edge)? as u64).checked_sub(first)?;
    Some(at % entry_length == 0)
}

/// The slot of the first entry in a table of so many bytes.
fn first_entry(size: u64, entry_length: u64) -> Option<u64> {
    LAYOUTS.iter().find_map(|&(head, slot)| {
        let slots = size.checked_sub(head).filter(|rest| rest % slot == 0)? / slot;
        let (buckets, rest) = {
            let of_bucket = 1 + ENTRIES_PER_BUCKET * entry_length;
            let slots = slots.checked_sub(HEAD)?;
            (slots / of_bucket, slots % of_bucket)
        };
        (rest == 0 && buckets.is_power_of_two()).then_some(HEAD + buckets)
    })
}

/// The number of a slot of an internal array.
pub(crate) fn slot_number(heap: &Heap, edge: EdgeIx) -> Option<u32> {
    match heap.edge_type(edge) {
        EdgeType::HIDDEN | EdgeType::ELEMENT => Some(heap.columns().edges.name_or_index(edge)),
        EdgeType::INTERNAL => well_formed(&heap.edge_name(edge)).parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_entry_stands_behind_the_buckets() {
        // Two buckets: the smallest table of each kind, as Node 20 to 26 and Chromium 131 write them.
        assert_eq!(first_entry(16 + 8 * (3 + 2 + 4 * 3), 3), Some(5));
        assert_eq!(first_entry(16 + 8 * (3 + 2 + 4 * 2), 2), Some(5));
        assert_eq!(first_entry(8 + 4 * (3 + 2 + 4 * 3), 3), Some(5));
        assert_eq!(first_entry(16 + 8 * (3 + 64 + 128 * 3), 3), Some(67));
        assert_eq!(first_entry(16, 3), None);
        assert_eq!(first_entry(u64::MAX, 2), None);
    }
}
