//! What is inside an object, as its program knows it: entries, properties, variables, what waits. The rows below any
//! object, unless the engine's own references are wanted.
//!
//! A row is named by its reference and its place: references alone would not tell the getter of an accessor from another
//! part behind the same reference.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::of_objects::{OfObjects, columns, fades, text_of};
use super::references::References;
use crate::analysis::inside::{self, Key, Part, PartRole, Peek, Slot};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{AnyTable, Facts, Inner, Level, Table};
use crate::view::tables::references::settled_by_name;
use crate::view::{place, text};

#[derive(Debug)]
pub(crate) struct Inside {
    heap: Arc<Heap>,
    /// The object that all of it is inside of.
    of: NodeIx,
    parts: Arc<[Part]>,
}

/// What stands below an object.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn below(heap: &Arc<Heap>, node: NodeIx, inner: Inner, meter: &Meter) -> Result<Level> {
    if inner == Inner::References || inside::peek(heap, node) == Peek::Engine {
        return References::of(heap, node, meter);
    }
    Ok(Inside::level(heap, node, inside::look(heap, node, meter)?.parts))
}

/// Whether anything does.
pub(crate) fn has_below(heap: &Heap, node: NodeIx, inner: Inner) -> bool {
    let references = || heap.shown_edges(node).next().is_some();
    match inner {
        Inner::References => references(),
        Inner::Entries => match inside::peek(heap, node) {
            Peek::Engine => references(),
            Peek::Nothing => false,
            Peek::Something => true,
        },
    }
}

/// What stands below a row of any table.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn below_row(table: &Arc<dyn AnyTable>, row: RowIx, inner: Inner, meter: &Meter) -> Result<Level> {
    match table.opens(row) {
        Some(node) => below(table.heap_of(row), node, inner, meter),
        None => Ok(table.below(row, meter)?.unwrap_or_else(|| Level::empty(table))),
    }
}

/// Whether anything does.
pub(crate) fn has_below_row(table: &Arc<dyn AnyTable>, row: RowIx, inner: Inner) -> bool {
    match table.opens(row) {
        Some(node) => has_below(table.heap_of(row), node, inner),
        None => table.has_below(row),
    }
}

impl Inside {
    /// The parts of an object as rows.
    pub(crate) fn level(heap: &Arc<Heap>, of: NodeIx, parts: Vec<Part>) -> Level {
        let rows = parts.iter().enumerate().map(|(place, part)| RowIx([part.edge.0, place as u32])).collect();
        Level::new(Inside { heap: heap.clone(), of, parts: parts.into() }, rows)
    }

    fn part(&self, row: RowIx) -> Part {
        self.parts[row.0[1] as usize]
    }

    /// Under what a part stands, as WTF-8; nothing where the file does not hold that.
    fn key(&self, row: RowIx) -> Option<Cow<'_, [u8]>> {
        let heap = &*self.heap;
        let part = self.part(row);
        match part.role {
            PartRole::Slot(Slot::HeldValue) | PartRole::Listener | PartRole::Entry => {}
            PartRole::Member => return None,
            PartRole::EntryOfKey => return Some(text_of_key(heap, part.object(heap))),
            PartRole::Slot(slot) => return Some(word(slot).into_bytes().into()),
            _ => {}
        }
        match part.key {
            Key::Own => match part.role {
                PartRole::Entry => None,
                _ => Some(heap.edge_name(part.edge)),
            },
            Key::Edge(edge) => {
                let name = heap.edge_name(edge);
                Some(match part.role {
                    PartRole::Getter => [b"get ", name.as_ref()].concat().into(),
                    PartRole::Setter => [b"set ", name.as_ref()].concat().into(),
                    _ => name,
                })
            }
            Key::Node(node) => Some(text_of_key(heap, node)),
            Key::NotInFile | Key::Unknown => None,
        }
    }

    fn key_node(&self, row: RowIx) -> Option<NodeIx> {
        let part = self.part(row);
        match (part.role, part.key) {
            (PartRole::EntryOfKey, _) => Some(part.object(&self.heap)),
            (PartRole::Member | PartRole::Variable, _) => None,
            (_, Key::Node(node)) => Some(node),
            _ => None,
        }
    }

    /// The order of rows by their names: entries as they came, elements by their numbers, all else by its name.
    fn by_name(&self, a: RowIx, b: RowIx) -> Ordering {
        let rank = |role: PartRole| match role {
            PartRole::Entry | PartRole::EntryOfKey | PartRole::Member => 0,
            PartRole::Slot(_) => 1,
            PartRole::Element => 2,
            PartRole::Prototype => 4,
            _ => 3,
        };
        let (x, y) = (self.part(a), self.part(b));
        let number = |part: Part| self.heap.columns().edges.number(part.edge);
        let within = || match rank(x.role) {
            2 => number(x).cmp(&number(y)),
            3 => compare_utf16(&self.key(a).unwrap_or_default(), &self.key(b).unwrap_or_default()),
            _ => Ordering::Equal,
        };
        rank(x.role).cmp(&rank(y.role)).then_with(within)
    }
}

