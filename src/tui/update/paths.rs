//! Questions about retainers that take long: next path, what holds it without some of them, how much it reaches.
//!
//! A worker answers; until it does the screen stays as it is. A new question replaces the one before.

use std::sync::Arc;

use super::turn::Turn;
use super::{jump, work};
use crate::analysis::paths::{self, HeldPath, Path, Paths, Ways};
use crate::analysis::reachable;
use crate::base::fault;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::change::Work;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::jobs::Slot;
use crate::tui::state::retainers::{Opened, Retaining, Walk};
use crate::tui::subject::Object;
use crate::view::label::short;
use crate::view::table::Inner;
use crate::view::tables::retainers::Retainers;
use crate::view::text;

/// Paths that are looked for at first; twice as many each time they run out.
const FIRST_PATHS: usize = 16;

// ---- paths ----

/// The next path of the object in the Retainers, over another holder.
pub(super) fn next(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(object) = explorer.retained() else {
        if explorer.held.is_some() {
            return turn.say("paths are those of one object: l opens the row, then choose one");
        }
        return turn.say("choose an object first: l opens a class");
    };
    if !object.heap.has_distances() {
        return turn.say("paths need distances; they are not there yet");
    }
    match explorer.walk.as_mut().filter(|walk| walk.of == object.node) {
        Some(walk) if walk.at + 1 < walk.found.len() => {
            walk.at += 1;
            show(turn);
        }
        Some(walk) if walk.complete => {
            walk.at = 0;
            show(turn);
        }
        Some(walk) => {
            let count = walk.wanted * 2;
            ask(turn, "looking for more paths", object, count);
        }
        None => ask(turn, "looking for paths", object, FIRST_PATHS),
    }
}

fn ask(turn: &mut Turn<'_>, text: &str, object: Object, count: usize) {
    let ignored = turn.explorer().and_then(|explorer| explorer.ignored_for(&object));
    let task = Task::new(move |meter| {
        let ways = Ways { heap: &object.heap, ignored: ignored.as_deref() };
        let found = paths::distinct(ways, object.node, count, meter)?;
        Ok(Outcome::Paths { object, wanted: count, found })
    });
    work::ask(turn, text, task);
}

pub(super) fn on_paths(turn: &mut Turn<'_>, object: Object, wanted: usize, found: Paths) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let node = object.node;
    let shown = explorer.retained() == Some(object);
    let Some(retaining) = explorer.retainers.as_ref().filter(|_| shown) else { return };
    if found.list.is_empty() {
        let (why, is_root) = (retaining.why.to_string(), retaining.is_held_by_root);
        turn.say(if is_root { why } else { format!("no path from a root: {why}") });
        return;
    }
    // What has been seen keeps its number; the path that is open before the first question is the first.
    let open = &retaining.path;
    let mut all = explorer.walk.take().map_or_else(Vec::new, |walk| walk.found);
    if all.is_empty() {
        let is_open = |held: &&HeldPath| open.iter().any(|step| step.1 == held.holder.1);
        all.extend(found.list.iter().find(is_open).map(|held| HeldPath { path: open.clone(), ..held.clone() }));
    }
    let seen = all.len();
    for held in found.list {
        if all.iter().all(|other| other.holder.1 != held.holder.1) {
            all.push(held);
        }
    }
    let at = if seen < all.len() { seen } else { 0 };
    // Fewer than asked for: either these are all, or a longer search would find no more either.
    let complete = found.complete || all.len() < wanted && seen == all.len();
    explorer.walk = Some(Walk { of: node, found: all, at, wanted, complete });
    show(turn);
}

