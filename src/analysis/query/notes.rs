//! What a file does not know of what a query asks. Data: `answers` has the words.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::language::{Condition, Expr, Matcher, Value};
use crate::analysis::duplicates::V8_LIMIT;
use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::base::text::{len_utf16, well_formed};
use crate::columns::{Columns, NodeType, Strings};
use crate::error::Result;
use crate::heap::{Heap, producer};

/// Something that an answer cannot know, or that explains why it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// Of so many strings the file has only the beginning; the longest that it has.
    CutStrings { count: u64, at: u64 },
    /// So many strings are parts of others, and the file does not say which.
    SlicedStrings { count: u64 },
    /// So many concatenated strings go on behind what was searched.
    LongStrings { count: u64, searched: u64 },
    /// The file has no values of numbers.
    NoNumbers,
    /// The file does not tell `true` from `false`.
    NoBooleans,
    /// The file does not say which DOM nodes are detached.
    NoDetachedness,
    /// The file does not say where functions and classes stand.
    NoPlaces,
    /// No object is of a class of this name.
    NoClass(String),
    /// The file has no such type; those that it has.
    NoType { name: String, known: Vec<String> },
}

/// All conditions of an expression.
pub(super) fn conditions<'a>(expr: &'a Expr, found: &mut Vec<&'a Condition>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| conditions(part, found)),
        Expr::Not(part) => conditions(part, found),
        Expr::Is(condition) => found.push(condition),
    }
}

/// What the file does not know of what the conditions ask, each once.
pub(super) fn of(heap: &Heap, expr: &Expr, unfinished: u64, meter: &Meter) -> Result<Vec<Note>> {
    let mut asked = Vec::new();
    conditions(expr, &mut asked);
    let mut notes: Vec<Note> = Vec::new();
    if asked.iter().any(|condition| contents(condition).is_some_and(needs_all)) {
        notes.extend(cut_strings(heap, meter)?);
    }
    if asked.iter().any(|condition| contents(condition).is_some()) {
        notes.extend(sliced_strings(heap));
    }
    if unfinished > 0 {
        notes.push(Note::LongStrings { count: unfinished, searched: super::SEARCHED as u64 });
    }
    for condition in asked {
        notes
            .extend(of_condition(heap, condition).filter(|note| !notes.contains(note)).into_iter().collect::<Vec<_>>());
    }
    Ok(notes)
}

/// What looks for a text in the contents of strings.
fn contents(condition: &Condition) -> Option<&Matcher> {
    match condition {
        Condition::Anywhere(matcher)
        | Condition::Text(matcher)
        | Condition::Name(matcher)
        | Condition::Property { value: Value::Text(matcher), .. } => Some(matcher),
        _ => None,
    }
}

/// Whether a text may fit the whole of a string of which only the beginning is there.
fn needs_all(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Is(text) => len_utf16(text) >= V8_LIMIT,
        _ => true,
    }
}

fn of_condition(heap: &Heap, condition: &Condition) -> Option<Note> {
    let columns = heap.columns();
    let lacks = |what| producer::untold_values(columns, heap.known()).contains(&what);
    match condition {
        Condition::Property { value: Value::Number(..) | Value::Compared(..), .. } if lacks("numbers") => {
            Some(Note::NoNumbers)
        }
        Condition::Property { value: Value::Constant(..), .. } if lacks("booleans") => Some(Note::NoBooleans),
        Condition::Detached if !tells_detached(heap) => Some(Note::NoDetachedness),
        Condition::Place(_) if columns.locations.is_empty() => Some(Note::NoPlaces),
        Condition::Class(Matcher::Is(name)) => {
            let classes = heap.classes();
            let is_known = classes.iter().any(|class| *classes.name(class) == **name);
            (!is_known).then(|| Note::NoClass(well_formed(name).into_owned()))
        }
        Condition::Type(Matcher::Is(name)) => no_type(columns, name),
        _ => None,
    }
}

/// Old files say it in names.
fn tells_detached(heap: &Heap) -> bool {
    heap.columns().nodes.has_detachedness() || heap.nodes().any(|node| heap.is_detached_dom_node(node))
}

fn no_type(columns: &Columns, name: &[u8]) -> Option<Note> {
    let there: Vec<NodeType> = {
        let mut seen = [false; 256];
        columns.nodes.types.iter().for_each(|node_type| seen[node_type.0 as usize] = true);
        (0..=u8::MAX).filter(|&number| seen[number as usize]).map(NodeType).collect()
    };
    let known: Vec<String> = there.into_iter().map(|node_type| columns.types.node(node_type).to_owned()).collect();
    let is_known = known.iter().any(|known| known.as_bytes() == name);
    (!is_known).then(|| Note::NoType { name: well_formed(name).into_owned(), known })
}

fn sliced_strings(heap: &Heap) -> Option<Note> {
    let types = heap.columns().nodes.types.as_slice();
    let count = types.iter().filter(|&&node_type| node_type == NodeType::SLICED_STRING).count() as u64;
    (count > 0).then_some(Note::SlicedStrings { count })
}

/// Strings that V8 has cut: it says so in new files; else they are those as long as the longest may be.
fn cut_strings(heap: &Heap, meter: &Meter) -> Result<Option<Note>> {
    if heap.producer().is_hermes() {
        return Ok(None);
    }
    let lengths = long_strings(&heap.columns().strings, meter)?;
    let Some(longest) = lengths.values().copied().max() else { return Ok(None) };
    let says_so = heap.known().truncated.first().is_some();
    let is_cut = |node: NodeIx, length: u64| match says_so {
        true => heap.is_truncated_string(node),
        false => length == longest,
    };
    let names = heap.columns().nodes.names.as_slice();
    let of_part = |(start, part): (usize, &[u32])| -> Result<(u64, u64)> {
        meter.check()?;
        let cut = part.iter().enumerate().filter_map(|(place, name)| {
            let (node, length) = (NodeIx::new(start * PART + place), *lengths.get(name)?);
            (heap.node_type(node) == NodeType::STRING && is_cut(node, length)).then_some(length)
        });
        Ok(cut.fold((0, 0), |(count, longest), length| (count + 1, longest.max(length))))
    };
    let parts: Result<Vec<(u64, u64)>> = names.par_chunks(PART).enumerate().map(of_part).collect();
    let (count, at) = parts?.into_iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1.max(part.1)));
    // One string that is longer than V8 usually writes is just the longest.
    let is_told = says_so || longest == V8_LIMIT as u64 || count > 1;
    Ok((count > 0 && is_told).then_some(Note::CutStrings { count, at }))
}

const PART: usize = 1 << 16;

/// The strings that are long enough to be cut, with their lengths.
fn long_strings(strings: &Strings, meter: &Meter) -> Result<FxHashMap<u32, u64>> {
    let mut lengths = FxHashMap::default();
    for (index, (string, raw)) in strings.iter_raw().enumerate() {
        meter.check_at(index)?;
        if raw.len() >= V8_LIMIT {
            let length = len_utf16(&strings.get(StrIx(string.0))) as u64;
            if length >= V8_LIMIT as u64 {
                lengths.insert(string.0, length);
            }
        }
    }
    Ok(lengths)
}
