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

/// Objects of more properties are asked one by one: each may have a shape of its own.
const MOST_OF_SHAPE: usize = 24;

/// The names of the properties that plain objects have: most share them with many others, whose class is the same then.
pub(crate) struct Shapes {
    /// By plain object, in the order of the nodes: its shape, or [`NONE`] where it has too many properties.
    of: Vec<u32>,
    /// By shape, the names of all properties in the order of the file, as strings.
    names: Vec<Box<[u32]>>,
    /// By shape, how many objects have it.
    counts: Vec<u64>,
    /// Shapes by the first object that has it, and objects without one between them.
    first: Vec<First>,
}

enum First {
    Shape(u32),
    Many(NodeIx),
}

impl Shapes {
    pub(crate) fn find(ground: &Ground, meter: &Meter) -> Result<Self> {
        let (columns, known) = (&*ground.columns, &*ground.known);
        let mut shapes = Shapes { of: Vec::new(), names: Vec::new(), counts: Vec::new(), first: Vec::new() };
        let mut numbers: FxHashMap<Box<[u32]>, u32> = FxHashMap::default();
        let mut names: Vec<u32> = Vec::new();
        for index in 0..columns.nodes.len() {
            meter.check_at(index)?;
            let node = NodeIx::new(index);
            if !known.is_plain_object(columns, node) {
                continue;
            }
            names.clear();
            names.extend(properties(columns, node).take(MOST_OF_SHAPE + 1));
            if names.len() > MOST_OF_SHAPE {
                shapes.of.push(NONE);
                shapes.first.push(First::Many(node));
                continue;
            }
            let number = match numbers.get(&names[..]) {
                Some(&number) => number,
                None => {
                    let number = shapes.counts.len() as u32;
                    numbers.insert(names[..].into(), number);
                    shapes.counts.push(0);
                    shapes.first.push(First::Shape(number));
                    number
                }
            };
            shapes.of.push(number);
            shapes.counts[number as usize] += 1;
        }
        shapes.names.resize(numbers.len(), Box::default());
        for (names, number) in numbers {
            shapes.names[number as usize] = names;
        }
        Ok(shapes)
    }
}

/// The names of all properties of an object.
fn properties(columns: &Columns, node: NodeIx) -> impl Iterator<Item = u32> + '_ {
    let properties = columns.edges_of(node).filter(|&edge| columns.edges.edge_type(edge) == EdgeType::PROPERTY);
    properties.map(|edge| columns.edges.name(edge).0)
}

/// The interfaces of a snapshot, most frequent first, ties by first appearance.
pub(crate) fn infer(ground: &Ground, shapes: &Shapes, meter: &Meter) -> Result<Vec<Interface>> {
    let (columns, known) = (&*ground.columns, &*ground.known);
    let mut formatted = Formatted::new(columns);
    // Objects that differ behind the end of a name list the same strings before it.
    let mut by_strings: FxHashMap<Box<[u32]>, Option<usize>> = FxHashMap::default();
    let mut by_name: FxHashMap<Box<[u8]>, usize> = FxHashMap::default();
    let mut candidates: Vec<Interface> = Vec::new();
    let mut named: Vec<u32> = Vec::new();
    let mut count = |names: &mut dyn Iterator<Item = u32>, objects: u64| {
        named.clear();
        let mut length = 1;
        for name in names.filter(|&name| known.is_name_of_property(StrIx(name))) {
            let own = formatted.length(columns, StrIx(name));
            if length > 1 && length + own > LONGEST_NAME {
                break;
            }
            length += own + if length > 1 { 2 } else { 0 };
            named.push(name);
        }
        let candidate = match by_strings.get(&named[..]) {
            Some(&candidate) => candidate,
            None => {
                let candidate = candidate(columns, &named, &mut by_name, &mut candidates);
                by_strings.insert(named[..].into(), candidate);
                candidate
            }
        };
        if let Some(candidate) = candidate {
            candidates[candidate].count += objects;
        }
    };
    for (step, first) in shapes.first.iter().enumerate() {
        meter.check_at(step)?;
        match *first {
            First::Shape(shape) => {
                count(&mut shapes.names[shape as usize].iter().copied(), shapes.counts[shape as usize]);
            }
            First::Many(node) => count(&mut properties(columns, node), 1),
        }
    }
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.count));
    let fewest = (shapes.of.len() as f64 / OBJECTS_PER_INTERFACE).max(FEWEST_OBJECTS as f64);
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
pub(crate) struct Matcher<'a> {
    columns: &'a Columns,
    shapes: &'a Shapes,
    /// How many plain objects have been asked for.
    asked: usize,
    /// By shape, what was found for it; nothing where nobody has looked.
    by_shape: Vec<Option<Option<usize>>>,
    /// String → number of a property that some interface has, or [`NONE`]; strings with equal text share it.
    properties: Vec<u32>,
    /// A tree over the sorted properties of the interfaces.
    tree: Vec<TrieNode>,
    /// What was found, by the properties that some interface has.
    by_properties: FxHashMap<Box<[u32]>, Option<usize>>,
    own: Vec<u32>,
}

