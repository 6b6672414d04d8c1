//! What the Summary can be limited to: DevTools' filters.
//!
//! Source: HeapSnapshot.ts, `createFilter`, `createNamedFilter`.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::query::Query;
use super::{duplicates, own};
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::contexts::Owner;
use crate::index::detached::DETACHED;
use crate::index::{NO_DISTANCE, naming, reach};

/// A part of the heap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    /// Strings whose text another string has as well.
    DuplicatedStrings,
    /// What only detached DOM nodes keep alive.
    RetainedByDetachedDom,
    /// What only scopes of functions keep alive.
    RetainedByContexts,
    /// What only the DevTools console keeps alive.
    RetainedByConsole,
    /// What only handlers of events keep alive.
    RetainedByEventHandlers,
    /// What no way from a root leads to. DevTools has no such filter.
    Unreachable,
    /// What belongs to the program rather than to its runtime ([`own`]). DevTools has no such filter.
    Own,
    /// What several native contexts lead to.
    SharedNativeContext,
    /// What no native context leads to.
    NoNativeContext,
    /// What belongs to one native context.
    NativeContext(NodeIx),
    /// Objects with `after < id <= until`.
    AllocatedBetween {
        after: ObjectId,
        until: ObjectId,
    },
    /// These objects.
    Set(NodeSet),
    /// Objects that were allocated at these call sites of `trace_tree`.
    AllocatedAt(Arc<[u64]>),
    /// What a query finds.
    Found(Arc<Query>),
}

/// A set of nodes that is known already. Two are equal if they are the same one.
#[derive(Debug, Clone)]
pub(crate) struct NodeSet(Arc<Bits>);

impl NodeSet {
    pub(crate) fn new(nodes: Arc<Bits>) -> NodeSet {
        NodeSet(nodes)
    }
}

impl PartialEq for NodeSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for NodeSet {}

impl Scope {
    /// What is called so that would go without what is ignored.
    pub(crate) const TITLE_OF_GONE: &'static str = "Objects that would go";

    /// DevTools' words for the scope.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            Scope::All => "All objects",
            Scope::DuplicatedStrings => "Duplicated strings",
            Scope::RetainedByDetachedDom => "Objects retained by detached DOM nodes",
            Scope::RetainedByContexts => "Objects retained by contexts",
            Scope::RetainedByConsole => "Objects retained by DevTools Console",
            Scope::RetainedByEventHandlers => "Objects retained by Event Handlers",
            Scope::Own => "The program's own objects",
            Scope::Unreachable => "Objects without a way from a root",
            Scope::SharedNativeContext => "Objects shared between native contexts",
            Scope::NoNativeContext => "Objects not attributed to a native context",
            Scope::NativeContext(_) => "Native context",
            Scope::AllocatedBetween { .. } => "Objects allocated between",
            Scope::Set(_) => "These objects",
            Scope::AllocatedAt(_) => "Objects allocated by",
            Scope::Found(_) => "Objects found by",
        }
    }

    /// The nodes in the scope.
    pub(crate) fn nodes(&self, heap: &Heap, meter: &Meter) -> Result<Bits> {
        match self {
            Scope::All => matching(heap, meter, |_| true),
            Scope::DuplicatedStrings => duplicates::nodes(heap, meter),
            Scope::RetainedByDetachedDom => retained_by(heap, |_, _, target| heap.dom().get(target) == DETACHED, meter),
            Scope::RetainedByContexts => {
                let names = naming::strings_where(heap.columns(), naming::is_context);
                let is_context = |node| heap.dom().shows(heap.columns(), &names, node);
                retained_by(heap, |_, _, target| is_context(target), meter)
            }
            Scope::RetainedByConsole => retained_by(heap, |from, edge, _| is_console(heap, from, edge), meter),
            Scope::RetainedByEventHandlers => {
                let handlers = event_handlers(heap);
                retained_by(heap, |_, _, target| handlers.contains(target.ix()), meter)
            }
            Scope::Own => own::nodes(heap, meter)?.ok_or_else(|| {
                Error::Unknown("the file does not name the scripts of its functions, so own code cannot be told".into())
            }),
            Scope::Unreachable => matching(heap, meter, |node| heap.is_unreachable(node)),
            Scope::SharedNativeContext => owned_by(heap, Owner::Shared, meter),
            Scope::NoNativeContext => owned_by(heap, Owner::None, meter),
            Scope::NativeContext(context) => owned_by(heap, Owner::Context(*context), meter),
            Scope::AllocatedBetween { after, until } => {
                matching(heap, meter, |node| heap.id(node) > *after && heap.id(node) <= *until)
            }
            Scope::Set(NodeSet(nodes)) => Ok((**nodes).clone()),
            Scope::AllocatedAt(sites) => {
                let sites: FxHashSet<u64> = sites.iter().copied().collect();
                matching(heap, meter, |node| sites.contains(&(heap.columns().nodes.trace_node(node) as u64)))
            }
            Scope::Found(query) => {
                let found = query.nodes(heap, meter, &mut |_| {})?;
                if !found.complete {
                    return Err(Error::Cancelled);
                }
                let mut nodes = Bits::new(heap.node_count());
                for node in found.nodes {
                    nodes.insert(node.ix());
                }
                Ok(nodes)
            }
        }
    }
}

