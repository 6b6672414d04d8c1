//! One line that finds any object of a heap: the query language, and its answer.
//!
//! A query is read once ([`parse`]) and asked of as many heaps as there are ([`Query::nodes`]). It finds nodes, in the
//! order of the file; what they add up to and how they are shown is not its business.

mod complete;
mod hits;
mod language;
mod notes;
mod parser;
mod prepare;
mod reader;
mod reason;
mod ropes;
mod run;
#[cfg(test)]
mod slow;
mod test;
mod walks;
mod words;

pub(crate) use complete::{Unfinished, Wanted, quoted, unfinished, words as completed};
pub(crate) use language::Op;
pub(crate) use notes::Note;
pub(crate) use reason::{Reason, searched_text};
pub(crate) use ropes::SEARCHED;
pub(crate) use run::Found;
pub(crate) use words::{WORDS, Word};

use language::{Condition, Expr, Field};

use crate::error::QueryMistake;
use crate::heap::{Heap, Product, Wants};

/// A question about objects, as a person wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    text: String,
    expr: Expr,
}

/// Two that are written alike ask the same.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Query {}

/// Reads a query.
///
/// # Errors
/// The place of the first mistake, and what was expected there.
pub(crate) fn parse(text: &str) -> Result<Query, QueryMistake> {
    let (expr, end) = parser::parse(text)?;
    let query = Query { text: text[..end].trim().to_owned(), expr };
    match text[end..].chars().next() {
        None => Ok(query),
        Some(next) => {
            let problem = "expected a condition; text with | stands in quotes";
            Err(QueryMistake { query: text.to_owned(), at: end..end + next.len_utf8(), problem: problem.into() })
        }
    }
}

/// Reads the query at the beginning of a text, and gives the byte behind it: its end, or a `|` outside quotes and
/// patterns. What stands behind that is for others to read.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_beginning(text: &str) -> Result<(Query, usize), QueryMistake> {
    let (expr, end) = parser::parse_before_bar(text)?;
    Ok((Query { text: text[..end].trim().to_owned(), expr }, end))
}

impl Query {
    /// As it was written, without space around it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn conditions(&self) -> Vec<&Condition> {
        let mut found = Vec::new();
        notes::conditions(&self.expr, &mut found);
        found
    }

    /// What a heap must have to be asked.
    pub(crate) fn wants(&self) -> Wants {
        let of = |condition: &&Condition| match condition {
            Condition::Number(Field::Retained, _) => Wants::of(&[Product::RetainedSizes]),
            Condition::Number(Field::Distance, _) => Wants::of(&[Product::Distances]),
            Condition::Number(Field::Retainers, _) => Wants::of(&[Product::Retainers]),
            _ => Wants::NONE,
        };
        self.conditions().iter().map(of).fold(Wants::SUMMARY, Wants::and)
    }

    /// Whether a heap has all that it asks for.
    pub(crate) fn can_be_asked(&self, heap: &Heap) -> bool {
        heap.there().covers(self.wants())
    }

    /// Whether nodes without a shallow size count. They are no objects to anybody, unless somebody speaks of them.
    fn counts_sizeless(&self) -> bool {
        let speaks =
            |condition: &&Condition| matches!(condition, Condition::Number(Field::Shallow, _) | Condition::Id(_));
        self.conditions().iter().any(speaks)
    }

    /// How many times the strings of a heap are looked through.
    fn walks_over_strings(&self) -> u64 {
        let of = |condition: &&Condition| match condition {
            Condition::Anywhere(_) | Condition::Name(_) | Condition::Text(_) | Condition::Has(_) => 1,
            Condition::Property { .. } => 2,
            _ => 0,
        };
        self.conditions().iter().map(of).sum()
    }
}
