//! What grew: one row a class, over all snapshots; below it its objects that are new and still there.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::json;

use super::objects::Objects as ObjectRows;
use crate::analysis::series::{Course, Series as Snapshots};
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
const SORT: Sort = Sort { field: "verdict", ascending: true };
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
}

impl Series {
    /// One row a class.
    pub(crate) fn level(snapshots: Arc<Snapshots>, measure: Measure, new: New) -> Level {
        let rows = (0..snapshots.courses.len() as u32).map(RowIx::of).collect();
        Level::new(Series { snapshots, measure, new }, rows)
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

    /// What a snapshot has, by its number; nothing where it is none of those between the first and the last.
    fn cell(&self, row: RowIx, nth: Option<usize>) -> Cell<'static> {
        match (nth.and_then(|nth| self.values(row).get(nth).copied()), self.measure) {
            (None, _) => Cell::Absent,
            (Some(count), Measure::Count) => Cell::Number(count),
            (Some(bytes), _) => Cell::Bytes(bytes),
        }
    }

    /// The number of the snapshot so many before the last, unless that is the first.
    fn before_last(&self, back: usize) -> Option<usize> {
        self.snapshots.briefs.len().checked_sub(back + 1).filter(|&nth| nth > 0)
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

/// Why objects cannot be told apart, where they cannot.
pub(crate) fn warning(snapshots: &Snapshots) -> Option<String> {
    (!snapshots.ids_last).then(|| {
        "ids do not last from one of these snapshots to the next (another process, or such a file): classes are matched \
         by name and place, and below a class stand all its objects"
            .into()
    })
}

/// The end of the field of the first snapshot's column.
const FIRST: &str = "First";

/// The column of the first snapshot.
const fn first() -> Column<Series> {
    Column::new(["first", "first", "nthFirst"], Show::Nth, |table: &Series, row| table.cell(row, Some(0)))
}

/// The column of a snapshot so many before the last: those that are further away leave first.
const fn between(back: usize, title: &'static str, field: &'static str) -> Column<Series> {
    let cell: fn(&Series, RowIx) -> Cell<'_> = match back {
        1 => |table, row| table.cell(row, table.before_last(1)),
        2 => |table, row| table.cell(row, table.before_last(2)),
        3 => |table, row| table.cell(row, table.before_last(3)),
        4 => |table, row| table.cell(row, table.before_last(4)),
        5 => |table, row| table.cell(row, table.before_last(5)),
        6 => |table, row| table.cell(row, table.before_last(6)),
        7 => |table, row| table.cell(row, table.before_last(7)),
        _ => |table, row| table.cell(row, table.before_last(BETWEEN)),
    };
    Column::new([title, title, field], Show::Nth, cell).leaves(3 + (BETWEEN - back) as u8)
}

/// A bar a value.
fn bars(values: &[u64]) -> String {
    let values = &values[values.len().saturating_sub(MOST_BARS)..];
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |&value: &u64| BARS[(u128::from(value) * 7 / u128::from(most)) as usize];
    values.iter().map(bar).collect()
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
        between(8, "eighth before the last", "nth8"),
        between(7, "seventh before the last", "nth7"),
        between(6, "sixth before the last", "nth6"),
        between(5, "fifth before the last", "nth5"),
        between(4, "fourth before the last", "nth4"),
        between(3, "third before the last", "nth3"),
        between(2, "second before the last", "nth2"),
        between(1, "one before the last", "nth1"),
        Column::new(["last", "last", "nth0"], Show::Nth, |table: &Self, row| table.cell(row, table.before_last(0))),
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
        match column.spec.field {
            "verdict" => sort.apply(a.cmp(&b)),
            _ => sort.apply((column.cell)(self, a).compare(&(column.cell)(self, b))).then_with(|| self.tie(a, b)),
        }
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn nth(&self, spec: &Spec) -> Option<usize> {
        let back = spec.field.strip_prefix("nth")?;
        if back == FIRST { Some(0) } else { self.before_last(back.parse().ok()?) }
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
        Ok(ObjectRows::level(self.snapshots.last.clone(), self.objects_of(row, meter)?))
    }

    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Objects> {
        Ok((self.snapshots.last.clone(), self.objects_of(row, meter)?))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).sums.last().map_or(0, |sums| sums.count)
    }

    fn note(&self) -> Option<String> {
        (!self.snapshots.ids_last).then(|| "ids do not last: classes by name and place".into())
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
