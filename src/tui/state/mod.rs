//! Everything the screen shows, as plain data. `update` changes it, `render` only reads it.

mod explorer;
mod history;
mod pane;

use std::sync::Arc;

use ratatui::layout::Size;

pub use explorer::{Explorer, Focus, View, Walk, are_final};
pub use history::{History, Place};
pub use pane::TreePane;

use super::message::Palette;
use super::message::Progress;
use super::overlays::Overlay;
use super::theme::Ui;
use super::widgets::line::Line;
use crate::base::meter::Meter;
use crate::error::Error;
use crate::heap::Heap;

/// The whole explorer.
#[derive(Debug)]
pub struct State {
    /// The name of the snapshot that is shown, safe for the terminal.
    pub title: String,
    /// How many snapshots were given besides.
    pub others: usize,
    pub job: Job,
    pub progress: Progress,
    pub stage: Stage,
    pub work: Aggregating,
    /// The question that a worker answers now.
    pub background: Option<Background>,
    /// Questions so far: tells answers apart.
    pub asked: u64,
    pub palette: Palette,
    /// Whether the person or the environment has chosen the colours.
    pub palette_chosen: bool,
    /// What a command line would call the file.
    pub file: String,
    pub size: Size,
    pub prompt: Option<Prompt>,
    /// The last one is on top and gets the keys.
    pub overlays: Vec<Overlay>,
    pub notice: Option<Notice>,
    /// Whether sizes are shown in bytes rather than in kB and MB.
    pub exact: bool,
}

/// How far the job is that loads the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
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
}

impl Report {
    pub fn new(error: &Error, title: &str) -> Self {
        let report = |what: &str, place: String, advice: &str| Report {
            what: what.to_owned(),
            place,
            advice: if advice.is_empty() { "q quits".into() } else { format!("{advice} — q quits") },
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
            Error::Unknown(text) | Error::Usage(text) => report(text, title.to_owned(), ""),
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
    pub text: &'static str,
    pub meter: Arc<Meter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// Filters the classes of the Summary with every letter.
    Filter,
    /// Finds a row of a tree.
    Find,
    /// An object id.
    Id,
    /// The letter of a new mark.
    Mark,
}

impl State {
    pub fn new(title: String, others: usize, size: Size) -> Self {
        State {
            others,
            job: Job::Running,
            progress: Progress::default(),
            stage: Stage::Loading(None),
            work: Aggregating::Idle,
            background: None,
            asked: 0,
            palette: Palette::Dark,
            palette_chosen: false,
            file: title.clone(),
            title,
            size,
            prompt: None,
            overlays: Vec::new(),
            notice: None,
            exact: false,
        }
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
