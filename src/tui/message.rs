//! What comes in from keyboard, system and background work, and what `update` wants done.

use std::fmt;
use std::sync::Arc;

use ratatui::layout::{Position, Size};

use super::key::Key;
use super::overlays::detail::Detail;
use super::state::change::{Performed, Work};
use super::state::finding::Matches;
use super::state::focus::{Pane, PaneId};
use super::state::held::HeldSet;
use super::state::pane::TreePane;
use super::state::picture::Drawn;
use super::state::progress::Progress;
use super::state::retainers::Retaining;
use super::state::scoped::Scoped;
use super::state::timeline::Timeline;
use super::subject::Object;
use super::theme::Palette;
use super::view::View;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::merged::Without;
use crate::analysis::paths::Paths;
use crate::analysis::query::Query;
use crate::analysis::series::Series;
use crate::analysis::sizes::ContextSizes;
use crate::answers::cut::Cut;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{self, Heap, LoadOptions};
use crate::remembered::{Place, Remembered};
use crate::view::table::Level;

/// Something has happened.
#[derive(Debug)]
pub(crate) enum Msg {
    /// Everything is ready for the first load.
    Begin,
    Key(Key),
    /// A text: pasted, which may have several lines, or letters that were typed faster than they could be taken.
    Text {
        text: String,
        is_pasted: bool,
    },
    /// So many keys came faster than anybody types; they are lost.
    Flood(usize),
    Mouse(Mouse, Position),
    /// The terminal has told its background: whether it is a light one.
    Background(bool),
    Resize(Size),
    /// The terminal has read all that was drawn before it was asked.
    Answered,
    /// The process continues after it was stopped: the terminal may have been used by others.
    Continued,
    /// The system asks the process to end.
    Signal(i32),
    /// No more keys can be read.
    KeysFailed(String),
    /// The load of the snapshot with this number tells something.
    Load(usize, heap::Event),
    /// Time for a look at what goes on: the progress of the load, if there is one.
    Tick(Option<Progress>),
    /// The cursor has rested on its row.
    Rested,
    /// The job with this number tells something; all but [`Outcome::Found`], and [`Outcome::Searched`] that goes on, is
    /// its last word.
    Done(u64, Outcome),
}

/// What a mouse does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mouse {
    Click,
    /// The pointer has moved while the button was held.
    Drag,
    Release,
    WheelDown,
    WheelUp,
}

/// A piece of work for another thread. What it finds before its end it tells through the second argument.
pub(crate) struct Task(Box<Doing>);

type Doing = dyn FnOnce(&Meter, &dyn Fn(Outcome)) -> Result<Outcome> + Send;

impl Task {
    pub(crate) fn new(work: impl FnOnce(&Meter) -> Result<Outcome> + Send + 'static) -> Task {
        Task(Box::new(move |meter, _| work(meter)))
    }

    /// Work that has something to tell before its end.
    pub(crate) fn telling(work: impl FnOnce(&Meter, &dyn Fn(Outcome)) -> Result<Outcome> + Send + 'static) -> Task {
        Task(Box::new(work))
    }

