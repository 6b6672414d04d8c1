//! Functions with what they have allocated, and below each who calls it.

use std::sync::Arc;

use crate::analysis::allocation::{self, AllocationRow, FunctionIx, FunctionName, Functions};
use crate::analysis::own;
use crate::analysis::scopes::Scope;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Facts, Level, Table};
use crate::view::{place, text};

#[derive(Debug, Clone)]
pub(crate) struct Allocations {
    heap: Arc<Heap>,
    functions: Arc<Functions>,
}

impl Allocations {
    /// All functions that have allocated something, or those of the program's own scripts.
    pub(crate) fn level(heap: Arc<Heap>, functions: Arc<Functions>, only_own: bool) -> Level {
        let table = Allocations { heap, functions };
        let is_own = |&row: &RowIx| own::is_own_script(table.heap.producer(), table.about(row).script.as_bytes());
        let rows = table.functions.tops().map(row_of).filter(|row| !only_own || is_own(row)).collect();
        Level::new(table, rows)
    }

    fn get(&self, row: RowIx) -> &AllocationRow {
        self.functions.row(function_of(row))
    }

    fn about(&self, row: RowIx) -> FunctionName {
        allocation::function(&self.heap, self.get(row).function)
    }
}

fn row_of(function: FunctionIx) -> RowIx {
    RowIx([function.top, function.vertex])
}

/// Where a function stands.
fn place_of(about: &FunctionName) -> String {
    format!("{}:{}", text::sanitize(&place::base_name(&about.script)), about.line)
}

/// The function of a row.
fn function_of(row: RowIx) -> FunctionIx {
    FunctionIx { top: row.0[0], vertex: row.0[1] }
}

impl Table for Allocations {
    const FACTS: Facts = Facts {
        no_object: "Enter on a function: what it has allocated, in the Summary",
        ..Facts::new(["function", "functions"], Sort { field: "size", ascending: false })
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("name", |table: &Self, row| table.about(row).name.into()),
        Column::field("script", |table: &Self, row| {
            let FunctionName { script, line, .. } = table.about(row);
            if script.is_empty() { script } else { format!("{script}:{line}") }.into()
        })
        .told_as("defined at"),
        Column::field("column", |table: &Self, row| Cell::Number(table.about(row).column)),
        Column::new(["Live count", "Live", "liveCount"], Show::Count, |table: &Self, row| {
            Cell::Number(table.get(row).live_count)
        })
        .leaves(3)
        .told_as("still there"),
        Column::new(["Count", "Count", "count"], Show::Count, |table: &Self, row| Cell::Number(table.get(row).count))
            .leaves(1)
            .told_as("allocated"),
        Column::new(["Live size", "Live size", "liveSize"], Show::Bytes, |table: &Self, row| {
            Cell::Number(table.get(row).live_size)
        })
        .told_as("live size"),
        Column::new(["Size", "Size", "size"], Show::Bytes, |table: &Self, row| Cell::Number(table.get(row).size))
            .leaves(2)
            .told_as("size"),
        Column::label("Function", |table: &Self, row| table.about(row).name.into()),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let about = self.about(row);
        let mut pieces = vec![piece(Role::Function, label::function_name(&about.name))];
        if !about.script.is_empty() {
            pieces.push(piece(Role::Location, format!("  {}", place_of(&about))));
        }
        pieces
    }

    fn place(&self, row: RowIx) -> String {
        let about = self.about(row);
        if about.script.is_empty() { String::new() } else { place_of(&about) }
    }

    /// The order of the file.
    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn has(&self, row: RowIx) -> bool {
        self.functions.has(function_of(row))
    }

    fn has_below(&self, row: RowIx) -> bool {
        self.functions.has_below(function_of(row))
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let rows = self.functions.below(function_of(row), meter)?.into_iter().map(row_of).collect();
        Ok(Some(Level::new(self.clone(), rows)))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        let (count, bytes) = rows.iter().map(|&row| self.get(row)).fold((0u64, 0u64), |(count, bytes), row| {
            (count.saturating_add(row.live_count), bytes.saturating_add(row.live_size))
        });
        format!("still there: {} ({})", text::objects(count), text::bytes(bytes))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).count
    }

    fn scope(&self, row: RowIx) -> Option<(Scope, String)> {
        let sites = self.get(row).trace_ids.clone().into();
        let name = label::function_name(&self.about(row).name);
        Some((Scope::AllocatedAt(sites), format!("Objects allocated by {name}")))
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        vec![("call sites", text::count(self.get(row).trace_ids.len() as u64))]
    }
}
