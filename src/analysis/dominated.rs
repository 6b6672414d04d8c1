//! What an object dominates immediately: of all objects, or of some, which then are the nearest of these below it.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::Dominators;

/// What an object dominates immediately, or of all roots what nothing but them dominates; nothing before the dominators
/// are known. Where only some objects count, these and no others.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn dominated(heap: &Heap, by: Option<NodeIx>, only: Option<&Only>, meter: &Meter) -> Result<Vec<NodeIx>> {
    let Some(dominators) = heap.dominators() else { return Ok(Vec::new()) };
    // The first of several roots stands for all of them.
    let is_all = by.is_none_or(|by| by == heap.root());
    let mut nodes = Vec::new();
    let mut add = |node| -> Result<()> {
        meter.check_at(nodes.len())?;
        nodes.push(node);
        Ok(())
    };
    match (only, is_all && heap.roots().has_further()) {
        (Some(only), _) => only.below(dominators, by.filter(|_| !is_all)).try_for_each(&mut add)?,
        (None, true) => dominators.tops().try_for_each(&mut add)?,
        (None, false) => dominators.children(by.unwrap_or(heap.root())).try_for_each(&mut add)?,
    }
    Ok(nodes)
}

/// Some objects in the order of the dominator tree: four bytes each.
#[derive(Debug)]
pub(crate) struct Only {
    /// Places in the preorder, ascending.
    positions: Vec<u32>,
}

impl Only {
    /// None before the dominators are known.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn new(heap: &Heap, nodes: &Bits, meter: &Meter) -> Result<Only> {
        let order = heap.preorder().map_or(&[][..], |preorder| &preorder.order);
        let mut positions = Vec::new();
        for (position, &node) in order.iter().enumerate() {
            meter.check_at(position)?;
            if nodes.contains(node as usize) {
                positions.push(position as u32);
            }
        }
        Ok(Only { positions })
    }

    /// Whether any of them stands below a node.
    pub(crate) fn has_below(&self, dominators: Dominators<'_>, node: NodeIx) -> bool {
        self.below(dominators, Some(node)).next().is_some()
    }

    /// Those below a node, or all, without those that stand below another of them.
    fn below<'a>(&'a self, dominators: Dominators<'a>, by: Option<NodeIx>) -> impl Iterator<Item = NodeIx> + 'a {
        let (start, end) = match by.map(|by| dominators.position(by)) {
            Some(position) => (position + 1, position + dominators.subtree(position)),
            None => (0, dominators.order().len()),
        };
        let first = |from: usize| self.positions.partition_point(|&position| (position as usize) < from);
        let mut next = first(start);
        std::iter::from_fn(move || {
            let position = *self.positions.get(next)? as usize;
            let after = position + dominators.subtree(position);
            next = next + 1 + self.positions[next + 1..].partition_point(|&other| (other as usize) < after);
            (position < end).then(|| NodeIx(dominators.order()[position]))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::graphs;

    proptest! {
        #[test]
        fn only_some_stand_below_the_nearest_of_them_that_dominates_them(
            graph in graphs(30, 60),
            chosen in prop::collection::vec(any::<bool>(), 30),
        ) {
            let heap = graph.load().heap;
            let dominators = heap.dominators().expect("all is there");
            let mut nodes = Bits::new(heap.node_count());
            heap.nodes().filter(|node| chosen[node.ix()] && *node != heap.root()).for_each(|node| {
                nodes.insert(node.ix());
            });
            let meter = Meter::default();
            let only = Only::new(&heap, &nodes, &meter).expect("nobody cancels");
            let above = |node| dominators.chain(node).skip(1).find(|above| nodes.contains(above.ix()));
            for by in std::iter::once(None).chain(heap.nodes().map(Some)) {
                let mut found = dominated(&heap, by, Some(&only), &meter).expect("nobody cancels");
                found.sort_unstable();
                let is_below = |node: NodeIx| match by.filter(|&by| by != heap.root()) {
                    None => above(node).is_none(),
                    Some(by) if nodes.contains(by.ix()) => above(node) == Some(by),
                    // Of one that does not count: below it, and below none of those that stand below it.
                    Some(by) => {
                        let mut chain = dominators.chain(node).skip(1).take_while(|&above| above != by);
                        dominators.chain(node).skip(1).any(|above| above == by)
                            && !chain.any(|above| nodes.contains(above.ix()))
                    }
                };
                let expected: Vec<NodeIx> =
                    nodes.iter().map(NodeIx::new).filter(|&node| is_below(node)).collect();
                prop_assert_eq!(&found, &expected, "below {:?}", by);
                if let Some(by) = by.filter(|&by| by != heap.root()) {
                    prop_assert_eq!(only.has_below(dominators, by), !expected.is_empty());
                }
            }
        }
    }
}
