//! Kinds of nodes and edges. Files list their names in any order; in memory each name has one number.

use bytemuck::{Pod, Zeroable};

use crate::base::encode::encode_fields;

/// The kind of a node. Numbers up to 14 stand for the names that V8 and Hermes use; larger ones for names met in
/// this file only (see [`TypeNames`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Pod, Zeroable)]
#[repr(transparent)]
pub struct NodeType(pub u8);

impl NodeType {
    pub const HIDDEN: Self = NodeType(0);
    pub const ARRAY: Self = NodeType(1);
    pub const STRING: Self = NodeType(2);
    pub const OBJECT: Self = NodeType(3);
    pub const CODE: Self = NodeType(4);
    pub const CLOSURE: Self = NodeType(5);
    pub const REGEXP: Self = NodeType(6);
    pub const NUMBER: Self = NodeType(7);
    pub const NATIVE: Self = NodeType(8);
    pub const SYNTHETIC: Self = NodeType(9);
    pub const CONS_STRING: Self = NodeType(10);
    pub const SLICED_STRING: Self = NodeType(11);
    pub const SYMBOL: Self = NodeType(12);
    pub const BIGINT: Self = NodeType(13);
    pub const OBJECT_SHAPE: Self = NodeType(14);

    /// The names of the numbers above, as files spell them.
    pub const NAMES: [&'static str; 15] = [
        "hidden",
        "array",
        "string",
        "object",
        "code",
        "closure",
        "regexp",
        "number",
        "native",
        "synthetic",
        "concatenated string",
        "sliced string",
        "symbol",
        "bigint",
        "object shape",
    ];
}

/// The kind of an edge: three bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EdgeType(pub u8);

impl EdgeType {
    pub const CONTEXT: Self = EdgeType(0);
    pub const ELEMENT: Self = EdgeType(1);
    pub const PROPERTY: Self = EdgeType(2);
    pub const INTERNAL: Self = EdgeType(3);
    pub const HIDDEN: Self = EdgeType(4);
    pub const SHORTCUT: Self = EdgeType(5);
    pub const WEAK: Self = EdgeType(6);
    /// Every name that is not among the seven above.
    pub const OTHER: Self = EdgeType(7);

    pub const NAMES: [&'static str; 7] = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

    /// Whether the edge is named by a string; element and hidden edges carry a number.
    #[inline(always)]
    pub fn has_string_name(self) -> bool {
        self != EdgeType::ELEMENT && self != EdgeType::HIDDEN
    }
}

/// The names of types that only this file uses.
#[derive(Debug, Default, Clone)]
pub struct TypeNames {
    /// Node types from number 15 on.
    pub other_nodes: Vec<String>,
    /// What [`EdgeType::OTHER`] stands for.
    pub other_edge: String,
}

encode_fields!(TypeNames { other_nodes, other_edge });

impl TypeNames {
    pub fn node(&self, node_type: NodeType) -> &str {
        let index = node_type.0 as usize;
        match NodeType::NAMES.get(index) {
            Some(name) => name,
            None => self.other_nodes.get(index - NodeType::NAMES.len()).map_or("unknown", String::as_str),
        }
    }

    pub fn edge(&self, edge_type: EdgeType) -> &str {
        EdgeType::NAMES.get(edge_type.0 as usize).copied().unwrap_or(&self.other_edge)
    }
}
