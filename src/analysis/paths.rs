//! Why an object is alive: paths of references from a root to it, each over another holder.

use super::holders::{self, Holders, Limits};
pub(crate) use super::ways::{Path, Step, Ways};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;

/// More references than this are not looked at for the holders of one object.
const MOST_LOOKED_AT: usize = 2_000_000;

/// Paths that each lead over a holder that the others do not have.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    /// The shortest first, and of these the one that [`Ways::shortest`] takes.
    pub list: Vec<HeldPath>,
    /// Whether there are no others.
    pub complete: bool,
    /// Whose holders they lead over; nothing for fewer than two.
    pub fork: Option<NodeIx>,
}

/// A path, and the holder that sets it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldPath {
    pub holder: Step,
    pub path: Path,
}

/// The shortest path over each of the first holders of an object (see [`holders`]), at most `count`. Where the object
/// has one holder only, paths part at the next object outwards that has several: whoever mends what one path names has
/// the others left. Empty where nothing reaches the object, or where it is a root itself.
pub(crate) fn distinct(ways: Ways<'_>, node: NodeIx, count: usize, meter: &Meter) -> Result<Paths> {
    let Some(shortest) = ways.shortest(node, meter)?.filter(|path| !path.is_empty()) else {
        return Ok(Paths { complete: true, ..Paths::default() });
    };
    // For one path nobody needs to know where others part.
    if count <= 1 {
        let list = vec![HeldPath { holder: shortest[0], path: shortest }];
        return Ok(Paths { list, ..Paths::default() });
    }
    let limits = Limits { holders: count, looked_at: MOST_LOOKED_AT, steps: usize::MAX };
    let parting = fork(ways, node, (limits, |_| true), meter)?;
    let shared = parting.held(node);
    let Fork { way, found } = parting;
    // Of several holders that are as near only some may have been found.
    let holder = shortest.iter().skip(way.len()).copied().find(|&step| holders::is_holder(ways, step));
    let mut list = vec![HeldPath { holder: holder.unwrap_or(shortest[shortest.len() - 1]), path: shortest }];
    for holder in &found.list {
        let step = holder.step();
        if list[0].path.iter().any(|other| other.1 == step.1) {
            continue;
        }
        let path = holder.path(ways, meter)?.map(|rest| [way.as_slice(), &rest].concat());
        list.extend(path.map(|path| HeldPath { holder: step, path }));
    }
    list.truncate(count);
    Ok(Paths { fork: (list.len() > 1).then_some(shared), complete: found.complete, list })
}

/// Where the ways of an object part.
#[derive(Debug)]
pub(crate) struct Fork {
    /// From the object to the first one outwards that has several holders; no step where that is the object itself.
    pub way: Path,
    /// Its holders.
    pub found: Holders,
}

impl Fork {
    /// Whether what it ends at has several holders.
    pub(crate) fn is_one(&self) -> bool {
        self.found.list.len() > 1 || !self.found.complete
    }

    /// What several hold.
    pub(crate) fn held(&self, node: NodeIx) -> NodeIx {
        self.way.last().map_or(node, |&(_, held)| held)
    }
}