/// Opens the path at which the walk is, and says which it is.
fn show(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let (Some(walk), Some(object)) = (&explorer.walk, explorer.retained()) else { return };
    let (at, count, complete) = (walk.at, walk.found.len(), walk.complete);
    let HeldPath { holder, path } = walk.found[at].clone();
    let length = references(path.len());
    let all = if complete { format!("{count}") } else { format!("{count} or more") };
    let text = match count {
        1 if complete => format!("the only path to a root: {length}"),
        _ => {
            format!("path {} of {all}, over {}: {length}; p shows the next", at + 1, short(&object.heap, holder.1))
        }
    };
    turn.say(text);
    open(turn, &object, path, None);
}

/// Opens a path in the Retainers, with the cursor on the row of one of its links where one is named.
fn open(turn: &mut Turn<'_>, object: &Object, path: Path, link: Option<usize>) {
    let folding = turn.inner == Inner::Entries;
    let Some(explorer) = turn.explorer() else { return };
    let retainers = Retainers::new(object.heap.clone(), explorer.ignored_for(object));
    let (node, opened) = (object.node, Opened { path: Some(path), before: None, folding });
    let task = Task::new(move |meter| {
        let mut retaining = Retaining::of(retainers, node, opened, meter)?;
        if let Some(link) = link {
            retaining.show_link(link);
        }
        Ok(Outcome::Retained(Box::new(retaining)))
    });
    work::ask(turn, "opening the path", task);
}

/// Goes to the end of the open path that is at the root.
pub(super) fn to_root_end(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(retaining) = &explorer.retainers else {
        return turn.say("choose an object first: l opens a class");
    };
    let trail = retaining.trail();
    let Some(&(_, last)) = retaining.path.last() else {
        let why = retaining.why.to_string();
        return turn.say(format!("there is no path to go along: {why}"));
    };
    let named = short(&retaining.heap, last);
    let said =
        format!("{named}, the root's end of a path of {}; g goes to its beginning", references(retaining.path.len()));
    explorer.focus = Focus::Retainers;
    turn.say(said);
    work::change(turn, PaneId::Retainers, Work::Reveal { trail, offset: usize::MAX });
}

/// Shows the open path anew, with all of its rows or with links folded that repeat; the cursor stays on its link.
pub(super) fn open_again(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let object = explorer.retained();
    let shown = explorer.retainers.as_mut().map(|retaining| {
        let link = retaining.link().filter(|_| retaining.pane.moved);
        (retaining.path.clone(), link)
    });
    let (Some(object), Some((path, link))) = (object, shown) else { return };
    open(turn, &object, path, link);
}

fn references(count: usize) -> String {
    format!("{count} reference{}", if count == 1 { "" } else { "s" })
}

/// Shows the Retainers along another path.
pub(super) fn on_retained(turn: &mut Turn<'_>, mut retaining: Retaining) {
    let Some(explorer) = turn.explorer_mut() else { return };
    // Whoever has gone on to another object meanwhile has its Retainers.
    let Some(before) = explorer
        .retainers
        .as_ref()
        .filter(|before| before.pane.root == retaining.pane.root && Arc::ptr_eq(&before.heap, &retaining.heap))
    else {
        return;
    };
    if !retaining.pane.moved {
        retaining.continue_from(before);
    }
    explorer.set_retainers(Some(retaining));
    turn.cancel(Slot::Change(PaneId::Retainers));
}

// ---- reach ----

pub(super) fn reach(turn: &mut Turn<'_>) {
    if let Some(object) = jump::current(turn) {
        let task = Task::new(move |meter| {
            fault::provoke("reach");
            let (objects, bytes) = reachable::from(&object.heap, object.node, meter)?;
            Ok(Outcome::Reached { object, objects, bytes })
        });
        work::ask(turn, "what can be reached", task);
    }
}

pub(super) fn on_reached(turn: &mut Turn<'_>, object: &Object, objects: u64, bytes: u64) {
    let alone = object.heap.retained_size(object.node).map_or("…".into(), text::bytes);
    let said = format!(
        "{} reaches {} in {} objects; what it holds alone (retained) is {alone}",
        short(&object.heap, object.node),
        text::bytes(bytes),
        text::count(objects),
    );
    turn.say(said);
}