fn matching(heap: &Heap, meter: &Meter, test: impl Fn(NodeIx) -> bool) -> Result<Bits> {
    let mut nodes = Bits::new(heap.node_count());
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        if test(node) {
            nodes.insert(node.ix());
        }
    }
    Ok(nodes)
}

fn owned_by(heap: &Heap, owner: Owner, meter: &Meter) -> Result<Bits> {
    let contexts = heap.native_contexts(meter)?;
    matching(heap, meter, |node| contexts.owner(node) == owner)
}

/// What a walk from the roots that avoids some edges does not reach, though the whole graph does.
fn retained_by(heap: &Heap, avoid: impl Fn(NodeIx, EdgeIx, NodeIx) -> bool, meter: &Meter) -> Result<Bits> {
    let passes = |from, edge| heap.edge_type(edge) != EdgeType::WEAK && !avoid(from, edge, heap.target(edge));
    let reached = reach::from(heap.columns(), heap.roots().all().iter().copied(), passes, meter)?;
    matching(heap, meter, |node| !reached.contains(node.ix()) && heap.distance(node) != Some(NO_DISTANCE))
}

/// An edge to a global that the DevTools console owns.
fn is_console(heap: &Heap, from: NodeIx, edge: EdgeIx) -> bool {
    heap.node_type(from) == NodeType::SYNTHETIC
        && heap.edge_has_text_name(edge)
        && heap.edge_name(edge).ends_with(b" / DevTools console")
}

