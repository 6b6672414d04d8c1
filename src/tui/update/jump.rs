//! From one view to another: the current object here and there, back and forward.

use super::turn::Turn;
use super::{follow, held, scopes, show, work};
use crate::base::ids::NodeIx;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::history::Place;
use crate::tui::subject::Object;
use crate::tui::view::{Form, View};
use crate::tui::views::entry;
use crate::tui::views::entry::Opening;
use crate::view::label::short;
use crate::view::row::RowIx;
use crate::view::tables::{classes, of_objects};

/// Deeper rows are shown in a tree of their own: opening them all on the way would leave no room for the row itself.
const DEEPEST_TRAIL: usize = 40;

/// The line of the window in which a row appears after a jump.
const LANDING: usize = 3;

/// The current object, or a word about why there is none.
pub(super) fn current(turn: &mut Turn<'_>) -> Option<Object> {
    let object = turn.explorer_mut()?.current_object();
    if object.is_none() {
        turn.say("choose an object first: l opens a class");
    }
    object
}

/// The current object where it is one of the snapshot that is shown.
fn current_here(turn: &mut Turn<'_>) -> Option<NodeIx> {
    let object = current(turn)?;
    if !turn.explorer()?.is_here(&object) {
        turn.say("this object is gone from the snapshot that is shown: r shows who held it, i its details");
        return None;
    }
    Some(object.node)
}

/// Shows an object in the Retainers, and says so.
pub(super) fn take_object(turn: &mut Turn<'_>, object: &Object) {
    let named = short(&object.heap, object.node);
    let is_there = follow::show_retainers(turn, object);
    turn.say(match is_there {
        true => format!("Retainers show {named}; Tab goes there"),
        false => NO_RETAINERS.into(),
    });
}

const NO_RETAINERS: &str = "retainers are not there yet";

