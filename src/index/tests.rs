//! The rules of the numbers on small graphs. Whole snapshots are compared with DevTools in `tests/program/oracle.rs`.

use proptest::prelude::*;

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::index::{Cut, RootKind};
use crate::notation::Graph;

fn shallow(graph: &Graph) -> String {
    graph.all(|node| graph.heap.shallow_size(node))
}

fn retained(graph: &Graph) -> String {
    graph.all(|node| graph.heap.retained_size(node).unwrap())
}

fn dominators(graph: &Graph) -> String {
    graph.all(|node| graph.name(graph.heap.dominators().unwrap().parent(node)).to_owned())
}

fn distances(graph: &Graph) -> String {
    graph.all(|node| graph.heap.distance(node).unwrap())
}

fn classes(graph: &Graph) -> String {
    graph.all(|node| well_formed(graph.heap.class_name(node)).into_owned())
}

// ---- shallow sizes ----

#[test]
fn a_backing_store_counts_to_its_only_owner() {
    let graph = Graph::new("r -a-> x[10]; x =elements=> e:array[100]; e -[0]-> inner:hidden[5]");
    assert_eq!(shallow(&graph), "r=0 x=115 e=0 inner=0");
}

#[test]
fn a_store_with_two_owners_keeps_its_size_and_so_does_what_it_holds() {
    let graph = Graph::new("r -a-> x[1]; r -b-> y[2]; x =e=> e:array[100]; y =e=> e; e -[0]-> inner:array[5]");
    assert_eq!(shallow(&graph), "r=0 x=1 y=2 e=100 inner=5");
}

#[test]
fn weak_edges_and_synthetic_owners_take_nothing() {
    let graph = Graph::new("r -a-> x[1]; x ~w~> e:array[100]; r -[1]-> roots:synthetic; roots -[0]-> h:hidden[7]");
    assert_eq!(shallow(&graph), "r=0 x=1 e=100 roots=0 h=7");
}

#[test]
fn external_string_data_moves_but_other_native_memory_stays() {
    let graph = Graph::new("r -a-> s:string[10]; s =d=> system+/+ExternalStringData:native[90]; s =n=> n:native[5]");
    assert_eq!(shallow(&graph), "r=0 s=100 system+/+ExternalStringData=0 n=5");
}

#[test]
fn without_user_roots_sizes_stay_as_they_are() {
    let graph = Graph::new("r -[1]-> gc:synthetic; gc -[0]-> x[1]; x =e=> e:array[100]");
    assert_eq!(shallow(&graph), "r=0 gc=0 x=1 e=100");
}

// ---- distances ----

#[test]
fn user_roots_come_first_then_the_system() {
    let graph = Graph::new(
        "r -[1]-> gc:synthetic; gc -[0]-> system; system -a-> shared; r ^w^> window; window -a-> shared; alone",
    );
    assert_eq!(distances(&graph), "r=100000000 gc=100000001 system=100000002 shared=2 window=1 alone=-5");
}

#[test]
fn document_trees_are_user_roots_although_synthetic() {
    let graph = Graph::new("r -[1]-> (Document+DOM+trees):synthetic; (Document+DOM+trees) -[1]-> div:native");
    assert_eq!(distances(&graph), "r=100000000 (Document+DOM+trees)=1 div=2");
}

#[test]
fn a_value_of_a_weak_map_is_as_far_as_the_farther_of_key_and_table() {
    let graph = Graph::new(
        "r -a-> table:array; r -b-> k1; k1 -c-> key
         table =2+/+part+of+key+(K+@7)+->+value+(V+@9)+pair+in+WeakMap+(table+@3)=> value
         key =3+/+part+of+key+(K+@7)+->+value+(V+@9)+pair+in+WeakMap+(table+@3)=> value",
    );
    assert_eq!(distances(&graph), "r=100000000 table=1 k1=1 key=2 value=3");
    // Of the two edges only the key's counts for what retains the value.
    assert_eq!(dominators(&graph), "r=r table=r k1=r key=k1 value=key");
}

#[test]
fn half_a_weak_map_entry_reaches_nothing() {
    let graph = Graph::new(
        "r -a-> table:array; table =2+/+part+of+key+(K+@7)+->+value+(V+@9)+pair+in+WeakMap+(table+@3)=> value",
    );
    assert_eq!(distances(&graph), "r=100000000 table=1 value=-5");
}

