//! The order of every list. Each is total, so equal input gives equal output.
//!
//! Sources: HeapSnapshot.ts, `HeapSnapshotEdgesProvider.sort`, `HeapSnapshotNodesProvider.buildCompareFunction`;
//! HeapSnapshotGridNodes.ts, the `comparator` methods; HeapSnapshotDataGrids.ts.

use std::cmp::Ordering;

use super::list::Change;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::allocation::{self, FunctionIx, Functions};
use crate::analysis::compare::Comparison;
use crate::analysis::duplicates::TextGroup;
use crate::analysis::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::compare_utf16;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, UNREACHABLE_DISTANCE};

pub use super::column::{Column, Sort};

/// The retained size, or the shallow one as long as nothing better is known.
fn best_size(heap: &Heap, node: NodeIx) -> u64 {
    heap.retained_size(node).unwrap_or_else(|| heap.shallow_size(node))
}

/// Classes: by the column, then by name, then by first object in the file.
pub fn classes(heap: &Heap, sort: Sort, a: &Aggregate, b: &Aggregate) -> Ordering {
    let names = || compare_utf16(heap.classes().name(a.class), heap.classes().name(b.class));
    let size = |row: &Aggregate| row.retained.unwrap_or(row.shallow);
    let order = match sort.column {
        Column::Count => a.count.cmp(&b.count),
        Column::Distance => a.distance.cmp(&b.distance),
        Column::Shallow => a.shallow.cmp(&b.shallow),
        Column::Retained => size(a).cmp(&size(b)),
        _ => names(),
    };
    sort.apply(order).then_with(names).then(a.first.cmp(&b.first))
}

/// Objects: by the column, then by id, then by place in the file.
pub fn objects(heap: &Heap, sort: Sort, a: NodeIx, b: NodeIx) -> Ordering {
    let order = match sort.column {
        Column::Name => compare_utf16(&heap.name(a), &heap.name(b)),
        Column::Distance => heap.distance(a).cmp(&heap.distance(b)),
        Column::Shallow => heap.shallow_size(a).cmp(&heap.shallow_size(b)),
        Column::Retained => best_size(heap, a).cmp(&best_size(heap, b)),
        _ => Ordering::Equal,
    };
    sort.apply(order).then_with(|| heap.id(a).cmp(&heap.id(b))).then(a.cmp(&b))
}

/// References of one object: by the column, then by name (by retained size when the name comes first), then by place in
/// the file.
pub fn references(heap: &Heap, sort: Sort, a: EdgeIx, b: EdgeIx) -> Ordering {
    let names = || edge_names(heap, a, b);
    let (to_a, to_b) = (heap.target(a), heap.target(b));
    let order = match sort.column {
        Column::Distance => sort
            .apply(heap.distance(to_a).cmp(&heap.distance(to_b)))
            .then_with(|| compare_utf16(&heap.name(to_a), &heap.name(to_b))),
        Column::Shallow => sort.apply(heap.shallow_size(to_a).cmp(&heap.shallow_size(to_b))).then_with(names),
        Column::Retained => sort.apply(best_size(heap, to_a).cmp(&best_size(heap, to_b))).then_with(names),
        _ => {
            let ascending = sort.column != Column::Name || sort.ascending;
            let order = if ascending { names() } else { names().reverse() };
            order.then_with(|| best_size(heap, to_b).cmp(&best_size(heap, to_a)))
        }
    };
    // DevTools calls each of two `__proto__` the smaller one, which turns them round. Only where names have been
    // compared: another reference between them would make a circle elsewhere.
    let turned = sort.column != Column::Distance && is_proto(heap, a) && is_proto(heap, b);
    order.then_with(|| match turned {
        true => b.cmp(&a),
        false => a.cmp(&b),
    })
}

/// Retainers of one object; `b` and `a` are edges with the nodes they leave. Ties end with the later edge first.
pub fn retainers(
    heap: &Heap,
    ignored: Option<&Ignored>,
    sort: Sort,
    a: (EdgeIx, NodeIx),
    b: (EdgeIx, NodeIx),
) -> Ordering {
    let distance = |(edge, node)| distance_without(heap, ignored, edge, node);
    let names = || edge_names(heap, a.0, b.0);
    let order = match sort.column {
        Column::Distance => {
            sort.apply(distance(a).cmp(&distance(b))).then_with(|| compare_utf16(&heap.name(a.1), &heap.name(b.1)))
        }
        Column::Shallow => sort.apply(heap.shallow_size(a.1).cmp(&heap.shallow_size(b.1))).then_with(names),
        Column::Retained => sort.apply(best_size(heap, a.1).cmp(&best_size(heap, b.1))).then_with(names),
        _ => {
            let ascending = sort.column != Column::Name || sort.ascending;
            let order = if ascending { names() } else { names().reverse() };
            order.then_with(|| best_size(heap, b.1).cmp(&best_size(heap, a.1)))
        }
    };
    order.then(b.0.cmp(&a.0))
}

