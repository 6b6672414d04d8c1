//! One row that stands for all rows of a list, however many: what is asked of a set is asked of it.

use std::sync::Arc;

use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::{Facts, Level, Table};

#[derive(Debug)]
pub(crate) struct All {
    rows: Level,
}

impl All {
    pub(crate) fn of(rows: Level) -> Level {
        Level::new(All { rows }, vec![RowIx::of(0)])
    }
}

impl Table for All {
    const FACTS: Facts = Facts::new(["list", "lists"], Sort { field: "label", ascending: true });
    const COLUMNS: &'static [Column<Self>] =
        &[Column::label("Rows", |table: &Self, _| Cell::Number(table.rows.len() as u64))];

    fn heap(&self) -> &Arc<Heap> {
        self.rows.table.heap()
    }

    fn label(&self, _row: RowIx) -> Vec<Piece> {
        let word = self.rows.table.facts().row_word(self.rows.len() as u64);
        vec![piece(Role::Class, format!("these {word}"))]
    }

    fn has_below(&self, _row: RowIx) -> bool {
        self.rows.len() > 0
    }

    fn below(&self, _row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        Ok(Some(self.rows.clone()))
    }

    fn weight(&self, _row: RowIx) -> u64 {
        self.rows.rows.iter().map(|&row| self.rows.table.weight(row)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::view::label;
    use crate::view::tables::objects::Objects;

    #[test]
    fn it_stands_for_the_objects_of_all_rows() {
        let graph = Graph::new("r -a-> A[8]; r -b-> B[8]");
        let nodes = [graph.node("A"), graph.node("B")];
        let level = All::of(Objects::level(graph.heap.clone(), nodes));
        let (table, row) = (&level.table, level.rows[0]);
        assert_eq!(label::plain(&table.label(row)), "these objects");
        assert_eq!((table.weight(row), table.has_below(row)), (2, true));
        let (heap, objects) = table.objects(row, &Meter::default()).expect("nobody cancels");
        assert!(Arc::ptr_eq(&heap, &graph.heap) && objects == nodes);
    }
}