#[test]
fn map_descriptors_and_native_contexts_leave_some_edges_out() {
    let graph = Graph::new(
        "r -a-> (map+descriptors):array; (map+descriptors) =1=> one; (map+descriptors) =4=> four
         (map+descriptors) =5=> five; r -b-> system+/+NativeContext:hidden
         system+/+NativeContext =sloppy_function_map=> map:hidden",
    );
    assert_eq!(
        distances(&graph),
        "r=100000000 (map+descriptors)=1 one=2 four=-5 five=2 system+/+NativeContext=1 map=-5"
    );
}

#[test]
fn ignored_nodes_are_not_entered() {
    let graph = Graph::new("r -g-> g; g -a-> a; a -x-> target; g -b-> b; b -c-> c; c -x-> target");
    let ignored = Cut::new(graph.heap.ground(), [graph.node("a")], []);
    let distances = graph.heap.distances_without(&ignored, &Meter::default()).unwrap();
    assert_eq!(graph.all(|node| distances[node.ix()]), "r=100000000 g=1 a=-5 target=4 b=2 c=3");
}

// ---- dominators and retained sizes ----

#[test]
fn what_two_ways_lead_to_belongs_to_where_they_part() {
    let graph = Graph::new("r ^a^> a[1]; a -x-> b[2]; a -y-> c[4]; b -z-> d[8]; c -z-> d; d -e-> e[16]");
    assert_eq!(dominators(&graph), "r=r a=r b=a c=a d=a e=d");
    assert_eq!(retained(&graph), "r=31 a=31 b=2 c=4 d=24 e=16");
}

#[test]
fn weak_self_and_shortcut_edges_retain_nothing() {
    let graph = Graph::new("r ^a^> a[1]; a ~w~> weak[2]; a ^s^> short[4]; a -self-> a; a -x-> kept[8]");
    assert_eq!(dominators(&graph), "r=r a=r weak=r short=r kept=a");
    assert_eq!(retained(&graph), "r=15 a=9 weak=2 short=4 kept=8");
}

#[test]
fn the_debugger_does_not_retain_what_is_the_pages() {
    let graph = Graph::new(
        "r ^w^> window[1]; window -a-> x[2]; r -[1]-> gc:synthetic; gc -[0]-> debugger[4]; debugger -x-> x
         debugger -own-> own[8]",
    );
    assert_eq!(dominators(&graph), "r=r window=r x=window gc=r debugger=gc own=debugger");
    assert_eq!(graph.all(|node| graph.heap.is_page_object(node) as u8), "r=0 window=1 x=1 gc=0 debugger=0 own=0");
}

#[test]
fn page_objects_spread_over_shortcuts_and_back_through_the_root() {
    let graph = Graph::new("r ^w^> window; window ^s^> side; side -a-> deep; r -[1]-> gc:synthetic; window -up-> r");
    assert_eq!(graph.all(|node| graph.heap.is_page_object(node) as u8), "r=1 window=1 side=1 deep=1 gc=1");
}

#[test]
fn orphans_are_the_roots_and_keep_what_hangs_on_them() {
    let graph = Graph::new("r ^a^> a[1]; orphan[2]; orphan -x-> child[4]; a ~w~> orphan");
    assert_eq!(dominators(&graph), "r=r a=r orphan=r child=orphan");
    assert_eq!(retained(&graph), "r=7 a=1 orphan=6 child=4");
}

#[test]
fn every_node_of_a_ring_is_the_roots_and_its_edges_count_for_nothing() {
    let graph = Graph::new("r ^a^> a[1]; p[2]; p -x-> q[4]; q -y-> p; q -z-> tail[8]; p -w-> b[16]; a -b-> b");
    assert_eq!(dominators(&graph), "r=r a=r p=r q=r tail=r b=a");
    assert_eq!(retained(&graph), "r=31 a=17 p=2 q=4 tail=8 b=16");
}

