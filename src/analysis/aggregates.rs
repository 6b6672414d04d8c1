//! The rows of the Summary view: objects by class.
//!
//! Source: HeapSnapshot.ts, `buildAggregates`, `calculateClassesRetainedSize`.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;

/// One class with what its objects add up to. Objects without a shallow size do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aggregate {
    pub class: ClassIx,
    /// The class's first object in the file that counts.
    pub first: NodeIx,
    pub count: u64,
    /// The smallest of the objects' distances: -5 as soon as nothing reaches one of them. Nothing before distances
    /// are known.
    pub distance: Option<i32>,
    /// Sum of the shallow sizes in bytes.
    pub shallow: u64,
    /// What all objects together retain, none counted twice. Nothing before retained sizes are known.
    pub retained: Option<u64>,
}

/// The classes of all objects that `filter` lets through, by first object.
pub fn aggregate(heap: &Heap, filter: impl Fn(NodeIx) -> bool, meter: &Meter) -> Result<Vec<Aggregate>> {
    let classes = heap.classes();
    let mut by_class: Vec<Option<Aggregate>> = vec![None; classes.len()];
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let size = heap.shallow_size(node);
        if size == 0 || !filter(node) {
            continue;
        }
        let class = classes.of(node);
        let distance = heap.distance(node);
        match &mut by_class[class.ix()] {
            Some(aggregate) => {
                aggregate.count += 1;
                aggregate.shallow = aggregate.shallow.saturating_add(size);
                aggregate.distance = aggregate.distance.min(distance);
            }
            slot => {
                *slot = Some(Aggregate { class, first: node, count: 1, distance, shallow: size, retained: None });
            }
        }
    }
    add_retained(heap, &mut by_class, filter, meter)?;
    let mut aggregates: Vec<Aggregate> = by_class.into_iter().flatten().collect();
    aggregates.sort_by_key(|aggregate| aggregate.first);
    Ok(aggregates)
}

/// An object adds its retained size unless an object of the same class that counts dominates it. In the preorder of
/// the dominator tree that is so when it stands before the end of the last subtree that was added for the class.
fn add_retained(
    heap: &Heap,
    by_class: &mut [Option<Aggregate>],
    filter: impl Fn(NodeIx) -> bool,
    meter: &Meter,
) -> Result<()> {
    let (Some(dominators), true) = (heap.dominators(), heap.has_retained_sizes()) else { return Ok(()) };
    let mut ends = vec![0; by_class.len()];
    for (position, &node) in dominators.order().iter().enumerate() {
        meter.check_at(position)?;
        let node = NodeIx(node);
        let class = heap.classes().of(node).ix();
        if position < ends[class] || heap.shallow_size(node) == 0 || !filter(node) {
            continue;
        }
        ends[class] = position + dominators.subtree(position);
        if let (Some(aggregate), Some(size)) = (&mut by_class[class], heap.retained_size(node)) {
            aggregate.retained = Some(aggregate.retained.unwrap_or(0).saturating_add(size));
        }
    }
    Ok(())
}

/// The objects below a class row: those of the class that have a shallow size and are in `scope`, in the order of the
/// file.
pub fn members(heap: &Heap, class: ClassIx, scope: Option<&Bits>, meter: &Meter) -> Result<Vec<NodeIx>> {
    let mut found = Vec::new();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let counts = heap.classes().of(node) == class && heap.shallow_size(node) > 0;
        if counts && scope.is_none_or(|scope| scope.contains(node.ix())) {
            found.push(node);
        }
    }
    Ok(found)
}
