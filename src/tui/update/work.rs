//! What can take long: at once where it is quick, else by a worker, and the screen stays as it is until it answers.
//!
//! Every piece of such work looks at a meter. The screen's own thread gives it one that runs out after a moment, and
//! only what has not ended by then is given to a worker. A new question replaces the one before.

use std::sync::Arc;
use std::time::Duration;

use super::{find, follow, paths, scopes, views};
use crate::base::meter::Meter;
use crate::error::Error;
use crate::tui::message::{Effect, Make, Outcome, Task};
use crate::tui::state::{Background, PaneId, Performed, State, TreePane, View, Work};
use crate::tui::worker;
use crate::view::column::Sort;
use crate::view::text;

/// Long enough for almost everything, too short to be felt.
const AT_ONCE: Duration = Duration::from_millis(10);

/// A meter for work that must not keep the person waiting.
pub fn at_once() -> Meter {
    Meter::within(AT_ONCE)
}

/// Asks a worker. `text` says what it does: `sorting 4,000 rows`.
pub fn ask(state: &mut State, text: impl Into<String>, task: Task) {
    cancel(state);
    state.asked += 1;
    let number = state.asked;
    let meter = Arc::default();
    let makes = match &task {
        Task::Make { view, .. } => Some(*view),
        _ => None,
    };
    let text = text.into();
    state.background = Some(Background { number, text, meter: Arc::clone(&meter), makes, seen: None });
    state.effects.push(Effect::Start { number, task, meter });
}

/// Stops the question that is on its way; whether there was one.
pub fn cancel(state: &mut State) -> bool {
    let background = state.background.take();
    background.inspect(|background| background.meter.cancel()).is_some()
}

/// Time for a look at what the worker has done.
pub fn on_tick(state: &mut State) {
    if let Some(background) = &mut state.background {
        let (done, total) = (background.meter.done(), background.meter.total());
        background.seen = Some((done * 100).checked_div(total).map(|percent| percent.min(99)));
    }
}

/// Changes a pane, at once if that is quick.
pub fn change(state: &mut State, id: PaneId, work: Work) {
    let Some(pane) = state.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    match pane.perform(&work, &at_once()) {
        Ok(performed) => performed_in(state, &work, performed),
        Err(_) => change_later(state, id, work),
    }
}

fn change_later(state: &mut State, id: PaneId, work: Work) {
    let Some(pane) = state.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    let pane = Box::new(pane.clone());
    let text = match &work {
        Work::Open(_) | Work::OpenLevel(_) | Work::Reveal { .. } => "opening".into(),
        Work::Sort(_) => format!("sorting {} rows", text::count(pane.len() as u64)),
        Work::Fill { .. } | Work::Both(..) if pane.filter.is_empty() => "sorting".into(),
        Work::Fill { .. } | Work::Both(..) => "filtering".into(),
    };
    ask(state, text, Task::Change { id, pane, work });
}

/// Says what has come of a change, where that is not seen.
fn performed_in(state: &mut State, work: &Work, performed: Performed) {
    match (work, performed) {
        (Work::Open(_), Performed::NothingThere) => state.say("nothing below this row"),
        (Work::OpenLevel(_), Performed::InPart) => {
            state.say("opened the first rows of this level; L again goes on, H closes them")
        }
        (Work::Reveal { .. } | Work::Both(..), Performed::NothingThere) => state.say("this row is not there any more"),
        _ => {}
    }
}

/// Makes the tree of a view, at once if that is quick; until it is there the view has none.
pub fn make(
    state: &mut State,
    view: View,
    what: Make,
    root: Option<crate::base::ids::NodeIx>,
    sort: Sort,
    then: Option<Work>,
) {
    if let Make::Tree(source) = &what {
        let meter = at_once();
        let made = TreePane::of(source.clone(), root, sort, &meter).and_then(|mut pane| {
            let revealed = then.as_ref().map(|work| pane.perform(work, &meter)).transpose()?;
            Ok((pane, revealed))
        });
        if let Ok((pane, revealed)) = made {
            return on_made(state, view, Some(Box::new(pane)), revealed);
        }
    }
    if let Some(explorer) = state.explorer_mut() {
        explorer.set_pane(view, None);
    }
    let text = match &what {
        Make::Tree(_) => "sorting",
        Make::Comparison { .. } => "comparing",
        Make::Strings(_) => "looking for duplicated strings",
        Make::Allocation(_) => "adding up allocations",
    };
    ask(state, text, Task::Make { view, what, root, sort, then });
}