/// A node dominates another if nothing reaches the other without it.
fn naive_dominates(edges: &[(usize, usize)], nodes: usize, by: usize, node: usize) -> bool {
    let mut reached = vec![false; nodes];
    let mut work = if by == 0 { vec![] } else { vec![0] };
    while let Some(at) = work.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            work.extend(edges.iter().filter(|edge| edge.0 == at && edge.1 != by).map(|edge| edge.1));
        }
    }
    !reached[node]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn dominators_are_what_cannot_be_gone_around(
        edges in proptest::collection::vec((0usize..9, 0usize..9), 0..30),
    ) {
        // Every node is reached: a chain through all of them, backwards, hangs on the root's edge to the last.
        let nodes = 9;
        let mut all = edges.clone();
        all.push((0, nodes - 1));
        all.extend((2..nodes).map(|node| (node, node - 1)));
        let text: Vec<String> = (0..nodes)
            .map(|node| format!("n{node}[1]"))
            .chain(all.iter().map(|(from, to)| format!("n{from} =e=> n{to}")))
            .collect();
        let graph = Graph::new(&text.join(";"));
        let tree = graph.heap.dominators().unwrap();
        for node in 1..nodes {
            let chain: Vec<usize> = tree.chain(NodeIx::new(node)).map(NodeIx::ix).collect();
            for by in 0..nodes {
                let expected = by == node || naive_dominates(&all, nodes, by, node);
                prop_assert_eq!(chain.contains(&by), expected, "{} by {}", node, by);
            }
        }
        for node in graph.heap.nodes() {
            let dominated = graph.heap.nodes().filter(|&other| tree.chain(other).any(|above| above == node)).count();
            prop_assert_eq!(graph.heap.retained_size(node), Some(dominated as u64));
            let children: Vec<_> = tree.children(node).collect();
            prop_assert!(children.iter().all(|&child| tree.parent(child) == node));
            prop_assert_eq!(tree.has_children(node), !children.is_empty());
        }
    }

    #[test]
    fn retainers_are_the_edges_turned_round(edges in proptest::collection::vec((0usize..6, 0usize..6), 0..20)) {
        let text: Vec<String> = (0..6)
            .map(|node| format!("n{node}"))
            .chain(edges.iter().map(|(from, to)| format!("n{from} =e=> n{to}")))
            .collect();
        let graph = Graph::new(&text.join(";"));
        let columns = graph.heap.columns();
        let retainers = graph.heap.retainers().unwrap();
        for node in graph.heap.nodes() {
            let found: Vec<_> = retainers.edges(node).collect();
            prop_assert!(found.is_sorted());
            prop_assert_eq!(found.len(), edges.iter().filter(|edge| edge.1 == node.ix()).count());
            for edge in found {
                prop_assert_eq!(columns.edges.target(edge), node);
                prop_assert!(columns.nodes.edges(graph.heap.source(edge)).contains(&edge.ix()));
            }
        }
    }
}

// ---- DOM state, classes, names ----

#[test]
fn attached_spreads_before_detached_and_neither_passes_through_javascript() {
    let graph = Graph::new(
        "r -a-> doc:native!1; doc -x-> <b>:native; r -c-> <p+class=q>:native!2; <p+class=q> -x-> <b>
         <p+class=q> -y-> <i>:native; <p+class=q> -js-> js; js -z-> <u>:native",
    );
    assert_eq!(
        classes(&graph),
        "r=(synthetic) doc=doc <b>=<b> <p+class=q>=Detached <p> <i>=Detached <i> js=js <u>=<u>"
    );
    assert_eq!(well_formed(&graph.heap.name(graph.node("<p+class=q>"))), "Detached <p class=q>");
}

#[test]
fn classes_follow_types_and_names() {
    let graph = Graph::new(
        "r -a-> f:closure; r -b-> h:hidden; r -c-> c:code; r -d-> e:regexp; r -e-> s:concatenated+string
         r -f-> Foo; r -g-> n:native",
    );
    assert_eq!(
        classes(&graph),
        "r=(synthetic) f=Function h=(system) c=(compiled code) e=RegExp s=(concatenated string) Foo=Foo n=n"
    );
}

#[test]
fn plain_objects_are_named_by_the_properties_that_several_share() {
    let graph = Graph::new(
        "r -1-> Object#1; Object#1 -a-> v; Object#1 -b-> v; r -2-> Object#2; Object#2 -b-> v; Object#2 -a-> v
         Object#2 -c-> v; r -3-> Object#3; Object#3 -a-> v; Object#3 -b-> v; Object#3 -__proto__-> v; Object#4
         Object#5 -b-> v",
    );
    // `{a, b}` twice; the second object has both and more, the last only one of them.
    assert_eq!(
        classes(&graph),
        "r=(synthetic) Object#1={a, b} v=v Object#2={a, b} Object#3={a, b} Object#4=Object Object#5=Object"
    );
    let names = graph.all(|node| well_formed(&graph.heap.name(node)).into_owned());
    assert_eq!(names, "r= Object#1={a, b} v=v Object#2={b, a, c} Object#3={a, b} Object#4={} Object#5={b}");
}

#[test]
fn long_plain_objects_name_their_first_and_last_properties() {
    let properties: Vec<String> = (0..20).map(|index| format!("Object -property{index:02}-> v")).collect();
    let graph = Graph::new(&format!("r -o-> Object;{}", properties.join(";")));
    assert_eq!(
        well_formed(&graph.heap.name(graph.node("Object"))),
        "{property00, property01, property02, property03, …, property16, property17, property18, property19}"
    );
}

