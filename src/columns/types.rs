//! Kinds of nodes and edges. Files list their names in any order; in memory each name has one number.

use bytemuck::{Pod, Zeroable};

use crate::base::encode::encode_fields;

/// The kind of a node. Numbers up to 14 stand for the names that V8 and Hermes use; larger ones for names met in
/// this file only (see [`TypeNames`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct NodeType(pub u8);

impl NodeType {
    pub(crate) const HIDDEN: Self = NodeType(0);
    pub(crate) const ARRAY: Self = NodeType(1);
    pub(crate) const STRING: Self = NodeType(2);
    pub(crate) const OBJECT: Self = NodeType(3);
    pub(crate) const CODE: Self = NodeType(4);
    pub(crate) const CLOSURE: Self = NodeType(5);
    pub(crate) const REGEXP: Self = NodeType(6);
    pub(crate) const NUMBER: Self = NodeType(7);
    pub(crate) const NATIVE: Self = NodeType(8);
    pub(crate) const SYNTHETIC: Self = NodeType(9);
    pub(crate) const CONS_STRING: Self = NodeType(10);
    pub(crate) const SLICED_STRING: Self = NodeType(11);
    pub(crate) const SYMBOL: Self = NodeType(12);
    pub(crate) const BIGINT: Self = NodeType(13);
    pub(crate) const OBJECT_SHAPE: Self = NodeType(14);

    /// The names of the numbers above, as files spell them.
    pub(crate) const NAMES: [&'static str; 15] = [
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
pub(crate) struct EdgeType(pub u8);

impl EdgeType {
    pub(crate) const CONTEXT: Self = EdgeType(0);
    pub(crate) const ELEMENT: Self = EdgeType(1);
    pub(crate) const PROPERTY: Self = EdgeType(2);
    pub(crate) const INTERNAL: Self = EdgeType(3);
    pub(crate) const HIDDEN: Self = EdgeType(4);
    pub(crate) const SHORTCUT: Self = EdgeType(5);
    pub(crate) const WEAK: Self = EdgeType(6);
    /// Every name that is not among the seven above.
    pub(crate) const OTHER: Self = EdgeType(7);

    pub(crate) const NAMES: [&'static str; 7] =
        ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

    /// Whether the edge is named by a string; element and hidden edges carry a number.
    #[inline(always)]
    pub(crate) fn has_string_name(self) -> bool {
        self != EdgeType::ELEMENT && self != EdgeType::HIDDEN
    }
}

/// The names of types that only this file uses.
#[derive(Debug, Default, Clone)]
pub(crate) struct TypeNames {
    /// Node types from number 15 on.
    pub other_nodes: Vec<String>,
    /// What [`EdgeType::OTHER`] stands for.
    pub other_edge: String,
}

encode_fields!(TypeNames { other_nodes, other_edge });

impl TypeNames {
    pub(crate) fn node(&self, node_type: NodeType) -> &str {
        let index = node_type.0 as usize;
        match NodeType::NAMES.get(index) {
            Some(name) => name,
            None => self.other_nodes.get(index - NodeType::NAMES.len()).map_or("unknown", String::as_str),
        }
    }

    /// The names of all types of node that the file may have.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        NodeType::NAMES.into_iter().chain(self.other_nodes.iter().map(String::as_str))
    }

    pub(crate) fn edge(&self, edge_type: EdgeType) -> &str {
        EdgeType::NAMES.get(edge_type.0 as usize).copied().unwrap_or(&self.other_edge)
    }
}
