//! The dominator tree: for each node the one through which every path from the root leads.
//!
//! Which edges count: HeapSnapshot.ts, `computeIsEssentialEdge`, `markPageOwnedNodes`. The tree: semi-NCA
//! (Georgiadis, *Linear-Time Algorithms for Dominators and Related Problems*, 2005), with all work in the numbers of
//! one depth-first search, where neighbours of the graph are mostly neighbours in memory.

mod holding;
mod rule;
mod search;
mod search_tree;
mod semi_nca;
mod settled;
mod tree;

pub(crate) use holding::{Holding, Lost};
pub(crate) use search::search;
pub(crate) use search_tree::SearchTree;
pub(crate) use semi_nca::{Immediate, Sorted, immediate, sort};
pub(crate) use tree::{places, tree};

use crate::base::array::Array;
use crate::base::ids::NodeIx;

/// The dominator tree in preorder: 8 bytes a node.
///
/// What a node dominates stands right behind it, so children, subtrees and sums over them need no further arrays.
#[derive(Debug, Default)]
pub(crate) struct Preorder {
    /// The nodes in preorder.
    pub(crate) order: Array<u32>,
    /// By position: how many nodes the subtree has, itself among them.
    pub(crate) subtrees: Array<u32>,
}

/// Where each node stands in the tree: 8 bytes a node, which follow from the preorder.
#[derive(Debug, Default)]
pub(crate) struct TreePlaces {
    /// The immediate dominator of each node; the root is its own.
    pub(crate) parents: Array<u32>,
    /// Where each node stands in the preorder.
    pub(crate) positions: Array<u32>,
}

/// The dominator tree, to be asked by node and by position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dominators<'a> {
    parents: &'a [u32],
    positions: &'a [u32],
    order: &'a [u32],
    subtrees: &'a [u32],
}

impl<'a> Dominators<'a> {
    pub(crate) fn new(preorder: &'a Preorder, places: &'a TreePlaces) -> Self {
        let (Preorder { order, subtrees }, TreePlaces { parents, positions }) = (preorder, places);
        Dominators { parents, positions, order, subtrees }
    }

    pub(crate) fn parent(&self, node: NodeIx) -> NodeIx {
        NodeIx(self.parents[node.ix()])
    }

    /// Where a node stands in the preorder.
    #[inline(always)]
    pub(crate) fn position(&self, node: NodeIx) -> usize {
        self.positions[node.ix()] as usize
    }

    /// The nodes in preorder, the root first.
    pub(crate) fn order(&self) -> &'a [u32] {
        self.order
    }

    /// Size of the subtree at a position of the preorder.
    #[inline(always)]
    pub(crate) fn subtree(&self, position: usize) -> usize {
        self.subtrees[position] as usize
    }

    /// Whether `node` dominates something.
    pub(crate) fn has_children(&self, node: NodeIx) -> bool {
        self.subtree(self.position(node)) > 1
    }

    /// The nodes that nothing dominates: the root, or with several roots all that only the virtual one dominates.
    pub(crate) fn tops(self) -> impl Iterator<Item = NodeIx> + use<'a> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let top = *self.order.get(next)?;
            next += self.subtree(next);
            Some(NodeIx(top))
        })
    }

    /// The nodes that `node` dominates immediately.
    pub(crate) fn children(self, node: NodeIx) -> impl Iterator<Item = NodeIx> + use<'a> {
        let position = self.position(node);
        let end = position + self.subtree(position);
        let mut next = position + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = NodeIx(self.order[next]);
                next += self.subtree(next);
                child
            })
        })
    }

    /// The node, its dominator, that one's dominator … the root.
    pub(crate) fn chain(self, node: NodeIx) -> impl Iterator<Item = NodeIx> + use<'a> {
        std::iter::successors(Some(node), move |&node| {
            let parent = self.parent(node);
            (parent != node).then_some(parent)
        })
    }
}

const NONE: u32 = u32::MAX;
