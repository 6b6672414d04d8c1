//! All reasons of many objects, grouped by link and kind of holder.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::Folder;
use super::link::{Key, Kind, Link, Reference};
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

/// The reasons that one thread has found.
#[derive(Default)]
struct Found {
    keys: Vec<Key>,
    numbers: FxHashMap<Key, u32>,
    raws: Vec<Raw>,
}

impl Found {
    fn number(&mut self, key: Key) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u32 - 1
        })
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
    let mut all = Found::default();
    for part in parts {
        let numbers: Vec<u32> = part.keys.iter().map(|&key| all.number(key)).collect();
        all.raws.extend(part.raws.into_iter().map(|(key, holder, object)| (numbers[key as usize], holder, object)));
    }
    meter.check()?;
    all.raws.par_sort_unstable();
    all.raws.dedup();
    question.drop_copies(&mut all, meter)?;
    question.find_dictionaries(&mut all);
    let mut groups: Vec<Group> = Vec::new();
    let mut last = None;
    for (key, holder, object) in all.raws {
        if last != Some(key) {
            groups.push(Group { key: all.keys[key as usize], pairs: Vec::new() });
            last = Some(key);
        }
        groups.last_mut().expect("a group was pushed").pairs.push((NodeIx(holder), object));
    }
    Ok(groups)
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
                let Some(place) = self.objects.place(links.target(edge)) else { continue };
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
        let key = Key { again, link, kind: Kind::of(self.heap, link, holder) };
        let number = found.number(key);
        found.raws.push((number, holder.0, place as u32));
    }

    /// Engines write some references twice, once as the program knows them and once as they keep them: the second says
    /// nothing new.
    fn drop_copies(&self, all: &mut Found, meter: &Meter) -> Result<()> {
        if self.engine {
            return Ok(());
        }
        let of_program: Vec<bool> = all.keys.iter().map(|key| key.link.reference.is_of_program()).collect();
        let is_copy = |raw: &&Raw| !of_program[raw.0 as usize];
        let pair = |&(_, holder, object): &Raw| (holder, object);
        let mut maybe: FxHashSet<(u32, u32)> = all.raws.iter().filter(is_copy).map(pair).collect();
        if maybe.is_empty() {
            return Ok(());
        }
        let said: FxHashSet<(u32, u32)> =
            all.raws.iter().filter(|raw| !is_copy(raw)).map(pair).filter(|pair| maybe.remove(pair)).collect();
        meter.check()?;
        all.raws.retain(|raw| !is_copy(&raw) || !said.contains(&pair(raw)));
        Ok(())
    }

    /// Properties that only one object of a class has, each for another object of the set, are one link.
    fn find_dictionaries(&self, all: &mut Found) {
        if self.engine {
            return;
        }
        // Holders of keys of which they are the only one.
        let mut names: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for group in all.raws.chunk_by(|one, other| one.0 == other.0) {
            let (key, holder, _) = group[0];
            let is_property =
                matches!(all.keys[key as usize].link, Link { reference: Reference::Property(_), inside: None });
            if is_property && group.iter().all(|raw| raw.1 == holder) {
                names.entry(holder).or_default().push(key);
            }
        }
        names.retain(|_, keys| keys.len() >= DICTIONARY);
        if names.is_empty() {
            return;
        }
        let mut folder = self.folder();
        let mut merged: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
        let mut holders: Vec<(u32, Vec<u32>)> = names.into_iter().collect();
        holders.sort_unstable();
        for (holder, keys) in holders {
            let (link, of) = folder.with_place(Reference::Any, NodeIx(holder));
            let key = Key { again: self.kept.contains(of.ix()), link, kind: Kind::of(self.heap, link, of) };
            let number = all.number(key);
            merged.extend(keys.into_iter().map(|key| (key, (number, of.0))));
        }
        for raw in &mut all.raws {
            if let Some(&(number, holder)) = merged.get(&raw.0) {
                (raw.0, raw.1) = (number, holder);
            }
        }
        all.raws.par_sort_unstable();
        all.raws.dedup();
    }
}
