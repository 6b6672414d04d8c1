//! What belongs to the cursor: the Retainers of its object, the details of its row. They follow when it rests.

use std::sync::Arc;

use super::work;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::tui::message::{Effect, Follow, Followed, Outcome, Task};
use crate::tui::overlays::{About, Overlay};
use crate::tui::state::{Explorer, Following, Job, Object, PaneId, State, Subject};
use crate::tui::worker;
use crate::view::list::Item;
use crate::view::source::Kind;

/// The cursor has rested: Retainers and details show its object.
pub fn rested(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.rest_at = None;
    // While somebody is in the Retainers, what they look at stays.
    let stale = std::mem::take(&mut explorer.retainers_stale);
    let retained = explorer.followed.clone().filter(|_| stale).filter(|object| wants_retainers(explorer, object));
    if stale && retained.is_none() {
        explorer.walk = None;
        if explorer.followed.as_ref().is_none_or(|object| object.heap.retainers().is_none()) {
            explorer.retainers = None;
        }
    }
    let subject = explorer.subject.clone();
    if subject.is_none() {
        explorer.detail = None;
    }
    look(state, subject, retained);
}

/// Whether the Retainers of an object can be shown and are not shown yet.
fn wants_retainers(explorer: &Explorer, object: &Object) -> bool {
    object.heap.retainers().is_some() && !shows(explorer, object)
}

/// Whether the Retainers are those of an object.
pub fn shows(explorer: &Explorer, object: &Object) -> bool {
    explorer.retainers.as_ref().is_some_and(|retaining| {
        retaining.pane.root == Some(object.node) && Arc::ptr_eq(retaining.heap(), &object.heap)
    })
}

/// Shows who refers to an object in the Retainers pane, whatever the cursor does; whether they are there at once.
pub fn show_retainers(state: &mut State, object: &Object) -> bool {
    let Some(explorer) = state.explorer_mut() else { return false };
    explorer.retainers_stale = false;
    if wants_retainers(explorer, object) {
        look(state, None, Some(object.clone()));
    }
    state.explorer().is_some_and(|explorer| shows(explorer, object))
}

/// Looks up the Retainers anew, with what is ignored now.
pub fn reopen_retainers(state: &mut State, object: Object) {
    look(state, None, Some(object));
}

/// Looks up what is wanted, and what was wanted before and is not there yet.
fn look(state: &mut State, subject: Option<Subject>, retained: Option<Object>) {
    let (mut subject, mut retained) = (subject, retained);
    if let Some(before) = state.following.take() {
        before.meter.cancel();
        if let Some(explorer) = state.explorer() {
            subject = subject.or(before.subject.filter(|subject| explorer.subject.as_ref() == Some(subject)));
            retained = retained.or(before.retained.filter(|object| explorer.followed.as_ref() == Some(object)));
        }
    }
    // Each by itself: slow details must not keep the Retainers waiting.
    if retained.is_some() && at_once(state, None, retained.clone()) {
        retained = None;
    }
    if subject.is_some() && at_once(state, subject.clone(), None) {
        subject = None;
    }
    if subject.is_none() && retained.is_none() {
        return;
    }
    state.asked += 1;
    let (number, meter) = (state.asked, Arc::<Meter>::default());
    if let Some(follow) = question(state, subject.clone(), retained.clone(), false) {
        state.following = Some(Following { number, meter: meter.clone(), subject, retained });
        state.effects.push(Effect::Start { number, task: Task::Follow(Box::new(follow)), meter });
    }
}

/// Shows what is wanted if it can be had at once.
fn at_once(state: &mut State, subject: Option<Subject>, retained: Option<Object>) -> bool {
    let Some(follow) = question(state, subject, retained, false) else { return false };
    let followed = within(follow, &work::at_once());
    followed.map(|followed| take(state, followed)).is_ok()
}

fn question(state: &State, subject: Option<Subject>, retained: Option<Object>, in_window: bool) -> Option<Follow> {
    let explorer = state.explorer()?;
    let object = subject
        .as_ref()
        .and_then(|subject| subject.item.node().map(|node| Object { heap: subject.heap.clone(), node }));
    let about = About {
        alike: object.as_ref().and_then(|object| explorer.alike(object)),
        is_gone: object.as_ref().is_some_and(|object| !explorer.is_here(object)),
        ignored: object.as_ref().and_then(|object| explorer.ignored_for(object)),
    };
    let ignored = retained.as_ref().and_then(|object| explorer.ignored_for(object));
    Some(Follow { subject, about, retained, ignored, in_window })
}

fn within(follow: Follow, meter: &Meter) -> Result<Followed> {
    match worker::solve(Task::Follow(Box::new(follow)), meter, &|_| {})? {
        Outcome::Followed(followed) => Ok(*followed),
        _ => Err(Error::Cancelled),
    }
}

/// The worker that follows the cursor has answered.
pub fn on_followed(state: &mut State, outcome: Outcome) {
    state.following = None;
    match outcome {
        Outcome::Followed(followed) => take(state, *followed),
        Outcome::Failed(problem) => state.warn(problem),
        _ => {}
    }
}

pub fn take(state: &mut State, followed: Followed) {
    let Followed { detail, retaining, in_window } = followed;
    if in_window {
        state.overlays.extend(detail.map(Overlay::Detail));
        return;
    }
    if let Some(retaining) = retaining {
        work::forget_changes(state, PaneId::Retainers);
        let Some(explorer) = state.explorer_mut() else { return };
        explorer.walk = None;
        explorer.retainers = Some(retaining);
    }
    if let (Some(detail), Some(explorer)) = (detail, state.explorer_mut()) {
        explorer.detail = Some(detail);
    }
}

/// Opens a window with everything about the current row.
pub fn details(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let subject = explorer.current().or_else(|| {
        let object = explorer.current_object()?;
        let content = explorer.focused_pane()?.tree.source().content.clone();
        Some(Subject { item: Item::Object(object.node), heap: object.heap, content })
    });
    let Some(follow) = subject.and_then(|subject| question(state, Some(subject), None, true)) else {
        return state.say("nothing to tell about here");
    };
    match within(follow.clone(), &work::at_once()) {
        Ok(followed) => take(state, followed),
        Err(_) => work::ask(state, "looking up details", Task::Follow(Box::new(follow))),
    }
}

/// Why the Retainers pane is empty.
pub fn no_retainers(state: &State, explorer: &Explorer) -> &'static str {
    match (explorer.heap.retainers(), state.job()) {
        (None, Job::Running | Job::Waiting) => "retainers are being computed…",
        (None, _) => "retainers were not computed: loading was stopped",
        (Some(_), _) if explorer.followed.is_none() => match explorer.main_pane().map(|pane| pane.tree.kind()) {
            Some(Kind::Allocation) => "Enter on a function: what it has allocated, in the Summary",
            None => "",
            Some(Kind::Strings) => "a text has no retainers: l opens it, then choose a string",
            _ => "a class has no retainers: l opens it, then choose an object",
        },
        (Some(_), _) if state.following.is_some() => "retainers are being looked up…",
        (Some(_), _) => "",
    }
}