/// The functions behind listeners: the callback itself, or the first function that a wrapper of it leads to.
fn event_handlers(heap: &Heap) -> Bits {
    let target = |node: NodeIx, name: &[u8]| {
        let found = heap.columns().edges_of(node).find(|&edge| &*heap.edge_name(edge) == name);
        found.map(|edge| heap.target(edge))
    };
    let is_function = |node: NodeIx| target(node, b"code").is_some();
    let mut handlers = Bits::new(heap.node_count());
    let names = &heap.known().v8_event_listener;
    let listeners = heap.nodes().filter(|&node| {
        names.contains(heap.columns().nodes.name(node)) && !heap.dom().has_prefix(heap.columns(), node)
    });
    for listener in listeners {
        let Some(callback) = target(listener, b"1") else { continue };
        let handler = if is_function(callback) {
            callback
        } else {
            let mut children = heap.columns().edges_of(callback).map(|edge| heap.target(edge));
            children.find(|&child| is_function(child)).unwrap_or(callback)
        };
        handlers.insert(handler.ix());
    }
    handlers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::testing::whole;

    fn names(graph: &Graph, scope: &Scope) -> String {
        let nodes = scope.nodes(&graph.heap, &Meter::default()).expect("nobody cancels");
        let names = nodes.iter().map(|node| graph.name(NodeIx::new(node)).to_owned());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_scope_of_what_something_retains_holds_what_no_other_way_leads_to() {
        let graph = Graph::new(
            "r -a-> a; a -d-> <p>:native!2; <p> -x-> x; a -y-> y; <p> -y-> y; lost -l-> lost2; <p> ~w~> weak
             a -f-> f:closure; f =context=> system+/+Context; system+/+Context $v$> v; system+/+Context -y-> y",
        );
        assert_eq!(names(&graph, &Scope::RetainedByDetachedDom), "<p> x", "what nothing reaches is not retained");
        assert_eq!(names(&graph, &Scope::RetainedByContexts), "system+/+Context v");
        assert_eq!(names(&graph, &Scope::All).split(' ').count(), graph.heap.node_count());
    }

    #[test]
    fn the_console_and_handlers_of_events_hold_things_too() {
        let graph = Graph::new(
            "r -[1]-> g:synthetic; g =7+/+DevTools+console=> kept; g -a-> a; a -l-> V8EventListener:native
             V8EventListener -1-> wrapper; wrapper -f-> handler:closure; handler =code=> code:code; handler -x-> x",
        );
        assert_eq!(names(&graph, &Scope::RetainedByConsole), "kept");
        assert_eq!(names(&graph, &Scope::RetainedByEventHandlers), "handler code x");
    }

    #[test]
    fn what_only_cycles_and_weak_references_lead_to_has_no_way_from_a_root() {
        let graph = Graph::new("r -a-> a; a ~w~> weak; weak -x-> x; b -c-> c; c -b-> b; a -y-> y; x -y-> y");
        assert_eq!(names(&graph, &Scope::Unreachable), "weak x b c");
    }

    #[test]
    fn what_a_query_finds_is_a_part_of_the_heap() {
        let graph = Graph::new("r -a-> A#1[8]; r -b-> B[8]; B -a-> A#2[8]; r -c-> A#3");
        let scope = Scope::Found(Arc::new(crate::analysis::query::parse("class:A").expect("a query")));
        assert_eq!(names(&graph, &scope), "A#1 A#2");
        let meter = Meter::default();
        meter.cancel();
        assert!(matches!(scope.nodes(&graph.heap, &meter), Err(Error::Cancelled)), "a part of it is no scope");
    }

    #[test]
    fn ids_after_the_first_up_to_the_last_are_between() {
        // Ids are 1, 3, 5, 7 in the order of mention.
        let graph = Graph::new("r -a-> a; r -b-> b; r -c-> c");
        assert_eq!(names(&graph, &Scope::AllocatedBetween { after: 3, until: 7 }), "b c");
    }

    #[test]
    fn what_another_root_holds_is_retained_by_none_of_the_filters() {
        // Two heaps in one file, neither with contexts, a console or listeners.
        let heap = whole(
            br#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
                "node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
                "edge_types":[["property","element"]]},"node_count":4,"edge_count":2},
                "nodes":[1,0,1,0,1, 0,1,3,10,0, 1,0,5,0,1, 0,2,7,20,0],
                "edges":[1,1,5, 1,1,15],"strings":["(GC roots)","A","B"]}"#,
        );
        assert!(heap.roots().has_further());
        let filters = [
            Scope::RetainedByDetachedDom,
            Scope::RetainedByContexts,
            Scope::RetainedByConsole,
            Scope::RetainedByEventHandlers,
        ];
        for scope in filters {
            let nodes = scope.nodes(&heap, &Meter::default()).expect("nobody cancels");
            assert_eq!(nodes.iter().count(), 0, "{scope:?}");
        }
    }
}
