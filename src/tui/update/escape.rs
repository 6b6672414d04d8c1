//! Esc: out of the innermost thing that is open; what a worker does and nobody needs is stopped first.

use super::turn::Turn;
use super::{filter, leads, scopes, search, selection, show};
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::message::Effect;
use crate::tui::state::Stage;
use crate::tui::state::focus::Focus;
use crate::tui::state::jobs::{Job, Purpose, Slot};
use crate::tui::view::View;
use crate::tui::views::entry;

/// Esc: out of the innermost thing that is open.
pub(super) fn escape(turn: &mut Turn<'_>) {
    if turn.overlays.pop().is_some() {
        return;
    }
    turn.ahead.clear();
    if stop(turn) {
        return turn.say("stopped");
    }
    if leave_innermost(turn) {
        return;
    }
    match (turn.loading, &turn.stage) {
        // Another snapshot's load is not stopped by who waits for this one.
        (Some(index), Stage::Loading(None)) if index != turn.shown => {
            turn.say("this snapshot is loaded next; w shows another one meanwhile")
        }
        // A key that is easily hit must not cost what a minute has read.
        (Some(_), Stage::Loading(None)) if !turn.may_stop => {
            turn.may_stop = true;
            turn.say("Esc again stops loading; nothing is ready yet that could be kept")
        }
        (Some(_), _) => {
            turn.say("stopping; what is ready stays");
            turn.want(Effect::CancelLoad);
        }
        (None, Stage::Exploring(_)) => turn.say("nothing to leave here; q quits"),
        _ => {}
    }
}

/// Leaves full screen, filter, scope, the tree of an object, the Retainers: whichever is innermost. Whether there was
/// any.
fn leave_innermost(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    if std::mem::take(&mut explorer.zoomed) {
        return true;
    }
    let in_main = explorer.focus == Focus::Main;
    if in_main && selection::clear(turn) {
        return true;
    }
    let Some(explorer) = turn.explorer_mut() else { return false };
    if in_main && explorer.main_pane().is_some_and(|pane| !pane.filter.is_empty()) {
        filter::set(turn, String::new());
        turn.say("all rows again");
        return true;
    }
    if in_main && entry(explorer.view).has_picture() && explorer.picture.root.take().is_some() {
        turn.say("the whole heap again");
        return true;
    }
    let Some(explorer) = turn.explorer_mut() else { return false };
    let view = entry(explorer.view);
    // The parts of a timeline are chosen where functions are shown too.
    let is_limited = view.is_limited(explorer) || explorer.scope().is_some() && view.has_timeline();
    if in_main && is_limited {
        scopes::clear(turn);
        turn.say("all objects again");
        return true;
    }
    if in_main {
        let unrooted = show::unroot(turn);
        if unrooted {
            turn.say("back at the roots");
        }
        return unrooted;
    }
    explorer.focus = Focus::Main;
    true
}

/// Stops the newest thing that a worker does and nobody needs; whether there was any.
fn stop(turn: &mut Turn<'_>) -> bool {
    // Who looks at what a search finds means the search.
    if turn.explorer().is_some_and(|explorer| explorer.view == View::SEARCH) && search::stop(turn) {
        return true;
    }
    let question = turn.cancel(Slot::Question);
    if question.is_none() && leads::stop(turn) {
        return true;
    }
    if let Some(job) = &question {
        if let Purpose::Makes(view) = job.purpose {
            stopped(turn, view);
        }
        return true;
    }
    // The numbers of a scope that is chosen already must come.
    if turn.job(Slot::Scope).is_some_and(|job| matches!(job.purpose, Purpose::Limits)) {
        return turn.cancel(Slot::Scope).is_some();
    }
    if search::stop(turn) {
        return true;
    }
    // The rows must come to be those that the filter lets through.
    let is_needless = |job: &Job| matches!(&job.purpose, Purpose::Changes(work) if !work.is_fill());
    let newest = turn.jobs.iter().rposition(is_needless);
    if let Some(job) = newest.map(|newest| turn.jobs.remove(newest)) {
        job.meter.cancel();
        // Else what was stopped began again at once.
        if matches!(&job.purpose, Purpose::Changes(work) if work.turns()) {
            turn.inner = turn.inner.other();
        }
        return true;
    }
    false
}

/// A view that was stopped says which key begins anew.
fn stopped(turn: &mut Turn<'_>, view: View) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.missing.insert(view, format!("stopped; {} begins anew", key_of(Command::Show(view))));
    }
}
