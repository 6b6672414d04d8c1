//! A path of references to a root → why an object is alive: first as data, at the end in words.
//!
//! Tables, elements and scopes of the engine are folded away: `9978 in (internal array)[]`, `table in Map`,
//! `sessions in SessionStore` is what people call `SessionStore.sessions`.

use std::fmt;

use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::well_formed;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::NO_DISTANCE;
use crate::index::naming;
use crate::view::cut::cut;
use crate::view::label;
use crate::view::text;

/// A step of a path: a reference and the object that it leaves.
pub(crate) type Step = (EdgeIx, NodeIx);

/// Names and keys are cut here: the whole of them is in the rows.
const LONGEST: usize = 41;
/// `a.b.c.d` is followed so far.
const MOST_ACCESSORS: usize = 4;
/// Entries of a table that are looked at to learn where its keys are.
const LOOKED_AT: usize = 3000;

/// Why an object is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nothing leads to it but weak references and cycles.
    Garbage,
    /// It is a root, or a root refers to it.
    Root,
    /// Only what somebody ignores holds it.
    OnlyIgnored,
    /// What holds it, and what holds the named thing at the beginning of that.
    Held(Box<Clause>, Option<Box<Clause>>),
}

/// Something holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// What is held; nothing for the object that was asked about.
    pub held: Option<String>,
    pub how: How,
    /// What people would write in the program for the holder.
    pub holder: Expression,
    /// The holder in a word or two: its class, its function.
    pub holder_name: String,
}

/// `sessions.get(7).list` of an object or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub start: Start,
    pub accessors: Vec<Accessor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// An object, by its name.
    Object(String),
    /// A variable, and the function that uses its scope where one is known.
    Variable { name: String, function: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Accessor {
    Property(String),
    /// The number of an element.
    Element(String),
    /// An entry of a Map, by its key.
    Key(String),
}

/// How an object that the program knows holds another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
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
    /// A root of the engine, by its name.
    Root(String),
    /// Something of the engine, by its name.
    Inner(String),
}

impl How {
    /// Whether the sentence names the holder as people would write it in the program.
    fn speaks_of_holder(&self) -> bool {
        matches!(
            self,
            How::Property(_)
                | How::Element(_)
                | How::Entry(_)
                | How::Key
                | How::Member
                | How::Prototype
                | How::Inner(_)
        )
    }
}

/// Why `node` is alive, over the path from it to a root.
pub(crate) fn why(heap: &Heap, ignored: Option<&Ignored>, node: NodeIx, path: &Path) -> Why {
    let is_free = ignored.is_some_and(|ignored| ignored.distance_of(node) == NO_DISTANCE);
    if is_free && !heap.is_unreachable(node) {
        return Why::OnlyIgnored;
    }
    let hops = fold(heap, node, path);
    if hops.is_empty() {
        return if heap.is_unreachable(node) { Why::Garbage } else { Why::Root };
    }
    let (first, next) = clause(heap, &hops, 0, None);
    // What holds the named thing at the beginning is the second half of the answer.
    let second = (next < hops.len()).then(|| clause(heap, &hops, next, Some(name(heap, hops[next - 1].holder))).0);
    Why::Held(Box::new(first), second.map(Box::new))
}

#[derive(Debug)]
struct Hop {
    holder: NodeIx,
    how: How,
}

/// What hop `at` says, and the first hop that it does not speak of.
fn clause(heap: &Heap, hops: &[Hop], at: usize, held: Option<String>) -> (Clause, usize) {
    let hop = &hops[at];
    let mut accessors = Vec::new();
    let (start, next) = match hop.how.speaks_of_holder() {
        true => expression(heap, hops, at, &mut accessors),
        false => (Start::Object(name(heap, hop.holder)), at + 1),
    };
    // Found from the holder outwards, written the other way round.
    accessors.reverse();
    let holder = Expression { start, accessors };
    (Clause { held, how: hop.how.clone(), holder, holder_name: name(heap, hop.holder) }, next)
}

