//! DevTools' odd orders of references: what no column alone tells.
//!
//! Sources: HeapSnapshot.ts, `HeapSnapshotEdgesProvider.sort`; HeapSnapshotGridNodes.ts, the `comparator` methods.

use std::cmp::Ordering;

use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::compare_utf16;
use crate::heap::Heap;

/// The retained size, or the shallow one as long as nothing better is known.
pub(super) fn best_size(heap: &Heap, node: NodeIx) -> u64 {
    heap.retained_size(node).unwrap_or_else(|| heap.shallow_size(node))
}

/// Objects by their names.
pub(super) fn names(heap: &Heap, a: NodeIx, b: NodeIx) -> Ordering {
    compare_utf16(&heap.name(a), &heap.name(b))
}

pub(super) fn is_proto(heap: &Heap, edge: EdgeIx) -> bool {
    heap.edge_type(edge).has_string_name() && heap.known().proto.contains(heap.columns().edges.name(edge))
}

/// `__proto__` last, text before numbers, numbers as text.
pub(super) fn edge_names(heap: &Heap, a: EdgeIx, b: EdgeIx) -> Ordering {
    let (ta, tb) = (heap.edge_type(a), heap.edge_type(b));
    if !ta.has_string_name() && !tb.has_string_name() {
        // Rows of arrays: compare digits without making strings.
        let (x, y) = (heap.columns().edges.number(a), heap.columns().edges.number(b));
        return digits_as_text(x, y);
    }
    let (x, y) = (heap.edge_name(a), heap.edge_name(b));
    match (is_proto(heap, a), is_proto(heap, b)) {
        (true, true) => return Ordering::Equal,
        (_, true) => return Ordering::Less,
        (true, _) => return Ordering::Greater,
        _ => {}
    }
    heap.edge_has_text_name(b).cmp(&heap.edge_has_text_name(a)).then_with(|| compare_utf16(&x, &y))
}

/// Compares two numbers as JavaScript compares their decimal texts.
fn digits_as_text(x: u64, y: u64) -> Ordering {
    if x == y {
        return Ordering::Equal;
    }
    let width = |number: u64| number.checked_ilog10().unwrap_or(0);
    let (wx, wy) = (width(x), width(y));
    // Brought to the same number of digits, text order is number order; of equals the shorter comes first.
    let scaled = |number: u64, own: u32, other: u32| u128::from(number) * 10u128.pow(other.saturating_sub(own));
    scaled(x, wx, wy).cmp(&scaled(y, wy, wx)).then(wx.cmp(&wy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_compare_as_their_texts(x: u64, y in prop_oneof![any::<u64>(), 0u64..200]) {
            prop_assert_eq!(digits_as_text(x, y), x.to_string().cmp(&y.to_string()));
            prop_assert_eq!(digits_as_text(x % 100, y % 1000), (x % 100).to_string().cmp(&(y % 1000).to_string()));
        }
    }
}
