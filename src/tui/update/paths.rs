//! Questions about retainers that take long: next path, what holds it without some of them, how much it reaches.
//!
//! A worker answers; until it does the screen stays as it is. A new question replaces the one before.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::jump;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::base::ids::NodeIx;
use crate::index::NO_DISTANCE;
use crate::tui::message::{Effect, Outcome, Task};
use crate::tui::state::{Background, Explorer, Focus, State, Walk};
use crate::view::list::Item;
use crate::view::text;

/// Paths that are looked for at first; twice as many each time they run out.
const FIRST_PATHS: usize = 16;

fn ask(state: &mut State, text: &'static str, task: Task) -> Vec<Effect> {
    let Some(heap) = state.explorer().map(|explorer| explorer.heap.clone()) else { return Vec::new() };
    cancel(state);
    state.asked += 1;
    let number = state.asked;
    let meter = Arc::default();
    state.background = Some(Background { number, text, meter: Arc::clone(&meter) });
    vec![Effect::Start { number, heap, task, meter }]
}

/// Stops the question that is on its way; whether there was one.
pub fn cancel(state: &mut State) -> bool {
    let background = state.background.take();
    background.inspect(|background| background.meter.cancel()).is_some()
}

/// Takes an answer in, unless something else has been asked since.
pub fn on_done(state: &mut State, number: u64, outcome: Outcome) {
    if state.background.as_ref().is_none_or(|background| background.number != number) {
        return;
    }
    state.background = None;
    match outcome {
        Outcome::Paths { node, wanted, found } => on_paths(state, node, wanted, found),
        Outcome::Ignored(ignored) => on_ignored(state, ignored),
        Outcome::Reached { node, objects, bytes } => on_reached(state, node, objects, bytes),
        Outcome::Cancelled => state.say("stopped"),
        Outcome::Failed(problem) => state.warn(problem),
    }
}

// ---- paths ----

/// The next of the shortest paths of the object in the Retainers, or of the current one.
pub fn next(state: &mut State) -> Vec<Effect> {
    let Some(explorer) = state.explorer_mut() else { return Vec::new() };
    if explorer.focus == Focus::Main {
        explorer.rested();
    }
    let Some(node) = explorer.retainers.as_ref().and_then(|pane| pane.root) else {
        state.say("choose an object first: l opens a class");
        return Vec::new();
    };
    if !explorer.heap.has_distances() {
        state.say("paths need distances; they are not there yet");
        return Vec::new();
    }
    let ignored = explorer.ignored.clone();
    match explorer.walk.as_mut().filter(|walk| walk.of == node) {
        Some(walk) if walk.at + 1 < walk.found.len() => {
            walk.at += 1;
            show(state);
            Vec::new()
        }
        Some(walk) if walk.is_complete() => {
            walk.at = 0;
            show(state);
            Vec::new()
        }
        Some(walk) => {
            let count = walk.wanted * 2;
            ask(state, "looking for more paths", Task::Paths { ignored, node, count })
        }
        None => ask(state, "looking for paths", Task::Paths { ignored, node, count: FIRST_PATHS }),
    }
}

fn items(path: &Path) -> Vec<Item> {
    path.iter().map(|&(edge, node)| Item::Retainer { edge, node }).collect()
}

fn on_paths(state: &mut State, node: NodeIx, wanted: usize, found: Vec<Path>) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.retainers.as_ref().is_none_or(|pane| pane.root != Some(node)) {
        return;
    }
    if found.is_empty() {
        let why = explorer.why.clone().unwrap_or_default();
        state.say(format!("no path from a root: {why}"));
        return;
    }
    let complete = found.len() < wanted;
    // What has been seen keeps its number; the path that is open before the first question is the first.
    let open = || explorer.path.iter().filter_map(|item| Some((item.edge()?, item.node()?))).collect();
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
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(walk) = &explorer.walk else { return };
    let (of, at, count, complete) = (walk.of, walk.at, walk.found.len(), walk.is_complete());
    let path = items(&walk.found[at]);
    let length = path.len();
    explorer.open_along(of, path);
    let all = if complete { format!("{count}") } else { format!("{count} or more") };
    let text = match count {
        1 if complete => format!("the only path to a root: {length} references"),
        _ => format!("path {} of {all}: {length} references; p shows the next", at + 1),
    };
    state.say(text);
}

