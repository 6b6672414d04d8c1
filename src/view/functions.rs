//! What sentences and rows call functions: `handle()`, with its place where that says more.

use super::cut::cut;
use super::{place, text};
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::naming;

/// Names and keys are cut here: the whole of them is in the rows.
const LONGEST: usize = 41;
/// A file may bind functions in a circle.
const MOST_BOUND: usize = 4;

/// Where a function stands.
pub(crate) fn at(heap: &Heap, closure: NodeIx) -> Option<String> {
    heap.location(closure).map(|location| place::short(heap, location))
}

pub(crate) fn function(name: &str, at: Option<&str>) -> String {
    let name = if name.is_empty() { "a nameless function".into() } else { format!("{}()", short(name)) };
    match at {
        Some(at) => format!("{name} ({at})"),
        None => name,
    }
}

/// A closure with its place.
pub(crate) fn placed(heap: &Heap, closure: NodeIx) -> String {
    function(&function_text(heap, &heap.raw_name(closure)), at(heap, closure).as_deref())
}

pub(crate) fn function_text(heap: &Heap, raw: &[u8]) -> String {
    text::safe(if heap.producer().is_hermes() { naming::hermes_function(raw) } else { raw })
}

pub(crate) fn short(text: &str) -> String {
    cut(text, LONGEST).into_owned()
}

pub(crate) fn is_bound(heap: &Heap, closure: NodeIx) -> bool {
    heap.raw_name(closure).starts_with(b"native_bind")
}

/// A closure in one or two words. A bound function goes by the one behind it, however many times it is bound.
pub(crate) fn called(heap: &Heap, closure: NodeIx) -> String {
    let (mut at, mut bound) = (closure, 0);
    while is_bound(heap, at) && bound < MOST_BOUND {
        let Some(behind) = heap.target_named(at, EdgeType::INTERNAL, "bound_function") else {
            return format!("{}a bound function", "bound ".repeat(bound));
        };
        (at, bound) = (behind, bound + 1);
        if heap.node_type(at) != NodeType::CLOSURE {
            break;
        }
    }
    format!("{}{}", "bound ".repeat(bound), function(&function_text(heap, &heap.raw_name(at)), None))
}
