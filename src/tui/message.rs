//! What comes in from keyboard, system and background work, and what `update` wants done.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;

use super::keymap::Key;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::statistics::Statistics;
use crate::heap::{self, Heap};

/// Something has happened.
#[derive(Debug)]
pub enum Msg {
    Key(Key),
    Resize(Size),
    /// The process continues after it was stopped: the terminal may have been used by others.
    Continued,
    /// The system asks the process to end.
    Signal(i32),
    /// No more keys can be read.
    KeysFailed(String),
    /// A timer has run out; which one is seen by what is due.
    Timer,
    /// The job that loads the snapshot tells something.
    Load(heap::Event),
    /// Time for a look at the progress of loading.
    Tick(Progress),
    /// The cursor has rested on its row.
    Rested,
    /// The rows of the Summary, from the worker.
    Aggregated(Vec<Aggregate>),
    /// The numbers of the Statistics view, from the worker.
    Counted(Statistics),
    /// The worker could not do its work.
    WorkFailed(String),
}

/// What the loop does for `update`.
#[derive(Debug)]
pub enum Effect {
    Quit(Exit),
    /// Stop the process like a shell's Ctrl-Z, and come back with a full redraw.
    Suspend,
    /// Draw every cell anew.
    Redraw,
    CancelLoad,
    Aggregate(Arc<Heap>),
    Count(Arc<Heap>),
}

/// Why the explorer ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// Ctrl-C.
    Interrupted,
    Signal(i32),
    /// The keyboard is gone.
    NoKeys(String),
}

/// What the meter of the load said when somebody looked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    pub done: u64,
    /// 0 when nobody knows.
    pub total: u64,
    pub elapsed: Duration,
    pub running: Vec<&'static str>,
    pub finished: Vec<(&'static str, Duration)>,
}
