//! For tests: the bundled heap, loaded once, heaps of bytes, random graphs full of what rules speak of, and the comparison
//! of two heaps in every number.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::heap::{self, Heap, Input, LoadOptions};
use crate::notation::Graph;

pub(crate) static DEMO: &[u8] = include_bytes!("../../assets/demo.heapsnapshot.zst");
pub(crate) static SMALL: &[u8] = include_bytes!("../../tests/fixtures/inside/node24.heapsnapshot.zst");

/// The bundled heap with all indexes.
pub(crate) fn demo() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    HEAP.get_or_init(|| whole(DEMO)).clone()
}

/// A small heap of Node 24 with something of everything, for keys at random: the bundled one has twenty times its objects.
pub(crate) fn small() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    HEAP.get_or_init(|| whole(SMALL)).clone()
}

/// A heap with all indexes.
pub(crate) fn whole(bytes: &'static [u8]) -> Arc<Heap> {
    let options = LoadOptions::new(Input::Bundled(bytes), Default::default());
    heap::load(&options, &Arc::default(), &mut |_| {}).expect("the snapshot of a test can be read")
}

/// A root and a list of so many links below it, each of which refers to the next: nodes 1 to `links`.
pub(crate) fn list(links: usize) -> Arc<Heap> {
    let fields = r#""node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","object"]],
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]"#;
    let node = |place: usize| {
        let is_link = (place > 0) as usize;
        format!("{is_link},{is_link},{},{},{}", place * 2 + 1, is_link * 16, (place < links) as usize)
    };
    let nodes = (0..=links).map(node).collect::<Vec<_>>().join(",");
    let edges = (1..=links).map(|place| format!("0,2,{}", place * 5)).collect::<Vec<_>>().join(",");
    let json = format!(
        r#"{{"snapshot":{{"meta":{{{fields}}}}},"nodes":[{nodes}],"edges":[{edges}],"strings":["","Link","next"]}}"#
    );
    whole(Box::leak(json.into_bytes().into_boxed_slice()))
}

/// Names and types that some rule treats on its own, in the mini notation.
const NODES: [&str; 18] = [
    "A:object",
    "B:object",
    "Object:object",
    "Array:object",
    "system+/+Context:object",
    "e:array",
    "(map+descriptors):array",
    "h:hidden",
    "system+/+NativeContext:hidden",
    "m:object+shape",
    "<p+class=a>:native",
    "n:native",
    "system+/+ExternalStringData:native",
    "s:synthetic",
    "f:closure",
    "c:code",
    "t:string",
    "cons:concatenated+string",
];

/// Edges of every type; the names that some rule speaks of come twice.
const EDGES: [&str; 18] = [
    "-a->",
    "-b->",
    "-__proto__->",
    "-[0]->",
    "-[4]->",
    "$v$>",
    "=elements=>",
    "=map=>",
    "=map=>",
    "=native_context=>",
    "=sloppy_function_map=>",
    "=first=>",
    "=4=>",
    "=x=>",
    ".7.>",
    "^s^>",
    "~w~>",
    "~w~>",
];

/// A graph as numbers; node 0 is the root.
#[derive(Debug, Clone)]
pub(crate) struct RandomGraph {
    /// Place in [`NODES`], size, state of the DOM.
    nodes: Vec<(usize, u64, u8)>,
    /// From, place in [`EDGES`], to.
    edges: Vec<(usize, usize, usize)>,
}

/// Graphs of 2 to `nodes` nodes and up to `edges` edges.
pub(crate) fn graphs(nodes: usize, edges: usize) -> impl Strategy<Value = RandomGraph> {
    (2..=nodes).prop_flat_map(move |count| {
        let node = (0..NODES.len(), 0u64..100, 0u8..3);
        let edge = (0..count, 0..EDGES.len(), 0..count);
        (proptest::collection::vec(node, count), proptest::collection::vec(edge, 0..=edges))
            .prop_map(|(nodes, edges)| RandomGraph { nodes, edges })
    })
}

impl RandomGraph {
    pub(crate) fn load(&self) -> Graph {
        self.load_with(&[])
    }