/// A key that is an object, as a text.
fn text_of_key(heap: &Heap, key: NodeIx) -> Cow<'_, [u8]> {
    if heap.node_type(key) == NodeType::SYMBOL
        && let Some(name) = heap.target_named(key, EdgeType::INTERNAL, "name")
    {
        return [b"Symbol(", heap.name(name).as_ref(), b")"].concat().into();
    }
    heap.primitive_text(key).unwrap_or_else(|| heap.name(key))
}

/// The word for what the engine keeps.
pub(crate) fn word(slot: Slot) -> String {
    let word = match slot {
        Slot::Argument(number) | Slot::CallbackArgument(number) => return format!("argument {number}"),
        Slot::Saved(number) => return format!("saved {number}"),
        Slot::Target => "target",
        Slot::Handler => "handler",
        Slot::Function => "bound function",
        Slot::This => "bound this",
        Slot::Result => "value",
        Slot::Reason => "reason",
        Slot::OnFulfilled => "then",
        Slot::OnRejected => "catch",
        Slot::OnSettled => "then or catch",
        Slot::Waits => "waits",
        Slot::Follows => "follows",
        Slot::Callback => "callback",
        Slot::Buffer => "buffer",
        Slot::Memory => "memory",
        Slot::Parent => "whole text",
        Slot::First => "first half",
        Slot::Second => "second half",
        Slot::Description => "description",
        Slot::Boxed => "value",
        Slot::Cleanup => "cleanup",
        Slot::HeldValue => "held value",
        Slot::Outer => "outer scope",
        Slot::Neighbour => "node",
        Slot::WeakKey => "key",
        Slot::Nameless => "(no name)",
    };
    word.into()
}

/// What a part is to its object, for programs.
fn role(role: PartRole) -> &'static str {
    match role {
        PartRole::Entry => "entry",
        PartRole::EntryOfKey => "entryWithoutValue",
        PartRole::Member => "member",
        PartRole::Property => "property",
        PartRole::Private => "private",
        PartRole::Getter => "getter",
        PartRole::Setter => "setter",
        PartRole::Element => "element",
        PartRole::Prototype => "prototype",
        PartRole::Variable => "variable",
        PartRole::Listener => "listener",
        PartRole::Slot(_) => "slot",
    }
}

/// Of keys and values that are small numbers, booleans or nothing, where files leave these out.
pub(crate) const NOT_IN_FILE: &str = "(not in the file)";

