//! What grew: one row a class, over all snapshots; below it its objects that are new and still there, or, where ids do
//! not last, who holds how many more of them.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::json;

use super::comparison::ANEW;
use super::objects::Objects as ObjectRows;
use super::series_held::ByHolder;
use crate::analysis::lasting::Shared;
use crate::analysis::series::{Course, Restart, Series as Snapshots, Why};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::suspects;
use crate::view::table::{Facts, Inner, Level, Objects, Table};
use crate::view::{place, text};

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

/// Which objects of a class are below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum New {
    /// New since the first snapshot and still there in the last.
    #[default]
    SinceFirst,
    /// Those of them that the second snapshot has.
    CameAndStayed,
}

#[derive(Debug)]
pub(crate) struct Series {
    snapshots: Arc<Snapshots>,
    measure: Measure,
    new: New,
    opens: Opens,
}

/// Which classes open by themselves where growth is counted by holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opens {
    First,
    All,
}

impl Series {
    /// One row a class.
    pub(crate) fn level(snapshots: Arc<Snapshots>, measure: Measure, new: New, opens: Opens) -> Level {
        let rows = (0..snapshots.courses.len() as u32).map(RowIx::of).collect();
        Level::new(Series { snapshots, measure, new, opens }, rows)
    }

    fn get(&self, row: RowIx) -> &Course {
        &self.snapshots.courses[row.index()]
    }

    fn values(&self, row: RowIx) -> Vec<u64> {
        let sums = self.get(row).sums.iter();
        match self.measure {
            Measure::Count => sums.map(|sums| sums.count).collect(),
            Measure::Shallow => sums.map(|sums| sums.shallow).collect(),
            Measure::Retained => sums.map(|sums| sums.retained.unwrap_or(sums.shallow)).collect(),
        }
    }

    /// The values of all snapshots, for a line of its own.
    fn line(&self, row: RowIx) -> String {
        let values = self.values(row);
        match self.measure {
            Measure::Count => suspects::counts(&values),
            _ => suspects::joined(&values, text::bytes),
        }
    }

    fn place(&self, row: RowIx) -> Option<String> {
        let (script, line, column) = self.get(row).key.place.as_ref()?;
        Some(format!("{}:{}:{}", well_formed(script), u64::from(*line) + 1, u64::from(*column) + 1))
    }

    fn objects_of(&self, row: RowIx, meter: &Meter) -> Result<Vec<crate::base::ids::NodeIx>> {
        match self.new {
            New::SinceFirst => self.snapshots.new_objects(self.get(row), meter),
            New::CameAndStayed => self.snapshots.came_and_stayed(self.get(row), meter),
        }
    }
}

/// Why objects cannot be told apart, where they cannot, and what is said instead.
pub(crate) fn warning(snapshots: &Snapshots) -> Option<String> {
    let Restart { snapshot, why } = snapshots.restart.as_ref()?;
    let (earlier, last) = (format!("snapshot {}", snapshot + 1), format!("snapshot {}", snapshots.briefs.len()));
    let others = |shared: &Shared| {
        let (changed, common) = (text::count(shared.changed as u64), text::count(shared.common as u64));
        format!("{changed} of the {common} ids that both have name another object")
    };
    let why = match why {
        Why::Programs(before, after) if before.to_string() != after.to_string() => {
            format!("{before} wrote {earlier}, {after} {last}")
        }
        Why::Programs(..) | Why::Apart => format!("{earlier} and {last} have none in common"),
        Why::Numbered(producer) => format!("{producer} numbers the objects of each snapshot anew"),
        Why::First(shared) => {
            format!("{}, and those of {last} begin anew, in the order of the file ({ANEW})", others(shared))
        }
        Why::Renamed(shared) => format!("{} ({ANEW})", others(shared)),
        Why::Heaps(moved) if moved.is_empty() => "the files do not have the same heaps".into(),
        Why::Heaps(moved) => {
            let of = |(heap, shared): &(usize, Shared)| format!("of heap {heap}, {}", others(shared));
            moved.iter().map(of).collect::<Vec<_>>().join("; ")
        }
    };
    Some(format!(
        "ids do not last from {earlier} to {last}: {why}; classes are matched by name and place, and their growth is \
         counted by holder"
    ))
}

/// A table with a column a snapshot.
pub(super) trait OverSnapshots: Table {
    /// How many snapshots there are.
    fn snapshots(&self) -> usize;

