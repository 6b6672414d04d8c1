//! Whose variables a scope (V8's `system / Context`) holds: those of a script, or of a function.
//!
//! A scope knows the description of its variables (ScopeInfo), and the function that has such variables knows the same
//! one. Functions that merely use a scope, all that were made inside, say nothing about whose it is.
//!
//! Source: heap-snapshot-generator.cc, `ExtractContextReferences`, `ExtractSharedFunctionInfoReferences`,
//! `ExtractScopeInfoReferences`; V8's objects/scope-info.h.

use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType, Producer, StrSet};
use crate::heap::Heap;
use crate::index::naming;

/// Whose scope it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The outermost scope of a script: the script.
    Script(NodeIx),
    /// A block outside of all functions: the script. It lives as long as a function that was made in it.
    Block(NodeIx),
    /// A function: what has its name ([`function_name`]), its script where that is known, and one of its closures if any
    /// lives.
    Function {
        name: NodeIx,
        script: Option<NodeIx>,
        closure: Option<NodeIx>,
    },
    /// The file does not say; a function with a name that uses the scope, and how many others do.
    UsedBy(NodeIx, usize),
    Unknown,
}

/// Scopes in scopes are followed outwards so far: a file may be made to have them in a circle.
const MOST_SCOPES: usize = 100;
/// Functions that are looked at to find the users of a scope.
const LOOKED_AT: usize = 10_000;

/// Whose scope `context` is. Blocks belong to the function around them.
pub(crate) fn owner(heap: &Heap, context: NodeIx) -> Owner {
    if heap.producer().is_hermes() {
        // Hermes says nothing of its environments but who uses them.
        return users(heap, context);
    }
    let known = heap.known();
    let mut info = heap.internal_target(context, &known.scope_info);
    for depth in 0..MOST_SCOPES {
        let Some(at) = info else { break };
        let of_script = if depth == 0 { Owner::Script } else { Owner::Block };
        let outer = outer_info(heap, at);
        let kind = kind(heap, at);
        if kind == Some(Kind::Block) {
            info = outer.map(|outer| outer.info);
            continue;
        }
        if let Some(shared) = holder_by(heap, at, &known.name_or_scope_info) {
            let script = naming::script_of_shared(heap.columns(), known, shared);
            return match script {
                Some(script) if is_whole_script(heap, at, kind, shared) => of_script(script),
                _ => Owner::Function { name: shared, script, closure: closure_of(heap, shared) },
            };
        }
        if kind.is_some() {
            let script = script_of_inner(heap, at);
            return match (name_of_function(heap, at), script) {
                (Some(name), _) if kind == Some(Kind::Function) => Owner::Function { name, script, closure: None },
                (_, Some(script)) if kind == Some(Kind::Script) => of_script(script),
                _ => users(heap, context),
            };
        }
        let Some(outer) = outer else {
            let script = script_of_inner(heap, at).filter(|_| !is_in_page(heap) || is_of_script_or_module(heap, at));
            return script.map_or_else(|| users(heap, context), of_script);
        };
        match before_outer(heap, at, outer.slot) {
            Before::Name(name) if !is_variable(heap, context, name) => {
                return Owner::Function { name, script: script_of_inner(heap, at), closure: None };
            }
            Before::Variables => info = Some(outer.info),
            _ => break,
        }
    }
    users(heap, context)
}

/// What kind of scope a description is of: V8 15 and later write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A script or a module.
    Script,
    Function,
    /// A block, a class, a `catch`.
    Block,
}

fn kind(heap: &Heap, info: NodeIx) -> Option<Kind> {
    let name = heap.internal_target(info, &heap.known().scope_type_name)?;
    Some(match heap.raw_name(name).as_ref() {
        b"SCRIPT_SCOPE" | b"REPL_MODE_SCOPE" | b"MODULE_SCOPE" => Kind::Script,
        b"FUNCTION_SCOPE" | b"EVAL_SCOPE" => Kind::Function,
        _ => Kind::Block,
    })
}

