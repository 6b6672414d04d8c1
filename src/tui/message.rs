//! What comes in from keyboard, system and background work, and what `update` wants done.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::{Position, Size};
use rustc_hash::FxHashSet;

use super::keymap::Key;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::analysis::statistics::Statistics;
use crate::base::ids::NodeIx;
use crate::base::meter::{Facts, Meter};
use crate::heap::{self, Heap};

/// Something has happened.
#[derive(Debug)]
pub enum Msg {
    Key(Key),
    Mouse(Mouse, Position),
    /// The terminal has told its background: whether it is a light one.
    Background(bool),
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
    /// The worker could not add up the rows of the Summary.
    NotAggregated(String),
    /// The worker could not do its work.
    WorkFailed(String),
    /// What was asked for with this number is done.
    Done(u64, Outcome),
}

/// What a mouse does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    Click,
    WheelDown,
    WheelUp,
}

/// A question that takes long; the newest one replaces the one before.
#[derive(Debug)]
pub enum Task {
    /// The shortest paths from an object to a root.
    Paths { ignored: Option<Arc<Ignored>>, node: NodeIx, count: usize },
    /// Distances without some objects.
    Ignore(FxHashSet<u32>),
    /// What can be reached from an object.
    Reach(NodeIx),
}

/// The answer to a [`Task`].
#[derive(Debug)]
pub enum Outcome {
    Paths { node: NodeIx, wanted: usize, found: Vec<Path> },
    Ignored(Ignored),
    Reached { node: NodeIx, objects: u64, bytes: u64 },
    Cancelled,
    Failed(String),
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
    Start {
        number: u64,
        heap: Arc<Heap>,
        task: Task,
        meter: Arc<Meter>,
    },
    /// Hand a text to the terminal's clipboard.
    Copy(String),
    /// Draw with these colours from now on.
    Theme(Palette),
}

/// The themes that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    Dark,
    Light,
    /// Warm and low in contrast.
    Ember,
}

impl Palette {
    pub const ALL: [Palette; 3] = [Palette::Dark, Palette::Light, Palette::Ember];

    pub fn name(self) -> &'static str {
        match self {
            Palette::Dark => "dark",
            Palette::Light => "light",
            Palette::Ember => "ember",
        }
    }

    pub fn next(self) -> Palette {
        match self {
            Palette::Dark => Palette::Light,
            Palette::Light => Palette::Ember,
            Palette::Ember => Palette::Dark,
        }
    }
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
    /// Nodes and edges that have been read.
    pub nodes: u64,
    pub edges: u64,
    pub facts: Facts,
    pub running: Vec<&'static str>,
    pub finished: Vec<(&'static str, Duration)>,
}
