//! A set of objects, or a row → the level of those who hold them.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::chains::{Chains, Pairs};
use super::fold::Folder;
use super::gather::{Group, Question, gather};
use super::level::{HolderLevel, HolderRow, Options};
use super::link::HolderKind;
use super::places::Places;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;

impl HolderLevel {
    /// Who holds the objects of a set. The heap is complete.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of_set(heap: Arc<Heap>, set: Vec<NodeIx>, options: Options, meter: &Meter) -> Result<HolderLevel> {
        let objects = Places::new(&heap, set);
        HolderLevel {
            heap,
            options,
            objects,
            above: None,
            rows: Vec::new(),
            again: Vec::new(),
            several: 0,
            unreached: 0,
        }
        .filled(meter)
    }

    /// Who holds the holders of a row.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn below(self: &Arc<HolderLevel>, row: usize, meter: &Meter) -> Result<HolderLevel> {
        let objects = Places::new(&self.heap, self.with_links(row, meter)?);
        HolderLevel {
            heap: self.heap.clone(),
            options: self.options.clone(),
            objects,
            above: Some((self.clone(), row)),
            rows: Vec::new(),
            again: Vec::new(),
            several: 0,
            unreached: 0,
        }
        .filled(meter)
    }

    /// The holders of a row, and those that hold them by the same link, and so on: a list, the inside of a tree.
    fn with_links(&self, row: usize, meter: &Meter) -> Result<Vec<NodeIx>> {
        let key = self.rows[row].key;
        let mut all = self.rows[row].holders.clone();
        let Some(retainers) = self.heap.retainers().filter(|_| !key.again) else { return Ok(all) };
        let kept = self.kept();
        let mut folder = Folder::new(&self.heap, self.holding(meter)?, self.options.engine, Some(&kept));
        let mut known: FxHashSet<NodeIx> = all.iter().copied().collect();
        let (mut next, mut steps) = (0, 0);
        while next < all.len() {
            let at = all[next];
            next += 1;
            for edge in retainers.edges(at) {
                steps += 1;
                meter.check_at(steps)?;
                folder.reasons(self.heap.source(edge), edge, |link, holder| {
                    let is_link = link == key.link && HolderKind::of(&self.heap, link, holder) == key.kind;
                    if is_link && !kept.contains(holder.ix()) && known.insert(holder) {
                        all.push(holder);
                    }
                });
            }
        }
        Ok(all)
    }

    /// The objects of the set that [`HolderRow::objects`] counts: those for which a chain of reasons passes a row.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn reached(&self, row: usize, meter: &Meter) -> Result<Vec<NodeIx>> {
        let places = Chains::new(&self.numbered(), &self.again).places(&self.rows[row].pairs, meter)?;
        Ok(places.into_iter().map(|place| self.set().objects.nodes()[place as usize]).collect())
    }

    fn filled(mut self, meter: &Meter) -> Result<HolderLevel> {
        let levels = self.numbered();
        let kept = self.kept();
        let question = Question {
            heap: &self.heap,
            holding: self.holding(meter)?,
            engine: self.options.engine,
            objects: &self.objects,
            kept: &kept,
        };
        let groups = gather(&question, meter)?;
        let unreached =
            self.objects.nodes().par_iter().filter(|&&node| !question.holding.is_reached(node)).count() as u64;
        let again = again(&self.heap, &levels, &groups);
        let several = several(&groups, self.objects.len());
        let rows = groups.into_par_iter().map(|group| meter.check().map(|()| self.row(group)));
        let mut rows: Vec<HolderRow> = rows.collect::<Result<_>>()?;
        let pairs: Vec<Pairs<'_>> = rows.iter().map(|row: &HolderRow| row.pairs.as_slice()).collect();
        let reached = Chains::new(&levels, &again).reached(&pairs, meter)?;
        for (row, reached) in rows.iter_mut().zip(reached) {
            (row.objects, row.retained) = (reached.objects, reached.retained);
        }
        let text = |row: &HolderRow| (row.key, row.holders[0]);
        rows.sort_by(|one, other| {
            let order = one.key.again.cmp(&other.key.again).then(other.objects.cmp(&one.objects));
            order.then(one.distance.cmp(&other.distance)).then_with(|| text(one).cmp(&text(other)))
        });
        (self.rows, self.again, self.several, self.unreached) = (rows, again, several, unreached);
        Ok(self)
    }

    /// What is known of a row before chains are followed.
    fn row(&self, group: Group) -> HolderRow {
        let Group { key, pairs: found } = group;
        let mut holders: Vec<NodeIx> = Vec::new();
        let mut pairs = Vec::with_capacity(found.len());
        for (holder, object) in found {
            if holders.last() != Some(&holder) {
                holders.push(holder);
            }
            pairs.push([holders.len() as u32 - 1, object]);
        }
        let distances = holders.iter().map(|&holder| self.heap.distance(holder).unwrap_or(0));
        let distance = distances.filter(|&distance| distance != NO_DISTANCE).min().unwrap_or(NO_DISTANCE);
        let one_function = is_one_function(&self.heap, &holders);
        HolderRow { key, holders, pairs, objects: 0, retained: 0, distance, one_function, only: OnceLock::new() }
    }
}

/// Whether all are closures that stand at the same place under the same name.
fn is_one_function(heap: &Heap, nodes: &[NodeIx]) -> bool {
    let place = |node: NodeIx| (heap.columns().nodes.name(node), heap.location(node));
    let first = nodes[0];
    nodes.iter().all(|&node| heap.node_type(node) == NodeType::CLOSURE && place(node) == place(first))
}

/// The references from what stands above to the objects of the last level.
fn again(heap: &Heap, levels: &[&HolderLevel], groups: &[Group]) -> Vec<[u32; 3]> {
    let mut again = Vec::new();
    for &(holder, object) in groups.iter().filter(|group| group.key.again).flat_map(|group| &group.pairs) {
        for (number, level) in levels.iter().enumerate() {
            if let Some(place) = level.objects.place(heap, holder) {
                again.push([number as u32, place as u32, object]);
            }
        }
    }
    again.sort_unstable();
    again.dedup();
    again
}

/// How many objects have more than one reason: another link, or another holder.
fn several(groups: &[Group], objects: usize) -> u64 {
    let (mut counts, mut several) = (vec![0u8; objects], 0);
    for &(_, object) in groups.iter().flat_map(|group| &group.pairs) {
        let count = &mut counts[object as usize];
        *count = count.saturating_add(1);
        several += (*count == 2) as u64;
    }
    several
}
