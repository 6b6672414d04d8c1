//! Entries of WeakMaps: a value lives while both the table and the key do.
//!
//! V8 writes two internal edges to the value, one from the table and one from the key, with the same long name but
//! for a number before it. Source: HeapSnapshot.ts, `tryParseWeakMapEdgeName`.

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::ids::{ObjectId, StrIx};
use crate::base::text::well_formed;
use crate::columns::{Columns, LARGE};

/// The strings that name half of a WeakMap entry.
#[derive(Debug, Default)]
pub(crate) struct Ephemerons {
    /// Which strings are in `halves`; most snapshots have few, so most look-ups end here.
    pub(crate) names: Bits,
    /// By ascending string: the string in the upper half of the first number, the entry in the lower; the table.
    pub(crate) halves: Array<[u64; 2]>,
}

/// What the name of an edge to the value of a WeakMap says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Half {
    /// The same number for the two edges of one entry: the text after the number is equal.
    pub entry: u32,
    pub table: ObjectId,
}

impl Ephemerons {
    pub(crate) fn find(columns: &Columns) -> Ephemerons {
        // `.` in JavaScript stops at four kinds of line end.
        let any = r"[^\n\r\u{2028}\u{2029}]*?";
        let pattern = format!(
            r"^[0-9]+( / part of key \({any} @[0-9]+\) -> value \({any} @[0-9]+\) pair in WeakMap \(table @([0-9]+)\))$"
        );
        let pattern = Regex::new(&pattern).expect("a constant pattern");
        let finder = memchr::memmem::Finder::new(b" pair in WeakMap (table @");
        let mut halves = Vec::new();
        let mut entries: FxHashMap<Vec<u8>, u32> = FxHashMap::default();
        let names = columns.strings.filter_raw(|string, raw| {
            if !raw.first().is_some_and(u8::is_ascii_digit) || finder.find(raw).is_none() {
                return false;
            }
            let text = columns.strings.get(string);
            let shown = well_formed(&text);
            let Some(found) = pattern.captures(&shown) else { return false };
            let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let next = entries.len() as u32;
            let entry = *entries.entry(text[digits..].to_vec()).or_insert(next);
            let table = found[2].parse().unwrap_or(ObjectId::MAX);
            halves.push([u64::from(string.0) << 32 | u64::from(entry), table]);
            true
        });
        Ephemerons { names, halves: halves.into() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.halves.is_empty()
    }

    /// Whether [`Ephemerons::get`] may know this name of an internal edge: false for almost all, whatever they are.
    #[inline(always)]
    pub(crate) fn may_name(&self, packed_name: u32) -> bool {
        self.names.get(packed_name as usize) | (packed_name == LARGE)
    }

    /// What the name of an internal edge says about a WeakMap entry, if it speaks of one.
    #[inline(always)]
    pub(crate) fn get(&self, name: StrIx) -> Option<Half> {
        if self.halves.is_empty() || !self.names.contains(name.ix()) {
            return None;
        }
        let place = self.halves.binary_search_by_key(&name.0, |&[first, _]| (first >> 32) as u32).ok()?;
        let [first, table] = self.halves[place];
        Some(Half { entry: first as u32, table })
    }
}
