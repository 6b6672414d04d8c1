//! What tables over several snapshots have in common: a column a snapshot, how it goes on, the order of verdicts.

use std::cmp::Ordering;

use crate::analysis::series::Verdict;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::suspects;
use crate::view::table::Table;

/// What grew steadily first.
pub(super) const SORT: Sort = Sort { field: "verdict", ascending: true };
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// A line of bars is no longer than this: of more snapshots it shows the last ones.
const MOST_BARS: usize = 12;
/// Snapshots between the first and the last that have a column.
const BETWEEN: usize = 8;

/// What the line of a class shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Measure {
    #[default]
    Count,
    Shallow,
    Retained,
}

/// A table with a column a snapshot.
pub(super) trait OverSnapshots: Table {
    /// How many snapshots there are.
    fn snapshots(&self) -> usize;

    /// What a snapshot has, by its number; nothing where it is none of those between the first and the last.
    fn cell_of(&self, row: RowIx, nth: Option<usize>) -> Cell<'static>;

    /// Objects a step, rounded towards none.
    fn step(&self, row: RowIx) -> Option<i64>;

    /// How many objects more there are than in the first snapshot.
    fn more(&self, row: RowIx) -> Option<i64>;

    fn verdict(&self, row: RowIx) -> Option<Verdict>;

    /// The number of the snapshot so many before the last, unless that is the first.
    fn before_last(&self, back: usize) -> Option<usize> {
        self.snapshots().checked_sub(back + 1).filter(|&nth| nth > 0)
    }

    /// The number of the snapshot that a column is about.
    fn number_of(&self, spec: &Spec) -> Option<usize> {
        let back = spec.field.strip_prefix("nth")?;
        if back == FIRST { Some(0) } else { self.before_last(back.parse().ok()?) }
    }
}

/// The end of the field of the first snapshot's column.
const FIRST: &str = "First";

/// The column of the first snapshot.
const fn first<T: OverSnapshots>() -> Column<T> {
    Column::new(["first", "first", "nthFirst"], Show::Nth, |table: &T, row| table.cell_of(row, Some(0)))
}

/// The column of a snapshot so many before the last: those that are further away leave first.
const fn between<T: OverSnapshots>(back: usize) -> Column<T> {
    let (cell, title, field): (fn(&T, RowIx) -> Cell<'_>, _, _) = match back {
        1 => (|table, row| table.cell_of(row, table.before_last(1)), "one before the last", "nth1"),
        2 => (|table, row| table.cell_of(row, table.before_last(2)), "second before the last", "nth2"),
        3 => (|table, row| table.cell_of(row, table.before_last(3)), "third before the last", "nth3"),
        4 => (|table, row| table.cell_of(row, table.before_last(4)), "fourth before the last", "nth4"),
        5 => (|table, row| table.cell_of(row, table.before_last(5)), "fifth before the last", "nth5"),
        6 => (|table, row| table.cell_of(row, table.before_last(6)), "sixth before the last", "nth6"),
        7 => (|table, row| table.cell_of(row, table.before_last(7)), "seventh before the last", "nth7"),
        _ => (|table, row| table.cell_of(row, table.before_last(BETWEEN)), "eighth before the last", "nth8"),
    };
    Column::new([title, title, field], Show::Nth, cell).leaves(3 + (BETWEEN - back) as u8)
}

/// The column of the last snapshot.
const fn last<T: OverSnapshots>() -> Column<T> {
    Column::new(["last", "last", "nth0"], Show::Nth, |table: &T, row| table.cell_of(row, table.before_last(0)))
}

/// How many columns are about snapshots.
const OF_SNAPSHOTS: usize = BETWEEN + 2;

/// All columns of a table: between its own those of the snapshots.
pub(super) const fn columns<T: OverSnapshots, const BEFORE: usize, const AFTER: usize, const ALL: usize>(
    before: [Column<T>; BEFORE],
    after: [Column<T>; AFTER],
) -> [Column<T>; ALL] {
    assert!(ALL == BEFORE + OF_SNAPSHOTS + AFTER, "each has its place");
    let mut all = [first(); ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = match at.checked_sub(BEFORE) {
            None => before[at],
            Some(0) => first(),
            Some(nth) if nth <= BETWEEN => between(BETWEEN + 1 - nth),
            Some(nth) if nth < OF_SNAPSHOTS => last(),
            Some(nth) => after[nth - OF_SNAPSHOTS],
        };
        at += 1;
    }
    all
}

/// A number that may not be known.
fn signed(number: Option<i64>) -> Cell<'static> {
    number.map_or(Cell::Absent, Cell::Signed)
}

pub(super) const fn step<T: OverSnapshots>() -> Column<T> {
    Column::new(["Step", "Step", "step"], Show::Delta, |table: &T, row| signed(table.step(row)))
        .leaves(2)
        .told_as("objects a step")
}

pub(super) const fn more<T: OverSnapshots>() -> Column<T> {
    Column::field("countDelta", |table: &T, row| signed(table.more(row))).told_as("delta")
}

pub(super) const fn verdict<T: OverSnapshots>() -> Column<T> {
    Column::new(["Verdict", "Verdict", "verdict"], Show::Words, |table: &T, row| {
        table.verdict(row).map(|verdict| suspects::verdict(verdict).to_owned()).into()
    })
    .told_as("verdict")
}

/// A bar a value.
pub(super) fn bars(values: &[u64]) -> String {
    let values = &values[values.len().saturating_sub(MOST_BARS)..];
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |&value: &u64| BARS[(u128::from(value) * 7 / u128::from(most)) as usize];
    values.iter().map(bar).collect()
}

/// The rows stand in the order of their verdicts; other columns are compared by their cells.
pub(super) fn by_verdict<T: Table>(table: &T, order: &ByColumn<T>, a: RowIx, b: RowIx) -> Ordering {
    match order.column.spec.field {
        "verdict" => order.apply(a.cmp(&b)),
        _ => order.cells(table, a, b).then_with(|| table.tie(a, b)),
    }
}
