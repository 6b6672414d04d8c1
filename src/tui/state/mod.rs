//! Everything the screen shows, as plain data. `update` changes it, `render` only reads it.

pub(crate) mod before;
pub(crate) mod change;
pub(crate) mod columns;
mod cursor;
pub(crate) mod earlier;
pub(crate) mod explorer;
pub(crate) mod failure;
pub(crate) mod finding;
pub(crate) mod focus;
pub(crate) mod held;
pub(crate) mod history;
pub(crate) mod ignoring;
pub(crate) mod jobs;
pub(crate) mod leads;
pub(crate) mod pane;
pub(crate) mod pending;
pub(crate) mod picture;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod retainers;
pub(crate) mod rows;
pub(crate) mod scoped;
pub(crate) mod search;
pub(crate) mod snapshot;
pub(crate) mod timeline;
mod words;

use std::collections::VecDeque;
use std::sync::Arc;

use ratatui::layout::Size;

use self::change::Work;
use self::columns::ColumnLayout;
use self::explorer::Explorer;
use self::failure::Failure;
use self::focus::{Focus, PaneId};
use self::jobs::{Job, Purpose, Slot};
use self::pending::Pending;
use self::progress::Progress;
use self::prompt::{Prompt, PromptKind};
use self::search::Asked;
use self::snapshot::{Load, Snapshot};
use super::key::Key;
use super::overlays::Overlay;
use super::theme::{Palette, Ui};
use super::view::View;
use crate::heap::{Heap, Input, LoadOptions};
use crate::remembered::Memory;
use crate::view::table::Inner;

/// The whole explorer.
#[derive(Debug)]
pub(crate) struct State {
    /// The snapshots as they were given, oldest first. There is at least one.
    pub(crate) snapshots: Vec<Snapshot>,
    /// Which of them is shown.
    pub(crate) shown: usize,
    /// Which of them is being loaded.
    pub(crate) loading: Option<usize>,
    /// What the load that is under way has told last.
    pub(crate) progress: Progress,
    /// The view that it opens with, where somebody came from that of another snapshot.
    pub(crate) opens_with: Option<View>,
    /// What is shown of the snapshot that is shown.
    pub(crate) stage: Stage,
    /// What workers do now, oldest first; at most one job for each slot.
    pub(crate) jobs: Vec<Job>,
    /// Rows that have come for panes whose level is being opened: they are taken behind that, since it would begin anew.
    pub(crate) behind: Vec<(PaneId, Work)>,
    /// Whether the classes are to be added up again when the worker that does so is done.
    pub(crate) classes_stale: bool,
    /// Jobs so far: tells answers apart.
    pub(crate) asked: u64,
    /// Keys that speak of a row which is not there yet: they are taken when it is.
    pub(crate) ahead: VecDeque<Key>,
    pub(crate) palette: Palette,
    /// Whether the person or the environment has chosen the colours.
    pub(crate) palette_chosen: bool,
    pub(crate) size: Size,
    pub(crate) prompt: Option<Prompt>,
    /// The queries that have been asked.
    pub(crate) asked_queries: Asked,
    /// A filter that was typed before there was a table.
    pub(crate) early_filter: String,
    /// Whether Esc, pressed once more, throws away what has been read.
    pub(crate) may_stop: bool,
    /// What the mouse holds.
    pub(crate) grip: Option<Grip>,
    /// What has begun with a count or a prefix, in the set of keys that has these.
    pub(crate) pending: Pending,
    /// Where snapshots are remembered; nothing where they are not to be.
    pub(crate) memory: Option<Memory>,
    /// Changes so far of what is to be remembered.
    pub(crate) changes: u64,
    /// Which columns panes show, and how wide.
    pub(crate) columns: ColumnLayout,
    /// The part of the rows that the Retainers take, in percent, as long as nobody moves the border.
    pub(crate) retainers_height: u16,
    /// The last one is on top and gets the keys.
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) notice: Option<Notice>,
    /// Whether sizes are shown in bytes rather than in kB and MB.
    pub(crate) exact: bool,
    /// What stands below objects; links that repeat are folded with entries, and each in a row with references.
    pub(crate) inner: Inner,
    /// Whether what grew and where to look first is looked up before anybody asks.
    pub(crate) looks_ahead: bool,
    /// How a snapshot is loaded that is added later: as those that were given.
    pub(crate) adds: LoadOptions,
}

/// What the mouse moves as long as its button is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grip {
    /// The border between the panes.
    Border,
    /// The left edge of a column of a pane.
    Column(Focus, &'static str),
}

/// What there is to show.
#[derive(Debug)]
pub(crate) enum Stage {
    /// Nothing yet; the heap comes first, its classes are added up by a worker then.
    Loading(Option<Arc<Heap>>),
    Failed(Failure),
    Exploring(Box<Explorer>),
}

/// A line that says what has happened; the next key clears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) kind: Ui,
}

/// In larger heaps suspects are looked for when somebody asks.
const MOST_AHEAD: usize = 30_000_000;

