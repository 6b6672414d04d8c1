//! Where to look first: sets of objects that may be kept by mistake, each with who holds it and what speaks for it.

mod age;
mod chain;
mod groups;
mod growth;
mod odd;
mod rank;
mod single;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

pub(crate) use chain::{Chain, Hold};
pub(crate) use odd::Odd;
use rank::{MANY_FUNCTIONS, Rank, Ranks};
use single::{Part, Single};

use super::aggregates;
use super::series::{Series, Verdict};
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Many held by one; in a series more and more.
    Accumulation,
    /// Small objects that keep large texts or buffers.
    Pinned,
    /// Functions of one place that wait to be called.
    Callbacks,
    Timers,
    /// Functions that were left in the middle, and promises that nobody has settled.
    Pending,
    Detached,
    /// One text or buffer.
    Huge,
    /// Texts that are there more than once.
    Duplicated,
    /// Nearly empty for their size.
    Sparse,
    /// Scripts of one source.
    Recompiled,
    /// Windows of no frame.
    Window,
    /// In variables that no function uses.
    Unused,
}

/// What the numbers of a growth are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Class,
    /// Those of the objects that each snapshot has: new since the first.
    New,
    /// What is held the same way.
    Held,
}

/// Objects that may be kept by mistake.
#[derive(Debug)]
pub(crate) struct Suspect {
    pub kind: Kind,
    pub class: ClassIx,
    /// What the holder that is named holds of the set that was looked at; all of it where it is odd by itself.
    pub objects: Vec<NodeIx>,
    /// How many the set has.
    pub all: u64,
    pub retained: u64,
    pub chain: Chain,
    /// How many there were in each snapshot; nothing for one.
    pub growth: Vec<u64>,
    /// What was counted for that.
    pub counted: Counted,
    pub verdict: Option<Verdict>,
    /// The whole class in each snapshot and how that went, where the above is about a part of it.
    pub course: Option<(Vec<u64>, Verdict)>,
    /// Of the objects of the snapshot before the last, how many of a thousand are still there.
    pub stays: Option<u64>,
    /// The last step of the largest, in thousandths.
    pub slows: Option<u64>,
    /// How many of the objects no earlier snapshot of the process had.
    pub newest: Option<u64>,
    /// How many of the objects would go without the references of the holder that is named.
    pub only: Option<u64>,
    /// Who holds the same, where none would go.
    pub also: Option<Hold>,
    /// Whether the functions on the way are listeners or other callbacks that are known as such.
    pub waits: bool,
    /// How many more the holder has than in the first snapshot, where ids tell nothing.
    pub more: Option<u64>,
    /// What is odd about it, whoever holds it.
    pub odd: Option<Odd>,
}

/// What is odd by its kind counts so many times its bytes.
const ODD: u128 = 8;
/// More rows help nobody.
const MOST_SUSPECTS: usize = 12;
/// What is pinned is at least so many bytes an object,
const LEAST_PINNED: u64 = 4096;
/// and so many of a hundred of all that there is.
const PINNED: u64 = 95;

/// Of one snapshot what retains so many of a thousand of the heap is large,
const LARGE: u64 = 50;
/// and of classes that tell nothing so many.
const UNTOLD: u64 = 100;

/// Objects of one class, and the way to what holds them.
struct Set {
    class: ClassIx,
    objects: Vec<NodeIx>,
    retained: u64,
    chain: Chain,
}

impl Set {
    /// What the way to the holder says of it.
    fn kind(&self, ranks: &Ranks<'_>) -> Kind {
        let (heap, class) = (ranks.heap(), self.class);
        if self.objects.iter().all(|&node| heap.is_detached_dom_node(node))
            && heap.classes().name(class).starts_with(b"Detached ")
        {
            return Kind::Detached;
        }
        let mut kind = Kind::Accumulation;
        let is_own = ranks.get(class) == Rank::Own;
        for hold in &self.chain.holds {
            let row = hold.get();
            let (_, holder) = hold.level.sample(hold.row);
            match heap.class_name(holder) {
                b"Timeout" | b"TimersList" | b"Immediate" => return Kind::Timers,
                b"Promise" | b"Generator" | b"AsyncGenerator" if row.holders.len() >= MANY_FUNCTIONS => {
                    return Kind::Pending;
                }
                // Classes of the runtime's own are functions of one place too, each with its prototype.
                _ if !is_own && row.one_function && ranks.are_of_runtime(&row.holders) => {}
                _ if row.one_function && row.holders.len() >= MANY_FUNCTIONS => kind = Kind::Callbacks,
                _ => {}
            }
        }
        kind
    }
}

