//! Objects: those of a class, of a text, of any list. Below an object stands what it refers to.

use std::cmp::Ordering;
use std::sync::Arc;

use super::of_objects::{OfObjects, columns, fades, node_of, rows_of, text_of, tie_of_objects};
use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::view::column::Column;
use crate::view::label::{self, Piece};
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::{Facts, Level, Table};

#[derive(Debug)]
pub(crate) struct Objects {
    heap: Arc<Heap>,
}

impl Objects {
    pub(crate) fn level(heap: Arc<Heap>, nodes: impl IntoIterator<Item = NodeIx>) -> Level {
        Level::new(Objects { heap }, rows_of(nodes))
    }
}

/// Source: HeapSnapshot.ts, `HeapSnapshotNodesProvider.buildCompareFunction`.
impl Table for Objects {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &columns::all();

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label::object(&self.heap, node_of(row))
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie_of_objects(&self.heap, a, b)
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
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
