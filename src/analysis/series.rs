//! Several snapshots, oldest first → what each class adds up to in each of them, and what grew.
//!
//! The last one is there as a heap; of the others briefs are kept, so that a long series takes the memory of two
//! snapshots. Classes are matched by name and by the *name*, line and column of where they stand.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::aggregates;
use super::brief::{self, Brief};
use super::class_key::ClassKey;
use super::lasting::{self, Lasting, Matching, Shared};
use super::sums::Sums;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
use crate::columns::Producer;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;

/// A change up to this many objects is none.
const LEAST_STEP: u64 = 2;
/// Nor one up to this part of what was there before: one in a hundred.
const LEAST_SHARE: u64 = 100;

/// How the count of a class went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Verdict {
    GrewAtEveryStep,
    /// It never shrank and grew at the end, but not at every step.
    Grew,
    GrewThenStayed,
    CameAndWent,
    Same,
    Shrank,
}

impl Verdict {
    /// What the counts of two and more snapshots say, oldest first.
    pub(crate) fn of(counts: &[u64]) -> Verdict {
        let steps: Vec<i8> = counts.windows(2).map(|pair| step(pair[0], pair[1])).collect();
        let (grew, shrank) = (steps.contains(&1), steps.contains(&-1));
        match (grew, shrank) {
            (false, false) => Verdict::Same,
            (false, true) => Verdict::Shrank,
            (true, true) => Verdict::CameAndWent,
            (true, false) if steps.len() == 1 => Verdict::Grew,
            (true, false) if steps.iter().all(|&step| step == 1) => Verdict::GrewAtEveryStep,
            (true, false) if steps.last() == Some(&0) => Verdict::GrewThenStayed,
            (true, false) => Verdict::Grew,
        }
    }
}

/// 1 where it grew, -1 where it shrank, 0 where it stayed.
fn step(before: u64, after: u64) -> i8 {
    if after.abs_diff(before) <= LEAST_STEP.max(before / LEAST_SHARE) {
        0
    } else if after > before {
        1
    } else {
        -1
    }
}

/// One class over all snapshots.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub key: ClassKey,
    /// Its classes in the last snapshot; none where that has no object of it.
    pub classes: Vec<ClassIx>,
    /// One a snapshot, oldest first.
    pub sums: Vec<Sums>,
    pub verdict: Verdict,
}

impl Course {
    pub(crate) fn counts(&self) -> Vec<u64> {
        self.sums.iter().map(|sums| sums.objects).collect()
    }

    /// Objects a step, rounded towards none.
    pub(crate) fn step(&self) -> i64 {
        let (first, last) = (self.sums[0].objects, self.sums[self.sums.len() - 1].objects);
        let steps = (self.sums.len() as i128 - 1).max(1);
        ((i128::from(last) - i128::from(first)) / steps) as i64
    }

    /// By how much more the class retains (or has, where that is not known) in the last snapshot than in the first.
    pub(crate) fn growth(&self) -> i128 {
        let size = |sums: &Sums| i128::from(sums.retained.unwrap_or(sums.shallow));
        size(&self.sums[self.sums.len() - 1]) - size(&self.sums[0])
    }
}

/// Why ids tell nothing from one snapshot to another, as far as their files tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Two programs wrote them, the earlier one first.
    Programs(Producer, Producer),
    /// Such programs number the objects of each snapshot anew.
    Numbered(Producer),
    /// Those of the later one begin anew: they ascend from its first object to its last.
    First(Shared),
    /// So many of the ids that both have name other objects.
    Renamed(Shared),
    /// They have no id in common.
    Apart,
    /// Of files with several heaps those of these, by number.
    Heaps(Vec<(usize, Shared)>),
}

impl Why {
    /// Nothing where ids last.
    fn of([earlier, last]: [&Heap; 2], lasting: &Lasting) -> Option<Why> {
        let Lasting { matching, shared, moved, in_order, .. } = lasting;
        let [before, after] = [earlier, last].map(Heap::producer);
        match matching {
            Matching::Ids if shared.common > 0 => None,
            Matching::Heaps(_) => Some(Why::Heaps(moved.clone())),
            _ if before != after => Some(Why::Programs(before, after)),
            _ if after.numbers_anew() => Some(Why::Numbered(after)),
            _ if shared.common == 0 => Some(Why::Apart),
            _ if *in_order && after.numbers_in_order() => Some(Why::First(*shared)),
            _ => Some(Why::Renamed(*shared)),
        }
    }
}

