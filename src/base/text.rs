//! Text as JavaScript sees it: sequences of UTF-16 units, with lone surrogates, kept as WTF-8 bytes.
//!
//! WTF-8 is UTF-8 in which a surrogate without its partner takes the three bytes that its number would take
//! (<https://simonsapin.github.io/wtf-8/>). Nothing here shows text to people: see `view::text`.

use std::cmp::Ordering;

/// Compares two WTF-8 texts by their UTF-16 units, as JavaScript's `<` does.
///
/// Bytes and units agree except that code points above U+FFFF (lead byte `F0` and up) are surrogates in UTF-16 and
/// so come before U+E000–U+FFFF (lead bytes `EE`, `EF`).
pub(crate) fn compare_utf16(a: &[u8], b: &[u8]) -> Ordering {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    match (a.get(common), b.get(common)) {
        (Some(&x), Some(&y)) if x >= 0xed || y >= 0xed => {
            // Only lead bytes are that large, so a code point starts here in at least one of the texts, and,
            // because all before is equal, in the other as well.
            units(&a[common..]).cmp(units(&b[common..]))
        }
        (x, y) => x.cmp(&y),
    }
}

/// The UTF-16 units of a WTF-8 text.
pub(crate) fn units(text: &[u8]) -> impl Iterator<Item = u16> + '_ {
    code_points(text).flat_map(|point| {
        let mut units = [0u16; 2];
        let count = if point < 0x10000 {
            units[0] = point as u16;
            1
        } else {
            units[0] = (0xd800 + ((point - 0x10000) >> 10)) as u16;
            units[1] = (0xdc00 + ((point - 0x10000) & 0x3ff)) as u16;
            2
        };
        (0..count).map(move |unit| units[unit])
    })
}

/// How many UTF-16 units a WTF-8 text has: what JavaScript calls its length.
pub(crate) fn len_utf16(text: &[u8]) -> usize {
    text.iter()
        .map(|&byte| match byte {
            0x80..=0xbf => 0,
            0xf0.. => 2,
            _ => 1,
        })
        .sum()
}

/// The code points of a WTF-8 text, lone surrogates among them.
pub(crate) fn code_points(text: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (&lead, _) = rest.split_first()?;
        let len = match lead {
            0..=0x7f => 1,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0.. => 4,
            _ => 1,
        }
        .min(rest.len());
        let (head, tail) = rest.split_at(len);
        rest = tail;
        let first = match len {
            1 => lead as u32,
            2 => (lead & 0x1f) as u32,
            3 => (lead & 0x0f) as u32,
            _ => (lead & 0x07) as u32,
        };
        Some(head[1..].iter().fold(first, |point, &byte| point << 6 | (byte & 0x3f) as u32))
    })
}

/// Well-formed text for output: every lone surrogate becomes U+FFFD, as in JavaScript's `toWellFormed`.
pub(crate) fn well_formed(text: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(text) {
        Ok(text) => text.into(),
        Err(_) => code_points(text)
            .map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect::<String>()
            .into(),
    }
}

/// Appends a code point (surrogates allowed) as WTF-8. A low surrogate joins a high one that `text` ends with.
pub(crate) fn push_code_point(text: &mut Vec<u8>, point: u32) {
    if (0xdc00..0xe000).contains(&point)
        && let [.., 0xed, second @ 0xa0..=0xaf, third] = text[..]
    {
        let high = 0xd000 | (second as u32 & 0x3f) << 6 | (third as u32 & 0x3f);
        text.truncate(text.len() - 3);
        return push_code_point(text, 0x10000 + ((high - 0xd800) << 10) + (point - 0xdc00));
    }
    match point {
        0..0x80 => text.push(point as u8),
        0x80..0x800 => text.extend([0xc0 | (point >> 6) as u8, 0x80 | (point & 0x3f) as u8]),
        0x800..0x10000 => {
            text.extend([0xe0 | (point >> 12) as u8, 0x80 | (point >> 6 & 0x3f) as u8, 0x80 | (point & 0x3f) as u8])
        }
        _ => text.extend([
            0xf0 | (point >> 18) as u8,
            0x80 | (point >> 12 & 0x3f) as u8,
            0x80 | (point >> 6 & 0x3f) as u8,
            0x80 | (point & 0x3f) as u8,
        ]),
    }
}

/// JavaScript's `parseInt(text, 10)`: white space, a sign, digits; nothing when there is no digit.
pub(crate) fn parse_int(text: &[u8]) -> Option<f64> {
    let text = well_formed(text);
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let (sign, digits) = match trimmed.as_bytes().first()? {
        b'-' => (-1.0, &trimmed[1..]),
        b'+' => (1.0, &trimmed[1..]),
        _ => (1.0, trimmed),
    };
    let end = digits.bytes().take_while(u8::is_ascii_digit).count();
    // `parse` rounds to the nearest double, as parseInt does.
    digits[..end].parse::<f64>().ok().map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wtf8(units: &[u16]) -> Vec<u8> {
        let mut text = Vec::new();
        for &unit in units {
            push_code_point(&mut text, unit as u32);
        }
        text
    }

    proptest! {
        #[test]
        fn texts_compare_and_count_by_utf16_units(
            a in proptest::collection::vec(prop_oneof![0x20u16..0x7f, 0xd7f0u16..0xe010, 0xfff0u16..=0xffff], 0..6),
            b in proptest::collection::vec(prop_oneof![0x20u16..0x7f, 0xd7f0u16..0xe010, 0xfff0u16..=0xffff], 0..6),
        ) {
            prop_assert_eq!(compare_utf16(&wtf8(&a), &wtf8(&b)), a.cmp(&b));
            prop_assert_eq!(len_utf16(&wtf8(&a)), a.len());
            prop_assert_eq!(units(&wtf8(&a)).collect::<Vec<_>>(), a);
        }
    }

    #[test]
    fn numbers_are_read_as_parse_int_reads_them() {
        assert_eq!(parse_int(b" 12px"), Some(12.0));
        assert_eq!(parse_int(b"-3"), Some(-3.0));
        assert_eq!(parse_int(b"x1"), None);
        assert_eq!(parse_int(b"-"), None);
        assert_eq!(parse_int(b""), None);
    }
}
