use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::chains::{Chains, Reached};
use super::link::{HolderKind, Reference};
use super::{HolderLevel, Options, Without};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::notation::Graph;
use crate::testing::{RandomGraph, graphs};

// ---- rows in words ----

fn reference(heap: &Heap, reference: Reference) -> String {
    let name = |name| heap.columns().strings.text(name).into_owned();
    match reference {
        Reference::Property(property) => name(property),
        Reference::Variable(variable) => format!("${}", name(variable)),
        Reference::Internal(slot) => format!("={}", name(slot)),
        other => format!("{other:?}"),
    }
}

/// `entry of sessions in Store: 3 objects, 3 only`
fn told(level: &HolderLevel, row: usize) -> String {
    let heap = level.heap();
    let row_of = &level.rows()[row];
    let link = row_of.key.link;
    let inside = link.inside.map_or_else(String::new, |(outer, _)| format!(" of {}", reference(heap, outer)));
    let holder = match row_of.holders.len() {
        1 => heap.columns().strings.text(heap.columns().nodes.name(row_of.holders[0])).into_owned(),
        many => format!("{many} holders"),
    };
    let again = if row_of.key.again { "again " } else { "" };
    let only = level.count_only(row, &Meter::default()).expect("nobody cancels");
    format!("{again}{}{inside} in {holder}: {} objects, {only} only", reference(heap, link.reference), row_of.objects)
}

fn level_of(graph: &Graph, set: &[&str], options: Options) -> Arc<HolderLevel> {
    let set = set.iter().map(|name| graph.node(name)).collect();
    Arc::new(HolderLevel::of_set(graph.heap.clone(), set, options, &Meter::default()).expect("nobody cancels"))
}

fn rows(level: &HolderLevel) -> Vec<String> {
    (0..level.rows().len()).map(|row| told(level, row)).collect()
}

fn holders(text: &str, set: &[&str]) -> Vec<String> {
    rows(&level_of(&Graph::new(text), set, Options::default()))
}

#[test]
fn a_list_that_leads_both_ways_is_held_at_both_ends_and_by_neither_alone() {
    let graph = Graph::new(
        "r -list-> List; List -head-> N#1; List -tail-> N#3
         N#1 -next-> N#2; N#2 -next-> N#3; N#3 -prev-> N#2; N#2 -prev-> N#1",
    );
    let level = level_of(&graph, &["N#1", "N#2", "N#3"], Options::default());
    let expected = ["head in List: 3 objects, 0 only", "tail in List: 3 objects, 0 only"];
    assert_eq!(rows(&level)[..2], expected);
    assert!(rows(&level)[2..].iter().all(|row| row.starts_with("again ")), "{:?}", rows(&level));
    assert_eq!(level.several(), 3);
    let above = Arc::new(level.below(0, &Meter::default()).expect("nobody cancels"));
    assert_eq!(rows(&above), ["list in : 3 objects, 3 only"]);
}

#[test]
fn a_ring_that_is_held_once_has_one_row() {
    let rows = holders("r -held-> R#1; R#1 -other-> R#2; R#2 -other-> R#1", &["R#1", "R#2"]);
    assert_eq!(rows, ["held in : 2 objects, 2 only", "again other in R: 1 objects, 1 only"]);
}

#[test]
fn tables_stores_and_the_places_of_collections_are_folded_into_the_link() {
    let graph = Graph::new(
        "r -s-> Store; Store -sessions-> Map; Map =table=> t:array[152]
         t =5=> k:string; t =6=> S#1; t =8=> k2:string; t =9=> S#2; t =11=> S#3; t =12=> v:number
         r -q-> Queue; Queue -items-> Array; Array =elements=> e:array; Array -[0]-> S#1; Array -[1]-> S#2; e =0=> S#1
         e =1=> S#2",
    );
    let rows = rows(&level_of(&graph, &["S#1", "S#2", "S#3"], Options::default()));
    let expected = [
        "Element of items in Queue: 2 objects, 0 only",
        // Without the place of the Map its keys go too.
        "Entry of sessions in Store: 2 objects, 1 only",
        "Key of sessions in Store: 1 objects, 1 only",
    ];
    assert_eq!(rows.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected.into());
}

