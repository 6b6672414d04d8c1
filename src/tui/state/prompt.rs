//! A line being typed, and what it is for.

use crate::error::QueryMistake;
use crate::tui::widgets::line::Line;

/// A line being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) kind: PromptKind,
    pub(crate) line: Line,
    /// Where a query cannot be read as far as it is written.
    pub(crate) mistake: Option<Box<QueryMistake>>,
    /// The file that is there and would be written over: that has been said.
    pub(crate) over: Option<String>,
}

impl Prompt {
    pub(crate) fn new(kind: PromptKind, line: Line) -> Prompt {
        Prompt { kind, line, mistake: None, over: None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PromptKind {
    /// Filters the rows of a table with every letter.
    Filter,
    /// Finds a row of a tree.
    Find,
    /// Finds objects in the whole heap.
    Query,
    /// An object id.
    Id,
    /// The letter of a new mark.
    Mark,
    /// What is to be ignored, as `--without` takes it.
    Ignore,
    /// A note on the row under the cursor.
    Note,
    /// The name of a file for the hunt.
    Report,
    /// The file of one more snapshot.
    Add,
    /// Another name for the snapshot that is shown.
    Rename,
}
