//! What has come and gone between two snapshots: by class, and below each class the objects.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use super::of_objects::{OfObjects, columns, fades, text_of};
use crate::analysis::compare::{Comparison, Difference, Moved};
use crate::analysis::lasting::{Lasting, Matching, Shared};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Facts, Level, Table};
use crate::view::{glossary, place, text};

const SORT: Sort = Sort { field: "sizeDelta", ascending: false };

/// Classes with what is new and what is gone.
#[derive(Debug)]
pub(crate) struct Differences {
    comparison: Arc<Comparison>,
}

impl Differences {
    /// The classes in which anything has changed; with `all` the others too.
    pub(crate) fn level(comparison: Arc<Comparison>, all: bool) -> Level {
        let count = if all { comparison.differences.len() } else { comparison.changed };
        let rows = (0..count as u32).map(RowIx::of).collect();
        Level::new(Differences { comparison }, rows)
    }

    fn get(&self, row: RowIx) -> &Difference {
        &self.comparison.differences[row.index()]
    }
}

/// Why V8 has numbered all objects once more. Which of the two it was no file tells.
pub(super) const ANEW: &str = "another process, or a debugger that has attached anew";

/// What is odd about the two snapshots.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub said: String,
    /// The same in a few words.
    pub short: String,
}

/// Why a comparison cannot say which objects are new, where it cannot; or that it is the wrong way round.
pub(crate) fn warning(comparison: &Comparison) -> Option<Warning> {
    let Lasting { matching, shared: Shared { changed, common }, moved, base_is_newer, .. } = &comparison.lasting;
    let told = |said: String, short: &str| Some(Warning { said, short: short.into() });
    let (changed, common) = (text::count(*changed as u64), text::count(*common as u64));
    let name_others = format!("{changed} of {common} ids name another object in the second snapshot");
    match matching {
        Matching::Classes if [&comparison.base, &comparison.current].iter().all(|heap| heap.producer().ids_last()) => {
            told(
                format!("{name_others}: {ANEW}, so classes are compared, not objects"),
                "ids began anew: classes, not objects",
            )
        }
        Matching::Classes => told(
            format!("{name_others}: ids do not last in such files, so classes are compared, not objects"),
            "ids do not last: classes, not objects",
        ),
        Matching::Heaps(_) if !moved.is_empty() => Some(of_heaps(moved)),
        _ if *base_is_newer => {
            told("the base is newer than the snapshot after it: growth shows as shrinkage".into(), "the base is newer")
        }
        _ => None,
    }
}

fn of_heaps(moved: &[(usize, Shared)]) -> Warning {
    let count = |number: usize| text::count(number as u64);
    let numbers: Vec<String> = moved.iter().map(|(heap, _)| format!("heap {heap}")).collect();
    let of = |(heap, shared): &(usize, Shared)| {
        format!("{} of {} ids of heap {heap} name another object", count(shared.changed), count(shared.common))
    };
    let whose = if moved.len() == 1 { "its" } else { "their" };
    let list: Vec<String> = moved.iter().map(of).collect();
    Warning {
        said: format!("{} in the second snapshot: {whose} classes are compared, not {whose} objects", list.join(", ")),
        short: format!("{}: classes, not objects", numbers.join(", ")),
    }
}

/// A count that most rows have not.
fn told(count: u64) -> Cell<'static> {
    if count == 0 { Cell::Absent } else { Cell::Number(count) }
}

