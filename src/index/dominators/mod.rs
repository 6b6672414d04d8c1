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

pub(crate) use holding::{Holding, Lost};
pub(crate) use search::search;
pub(crate) use search_tree::SearchTree;
pub(crate) use semi_nca::{Immediate, Sorted, immediate, sort};

use crate::base::array::Array;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;

/// The dominator tree in preorder: 16 bytes a node.
///
/// What a node dominates stands right behind it, so children, subtrees and sums over them need no further arrays.
#[derive(Debug, Default)]
pub(crate) struct Dominators {
    /// The immediate dominator of each node; the root is its own.
    pub(crate) parents: Array<u32>,
    /// The nodes in preorder.
    pub(crate) order: Array<u32>,
    /// Where each node stands in `order`.
    pub(crate) positions: Array<u32>,
    /// By position: how many nodes the subtree has, itself among them.
    pub(crate) subtrees: Array<u32>,
}

impl Dominators {
    pub(crate) fn parent(&self, node: NodeIx) -> NodeIx {
        NodeIx(self.parents[node.ix()])
    }

    /// Where a node stands in the preorder.
    pub(crate) fn position(&self, node: NodeIx) -> usize {
        self.positions[node.ix()] as usize
    }

    /// The nodes in preorder, the root first.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Size of the subtree at a position of the preorder.
    #[inline(always)]
    pub(crate) fn subtree(&self, position: usize) -> usize {
        self.subtrees[position] as usize
    }

    /// [`Dominators::subtree`] of every position.
    pub(crate) fn subtrees(&self) -> &[u32] {
        &self.subtrees
    }

    /// Whether `node` dominates something.
    pub(crate) fn has_children(&self, node: NodeIx) -> bool {
        self.subtree(self.positions[node.ix()] as usize) > 1
    }

    /// The nodes that nothing dominates: the root, or with several roots all that only the virtual one dominates.
    pub(crate) fn tops(&self) -> impl Iterator<Item = NodeIx> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let top = *self.order.get(next)?;
            next += self.subtree(next);
            Some(NodeIx(top))
        })
    }

    /// The nodes that `node` dominates immediately.
    pub(crate) fn children(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        let position = self.positions[node.ix()] as usize;
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
    pub(crate) fn chain(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        std::iter::successors(Some(node), |&node| {
            let parent = self.parent(node);
            (parent != node).then_some(parent)
        })
    }
}

const NONE: u32 = u32::MAX;

/// By number, where each vertex stands in a preorder of the tree, and the size of its subtree. A virtual root takes no
/// place.
struct Places {
    places: Vec<u32>,
    sizes: Vec<u32>,
    /// Memory for what comes next.
    spare: [Vec<u32>; 2],
}

fn places(immediate: &mut Immediate, meter: &Meter) -> Result<Places> {
    let Immediate { vertices, dominators, spare } = immediate;
    let count = vertices.len();
    let has_virtual = vertices.first() == Some(&NONE);
    let [mut next, mut sizes, other, mut places] = std::mem::take(spare);
    // A dominator has a smaller number than what it dominates.
    sizes.clear();
    sizes.resize(count, 1);
    for number in (1..count).rev() {
        sizes[dominators[number] as usize] += sizes[number];
    }
    meter.check()?;
    // Where the next child of each number goes; a vertex's own place is taken before its children ask.
    next.resize(count, 0);
    places.resize(count, 0);
    if count > 0 {
        next[0] = 1 - has_virtual as u32;
        places[0] = 0;
    }
    for number in 1..count {
        let parent = dominators[number] as usize;
        let place = next[parent];
        next[parent] += sizes[number];
        places[number] = place;
        next[number] = place + 1;
    }
    meter.check()?;
    Ok(Places { places, sizes, spare: [next, other] })
}

/// From immediate dominators by number to the tree by node, and memory for what comes next.
pub(crate) fn tree(mut immediate: Immediate, meter: &Meter) -> Result<(Dominators, [Vec<u32>; 2])> {
    let Places { places, sizes, spare: [mut subtrees, mut parents] } = places(&mut immediate, meter)?;
    let Immediate { vertices, dominators, .. } = immediate;
    let count = vertices.len();
    let has_virtual = vertices.first() == Some(&NONE);
    let nodes = count - has_virtual as usize;
    let numbers = has_virtual as usize..count;
    // Every item of the four is written once, far from the one before: half of it on the other core.
    let by_place = || {
        subtrees.resize(nodes, 0);
        numbers.clone().for_each(|number| subtrees[places[number] as usize] = sizes[number]);
        subtrees.shrink_to_fit();
        let mut order = sizes;
        order.resize(nodes, 0);
        numbers.clone().for_each(|number| order[places[number] as usize] = vertices[number]);
        order.shrink_to_fit();
        (subtrees, order)
    };
    let by_node = || {
        parents.resize(nodes, 0);
        for number in numbers.clone() {
            let (node, parent) = (vertices[number], vertices[dominators[number] as usize]);
            parents[node as usize] = if parent == NONE { node } else { parent };
        }
        parents.shrink_to_fit();
        let mut positions = dominators;
        positions.truncate(nodes);
        numbers.clone().for_each(|number| positions[vertices[number] as usize] = places[number]);
        positions.shrink_to_fit();
        (parents, positions)
    };
    let ((subtrees, order), (parents, positions)) = rayon::join(by_place, by_node);
    meter.check()?;
    let tree = Dominators {
        parents: parents.into(),
        order: order.into(),
        positions: positions.into(),
        subtrees: subtrees.into(),
    };
    Ok((tree, [vertices, places]))
}
