//! The indexes against slow and plain definitions, on random graphs; and that none of them depends on the order in
//! which a file lists its nodes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::contexts::Owner;
use super::detached::{ATTACHED, DETACHED, UNKNOWN};
use super::{NO_DISTANCE, SYSTEM_DISTANCE};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::testing::{graphs, reached, shuffled};

fn is_weak(heap: &Heap, edge: EdgeIx) -> bool {
    heap.edge_type(edge) == EdgeType::WEAK
}

fn raw_name(heap: &Heap, node: NodeIx) -> String {
    String::from_utf8_lossy(&heap.raw_name(node)).into_owned()
}

/// What the roots refer to themselves.
fn children_of_roots(heap: &Heap) -> Vec<NodeIx> {
    let edges = heap.roots().all().iter().flat_map(|&root| heap.columns().edges_of(root));
    edges.map(|edge| heap.target(edge)).collect()
}

fn user_roots(heap: &Heap) -> Vec<NodeIx> {
    let is_user_root = |node: &NodeIx| heap.known().is_user_root(heap.columns(), *node);
    children_of_roots(heap).into_iter().filter(is_user_root).collect()
}

/// Every node's own size, and what it owns alone: stores that no other node with a size of its own leads to through
/// stores.
fn naive_shallow(heap: &Heap) -> Vec<u64> {
    let mut sizes: Vec<u64> = heap.columns().nodes.self_sizes.iter().collect();
    if user_roots(heap).is_empty() {
        return sizes;
    }
    let is_store = |node: NodeIx| match heap.node_type(node) {
        NodeType::HIDDEN | NodeType::ARRAY => true,
        NodeType::NATIVE => raw_name(heap, node) == "system / ExternalStringData",
        _ => false,
    };
    let own = sizes.clone();
    let owners: Vec<NodeIx> = heap.nodes().filter(|&node| !is_store(node)).collect();
    let held = |owner: NodeIx| reached(heap, &[owner], |_, edge| !is_weak(heap, edge) && is_store(heap.target(edge)));
    let held: Vec<Vec<bool>> = owners.iter().map(|&owner| held(owner)).collect();
    for store in heap.nodes().filter(|&node| is_store(node)) {
        let of: Vec<NodeIx> =
            owners.iter().zip(&held).filter(|(_, held)| held[store.ix()]).map(|(&owner, _)| owner).collect();
        if let [owner] = of[..]
            && heap.node_type(owner) != NodeType::SYNTHETIC
            && !heap.roots().contains(owner)
        {
            sizes[store.ix()] -= own[store.ix()];
            sizes[owner.ix()] += own[store.ix()];
        }
    }
    sizes
}

/// Whether an edge counts for distances, where no WeakMap has a say.
fn counts(heap: &Heap, from: NodeIx, edge: EdgeIx) -> bool {
    let name = String::from_utf8_lossy(&heap.edge_name(edge)).into_owned();
    match (heap.node_type(from), raw_name(heap, from).as_str()) {
        _ if is_weak(heap, edge) => false,
        (NodeType::HIDDEN, "system / NativeContext") => {
            name != "sloppy_function_map" || !heap.edge_type(edge).has_string_name()
        }
        (NodeType::ARRAY, "(map descriptors)") => name.parse::<u64>().map_or(true, |index| index < 2 || index % 3 != 1),
        _ => true,
    }
}

/// The fewest steps to each node from where `known` has a number, over nodes that have none.
fn fewest_steps(heap: &Heap, mut known: Vec<Option<i32>>, fixed: &[bool]) -> Vec<Option<i32>> {
    loop {
        let before = known.clone();
        for from in heap.nodes() {
            let Some(distance) = known[from.ix()] else { continue };
            for edge in heap.columns().edges_of(from).filter(|&edge| counts(heap, from, edge)) {
                let target = heap.target(edge).ix();
                if !fixed[target] && known[target].is_none_or(|old| distance + 1 < old) {
                    known[target] = Some(distance + 1);
                }
            }
        }
        if known == before {
            return known;
        }
    }
}