impl Table for Differences {
    const FACTS: Facts = Facts {
        no_object: "no object of this class is there, so nothing holds one",
        ..Facts::new(["class", "classes"], SORT)
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("name", |table: &Self, row| Cell::Text(Cow::Borrowed(&table.get(row).name))),
        Column::field("key", |table: &Self, row| Cell::Text(Cow::Borrowed(table.get(row).key.as_bytes()))),
        Column::new(["# New", "New", "addedCount"], Show::Count, |table: &Self, row| table.get(row).added.len().into())
            .leaves(4)
            .told_as("new"),
        Column::new(["# Deleted", "Deleted", "removedCount"], Show::Count, |table: &Self, row| {
            table.get(row).removed.len().into()
        })
        .leaves(3)
        .told_as("deleted"),
        Column::new(["# Delta", "Delta", "countDelta"], Show::Delta, |table: &Self, row| {
            Cell::Signed(table.get(row).count_delta())
        })
        .told_as("delta"),
        Column::new(["Alloc. size", "Alloc.", "addedSize"], Show::Bytes, |table: &Self, row| {
            Cell::Number(table.get(row).added_size)
        })
        .leaves(2)
        .told_as("allocated"),
        Column::new(["Freed size", "Freed", "removedSize"], Show::Bytes, |table: &Self, row| {
            Cell::Number(table.get(row).removed_size)
        })
        .leaves(1)
        .told_as("freed"),
        Column::new(["Size delta", "Size Δ", "sizeDelta"], Show::DeltaBytes, |table: &Self, row| {
            Cell::Signed(table.get(row).size_delta())
        })
        .told_as("size delta"),
        Column::new(["Retained delta", "Ret. Δ", "retainedDelta"], Show::DeltaBytes, |table: &Self, row| match table
            .get(row)
            .retained_delta()
        {
            Some(delta) => Cell::Signed(delta),
            None if row.index() >= table.comparison.changed => Cell::Signed(0),
            None => Cell::NotYet,
        })
        .told_as("retained delta"),
        Column::field("nowDetached", |table: &Self, row| told(table.get(row).moved.now_detached))
            .told_as("now detached"),
        Column::field("wereDetached", |table: &Self, row| told(table.get(row).moved.were_detached))
            .told_as("attached again"),
        Column::field("location", |table: &Self, row| {
            table.get(row).location.map(|location| place::text(&table.comparison.current, location)).into()
        })
        .told_as("defined at"),
        Column::label("Constructor", |table: &Self, row| Cell::Text(Cow::Borrowed(&table.get(row).name))),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.comparison.current
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let difference = self.get(row);
        let mut pieces = label::class(&self.comparison.current, &difference.name, difference.location);
        let Moved { now_detached, were_detached } = difference.moved;
        for (count, state) in [(now_detached, "now detached"), (were_detached, "attached again")] {
            if count > 0 {
                pieces.push(piece(Role::Detached, format!("  {} {state}", text::count(count))));
            }
        }
        pieces
    }

    fn place(&self, row: RowIx) -> String {
        label::class_place(&self.comparison.current, self.get(row).location)
    }

    /// By name, then in the order of the comparison.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        compare_utf16(&self.get(a).name, &self.get(b).name).then(a.cmp(&b))
    }

    /// Where nothing has changed on balance, the row stands behind all others, whichever way they stand: growth and
    /// shrinkage are what is looked for.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let [own, other] = [a, b].map(|row| (order.column.cell)(self, row));
        let is_none = |cell: &Cell<'_>| order.column.spec.show == Show::DeltaBytes && *cell == Cell::Signed(0);
        is_none(&own).cmp(&is_none(&other)).then(order.apply(own.compare(&other))).then_with(|| self.tie(a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.comparison.differences.len()
    }

    fn has_below(&self, row: RowIx) -> bool {
        row.index() < self.comparison.changed
    }

    fn note(&self) -> Option<String> {
        warning(&self.comparison).map(|warning| warning.short)
    }

    fn quiet_rows(&self) -> Range<u32> {
        self.comparison.changed as u32..self.comparison.differences.len() as u32
    }

    fn below(&self, row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        let difference = self.get(row);
        let new = difference.added.iter().map(|&node| Changes::row(node, false));
        let gone = difference.removed.iter().map(|&node| Changes::row(node, true));
        Ok(Some(Level::new(Changes { comparison: self.comparison.clone() }, new.chain(gone).collect())))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        let mut sums = [0u64; 4];
        for difference in rows.iter().map(|&row| self.get(row)) {
            let own = [
                difference.added.len() as u64,
                difference.added_size,
                difference.removed.len() as u64,
                difference.removed_size,
            ];
            sums.iter_mut().zip(own).for_each(|(sum, own)| *sum = sum.saturating_add(own));
        }
        let [new, new_bytes, gone, gone_bytes] = sums;
        format!(
            "+{} ({})  −{} ({})",
            text::count(new),
            text::bytes(new_bytes),
            text::count(gone),
            text::bytes(gone_bytes)
        )
    }

    fn weight(&self, row: RowIx) -> u64 {
        (self.get(row).added.len() + self.get(row).removed.len()) as u64
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        self.get(row).name.to_vec()
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let about = glossary::about_class(&text::safe(&self.get(row).name));
        about.map(|text| ("about", text.to_owned())).into_iter().collect()
    }
}