/// The first object outwards with several holders, `node` itself included; where there is no such object as far as
/// `limits` let look, or among those that `goes_on` lets through, the last of these, with its only holder.
pub(crate) fn fork(
    ways: Ways<'_>,
    node: NodeIx,
    (mut limits, goes_on): (Limits, impl Fn(NodeIx) -> bool),
    meter: &Meter,
) -> Result<Fork> {
    let (mut way, mut held) = (Path::new(), node);
    loop {
        let found = holders::first(ways, held, limits, meter)?;
        match found.list.as_slice() {
            [only] if found.complete && limits.steps > 0 && !ways.is_end(only.step().1) && goes_on(only.step().1) => {
                limits.steps -= 1;
                limits.looked_at = limits.looked_at.saturating_sub(found.looked_at);
                way.extend_from_slice(&only.way[..=only.at]);
                held = only.step().1;
            }
            _ => return Ok(Fork { way, found }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::analysis::ways;
    use crate::heap::Heap;
    use crate::notation::Graph;

    /// What a path costs: its length, and how far its end is from a root.
    fn cost(ways: Ways<'_>, path: &Path) -> u32 {
        let (_, end) = path.last().expect("a path has a step");
        path.len() as u32 + ways.rest(*end).expect("a path ends where a root reaches")
    }

    /// All paths without cycles that go on behind `path`, each up to the first end.
    fn all_paths(heap: &Heap, object: NodeIx, path: &mut Path, found: &mut Vec<Path>) {
        let at = path.last().map_or(object, |&(_, node)| node);
        if !path.is_empty() && Ways::all(heap).is_end(at) {
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

    /// The cost of the cheapest of `paths` over each node that stands at the first place where they differ.
    fn cheapest(ways: Ways<'_>, paths: &[Path]) -> HashMap<NodeIx, u32> {
        let mut place = 0;
        loop {
            let mut costs = HashMap::new();
            for path in paths.iter().filter(|path| path.len() > place) {
                let least = costs.entry(path[place].1).or_insert(u32::MAX);
                *least = cost(ways, path).min(*least);
            }
            if costs.len() != 1 || paths.iter().any(|path| path.len() == place + 1) {
                return costs;
            }
            place += 1;
        }
    }

    /// The path whose steps stand first in the Retainers, one after the other.
    fn first_of<'a>(heap: &Heap, paths: Vec<&'a Path>) -> Option<&'a Path> {
        let with_distance = |step: Step| (heap.distance(step.1).unwrap_or(0), step);
        let by_steps = |a: &&Path, b: &&Path| {
            let steps = a.iter().zip(b.iter());
            let orders = steps.map(|(&a, &b)| ways::nearer(heap, with_distance(a), with_distance(b)));
            orders.fold(Ordering::Equal, Ordering::then)
        };
        paths.into_iter().min_by(by_steps)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn each_path_is_the_shortest_over_a_holder_of_its_own(
            edges in proptest::collection::vec((0usize..7, 0usize..4, 0usize..7), 0..18),
        ) {
            // The last node is one that only the system reaches, unless an edge says otherwise.
            let arrows = ["-a->", "-[1]->", "^s^>", "~w~>"];
            // No engine writes references to the root itself: behind one, distances speak of ways that nobody sees.
            let is_odd = edges.iter().any(|&(_, _, to)| to == 0);
            let edges = edges.iter().map(|&(from, kind, to)| format!("n{from} {} n{to}", arrows[kind]));
            let nodes = ["n0", "n1", "n2", "n3", "n4", "n5", "n6:synthetic", "n0 -s-> n6"].map(String::from);
            let graph = Graph::new(&nodes.into_iter().chain(edges).collect::<Vec<_>>().join("\n"));
            let heap = &graph.heap;
            let ways = Ways::all(heap);
            for node in heap.nodes() {
                let mut all = Vec::new();
                if !ways.is_end(node) && !heap.is_unreachable(node) {
                    all_paths(heap, node, &mut Vec::new(), &mut all);
                }
                let shortest = distinct(ways, node, 1, &Meter::default()).expect("nobody cancels");
                let least = all.iter().map(|path| cost(ways, path)).min();
                prop_assert_eq!(shortest.list.first().map(|held| cost(ways, &held.path)), least);
                let nearest = ways.shortest(node, &Meter::default()).expect("nobody cancels");
                let cheap: Vec<&Path> = all.iter().filter(|path| Some(cost(ways, path)) == least).collect();
                prop_assert_eq!(nearest.as_ref().filter(|path| !path.is_empty()), first_of(heap, cheap));
                for count in [1, 2, 3, 99] {
                    let found = distinct(ways, node, count, &Meter::default()).expect("nobody cancels");
                    let path = found.list.first().map(|held| &held.path);
                    prop_assert_eq!(path, nearest.as_ref().filter(|path| !path.is_empty()), "of {} paths", count);
                }
                let found = distinct(ways, node, 99, &Meter::default()).expect("nobody cancels");
                if is_odd {
                    continue;
                }
                let nodes = |path: &Path| path.iter().map(|step| step.1).collect::<Vec<_>>();
                for HeldPath { holder, path } in &found.list {
                    prop_assert!(path.contains(holder));
                    prop_assert!(all.iter().any(|other| nodes(other) == nodes(path)), "{:?}", nodes(path));
                }
                let costs: HashMap<NodeIx, u32> =
                    found.list.iter().map(|held| (held.holder.1, cost(ways, &held.path))).collect();
                prop_assert_eq!((&costs, found.complete), (&cheapest(ways, &all), true));
            }
        }
    }

    fn names(graph: &Graph, path: &Path) -> String {
        path.iter().map(|&(_, node)| graph.name(node).to_owned()).collect::<Vec<_>>().join(" ")
    }

    fn paths_of(graph: &Graph, name: &str) -> Vec<String> {
        let found = distinct(Ways::all(&graph.heap), graph.node(name), 9, &Meter::default()).expect("nobody cancels");
        found.list.iter().map(|held| names(graph, &held.path)).collect()
    }

    #[test]
    fn no_path_leads_through_the_object_itself() {
        let graph = Graph::new("r -a-> a; a -b-> b; b -x-> x; x -y-> b; a -x-> x");
        assert_eq!(paths_of(&graph, "x"), ["a", "b a"]);
    }

    #[test]
    fn paths_over_one_holder_count_once_and_part_where_there_are_several() {
        let both = "r -l-> log; log -history-> list; list -[1]-> x; list =elements=> store:array; store =1=> x";
        let graph =
            Graph::new(&format!("{both}; r -g-> g; g -h-> h; h -cache-> map; map =table=> table:array; table =3=> x"));
        assert_eq!(paths_of(&graph, "x"), ["list log", "table map h g"]);
        // One holder: the paths part at who holds that.
        let graph = Graph::new(&format!("{both}; r -g-> g; g -kept-> list"));
        assert_eq!(paths_of(&graph, "x"), ["list g", "list log"]);
    }

    #[test]
    fn a_list_of_hundred_thousand_links_takes_one_walk() {
        const LINKS: usize = 100_000;
        let graph = crate::testing::list(LINKS);
        let last = NodeIx::new(LINKS);
        for count in [1, 5] {
            let found = distinct(Ways::all(&graph), last, count, &Meter::default()).expect("nobody cancels");
            assert_eq!(found.list.len(), 1);
            assert_eq!(found.list[0].path.len(), LINKS - 1);
        }
    }
}
