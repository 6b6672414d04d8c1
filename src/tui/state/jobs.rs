//! What workers do for the screen. One job a slot: a newer one takes the place of the one before.

use std::sync::Arc;

use super::State;
use super::explorer::{Object, PaneId, Subject};
use super::pane::Work;
use crate::base::meter::Meter;
use crate::tui::view::View;

/// What a job is for. Jobs of different slots do not disturb each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What somebody has asked: the newest question counts.
    Question,
    /// A change of a pane; a newer one joins it.
    Change(PaneId),
    /// What stands beside the cursor.
    Follow,
    /// The sums of all classes.
    Classes,
    /// The timeline of the snapshot.
    Timeline,
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
    Changes(Work),
    Follows {
        subject: Option<Subject>,
        retained: Option<Object>,
    },
}

impl State {
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
