//! What one snapshot alone shows: many objects of one class that one thing holds.

use std::sync::Arc;

use rayon::prelude::*;

use super::chain::Chain;
use super::rank::{Rank, Ranks};
use super::{Candidate, Kind};
use crate::analysis::aggregates;
use crate::analysis::merged::{Level, Options};
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
/// Ways of being held that the objects of one class are split into.
const MOST_WAYS: usize = 4;
/// So many functions of one place are too many.
pub(super) const MANY_FUNCTIONS: usize = 50;

/// Sets of objects that one thing holds.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(super) fn candidates(
    heap: &Arc<Heap>,
    ranks: &Ranks<'_>,
    newest: Option<&Bits>,
    meter: &Meter,
) -> Result<Vec<Candidate>> {
    let sums = aggregates::aggregate(heap, |_| true, meter)?;
    let least = heap.total_size().unwrap_or(0) / LEAST_SHARE;
    let is_looked_at = |class: ClassIx| ranks.get(class) > Rank::Engine || ranks.is_payload(class);
    let counts = |sums: &&aggregates::Aggregate| {
        sums.count >= LEAST && sums.retained.unwrap_or(0) >= least && is_looked_at(sums.class)
    };
    let mut sums: Vec<_> = sums.iter().filter(counts).collect();
    let mut chosen: Vec<ClassIx> = Vec::new();
    sums.sort_by_key(|sums| std::cmp::Reverse((ranks.tells(sums.class), sums.retained)));
    chosen.extend(sums.iter().take(MOST_CLASSES).map(|sums| sums.class));
    sums.sort_by_key(|sums| std::cmp::Reverse((ranks.tells(sums.class), sums.count)));
    chosen.extend(sums.iter().take(MOST_CLASSES).map(|sums| sums.class));
    chosen.sort_unstable();
    chosen.dedup();
    // Made once, before threads ask for it.
    heap.holding(meter)?;
    let of_class = |&class: &ClassIx| of_class(heap, class, ranks, newest, meter);
    let found: Vec<Vec<Candidate>> = chosen.par_iter().map(of_class).collect::<Result<_>>()?;
    let mut found: Vec<Candidate> = found.into_iter().flatten().collect();
    found.retain(|candidate| candidate.retained >= least);
    Ok(found)
}

/// A class as one set, or as several where its objects are held in several ways.
fn of_class(
    heap: &Arc<Heap>,
    class: ClassIx,
    ranks: &Ranks<'_>,
    newest: Option<&Bits>,
    meter: &Meter,
) -> Result<Vec<Candidate>> {
    meter.check()?;
    let mut found = Vec::new();
    let objects = aggregates::members(heap, class, |_| true, meter)?;
    let level = Arc::new(Level::of_set(heap.clone(), objects.clone(), Options::default(), meter)?);
    let of = |level: Arc<Level>, objects: Vec<NodeIx>| candidate(level, objects, class, ranks, newest, meter);
    if ranks.tells(class) {
        let whole = of(level.clone(), objects)?;
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
        let part = Level::of_set(heap.clone(), objects.clone(), Options::default(), meter)?;
        found.push(of(Arc::new(part), objects)?);
    }
    Ok(found)
}

fn candidate(
    level: Arc<Level>,
    objects: Vec<NodeIx>,
    class: ClassIx,
    ranks: &Ranks<'_>,
    newest: Option<&Bits>,
    meter: &Meter,
) -> Result<Candidate> {
    let heap = level.heap().clone();
    let retained = level.retained();
    let chain = Chain::from(level, ranks, meter)?;
    let newest = newest.map(|newest| objects.iter().filter(|node| newest.contains(node.ix())).count() as u64);
    let kind = kind(&heap, class, &objects, &chain);
    Ok(Candidate { newest, ..Candidate::new(kind, class, objects, retained, chain) })
}

/// What the way to the holder says of a set.
pub(super) fn kind(heap: &Heap, class: ClassIx, objects: &[NodeIx], chain: &Chain) -> Kind {
    if objects.iter().all(|&node| heap.is_detached_dom_node(node))
        && heap.classes().name(class).starts_with(b"Detached ")
    {
        return Kind::Detached;
    }
    let mut kind = Kind::Accumulation;
    for hold in &chain.holds {
        let row = hold.get();
        let (_, holder) = hold.level.sample(hold.row);
        match heap.class_name(holder) {
            b"Timeout" | b"TimersList" | b"Immediate" => return Kind::Timers,
            b"Promise" | b"Generator" | b"AsyncGenerator" if row.holders.len() >= MANY_FUNCTIONS => {
                return Kind::Pending;
            }
            _ if row.one_function && row.holders.len() >= MANY_FUNCTIONS => kind = Kind::Callbacks,
            _ => {}
        }
    }
    kind
}
