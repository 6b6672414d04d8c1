//! The letters of a query → words, quoted texts, patterns, numbers, each with its place.

use std::ops::Range;

use crate::error::QueryMistake;

#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Whether a `|` ends a word.
    ends_at_bar: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, ends_at_bar: false }
    }

    /// A reader of what stands before a `|`, which only quotes and patterns may have in them.
    pub(super) fn before_bar(text: &'a str) -> Reader<'a> {
        Reader { ends_at_bar: true, ..Reader::new(text) }
    }

    pub(super) fn is_bar(&self, letter: char) -> bool {
        self.ends_at_bar && letter == '|'
    }

    /// The byte that is read next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn go_on(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Reads again from a byte that was read before.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Whether a value ends here.
    pub(super) fn is_at_end_of_word(&self) -> bool {
        self.peek().is_none_or(|c| c.is_whitespace() || c == ')' || self.is_bar(c))
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    /// Takes a joining word, in small letters or in capitals.
    pub(super) fn eat_joining(&mut self, word: &str) -> bool {
        let length = self.joining(word);
        self.at += length;
        length > 0
    }

    /// How long the joining word is that comes next; 0 where it does not.
    pub(super) fn joining(&self, word: &str) -> usize {
        let Some(next) = self.rest().get(..word.len()) else { return 0 };
        let ends = self.rest()[word.len()..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || "()".contains(c) || self.is_bar(c));
        if ends && (next == word || next == word.to_uppercase()) { word.len() } else { 0 }
    }

    /// What cannot be read from a place on.
    pub(super) fn mistake(&self, at: Range<usize>, problem: impl Into<String>) -> QueryMistake {
        QueryMistake { query: self.text.to_owned(), at, problem: problem.into() }
    }

    /// What is missing here.
    pub(super) fn expected(&self, what: &str) -> QueryMistake {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        self.mistake(self.at..end, format!("expected {what}"))
    }

    /// Everything up to white space, or to a `)` that nothing in the word opens: `(string)` is one.
    pub(super) fn word(&mut self) -> &'a str {
        self.word_until(|_| false)
    }

    /// A [`Reader::word`] that also ends before some letters.
    pub(super) fn word_until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let mut open = 0;
        let is_end = |c: char| {
            match c {
                '(' => open += 1,
                ')' if open == 0 => return true,
                ')' => open -= 1,
                _ => {}
            }
            c.is_whitespace() || self.is_bar(c) || ends(c)
        };
        let word = &self.rest()[..self.rest().find(is_end).unwrap_or(self.rest().len())];
        self.at += word.len();
        word
    }

    /// A text in quotes, in which `\"` and `\\` stand for themselves.
    pub(super) fn quoted(&mut self) -> Result<String, QueryMistake> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += place + 1;
                    return Ok(text);
                }
                '\\' => match letters.clone().next() {
                    Some((_, escaped @ ('"' | '\\'))) => {
                        letters.next();
                        text.push(escaped);
                    }
                    _ => text.push('\\'),
                },
                other => text.push(other),
            }
        }
        Err(self.mistake(start..self.text.len(), "expected \" at the end of the text that begins here"))
    }

    /// A pattern between slashes. It ends at the slash behind which the word ends, so that paths need no signs in it.
    pub(super) fn pattern(&mut self) -> Result<&'a str, QueryMistake> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let mut is_escaped = false;
        for (place, letter) in inner.char_indices() {
            let behind = inner[place + letter.len_utf8()..].chars().next();
            if letter == '/' && !is_escaped && behind.is_none_or(|c| c.is_whitespace() || c == ')' || self.is_bar(c)) {
                self.at = start + 1 + place + 1;
                return Ok(&inner[..place]);
            }
            is_escaped = letter == '\\' && !is_escaped;
        }
        let problem = "expected / at the end of the pattern that begins here; text with / stands in quotes";
        Err(self.mistake(start..self.text.len(), problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_at_space_or_at_the_parenthesis_that_was_open_before_it() {
        let word = |text: &'static str| {
            let mut reader = Reader::new(text);
            (reader.word(), reader.rest())
        };
        assert_eq!(word("ab cd"), ("ab", " cd"));
        assert_eq!(word("(string) x"), ("(string)", " x"));
        assert_eq!(word("(string))"), ("(string)", ")"));
        assert_eq!(word("ab)"), ("ab", ")"));
        assert_eq!(word("a(b"), ("a(b", ""));
    }

    #[test]
    fn quotes_and_slashes_end_where_one_expects_it() {
        let quoted = |text: &'static str| {
            let mut reader = Reader::new(text);
            reader.quoted().map(|quoted| (quoted, reader.rest())).map_err(|mistake| mistake.at)
        };
        assert_eq!(quoted(r#""a \"b\" \\ \c" d"#), Ok((r#"a "b" \ \c"#.to_owned(), " d")));
        assert_eq!(quoted(r#""ab"#), Err(0..3));
        let pattern = |text: &'static str| {
            let mut reader = Reader::new(text);
            reader.pattern().map(|pattern| (pattern, reader.rest())).map_err(|mistake| mistake.at)
        };
        assert_eq!(pattern("/a b/ c"), Ok(("a b", " c")));
        assert_eq!(pattern("/^srv/app/) or"), Ok(("^srv/app", ") or")));
        assert_eq!(pattern(r"/a\/ b/"), Ok((r"a\/ b", "")));
        assert_eq!(pattern("/srv/app"), Err(0..8));
    }
}