fn on_made(state: &mut State, view: View, pane: Option<Box<TreePane>>, revealed: Option<Performed>) {
    let Some(explorer) = state.explorer_mut() else { return };
    match pane {
        Some(pane) => explorer.set_pane(view, Some(*pane)),
        None => views::has_none(state, view),
    }
    if revealed == Some(Performed::NothingThere) {
        state.say("this row is not there any more");
    }
    if view == View::Comparison {
        views::told_by_comparison(state);
    }
}

fn on_changed(state: &mut State, id: PaneId, made: TreePane, version: u64, work: Work, performed: Performed) {
    let Some(pane) = state.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    if pane.tree.version() != version {
        // Somebody has opened or closed rows meanwhile: the change is made of what is there now.
        return change_later(state, id, work);
    }
    pane.take_over(made, &work);
    performed_in(state, &work, performed);
}

/// Takes an answer in, unless something else has been asked since.
pub fn on_done(state: &mut State, number: u64, outcome: Outcome) {
    if state.following.as_ref().is_some_and(|following| following.number == number) {
        return follow::on_followed(state, outcome);
    }
    if state.background.as_ref().is_none_or(|background| background.number != number) {
        return;
    }
    match outcome {
        Outcome::Found { id, version, place } => find::on_first(state, id, version, place),
        outcome => {
            state.background = None;
            take(state, outcome);
            // What a question has replaced that a view was waiting for.
            views::ensure(state);
        }
    }
}

/// Does what an answer says.
pub fn take(state: &mut State, outcome: Outcome) {
    match outcome {
        Outcome::Paths { object, wanted, found } => paths::on_paths(state, object, wanted, found),
        Outcome::Ignored(ignored) => paths::on_ignored(state, ignored),
        Outcome::Reached { object, objects, bytes } => paths::on_reached(state, &object, objects, bytes),
        Outcome::Changed { id, pane, version, work, performed } => {
            on_changed(state, id, *pane, version, work, performed)
        }
        Outcome::Made { view, pane, revealed } => on_made(state, view, pane, revealed),
        Outcome::Retained(retaining) => paths::on_retained(state, *retaining),
        Outcome::Followed(followed) => follow::take(state, *followed),
        Outcome::Limited(scoped) => scopes::on_limited(state, scoped),
        Outcome::Contexts(sizes) => scopes::show_menu(state, &sizes),
        Outcome::Found { .. } => {}
        Outcome::Matches(matches) => find::on_matches(state, matches),
        Outcome::Cancelled => state.say("stopped"),
        Outcome::Failed(problem) => state.warn(problem),
    }
}

/// Heaps with more nodes are not walked through while somebody waits.
const MOST_NODES: usize = 1 << 20;

/// [`solve`] for what takes a walk through the whole heap.
pub fn solve_whole(state: &mut State, text: &str, task: impl Fn() -> Task) -> Option<Outcome> {
    if state.explorer().is_some_and(|explorer| explorer.heap.node_count() > MOST_NODES) {
        ask(state, text, task());
        return None;
    }
    solve(state, text, task(), &task)
}

/// Works a task out at once, or gives it to a worker.
pub fn solve(state: &mut State, text: &str, task: Task, again: impl FnOnce() -> Task) -> Option<Outcome> {
    match worker::solve(task, &at_once(), &|_| {}) {
        Ok(outcome) => Some(outcome),
        Err(Error::Cancelled) => {
            ask(state, text, again());
            None
        }
        Err(error) => {
            state.warn(error.to_string());
            None
        }
    }
}
