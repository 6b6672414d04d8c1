//! Numbers and untrusted text, as people read them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::base::text::well_formed;
use crate::index::SYSTEM_DISTANCE;

/// Whether units of sizes are those of 1,024 bytes.
static IS_BINARY: AtomicBool = AtomicBool::new(false);

/// Tells sizes in KiB, MiB … from now on; called before any is told.
pub(crate) fn use_binary_units() {
    IS_BINARY.store(true, Relaxed);
}

/// The units that sizes are told in, for a sentence.
pub(crate) fn units() -> &'static str {
    if IS_BINARY.load(Relaxed) { "KiB and MiB" } else { "kB and MB" }
}

/// A size as DevTools shows it: 1 kB is 1000 bytes, one decimal below 100 of a unit.
pub(crate) fn bytes(size: u64) -> String {
    match IS_BINARY.load(Relaxed) {
        false => bytes_in(size, 1000.0, ["kB", "MB", "GB", "TB"]),
        true => bytes_in(size, 1024.0, ["KiB", "MiB", "GiB", "TiB"]),
    }
}

fn bytes_in(size: u64, step: f64, units: [&str; 4]) -> String {
    let mut value = size as f64;
    if value < step {
        return format!("{size} B");
    }
    for unit in units {
        value /= step;
        // What would round to a thousand belongs to the next unit.
        if value < step - 0.5 || unit == units[3] {
            return if value < 99.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") };
        }
    }
    unreachable!("the last unit takes everything")
}

/// A size with its bytes and its part of `total`: `1.9 kB (1,880 B)  0 %`.
pub(crate) fn size(size: u64, total: Option<u64>) -> String {
    let percent = total.map_or_else(String::new, |total| format!("  {}", percent(size, total)));
    match size {
        0..1000 => format!("{}{percent}", bytes(size)),
        _ => format!("{} ({} B){percent}", bytes(size), count(size)),
    }
}

/// A whole number with commas between thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that nobody reads to its last digit: `154,131`, `13.3 M`, `120 M`.
pub(crate) fn about(number: u64) -> String {
    let millions = number as f64 / 1e6;
    match number {
        0..1_000_000 => count(number),
        _ if millions < 99.95 => format!("{millions:.1} M"),
        _ => format!("{} M", count(millions.round() as u64)),
    }
}

/// `1 object`, `4,000 objects`.
pub(crate) fn objects(number: u64) -> String {
    format!("{} object{}", count(number), if number == 1 { "" } else { "s" })
}

/// A time span of so many seconds: `340 ms`, `12.3 s`.
pub(crate) fn seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.1} s") }
}

/// A difference with its sign: `+12`, `−3.4 kB`, `0`.
pub(crate) fn signed(delta: i64, number: fn(u64) -> String) -> String {
    let sign = match delta {
        1.. => "+",
        0 => "",
        _ => "−",
    };
    format!("{sign}{}", number(delta.unsigned_abs()))
}

/// A part of `total` in whole percent.
pub(crate) fn percent(part: u64, total: u64) -> String {
    if total == 0 {
        return "0 %".into();
    }
    format!("{:.0} %", part as f64 / total as f64 * 100.0)
}

/// Whether DevTools shows the distance as a number: not for what only the system or nothing reaches.
pub(crate) fn shown_distance(distance: i32) -> Option<i32> {
    (0..SYSTEM_DISTANCE).contains(&distance).then_some(distance)
}

/// A distance, or `−`.
pub(crate) fn distance(distance: i32) -> String {
    shown_distance(distance).map_or_else(|| "−".into(), |distance| distance.to_string())
}

/// Untrusted WTF-8 text made safe for a terminal.
pub(crate) fn safe(text: &[u8]) -> String {
    sanitize(&well_formed(text)).into_owned()
}

/// Replaces what could steer a terminal or turn the direction of text: control characters become their pictures
/// (U+2400–U+2421), all else that has no place on a line U+FFFD.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown_as(c) == c) { text.into() } else { text.chars().map(shown_as).collect() }
}

fn shown_as(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).expect("control pictures are characters"),
        '\x7f' => '\u{2421}',
        // C1 controls, line and paragraph separators, bidi controls, byte order mark, interlinear annotations, tags.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        _ => c,
    }
}

/// A word that a shell takes as it is.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "@%+=:,./_-".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_devtools() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (333_000_000, "333 MB"),
            (5_000_000_000, "5.0 GB"),
            (2_000_000_000_000_000, "2000 TB"),
        ];
        for (size, text) in cases {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn binary_units_have_steps_of_1024() {
        let told = |size| bytes_in(size, 1024.0, ["KiB", "MiB", "GiB", "TiB"]);
        let sizes = [1023, 1024, 1_048_063, 1_048_064, 3 << 29];
        assert_eq!(sizes.map(told), ["1023 B", "1.0 KiB", "1023 KiB", "1.0 MiB", "1.5 GiB"]);
    }

    #[test]
    fn counts_have_commas() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        let numbers = [0, 154_131, 999_999, 1_000_000, 13_274_000, 99_960_000, 4_294_967_295];
        assert_eq!(numbers.map(about), ["0", "154,131", "999,999", "1.0 M", "13.3 M", "100 M", "4,295 M"]);
    }

    #[test]
    fn distances_of_the_system_are_a_dash() {
        assert_eq!([0, 7, -5, 100_000_001].map(distance), ["0", "7", "−", "−"]);
    }

    #[test]
    fn nothing_that_steers_a_terminal_passes() {
        assert_eq!(safe(b"a\x1b[31mb\r\n\x7f\xc2\x9b"), "a␛[31mb␍␊␡\u{fffd}");
        assert_eq!(sanitize("\u{202e}cod.exe"), "\u{fffd}cod.exe");
        assert_eq!(sanitize("東京 👩‍👩‍👧"), "東京 👩‍👩‍👧");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(shell_word("a/b-1.heapsnapshot"), "a/b-1.heapsnapshot");
        assert_eq!(shell_word("it's {a, b}"), r"'it'\''s {a, b}'");
        assert_eq!(shell_word(""), "''");
    }
}
