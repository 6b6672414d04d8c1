//! A snapshot of a series → what is kept of it once it is given up: sums by class, which objects of the last snapshot it
//! has, and, where ids do not tell that, who holds how many.

use std::cmp::Reverse;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::aggregates;
use super::class_key::ClassKey;
use super::held_by::{self, Held};
use super::sums::Sums;
use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::{Heap, Wants};
use crate::index::{Classes, Interface};
use crate::input::Watch;

/// So many objects more are growth, and so many classes are looked at: those with most bytes and most objects more.
const LEAST_GROWN: u64 = 10;
const MOST_GROWN: usize = 40;

/// What is kept of a snapshot.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    pub classes: Vec<(ClassKey, Sums)>,
    /// Which objects of the last snapshot are there too, as far as ids tell: an eighth of a byte each, where the ids
    /// themselves would be eight.
    had: Bits,
    /// Where ids name other objects in the last snapshot: who holds the objects of classes that have grown since.
    pub held: Option<FxHashMap<ClassKey, Held>>,
}

impl Brief {
    /// The sums of a heap, its plain objects named by the shapes of the last one.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(heap: &Heap, last: &Heap, meter: &Meter) -> Result<Brief> {
        let renamed;
        let classes = if std::ptr::eq(heap, last) {
            heap.classes()
        } else {
            renamed = heap.classes_by(&last.classes().interfaces, meter)?;
            &renamed
        };
        let (groups, keys) = groups(heap, classes);
        let mut sums = vec![Sums::default(); keys.len()];
        let group = |node: NodeIx| (heap.shallow_size(node) > 0).then(|| groups[classes.of(node).ix()]);
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if let Some(group) = group(node) {
                sums[group].objects += 1;
                sums[group].shallow = sums[group].shallow.saturating_add(heap.shallow_size(node));
            }
        }
        if let Some(retained) = aggregates::retained_by(heap, keys.len(), group, meter)? {
            sums.iter_mut().zip(retained).for_each(|(sums, retained)| sums.retained = Some(retained));
        }
        let had = shared(heap, last, meter)?;
        let classes = keys.into_iter().zip(sums).filter(|(_, sums)| sums.objects > 0).collect();
        Ok(Brief { classes, had, held: None })
    }

    /// The classes that have grown since, up to the last snapshot, and those of it that `also` has.
    pub(crate) fn grown(&self, last: &Brief, also: &FxHashSet<ClassKey>) -> FxHashSet<ClassKey> {
        let before: FxHashMap<&ClassKey, Sums> = self.classes.iter().map(|(key, sums)| (key, *sums)).collect();
        let mut grown: Vec<(&ClassKey, Sums, Sums)> = last
            .classes
            .iter()
            .filter_map(|(key, after)| Some((key, *before.get(key)?, *after)))
            .filter(|(_, before, after)| after.objects >= before.objects + LEAST_GROWN)
            .collect();
        let size = |sums: &Sums| sums.retained.unwrap_or(sums.shallow);
        let mut found = FxHashSet::default();
        grown.sort_by_key(|(_, before, after)| Reverse(size(after).saturating_sub(size(before))));
        found.extend(grown.iter().take(MOST_GROWN).map(|&(key, ..)| key.clone()));
        grown.sort_by_key(|(_, before, after)| Reverse(after.objects - before.objects));
        found.extend(grown.iter().take(MOST_GROWN).map(|&(key, ..)| key.clone()));
        found.extend(self.classes.iter().map(|(key, _)| key).filter(|key| also.contains(key)).cloned());
        found
    }

    /// Whether this object of the last snapshot is there too.
    pub(crate) fn has(&self, node: NodeIx) -> bool {
        self.had.contains(node.ix())
    }
}

/// Who holds the objects of some classes of a heap, its plain objects named by these shapes.
///
/// # Errors
/// Those of computing retainers; `Error::Cancelled` once the meter says stop.
pub(crate) fn held(
    heap: &Arc<Heap>,
    interfaces: &[Interface],
    wanted: FxHashSet<ClassKey>,
    meter: &Meter,
) -> Result<FxHashMap<ClassKey, Held>> {
    heap.compute(Wants::RETAINER_ROWS, &Watch::within(meter))?;
    let mut wanted: FxHashMap<ClassKey, Vec<NodeIx>> = wanted.into_iter().map(|key| (key, Vec::new())).collect();
    let classes = heap.classes_by(interfaces, meter)?;
    let (groups, keys) = groups(heap, &classes);
    for node in heap.nodes().filter(|&node| heap.shallow_size(node) > 0) {
        meter.check_at(node.ix())?;
        if let Some(objects) = wanted.get_mut(&keys[groups[classes.of(node).ix()]]) {
            objects.push(node);
        }
    }
    wanted.into_iter().map(|(key, objects)| Ok((key, held_by::count(heap, objects, meter)?))).collect()
}

/// The objects of the last snapshot whose ids a heap has.
fn shared(heap: &Heap, last: &Heap, meter: &Meter) -> Result<Bits> {
    let all = || heap.columns().nodes.ids.iter();
    let mut had = Bits::new(last.node_count());
    let mut mark = |has: &dyn Fn(ObjectId) -> bool| -> Result<()> {
        last.nodes().try_for_each(|node| {
            meter.check_at(node.ix())?;
            had.insert_if(node.ix(), has(last.id(node)));
            Ok(())
        })
    };
    // A bit for each number up to the largest, where that takes no more than the numbers themselves.
    let largest = usize::try_from(all().max().unwrap_or(0)).unwrap_or(usize::MAX);
    if largest / 64 <= heap.node_count() {
        let mut ids = Bits::new(largest + 1);
        all().for_each(|id| {
            ids.insert(id as usize);
        });
        mark(&|id| usize::try_from(id).is_ok_and(|id| ids.get(id)))?;
    } else {
        let mut ids: Vec<ObjectId> = all().collect();
        ids.sort_unstable();
        mark(&|id| ids.binary_search(&id).is_ok())?;
    }
    Ok(had)
}

/// By class the number of its key, and the keys: several classes may have one.
fn groups(heap: &Heap, classes: &Classes) -> (Vec<usize>, Vec<ClassKey>) {
    let (mut numbers, mut keys) = (FxHashMap::default(), Vec::new());
    let groups = classes
        .iter()
        .map(|class| {
            let key = ClassKey::of(heap, classes, class);
            *numbers.entry(key.clone()).or_insert_with(|| {
                keys.push(key);
                keys.len() - 1
            })
        })
        .collect();
    (groups, keys)
}
