//! The language taken at its word, node by node, without sets and without threads: what the answers are held against.

use proptest::prelude::*;

use super::language::{CONSTANTS, Condition, Expr, Field, Matcher, Place, Script, Value};
use super::ropes::MOST_PARTS;
use super::{Query, SEARCHED, parse};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::len_utf16;
use crate::columns::{EdgeType, NodeType};
use crate::error::Error;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};
use crate::notation::Graph;
use crate::testing::{demo, reached};

fn slowly(heap: &Heap, query: &Query) -> Vec<NodeIx> {
    let speaks = ["shallow", "id:"].iter().any(|word| query.text().contains(word));
    let counts = |node: &NodeIx| speaks || heap.shallow_size(*node) > 0;
    heap.nodes().filter(counts).filter(|&node| holds(heap, &query.expr, node)).collect()
}

fn holds(heap: &Heap, expr: &Expr, node: NodeIx) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|part| holds(heap, part, node)),
        Expr::Any(parts) => parts.iter().any(|part| holds(heap, part, node)),
        Expr::Not(part) => !holds(heap, part, node),
        Expr::Is(condition) => is(heap, condition, node),
    }
}

fn is(heap: &Heap, condition: &Condition, node: NodeIx) -> bool {
    match condition {
        Condition::Anywhere(matcher) => {
            let is_plain = heap.known().is_plain_object(heap.columns(), node) && matcher.is_of_word();
            let in_itself = match text(heap, node) {
                Some(text) => matcher.matches(&text),
                None => !is_plain && matcher.matches(&heap.name(node)),
            };
            in_itself || has(heap, node, |name| name != b"__proto__" && matcher.matches(name))
        }
        Condition::Class(matcher) => matcher.matches(heap.class_name(node)),
        Condition::Type(matcher) => matcher.matches(heap.type_name(node).as_bytes()),
        Condition::Name(matcher) => matcher.matches(&text(heap, node).unwrap_or_else(|| heap.name(node).into_owned())),
        Condition::Text(matcher) => text(heap, node).is_some_and(|text| matcher.matches(&text)),
        Condition::Has(matcher) => has(heap, node, |name| matcher.matches(name)),
        Condition::Property { name, value } => heap.columns().edges_of(node).any(|edge| {
            let is_asked = is_property(heap, edge) || heap.edge_type(edge) == EdgeType::ELEMENT;
            is_asked && *heap.edge_name(edge) == **name && is_value(heap, value, heap.target(edge))
        }),
        Condition::Number(field, bound) => {
            let number = match field {
                Field::Shallow => Some(heap.shallow_size(node)),
                Field::Retained => heap.retained_size(node),
                Field::Distance => heap
                    .distance(node)
                    .filter(|&distance| distance != NO_DISTANCE && distance < SYSTEM_DISTANCE)
                    .map(|distance| distance as u64),
                Field::References => Some(heap.shown_edges(node).count() as u64),
                Field::Retainers => Some(heap.shown_retainers(node).count() as u64),
            };
            number.is_some_and(|number| bound.holds(number))
        }
        Condition::Detached => heap.is_detached_node(node),
        Condition::Place(place) => is_at(heap, place, node),
        Condition::Dominated(id) => dominated(heap, heap.find_id(*id).expect("an id of the graph"))[node.ix()],
        Condition::Reachable(id) => reachable(heap, heap.find_id(*id).expect("an id of the graph"))[node.ix()],
        Condition::Id(id) => heap.find_id(*id) == Some(node),
    }
}

fn text(heap: &Heap, node: NodeIx) -> Option<Vec<u8>> {
    match heap.node_type(node) {
        NodeType::STRING => Some(heap.name(node).into_owned()),
        NodeType::CONS_STRING => Some(joined(heap, node)),
        _ => None,
    }
}

