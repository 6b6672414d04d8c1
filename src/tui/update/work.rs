//! Jobs for workers. Whatever grows with the heap goes this way; the screen stays as it is until the answer comes.
//!
//! A new question replaces the one before. Changes of panes are kept until they are made, for what is said about the
//! rows (filter, order) must come true. What a job is about is known to those who ask and who take the answer.

use std::sync::Arc;

use super::turn::Turn;
use crate::base::meter::Meter;
use crate::tui::message::{Effect, Outcome, Task};
use crate::tui::state::change::Work;
use crate::tui::state::focus::PaneId;
use crate::tui::state::jobs::{Job, Purpose, Slot};
use crate::tui::state::pane::TreePane;
use crate::view::text;

/// What a worker is to do something for.
pub(super) struct Wish {
    pub(super) slot: Slot,
    /// What is done: `looking for paths`; empty: nothing that is worth a word.
    pub(super) text: String,
    pub(super) purpose: Purpose,
}

/// Gives a task to a worker; what was done in the slot before is not wanted any more. `text`: see [`Wish`].
pub(super) fn start(turn: &mut Turn<'_>, slot: Slot, text: impl Into<String>, task: Task) {
    start_for(turn, Wish { slot, text: text.into(), purpose: Purpose::Nothing }, task);
}

/// The same for what is to be known of the job while it runs.
pub(super) fn start_for(turn: &mut Turn<'_>, wish: Wish, task: Task) {
    let (number, meter) = add(turn, wish);
    turn.want(Effect::Start { number, task, meter });
}

/// Gives a task to a worker whose answer changes nothing on the screen.
pub(super) fn start_aside(turn: &mut Turn<'_>, slot: Slot, task: Task) {
    let (number, meter) = add(turn, Wish { slot, text: String::new(), purpose: Purpose::Nothing });
    turn.want(Effect::StartAside { number, task, meter });
}

/// A new job, in place of the one that there was in its slot.
fn add(turn: &mut Turn<'_>, Wish { slot, text, purpose }: Wish) -> (u64, Arc<Meter>) {
    turn.cancel(slot);
    turn.asked += 1;
    let (number, meter) = (turn.asked, Arc::<Meter>::default());
    turn.jobs.push(Job { number, slot, text, meter: meter.clone(), purpose, seen: None });
    (number, meter)
}

/// Asks a question.
pub(super) fn ask(turn: &mut Turn<'_>, text: impl Into<String>, task: Task) {
    start(turn, Slot::Question, text, task);
}

/// Stops everything, because another snapshot is shown; what is remembered of each is asked only once.
pub(super) fn cancel_all(turn: &mut Turn<'_>) {
    turn.behind.clear();
    turn.jobs.retain(|job| {
        let stays = matches!(job.slot, Slot::Recall(_));
        if !stays {
            job.meter.cancel();
        }
        stays
    });
}

/// Changes a pane, behind what is still to be changed of it.
pub(super) fn change(turn: &mut Turn<'_>, id: PaneId, work: Work) {
    if work.refreshes() && turn.change_of(id).is_some_and(Work::opens_level) {
        turn.behind.retain(|(other, _)| *other != id);
        return turn.behind.push((id, work));
    }
    let pending = turn.cancel(Slot::Change(id)).map(|job| job.purpose);
    let work = match pending {
        Some(Purpose::Changes(pending)) => pending.then(work),
        _ => work,
    };
    let Some(pane) = turn.explorer().and_then(|explorer| explorer.pane(id)) else { return };
    let mut pane = Box::new(pane.clone());
    let text = said_of(&work, &pane);
    let purpose = Purpose::Changes(work.clone());
    let task = Task::new(move |meter| {
        let version = pane.tree.version();
        let performed = pane.perform(&work, meter)?;
        Ok(Outcome::Changed { pane, version, performed })
    });
    start_for(turn, Wish { slot: Slot::Change(id), text, purpose }, task);
}

/// Makes what has waited behind the change of a pane that is done now, or was stopped.
pub(super) fn go_on(turn: &mut Turn<'_>) {
    let ready = |turn: &Turn<'_>, id: PaneId| turn.change_of(id).is_none();
    while let Some(next) = turn.behind.iter().position(|&(id, _)| ready(turn, id)) {
        let (id, work) = turn.behind.remove(next);
        change(turn, id, work);
    }
}

fn said_of(work: &Work, pane: &TreePane) -> String {
    match work {
        Work::Turn(_) => "opening rows anew".into(),
        Work::Open(_) | Work::OpenLevel(_) | Work::Reveal { .. } | Work::Enter(_) => "opening".into(),
        Work::Sort(_) | Work::Begin => format!("sorting {} rows", text::count(pane.len() as u64)),
        Work::Fill { .. } | Work::Return { .. } | Work::Both(..) if pane.filter.is_empty() => "sorting".into(),
        Work::Fill { .. } | Work::Return { .. } | Work::Both(..) => "filtering".into(),
    }
}