impl Inside {
    /// What stands before the object of a row.
    fn before(&self, row: RowIx) -> Vec<Piece> {
        let heap = &*self.heap;
        let part = self.part(row);
        let name = || self.key(row).map_or_else(String::new, |key| text::safe(&key));
        let named = |role| vec![piece(role, name()), piece(Role::Separator, "::")];
        match part.role {
            PartRole::Member | PartRole::EntryOfKey => Vec::new(),
            PartRole::Entry => {
                let mut pieces = match part.key {
                    Key::Node(key) => key_pieces(heap, key),
                    Key::NotInFile => vec![piece(Role::Hidden, NOT_IN_FILE)],
                    _ => vec![piece(Role::Hidden, "(a key)")],
                };
                pieces.push(piece(Role::Separator, " → "));
                pieces
            }
            PartRole::Element => vec![piece(Role::Element, format!("[{}]", name())), piece(Role::Separator, "::")],
            PartRole::Variable => named(Role::ContextVariable),
            PartRole::Listener => match part.key {
                Key::Unknown => vec![piece(Role::InternalReference, "listener"), piece(Role::Separator, "::")],
                _ => vec![
                    piece(Role::InternalReference, "listener of "),
                    piece(Role::Property, name()),
                    piece(Role::Separator, "::"),
                ],
            },
            PartRole::Slot(slot @ Slot::HeldValue) => match part.key {
                Key::Node(key) => {
                    let mut pieces = key_pieces(heap, key);
                    pieces.push(piece(Role::Separator, " → "));
                    pieces
                }
                _ => vec![piece(Role::InternalReference, word(slot)), piece(Role::Separator, "::")],
            },
            PartRole::Slot(slot) => vec![piece(Role::InternalReference, word(slot)), piece(Role::Separator, "::")],
            PartRole::Prototype => named(Role::Property),
            _ => named(Role::Property),
        }
    }
}

/// A key: its text, and what is no text with its id.
fn key_pieces(heap: &Heap, key: NodeIx) -> Vec<Piece> {
    let value = piece(
        label::value_role(heap.node_type(key)),
        match heap.node_type(key) {
            NodeType::SYMBOL | NodeType::NUMBER => text::safe(&text_of_key(heap, key)),
            _ => value_text(heap, key),
        },
    );
    let is_plain = heap.primitive_text(key).is_some()
        || matches!(
            heap.node_type(key),
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SYMBOL | NodeType::NUMBER
        );
    match is_plain {
        true => vec![value],
        false => vec![value, piece(Role::Id, format!(" @{}", heap.id(key)))],
    }
}

/// An object as rows call it, but numbers, booleans and nothing by their values.
fn value_text(heap: &Heap, node: NodeIx) -> String {
    heap.primitive_text(node).map_or_else(|| label::value(heap, node), |text| text::safe(&text))
}

/// The function that goes on with a state, behind it: the states of all async functions are called the same.
fn function_of(heap: &Heap, state: NodeIx) -> Option<Piece> {
    let function = heap.target_named(state, EdgeType::INTERNAL, "function")?;
    let place = heap.location(function).map_or_else(String::new, |location| place::short(heap, location));
    Some(piece(Role::Location, format!("  {} {place}", label::value(heap, function)).trim_end().to_owned()))
}

