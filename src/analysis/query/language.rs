//! What a query says: conditions, joined by `and`, `or`, `not`. Knows no heap.

use std::ops::Range;

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

use crate::base::ids::ObjectId;
use crate::columns::Location;

/// Conditions, joined.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Is(Condition),
}

/// What one object is asked.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// Its name, the contents of a string, the name of one of its properties or variables.
    Anywhere(Matcher),
    Class(Matcher),
    /// The type of node, in the file's words.
    Type(Matcher),
    /// What rows call it.
    Name(Matcher),
    /// It is a string with this content.
    Text(Matcher),
    /// It has a property or variable with this name.
    Has(Matcher),
    /// It has a property, variable or element with exactly this name, and that has this value.
    Property {
        name: Box<[u8]>,
        value: Value,
    },
    Number(Field, Bound),
    /// A DOM node that hangs on no document.
    Detached,
    Place(Place),
    Dominated(ObjectId),
    Reachable(ObjectId),
    Id(ObjectId),
}

/// What a property refers to.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A string with this content, or anything else with this name.
    Text(Matcher),
    /// A number of this value, or a string with its digits as they were written.
    Number(f64, Matcher),
    /// A number that compares so.
    Compared(Op, f64),
    /// One of the values that an engine has once: `true`, `false`, `null`, `undefined`; or a string with that text.
    Constant(&'static str, Matcher),
    Object(ObjectId),
}

/// The values that an engine has once.
pub(crate) const CONSTANTS: [&str; 4] = ["true", "false", "null", "undefined"];

/// Numbers of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Shallow,
    Retained,
    Distance,
    /// References that it has, as many as there are rows below it.
    References,
    /// References to it, as many as there are rows in its Retainers.
    Retainers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Equal,
    Unequal,
}

impl Op {
    /// As they are written, longer ones before those that they begin with.
    pub(crate) const ALL: [(&'static str, Op); 8] = [
        ("<=", Op::LessOrEqual),
        (">=", Op::MoreOrEqual),
        ("!=", Op::Unequal),
        ("==", Op::Equal),
        ("<", Op::Less),
        (">", Op::More),
        ("=", Op::Equal),
        (":", Op::Equal),
    ];

    pub(crate) fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Op::Less => left < right,
            Op::LessOrEqual => left <= right,
            Op::More => left > right,
            Op::MoreOrEqual => left >= right,
            Op::Equal => left == right,
            Op::Unequal => left != right,
        }
    }
}

/// How a number has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub op: Op,
    pub value: u64,
}

impl Bound {
    #[inline]
    pub(crate) fn holds(self, value: u64) -> bool {
        self.op.holds(value, self.value)
    }
}

/// Places in scripts.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub script: Script,
    /// Counted from zero, as in the file; any where nothing is said.
    pub line: Option<u32>,
    pub column: Option<u32>,
}

#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// The whole name, or the end of a path behind a separator, as screens show it.
    Named(String),
    /// One without a name.
    Number(u32),
    /// `path:line:column` has it.
    Like(Matcher),
}

impl Place {
    pub(super) fn is_at(&self, location: Location) -> bool {
        self.line.is_none_or(|line| line == location.line) && self.column.is_none_or(|column| column == location.column)
    }
}

/// How a text has to be. Texts are WTF-8.
#[derive(Debug, Clone)]
pub(crate) enum Matcher {
    /// Equal to it.
    Is(Box<[u8]>),
    /// It occurs as it is written.
    Has(Box<Finder<'static>>),
    /// A pattern; of a text that may have either case, the text.
    Matches { regex: Regex, text: Option<Box<str>> },
}

impl Matcher {
    pub(crate) fn is(text: &str) -> Matcher {
        Matcher::Is(text.as_bytes().into())
    }

    /// A text that has to occur; one without capitals in either case, as in the filter line.
    pub(crate) fn has(text: &str) -> Matcher {
        let either_case = || RegexBuilder::new(&ignoring_case(text)).size_limit(LARGEST_PATTERN).build().ok();
        let has_case = text.chars().any(|c| c.is_alphabetic()) && !text.chars().any(char::is_uppercase);
        match has_case.then(either_case).flatten() {
            Some(regex) => Matcher::Matches { regex, text: Some(text.into()) },
            None => Matcher::Has(Box::new(Finder::new(text.as_bytes()).into_owned())),
        }
    }

