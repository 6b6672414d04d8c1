//! What can take long: at once where it is quick, else by a worker, and the screen stays as it is until it answers.
//!
//! Every piece of such work looks at a meter. The screen's own thread gives it one that runs out after a moment, and
//! only what has not ended by then is given to a worker. A new question replaces the one before; changes of panes are
//! kept until they are made, for what is said about the rows (filter, order) must come true.

use std::sync::Arc;
use std::time::Duration;

use super::{find, follow, paths, scopes, views};
use crate::base::meter::Meter;
use crate::error::Error;
use crate::tui::commands::describe;
use crate::tui::message::{Basis, Effect, Make, Outcome, Task};
use crate::tui::state::{Background, Change, PaneId, Performed, State, TreePane, View, Work};
use crate::tui::worker;
use crate::view::text;

/// Long enough for almost everything, too short to be felt.
const AT_ONCE: Duration = Duration::from_millis(10);
/// Heaps with more nodes are not walked through while somebody waits.
const MOST_NODES: usize = 1 << 20;

/// A meter for work that must not keep the person waiting.
pub fn at_once() -> Meter {
    Meter::within(AT_ONCE)
}

fn start(state: &mut State, task: Task) -> (u64, Arc<Meter>) {
    state.asked += 1;
    let (number, meter) = (state.asked, Arc::<Meter>::default());
    state.effects.push(Effect::Start { number, task, meter: meter.clone() });
    (number, meter)
}

// ---- questions ----

/// Asks a worker. `text` says what it does: `looking for paths`.
pub fn ask(state: &mut State, text: impl Into<String>, task: Task) {
    replace(state, &task);
    let makes = match &task {
        Task::Make(make) => Some(make.view),
        _ => None,
    };
    let limits = matches!(task, Task::Limit { .. });
    let (number, meter) = start(state, task);
    state.background = Some(Background { number, text: text.into(), meter, makes, limits, seen: None });
}

/// Stops the question that is on its way; whether there was one.
pub fn cancel(state: &mut State) -> bool {
    let background = state.background.take();
    background.inspect(|background| background.meter.cancel()).is_some()
}

/// [`cancel`] because `task` is asked for.
fn replace(state: &mut State, task: &Task) {
    let limits = state.background.as_ref().is_some_and(|background| background.limits);
    if cancel(state) && limits && !matches!(task, Task::Limit { .. }) {
        scopes::show_chosen(state);
    }
}

/// Stops what makes the tree of a view: another one is wanted.
pub fn cancel_make(state: &mut State, view: View) {
    if state.background.as_ref().is_some_and(|background| background.makes == Some(view)) {
        cancel(state);
    }
}

/// Esc: stops the newest thing that a worker does and nobody needs; whether there was any.
pub fn stop(state: &mut State) -> bool {
    let makes = state.background.as_ref().and_then(|background| background.makes);
    if cancel(state) {
        scopes::show_chosen(state);
        if let (Some(view), Some(explorer)) = (makes, state.explorer_mut()) {
            let key = describe(view.command()).keys[0];
            explorer.missing.insert(view, format!("stopped; {key} begins anew"));
        }
        return true;
    }
    // The rows must come to be those that the filter lets through.
    let newest = state.changes.iter().rposition(|change| !change.work.is_fill());
    if let Some(change) = newest.map(|newest| state.changes.remove(newest)) {
        change.meter.cancel();
        return true;
    }
    false
}

/// Stops everything, because another snapshot is shown.
pub fn cancel_all(state: &mut State) {
    cancel(state);
    for change in state.changes.drain(..) {
        change.meter.cancel();
    }
    if let Some(following) = state.following.take() {
        following.meter.cancel();
    }
}

/// Works a task out at once, or gives it to a worker.
pub fn solve(state: &mut State, text: &str, task: impl Fn() -> Task) -> Option<Outcome> {
    let first = task();
    replace(state, &first);
    match worker::solve(first, &at_once(), &|_| {}) {
        Ok(outcome) => Some(outcome),
        Err(Error::Cancelled) => {
            ask(state, text, task());
            None
        }
        Err(error) => {
            state.warn(error.to_string());
            None
        }
    }
}

/// [`solve`] for what takes a walk through the whole heap.
pub fn solve_whole(state: &mut State, text: &str, task: impl Fn() -> Task) -> Option<Outcome> {
    if state.explorer().is_some_and(|explorer| explorer.heap.node_count() > MOST_NODES) {
        ask(state, text, task());
        return None;
    }
    solve(state, text, task)
}

/// Time for a look at what workers have done.
pub fn on_tick(state: &mut State) {
    let percent = |meter: &Meter| (meter.done() * 100).checked_div(meter.total()).map(|percent| percent.min(99));
    if let Some(background) = &mut state.background {
        background.seen = Some(percent(&background.meter));
    }
    for change in &mut state.changes {
        change.seen = Some(percent(&change.meter));
    }
}