/// Whether the function of a scope is a whole script: that of a module of Node.js is wrapped into a nameless function,
/// and nothing is around it. In a browser such a function stands in a script whose own scope is not described.
fn is_whole_script(heap: &Heap, info: NodeIx, kind: Option<Kind>, shared: NodeIx) -> bool {
    let is_outermost = || outer_info(heap, info).is_none() && function_name(heap, shared).is_empty();
    match kind {
        Some(Kind::Script) => true,
        None if is_in_page(heap) => is_outermost() && is_of_script_or_module(heap, info),
        _ => is_outermost() && !is_in_page(heap),
    }
}

/// Whether scripts are those of a browser, which wraps none of them.
fn is_in_page(heap: &Heap) -> bool {
    matches!(heap.producer(), Producer::Chromium(_))
}

/// Whether V8 keeps scopes with this description for a whole script or for a module.
fn is_of_script_or_module(heap: &Heap, info: NodeIx) -> bool {
    let is_module = |context: NodeIx| {
        let extension = heap.internal_target(context, &heap.known().extension);
        extension.is_some_and(|extension| heap.raw_name(extension).starts_with(b"system / SourceTextModule"))
    };
    let is_of_script = |context: NodeIx| {
        let mut holders = heap.shown_retainers(context).take(LOOKED_AT).map(|(_, from)| from);
        holders.any(|from| heap.raw_name(from).starts_with(b"system / ScriptContextTable"))
    };
    let mut contexts = heap.shown_retainers(info).take(LOOKED_AT).map(|(_, from)| from);
    contexts.any(|context| naming::is_context(&heap.raw_name(context)) && (is_module(context) || is_of_script(context)))
}

/// What stands before the scope around in the description of a scope.
enum Before {
    /// The name of the function, and a number: it is a function whose code V8 has dropped, and with it the way back.
    Name(NodeIx),
    /// Names of variables only: it is a block.
    Variables,
    Unknown,
}

fn before_outer(heap: &Heap, info: NodeIx, outer_slot: Option<u32>) -> Before {
    let Some(outer_slot) = outer_slot else { return Before::Unknown };
    let string_at =
        |slot: Option<u32>| slot.and_then(|slot| in_slot(heap, info, slot)).filter(|&node| is_string(heap, node));
    match (string_at(outer_slot.checked_sub(1)), string_at(outer_slot.checked_sub(2))) {
        (Some(_), _) => Before::Variables,
        (None, Some(name)) => Before::Name(name),
        (None, None) => Before::Unknown,
    }
}

/// The name in the description of a function since V8 15: behind those of its variables, which may have a table.
fn name_of_function(heap: &Heap, info: NodeIx) -> Option<NodeIx> {
    let has_table = in_slot(heap, info, 0).is_some_and(|first| !is_string(heap, first));
    let count = || u32::try_from(heap.internal_int(info, &heap.known().context_local_count)?).ok();
    let slot = if has_table { Some(1) } else { count() };
    in_slot(heap, info, slot?).filter(|&node| is_string(heap, node))
}

fn is_string(heap: &Heap, node: NodeIx) -> bool {
    heap.node_type(node) == NodeType::STRING
}

/// Whether a scope has a variable of this name: a description without a function's name ends with those of variables.
fn is_variable(heap: &Heap, context: NodeIx, name: NodeIx) -> bool {
    let name = heap.raw_name(name);
    !name.is_empty()
        && heap
            .columns()
            .edges_of(context)
            .any(|edge| heap.edge_type(edge) == EdgeType::CONTEXT && heap.edge_name(edge) == name)
}

/// What a slot with a number holds.
fn in_slot(heap: &Heap, node: NodeIx, slot: u32) -> Option<NodeIx> {
    let is_slot =
        |&edge: &EdgeIx| heap.edge_type(edge) == EdgeType::HIDDEN && heap.columns().edges.name_or_index(edge) == slot;
    heap.columns().edges_of(node).find(is_slot).map(|edge| heap.target(edge))
}

