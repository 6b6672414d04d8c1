//! Whether JSON text that comes in pieces is whole: every bracket closed, nothing behind the last. What stands between
//! the brackets is for whoever reads the file.

#[derive(Debug, Default)]
pub(super) struct Shape {
    depth: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Before the first bracket.
    #[default]
    Before,
    Between,
    InString,
    Escaped,
    Whole,
    Wrong,
}

impl Shape {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let mut rest = bytes.iter();
        while let Some(&byte) = rest.next() {
            self.state = match self.state {
                State::Before if byte == b'{' => {
                    self.depth = 1;
                    State::Between
                }
                State::Before | State::Whole if byte.is_ascii_whitespace() => self.state,
                State::Before | State::Whole | State::Wrong => State::Wrong,
                State::InString => match byte {
                    b'"' => State::Between,
                    b'\\' => State::Escaped,
                    _ => {
                        // Most of a string is plain.
                        let ahead = rest.as_slice();
                        let plain = memchr::memchr2(b'"', b'\\', ahead).unwrap_or(ahead.len());
                        rest = ahead[plain..].iter();
                        State::InString
                    }
                },
                State::Escaped => State::InString,
                State::Between => match byte {
                    b'"' => State::InString,
                    b'{' | b'[' => {
                        self.depth += 1;
                        State::Between
                    }
                    b'}' | b']' => {
                        self.depth -= 1;
                        if self.depth == 0 { State::Whole } else { State::Between }
                    }
                    _ => State::Between,
                },
            };
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    /// Whether no more text can make it whole.
    pub(super) fn is_wrong(&self) -> bool {
        self.state == State::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_whole_at_its_last_bracket_however_it_was_cut() {
        let text = br#" {"a":[1,{"}\\\"":"]"}],"b":"\\"} "#;
        for cut in 0..text.len() {
            let mut shape = Shape::default();
            shape.add(&text[..cut]);
            assert_eq!(shape.is_whole(), cut == text.len() - 1, "{cut}");
            shape.add(&text[cut..]);
            assert!(shape.is_whole() && !shape.is_wrong(), "{cut}");
        }
    }

    #[test]
    fn what_stands_before_or_behind_is_wrong() {
        for text in ["x{}", "{}{", "[]", "{}x", "null"] {
            let mut shape = Shape::default();
            shape.add(text.as_bytes());
            assert!(shape.is_wrong(), "{text}");
        }
    }
}