/// Classes of a Comparison: by the column, then by name, then in the order of the comparison.
pub fn differences(comparison: &Comparison, sort: Sort, a: usize, b: usize) -> Ordering {
    let (x, y) = (&comparison.differences[a], &comparison.differences[b]);
    let names = || compare_utf16(&x.name, &y.name);
    let order = match sort.column {
        Column::Added => x.added.len().cmp(&y.added.len()),
        Column::Removed => x.removed.len().cmp(&y.removed.len()),
        Column::CountDelta => x.count_delta().cmp(&y.count_delta()),
        Column::AddedSize => x.added_size.cmp(&y.added_size),
        Column::RemovedSize => x.removed_size.cmp(&y.removed_size),
        Column::SizeDelta => x.size_delta().cmp(&y.size_delta()),
        _ => names(),
    };
    sort.apply(order).then_with(names).then(a.cmp(&b))
}

/// Objects of a class of a Comparison: new ones before those that are gone; the largest first (for names and a turned
/// order: the smallest), then by id.
pub fn changes(comparison: &Comparison, sort: Sort, a: Change, b: Change) -> Ordering {
    let facts = |change| match change {
        Change::New(node) => (false, comparison.current.shallow_size(node), comparison.current.id(node), node),
        Change::Gone(node) => (true, comparison.base.shallow_size(node), comparison.base.id(node), node),
    };
    let (x, y) = (facts(a), facts(b));
    let sizes = match sort.column {
        Column::Name => Ordering::Equal,
        _ => sort.apply(x.1.cmp(&y.1)),
    };
    x.0.cmp(&y.0).then(sizes).then(x.2.cmp(&y.2)).then(x.3.cmp(&y.3))
}

/// Duplicated strings: by the column, then in the order of the groups.
pub fn texts(heap: &Heap, groups: &[TextGroup], sort: Sort, a: usize, b: usize) -> Ordering {
    let (x, y) = (&groups[a], &groups[b]);
    let order = match sort.column {
        Column::Count => x.nodes.len().cmp(&y.nodes.len()),
        Column::Shallow => x.shallow.cmp(&y.shallow),
        Column::Wasted => x.wasted().cmp(&y.wasted()),
        Column::Retained => x.retained.cmp(&y.retained),
        _ => compare_utf16(&heap.name(x.nodes[0]), &heap.name(y.nodes[0])),
    };
    sort.apply(order).then(a.cmp(&b))
}

/// Functions of the Allocation view: by the column, then in the order of the file.
pub fn functions(heap: &Heap, functions: &Functions, sort: Sort, a: FunctionIx, b: FunctionIx) -> Ordering {
    let (x, y) = (functions.row(a), functions.row(b));
    let name = |function| allocation::function(heap, function).name;
    let order = match sort.column {
        Column::LiveCount => x.live_count.cmp(&y.live_count),
        Column::Count => x.count.cmp(&y.count),
        Column::LiveSize => x.live_size.cmp(&y.live_size),
        Column::AllocatedSize => x.size.cmp(&y.size),
        _ => name(x.function).cmp(&name(y.function)),
    };
    sort.apply(order).then((a.top, a.vertex).cmp(&(b.top, b.vertex)))
}

/// The distance that the Retainers show: what nothing reaches goes to the end. Source: HeapSnapshot.ts,
/// `getDistanceForRetainersView`.
pub fn retainer_distance(heap: &Heap, node: NodeIx) -> i32 {
    match heap.distance(node) {
        Some(NO_DISTANCE) => UNREACHABLE_DISTANCE,
        Some(distance) => distance,
        None => 0,
    }
}

/// [`retainer_distance`] of the owner of `edge`, as if what is ignored were not there.
pub fn distance_without(heap: &Heap, ignored: Option<&Ignored>, edge: EdgeIx, node: NodeIx) -> i32 {
    ignored.map_or_else(|| retainer_distance(heap, node), |ignored| ignored.distance(heap, edge, node))
}

fn is_proto(heap: &Heap, edge: EdgeIx) -> bool {
    heap.edge_type(edge).has_string_name() && heap.known().proto.contains(heap.columns().edges.name(edge))
}

/// `__proto__` last, text before numbers, numbers as text.
fn edge_names(heap: &Heap, a: EdgeIx, b: EdgeIx) -> Ordering {
    let (ta, tb) = (heap.edge_type(a), heap.edge_type(b));
    if !ta.has_string_name() && !tb.has_string_name() {
        // Rows of arrays: compare digits without making strings.
        let (x, y) = (heap.columns().edges.name_or_index(a), heap.columns().edges.name_or_index(b));
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
fn digits_as_text(x: u32, y: u32) -> Ordering {
    if x == y {
        return Ordering::Equal;
    }
    let width = |number: u32| number.checked_ilog10().unwrap_or(0);
    let (wx, wy) = (width(x), width(y));
    // Brought to the same number of digits, text order is number order; of equals the shorter comes first.
    let scaled = |number: u32, own: u32, other: u32| number as u64 * 10u64.pow(other.saturating_sub(own));
    scaled(x, wx, wy).cmp(&scaled(y, wy, wx)).then(wx.cmp(&wy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_compare_as_their_texts(x: u32, y in prop_oneof![any::<u32>(), 0u32..200]) {
            prop_assert_eq!(digits_as_text(x, y), x.to_string().cmp(&y.to_string()));
            prop_assert_eq!(digits_as_text(x % 100, y % 1000), (x % 100).to_string().cmp(&(y % 1000).to_string()));
        }
    }
}
