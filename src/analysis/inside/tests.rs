//! Tables against plain models of what was put into them, objects against all of their references, small graphs of
//! writers of which there is no program at hand.

use proptest::prelude::*;

use super::*;
use crate::notation::Graph;
use crate::testing;

fn inside(graph: &Graph, name: &str) -> Inside {
    look(&graph.heap, graph.node(name), &Meter::default()).expect("nobody cancels")
}

/// `role key object` of each part.
fn said(graph: &Graph, parts: &[Part]) -> Vec<String> {
    let key = |part: &Part| match part.key {
        Key::Own => String::new(),
        Key::Edge(edge) => String::from_utf8_lossy(&graph.heap.edge_name(edge)).into_owned(),
        Key::Node(node) => graph.name(node).to_owned(),
        Key::NotInFile => "-".into(),
        Key::Unknown => "?".into(),
    };
    let each = |part: &Part| format!("{:?} {} {}", part.role, key(part), graph.name(part.object(&graph.heap)));
    parts.iter().map(each).collect()
}

fn parts(graph: &Graph, name: &str) -> Vec<String> {
    said(graph, &inside(graph, name).parts)
}

/// A graph as Hermes 1.0 writes one.
fn of_hermes(text: &str) -> Graph {
    Graph::with(&format!("{text}\nHiddenClass"), |columns| {
        columns.header.node_types.retain(|name| name != "object shape");
        columns.header.node_fields.insert(5, "trace_node_id".into());
    })
}

