//! The section `strings`: raw JSON text, found at load and decoded when somebody looks.

use std::borrow::Cow;

use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::encode::Encode;
use crate::base::ids::StrIx;
use crate::base::text::push_code_point;

/// All strings behind each other as they stand in the file, escapes and all, without the quotes.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    pub(crate) bytes: Array<u8>,
    /// Where each string ends in `bytes`.
    pub(crate) ends: Array<u64>,
    /// Strings with an escape or a byte above 0x7f; all others are what they say.
    pub(crate) coded: Array<u64>,
}

impl Strings {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a part of the string that is being read.
    #[inline]
    pub(crate) fn extend(&mut self, raw: &[u8]) {
        self.bytes.extend_from_slice(raw);
    }

    /// Ends the string that is being read.
    #[inline]
    pub(crate) fn end(&mut self, coded: bool) {
        let index = self.ends.len();
        if index.is_multiple_of(64) {
            self.coded.push(0);
        }
        self.coded.to_mut()[index / 64] |= (coded as u64) << (index % 64);
        self.ends.push(self.bytes.len() as u64);
    }

    /// Adds a whole string given as plain text without quotes, backslashes and control characters.
    pub(crate) fn push_plain(&mut self, text: &str) {
        self.extend(text.as_bytes());
        self.end(!text.is_ascii());
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The text as it stands in the file, between the quotes.
    #[inline]
    pub(crate) fn raw(&self, string: StrIx) -> &[u8] {
        let index = string.ix();
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    /// All strings as they stand in the file, in its order.
    pub(crate) fn iter_raw(&self) -> impl Iterator<Item = (StrIx, &[u8])> + '_ {
        let bytes = self.bytes.as_slice();
        let mut start = 0;
        self.ends.iter().enumerate().map(move |(index, &end)| {
            let raw = &bytes[start as usize..end as usize];
            start = end;
            (StrIx::new(index), raw)
        })
    }

    /// The text as WTF-8 (see [`crate::base::text`]): escapes undone, bytes that are not UTF-8 replaced by U+FFFD.
    #[inline]
    pub(crate) fn get(&self, string: StrIx) -> Cow<'_, [u8]> {
        let raw = self.raw(string);
        if self.is_coded(string) { Cow::Owned(decode(raw)) } else { Cow::Borrowed(raw) }
    }

    /// The text with U+FFFD for each lone surrogate, to be shown.
    pub(crate) fn text(&self, string: StrIx) -> Cow<'_, str> {
        match self.get(string) {
            Cow::Borrowed(text) => crate::base::text::well_formed(text),
            Cow::Owned(text) => Cow::Owned(crate::base::text::well_formed(&text).into_owned()),
        }
    }

    #[inline]
    pub(crate) fn is_coded(&self, string: StrIx) -> bool {
        self.coded[string.ix() / 64] >> (string.ix() % 64) & 1 != 0
    }

    /// For each of the texts (plain ASCII) the set of strings equal to it, in one walk.
    pub(crate) fn matching(&self, texts: &[&str]) -> Vec<StrSet> {
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
        let mut by_length: Vec<Vec<usize>> = vec![Vec::new(); longest + 1];
        for (place, text) in texts.iter().enumerate() {
            by_length[text.len()].push(place);
        }
        // Most strings are none of these by their length and first byte; a bit for each of these for every length.
        let mut begins = vec![[0u64; 4]; longest + 1];
        for text in texts {
            let first = text.as_bytes().first().copied().unwrap_or(0);
            begins[text.len()][usize::from(first / 64)] |= 1 << (first % 64);
        }
        let may_be = |raw: &[u8]| {
            let first = raw.first().copied().unwrap_or(0);
            begins.get(raw.len()).is_some_and(|begins| begins[usize::from(first / 64)] >> (first % 64) & 1 != 0)
        };
        let mut sets = vec![StrSet::default(); texts.len()];
        let coded = self.coded.as_slice();
        for (string, raw) in self.iter_raw() {
            let is_coded = coded[string.ix() / 64] >> (string.ix() % 64) & 1 != 0;
            if !is_coded && !may_be(raw) {
                continue;
            }
            let decoded;
            let text = if is_coded {
                decoded = decode(raw);
                &decoded[..]
            } else {
                raw
            };
            for &place in by_length.get(text.len()).into_iter().flatten() {
                // Few begin alike, and most strings are compared with several.
                if texts[place].as_bytes().first() == text.first() && texts[place].as_bytes() == text {
                    sets[place].0.push(string.0);
                }
            }
        }
        sets
    }

    /// How many strings hold bytes that are not UTF-8.
    pub(crate) fn count_not_utf8(&self) -> usize {
        let coded = self.iter_raw().filter(|&(string, _)| self.is_coded(string));
        coded.filter(|(_, raw)| std::str::from_utf8(raw).is_err()).count()
    }

    /// Whether a control character stands in a string as it is, which JSON does not allow.
    pub(crate) fn has_raw_controls(&self) -> bool {
        // Looks at every byte, eight and more at once.
        self.bytes.iter().fold(false, |found, &byte| found | (byte < 0x20))
    }

    /// The strings for which `test` holds, given their raw text, as a set with fast look-up.
    pub(crate) fn filter_raw(&self, mut test: impl FnMut(StrIx, &[u8]) -> bool) -> Bits {
        let mut bits = Bits::new(self.len());
        for (string, raw) in self.iter_raw() {
            if test(string, raw) {
                bits.insert(string.ix());
            }
        }
        bits
    }
}