/// Follows the holder of hop `at` outwards to a thing with a name; gives that and the first hop that is not used.
fn expression(heap: &Heap, hops: &[Hop], at: usize, accessors: &mut Vec<Accessor>) -> (Start, usize) {
    let mut at = at;
    loop {
        let holder = hops[at].holder;
        let outer = hops.get(at + 1).filter(|_| accessors.len() < MOST_ACCESSORS && !is_landmark(heap, holder));
        match outer.map(|outer| &outer.how) {
            Some(How::Property(name)) => accessors.push(Accessor::Property(name.clone())),
            Some(How::Element(index)) => accessors.push(Accessor::Element(index.clone())),
            Some(How::Entry(Some(key))) => accessors.push(Accessor::Key(key.clone())),
            Some(How::Variable(name, function)) => {
                return (Start::Variable { name: name.clone(), function: function.clone() }, at + 2);
            }
            _ => return (Start::Object(name(heap, holder)), at + 1),
        }
        at += 1;
    }
}

/// Things whose name says enough: functions, roots, objects of a class of one's own.
fn is_landmark(heap: &Heap, node: NodeIx) -> bool {
    match heap.node_type(node) {
        NodeType::CLOSURE | NodeType::SYNTHETIC => true,
        NodeType::OBJECT | NodeType::NATIVE => {
            let class = text::safe(heap.class_name(node));
            let common = ["Object", "Array", "Map", "Set", "WeakMap", "WeakSet"];
            !(common.contains(&class.as_str()) || class.starts_with(['{', '(']) || class.starts_with("system / "))
        }
        _ => false,
    }
}

/// An object in one or two words, without its id.
fn name(heap: &Heap, node: NodeIx) -> String {
    let raw = heap.raw_name(node);
    match heap.node_type(node) {
        NodeType::CLOSURE if raw.is_empty() => "a nameless function".into(),
        NodeType::OBJECT if raw.starts_with(b"Window") => "window".into(),
        _ if naming::is_context(&raw) => "a scope".into(),
        _ => cut(&label::value(heap, node), LONGEST).into_owned(),
    }
}

/// Leaves out what the program does not know of.
fn fold(heap: &Heap, node: NodeIx, path: &Path) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut target = node;
    let mut at = 0;
    while at < path.len() {
        let (how, used) = step(heap, target, &path[at..]);
        let used = used.clamp(1, path.len() - at);
        let holder = path[at + used - 1].1;
        let is_root = matches!(how, Some(How::Root(_)));
        hops.extend(how.map(|how| Hop { holder, how }));
        if is_root {
            break;
        }
        target = holder;
        at += used;
    }
    hops
}