impl State {
    /// Shows the last of `snapshots`, of which there must be one.
    pub(crate) fn new(snapshots: Vec<Snapshot>, size: Size) -> Self {
        State {
            shown: snapshots.len() - 1,
            snapshots,
            loading: None,
            progress: Progress::default(),
            stage: Stage::Loading(None),
            jobs: Vec::new(),
            behind: Vec::new(),
            classes_stale: false,
            opens_with: None,
            asked: 0,
            ahead: VecDeque::new(),
            palette: Palette::Dark,
            palette_chosen: false,
            size,
            prompt: None,
            asked_queries: Asked::default(),
            early_filter: String::new(),
            may_stop: false,
            grip: None,
            pending: Pending::default(),
            memory: None,
            changes: 0,
            columns: ColumnLayout::default(),
            retainers_height: 40,
            overlays: Vec::new(),
            notice: None,
            exact: false,
            inner: Inner::default(),
            looks_ahead: false,
            adds: LoadOptions::new(Input::Bundled(&[]), Default::default()),
        }
    }

    /// Whether letters go into a line that is being typed, and nothing that was pressed before is still to come.
    pub(crate) fn is_typing(&self) -> bool {
        let is_open = match &self.prompt {
            Some(prompt) => prompt.kind != PromptKind::Mark,
            None => self.overlays.last().is_some_and(Overlay::is_typed_into),
        };
        is_open && self.ahead.is_empty()
    }

    /// The snapshot that is shown.
    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshots[self.shown]
    }

    /// How far the snapshot is that is shown.
    pub(crate) fn load(&self) -> Load {
        self.snapshot().load
    }

    /// The heap that is shown, or will be once its classes are added up.
    pub(crate) fn shown_heap(&self) -> Option<Arc<Heap>> {
        match &self.stage {
            Stage::Loading(heap) => heap.clone(),
            Stage::Exploring(explorer) => Some(explorer.heap.clone()),
            Stage::Failed(_) => None,
        }
    }

    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), kind: Ui::Info });
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), kind: Ui::Warning });
    }

    pub(crate) fn explorer(&self) -> Option<&Explorer> {
        match &self.stage {
            Stage::Exploring(explorer) => Some(explorer),
            Stage::Loading(_) | Stage::Failed(_) => None,
        }
    }

    pub(crate) fn explorer_mut(&mut self) -> Option<&mut Explorer> {
        match &mut self.stage {
            Stage::Exploring(explorer) => Some(explorer),
            Stage::Loading(_) | Stage::Failed(_) => None,
        }
    }

    pub(crate) fn job(&self, slot: Slot) -> Option<&Job> {
        self.jobs.iter().find(|job| job.slot == slot)
    }

    /// The change of a pane that is on its way.
    pub(crate) fn change_of(&self, id: PaneId) -> Option<&Work> {
        match &self.job(Slot::Change(id))?.purpose {
            Purpose::Changes(work) => Some(work),
            _ => None,
        }
    }

    /// Whether a worker makes what a view shows.
    pub(crate) fn makes(&self, view: View) -> bool {
        self.job(Slot::Question).is_some_and(|job| matches!(job.purpose, Purpose::Makes(made) if made == view))
    }

    /// Whether a worker looks up the Retainers of the current object.
    pub(crate) fn follows_retainers(&self) -> bool {
        self.job(Slot::Follow).is_some_and(|job| matches!(job.purpose, Purpose::Follows { retained: Some(_), .. }))
            || self.job(Slot::Held).is_some()
    }

    /// Whether somebody looks at what grew, or where to look first.
    pub(crate) fn shows_leads(&self) -> bool {
        self.explorer().is_some_and(|explorer| matches!(explorer.view, View::SERIES | View::SUSPECTS))
    }

    /// Whether what grew and where to look first is looked for now.
    pub(crate) fn wants_leads(&self) -> bool {
        let Some(explorer) = self.explorer() else { return false };
        let is_ahead = self.looks_ahead && explorer.heap.node_count() < MOST_AHEAD;
        explorer.heap.is_complete() && (is_ahead || self.shows_leads())
    }

    /// Whether the snapshot to compare with is read behind the series, so that no more than two are in memory.
    pub(crate) fn reads_series_first(&self) -> bool {
        let is_compared = self.explorer().is_some_and(|explorer| explorer.view == View::COMPARISON);
        self.shown > 1 && !is_compared && self.job(Slot::Series).is_some()
    }

    /// Takes the job of a slot out of the list and tells it to stop.
    pub(crate) fn cancel(&mut self, slot: Slot) -> Option<Job> {
        let job = self.jobs.iter().position(|job| job.slot == slot).map(|index| self.jobs.remove(index));
        job.inspect(|job| job.meter.cancel())
    }

    /// Looks at how far the jobs are.
    pub(crate) fn look_at_jobs(&mut self) {
        for job in &mut self.jobs {
            let percent = (job.meter.done() * 100).checked_div(job.meter.total());
            job.seen = Some(percent.map(|percent| percent.min(99)));
        }
    }
}
