//! A snapshot as columns: one array per field, in the order of the file. No algorithms.

use crate::base::ids::{EdgeIx, NodeIx};

mod edges;
mod extras;
mod links;
mod nodes;
mod producer;
mod strings;
mod trace;
mod types;

pub(crate) use edges::{Edges, LARGE};
pub(crate) use extras::{
    Header, Location, Locations, SampleColumns, ScopeColumns, ScopeRecord, TraceFunction, TraceFunctions,
};
pub(crate) use links::{Link, Links};
pub(crate) use nodes::Nodes;
pub(crate) use producer::{Hermes, Producer, V8, Valdi};
pub(crate) use strings::{StrSet, Strings};
pub(crate) use trace::{TraceNode, TraceTree};
pub(crate) use types::{EdgeType, NodeType, TypeNames};

/// Everything that `input` has read from one file.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub header: Header,
    pub nodes: Nodes,
    pub edges: Edges,
    pub strings: Strings,
    pub types: TypeNames,
    pub locations: Locations,
    pub samples: SampleColumns,
    pub trace_functions: TraceFunctions,
    /// Empty without allocation stacks.
    pub trace_tree: TraceTree,
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
    pub(crate) fn root(&self) -> NodeIx {
        NodeIx((self.header.root_index / self.header.node_fields.len() as u64) as u32)
    }

    /// The numbers of the edges that leave `node`, in the order of the file.
    #[inline(always)]
    pub(crate) fn edges_of(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + use<> {
        self.nodes.edges(node).map(EdgeIx::new)
    }
}

impl Columns {
    /// An edge that no list shows: of the type that files call `invisible`.
    #[inline]
    pub(crate) fn is_invisible(&self, edge: EdgeIx) -> bool {
        self.edges.edge_type(edge) == EdgeType::OTHER && self.types.other_edge == "invisible"
    }
}