/// What a program does with a Map: keys and values are objects, or small numbers, which files leave out.
#[derive(Debug, Clone)]
enum Step {
    Put { key: usize, value: Option<usize> },
    Delete { key: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = (0usize..12, proptest::option::of(0usize..6)).prop_map(|(key, value)| Step::Put { key, value });
    let delete = (0usize..12).prop_map(|key| Step::Delete { key });
    proptest::collection::vec(prop_oneof![3 => put, 1 => delete], 0..30)
}

/// Keys from here on are small numbers.
const NUMBERS: usize = 9;
/// Room of the tables: for all steps.
const ROOM: u64 = 32;

/// What the slots of a table hold after the steps: what was put goes behind what is there, what was deleted leaves a
/// hole.
fn run(steps: &[Step]) -> Vec<Option<(usize, Option<usize>)>> {
    let mut slots: Vec<Option<(usize, Option<usize>)>> = Vec::new();
    for step in steps {
        let wanted = match step {
            Step::Put { key, .. } | Step::Delete { key } => *key,
        };
        let place = slots.iter().position(|slot| slot.is_some_and(|(key, _)| key == wanted));
        match (step, place) {
            (Step::Put { value, .. }, Some(place)) => slots[place] = Some((wanted, *value)),
            (Step::Put { value, .. }, None) => slots.push(Some((wanted, *value))),
            (Step::Delete { .. }, Some(place)) => slots[place] = None,
            (Step::Delete { .. }, None) => {}
        }
    }
    slots
}

proptest! {
    #[test]
    fn entries_of_a_map_are_what_was_put_into_it_and_not_deleted(
        steps in steps(), writes_holes: bool, is_compressed: bool,
    ) {
        let slots = run(&steps);
        let buckets = ROOM / 2;
        let count = 3 + buckets + ROOM * 3;
        let size = if is_compressed { 8 + 4 * count } else { 16 + 8 * count };
        let mut text = format!("r -m-> Map; Map =map=> shape:object+shape; Map =table=> t:array[{size}]\n");
        let mut expected = Vec::new();
        for (place, slot) in slots.iter().enumerate() {
            let first = 3 + buckets as usize + place * 3;
            match slot {
                Some((key, value)) => {
                    let key = (*key < NUMBERS).then(|| format!("k{key}"));
                    let value = value.map(|value| format!("v{value}"));
                    text.extend(key.iter().map(|key| format!("t ={first}=> {key}\n")));
                    text.extend(value.iter().map(|value| format!("t ={}=> {value}\n", first + 1)));
                    expected.extend(match (key, value) {
                        (Some(key), Some(value)) => Some(format!("Entry {key} {value}")),
                        (None, Some(value)) => Some(format!("Entry - {value}")),
                        (Some(key), None) => Some(format!("EntryOfKey  {key}")),
                        (None, None) => None,
                    });
                }
                None if writes_holes => {
                    text += &format!("t ={first}=> system+/+Hole:hidden\nt ={}=> system+/+Hole\n", first + 1)
                }
                None => {}
            }
        }
        let graph = Graph::new(&text);
        prop_assert_eq!(parts(&graph, "Map"), expected.clone());
        let About::Collection(found) = inside(&graph, "Map").about else { panic!("a Map") };
        prop_assert_eq!((found.kind, found.entries), (CollectionKind::Map, expected.len() as u64));
        prop_assert_eq!(found.table.and_then(|table| table.room), Some(ROOM));
    }

    #[test]
    fn every_property_and_element_of_an_object_is_inside_once_and_a_peek_sees_what_a_look_does(
        random in testing::graphs(12, 40),
    ) {
        let graph = random.load();
        let heap = &*graph.heap;
        for node in heap.nodes() {
            let Inside { about, parts } = look(heap, node, &Meter::default()).expect("nobody cancels");
            let peeked = match (&about, parts.is_empty()) {
                (About::Engine, _) => Peek::Engine,
                (_, true) => Peek::Nothing,
                (_, false) => Peek::Something,
            };
            prop_assert_eq!(peek(heap, node), peeked);
            if !matches!(about, About::Object | About::Array(_) | About::Function(_)) {
                continue;
            }
            let is_wanted = |&edge: &EdgeIx| matches!(heap.edge_type(edge), EdgeType::PROPERTY | EdgeType::ELEMENT);
            let plain: Vec<EdgeIx> = heap.columns().edges_of(node).filter(is_wanted).collect();
            let is_own = |part: &&Part| !matches!(part.role, PartRole::Variable | PartRole::Slot(_));
            let own: Vec<EdgeIx> = parts.iter().filter(is_own).map(|part| part.edge).collect();
            if heap.node_type(node) != NodeType::NATIVE {
                prop_assert_eq!(own, plain);
            }
        }
    }
}

#[test]
fn a_weak_map_has_its_pairs_by_number_or_by_words() {
    // Room for four: slots 3 and 4, 5 and 6, 7 and 8, 9 and 10.
    let size = 16 + 8 * (3 + 4 * 2);
    let graph = Graph::new(&format!(
        "r -w-> WeakMap; WeakMap =table=> t:array[{size}]; t ~3~> k1; t ~4~> v1; t ~9~> k2; r -a-> k1; r -b-> k2"
    ));
    assert_eq!(parts(&graph, "WeakMap"), ["Entry k1 v1", "EntryOfKey  k2"]);
    let words = |key: &str, key_id: u32, value: &str| {
        format!("+/+part+of+key+({key}+@{key_id})+->+value+({value}+@1)+pair+in+WeakMap+(table+@5)")
    };
    // Ids are 1, 3, 5 … in order of mention.
    let graph = Graph::new(&format!(
        "r -w-> WeakMap; WeakMap =table=> t:array[{size}]; r -k-> key; t =1{a}=> value; key =2{a}=> value
         t =3{b}=> other; t =4{hole}=> system+/+Hole:hidden",
        a = words("key", 7, "value"),
        b = words("gone", 99, "other"),
        hole = words("system+/+Hole", 13, "system+/+Hole"),
    ));
    assert_eq!(parts(&graph, "WeakMap"), ["Entry key value", "Entry ? other"]);
}

#[test]
fn maps_of_hermes_have_their_entries_in_a_list_or_in_an_array() {
    let list = of_hermes(
        "r -m-> JSMap; JSMap =storage=> OrderedHashMap; OrderedHashMap =firstIterationEntry=> HashMapEntry#1
         HashMapEntry#1 =key=> a; HashMapEntry#1 =value=> x; HashMapEntry#1 =nextIterationEntry=> HashMapEntry#2
         HashMapEntry#2 =value=> y; HashMapEntry#2 =nextIterationEntry=> HashMapEntry#1",
    );
    assert_eq!(parts(&list, "JSMap"), ["Entry a x", "Entry - y"]);
    let array = of_hermes(
        "r -m-> JSMap; JSMap =dataTable=> ArrayStorageSmall:array; ArrayStorageSmall =1=> x; ArrayStorageSmall =0=> a
         ArrayStorageSmall =5=> y; ArrayStorageSmall =6=> b; r -s-> JSSet; JSSet =dataTable=> t:array; t =0=> a; t =3=> b",
    );
    assert_eq!(parts(&array, "JSMap"), ["Entry a x", "Entry - y", "EntryOfKey  b"]);
    assert_eq!(parts(&array, "JSSet"), ["Member  a", "Member  b"]);
    let weak =
        of_hermes("r -w-> JSWeakMap; JSWeakMap ~0~> a; JSWeakMap ~1~> b; JSWeakMap =0[value]=> x; r -a-> a; r -b-> b");
    assert_eq!(parts(&weak, "JSWeakMap"), ["Entry a x", "EntryOfKey  b"]);
}

#[test]
fn the_length_of_an_array_has_two_ends_where_the_file_does_not_tell() {
    let of = |text: &str| {
        let About::Array(array) = inside(&Graph::new(text), "Array").about else { panic!("an array: {text}") };
        (array.length.least, array.length.most, array.is_sparse)
    };
    let v8 = "r -a-> Array[32]; Array =map=> s:object+shape";
    assert_eq!(of(v8), (0, Some(0), false));
    assert_eq!(of(&format!("{v8}; Array =elements=> e:array[56]; Array -[2]-> x")), (3, Some(5), false));
    assert_eq!(of(&format!("{v8}; Array =elements=> e:array[56]; Array -[900]-> x")), (901, None, true));
    assert_eq!(of("r -a-> Array; Array -[2]-> x"), (3, None, false));
    assert_eq!(of("r -a-> Array; Array -[2]-> x; Array -length-> 7:number"), (7, Some(7), false));
}

#[test]
fn rings_of_scopes_reactions_and_timers_end() {
    let graph = Graph::new(
        "r -f-> f:closure; f =context=> system+/+Context; system+/+Context $a$> x; system+/+Context =previous=> c
         c:object; system+/+Context =previous=> system+/+Context
         r -p-> Promise; Promise =reactions_or_result=> system+/+PromiseReaction:hidden
         system+/+PromiseReaction .1.> system+/+PromiseReaction
         r -t-> Timeout; Timeout -_idleNext-> Timeout; Timeout -__proto__-> q; q -__proto__-> q",
    );
    assert_eq!(parts(&graph, "f"), ["Variable  x"]);
    assert_eq!(inside(&graph, "Promise").about, About::Promise(Promised { state: PromiseState::Pending, waits: 1 }));
    assert!(matches!(inside(&graph, "Timeout").about, About::Timer(Timer { delay: None, callback: None, .. })));
}

#[test]
fn a_variable_in_a_cell_is_what_the_cell_holds() {
    let graph = Graph::new(
        "r -f-> f:closure; f =context=> system+/+Context; system+/+Context $count$> system+/+ContextCell:native
         system+/+ContextCell =map=> s:object+shape; system+/+ContextCell =tagged_value=> x",
    );
    assert_eq!(parts(&graph, "f"), ["Variable count x"]);
}

#[test]
fn listeners_stand_under_their_events_without_what_once_wraps_around_them() {
    let graph = Graph::new(
        "r -e-> Shop; Shop -_events-> events; events -sale-> onSale:closure; events -many-> list; list -[0]-> a:closure
         list -[1]-> wrapper:closure; wrapper -listener-> b:closure; Shop -stock-> stock",
    );
    assert_eq!(parts(&graph, "Shop"), ["Listener  onSale", "Listener many a", "Listener many b", "Property  stock",]);
    assert_eq!(inside(&graph, "Shop").about, About::Emitter { listeners: 3 });
}

#[test]
fn accessors_are_their_functions_and_what_only_the_engine_knows_is_left_out() {
    let graph = Graph::new(
        "r -a-> A; A -lazy-> system+/+AccessorPair:hidden; A -get+lazy-> get:closure; A -<symbol>-> stack:array
         A -plain-> x; A =map=> m:object+shape; A =properties=> p:array; A -#secret-> s; A -__proto__-> proto",
    );
    let said = ["Getter  get", "Property  x", "Private  s", "Prototype  proto"];
    assert_eq!(parts(&graph, "A"), said);
    assert_eq!(inside(&graph, "p").about, About::Engine);
}
