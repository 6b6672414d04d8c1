//! Everything the screen shows, as plain data. `update` changes it, `render` only reads it.

mod explorer;
mod history;
mod pane;
pub mod retainers;
mod timeline;

use std::sync::Arc;

use ratatui::layout::Size;

pub use explorer::{Explorer, Focus, Object, PaneId, Scoped, Subject, View, are_final};
pub use history::{History, Place};
pub use pane::{Performed, TreePane, Work};
pub use retainers::{Retaining, Walk};
pub use timeline::Timeline;

use super::message::{Effect, Palette, Progress};
use super::overlays::Overlay;
use super::theme::Ui;
use super::widgets::line::Line;
use crate::base::meter::Meter;
use crate::error::Error;
use crate::heap::Heap;

/// The whole explorer.
#[derive(Debug)]
pub struct State {
    /// The snapshots as they were given, oldest first. There is at least one.
    pub snapshots: Vec<Snapshot>,
    /// Which of them is shown.
    pub shown: usize,
    /// Which of them is being loaded.
    pub loading: Option<usize>,
    /// What the job that loads it has told last.
    pub progress: Progress,
    /// What is shown of the snapshot that is shown.
    pub stage: Stage,
    pub aggregating: Aggregating,
    /// The question that a worker answers now.
    pub background: Option<Background>,
    /// The changes that workers make of copies of panes, at most one a pane.
    pub changes: Vec<Change>,
    /// The worker that looks up what the panes beside the cursor show.
    pub following: Option<Following>,
    /// Questions so far: tells answers apart.
    pub asked: u64,
    /// What `update` wants done; the loop takes it away.
    pub effects: Vec<Effect>,
    pub palette: Palette,
    /// Whether the person or the environment has chosen the colours.
    pub palette_chosen: bool,
    pub size: Size,
    pub prompt: Option<Prompt>,
    /// The last one is on top and gets the keys.
    pub overlays: Vec<Overlay>,
    pub notice: Option<Notice>,
    /// Whether sizes are shown in bytes rather than in kB and MB.
    pub exact: bool,
}

/// A snapshot that was given.
#[derive(Debug)]
pub struct Snapshot {
    /// The name of the file, safe for the terminal.
    pub title: String,
    /// What a command line would call the file.
    pub file: String,
    pub job: Job,
    /// There once it has classes and shallow sizes.
    pub heap: Option<Arc<Heap>>,
    /// Why it could not be loaded.
    pub problem: Option<Report>,
    /// What was shown of it when another one was chosen.
    pub parked: Option<Box<Explorer>>,
}

impl Snapshot {
    pub fn new(title: String, file: String) -> Self {
        Snapshot { title, file, job: Job::Waiting, heap: None, problem: None, parked: None }
    }
}

/// How far the job is that loads a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Nobody has asked for it yet.
    Waiting,
    Running,
    Complete,
    /// Cancelled or failed; what is ready stays.
    Stopped,
}

/// What there is to show.
#[derive(Debug)]
pub enum Stage {
    /// Nothing yet; the heap comes first, its classes are added up by a worker then.
    Loading(Option<Arc<Heap>>),
    Failed(Report),
    Exploring(Box<Explorer>),
}

/// Whether a worker adds up the classes. A second wish while it does so waits; a third is the same as the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregating {
    Idle,
    Running,
    RunningAndStale,
}

/// Why there is nothing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub what: String,
    pub place: String,
    pub advice: String,
    /// Whether somebody has stopped the loading; anything else is an error of the file.
    pub is_stop: bool,
}

impl Report {
    pub fn new(error: &Error, title: &str) -> Self {
        let report = |what: &str, place: String, advice: &str| Report {
            what: what.to_owned(),
            place,
            advice: if advice.is_empty() { "q quits".into() } else { format!("{advice} — q quits") },
            is_stop: matches!(error, Error::Cancelled),
        };
        match error {
            Error::Format(problem) => {
                let mut place = title.to_owned();
                if !problem.section.is_empty() {
                    place.push_str(&format!(", section {}", problem.section));
                }
                if let Some(byte) = problem.byte {
                    place.push_str(&format!(", byte {}", crate::view::text::count(byte)));
                }
                report(&problem.problem, place, &problem.advice)
            }
            Error::Io { path, problem } => report(problem, path.clone(), "is the path right, may you read it?"),
            Error::Cancelled => {
                report("stopped before anything could be shown", title.to_owned(), "start again to load it")
            }
            Error::System { what, problem } => report(problem, (*what).to_owned(), ""),
            Error::Unknown(text) | Error::Usage(text) => report(text, title.to_owned(), ""),
            Error::Mistake(_) => report(&error.to_string(), title.to_owned(), ""),
        }
    }
}

/// A line that says what has happened; the next key clears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub kind: Ui,
}

/// A line being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub kind: PromptKind,
    pub line: Line,
}

/// A question on its way.
#[derive(Debug)]
pub struct Background {
    pub number: u64,
    /// What is done, for the title: `looking for paths`.
    pub text: String,
    pub meter: Arc<Meter>,
    /// The view that it makes.
    pub makes: Option<View>,
    /// Whether it looks for the objects of a scope.
    pub limits: bool,
    /// How much of it is done, in percent, once it has taken long enough to be worth a word.
    pub seen: Option<Option<u64>>,
}

/// A change of a pane, on its way.
#[derive(Debug)]
pub struct Change {
    pub number: u64,
    pub text: String,
    pub meter: Arc<Meter>,
    pub pane: PaneId,
    pub work: Work,
    /// As in [`Background::seen`].
    pub seen: Option<Option<u64>>,
}

/// A look at what belongs to the cursor, on its way.
#[derive(Debug)]
pub struct Following {
    pub number: u64,
    pub meter: Arc<Meter>,
    /// What was wanted.
    pub subject: Option<Subject>,
    pub retained: Option<Object>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// Filters the rows of a table with every letter.
    Filter,
    /// Finds a row of a tree.
    Find,
    /// An object id.
    Id,
    /// The letter of a new mark.
    Mark,
}

impl State {
    /// Shows the last of `snapshots`, of which there must be one.
    pub fn new(snapshots: Vec<Snapshot>, size: Size) -> Self {
        State {
            shown: snapshots.len() - 1,
            snapshots,
            loading: None,
            progress: Progress::default(),
            stage: Stage::Loading(None),
            aggregating: Aggregating::Idle,
            background: None,
            changes: Vec::new(),
            following: None,
            asked: 0,
            effects: Vec::new(),
            palette: Palette::Dark,
            palette_chosen: false,
            size,
            prompt: None,
            overlays: Vec::new(),
            notice: None,
            exact: false,
        }
    }

    /// The snapshot that is shown.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshots[self.shown]
    }

    /// How far the snapshot is that is shown.
    pub fn job(&self) -> Job {
        self.snapshot().job
    }

    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), kind: Ui::Info });
    }

    pub fn warn(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), kind: Ui::Warning });
    }

    pub fn explorer(&self) -> Option<&Explorer> {
        match &self.stage {
            Stage::Exploring(explorer) => Some(explorer),
            Stage::Loading(_) | Stage::Failed(_) => None,
        }
    }

    pub fn explorer_mut(&mut self) -> Option<&mut Explorer> {
        match &mut self.stage {
            Stage::Exploring(explorer) => Some(explorer),
            Stage::Loading(_) | Stage::Failed(_) => None,
        }
    }
}
