//! What tables say of single objects and references: the same columns, names and order in all of them.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::NodeType;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::row::RowIx;
use crate::view::spec::Show;
use crate::view::table::Table;

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

    /// All of them, in the order of tables of objects.
    pub(in crate::view) const fn all<T: OfObjects>() -> [Column<T>; 8] {
        [id(), name(), node_type(), class_name(), distance(), shallow(), retained(), label()]
    }

    pub(in crate::view) const fn id<T: OfObjects>() -> Column<T> {
        Column::field("id", |table, row| Cell::Number(table.heap_of(row).id(table.object(row))))
    }

    pub(in crate::view) const fn name<T: OfObjects>() -> Column<T> {
        Column::field("name", |table, row| Cell::Text(table.heap_of(row).name(table.object(row))))
    }

    pub(in crate::view) const fn node_type<T: OfObjects>() -> Column<T> {
        Column::field("type", |table, row| {
            Cell::Text(Cow::Borrowed(table.heap_of(row).type_name(table.object(row)).as_bytes()))
        })
    }

    pub(in crate::view) const fn class_name<T: OfObjects>() -> Column<T> {
        Column::field("className", |table, row| {
            Cell::Text(Cow::Borrowed(table.heap_of(row).class_name(table.object(row))))
        })
    }

    pub(in crate::view) const fn distance<T: OfObjects>() -> Column<T> {
        Column::new(["Distance", "Dist", "distance"], Show::Distance, |table: &T, row| {
            table.distance(row).map_or(Cell::NotYet, Cell::Distance)
        })
        .leaves(1)
    }

    pub(in crate::view) const fn shallow<T: OfObjects>() -> Column<T> {
        Column::new(["Shallow size", "Shallow", "selfSize"], Show::Size, |table: &T, row| {
            Cell::Number(table.heap_of(row).shallow_size(table.object(row)))
        })
    }

    pub(in crate::view) const fn retained<T: OfObjects>() -> Column<T> {
        Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table: &T, row| {
            table.heap_of(row).retained_size(table.object(row)).into()
        })
        .with_bar()
    }

    /// What the object is called; sorted by its name.
    pub(in crate::view) const fn label<T: OfObjects>() -> Column<T> {
        Column::label("Object", |table, row| Cell::Text(table.heap_of(row).name(table.object(row))))
    }

    /// The name of the reference that the row shows, if it shows one.
    pub(in crate::view) const fn edge_name<T: Table>() -> Column<T> {
        Column::field("edgeName", |table, row| {
            table.edge(row).map_or(Cell::Absent, |edge| Cell::Text(table.heap_of(row).edge_name(edge)))
        })
    }

    pub(in crate::view) const fn edge_type<T: Table>() -> Column<T> {
        Column::field("edgeType", |table, row| {
            let of = |edge| Cell::Text(Cow::Borrowed(table.heap_of(row).edge_type_name(edge).as_bytes()));
            table.edge(row).map_or(Cell::Absent, of)
        })
    }

    /// What reference and object are called; sorted by the name of the reference.
    pub(in crate::view) const fn edge_label<T: OfReferences>() -> Column<T> {
        Column::label("Object", |table, row| Cell::Text(table.heap_of(row).edge_name(table.reference(row))))
    }
}

/// A table whose rows stand for one reference each, with the object at one of its ends.
pub(super) trait OfReferences: OfObjects {
    fn reference(&self, row: RowIx) -> EdgeIx;
}

/// Objects in DevTools' order behind the column: by id, then by place in the file.
#[inline]
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
