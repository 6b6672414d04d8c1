//! What references of Hermes mean. It writes all that only the engine works with as ordinary objects, numbers the
//! variables of its scopes, and leaves names out that no slot needs.
//!
//! The names are those of `_snapshotAddEdgesImpl` in Hermes's lib/VM (JSObject.cpp, Callable.cpp, OrderedHashMap.cpp,
//! JSWeakMapImpl.cpp, JSProxy.cpp); promises are a program of its own (lib/InternalBytecode/01-Promise.js).

use super::names;
use super::rest::{Fold, Folded, key_text};
use super::{EntryKey, How};
use crate::analysis::ways::{Path, Step};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::naming;
use crate::view::text;

/// Of the key that an entry of a WeakMap belongs to, files of Hermes hold a weak reference, but not which.
const UNTOLD_KEY: &str = "that the file does not name";

/// The path over references with names: the first five properties have references with numbers beside them, and the
/// prototype one that is called `parent`.
pub(super) fn with_names(heap: &Heap, node: NodeIx, path: &Path) -> Path {
    let targets = std::iter::once(node).chain(path.iter().map(|&(_, from)| from));
    path.iter().zip(targets).map(|(&(edge, from), target)| (named(heap, edge, from, target), from)).collect()
}

fn named(heap: &Heap, edge: EdgeIx, from: NodeIx, target: NodeIx) -> EdgeIx {
    let name = heap.edge_name(edge);
    let is_parent = *name == *b"parent";
    if heap.edge_type(edge) != EdgeType::INTERNAL || !(is_parent || name.starts_with(b"directProp")) {
        return edge;
    }
    let is_same = |&other: &EdgeIx| {
        heap.target(other) == target
            && heap.edge_type(other) == EdgeType::PROPERTY
            && is_parent == (*heap.edge_name(other) == *b"__proto__")
    };
    heap.columns().edges_of(from).find(is_same).unwrap_or(edge)
}

impl Fold<'_> {
    /// What a reference of Hermes's own says.
    pub(super) fn of_hermes(&self) -> Option<Folded> {
        if !self.heap.producer().is_hermes() {
            return None;
        }
        match self.heap.edge_type(self.rest[0].0) {
            EdgeType::INTERNAL => self.of_hermes_slot(),
            EdgeType::PROPERTY => self.of_hermes_promise(),
            _ => None,
        }
    }

    fn of_hermes_slot(&self) -> Option<Folded> {
        let name = self.link(0);
        let number = name.parse::<u64>().ok();
        Some(match (name.as_str(), number) {
            ("key" | "value", _) if self.is_from(0, "HashMapEntry") => self.of_hermes_entry(),
            (_, Some(_)) if self.is_from(0, "Environment") => self.variable(name),
            ("environment", _) if self.heap.node_type(self.rest[0].1) == NodeType::CLOSURE => (Some(How::Scope), 1),
            (_, Some(0)) if self.is_inner(1, "argStorage") => (Some(How::BoundThis), 2),
            (_, Some(number)) if self.is_inner(1, "argStorage") => (Some(How::BoundArgument(number)), 2),
            ("target", _) if self.heap.node_type(self.rest[0].1) == NodeType::CLOSURE => (Some(How::BoundFunction), 1),
            (_, Some(_)) if self.is_inner(1, "savedContext") => {
                (Some(How::Local), if self.is_inner(2, "innerFunction") { 3 } else { 2 })
            }
            (_, Some(_)) if self.is_inner(1, "valueStorage") => (Some(How::WeakEntry(UNTOLD_KEY.into())), 2),
            (_, Some(_)) if self.is_inner(1, "elements") => (Some(How::Element(name)), 2),
            ("@target", _) => (Some(How::ProxyTarget), 1),
            ("@handler", _) => (Some(How::ProxyHandler), 1),
            _ if self.rest.len() > 1 && naming::is_of_hermes(&self.heap.raw_name(self.rest[0].1)) => (None, 1),
            _ => return None,
        })
    }

    /// An entry of a Map or Set: entries lead to each other and to the table that the collection has.
    fn of_hermes_entry(&self) -> Folded {
        let heap = self.heap;
        let is_inner = |&&(_, from): &&Step| naming::is_of_hermes(&heap.raw_name(from));
        let end = self.rest.iter().take_while(is_inner).count().min(self.rest.len() - 1);
        let how = match (heap.class_name(self.rest[end].1).ends_with(b"Set"), self.link(0).as_str()) {
            (true, _) => How::Member,
            (false, "key") => How::Key,
            (false, _) => match names::inner(heap, self.rest[0].1, "key") {
                Some(key) if heap.node_type(key) == NodeType::NUMBER => {
                    How::Entry(EntryKey::Known(text::safe(&heap.raw_name(key))))
                }
                Some(key) => How::Entry(EntryKey::Known(key_text(heap, key))),
                None => How::Entry(EntryKey::NotInFile),
            },
        };
        (Some(how), end + 1)
    }

    /// Promises: `_j` is the result, and `_k` the handlers that wait for it, one or an array of them.
    fn of_hermes_promise(&self) -> Option<Folded> {
        let from = self.rest[0].1;
        if self.is_property(0, "_j") && names::property(self.heap, from, "_k").is_some() {
            return Some((Some(How::Result), 1));
        }
        let slots = ["onFulfilled", "onRejected", "promise"];
        if !(self.is_from(0, "Handler") && slots.iter().any(|slot| self.is_property(0, slot))) {
            return None;
        }
        let end = (1..=2).find(|&at| self.is_property(at, "_k"))?;
        Some((Some(How::Waits), end + 1))
    }
}
