//! The graph as slices, for walks over all of it.

use crate::base::hints::prefetch;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::columns::edges::LARGE;
use crate::columns::{Columns, EdgeType, Edges};

/// Nodes and edges as slices. An [`crate::base::array::Array`] asks at each look where its memory is; walks that look
/// at every edge ask once.
#[derive(Clone, Copy)]
pub(crate) struct Links<'a> {
    first_edges: &'a [u32],
    links: &'a [[u32; 2]],
    edges: &'a Edges,
}

/// An edge with all that a walk asks of it.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) edge: EdgeIx,
    pub(crate) target: NodeIx,
    pub(crate) edge_type: EdgeType,
    /// What is packed of the name or number: [`LARGE`] where that does not fit.
    pub(crate) low: u32,
}

impl Columns {
    pub(crate) fn links(&self) -> Links<'_> {
        Links { first_edges: &self.nodes.first_edges, links: &self.edges.links, edges: &self.edges }
    }
}

impl<'a> Links<'a> {
    /// The edges that leave `node`, in the order of the file.
    #[inline(always)]
    pub(crate) fn edges_of(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + use<> {
        (self.first_edges[node.ix()]..self.first_edges[node.ix() + 1]).map(EdgeIx)
    }

    /// The same with where each ends, its type, and what is packed of its name: for walks that ask for all of it.
    #[inline(always)]
    pub(crate) fn each_of(&self, node: NodeIx) -> impl Iterator<Item = Link> + use<'a> {
        let (first, end) = (self.first_edges[node.ix()], self.first_edges[node.ix() + 1]);
        (first..).zip(&self.links[first as usize..end as usize]).map(|(edge, &[target, packed])| Link {
            edge: EdgeIx(edge),
            target: NodeIx(target),
            edge_type: Edges::type_of(packed),
            low: packed & LARGE,
        })
    }

    #[inline(always)]
    pub(crate) fn target(&self, edge: EdgeIx) -> NodeIx {
        NodeIx(self.links[edge.ix()][0])
    }

    #[inline(always)]
    pub(crate) fn edge_type(&self, edge: EdgeIx) -> EdgeType {
        Edges::type_of(self.links[edge.ix()][1])
    }

    #[inline(always)]
    pub(crate) fn name_or_index(&self, edge: EdgeIx) -> u32 {
        match self.links[edge.ix()][1] & LARGE {
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
        prefetch(self.links, self.first_edges[node.ix()] as usize);
    }
}
