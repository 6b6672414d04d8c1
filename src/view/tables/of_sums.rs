//! What tables say of many objects together: the same columns and totals for classes, files and packages.

use crate::analysis::aggregates::Aggregate;
use crate::index::NO_DISTANCE;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::row::RowIx;
use crate::view::spec::{Show, Spec};
use crate::view::table::Table;
use crate::view::text;

/// A table whose rows stand for many objects with what they add up to.
pub(super) trait OfSums: Table {
    /// Nothing where there are no such objects here: a row that somebody remembers of other sums.
    fn sum(&self, row: RowIx) -> Option<&Aggregate>;
}

fn cell<T: OfSums>(table: &T, row: RowIx, cell: impl Fn(&Aggregate) -> Cell<'_>) -> Cell<'_> {
    table.sum(row).map_or(Cell::Nothing, cell)
}

pub(super) const fn count<T: OfSums>() -> Column<T> {
    Column::new(["Count", "Count", "count"], Show::Times, |table, row| cell(table, row, |sum| Cell::Number(sum.count)))
        .leaves(2)
        .told_as("objects")
}

pub(super) const fn distance<T: OfSums>() -> Column<T> {
    Column::new(["Distance", "Dist", "distance"], Show::Distance, |table, row| {
        cell(table, row, |sum| match sum.nearest {
            None => Cell::NotYet,
            Some(NO_DISTANCE) => Cell::Distance(NO_DISTANCE),
            Some(distance) if sum.unreachable > 0 => Cell::DistanceOfSome(distance),
            Some(distance) => Cell::Distance(distance),
        })
    })
    .leaves(1)
    .told_as("distance")
}

pub(super) const fn unreachable<T: OfSums>() -> Column<T> {
    Column::field("unreachable", |table, row| {
        cell(table, row, |sum| match sum.unreachable {
            0 => Cell::Absent,
            count => Cell::Number(count),
        })
    })
    .told_as("unreachable")
}

pub(super) const fn shallow<T: OfSums>() -> Column<T> {
    Column::new(["Shallow size", "Shallow", "selfSize"], Show::Size, |table, row| {
        cell(table, row, |sum| Cell::Number(sum.shallow))
    })
    .told_as("shallow")
}

pub(super) const fn retained<T: OfSums>() -> Column<T> {
    Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table, row| {
        cell(table, row, |sum| sum.retained.into())
    })
    .with_bar()
    .told_as("retained")
}

/// Sums are added up once: a number is there from the beginning or never comes.
pub(super) fn are_settled<'a>(mut sums: impl Iterator<Item = &'a Aggregate>, spec: &Spec) -> bool {
    match spec.field {
        "distance" => sums.all(|sum| sum.distance.is_some()),
        "retainedSize" => sums.all(|sum| sum.retained.is_some()),
        _ => true,
    }
}

/// `12 objects (3.4 kB)`
pub(super) fn total<'a>(sums: impl Iterator<Item = &'a Aggregate>) -> String {
    let (count, bytes) =
        sums.fold((0u64, 0u64), |(count, bytes), sum| (count + sum.count, bytes.saturating_add(sum.shallow)));
    format!("{} ({})", text::objects(count), text::bytes(bytes))
}
