//! Sentences on small graphs, and on real heaps.

use std::sync::Arc;

use super::*;
use crate::notation::Graph;
use crate::testing::{demo, small};
use crate::view::tables::retainers::Retainers;

fn sentence(heap: &Arc<Heap>, node: NodeIx) -> String {
    let retainers = Retainers::new(heap.clone(), None);
    let path = retainers.path_to_root(node, &Meter::default()).expect("nobody cancels");
    why(Ways::all(heap), node, &path, &Meter::default()).expect("nobody cancels").to_string()
}

#[test]
fn real_objects_are_held_in_words() {
    let heap = demo();
    let handler = "the variable store of createVisitHandler() holds SessionStore, used by handleVisit() (server.js:121); \
                   routes[1].handle holds handleVisit(), where routes is a variable of server.js";
    let in_store = format!("SessionStore.sessions (Map) holds it under key \"2643-667902\"; {handler}");
    let sessions = format!("SessionStore.sessions holds it; {handler}");
    let cases = [
        (75851, in_store.as_str()),
        (210217, sessions.as_str()),
        (210215, "the variable store of createVisitHandler() holds it, used by handleVisit() (server.js:121); "),
        (
            74377,
            "the variable history of startStatistics() (Array) holds it at [0], used by takeSample() (server.js:171); \
             takeSample() is the callback of a timer",
        ),
        (73577, "the variable auditLog of server.js (Array) holds it at [1]"),
        (78477, "it is a listener of the variable shop of server.js (EventEmitter) for \"price\""),
        (
            95969,
            "the variable report of watchPrices() (server.js:148) holds it, used by onPrice() (server.js:161); \
             onPrice() is a listener of the variable shop of server.js (EventEmitter) for \"price\"",
        ),
        (59639, "Session.user holds it; "),
        (
            69013,
            "the variable catalogue of server.js (Array) holds it at [0]. \
             Also held by Supplier.products (Array), Session.cart[0].product and others",
        ),
        (
            210255,
            "catalogue[99].supplier holds it, where catalogue is a variable of server.js. Also held by others like it",
        ),
    ];
    for (id, start) in cases {
        let said = sentence(&heap, heap.find_id(id).expect("an object of the demo"));
        assert!(said.starts_with(start), "@{id}: {said}");
    }
}

#[test]
fn no_sentence_is_empty_or_shows_internals() {
    for (heap, step) in [(demo(), 211), (small(), 5)] {
        let retainers = Retainers::new(heap.clone(), None);
        for node in heap.nodes().step_by(step) {
            // The path that the Retainers open by themselves.
            let path = retainers.nearest_path(node, &Default::default()).expect("nobody cancels");
            let said = why(Ways::all(&heap), node, &path, &Meter::default()).expect("nobody cancels").to_string();
            assert!(!said.is_empty() && !said.contains("(internal array)[]."), "@{}: {said}", heap.id(node));
        }
    }
}

#[test]
fn roots_weak_maps_and_garbage_have_words_of_their_own() {
    let entry = "+/+part+of+key+(K+@7)+->+value+(V+@9)+pair+in+WeakMap+(table+@5)";
    let graph = Graph::new(&format!(
        "r -m-> WeakMap; WeakMap =table=> table:array[8]; r -k-> K[8]; table =1{entry}=> value[8]; K =2{entry}=> value; K ~w~> weak[8]; weak -x-> weak"
    ));
    let said = |name| sentence(&graph.heap, graph.node(name));
    assert_eq!(said("value"), "WeakMap holds it as long as its key lives: K");
    assert_eq!(said("K"), "a root itself: the engine or the page holds it");
    assert!(said("weak").starts_with("nothing holds it"));
    let graph = Graph::new("r -s-> (Stack+roots):synthetic; (Stack+roots) -[1]-> a[8]; a -b-> B[8]");
    assert_eq!(sentence(&graph.heap, graph.node("B")), "a.b holds it; a function that was running uses a (the stack)");
}

#[test]
fn names_that_look_like_words_of_the_sentence_stay_names() {
    let graph = Graph::new(
        "r -f-> f:closure; f =context=> system+/+Context; system+/+Context $the+variable+x+of+y$> a[8]
         a -of-> b[8]; b -it-> c[8]",
    );
    let said = |name| sentence(&graph.heap, graph.node(name));
    assert_eq!(said("a"), "the variable the variable x of y of a scope that f() uses holds it");
    assert_eq!(said("b"), "a.of holds it; the variable the variable x of y of a scope that f() uses holds a");
}