    /// What a snapshot has, by its number; nothing where it is none of those between the first and the last.
    fn cell_of(&self, row: RowIx, nth: Option<usize>) -> Cell<'static>;

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
pub(super) const fn first<T: OverSnapshots>() -> Column<T> {
    Column::new(["first", "first", "nthFirst"], Show::Nth, |table: &T, row| table.cell_of(row, Some(0)))
}

/// The column of a snapshot so many before the last: those that are further away leave first.
pub(super) const fn between<T: OverSnapshots>(back: usize) -> Column<T> {
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
pub(super) const fn last<T: OverSnapshots>() -> Column<T> {
    Column::new(["last", "last", "nth0"], Show::Nth, |table: &T, row| table.cell_of(row, table.before_last(0)))
}

/// A bar a value.
pub(super) fn bars(values: &[u64]) -> String {
    let values = &values[values.len().saturating_sub(MOST_BARS)..];
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |&value: &u64| BARS[(u128::from(value) * 7 / u128::from(most)) as usize];
    values.iter().map(bar).collect()
}

impl OverSnapshots for Series {
    fn snapshots(&self) -> usize {
        self.snapshots.briefs.len()
    }

    fn cell_of(&self, row: RowIx, nth: Option<usize>) -> Cell<'static> {
        match (nth.and_then(|nth| self.values(row).get(nth).copied()), self.measure) {
            (None, _) => Cell::Absent,
            (Some(count), Measure::Count) => Cell::Number(count),
            (Some(bytes), _) => Cell::Bytes(bytes),
        }
    }
}

/// The rows stand in the order of their verdicts; other columns are compared by their cells.
pub(super) fn by_verdict<T: Table>(table: &T, column: &Column<T>, sort: Sort, (a, b): (RowIx, RowIx)) -> Ordering {
    match column.spec.field {
        "verdict" => sort.apply(a.cmp(&b)),
        _ => sort.apply((column.cell)(table, a).compare(&(column.cell)(table, b))).then_with(|| table.tie(a, b)),
    }
}

impl Table for Series {
    const FACTS: Facts = Facts {
        no_object: "a class has no retainers: l opens it, then choose an object",
        least_name: 30,
        ..Facts::new(["class", "classes"], SORT)
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("className", |table: &Self, row| Cell::Text((*table.get(row).key.name).into())),
        Column::field("key", |table: &Self, row| {
            let class = table.get(row).classes.first();
            class.map(|&class| table.snapshots.last.classes().key(class)).into()
        }),
        Column::field("place", |table: &Self, row| table.place(row).into()).told_as("defined at"),
        Column::field("snapshots", |table: &Self, row| {
            let sums = table.get(row).sums.iter();
            let record = |sums: &crate::analysis::series::Sums| json!({ "count": sums.count, "selfSize": sums.shallow, "retainedSize": sums.retained });
            Cell::Data(sums.map(record).collect())
        }),
        first(),
        between(8),
        between(7),
        between(6),
        between(5),
        between(4),
        between(3),
        between(2),
        between(1),
        last(),
        Column::new(["Step", "Step", "step"], Show::Delta, |table: &Self, row| Cell::Signed(table.get(row).step()))
            .leaves(2)
            .told_as("objects a step"),
        Column::field("countDelta", |table: &Self, row| {
            let counts = table.get(row).counts();
            let delta = i128::from(counts[counts.len() - 1]) - i128::from(counts[0]);
            Cell::Signed(delta.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
        })
        .told_as("delta"),
        Column::new(["Retained delta", "Ret. Δ", "retainedDelta"], Show::DeltaBytes, |table: &Self, row| {
            Cell::Signed(table.get(row).growth().clamp(i64::MIN.into(), i64::MAX.into()) as i64)
        })
        .leaves(1)
        .told_as("retained delta"),
        Column::new(["Verdict", "Verdict", "verdict"], Show::Words, |table: &Self, row| {
            suspects::verdict(table.get(row).verdict).to_owned().into()
        })
        .told_as("verdict"),
        Column::label("Constructor", |table: &Self, row| Cell::Text((*table.get(row).key.name).into())),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.snapshots.last
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let course = self.get(row);
        let heap = &self.snapshots.last;
        let location = course.classes.first().and_then(|&class| heap.classes().get(class).location);
        let role = if course.step() < 0 { Role::Shrinkage } else { Role::Growth };
        let mut pieces = vec![piece(role, format!("{} ", bars(&self.values(row))))];
        pieces.extend(label::class(heap, &course.key.name, location));
        if let (None, Some((script, line, _))) = (location, &course.key.place) {
            let script = text::sanitize(&place::base_name(&well_formed(script))).into_owned();
            pieces.push(piece(Role::Location, format!("  {script}:{}", u64::from(*line) + 1)));
        }
        pieces
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        a.cmp(&b)
    }

    /// The verdict is the order of the series.
    fn compare(&self, column: &Column<Self>, sort: Sort, a: RowIx, b: RowIx) -> Ordering {
        by_verdict(self, column, sort, (a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn nth(&self, spec: &Spec) -> Option<usize> {
        self.number_of(spec)
    }

    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.snapshots.courses.len()
    }

    fn has_below(&self, row: RowIx, _inner: Inner) -> bool {
        !self.get(row).classes.is_empty()
    }

    fn below(&self, row: RowIx, _inner: Inner, meter: &Meter) -> Result<Level> {
        let (heap, objects) = (self.snapshots.last.clone(), self.objects_of(row, meter)?);
        if self.snapshots.is_told_by_holder(self.get(row)) {
            let by_holder = ByHolder::level(&self.snapshots, self.get(row), (objects.clone(), self.measure), meter)?;
            if by_holder.len() > 0 {
                return Ok(by_holder);
            }
        }
        Ok(ObjectRows::level(heap, objects))
    }

    fn opens_by_itself(&self, row: RowIx) -> bool {
        let opens = match self.opens {
            Opens::First => row.index() == 0,
            Opens::All => true,
        };
        opens && self.snapshots.is_told_by_holder(self.get(row))
    }

    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Objects> {
        Ok((self.snapshots.last.clone(), self.objects_of(row, meter)?))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).sums.last().map_or(0, |sums| sums.count)
    }

    fn note(&self) -> Option<String> {
        (!self.snapshots.ids_last()).then(|| "ids do not last: growth is counted by holder".into())
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        self.get(row).key.name.to_vec()
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let what = match self.measure {
            Measure::Count => "objects",
            Measure::Shallow => "shallow sizes",
            Measure::Retained => "retained sizes",
        };
        vec![(what, self.line(row))]
    }
}
