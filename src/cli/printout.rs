//! What a command prints: one model, for people and for programs. How it is written: `print.rs`.

use std::borrow::Cow;
use std::path::Path;

use super::rows::Lines;
use crate::error::Result;
use crate::view::cell::Record;
use crate::view::spec::Spec;
use crate::view::table::AnyTable;
use crate::view::text;

/// What a command prints.
pub(super) struct Printout<'a> {
    pub command: &'static str,
    pub file: &'a Path,
    /// What JSON says before the rows.
    pub head: Record,
    pub body: Body<'a>,
}

pub(super) enum Body<'a> {
    Rows(Rows<'a>),
    /// One thing.
    Result(Record),
    /// Rows of no snapshot.
    List(List),
}

/// Rows that are there already, for people and for programs.
pub(super) struct List {
    pub columns: Vec<Spec>,
    pub rows: Vec<(Vec<String>, Record)>,
    /// Rows that are left out.
    pub left: u64,
}

pub(super) struct Rows<'a> {
    /// The columns of the table that people read, the first of them first.
    pub columns: Vec<Spec>,
    /// Whether rows may stand below others.
    pub is_tree: bool,
    /// What percentages refer to.
    pub total: u64,
    /// What is said of all rows, in lines above the table.
    pub about: Option<String>,
    /// All of them, from the first on; they may be asked for more than once.
    pub lines: Box<dyn Fn() -> Result<Lines<'a>> + 'a>,
}

impl<'a> Rows<'a> {
    /// Rows in the columns of their table, none below another.
    pub(super) fn of(table: &dyn AnyTable, lines: impl Fn() -> Result<Lines<'a>> + 'a) -> Rows<'a> {
        let columns = table.seen().into_iter().map(|spec| titled(table, spec)).collect();
        let total = table.heap().total_size().unwrap_or(0);
        Rows { columns, is_tree: false, total, about: None, lines: Box::new(lines) }
    }
}

/// A column under the name that its table gives it: of snapshots there are a dozen, once a run.
fn titled(table: &dyn AnyTable, spec: &Spec) -> Spec {
    match table.title(spec) {
        Cow::Borrowed(title) => Spec { title, ..*spec },
        Cow::Owned(title) => Spec { title: Box::leak(title.into_boxed_str()), ..*spec },
    }
}

/// `… 12 more rows (--limit 0 for all)`
pub(super) fn left_out(rows: u64) -> String {
    format!("… {} more row{} (--limit 0 for all)", text::count(rows), if rows == 1 { "" } else { "s" })
}
