//! Values that V8 writes as small nodes behind internal edges: numbers, booleans, properties of strings.
//!
//! Source: HeapSnapshot.ts, `findInternalEdgeTarget`, `nodeValueAsBool`, `nodeValueAsInt`, `isFlatConsString`.

use super::Heap;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::parse_int;
use crate::columns::{EdgeType, NodeType, StrSet};
use crate::index::ephemerons::Half;
use crate::index::naming;

impl Heap {
    /// The target of the first internal edge with one of the names.
    pub(crate) fn internal_target(&self, node: NodeIx, names: &StrSet) -> Option<NodeIx> {
        naming::internal_target(self.columns(), node, &[names])
    }

    /// The target of the first edge of a type with a name.
    pub(crate) fn target_named(&self, node: NodeIx, edge_type: EdgeType, name: &str) -> Option<NodeIx> {
        self.columns()
            .edges_of(node)
            .find(|&edge| self.edge_type(edge) == edge_type && *self.edge_name(edge) == *name.as_bytes())
            .map(|edge| self.target(edge))
    }

    /// The entry of a WeakMap that an edge is half of, if it is.
    pub(crate) fn ephemeron(&self, edge: EdgeIx) -> Option<Half> {
        let is_named = self.edge_type(edge) == EdgeType::INTERNAL;
        is_named.then(|| self.ephemerons().get(self.columns().edges.name(edge))).flatten()
    }

    fn number_value(&self, node: NodeIx, kind: &StrSet) -> Option<NodeIx> {
        if self.node_type(node) != NodeType::NUMBER || !kind.contains(self.columns().nodes.name(node)) {
            return None;
        }
        self.internal_target(node, &self.known().value)
    }

    /// The value of a node that stands for a whole number.
    pub(crate) fn int_value(&self, node: NodeIx) -> Option<i64> {
        let value = self.number_value(node, &self.known().int)?;
        parse_int(&self.columns().strings.get(self.columns().nodes.name(value))).map(|value| value as i64)
    }

    /// The text of a number that takes an object, where the snapshot was written with values.
    pub(crate) fn number_text(&self, node: NodeIx) -> Option<std::borrow::Cow<'_, [u8]>> {
        let is_number = self.node_type(node) == NodeType::NUMBER;
        let value = is_number.then(|| self.internal_target(node, &self.known().value)).flatten()?;
        Some(self.name(value))
    }

    /// The text of what is no object to a program: a number where the snapshot was written with values, `true`, `false`,
    /// `undefined` or `null`, which V8 up to 11 calls an oddball.
    pub(crate) fn primitive_text(&self, node: NodeIx) -> Option<std::borrow::Cow<'_, [u8]>> {
        match self.node_type(node) {
            NodeType::NUMBER => return self.number_text(node),
            NodeType::HIDDEN | NodeType::NATIVE | NodeType::OBJECT | NodeType::SYMBOL => {}
            _ => return None,
        }
        let name = self.columns().nodes.name(node);
        if !self.known().oddball.contains(name) {
            let text = self.columns().strings.get(name);
            return matches!(text.as_ref(), b"true" | b"false" | b"undefined" | b"null").then_some(text);
        }
        let is_text =
            |&edge: &EdgeIx| self.edge_type(edge) == EdgeType::HIDDEN && self.columns().edges.name_or_index(edge) == 0;
        let text = self.columns().edges_of(node).find(is_text).map(|edge| self.target(edge))?;
        (self.node_type(text) == NodeType::STRING).then(|| self.raw_name(text))
    }

    /// The whole number behind an internal edge of the node.
    pub(crate) fn internal_int(&self, node: NodeIx, names: &StrSet) -> Option<i64> {
        self.int_value(self.internal_target(node, names)?)
    }

    /// Whether V8 has cut the text of a string: the snapshot holds its beginning only.
    pub(crate) fn is_truncated_string(&self, node: NodeIx) -> bool {
        self.internal_target(node, &self.known().truncated)
            .and_then(|flag| self.number_value(flag, &self.known().bool_name))
            .is_some_and(|value| self.known().true_text.contains(self.columns().nodes.name(value)))
    }

    /// A cons string whose one half is empty: V8 has joined the text already, and the other half holds all of it.
    pub(crate) fn is_flat_cons_string(&self, node: NodeIx) -> bool {
        self.node_type(node) == NodeType::CONS_STRING
            && self.columns().edges_of(node).any(|edge| {
                self.edge_type(edge) == EdgeType::INTERNAL && {
                    let name = self.columns().edges.name(edge);
                    (self.known().first.contains(name) || self.known().second.contains(name))
                        && self.name(self.target(edge)).is_empty()
                }
            })
    }
}