// ---- changes of panes ----

/// Changes a pane, at once if that is quick.
pub fn change(state: &mut State, id: PaneId, work: Work) {
    let pending = state.changes.iter().position(|change| change.pane == id).map(|index| state.changes.remove(index));
    let work = match pending {
        Some(pending) => {
            pending.meter.cancel();
            if work.replaces(&pending.work) { work } else { Work::Both(Box::new(pending.work), Box::new(work)) }
        }
        None => work,
    };
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
    let (number, meter) = start(state, Task::Change { id, pane, work: work.clone() });
    state.changes.push(Change { number, text, meter, pane: id, work, seen: None });
}

/// Forgets the change of a pane that shows something else from now on.
pub fn forget_changes(state: &mut State, id: PaneId) {
    state.changes.retain(|change| {
        let stays = change.pane != id;
        if !stays {
            change.meter.cancel();
        }
        stays
    });
}

/// Says what has come of a change, where that is not seen.
fn performed_in(state: &mut State, work: &Work, performed: Performed) {
    match (work, performed) {
        (Work::Open(_), Performed::NothingThere) => state.say("nothing below this row"),
        (Work::OpenLevel(_), Performed::Level { opened, all }) => {
            let rows = if opened == 1 { "row" } else { "rows" };
            let more = if all { "" } else { "L again goes on, " };
            state.say(match opened {
                0 => "nothing more to open in this level".into(),
                _ => format!("opened {} {rows} of this level; {more}H closes them", text::count(opened as u64)),
            })
        }
        (Work::Reveal { .. } | Work::Both(..), Performed::NothingThere) => state.say("this row is not there any more"),
        _ => {}
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

// ---- trees of views ----

/// Makes the tree of a view, at once if that is quick; until it is there the view has none.
pub fn make(state: &mut State, make: Make) {
    let Make { view, of, root, sort, then } = &make;
    let view = *view;
    cancel_make(state, view);
    forget_changes(state, PaneId::Main(view));
    if let Some(explorer) = state.explorer_mut() {
        explorer.missing.remove(&view);
    }
    if let Basis::Tree(source) = of {
        let meter = at_once();
        let made = TreePane::of(source.clone(), *root, *sort, &meter).and_then(|mut pane| {
            let revealed = then.as_ref().map(|work| pane.perform(work, &meter)).transpose()?;
            Ok((pane, revealed))
        });
        if let Ok((pane, revealed)) = made {
            return on_made(state, view, Ok(Box::new(pane)), revealed);
        }
    }
    if let Some(explorer) = state.explorer_mut() {
        explorer.set_pane(view, None);
    }
    let text = match of {
        Basis::Tree(_) => "sorting",
        Basis::Comparison { .. } => "comparing",
        Basis::Strings(_) => "looking for duplicated strings",
        Basis::Allocation(_) => "adding up allocations",
    };
    ask(state, text, Task::Make(make));
}

fn on_made(state: &mut State, view: View, pane: Result<Box<TreePane>, Option<String>>, revealed: Option<Performed>) {
    let Some(explorer) = state.explorer_mut() else { return };
    match pane {
        Ok(pane) => explorer.set_pane(view, Some(*pane)),
        Err(problem) => {
            let problem = problem.unwrap_or_else(|| "this snapshot does not have it".into());
            explorer.missing.insert(view, text::sanitize(&problem).into_owned());
        }
    }
    if revealed == Some(Performed::NothingThere) {
        state.say("this row is not there any more");
    }
    if view == View::Comparison {
        views::told_by_comparison(state);
    }
}

// ---- answers ----

/// Takes an answer in, unless something else has been asked since.
pub fn on_done(state: &mut State, number: u64, outcome: Outcome) {
    if state.following.as_ref().is_some_and(|following| following.number == number) {
        return follow::on_followed(state, outcome);
    }
    if let Some(index) = state.changes.iter().position(|change| change.number == number) {
        state.changes.remove(index);
        return take(state, outcome);
    }
    let Some(makes) = state.background.as_ref().filter(|asked| asked.number == number).map(|asked| asked.makes) else {
        return;
    };
    match outcome {
        Outcome::Found { id, version, place } => find::on_first(state, id, version, place),
        outcome => {
            state.background = None;
            if let (Some(view), Outcome::Failed(problem), Some(explorer)) = (makes, &outcome, state.explorer_mut()) {
                // Asked again, it would only fail again.
                explorer.missing.insert(view, problem.clone());
            }
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
        Outcome::Contexts { sizes, newest } => scopes::on_contexts(state, &sizes, &newest),
        Outcome::Found { .. } => {}
        Outcome::Matches(matches) => find::on_matches(state, matches),
        Outcome::Cancelled => state.say("stopped"),
        Outcome::Failed(problem) => state.warn(problem),
    }
}
