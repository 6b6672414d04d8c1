//! What a window makes of a key.

use std::sync::Arc;

use crate::analysis::scopes::Scope;
use crate::tui::command::Command;
use crate::tui::copied::{Form, Rows};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Not for the window: the panes below get it.
    Ignored,
    Consumed,
    Close,
    Choose(Choice),
}

/// What goes to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Copied {
    Text(String),
    /// The whole text of the current row.
    Value,
    /// The way from the current object to a root.
    Path,
    /// Several rows, written in some form.
    Rows(Form, Arc<Rows>),
    /// Why there is nothing to copy.
    Nothing(&'static str),
}

/// What has been chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    Run(Command),
    /// A page of help, by its place in the list.
    Page(usize),
    /// With the words behind its name.
    RunWith(Command, String),
    /// As far as it is written: the rest is typed in a line of its own.
    Write(Command, String),
    /// Something for the clipboard, and what it is.
    Copy(&'static str, Copied),
    Mark(char),
    /// What a note is on.
    Note(String),
    /// The row above the cursor's that is so many levels from the outermost.
    Level(usize),
    /// What counts, and what that is called.
    Scope(Scope, String),
    /// The snapshot to show, the one to compare with.
    Snapshot(usize),
    Base(usize),
    /// Counts an ignored thing again, or all.
    CountAgain(Option<usize>),
    IgnorePattern,
    /// The row with this number, from 1 on.
    Row(usize),
}
