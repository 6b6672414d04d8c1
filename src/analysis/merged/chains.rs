//! Chains of reasons, from the objects of a level back to those of the set: how many objects a row speaks of.
//!
//! A walk for each row is what most sets need: their objects seldom hold each other. Where they do (all objects of a
//! heap, say), thousands of rows each lead to nearly all of the set, and walks would take rows times objects. Then the
//! rows go together, [`LANES`] at a time, once over the graph whose rings are drawn together: a bit a row at each node.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use super::level::HolderLevel;
use super::places::Places;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// Words of a mask.
const WORDS: usize = 4;
/// Rows that go together.
const LANES: usize = WORDS * 64;
/// Walks may take so many steps for each object and reason; the rows that are left go together.
const STEPS: usize = 4;
/// Below so many steps nobody waits.
const FEW_STEPS: usize = 100_000;

/// Where chains lead from the references of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reached {
    /// Objects of the set.
    pub objects: u64,
    /// What those retain, none counted twice.
    pub retained: u64,
}

/// References of a row: place of the holder, place of what it holds in the level.
pub(super) type Pairs<'a> = &'a [[u32; 2]];

/// Objects of all levels, each with those that it holds on the way to the set. Those of the set come first.
pub(super) struct Chains<'a> {
    set: &'a HolderLevel,
    /// The first object of the last level.
    last: usize,
    len: usize,
    held: Lists,
}

/// Lists of numbers, one after the other; where all are empty there is nothing.
#[derive(Default)]
struct Lists {
    ends: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    fn new(len: usize, pairs: &[[u32; 2]]) -> Lists {
        if pairs.is_empty() {
            return Lists::default();
        }
        let mut ends = vec![0; len + 1];
        for &[from, _] in pairs {
            ends[from as usize + 1] += 1;
        }
        for index in 1..ends.len() {
            ends[index] += ends[index - 1];
        }
        let mut next = ends.clone();
        let mut items = vec![0; pairs.len()];
        for &[from, to] in pairs {
            let slot = &mut next[from as usize];
            items[*slot] = to;
            *slot += 1;
        }
        Lists { ends, items }
    }

    fn of(&self, key: usize) -> &[u32] {
        if self.ends.is_empty() { &[] } else { &self.items[self.ends[key]..self.ends[key + 1]] }
    }
}

impl<'a> Chains<'a> {
    /// `levels` from the set to the one whose rows are counted; `again` are the references of its own rows to what
    /// stands above or beside.
    pub(super) fn new(levels: &[&'a HolderLevel], again: &[[u32; 3]]) -> Chains<'a> {
        let mut firsts = vec![0u32];
        for level in levels {
            firsts.push(firsts.last().expect("one at least") + level.objects.len() as u32);
        }
        let mut pairs = Vec::new();
        for (number, level) in levels.iter().enumerate() {
            if let Some((above, row)) = level.above() {
                let row = &above.rows()[row];
                let places: Vec<Option<usize>> =
                    row.holders.iter().map(|&holder| level.objects.place(level.heap(), holder)).collect();
                pairs.extend(row.pairs.iter().map(|&[holder, object]| {
                    let place = places[holder as usize].expect("the objects are the holders of the row") as u32;
                    [firsts[number] + place, firsts[number - 1] + object]
                }));
            }
            let of_level = if number + 1 == levels.len() { again } else { level.again() };
            pairs.extend(
                of_level.iter().map(|&[from, place, object]| [firsts[from as usize] + place, firsts[number] + object]),
            );
        }
        let [.., last, len] = firsts[..] else { unreachable!("there is a level") };
        let (last, len) = (last as usize, len as usize);
        Chains { set: levels[0], last, len, held: Lists::new(len, &pairs) }
    }

    /// Where chains lead from each row.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(super) fn reached(&self, rows: &[Pairs<'_>], meter: &Meter) -> Result<Vec<Reached>> {
        let most = FEW_STEPS.max(STEPS.saturating_mul(self.len + self.held.items.len()));
        self.reached_within(rows, most, meter)
    }

    /// As [`Chains::reached`], with walks of so many steps at most.
    pub(super) fn reached_within(&self, rows: &[Pairs<'_>], most: usize, meter: &Meter) -> Result<Vec<Reached>> {
        let (next, steps) = (AtomicUsize::new(0), AtomicUsize::new(0));
        // Each thread takes the next row until there is none, or the walks have taken too many steps.
        let walk = |_| {
            let (mut walk, mut reached) = (Walk::new(self), Vec::new());
            while steps.load(Relaxed) <= most {
                let number = next.fetch_add(1, Relaxed);
                let Some(pairs) = rows.get(number) else { break };
                let places = walk.places(number as u32 + 1, pairs, meter)?;
                steps.fetch_add(std::mem::take(&mut walk.steps), Relaxed);
                let retained = self.objects().retained(self.heap(), &places).unwrap_or(0);
                reached.push((number, Reached { objects: places.len() as u64, retained }));
            }
            Ok(reached)
        };
        let threads = (0..rayon::current_num_threads().min(rows.len())).into_par_iter();
        let walked: Vec<Vec<(usize, Reached)>> = threads.map(walk).collect::<Result<_>>()?;
        let mut walked: Vec<(usize, Reached)> = walked.into_iter().flatten().collect();
        walked.sort_unstable_by_key(|&(number, _)| number);
        let mut reached: Vec<Reached> = walked.into_iter().map(|(_, reached)| reached).collect();
        if reached.len() < rows.len() {
            let rings = Rings::of(self, meter)?;
            for together in rows[reached.len()..].chunks(LANES) {
                rings.reached(together, &mut reached, meter)?;
            }
        }
        Ok(reached)
    }

    /// The places in the set to which chains lead from the references of one row.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(super) fn places(&self, pairs: Pairs<'_>, meter: &Meter) -> Result<Vec<u32>> {
        Walk::new(self).places(1, pairs, meter)
    }

    fn heap(&self) -> &'a Heap {
        self.set.heap()
    }

