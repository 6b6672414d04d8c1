//! A path of references to a root → one line in words: what keeps an object alive.
//!
//! Tables, elements and scopes of the engine are folded away: `9978 in (internal array)[]`, `table in Map`,
//! `sessions in SessionStore` is what people call `SessionStore.sessions`.

use super::label;
use super::text;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::NO_DISTANCE;

/// A step of a path: a reference and the object that it leaves.
pub type Step = (EdgeIx, NodeIx);

/// Names and keys are cut here: the whole of them is in the rows.
const LONGEST: usize = 40;
/// `a.b.c.d` is followed so far.
const MOST_ACCESSORS: usize = 4;
/// Entries of a table that are looked at to learn where its keys are.
const LOOKED_AT: usize = 3000;

/// How an object that the program knows holds another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    Property(String),
    Element(String),
    /// The value of an entry, with its key where the snapshot has it.
    Entry(Option<String>),
    Key,
    Member,
    /// The value of a WeakMap's entry, with the key that must live.
    WeakEntry(String),
    /// A variable of a scope, and the function that keeps the scope.
    Variable(String, Option<String>),
    /// The scope itself.
    Scope,
    Prototype,
    PartOfText,
    WholeText,
    Root,
    /// Something of the engine, by its name.
    Inner(String),
}

#[derive(Debug)]
struct Hop {
    holder: NodeIx,
    how: How,
}

/// Why `node` is alive, over the path `path` from it to a root.
pub fn alive_because(heap: &Heap, node: NodeIx, path: &[Step]) -> String {
    let hops = fold(heap, node, path);
    if hops.is_empty() {
        return match heap.distance(node) {
            Some(NO_DISTANCE) => "nothing holds it but weak references and cycles: it is garbage soon".into(),
            _ => "a root itself: the engine or the page holds it".into(),
        };
    }
    let (mut line, mut next) = clause(heap, &hops, 0, "it");
    // What holds the named thing at the beginning is the second half of the answer.
    if next < hops.len() {
        let held = name(heap, hops[next - 1].holder);
        let (more, end) = clause(heap, &hops, next, &held);
        line = format!("{line}; {more}");
        next = end;
    }
    debug_assert!(next <= hops.len());
    line
}

/// `subject holds object`, and the first hop that it does not speak of.
fn clause(heap: &Heap, hops: &[Hop], at: usize, object: &str) -> (String, usize) {
    let hop = &hops[at];
    let (subject, next, variable) = subject(heap, hops, at, MOST_ACCESSORS);
    let with_class = || {
        let class = name(heap, hop.holder);
        if subject == class { subject.clone() } else { format!("{subject} ({class})") }
    };
    let line = match &hop.how {
        How::Property(property) => match &variable {
            Some(None) | None => format!("{}{} holds {object}", subject, accessor(property)),
            Some(Some(_)) if subject.starts_with("the variable ") => {
                format!("{} of {subject} holds {object}", property_name(property))
            }
            Some(Some(_)) => format!("{}{} holds {object}", subject, accessor(property)),
        },
        How::Element(index) => format!("{} holds {object} at {index}", with_class()),
        How::Entry(Some(key)) => format!("{} holds {object} under key {key}", with_class()),
        How::Entry(None) => format!("{} holds {object} as a value", with_class()),
        How::Key => format!("{} holds {object} as a key", with_class()),
        How::Member => format!("{} holds {object}", with_class()),
        How::WeakEntry(key) => format!("a WeakMap holds {object} for its key {key}, as long as that lives"),
        How::Variable(variable, function) => {
            format!("{} holds {object}", variable_words(variable, function.as_deref()))
        }
        How::Scope => format!("{} uses {object} as its scope", name(heap, hop.holder)),
        How::Prototype => format!("{object} is the prototype of {}", with_class()),
        How::PartOfText => format!("a longer text that {object} is a part of is held"),
        How::WholeText => format!("{} is a piece of {object} and keeps all of it", name(heap, hop.holder)),
        How::Root => root_words(heap, hop.holder, object),
        How::Inner(inner) => format!("{} holds {object} ({inner})", with_class()),
    };
    match variable {
        Some(Some((variable, function))) if !line.contains("the variable ") => {
            (format!("{line}, where {variable} is a variable of {function}"), next)
        }
        _ => (line, next),
    }
}

/// A variable that a subject begins with, and its function; `Some(None)` where the subject begins with an object.
type Beginning = Option<Option<(String, String)>>;

