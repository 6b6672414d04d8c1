//! What a row calls its object and its reference, in pieces that each have a role.
//!
//! Source: HeapSnapshotGridNodes.ts, `createObjectCell`, `prefixObjectCell`.

use super::chain::Fold;
use super::cut::{cut, cut_middle};
use super::{globals, place, text};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, Location, NodeType, Producer};
use crate::heap::Heap;
use crate::index::{RootKind, naming};

/// What a piece of a row means; themes give each a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Names of references.
    Property,
    Element,
    ContextVariable,
    /// Internal, hidden and weak references.
    InternalReference,
    Shortcut,
    /// Names of values.
    Object,
    String,
    Number,
    BigInt,
    Function,
    RegExp,
    Symbol,
    /// Hidden objects and shapes.
    Hidden,
    Class,
    /// The path or name of a file, or of a package.
    File,
    /// `@123`
    Id,
    /// Words between names: `::`, `in`.
    Separator,
    /// The mark of objects that programs can reach over their own properties.
    Reachable,
    /// The mark of DOM nodes that are no longer part of a document.
    Detached,
    /// A place in a script.
    Location,
    /// What is new in a comparison.
    Growth,
    /// What is gone in a comparison.
    Shrinkage,
}

impl Role {
    /// All roles, with the names by which themes call them.
    pub(crate) const ALL: [(Role, &'static str); 22] = [
        (Role::Property, "property"),
        (Role::Element, "element"),
        (Role::ContextVariable, "context-variable"),
        (Role::InternalReference, "internal-reference"),
        (Role::Shortcut, "shortcut"),
        (Role::Object, "object"),
        (Role::String, "string"),
        (Role::Number, "number"),
        (Role::BigInt, "bigint"),
        (Role::Function, "function"),
        (Role::RegExp, "regexp"),
        (Role::Symbol, "symbol"),
        (Role::Hidden, "hidden"),
        (Role::Class, "class"),
        (Role::File, "file"),
        (Role::Id, "id"),
        (Role::Separator, "separator"),
        (Role::Reachable, "reachable"),
        (Role::Detached, "detached"),
        (Role::Location, "location"),
        (Role::Growth, "growth"),
        (Role::Shrinkage, "shrinkage"),
    ];
}

/// A piece of text, safe for terminals, with its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub role: Role,
    pub text: String,
}

pub(crate) fn piece(role: Role, text: impl Into<String>) -> Piece {
    Piece { role, text: text.into() }
}

/// The role of the value of a node.
pub(crate) fn value_role(node_type: NodeType) -> Role {
    match node_type {
        NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => Role::String,
        NodeType::REGEXP => Role::RegExp,
        NodeType::CLOSURE => Role::Function,
        NodeType::BIGINT => Role::BigInt,
        NodeType::NUMBER => Role::Number,
        NodeType::SYMBOL => Role::Symbol,
        NodeType::HIDDEN | NodeType::OBJECT_SHAPE => Role::Hidden,
        _ => Role::Object,
    }
}

/// The role of the name of a reference.
pub(crate) fn edge_role(edge_type: EdgeType) -> Role {
    match edge_type {
        EdgeType::CONTEXT => Role::ContextVariable,
        EdgeType::ELEMENT => Role::Element,
        EdgeType::INTERNAL | EdgeType::HIDDEN | EdgeType::WEAK => Role::InternalReference,
        EdgeType::SHORTCUT => Role::Shortcut,
        _ => Role::Property,
    }
}

/// The role of the value of an object: [`value_role`], but grey for what only Hermes itself works with.
fn object_role(heap: &Heap, node: NodeIx) -> Role {
    match heap.node_type(node) {
        NodeType::OBJECT if is_engine_object(heap.producer(), &heap.raw_name(node)) => Role::Hidden,
        node_type => value_role(node_type),
    }
}

/// Hermes writes its scopes, hidden classes and stores of elements as ordinary objects.
fn is_engine_object(producer: Producer, name: &[u8]) -> bool {
    producer.is_hermes() && naming::is_of_hermes(name)
}

