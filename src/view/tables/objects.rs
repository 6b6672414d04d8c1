//! Objects: those of a class, of a text, of any list. Below an object stands what it refers to.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::references::References;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{Column, Show, Sort};
use crate::view::label::{self, Piece};
use crate::view::table::{Facts, Level, RowIx, Table};

#[derive(Debug)]
pub(crate) struct Objects {
    heap: Arc<Heap>,
}

impl Objects {
    pub(crate) fn level(heap: Arc<Heap>, nodes: impl IntoIterator<Item = NodeIx>) -> Level {
        Level::new(Objects { heap }, rows_of(nodes))
    }
}

/// The rows of tables whose rows are single objects.
pub(super) fn rows_of(nodes: impl IntoIterator<Item = NodeIx>) -> Vec<RowIx> {
    nodes.into_iter().map(row).collect()
}

/// The row of an object, in tables whose rows are single objects.
pub(crate) fn row(node: NodeIx) -> RowIx {
    RowIx::of(node.0)
}

/// The object of such a row.
pub(crate) fn node_of(row: RowIx) -> NodeIx {
    NodeIx(row.number())
}

/// A table whose rows stand for one object each: what it says of the object is the same in all of them.
pub(super) trait OfObjects: Table {
    fn object(&self, row: RowIx) -> NodeIx;

    /// The distance of the object as the table has it.
    fn distance(&self, row: RowIx) -> Option<i32> {
        self.heap_of(row).distance(self.object(row))
    }
}

/// The columns that say of an object what DevTools says of it. They name no reference.
pub(super) mod columns {
    use super::*;

    pub(in super::super) const fn id<T: OfObjects>() -> Column<T> {
        Column::field("id", |table, row| Cell::Number(table.heap_of(row).id(table.object(row))))
    }

    pub(in super::super) const fn name<T: OfObjects>() -> Column<T> {
        Column::field("name", |table, row| Cell::Text(table.heap_of(row).name(table.object(row))))
    }

    pub(in super::super) const fn node_type<T: OfObjects>() -> Column<T> {
        Column::field("type", |table, row| {
            Cell::Text(Cow::Borrowed(table.heap_of(row).type_name(table.object(row)).as_bytes()))
        })
    }

    pub(in super::super) const fn class_name<T: OfObjects>() -> Column<T> {
        Column::field("className", |table, row| {
            Cell::Text(Cow::Borrowed(table.heap_of(row).class_name(table.object(row))))
        })
    }

    pub(in super::super) const fn distance<T: OfObjects>() -> Column<T> {
        Column::new(["Distance", "Dist", "distance"], Show::Distance, |table: &T, row| {
            table.distance(row).map_or(Cell::NotYet, Cell::Distance)
        })
        .leaves(1)
    }

    pub(in super::super) const fn shallow<T: OfObjects>() -> Column<T> {
        Column::new(["Shallow size", "Shallow", "selfSize"], Show::Size, |table: &T, row| {
            Cell::Number(table.heap_of(row).shallow_size(table.object(row)))
        })
    }

    pub(in super::super) const fn retained<T: OfObjects>() -> Column<T> {
        Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table: &T, row| {
            table.heap_of(row).retained_size(table.object(row)).into()
        })
        .with_bar()
    }

    /// What the object is called; sorted by its name.
    pub(in super::super) const fn label<T: OfObjects>() -> Column<T> {
        Column::label("Object", |table, row| Cell::Text(table.heap_of(row).name(table.object(row))))
    }

    /// The name of the reference that the row shows.
    pub(in super::super) const fn edge_name<T: OfReferences>() -> Column<T> {
        Column::field("edgeName", |table, row| Cell::Text(table.heap_of(row).edge_name(table.reference(row))))
    }

    pub(in super::super) const fn edge_type<T: OfReferences>() -> Column<T> {
        Column::field("edgeType", |table, row| {
            Cell::Text(Cow::Borrowed(table.heap_of(row).edge_type_name(table.reference(row)).as_bytes()))
        })
    }

    /// What reference and object are called; sorted by the name of the reference.
    pub(in super::super) const fn edge_label<T: OfReferences>() -> Column<T> {
        Column::label("Object", |table, row| Cell::Text(table.heap_of(row).edge_name(table.reference(row))))
    }
}

/// A table whose rows stand for one reference each, with the object at one of its ends.
pub(super) trait OfReferences: OfObjects {
    fn reference(&self, row: RowIx) -> EdgeIx;
}

/// Objects in DevTools' order behind the column: by id, then by place in the file.
pub(super) fn tie_of_objects(heap: &Heap, a: RowIx, b: RowIx) -> Ordering {
    heap.id(node_of(a)).cmp(&heap.id(node_of(b))).then(a.cmp(&b))
}

/// Why an object keeps nothing alive, in a word.
pub(super) fn fades(heap: &Heap, node: NodeIx) -> Option<&'static str> {
    heap.is_unreachable(node).then_some("unreachable")
}

/// The whole text of an object: of a string all that the file has of it, the name of anything else.
pub(super) fn text_of(heap: &Heap, node: NodeIx) -> Vec<u8> {
    match heap.node_type(node) {
        NodeType::CONS_STRING => heap.joined_text(node, usize::MAX),
        _ => heap.raw_name(node).into_owned(),
    }
}

/// Source: HeapSnapshot.ts, `HeapSnapshotNodesProvider.buildCompareFunction`.
impl Table for Objects {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &[
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        columns::distance(),
        columns::shallow(),
        columns::retained(),
        columns::label(),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label::object(&self.heap, node_of(row))
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie_of_objects(&self.heap, a, b)
    }

    fn has_below(&self, row: RowIx) -> bool {
        References::has_below(&self.heap, node_of(row))
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Level> {
        References::of(&self.heap, node_of(row), meter)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.heap, node_of(row))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, node_of(row))
    }
}

impl OfObjects for Objects {
    fn object(&self, row: RowIx) -> NodeIx {
        node_of(row)
    }
}
