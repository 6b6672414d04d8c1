//! Strings that are there more than once.
//!
//! Source: HeapSnapshot.ts, `createDuplicatedStringsFilter`, `getDuplicateStrings`.

use std::borrow::Cow;
use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::len_utf16;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;

/// V8 writes no more characters of a string, unless its flag `heap_snapshot_string_limit` says so.
pub(crate) const V8_LIMIT: usize = 1024;

/// Strings with one text.
#[derive(Debug, Clone)]
pub(crate) struct TextGroup {
    /// The objects, in the order of the file; their name is the text.
    pub nodes: Vec<NodeIx>,
    pub shallow: u64,
    /// Sum of the retained sizes.
    pub retained: u64,
    wasted: u64,
    may_differ: bool,
    /// For text that V8 has cut, what tells it from other text with the same beginning.
    pub truncated: Option<Truncated>,
}

impl TextGroup {
    /// What would be saved if each text were there once.
    pub(crate) fn wasted(&self) -> u64 {
        self.wasted
    }

    /// Whether texts of different length may be in it: V8 writes the first [`V8_LIMIT`] characters of each, and most
    /// files do not say which are cut.
    pub(crate) fn may_differ(&self) -> bool {
        self.may_differ
    }
}

/// Length and hash of the whole text, where the file has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Truncated {
    pub length: Option<i64>,
    pub hash: Option<i64>,
}

type TextKey<'a> = (Cow<'a, [u8]>, Option<Truncated>);

/// The strings that count: no flat cons strings, none without a size.
fn strings(heap: &Heap) -> impl Iterator<Item = NodeIx> + '_ {
    heap.nodes().filter(|&node| {
        matches!(heap.node_type(node), NodeType::STRING | NodeType::CONS_STRING)
            && heap.shallow_size(node) > 0
            && !heap.is_flat_cons_string(node)
    })
}

fn key(heap: &Heap, node: NodeIx) -> TextKey<'_> {
    let truncated = heap.is_truncated_string(node).then(|| Truncated {
        length: heap.internal_int(node, &heap.known().length),
        hash: heap.internal_int(node, &heap.known().hash),
    });
    (heap.name(node), truncated)
}

/// The duplicated strings as a set of nodes.
pub(crate) fn nodes(heap: &Heap, meter: &Meter) -> Result<Bits> {
    let mut first: FxHashMap<TextKey<'_>, NodeIx> = FxHashMap::default();
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
pub(crate) fn groups(heap: &Heap, meter: &Meter) -> Result<Vec<TextGroup>> {
    // Each text is looked at once: what is there only once is most of them.
    let mut numbers: FxHashMap<TextKey<'_>, u32> = FxHashMap::default();
    let (mut counts, mut all): (Vec<u32>, Vec<(NodeIx, u32)>) = Default::default();
    for (index, node) in strings(heap).enumerate() {
        meter.check_at(index)?;
        let number = *numbers.entry(key(heap, node)).or_insert_with(|| {
            counts.push(0);
            counts.len() as u32 - 1
        });
        counts[number as usize] += 1;
        all.push((node, number));
    }
    drop(numbers);
    let mut places: Vec<u32> = vec![u32::MAX; counts.len()];
    let mut groups: Vec<TextGroup> = Vec::new();
    // The order in which cut texts were first met, whatever their length and hash.
    let mut texts: FxHashMap<Cow<'_, [u8]>, usize> = FxHashMap::default();
    let mut order: Vec<(bool, usize)> = Vec::new();
    let duplicated = all.into_iter().filter(|&(_, number)| counts[number as usize] > 1);
    for (index, (node, number)) in duplicated.enumerate() {
        meter.check_at(index)?;
        let place = &mut places[number as usize];
        if *place == u32::MAX {
            *place = groups.len() as u32;
            let (name, truncated) = key(heap, node);
            let next_text = texts.len();
            let text = truncated.map_or(0, |_| *texts.entry(name).or_insert(next_text));
            order.push((truncated.is_some(), text));
            groups.push(TextGroup {
                nodes: Vec::new(),
                shallow: 0,
                retained: 0,
                wasted: 0,
                may_differ: false,
                truncated,
            });
        }
        let group = &mut groups[*place as usize];
        group.nodes.push(node);
        group.shallow = group.shallow.saturating_add(heap.shallow_size(node));
        group.retained = group.retained.saturating_add(heap.retained_size(node).unwrap_or(0));
    }
    for group in &mut groups {
        meter.check()?;
        waste(heap, group);
    }
    let mut ordered: Vec<((bool, usize), TextGroup)> = order.into_iter().zip(groups).collect();
    ordered.sort_by_key(|(order, group)| (Reverse(group.retained), *order));
    Ok(ordered.into_iter().map(|(_, group)| group).collect())
}

/// Finds what of a group is too much. Of texts that may be cut only those of one size count as equal.
fn waste(heap: &Heap, group: &mut TextGroup) {
    let mut sizes: Vec<u64> = group.nodes.iter().map(|&node| heap.shallow_size(node)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    group.may_differ =
        sizes.len() > 1 && group.truncated.is_none() && len_utf16(&heap.name(group.nodes[0])) >= V8_LIMIT;
    let needed = match group.may_differ {
        true => sizes.iter().fold(0, |sum: u64, &size| sum.saturating_add(size)),
        false => group.shallow / group.nodes.len().max(1) as u64,
    };
    group.wasted = group.shallow.saturating_sub(needed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn only_group(text: &str, sizes: [u64; 3]) -> TextGroup {
        let [a, b, c] = sizes;
        let graph = Graph::new(&format!(
            "r -a-> A; A -[0]-> {text}#1:string[{a}]; A -[1]-> {text}#2:string[{b}]; A -[2]-> {text}#3:string[{c}]"
        ));
        let mut groups = groups(&graph.heap, &Meter::default()).expect("nobody cancels");
        assert_eq!(groups.len(), 1);
        groups.remove(0)
    }

    #[test]
    fn whole_texts_waste_all_but_one() {
        let group = only_group("text", [24, 24, 30]);
        assert_eq!((group.wasted(), group.may_differ()), (52, false));
    }

    #[test]
    fn sizes_that_no_sum_holds_stay_at_the_largest() {
        let group = only_group("text", [u64::MAX, u64::MAX, 1]);
        assert_eq!((group.shallow, group.retained), (u64::MAX, u64::MAX));
        assert_eq!(group.wasted(), u64::MAX - u64::MAX / 3);
    }

    #[test]
    fn texts_that_may_be_cut_are_only_equal_where_their_sizes_are() {
        let text = "x".repeat(V8_LIMIT);
        let group = only_group(&text, [2000, 2000, 90_000]);
        assert_eq!((group.wasted(), group.may_differ()), (2000, true));
        let group = only_group(&text, [2000, 2000, 2000]);
        assert_eq!((group.wasted(), group.may_differ()), (4000, false));
    }
}