/// The text of an object without its id: `"text"`, `/re/`, `name()`, `(internal array)[]`, `{a, b}`, `Map`.
pub(crate) fn value(heap: &Heap, node: NodeIx) -> String {
    if let Some(name) = globals::of_plain(heap, node) {
        return name.into();
    }
    let name = text::safe(&heap.name(node));
    if heap.roots().has_further()
        && let Some(kind) = heap.roots().kind(node)
    {
        return root(kind, &name);
    }
    match heap.node_type(node) {
        NodeType::CODE | NodeType::HIDDEN | NodeType::NATIVE | NodeType::SYNTHETIC if name.is_empty() => {
            "(no name)".into()
        }
        NodeType::STRING | NodeType::CONS_STRING => format!("\"{name}\""),
        NodeType::REGEXP => format!("/{name}/"),
        NodeType::CLOSURE => format!("{name}()"),
        NodeType::SYMBOL => symbol(heap, node).unwrap_or(name),
        NodeType::ARRAY if name.is_empty() => "(internal array)[]".into(),
        NodeType::ARRAY => format!("{name}[]"),
        NodeType::OBJECT if name.starts_with("Window") => shorten_url(&name),
        _ => name,
    }
}

/// `Symbol(kEvents)` of a symbol whose description the file has.
fn symbol(heap: &Heap, node: NodeIx) -> Option<String> {
    let description = heap.target_named(node, EdgeType::INTERNAL, "name")?;
    let is_text = value_role(heap.node_type(description)) == Role::String;
    is_text.then(|| format!("Symbol({})", text::safe(&heap.name(description))))
}

/// A root in words, where a file has several.
fn root(kind: RootKind, name: &str) -> String {
    match kind {
        RootKind::Heap(number) if name.is_empty() => format!("heap {number} (GC roots)"),
        RootKind::Heap(number) => format!("heap {number} {name}"),
        RootKind::NativeCode => format!("held by native code: {name}"),
        RootKind::Context => format!("global object {name}"),
    }
}

/// The URL behind a window's name, cut in the middle.
fn shorten_url(name: &str) -> String {
    const LONGEST: usize = 40;
    match name.split_once('/') {
        Some((window, url)) if url.trim_start().chars().count() > LONGEST => {
            format!("{window}/ {}", cut_middle(url.trim_start(), LONGEST))
        }
        _ => name.to_owned(),
    }
}

/// An object in a few words with its id; the root has a word of its own.
pub(crate) fn short(heap: &Heap, node: NodeIx) -> String {
    if node == heap.root() {
        return "(root)".into();
    }
    format!("{} @{}", cut(&value(heap, node), SHORT), heap.id(node))
}

/// Longer names are cut where an object is one of many things in a line.
pub(crate) const SHORT: usize = 40;

/// The name of a function, which may have none.
pub(crate) fn function_name(name: &str) -> String {
    if name.is_empty() { "(anonymous)".into() } else { text::sanitize(name).into_owned() }
}

/// The text of a reference: `name`, `[7]`, `(empty)`.
pub(crate) fn edge(heap: &Heap, edge: EdgeIx) -> String {
    let name = text::safe(&heap.edge_name(edge));
    match heap.edge_type(edge) {
        _ if name.is_empty() => "(empty)".into(),
        EdgeType::ELEMENT => format!("[{name}]"),
        _ => name,
    }
}

/// An object: value, id, marks; a function with its place.
pub(crate) fn object(heap: &Heap, node: NodeIx) -> Vec<Piece> {
    let mut pieces =
        vec![piece(object_role(heap, node), value(heap, node)), piece(Role::Id, format!(" @{}", heap.id(node)))];
    if heap.is_reachable_by_program(node) || heap.node_type(node) == NodeType::STRING {
        pieces.push(piece(Role::Reachable, " ◆"));
    }
    if heap.is_detached_dom_node(node) {
        pieces.push(piece(Role::Detached, " ✂"));
    }
    // Other objects have the place of their class, which stands in the row of the class.
    if heap.node_type(node) == NodeType::CLOSURE
        && let Some(location) = heap.location(node)
    {
        pieces.push(at(heap, location));
    }
    pieces
}

