//! Display names of nodes and edges, as WTF-8.
//!
//! Source: HeapSnapshot.ts, `JSHeapSnapshotNode.name`, `consStringName`, `#plainObjectName`,
//! `JSHeapSnapshotEdge.name`.

use std::borrow::Cow;

use super::Heap;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::{len_utf16, parse_int};
use crate::columns::{EdgeType, NodeType};
use crate::index::interfaces::format_property;
use crate::index::naming;

/// A joined string ends with the part that makes it so long (UTF-16 units).
const JOINED_LENGTH: usize = 1024;
/// The name of a plain object takes no further property that makes it longer (UTF-16 units).
const PLAIN_OBJECT_LENGTH: usize = 100;
/// A cons string whose halves lead back to itself must end too; real ones reach 1024 units in fewer steps.
const MOST_PARTS: usize = 1 << 20;

impl Heap {
    /// The name that the file gives, with the prefix of detached DOM nodes.
    pub(crate) fn raw_name(&self, node: NodeIx) -> Cow<'_, [u8]> {
        let name = self.columns().strings.get(self.columns().nodes.name(node));
        if self.dom().has_prefix(self.columns(), node) { naming::detached(&name).into() } else { name }
    }

    /// The name that DevTools shows: joined text for cons strings, `{a, b}` for plain objects, else the raw name.
    pub(crate) fn name(&self, node: NodeIx) -> Cow<'_, [u8]> {
        match self.node_type(node) {
            NodeType::CONS_STRING => self.joined_text(node, JOINED_LENGTH).into(),
            NodeType::OBJECT if self.known().is_plain_object(self.columns(), node) => {
                self.plain_object_name(node).into()
            }
            _ => self.raw_name(node),
        }
    }

    /// The text of a string or of the parts of a cons string, until it has at least `length` UTF-16 units.
    pub(crate) fn joined_text(&self, node: NodeIx, length: usize) -> Vec<u8> {
        let mut text = Vec::new();
        let mut units = 0;
        let mut stack = vec![node];
        for _ in 0..MOST_PARTS {
            if units >= length {
                break;
            }
            let Some(node) = stack.pop() else { break };
            if self.node_type(node) != NodeType::CONS_STRING {
                let part = self.columns().strings.get(self.columns().nodes.name(node));
                units += len_utf16(&part);
                text.extend_from_slice(&part);
                continue;
            }
            let [first, second] = self.halves(node);
            // DevTools takes node 0 for a half that is not there: its name is empty.
            stack.push(second.unwrap_or(NodeIx(0)));
            stack.push(first.unwrap_or(NodeIx(0)));
        }
        text
    }

    /// The two parts of a cons string.
    pub(crate) fn halves(&self, node: NodeIx) -> [Option<NodeIx>; 2] {
        let mut halves = [None, None];
        for edge in self.columns().edges_of(node) {
            if self.edge_type(edge) != EdgeType::INTERNAL {
                continue;
            }
            let name = self.columns().edges.name(edge);
            let target = Some(self.target(edge)).filter(|&target| target != NodeIx(0));
            if self.known().first.contains(name) {
                halves[0] = target;
            } else if self.known().second.contains(name) {
                halves[1] = target;
            }
            if halves.iter().all(Option::is_some) {
                break;
            }
        }
        halves
    }

    fn plain_object_name(&self, node: NodeIx) -> Vec<u8> {
        let (mut start, mut end) = (vec![b'{'], vec![b'}']);
        let (mut start_units, mut end_units) = (1, 1);
        let mut edges = self.columns().nodes.edges(node);
        let mut from_end = false;
        while !edges.is_empty() {
            let edge = EdgeIx::new(if from_end { edges.end - 1 } else { edges.start });
            let step = |edges: &mut std::ops::Range<usize>| {
                if from_end {
                    edges.end -= 1;
                } else {
                    edges.start += 1;
                }
            };
            if !self.known().is_named_property(self.columns(), edge) {
                step(&mut edges);
                continue;
            }
            let name = self.columns().strings.get(self.columns().edges.name(edge));
            let property = format_property(&name);
            let units = len_utf16(&property);
            if start_units > 1 && start_units + end_units + units > PLAIN_OBJECT_LENGTH {
                break;
            }
            step(&mut edges);
            if from_end {
                let rest = std::mem::replace(&mut end, property.to_vec());
                if end_units > 1 {
                    end.extend_from_slice(b", ");
                    end_units += 2;
                }
                end.extend_from_slice(&rest);
                end_units += units;
            } else {
                if start_units > 1 {
                    start.extend_from_slice(b", ");
                    start_units += 2;
                }
                start.extend_from_slice(&property);
                start_units += units;
            }
            from_end = !from_end;
        }
        if !edges.is_empty() {
            start.extend_from_slice(", …".as_bytes());
        }
        if end_units > 1 {
            start.extend_from_slice(b", ");
        }
        start.extend_from_slice(&end);
        start
    }

    /// The name of an edge as DevTools shows it; the number of element and hidden edges in digits.
    pub(crate) fn edge_name(&self, edge: EdgeIx) -> Cow<'_, [u8]> {
        let edge_type = self.edge_type(edge);
        if !edge_type.has_string_name() {
            return self.columns().edges.number(edge).to_string().into_bytes().into();
        }
        let name = self.columns().strings.get(self.columns().edges.name(edge));
        match shortcut_number(edge_type, &name) {
            Some(number) => js_number(number).into_bytes().into(),
            None => name,
        }
    }

    /// Whether the name of the edge is text, for sorting: text stands before numbers.
    pub(crate) fn edge_has_text_name(&self, edge: EdgeIx) -> bool {
        let edge_type = self.edge_type(edge);
        edge_type.has_string_name()
            && (edge_type != EdgeType::SHORTCUT
                || parse_int(&self.columns().strings.get(self.columns().edges.name(edge))).is_none())
    }
}

fn shortcut_number(edge_type: EdgeType, name: &[u8]) -> Option<f64> {
    if edge_type == EdgeType::SHORTCUT { parse_int(name) } else { None }
}

/// A whole number as JavaScript's `String` writes it, for those that shortcuts have.
fn js_number(number: f64) -> String {
    if number == 0.0 { "0".into() } else { format!("{number}") }
}
