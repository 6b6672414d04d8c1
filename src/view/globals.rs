//! Global objects → what people call them: `window`, `globalThis`, `global`. Which objects of a heap they are:
//! `index/globals.rs`.
//!
//! Engines that write them as plain objects leave DevTools nothing but their first properties:
//! `{Object, Function, Error, …}`.

use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType, StrSet};
use crate::heap::Heap;
use crate::index::naming;

/// No global object has fewer properties: most objects are done with here.
const LEAST_EDGES: usize = 20;

/// The name of a global object that is written as a plain object; nothing for any other object.
pub(super) fn of_plain(heap: &Heap, node: NodeIx) -> Option<&'static str> {
    let is_candidate = heap.node_type(node) == NodeType::OBJECT
        && heap.columns().nodes.edges(node).len() >= LEAST_EDGES
        && heap.known().is_plain_object(heap.columns(), node);
    if !is_candidate || !has_constructors(heap, node) {
        return None;
    }
    Some(word(heap, node))
}

/// What programs call a global object.
pub(crate) fn word(heap: &Heap, object: NodeIx) -> &'static str {
    if is_window(&heap.raw_name(object)) {
        return "window";
    }
    // The names under which it has itself; a page's comes first where it has a document.
    let known = heap.known();
    match has(heap, object, [&known.global_this, &known.global, &known.window, &known.document]) {
        [_, _, true, true] => "window",
        [false, true, _, _] => "global",
        [false, false, true, _] => "window",
        _ => "globalThis",
    }
}

/// No other object has all of these.
fn has_constructors(heap: &Heap, node: NodeIx) -> bool {
    let known = heap.known();
    !has(heap, node, [&known.object, &known.function, &known.array, &known.error]).contains(&false)
}

/// Whether an object is named as global objects are: a page's, Blink's native half of it among them, a worker's or
/// Node's. Looks at this object only.
pub(crate) fn is_global(heap: &Heap, node: NodeIx) -> bool {
    let raw = heap.raw_name(node);
    matches!(heap.node_type(node), NodeType::OBJECT | NodeType::NATIVE)
        && (is_window(&raw)
            || kind(&raw).ends_with(b"WorkerGlobalScope")
            || matches!(raw.as_ref(), b"global" | b"global (global)" | b"global (global*)")
            || raw.ends_with(b"(Dictionary)") && is_of_hermes(heap, node))
}

/// The global object of Hermes has no name of its own.
fn is_of_hermes(heap: &Heap, node: NodeIx) -> bool {
    let is_itself =
        |edge| heap.target(edge) == node && heap.known().global_this.contains(heap.columns().edges.name(edge));
    heap.producer().is_hermes()
        && heap.columns().edges_of(node).any(|edge| heap.edge_type(edge) == EdgeType::PROPERTY && is_itself(edge))
}

/// `Window`, `Window / URL`, `Window [JSGlobalObject] / URL`: neither its prototype nor a class of a program.
fn is_window(raw: &[u8]) -> bool {
    let raw = naming::after_detached(raw).unwrap_or(raw);
    raw == b"Window" || [&b"Window / "[..], b"Window [", b"Window ("].iter().any(|start| raw.starts_with(start))
}

/// A window whose page is gone has no URL behind its name: what holds it is news.
pub(crate) fn is_without_page(raw: &[u8]) -> bool {
    is_window(raw) && !raw.windows(3).any(|three| three == b" / ")
}

/// What stands before URL and marks: `Window`, `DedicatedWorkerGlobalScope`.
pub(super) fn kind(raw: &[u8]) -> &[u8] {
    raw.split(|byte| matches!(byte, b' ' | b'[' | b'(')).next().unwrap_or(raw)
}

/// Which of the names are properties of an object.
fn has<const N: usize>(heap: &Heap, object: NodeIx, names: [&StrSet; N]) -> [bool; N] {
    let mut found = [false; N];
    for edge in heap.columns().edges_of(object).filter(|&edge| heap.known().is_named_property(heap.columns(), edge)) {
        let property = heap.columns().edges.name(edge);
        for (found, names) in found.iter_mut().zip(names) {
            *found |= names.contains(property);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::notation::Graph;
    use crate::view::label;

    fn called(properties: &[&str]) -> String {
        let others = (0..20).map(|number| format!("Object#1 -own{number}-> Thing#{number}"));
        let named = properties.iter().map(|name| format!("Object#1 -{name}-> {name}#value"));
        let graph = format!("r -[1]-> Object#1; {}", named.chain(others).collect::<Vec<_>>().join("; "));
        let graph = Graph::new(&graph);
        label::value(&graph.heap, graph.node("Object#1"))
    }

    #[test]
    fn a_global_object_is_called_what_people_call_it() {
        let constructors = ["Object", "Function", "Array", "Error"];
        let with = |more: &[&str]| called(&[&constructors[..], more].concat());
        assert_eq!(with(&["globalThis", "global"]), "globalThis");
        assert_eq!(with(&["global"]), "global");
        assert_eq!(with(&["window", "globalThis"]), "globalThis");
        assert_eq!(with(&["window", "globalThis", "document"]), "window");
        assert_eq!(with(&[]), "globalThis");
        assert!(called(&constructors[..3]).starts_with("{Object, Function"), "{}", called(&constructors[..3]));
    }
}
