//! All ways to the roots at once, with limits: DevTools' forest of retaining paths.
//!
//! Source: HeapSnapshot.ts, `getRetainingPaths`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;

const MOST_STEPS: i64 = 30;
const MOST_NODES: usize = 5000;
const MOST_SIBLINGS: usize = 100;
/// 0 is the root, 1 (GC roots), 2 the kinds of roots below them.
const ROOT_DISTANCE: i64 = 2;

/// A retainer with its own retainers, as far as they lead to a root.
#[derive(Debug)]
pub(crate) struct RetainingBranch {
    pub edge: EdgeIx,
    pub node: NodeIx,
    pub distance: i32,
    pub children: Vec<RetainingBranch>,
}

/// The forest, and which limits have kept it from being larger.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    pub branches: Vec<RetainingBranch>,
    pub depth_reached: bool,
    pub nodes_reached: bool,
    pub siblings_reached: bool,
}

/// The retaining paths of `node`, without what is ignored. Empty before distances are known.
pub(crate) fn compute(heap: &Heap, node: NodeIx, ignored: Option<&Ignored>, meter: &Meter) -> Result<Forest> {
    let mut walk = ForestWalk {
        heap,
        meter,
        ignored,
        traversed: 0,
        visiting: FxHashSet::default(),
        visited: FxHashMap::default(),
        forest: Forest::default(),
    };
    let branches = walk.branches(node, 0)?;
    Ok(Forest { branches, ..walk.forest })
}

struct ForestWalk<'a> {
    heap: &'a Heap,
    meter: &'a Meter,
    ignored: Option<&'a Ignored>,
    traversed: usize,
    visiting: FxHashSet<u32>,
    /// The depth at which a node was looked at last.
    visited: FxHashMap<u32, i64>,
    forest: Forest,
}

impl ForestWalk<'_> {
    fn distance(&self, node: NodeIx) -> i32 {
        let own = || self.heap.distance(node).unwrap_or(NO_DISTANCE);
        self.ignored.map_or_else(own, |ignored| ignored.distance_of(node))
    }

    /// The recursion goes no deeper than [`MOST_STEPS`].
    fn branches(&mut self, node: NodeIx, depth: i64) -> Result<Vec<RetainingBranch>> {
        self.meter.check()?;
        self.traversed += 1;
        if self.traversed > MOST_NODES {
            self.forest.nodes_reached = true;
            return Ok(Vec::new());
        }
        if depth >= MOST_STEPS {
            self.forest.depth_reached = true;
            return Ok(Vec::new());
        }
        if self.distance(node) as i64 <= ROOT_DISTANCE
            || self.visiting.contains(&node.0)
            || self.visited.get(&node.0).is_some_and(|&before| depth >= before)
        {
            return Ok(Vec::new());
        }
        self.visiting.insert(node.0);
        let mut retainers = self.near_retainers(node, depth)?;
        retainers.sort_by_key(|&(_, _, distance)| distance);
        if retainers.len() > MOST_SIBLINGS {
            self.forest.siblings_reached = true;
            retainers.truncate(MOST_SIBLINGS);
        }
        let mut branches = Vec::new();
        for (edge, from, distance) in retainers {
            let mut children = Vec::new();
            if distance as i64 == ROOT_DISTANCE {
                self.traversed += 1;
                if self.traversed > MOST_NODES {
                    self.forest.nodes_reached = true;
                    break;
                }
            } else {
                children = self.branches(from, depth + 1)?;
                if children.is_empty() {
                    continue;
                }
            }
            branches.push(RetainingBranch { edge, node: from, distance, children });
        }
        self.visiting.remove(&node.0);
        self.visited.insert(node.0, depth);
        Ok(branches)
    }

    /// The retainers from which a root can be reached within the limit, the last edge of the file first.
    fn near_retainers(&mut self, node: NodeIx, depth: i64) -> Result<Vec<(EdgeIx, NodeIx, i32)>> {
        let mut found = Vec::new();
        let Some(retainers) = self.heap.retainers() else { return Ok(found) };
        for (count, edge) in retainers.edges(node).rev().enumerate() {
            self.meter.check_at(count)?;
            let from = self.heap.source(edge);
            let distance = self.distance(from);
            if self.ignored.is_some_and(|ignored| ignored.has_edge(edge))
                || self.heap.edge_type(edge) == EdgeType::WEAK
                || distance < 0
            {
                continue;
            }
            if distance as i64 - ROOT_DISTANCE < MOST_STEPS - depth {
                found.push((edge, from, distance));
            } else {
                self.forest.depth_reached = true;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::notation::Graph;

    fn lines(graph: &Graph, branches: &[RetainingBranch], depth: usize) -> Vec<String> {
        let line = |branch: &RetainingBranch| {
            let own = format!("{}{} {}", "  ".repeat(depth), graph.name(branch.node), branch.distance);
            [vec![own], lines(graph, &branch.children, depth + 1)].concat()
        };
        branches.iter().flat_map(line).collect()
    }

    fn forest(graph: &Graph, of: &str) -> Forest {
        compute(&graph.heap, graph.node(of), None, &Meter::default()).expect("nobody cancels")
    }

    #[test]
    fn every_way_is_there_the_nearest_first_and_weak_ones_are_not() {
        let graph = Graph::new("r -a-> a; a -b-> b; b -c-> c; c -x-> x; a -d-> d; d -x-> x; b ~w~> x; x -y-> c");
        let found = forest(&graph, "x");
        assert_eq!(lines(&graph, &found.branches, 0), ["d 2", "c 3", "  b 2"]);
        assert!(!found.depth_reached && !found.nodes_reached && !found.siblings_reached);
    }

    #[test]
    fn ways_longer_than_the_limit_are_left_out_and_said() {
        let chain: Vec<String> = (1..40).map(|step| format!("n{} -x-> n{step}", step - 1)).collect();
        let graph = Graph::new(&format!("r -x-> n0; {}", chain.join("; ")));
        let found = forest(&graph, "n39");
        assert!(found.branches.is_empty() && found.depth_reached);
        assert!(!forest(&graph, "n20").branches.is_empty());
    }

    #[test]
    fn more_siblings_than_the_limit_are_left_out_and_said() {
        let many: Vec<String> = (0..101).map(|each| format!("a -n-> n{each}; n{each} -x-> x")).collect();
        let found = forest(&Graph::new(&format!("r -a-> a; {}", many.join("; "))), "x");
        assert_eq!((found.branches.len(), found.siblings_reached), (MOST_SIBLINGS, true));
    }

    #[test]
    fn the_walk_ends_when_somebody_cancels() {
        let graph = Graph::new("r -a-> a; a -b-> b; b -c-> c");
        let meter = Meter::default();
        meter.cancel();
        assert!(matches!(compute(&graph.heap, graph.node("c"), None, &meter), Err(Error::Cancelled)));
    }
}
