//! What references of ES modules mean: V8's SourceTextModule, whose exports and `import.meta` stand in cells and slots
//! without names.

use super::names::{self, FunctionScope, short};
use super::rest::{Fold, Folded};
use super::{How, Variable};
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::naming;
use crate::view::text;

impl Fold<'_> {
    /// What a module exports stands in a cell for each, `import.meta` in a slot of its own.
    pub(super) fn of_module(&self) -> Option<Folded> {
        let heap = self.heap;
        let is_module = |at: usize| {
            let module = self.rest.get(at).map(|&(_, from)| from);
            module.filter(|&module| heap.raw_name(module).starts_with(b"system / SourceTextModule"))
        };
        if let Some(module) = is_module(0) {
            let is_meta = heap.node_type(self.target) == NodeType::OBJECT
                && names::property(heap, self.target, "url").is_some()
                && self.is_hidden(0);
            return is_meta.then(|| (Some(self.variable_of(module, "import.meta".into())), 1));
        }
        if !(self.is_inner(0, "value") && self.is_from(0, "system / Cell")) {
            return None;
        }
        let module = is_module(2)?;
        let cell = self.rest[0].1;
        let tables = heap.columns().edges_of(module).map(|edge| heap.target(edge));
        let name = tables
            .filter(|&table| heap.node_type(table) == NodeType::ARRAY)
            .find_map(|table| key_before(heap, table, cell))?;
        Some((Some(self.variable_of(module, name)), 3))
    }

    fn is_hidden(&self, at: usize) -> bool {
        self.rest.get(at).is_some_and(|&(edge, _)| self.heap.edge_type(edge) == EdgeType::HIDDEN)
    }

    /// A variable of the scope of a module.
    fn variable_of(&self, module: NodeIx, name: String) -> How {
        let heap = self.heap;
        let mut scopes = heap.shown_retainers(module).map(|(_, from)| from);
        let scope = scopes.find(|&from| naming::is_context(&heap.raw_name(from)));
        let scope = scope.map_or(FunctionScope::Unknown, |scope| FunctionScope::of(heap, scope));
        How::Variable(Variable { name, scope, user: None })
    }
}

/// The text before `value` in a table of pairs.
fn key_before(heap: &Heap, table: NodeIx, value: NodeIx) -> Option<String> {
    let mut before = None;
    for edge in heap.columns().edges_of(table) {
        let target = heap.target(edge);
        if target == value {
            return before
                .filter(|&key| heap.node_type(key) == NodeType::STRING)
                .map(|key| short(&text::safe(&heap.raw_name(key))));
        }
        before = Some(target);
    }
    None
}
