//! Nodes and edges of one block of a section, or of all blocks so far.

use super::checks::{EdgeSigns, NodeSigns};
use crate::columns::{Edges, Nodes};

/// What became of the place that a block had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was none.
    #[default]
    Homeless,
    /// It holds so many records.
    Placed(usize),
    /// The records did not fit it.
    Missed,
}

/// The nodes of one block, or of all blocks so far.
#[derive(Default)]
pub(crate) struct NodeBlock {
    /// Without `first_edges`, which need all counts before them. Of a block that is in its place only the sparse columns.
    pub(crate) nodes: Nodes,
    pub(crate) edge_counts: Vec<u32>,
    pub(crate) signs: NodeSigns,
    /// What became of the place that the block had.
    pub(crate) outcome: Outcome,
}

impl NodeBlock {
    /// Makes room for so many nodes: a block that grows is copied again and again.
    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
        self.edge_counts.reserve(nodes);
    }

    pub(crate) fn len(&self) -> usize {
        match self.outcome {
            Outcome::Placed(nodes) => nodes,
            Outcome::Homeless | Outcome::Missed => self.nodes.len(),
        }
    }

    /// Moves all nodes of `other` behind the last one.
    pub(crate) fn append(&mut self, other: NodeBlock) {
        self.nodes.append(other.nodes);
        self.edge_counts.extend_from_slice(&other.edge_counts);
        self.signs.join(other.signs);
    }
}

/// The edges of one block, or of all blocks so far.
#[derive(Default)]
pub(crate) struct EdgeBlock {
    /// Of a block that is in its place only the large numbers.
    pub(crate) edges: Edges,
    pub(crate) signs: EdgeSigns,
    /// What became of the place that the block had.
    pub(crate) outcome: Outcome,
}

impl EdgeBlock {
    pub(crate) fn len(&self) -> usize {
        match self.outcome {
            Outcome::Placed(edges) => edges,
            Outcome::Homeless | Outcome::Missed => self.edges.len(),
        }
    }

    /// Moves all edges of `other` behind the last one.
    pub(crate) fn append(&mut self, other: EdgeBlock) {
        self.edges.append(other.edges);
        self.signs.join(other.signs);
    }
}