#[test]
fn a_collection_that_two_hold_is_a_holder_itself() {
    let graph = Graph::new("r -a-> A; A -list-> Array; r -b-> B; B -own-> Array; Array -[0]-> S#1; Array -[1]-> S#2");
    let level = level_of(&graph, &["S#1", "S#2"], Options::default());
    assert_eq!(rows(&level), ["Element in Array: 2 objects, 2 only"]);
    let above = Arc::new(level.below(0, &Meter::default()).expect("nobody cancels"));
    assert_eq!(rows(&above), ["list in A: 2 objects, 0 only", "own in B: 2 objects, 0 only"]);
}

#[test]
fn variables_are_held_by_their_scope_and_scopes_of_one_function_are_one_row() {
    let text = "r -f-> f:closure; r -g-> g:closure; f =context=> system+/+Context#1; g =context=> system+/+Context#2
         system+/+Context#1 $item$> S#1; system+/+Context#2 $item$> S#2
         system+/+Context#1 =scope_info=> info:code; system+/+Context#2 =scope_info=> info";
    let graph = Graph::new(text);
    let level = level_of(&graph, &["S#1", "S#2"], Options::default());
    assert_eq!(rows(&level), ["$item in 2 holders: 2 objects, 2 only"]);
    assert!(matches!(level.rows()[0].key.kind, HolderKind::Scope(_)));
    let above = Arc::new(level.below(0, &Meter::default()).expect("nobody cancels"));
    assert_eq!(rows(&above), ["=context in 2 holders: 2 objects, 2 only"]);
}

#[test]
fn properties_of_a_dictionary_are_one_link_and_those_of_records_are_not() {
    let dictionary: Vec<String> = (0..20).map(|each| format!("D -key{each}-> S#{each}")).collect();
    let graph = Graph::new(&format!("r -c-> Cache; Cache -byId-> D; {}", dictionary.join("; ")));
    let all: Vec<String> = (0..20).map(|each| format!("S#{each}")).collect();
    let set: Vec<&str> = all.iter().map(String::as_str).collect();
    let level = level_of(&graph, &set, Options::default());
    assert_eq!(rows(&level), ["Any of byId in Cache: 20 objects, 20 only"]);
    let records: Vec<String> = (0..2)
        .flat_map(|record| {
            let fields = (0..20).map(move |field| format!("R#{record} -f{field}-> S#{}", record * 20 + field));
            std::iter::once(format!("r -[{record}]-> R#{record}")).chain(fields)
        })
        .collect();
    let graph = Graph::new(&records.join("; "));
    let all: Vec<String> = (0..40).map(|each| format!("S#{each}")).collect();
    let set: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(level_of(&graph, &set, Options::default()).rows().len(), 20);
}

#[test]
fn what_engines_write_twice_is_one_reference_and_goes_as_one() {
    let graph = Graph::new(
        "r -o-> O; O -user-> S; O =3=> S; O =properties=> d:array; d =7=> S; r -x-> X; X -y-> Y; Y =properties=> e:array
         e =1=> S",
    );
    let level = level_of(&graph, &["S"], Options::default());
    assert_eq!(rows(&level), ["user in O: 1 objects, 0 only", "=properties in Y: 1 objects, 0 only"]);
    let graph = Graph::new("r -o-> O; O -user-> S; O =3=> S; O =properties=> d:array; d =7=> S");
    assert_eq!(rows(&level_of(&graph, &["S"], Options::default())), ["user in O: 1 objects, 1 only"]);
}

#[test]
fn linked_entries_of_a_long_table_are_passed_over_as_one() {
    const ENTRIES: usize = 3_000;
    let links = (1..ENTRIES)
        .map(|each| format!("e#{}:hidden =next=> e#{each}:hidden; e#{each} =prev=> e#{}", each - 1, each - 1));
    let values = (0..ENTRIES).map(|each| format!("e#{each} =value=> S#{each}"));
    let text: Vec<String> = links.chain(values).collect();
    let graph = Graph::new(&format!("r -m-> M; M -all-> Map; Map =storage=> e#0:hidden; {}", text.join("; ")));
    let all: Vec<String> = (0..ENTRIES).map(|each| format!("S#{each}")).collect();
    let set: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(rows(&level_of(&graph, &set, Options::default())), ["Entry of all in M: 3000 objects, 3000 only"]);
}