/// A set with who holds it, before those of one holder are put together.
struct Candidate {
    kind: Kind,
    class: ClassIx,
    /// Of what was looked at by a sample, that.
    objects: Vec<NodeIx>,
    /// How many there are.
    count: u64,
    /// What was looked at by a sample only.
    sampled: Option<Part>,
    retained: u64,
    chain: Chain,
    growth: Vec<u64>,
    counted: Counted,
    verdict: Option<Verdict>,
    course: Option<(Vec<u64>, Verdict)>,
    stays: Option<u64>,
    /// How many of the objects no earlier snapshot of the process had.
    newest: Option<u64>,
    /// How many more the holder has than in the first snapshot, where ids tell nothing.
    more: Option<u64>,
    odd: Option<Odd>,
}

impl Candidate {
    /// A set of which nothing more is known.
    fn new(kind: Kind, set: Set) -> Candidate {
        let Set { class, objects, retained, chain } = set;
        Candidate {
            kind,
            class,
            count: objects.len() as u64,
            objects,
            sampled: None,
            retained,
            chain,
            growth: Vec::new(),
            counted: Counted::Class,
            verdict: None,
            course: None,
            stays: None,
            newest: None,
            more: None,
            odd: None,
        }
    }

    fn slows(&self) -> Option<u64> {
        last_of_largest(&self.growth)
    }

    /// Whether there is evidence enough for a row: it grew and is no trifle, or it is large.
    fn stands_out(&self, total: u64, ranks: &Ranks<'_>) -> bool {
        let part = |thousandths: u64| total / 1000 * thousandths;
        if self.is_of_engine(ranks) {
            return false;
        }
        let is_told = ranks.tells(self.class) || !matches!(self.kind, Kind::Accumulation);
        // Strings and arrays are everywhere: so many of them with one holder are odd. Functions are what a library is.
        let is_many = || self.retained >= part(UNTOLD) && !ranks.are_functions(&self.objects);
        let is_odd = || self.odd.is_some() || is_many();
        match (self.verdict, self.newest) {
            (Some(_), _) => match self.tier() {
                3 => self.retained >= part(if is_told { 2 } else { 10 }),
                2 | 1 => self.retained >= part(if is_told { 10 } else { 50 }),
                _ => false,
            },
            // What is as large as it was before is a table.
            (None, Some(newest)) => {
                let has_come = newest.saturating_mul(50) >= self.count;
                // What has come altogether may go as well.
                let is_turnover = self.kind == Kind::Accumulation && self.single_tier() == 0;
                has_come && (is_told && self.retained >= part(if is_turnover { 20 } else { 5 }) || is_odd())
            }
            (None, None) if is_told && self.kind != Kind::Accumulation => self.retained >= part(5),
            (None, None) => is_told && self.retained >= part(LARGE) || is_odd(),
        }
    }

    /// Whether the engine or the runtime keeps what is its own: in another version of it there may be more.
    fn is_of_engine(&self, ranks: &Ranks<'_>) -> bool {
        let is_plain = self.kind == Kind::Accumulation && self.odd.is_none() && !ranks.tells(self.class);
        let hold = self.chain.named(self.kind).map(|at| self.chain.holds[at].get());
        is_plain && hold.is_some_and(|hold| ranks.is_of_engine(hold.holders[0], hold.key.kind))
    }

    /// With what the holder that is named holds of it, and what would go without that.
    fn suspect(mut self, ages: Option<&Bits>, meter: &Meter) -> Result<Suspect> {
        let all = self.objects.len() as u64;
        let named = self.chain.named(self.kind).map(|at| self.chain.holds[at].clone());
        if let Some(hold) = named.as_ref().filter(|hold| self.odd.is_none() && hold.get().objects < all) {
            let held: FxHashSet<NodeIx> = hold.level.reached(hold.row, meter)?.into_iter().collect();
            self.objects.retain(|node| held.contains(node));
            self.retained = hold.get().retained;
            let is_new = |node: &&NodeIx| ages.is_some_and(|ages| ages.contains(node.ix()));
            self.newest = self.newest.map(|_| self.objects.iter().filter(is_new).count() as u64);
        }
        let only = named.as_ref().map(|hold| hold.level.count_only(hold.row, meter)).transpose()?;
        let also = match only {
            Some(0) => self.chain.also(self.kind, &self.objects, meter)?,
            _ => None,
        };
        let waits = self.kind == Kind::Callbacks && self.chain.waits();
        let slows = match &self.course {
            Some((counts, _)) => last_of_largest(counts),
            None => self.slows(),
        };
        Ok(Suspect {
            kind: self.kind,
            class: self.class,
            retained: self.retained,
            slows,
            verdict: self.verdict,
            counted: self.counted,
            course: self.course,
            stays: self.stays,
            newest: self.newest,
            only,
            also,
            waits,
            growth: self.growth,
            objects: self.objects,
            all,
            chain: self.chain,
            more: self.more,
            odd: self.odd,
        })
    }

