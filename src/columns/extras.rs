//! The small sections: header, locations, samples, allocation functions.

use std::borrow::Cow;

use bytemuck::{Pod, Zeroable};
use bytes::Bytes;
use rustc_hash::FxHashMap;

use crate::base::array::{Array, Part};
use crate::base::bits::Bits;
use crate::base::encode::encode_fields;
use crate::base::ids::NodeIx;

/// What the section `snapshot` says, as far as it is used.
#[derive(Debug, Default, Clone)]
pub(crate) struct Header {
    /// Number of nodes that the header claims; often 0, never trusted.
    pub node_count: Option<u64>,
    /// Number of edges that the header claims.
    pub edge_count: Option<u64>,
    /// Number of functions in `trace_function_infos`; 0 means no allocation stacks.
    pub trace_function_count: u64,
    /// Which node is the root.
    pub root_index: u64,
    /// Bytes outside the heap that V8 counts to the total (Node 24 and later).
    pub extra_native_bytes: u64,
    pub node_fields: Vec<String>,
    pub node_types: Vec<String>,
    pub edge_fields: Vec<String>,
    pub edge_types: Vec<String>,
    pub location_fields: Vec<String>,
    pub sample_fields: Vec<String>,
    pub trace_function_info_fields: Vec<String>,
    pub trace_node_fields: Vec<String>,
    pub scope_fields: Vec<String>,
    pub scope_context_var_fields: Vec<String>,
    pub scope_use_fields: Vec<String>,
}

encode_fields!(Header {
    node_count,
    edge_count,
    trace_function_count,
    root_index,
    extra_native_bytes,
    node_fields,
    node_types,
    edge_fields,
    edge_types,
    location_fields,
    sample_fields,
    trace_function_info_fields,
    trace_node_fields,
    scope_fields,
    scope_context_var_fields,
    scope_use_fields
});

/// A place in a script. Lines and columns count from zero, as in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Location {
    pub script_id: u32,
    pub line: u32,
    pub column: u32,
}

/// Where functions and classes are defined: the places by node, nodes ascending.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    pub(crate) nodes: Array<u32>,
    pub(crate) places: Array<Location>,
    /// Scripts, ascending, and the node of each, where the file names it (V8 15).
    pub(crate) scripts: Array<[u32; 2]>,
}

impl Locations {
    /// Of entries in blocks; of two places for one node the later holds, as in DevTools.
    pub(crate) fn new(blocks: &[Vec<(u32, Location)>], scripts: FxHashMap<u32, NodeIx>) -> Self {
        // No sort: the place of a node is the number of nodes below it that have one, too.
        let entries = || blocks.iter().flatten();
        let end = entries().map(|&(node, _)| node as usize + 1).max().unwrap_or(0);
        let mut located = Bits::new(end);
        for &(node, _) in entries() {
            located.insert(node as usize);
        }
        let ranks = located.ranks();
        let nowhere = Location { script_id: 0, line: 0, column: 0 };
        let mut places = vec![nowhere; located.count()];
        // Of several the last one counts.
        for &(node, place) in entries() {
            places[located.rank(&ranks, node as usize)] = place;
        }
        let nodes: Vec<u32> = located.iter().map(|node| node as u32).collect();
        let mut scripts: Vec<[u32; 2]> = scripts.into_iter().map(|(script, node)| [script, node.0]).collect();
        scripts.sort_unstable();
        Locations { nodes: nodes.into(), places: places.into(), scripts: scripts.into() }
    }

    pub(crate) fn get(&self, node: NodeIx) -> Option<Location> {
        self.nodes.binary_search(&node.0).ok().map(|index| self.places[index])
    }

    /// The node of each script that the file names.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = (u32, NodeIx)> + '_ {
        self.scripts.iter().map(|&[script, node]| (script, NodeIx(node)))
    }

    /// All places, by ascending node.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (NodeIx, Location)> + '_ {
        self.nodes.iter().zip(&self.places).map(|(&node, &place)| (NodeIx(node), place))
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// The section `samples` of an allocation timeline.
#[derive(Debug, Default)]
pub(crate) struct SampleColumns {
    pub timestamps_us: Array<u64>,
    pub last_assigned_ids: Array<u64>,
}

/// One record of `trace_function_infos`; names are string indexes.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct TraceFunction {
    pub function_id: u64,
    pub name: u64,
    pub script_name: u64,
    pub script_id: u64,
    pub line: u64,
    pub column: u64,
}

/// The section `trace_function_infos`.
#[derive(Debug, Default)]
pub(crate) struct TraceFunctions(pub Array<TraceFunction>);

impl Part for TraceFunctions {
    fn part(&self) -> (usize, Cow<'_, [u8]>) {
        self.0.part()
    }

    fn from_part(width: usize, bytes: Bytes) -> Option<Self> {
        Array::from_part(width, bytes).map(TraceFunctions)
    }
}

/// One record of the section `scopes`: a scope of a script. The lists of its variables and uses follow each other in
/// the two other sections.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct ScopeRecord {
    /// Index of the script in the flat section `nodes`.
    pub script_node_index: u64,
    /// Unique within the script.
    pub scope_id: u64,
    /// How many scopes of the script it stands in.
    pub depth: u64,
    pub variables: u64,
    pub uses: u64,
}

/// The sections `scopes`, `scope_context_vars` and `scope_uses` of V8 15 and later. A minus sign is passed over, as
/// DevTools does.
#[derive(Debug, Default)]
pub(crate) struct ScopeColumns {
    pub scopes: Array<ScopeRecord>,
    /// String indexes of names of variables.
    pub variables: Array<u64>,
    /// The declaring scope and the slot of a variable that is used.
    pub uses: Array<[u64; 2]>,
}
