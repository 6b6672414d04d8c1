//! A snapshot as columns: one array per field, in the order of the file. No algorithms.

use std::sync::Arc;

use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::prefetch::prefetch;
use crate::error::FormatError;

mod edges;
mod extras;
mod nodes;
mod strings;
mod trace;
mod types;

pub use edges::Edges;
pub use extras::{
    Header, Location, Locations, SampleColumns, ScopeColumns, ScopeRecord, TraceFunction, TraceFunctions,
};
pub use nodes::Nodes;
pub use strings::{StrSet, Strings};
pub use trace::{TraceNode, TraceTree};
pub use types::{EdgeType, NodeType, TypeNames};

/// Everything that `input` has read from one file.
#[derive(Debug)]
pub struct Columns {
    pub header: Header,
    pub nodes: Nodes,
    pub edges: Edges,
    pub strings: Strings,
    pub types: TypeNames,
    pub locations: Locations,
    pub samples: SampleColumns,
    pub trace_functions: TraceFunctions,
    /// Empty without allocation stacks. Where the section is damaged everything else can be shown all the same; whoever
    /// asks for the stacks gets the error.
    pub trace_tree: Result<Arc<TraceTree>, FormatError>,
    pub scopes: ScopeColumns,
    /// Whether the file has lost the end of its strings, so that names are missing.
    pub is_cut_off: bool,
    /// What is odd about the file but does not keep it from being opened, a sentence each.
    pub warnings: Vec<String>,
    /// Length of the decompressed file in bytes.
    pub file_bytes: u64,
}

impl Columns {
    /// The root of the graph: the node that `root_index` names.
    pub fn root(&self) -> NodeIx {
        NodeIx((self.header.root_index / self.header.node_fields.len() as u64) as u32)
    }

    /// The numbers of the edges that leave `node`, in the order of the file.
    #[inline(always)]
    pub fn edges_of(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + use<> {
        self.nodes.edges(node).map(EdgeIx::new)
    }
}

impl Columns {
    /// An edge that no list shows: of the type that files call `invisible`.
    #[inline]
    pub fn is_invisible(&self, edge: EdgeIx) -> bool {
        self.edges.edge_type(edge) == EdgeType::OTHER && self.types.other_edge == "invisible"
    }
}

impl Columns {
    /// Announces that the range of edges of `node` will be asked for.
    #[inline(always)]
    pub fn prefetch_first_edge(&self, node: NodeIx) {
        prefetch(&self.nodes.first_edges, node.ix());
    }

    /// Announces that the edges of `node` will be read.
    #[inline(always)]
    pub fn prefetch_edges(&self, node: NodeIx) {
        self.edges.prefetch(self.nodes.first_edges[node.ix()] as usize);
    }
}