fn naive_distances(heap: &Heap) -> Vec<i32> {
    let mut start = vec![None; heap.node_count()];
    let further = |node: NodeIx| heap.roots().has_further() && heap.roots().contains(node);
    let users: Vec<NodeIx> = user_roots(heap).into_iter().filter(|&node| !further(node)).collect();
    for node in &users {
        start[node.ix()] = Some(1);
    }
    let by_program = fewest_steps(heap, start, &vec![false; heap.node_count()]);
    let mut start = vec![None; heap.node_count()];
    for root in heap.roots().all() {
        start[root.ix()] = Some(if users.is_empty() { 0 } else { SYSTEM_DISTANCE });
    }
    let is_fixed = |node: NodeIx| by_program[node.ix()].is_some() || heap.roots().contains(node);
    let fixed: Vec<bool> = heap.nodes().map(is_fixed).collect();
    let by_system = fewest_steps(heap, start, &fixed);
    let distance = |node: NodeIx| by_system[node.ix()].or(by_program[node.ix()]).unwrap_or(NO_DISTANCE);
    heap.nodes().map(distance).collect()
}

fn naive_dom_states(heap: &Heap) -> Vec<u8> {
    let nodes = &heap.columns().nodes;
    let mut states: Vec<u8> = heap.nodes().map(|node| nodes.detachedness(node)).collect();
    for state in [ATTACHED, DETACHED] {
        let is_start = |node: &NodeIx| heap.node_type(*node) == NodeType::NATIVE && nodes.detachedness(*node) == state;
        let start: Vec<NodeIx> = heap.nodes().filter(is_start).collect();
        let spreads = |edge: EdgeIx| {
            let target = heap.target(edge);
            !matches!(heap.edge_type(edge), EdgeType::HIDDEN | EdgeType::WEAK)
                && heap.node_type(target) == NodeType::NATIVE
                && states[target.ix()] == UNKNOWN
        };
        let found = reached(heap, &start, |_, edge| spreads(edge));
        for node in heap.nodes().filter(|node| found[node.ix()]) {
            states[node.ix()] = state;
        }
    }
    states
}

/// Whether an edge counts for what dominates what, where no WeakMap has a say; `page` are the objects of the page.
fn is_essential(heap: &Heap, page: &[bool], from: NodeIx, edge: EdgeIx) -> bool {
    let (is_root, target) = (from == heap.root(), heap.target(edge));
    !is_weak(heap, edge)
        && target != from
        && (is_root || heap.edge_type(edge) != EdgeType::SHORTCUT && (page[from.ix()] || !page[target.ix()]))
}

