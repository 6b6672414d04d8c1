//! The rows of the Summary view: objects by class.
//!
//! Source: HeapSnapshot.ts, `buildAggregates`, `calculateClassesRetainedSize`.

use std::ops::Range;

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::uints::UintView;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::{ClassIx, NO_DISTANCE};

/// One class with what its objects add up to. Objects without a shallow size do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aggregate {
    pub class: ClassIx,
    /// The class's first object in the file that counts.
    pub first: NodeIx,
    pub count: u64,
    /// The smallest of the objects' distances: -5 as soon as nothing reaches one of them. Nothing before distances
    /// are known.
    pub distance: Option<i32>,
    /// The smallest distance of those that something reaches; -5 where nothing reaches any.
    pub nearest: Option<i32>,
    /// Objects that nothing reaches.
    pub unreachable: u64,
    /// Sum of the shallow sizes in bytes.
    pub shallow: u64,
    /// What all objects together retain, none counted twice. Nothing before retained sizes are known.
    pub retained: Option<u64>,
}

impl Aggregate {
    /// The sums of one object.
    pub(crate) fn of(heap: &Heap, node: NodeIx) -> Aggregate {
        Numbers::of(heap).one(node)
    }

    /// Adds another object of the class, but for what it retains.
    pub(crate) fn add(&mut self, heap: &Heap, node: NodeIx) {
        self.join(Aggregate::of(heap, node));
    }

    /// Adds other objects of the class, but for what they retain.
    #[inline(always)]
    fn join(&mut self, others: Aggregate) {
        self.first = self.first.min(others.first);
        self.count += others.count;
        self.distance = self.distance.min(others.distance);
        self.nearest = match (self.nearest, others.nearest) {
            (Some(NO_DISTANCE), nearest) | (nearest, Some(NO_DISTANCE)) => nearest,
            (nearest, others) => nearest.min(others),
        };
        self.unreachable += others.unreachable;
        self.shallow = self.shallow.saturating_add(others.shallow);
    }
}

/// What is added up of each object, for loops over many.
#[derive(Clone, Copy)]
struct Numbers<'a> {
    classes: &'a [ClassIx],
    shallow: UintView<'a>,
    distances: Option<&'a [i32]>,
}

impl Numbers<'_> {
    fn of(heap: &Heap) -> Numbers<'_> {
        Numbers { classes: &heap.classes().of_node, shallow: heap.shallow().view(), distances: heap.distances() }
    }

    #[inline(always)]
    fn one(self, node: NodeIx) -> Aggregate {
        let distance = self.distances.map(|distances| distances[node.ix()]);
        Aggregate {
            class: self.classes[node.ix()],
            first: node,
            count: 1,
            distance,
            nearest: distance,
            unreachable: (distance == Some(NO_DISTANCE)) as u64,
            shallow: self.shallow.get(node.ix()),
            retained: None,
        }
    }
}

/// The classes of all objects that `filter` lets through, by first object.
pub(crate) fn aggregate(heap: &Heap, filter: impl Fn(NodeIx) -> bool + Sync, meter: &Meter) -> Result<Vec<Aggregate>> {
    let classes = Numbers::of(heap).classes;
    let class = |node: NodeIx| filter(node).then(|| classes[node.ix()].ix());
    let sums = by_group(heap, heap.classes().len(), class, meter)?;
    let mut aggregates: Vec<Aggregate> = sums.into_iter().flatten().collect();
    aggregates.sort_by_key(|aggregate| aggregate.first);
    Ok(aggregates)
}

/// The sums of each of some groups of objects; nothing for those without an object that counts. The class of such a sum
/// is that of an object of the group.
pub(crate) fn by_group(
    heap: &Heap,
    groups: usize,
    group: impl Fn(NodeIx) -> Option<usize> + Sync,
    meter: &Meter,
) -> Result<Vec<Option<Aggregate>>> {
    let numbers = Numbers::of(heap);
    let group = |node: NodeIx| if numbers.shallow.get(node.ix()) == 0 { None } else { group(node) };
    let add = || {
        let mut sums: Vec<Option<Aggregate>> = vec![None; groups];
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            let Some(group) = group(node) else { continue };
            let one = numbers.one(node);
            match &mut sums[group] {
                Some(sum) => sum.join(one),
                slot => *slot = Some(one),
            }
        }
        Ok::<_, Error>(sums)
    };
    let (sums, retained) = rayon::join(add, || retained_by(heap, groups, group, meter));
    let mut sums = sums?;
    if let Some(retained) = retained? {
        for (sum, retained) in sums.iter_mut().zip(retained) {
            if let Some(sum) = sum {
                sum.retained = Some(retained);
            }
        }
    }
    Ok(sums)
}

