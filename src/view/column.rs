//! A column of a table: what is said of it, where its cells come from, and the order by it.

use std::cmp::Ordering;
use std::mem::ManuallyDrop;

use super::cell::Cell;
use super::row::RowIx;
use super::spec::{Show, Spec};

/// An order of the rows of tables of type `T`, by a column.
pub(crate) struct ByColumn<T: 'static> {
    pub column: &'static Column<T>,
    pub ascending: bool,
}

impl<T: 'static> ByColumn<T> {
    /// The order of the cells of two rows, which may be equal.
    #[inline(always)]
    pub(crate) fn cells(&self, table: &T, a: RowIx, b: RowIx) -> Ordering {
        let one = ManuallyDrop::new((self.column.cell)(table, a));
        let other = ManuallyDrop::new((self.column.cell)(table, b));
        // Most are numbers, which have nothing to free, and millions of them are compared.
        if let (Cell::Number(one), Cell::Number(other)) = (&*one, &*other) {
            return self.apply(one.cmp(other));
        }
        let (one, other) = (ManuallyDrop::into_inner(one), ManuallyDrop::into_inner(other));
        self.apply(one.compare(&other))
    }

    /// An order from the smallest on as this one has it.
    pub(crate) fn apply(&self, order: Ordering) -> Ordering {
        if self.ascending { order } else { order.reverse() }
    }
}

/// A column of the tables of type `T`.
pub(crate) struct Column<T: 'static> {
    pub spec: Spec,
    /// The cell of a row. That of the label is the name, by which rows are sorted and filtered.
    pub cell: fn(&T, RowIx) -> Cell<'_>,
}

// Of whichever table: what it says of its rows is not copied with it.
impl<T: 'static> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Column<T> {}

impl<T: 'static> Column<T> {
    pub(crate) const fn new(
        [title, short, field]: [&'static str; 3],
        show: Show,
        cell: fn(&T, RowIx) -> Cell<'_>,
    ) -> Column<T> {
        Column { spec: Spec::new(title, short, field, show), cell }
    }

    /// The column with what rows are called.
    pub(crate) const fn label(title: &'static str, name: fn(&T, RowIx) -> Cell<'_>) -> Column<T> {
        Column::new([title, title, "label"], Show::Label, name)
    }

    /// A field for programs.
    pub(crate) const fn field(field: &'static str, cell: fn(&T, RowIx) -> Cell<'_>) -> Column<T> {
        Column::new([field, field, field], Show::Field, cell)
    }

    /// See [`Spec::leaves`].
    pub(crate) const fn leaves(mut self, turn: u8) -> Column<T> {
        self.spec.leaves = turn;
        self
    }

    /// See [`Spec::bar`].
    pub(crate) const fn with_bar(mut self) -> Column<T> {
        self.spec.bar = true;
        self
    }

    /// See [`Spec::detail`].
    pub(crate) const fn told_as(mut self, word: &'static str) -> Column<T> {
        self.spec.detail = word;
        self
    }
}