    fn objects(&self) -> &'a Places {
        &self.set.objects
    }
}

/// A walk for each row.
struct Walk<'a> {
    chains: &'a Chains<'a>,
    /// By object: the last walk that came by.
    seen: Vec<u32>,
    steps: usize,
}

/// Where a walk meets more than a part of this of the set, its places are read off the list of all.
const SOME: usize = 64;

impl<'a> Walk<'a> {
    fn new(chains: &'a Chains<'a>) -> Walk<'a> {
        Walk { chains, seen: vec![0; chains.len], steps: 0 }
    }

    /// The places in the set, ascending, to which chains lead from the references of a row.
    fn places(&mut self, walk: u32, pairs: Pairs<'_>, meter: &Meter) -> Result<Vec<u32>> {
        let chains = self.chains;
        let mut open: Vec<u32> = Vec::new();
        let mut places = Vec::new();
        let (seen, set) = (&mut self.seen, chains.objects().len());
        let leads_on = !chains.held.items.is_empty();
        let mut visit = |at: u32, open: &mut Vec<u32>| {
            if std::mem::replace(&mut seen[at as usize], walk) != walk {
                if (at as usize) < set {
                    places.push(at);
                }
                if leads_on {
                    open.push(at);
                }
            }
        };
        for (step, &[_, object]) in pairs.iter().enumerate() {
            meter.check_at(step)?;
            visit(chains.last as u32 + object, &mut open);
        }
        while let Some(at) = open.pop() {
            self.steps += 1;
            meter.check_at(self.steps)?;
            for &held in chains.held.of(at as usize) {
                visit(held, &mut open);
            }
        }
        if places.len() > set / SOME {
            places.clear();
            places.extend((0..set as u32).filter(|&place| self.seen[place as usize] == walk));
        } else {
            places.sort_unstable();
        }
        Ok(places)
    }
}

type Mask = [u64; WORDS];

/// The graph of chains with objects that hold each other in a ring as one.
///
/// Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972: rings are found from the end of chains on.
struct Rings<'a> {
    chains: &'a Chains<'a>,
    /// By object: its ring. What a ring holds has a smaller number.
    of: Vec<u32>,
    /// By ring: the rings that it holds.
    held: Lists,
}

const NEW: u32 = u32::MAX;

