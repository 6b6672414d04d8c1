//! A level of rows → what is printed: their order, how far they open, what is said before them.

use std::path::Path;

use super::args::{FileArguments, Output, TableArguments};
use super::print::print;
use super::printout::{Body, Printout, Rows};
use super::rows::{Extent, Line, Lines, Printed, TreeLines};
use crate::base::ids::NodeIx;
use crate::error::{Error, Result};
use crate::view::cell::Record;
use crate::view::spec::Sort;
use crate::view::table::{AnyTable, Inner, Level};

/// A table on its way out.
pub(super) struct Listing<'a> {
    pub command: &'static str,
    pub file: &'a Path,
    pub output: &'a Output,
    pub level: Level,
    /// The word of `--sort`.
    pub sort: Option<&'a str>,
    pub depth: usize,
    /// Whether rows may stand below others, however deep it is.
    pub is_tree: bool,
    /// What stands below objects.
    pub inner: Inner,
    /// The object whose tree it is.
    pub above: Option<NodeIx>,
    /// What JSON says before the rows.
    pub head: Record,
    /// What is said of all rows, in lines above the table.
    pub about: Option<String>,
}

impl<'a> Listing<'a> {
    /// One level of rows in the order of their table, with DevTools' rows below objects.
    pub(super) fn of(command: &'static str, of: &'a FileArguments, level: Level) -> Listing<'a> {
        Listing::about_file(command, &of.file, &of.output, level)
    }

    /// The same where several files are read; it is about this one.
    pub(super) fn about_file(command: &'static str, file: &'a Path, output: &'a Output, level: Level) -> Listing<'a> {
        Listing {
            command,
            file,
            output,
            level,
            sort: None,
            depth: 1,
            is_tree: false,
            inner: Inner::References,
            above: None,
            head: Record::new(),
            about: None,
        }
    }

    pub(super) fn print(self) -> Result<()> {
        self.print_with(|row| row)
    }

    /// Prints the rows with what the command has to add to each.
    pub(super) fn print_with(self, add: impl Fn(Printed) -> Printed + Copy) -> Result<()> {
        let Listing { command, file, output, level, depth, is_tree, inner, above, head, about, .. } = self;
        let table = level.table.clone();
        let sort = sort_of(&*table, self.sort)?;
        let extent = Extent { depth, limit: output.limit(), inner };
        let added = move |line| match line {
            Line::Row(row) => Line::Row(add(row)),
            left => left,
        };
        let lines = move || -> Result<Lines<'_>> {
            Ok(Box::new(TreeLines::new(level.clone(), sort, extent, above)?.map(move |line| line.map(added))))
        };
        let rows = Rows { is_tree: is_tree || depth > 1, about, ..Rows::of(&*table, lines) };
        print(&Printout { command, file, head, body: Body::Rows(rows) }, output)
    }
}

/// Prints a table as the arguments say.
pub(super) fn print_table(command: &'static str, arguments: &TableArguments, level: Level) -> Result<()> {
    let TableArguments { of, sort, depth } = arguments;
    Listing { sort: sort.as_deref(), depth: *depth, ..Listing::of(command, of, level) }.print()
}

/// The order that a word of `--sort` means; without one that in which the table opens.
fn sort_of(table: &dyn AnyTable, word: Option<&str>) -> Result<Sort> {
    let Some(word) = word else { return Ok(table.facts().sort) };
    let columns = table.seen();
    match columns.iter().find(|spec| spec.is_called(word)) {
        Some(spec) => Ok(spec.sort()),
        None => {
            let known: Vec<String> = columns.iter().map(|spec| spec.word()).collect();
            Err(Error::Usage(format!("no column is called {word}: there are {}", known.join(", "))))
        }
    }
}
