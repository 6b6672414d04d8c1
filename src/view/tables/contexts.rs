//! Native contexts: windows, workers, `vm` contexts. How much belongs to each alone, how much several share, and what
//! belongs to none. Below a row stand its objects by class.

use std::sync::Arc;

use super::classes::Classes;
use crate::analysis::grouping::Part;
use crate::analysis::scopes::Scope;
use crate::analysis::sizes::ContextSizes;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort};
use crate::view::table::{Facts, Level, Table};
use crate::view::text;

#[derive(Debug)]
pub(crate) struct Contexts {
    heap: Arc<Heap>,
    sizes: ContextSizes,
}

impl Contexts {
    pub(crate) fn level(heap: Arc<Heap>, sizes: ContextSizes) -> Level {
        // Behind the contexts: what they share, what none of them leads to.
        let rows = (0..sizes.contexts.len() as u32 + 2).map(RowIx::of).collect();
        Level::new(Contexts { heap, sizes }, rows)
    }

    fn context(&self, row: RowIx) -> Option<NodeIx> {
        self.sizes.contexts.get(row.index()).map(|&(context, _)| context)
    }

    fn scope_of(&self, row: RowIx) -> Scope {
        match self.context(row) {
            Some(context) => Scope::NativeContext(context),
            None if row.index() == self.sizes.contexts.len() => Scope::SharedNativeContext,
            None => Scope::NoNativeContext,
        }
    }

    /// Shallow sizes of what belongs to the row.
    fn owned(&self, row: RowIx) -> u64 {
        match self.scope_of(row) {
            Scope::SharedNativeContext => self.sizes.shared,
            Scope::NativeContext(_) => self.sizes.contexts[row.index()].1,
            _ => self.sizes.unattributed,
        }
    }

    fn name(&self, row: RowIx) -> String {
        self.context(row).map_or_else(|| self.scope_of(row).title().into(), |context| label::value(&self.heap, context))
    }

    fn of_context(&self, row: RowIx, cell: impl Fn(NodeIx) -> Cell<'static>) -> Cell<'static> {
        self.context(row).map_or(Cell::Nothing, cell)
    }
}

impl Table for Contexts {
    const FACTS: Facts =
        Facts::new(["native context", "native contexts"], Sort { field: "attributedSize", ascending: false });
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("id", |table: &Self, row| table.of_context(row, |node| Cell::Number(table.heap.id(node)))),
        Column::field("name", |table: &Self, row| table.name(row).into()),
        Column::new(["Owns", "Owns", "attributedSize"], Show::Size, |table: &Self, row| Cell::Number(table.owned(row)))
            .told_as("owns"),
        Column::new(["Shallow size", "Shallow", "selfSize"], Show::Bytes, |table: &Self, row| {
            table.of_context(row, |node| Cell::Number(table.heap.shallow_size(node)))
        })
        .leaves(1),
        Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table: &Self, row| {
            table.of_context(row, |node| table.heap.retained_size(node).into())
        })
        .leaves(2)
        .with_bar(),
        Column::label("Native context", |table: &Self, row| table.name(row).into()),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        match self.context(row) {
            Some(context) => label::object(&self.heap, context),
            None => vec![piece(Role::Class, self.scope_of(row).title())],
        }
    }

    /// The order of the file; what belongs to no single context comes last.
    fn has(&self, row: RowIx) -> bool {
        row.index() < self.sizes.contexts.len() + 2
    }

    fn has_below(&self, row: RowIx) -> bool {
        self.owned(row) > 0
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let nodes = self.scope_of(row).nodes(&self.heap, meter)?;
        Classes::of(&self.heap, Part::Of(Arc::new(nodes)), meter).map(Some)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        self.context(row)
    }

    fn scope(&self, row: RowIx) -> Option<(Scope, String)> {
        let title = label::plain(&Table::label(self, row));
        Some((self.scope_of(row), title))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        text::bytes(rows.iter().fold(0u64, |sum, &row| sum.saturating_add(self.owned(row))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sizes;
    use crate::notation::Graph;
    use crate::view::spec::Spec;

    #[test]
    fn every_byte_belongs_to_a_context_or_to_several_or_to_none() {
        let graph = Graph::new(
            "r -a-> system+/+NativeContext#1:hidden[10]; r -b-> system+/+NativeContext#2:hidden[20]
             system+/+NativeContext#1 -x-> X[1]; system+/+NativeContext#1 -s-> S[4]
             system+/+NativeContext#2 -s-> S; r -n-> N[7]",
        );
        let meter = Meter::default();
        let sizes = sizes::by_native_context(&graph.heap, &meter).expect("nobody cancels");
        let level = Contexts::level(graph.heap.clone(), sizes);
        let owns = level.table.column("attributedSize").expect("a column");
        let owned: Vec<String> =
            level.rows.iter().map(|&row| level.table.cell(row, owns).shown(Show::Bytes, false)).collect();
        assert_eq!(owned, ["11 B", "20 B", "4 B", "7 B"]);
        let shared = level.table.below(level.rows[2], &meter).expect("nobody cancels").expect("rows");
        let names: Vec<String> = shared.rows.iter().map(|&row| shared.table.name(row)).collect();
        assert_eq!(names, ["S"]);
        assert_eq!(level.table.total(&level.rows), "42 B");
        let shown: Vec<&str> =
            level.table.specs().into_iter().filter(|spec| Spec::is_seen(spec)).map(|spec| spec.title).collect();
        assert_eq!(shown, ["Owns", "Shallow size", "Retained size", "Native context"]);
    }
}
