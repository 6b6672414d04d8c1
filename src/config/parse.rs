//! A TOML text → its entries with their lines, of what can be read of it.

use toml::de::{DeTable, DeValue};

use super::Problem;

/// One entry; those of a table have its name before theirs.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// The table in which it stands; empty for those before any.
    pub(crate) table: String,
    pub(crate) name: String,
    /// From 1 on.
    pub(crate) line: usize,
    pub(crate) value: DeValue<'a>,
}

impl Entry<'_> {
    /// `cache.limit`
    pub(crate) fn key(&self) -> String {
        if self.table.is_empty() { self.name.clone() } else { format!("{}.{}", self.table, self.name) }
    }

    pub(crate) fn problem(&self, what: impl Into<String>) -> Problem {
        Problem::new(self.line, self.key(), what)
    }

    pub(crate) fn bool(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.is_no("true or false"))
    }

    pub(crate) fn text(&self) -> Result<&str, String> {
        self.value.as_str().ok_or_else(|| self.is_no("a text in quotes"))
    }

    /// One of some words.
    pub(crate) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, String> {
        let known = || words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        let text = self.value.as_str().ok_or_else(|| self.is_no(&format!("one of {}", known())))?;
        let found = words.iter().find(|(word, _)| *word == text).map(|&(_, value)| value);
        found.ok_or_else(|| format!("\"{text}\" is none of {}", known()))
    }

    pub(crate) fn whole(&self, least: i64, most: i64) -> Result<i64, String> {
        let wanted = || format!("a whole number from {least} to {most}");
        let number = self.value.as_integer().ok_or_else(|| self.is_no(&wanted()))?;
        let number = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok();
        number.filter(|number| (least..=most).contains(number)).ok_or_else(|| format!("must be {}", wanted()))
    }

    /// A text, or a list of texts, each with its line.
    pub(crate) fn texts(&self, text: &str) -> Result<Vec<(String, usize)>, String> {
        if let Some(one) = self.value.as_str() {
            return Ok(vec![(one.to_owned(), self.line)]);
        }
        let wanted = || self.is_no("a text or a list of texts");
        let list = self.value.as_array().ok_or_else(wanted)?;
        let one = |value: &toml::Spanned<DeValue<'_>>| {
            Some((value.get_ref().as_str()?.to_owned(), line_at(text, value.span().start)))
        };
        list.iter().map(one).collect::<Option<Vec<_>>>().ok_or_else(wanted)
    }

    /// What it should be and is not.
    pub(crate) fn is_no(&self, wanted: &str) -> String {
        format!("must be {wanted}, and is {}", self.value.type_str())
    }
}

/// The line in which a byte stands.
fn line_at(text: &str, byte: usize) -> usize {
    1 + text.as_bytes().iter().take(byte).filter(|&&byte| byte == b'\n').count()
}

/// All entries in the order of the text, those of a table one by one, and what cannot be read.
pub(crate) fn entries(text: &str) -> (Vec<Entry<'_>>, Vec<Problem>) {
    let (table, problems) = DeTable::parse_recoverable(text);
    let told = |problem: &toml::de::Error| {
        let line = problem.span().map_or(0, |span| line_at(text, span.start));
        Problem::new(line, "", format!("is no TOML: {}", problem.message().replace('\n', " ")))
    };
    let mut found = Vec::new();
    for (name, value) in table.into_inner() {
        let line = line_at(text, name.span().start);
        let name = name.into_inner().into_owned();
        match value.into_inner() {
            // One in braces is a value; others stand under their heading.
            DeValue::Table(table) if is_heading(text, line) => {
                for (inner, value) in table {
                    let line = line_at(text, inner.span().start);
                    let (inner, value) = (inner.into_inner().into_owned(), value.into_inner());
                    found.push(Entry { table: name.clone(), name: inner, line, value });
                }
            }
            value => found.push(Entry { table: String::new(), name, line, value }),
        }
    }
    found.sort_by_key(|entry| entry.line);
    (found, problems.iter().map(told).collect())
}

/// Whether a table is written as `[name]`, or as names with a dot.
fn is_heading(text: &str, line: usize) -> bool {
    let line = text.lines().nth(line - 1).unwrap_or_default().trim_start();
    line.starts_with('[') || line.split('=').next().is_some_and(|name| name.contains('.'))
}
