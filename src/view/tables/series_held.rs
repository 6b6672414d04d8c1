//! Who holds how many more objects of a class than in the first snapshot: growth where ids do not last.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use super::holders::Holders;
use super::objects::Objects;
use super::over_snapshots::{self, Measure, OverSnapshots, SORT, bars, by_verdict, more, step, verdict};
use crate::analysis::by_holder::HeldCourse;
use crate::analysis::merged::{HolderLevel, Options};
use crate::analysis::series::{Course, Series, Verdict};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::Spec;
use crate::view::table::{Facts, Level, Members, Table};
use crate::view::{suspects, text};

/// Rows of a class.
const MOST: usize = 8;

#[derive(Debug)]
pub(crate) struct ByHolder {
    level: Arc<HolderLevel>,
    courses: Vec<HeldCourse>,
    measure: Measure,
}

impl ByHolder {
    /// The ways in which the objects of a class are held that hold more or fewer than in the first snapshot, those with
    /// most more first. The objects are all of the class in the last one.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn level(
        series: &Series,
        course: &Course,
        (objects, measure): (Vec<NodeIx>, Measure),
        meter: &Meter,
    ) -> Result<Level> {
        let level = Arc::new(HolderLevel::of_set(series.last.clone(), objects, Options::default(), meter)?);
        let mut courses = series.by_holder(course, &level, meter)?;
        courses.retain(|held| {
            let first = held.counts.first().copied().flatten();
            first.is_some_and(|first| Verdict::of(&[first, held.objects.len() as u64]) != Verdict::Same)
        });
        courses.sort_by_key(|held| (Reverse(held.more()), held.row));
        courses.truncate(MOST);
        let rows = (0..courses.len() as u32).map(RowIx::of).collect();
        Ok(Level::new(ByHolder { level, courses, measure }, rows))
    }

    fn get(&self, row: RowIx) -> &HeldCourse {
        &self.courses[row.index()]
    }

    fn holders(&self) -> Holders {
        Holders::table(self.level.clone())
    }

    fn held(&self, row: RowIx) -> RowIx {
        Holders::row(self.get(row).row)
    }

    fn holder(&self, row: RowIx) -> Option<NodeIx> {
        match self.level.rows()[self.get(row).row].holders[..] {
            [holder] => Some(holder),
            _ => None,
        }
    }

    /// The counts that are known, the oldest first.
    fn line(&self, row: RowIx) -> Vec<u64> {
        self.get(row).counts.iter().copied().flatten().collect()
    }
}

impl OverSnapshots for ByHolder {
    fn snapshots(&self) -> usize {
        self.courses.first().map_or(0, |held| held.counts.len())
    }

    /// Bytes are not counted by holder.
    fn cell_of(&self, row: RowIx, nth: Option<usize>) -> Cell<'static> {
        match nth.and_then(|nth| self.get(row).counts.get(nth).copied().flatten()) {
            Some(count) if self.measure == Measure::Count => Cell::Number(count),
            _ => Cell::Absent,
        }
    }

    fn step(&self, row: RowIx) -> Option<i64> {
        let steps = (self.get(row).counts.len() as i64 - 1).max(1);
        self.get(row).more().map(|more| more / steps)
    }

    fn more(&self, row: RowIx) -> Option<i64> {
        self.get(row).more()
    }

    fn verdict(&self, row: RowIx) -> Option<Verdict> {
        self.get(row).known().map(|counts| Verdict::of(&counts))
    }
}

impl Table for ByHolder {
    const FACTS: Facts = Facts { least_name: 30, ..Facts::new(["row of holders", "rows of holders"], SORT) };
    const COLUMNS: &'static [Column<Self>] = &over_snapshots::columns::<Self, 5, 4, 19>(
        [
            Column::field("link", |table: &Self, row| table.holders().link_text(table.held(row)).into()),
            Column::field("holder", |table: &Self, row| table.holders().holder_text(table.held(row)).into()),
            Column::field("className", |table: &Self, row| {
                let holders = &table.level.rows()[table.get(row).row].holders;
                Cell::Text(table.level.heap().class_name(holders[0]).into())
            }),
            Column::field("id", |table: &Self, row| match table.holder(row) {
                Some(holder) => Cell::Number(table.level.heap().id(holder)),
                None => Cell::Absent,
            }),
            Column::field("counts", |table: &Self, row| Cell::Data(table.get(row).counts.clone().into())),
        ],
        [
            step(),
            more(),
            verdict(),
            Column::label("Held by", |table: &Self, row| label::plain(&table.label(row)).into()),
        ],
    );

    fn heap(&self) -> &Arc<Heap> {
        self.level.heap()
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let more = self.get(row).more().unwrap_or(0);
        let role = if more < 0 { Role::Shrinkage } else { Role::Growth };
        let said = format!("{} {} ", bars(&self.line(row)), text::signed(more, text::count));
        let pieces = [piece(role, said)].into_iter();
        pieces.chain(Table::label(&self.holders(), self.held(row))).collect()
    }

    /// Who holds most more is the order of the series.
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
        row.index() < self.courses.len()
    }

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    fn below(&self, row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        Ok(Some(Objects::level(self.heap().clone(), self.get(row).objects.clone())))
    }

    fn objects(&self, row: RowIx, _meter: &Meter) -> Result<Members> {
        Ok((self.heap().clone(), self.get(row).objects.clone()))
    }

    fn leads_to(&self, row: RowIx) -> Option<NodeIx> {
        self.holder(row)
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).objects.len() as u64
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let counts = self.get(row).known().map(|counts| ("held this way", suspects::counts(&counts)));
        counts.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::suspects::tests::restarted;
    use crate::view::tables::series::{Courses, New, Opens, warning};

    #[test]
    fn below_a_class_stands_who_holds_how_many_more() {
        let (_graphs, series) = restarted([20, 120, 220]);
        let warning = warning(&series).expect("three processes");
        assert!(warning.starts_with("ids do not last from snapshot 1 to snapshot 3: "), "{warning}");
        assert!(warning.contains(" name another object"), "{warning}");
        let level = Courses::level(Arc::new(series), Measure::Count, New::SinceFirst, Opens::All);
        let name = |row: &&RowIx| label::plain(&level.table.label(**row)).contains("Entry");
        let entry = *level.rows.iter().find(name).expect("the class has grown");
        assert!(level.table.opens_by_itself(entry));
        let held = level.table.below(entry, &Meter::default()).expect("nobody cancels").expect("rows");
        let said: Vec<String> = held.rows.iter().map(|&row| label::plain(&held.table.label(row))).collect();
        assert_eq!(said.len(), 1, "the other list has not grown: {said:?}");
        assert!(said[0].starts_with("▁▄█ +200 […] of list in Store @"), "{said:?}");
        let record = held.table.record(held.rows[0]);
        assert_eq!(record["counts"], serde_json::json!([20, 120, 220]));
        assert_eq!((&record["countDelta"], &record["step"]), (&200.into(), &100.into()));
        assert_eq!(record["verdict"], "grew at every step");
        let (_, objects) = held.table.objects(held.rows[0], &Meter::default()).expect("nobody cancels");
        assert_eq!(objects.len(), 220);
    }

    #[test]
    fn where_no_holder_has_more_the_objects_stand_below_the_class() {
        let (_graphs, series) = restarted([20, 20, 20]);
        let level = Courses::level(Arc::new(series), Measure::Count, New::SinceFirst, Opens::All);
        assert!(level.rows.iter().all(|&row| !level.table.opens_by_itself(row)));
    }
}
