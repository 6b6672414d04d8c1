//! All reasons of many objects, grouped by link and kind of holder.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::Folder;
use super::link::{HolderKind, Key, Link, Reference};
use super::places::Places;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::Holding;

/// An object that holds so many others by properties of its own names is a dictionary.
const DICTIONARY: usize = 16;
/// Sets with more than a part of this of all nodes are found from the holders' side: each edge is read once, in order.
const FEW: usize = 16;
/// Nodes that one thread takes at a time.
const PART: usize = 1 << 14;

/// What one group of holders holds by one link.
#[derive(Debug)]
pub(super) struct Group {
    pub key: Key,
    /// Ascending by holder, then by place of what is held; each pair once.
    pub pairs: Vec<(NodeIx, u32)>,
}

/// Whose reasons are looked for, and what is known of those above.
pub(super) struct Question<'a> {
    pub heap: &'a Heap,
    pub holding: &'a Holding,
    pub engine: bool,
    /// The objects whose reasons are wanted.
    pub objects: &'a Places,
    /// Whether a node stands in the set, or in a row above.
    pub kept: &'a Bits,
}

/// One reason: the number of its key, who holds, the place of what is held.
type Raw = (u32, u32, u32);

/// The keys that have been met, in that order.
#[derive(Default)]
struct Keys {
    keys: Vec<Key>,
    numbers: FxHashMap<Key, u32>,
}

impl Keys {
    fn number(&mut self, key: Key) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u32 - 1
        })
    }
}

/// The reasons that one thread has found.
#[derive(Default)]
struct Found {
    keys: Keys,
    raws: Vec<Raw>,
}

/// All reasons: by the number of their key, who holds, the place of what is held.
#[derive(Default)]
struct All {
    keys: Keys,
    pairs: Vec<Vec<(NodeIx, u32)>>,
}

impl All {
    fn of(parts: Vec<Found>) -> All {
        let mut all = All::default();
        let (mut numbers, mut counts): (Vec<Vec<u32>>, Vec<usize>) = Default::default();
        for part in &parts {
            numbers.push(part.keys.keys.iter().map(|&key| all.keys.number(key)).collect());
            counts.resize(all.keys.keys.len(), 0);
            let numbers = numbers.last().expect("just pushed");
            part.raws.iter().for_each(|raw| counts[numbers[raw.0 as usize] as usize] += 1);
        }
        all.pairs = counts.into_iter().map(Vec::with_capacity).collect();
        for (part, numbers) in parts.into_iter().zip(numbers) {
            for (key, holder, object) in part.raws {
                all.pairs[numbers[key as usize] as usize].push((NodeIx(holder), object));
            }
        }
        all
    }

    /// Each pair once, in order.
    fn sort(&mut self) {
        let number = |&(holder, object): &(NodeIx, u32)| u64::from(holder.0) << 32 | u64::from(object);
        self.pairs.par_iter_mut().for_each(|pairs| {
            pairs.sort_unstable_by_key(number);
            pairs.dedup();
        });
    }
}

/// The groups, in no order that means something.
pub(super) fn gather(question: &Question<'_>, meter: &Meter) -> Result<Vec<Group>> {
    let few = question.objects.len() < question.heap.node_count() / FEW;
    let parts: Vec<Found> = match few {
        true => {
            let parts = question.objects.nodes().par_chunks(PART).enumerate();
            parts.map(|(number, part)| question.by_objects(number * PART, part, meter)).collect::<Result<_>>()?
        }
        false => {
            let parts = (0..question.heap.node_count().div_ceil(PART)).into_par_iter();
            parts.map(|part| question.by_holders(part * PART, meter)).collect::<Result<_>>()?
        }
    };
    meter.check()?;
    let mut all = All::of(parts);
    meter.check()?;
    all.sort();
    question.drop_copies(&mut all, meter)?;
    question.find_dictionaries(&mut all);
    let groups = all.keys.keys.into_iter().zip(all.pairs);
    Ok(groups.filter(|(_, pairs)| !pairs.is_empty()).map(|(key, pairs)| Group { key, pairs }).collect())
}

