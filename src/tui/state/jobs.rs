//! What workers do for the screen. One job a slot: a newer one takes the place of the one before.

use std::sync::Arc;

use super::change::Work;
use super::focus::PaneId;
use crate::analysis::paths::Path;
use crate::base::meter::Meter;
use crate::tui::subject::{Object, Subject};
use crate::tui::view::View;

/// What a job is for. Jobs of different slots do not disturb each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What somebody has asked: the newest question counts.
    Question,
    /// The objects of a scope: the newest counts. Questions leave it alone, for the rows must come to be those of the
    /// scope that the screen names.
    Scope,
    /// What is looked for in the whole heap. One may look at what is there meanwhile, and ask other things.
    Search,
    /// A change of a pane; a newer one joins it.
    Change(PaneId),
    /// What stands beside the cursor.
    Follow,
    /// Who holds the objects of the row under the cursor.
    Held,
    /// Numbers of rows that take a walk over the heap each.
    Count,
    /// The sums of all classes.
    Classes,
    /// The timeline of the snapshot.
    Timeline,
    /// What grew over all snapshots up to the one that is shown.
    Series,
    /// Where to look first.
    Suspects,
    /// The picture of the heap.
    Picture,
    /// What is remembered of the snapshot with this number.
    Recall(usize),
    /// Writes what is to be remembered; the newest counts.
    Keep,
}

#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) number: u64,
    pub(crate) slot: Slot,
    /// What is done, for the title: `looking for paths`; empty: not worth a word.
    pub(crate) text: String,
    pub(crate) meter: Arc<Meter>,
    pub(crate) purpose: Purpose,
    /// How much of it is done, in percent, once it has taken long enough to be worth a word.
    pub(crate) seen: Option<Option<u64>>,
}

/// What is known of a job while it runs.
#[derive(Debug, Clone)]
pub(crate) enum Purpose {
    Nothing,
    /// It makes what a view shows.
    Makes(View),
    /// It looks for the objects of a scope.
    Limits,
    /// It looks for what a query finds.
    Searches,
    Changes(Work),
    Follows {
        subject: Option<Subject>,
        retained: Option<Wanted>,
    },
}

/// An object whose Retainers are looked up.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) object: Object,
    /// Whether somebody has asked for them; else they belong to the cursor and are of no use when it goes on.
    pub(crate) is_asked: bool,
    /// The path that was open before, see `Opened::before`.
    pub(crate) before: Option<Path>,
    /// What is done with them at once.
    pub(crate) then: Option<Work>,
}
