//! The rest of a path, and what its references are called: what the rules of all engines ask.

use super::names::{self, FunctionScope, name, name_with_place, short};
use super::{How, Variable};
use crate::analysis::ways::Step;
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::view::globals::is_global;
use crate::view::{label, text};

/// What a rule makes of the beginning of a path: what it says, if anything, and how many steps it speaks of.
pub(super) type Folded = (Option<How>, usize);

/// The rest of a path, and the object at which it begins.
#[derive(Clone, Copy)]
pub(super) struct Fold<'a> {
    pub heap: &'a Heap,
    pub target: NodeIx,
    pub rest: &'a [Step],
}

impl Fold<'_> {
    /// The name of the reference `ahead` steps further; empty behind the end.
    pub(super) fn link(&self, ahead: usize) -> String {
        self.rest.get(ahead).map_or_else(String::new, |&(edge, _)| text::safe(&self.heap.edge_name(edge)))
    }

    pub(super) fn is_inner(&self, ahead: usize, wanted: &str) -> bool {
        self.rest.get(ahead).is_some_and(|&(edge, _)| {
            self.heap.edge_type(edge) == EdgeType::INTERNAL && *self.heap.edge_name(edge) == *wanted.as_bytes()
        })
    }

    pub(super) fn is_property(&self, ahead: usize, wanted: &str) -> bool {
        self.rest.get(ahead).is_some_and(|&(edge, _)| {
            self.heap.edge_type(edge) == EdgeType::PROPERTY && *self.heap.edge_name(edge) == *wanted.as_bytes()
        })
    }

    /// Whether the object that step `ahead` leaves has this name of the engine.
    pub(super) fn is_from(&self, ahead: usize, wanted: &str) -> bool {
        let name = |&(_, from): &Step| *self.heap.raw_name(from) == *wanted.as_bytes();
        self.rest.get(ahead).is_some_and(name)
    }

    /// A variable of a scope. Scopes between it and the function on the path do not count.
    pub(super) fn variable(&self, name_of: String) -> Folded {
        let scope = FunctionScope::of(self.heap, self.rest[0].1);
        let variable = |user| How::Variable(Variable { name: short(&name_of), scope, user });
        for (index, &(_, from)) in self.rest.iter().enumerate().skip(1) {
            let is_user = self.is_inner(index, "context") || self.is_inner(index, "environment");
            if is_user && self.heap.node_type(from) != NodeType::ARRAY {
                return (Some(variable(Some(name_with_place(self.heap, from)))), index + 1);
            }
            if !self.is_inner(index, "previous") && !self.is_inner(index, "parentEnvironment") {
                break;
            }
        }
        (Some(variable(None)), 1)
    }
}

/// A key as people write it.
pub(super) fn key_text(heap: &Heap, key: NodeIx) -> String {
    let value = label::value(heap, key);
    match heap.node_type(key) {
        NodeType::SYMBOL => match names::inner(heap, key, "name") {
            Some(name) => format!("Symbol({})", short(&text::safe(&heap.name(name)))),
            None => symbol(&value),
        },
        _ if is_global(heap, key) => name(heap, key),
        _ => short(&value),
    }
}

/// `Symbol(kEvents)` for what V8 calls `<symbol kEvents>`.
pub(super) fn symbol(name: &str) -> String {
    match name.strip_prefix("<symbol ").and_then(|rest| rest.strip_suffix('>')) {
        Some(description) => format!("Symbol({})", short(description)),
        None => short(name),
    }
}
