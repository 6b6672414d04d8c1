//! Who holds objects, in a way that means the same in another process: what the reference is called, and what the holder
//! is. Growth is told by it where ids name other objects in each snapshot.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::merged::{Key, Kind, Level, Options, Reference};
use super::series::{Brief, ClassKey, Course, Series, Sums, Verdict};
use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// Rows that are remembered of a class, those with most objects.
const MOST_ROWS: usize = 32;

/// A reference without its holder. Names are WTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Named {
    Property(Box<[u8]>),
    Variable(Box<[u8]>),
    Internal(Box<[u8]>),
    /// The same in every process.
    Same(Reference),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Holder {
    Class(ClassKey),
    /// The scope of a function.
    Scope(Box<[u8]>),
    Root(Box<[u8]>),
}

/// A row of merged retainers that is found again in another process.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HolderKey {
    link: Named,
    inside: Option<(Named, Box<[u8]>)>,
    holder: Holder,
}

impl HolderKey {
    pub(crate) fn of(heap: &Heap, key: &Key) -> HolderKey {
        let classes = heap.classes();
        let inside = key.link.inside.map(|(outer, class)| (named(heap, outer), classes.name(class).into()));
        let holder = match key.kind {
            Kind::Class(class) => Holder::Class(ClassKey::of(heap, classes, class)),
            Kind::Scope(info) => {
                let name = heap.internal_target(info, &heap.known().function_name);
                Holder::Scope(name.map_or_else(Vec::new, |name| heap.name(name).into_owned()).into())
            }
            Kind::UsedBy(name) => Holder::Scope(name.map_or_else(Vec::new, |name| text(heap, name)).into()),
            Kind::Root(root) => Holder::Root(heap.raw_name(root).into_owned().into()),
        };
        HolderKey { link: named(heap, key.link.reference), inside, holder }
    }
}

fn text(heap: &Heap, name: StrIx) -> Vec<u8> {
    heap.columns().strings.get(name).into_owned()
}

fn named(heap: &Heap, reference: Reference) -> Named {
    match reference {
        Reference::Property(name) => Named::Property(text(heap, name).into()),
        Reference::Variable(name) => Named::Variable(text(heap, name).into()),
        Reference::Internal(name) => Named::Internal(text(heap, name).into()),
        other => Named::Same(other),
    }
}

/// How many of some objects each row of their merged retainers holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    rows: FxHashMap<HolderKey, u64>,
    /// Whether there are more rows than these.
    is_part: bool,
}

impl Held {
    /// How many are held this way, where that is known.
    fn get(&self, key: &HolderKey) -> Option<u64> {
        self.rows.get(key).copied().or((!self.is_part).then_some(0))
    }
}

/// The first rows of a level by what they are in another process too: rows that another process cannot tell apart are one.
fn rows(level: &Level, meter: &Meter) -> Result<Vec<(HolderKey, usize, Vec<NodeIx>)>> {
    let mut rows: Vec<(HolderKey, usize, Vec<NodeIx>)> = Vec::new();
    let mut places: FxHashMap<HolderKey, usize> = FxHashMap::default();
    for row in 0..level.rows().len().min(MOST_ROWS) {
        meter.check()?;
        if level.rows()[row].key.again {
            continue;
        }
        let key = HolderKey::of(level.heap(), &level.rows()[row].key);
        let place = *places.entry(key.clone()).or_insert(rows.len());
        if place == rows.len() {
            rows.push((key, row, Vec::new()));
        }
        rows[place].2.extend(level.held(row));
    }
    for (_, _, objects) in &mut rows {
        objects.sort_unstable();
        objects.dedup();
    }
    Ok(rows)
}

/// Counts who holds objects. The heap has retainers.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn count(heap: &Arc<Heap>, objects: Vec<NodeIx>, meter: &Meter) -> Result<Held> {
    let level = Level::of_set(heap.clone(), objects, Options::default(), meter)?;
    let held = rows(&level, meter)?.into_iter().map(|(key, _, objects)| (key, objects.len() as u64)).collect();
    Ok(Held { rows: held, is_part: level.rows().len() > MOST_ROWS })
}

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
        let (first, last) = (course.sums[0].count, course.sums[course.sums.len() - 1].count);
        let held = self.briefs[0].held.as_ref();
        Verdict::of(&[first, last]) == Verdict::Grew
            && (first == 0 || held.is_none_or(|held| held.contains_key(&course.key)))
    }

    /// How each way in which the objects of a class are held in the last snapshot went, those with most objects there
    /// first. The level has all objects of the class in the last snapshot.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn by_holder(&self, course: &Course, level: &Level, meter: &Meter) -> Result<Vec<HeldCourse>> {
        let earlier = &self.briefs[..self.briefs.len() - 1];
        let rows = rows(level, meter)?.into_iter().map(|(key, row, objects)| {
            let in_earlier = |(brief, sums): (&Brief, &Sums)| match &brief.held {
                _ if sums.count == 0 => Some(0),
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
    use crate::analysis::series::{Restart, Why};
    use crate::notation::Graph;
    use proptest::prelude::*;

    fn held(text: &str) -> FxHashMap<HolderKey, u64> {
        let graph = Graph::new(text);
        let entries = graph.heap.nodes().filter(|&node| graph.heap.class_name(node) == b"Entry").collect();
        count(&graph.heap, entries, &Meter::default()).expect("nobody cancels").rows
    }

    #[test]
    fn holders_are_the_same_in_another_process() {
        let one = held("r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]; Array -[1]-> Entry#2[8]");
        let other = held("r -x-> Other[8]; r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]");
        assert_eq!(one.len(), 1);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        assert_eq!((one.values().sum::<u64>(), other.values().sum::<u64>()), (2, 1));
    }

    #[test]
    fn other_names_and_other_classes_are_other_holders() {
        let one = held("r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]");
        for other in [
            "r -s-> Store[16]; Store -queue-> Array[16]; Array -[0]-> Entry#1[8]",
            "r -s-> Shop[16]; Shop -list-> Array[16]; Array -[0]-> Entry#1[8]",
        ] {
            assert!(held(other).keys().all(|key| !one.contains_key(key)), "{other}");
        }
    }

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
            brief.attribute(&graph.heap, (interfaces, &of_last), &told, &meter).expect("nobody cancels");
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
            let level = Level::of_set(series.last.clone(), all, Options::default(), &Meter::default());
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

    #[test]
    fn rows_beyond_those_that_are_counted_are_not_known() {
        let holders: Vec<String> = (0..MOST_ROWS + 2)
            .map(|number| format!("r -h{number}-> H{number}[8]; H{number} -e-> Entry#{number}[8]"))
            .collect();
        let graph = Graph::new(&holders.join("; "));
        let entries = graph.heap.nodes().filter(|&node| graph.heap.class_name(node) == b"Entry").collect();
        let held = count(&graph.heap, entries, &Meter::default()).expect("nobody cancels");
        assert!(held.is_part && held.rows.len() == MOST_ROWS);
        let other =
            HolderKey { link: Named::Property(b"x"[..].into()), inside: None, holder: Holder::Root(b""[..].into()) };
        assert_eq!(held.get(&other), None);
        assert_eq!(held.rows.keys().map(|key| held.get(key)).collect::<Vec<_>>(), vec![Some(1); MOST_ROWS]);
    }
}
