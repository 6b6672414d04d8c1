//! Global objects: where the programs of a heap begin. `window`, `globalThis`, `global`.
//!
//! DevTools begins at what the root refers to. That was the global objects once; in V8 14 it is the native context, in
//! Chromium nothing but the roots of the collector, in Hermes too.
//!
//! Sources: V8's heap-snapshot-generator.cc: `ExtractContextReferences` (a native context has its global object as
//! `global_object`, before V8 14 as `extension`), `SetUserGlobalReference` (a shortcut of the root). The global object
//! of any other engine is the one that is its own `globalThis` (ECMAScript, 19.1).

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::{Ground, naming};

/// A global object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Global {
    pub object: NodeIx,
    /// The native context that it is the global object of, where the file has such things.
    pub context: Option<NodeIx>,
}

/// The global objects, each once; none where the file does not tell.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn find(ground: &Ground, meter: &Meter) -> Result<Vec<Global>> {
    let mut found = of_contexts(ground, meter)?;
    for global in shortcuts(ground) {
        add(&mut found, global);
    }
    if found.is_empty() {
        found = of_themselves(ground, meter)?;
    }
    Ok(found)
}

/// There are a few, one a window.
fn add(found: &mut Vec<Global>, global: Global) {
    if !found.iter().any(|other| other.object == global.object) {
        found.push(global);
    }
}

/// Those that native contexts name.
fn of_contexts(ground: &Ground, meter: &Meter) -> Result<Vec<Global>> {
    let Ground { columns, known, .. } = ground;
    let names = naming::strings_where(columns, naming::is_native_context);
    let mut found = Vec::new();
    for index in 0..columns.nodes.len() {
        meter.check_at(index)?;
        let context = NodeIx::new(index);
        if !names.contains(columns.nodes.name(context).ix()) {
            continue;
        }
        let of = |name| naming::internal_target(columns, context, &[name]).filter(|&node| is_object(ground, node));
        if let Some(object) = of(&known.global_object).or_else(|| of(&known.extension)) {
            add(&mut found, Global { object, context: Some(context) });
        }
    }
    Ok(found)
}

fn is_object(ground: &Ground, node: NodeIx) -> bool {
    ground.columns.nodes.node_type(node) == NodeType::OBJECT
}

/// Those that the root refers to. Before Node 12 nothing else says so where contexts are not called so.
fn shortcuts(ground: &Ground) -> impl Iterator<Item = Global> + '_ {
    let columns = &*ground.columns;
    let edges = ground.roots.all().iter().flat_map(|&root| columns.edges_of(root));
    edges
        .filter(|&edge| columns.edges.edge_type(edge) == EdgeType::SHORTCUT)
        .map(|edge| columns.edges.target(edge))
        .filter(|&object| is_object(ground, object))
        .map(|object| Global { object, context: None })
}

/// Those that are their own `globalThis`.
fn of_themselves(ground: &Ground, meter: &Meter) -> Result<Vec<Global>> {
    let Ground { columns, known, .. } = ground;
    let mut found = Vec::new();
    if known.global_this.first().is_none() {
        return Ok(found);
    }
    for index in 0..columns.nodes.len() {
        meter.check_at(index)?;
        let object = NodeIx::new(index);
        let names_itself = |edge| {
            columns.edges.edge_type(edge) == EdgeType::PROPERTY
                && columns.edges.target(edge) == object
                && known.global_this.contains(columns.edges.name(edge))
        };
        if is_object(ground, object) && columns.edges_of(object).any(names_itself) {
            found.push(Global { object, context: None });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn globals(text: &str) -> String {
        let graph = Graph::new(text);
        let found = find(graph.heap.ground(), &Meter::default()).expect("nobody cancels");
        let name = |node| graph.name(node).to_owned();
        let shown = found.iter().map(|global| match global.context {
            Some(context) => format!("{} of {}", name(global.object), name(context)),
            None => name(global.object),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_native_context_names_its_global_object() {
        let newer = "r ^2^> system+/+NativeContext:hidden; system+/+NativeContext =global_object=> global";
        assert_eq!(globals(newer), "global of system+/+NativeContext");
        let older = "r ^2^> global; r -[1]-> (GC+roots):synthetic; (GC+roots) -[1]-> system+/+NativeContext:hidden
             system+/+NativeContext =extension=> global; (GC+roots) -[2]-> system+/+NativeContext#2:hidden
             system+/+NativeContext#2 =extension=> Object";
        assert_eq!(globals(older), "global of system+/+NativeContext, Object of system+/+NativeContext#2");
    }

    #[test]
    fn without_contexts_shortcuts_of_the_root_or_globalthis_tell() {
        assert_eq!(globals("r ^1^> Object; r -[2]-> (GC+roots):synthetic; Object -globalThis-> Object#2"), "Object");
        assert_eq!(globals("r -[1]-> a; a -x-> g; g -globalThis-> g; a -globalThis-> g"), "g");
        assert_eq!(globals("r -[1]-> a; a -globalThis-> b"), "");
    }
}