/// What the first of `rest` says, together with those that belong to it; how many these are. Nothing for stores behind
/// objects: the next step names the object.
fn step(heap: &Heap, target: NodeIx, rest: &[Step]) -> (Option<How>, usize) {
    let (edge, from) = rest[0];
    let next_is = |wanted: &str| rest.get(1).is_some_and(|&(edge, _)| is_inner(heap, edge, wanted));
    let edge_name = text::safe(&heap.edge_name(edge));
    let short = || cut(&edge_name, LONGEST).into_owned();
    let how = match heap.edge_type(edge) {
        _ if heap.node_type(from) == NodeType::SYNTHETIC => How::Root(text::safe(&heap.name(from))),
        EdgeType::CONTEXT => {
            let (how, used) = variable(heap, from, short(), &rest[1..]);
            return (Some(how), used);
        }
        EdgeType::ELEMENT => How::Element(edge_name),
        EdgeType::PROPERTY if edge_name == "__proto__" => How::Prototype,
        EdgeType::PROPERTY | EdgeType::SHORTCUT => How::Property(short()),
        EdgeType::INTERNAL if heap.ephemerons().get(heap.columns().edges.name(edge)).is_some() => {
            return (Some(How::WeakEntry(ephemeron_key(&edge_name))), 1 + next_is("table") as usize);
        }
        _ if next_is("table") => return (Some(entry(heap, edge, from, rest[1].1)), 2),
        _ if next_is("elements") => return (Some(How::Element(edge_name)), 2),
        EdgeType::INTERNAL if edge_name == "context" && heap.node_type(from) == NodeType::CLOSURE => How::Scope,
        EdgeType::INTERNAL if ["first", "second"].contains(&edge_name.as_str()) => How::PartOfText,
        EdgeType::INTERNAL if edge_name == "parent" && heap.node_type(target) != NodeType::OBJECT => How::WholeText,
        _ if is_store(heap, from) && rest.len() > 1 => return (None, 1),
        EdgeType::INTERNAL => How::Inner(short()),
        _ => How::Inner(format!("its slot {edge_name}")),
    };
    (Some(how), 1)
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

/// The key in `1 / part of key (Session @7) -> value (…) pair in WeakMap (table @5)`: V8's words, not ours.
fn ephemeron_key(name: &str) -> String {
    let after = name.split_once("part of key (").map_or("", |(_, rest)| rest);
    cut(after.split_once(") -> value").map_or("?", |(key, _)| key), LONGEST).into_owned()
}

/// What a slot of the table behind a Map or Set means. Tables have three slots an entry, key, value and chain (two in
/// Sets), and chains are numbers, which have no edges: so the slots that edges fill tell which are keys.
fn entry(heap: &Heap, edge: EdgeIx, table: NodeIx, collection: NodeIx) -> How {
    if heap.class_name(collection).ends_with(b"Set") {
        return How::Member;
    }
    let Some(slot) = slot_of(heap, edge) else { return How::Entry(None) };
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
            How::Entry(key.map(|key| cut(&label::value(heap, key), LONGEST).into_owned()))
        }
        _ => How::Entry(None),
    }
}

/// The number of a slot of an internal array.
fn slot_of(heap: &Heap, edge: EdgeIx) -> Option<u32> {
    match heap.edge_type(edge) {
        EdgeType::HIDDEN | EdgeType::ELEMENT => Some(heap.columns().edges.name_or_index(edge)),
        EdgeType::INTERNAL => well_formed(&heap.edge_name(edge)).parse().ok(),
        _ => None,
    }
}

// ---- words ----

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Garbage => f.write_str("nothing holds it but weak references and cycles: it is garbage soon"),
            Why::Root => f.write_str("a root itself: the engine or the page holds it"),
            Why::OnlyIgnored => f.write_str("nothing else holds it: without what is ignored it would be freed"),
            Why::Held(first, None) => first.fmt(f),
            Why::Held(first, Some(second)) => write!(f, "{first}; {second}"),
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held.as_deref().unwrap_or("it");
        let holder = &self.holder;
        match &self.how {
            // `the variable x of f()` is no expression to which a property could be written.
            How::Property(property) if holder.is_bare_variable() => {
                write!(f, "{} of {holder} holds {held}", property_name(property))
            }
            How::Property(property) => write!(f, "{holder}{} holds {held}", Accessor::Property(property.clone())),
            How::Element(index) => write!(f, "{} holds {held} at [{index}]", self.with_class()),
            How::Entry(Some(key)) => write!(f, "{} holds {held} under key {key}", self.with_class()),
            How::Entry(None) => write!(f, "{} holds {held} as a value", self.with_class()),
            How::Key => write!(f, "{} holds {held} as a key", self.with_class()),
            How::Member => write!(f, "{} holds {held}", self.with_class()),
            How::WeakEntry(key) => write!(f, "a WeakMap holds {held} for its key {key}, as long as that lives"),
            How::Variable(name, function) => {
                let start = Start::Variable { name: name.clone(), function: function.clone() };
                write!(f, "{} holds {held}", Expression { start, accessors: Vec::new() })
            }
            How::Scope => write!(f, "{} uses {held} as its scope", self.holder_name),
            How::Prototype => write!(f, "{held} is the prototype of {}", self.with_class()),
            How::PartOfText => write!(f, "a longer text that {held} is a part of is held"),
            How::WholeText => write!(f, "{} is a piece of {held} and keeps all of it", self.holder_name),
            How::Root(root) => write_root(f, root, held),
            How::Inner(inner) => write!(f, "{} holds {held} ({inner})", self.with_class()),
        }?;
        match &holder.start {
            Start::Variable { name, function } if !holder.is_bare_variable() => {
                write!(f, ", where {name} is a variable of {}", function.as_deref().unwrap_or(SOME_SCOPE))
            }
            _ => Ok(()),
        }
    }
}

