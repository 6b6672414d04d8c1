//! A class of a series → how each way in which its objects are held went: growth where ids do not last.

use super::brief::Brief;
use super::held_by;
use super::merged::HolderLevel;
use super::series::{Course, Series, Verdict};
use super::sums::Sums;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;

/// What is held one way, over all snapshots of a series.
#[derive(Debug, Clone)]
pub(crate) struct HeldCourse {
    /// The row of the merged retainers in the last snapshot.
    pub row: usize,
    /// What it holds there.
    pub objects: Vec<NodeIx>,
    /// How many were held this way in each snapshot, as far as that is known.
    pub counts: Vec<Option<u64>>,
}

impl HeldCourse {
    /// How many more there are than in the first snapshot.
    pub(crate) fn more(&self) -> Option<i64> {
        let (first, last) = ((*self.counts.first()?)?, self.objects.len());
        Some((i128::from(last as u64) - i128::from(first)).clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// All counts, where all are known.
    pub(crate) fn known(&self) -> Option<Vec<u64>> {
        self.counts.iter().copied().collect()
    }
}

impl Series {
    /// Whether growth of a class is counted by holder: ids tell nothing, and there are more objects than in the first.
    pub(crate) fn is_told_by_holder(&self, course: &Course) -> bool {
        !self.ids_last() && !course.classes.is_empty() && self.is_more(course)
    }

    fn is_more(&self, course: &Course) -> bool {
        let (first, last) = (course.sums[0].objects, course.sums[course.sums.len() - 1].objects);
        let held = self.briefs[0].held.as_ref();
        Verdict::of(&[first, last]) == Verdict::Grew
            && (first == 0 || held.is_none_or(|held| held.contains_key(&course.key)))
    }

    /// How each way in which the objects of a class are held in the last snapshot went, those with most objects there
    /// first. The level has all objects of the class in the last snapshot.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn by_holder(&self, course: &Course, level: &HolderLevel, meter: &Meter) -> Result<Vec<HeldCourse>> {
        let earlier = &self.briefs[..self.briefs.len() - 1];
        let rows = held_by::rows(level, meter)?.into_iter().map(|(key, row, objects)| {
            let in_earlier = |(brief, sums): (&Brief, &Sums)| match &brief.held {
                _ if sums.objects == 0 => Some(0),
                // Ids tell of this one, and what each holder had is not counted.
                None => Some(objects.iter().filter(|&&node| brief.has(node)).count() as u64),
                Some(held) => held.get(&course.key)?.get(&key),
            };
            let now = objects.len() as u64;
            let counts = earlier.iter().zip(&course.sums).map(in_earlier).chain([Some(now)]).collect();
            HeldCourse { row, objects, counts }
        });
        Ok(rows.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::brief;
    use crate::analysis::class_key::ClassKey;
    use crate::analysis::merged::Options;
    use crate::analysis::series::{Restart, Why};
    use crate::notation::Graph;
    use proptest::prelude::*;

    /// Snapshots of processes that have no ids in common.
    fn restarts(graphs: &[Graph]) -> Series {
        let meter = Meter::default();
        let (last, earlier) = graphs.split_last().expect("some");
        let of = |graph: &Graph| Brief::of(&graph.heap, &last.heap, &meter).expect("nobody cancels");
        let of_last = of(last);
        let told = [ClassKey { name: b"Entry"[..].into(), place: None }].into_iter().collect();
        let mut briefs: Vec<Brief> = Vec::new();
        for graph in earlier {
            let mut brief = of(graph);
            let interfaces = &last.heap.classes().interfaces;
            let wanted = brief.grown(&of_last, &told);
            brief.held = Some(brief::held(&graph.heap, interfaces, wanted, &meter).expect("nobody cancels"));
            briefs.push(brief);
        }
        briefs.push(of_last);
        let restart = Some(Restart { snapshot: 0, why: Why::Apart });
        Series::new(last.heap.clone(), briefs, restart, &meter).expect("nobody cancels")
    }

    proptest! {
        /// Counted object by object: whoever holds an object of the class by a reference of that name.
        #[test]
        fn what_each_holder_has_is_what_counting_its_references_gives(
            counts in prop::collection::vec((0usize..16, 0usize..16), 2..5),
        ) {
            let graph = |&(list, queue): &(usize, usize)| {
                let mut all: Vec<String> = Vec::new();
                all.push("r -s-> Store[16]; Store -list-> Array[16]; Store -queue-> Array#2[16]".into());
                all.extend((0..list).map(|number| format!("Array -[{number}]-> Entry#a{number}[8]")));
                all.extend((0..queue).map(|number| format!("Array#2 -[{number}]-> Entry#b{number}[8]")));
                Graph::new(&all.join("; "))
            };
            let graphs: Vec<Graph> = counts.iter().map(graph).collect();
            let series = restarts(&graphs);
            let last = counts[counts.len() - 1];
            let Some(course) = series.courses.iter().find(|course| &*course.key.name == b"Entry") else {
                return Ok(());
            };
            if last.0 + last.1 == 0 {
                return Ok(());
            }
            let all = series.new_objects(course, &Meter::default()).expect("nobody cancels");
            let level = HolderLevel::of_set(series.last.clone(), all, Options::default(), &Meter::default());
            let rows = series.by_holder(course, &level.expect("nobody cancels"), &Meter::default());
            let mut sum = 0;
            for row in rows.expect("nobody cancels") {
                sum += row.objects.len();
                let of_list = |&(list, _): &(usize, usize)| list as u64;
                let of_queue = |&(_, queue): &(usize, usize)| queue as u64;
                let ways: [Vec<u64>; 2] = [counts.iter().map(of_list).collect(), counts.iter().map(of_queue).collect()];
                prop_assert!(row.known().is_some_and(|known| ways.contains(&known)), "{:?} of {ways:?}", row.counts);
            }
            prop_assert_eq!(sum, last.0 + last.1);
        }
    }
}
