//! What belongs to the cursor: the Retainers of its object, the details of its row. They follow when it rests.

use std::sync::Arc;

use super::work::at_once;
use crate::base::meter::Meter;
use crate::heap::Heap;
use crate::tui::message::{Effect, Follow, Followed, Outcome, Task};
use crate::tui::overlays::{About, Overlay};
use crate::tui::state::{Explorer, Following, Job, Object, State, Subject};
use crate::tui::worker;
use crate::view::source::Kind;

/// Allocation stacks are found by reading the tree of calls, which nothing can interrupt; larger ones (in bytes) are
/// read by a worker.
const LARGEST_TRACE: usize = 1 << 20;

/// The cursor has rested: Retainers and details show its object.
pub fn rested(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.rest_at = None;
    // While somebody is in the Retainers, what they look at stays.
    let stale = std::mem::take(&mut explorer.retainers_stale);
    let retained = explorer.followed.clone().filter(|_| stale).filter(|object| has_retainers(explorer, object));
    if stale && retained.is_none() {
        explorer.walk = None;
        if explorer.followed.is_none() {
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
fn has_retainers(explorer: &Explorer, object: &Object) -> bool {
    let shown = explorer.retainers.as_ref();
    let is_shown = shown.is_some_and(|retaining| {
        retaining.pane.root == Some(object.node) && Arc::ptr_eq(retaining.heap(), &object.heap)
    });
    object.heap.retainers().is_some() && !is_shown
}

/// Shows who refers to an object in the Retainers pane, whatever the cursor does.
pub fn show_retainers(state: &mut State, object: Object) {
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.retainers_stale = false;
    if has_retainers(explorer, &object) {
        look(state, None, Some(object));
    }
}

/// Looks up the Retainers anew, with what is ignored now.
pub fn reopen_retainers(state: &mut State, object: Object) {
    look(state, None, Some(object));
}

fn look(state: &mut State, subject: Option<Subject>, retained: Option<Object>) {
    if let Some(before) = state.following.take() {
        before.meter.cancel();
    }
    if subject.is_none() && retained.is_none() {
        return;
    }
    if let Ok(followed) = within(state, subject.clone(), retained.clone(), false, &at_once()) {
        return take(state, followed);
    }
    state.asked += 1;
    let (number, meter) = (state.asked, Arc::<Meter>::default());
    state.following = Some(Following { number, meter: meter.clone() });
    if let Some(follow) = question(state, subject, retained, false) {
        state.effects.push(Effect::Start { number, task: Task::Follow(Box::new(follow)), meter });
    }
}

fn question(state: &State, subject: Option<Subject>, retained: Option<Object>, in_window: bool) -> Option<Follow> {
    let explorer = state.explorer()?;
    let object = subject
        .as_ref()
        .and_then(|subject| subject.item.node().map(|node| Object { heap: subject.heap.clone(), node }));
    let about = About {
        alike: object.as_ref().and_then(|object| explorer.alike(object)),
        is_gone: object.as_ref().is_some_and(|object| !explorer.is_here(object)),
        ignored: None,
    };
    // What is ignored is ignored in the snapshot that is shown.
    let here = retained.as_ref().or(object.as_ref()).is_none_or(|object| explorer.is_here(object));
    let ignored = explorer.ignored.clone().filter(|_| here);
    Some(Follow { subject, about, retained, ignored, in_window })
}

fn within(
    state: &State,
    subject: Option<Subject>,
    retained: Option<Object>,
    in_window: bool,
    meter: &Meter,
) -> crate::error::Result<Followed> {
    let slow = |heap: &Heap| heap.columns().trace_tree.len() > LARGEST_TRACE;
    if subject.as_ref().is_some_and(|subject| slow(&subject.heap)) {
        return Err(crate::error::Error::Cancelled);
    }
    let Some(follow) = question(state, subject, retained, in_window) else {
        return Err(crate::error::Error::Cancelled);
    };
    match worker::solve(Task::Follow(Box::new(follow)), meter, &|_| {})? {
        Outcome::Followed(followed) => Ok(*followed),
        _ => Err(crate::error::Error::Cancelled),
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
    let Some(explorer) = state.explorer_mut() else { return };
    if detail.is_some() {
        explorer.detail = detail;
    }
    if let Some(retaining) = retaining {
        explorer.walk = None;
        explorer.retainers = Some(retaining);
    }
}

/// Opens a window with everything about the current row.
pub fn details(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let subject = explorer.current().or_else(|| {
        let object = explorer.current_object()?;
        let content = explorer.focused_pane()?.tree.source().content.clone();
        Some(Subject { item: crate::view::list::Item::Object(object.node), heap: object.heap, content })
    });
    if subject.is_none() {
        return state.say("nothing to tell about here");
    }
    match within(state, subject.clone(), None, true, &at_once()) {
        Ok(followed) => take(state, followed),
        Err(_) => {
            if let Some(follow) = question(state, subject, None, true) {
                super::work::ask(state, "looking up details", Task::Follow(Box::new(follow)));
            }
        }
    }
}

/// Why the Retainers pane is empty.
pub fn no_retainers(state: &State, explorer: &Explorer) -> &'static str {
    match (explorer.heap.retainers(), state.job()) {
        (None, Job::Running | Job::Waiting) => "retainers are being computed…",
        (None, _) => "retainers were not computed: loading was stopped",
        (Some(_), _) if explorer.followed.is_none() => match explorer.main_pane().map(|pane| pane.tree.kind()) {
            Some(Kind::Allocation) => "Enter on a function: what it has allocated, in the Summary",
            Some(Kind::Strings) => "a text has no retainers: l opens it, then choose a string",
            _ => "a class has no retainers: l opens it, then choose an object",
        },
        (Some(_), _) if state.following.is_some() => "retainers are being looked up…",
        (Some(_), _) => "",
    }
}
