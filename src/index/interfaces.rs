//! Names of plain objects by their properties: `{id, user, cart}`.
//!
//! Source: HeapSnapshot.ts, `inferInterfaceDefinitions`, `applyInterfaceDefinitions`, `formatPropertyName`.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::base::encode::encode_fields;
use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::base::text::{code_points, len_utf16};
use crate::columns::{Columns, EdgeType};
use crate::error::Result;
use crate::index::Ground;

/// In tables by string: nothing.
const NONE: u32 = u32::MAX;
/// A longer name ends before the property that would make it so (UTF-16 units).
const LONGEST_NAME: usize = 120;
/// An interface has at least so many objects …
const FEWEST_OBJECTS: u64 = 2;
/// … and at least this part of all plain objects.
const OBJECTS_PER_INTERFACE: f64 = 1000.0;

/// A set of properties that many plain objects share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interface {
    /// `{a, b}` as WTF-8.
    pub name: Box<[u8]>,
    /// The names of the properties as WTF-8, in the order of the name.
    pub properties: Vec<Box<[u8]>>,
    /// How many objects begin with just these properties.
    pub count: u64,
}

encode_fields!(Interface { name, properties, count });

/// The interfaces of a snapshot, most frequent first, ties by first appearance.
pub(crate) fn infer(ground: &Ground, meter: &Meter) -> Result<Vec<Interface>> {
    let (columns, known) = (&*ground.columns, &*ground.known);
    let mut total = 0u64;
    let mut formatted = Formatted::new(columns);
    // Objects of one shape list the same strings; most look-ups end at the first map.
    let mut by_strings: FxHashMap<Box<[u32]>, Option<usize>> = FxHashMap::default();
    let mut by_name: FxHashMap<Box<[u8]>, usize> = FxHashMap::default();
    let mut candidates: Vec<Interface> = Vec::new();
    let mut properties: Vec<u32> = Vec::new();
    for index in 0..columns.nodes.len() {
        meter.check_at(index)?;
        let node = NodeIx::new(index);
        if !known.is_plain_object(columns, node) {
            continue;
        }
        total += 1;
        properties.clear();
        let mut length = 1;
        for edge in columns.edges_of(node).filter(|&edge| known.is_named_property(columns, edge)) {
            let name = columns.edges.name(edge);
            let own = formatted.length(columns, name);
            if length > 1 && length + own > LONGEST_NAME {
                break;
            }
            length += own + if length > 1 { 2 } else { 0 };
            properties.push(name.0);
        }
        let candidate = match by_strings.get(&properties[..]) {
            Some(&candidate) => candidate,
            None => {
                let candidate = candidate(columns, &properties, &mut by_name, &mut candidates);
                by_strings.insert(properties[..].into(), candidate);
                candidate
            }
        };
        if let Some(candidate) = candidate {
            candidates[candidate].count += 1;
        }
    }
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.count));
    let fewest = (total as f64 / OBJECTS_PER_INTERFACE).max(FEWEST_OBJECTS as f64);
    candidates.retain(|candidate| candidate.count as f64 >= fewest);
    Ok(candidates)
}

/// The candidate for a list of properties; different strings may be equal text.
fn candidate(
    columns: &Columns,
    properties: &[u32],
    by_name: &mut FxHashMap<Box<[u8]>, usize>,
    candidates: &mut Vec<Interface>,
) -> Option<usize> {
    if properties.is_empty() {
        return None;
    }
    let texts: Vec<Box<[u8]>> =
        properties.iter().map(|&property| columns.strings.get(StrIx(property)).into_owned().into()).collect();
    let mut name = vec![b'{'];
    for text in &texts {
        if name.len() > 1 {
            name.extend_from_slice(b", ");
        }
        name.extend_from_slice(&format_property(text));
    }
    name.push(b'}');
    let name: Box<[u8]> = name.into();
    Some(*by_name.entry(name.clone()).or_insert_with(|| {
        candidates.push(Interface { name, properties: texts, count: 0 });
        candidates.len() - 1
    }))
}

/// Lengths of formatted property names by string; 4 bytes a string, which every reference of a plain object asks.
struct Formatted(Vec<u32>);

impl Formatted {
    fn new(columns: &Columns) -> Self {
        Formatted(vec![NONE; columns.strings.len()])
    }

    #[inline]
    fn length(&mut self, columns: &Columns, name: StrIx) -> usize {
        let length = &mut self.0[name.ix()];
        if *length == NONE {
            let own = len_utf16(&format_property(&columns.strings.get(name)));
            *length = u32::try_from(own).unwrap_or(NONE - 1);
        }
        *length as usize
    }
}