pub(super) fn to_retainers(turn: &mut Turn<'_>) {
    let is_set = turn.explorer_mut().is_some_and(|explorer| {
        let is_selected = explorer.focus == Focus::Main && explorer.shows_selected();
        is_selected || explorer.current_object().is_none()
    });
    if is_set && held::go(turn) {
        return;
    }
    let Some(object) = current(turn) else { return };
    let named = short(&object.heap, object.node);
    if !follow::show_retainers(turn, &object) {
        return turn.say(NO_RETAINERS);
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.focus = Focus::Retainers;
    turn.say(format!("who refers to {named}; Enter shows a row in the Summary"));
}

pub(super) fn to_containment(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    if explorer.view == View::CONTAINMENT && explorer.focus == Focus::Main && show::unroot(turn) {
        return turn.say("back at the roots");
    }
    let Some(node) = current_here(turn) else { return };
    if let Some(explorer) = turn.explorer_mut() {
        explorer.leave();
        let named = short(&explorer.heap, node);
        show::show_tree(turn, View::CONTAINMENT, Opening { root: Some(node), ..Opening::default() });
        turn.say(format!("what {named} refers to; c again: back to the roots"));
    }
}

pub(super) fn to_dominators(turn: &mut Turn<'_>) {
    if let Some(node) = current_here(turn) {
        to_dominated(turn, View::DOMINATORS, node);
    }
}

/// Shows the current object in the picture of the heap; from there back to where somebody came from.
pub(super) fn to_picture(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.view == View::PICTURE && explorer.focus == Focus::Main {
        return back(turn);
    }
    match explorer.current_object().filter(|object| explorer.is_here(object)) {
        Some(object) => to_dominated(turn, View::PICTURE, object.node),
        None => show::show(turn, View::PICTURE),
    }
}

/// Shows an object in a view whose rows are the dominator tree.
pub(super) fn to_dominated(turn: &mut Turn<'_>, view: View, node: NodeIx) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(dominators) = heap.dominators().filter(|_| heap.has_retained_sizes()) else {
        return turn.say("dominators are not there yet");
    };
    explorer.leave();
    let hidden = entry(view).follows_own(explorer)
        && explorer.is_own()
        && explorer.scope().is_some_and(|own| !own.nodes.contains(node.ix()));
    if hidden {
        scopes::set(turn, None);
        show::fill_scope(turn, None, false);
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    set_form(explorer, view, 0);
    let mut chain: Vec<NodeIx> = dominators.chain(node).collect();
    chain.reverse();
    // The root has no row, unless it is one of several.
    let rootless = (!heap.roots().has_further()) as usize;
    let start = (chain.len() - rootless).saturating_sub(DEEPEST_TRAIL);
    let root = (start > 0).then(|| chain[start + rootless - 1]);
    let has_row = |node: &&NodeIx| {
        explorer
            .scope()
            .filter(|_| explorer.is_own() && entry(view).follows_own(explorer))
            .is_none_or(|own| own.nodes.contains(node.ix()))
    };
    let rows = chain.iter().skip(start + rootless).filter(has_row);
    let trail: Vec<RowIx> = rows.map(|&node| of_objects::row(node)).collect();
    let named = short(&heap, node);
    let cleared = if hidden { "; all objects count again" } else { "" };
    let text = match trail.len() {
        0 => format!("{named} is at the top of the dominator tree{cleared}"),
        _ if view == View::PICTURE => format!("{named} in the picture; + makes it all of it, - goes out, V back"),
        _ => format!("{named} in the dominator tree: below it stands what is freed with it{cleared}"),
    };
    let then = (!trail.is_empty()).then(|| Work::Reveal { offset: LANDING + trail.len(), trail });
    show::show_tree(turn, view, Opening { root, then, sort: None });
    turn.say(text);
}

/// Gives the rows of a view another form; the tree that is there is of no use then.
fn set_form(explorer: &mut Explorer, view: View, form: Form) {
    if explorer.form(view) != form {
        explorer.set_form(view, form);
        explorer.set_pane(view, None);
    }
}

pub(super) fn to_summary(turn: &mut Turn<'_>) {
    let Some(node) = current_here(turn) else { return };
    if let Some(explorer) = turn.explorer_mut() {
        explorer.leave();
        go_to(turn, node);
    }
}

/// Shows an object at its class in the Summary, or where it has a row; says what it has done.
pub(super) fn go_to(turn: &mut Turn<'_>, node: NodeIx) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let object = short(&heap, node);
    let class = heap.classes().of(node);
    if heap.shallow_size(node) == 0 || !explorer.classes.iter().any(|row| row.class == class) {
        show::show_tree(turn, View::CONTAINMENT, Opening { root: Some(node), ..Opening::default() });
        return turn
            .say(format!("{object} has no shallow size and so no row in the Summary: here is what it refers to"));
    }
    explorer.view = View::SUMMARY;
    explorer.focus = Focus::Main;
    let trail = vec![classes::row(class), of_objects::row(node)];
    let cleared = reveal_in_summary(turn, 0, trail, LANDING);
    turn.say(format!("{object} in the Summary{cleared}"));
}

/// Shows a row of the Summary in one of its forms; takes away a filter or scope that hides it, and says so.
fn reveal_in_summary(turn: &mut Turn<'_>, form: Form, trail: Vec<RowIx>, offset: usize) -> &'static str {
    show::turn_to(turn, View::SUMMARY, form);
    let id = PaneId::Main(View::SUMMARY);
    let reveal = Work::Reveal { trail: trail.clone(), offset };
    let Some(explorer) = turn.explorer_mut() else { return "" };
    // What stands in a file or package is known to its table alone.
    let hidden_by_scope = form == 0
        && explorer.scope().is_some_and(|scoped| {
            trail.get(1).is_some_and(|&row| !scoped.nodes.contains(of_objects::node_of(row).ix()))
        });
    let Some(pane) = explorer.pane_mut(id) else {
        show::make_now(turn, View::SUMMARY, Opening { then: Some(reveal), ..Opening::default() });
        return "";
    };
    // Rows that only letters in order let through count as hidden: they are not where one would look.
    let has = |row| pane.applied.words().matches_at(&pane.all.table.name(row), &pane.all.table.place(row));
    let hidden_by_filter = trail.first().is_some_and(|&row| !has(row));
    if !hidden_by_scope && !hidden_by_filter {
        work::change(turn, id, reveal);
        return "";
    }
    pane.filter.clear();
    if hidden_by_scope {
        scopes::set(turn, None);
        show::fill_scope(turn, None, false);
    } else {
        let rows = explorer.scope_rows(View::SUMMARY);
        work::change(turn, id, Work::Fill { rows, sort: None, keep_open: true });
    }
    work::change(turn, id, reveal);
    if hidden_by_scope { "; all objects count again" } else { "; filter cleared" }
}

pub(super) fn back(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let here = explorer.place();
    match explorer.history.back(here) {
        Some(place) => return_to(turn, place),
        None => turn.say("no place to go back to"),
    }
}

pub(super) fn forward(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let here = explorer.place();
    match explorer.history.forward(here) {
        Some(place) => return_to(turn, place),
        None => turn.say("no place to go forward to"),
    }
}

pub(super) fn return_to(turn: &mut Turn<'_>, place: Place) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Place { view, root, form, trail, offset } = place;
    explorer.view = view;
    explorer.focus = Focus::Main;
    if view == View::SUMMARY {
        if !trail.is_empty() {
            reveal_in_summary(turn, form, trail, offset);
        }
        return;
    }
    set_form(explorer, view, form);
    let then = (!trail.is_empty()).then_some(Work::Reveal { trail, offset });
    if entry(view).is_tree() && entry(view).needs().are_met(explorer) {
        return show::show_tree(turn, view, Opening { root, then, sort: None });
    }
    match then.filter(|_| explorer.main_pane().is_some()) {
        Some(work) => work::change(turn, PaneId::Main(view), work),
        None => show::ensure(turn),
    }
}

pub(super) fn go_to_id(turn: &mut Turn<'_>, text: &str) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if text.is_empty() {
        return;
    }
    // More digits than a number can have: no object has that id either.
    let found = text.parse().ok().and_then(|id| explorer.heap.find_id(id));
    match found {
        Some(node) => {
            explorer.leave();
            go_to(turn, node);
        }
        None => turn.warn(format!("no object has the id @{text}")),
    }
}
