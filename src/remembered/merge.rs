//! What two processes remember of one snapshot → what both do: of each thing that one has changed since it read, its own.

use std::collections::BTreeMap;

use super::{Ignored, Remembered};

/// `ours` on top of `theirs`, as far as it is other than `before`, which is what we have read or written last.
pub(super) fn merge(before: &Remembered, ours: &Remembered, theirs: &Remembered) -> Remembered {
    Remembered {
        version: ours.version,
        snapshot: ours.snapshot.clone(),
        view: one(&before.view, &ours.view, &theirs.view),
        orders: map(&before.orders, &ours.orders, &theirs.orders),
        marks: map(&before.marks, &ours.marks, &theirs.marks),
        notes: map(&before.notes, &ours.notes, &theirs.notes),
        ignored: list(&before.ignored, &ours.ignored, &theirs.ignored),
    }
}

fn one<T: Clone + PartialEq>(before: &T, ours: &T, theirs: &T) -> T {
    if ours == before { theirs.clone() } else { ours.clone() }
}

fn map<K: Clone + Ord, V: Clone + PartialEq>(
    before: &BTreeMap<K, V>,
    ours: &BTreeMap<K, V>,
    theirs: &BTreeMap<K, V>,
) -> BTreeMap<K, V> {
    let keys = ours.keys().chain(theirs.keys());
    let merged = keys.filter_map(|key| {
        let value = one(&before.get(key), &ours.get(key), &theirs.get(key))?;
        Some((key.clone(), value.clone()))
    });
    merged.collect()
}

fn list(before: &[Ignored], ours: &[Ignored], theirs: &[Ignored]) -> Vec<Ignored> {
    let gone = |thing: &Ignored| before.contains(thing) && !ours.contains(thing);
    let mut merged: Vec<Ignored> = theirs.iter().filter(|thing| !gone(thing)).cloned().collect();
    // What they have counted again stays so, unless it is new of ours.
    let new = ours.iter().filter(|thing| !before.contains(thing) && !theirs.contains(thing));
    merged.extend(new.cloned());
    merged
}
