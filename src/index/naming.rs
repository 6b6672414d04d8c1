//! Names that engines compose, and ways that rules take by name: `Detached <div>`, `system / Script / URL`, a closure's
//! `shared`, its `script`. Names are WTF-8. What is shown to people stands in `heap/names.rs`.

use std::borrow::Cow;

use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, StrIx};
use crate::columns::{Columns, EdgeType, StrSet};
use crate::index::Known;

/// What stands before the name of a DOM node that hangs on no document.
const DETACHED_PREFIX: &[u8] = b"Detached ";
/// What V8 15 puts before the URL of a script.
const SCRIPT_PREFIX: &[u8] = b"system / Script / ";

/// The name with the prefix of a detached DOM node.
pub(crate) fn detached(name: &[u8]) -> Vec<u8> {
    [DETACHED_PREFIX, name].concat()
}

/// What follows `Detached `; nothing for other names.
pub(crate) fn after_detached(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(DETACHED_PREFIX)
}

/// Objects of Node.js itself, detached or not (Node's memory_tracker-inl.h, `MemoryRetainerNode`).
pub(crate) fn is_of_node(name: &[u8]) -> bool {
    after_detached(name).unwrap_or(name).starts_with(b"Node / ")
}

/// Whether V8 names a thing of its own so: `system / Context`, or that with ` / ` and more behind it.
fn is_system(name: &[u8], kind: &str) -> bool {
    let rest = name.strip_prefix(b"system / ").and_then(|rest| rest.strip_prefix(kind.as_bytes()));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b" / "))
}

/// Scopes of functions.
pub(crate) fn is_context(name: &[u8]) -> bool {
    is_system(name, "Context")
}

/// Native contexts, whether detached or not.
pub(crate) fn is_native_context(name: &[u8]) -> bool {
    is_system(after_detached(name).unwrap_or(name), "NativeContext")
}

/// What Hermes writes as ordinary objects, though only the engine works with them: scopes, hidden classes, stores of
/// elements and of properties, the tables behind Maps and Sets.
pub(crate) fn is_of_hermes(name: &[u8]) -> bool {
    matches!(
        name,
        b"Environment"
            | b"HiddenClass"
            | b"ArrayStorage"
            | b"ArrayStorageSmall"
            | b"SegmentedArray"
            | b"SegmentedArraySmall"
            | b"DictPropertyMap"
            | b"OrderedHashMap"
            | b"HashMapEntry"
            | b"PropertyAccessor"
    )
}

/// What Blink writes as native objects, though only the browser works with them: whatever has a name of C++, and what
/// stands between the objects of a page and its functions (the `NameInHeapSnapshot` and `GetHumanReadableName` of
/// blink/renderer, and the callbacks that its bindings generate, `V8MutationCallback`).
pub(crate) fn is_of_blink(name: &[u8]) -> bool {
    let name = after_detached(name).unwrap_or(name);
    let is_binding = name.strip_prefix(b"V8").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_uppercase));
    is_binding
        || name.windows(2).any(|two| two == b"::")
        || matches!(
            name,
            b"EventListener"
                | b"ScheduledAction"
                | b"IdleTask"
                | b"ScriptedAnimationController"
                | b"ScriptedIdleTaskController"
                | b"MutationObserverRegistration"
                | b"ResizeObservation"
                | b"IntersectionObservation"
                | b"IntersectionObserverDelegate"
                | b"ElementIntersectionObserverData"
                | b"NodeRareData"
                | b"ElementRareData"
                | b"Pending activities"
        )
}

/// Nodes of a DOM tree, attached or not.
pub(crate) fn is_dom_node(name: &[u8]) -> bool {
    let name = after_detached(name).unwrap_or(name);
    let end = name.windows(3).position(|three| three == b" / ").unwrap_or(name.len());
    let is_document = name[..end].ends_with(b"Document") || matches!(name, b"DocumentFragment" | b"DocumentType");
    let is_other = matches!(
        name,
        b"Text" | b"Attr" | b"Element" | b"Comment" | b"ShadowRoot" | b"CDATASection" | b"ProcessingInstruction"
    );
    let is_element =
        name.starts_with(b"<") || name.ends_with(b"Element") && (name.starts_with(b"HTML") || name.starts_with(b"SVG"));
    (is_document || is_other || is_element) && !name.windows(2).any(|two| two == b"::")
}