// ---- ignored retainers ----

/// Ignores the retainer under the cursor, or counts it again.
pub fn ignore(state: &mut State) -> Vec<Effect> {
    let Some(explorer) = state.explorer_mut() else { return Vec::new() };
    let Some(node) = explorer.current_item().and_then(|item| item.node()) else {
        state.say("no retainer here to ignore");
        return Vec::new();
    };
    let mut nodes = explorer.ignored.as_ref().map(|ignored| ignored.nodes().clone()).unwrap_or_default();
    if !nodes.remove(&node.0) {
        nodes.insert(node.0);
    }
    begin(state, nodes)
}

pub fn restore(state: &mut State) -> Vec<Effect> {
    if state.explorer().is_none_or(|explorer| explorer.ignored.is_none()) {
        state.say("nothing is ignored: x in Retainers ignores a row");
        return Vec::new();
    }
    begin(state, FxHashSet::default())
}

fn begin(state: &mut State, nodes: FxHashSet<u32>) -> Vec<Effect> {
    let Some(explorer) = state.explorer_mut() else { return Vec::new() };
    if !nodes.is_empty() {
        return ask(state, "distances without what is ignored", Task::Ignore(nodes));
    }
    explorer.ignored = None;
    reopen(explorer);
    cancel(state);
    state.say("all retainers count again");
    Vec::new()
}

fn on_ignored(state: &mut State, ignored: Ignored) {
    let Some(explorer) = state.explorer_mut() else { return };
    let count = text::count(ignored.nodes().len() as u64);
    explorer.ignored = Some(Arc::new(ignored));
    reopen(explorer);
    let free =
        explorer.retainers.as_ref().and_then(|pane| pane.root).is_some_and(|root| {
            explorer.ignored.as_ref().is_some_and(|ignored| ignored.distance_of(root) == NO_DISTANCE)
        });
    let next = if free { "nothing else holds it".to_owned() } else { "the nearest of the other paths is open".into() };
    state.say(format!("{count} ignored, {next}; X counts all again"));
}

/// The Retainers anew, along the nearest way that is left; the cursor stays on its row where that is still seen.
fn reopen(explorer: &mut Explorer) {
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.retainers.as_mut() else { return };
    let Some(root) = pane.root else { return };
    let (trail, offset) = (pane.tree.trail(&heap, pane.cursor), pane.offset());
    explorer.path = Vec::new();
    explorer.open_retainers(root);
    if let Some(pane) = explorer.retainers.as_mut() {
        // What has just been ignored stays in view.
        let place = pane.tree.reveal(&heap, &trail).unwrap_or_else(|| pane.tree.find_trail(&heap, &trail));
        pane.show_at(place, offset);
    }
    explorer.subject = None;
}

// ---- reach ----

pub fn reach(state: &mut State) -> Vec<Effect> {
    let Some(node) = state.explorer_mut().and_then(Explorer::current_object) else {
        state.say("choose an object first: l opens a class");
        return Vec::new();
    };
    ask(state, "what can be reached", Task::Reach(node))
}

fn on_reached(state: &mut State, node: NodeIx, objects: u64, bytes: u64) {
    let Some(explorer) = state.explorer() else { return };
    let alone = explorer.heap.retained_size(node).map_or("…".into(), text::bytes);
    let said = format!(
        "{} reaches {} in {} objects; what it holds alone (retained) is {alone}",
        jump::name(&explorer.heap, node),
        text::bytes(bytes),
        text::count(objects),
    );
    state.say(said);
}

// ---- classes in the dominator tree ----

/// A row for all objects of a class, and back; the tree begins again at its top.
pub fn group_by_class(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.dominators.as_ref() else {
        state.say("dominators are not there yet");
        return;
    };
    let (root, sort) = (pane.root, pane.tree.sort());
    jump::leave(explorer);
    explorer.by_class = !explorer.by_class;
    let tree = explorer.dominator_tree(root.unwrap_or(explorer.heap.root()), sort);
    explorer.dominators = Some(crate::tui::state::TreePane::new(tree, root));
    let text = if explorer.by_class { "one row a class; t shows single objects" } else { "single objects again" };
    state.say(text);
}