#[test]
fn joined_strings_end_even_in_a_ring() {
    let graph = Graph::new(
        "r -s-> s:concatenated+string; s =first=> a:string; s =second=> t:concatenated+string; t =first=> b:string
         t =second=> s; r -e-> e:concatenated+string; e =second=> a",
    );
    assert!(well_formed(&graph.heap.name(graph.node("s"))).starts_with("abab"));
    assert_eq!(well_formed(&graph.heap.name(graph.node("e"))), "a");
}

#[test]
fn native_contexts_own_what_only_they_lead_to() {
    use crate::index::contexts::Owner;
    let graph = Graph::new(
        "r -1-> system+/+NativeContext:hidden; r -2-> system+/+NativeContext+/+u:hidden
         system+/+NativeContext -a-> one; system+/+NativeContext+/+u -b-> two; one -x-> both; two -x-> both
         one ~w~> weak; r -3-> fixed; fixed =map=> map:object+shape; map =map=> meta:object+shape
         meta =native_context=> system+/+NativeContext+/+u; one -f-> fixed",
    );
    let contexts = graph.heap.native_contexts(&Meter::default()).unwrap();
    let owners = graph.all(|node| match contexts.owner(node) {
        Owner::None => "-".to_owned(),
        Owner::Shared => "shared".to_owned(),
        Owner::Context(context) => graph.heap.id(context).to_string(),
    });
    assert_eq!(
        owners,
        "r=- system+/+NativeContext=3 system+/+NativeContext+/+u=5 one=3 two=5 both=shared weak=- fixed=5 map=5 meta=5"
    );
}

// ---- several roots ----

#[test]
fn appended_heaps_each_count_as_the_first_does() {
    let text = "r ^g^> a[1]; a -x-> b[2]; (GC+roots):synthetic ^g^> c[4]; c -x-> d[8]; alone[16]; alone ~w~> d";
    let graph = Graph::new(text);
    assert_eq!(distances(&graph), "r=100000000 a=1 b=2 (GC+roots)=100000000 c=1 d=2 alone=-5");
    assert_eq!(dominators(&graph), "r=r a=r b=a (GC+roots)=(GC+roots) c=(GC+roots) d=c alone=alone");
    assert_eq!(retained(&graph), "r=3 a=3 b=2 (GC+roots)=12 c=12 d=8 alone=16");
    assert_eq!(graph.heap.total_size(), Some(31));
    let kinds: Vec<_> = graph.heap.roots().all().iter().map(|&root| graph.heap.roots().kind(root)).collect();
    assert_eq!(kinds, [Some(RootKind::Heap(1)), Some(RootKind::Heap(2))]);
}

#[test]
fn what_two_heaps_lead_to_belongs_to_neither() {
    let graph = Graph::new("r -a-> a[1]; a -x-> both[2]; (root):synthetic -b-> b[4]; b -x-> both; both -y-> deep[8]");
    assert_eq!(dominators(&graph), "r=r a=r both=both (root)=(root) b=(root) deep=both");
    assert_eq!(retained(&graph), "r=1 a=1 both=10 (root)=4 b=4 deep=8");
}

#[test]
fn native_code_and_contexts_are_roots_where_there_is_no_other() {
    let text = "<context>:object -g-> a[1]; System+/+ExportedReferences:hidden[8] -[0]-> b[2]; b -x-> c[4]; lost[16]";
    let graph = Graph::new(text);
    assert_eq!(distances(&graph), "<context>=100000000 a=1 System+/+ExportedReferences=100000000 b=1 c=2 lost=-5");
    let retainers: Vec<_> =
        graph.heap.shown_retainers(graph.node("b")).map(|(_, from)| graph.name(from).to_owned()).collect();
    assert_eq!(retainers, ["System+/+ExportedReferences"]);
}

