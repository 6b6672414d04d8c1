//! What comes in from keyboard, system and background work, and what `update` wants done.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::{Position, Size};
use rustc_hash::FxHashSet;

use super::keymap::Key;
use super::overlays::{About, Detail};
use super::state::{Object, PaneId, Performed, Retaining, Scoped, Subject, Timeline, TreePane, View, Work};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::analysis::scopes::Scope;
use crate::analysis::sizes::ContextSizes;
use crate::analysis::statistics::Statistics;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::heap::{self, Heap};
use crate::input::Facts;
use crate::view::column::Sort;
use crate::view::list::Item;
use crate::view::source::Source;
use crate::view::tree::Tree;

/// Something has happened.
#[derive(Debug)]
pub enum Msg {
    /// Everything is ready for the first load.
    Begin,
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
    /// The job that loads the snapshot with this number tells something.
    Load(usize, heap::Event),
    /// Time for a look at what goes on: the progress of the load, if there is one.
    Tick(Option<Progress>),
    /// The cursor has rested on its row.
    Rested,
    /// The rows of the Summary of a heap, from the worker.
    Aggregated(Arc<Heap>, Vec<Aggregate>),
    /// The numbers of the Statistics view of a heap, and its timeline if it has one, from the worker.
    Counted(Arc<Heap>, Statistics, Option<Timeline>),
    /// The worker could not add up the rows of the Summary of a heap.
    NotAggregated(Arc<Heap>, String),
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
    Paths { object: Object, ignored: Option<Arc<Ignored>>, count: usize },
    /// Distances without some objects.
    Ignore { heap: Arc<Heap>, nodes: FxHashSet<u32> },
    /// What can be reached from an object.
    Reach(Object),
    /// A change of a pane, made of a copy.
    Change { id: PaneId, pane: Box<TreePane>, work: Work },
    /// The tree of a view.
    Make(Make),
    /// Retainers along a path.
    Retain { object: Object, ignored: Option<Arc<Ignored>>, path: Vec<Item> },
    /// What the panes beside the cursor show.
    Follow(Box<Follow>),
    /// The objects of a scope, by class.
    Limit { heap: Arc<Heap>, scope: Scope, title: String },
    /// The native contexts with their sizes, and the newest id of each of some snapshots.
    Contexts { heap: Arc<Heap>, snapshots: Vec<Option<Arc<Heap>>> },
    /// The open rows that contain a text.
    Find(Search),
}

/// A tree to be made.
#[derive(Debug)]
pub struct Make {
    pub view: View,
    pub of: Basis,
    pub root: Option<NodeIx>,
    pub sort: Sort,
    /// What to do with it next.
    pub then: Option<Work>,
}

/// What the rows of a view are rows of, or what it takes to find out.
#[derive(Debug)]
pub enum Basis {
    Tree(Source),
    Comparison { base: Arc<Heap>, current: Arc<Heap> },
    Strings(Arc<Heap>),
    Allocation(Arc<Heap>),
}

/// The row that details are wanted of, the object whose retainers are.
#[derive(Debug, Clone)]
pub struct Follow {
    pub subject: Option<Subject>,
    pub about: About,
    pub retained: Option<Object>,
    /// What the Retainers leave out.
    pub ignored: Option<Arc<Ignored>>,
    /// Whether the details open in a window.
    pub in_window: bool,
}

/// Details and retainers, as far as they were wanted.
#[derive(Debug)]
pub struct Followed {
    pub detail: Option<Detail>,
    pub retaining: Option<Retaining>,
    pub in_window: bool,
}

/// A text to find in the rows of a pane.
#[derive(Debug, Clone)]
pub struct Search {
    pub id: PaneId,
    pub tree: Box<Tree>,
    pub needle: String,
    /// Where to begin, and in which direction the first match is wanted.
    pub from: usize,
    pub forward: bool,
}

/// The answer to a [`Task`].
#[derive(Debug)]
pub enum Outcome {
    Paths {
        object: Object,
        wanted: usize,
        found: Vec<Path>,
    },
    Ignored(Ignored),
    Reached {
        object: Object,
        objects: u64,
        bytes: u64,
    },
    Changed {
        id: PaneId,
        pane: Box<TreePane>,
        /// That of the pane when the copy was made.
        version: u64,
        work: Work,
        performed: Performed,
    },
    Made {
        view: View,
        /// Nothing where the snapshot does not have what the view shows, or why it could not be made.
        pane: std::result::Result<Box<TreePane>, Option<String>>,
        /// Whether the row was found that was to be shown.
        revealed: Option<Performed>,
    },
    Retained(Box<Retaining>),
    Followed(Box<Followed>),
    Limited(Scoped),
    Contexts {
        sizes: ContextSizes,
        newest: Vec<Option<u64>>,
    },
    /// The first match, before all are known.
    Found {
        id: PaneId,
        version: u64,
        place: usize,
    },
    /// All matches, ascending; the last word about a search.
    Matches(Matches),
    Cancelled,
    Failed(String),
}

/// The rows of a pane that contain a text.
#[derive(Debug, Clone)]
pub struct Matches {
    pub id: PaneId,
    pub version: u64,
    pub needle: String,
    /// Places of visible rows, ascending.
    pub places: Vec<u32>,
    /// Where the search began.
    pub from: usize,
    pub forward: bool,
}

/// What the loop does for `update`.
#[derive(Debug)]
pub enum Effect {
    Quit(Exit),
    /// Stop the process like a shell's Ctrl-Z, and come back with a full redraw.
    Suspend,
    /// Draw every cell anew.
    Redraw,
    /// Load the snapshot with this number.
    Load(usize),
    CancelLoad,
    Aggregate(Arc<Heap>),
    Count(Arc<Heap>),
    Start {
        number: u64,
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