    /// The same from one snapshot: how many of it have come since an earlier one, and are not all there is.
    fn single_tier(&self) -> u8 {
        let Some(newest) = self.newest else { return 1 };
        match newest * 1000 / self.count.max(1) {
            100..=900 => 2,
            20..=950 => 1,
            _ => 0,
        }
    }

    /// Bytes that speak for it: of one snapshot those of what has come since an earlier one, where that is known.
    fn weight(&self) -> u128 {
        let objects = u128::from(self.count.max(1));
        // Few programs let hundreds of functions wait on purpose, or keep what is in no document.
        let odd = if self.kind == Kind::Accumulation || self.odd.is_some() { 1 } else { ODD };
        u128::from(self.retained) * self.newest.map_or(objects, u128::from) / objects * odd
    }

    /// How sure growth is: it went on undiminished, and nothing of it goes.
    fn tier(&self) -> u8 {
        let Some(verdict) = self.verdict else { return self.single_tier() };
        let steady = self.slows().is_some_and(|slows| slows >= 650);
        let stays = self.stays.is_none_or(|stays| stays >= 850);
        match verdict {
            Verdict::GrewAtEveryStep if steady && stays => 3,
            Verdict::Grew if stays => 2,
            Verdict::GrewAtEveryStep => 1,
            _ => 0,
        }
    }
}

/// The last step of the largest, in thousandths.
fn last_of_largest(counts: &[u64]) -> Option<u64> {
    let steps: Vec<u64> = counts.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    let largest = *steps.iter().max()?;
    Some(steps.last()? * 1000 / largest.max(1))
}

/// Suspects, and what was looked at.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The strongest first.
    pub suspects: Vec<Suspect>,
    /// Whether the file tells which objects have come since an earlier snapshot of its process.
    pub tells_age: bool,
}

/// The suspects of one snapshot or, where there are several, of all of them.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn find(heap: &Arc<Heap>, series: Option<&Series>, meter: &Meter) -> Result<Found> {
    find_by(heap, series, single::SAMPLE, meter)
}

/// The same with samples of so many objects.
fn find_by(heap: &Arc<Heap>, series: Option<&Series>, sample: usize, meter: &Meter) -> Result<Found> {
    // The longest beside the others: all are needed.
    let (holding, known) = rayon::join(
        || heap.holding(meter),
        || -> Result<_> {
            let newest = if series.is_some() { None } else { age::newest(heap, meter)? };
            Ok((Ranks::of(heap, meter)?, newest, aggregates::aggregate(heap, |_| true, meter)?))
        },
    );
    let (ranks, newest, sums) = known?;
    holding?;
    let single = Single { heap, ranks: &ranks, newest: newest.as_ref(), sample, meter };
    let total = heap.total_size().unwrap_or(0);
    let is_new = |node: NodeIx| series.is_none_or(|series| series.ids_last() && !series.briefs[0].has(node));
    let (leads, odd) = rayon::join(
        || -> Result<Vec<Candidate>> {
            let candidates = match series {
                Some(series) => growth::candidates(series, &ranks, meter)?,
                None => single::candidates(&single, &sums)?,
            };
            let groups = groups::of(candidates);
            groups::leads(groups, total, &ranks, |group| groups::settled(group, &ranks, |each| single.in_full(each)))
        },
        || odd::candidates(heap, &ranks, &is_new, meter),
    );
    let (mut all, odd) = (leads?, odd?);
    // What is odd says more of the same than that it is much.
    let is_said = |lead: &Candidate| {
        let is_same = |odd: &Candidate| odd.class == lead.class && odd.chain.holder() == lead.chain.holder();
        lead.kind == Kind::Accumulation && !ranks.tells(lead.class) && odd.iter().any(is_same)
    };
    all.retain(|lead| !is_said(lead));
    all.extend(odd);
    let suspects =
        groups::strongest(all).into_par_iter().with_max_len(1).map(|lead| lead.suspect(newest.as_ref(), meter));
    Ok(Found { suspects: suspects.collect::<Result<_>>()?, tells_age: newest.is_some() })
}
