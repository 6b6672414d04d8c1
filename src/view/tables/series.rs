//! What grew: one row a class, over all snapshots; below it its objects that are new and still there, or, where ids do
//! not last, who holds how many more of them.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::json;

use super::comparison::ANEW;
use super::objects::Objects;
use super::over_snapshots::{self, Measure, OverSnapshots, SORT, bars, by_verdict, more, step, verdict};
use super::series_held::ByHolder;
use crate::analysis::lasting::Shared;
use crate::analysis::series::{Course, Restart, Series, Verdict, Why};
use crate::analysis::sums::Sums;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Spec};
use crate::view::suspects;
use crate::view::table::{Facts, Level, Members, Table};
use crate::view::{place, text};

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
pub(crate) struct Courses {
    snapshots: Arc<Series>,
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

impl Courses {
    /// One row a class.
    pub(crate) fn level(snapshots: Arc<Series>, measure: Measure, new: New, opens: Opens) -> Level {
        let rows = (0..snapshots.courses.len() as u32).map(RowIx::of).collect();
        Level::new(Courses { snapshots, measure, new, opens }, rows)
    }

    fn get(&self, row: RowIx) -> &Course {
        &self.snapshots.courses[row.index()]
    }

    fn values(&self, row: RowIx) -> Vec<u64> {
        let sums = self.get(row).sums.iter();
        match self.measure {
            Measure::Count => sums.map(|sums| sums.objects).collect(),
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

    fn objects_of(&self, row: RowIx, meter: &Meter) -> Result<Vec<NodeIx>> {
        match self.new {
            New::SinceFirst => self.snapshots.new_objects(self.get(row), meter),
            New::CameAndStayed => self.snapshots.came_and_stayed(self.get(row), meter),
        }
    }
}

/// Why objects cannot be told apart, where they cannot, and what is said instead.
pub(crate) fn warning(snapshots: &Series) -> Option<String> {
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

impl OverSnapshots for Courses {
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

    fn step(&self, row: RowIx) -> Option<i64> {
        Some(self.get(row).step())
    }

    fn more(&self, row: RowIx) -> Option<i64> {
        let counts = self.get(row).counts();
        let more = i128::from(counts[counts.len() - 1]) - i128::from(counts[0]);
        Some(more.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    fn verdict(&self, row: RowIx) -> Option<Verdict> {
        Some(self.get(row).verdict)
    }
}

impl Table for Courses {
    const FACTS: Facts = Facts {
        no_object: "a class has no retainers: l opens it, then choose an object",
        least_name: 30,
        ..Facts::new(["class", "classes"], SORT)
    };
    const COLUMNS: &'static [Column<Self>] = &over_snapshots::columns::<Self, 4, 5, 19>(
        [
            Column::field("className", |table: &Self, row| Cell::Text((*table.get(row).key.name).into())),
            Column::field("key", |table: &Self, row| {
                let class = table.get(row).classes.first();
                class.map(|&class| table.snapshots.last.classes().key(class)).into()
            }),
            Column::field("place", |table: &Self, row| table.place(row).into()).told_as("defined at"),
            Column::field("snapshots", |table: &Self, row| {
                let sums = table.get(row).sums.iter();
                let record = |sums: &Sums| json!({ "count": sums.objects, "selfSize": sums.shallow, "retainedSize": sums.retained });
                Cell::Data(sums.map(record).collect())
            }),
        ],
        [
            step(),
            more(),
            Column::new(["Retained delta", "Ret. Δ", "retainedDelta"], Show::DeltaBytes, |table: &Self, row| {
                Cell::Signed(table.get(row).growth().clamp(i64::MIN.into(), i64::MAX.into()) as i64)
            })
            .leaves(1)
            .told_as("retained delta"),
            verdict(),
            Column::label("Constructor", |table: &Self, row| Cell::Text((*table.get(row).key.name).into())),
        ],
    );

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

    /// The verdict is the order of the series.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        by_verdict(self, order, a, b)
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

    fn has_below(&self, row: RowIx) -> bool {
        !self.get(row).classes.is_empty()
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let (heap, objects) = (self.snapshots.last.clone(), self.objects_of(row, meter)?);
        if self.snapshots.is_told_by_holder(self.get(row)) {
            let by_holder = ByHolder::level(&self.snapshots, self.get(row), (objects.clone(), self.measure), meter)?;
            if by_holder.len() > 0 {
                return Ok(Some(by_holder));
            }
        }
        Ok(Some(Objects::level(heap, objects)))
    }

    fn opens_by_itself(&self, row: RowIx) -> bool {
        let opens = match self.opens {
            Opens::First => row.index() == 0,
            Opens::All => true,
        };
        opens && self.snapshots.is_told_by_holder(self.get(row))
    }

    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Members> {
        Ok((self.snapshots.last.clone(), self.objects_of(row, meter)?))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).sums.last().map_or(0, |sums| sums.objects)
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