#[derive(Default)]
struct TrieNode {
    next: FxHashMap<u32, usize>,
    /// The first interface that ends here, with the number of its properties.
    interface: Option<(usize, usize)>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(columns: &'a Columns, shapes: &'a Shapes, interfaces: &[Interface]) -> Self {
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
        let by_shape = vec![None; shapes.names.len()];
        let (by_properties, own) = (FxHashMap::default(), Vec::new());
        Matcher { columns, shapes, asked: 0, by_shape, properties, tree, by_properties, own }
    }

    /// The best interface of the next plain object, which is `node`.
    pub(crate) fn next(&mut self, node: NodeIx) -> Option<usize> {
        let (columns, shapes) = (self.columns, self.shapes);
        let shape = shapes.of[self.asked];
        self.asked += 1;
        if shape == NONE {
            return self.find(&mut properties(columns, node));
        }
        if let Some(found) = self.by_shape[shape as usize] {
            return found;
        }
        let found = self.find(&mut shapes.names[shape as usize].iter().copied());
        self.by_shape[shape as usize] = Some(found);
        found
    }

    fn find(&mut self, names: &mut dyn Iterator<Item = u32>) -> Option<usize> {
        self.own.clear();
        let properties = &self.properties;
        self.own.extend(names.map(|name| properties[name as usize]).filter(|&property| property != NONE));
        self.own.sort_unstable();
        if let Some(&found) = self.by_properties.get(&self.own[..]) {
            return found;
        }
        let found = self.search();
        self.by_properties.insert(self.own[..].into(), found);
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
    use crate::notation::Graph;

    /// With and without a shape: the same names, whatever the number of properties that no interface has.
    #[test]
    fn objects_of_many_properties_are_named_like_those_of_few() {
        let count = MOST_OF_SHAPE - 1;
        let object = |name: &str, more: usize| {
            let own = ["a", "b"].into_iter().map(str::to_owned);
            let all = own.chain((0..more).map(|number| format!("p{number}")));
            all.map(|property| format!("Object#{name} -{property}-> {name}{property}")).collect::<Vec<_>>().join("; ")
        };
        let names = ["one", "two", "three", "few", "many"];
        let roots = names.map(|name| format!("r -{name}-> Object#{name}")).join("; ");
        let mores = [0, 0, 0, count - 1, count];
        let objects = names.iter().zip(mores).map(|(name, more)| object(name, more)).collect::<Vec<_>>().join("; ");
        let graph = Graph::new(&format!("{roots}; {objects}"));
        let class = |name: &str| {
            let node = graph.node(&format!("Object#{name}"));
            String::from_utf8_lossy(graph.heap.class_name(node)).into_owned()
        };
        assert_eq!(names.map(class), ["{a, b}"; 5]);
    }

    #[test]
    fn property_names_that_could_mislead_are_quoted() {
        let format = |name: &str| String::from_utf8(format_property(name.as_bytes()).into_owned()).unwrap();
        assert_eq!(format("plain name"), "plain name");
        assert_eq!(format("a,b"), "\"a,b\"");
        assert_eq!(format("it's\n\\"), "\"it's\\n\\\\\"");
        assert_eq!(format("\"{\u{1}"), "\"\\\"{\\u0001\"");
    }
}
