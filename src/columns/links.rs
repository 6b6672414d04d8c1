//! The graph as slices, for walks over all of it.

use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::base::prefetch::prefetch;
use crate::columns::edges::{LARGE, NAME_BITS};
use crate::columns::{Columns, EdgeType, Edges};

/// Nodes and edges as slices. An [`crate::base::array::Array`] asks at each look where its memory is; walks that look
/// at every edge ask once.
#[derive(Clone, Copy)]
pub(crate) struct Links<'a> {
    first_edges: &'a [u32],
    targets: &'a [u32],
    packed: &'a [u32],
    edges: &'a Edges,
}

impl Columns {
    pub(crate) fn links(&self) -> Links<'_> {
        Links {
            first_edges: &self.nodes.first_edges,
            targets: &self.edges.targets,
            packed: &self.edges.packed,
            edges: &self.edges,
        }
    }
}

impl Links<'_> {
    /// The edges that leave `node`, in the order of the file.
    #[inline(always)]
    pub(crate) fn edges_of(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + use<> {
        (self.first_edges[node.ix()]..self.first_edges[node.ix() + 1]).map(EdgeIx)
    }

    #[inline(always)]
    pub(crate) fn target(&self, edge: EdgeIx) -> NodeIx {
        NodeIx(self.targets[edge.ix()])
    }

    #[inline(always)]
    pub(crate) fn edge_type(&self, edge: EdgeIx) -> EdgeType {
        EdgeType((self.packed[edge.ix()] >> NAME_BITS) as u8)
    }

    #[inline(always)]
    pub(crate) fn name_or_index(&self, edge: EdgeIx) -> u32 {
        match self.packed[edge.ix()] & LARGE {
            LARGE => self.edges.name_or_index(edge),
            name => name,
        }
    }

    /// The name as a string index; only for types with string names.
    #[inline(always)]
    pub(crate) fn name(&self, edge: EdgeIx) -> StrIx {
        StrIx(self.name_or_index(edge))
    }

    /// Announces that the range of edges of `node` will be asked for.
    #[inline(always)]
    pub(crate) fn prefetch_first_edge(&self, node: NodeIx) {
        prefetch(self.first_edges, node.ix());
    }

    /// Announces that the edges of `node` will be read.
    #[inline(always)]
    pub(crate) fn prefetch_edges(&self, node: NodeIx) {
        let edge = self.first_edges[node.ix()] as usize;
        prefetch(self.targets, edge);
        prefetch(self.packed, edge);
    }
}