#[test]
fn plumbing_that_leads_to_all_of_its_kind_stands_for_itself() {
    const BOXES: usize = 600;
    let links = (0..BOXES).map(|each| {
        let next = (each + 1) % BOXES;
        format!(
            "box#{each}:hidden =next=> box#{next}:hidden; box#{next} =prev=> box#{each}; box#{each} =item=> S#{each}"
        )
    });
    let holders = (0..BOXES).map(|each| format!("r -d{each}-> D#{each}; D#{each} =box=> box#{each}:hidden"));
    let text: Vec<String> = holders.chain(links).collect();
    let all: Vec<String> = (0..BOXES).map(|each| format!("S#{each}")).collect();
    let set: Vec<&str> = all.iter().map(String::as_str).collect();
    let rows = rows(&level_of(&Graph::new(&text.join("; ")), &set, Options::default()));
    assert_eq!(rows, ["=item in 600 holders: 600 objects, 600 only"]);
}

#[test]
fn a_chain_above_is_one_level() {
    let links: Vec<String> = (1..500).map(|each| format!("L#{} -next-> L#{each}", each - 1)).collect();
    let graph = Graph::new(&format!("r -head-> L#0; {}; L#499 -item-> S", links.join("; ")));
    let level = level_of(&graph, &["S"], Options::default());
    assert_eq!(rows(&level), ["item in L: 1 objects, 1 only"]);
    let above = Arc::new(level.below(0, &Meter::default()).expect("nobody cancels"));
    assert_eq!(rows(&above), ["next in L: 1 objects, 1 only"]);
    let above = Arc::new(above.below(0, &Meter::default()).expect("nobody cancels"));
    assert_eq!(rows(&above), ["head in : 1 objects, 1 only", "again next in 498 holders: 1 objects, 1 only"]);
}

#[test]
fn a_child_that_points_back_holds_nothing() {
    assert_eq!(
        holders("r -p-> P; P -child-> S; S -own-> C; C -parent-> S; C -more-> D; D -top-> S", &["S"]),
        ["child in P: 1 objects, 1 only"]
    );
}

// ---- against slow and plain definitions ----

/// A graph with entries of WeakMaps.
#[derive(Debug, Clone)]
struct Weak {
    graph: RandomGraph,
    /// Table, key, value.
    entries: Vec<(usize, usize, usize)>,
}

fn weak_graphs() -> impl Strategy<Value = Weak> {
    graphs(14, 40).prop_flat_map(|graph| {
        let node = 0..graph.len();
        let entries = proptest::collection::vec((node.clone(), node.clone(), node), 0..4);
        (Just(graph), entries).prop_map(|(graph, entries)| Weak { graph, entries })
    })
}

impl Weak {
    fn load(&self) -> Graph {
        let id = |node: usize| node * 2 + 1;
        let entries: Vec<(usize, String, usize)> = self
            .entries
            .iter()
            .enumerate()
            .flat_map(|(number, &(table, key, value))| {
                let words = format!(
                    "+/+part+of+key+(K{number}+@{})+->+value+(V+@{})+pair+in+WeakMap+(table+@{})",
                    id(key),
                    id(value),
                    id(table)
                );
                [(table, format!("=1{words}=>"), value), (key, format!("=2{words}=>"), value)]
            })
            .collect();
        self.graph.load_with(&entries)
    }
}

/// What the graph says of one edge, as `answers` define it.
struct Slow<'a> {
    heap: &'a Heap,
    edges: Vec<(EdgeIx, NodeIx, NodeIx)>,
    /// Value, entry → the edges of its table, of its key.
    entries: BTreeMap<(NodeIx, u32), [Vec<NodeIx>; 2]>,
}