/// What people would write in the program for the holder of hop `at`.
fn subject(heap: &Heap, hops: &[Hop], at: usize, most: usize) -> (String, usize, Beginning) {
    let holder = hops[at].holder;
    let own = name(heap, holder);
    let Some(outer) = hops.get(at + 1).filter(|_| most > 0 && !is_landmark(heap, holder)) else {
        return (own, at + 1, None);
    };
    match &outer.how {
        How::Property(property) => {
            let (before, next, variable) = subject(heap, hops, at + 1, most - 1);
            (join(&before, &accessor(property)), next, variable)
        }
        How::Element(index) => {
            let (before, next, variable) = subject(heap, hops, at + 1, most - 1);
            (join(&before, index), next, variable)
        }
        How::Entry(Some(key)) => {
            let (before, next, variable) = subject(heap, hops, at + 1, most - 1);
            (join(&before, &format!(".get({key})")), next, variable)
        }
        How::Variable(variable, function) => {
            let words = variable_words(variable, function.as_deref());
            let function = function.clone().unwrap_or_else(|| "a scope".into());
            (words, at + 2, Some(Some((variable.clone(), function))))
        }
        _ => (own, at + 1, None),
    }
}

/// `before` and what is asked of it; a variable in words becomes its name.
fn join(before: &str, accessor: &str) -> String {
    match before.strip_prefix("the variable ").and_then(|rest| rest.split_once(" of ")) {
        Some((variable, _)) => format!("{variable}{accessor}"),
        None => format!("{before}{accessor}"),
    }
}

fn variable_words(variable: &str, function: Option<&str>) -> String {
    format!("the variable {variable} of {}", function.unwrap_or("a scope"))
}

fn accessor(property: &str) -> String {
    let is_plain = property.chars().all(|letter| letter.is_alphanumeric() || "_$#".contains(letter))
        && !property.starts_with(|letter: char| letter.is_ascii_digit());
    if is_plain { format!(".{property}") } else { format!("[{}]", property_name(property)) }
}

fn property_name(property: &str) -> String {
    let is_plain = property.chars().all(|letter| letter.is_alphanumeric() || "_$#<> ().".contains(letter));
    if is_plain { property.to_owned() } else { format!("\"{property}\"") }
}

/// Things whose name says enough: functions, roots, objects of a class of one's own.
fn is_landmark(heap: &Heap, node: NodeIx) -> bool {
    match heap.node_type(node) {
        NodeType::CLOSURE | NodeType::SYNTHETIC => true,
        NodeType::OBJECT | NodeType::NATIVE => {
            let class = text::safe(heap.class_name(node));
            let common = ["Object", "Array", "Map", "Set", "WeakMap", "WeakSet", "global", "process"];
            !(common[..6].contains(&class.as_str()) || class.starts_with(['{', '(']) || class.starts_with("system / "))
        }
        _ => false,
    }
}

/// An object in one or two words, without its id.
fn name(heap: &Heap, node: NodeIx) -> String {
    let value = label::value(heap, node);
    if heap.node_type(node) == NodeType::CLOSURE && value == "()" {
        return "a nameless function".into();
    }
    if value.starts_with("Window") && heap.node_type(node) == NodeType::OBJECT {
        return "window".into();
    }
    if value.starts_with("system / Context") {
        return "a scope".into();
    }
    cut(&value)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn root_words(heap: &Heap, root: NodeIx, object: &str) -> String {
    let root = text::safe(&heap.name(root));
    match root.as_str() {
        "(Stack roots)" => format!("a function that was running uses {object} (the stack)"),
        "(Global handles)" => format!("native code holds {object} (a global handle)"),
        "(Handle scope)" => format!("native code was just using {object} (a handle)"),
        _ => format!("{root}: the engine holds {object}"),
    }
}

/// Leaves out what the program does not know of.
fn fold(heap: &Heap, node: NodeIx, path: &[Step]) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut target = node;
    let mut at = 0;
    while at < path.len() {
        let (how, used) = step(heap, target, &path[at..]);
        let used = used.clamp(1, path.len() - at);
        let holder = path[at + used - 1].1;
        let is_root = how == How::Root;
        if let Some(how) = Some(how).filter(|how| *how != How::Inner(String::new())) {
            hops.push(Hop { holder, how });
        }
        if is_root {
            break;
        }
        target = holder;
        at += used;
    }
    hops
}

