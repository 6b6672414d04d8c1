//! What the objects of a set add up to.

use super::aggregates::retained_by;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub objects: u64,
    /// Sum of the shallow sizes in bytes.
    pub shallow: u64,
    /// What all together retain, none counted twice: that of each object which no other of them dominates. Nothing
    /// before retained sizes are known.
    pub retained: Option<u64>,
}

/// The sums of some objects, each named once.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn of(heap: &Heap, nodes: &[NodeIx], meter: &Meter) -> Result<Sums> {
    let shallow = nodes.iter().fold(0, |sum: u64, &node| sum.saturating_add(heap.shallow_size(node)));
    Ok(Sums { objects: nodes.len() as u64, shallow, retained: retained(heap, nodes, meter)? })
}

fn retained(heap: &Heap, nodes: &[NodeIx], meter: &Meter) -> Result<Option<u64>> {
    /// Putting nodes in order costs as much as looking at so many that are no members.
    const FEW: usize = 64;
    let (Some(dominators), Some(retained)) = (heap.dominators(), heap.retained()) else { return Ok(None) };
    if nodes.len() > heap.node_count() / FEW {
        let mut members = Bits::new(heap.node_count());
        for node in nodes {
            members.insert(node.ix());
        }
        let group = |node: NodeIx| members.contains(node.ix()).then_some(0);
        return Ok(retained_by(heap, 1, group, meter)?.map(|sums| sums[0]));
    }
    let mut places: Vec<u32> = nodes.iter().map(|&node| dominators.position(node) as u32).collect();
    places.sort_unstable();
    let (mut end, mut sum) = (0, 0u64);
    for place in places.into_iter().map(|place| place as usize) {
        if place >= end {
            end = place + dominators.subtree(place);
            sum = sum.saturating_add(retained.get(dominators.order()[place] as usize));
        }
    }
    Ok(Some(sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::graphs;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_retained_counts_once(
            graph in graphs(14, 40),
            chosen in proptest::collection::vec(any::<bool>(), 14),
        ) {
            let heap = graph.load().heap;
            let nodes: Vec<NodeIx> = heap.nodes().filter(|node| chosen[node.ix()]).collect();
            let tree = heap.dominators().expect("all is there");
            let is_below = |node: &NodeIx| tree.chain(*node).skip(1).any(|above| nodes.contains(&above));
            let topmost = nodes.iter().filter(|node| !is_below(node));
            let expected = topmost.map(|&node| heap.retained_size(node).expect("all is there")).sum();
            let sums = of(&heap, &nodes, &Meter::default()).expect("nobody cancels");
            prop_assert_eq!((sums.objects, sums.retained), (nodes.len() as u64, Some(expected)));
            prop_assert_eq!(sums.shallow, nodes.iter().map(|&node| heap.shallow_size(node)).sum::<u64>());
        }
    }

    #[test]
    fn few_of_many_and_many_of_many_add_up_alike() {
        let heap = crate::testing::demo();
        let (meter, half) = (Meter::default(), heap.node_count() / 2);
        let retained = |nodes: &[NodeIx]| of(&heap, nodes, &meter).expect("nobody cancels").retained;
        let all: Vec<NodeIx> = heap.nodes().collect();
        assert_eq!(retained(&all), heap.retained_size(heap.root()));
        // One from whose subtree most of the others are.
        let few: Vec<NodeIx> = all.iter().copied().skip(half).take(500).collect();
        let slowly = aggregated(&heap, &few);
        assert_eq!(retained(&few), slowly);
    }

    fn aggregated(heap: &Heap, nodes: &[NodeIx]) -> Option<u64> {
        let group = |node: NodeIx| nodes.contains(&node).then_some(0);
        retained_by(heap, 1, group, &Meter::default()).expect("nobody cancels").map(|sums| sums[0])
    }
}
