//! Questions about retainers that take long: next path, what holds it without some of them, how much it reaches.
//!
//! A worker answers; until it does the screen stays as it is. A new question replaces the one before.

use std::sync::Arc;

use super::{follow, jump, work};
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::index::NO_DISTANCE;
use crate::tui::message::Task;
use crate::tui::state::{Explorer, Focus, Object, PaneId, Retaining, State, Walk, Work};
use crate::view::list::Item;
use crate::view::text;

/// Paths that are looked for at first; twice as many each time they run out.
const FIRST_PATHS: usize = 16;

// ---- paths ----

/// The object in the Retainers.
fn retained(explorer: &Explorer) -> Option<Object> {
    let retaining = explorer.retainers.as_ref()?;
    Some(Object { heap: retaining.heap().clone(), node: retaining.pane.root? })
}

/// The next of the shortest paths of the object in the Retainers, or of the current one.
pub fn next(state: &mut State) {
    if state.explorer().is_some_and(|explorer| explorer.focus == Focus::Main) {
        follow::rested(state);
    }
    if state.following.as_ref().is_some_and(|following| following.retained.is_some()) {
        return state.say("its retainers are being looked up…");
    }
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(object) = retained(explorer) else {
        return state.say("choose an object first: l opens a class");
    };
    if !object.heap.has_distances() {
        return state.say("paths need distances; they are not there yet");
    }
    let ignored = explorer.ignored_for(&object);
    match explorer.walk.as_mut().filter(|walk| walk.of == object.node) {
        Some(walk) if walk.at + 1 < walk.found.len() => {
            walk.at += 1;
            show(state);
        }
        Some(walk) if walk.is_complete() => {
            walk.at = 0;
            show(state);
        }
        Some(walk) => {
            let count = walk.wanted * 2;
            work::ask(state, "looking for more paths", Task::Paths { object, ignored, count });
        }
        None => work::ask(state, "looking for paths", Task::Paths { object, ignored, count: FIRST_PATHS }),
    }
}

fn items(path: &Path) -> Vec<Item> {
    path.iter().map(|&(edge, node)| Item::Retainer { edge, node }).collect()
}

pub fn on_paths(state: &mut State, object: Object, wanted: usize, found: Vec<Path>) {
    let Some(explorer) = state.explorer_mut() else { return };
    let node = object.node;
    let Some(retaining) = explorer.retainers.as_ref().filter(|_| retained(explorer) == Some(object)) else { return };
    if found.is_empty() {
        let why = retaining.why.clone();
        let is_root = retaining.pane.tree.source().is_held_by_root(node);
        state.say(if is_root { why } else { format!("no path from a root: {why}") });
        return;
    }
    let complete = found.len() < wanted;
    // What has been seen keeps its number; the path that is open before the first question is the first.
    let open = || retaining.path.iter().filter_map(|item| Some((item.edge()?, item.node()?))).collect();
    let mut all = explorer.walk.take().map_or_else(|| vec![open()], |walk| walk.found);
    let seen = all.len();
    all.extend(found.into_iter().filter(|path| !all.contains(path)).collect::<Vec<Path>>());
    let at = if seen < all.len() { seen } else { 0 };
    let wanted = if complete { all.len() + 1 } else { wanted };
    explorer.walk = Some(Walk { of: node, found: all, at, wanted });
    show(state);
}

/// Opens the path at which the walk is, and says which it is.
fn show(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let (Some(walk), Some(object)) = (&explorer.walk, retained(explorer)) else { return };
    let (at, count, complete) = (walk.at, walk.found.len(), walk.is_complete());
    let path = items(&walk.found[at]);
    let length = path.len();
    let ignored = explorer.ignored_for(&object);
    let all = if complete { format!("{count}") } else { format!("{count} or more") };
    let text = match count {
        1 if complete => format!("the only path to a root: {}", references(length)),
        _ => format!("path {} of {all}: {}; p shows the next", at + 1, references(length)),
    };
    state.say(text);
    let question = || Task::Retain { object: object.clone(), ignored: ignored.clone(), path: path.clone() };
    if let Some(outcome) = work::solve(state, "opening the path", question) {
        work::take(state, outcome);
    }
}