impl<'a> Rings<'a> {
    fn of(chains: &'a Chains<'a>, meter: &Meter) -> Result<Rings<'a>> {
        let len = chains.len;
        let (mut of, mut low, mut order) = (vec![NEW; len], vec![NEW; len], 0u32);
        // Objects whose ring is not known yet, and the way to the one that is looked at: object, next reason.
        let (mut open, mut way): (Vec<u32>, Vec<(u32, usize)>) = Default::default();
        let (mut rings, mut steps) = (0u32, 0);
        for start in 0..len {
            if low[start] != NEW {
                continue;
            }
            way.push((start as u32, 0));
            // By object, while it is open: when it was seen first.
            let first = order;
            low[start] = order;
            order += 1;
            open.push(start as u32);
            let mut seen_at = vec![first];
            while let Some(&mut (at, ref mut next)) = way.last_mut() {
                steps += 1;
                meter.check_at(steps)?;
                let at = at as usize;
                if let Some(&held) = chains.held.of(at).get(*next) {
                    *next += 1;
                    let held = held as usize;
                    if low[held] == NEW {
                        low[held] = order;
                        seen_at.push(order);
                        order += 1;
                        open.push(held as u32);
                        way.push((held as u32, 0));
                    } else if of[held] == NEW {
                        low[at] = low[at].min(low[held]);
                    }
                    continue;
                }
                way.pop();
                let is_head = low[at] == seen_at.pop().expect("one for each on the way");
                if is_head {
                    loop {
                        let inner = open.pop().expect("the head of the ring stands there") as usize;
                        of[inner] = rings;
                        if inner == at {
                            break;
                        }
                    }
                    rings += 1;
                }
                if let Some(&(above, _)) = way.last() {
                    let above = above as usize;
                    low[above] = low[above].min(low[at]);
                }
            }
        }
        let mut pairs: Vec<[u32; 2]> = Vec::new();
        for (at, &ring) in of.iter().enumerate() {
            meter.check_at(at)?;
            let others = chains.held.of(at).iter().map(|&held| of[held as usize]).filter(|&held| held != ring);
            pairs.extend(others.map(|held| [ring, held]));
        }
        pairs.sort_unstable();
        pairs.dedup();
        Ok(Rings { chains, of, held: Lists::new(rings as usize, &pairs) })
    }

    /// Where chains lead from each of some rows, at most [`LANES`].
    fn reached(&self, rows: &[Pairs<'_>], into: &mut Vec<Reached>, meter: &Meter) -> Result<()> {
        let chains = self.chains;
        let rings = self.of.iter().max().map_or(0, |&most| most as usize + 1);
        let mut masks: Vec<Mask> = vec![[0; WORDS]; rings];
        for (lane, pairs) in rows.iter().enumerate() {
            for &[_, object] in *pairs {
                masks[self.of[chains.last + object as usize] as usize][lane / 64] |= 1 << (lane % 64);
            }
        }
        for ring in (0..rings).rev() {
            meter.check_at(ring)?;
            let mask = masks[ring];
            if mask != [0; WORDS] {
                for &held in self.held.of(ring) {
                    for (word, more) in masks[held as usize].iter_mut().zip(mask) {
                        *word |= more;
                    }
                }
            }
        }
        let heap = chains.heap();
        let (Some(dominators), Some(retained)) = (heap.dominators(), heap.retained()) else { return Ok(()) };
        let mut counts = Counts::default();
        let mut sums = vec![0u64; rows.len()];
        // What dominates the object at hand: where it ends, and which rows reach it or what dominates it.
        let mut above: Vec<(usize, Mask)> = Vec::new();
        for (place, &node) in chains.objects().nodes().iter().enumerate() {
            meter.check_at(place)?;
            let position = dominators.position(node);
            while above.last().is_some_and(|&(end, _)| end <= position) {
                above.pop();
            }
            let mask = masks[self.of[place] as usize];
            counts.add(mask);
            let covered = above.last().map_or([0; WORDS], |&(_, covered)| covered);
            let mut together = covered;
            for word in 0..WORDS {
                let mut first = mask[word] & !covered[word];
                together[word] |= mask[word];
                while first != 0 {
                    let sum = &mut sums[word * 64 + first.trailing_zeros() as usize];
                    *sum = sum.saturating_add(retained.get(node.ix()));
                    first &= first - 1;
                }
            }
            above.push((position + dominators.subtree(position), together));
        }
        into.extend(
            sums.into_iter().enumerate().map(|(lane, retained)| Reached { objects: counts.get(lane), retained }),
        );
        Ok(())
    }
}

/// How many masks have each bit: digits in base two, a mask for each.
#[derive(Default)]
struct Counts(Vec<Mask>);

impl Counts {
    fn add(&mut self, mut carry: Mask) {
        for digit in 0.. {
            if carry == [0; WORDS] {
                return;
            }
            if digit == self.0.len() {
                self.0.push([0; WORDS]);
            }
            for (word, carry) in self.0[digit].iter_mut().zip(&mut carry) {
                let both = *word & *carry;
                *word ^= *carry;
                *carry = both;
            }
        }
    }

    fn get(&self, lane: usize) -> u64 {
        let digit = |(at, mask): (usize, &Mask)| (mask[lane / 64] >> (lane % 64) & 1) << at;
        self.0.iter().enumerate().map(digit).sum()
    }
}
