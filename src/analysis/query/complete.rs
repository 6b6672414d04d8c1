//! What may stand where somebody is writing a query.

use super::words::{JOINING, Takes, WORDS};

/// What the word before the cursor can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The word of a condition, or one that joins them.
    Condition,
    Class,
    Type,
}

/// A part of a query that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfinished<'a> {
    pub wanted: Wanted,
    /// The byte where it begins.
    pub start: usize,
    /// What there is of it, without a quote before it.
    pub written: &'a str,
}

/// What stands before the cursor, as far as it can be completed.
pub(crate) fn unfinished(before: &str) -> Option<Unfinished<'_>> {
    let start = start_of_word(before);
    let word = &before[start..];
    for (prefix, wanted) in [("class:", Wanted::Class), ("type:", Wanted::Type)] {
        if let Some(value) = word.strip_prefix(prefix) {
            let written = value.strip_prefix('"').unwrap_or(value);
            return Some(Unfinished { wanted, start: start + prefix.len(), written });
        }
    }
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_word.then_some(Unfinished { wanted: Wanted::Condition, start, written: word })
}

/// Where the word begins that ends here: behind the last white space or parenthesis that stands in no quotes.
fn start_of_word(before: &str) -> usize {
    let (mut start, mut in_quotes, mut is_escaped, mut last) = (0, false, false, ' ');
    for (place, letter) in before.char_indices() {
        match letter {
            '"' if !is_escaped => in_quotes = !in_quotes,
            // `class:(string)` is one word.
            '(' if !in_quotes && (last.is_whitespace() || last == '(') => start = place + 1,
            _ if !in_quotes && letter.is_whitespace() => start = place + letter.len_utf8(),
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
        last = letter;
    }
    start
}

/// The words that begin so, each with what is to stand behind it.
pub(crate) fn words(written: &str) -> Vec<String> {
    let sign = |takes: Takes| match takes {
        Takes::Text | Takes::Place | Takes::Id => ":",
        Takes::Property => ".",
        Takes::Size | Takes::Count => ">",
        Takes::Nothing => "",
    };
    let conditions = WORDS.iter().map(|word| (word.word, sign(word.takes)));
    let all = conditions.chain(JOINING.map(|word| (word, " ")));
    all.filter(|(word, _)| word.starts_with(written)).map(|(word, sign)| format!("{word}{sign}")).collect()
}

/// A value as it has to be written: in quotes where it would end early or mean something else.
pub(crate) fn quoted(value: &str) -> String {
    let mut open = 0i32;
    let is_plain = value.chars().all(|c| {
        open += (c == '(') as i32 - (c == ')') as i32;
        !c.is_whitespace() && c != '"' && open >= 0
    });
    if is_plain && !value.is_empty() { value.into() } else { format!("\"{}\"", escaped(value)) }
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_before_the_cursor_is_completed() {
        let at = |text: &'static str| unfinished(text).map(|part| (part.wanted, part.start, part.written));
        assert_eq!(at("cl"), Some((Wanted::Condition, 0, "cl")));
        assert_eq!(at("a (re"), Some((Wanted::Condition, 3, "re")));
        assert_eq!(at("not class:Ses"), Some((Wanted::Class, 10, "Ses")));
        assert_eq!(at("class:\"{a, b"), Some((Wanted::Class, 6, "{a, b")));
        assert_eq!(at("type:"), Some((Wanted::Type, 5, "")));
        assert_eq!(at("\"a b\" ret"), Some((Wanted::Condition, 6, "ret")));
        assert_eq!(at("class:(str"), Some((Wanted::Class, 6, "(str")));
        for text in ["", "a ", "Ses", "\"a b", "name~x", "(", "12"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn what_begins_so_is_offered_with_its_sign() {
        assert_eq!(words("re"), ["retained>", "refs>", "retainers>", "reachable:"]);
        assert_eq!(words("n"), ["name:", "not "]);
        assert_eq!(words("prop"), ["prop."]);
        assert_eq!(words("xyz"), Vec::<String>::new());
    }

    #[test]
    fn a_value_that_is_completed_is_read_as_it_is() {
        for value in ["Session", "(string)", "{a, b}", "a \"b\" \\", "", "a)", "(a", "Map"] {
            let text = format!("class:{}", quoted(value));
            let (expr, end) = super::super::parser::parse(&text).expect(&text);
            let super::super::language::Expr::Is(super::super::language::Condition::Class(matcher)) = expr else {
                panic!("{text} is no class")
            };
            assert_eq!((matcher.text(), end), (Some(value.as_bytes()), text.len()), "{text}");
        }
    }
}
