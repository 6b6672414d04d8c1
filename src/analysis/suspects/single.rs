//! What one snapshot alone shows: many objects of one class that one thing holds.
//!
//! Dozens of classes are looked at, and few become suspects. So large ones are looked at by a sample first: some objects
//! from all parts of the file, and those that retain most. What then stands out is looked at in full.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::chain::{self, Chain};
use super::rank::{Rank, Ranks};
use super::{Candidate, Kind, Set};
use crate::analysis::aggregates::{self, Aggregate};
use crate::analysis::merged::{HolderLevel, Key, Options};
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;

/// So many classes are looked at, those with most bytes and those with most objects.
const MOST_CLASSES: usize = 40;
/// Fewer objects are no accumulation.
const LEAST: u64 = 20;
/// What retains less than this part of the heap is none: one in a thousand.
const LEAST_SHARE: u64 = 1000;
/// Parts of a class of which only a sample is looked at have so many thousandths.
const LEAST_PART: u64 = 2;
/// Ways of being held that the objects of one class are split into.
const MOST_WAYS: usize = 4;
/// Larger classes are looked at by a sample of so many objects first,
pub(super) const SAMPLE: usize = 1024;
/// and of so many that retain most, or one huge object would be missed or count a hundredfold.
const LARGEST: usize = 64;

/// What is asked of classes, and where.
pub(super) struct Single<'a> {
    pub heap: &'a Arc<Heap>,
    pub ranks: &'a Ranks<'a>,
    /// The objects that no earlier snapshot of the process had.
    pub newest: Option<&'a Bits>,
    /// Classes of more than twice as many objects are looked at by a sample of so many.
    pub sample: usize,
    pub meter: &'a Meter,
}

/// The part of its class that a candidate is, of which only a sample was looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    All,
    /// What one row of its merged retainers holds.
    Row(Key),
}

/// Sets of objects that one thing holds.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(super) fn candidates(single: &Single<'_>, sums: &[Aggregate]) -> Result<Vec<Candidate>> {
    let Single { heap, ranks, meter, .. } = *single;
    let least = heap.total_size().unwrap_or(0) / LEAST_SHARE;
    let is_looked_at = |class: ClassIx| ranks.get(class) > Rank::Engine || ranks.is_payload(class);
    let counts =
        |sums: &&Aggregate| sums.count >= LEAST && sums.retained.unwrap_or(0) >= least && is_looked_at(sums.class);
    let mut sums: Vec<_> = sums.iter().filter(counts).collect();
    let mut chosen: Vec<ClassIx> = Vec::new();
    sums.sort_by_key(|sums| std::cmp::Reverse((ranks.tells(sums.class), sums.retained)));
    chosen.extend(sums.iter().take(MOST_CLASSES).map(|sums| sums.class));
    sums.sort_by_key(|sums| std::cmp::Reverse((ranks.tells(sums.class), sums.count)));
    chosen.extend(sums.iter().take(MOST_CLASSES).map(|sums| sums.class));
    chosen.sort_unstable();
    chosen.dedup();
    let members = aggregates::members_of_each(heap, &chosen, meter)?;
    let retained = |class: ClassIx| sums.iter().find(|sums| sums.class == class).and_then(|sums| sums.retained);
    let of_class = |(&class, members): (&ClassIx, Vec<NodeIx>)| {
        single.of_class(class, members, retained(class).unwrap_or(u64::MAX))
    };
    let found = chosen.par_iter().zip(members).with_max_len(1);
    let found: Vec<Vec<Candidate>> = found.map(of_class).collect::<Result<_>>()?;
    let mut found: Vec<Candidate> = found.into_iter().flatten().collect();
    found.retain(|candidate| candidate.retained >= least);
    Ok(found)
}

