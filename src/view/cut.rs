//! Text → text that fits a number of columns of a screen or table.
//!
//! Widths are those of grapheme clusters: wide characters take two columns, combining marks none.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Printable ASCII, a column each: nearly all that is measured.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    if text.bytes().all(is_plain) {
        return text.len();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The longest beginning of `text` that fits `columns`, with its width.
pub(crate) fn fitting(text: &str, columns: usize) -> (&str, usize) {
    // The character behind the last one must be known too: it could be a mark on it.
    if text.bytes().take(columns.saturating_add(1)).all(is_plain) {
        let fits = columns.min(text.len());
        return (&text[..fits], fits);
    }
    let mut used = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        let next = used + grapheme.width();
        if next > columns {
            return (&text[..start], used);
        }
        used = next;
    }
    (text, used)
}

/// `text`, or its beginning and `…` where it is too long.
pub(crate) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    // Most names are short ASCII; names of a megabyte need not be measured to their end.
    if text.len() <= columns && text.is_ascii() {
        return text.into();
    }
    let (fits, used) = fitting(text, columns);
    if fits.len() == text.len() {
        return text.into();
    }
    let (mut start, mut room) = (fits, used);
    if room + 1 > columns {
        (start, room) = fitting(fits, columns.saturating_sub(1));
    }
    if room + 1 > columns { String::new().into() } else { format!("{start}…").into() }
}

/// `text`, or `…` and its end where it is too long.
pub(crate) fn cut_start(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    let mut used = 1;
    let mut start = text.len();
    for (index, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > columns {
            break;
        }
        start = index;
    }
    if columns == 0 { "".into() } else { format!("…{}", &text[start..]).into() }
}

/// `text`, or its beginning and its end with `…` between where it is too long.
pub(crate) fn cut_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    let right = columns / 2;
    let start = fitting(text, columns.saturating_sub(right + 1)).0;
    format!("{start}{}", cut_start(text, right + 1)).into()
}

/// `text` at the right end of `columns`; too long text is cut at its end.
pub(crate) fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(&text))))
}

/// Lines of at most `columns`, broken between words where a word is not longer than a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let long = width(word.trim_end());
        if used > 0 && used + long > columns && long <= columns {
            lines.push(String::new());
            used = 0;
        }
        if used + word.len() <= columns && word.bytes().all(is_plain) {
            lines.last_mut().expect("there is always a line").push_str(word);
            used += word.len();
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme.width();
            if used + wide > columns {
                // The space at a break is not carried to the next line.
                if grapheme == " " {
                    continue;
                }
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is always a line").push_str(grapheme);
            used += wide;
        }
    }
    lines
}

/// At most `most` lines of at most `columns`. Longer text ends with `…` behind a whole word; what stands in brackets or
/// quotes counts as one, since names of objects do.
pub(crate) fn wrap_words(text: &str, columns: usize, most: usize) -> Vec<String> {
    let lines = wrap(text, columns);
    if lines.len() <= most || most == 0 {
        return lines.into_iter().take(most).collect();
    }
    let fitting = ends_of_words(text).into_iter().rev().map(|end| wrap(&format!("{} …", &text[..end]), columns));
    fitting.into_iter().find(|lines| lines.len() <= most).unwrap_or_else(|| {
        let mut lines = lines[..most].to_vec();
        let last = lines.last_mut().expect("there is room for a line");
        *last = cut(&format!("{last}…"), columns).into_owned();
        lines
    })
}

/// Where words end that something follows.
fn ends_of_words(text: &str) -> Vec<usize> {
    let (mut ends, mut brackets, mut in_quotes) = (Vec::new(), 0usize, false);
    for (place, letter) in text.char_indices() {
        match letter {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '{' | '(' | '[' => brackets += 1,
            '}' | ')' | ']' => brackets = brackets.saturating_sub(1),
            ' ' if brackets == 0 => ends.push(place),
            _ => {}
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_what_it_takes_on_the_screen() {
        let cases = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("東京都", 6, "東京都"),
            ("東京都", 5, "東京…"),
            ("東京都", 4, "東…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
            ("abe\u{301}", 3, "abe\u{301}"),
            ("abe\u{301}", 2, "a…"),
            ("abcd\u{301}", 3, "ab…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
            ("東", 1, "…"),
        ];
        for (text, columns, result) in cases {
            assert_eq!(cut(text, columns), result, "{text} in {columns}");
            assert!(width(&cut(text, columns)) <= columns);
        }
        assert_eq!(cut_start("a › b › c", 5), "… › c");
        assert_eq!(cut_middle("abcdefgh", 5), "ab…gh");
        assert_eq!(cut_middle("abcde", 5), "abcde");
        assert_eq!(right("7", 3), "  7");
    }

    #[test]
    fn wrapped_text_keeps_all_letters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("東京都", 4), ["東京", "都"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn text_too_long_for_its_lines_ends_behind_a_whole_word() {
        assert_eq!(wrap_words("one two three", 7, 2), ["one two", "three"]);
        assert_eq!(wrap_words("one two three four five", 8, 2), ["one two ", "three …"]);
        assert_eq!(wrap_words("one {two, three} four", 12, 1), ["one …"]);
        assert_eq!(wrap_words("under \"a long key\" of", 14, 1), ["under …"]);
        assert_eq!(wrap_words("onetwothree four", 8, 1), ["onetwot…"]);
        assert_eq!(wrap_words("one two three four five", 8, 0), Vec::<String>::new());
        for (columns, most) in (2..30).flat_map(|columns| (1..4).map(move |most| (columns, most))) {
            let lines = wrap_words("the variable store of handleVisit() holds {a, b} under a long key", columns, most);
            assert!(lines.len() <= most && lines.iter().all(|line| width(line) <= columns), "{lines:?}");
        }
    }
}