#[test]
fn a_synthetic_node_that_something_leads_to_is_no_root() {
    let graph = Graph::new("r -[1]-> (GC+roots):synthetic; (GC+roots) -[0]-> a[1]; other:synthetic -x-> b[2]");
    assert_eq!(graph.heap.roots().all().len(), 1);
    assert_eq!(distances(&graph), "r=0 (GC+roots)=1 a=2 other=-5 b=-5");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn dominators_with_several_roots_are_those_below_one_root(
        edges in proptest::collection::vec((0usize..8, 1usize..8), 0..20),
    ) {
        // Nodes 0 and 5 are roots: 5 is synthetic, named like one, and nothing leads to it.
        let edges: Vec<_> = edges.into_iter().filter(|edge| edge.1 != 5).collect();
        let name = |node: usize| if node == 5 { "(root):synthetic[1]".into() } else { format!("n{node}[1]") };
        let arrow = |node: usize| if node == 5 { "(root)".to_owned() } else { format!("n{node}") };
        let text: Vec<String> = (0..8)
            .map(name)
            .chain(edges.iter().map(|(from, to)| format!("{} =e=> {}", arrow(*from), arrow(*to))))
            .collect();
        let graph = Graph::new(&text.join(";"));
        prop_assert_eq!(graph.heap.roots().all().len(), 2);
        let tree = graph.heap.dominators().unwrap();
        // Node 0 of the naive graph is the virtual root; what nothing refers to hangs on it as well.
        let mut all: Vec<(usize, usize)> = edges.iter().map(|&(from, to)| (from + 1, to + 1)).collect();
        let is_orphan = |node: usize| !edges.iter().any(|&(from, to)| to == node && from != node);
        all.extend((0..8).filter(|&node| node == 0 || node == 5 || is_orphan(node)).map(|node| (0, node + 1)));
        let reached = |node: usize| !naive_dominates(&all, 9, usize::MAX, node + 1);
        for node in 0..8 {
            let chain: Vec<usize> = tree.chain(NodeIx::new(node)).map(NodeIx::ix).collect();
            for by in 0..8 {
                if reached(node) && by != node {
                    let expected = naive_dominates(&all, 9, by + 1, node + 1);
                    prop_assert_eq!(chain.contains(&by), expected, "{} by {}", node, by);
                }
            }
        }
        prop_assert_eq!(graph.heap.total_size(), Some(8));
    }
}

// ---- where we differ from DevTools on purpose (docs/PARITY.md) ----

#[test]
fn classes_with_one_key_are_one_row() {
    // DevTools shows the class whose first object comes last in the file, and loses the other.
    let graph = Graph::new("r -a-> f:closure[1]; r -b-> Function[2]; r -c-> g:closure[4]");
    let classes = graph.heap.classes();
    assert_eq!(classes.key(classes.of(graph.node("f"))), ",Function");
    assert_eq!(classes.of(graph.node("f")), classes.of(graph.node("Function")));
}

#[test]
fn sizes_past_32_bits_stay_whole() {
    let graph = Graph::new("r -a-> x[5000000000]; x -b-> y[4294967296]; x =e=> e:array[4294967295]");
    assert_eq!(shallow(&graph), "r=0 x=9294967295 y=4294967296 e=0");
    assert_eq!(retained(&graph), "r=13589934591 x=13589934591 y=4294967296 e=0");
}

#[test]
fn programs_begin_at_their_global_objects_wherever_these_stand() {
    let graph = Graph::new(
        "r ^2^> system+/+NativeContext:hidden; system+/+NativeContext =global_object=> global; global -leaks-> a
         a =elements=> store:array; r -[1]-> (GC+roots):synthetic; (GC+roots) -[1]-> b",
    );
    let marked = |test: &dyn Fn(NodeIx) -> bool| {
        let nodes = graph.heap.nodes().filter(|&node| test(node));
        nodes.map(|node| graph.name(node).to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(marked(&|node| graph.heap.is_queriable(node)), "system+/+NativeContext", "DevTools' flag");
    assert_eq!(marked(&|node| graph.heap.is_reachable_by_program(node)), "global a");
    assert!(!graph.heap.hides_what_programs_reach());
    assert!(Graph::new("r -[1]-> (GC+roots):synthetic; (GC+roots) -[1]-> b").heap.hides_what_programs_reach());
}

#[test]
fn roots_that_old_files_call_objects_are_no_things_of_the_program() {
    let graph = Graph::new(
        "#0:object ^1^> Object; Object -leaks-> x[8]; #0 -[2]-> (GC+roots); (GC+roots) -[3]-> (Strong+roots)
         (Strong+roots) -[1]-> table:hidden[20]; (GC+roots) -[4]-> (Symbols); (Symbols) ~s~> s:string[4]",
    );
    let heap = &graph.heap;
    assert_eq!(shallow(&graph), "#0=0 Object=0 x=8 (GC+roots)=0 (Strong+roots)=0 table=20 (Symbols)=0 s=4");
    assert_eq!(heap.type_name(graph.node("(Strong+roots)")), "synthetic");
    assert!(!heap.is_reachable_by_program(graph.node("(GC+roots)")));
    assert!(heap.is_reachable_by_program(graph.node("x")));
    assert_eq!(heap.distance(graph.node("x")), Some(2));
}
