//! Functions with the variables that they have captured, bound functions, generators and async functions, scopes.
//!
//! A function has a scope, that has the scope around it, and so on. Which of these variables a function uses, files say
//! from V8 15 on; before that, all are there. Since V8 14 a variable that may change stands in a cell of its own.
//! Source: heap-snapshot-generator.cc, `ExtractJSObjectReferences`, `ExtractContextReferences`,
//! `ExtractJSGeneratorObjectReferences`.

use super::{About, Key, PartRole, Parts, Slot, numbered};
use crate::analysis::{closures, hash_table, scope_owner};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::naming;

/// What is known of the variables that a function could use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Captures {
    /// By the reference of each; nothing where the file does not say which variables are used.
    pub told: Option<Vec<Captured>>,
}

/// Whether a variable is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Captured {
    /// The reference of its part.
    pub edge: EdgeIx,
    /// Whether this function uses it, or one that is made in it.
    pub used: bool,
    /// Whether any living function uses it.
    pub alive: bool,
}

/// Scopes in scopes are followed outwards so far: a file may be made to have them in a circle.
const MOST_SCOPES: usize = 100;

impl Parts<'_> {
    pub(super) fn closure(&mut self, node: NodeIx) -> Result<About> {
        if let Some(about) = self.bound(node)? {
            return Ok(about);
        }
        // Scopes of V8, of Hermes, of Bun.
        let scope = self.inner(node, b"context").or_else(|| self.inner(node, b"environment"));
        let scope = scope.map(|edge| self.target(edge)).or_else(|| self.nameless_scope(node));
        let scopes = self.scopes(scope);
        let mut variables = Vec::new();
        for &scope in &scopes {
            self.variables(scope, &mut variables)?;
        }
        self.properties(node)?;
        if self.is_full() {
            return Ok(About::Function(Captures::default()));
        }
        let uses = closures::uses_of(self.heap, node, &scopes, self.meter)?;
        let told = uses.map(|uses| {
            let captured = |&(edge, scope, ref name): &(EdgeIx, NodeIx, Vec<u8>)| {
                let (used, alive) = uses.of(scope, name)?;
                Some(Captured { edge, used, alive })
            };
            variables.iter().filter_map(captured).collect()
        });
        Ok(About::Function(Captures { told }))
    }

    /// The scope of a function of Bun.
    fn nameless_scope(&self, node: NodeIx) -> Option<NodeIx> {
        let heap = self.heap;
        let mut targets = heap.columns().edges_of(node).map(|edge| heap.target(edge));
        targets.find(|&target| super::is_of_bun(&heap.raw_name(target)))
    }

    fn bound(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        if let Some(function) = self.inner(node, b"bound_function") {
            self.slot(Slot::Function, function);
            if let Some(this) = self.inner(node, b"bound_this") {
                self.slot(Slot::This, this);
            }
            let arguments = self.inner(node, b"bindings").map(|edge| self.target(edge));
            for (number, edge) in numbered(heap, arguments, EdgeType::INTERNAL) {
                self.slot(Slot::Argument(number.saturating_add(1)), edge);
            }
            self.properties(node)?;
            return Ok(Some(About::Bound { target: Some(self.target(function)) }));
        }
        let of_hermes = self.inner(node, b"target").filter(|_| heap.producer().is_hermes());
        let Some(target) = of_hermes else { return Ok(None) };
        self.bound_of_hermes(target, self.inner(node, b"argStorage"));
        self.properties(node)?;
        Ok(Some(About::Bound { target: Some(self.target(target)) }))
    }

    /// A scope and those around it, up to what all scripts share.
    pub(super) fn scopes(&self, innermost: Option<NodeIx>) -> Vec<NodeIx> {
        let heap = self.heap;
        let mut scopes = Vec::new();
        let mut at = innermost;
        while let Some(scope) = at {
            if scopes.len() == MOST_SCOPES || scopes.contains(&scope) || !is_scope(&heap.raw_name(scope)) {
                break;
            }
            scopes.push(scope);
            let outer = self.inner(scope, b"previous").or_else(|| self.inner(scope, b"parentEnvironment"));
            at = outer.map(|edge| self.target(edge)).or_else(|| self.nameless_scope(scope).filter(|_| outer.is_none()));
        }
        scopes
    }

    /// The variables of one scope; `found` gets the reference of each, its scope and its name.
    fn variables(&mut self, scope: NodeIx, found: &mut Vec<(EdgeIx, NodeIx, Vec<u8>)>) -> Result<()> {
        let heap = self.heap;
        let is_hermes = heap.producer().is_hermes();
        for edge in heap.columns().edges_of(scope) {
            if self.is_full() {
                break;
            }
            self.look()?;
            let (value, is_in_cell) = self.out_of_cell(edge);
            let key = match heap.edge_type(edge) {
                EdgeType::CONTEXT if is_in_cell => Key::Edge(edge),
                EdgeType::CONTEXT => Key::Own,
                // Bodies of loops have their variables by numbers.
                EdgeType::HIDDEN => {
                    match scope_owner::variable_name(heap, scope, heap.columns().edges.name_or_index(edge)) {
                        Some(name) => Key::Node(name),
                        None => continue,
                    }
                }
                EdgeType::INTERNAL if is_hermes && hash_table::slot_number(heap, edge).is_some() => Key::Own,
                _ => continue,
            };
            self.push(PartRole::Variable, value, key);
            let name = match key {
                Key::Node(name) => heap.raw_name(name).into_owned(),
                _ => heap.edge_name(edge).into_owned(),
            };
            found.push((value, scope, name));
        }
        Ok(())
    }

    /// The reference to the value of a variable that stands in a cell, and whether it does.
    fn out_of_cell(&self, edge: EdgeIx) -> (EdgeIx, bool) {
        let heap = self.heap;
        let cell = self.target(edge);
        if !heap.raw_name(cell).starts_with(b"system / ContextCell") {
            return (edge, false);
        }
        let is_value = |&edge: &EdgeIx| {
            matches!(heap.edge_type(edge), EdgeType::INTERNAL | EdgeType::HIDDEN)
                && !matches!(heap.edge_name(edge).as_ref(), b"map" | b"dependent_code")
        };
        heap.columns().edges_of(cell).find(is_value).map_or((edge, false), |value| (value, true))
    }

    pub(super) fn scope(&mut self, node: NodeIx) -> Result<About> {
        self.variables(node, &mut Vec::new())?;
        let outer = self.inner(node, b"previous").or_else(|| self.inner(node, b"parentEnvironment"));
        if let Some(outer) = outer.filter(|&edge| is_scope(&self.heap.raw_name(self.target(edge)))) {
            self.slot(Slot::Outer, outer);
        }
        // The state of an async function that waits.
        let state = self.inner(node, b"extension").filter(|&edge| {
            let state = self.target(edge);
            self.heap.node_type(state) == NodeType::OBJECT && self.inner(state, b"parameters_and_registers").is_some()
        });
        if let Some(state) = state {
            self.slot(Slot::Waits, state);
        }
        Ok(About::Scope)
    }

    /// A generator or the state of an async function: what it has saved until it goes on.
    pub(super) fn suspended(&mut self, node: NodeIx, saved: NodeIx) -> Result<About> {
        let function = self.inner(node, b"function").map(|edge| self.target(edge));
        let mut count = 0;
        for (number, edge) in self.numbered(saved, EdgeType::INTERNAL) {
            self.look()?;
            let target = self.target(edge);
            // What stands where something was.
            if self.is_hole(target) {
                continue;
            }
            count += 1;
            // It keeps itself; and its scope, whose variables follow.
            if target != node && !is_scope(&self.heap.raw_name(target)) {
                self.slot(Slot::Saved(number), edge);
            }
        }
        // Scopes of its own: those around are the function's.
        let around = function.and_then(|function| self.inner(function, b"context")).map(|edge| self.target(edge));
        let innermost = self.inner(node, b"context").map(|edge| self.target(edge));
        for scope in self.scopes(innermost).into_iter().take_while(|&scope| Some(scope) != around) {
            self.variables(scope, &mut Vec::new())?;
        }
        self.properties(node)?;
        Ok(About::Suspended { function, is_over: count == 0 })
    }
}

pub(super) fn is_scope(name: &[u8]) -> bool {
    naming::is_context(name) || super::is_environment(name) || super::is_of_bun(name)
}