impl Table for Inside {
    const FACTS: Facts = Facts::new(["entry", "entries"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("role", |table: &Self, row| Cell::Text(role(table.part(row).role).as_bytes().into())),
        Column::field("key", |table: &Self, row| table.key(row).map_or(Cell::Nothing, Cell::Text)),
        Column::field("keyId", |table: &Self, row| {
            table.key_node(row).map_or(Cell::Absent, |key| Cell::Number(table.heap.id(key)))
        }),
        columns::edge_name(),
        columns::edge_type(),
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        columns::distance(),
        columns::shallow(),
        columns::retained(),
        Column::label("Object", |table, row| table.key(row).map_or(Cell::Nothing, Cell::Text)),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let heap = &*self.heap;
        let node = self.object(row);
        let mut pieces = self.before(row);
        let place = pieces.len();
        pieces.extend(label::object(heap, node));
        pieces[place].text = value_text(heap, node);
        if self.part(row).role == PartRole::Slot(Slot::Waits) {
            pieces.extend(function_of(heap, node));
        }
        if self.part(row).role == PartRole::EntryOfKey {
            pieces.push(piece(Role::Separator, " → "));
            pieces.push(piece(Role::Hidden, NOT_IN_FILE));
        }
        pieces
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        a.0[1].cmp(&b.0[1]).then(a.cmp(&b))
    }

    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let by_column = match order.column.spec.show {
            Show::Label => order.apply(self.by_name(a, b)),
            _ => order.cells(self, a, b),
        };
        by_column.then_with(|| self.tie(a, b))
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        settled_by_name(&self.heap, spec)
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn inside_of(&self) -> Option<NodeIx> {
        Some(self.of)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn edge(&self, row: RowIx) -> Option<EdgeIx> {
        Some(self.part(row).edge)
    }

    fn has(&self, row: RowIx) -> bool {
        self.parts.get(row.0[1] as usize).is_some_and(|part| part.edge.0 == row.0[0])
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        let is_weak = || self.heap.edge_type(self.part(row).edge) == EdgeType::WEAK;
        let keeps_weakly = matches!(self.part(row).role, PartRole::EntryOfKey | PartRole::Member | PartRole::Slot(_));
        fades(&self.heap, self.object(row)).or_else(|| (keeps_weakly && is_weak()).then_some("weak"))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, self.object(row))
    }
}

impl OfObjects for Inside {
    fn object(&self, row: RowIx) -> NodeIx {
        self.part(row).object(&self.heap)
    }
}

/// The place of a row among the parts of its object.
#[cfg(test)]
pub(crate) fn place_of(row: RowIx) -> usize {
    row.0[1] as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::view::list::List;
    use serde_json::{Value, json};

    /// The rows below an object in an order, as people read them.
    fn rows(graph: &Graph, name: &str, inner: Inner, sort: Sort) -> Vec<String> {
        let meter = Meter::default();
        let level = below(&graph.heap, graph.node(name), inner, &meter).expect("nobody cancels");
        let mut list = List::new(level, sort, &meter).expect("nobody cancels");
        let table = list.table().clone();
        list.first(usize::MAX).iter().map(|&row| label::plain(&table.label(row))).collect()
    }

    const BY_NAME: Sort = Sort { field: "label", ascending: true };

    /// A Map with three entries, of which the second shows no key and the third no value.
    fn map() -> Graph {
        let size = 16 + 8 * (3 + 2 + 4 * 3);
        Graph::new(&format!(
            "r -m-> Map; Map =table=> t:array[{size}]; t =5=> apple:string; t =6=> Price[10]; t =9=> Plum[90]
             t =11=> Key; Map -note-> note; Map =map=> shape:object+shape"
        ))
    }

    #[test]
    fn entries_come_before_properties_in_the_order_in_which_they_were_put() {
        let graph = map();
        assert_eq!(
            rows(&graph, "Map", Inner::Entries, BY_NAME),
            ["\"apple\" → Price @9", "(not in the file) → Plum @11", "Key @13 → (not in the file)", "note::note @15 ◆",]
        );
        let largest = rows(&graph, "Map", Inner::Entries, Sort::BY_RETAINED);
        assert_eq!(largest[0], "(not in the file) → Plum @11");
        assert_eq!(rows(&graph, "Map", Inner::References, BY_NAME).len(), 3, "its table, its shape, its property");
    }

    #[test]
    fn a_row_names_its_key_for_programs() {
        let graph = map();
        let level = below(&graph.heap, graph.node("Map"), Inner::Entries, &Meter::default()).expect("nobody cancels");
        let record = |place: usize| Value::Object(level.table.record(level.rows[place]));
        let of = |place, field: &str| record(place)[field].clone();
        assert_eq!(
            [of(0, "role"), of(0, "key"), of(0, "keyId"), of(0, "id")],
            [json!("entry"), json!("apple"), json!(7), json!(9)]
        );
        assert_eq!([of(1, "key"), of(1, "keyId")], [json!(null), json!(null)]);
        assert_eq!(
            [of(2, "role"), of(2, "key"), of(2, "keyId")],
            [json!("entryWithoutValue"), json!("Key"), json!(13)]
        );
        assert_eq!([of(3, "role"), of(3, "key")], [json!("property"), json!("note")]);
    }

    #[test]
    fn what_only_the_engine_knows_opens_to_its_references_whatever_is_wanted() {
        let graph = map();
        for inner in [Inner::Entries, Inner::References] {
            assert_eq!(rows(&graph, "t", inner, BY_NAME).len(), 4);
            assert!(has_below(&graph.heap, graph.node("t"), inner));
            assert!(!has_below(&graph.heap, graph.node("Price"), inner));
        }
        // A hidden class is no reason to open an object.
        let graph = Graph::new("r -a-> A; A =map=> shape:object+shape");
        assert!(!has_below(&graph.heap, graph.node("A"), Inner::Entries));
        assert!(has_below(&graph.heap, graph.node("A"), Inner::References));
    }
}
