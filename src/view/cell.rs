//! What stands in the columns of a row: numbers, and how they read.

use super::column::{Column, Show};
use super::list::{Change, Item};
use super::order;
use super::source::Content;
use super::text;
use super::tree::Row;
use crate::base::ids::NodeIx;
use crate::heap::Heap;

/// A number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The row has no such number.
    Empty,
    /// It has one, which is still being computed.
    NotYet,
    /// The row is one of those that the column counts.
    Counted,
    Number(u64),
    Signed(i64),
    Distance(i32),
}

impl From<Option<u64>> for Cell {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Cell::NotYet, Cell::Number)
    }
}

/// The number of a row in a column.
pub fn cell(content: &Content, row: &Row, column: Column) -> Cell {
    let heap = &*row.heap;
    match (row.item, content) {
        (Item::Class(class), _) => match column {
            Column::Count => Cell::Number(class.count),
            Column::Distance => class.distance.map_or(Cell::NotYet, Cell::Distance),
            Column::Shallow => Cell::Number(class.shallow),
            Column::Retained => class.retained.into(),
            _ => Cell::Empty,
        },
        (Item::Difference(index), Content::Comparison(comparison)) => {
            let difference = &comparison.differences[index as usize];
            match column {
                Column::Added => Cell::Number(difference.added.len() as u64),
                Column::Removed => Cell::Number(difference.removed.len() as u64),
                Column::CountDelta => Cell::Signed(difference.count_delta()),
                Column::AddedSize => Cell::Number(difference.added_size),
                Column::RemovedSize => Cell::Number(difference.removed_size),
                Column::SizeDelta => Cell::Signed(difference.size_delta()),
                _ => Cell::Empty,
            }
        }
        (Item::Change(change), _) => match (change, column) {
            (Change::New(_), Column::Added) | (Change::Gone(_), Column::Removed) => Cell::Counted,
            (Change::New(node), Column::AddedSize) | (Change::Gone(node), Column::RemovedSize) => {
                Cell::Number(heap.shallow_size(node))
            }
            _ => Cell::Empty,
        },
        (Item::Text(index), Content::Strings(groups)) => {
            let group = &groups[index as usize];
            match column {
                Column::Count => Cell::Number(group.nodes.len() as u64),
                Column::Shallow => Cell::Number(group.shallow),
                Column::Wasted => Cell::Number(group.wasted()),
                Column::Retained => Cell::Number(group.retained),
                _ => Cell::Empty,
            }
        }
        (Item::Function(function), Content::Allocation(functions)) => {
            let row = functions.row(function);
            match column {
                Column::LiveCount => Cell::Number(row.live_count),
                Column::Count => Cell::Number(row.count),
                Column::LiveSize => Cell::Number(row.live_size),
                Column::AllocatedSize => Cell::Number(row.size),
                _ => Cell::Empty,
            }
        }
        (Item::Object(node) | Item::Reference { node, .. }, _) => object_cell(heap, node, heap.distance(node), column),
        (Item::Retainer { edge, node }, _) => {
            let without = || order::distance_without(heap, content.ignored(), edge, node);
            object_cell(heap, node, heap.has_distances().then(without), column)
        }
        (Item::Difference(_) | Item::Text(_) | Item::Function(_), _) => Cell::Empty,
    }
}

fn object_cell(heap: &Heap, node: NodeIx, distance: Option<i32>, column: Column) -> Cell {
    match column {
        Column::Distance => distance.map_or(Cell::NotYet, Cell::Distance),
        Column::Shallow => Cell::Number(heap.shallow_size(node)),
        Column::Retained => heap.retained_size(node).into(),
        _ => Cell::Empty,
    }
}

/// How a number reads; `exact`: sizes in bytes.
pub fn shown(cell: Cell, show: Show, exact: bool) -> String {
    let bytes = |size: u64| if exact { format!("{} B", text::count(size)) } else { text::bytes(size) };
    match (cell, show) {
        (Cell::Empty, _) => String::new(),
        (Cell::NotYet, _) => "…".into(),
        (Cell::Counted, _) => "•".into(),
        (Cell::Distance(distance), _) => text::distance(distance),
        (Cell::Number(number), Show::Size | Show::Bytes) => bytes(number),
        (Cell::Number(number), _) => text::count(number),
        (Cell::Signed(delta), Show::DeltaBytes) if exact => {
            text::signed(delta, |size| format!("{} B", text::count(size)))
        }
        (Cell::Signed(delta), Show::DeltaBytes) => text::signed(delta, text::bytes),
        (Cell::Signed(delta), _) => text::signed(delta, text::count),
    }
}
