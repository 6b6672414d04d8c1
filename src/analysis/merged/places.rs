//! Some objects in a fixed order, and where each stands in it.

use rustc_hash::FxHashMap;

use crate::base::ids::NodeIx;
use crate::heap::Heap;

/// Of sets with more than a part of this of all nodes, places stand in an array with a number a node.
const FEW: usize = 16;

/// Objects in the preorder of DevTools' dominator tree: what one dominates stands behind it.
#[derive(Debug)]
pub(super) struct Places {
    nodes: Vec<NodeIx>,
    index: Index,
}

#[derive(Debug)]
enum Index {
    Few(FxHashMap<u32, u32>),
    /// By node: its place, counted from one.
    Many(Vec<u32>),
}

impl Places {
    /// Each of the objects once. The heap has its dominators.
    pub(super) fn new(heap: &Heap, mut nodes: Vec<NodeIx>) -> Places {
        use rayon::prelude::*;
        match heap.dominators() {
            Some(dominators) => {
                // Each position is looked up once, not at every comparison.
                let at = |node: NodeIx| (dominators.positions[node.ix()], node);
                let mut placed: Vec<(u32, NodeIx)> = nodes.iter().map(|&node| at(node)).collect();
                placed.par_sort_unstable();
                placed.iter().zip(&mut nodes).for_each(|(&(_, from), to)| *to = from);
            }
            None => nodes.par_sort_unstable(),
        }
        nodes.dedup();
        let index = if nodes.len() < heap.node_count() / FEW {
            Index::Few(nodes.iter().enumerate().map(|(place, node)| (node.0, place as u32)).collect())
        } else {
            let mut index = vec![0; heap.node_count()];
            for (place, node) in nodes.iter().enumerate() {
                index[node.ix()] = place as u32 + 1;
            }
            Index::Many(index)
        };
        Places { nodes, index }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn nodes(&self) -> &[NodeIx] {
        &self.nodes
    }

    #[inline(always)]
    pub(super) fn place(&self, node: NodeIx) -> Option<usize> {
        match &self.index {
            Index::Few(index) => index.get(&node.0).map(|&place| place as usize),
            Index::Many(index) => index[node.ix()].checked_sub(1).map(|place| place as usize),
        }
    }

    /// What the objects at these places retain, none counted twice. Places ascend.
    pub(super) fn retained(&self, heap: &Heap, places: &[u32]) -> Option<u64> {
        let (dominators, retained) = (heap.dominators()?, heap.retained()?);
        let (mut sum, mut end) = (0u64, 0);
        for &place in places {
            let node = self.nodes[place as usize];
            let position = dominators.positions[node.ix()] as usize;
            if position >= end {
                end = position + dominators.subtree(position);
                sum = sum.saturating_add(retained.get(node.ix()));
            }
        }
        Some(sum)
    }
}