/// The few strings (mostly one or none) that have a certain text.
#[derive(Debug, Default, Clone)]
pub(crate) struct StrSet(Vec<u32>);

impl Encode for StrSet {
    fn encode(&self, to: &mut Vec<u8>) {
        self.0.encode(to);
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        Vec::decode(from).map(StrSet)
    }
}

impl StrSet {
    #[inline(always)]
    pub(crate) fn contains(&self, string: StrIx) -> bool {
        match self.0[..] {
            [] => false,
            [one] => one == string.0,
            _ => self.0.binary_search(&string.0).is_ok(),
        }
    }

    pub(crate) fn first(&self) -> Option<StrIx> {
        self.0.first().map(|&index| StrIx(index))
    }
}

/// Undoes the escapes of a JSON string and replaces what is not UTF-8, as browsers do.
fn decode(raw: &[u8]) -> Vec<u8> {
    // Bytes first: a raw surrogate (ED A0 80) is three wrong bytes, an escaped one (\ud800) is a lone unit.
    let lossy = String::from_utf8_lossy(raw);
    let bytes = lossy.as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.extend_from_slice(&rest[..at]);
        let escape = rest.get(at + 1).copied();
        rest = &rest[(at + 2).min(rest.len())..];
        match escape {
            Some(b'n') => text.push(b'\n'),
            Some(b't') => text.push(b'\t'),
            Some(b'r') => text.push(b'\r'),
            Some(b'b') => text.push(8),
            Some(b'f') => text.push(12),
            // Not JSON, but Valdi writes it.
            Some(b'v') => text.push(11),
            Some(b'u') => match rest.get(..4).and_then(hex4) {
                Some(unit) => {
                    push_code_point(&mut text, unit);
                    rest = &rest[4..];
                }
                None => text.extend_from_slice(b"\\u"),
            },
            // Quote, backslash and slash; anything else is wrong and stands for itself.
            Some(other) => text.push(other),
            None => text.push(b'\\'),
        }
    }
    text.extend_from_slice(rest);
    text
}

fn hex4(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | (digit as char).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(raw: &[u8]) -> Strings {
        let mut strings = Strings::default();
        strings.extend(raw);
        strings.end(true);
        strings
    }

    #[test]
    fn every_escape_is_undone() {
        let strings = one(br#"\"\\\/\b\f\n\r\t\v\u0041\u00e9\ud83d\ude00\u0000"#);
        assert_eq!(strings.text(StrIx(0)), "\"\\/\u{8}\u{c}\n\r\t\u{b}A\u{e9}\u{1f600}\0");
    }

    #[test]
    fn lone_surrogates_stay_and_wrong_bytes_are_replaced() {
        assert_eq!(&*one(br"\ud800x").get(StrIx(0)), [0xed, 0xa0, 0x80, b'x']);
        assert_eq!(one(br"\ud800x").text(StrIx(0)), "\u{fffd}x");
        assert_eq!(one(b"\xed\xa0\x80").text(StrIx(0)), "\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(one(b"caf\xe9").text(StrIx(0)), "caf\u{fffd}");
    }

    #[test]
    fn broken_escapes_stand_for_themselves() {
        assert_eq!(one(br"\u12").text(StrIx(0)), "\\u12");
        assert_eq!(one(br"\q").text(StrIx(0)), "q");
        assert_eq!(one(b"\\").text(StrIx(0)), "\\");
    }

    #[test]
    fn known_texts_are_found_however_they_are_written() {
        let mut strings = Strings::default();
        strings.push_plain("map");
        strings.extend(br"m\u0061p");
        strings.end(true);
        strings.push_plain("maps");
        let sets = strings.matching(&["maps", "map", "mop"]);
        let found = |set: &StrSet| [0, 1, 2].map(|index| set.contains(StrIx(index)));
        assert_eq!(sets.iter().map(found).collect::<Vec<_>>(), [[false, false, true], [true, true, false], [false; 3]]);
        assert_eq!(sets[1].first(), Some(StrIx(0)));
    }
}
