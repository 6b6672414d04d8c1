//! Why an object was found: the property or the piece of text in which a word of the query occurs.

use std::ops::Range;

use super::Query;
use super::language::{Condition, Expr, Matcher};
use super::ropes::SEARCHED;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;

/// Of an object with more references so many are looked at: a row must not make anybody wait.
const LOOKED_AT: usize = 10_000;

/// What of an object fits a word of the query, besides its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A property, variable or element.
    Reference(EdgeIx),
    /// A piece of the content of a string, in bytes of its text as far as that was searched.
    Text(Range<usize>),
}

impl Query {
    /// Why an object was found, as far as its name does not say it: the first word of the query that tells. Looks at
    /// this object only, so it is for rows that somebody sees.
    pub(crate) fn reason(&self, heap: &Heap, node: NodeIx) -> Option<Reason> {
        reason(&self.expr, heap, node)
    }
}

fn reason(expr: &Expr, heap: &Heap, node: NodeIx) -> Option<Reason> {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().find_map(|part| reason(part, heap, node)),
        // What does not hold is in no piece of it.
        Expr::Not(_) => None,
        Expr::Is(condition) => of_condition(condition, heap, node),
    }
}

fn of_condition(condition: &Condition, heap: &Heap, node: NodeIx) -> Option<Reason> {
    match condition {
        Condition::Anywhere(matcher) => {
            let in_name = || !is_text(heap, node) && matcher.matches(&heap.name(node));
            in_text(matcher, heap, node).or_else(|| match in_name() {
                true => None,
                false => reference(heap, node, |edge, name| matcher.matches(name) && !is_proto(heap, edge)),
            })
        }
        Condition::Text(matcher) => in_text(matcher, heap, node),
        Condition::Has(matcher) => reference(heap, node, |_, name| matcher.matches(name)),
        Condition::Property { name: wanted, .. } => heap.columns().edges_of(node).take(LOOKED_AT).find_map(|edge| {
            let is_named = matches!(heap.edge_type(edge), EdgeType::PROPERTY | EdgeType::CONTEXT | EdgeType::ELEMENT);
            (is_named && *heap.edge_name(edge) == **wanted).then_some(Reason::Reference(edge))
        }),
        _ => None,
    }
}

fn is_text(heap: &Heap, node: NodeIx) -> bool {
    matches!(heap.node_type(node), NodeType::STRING | NodeType::CONS_STRING)
}

fn is_proto(heap: &Heap, edge: EdgeIx) -> bool {
    heap.known().proto.contains(heap.columns().edges.name(edge))
}

fn in_text(matcher: &Matcher, heap: &Heap, node: NodeIx) -> Option<Reason> {
    if !is_text(heap, node) {
        return None;
    }
    matcher.find(&searched_text(heap, node)).map(Reason::Text)
}

/// The text of a string as far as it is searched.
pub(crate) fn searched_text(heap: &Heap, node: NodeIx) -> Vec<u8> {
    match heap.node_type(node) {
        NodeType::CONS_STRING => heap.joined_text(node, SEARCHED),
        _ => heap.raw_name(node).into_owned(),
    }
}

/// The first property or variable whose name is as wanted.
fn reference(heap: &Heap, node: NodeIx, wanted: impl Fn(EdgeIx, &[u8]) -> bool) -> Option<Reason> {
    let named = |edge: &EdgeIx| matches!(heap.edge_type(*edge), EdgeType::PROPERTY | EdgeType::CONTEXT);
    let mut edges = heap.columns().edges_of(node).take(LOOKED_AT).filter(named);
    edges.find(|&edge| wanted(edge, &heap.edge_name(edge))).map(Reason::Reference)
}