/// By node, what all ways from the root lead through. What nothing leads to is the root's, and so are rings that nothing
/// leads to with all that hangs on them, whose edges count for nothing.
fn naive_dominators(heap: &Heap) -> Vec<BTreeSet<NodeIx>> {
    let root = heap.root();
    let is_entry = |edge: &EdgeIx| match heap.edge_type(*edge) {
        EdgeType::SHORTCUT => true,
        EdgeType::ELEMENT => heap.known().is_document_dom_trees(heap.columns(), heap.target(*edge)),
        _ => false,
    };
    let entries: Vec<NodeIx> = heap.columns().edges_of(root).filter(is_entry).map(|edge| heap.target(edge)).collect();
    let page = reached(heap, &entries, |_, edge| !is_weak(heap, edge));
    let essential = |from, edge| is_essential(heap, &page, from, edge);
    let mut starts = vec![root];
    let alive = reached(heap, &starts, essential);
    let holds = |from: NodeIx, node| {
        heap.columns().edges_of(from).any(|edge| heap.target(edge) == node && essential(from, edge))
    };
    let is_lost =
        |node: &NodeIx| !alive[node.ix()] && !heap.nodes().any(|from| !alive[from.ix()] && holds(from, *node));
    starts.extend(heap.nodes().filter(is_lost));
    let all = reached(heap, &starts, essential);
    let without = |by: NodeIx| {
        let left: Vec<NodeIx> = starts.iter().copied().filter(|&start| start != by).collect();
        reached(heap, &left, |from, edge| essential(from, edge) && heap.target(edge) != by)
    };
    let mut dominators: Vec<BTreeSet<NodeIx>> = heap.nodes().map(|node| BTreeSet::from([root, node])).collect();
    for by in heap.nodes().filter(|&by| by != root && all[by.ix()]) {
        let left = without(by);
        for node in heap.nodes().filter(|node| all[node.ix()] && !left[node.ix()]) {
            dominators[node.ix()].insert(by);
        }
    }
    dominators
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn dominators_are_what_all_ways_from_the_root_lead_through(graph in graphs(12, 40)) {
        let heap = graph.load().heap;
        prop_assume!(!heap.roots().has_further());
        let tree = heap.dominators().expect("all is there");
        let found: Vec<BTreeSet<NodeIx>> = heap.nodes().map(|node| tree.chain(node).collect()).collect();
        prop_assert_eq!(found, naive_dominators(&heap));
    }

    #[test]
    fn stores_count_to_the_only_node_that_leads_to_them(graph in graphs(10, 24)) {
        let heap = graph.load().heap;
        prop_assert_eq!(heap.nodes().map(|node| heap.shallow_size(node)).collect::<Vec<_>>(), naive_shallow(&heap));
    }

    #[test]
    fn distances_are_the_fewest_steps_of_the_program_then_of_the_system(graph in graphs(10, 24)) {
        let heap = graph.load().heap;
        let found: Vec<i32> = heap.nodes().map(|node| heap.distance(node).expect("all is there")).collect();
        prop_assert_eq!(found, naive_distances(&heap));
    }

    #[test]
    fn programs_reach_what_named_references_lead_to(graph in graphs(10, 24)) {
        let heap = graph.load().heap;
        let start: Vec<NodeIx> = children_of_roots(&heap)
            .into_iter()
            .filter(|&node| heap.node_type(node) != NodeType::SYNTHETIC)
            .collect();
        let is_named =
            |edge| !matches!(heap.edge_type(edge), EdgeType::HIDDEN | EdgeType::INTERNAL | EdgeType::WEAK);
        let expected = reached(&heap, &start, |_, edge| is_named(edge));
        prop_assert_eq!(heap.nodes().map(|node| heap.is_queriable(node)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn states_of_dom_nodes_spread_over_nodes_without_one(graph in graphs(10, 24)) {
        let heap = graph.load().heap;
        prop_assert_eq!(heap.nodes().map(|node| heap.dom().get(node)).collect::<Vec<_>>(), naive_dom_states(&heap));
    }

    #[test]
    fn all_memory_stands_in_the_tree(graph in graphs(10, 24)) {
        let heap = graph.load().heap;
        let tops = heap.dominators().expect("all is there").tops();
        let retained: u64 = tops.map(|top| heap.retained_size(top).expect("all is there")).sum();
        prop_assert_eq!(heap.total_size(), Some(retained));
    }

    #[test]
    fn no_index_depends_on_the_order_of_the_nodes((graph, order) in graphs(12, 30).prop_flat_map(shuffled)) {
        let (one, other) = (graph.load().heap, graph.renumbered(&order).load().heap);
        // The number of a node in the other heap.
        let map = |node: NodeIx| match node {
            NodeIx(0) => node,
            node => NodeIx::new(order.iter().position(|&old| old == node.ix()).expect("an order of all nodes") + 1),
        };
        let set = |nodes: &[NodeIx]| nodes.iter().copied().collect::<BTreeSet<_>>();
        let roots: Vec<NodeIx> = one.roots().all().iter().map(|&root| map(root)).collect();
        prop_assert_eq!(set(&roots), set(other.roots().all()));
        let meter = Meter::default();
        let contexts = [&one, &other].map(|heap| heap.native_contexts(&meter).expect("nobody cancels"));
        for node in one.nodes() {
            let there = map(node);
            let numbers = |heap: &Heap, node: NodeIx| {
                let flags = [heap.is_queriable(node), heap.is_page_object(node), heap.is_detached_dom_node(node)];
                (heap.shallow_size(node), heap.retained_size(node), heap.distance(node), heap.dom().get(node), flags)
            };
            prop_assert_eq!(numbers(&one, node), numbers(&other, there), "{:?}", node);
            let parent = |heap: &Heap, node| heap.dominators().expect("all is there").parent(node);
            prop_assert_eq!(map(parent(&one, node)), parent(&other, there));
            let mut retainers: Vec<NodeIx> = one.shown_retainers(node).map(|(_, from)| map(from)).collect();
            let mut others: Vec<NodeIx> = other.shown_retainers(there).map(|(_, from)| from).collect();
            retainers.sort_unstable();
            others.sort_unstable();
            prop_assert_eq!(retainers, others);
            let owner = match contexts[0].owner(node) {
                Owner::Context(context) => Owner::Context(map(context)),
                owner => owner,
            };
            prop_assert_eq!(owner, contexts[1].owner(there));
            // Which interface names a plain object is a matter of which came first.
            if !one.known().is_plain_object(one.columns(), node) {
                prop_assert_eq!(one.class_name(node), other.class_name(there));
            }
        }
    }
}