impl Single<'_> {
    /// A class as one set, or as several where its objects are held in several ways.
    fn of_class(&self, class: ClassIx, members: Vec<NodeIx>, retained: u64) -> Result<Vec<Candidate>> {
        self.meter.check()?;
        // How much of what holds texts and buffers is these is asked to the hundredth.
        let is_sampled = members.len() / 2 > self.sample && !self.ranks.is_payload(class);
        if is_sampled && let Some(found) = self.by_sample(class, &members, retained)? {
            return Ok(found);
        }
        let mut found = Vec::new();
        let level = self.level(members.clone())?;
        if self.ranks.tells(class) {
            let whole = self.candidate(level.clone(), members, class)?;
            let is_held = whole.chain.neck.is_some();
            found.push(whole);
            if is_held {
                return Ok(found);
            }
        }
        for row in 0..level.rows().len().min(MOST_WAYS) {
            let objects = level.held(row);
            if level.rows()[row].key.again || (objects.len() as u64) < LEAST {
                continue;
            }
            found.push(self.candidate(self.level(objects.clone())?, objects, class)?);
        }
        Ok(found)
    }

    fn level(&self, objects: Vec<NodeIx>) -> Result<Arc<HolderLevel>> {
        HolderLevel::of_set(self.heap.clone(), objects, Options::default(), self.meter).map(Arc::new)
    }

    fn candidate(&self, level: Arc<HolderLevel>, objects: Vec<NodeIx>, class: ClassIx) -> Result<Candidate> {
        let newest = self.newest.map(|newest| objects.iter().filter(|node| newest.contains(node.ix())).count() as u64);
        let retained = level.retained();
        let set = Set { class, objects, retained, chain: Chain::from(level, self.ranks, self.meter)? };
        Ok(Candidate { newest, ..Candidate::new(set.kind(self.ranks), set) })
    }

    /// The same as far as a sample tells, with sums that are drawn from it; nothing where it does not.
    fn by_sample(&self, class: ClassIx, members: &[NodeIx], retained: u64) -> Result<Option<Vec<Candidate>>> {
        let sample = Sample::of(self.heap, members, self.sample);
        let level = self.level(sample.nodes.clone())?;
        // Of a class that is split, what its own objects hold is none of the parts.
        if chain::holds_itself(&level, class, if self.ranks.tells(class) { 1 } else { 5 }) {
            return Ok(None);
        }
        let mut found = Vec::new();
        if self.ranks.tells(class) {
            let Some(chain) = Chain::of_sample(level.clone(), class, self.ranks, self.meter)? else { return Ok(None) };
            let is_held = chain.neck.is_some();
            let objects = sample.nodes.clone();
            let whole =
                self.sampled(&sample, Part::All, Set { class, retained: self.size(&sample, &objects), objects, chain });
            found.push(Candidate { count: members.len() as u64, retained, ..whole });
            if is_held {
                return Ok(Some(found));
            }
        }
        let classes = self.heap.classes();
        for row in 0..level.rows().len().min(MOST_WAYS) {
            let objects = level.held(row);
            let key = level.rows()[row].key;
            let is_again = key.again || classes.of(level.sample(row).1) == class;
            if is_again || sample.count(&objects) < LEAST {
                continue;
            }
            // What is too little to stand out need not be understood.
            let size = self.size(&sample, &objects);
            if size < self.heap.total_size().unwrap_or(0) / LEAST_SHARE * LEAST_PART {
                continue;
            }
            let part = self.level(objects.clone())?;
            let Some(chain) = Chain::of_sample(part, class, self.ranks, self.meter)? else { return Ok(None) };
            let part = self.sampled(&sample, Part::Row(key), Set { class, retained: size, objects, chain });
            found.push(Candidate { retained: part.retained.min(retained), ..part });
        }
        Ok(Some(found))
    }

    /// What all retain that some objects of a sample stand for.
    fn size(&self, sample: &Sample, objects: &[NodeIx]) -> u64 {
        sample.sum(objects, |&node| self.heap.retained_size(node).unwrap_or(0))
    }

    /// A part of a class by a sample, of which the set is.
    fn sampled(&self, sample: &Sample, part: Part, set: Set) -> Candidate {
        let is_newest = |newest: &Bits, node: NodeIx| u64::from(newest.contains(node.ix()));
        let newest = self.newest.map(|newest| sample.sum(&set.objects, |&node| is_newest(newest, node)));
        let count = sample.count(&set.objects);
        Candidate { newest, count, sampled: Some(part), ..Candidate::new(set.kind(self.ranks), set) }
    }

    /// What was looked at by a sample, in full; nothing where the sample was wrong about it.
    pub(super) fn in_full(&self, candidate: Candidate) -> Result<Option<Candidate>> {
        let Some(part) = candidate.sampled else { return Ok(Some(candidate)) };
        let class = candidate.class;
        let members = aggregates::members(self.heap, class, |_| true, self.meter)?;
        let objects = match part {
            Part::All => members,
            Part::Row(key) => {
                let level = self.level(members)?;
                let Some(row) = level.rows().iter().position(|row| row.key == key) else { return Ok(None) };
                level.held(row)
            }
        };
        let found = self.candidate(self.level(objects.clone())?, objects, class)?;
        let kind = if candidate.kind == Kind::Pinned { Kind::Pinned } else { found.kind };
        Ok(Some(Candidate { kind, ..found }))
    }
}

/// A place in one of so many equal parts of a list, always the same. At even distances stand things of one kind: each
/// twentieth string of a file may be the last piece of a page.
fn somewhere(part: usize, len: usize, parts: usize) -> usize {
    let (start, end) = (part * len / parts, (part + 1) * len / parts);
    let mixed = (part as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    start + mixed as usize % (end - start).max(1)
}

/// Some objects of many, and what speaks for how many others each stands.
struct Sample {
    nodes: Vec<NodeIx>,
    /// Those that stand for themselves.
    largest: FxHashSet<NodeIx>,
    /// For how many thousandths of an object each of the others stands.
    each: u64,
}

impl Sample {
    fn of(heap: &Heap, members: &[NodeIx], taken: usize) -> Sample {
        let mut by_size: Vec<(u64, NodeIx)> =
            members.iter().map(|&node| (heap.retained_size(node).unwrap_or(0), node)).collect();
        let most = by_size.len().saturating_sub(LARGEST);
        if most < by_size.len() {
            by_size.select_nth_unstable(most);
        }
        let largest: FxHashSet<NodeIx> = by_size[most..].iter().map(|&(_, node)| node).collect();
        let others: Vec<NodeIx> = members.iter().copied().filter(|node| !largest.contains(node)).collect();
        let taken = taken.min(others.len());
        let mut nodes: Vec<NodeIx> = (0..taken).map(|at| others[somewhere(at, others.len(), taken)]).collect();
        let each = (others.len() as u64 * 1000).checked_div(taken as u64).unwrap_or(0);
        nodes.extend(&largest);
        nodes.sort_unstable();
        Sample { nodes, largest, each }
    }

    /// The sum of something over all that some objects of the sample stand for.
    fn sum(&self, objects: &[NodeIx], of: impl Fn(&NodeIx) -> u64) -> u64 {
        let weight = |node: &NodeIx| if self.largest.contains(node) { 1000 } else { self.each };
        let sum: u128 = objects.iter().map(|node| u128::from(of(node)) * u128::from(weight(node))).sum();
        u64::try_from(sum / 1000).unwrap_or(u64::MAX)
    }

    fn count(&self, objects: &[NodeIx]) -> u64 {
        self.sum(objects, |_| 1)
    }
}