/// What each of some groups of objects retains, none counted twice; nothing before retained sizes are known.
///
/// An object adds its retained size unless an object of the same group dominates it. In the preorder of the dominator
/// tree that is so when it stands before the end of the last subtree that was added for the group.
pub(crate) fn retained_by(
    heap: &Heap,
    groups: usize,
    group: impl Fn(NodeIx) -> Option<usize> + Sync,
    meter: &Meter,
) -> Result<Option<Vec<u64>>> {
    let (Some(preorder), Some(retained)) = (heap.preorder(), heap.retained()) else { return Ok(None) };
    let (order, subtrees, retained) = (preorder.order.as_slice(), preorder.subtrees.as_slice(), retained.view());
    let sums_of = |places: Range<usize>| {
        let (mut ends, mut sums) = (vec![0; groups], vec![0u64; groups]);
        // What dominates the first place may be of a group: from the top down, past whole subtrees.
        let mut above = 0;
        while above < places.start {
            meter.check_at(above)?;
            let end = above + subtrees[above] as usize;
            if end <= places.start {
                above = end;
                continue;
            }
            if let Some(group) = group(NodeIx(order[above])) {
                ends[group] = end.max(ends[group]);
            }
            above += 1;
        }
        for place in places {
            meter.check_at(place)?;
            let node = order[place];
            let Some(group) = group(NodeIx(node)).filter(|&group| place >= ends[group]) else { continue };
            ends[group] = place + subtrees[place] as usize;
            sums[group] = sums[group].saturating_add(retained.get(node as usize));
        }
        Ok::<_, Error>(sums)
    };
    let half = order.len() / 2;
    let (first, second) = rayon::join(|| sums_of(0..half), || sums_of(half..order.len()));
    let (mut sums, second) = (first?, second?);
    sums.iter_mut().zip(second).for_each(|(sum, more)| *sum = sum.saturating_add(more));
    Ok(Some(sums))
}

/// The objects below a class row: those of the class that have a shallow size and count, in the order of the file.
pub(crate) fn members(
    heap: &Heap,
    class: ClassIx,
    counts: impl Fn(NodeIx) -> bool,
    meter: &Meter,
) -> Result<Vec<NodeIx>> {
    let mut found = Vec::new();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        if heap.classes().of(node) == class && heap.shallow_size(node) > 0 && counts(node) {
            found.push(node);
        }
    }
    Ok(found)
}

/// The objects below each of some class rows, as [`members`] gives them for one.
pub(crate) fn members_of_each(heap: &Heap, wanted: &[ClassIx], meter: &Meter) -> Result<Vec<Vec<NodeIx>>> {
    let mut numbers: Vec<Option<usize>> = vec![None; heap.classes().len()];
    for (number, class) in wanted.iter().enumerate() {
        numbers[class.ix()] = Some(number);
    }
    let mut found: Vec<Vec<NodeIx>> = wanted.iter().map(|_| Vec::new()).collect();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        if let Some(number) = numbers[heap.classes().of(node).ix()]
            && heap.shallow_size(node) > 0
        {
            found[number].push(node);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::well_formed;
    use crate::notation::Graph;

    fn rows(graph: &Graph, filter: impl Fn(NodeIx) -> bool + Sync) -> Vec<String> {
        let heap = &graph.heap;
        let rows = aggregate(heap, filter, &Meter::default()).expect("nobody cancels");
        let row = |row: &Aggregate| {
            let name = well_formed(heap.classes().name(row.class)).into_owned();
            let distance = row.distance.expect("all is there");
            format!("{name} {}x {distance} {} {}", row.count, row.shallow, row.retained.unwrap_or(0))
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn what_a_class_retains_counts_once_and_objects_without_a_size_do_not() {
        let graph =
            Graph::new("r -a-> A#1[1]; A#1 -x-> A#2[2]; A#2 -b-> B[4]; r -c-> A#3[8]; r -d-> A#4; A#4 -e-> C[16]");
        assert_eq!(rows(&graph, |_| true), ["A 3x 1 11 15", "B 1x 3 4 4", "C 1x 2 16 16"]);
        // Without the one above it the second object adds what it retains.
        assert_eq!(rows(&graph, |node| node != graph.node("A#1")), ["A 2x 1 10 14", "B 1x 3 4 4", "C 1x 2 16 16"]);
    }

    #[test]
    fn a_class_is_as_near_as_the_nearest_that_something_reaches() {
        let graph = Graph::new("r -a-> a; a -b-> A#1[1]; r -c-> A#2[1]; lost -x-> A#3[1]; lost -x-> B[1]");
        let rows = aggregate(&graph.heap, |_| true, &Meter::default()).expect("nobody cancels");
        let said: Vec<_> = rows.iter().map(|row| (row.distance, row.nearest, row.unreachable)).collect();
        assert_eq!(said, [(Some(-5), Some(1), 1), (Some(-5), Some(-5), 1)]);
    }

    #[test]
    fn members_are_those_of_the_class_with_a_size_in_the_scope() {
        let graph = Graph::new("r -a-> A#1[1]; r -b-> A#2; r -c-> B[1]; r -d-> A#3[1]");
        let class = graph.heap.classes().of(graph.node("A#1"));
        let all = members(&graph.heap, class, |_| true, &Meter::default()).expect("nobody cancels");
        assert_eq!(all, [graph.node("A#1"), graph.node("A#3")]);
        let third = |node| node == graph.node("A#3");
        assert_eq!(members(&graph.heap, class, third, &Meter::default()).expect("nobody cancels"), [graph.node("A#3")]);
        let other = graph.heap.classes().of(graph.node("B"));
        let each = members_of_each(&graph.heap, &[other, class], &Meter::default()).expect("nobody cancels");
        assert_eq!(each, [vec![graph.node("B")], all]);
    }

    #[test]
    fn sums_that_no_number_holds_stay_at_the_largest() {
        let graph = Graph::new("r -a-> A#1[18446744073709551615]; r -b-> A#2[18446744073709551615]; r -c-> B[1]");
        let rows = rows(&graph, |_| true);
        assert!(rows[0].starts_with("A 2x 1 18446744073709551615 "), "{rows:?}");
        assert_eq!(graph.heap.total_size(), Some(u64::MAX));
    }
}