impl Question<'_> {
    fn folder(&self) -> Folder<'_> {
        Folder::new(self.heap, self.holding, self.engine, Some(self.kept))
    }

    /// The reasons of some objects, by what refers to them.
    fn by_objects(&self, first: usize, objects: &[NodeIx], meter: &Meter) -> Result<Found> {
        let (mut folder, mut found) = (self.folder(), Found::default());
        let Some(retainers) = self.heap.retainers() else { return Ok(found) };
        let mut steps = 0;
        for (place, &object) in objects.iter().enumerate() {
            if !self.holding.is_reached(object) {
                continue;
            }
            for edge in retainers.edges(object) {
                steps += 1;
                meter.check_at(steps)?;
                let from = self.heap.source(edge);
                folder.reasons(from, edge, |link, holder| self.take(&mut found, (link, holder), first + place));
            }
        }
        meter.check()?;
        Ok(found)
    }

    /// The reasons that some nodes are for objects of the set.
    fn by_holders(&self, first: usize, meter: &Meter) -> Result<Found> {
        let (mut folder, mut found) = (self.folder(), Found::default());
        let links = self.heap.columns().links();
        for index in first..(first + PART).min(self.heap.node_count()) {
            let from = NodeIx::new(index);
            if !self.holding.is_reached(from) {
                continue;
            }
            for edge in links.edges_of(from) {
                let Some(place) = self.objects.place(self.heap, links.target(edge)) else { continue };
                if self.holding.is_reached(links.target(edge)) {
                    folder.reasons(from, edge, |link, holder| self.take(&mut found, (link, holder), place));
                }
            }
        }
        meter.check()?;
        Ok(found)
    }

    fn take(&self, found: &mut Found, (link, holder): (Link, NodeIx), place: usize) {
        let again = self.kept.contains(holder.ix());
        let key = Key { again, link, kind: HolderKind::of(self.heap, link, holder) };
        let number = found.keys.number(key);
        found.raws.push((number, holder.0, place as u32));
    }

    /// Engines write some references twice, once as the program knows them and once as they keep them: the second says
    /// nothing new.
    fn drop_copies(&self, all: &mut All, meter: &Meter) -> Result<()> {
        if self.engine {
            return Ok(());
        }
        let (of_program, of_engine): (Vec<usize>, Vec<usize>) =
            (0..all.pairs.len()).partition(|&key| all.keys.keys[key].link.reference.is_of_program());
        let maybe: FxHashSet<(NodeIx, u32)> =
            of_engine.iter().flat_map(|&key| all.pairs[key].iter().copied()).collect();
        if maybe.is_empty() {
            return Ok(());
        }
        let pairs = of_program.par_iter().flat_map_iter(|&key| all.pairs[key].iter().copied());
        let said: FxHashSet<(NodeIx, u32)> =
            pairs.filter(|pair| maybe.contains(pair)).collect::<Vec<_>>().into_iter().collect();
        meter.check()?;
        of_engine.into_iter().for_each(|key| all.pairs[key].retain(|pair| !said.contains(pair)));
        Ok(())
    }

    /// Properties that only one object of a class has, each for another object of the set, are one link.
    fn find_dictionaries(&self, all: &mut All) {
        if self.engine {
            return;
        }
        // Holders of keys of which they are the only one.
        let mut names: FxHashMap<NodeIx, Vec<usize>> = FxHashMap::default();
        for (key, pairs) in all.pairs.iter().enumerate() {
            let is_property =
                matches!(all.keys.keys[key].link, Link { reference: Reference::Property(_), inside: None });
            if let (true, [(holder, _), ..]) = (is_property, &pairs[..])
                && pairs.last().is_some_and(|(last, _)| last == holder)
            {
                names.entry(*holder).or_default().push(key);
            }
        }
        names.retain(|_, keys| keys.len() >= DICTIONARY);
        if names.is_empty() {
            return;
        }
        let mut folder = self.folder();
        let mut holders: Vec<(NodeIx, Vec<usize>)> = names.into_iter().collect();
        holders.sort_unstable();
        for (holder, keys) in holders {
            let (link, of) = folder.with_place(Reference::Any, holder);
            let key = Key { again: self.kept.contains(of.ix()), link, kind: HolderKind::of(self.heap, link, of) };
            let number = all.keys.number(key) as usize;
            all.pairs.resize_with(all.keys.keys.len(), Vec::new);
            for key in keys {
                let objects = std::mem::take(&mut all.pairs[key]);
                all.pairs[number].extend(objects.into_iter().map(|(_, object)| (of, object)));
            }
        }
        all.sort();
    }
}