/// A place in a script, behind the name of what stands there.
fn at(heap: &Heap, location: Location) -> Piece {
    piece(Role::Location, format!("  {}", place::short(heap, location)))
}

/// A class: its name, and where it is defined if its objects say so.
pub(crate) fn class(heap: &Heap, name: &[u8], location: Option<Location>) -> Vec<Piece> {
    let name = piece(Role::Class, text::safe(name));
    std::iter::once(name).chain(location.map(|location| at(heap, location))).collect()
}

/// The place behind the name of a class, as [`class`] has it.
pub(crate) fn class_place(heap: &Heap, location: Option<Location>) -> String {
    location.map_or_else(String::new, |location| place::short(heap, location))
}

/// A reference and the object at its end: `name::Object @7`.
pub(crate) fn reference(heap: &Heap, edge_ix: EdgeIx, node: NodeIx) -> Vec<Piece> {
    joined(heap, edge_ix, node, "::")
}

/// A retainer: `name in Object @7`.
pub(crate) fn retainer(heap: &Heap, edge_ix: EdgeIx, node: NodeIx) -> Vec<Piece> {
    joined(heap, edge_ix, node, " in ")
}

/// Links of a path that one row stands for: `… 2,396 × next in ListNode @7`, with the object at the root's end.
pub(crate) fn folded(heap: &Heap, fold: &Fold) -> Vec<Piece> {
    let times = text::count(fold.times as u64);
    let id = piece(Role::Id, format!(" @{}", heap.id(fold.last)));
    if fold.group.is_empty() {
        let start = piece(Role::Separator, format!("… {times} references, to "));
        return vec![start, piece(object_role(heap, fold.last), value(heap, fold.last)), id];
    }
    let mut pieces = vec![piece(Role::Separator, format!("… {times} × "))];
    for (index, &(link, node)) in fold.group.iter().enumerate() {
        if index > 0 {
            pieces.push(piece(Role::Separator, ", "));
        }
        pieces.push(piece(edge_role(heap.edge_type(link)), edge(heap, link)));
        pieces.push(piece(Role::Separator, " in "));
        pieces.push(piece(object_role(heap, node), value(heap, node)));
    }
    pieces.push(id);
    pieces
}

fn joined(heap: &Heap, edge_ix: EdgeIx, node: NodeIx, separator: &str) -> Vec<Piece> {
    let mut pieces =
        vec![piece(edge_role(heap.edge_type(edge_ix)), edge(heap, edge_ix)), piece(Role::Separator, separator)];
    pieces.extend(object(heap, node));
    pieces
}

/// The name of a row without its object or place, nor what came before it.
pub(crate) fn name(pieces: &[Piece]) -> String {
    let is_name = |piece: &&Piece| !matches!(piece.role, Role::Growth | Role::Shrinkage);
    pieces.iter().find(is_name).map_or_else(|| plain(pieces), |piece| piece.text.clone())
}

/// The pieces as one text.
pub(crate) fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{V8, Valdi};
    use crate::notation::Graph;

    #[test]
    fn symbols_are_called_by_their_description_where_the_file_has_it() {
        let graph = Graph::new(
            "r -a-> symbol:symbol[8]; symbol =name=> kEvents:string[8]; r -b-> symbol#2:symbol[8]; r -c-> symbol#3:symbol[8]; \
             symbol#3 =name=> Oddball:hidden[8]",
        );
        let told = |name| value(&graph.heap, graph.node(name));
        assert_eq!([told("symbol"), told("symbol#2"), told("symbol#3")], ["Symbol(kEvents)", "symbol", "symbol"]);
    }

    #[test]
    fn what_only_hermes_works_with_is_told_apart_on_hermes_alone() {
        assert!(is_engine_object(Producer::Valdi(Valdi::Hermes), b"Environment"));
        assert!(!is_engine_object(Producer::Valdi(Valdi::Hermes), b"Order"));
        assert!(!is_engine_object(Producer::Node(V8::V12), b"Environment"));
    }
}