/// How a function of Hermes is called: the inner function of a generator has a name of its own.
pub(crate) fn hermes_function(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"?anon_0_").unwrap_or(name)
}

/// Scripts (ContextAnalyzer.ts takes whatever begins so).
pub(crate) fn is_script(name: &[u8]) -> bool {
    name.starts_with(b"system / Script")
}

/// What all closures of one function share.
pub(crate) fn is_shared_function(name: &[u8]) -> bool {
    name.starts_with(b"system / SharedFunctionInfo")
}

/// A thing of V8 that is no script: stands where a script is looked for while a debugger has its hands on a function.
pub(crate) fn is_other_than_script(name: &[u8]) -> bool {
    name.starts_with(b"system / ") && !is_script(name)
}

/// The path or URL in the name of a script node; nothing where the script has none.
pub(crate) fn script_url(name: Cow<'_, [u8]>) -> Option<Cow<'_, [u8]>> {
    if matches!(&name[..], b"" | b"system / Script" | SCRIPT_PREFIX) {
        return None;
    }
    Some(match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.strip_prefix(SCRIPT_PREFIX).unwrap_or(name)),
        Cow::Owned(mut name) if name.starts_with(SCRIPT_PREFIX) => Cow::Owned(name.split_off(SCRIPT_PREFIX.len())),
        name => name,
    })
}

/// The URL in the name of a script node of V8 15; nothing for other names and where it is empty.
pub(crate) fn url_of_system_script(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(SCRIPT_PREFIX).filter(|url| !url.is_empty())
}

/// The strings whose text passes `test`.
pub(crate) fn strings_where(columns: &Columns, test: impl Fn(&[u8]) -> bool) -> Bits {
    columns.strings.filter_raw(|string, _| test(&columns.strings.get(string)))
}

/// The target of the first internal edge with one of the names (HeapSnapshot.ts, `findInternalEdgeTarget`).
#[inline]
pub(crate) fn internal_target(columns: &Columns, node: NodeIx, names: &[&StrSet]) -> Option<NodeIx> {
    let edges = &columns.edges;
    let is_named = |name: StrIx| names.iter().any(|names| names.contains(name));
    columns
        .edges_of(node)
        .find(|&edge| edges.edge_type(edge) == EdgeType::INTERNAL && is_named(edges.name(edge)))
        .map(|edge| edges.target(edge))
}

/// The script of what closures of one function share. The edge is called `script_or_debug_info` up to Node 20.
pub(crate) fn script_of_shared(columns: &Columns, known: &Known, shared: NodeIx) -> Option<NodeIx> {
    internal_target(columns, shared, &[&known.script, &known.script_or_debug_info])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_ends_where_its_name_does() {
        let names: [&[u8]; 5] = [
            b"system / Context",
            b"system / Context / f",
            b"system / ContextX",
            b"system / NativeContext",
            b"Detached system / Context",
        ];
        assert_eq!(names.map(is_context), [true, true, false, false, false]);
        let names: [&[u8]; 3] =
            [b"system / NativeContext / https://a", b"Detached system / NativeContext", b"system / Context"];
        assert_eq!(names.map(is_native_context), [true, true, false]);
    }

    #[test]
    fn a_script_is_called_by_its_url_alone() {
        let url = |name: &'static str| script_url(name.as_bytes().into()).map(Cow::into_owned);
        assert_eq!(url("system / Script / a.js"), Some(b"a.js".to_vec()));
        assert_eq!(url("a.js"), Some(b"a.js".to_vec()));
        assert_eq!(["", "system / Script", "system / Script / "].map(url), [None, None, None]);
    }
}
