//! Global objects that the file has no name for → what people call them.
//!
//! Engines that write them as plain objects leave DevTools nothing but their first properties:
//! `{Object, Function, Error, …}`.

use crate::base::ids::NodeIx;
use crate::columns::NodeType;
use crate::heap::Heap;

/// The names under which a global object has itself; a page's comes first where it has a document.
const NAMES: [&str; 3] = ["globalThis", "global", "window"];
/// No other object has all of these.
const CONSTRUCTORS: [&str; 4] = ["Object", "Function", "Array", "Error"];
/// No global object has fewer properties: most objects are done with here.
const LEAST_EDGES: usize = 20;

/// The name of a global object that is written as a plain object; nothing for any other object.
pub(super) fn name(heap: &Heap, node: NodeIx) -> Option<&'static str> {
    let is_candidate = heap.node_type(node) == NodeType::OBJECT
        && heap.columns().nodes.edges(node).len() >= LEAST_EDGES
        && heap.known().is_plain_object(heap.columns(), node);
    if !is_candidate {
        return None;
    }
    let mut constructors = [false; CONSTRUCTORS.len()];
    let mut names = [false; NAMES.len()];
    let mut has_document = false;
    for edge in heap.columns().edges_of(node).filter(|&edge| heap.known().is_named_property(heap.columns(), edge)) {
        let property = heap.edge_name(edge);
        let is = |word: &&str| word.as_bytes() == &*property;
        constructors.iter_mut().zip(&CONSTRUCTORS).filter(|(_, word)| is(word)).for_each(|(seen, _)| *seen = true);
        names.iter_mut().zip(&NAMES).filter(|(_, word)| is(word)).for_each(|(seen, _)| *seen = true);
        has_document |= is(&"document");
    }
    if constructors.contains(&false) {
        return None;
    }
    match names {
        [_, _, true] if has_document => Some("window"),
        [false, true, _] => Some("global"),
        [false, false, true] => Some("window"),
        _ => Some("globalThis"),
    }
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
