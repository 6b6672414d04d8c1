//! Distances as if some objects and references were not there: what the Retainers show once somebody ignores a retainer.
//!
//! Source: HeapSnapshot.ts, `ignoreNodeInRetainersView`, `updateIgnoredEdgesInRetainersView`,
//! `getDistanceForRetainersView`.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{Cut, NO_DISTANCE, UNREACHABLE_DISTANCE};

/// What somebody ignores, and how far from the roots everything is without it.
#[derive(Debug)]
pub(crate) struct Ignored {
    nodes: FxHashSet<u32>,
    /// References that are ignored by themselves.
    cut_edges: FxHashSet<u32>,
    cut: Cut,
    /// Halves of WeakMap entries whose other half is no longer reached: alone they keep nothing alive.
    edges: FxHashSet<u32>,
    distances: Vec<i32>,
}

impl Ignored {
    /// Walks the whole graph without these objects and references.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn compute(heap: &Heap, nodes: &[NodeIx], edges: &[EdgeIx], meter: &Meter) -> Result<Ignored> {
        let cut = Cut::new(heap.ground(), nodes.iter().copied(), edges.iter().copied());
        let distances = heap.distances_without(&cut, meter)?;
        let nodes = nodes.iter().map(|node| node.0).collect();
        let cut_edges = edges.iter().map(|edge| edge.0).collect();
        let mut ignored = Ignored { nodes, cut_edges, cut, edges: FxHashSet::default(), distances };
        ignored.find_halves(heap, meter)?;
        Ok(ignored)
    }

    /// The objects with these ids; nothing for none.
    pub(crate) fn from_ids(heap: &Heap, ids: &[ObjectId], meter: &Meter) -> Result<Option<Arc<Ignored>>> {
        if ids.is_empty() {
            return Ok(None);
        }
        let nodes: Vec<NodeIx> = ids.iter().map(|&id| heap.require_id(id)).collect::<Result<_>>()?;
        Ok(Some(Arc::new(Ignored::compute(heap, &nodes, &[], meter)?)))
    }

    fn find_halves(&mut self, heap: &Heap, meter: &Meter) -> Result<()> {
        if heap.ephemerons().is_empty() {
            return Ok(());
        }
        let entry = |edge: EdgeIx| heap.ephemeron(edge).map(|half| half.entry);
        let mut dead: FxHashSet<(u32, u32)> = FxHashSet::default();
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if self.distances[node.ix()] != NO_DISTANCE {
                continue;
            }
            let edges = heap.columns().edges_of(node);
            dead.extend(edges.filter_map(|edge| Some((heap.target(edge).0, entry(edge)?))));
        }
        for &(target, dead_entry) in &dead {
            let retainers = heap.retainers().into_iter().flat_map(|retainers| retainers.edges(NodeIx(target)));
            self.edges.extend(retainers.filter(|&edge| entry(edge) == Some(dead_entry)).map(|edge| edge.0));
        }
        Ok(())
    }

    /// All that is ignored, for walks over the graph.
    pub(crate) fn cut(&self) -> &Cut {
        &self.cut
    }

    /// Whether nothing is ignored here that is not ignored there.
    pub(crate) fn is_part_of(&self, other: &Ignored) -> bool {
        self.nodes.is_subset(&other.nodes) && self.cut_edges.is_subset(&other.cut_edges)
    }

    /// The ignored objects.
    pub(crate) fn nodes(&self) -> &FxHashSet<u32> {
        &self.nodes
    }

    pub(crate) fn contains(&self, node: NodeIx) -> bool {
        self.nodes.contains(&node.0)
    }

    /// Whether any reference is ignored by itself.
    pub(crate) fn cuts_any(&self) -> bool {
        !self.cut_edges.is_empty()
    }

    /// Whether a reference is ignored by itself.
    pub(crate) fn cuts(&self, edge: EdgeIx) -> bool {
        self.cut_edges.contains(&edge.0)
    }

    /// The distance that the Retainers show for `node` as the owner of `edge`: what nothing reaches any more goes to
    /// the end, in the order it had before.
    pub(crate) fn distance(&self, heap: &Heap, edge: EdgeIx, node: NodeIx) -> i32 {
        if self.has_edge(edge) {
            return UNREACHABLE_DISTANCE;
        }
        match self.distances[node.ix()] {
            NO_DISTANCE => heap.distance(node).unwrap_or(0).max(0).saturating_add(UNREACHABLE_DISTANCE),
            distance => distance,
        }
    }

    /// The distance of an object itself; [`NO_DISTANCE`] where nothing reaches it any more.
    pub(crate) fn distance_of(&self, node: NodeIx) -> i32 {
        self.distances[node.ix()]
    }

    /// Whether `edge` keeps nothing alive any more.
    pub(crate) fn has_edge(&self, edge: EdgeIx) -> bool {
        self.edges.contains(&edge.0) || self.cut.has_edge(edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn without(graph: &Graph, names: &[&str]) -> Ignored {
        let nodes: Vec<NodeIx> = names.iter().map(|name| graph.node(name)).collect();
        Ignored::compute(&graph.heap, &nodes, &[], &Meter::default()).expect("nobody cancels")
    }

    fn only_edge(graph: &Graph, from: &str, to: &str) -> EdgeIx {
        let edges = graph.heap.columns().edges_of(graph.node(from));
        edges.into_iter().find(|&edge| graph.heap.target(edge) == graph.node(to)).expect("an edge")
    }

    #[test]
    fn what_only_the_ignored_reach_moves_to_the_end() {
        let graph = Graph::new("r -a-> a; r -b-> b; a -x-> x; x -y-> y; b -c-> c; c -y-> y");
        let shown = |ignored: &Ignored, from: &str, to: &str| {
            ignored.distance(&graph.heap, only_edge(&graph, from, to), graph.node(from))
        };
        let ignored = without(&graph, &["x"]);
        assert_eq!(shown(&ignored, "x", "y"), 200_000_002, "it had the distance 2");
        assert_eq!(shown(&ignored, "c", "y"), 2);
        assert_eq!(ignored.distance_of(graph.node("y")), 3, "the way over b is one longer");
        let ignored = without(&graph, &["x", "c"]);
        assert_eq!(shown(&ignored, "c", "y"), 200_000_002);
        assert_eq!(ignored.distance_of(graph.node("y")), NO_DISTANCE);
    }

    #[test]
    fn half_a_weak_map_entry_counts_for_nothing_when_the_other_half_is_gone() {
        let entry = "+/+part+of+key+(K+@5)+->+value+(V+@7)+pair+in+WeakMap+(table+@3)";
        let graph = Graph::new(&format!(
            "r -t-> table:array[8]; r -k-> owner; owner -k-> key; table =1{entry}=> value; key =2{entry}=> value"
        ));
        let table = only_edge(&graph, "table", "value");
        let (ignored, heap) = (without(&graph, &["key"]), &graph.heap);
        assert!(ignored.has_edge(table));
        assert_eq!(ignored.distance(heap, table, graph.node("table")), UNREACHABLE_DISTANCE);
        assert!(!without(&graph, &["value"]).has_edge(table));
    }
}
