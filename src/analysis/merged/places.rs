//! Some objects in a fixed order, and where each stands in it.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::heap::Heap;

/// Sets with more than a part of this of all nodes are kept as bits too: the order is read off these, and asking
/// whether a node is in the set costs no read far away.
const FEW: usize = 16;

/// Objects in the preorder of DevTools' dominator tree: what one dominates stands behind it.
#[derive(Debug)]
pub(super) struct Places {
    nodes: Vec<NodeIx>,
    /// By place: what the objects are in order of. Where they stand in the preorder, in a heap that has one.
    positions: Vec<u32>,
    index: Index,
}

#[derive(Debug)]
enum Index {
    Few(FxHashMap<u32, u32>),
    /// Which nodes, which positions, and how many of these stand before each word.
    Many {
        nodes: Bits,
        positions: Bits,
        ranks: Vec<u32>,
    },
}

/// What objects are in order of.
fn position(heap: &Heap, node: NodeIx) -> u32 {
    heap.dominators().map_or(node.0, |dominators| dominators.position(node) as u32)
}

impl Places {
    /// Each of the objects once. The heap has its dominators.
    pub(super) fn new(heap: &Heap, nodes: Vec<NodeIx>) -> Places {
        let count = heap.node_count();
        match nodes.len() < count / FEW {
            true => Places::few(heap, &nodes),
            false => Places::many(heap, &nodes),
        }
    }

    fn few(heap: &Heap, nodes: &[NodeIx]) -> Places {
        // Each position is looked up once, not at every comparison.
        let mut placed: Vec<(u32, NodeIx)> = nodes.iter().map(|&node| (position(heap, node), node)).collect();
        placed.par_sort_unstable();
        placed.dedup();
        let (positions, nodes): (Vec<u32>, Vec<NodeIx>) = placed.into_iter().unzip();
        let index = Index::Few(nodes.iter().enumerate().map(|(place, node)| (node.0, place as u32)).collect());
        Places { nodes, positions, index }
    }

    /// Nothing is sorted: the bits are in order.
    fn many(heap: &Heap, all: &[NodeIx]) -> Places {
        let (mut nodes, mut bits) = (Bits::new(heap.node_count()), Bits::new(heap.node_count()));
        for &node in all {
            nodes.insert(node.ix());
            bits.insert(position(heap, node) as usize);
        }
        let positions: Vec<u32> = bits.iter().map(|position| position as u32).collect();
        let ordered = match heap.dominators() {
            Some(dominators) => {
                positions.iter().map(|&position| NodeIx(dominators.order()[position as usize])).collect()
            }
            None => positions.iter().map(|&node| NodeIx(node)).collect(),
        };
        let ranks = bits.ranks();
        Places { nodes: ordered, positions, index: Index::Many { nodes, positions: bits, ranks } }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn nodes(&self) -> &[NodeIx] {
        &self.nodes
    }

    #[inline(always)]
    pub(super) fn place(&self, heap: &Heap, node: NodeIx) -> Option<usize> {
        match &self.index {
            Index::Few(index) => index.get(&node.0).map(|&place| place as usize),
            Index::Many { nodes, positions, ranks } => {
                nodes.contains(node.ix()).then(|| positions.rank(ranks, position(heap, node) as usize))
            }
        }
    }

    /// What the objects at these places retain, none counted twice. Places ascend.
    pub(super) fn retained(&self, heap: &Heap, places: &[u32]) -> Option<u64> {
        let (dominators, retained) = (heap.dominators()?, heap.retained()?);
        let (mut sum, mut end) = (0u64, 0);
        for &place in places {
            let position = self.positions[place as usize] as usize;
            if position >= end {
                end = position + dominators.subtree(position);
                sum = sum.saturating_add(retained.get(self.nodes[place as usize].ix()));
            }
        }
        Some(sum)
    }
}