/// A property name as it stands in the name of an object: JSON-quoted if it has one of `, ' " { }`.
pub(crate) fn format_property(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.iter().any(|byte| b",'\"{}".contains(byte)) {
        return Cow::Borrowed(name);
    }
    let mut quoted = vec![b'"'];
    for point in code_points(name) {
        match point {
            0x22 => quoted.extend_from_slice(b"\\\""),
            0x5c => quoted.extend_from_slice(b"\\\\"),
            8 => quoted.extend_from_slice(b"\\b"),
            9 => quoted.extend_from_slice(b"\\t"),
            10 => quoted.extend_from_slice(b"\\n"),
            12 => quoted.extend_from_slice(b"\\f"),
            13 => quoted.extend_from_slice(b"\\r"),
            0..0x20 | 0xd800..0xe000 => quoted.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
            _ => crate::base::text::push_code_point(&mut quoted, point),
        }
    }
    quoted.push(b'"');
    Cow::Owned(quoted)
}

/// Finds the best interface of an object: the one with most properties, all of which the object has; of equals the
/// earlier one.
pub(crate) struct Matcher {
    /// String → number of a property that some interface has, or [`NONE`]; strings with equal text share it.
    properties: Vec<u32>,
    /// A tree over the sorted properties of the interfaces.
    tree: Vec<TrieNode>,
    by_strings: FxHashMap<Box<[u32]>, Option<usize>>,
    own: Vec<u32>,
}

#[derive(Default)]
struct TrieNode {
    next: FxHashMap<u32, usize>,
    /// The first interface that ends here, with the number of its properties.
    interface: Option<(usize, usize)>,
}

impl Matcher {
    pub(crate) fn new(columns: &Columns, interfaces: &[Interface]) -> Self {
        let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
        let mut tree = vec![TrieNode::default()];
        for (index, interface) in interfaces.iter().enumerate() {
            let mut properties: Vec<u32> = Vec::with_capacity(interface.properties.len());
            for property in &interface.properties {
                let next = numbers.len() as u32;
                properties.push(*numbers.entry(property).or_insert(next));
            }
            properties.sort_unstable();
            let mut at = 0;
            for &property in &properties {
                let end = tree.len();
                at = *tree[at].next.entry(property).or_insert(end);
                if at == end {
                    tree.push(TrieNode::default());
                }
            }
            tree[at].interface.get_or_insert((index, properties.len()));
        }
        let mut properties = vec![NONE; columns.strings.len()];
        let longest = numbers.keys().map(|name| name.len()).max().unwrap_or(0);
        let mut lengths = vec![false; longest + 1];
        numbers.keys().for_each(|name| lengths[name.len()] = true);
        if !numbers.is_empty() {
            for (string, raw) in columns.strings.iter_raw() {
                // Most strings are as long as no property, as they stand.
                if !columns.strings.is_coded(string) && !lengths.get(raw.len()).is_some_and(|&is_length| is_length) {
                    continue;
                }
                if let Some(&number) = numbers.get(&columns.strings.get(string)[..]) {
                    properties[string.ix()] = number;
                }
            }
        }
        Matcher { properties, tree, by_strings: FxHashMap::default(), own: Vec::new() }
    }

    /// The best interface of a plain object.
    pub(crate) fn find(&mut self, columns: &Columns, node: NodeIx) -> Option<usize> {
        self.own.clear();
        for edge in columns.edges_of(node) {
            if columns.edges.edge_type(edge) != EdgeType::PROPERTY {
                continue;
            }
            let property = self.properties[columns.edges.name(edge).ix()];
            if property != NONE {
                self.own.push(property);
            }
        }
        self.own.sort_unstable();
        if let Some(&found) = self.by_strings.get(&self.own[..]) {
            return found;
        }
        let found = self.search();
        self.by_strings.insert(self.own[..].into(), found);
        found
    }

    /// Follows all sorted sub-lists of the object's properties that the tree knows.
    fn search(&self) -> Option<usize> {
        let mut states = vec![0];
        let mut best: Option<(usize, usize)> = None;
        for property in &self.own {
            for state in 0..states.len() {
                let Some(&next) = self.tree[states[state]].next.get(property) else { continue };
                if states.contains(&next) {
                    continue;
                }
                states.push(next);
                if let Some((index, count)) = self.tree[next].interface {
                    let better = best.is_none_or(|(best_index, best_count)| {
                        count > best_count || count == best_count && index < best_index
                    });
                    if better {
                        best = Some((index, count));
                    }
                }
            }
        }
        best.map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn property_names_that_could_mislead_are_quoted() {
        let format = |name: &str| String::from_utf8(format_property(name.as_bytes()).into_owned()).unwrap();
        assert_eq!(format("plain name"), "plain name");
        assert_eq!(format("a,b"), "\"a,b\"");
        assert_eq!(format("it's\n\\"), "\"it's\\n\\\\\"");
        assert_eq!(format("\"{\u{1}"), "\"\\\"{\\u0001\"");
    }
}