/// What the first of `rest` says, together with those that belong to it; how many these are.
fn step(heap: &Heap, target: NodeIx, rest: &[Step]) -> (How, usize) {
    let (edge, from) = rest[0];
    let next_is = |wanted: &str| rest.get(1).is_some_and(|&(edge, _)| is_inner(heap, edge, wanted));
    let edge_name = text::safe(&heap.edge_name(edge));
    match heap.edge_type(edge) {
        _ if heap.node_type(from) == NodeType::SYNTHETIC => (How::Root, 1),
        EdgeType::CONTEXT => variable(heap, from, cut(&edge_name), &rest[1..]),
        EdgeType::ELEMENT => (How::Element(format!("[{edge_name}]")), 1),
        EdgeType::PROPERTY if edge_name == "__proto__" => (How::Prototype, 1),
        EdgeType::PROPERTY | EdgeType::SHORTCUT => (How::Property(cut(&edge_name)), 1),
        EdgeType::INTERNAL if heap.ephemerons().get(heap.columns().edges.name(edge)).is_some() => {
            let used = if next_is("table") { 2 } else { 1 };
            (How::WeakEntry(ephemeron_key(&edge_name)), used)
        }
        _ if next_is("table") => (entry(heap, edge, from, rest[1].1), 2),
        _ if next_is("elements") => (How::Element(format!("[{edge_name}]")), 2),
        EdgeType::INTERNAL if edge_name == "context" && heap.node_type(from) == NodeType::CLOSURE => (How::Scope, 1),
        EdgeType::INTERNAL if ["first", "second"].contains(&edge_name.as_str()) => (How::PartOfText, 1),
        EdgeType::INTERNAL if edge_name == "parent" && heap.node_type(target) != NodeType::OBJECT => {
            (How::WholeText, 1)
        }
        // Stores behind objects: the next step names the object.
        _ if is_store(heap, from) && rest.len() > 1 => (How::Inner(String::new()), 1),
        EdgeType::INTERNAL => (How::Inner(cut(&edge_name)), 1),
        _ => (How::Inner(format!("its slot {edge_name}")), 1),
    }
}

fn is_inner(heap: &Heap, edge: EdgeIx, wanted: &str) -> bool {
    heap.edge_type(edge) == EdgeType::INTERNAL && *heap.edge_name(edge) == *wanted.as_bytes()
}

fn is_store(heap: &Heap, node: NodeIx) -> bool {
    matches!(heap.node_type(node), NodeType::ARRAY | NodeType::HIDDEN | NodeType::CODE | NodeType::OBJECT_SHAPE)
}

/// A variable of a scope: the function is the nearest on the path, scopes between do not count.
fn variable(heap: &Heap, scope: NodeIx, name_of: String, rest: &[Step]) -> (How, usize) {
    for (index, &(edge, from)) in rest.iter().enumerate() {
        if is_inner(heap, edge, "context") && heap.node_type(from) == NodeType::CLOSURE {
            return (How::Variable(name_of, Some(name(heap, from))), index + 2);
        }
        if !is_inner(heap, edge, "previous") {
            break;
        }
    }
    (How::Variable(name_of, user_of(heap, scope)), 1)
}

/// The function nearest to the roots that uses a scope.
fn user_of(heap: &Heap, scope: NodeIx) -> Option<String> {
    let is_user = |&(edge, from): &Step| {
        is_inner(heap, edge, "context") && heap.node_type(from) == NodeType::CLOSURE && !heap.raw_name(from).is_empty()
    };
    let users = heap.shown_retainers(scope).take(LOOKED_AT).filter(is_user);
    users.min_by_key(|&(_, from)| heap.distance(from)).map(|(_, from)| name(heap, from))
}

/// The key in `1 / part of key (Session @7) -> value (…) pair in WeakMap (table @5)`.
fn ephemeron_key(name: &str) -> String {
    let after = name.split_once("part of key (").map_or("", |(_, rest)| rest);
    cut(after.split_once(") -> value").map_or("?", |(key, _)| key))
}

/// What a slot of the table behind a Map or Set means. Tables have three slots an entry, key, value and chain (two in
/// Sets), and chains are numbers, which have no edges: so the slots that edges fill tell which are keys.
fn entry(heap: &Heap, edge: EdgeIx, table: NodeIx, collection: NodeIx) -> How {
    let class = text::safe(heap.class_name(collection));
    if class.ends_with("Set") {
        return How::Member;
    }
    let Some(slot) = slot(heap, edge) else { return How::Entry(None) };
    let mut filled = [0usize; 3];
    for other in heap.columns().edges_of(table).filter_map(|edge| slot_of(heap, edge)).take(LOOKED_AT) {
        filled[other as usize % 3] += 1;
    }
    let keys = (0..3).find(|&keys| filled[(keys + 2) % 3] == 0 && filled[keys] > 0 && filled[(keys + 1) % 3] > 0);
    match keys {
        Some(keys) if slot as usize % 3 == keys => How::Key,
        Some(keys) if slot as usize % 3 == (keys + 1) % 3 => {
            let of_key = |&edge: &EdgeIx| slot_of(heap, edge) == Some(slot - 1);
            let key = heap.columns().edges_of(table).find(of_key).map(|edge| heap.target(edge));
            How::Entry(key.map(|key| cut(&label::value(heap, key))))
        }
        _ => How::Entry(None),
    }
}