/// Objects that only one of the two snapshots has.
#[derive(Debug)]
struct Changes {
    comparison: Arc<Comparison>,
}

impl Changes {
    /// A node of the current snapshot, or one of the base that is gone.
    fn row(node: NodeIx, gone: bool) -> RowIx {
        RowIx([node.0, gone as u32])
    }

    fn is_gone(row: RowIx) -> bool {
        row.0[1] != 0
    }

    fn size(&self, row: RowIx) -> Cell<'_> {
        Cell::Number(self.heap_of(row).shallow_size(self.object(row)))
    }

    /// What the object retains, with the sign of its coming or going.
    fn retained(&self, row: RowIx) -> Cell<'_> {
        let signed = |size: u64| i64::try_from(size).unwrap_or(i64::MAX) * if Changes::is_gone(row) { -1 } else { 1 };
        self.heap_of(row).retained_size(self.object(row)).map_or(Cell::NotYet, |size| Cell::Signed(signed(size)))
    }
}

impl Table for Changes {
    const FACTS: Facts = Facts::new(["object", "objects"], SORT);
    const COLUMNS: &'static [Column<Self>] = &[
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        Column::field("distance", |table: &Self, row| {
            OfObjects::distance(table, row).map_or(Cell::NotYet, Cell::Distance)
        }),
        Column::field("selfSize", |table: &Self, row| table.size(row)),
        Column::field("retainedSize", |table: &Self, row| table.heap_of(row).retained_size(table.object(row)).into()),
        columns::label(),
        Column::new(["# New", "New", "addedCount"], Show::Count, |_: &Self, row| match Changes::is_gone(row) {
            true => Cell::Absent,
            false => Cell::Counted,
        }),
        Column::new(["# Deleted", "Deleted", "removedCount"], Show::Count, |_: &Self, row| {
            match Changes::is_gone(row) {
                true => Cell::Counted,
                false => Cell::Absent,
            }
        }),
        Column::new(["Alloc. size", "Alloc.", "addedSize"], Show::Bytes, |table: &Self, row| {
            match Changes::is_gone(row) {
                true => Cell::Absent,
                false => table.size(row),
            }
        }),
        Column::new(["Freed size", "Freed", "removedSize"], Show::Bytes, |table: &Self, row| {
            match Changes::is_gone(row) {
                true => table.size(row),
                false => Cell::Absent,
            }
        }),
        Column::new(["Retained delta", "Ret. Δ", "retainedDelta"], Show::DeltaBytes, Changes::retained),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.comparison.current
    }

    fn heap_of(&self, row: RowIx) -> &Arc<Heap> {
        match Changes::is_gone(row) {
            true => &self.comparison.base,
            false => &self.comparison.current,
        }
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let (role, sign) = match Changes::is_gone(row) {
            true => (Role::Shrinkage, "− "),
            false => (Role::Growth, "+ "),
        };
        let mut pieces = vec![piece(role, sign)];
        pieces.extend(label::object(self.heap_of(row), self.object(row)));
        pieces
    }

    /// By id, then by place in the file.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        let id = |row| self.heap_of(row).id(self.object(row));
        id(a).cmp(&id(b)).then(a.cmp(&b))
    }

    /// New ones before those that are gone; by what they retain in the column of that, by id in that of names, in all
    /// others by size.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let spec = &order.column.spec;
        let sizes = match spec.show {
            Show::Label => Ordering::Equal,
            _ if spec.field == "retainedDelta" => order.cells(self, a, b),
            _ => order.apply(self.size(a).compare(&self.size(b))),
        };
        Changes::is_gone(a).cmp(&Changes::is_gone(b)).then(sizes).then_with(|| self.tie(a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(self.heap_of(row), self.object(row))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(self.heap_of(row), self.object(row))
    }
}

impl OfObjects for Changes {
    fn object(&self, row: RowIx) -> NodeIx {
        NodeIx(row.number())
    }
}