/// A packed snapshot and the table beside it: for each class the words that its reason must hold.
fn holders_of(snapshot: &str, table: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/holders");
    let packed = std::fs::read(folder.join(format!("{snapshot}.heapsnapshot.zst"))).expect("a fixture");
    let heap = crate::testing::whole(Vec::leak(packed));
    let table = std::fs::read_to_string(folder.join(format!("{table}.tsv"))).expect("a fixture");
    let mut wrong = Vec::new();
    for line in table.lines().skip(1) {
        let (class, words) = line.split_once('\t').expect("a class and words");
        // In Hermes a prototype has the same name.
        let is_prototype = |node: NodeIx| names::property(&heap, node, "constructor").is_some();
        let is_wanted = |&node: &NodeIx| {
            heap.class_name(node) == class.as_bytes() && !heap.is_unreachable(node) && !is_prototype(node)
        };
        let Some(node) = heap.nodes().find(is_wanted) else {
            wrong.push(format!("{class}: there is none"));
            continue;
        };
        let path = Retainers::new(heap.clone(), None).path_to_root(node, &Meter::default()).expect("nobody cancels");
        let said = why(Ways::all(&heap), node, &path, &Meter::default()).expect("nobody cancels").to_string();
        let is_inner = ["blink::", "system / ", "V8", "HashMapEntry", "Environment", "directProp"];
        let is_plain = !is_inner.iter().any(|inner| said.contains(inner));
        if !is_plain || !words.split(',').all(|word| word.split('|').any(|word| said.contains(word))) {
            wrong.push(format!("{class}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{snapshot}:\n{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_holder_of_node_has_its_words() {
    for version in [20, 22, 24, 26] {
        holders_of(&format!("node{version}"), "node");
    }
}

#[test]
fn every_kind_of_holder_of_a_page_has_its_words() {
    holders_of("chromium", "chromium");
}

#[test]
fn every_kind_of_holder_of_hermes_has_its_words() {
    holders_of("hermes", "hermes");
}

#[test]
fn links_of_lists_and_trees_are_told_as_one() {
    let links = ["left", "right", "right", "left", "right"];
    let mut text = String::from("r -top-> tree; tree -root-> n0:object\n");
    for (at, link) in links.iter().enumerate() {
        text += &format!("Node#{at} -{link}-> Node#{}\n", at + 1);
    }
    text += "n0 -node-> Node#0; Node#5 -value-> x";
    let graph = Graph::new(&text);
    assert_eq!(
        sentence(&graph.heap, graph.node("x")),
        "Node.value holds it; Node leads to Node over 5 × right or left; n0.node holds Node; tree.root holds n0"
    );
}

#[test]
fn what_no_root_reaches_is_held_by_nothing() {
    let graph = Graph::new("r -k-> k; a -b-> b; b -a-> a; k ~w~> a; x -to-> y; y -z-> z; k ~w~> y");
    let said = |name| sentence(&graph.heap, graph.node(name));
    assert!(said("a").starts_with("nothing holds it but weak references and cycles"), "{}", said("a"));
    assert_eq!(said("z"), "the file does not say what keeps it alive");
    // Whatever stands first among those that lead to it.
    for text in ["r -k-> k; k ~w~> a; a -x-> x; b -y-> x", "r -k-> k; k ~w~> a; b -y-> x; a -x-> x"] {
        let graph = Graph::new(text);
        assert_eq!(sentence(&graph.heap, graph.node("x")), "the file does not say what keeps it alive", "{text}");
    }
}

#[test]
fn a_value_of_two_weak_maps_is_told_of_the_one_whose_key_the_path_leads_over() {
    let entry = |key, table| format!("+/+part+of+key+(K+@{key})+->+value+(V+@3)+pair+in+WeakMap+(table+@{table})");
    let (one, other) = (entry(5, 17), entry(21, 19));
    let graph = Graph::new(&format!(
        "r; V; r -near-> K#1; r -deep-> deep; r -a-> first; r -b-> second; first -map-> WeakMap#1
         second -map-> WeakMap#2; WeakMap#1 =table=> t1:array; WeakMap#2 =table=> t2:array; deep -far-> K#2
         t1 =2{one}=> V; t2 =1{other}=> V; K#1 =3{one}=> V; K#2 =4{other}=> V"
    ));
    let ids = ["V", "K#1", "t1", "t2", "K#2"].map(|name| graph.heap.id(graph.node(name)));
    assert_eq!(ids, [3, 5, 17, 19, 21]);
    assert_eq!(
        sentence(&graph.heap, graph.node("V")),
        "first.map (WeakMap) holds it as long as its key lives: K. Also held by second.map (WeakMap)"
    );
}

#[test]
fn who_else_holds_what_holds_an_object_is_named_as_far_as_the_sentence_goes() {
    let graph = Graph::new(
        "r -log-> Log; Log -history-> Entry; Entry -data-> x; r -c-> Cache; Cache -last-> Entry
         r -f-> f:closure; r -g-> g:closure; f =context=> system+/+Context; g =context=> system+/+Context
         system+/+Context $kept$> y; r -top-> Top; r -sec-> Second; Top -list-> Inner; Second -list-> Inner
         Inner -z-> z; r -alone-> Alone; Alone -w-> w",
    );
    let said = |name| sentence(&graph.heap, graph.node(name));
    assert_eq!(said("x"), "Entry.data holds it; Cache.last holds Entry. Entry is also held by Log.history");
    assert_eq!(said("y"), "the variable kept of a scope that f() and another function use holds it, used by f()");
    assert_eq!(said("z"), "Inner.z holds it; Second.list holds Inner. Inner is also held by Top.list");
    assert_eq!(said("w"), "Alone.w holds it");
    // A path that somebody has chosen is spoken of, and what else holds the same.
    let meter = Meter::default();
    let found = paths::distinct(Ways::all(&graph.heap), graph.node("z"), 9, &meter).expect("nobody cancels");
    let other = why(Ways::all(&graph.heap), graph.node("z"), &found.list[1].path, &meter).expect("nobody cancels");
    assert_eq!(other.to_string(), "Inner.z holds it; Top.list holds Inner. Inner is also held by Second.list");
}

#[test]
fn holders_behind_the_end_of_the_sentence_are_counted_and_not_named() {
    let heap = demo();
    let answer = |id| {
        let retainers = Retainers::new(heap.clone(), None);
        answer(&retainers, heap.find_id(id).expect("an object of the demo"), &Meter::default()).expect("nobody cancels")
    };
    // An entry of a list that a variable of a script holds: four things use the scope of the script.
    let log = answer(73577);
    assert_eq!(log.printed()["others"][0], "none; farther out the ways part: system / Context @6467 has 4 holders");
    let record = log.record();
    assert_eq!(record["fork"], serde_json::json!({ "id": 6467, "holders": 4, "more": false }));
    assert_eq!((&record["others"], &record["othersAlike"]), (&serde_json::json!([]), &false.into()));
    let supplier = answer(210255);
    assert_eq!(supplier.printed()["others"][0], "others like it");
    assert_eq!(supplier.record()["othersAlike"], true);
}

#[test]
fn long_sentences_give_up_whole_clauses_from_their_end_and_say_so() {
    let heap = demo();
    let told = |node| {
        let path = Retainers::new(heap.clone(), None).path_to_root(node, &Meter::default()).expect("nobody cancels");
        why(Ways::all(&heap), node, &path, &Meter::default()).expect("nobody cancels")
    };
    let lines = |id, columns, most| told(heap.find_id(id).expect("an object of the demo")).lines(columns, most);
    let session = "SessionStore.sessions (Map) holds it under key \"2643-667902\"";
    assert_eq!(
        lines(75851, 78, 3),
        [
            "SessionStore.sessions (Map) holds it under key \"2643-667902\"; the variable ",
            "store of createVisitHandler() holds SessionStore, used by handleVisit() ",
            "(server.js:121); … up to the variable routes of server.js"
        ]
    );
    assert_eq!(lines(75851, 78, 2), [format!("{session}; … up to the "), "variable routes of server.js".into()]);
    assert_eq!(lines(75851, 78, 1), [format!("{session}; …")]);
    // The first clause itself is cut behind a whole word.
    assert_eq!(lines(75851, 58, 1), ["SessionStore.sessions (Map) holds it under key …"]);
    assert_eq!(lines(75851, 300, 3).concat(), sentence(&heap, heap.find_id(75851).expect("a session")));
    // That others hold it stays; who they are does not.
    let article = "the variable catalogue of server.js (Array) holds it at [0]. Also held by ";
    assert_eq!(lines(69013, 110, 1), [format!("{article}Supplier.products (Array) and others")]);
    assert_eq!(lines(69013, 90, 1), [format!("{article}others")]);
    for node in heap.nodes().step_by(997) {
        let told = told(node);
        for (columns, most) in [(78, 3), (58, 2), (118, 2), (40, 1)] {
            let lines = told.lines(columns, most);
            assert!(lines.len() <= most && lines.iter().all(|line| line.trim_end().chars().count() <= columns));
        }
    }
}