    /// A pattern; one without capitals in either case.
    ///
    /// # Errors
    /// Why it is none, in one line.
    pub(crate) fn pattern(source: &str) -> Result<Matcher, String> {
        let either_case = !source.chars().any(char::is_uppercase);
        let regex = RegexBuilder::new(source).case_insensitive(either_case).size_limit(LARGEST_PATTERN).build();
        let one_line = |problem: regex::Error| problem.to_string().lines().last().unwrap_or_default().trim().to_owned();
        regex.map(|regex| Matcher::Matches { regex, text: None }).map_err(one_line)
    }

    /// The text that it looks for, unless it is a pattern.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Matcher::Is(text) => Some(text),
            Matcher::Has(finder) => Some(finder.needle()),
            Matcher::Matches { text, .. } => text.as_deref().map(str::as_bytes),
        }
    }

    /// Whether what fits a text fits all that begin with it: not what is said of an end.
    pub(super) fn stays(&self) -> bool {
        match self {
            Matcher::Is(_) => false,
            Matcher::Has(_) => true,
            Matcher::Matches { text: Some(_), .. } => true,
            Matcher::Matches { regex, text: None } => {
                !["$", r"\b", r"\B", r"\z", r"\<", r"\>"].iter().any(|end| regex.as_str().contains(end))
            }
        }
    }

    /// Whether it looks for a part of one word: it occurs in names put together of several only where one has it.
    pub(super) fn is_of_word(&self) -> bool {
        let is_of_word = |&byte: &u8| byte.is_ascii_alphanumeric() || b"_$".contains(&byte);
        self.text().is_some_and(|text| text.iter().all(is_of_word))
    }

    #[inline]
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        match self {
            Matcher::Is(wanted) => **wanted == *text,
            Matcher::Has(finder) => finder.find(text).is_some(),
            Matcher::Matches { regex, .. } => regex.is_match(text),
        }
    }

    /// Where it first matches.
    pub(crate) fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        match self {
            Matcher::Is(wanted) => (**wanted == *text).then_some(0..text.len()),
            Matcher::Has(finder) => finder.find(text).map(|start| start..start + finder.needle().len()),
            Matcher::Matches { regex, .. } => regex.find(text).map(|found| found.range()),
        }
    }
}

/// What a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;

/// A pattern for the text itself. JavaScript never takes a letter of ASCII for one beyond it (`k` and the Kelvin sign).
fn ignoring_case(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            _ if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
            _ if c.is_ascii() => regex::escape(&c.to_string()),
            _ => format!("(?i:{})", regex::escape(&c.to_string())),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_capitals_occur_in_either_case_and_others_as_they_are() {
        let has = |wanted: &str, text: &str| Matcher::has(wanted).matches(text.as_bytes());
        assert!(has("sess", "mySession") && has("Sess", "mySession") && !has("Sess", "session"));
        assert!(has("größe", "GRÖSSE und GRÖßE") && has("a.b", "A.B") && !has("a.b", "axb"));
        assert!(has("12 %", "at 12 %") && has("", "anything") && !has("kilo", "\u{212a}ilo"));
        assert_eq!(Matcher::has("SESS").find(b"SESSion"), Some(0..4));
        assert_eq!(Matcher::has("ion").find(b"SessION"), Some(4..7));
    }

    #[test]
    fn a_lone_surrogate_is_no_reason_not_to_find_what_stands_beside_it() {
        let text = [b"caf\xed\xa0\x80".as_slice(), b"Session"].concat();
        assert!(Matcher::has("session").matches(&text) && Matcher::pattern("sess.*n$").unwrap().matches(&text));
    }

    #[test]
    fn numbers_compare_as_their_signs_say() {
        let holding = |op: Op| [1, 2, 3].into_iter().filter(|&left| op.holds(left, 2)).collect::<Vec<_>>();
        let all = Op::ALL.map(|(sign, op)| format!("{sign}{:?}", holding(op))).join(" ");
        assert_eq!(all, "<=[1, 2] >=[2, 3] !=[1, 3] ==[2] <[1] >[3] =[2] :[2]");
    }
}