/// Where ids stop to name the same objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restart {
    /// The first of the earlier snapshots that it holds of, from 0 on.
    pub snapshot: usize,
    pub why: Why,
}

/// Snapshots of one program, oldest first.
#[derive(Debug)]
pub(crate) struct Series {
    pub last: Arc<Heap>,
    /// What is kept of all of them, the last one too.
    pub briefs: Vec<Brief>,
    /// Why ids do not name the same objects in all of them, where they do not.
    pub restart: Option<Restart>,
    /// What grew steadily first.
    pub courses: Vec<Course>,
}

impl Series {
    /// Reads earlier snapshots of the program, oldest first, one after the other: each is given up once it is added up.
    ///
    /// # Errors
    /// Those of reading; `Error::Cancelled` once the meter says stop.
    pub(crate) fn read(
        last: Arc<Heap>,
        earlier: impl IntoIterator<Item = Result<Arc<Heap>>>,
        meter: &Meter,
    ) -> Result<Series> {
        let of_last = Brief::of(&last, &last, meter)?;
        let (mut briefs, mut restart) = (Vec::new(), None);
        let mut told = FxHashSet::default();
        for heap in earlier {
            let heap = heap?;
            let lasting = lasting::find(&heap, &last, meter)?;
            let mut brief = Brief::of(&heap, &last, meter)?;
            if let Some(why) = Why::of([&heap, &last], &lasting) {
                restart.get_or_insert(Restart { snapshot: briefs.len(), why });
            }
            // Objects that are still there are no measure beside all that a holder had.
            if restart.is_some() {
                let wanted = brief.grown(&of_last, &told);
                brief.held = Some(brief::held(&heap, &last.classes().interfaces, wanted, meter)?);
                told.extend(brief.held.iter().flatten().map(|(key, _)| key.clone()));
            }
            briefs.push(brief);
        }
        briefs.push(of_last);
        Series::new(last, briefs, restart, meter)
    }

    /// Whether ids name the same objects in all of them.
    pub(crate) fn ids_last(&self) -> bool {
        self.restart.is_none()
    }

