//! Who holds objects, in a way that means the same in another process: what the reference is called, and what the holder
//! is. Growth is told by it where ids name other objects in each snapshot.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::class_key::ClassKey;
use super::merged::{HolderKind, HolderLevel, Key, Options, Reference};
use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// Rows that are remembered of a class, those with most objects.
const MOST_ROWS: usize = 32;

/// A reference without its holder. Names are WTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Named {
    Property(Box<[u8]>),
    Variable(Box<[u8]>),
    Internal(Box<[u8]>),
    /// The same in every process.
    Same(Reference),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Holder {
    Class(ClassKey),
    /// The scope of a function.
    Scope(Box<[u8]>),
    Root(Box<[u8]>),
}

/// A row of merged retainers that is found again in another process.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HolderKey {
    link: Named,
    inside: Option<(Named, Box<[u8]>)>,
    holder: Holder,
}

impl HolderKey {
    pub(crate) fn of(heap: &Heap, key: &Key) -> HolderKey {
        let classes = heap.classes();
        let inside = key.link.inside.map(|(outer, class)| (named(heap, outer), classes.name(class).into()));
        let holder = match key.kind {
            HolderKind::Class(class) => Holder::Class(ClassKey::of(heap, classes, class)),
            HolderKind::Scope(info) => {
                let name = heap.internal_target(info, &heap.known().function_name);
                Holder::Scope(name.map_or_else(Vec::new, |name| heap.name(name).into_owned()).into())
            }
            HolderKind::UsedBy(name) => Holder::Scope(name.map_or_else(Vec::new, |name| text(heap, name)).into()),
            HolderKind::Root(root) => Holder::Root(heap.raw_name(root).into_owned().into()),
        };
        HolderKey { link: named(heap, key.link.reference), inside, holder }
    }
}

fn text(heap: &Heap, name: StrIx) -> Vec<u8> {
    heap.columns().strings.get(name).into_owned()
}

fn named(heap: &Heap, reference: Reference) -> Named {
    match reference {
        Reference::Property(name) => Named::Property(text(heap, name).into()),
        Reference::Variable(name) => Named::Variable(text(heap, name).into()),
        Reference::Internal(name) => Named::Internal(text(heap, name).into()),
        other => Named::Same(other),
    }
}

/// How many of some objects each row of their merged retainers holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    rows: FxHashMap<HolderKey, u64>,
    /// Whether there are more rows than these.
    is_part: bool,
}

impl Held {
    /// How many are held this way, where that is known.
    pub(super) fn get(&self, key: &HolderKey) -> Option<u64> {
        self.rows.get(key).copied().or((!self.is_part).then_some(0))
    }
}

/// The first rows of a level by what they are in another process too: rows that another process cannot tell apart are one.
pub(super) fn rows(level: &HolderLevel, meter: &Meter) -> Result<Vec<(HolderKey, usize, Vec<NodeIx>)>> {
    let mut rows: Vec<(HolderKey, usize, Vec<NodeIx>)> = Vec::new();
    let mut places: FxHashMap<HolderKey, usize> = FxHashMap::default();
    for row in 0..level.rows().len().min(MOST_ROWS) {
        meter.check()?;
        if level.rows()[row].key.again {
            continue;
        }
        let key = HolderKey::of(level.heap(), &level.rows()[row].key);
        let place = *places.entry(key.clone()).or_insert(rows.len());
        if place == rows.len() {
            rows.push((key, row, Vec::new()));
        }
        rows[place].2.extend(level.held(row));
    }
    for (_, _, objects) in &mut rows {
        objects.sort_unstable();
        objects.dedup();
    }
    Ok(rows)
}

/// Counts who holds objects. The heap has retainers.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn count(heap: &Arc<Heap>, objects: Vec<NodeIx>, meter: &Meter) -> Result<Held> {
    let level = HolderLevel::of_set(heap.clone(), objects, Options::default(), meter)?;
    let held = rows(&level, meter)?.into_iter().map(|(key, _, objects)| (key, objects.len() as u64)).collect();
    Ok(Held { rows: held, is_part: level.rows().len() > MOST_ROWS })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn held(text: &str) -> FxHashMap<HolderKey, u64> {
        let graph = Graph::new(text);
        let entries = graph.heap.nodes().filter(|&node| graph.heap.class_name(node) == b"Entry").collect();
        count(&graph.heap, entries, &Meter::default()).expect("nobody cancels").rows
    }

    #[test]
    fn holders_are_the_same_in_another_process() {
        let one = held("r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]; Array -[1]-> Entry#2[8]");
        let other = held("r -x-> Other[8]; r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]");
        assert_eq!(one.len(), 1);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        assert_eq!((one.values().sum::<u64>(), other.values().sum::<u64>()), (2, 1));
    }

    #[test]
    fn other_names_and_other_classes_are_other_holders() {
        let one = held("r -s-> Store[16]; Store -list-> Array[16]; Array -[0]-> Entry#1[8]");
        for other in [
            "r -s-> Store[16]; Store -queue-> Array[16]; Array -[0]-> Entry#1[8]",
            "r -s-> Shop[16]; Shop -list-> Array[16]; Array -[0]-> Entry#1[8]",
        ] {
            assert!(held(other).keys().all(|key| !one.contains_key(key)), "{other}");
        }
    }

    #[test]
    fn rows_beyond_those_that_are_counted_are_not_known() {
        let holders: Vec<String> = (0..MOST_ROWS + 2)
            .map(|number| format!("r -h{number}-> H{number}[8]; H{number} -e-> Entry#{number}[8]"))
            .collect();
        let graph = Graph::new(&holders.join("; "));
        let entries = graph.heap.nodes().filter(|&node| graph.heap.class_name(node) == b"Entry").collect();
        let held = count(&graph.heap, entries, &Meter::default()).expect("nobody cancels");
        assert!(held.is_part && held.rows.len() == MOST_ROWS);
        let other =
            HolderKey { link: Named::Property(b"x"[..].into()), inside: None, holder: Holder::Root(b""[..].into()) };
        assert_eq!(held.get(&other), None);
        assert_eq!(held.rows.keys().map(|key| held.get(key)).collect::<Vec<_>>(), vec![Some(1); MOST_ROWS]);
    }
}