fn references(count: usize) -> String {
    format!("{count} reference{}", if count == 1 { "" } else { "s" })
}

/// Shows the Retainers along another path.
pub fn on_retained(state: &mut State, mut retaining: Retaining) {
    let Some(explorer) = state.explorer_mut() else { return };
    // Whoever has gone on to another object meanwhile has its Retainers.
    let Some(before) = explorer
        .retainers
        .as_ref()
        .filter(|before| before.pane.root == retaining.pane.root && Arc::ptr_eq(before.heap(), retaining.heap()))
    else {
        return;
    };
    retaining.continue_from(before);
    explorer.retainers = Some(retaining);
    work::forget_changes(state, PaneId::Retainers);
}

// ---- ignored retainers ----

/// Ignores the retainer under the cursor, or counts it again.
pub fn ignore(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(object) = explorer.current_object() else {
        return state.say("no retainer here to ignore");
    };
    if !explorer.is_here(&object) {
        return state.say("retainers can be ignored in the snapshot that is shown; this one is of the base");
    }
    if !explorer.to_ignore.remove(&object.node.0) {
        explorer.to_ignore.insert(object.node.0);
    }
    begin(state);
}

pub fn restore(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.ignored.is_none() && explorer.to_ignore.is_empty() {
        return state.say("nothing is ignored: x in Retainers ignores a row");
    }
    explorer.to_ignore.clear();
    begin(state);
}

fn begin(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let nodes = explorer.to_ignore.clone();
    if !nodes.is_empty() {
        let heap = explorer.heap.clone();
        return work::ask(state, "distances without what is ignored", Task::Ignore { heap, nodes });
    }
    work::cancel(state);
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.ignored = None;
    reopen(state);
    state.say("all retainers count again");
}

pub fn on_ignored(state: &mut State, ignored: Ignored) {
    let Some(explorer) = state.explorer_mut() else { return };
    let count = text::count(ignored.nodes().len() as u64);
    explorer.ignored = Some(Arc::new(ignored));
    let free = retained(explorer).is_some_and(|object| {
        explorer.ignored_for(&object).is_some_and(|ignored| ignored.distance_of(object.node) == NO_DISTANCE)
    });
    reopen(state);
    let next = if free { "nothing else holds it" } else { "the nearest of the other paths is open" };
    state.say(format!("{count} ignored, {next}; X counts all again"));
}

/// The Retainers anew, along the nearest way that is left; the cursor stays on its row where that is still seen.
fn reopen(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(object) = retained(explorer) else { return };
    let Some((trail, offset)) = explorer.retainers.as_mut().map(|before| (before.pane.trail(), before.pane.offset()))
    else {
        return;
    };
    follow::reopen_retainers(state, object);
    // What has just been ignored stays in view.
    if !trail.is_empty() {
        work::change(state, PaneId::Retainers, Work::Reveal { trail, offset });
    }
    if let Some(explorer) = state.explorer_mut() {
        explorer.subject = None;
    }
}

// ---- reach ----

pub fn reach(state: &mut State) {
    if let Some(object) = jump::current(state) {
        work::ask(state, "what can be reached", Task::Reach(object));
    }
}

pub fn on_reached(state: &mut State, object: &Object, objects: u64, bytes: u64) {
    let alone = object.heap.retained_size(object.node).map_or("…".into(), text::bytes);
    let said = format!(
        "{} reaches {} in {} objects; what it holds alone (retained) is {alone}",
        jump::name(&object.heap, object.node),
        text::bytes(bytes),
        text::count(objects),
    );
    state.say(said);
}
