//! Why an object is alive: the shortest paths of references from a root to it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};

/// One path, from the object outwards: each step is an edge and the node that it leaves. The last step's node is a
/// user root, or a child of the root where only the system reaches the object.
pub(crate) type Path = Vec<(EdgeIx, NodeIx)>;

/// More partial paths than this are not looked at: a graph can have more paths than atoms.
const MOST_STEPS: usize = 2_000_000;

/// The references that paths may take: all of a heap but those that are ignored.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    pub(crate) heap: &'a Heap,
    pub(crate) ignored: Option<&'a Ignored>,
}

impl<'a> Ways<'a> {
    /// All references.
    #[cfg(test)]
    pub(crate) fn all(heap: &'a Heap) -> Self {
        Ways { heap, ignored: None }
    }
}

/// The `count` shortest paths without cycles, shortest first, ties in the order of the file. Empty where nothing
/// reaches the object, or where it is a root itself.
///
/// A node's distance is exactly the length of its shortest way to a root, so partial paths are continued in the order
/// of the best whole path that they can become (A* with a perfect estimate).
pub(crate) fn shortest(ways: Ways<'_>, node: NodeIx, count: usize, meter: &Meter) -> Result<Vec<Path>> {
    let Ways { heap, ignored } = ways;
    let mut paths = Vec::new();
    let object = node;
    let distance = |node| ignored.map_or_else(|| heap.distance(node), |ignored| Some(ignored.distance_of(node)));
    let is_end = |node| distance(node).is_some_and(is_end);
    let rest_of_way = |node| distance(node).and_then(rest_of_way);
    let Some(rest) = rest_of_way(node).filter(|_| !is_end(node)) else { return Ok(paths) };
    // Partial paths share their beginnings: each step knows the one before it.
    let mut steps: Vec<PathStep> = Vec::new();
    let mut open = BinaryHeap::new();
    open.push(Reverse((rest, u32::MAX, None)));
    let mut looked_at = 0;
    while let Some(Reverse((_, _, last))) = open.pop() {
        meter.check()?;
        let (node, length) = last.map_or((node, 0), |at: usize| (steps[at].node, steps[at].length));
        if length > 0 && is_end(node) {
            paths.push(path_to(&steps, last));
            if paths.len() == count {
                break;
            }
            continue;
        }
        for (edge, from) in heap.shown_retainers(node) {
            looked_at += 1;
            meter.check_at(looked_at)?;
            if ignored.is_some_and(|ignored| ignored.contains(from) || ignored.has_edge(edge)) {
                continue;
            }
            let Some(rest) = rest_of_way(from) else { continue };
            if steps.len() >= MOST_STEPS || from == object || is_on_path(&steps, last, from) {
                continue;
            }
            steps.push(PathStep { edge, node: from, length: length + 1, before: last });
            open.push(Reverse((length + 1 + rest, edge.0, Some(steps.len() - 1))));
        }
    }
    Ok(paths)
}

struct PathStep {
    edge: EdgeIx,
    node: NodeIx,
    length: u32,
    before: Option<usize>,
}

/// References between a node at this distance and the root at the end of its shortest path. Ways that only the system
/// has are longer than any other, so paths from the program's own roots come first.
fn rest_of_way(distance: i32) -> Option<u32> {
    match distance {
        NO_DISTANCE => None,
        distance => Some((distance - 1).max(0) as u32),
    }
}

/// Whether paths end at this distance: at a user root, or at a child of the root that only the system reaches.
fn is_end(distance: i32) -> bool {
    matches!(distance, 0 | 1 | SYSTEM_DISTANCE | SYSTEM_CHILD)
}

const SYSTEM_CHILD: i32 = SYSTEM_DISTANCE + 1;

fn path_to(steps: &[PathStep], last: Option<usize>) -> Path {
    let mut path: Path =
        std::iter::successors(last, |&at| steps[at].before).map(|at| (steps[at].edge, steps[at].node)).collect();
    path.reverse();
    path
}

fn is_on_path(steps: &[PathStep], last: Option<usize>, node: NodeIx) -> bool {
    std::iter::successors(last, |&at| steps[at].before).any(|at| steps[at].node == node)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notation::Graph;

    /// What a path costs: its length, and how far its end is from a root.
    fn cost(heap: &Heap, path: &Path) -> u32 {
        let (_, end) = path.last().expect("a path has a step");
        path.len() as u32 + heap.distance(*end).and_then(rest_of_way).expect("a path ends where a root reaches")
    }

    /// All paths without cycles that go on behind `path`, each up to the first end.
    fn all_paths(heap: &Heap, object: NodeIx, path: &mut Path, found: &mut Vec<Path>) {
        let at = path.last().map_or(object, |&(_, node)| node);
        if !path.is_empty() && heap.distance(at).is_some_and(is_end) {
            return found.push(path.clone());
        }
        for (edge, from) in heap.shown_retainers(at).collect::<Vec<_>>() {
            let is_new = from != object && path.iter().all(|&(_, node)| node != from);
            if is_new && !heap.is_unreachable(from) {
                path.push((edge, from));
                all_paths(heap, object, path, found);
                path.pop();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn the_shortest_paths_are_the_shortest_of_all(
            edges in proptest::collection::vec((0usize..7, 0usize..4, 0usize..7), 0..18),
            count in 1usize..6,
        ) {
            // The last node is one that only the system reaches, unless an edge says otherwise.
            let arrows = ["-a->", "-[1]->", "^s^>", "~w~>"];
            let edges = edges.iter().map(|&(from, kind, to)| format!("n{from} {} n{to}", arrows[kind]));
            let nodes = ["n0", "n1", "n2", "n3", "n4", "n5", "n6:synthetic", "n0 -s-> n6"].map(String::from);
            let graph = Graph::new(&nodes.into_iter().chain(edges).collect::<Vec<_>>().join("\n"));
            let heap = &graph.heap;
            for node in heap.nodes() {
                let found = shortest(Ways::all(heap), node, count, &Meter::default()).expect("nobody cancels");
                let mut all = Vec::new();
                if !heap.distance(node).is_some_and(is_end) && !heap.is_unreachable(node) {
                    all_paths(heap, node, &mut Vec::new(), &mut all);
                }
                let mut costs: Vec<u32> = all.iter().map(|path| cost(heap, path)).collect();
                costs.sort_unstable();
                costs.truncate(count);
                prop_assert_eq!(found.iter().map(|path| cost(heap, path)).collect::<Vec<_>>(), costs);
                for (place, path) in found.iter().enumerate() {
                    prop_assert!(all.contains(path) && !found[..place].contains(path));
                }
            }
        }
    }

    #[test]
    fn no_path_leads_through_the_object_itself() {
        let graph = Graph::new("r -a-> a; a -b-> b; b -x-> x; x -y-> b; a -x-> x");
        let paths = shortest(Ways::all(&graph.heap), graph.node("x"), 9, &Meter::default()).expect("nobody cancels");
        let names =
            |path: &Path| path.iter().map(|&(_, node)| graph.name(node).to_owned()).collect::<Vec<_>>().join(" ");
        assert_eq!(paths.iter().map(names).collect::<Vec<_>>(), ["a", "b a"]);
    }
}