fn slot(heap: &Heap, edge: EdgeIx) -> Option<u32> {
    slot_of(heap, edge)
}

/// The number of a slot of an internal array.
fn slot_of(heap: &Heap, edge: EdgeIx) -> Option<u32> {
    match heap.edge_type(edge) {
        EdgeType::HIDDEN | EdgeType::ELEMENT => Some(heap.columns().edges.name_or_index(edge)),
        EdgeType::INTERNAL => std::str::from_utf8(&heap.edge_name(edge)).ok()?.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::analysis::paths;
    use crate::heap::{Input, LoadOptions, load};
    use crate::notation::Graph;
    use crate::view::source::{Content, Source};

    fn demo() -> Arc<Heap> {
        static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
        let read = || {
            let demo = include_bytes!("../../assets/demo.heapsnapshot.zst");
            let options = LoadOptions::new(Input::Bundled(demo), Default::default());
            load(&options, &Default::default(), &mut |_| {}).expect("the bundled snapshot is whole")
        };
        HEAP.get_or_init(read).clone()
    }

    /// The path that the Retainers open by themselves.
    fn nearest(heap: &Arc<Heap>, node: NodeIx) -> Vec<Step> {
        let source = Source::new(heap.clone(), Content::Retainers(None));
        let path = source.retaining_path(node, &Default::default()).expect("nobody cancels");
        path.iter().filter_map(|item| Some((item.edge()?, item.node()?))).collect()
    }

    fn sentence(heap: &Heap, node: NodeIx) -> String {
        let paths = paths::shortest(heap, node, 1, &Default::default()).expect("nobody cancels");
        alive_because(heap, node, paths.first().map_or(&[], Vec::as_slice))
    }

    #[test]
    fn real_objects_are_held_in_words() {
        let heap = demo();
        let cases = [
            (
                75851,
                "SessionStore.sessions (Map) holds it under key \"2643-667902\"; the variable store of handleVisit() holds SessionStore",
            ),
            (210217, "SessionStore.sessions holds it; the variable store of handleVisit() holds SessionStore"),
            (210215, "the variable store of handleVisit() holds it"),
            (
                74377,
                "the variable history of takeSample() (Array) holds it at [0]; Timeout._onTimeout holds takeSample()",
            ),
            (73577, "the variable auditLog of close() (Array) holds it at [1]; "),
            (
                78477,
                "EventEmitter._events.price (Array) holds it at [141]; the variable shop of close() holds EventEmitter",
            ),
            (95969, "the variable report of onPrice() holds it"),
            (59639, "Session.user holds it; "),
            (69013, "the variable catalogue of close() (Array) holds it at [0]"),
            (210255, "catalogue[0].supplier holds it, where catalogue is a variable of close()"),
        ];
        for (id, start) in cases {
            let said = sentence(&heap, heap.find_id(id).expect("an object of the demo"));
            assert!(said.starts_with(start), "@{id}: {said}");
        }
    }

    #[test]
    fn no_sentence_is_empty_or_shows_internals() {
        let heap = demo();
        for node in heap.nodes().step_by(37) {
            let path = nearest(&heap, node);
            let said = alive_because(&heap, node, &path);
            assert!(!said.is_empty() && !said.contains("(internal array)[]."), "@{}: {said}", heap.id(node));
        }
    }

    #[test]
    fn roots_weak_maps_and_garbage_have_words_of_their_own() {
        let entry = "+/+part+of+key+(K+@5)+->+value+(V+@7)+pair+in+WeakMap+(table+@3)";
        let graph = Graph::new(&format!(
            "r -t-> table:array[8]; r -k-> K[8]; table =1{entry}=> value[8]; K =2{entry}=> value; K ~w~> weak[8]; weak -x-> weak"
        ));
        let said = |name| sentence(&graph.heap, graph.node(name));
        assert_eq!(said("value"), "a WeakMap holds it for its key K @5, as long as that lives");
        assert_eq!(said("K"), "a root itself: the engine or the page holds it");
        assert!(said("weak").starts_with("nothing holds it"));
        let graph = Graph::new("r -s-> (Stack+roots):synthetic; (Stack+roots) -[1]-> a[8]; a -b-> B[8]");
        assert_eq!(
            sentence(&graph.heap, graph.node("B")),
            "a.b holds it; a function that was running uses a (the stack)"
        );
    }
}