impl<'a> Slow<'a> {
    fn new(heap: &'a Heap) -> Slow<'a> {
        let mut slow = Slow { heap, edges: Vec::new(), entries: BTreeMap::new() };
        for from in heap.nodes() {
            for edge in heap.columns().edges_of(from) {
                let to = heap.target(edge);
                let holds = match heap.edge_type(edge) {
                    EdgeType::WEAK => false,
                    EdgeType::SHORTCUT => heap.roots().contains(from),
                    _ => true,
                };
                if let Some(half) = heap.ephemeron(edge) {
                    let is_key = (half.table != heap.id(from)) as usize;
                    slow.entries.entry((to, half.entry)).or_default()[is_key].push(from);
                }
                if holds && from != to {
                    slow.edges.push((edge, from, to));
                }
            }
        }
        // One half alone is an edge like any other.
        slow.entries.retain(|_, [tables, keys]| match (tables.last(), keys.last()) {
            (Some(table), Some(key)) => table != key,
            _ => false,
        });
        slow
    }

    fn needs(&self, edge: EdgeIx, to: NodeIx) -> Option<[NodeIx; 2]> {
        let half = self.heap.ephemeron(edge)?;
        let [tables, keys] = self.entries.get(&(to, half.entry))?;
        Some([tables[tables.len() - 1], keys[keys.len() - 1]])
    }

    /// Everything that roots reach without some nodes and edges.
    fn reached(&self, nodes: &BTreeSet<NodeIx>, edges: &BTreeSet<EdgeIx>) -> BTreeSet<NodeIx> {
        let mut reached: BTreeSet<NodeIx> =
            self.heap.roots().all().iter().copied().filter(|root| !nodes.contains(root)).collect();
        loop {
            let before = reached.len();
            for &(edge, from, to) in &self.edges {
                let is_open = reached.contains(&from) && !edges.contains(&edge) && !nodes.contains(&to);
                if !is_open {
                    continue;
                }
                // Of an entry, each half must be there: by an edge that is not cut.
                let has_both = match self.needs(edge, to) {
                    None => true,
                    Some(ends) => ends.iter().all(|&end| {
                        reached.contains(&end)
                            && self.edges.iter().any(|&(other, from, target)| {
                                from == end && target == to && !edges.contains(&other) && self.is_half(other, edge)
                            })
                    }),
                };
                if has_both {
                    reached.insert(to);
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }

    fn is_half(&self, one: EdgeIx, other: EdgeIx) -> bool {
        let entry = |edge| self.heap.ephemeron(edge).map(|half| half.entry);
        entry(one).is_some() && entry(one) == entry(other)
    }

    /// Whether all ways to `node` lead through `above`, where tables of WeakMaps hold nothing.
    fn dominates(&self, above: NodeIx, node: NodeIx) -> bool {
        if above == node {
            return true;
        }
        let whole = self.reached(&BTreeSet::new(), &BTreeSet::new());
        let mut reached: BTreeSet<NodeIx> =
            self.heap.roots().all().iter().copied().filter(|&root| root != above).collect();
        loop {
            let before = reached.len();
            for &(edge, from, to) in &self.edges {
                let counts = match self.needs(edge, to) {
                    Some([table, key]) => from == key && whole.contains(&table),
                    None => true,
                };
                if counts && to != above && reached.contains(&from) {
                    reached.insert(to);
                }
            }
            if reached.len() == before {
                return !reached.contains(&node);
            }
        }
    }

    fn is_reason(&self, whole: &BTreeSet<NodeIx>, (edge, from, to): (EdgeIx, NodeIx, NodeIx)) -> bool {
        let lives = |node: NodeIx| whole.contains(&node) && !self.dominates(to, node);
        lives(from) && self.needs(edge, to).is_none_or(|ends| ends.iter().all(|&end| lives(end)))
    }
}

proptest! {
    #[test]
    fn what_would_go_is_what_no_root_reaches(
        weak in weak_graphs(),
        nodes in proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
        edges in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let graph = weak.load();
        let (heap, meter) = (&*graph.heap, Meter::default());
        let nodes: BTreeSet<NodeIx> = nodes.iter().map(|at| NodeIx::new(at.index(heap.node_count()))).collect();
        let edges: BTreeSet<EdgeIx> = match heap.edge_count() {
            0 => BTreeSet::new(),
            count => edges.iter().map(|at| EdgeIx::new(at.index(count))).collect(),
        };
        let slow = Slow::new(heap);
        let whole = slow.reached(&BTreeSet::new(), &BTreeSet::new());
        let kept = slow.reached(&nodes, &edges);
        let holding = heap.holding(&meter).unwrap();
        let all: Vec<NodeIx> = heap.nodes().collect();
        let without = Without { nodes: nodes.into_iter().collect(), edges: edges.into_iter().collect() };
        let freed = without.frees(heap, &all, &meter).unwrap();
        for node in heap.nodes() {
            prop_assert_eq!(holding.is_reached(node), whole.contains(&node), "{:?}", node);
            let goes = whole.contains(&node) && !kept.contains(&node);
            prop_assert_eq!(freed.lost.has(holding, node), goes, "{:?} of {:?}", node, weak);
        }
        let lost: Vec<NodeIx> = whole.difference(&kept).copied().collect();
        prop_assert_eq!(freed.objects, lost.iter().filter(|&&node| heap.shallow_size(node) > 0).count() as u64);
        prop_assert_eq!(freed.bytes, lost.iter().map(|&node| heap.shallow_size(node)).sum::<u64>());
    }

    #[test]
    fn who_dominates_whom_is_who_is_on_every_way(weak in weak_graphs()) {
        let graph = weak.load();
        let (heap, meter) = (&*graph.heap, Meter::default());
        let (slow, holding) = (Slow::new(heap), heap.holding(&meter).unwrap());
        let reached: Vec<NodeIx> = heap.nodes().filter(|&node| holding.is_reached(node)).collect();
        for &above in &reached {
            for &node in &reached {
                prop_assert_eq!(holding.dominates(above, node), slow.dominates(above, node), "{:?} {:?}", above, node);
            }
        }
    }

    #[test]
    fn rows_of_the_engine_are_the_reasons_one_by_one(
        weak in weak_graphs(),
        members in proptest::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let graph = weak.load();
        let heap = &graph.heap;
        let set: BTreeSet<NodeIx> = members.iter().map(|at| NodeIx::new(at.index(heap.node_count()))).collect();
        let options = Options { engine: true, without: None };
        let meter = Meter::default();
        let level = Arc::new(HolderLevel::of_set(heap.clone(), set.iter().copied().collect(), options, &meter).unwrap());
        let slow = Slow::new(heap);
        let whole = slow.reached(&BTreeSet::new(), &BTreeSet::new());
        let reasons: Vec<(EdgeIx, NodeIx, NodeIx)> =
            slow.edges.iter().copied().filter(|&edge| whole.contains(&edge.2) && slow.is_reason(&whole, edge)).collect();
        check(&level, &slow, std::slice::from_ref(&set), &reasons, &set)?;
        for row in 0..level.rows().len() {
            if level.rows()[row].key.again {
                continue;
            }
            let below = Arc::new(level.below(row, &meter).unwrap());
            let inner: BTreeSet<NodeIx> = below.objects().iter().copied().collect();
            check(&below, &slow, &[set.clone(), inner.clone()], &through(&level, row, &reasons, &set), &inner)?;
        }
    }

    #[test]
    fn folded_rows_hold_what_they_say(
        weak in weak_graphs(),
        members in proptest::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let graph = weak.load();
        let heap = &graph.heap;
        let set: BTreeSet<NodeIx> = members.iter().map(|at| NodeIx::new(at.index(heap.node_count()))).collect();
        let meter = Meter::default();
        let level = HolderLevel::of_set(heap.clone(), set.iter().copied().collect(), Options::default(), &meter).unwrap();
        let slow = Slow::new(heap);
        let whole = slow.reached(&BTreeSet::new(), &BTreeSet::new());
        let mut seen: BTreeSet<NodeIx> = BTreeSet::new();
        for (row, of) in level.rows().iter().enumerate() {
            let references: BTreeSet<EdgeIx> = level.references(row, &meter).unwrap().into_iter().collect();
            for edge in &references {
                let source = heap.source(*edge);
                let is_text = matches!(heap.node_type(source), NodeType::CONS_STRING | NodeType::SLICED_STRING);
                let is_plumbing = is_text || crate::analysis::holders::is_plumbing(heap, source);
                prop_assert!(of.holders.contains(&source) || is_plumbing, "a reference of a holder or its stores");
            }
            let kept = slow.reached(&BTreeSet::new(), &references);
            let lost = set.iter().filter(|node| whole.contains(node) && !kept.contains(node)).count() as u64;
            prop_assert_eq!(level.count_only(row, &meter).unwrap(), lost);
            prop_assert!(of.holders.iter().all(|holder| whole.contains(holder)));
            prop_assert!(of.objects <= set.len() as u64 && of.objects > 0);
            // What a row adds up to is the sum of its parts: of the objects behind it, none within another.
            let parts: BTreeSet<NodeIx> = level.reached(row, &meter).unwrap().into_iter().collect();
            prop_assert_eq!(of.objects, parts.len() as u64);
            let mut dominators = parts.iter().map(|&node| (node, heap.dominators().unwrap().chain(node).skip(1)));
            let topmost = dominators.by_ref().filter_map(|(node, mut above)| {
                (!above.any(|above| parts.contains(&above))).then(|| heap.retained_size(node).unwrap())
            });
            prop_assert_eq!(of.retained, topmost.sum::<u64>());
            seen.extend(parts);
        }
        let is_root = |node: &NodeIx| heap.roots().all().contains(node);
        let reached: BTreeSet<NodeIx> = set.intersection(&whole).copied().filter(|node| !is_root(node)).collect();
        let told: BTreeSet<NodeIx> = seen.into_iter().filter(|node| !is_root(node)).collect();
        prop_assert_eq!(told, reached, "each object that lives stands behind a row");
        let unreached = set.iter().filter(|node| !whole.contains(node)).count() as u64;
        prop_assert_eq!(level.unreached(), unreached);
    }
}

/// The reasons of a level below a row lead down only over the row's own link.
fn through(
    level: &HolderLevel,
    row: usize,
    reasons: &[(EdgeIx, NodeIx, NodeIx)],
    set: &BTreeSet<NodeIx>,
) -> Vec<(EdgeIx, NodeIx, NodeIx)> {
    let row = &level.rows()[row];
    let heap = level.heap();
    let is_of_row = |&(edge, from, to): &(EdgeIx, NodeIx, NodeIx)| {
        !set.contains(&to)
            || set.contains(&from)
            || Reference::of(heap, edge) == row.key.link.reference && row.holders.contains(&from)
    };
    reasons.iter().copied().filter(is_of_row).collect()
}

/// The rows of a level of the engine's own references, against all reasons there are.
fn check(
    level: &HolderLevel,
    slow: &Slow<'_>,
    levels: &[BTreeSet<NodeIx>],
    reasons: &[(EdgeIx, NodeIx, NodeIx)],
    objects: &BTreeSet<NodeIx>,
) -> Result<(), TestCaseError> {
    let heap = level.heap();
    let known = |node: &NodeIx| levels.iter().any(|level| level.contains(node));
    let mut expected: BTreeMap<(bool, Reference, HolderKind), BTreeSet<(NodeIx, NodeIx)>> = BTreeMap::new();
    for &(edge, from, to) in reasons.iter().filter(|reason| objects.contains(&reason.2)) {
        let reference = Reference::of(heap, edge);
        let kind = HolderKind::of(heap, super::Link::of(reference), from);
        expected.entry((known(&from), reference, kind)).or_default().insert((from, to));
    }
    prop_assert_eq!(level.rows().len(), expected.len());
    // Rows that go together lead where each alone does.
    let pairs: Vec<_> = level.rows().iter().map(|row| row.pairs.as_slice()).collect();
    let chains = Chains::new(&level.numbered(), level.again());
    let together = chains.reached_within(&pairs, 0, &Meter::default()).unwrap();
    let alone: Vec<_> =
        level.rows().iter().map(|row| Reached { objects: row.objects, retained: row.retained }).collect();
    prop_assert_eq!(together, alone);
    let set = &levels[0];
    let whole = slow.reached(&BTreeSet::new(), &BTreeSet::new());
    for (index, row) in level.rows().iter().enumerate() {
        let pairs = &expected[&(row.key.again, row.key.link.reference, row.key.kind)];
        let holders: BTreeSet<NodeIx> = pairs.iter().map(|pair| pair.0).collect();
        prop_assert_eq!(&row.holders, &holders.into_iter().collect::<Vec<_>>());
        // Chains from what the row holds directly, over what is known of levels, to the objects of the set.
        let mut passed: BTreeSet<NodeIx> = pairs.iter().map(|pair| pair.1).collect();
        loop {
            let before = passed.len();
            for &(_, from, to) in reasons {
                if passed.contains(&from) && known(&from) && known(&to) {
                    passed.insert(to);
                }
            }
            if passed.len() == before {
                break;
            }
        }
        let through = passed.intersection(set).count() as u64;
        prop_assert_eq!(row.objects, through, "row {} of {:?}", index, row.key);
        let cut: BTreeSet<EdgeIx> = level.references(index, &Meter::default()).unwrap().into_iter().collect();
        let all: BTreeSet<EdgeIx> = row
            .holders
            .iter()
            .flat_map(|&holder| heap.columns().edges_of(holder))
            .filter(|&edge| Reference::of(heap, edge) == row.key.link.reference)
            .collect();
        prop_assert_eq!(&cut, &all);
        let kept = slow.reached(&BTreeSet::new(), &cut);
        let only = set.iter().filter(|node| whole.contains(node) && !kept.contains(node)).count() as u64;
        prop_assert_eq!(level.count_only(index, &Meter::default()).unwrap(), only);
    }
    Ok(())
}