    /// Puts snapshots side by side. The briefs are of all of them, oldest first.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn new(last: Arc<Heap>, briefs: Vec<Brief>, restart: Option<Restart>, meter: &Meter) -> Result<Series> {
        let mut courses: Vec<Course> = Vec::new();
        let mut numbers: FxHashMap<&ClassKey, usize> = FxHashMap::default();
        for (at, brief) in briefs.iter().enumerate() {
            meter.check()?;
            for (key, sums) in &brief.classes {
                let number = *numbers.entry(key).or_insert_with(|| {
                    let nothing = Sums { retained: sums.retained.map(|_| 0), ..Sums::default() };
                    let all = vec![nothing; briefs.len()];
                    courses.push(Course { key: key.clone(), classes: Vec::new(), sums: all, verdict: Verdict::Same });
                    courses.len() - 1
                });
                courses[number].sums[at] = *sums;
            }
        }
        for class in last.classes().iter() {
            if let Some(&number) = numbers.get(&ClassKey::of(&last, last.classes(), class)) {
                courses[number].classes.push(class);
            }
        }
        for course in &mut courses {
            course.verdict = Verdict::of(&course.counts());
        }
        courses.sort_by(|one, other| {
            let order = one.verdict.cmp(&other.verdict).then(other.growth().cmp(&one.growth()));
            order
                .then_with(|| compare_utf16(&one.key.name, &other.key.name))
                .then_with(|| one.key.place.cmp(&other.key.place))
        });
        Ok(Series { last, briefs, restart, courses })
    }

    /// The objects of a class in the last snapshot that the first does not have; all of them where ids do not last.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn new_objects(&self, course: &Course, meter: &Meter) -> Result<Vec<NodeIx>> {
        self.objects(course, |node| !self.ids_last() || !self.briefs[0].has(node), meter)
    }

    /// Those that came between the first and the second snapshot and are still there: what no clean-up has freed.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn came_and_stayed(&self, course: &Course, meter: &Meter) -> Result<Vec<NodeIx>> {
        let second = &self.briefs[1.min(self.briefs.len() - 1)];
        self.objects(course, |node| !self.ids_last() || !self.briefs[0].has(node) && second.has(node), meter)
    }

    /// All that the last one has.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn all_objects(&self, course: &Course, meter: &Meter) -> Result<Vec<NodeIx>> {
        self.objects(course, |_| true, meter)
    }

    fn objects(&self, course: &Course, wanted: impl Fn(NodeIx) -> bool, meter: &Meter) -> Result<Vec<NodeIx>> {
        let mut found = Vec::new();
        for &class in &course.classes {
            found.extend(aggregates::members(&self.last, class, |_| true, meter)?);
        }
        found.retain(|&node| wanted(node));
        found.sort_unstable();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::testing;
    use proptest::prelude::*;

    fn series(graphs: &[&Graph]) -> Series {
        let meter = Meter::default();
        let last = graphs[graphs.len() - 1].heap.clone();
        let brief = |graph: &&Graph| Brief::of(&graph.heap, &last, &meter).expect("nobody cancels");
        let briefs = graphs.iter().map(brief).collect();
        Series::new(last.clone(), briefs, None, &meter).expect("nobody cancels")
    }

    fn course<'a>(series: &'a Series, name: &str) -> &'a Course {
        series.courses.iter().find(|course| *course.key.name == *name.as_bytes()).expect("the class is there")
    }

    /// `r` with so many objects of a class, the same ids for the same objects.
    fn heap(count: usize) -> Graph {
        let objects: Vec<String> = (0..count).map(|each| format!("r -a-> Entry#{each}[8]")).collect();
        Graph::new(&format!("r -s-> Store[16]; {}", objects.join("; ")))
    }

    #[test]
    fn verdicts_are_those_of_the_guide() {
        use Verdict::*;
        for (counts, verdict) in [
            (&[10, 20][..], Grew),
            (&[10, 12], Same),
            (&[1000, 1011], Grew),
            (&[1000, 1010], Same),
            (&[20, 10], Shrank),
            (&[10, 20, 30], GrewAtEveryStep),
            (&[10, 20, 21], GrewThenStayed),
            (&[10, 10, 30], Grew),
            (&[10, 30, 10], CameAndWent),
            (&[30, 10, 30], CameAndWent),
            (&[30, 20, 20], Shrank),
            (&[7, 7, 7, 7], Same),
        ] {
            assert_eq!(Verdict::of(counts), verdict, "{counts:?}");
        }
    }

    proptest! {
        /// Against the sentences of the guide, each taken by itself.
        #[test]
        fn a_verdict_says_what_the_steps_are(counts in prop::collection::vec(0u64..400, 2..7)) {
            let change = |at: usize| i128::from(counts[at]) - i128::from(counts[at - 1]);
            let limit = |at: usize| 2.max(i128::from(counts[at - 1]) / 100);
            let is_up = |at: usize| change(at) > limit(at);
            let is_down = |at: usize| change(at) < -limit(at);
            let steps = 1..counts.len();
            let (ups, downs) = (steps.clone().filter(|&at| is_up(at)).count(), steps.filter(|&at| is_down(at)).count());
            let last = counts.len() - 1;
            let verdict = Verdict::of(&counts);
            prop_assert_eq!(verdict == Verdict::Same, ups == 0 && downs == 0);
            prop_assert_eq!(verdict == Verdict::CameAndWent, ups > 0 && downs > 0);
            prop_assert_eq!(verdict == Verdict::Shrank, ups == 0 && downs > 0);
            prop_assert_eq!(verdict == Verdict::GrewAtEveryStep, last > 1 && ups == last);
            let rests = !is_up(last) && !is_down(last);
            prop_assert_eq!(verdict == Verdict::GrewThenStayed, last > 1 && ups > 0 && downs == 0 && rests);
        }

        #[test]
        fn equal_snapshots_say_that_nothing_grew(graph in testing::graphs(12, 24)) {
            let graph = graph.load();
            let found = series(&[&graph, &graph, &graph]);
            prop_assert!(found.courses.iter().all(|course| course.verdict == Verdict::Same && course.step() == 0));
            for course in &found.courses {
                prop_assert!(found.new_objects(course, &Meter::default()).expect("nobody cancels").is_empty());
            }
        }

        /// Sums of a class are those that counting object by object gives.
        #[test]
        fn sums_are_those_of_the_objects(graph in testing::graphs(12, 24)) {
            let graph = graph.load();
            let (heap, found) = (&graph.heap, series(&[&graph, &graph]));
            for course in &found.courses {
                let members: Vec<NodeIx> = heap
                    .nodes()
                    .filter(|&node| *heap.class_name(node) == *course.key.name && heap.shallow_size(node) > 0)
                    .collect();
                let shallow: u64 = members.iter().map(|&node| heap.shallow_size(node)).sum();
                prop_assert_eq!((course.sums[1].objects, course.sums[1].shallow), (members.len() as u64, shallow));
            }
        }
    }

    proptest! {
        /// The classes of each snapshot are all of it, and the rows always stand in one order.
        #[test]
        fn rows_add_up_to_the_snapshots(one in testing::graphs(12, 24), other in testing::graphs(12, 24)) {
            let graphs = [one.load(), other.load()];
            let found = series(&[&graphs[0], &graphs[1]]);
            for (at, graph) in graphs.iter().enumerate() {
                let objects = || graph.heap.nodes().filter(|&node| graph.heap.shallow_size(node) > 0);
                let sum = |of: &dyn Fn(&Sums) -> u64| found.courses.iter().map(|course| of(&course.sums[at])).sum::<u64>();
                prop_assert_eq!(sum(&|sums| sums.objects), objects().count() as u64);
                let shallow: u64 = objects().map(|node| graph.heap.shallow_size(node)).sum();
                prop_assert_eq!(sum(&|sums| sums.shallow), shallow);
            }
            let keys = |series: &Series| series.courses.iter().map(|course| course.key.clone()).collect::<Vec<_>>();
            // In whichever order the classes come.
            let mut briefs = found.briefs.clone();
            briefs.iter_mut().for_each(|brief| brief.classes.reverse());
            let again = Series::new(found.last.clone(), briefs, None, &Meter::default()).expect("nobody cancels");
            prop_assert_eq!(keys(&found), keys(&again));
        }
    }

    proptest! {
        /// Against looking for each object of the last snapshot by its id in the others.
        #[test]
        fn what_is_new_or_stayed_is_what_ids_say(
            one in testing::graphs(12, 24), two in testing::graphs(12, 24), three in testing::graphs(12, 24),
        ) {
            let graphs = [one.load(), two.load(), three.load()];
            let found = series(&[&graphs[0], &graphs[1], &graphs[2]]);
            let last = &found.last;
            let has = |graph: &Graph, node: NodeIx| graph.heap.find_id(last.id(node)).is_some();
            for course in &found.courses {
                let is_of = |node: &NodeIx| course.classes.contains(&last.classes().of(*node));
                let all: Vec<NodeIx> = last.nodes().filter(|node| is_of(node) && last.shallow_size(*node) > 0).collect();
                let new: Vec<NodeIx> = all.iter().copied().filter(|&node| !has(&graphs[0], node)).collect();
                let stayed: Vec<NodeIx> = new.iter().copied().filter(|&node| has(&graphs[1], node)).collect();
                prop_assert_eq!(found.new_objects(course, &Meter::default()).expect("nobody cancels"), new);
                prop_assert_eq!(found.came_and_stayed(course, &Meter::default()).expect("nobody cancels"), stayed);
            }
        }
    }

    #[test]
    fn what_grew_steadily_comes_first_with_what_is_new_of_it() {
        let graphs = [heap(10), heap(30), heap(50)];
        let found = series(&[&graphs[0], &graphs[1], &graphs[2]]);
        let entries = &found.courses[0];
        assert_eq!(
            (&*entries.key.name, entries.verdict, entries.step()),
            (&b"Entry"[..], Verdict::GrewAtEveryStep, 20)
        );
        assert_eq!(entries.counts(), [10, 30, 50]);
        let count = |nodes: Result<Vec<NodeIx>>| nodes.expect("nobody cancels").len();
        assert_eq!(count(found.new_objects(entries, &Meter::default())), 40);
        assert_eq!(count(found.came_and_stayed(entries, &Meter::default())), 20);
        assert_eq!(course(&found, "Store").verdict, Verdict::Same);
    }

    #[test]
    fn a_class_that_is_gone_has_a_row_without_objects() {
        let (before, after) = (heap(10), Graph::new("r -s-> Store[16]"));
        let found = series(&[&before, &after]);
        let entries = course(&found, "Entry");
        assert_eq!((entries.verdict, entries.counts(), entries.classes.len()), (Verdict::Shrank, vec![10, 0], 0));
    }
}
