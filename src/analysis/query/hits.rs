//! A matcher → the strings of the file that it fits. Each string is looked at once, however many nodes have it.

use rayon::prelude::*;

use super::language::Matcher;
use crate::base::bits::Bits;
use crate::base::ids::StrIx;
use crate::base::meter::Meter;
use crate::columns::Strings;
use crate::error::Result;

/// Strings that one thread looks at before it asks whether to go on: a multiple of the bits in a word.
const PART: usize = 1 << 14;

/// The strings that fit, as a set. Counts each string as one item of work.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(super) fn of(strings: &Strings, matcher: &Matcher, meter: &Meter) -> Result<Bits> {
    let table = Table { strings, bytes: strings.bytes.as_slice(), ends: strings.ends.as_slice() };
    let parts = strings.len().div_ceil(PART);
    let words = (0..parts).into_par_iter().map_init(
        // Threads that share one would wait for its memory.
        || matcher.clone(),
        |matcher, part| {
            meter.check()?;
            let first = part * PART;
            let last = strings.len().min(first + PART);
            let words = table.words(first..last, matcher);
            meter.add_done((last - first) as u64);
            Ok(words)
        },
    );
    let words: Result<Vec<Vec<u64>>> = words.collect();
    Ok(Bits::from_words(words?.concat()))
}

/// The table as slices: an `Array` asks at each look where its memory is.
struct Table<'a> {
    strings: &'a Strings,
    bytes: &'a [u8],
    ends: &'a [u64],
}

impl Table<'_> {
    /// A bit for each of the strings; the first is the lowest of a word.
    fn words(&self, range: std::ops::Range<usize>, matcher: &Matcher) -> Vec<u64> {
        let mut words = vec![0; range.len().div_ceil(64)];
        let mut start = range.start.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        for (place, index) in range.enumerate() {
            let end = self.ends[index] as usize;
            let string = StrIx::new(index);
            let fits = match self.strings.is_coded(string) {
                true => matcher.matches(&self.strings.get(string)),
                false => matcher.matches(&self.bytes[start..end]),
            };
            words[place / 64] |= u64::from(fits) << (place % 64);
            start = end;
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::testing::demo;

    #[test]
    fn all_strings_that_fit_are_found_and_no_others() {
        let heap = demo();
        let strings = &heap.columns().strings;
        for matcher in [Matcher::has("session"), Matcher::has("Se"), Matcher::is("map"), Matcher::has("\n")] {
            let meter = Meter::default();
            let found = of(strings, &matcher, &meter).expect("nobody cancels");
            let slowly = |&index: &usize| matcher.matches(&strings.get(StrIx::new(index)));
            let expected: Vec<usize> = (0..strings.len()).filter(slowly).collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{matcher:?}");
            assert!(!expected.is_empty() && meter.done() == strings.len() as u64);
        }
        let meter = Meter::default();
        meter.cancel();
        assert!(matches!(of(strings, &Matcher::has("a"), &meter), Err(Error::Cancelled)));
    }
}