    /// The same with more edges: from, an arrow of the notation, to.
    pub(crate) fn load_with(&self, more: &[(usize, String, usize)]) -> Graph {
        let name = |node: usize| match node {
            0 => "r".to_owned(),
            node => format!("{}#{node}", NODES[self.nodes[node].0].split(':').next().unwrap_or_default()),
        };
        let mention = |node: usize| {
            let (kind, size, state) = self.nodes[node];
            match node {
                0 => "r".to_owned(),
                node => {
                    format!("{}:{}!{state}[{size}]", name(node), NODES[kind].rsplit(':').next().unwrap_or_default())
                }
            }
        };
        let edges = self.edges.iter().map(|&(from, kind, to)| format!("{} {} {}", name(from), EDGES[kind], name(to)));
        let more = more.iter().map(|(from, arrow, to)| format!("{} {arrow} {}", name(*from), name(*to)));
        let text: Vec<String> = (0..self.nodes.len()).map(mention).chain(edges).chain(more).collect();
        Graph::new(&text.join("\n"))
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The same graph with its nodes in another order: what was number `order[n]` is number `n + 1`. The root stays,
    /// and the edges of each node keep their order.
    pub(crate) fn renumbered(&self, order: &[usize]) -> RandomGraph {
        let old: Vec<usize> = std::iter::once(0).chain(order.iter().copied()).collect();
        let new = |node: usize| old.iter().position(|&other| other == node).expect("an order of all nodes");
        RandomGraph {
            nodes: old.iter().map(|&node| self.nodes[node]).collect(),
            edges: self.edges.iter().map(|&(from, kind, to)| (new(from), kind, new(to))).collect(),
        }
    }
}

/// An order of all nodes but the root, for [`RandomGraph::renumbered`].
pub(crate) fn shuffled(graph: RandomGraph) -> impl Strategy<Value = (RandomGraph, Vec<usize>)> {
    let order: Vec<usize> = (1..graph.len()).collect();
    (Just(graph), Just(order).prop_shuffle())
}

/// Two heaps of one file are the same in all that can be asked of them.
pub(crate) fn assert_same(one: &Heap, other: &Heap) {
    assert_eq!((one.node_count(), one.edge_count()), (other.node_count(), other.edge_count()));
    assert_eq!(one.total_size(), other.total_size());
    assert_eq!(one.roots().all(), other.roots().all());
    assert_eq!(one.dominators().map(|tree| tree.order()), other.dominators().map(|tree| tree.order()));
    assert_eq!(one.classes().interfaces, other.classes().interfaces);
    assert_eq!(one.classes().len(), other.classes().len());
    // Names, texts and classes stand as numbers of strings, which are compared once.
    assert!(one.columns().strings.iter_raw().eq(other.columns().strings.iter_raw()));
    for node in one.nodes() {
        let facts = |heap: &Heap| {
            let sizes = (heap.shallow_size(node), heap.retained_size(node), heap.distance(node));
            let by_program = heap.is_reachable_by_program(node);
            let flags =
                [heap.is_queriable(node), by_program, heap.is_page_object(node), heap.is_detached_dom_node(node)];
            let class = heap.classes().of(node);
            let parent = heap.dominators().map(|tree| tree.parent(node));
            let numbers = (heap.id(node), heap.columns().nodes.name(node), heap.columns().nodes.trace_node(node));
            (numbers, sizes, flags, class, parent, heap.location(node), heap.roots().kind(node))
        };
        assert_eq!(facts(one), facts(other), "{node:?}");
        assert_eq!(one.type_name(node), other.type_name(node), "{node:?}");
        assert!(one.class_name(node) == other.class_name(node), "{node:?}");
        let children = |heap: &Heap| heap.dominators().map(|tree| tree.children(node).collect::<Vec<_>>());
        assert_eq!(children(one), children(other), "{node:?}");
        let retainers = |heap: &Heap| heap.retainers().map(|retainers| retainers.edges(node).collect::<Vec<_>>());
        assert_eq!(retainers(one), retainers(other), "{node:?}");
        if let Some(place) = one.location(node) {
            assert_eq!(one.script_name(place.script_id), other.script_name(place.script_id), "{node:?}");
        }
        let edges = |heap: &Heap| {
            let edges = heap.columns().edges_of(node);
            let fact = |edge| (heap.edge_type(edge), heap.columns().edges.name_or_index(edge), heap.target(edge));
            edges.map(fact).collect::<Vec<_>>()
        };
        assert_eq!(edges(one), edges(other), "{node:?}");
        let is_same_type = |edge| one.edge_type_name(edge) == other.edge_type_name(edge);
        assert!(one.columns().edges_of(node).all(is_same_type), "{node:?}");
    }
    for class in one.classes().iter() {
        assert_eq!(one.classes().key(class), other.classes().key(class));
    }
    let meter = Meter::default();
    let owners = |heap: &Heap| {
        let contexts = heap.native_contexts(&meter).expect("nobody cancels");
        heap.nodes().map(|node| contexts.owner(node)).collect::<Vec<_>>()
    };
    assert_eq!(owners(one), owners(other));
}

/// All nodes that `from` leads to over the edges for which `passes` holds, the slow and plain way.
pub(crate) fn reached(
    heap: &Heap,
    from: &[NodeIx],
    passes: impl Fn(NodeIx, crate::base::ids::EdgeIx) -> bool,
) -> Vec<bool> {
    let mut reached = vec![false; heap.node_count()];
    for node in from {
        reached[node.ix()] = true;
    }
    loop {
        let before = reached.iter().filter(|&&is| is).count();
        for node in heap.nodes().filter(|node| reached[node.ix()]).collect::<Vec<_>>() {
            for edge in heap.columns().edges_of(node).filter(|&edge| passes(node, edge)) {
                reached[heap.target(edge).ix()] = true;
            }
        }
        if reached.iter().filter(|&&is| is).count() == before {
            return reached;
        }
    }
}