/// The parts of a concatenated string one after the other; where one leads to itself without any part before, nothing
/// follows.
fn joined(heap: &Heap, node: NodeIx) -> Vec<u8> {
    let (mut text, mut parts, mut stack, mut entered) = (Vec::new(), 0, vec![Some(node)], Vec::new());
    while let Some(next) = stack.pop().filter(|_| len_utf16(&text) < SEARCHED && parts < MOST_PARTS) {
        match next {
            Some(node) if heap.node_type(node) == NodeType::CONS_STRING => {
                if entered.contains(&node) {
                    break;
                }
                entered.push(node);
                stack.extend(heap.halves(node).into_iter().rev());
            }
            part => {
                entered.clear();
                parts += 1;
                text.extend(part.map(|node| heap.raw_name(node).into_owned()).unwrap_or_default());
            }
        }
    }
    text
}

fn is_property(heap: &Heap, edge: EdgeIx) -> bool {
    matches!(heap.edge_type(edge), EdgeType::PROPERTY | EdgeType::CONTEXT)
}

fn has(heap: &Heap, node: NodeIx, fits: impl Fn(&[u8]) -> bool) -> bool {
    heap.columns().edges_of(node).any(|edge| is_property(heap, edge) && fits(&heap.edge_name(edge)))
}

fn is_value(heap: &Heap, value: &Value, node: NodeIx) -> bool {
    let fits = |matcher: &Matcher| matcher.matches(&text(heap, node).unwrap_or_else(|| heap.name(node).into_owned()));
    let is_text = |matcher: &Matcher| text(heap, node).is_some_and(|text| matcher.matches(&text));
    let number = || {
        let text = heap.number_text(node).map(|text| String::from_utf8_lossy(&text).into_owned());
        text.and_then(|text| text.parse::<f64>().ok())
    };
    match value {
        Value::Text(matcher) => fits(matcher),
        Value::Number(wanted, matcher) => number() == Some(*wanted) || is_text(matcher),
        Value::Compared(op, wanted) => number().is_some_and(|number| op.holds(number, *wanted)),
        Value::Constant(_, matcher) => {
            is_text(matcher) || heap.node_type(node) == NodeType::HIDDEN && matcher.matches(&heap.name(node))
        }
        Value::Object(id) => heap.find_id(*id) == Some(node),
    }
}

fn is_at(heap: &Heap, place: &Place, node: NodeIx) -> bool {
    let Some(location) = heap.location(node) else { return false };
    let script = heap.script_name(location.script_id).map(|name| String::from_utf8_lossy(&name).into_owned());
    let is_script = match &place.script {
        Script::Number(number) => *number == location.script_id,
        Script::Named(wanted) => {
            script.is_some_and(|script| script == *wanted || script.ends_with(&format!("/{wanted}")))
        }
        Script::Like(matcher) => {
            let script = script.unwrap_or_else(|| format!("script {}", location.script_id));
            matcher.matches(format!("{script}:{}:{}", location.line + 1, location.column + 1).as_bytes())
        }
    };
    is_script
        && place.line.is_none_or(|line| line == location.line)
        && place.column.is_none_or(|column| column == location.column)
}

fn holding(heap: &Heap, from: NodeIx, edge: EdgeIx) -> bool {
    match heap.edge_type(edge) {
        EdgeType::WEAK => false,
        EdgeType::SHORTCUT => heap.roots().all().contains(&from),
        _ => heap.target(edge) != from,
    }
}

/// Goes on as long as anything is new.
fn reachable(heap: &Heap, start: NodeIx) -> Vec<bool> {
    let mut found = vec![false; heap.node_count()];
    found[start.ix()] = true;
    loop {
        let before = found.clone();
        for from in heap.nodes().filter(|node| before[node.ix()]) {
            for edge in heap.columns().edges_of(from).filter(|&edge| holding(heap, from, edge)) {
                let other_half = |half: crate::index::ephemerons::Half| {
                    heap.nodes().filter(|node| before[node.ix()]).any(|other| {
                        let is_table = |node| heap.id(node) == half.table;
                        let mut edges = heap.columns().edges_of(other);
                        is_table(other) != is_table(from)
                            && edges.any(|edge| heap.ephemeron(edge).is_some_and(|other| other.entry == half.entry))
                    })
                };
                if heap.ephemeron(edge).is_none_or(other_half) {
                    found[heap.target(edge).ix()] = true;
                }
            }
        }
        if found == before {
            return found;
        }
    }
}

