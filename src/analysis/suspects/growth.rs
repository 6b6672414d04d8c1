//! What grew over a series of snapshots, with who holds what is new of it.

use std::sync::Arc;

use rayon::prelude::*;

use super::chain::Chain;
use super::rank::{Rank, Ranks};
use super::{Candidate, Counted, Set};
use crate::analysis::aggregates;
use crate::analysis::brief::Brief;
use crate::analysis::merged::{HolderLevel, Options};
use crate::analysis::series::{Course, Series, Verdict};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::index::ClassIx;

/// So many classes are looked at, those that grew by most bytes and those that grew by most objects.
const MOST_CLASSES: usize = 40;
/// Fewer new objects are no growth.
const LEAST: u64 = 10;
/// Ways of being held that objects of one built-in class are split into.
const MOST_WAYS: usize = 4;

/// What is asked of the classes of a series.
struct Growth<'a> {
    series: &'a Series,
    ranks: &'a Ranks<'a>,
    meter: &'a Meter,
}

/// Sets of objects that are new and stay.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(super) fn candidates(series: &Series, ranks: &Ranks<'_>, meter: &Meter) -> Result<Vec<Candidate>> {
    let grew = |course: &&Course| {
        let counts = course.counts();
        let more = counts[counts.len() - 1].saturating_sub(counts[0]);
        let is_looked_at =
            course.classes.iter().any(|&class| ranks.get(class) > Rank::Engine || ranks.is_payload(class));
        more >= LEAST && is_looked_at
    };
    let mut courses: Vec<&Course> = series.courses.iter().filter(grew).collect();
    let mut chosen: Vec<&Course> = Vec::new();
    courses.sort_by_key(|course| std::cmp::Reverse(course.growth()));
    chosen.extend(courses.iter().take(MOST_CLASSES));
    courses.sort_by_key(|course| std::cmp::Reverse(course.step()));
    chosen.extend(courses.iter().take(MOST_CLASSES));
    chosen.sort_by(|one, other| one.classes.cmp(&other.classes));
    chosen.dedup_by(|one, other| one.classes == other.classes);
    // Made once, before threads ask for it.
    series.last.holding(meter)?;
    let growth = Growth { series, ranks, meter };
    let found = chosen.into_par_iter().with_max_len(1).map(|course| growth.of_course(course));
    Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

impl Growth<'_> {
    /// What is new of a class as one set, or as several where it is held in several ways.
    fn of_course(&self, course: &Course) -> Result<Vec<Candidate>> {
        let Growth { series, ranks, meter } = *self;
        meter.check()?;
        let mut found = Vec::new();
        let new = series.new_objects(course, meter)?;
        if (new.len() as u64) < LEAST {
            return Ok(found);
        }
        let class = course.classes[0];
        let level = Arc::new(HolderLevel::of_set(series.last.clone(), new.clone(), Options::default(), meter)?);
        if !series.ids_last() {
            return self.by_holder(course, &level);
        }
        if ranks.tells(class) {
            let (mut new, mut retained) = (new, level.retained());
            let mut chain = Chain::from(level, ranks, meter)?;
            if chain.neck.is_none() {
                // What is new hangs on what is old, as the leaves of a tree do: only all of them have one holder.
                let all = series.all_objects(course, meter)?;
                let level = HolderLevel::of_set(series.last.clone(), all.clone(), Options::default(), meter)?;
                let size = level.retained();
                let whole = Chain::from(Arc::new(level), ranks, meter)?;
                if whole.neck.is_some() {
                    (new, retained, chain) = (all, size, whole);
                }
            }
            let stays = self.stays(course)?;
            let (growth, verdict) = (course.counts(), Some(course.verdict));
            let set = Set { class, objects: new, retained, chain };
            let candidate = Candidate::new(set.kind(ranks), set);
            found.push(Candidate { growth, verdict, stays, ..candidate });
            return Ok(found);
        }
        for row in 0..level.rows().len().min(MOST_WAYS) {
            let objects = level.held(row);
            if level.rows()[row].key.again || (objects.len() as u64) < LEAST {
                continue;
            }
            let growth = survivors(series, &objects);
            let verdict = Some(Verdict::of(&growth));
            let candidate = self.candidate(class, objects)?;
            let course = Some((course.counts(), course.verdict));
            found.push(Candidate { growth, counted: Counted::New, verdict, course, ..candidate });
        }
        Ok(found)
    }

    /// Of a class whose objects have other ids in each snapshot, what each holder has more.
    fn by_holder(&self, course: &Course, level: &HolderLevel) -> Result<Vec<Candidate>> {
        let mut found = Vec::new();
        for held in self.series.by_holder(course, level, self.meter)?.into_iter().take(MOST_WAYS) {
            let Some(more) = held.more().and_then(|more| u64::try_from(more).ok()) else { continue };
            let Some(growth) = held.known().filter(|_| more >= LEAST) else { continue };
            let verdict = Some(Verdict::of(&growth));
            let candidate = self.candidate(course.classes[0], held.objects)?;
            found.push(Candidate { growth, counted: Counted::Held, verdict, more: Some(more), ..candidate });
        }
        Ok(found)
    }

    /// Some objects of a class with who holds them.
    fn candidate(&self, class: ClassIx, objects: Vec<NodeIx>) -> Result<Candidate> {
        let level = HolderLevel::of_set(self.series.last.clone(), objects.clone(), Options::default(), self.meter)?;
        let retained = level.retained();
        let set = Set { class, objects, retained, chain: Chain::from(Arc::new(level), self.ranks, self.meter)? };
        Ok(Candidate::new(set.kind(self.ranks), set))
    }

    /// Of the objects that the class had in the last snapshot but one, how many of a thousand are still there.
    fn stays(&self, course: &Course) -> Result<Option<u64>> {
        let series = self.series;
        let before = series.briefs.len().checked_sub(2).filter(|_| series.ids_last());
        let Some(before) = before else { return Ok(None) };
        let had = course.sums[before].objects;
        if had == 0 {
            return Ok(None);
        }
        let mut still = 0;
        for &class in &course.classes {
            let all = aggregates::members(&series.last, class, |_| true, self.meter)?;
            still += all.iter().filter(|&&node| series.briefs[before].has(node)).count() as u64;
        }
        Ok(Some((still * 1000 / had).min(1000)))
    }
}

/// How many of some objects each snapshot has.
fn survivors(series: &Series, objects: &[NodeIx]) -> Vec<u64> {
    let count = |brief: &Brief| objects.iter().filter(|&&node| brief.has(node)).count() as u64;
    series.briefs.iter().map(count).collect()
}
