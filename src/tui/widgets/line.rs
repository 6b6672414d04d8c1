//! A line being typed: text and a cursor in it.

use crossterm::event::KeyCode;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::tui::key::Key;
use crate::tui::theme::Ui;

/// A line of text in pieces.
pub(crate) type TextLine = Vec<(String, Ui)>;

/// Letters that a line takes: more than anybody types, and few enough that what is done for each of them stays cheap.
pub(crate) const MOST: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    text: String,
    /// A byte of `text` at which a letter begins, or its end.
    cursor: usize,
}

impl Line {
    /// A line with the cursor at its end.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Line { cursor: text.len(), text }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What stands before, under and behind the cursor.
    pub(crate) fn parts(&self) -> (&str, &str, &str) {
        let (before, rest) = self.text.split_at(self.cursor);
        let under = rest.graphemes(true).next().unwrap_or("");
        (before, under, &rest[under.len()..])
    }

    /// Does what the key does to a line; false when it does nothing.
    pub(crate) fn on_key(&mut self, key: Key) -> bool {
        match (key.code, key.ctrl) {
            (KeyCode::Left, _) | (KeyCode::Char('b'), true) => self.cursor = self.before(),
            (KeyCode::Right, _) | (KeyCode::Char('f'), true) => self.cursor = self.after(),
            (KeyCode::Home, _) | (KeyCode::Char('a'), true) => self.cursor = 0,
            (KeyCode::End, _) | (KeyCode::Char('e'), true) => self.cursor = self.text.len(),
            (KeyCode::Backspace, _) | (KeyCode::Char('h'), true) => self.delete_from(self.before()),
            (KeyCode::Delete, _) | (KeyCode::Char('d'), true) => {
                let end = self.after();
                self.text.replace_range(self.cursor..end, "");
            }
            (KeyCode::Char('u'), true) => self.delete_from(0),
            (KeyCode::Char('k'), true) => self.text.truncate(self.cursor),
            (KeyCode::Char('w'), true) => {
                let before = self.text[..self.cursor].trim_end();
                let start = before.rfind(' ').map_or(0, |space| space + 1);
                self.delete_from(start);
            }
            _ => match key.letter() {
                Some(letter) => return self.insert(letter.encode_utf8(&mut [0; 4])),
                None => return false,
            },
        }
        true
    }

    /// Inserts as much of a text as the line takes; false when that is nothing.
    pub(crate) fn insert(&mut self, text: &str) -> bool {
        let room = MOST.saturating_sub(self.text.chars().count());
        let end = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
        self.text.insert_str(self.cursor, &text[..end]);
        self.cursor += end;
        end > 0
    }

    /// Writes a text in place of what stands between a byte and the cursor.
    pub(crate) fn replace_before(&mut self, start: usize, text: &str) {
        self.delete_from(start);
        self.insert(text);
    }

    fn delete_from(&mut self, start: usize) {
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> (String, String) {
        let mut line = Line::default();
        for key in keys.split(' ') {
            assert!(line.on_key(Key::parse(key).expect("a key")), "{key}");
        }
        let (before, under, after) = line.parts();
        (before.to_owned(), format!("{under}{after}"))
    }

    #[test]
    fn keys_move_and_delete_by_letters_and_words() {
        let check = |keys, before: &str, after: &str| assert_eq!(typed(keys), (before.into(), after.into()), "{keys}");
        check("a b left c", "ac", "b");
        check("a b home c right d", "cad", "b");
        check("a b left delete", "a", "");
        check("a space b c ctrl-w", "a ", "");
        check("a b c left ctrl-u", "", "c");
        check("a b c home right ctrl-k", "a", "");
        check("e \u{301} left", "", "e\u{301}");
        check("e \u{301} x left left delete", "", "x");
        check("left backspace end a", "a", "");
    }

    #[test]
    fn a_line_takes_so_much_and_no_more() {
        let mut line = Line::new("ab");
        line.on_key(Key::parse("left").expect("a key"));
        assert!(line.insert(&"ü".repeat(100_000)));
        assert_eq!((line.text().chars().count(), line.parts().1), (MOST, "b"));
        assert!(!line.insert("x") && !line.on_key(Key::parse("x").expect("a key")));
    }
}
