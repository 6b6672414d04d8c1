//! Levels of tables → the rows that a command prints: one below the other, each with its depth.

use std::sync::Arc;

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::view::cell::{Cell, Record};
use crate::view::list::List;
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{AnyTable, Level};

/// A row to print.
#[derive(Debug)]
pub(super) struct Printed {
    pub table: Arc<dyn AnyTable>,
    pub row: RowIx,
    pub depth: usize,
    /// Whether the rows below it are printed too, even if there are none.
    pub open: bool,
    /// What the command itself says of the row.
    pub more: Vec<(Spec, Cell<'static>)>,
}

impl Printed {
    pub(super) fn new(table: &Arc<dyn AnyTable>, row: RowIx) -> Printed {
        Printed { table: table.clone(), row, depth: 0, open: false, more: Vec::new() }
    }

    pub(super) fn with(mut self, spec: Spec, cell: impl Into<Cell<'static>>) -> Printed {
        self.more.push((spec, cell.into()));
        self
    }

    /// The fields of the row, without those below it.
    pub(super) fn record(&self) -> Record {
        let mut record = self.table.record(self.row);
        for (spec, cell) in &self.more {
            cell.record(spec, &mut record);
        }
        record
    }

    /// The cell in the column with a field, whichever of the two says it.
    pub(super) fn cell(&self, field: &str) -> Cell<'_> {
        let own = self.table.column(field).map(|column| self.table.cell(self.row, column));
        let more = || self.more.iter().find(|(spec, _)| spec.field == field).map(|(_, cell)| cell.clone());
        own.or_else(more).unwrap_or(Cell::Absent)
    }
}

/// The rows of a level in an order.
pub(super) fn of_list(list: &mut List, limit: usize) -> Vec<Printed> {
    let table = list.table().clone();
    list.first(limit).iter().map(|&row| Printed::new(&table, row)).collect()
}

/// How far a tree is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Levels, from 1 on.
    pub depth: usize,
    /// Rows of each list.
    pub limit: usize,
}

/// A list that is being printed: which row comes next.
struct Open {
    list: List,
    next: usize,
    /// The object above it.
    above: Option<NodeIx>,
}

/// The rows of a level with those below them. An object that stands above itself does not open again, as on the screen.
pub(super) fn of_tree(level: Level, sort: Sort, extent: Extent, above: Option<NodeIx>) -> Result<Vec<Printed>> {
    let meter = Meter::default();
    let mut printed = Vec::new();
    let mut open = vec![Open { list: List::new(level, sort, &meter)?, next: 0, above }];
    while let Some(last) = open.last_mut() {
        if last.next >= last.list.len().min(extent.limit) {
            open.pop();
            continue;
        }
        let (table, row) = (last.list.table().clone(), last.list.get(last.next));
        last.next += 1;
        let node = table.node(row);
        let is_cycle = node.is_some() && open.iter().any(|level| level.above == node);
        let depth = open.len() - 1;
        // Objects have the field even when nothing is below them.
        let opens = depth + 1 < extent.depth && !is_cycle && (node.is_some() || table.has_below(row));
        printed.push(Printed { depth, open: opens, ..Printed::new(&table, row) });
        if opens {
            let list = List::new(table.below(row, &meter)?, sort, &meter)?;
            open.push(Open { list, next: 0, above: node });
        }
    }
    Ok(printed)
}