/// What no root reaches without the object, of what it leads to.
fn dominated(heap: &Heap, object: NodeIx) -> Vec<bool> {
    let leads = |from: NodeIx, edge: EdgeIx| {
        holding(heap, from, edge) && heap.ephemeron(edge).is_none_or(|half| half.table != heap.id(from))
    };
    let roots: Vec<NodeIx> = heap.roots().all().iter().copied().filter(|&root| root != object).collect();
    let others = reached(heap, &roots, |from, edge| leads(from, edge) && heap.target(edge) != object);
    let own = reached(heap, &[object], leads);
    own.iter().zip(others).map(|(&own, other)| own && !other).collect()
}

/// Names and contents in which something can be found, with the types of their nodes.
const NODES: [&str; 15] = [
    "Session:object",
    "SessionStore:object",
    "Object:object",
    "Map:object",
    "f:closure",
    "session:string",
    "Sess\u{e9}:string",
    "a+b:string",
    "42:string",
    "true:string",
    "true:hidden",
    "cons:concatenated+string",
    "heap+number:number",
    "<p+class=a>:native",
    "sess:code",
];
const EDGES: [&str; 16] = [
    "-user->",
    "-session->",
    "-n->",
    "-__proto__->",
    "-[0]->",
    "-[7]->",
    "$store$>",
    "=first=>",
    "=second=>",
    "=value=>",
    "=x=>",
    ".7.>",
    "^s^>",
    "~w~>",
    "-user->",
    "-a,+b->",
];

/// Place in [`NODES`], size, state of the DOM, line and column in a script.
type RandomNode = (usize, u64, u8, Option<(u8, u8)>);

#[derive(Debug, Clone)]
struct Random {
    nodes: Vec<RandomNode>,
    edges: Vec<(usize, usize, usize)>,
    /// Table, key and value of entries of WeakMaps.
    entries: Vec<(usize, usize, usize)>,
}

fn graphs() -> impl Strategy<Value = Random> {
    (2usize..12).prop_flat_map(|count| {
        let place = proptest::option::of((0u8..3, 0u8..3));
        let node = (0..NODES.len(), 0u64..4, 0u8..3, place);
        let edge = (0..count, 0..EDGES.len(), 0..count);
        let entry = (1..count, 1..count, 1..count);
        (
            proptest::collection::vec(node, count),
            proptest::collection::vec(edge, 0..30),
            proptest::collection::vec(entry, 0..3),
        )
            .prop_map(|(nodes, edges, entries)| Random { nodes, edges, entries })
    })
}

impl Random {
    fn load(&self) -> Graph {
        let name = |node: usize| match node {
            0 => "r".to_owned(),
            node => format!("{}#{node}", NODES[self.nodes[node].0].split(':').next().unwrap_or_default()),
        };
        let mention = |node: usize| {
            let (kind, size, state, place) = &self.nodes[node];
            let place = place.map_or_else(String::new, |(line, column)| format!("@1/{line}/{column}"));
            match node {
                0 => "r".to_owned(),
                node => {
                    let node_type = NODES[*kind].rsplit(':').next().unwrap_or_default();
                    format!("{}:{node_type}!{state}[{}]{place}", name(node), size * 20)
                }
            }
        };
        let mut lines: Vec<String> = (0..self.nodes.len()).map(mention).collect();
        lines.extend(self.edges.iter().map(|&(from, kind, to)| format!("{} {} {}", name(from), EDGES[kind], name(to))));
        for &(table, key, value) in self.entries.iter().filter(|(table, key, _)| table != key) {
            let id = |node: usize| node * 2 + 1;
            let (table_id, key_id, value_id) = (id(table), id(key), id(value));
            let part =
                format!("/+part+of+key+(K+@{key_id})+->+value+(V+@{value_id})+pair+in+WeakMap+(table+@{table_id})");
            lines.push(format!("{} =1+{part}=> {}", name(table), name(value)));
            lines.push(format!("{} =2+{part}=> {}", name(key), name(value)));
        }
        // A function by which the script of the places gets its name.
        lines.push("r =fn=> fn:closure@1/9/9; fn =shared=> fs:code; fs =script=> /srv/app.js:code".into());
        Graph::new(&lines.join("\n"))
    }
}