/// The name of variable `slot` of a scope whose edges have numbers only, as those of loops' bodies have.
pub(crate) fn variable_name(heap: &Heap, context: NodeIx, slot: u32) -> Option<NodeIx> {
    let info = heap.internal_target(context, &heap.known().scope_info)?;
    in_slot(heap, info, slot).filter(|&name| is_string(heap, name) && !heap.raw_name(name).is_empty())
}

/// The name of a function, from what its closures share or from the text itself; empty where it has none.
pub(crate) fn function_name(heap: &Heap, shared: NodeIx) -> Vec<u8> {
    let name = heap.raw_name(shared).into_owned();
    if name == b"(shared function info)" {
        return Vec::new();
    }
    match name.strip_prefix(b"system / SharedFunctionInfo") {
        Some(rest) => rest.strip_prefix(b" / ").unwrap_or_default().to_vec(),
        None => name,
    }
}

/// The scope around.
struct Outer {
    info: NodeIx,
    /// Where the description of the inner scope holds that of this one, if that has no name (before V8 15).
    slot: Option<u32>,
}

fn outer_info(heap: &Heap, info: NodeIx) -> Option<Outer> {
    if let Some(info) = heap.internal_target(info, &heap.known().outer_scope_info) {
        return Some(Outer { info, slot: None });
    }
    let is_info = |node: NodeIx| heap.known().system_scope_info.contains(heap.columns().nodes.name(node));
    heap.columns()
        .edges_of(info)
        .filter(|&edge| heap.edge_type(edge) == EdgeType::HIDDEN)
        .map(|edge| (heap.target(edge), heap.columns().edges.name_or_index(edge)))
        .find(|&(node, _)| node != info && is_info(node))
        .map(|(info, slot)| Outer { info, slot: Some(slot) })
}

/// The first node that refers to `node` by an internal edge with one of the names.
fn holder_by(heap: &Heap, node: NodeIx, names: &StrSet) -> Option<NodeIx> {
    let is_named = |&(edge, _): &(EdgeIx, NodeIx)| {
        heap.edge_type(edge) == EdgeType::INTERNAL && names.contains(heap.columns().edges.name(edge))
    };
    heap.shown_retainers(node).find(is_named).map(|(_, from)| from)
}

/// The closure of a function that is nearest to the roots, of those looked at.
fn closure_of(heap: &Heap, shared: NodeIx) -> Option<NodeIx> {
    let closures = heap.shown_retainers(shared).take(LOOKED_AT).map(|(_, from)| from);
    closures.filter(|&from| heap.node_type(from) == NodeType::CLOSURE).min_by_key(|&from| heap.distance(from))
}

/// The script of a function whose outer scope has this description.
fn script_of_inner(heap: &Heap, info: NodeIx) -> Option<NodeIx> {
    heap.shown_retainers(info)
        .filter(|&(_, from)| heap.node_type(from) == NodeType::CODE)
        .find_map(|(_, from)| naming::script_of_shared(heap.columns(), heap.known(), from))
}

fn users(heap: &Heap, context: NodeIx) -> Owner {
    let is_context = |edge: EdgeIx| {
        let is_v8s = || heap.known().context.contains(heap.columns().edges.name(edge));
        heap.edge_type(edge) == EdgeType::INTERNAL && (is_v8s() || *heap.edge_name(edge) == *b"environment")
    };
    let mut users: Vec<NodeIx> = heap
        .shown_retainers(context)
        .take(LOOKED_AT)
        .filter(|&(edge, from)| is_context(edge) && heap.node_type(from) == NodeType::CLOSURE)
        .map(|(_, from)| from)
        .filter(|&from| !heap.raw_name(from).is_empty())
        .collect();
    users.sort_unstable_by_key(|&user| (heap.distance(user), user.ix()));
    match users.first() {
        Some(&user) => Owner::UsedBy(user, users.len() - 1),
        None => Owner::Unknown,
    }
}