/// Of a variable whose function nobody knows.
const SOME_SCOPE: &str = "a scope";

impl Clause {
    /// The holder with its class, unless that is all there is.
    fn with_class(&self) -> String {
        let holder = self.holder.to_string();
        if holder == self.holder_name { holder } else { format!("{holder} ({})", self.holder_name) }
    }
}

impl Expression {
    fn is_bare_variable(&self) -> bool {
        self.accessors.is_empty() && matches!(self.start, Start::Variable { .. })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.start {
            Start::Object(name) => f.write_str(name)?,
            Start::Variable { name, function } if self.accessors.is_empty() => {
                return write!(f, "the variable {name} of {}", function.as_deref().unwrap_or(SOME_SCOPE));
            }
            Start::Variable { name, .. } => f.write_str(name)?,
        }
        self.accessors.iter().try_for_each(|accessor| accessor.fmt(f))
    }
}

impl fmt::Display for Accessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Accessor::Property(name) => {
                let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || "_$#".contains(letter))
                    && !name.starts_with(|letter: char| letter.is_ascii_digit());
                if is_plain { write!(f, ".{name}") } else { write!(f, "[{}]", property_name(name)) }
            }
            Accessor::Element(index) => write!(f, "[{index}]"),
            Accessor::Key(key) => write!(f, ".get({key})"),
        }
    }
}

fn property_name(property: &str) -> String {
    let is_plain = property.chars().all(|letter| letter.is_alphanumeric() || "_$#<> ().".contains(letter));
    if is_plain { property.to_owned() } else { format!("\"{property}\"") }
}

fn write_root(f: &mut fmt::Formatter<'_>, root: &str, held: &str) -> fmt::Result {
    match root {
        "(Stack roots)" => write!(f, "a function that was running uses {held} (the stack)"),
        "(Global handles)" => write!(f, "native code holds {held} (a global handle)"),
        "(Handle scope)" => write!(f, "native code was just using {held} (a handle)"),
        _ => write!(f, "{root}: the engine holds {held}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::paths;
    use crate::notation::Graph;
    use crate::testing::demo;
    use crate::view::tables::retainers::Retainers;

    fn sentence(heap: &Heap, node: NodeIx) -> String {
        let paths = paths::distinct(paths::Ways::all(heap), node, 1, &Default::default()).expect("nobody cancels");
        let path = paths.list.into_iter().next().map_or_else(Vec::new, |held| held.path);
        why(heap, None, node, &path).to_string()
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
        let retainers = Retainers::new(heap.clone(), None);
        for node in heap.nodes().step_by(37) {
            // The path that the Retainers open by themselves.
            let path = retainers.nearest_path(node, &Default::default()).expect("nobody cancels");
            let said = why(&heap, None, node, &path).to_string();
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

    #[test]
    fn names_that_look_like_words_of_the_sentence_stay_names() {
        let graph = Graph::new(
            "r -f-> f:closure; f =context=> system+/+Context; system+/+Context $the+variable+x+of+y$> a[8]
             a -of-> b[8]; b -it-> c[8]",
        );
        let said = |name| sentence(&graph.heap, graph.node(name));
        assert_eq!(said("a"), "the variable the variable x of y of f() holds it");
        assert_eq!(said("b"), "a.of holds it; the variable the variable x of y of f() holds a");
    }
}