fn words() -> impl Strategy<Value = String> {
    let texts = [
        "sess",
        "Sess",
        "session",
        "\"a b\"",
        "42",
        "/^s.s/",
        "/é$/",
        "user",
        "\", b\"",
        "e",
        "proto",
        "\"n, \"",
        "\"{user\"",
    ];
    let of_text = (
        prop_oneof![Just("class"), Just("name"), Just("text"), Just("has")],
        prop_oneof![Just(":"), Just("~")],
        0..texts.len(),
    );
    let of_property = ["user", "n", "session", "store", "0", "7"];
    let values =
        [":42", ":\"42\"", "~s", ":session", ":true", ":Session", ":@5", ">1", "<=42", "!=42", ":f", "~/e/", ":@3"];
    let sign = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("="), Just("!="), Just(":")];
    prop_oneof![
        (0..texts.len()).prop_map(move |text| texts[text].to_owned()),
        of_text.prop_map(move |(word, sign, text)| {
            // What is exact has no pattern.
            let text = if sign == ":" { texts[text].replace("/^s.s/", "Session") } else { texts[text].to_owned() };
            format!("{word}{sign}{text}")
        }),
        prop_oneof![Just("closure"), Just("string"), Just("\"concatenated string\""), Just("nothing")]
            .prop_map(|text| format!("type:{text}")),
        (0..of_property.len(), 0..values.len())
            .prop_map(move |(name, value)| format!("prop.{}{}", of_property[name], values[value])),
        (prop_oneof![Just("shallow"), Just("retained")], sign.clone(), 0u64..8)
            .prop_map(|(word, sign, size)| format!("{word}{sign}{}", size * 20)),
        (prop_oneof![Just("distance"), Just("refs"), Just("retainers")], sign, 0u64..4)
            .prop_map(|(word, sign, number)| format!("{word}{sign}{number}")),
        Just("detached".to_owned()),
        prop_oneof![Just("app.js:2"), Just("/srv/app.js"), Just("app.js:1:3"), Just("\"script 1:2\""), Just("b.js")]
            .prop_map(|place| format!("place:{place}")),
        Just("place~/app.js:[12]:/".to_owned()),
        (prop_oneof![Just("dominated"), Just("reachable"), Just("id")], prop_oneof![Just(1u64), Just(3)])
            .prop_map(|(word, id)| format!("{word}:@{id}")),
    ]
}