    pub(crate) fn run(self, meter: &Meter, early: &dyn Fn(Outcome)) -> Result<Outcome> {
        (self.0)(meter, early)
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

/// What has come of a [`Task`].
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The file of a snapshot that is to be added.
    Given(std::path::PathBuf),
    /// A path that was typed as far as `before`, with what it can be completed to.
    Completed {
        before: String,
        completed: Completed,
    },
    Paths {
        object: Object,
        wanted: usize,
        found: Paths,
    },
    /// What goes without all that is ignored, and what each thing of it stands for.
    Ignored(Cut, Vec<Without>),
    /// What is remembered of the snapshot with this number; nothing where it cannot be.
    Recalled(usize, Option<Box<(Place, Remembered)>>),
    /// It is remembered from now on.
    Kept,
    /// What can be reached from an object: how many objects, and their bytes.
    Reached {
        object: Object,
        objects: u64,
        bytes: u64,
    },
    Changed {
        pane: Box<TreePane>,
        /// That of the tree when the copy was made.
        version: u64,
        performed: Performed,
    },
    /// What a view shows; nothing where the snapshot does not have it.
    Made {
        view: View,
        made: Option<Made>,
    },
    Retained(Box<Retaining>),
    Followed {
        detail: Option<Detail>,
        retaining: Option<Box<Retaining>>,
    },
    Held(Box<HeldSet>),
    /// A row knows a number more.
    Counted,
    /// For a window.
    Details(Detail),
    Text {
        title: String,
        text: Vec<u8>,
    },
    /// What has been done, for the last line.
    Told(String),
    /// A report is not written yet: there is such a file already.
    ReportIsThere(String),
    /// For the clipboard.
    Copied {
        what: &'static str,
        text: String,
    },
    Limited(Scoped),
    /// The native contexts with their sizes, and the newest id of each snapshot that is loaded.
    Contexts {
        sizes: ContextSizes,
        newest: Vec<Option<u64>>,
    },
    /// What a query has found so far, or all of it.
    Searched(Box<Searched>),
    /// The first match, before all are known.
    Found {
        id: PaneId,
        version: u64,
        place: usize,
    },
    Matches(Matches),
    Classes(Arc<Heap>, Vec<Aggregate>),
    Timeline(Arc<Heap>, Option<Timeline>),
    Series(Series),
    /// A picture of the heap, or of what an object keeps alive; nothing where that cannot be had.
    Picture(Option<Drawn>),
    /// The rows of the suspects.
    Suspects(Level),
    /// Somebody has asked it to stop, the work has failed, or a mistake of the program ended it.
    Failed(Error),
}

/// What a path can be completed to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Completed {
    /// As far as there is only one way to go on.
    pub(crate) path: String,
    /// The names that go on from there, where there are several.
    pub(crate) names: Vec<String>,
}

/// An answer to a query, or the beginning of one.
#[derive(Debug)]
pub(crate) struct Searched {
    pub(crate) query: Arc<Query>,
    pub(crate) level: Level,
    /// What is to be said at the end; nothing as long as the search goes on.
    pub(crate) end: Option<SearchEnd>,
}

/// How a search has ended.
#[derive(Debug)]
pub(crate) struct SearchEnd {
    /// Whether all objects have been asked.
    pub(crate) complete: bool,
    /// How many objects are found.
    pub(crate) count: usize,
    /// What they add up to.
    pub(crate) total: String,
    /// What the file does not know, safe for the terminal.
    pub(crate) notes: Vec<String>,
}

/// Something for a view to show.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) pane: Pane,
    /// What is to be said of it.
    pub(crate) warning: Option<String>,
    /// Whether the row was found that was to be shown.
    pub(crate) revealed: Option<Performed>,
}

/// What the loop does for `update`.
#[derive(Debug)]
pub(crate) enum Effect {
    Quit(Exit),
    /// Stop the process like a shell's Ctrl-Z, and come back with a full redraw.
    Suspend,
    /// Draw every cell anew.
    Redraw,
    /// Load the snapshot with this number.
    Load(usize),
    /// One more can be loaded, behind the others.
    Given(LoadOptions),
    /// The snapshot with this number is gone; those behind it move up.
    Gone(usize),
    CancelLoad,
    /// Give a task to a worker.
    Start {
        number: u64,
        task: Task,
        meter: Arc<Meter>,
    },
    /// The same with a task whose answer changes nothing on the screen: no frame waits for it.
    StartAside {
        number: u64,
        task: Task,
        meter: Arc<Meter>,
    },
    /// Tell when the cursor has rested; again from now on if it was to be told already.
    AwaitRest,
    /// Hand a text to the terminal's clipboard.
    Copy(String),
    /// Draw with these colours from now on.
    Theme(Palette),
}

/// Why the explorer ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    /// Ctrl-C.
    Interrupted,
    Signal(i32),
    /// The keyboard is gone.
    NoKeys(String),
}

/// What is wanted of a pane once it is made.
pub(crate) fn perform(pane: &mut TreePane, work: Option<Work>, meter: &Meter) -> Result<Option<Performed>> {
    work.map(|work| pane.perform(&work, meter)).transpose()
}
