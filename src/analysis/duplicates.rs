//! Strings that are there more than once.
//!
//! Source: HeapSnapshot.ts, `createDuplicatedStringsFilter`, `getDuplicateStrings`.

use std::borrow::Cow;
use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;

/// Strings with one text.
#[derive(Debug, Clone)]
pub struct Group {
    /// The objects, in the order of the file; their name is the text.
    pub nodes: Vec<NodeIx>,
    pub shallow: u64,
    /// Sum of the retained sizes.
    pub retained: u64,
    /// For text that V8 has cut, what tells it from other text with the same beginning.
    pub truncated: Option<Truncated>,
}

impl Group {
    /// What would be saved if each text were there once.
    pub fn wasted(&self) -> u64 {
        self.shallow - self.shallow / self.nodes.len().max(1) as u64
    }
}

/// Length and hash of the whole text, where the file has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Truncated {
    pub length: Option<i64>,
    pub hash: Option<i64>,
}

type Key<'a> = (Cow<'a, [u8]>, Option<Truncated>);

/// The strings that count: no flat cons strings, none without a size.
fn strings(heap: &Heap) -> impl Iterator<Item = NodeIx> + '_ {
    heap.nodes().filter(|&node| {
        matches!(heap.node_type(node), NodeType::STRING | NodeType::CONS_STRING)
            && heap.shallow_size(node) > 0
            && !heap.is_flat_cons_string(node)
    })
}

fn key(heap: &Heap, node: NodeIx) -> Key<'_> {
    let truncated = heap.is_truncated_string(node).then(|| Truncated {
        length: heap.internal_int(node, &heap.known().length),
        hash: heap.internal_int(node, &heap.known().hash),
    });
    (heap.name(node), truncated)
}

/// The duplicated strings as a set of nodes.
pub fn nodes(heap: &Heap, meter: &Meter) -> Result<Bits> {
    let mut first: FxHashMap<Key<'_>, NodeIx> = FxHashMap::default();
    let mut duplicated = Bits::new(heap.node_count());
    for (index, node) in strings(heap).enumerate() {
        meter.check_at(index)?;
        match first.entry(key(heap, node)) {
            std::collections::hash_map::Entry::Occupied(entry) => {
                duplicated.insert(entry.get().ix());
                duplicated.insert(node.ix());
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(node);
            }
        }
    }
    Ok(duplicated)
}

/// The groups by retained size, largest first; of equals whole texts before cut ones, then by first appearance.
pub fn groups(heap: &Heap, meter: &Meter) -> Result<Vec<Group>> {
    let duplicated = nodes(heap, meter)?;
    let mut numbers: FxHashMap<Key<'_>, usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    // The order in which cut texts were first met, whatever their length and hash.
    let mut texts: FxHashMap<Cow<'_, [u8]>, usize> = FxHashMap::default();
    let mut order: Vec<(bool, usize)> = Vec::new();
    for (index, node) in heap.nodes().filter(|node| duplicated.contains(node.ix())).enumerate() {
        meter.check_at(index)?;
        let key = key(heap, node);
        let next_text = texts.len();
        let text = match key.1 {
            Some(_) => *texts.entry(key.0.clone()).or_insert(next_text),
            None => 0,
        };
        let truncated = key.1;
        let number = *numbers.entry(key).or_insert_with(|| {
            groups.push(Group { nodes: Vec::new(), shallow: 0, retained: 0, truncated });
            order.push((truncated.is_some(), text));
            groups.len() - 1
        });
        let group = &mut groups[number];
        group.nodes.push(node);
        group.shallow += heap.shallow_size(node);
        group.retained += heap.retained_size(node).unwrap_or(0);
    }
    let mut ordered: Vec<((bool, usize), Group)> = order.into_iter().zip(groups).collect();
    ordered.sort_by_key(|(order, group)| (Reverse(group.retained), *order));
    Ok(ordered.into_iter().map(|(_, group)| group).collect())
}