fn queries() -> impl Strategy<Value = String> {
    words().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

fn quickly(heap: &Heap, query: &Query) -> Vec<NodeIx> {
    let mut parts = Vec::new();
    let found = query.nodes(heap, &Meter::default(), &mut |part| parts.extend_from_slice(part)).expect("an answer");
    assert!(found.complete && found.nodes.is_sorted());
    assert_eq!(parts, found.nodes, "the parts are the whole");
    found.nodes
}

proptest! {
    // Several queries a graph: to load it takes longer than to ask it.
    #![proptest_config(ProptestConfig::with_cases(375))]
    #[test]
    fn what_is_found_is_what_the_language_says(graph in graphs(), texts in prop::collection::vec(queries(), 4)) {
        let graph = graph.load();
        // Ids that the graph has.
        prop_assume!(graph.heap.node_count() > 2);
        for text in texts {
            let query = parse(&text).expect("a query");
            prop_assert_eq!(quickly(&graph.heap, &query), slowly(&graph.heap, &query), "{}", text);
        }
    }
}

#[test]
fn of_a_real_program_the_same_is_found() {
    let heap = demo();
    let queries = [
        "session",
        "class:Session retained>1kB",
        "text~/^[0-9]+-[0-9]+$/ and not retainers>2",
        "place:server.js or prop.at>0",
        "(type:closure or has:sessions) distance<8 retainers>=2",
        "name~\"{at\" or prop.0:@210217",
    ];
    for text in queries {
        let query = parse(text).expect("a query");
        let found = quickly(&heap, &query);
        assert_eq!(found, slowly(&heap, &query), "{text}");
        assert!(!found.is_empty(), "{text}");
    }
}

#[test]
fn halves_of_a_string_are_searched_as_one() {
    let graph = Graph::new(
        "r -c-> c:concatenated+string[20]; c =first=> alpha:string[20]; c =second=> d:concatenated+string[20]
         d =first=> beta:string[20]; d =second=> gamma:string[20]",
    );
    let found = |text: &str| {
        let nodes = quickly(&graph.heap, &parse(text).expect("a query"));
        nodes.into_iter().map(|node| graph.name(node)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("text~hab"), "c");
    assert_eq!(found("tag"), "c d");
    assert_eq!(found("text:alphabetagamma"), "c");
    assert_eq!(found("text~beta"), "c d beta");
}

#[test]
fn a_plain_object_is_found_by_its_properties_and_by_what_its_name_is_put_together_of() {
    let graph = Graph::new(
        "r -a-> Object#1[8]; Object#1 -id-> A; Object#1 -user-> B; r -b-> Object#2[8]; Object#2 -user-> B
         r -c-> Map[8]; Map $id$> A; r -d-> Object#3[8]; Object#3 -__proto__-> P",
    );
    let found = |text: &str| {
        let nodes = quickly(&graph.heap, &parse(text).expect("a query"));
        nodes.into_iter().map(|node| graph.name(node)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("id"), "Object#1 Map");
    assert_eq!(found("\"id, user\""), "Object#1");
    assert_eq!(found("/^.us/"), "Object#2");
    assert_eq!(found("name~\"{id\""), "Object#1");
    assert_eq!(found("object"), "", "that is what the engine calls them");
    assert_eq!([found("proto"), found("has:__proto__")], ["", "Object#3"]);
}

#[test]
fn the_values_that_an_engine_has_once_are_known_by_the_roots_where_they_have_no_names() {
    let graph = Graph::new(
        "r -r-> roots:synthetic; roots =true_value=> system+/+Oddball#1:hidden
         roots =null_value=> system+/+Oddball#2:hidden
         r -a-> A[8]; A -done-> system+/+Oddball#1; r -b-> B[8]; B -done-> system+/+Oddball#2",
    );
    let found = |text: &str| quickly(&graph.heap, &parse(text).expect("a query"));
    assert_eq!(found("prop.done:true"), [graph.node("A")]);
    assert_eq!(found("prop.done:null"), [graph.node("B")]);
    assert!(CONSTANTS.iter().filter(|constant| !found(&format!("prop.done:{constant}")).is_empty()).count() == 2);
}

#[test]
fn who_stops_keeps_what_is_there() {
    let heap = demo();
    let query = parse("type:string").expect("a query");
    let (meter, mut parts) = (Meter::default(), 0);
    let found = query.nodes(&heap, &meter, &mut |_| {
        parts += 1;
        meter.cancel();
    });
    let found = found.expect("an answer");
    let all = quickly(&heap, &query);
    assert!(!found.complete && parts == 1 && !found.nodes.is_empty() && found.nodes.len() < all.len());
    assert!(found.nodes.iter().all(|node| all.binary_search(node).is_ok()));
    // Before anything has been asked there is nothing to keep.
    let meter = Meter::default();
    meter.cancel();
    let found = query.nodes(&heap, &meter, &mut |_| {}).expect("an answer");
    assert!(!found.complete && found.nodes.is_empty());
}

#[test]
fn an_object_that_there_is_not_is_an_error() {
    let graph = Graph::new("r -a-> A[8]");
    for text in ["id:@99", "dominated:@99", "reachable:@99", "prop.a:@99"] {
        let found = parse(text).expect("a query").nodes(&graph.heap, &Meter::default(), &mut |_| {});
        assert!(matches!(found, Err(Error::Unknown(text)) if text.contains("@99")));
    }
}
