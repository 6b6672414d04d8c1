//! What the sentences call objects, functions and scopes.

use crate::analysis::inside;
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::naming;
pub(super) use crate::view::functions::short;
use crate::view::functions::{self, is_bound, placed};
use crate::view::globals::{self, is_global, is_without_page};
pub(super) use crate::view::scope::FunctionScope;
use crate::view::{label, text};

/// Objects that are looked at to learn whether the file tells what holds an object.
const LOOKED_AT: usize = 10_000;

/// An object in one or two words, without its id; functions with their place.
pub(super) fn name_with_place(heap: &Heap, node: NodeIx) -> String {
    let function = match heap.node_type(node) {
        NodeType::CLOSURE if !is_bound(heap, node) => Some(node),
        NodeType::OBJECT => inner(heap, node, "parameters_and_registers").and_then(|_| inner(heap, node, "function")),
        _ => None,
    };
    function.map_or_else(|| name(heap, node), |function| placed(heap, function))
}

/// An object in one or two words, without its id.
pub(super) fn name(heap: &Heap, node: NodeIx) -> String {
    let raw = heap.raw_name(node);
    match heap.node_type(node) {
        NodeType::CLOSURE => functions::called(heap, node),
        _ if is_global(heap, node) && is_without_page(&raw) => {
            if heap.is_detached_dom_node(node) {
                "Detached Window".into()
            } else {
                "Window".into()
            }
        }
        _ if is_global(heap, node) => globals::word(heap, node).into(),
        _ if is_document(heap, node) => "document".into(),
        _ if naming::is_context(&raw) => "a scope".into(),
        NodeType::OBJECT | NodeType::NATIVE if is_timer(&raw) => timer(heap, node, &raw),
        NodeType::OBJECT if inner(heap, node, "parameters_and_registers").is_some() => suspended(heap, node),
        NodeType::OBJECT if heap.producer().is_hermes() && raw.ends_with(b"Generator") => {
            inner(heap, node, "innerFunction").map_or_else(|| text::safe(&raw), |function| name(heap, function))
        }
        _ if raw.as_ref() == b"system / JSProxy" => "Proxy".into(),
        _ => short(&label::value(heap, node)),
    }
}

/// What several hold, at the beginning of a sentence.
pub(super) fn name_at_fork(heap: &Heap, node: NodeIx) -> String {
    match name(heap, node) {
        scope if scope == "a scope" => "That scope".into(),
        name => name,
    }
}

fn is_timer(raw: &[u8]) -> bool {
    matches!(raw, b"Timeout" | b"Immediate" | b"DOMTimer")
}

/// A timer of Node or of a browser by what it will call.
fn timer(heap: &Heap, node: NodeIx, raw: &[u8]) -> String {
    if raw == b"DOMTimer" {
        let function = inside::callback_of(heap, node).map(|edge| heap.target(edge));
        return function.map_or_else(|| "a timer".into(), |function| format!("the timer {}", placed(heap, function)));
    }
    let callback = ["_onTimeout", "_onImmediate"].iter().find_map(|wanted| property(heap, node, wanted));
    match callback.filter(|&callback| heap.node_type(callback) == NodeType::CLOSURE) {
        Some(callback) if raw == b"Immediate" => format!("the immediate {}", placed(heap, callback)),
        Some(callback) => format!("the timer {}", placed(heap, callback)),
        None => text::safe(raw),
    }
}

/// A generator or the state of an async function, by its function.
fn suspended(heap: &Heap, node: NodeIx) -> String {
    match inner(heap, node, "function") {
        Some(function) => name(heap, function),
        None => short(&label::value(heap, node)),
    }
}

/// The document of a page.
pub(super) fn is_document(heap: &Heap, node: NodeIx) -> bool {
    heap.node_type(node) == NodeType::NATIVE
        && matches!(heap.raw_name(node).as_ref(), b"HTMLDocument" | b"XMLDocument")
        && !heap.is_detached_dom_node(node)
}

/// What people know without being told what holds it: global objects, timers, Node's `process`.
pub(super) fn is_known(heap: &Heap, node: NodeIx) -> bool {
    let raw = heap.raw_name(node);
    let is_object = heap.node_type(node) == NodeType::OBJECT;
    let is_native = heap.node_type(node) == NodeType::NATIVE;
    is_global(heap, node) && !is_without_page(&raw)
        || is_object && (is_timer(&raw) || raw.as_ref() == b"process")
        || is_native && raw.as_ref() == b"DOMTimer"
        || is_document(heap, node)
}

/// Things whose name says enough: functions, roots, objects of a class of one's own.
pub(super) fn is_landmark(heap: &Heap, node: NodeIx) -> bool {
    match heap.node_type(node) {
        NodeType::CLOSURE | NodeType::SYNTHETIC => true,
        NodeType::OBJECT | NodeType::NATIVE => {
            let class = text::safe(heap.class_name(node));
            let common = ["Object", "Array", "Map", "Set", "WeakMap", "WeakSet", "Promise", "Module"];
            let is_literal = |class: &str| {
                let class = class.strip_prefix("JS").unwrap_or(class);
                common.contains(&class) || class.starts_with("Object(")
            };
            !(common.contains(&class.as_str())
                || heap.producer().is_hermes() && is_literal(&class)
                || class.starts_with(['{', '('])
                || class.starts_with("system / "))
        }
        _ => false,
    }
}

/// Whose prototype `prototype` is, which `object` has as its own.
pub(super) fn prototype_of(heap: &Heap, prototype: NodeIx, object: NodeIx) -> String {
    let constructor = property(heap, prototype, "constructor");
    match constructor.filter(|&found| heap.node_type(found) == NodeType::CLOSURE) {
        Some(constructor) if !heap.raw_name(constructor).is_empty() => short(&text::safe(&heap.raw_name(constructor))),
        _ => short(&text::safe(heap.class_name(object))),
    }
}

/// The roots of the engine that refer to an object which needs no other holder.
pub(super) fn roots_of(heap: &Heap, node: NodeIx) -> Vec<String> {
    let roots = heap.shown_retainers(node).map(|(_, from)| from);
    let roots = roots.filter(|&from| heap.node_type(from) == NodeType::SYNTHETIC || heap.roots().contains(from));
    let mut names: Vec<String> = roots.take(LOOKED_AT).map(|from| label::value(heap, from)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether the file tells what leads to an object that no root reaches: everything that does is held weakly, or by
/// something that is. Where engines leave references out, something seems to be held by nothing at all.
pub(super) fn is_told(heap: &Heap, node: NodeIx) -> bool {
    let mut seen = rustc_hash::FxHashSet::from_iter([node]);
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        let mut others = heap.shown_retainers(at).map(|(_, from)| from).filter(|&from| from != at).peekable();
        if others.peek().is_none() && !has_weak_retainer(heap, at) || seen.len() > LOOKED_AT {
            return false;
        }
        open.extend(others.take(LOOKED_AT).filter(|&from| seen.insert(from)));
    }
    true
}

fn has_weak_retainer(heap: &Heap, node: NodeIx) -> bool {
    heap.retainers().is_some_and(|retainers| retainers.edges(node).any(|edge| heap.edge_type(edge) == EdgeType::WEAK))
}

/// The target of a property.
pub(super) fn property(heap: &Heap, node: NodeIx, name: &str) -> Option<NodeIx> {
    heap.target_named(node, EdgeType::PROPERTY, name)
}

/// The target of an internal reference.
pub(super) fn inner(heap: &Heap, node: NodeIx, name: &str) -> Option<NodeIx> {
    heap.target_named(node, EdgeType::INTERNAL, name)
}
