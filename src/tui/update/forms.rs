//! The rows that are there in another form: by class, by file; with what is left out, or without it.

use super::turn::Turn;
use super::{held, paths, show, work};
use crate::tui::state::change::Work;
use crate::tui::state::focus::PaneId;
use crate::tui::state::rows::Rows;
use crate::tui::view::{Form, View};
use crate::tui::views::entry;
use crate::tui::views::entry::Opening;
use crate::view::table::Inner;

/// The rows in the next of their forms: by class, by file, and back.
pub(super) fn next_form(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let view = explorer.view;
    let said = entry(view).forms();
    if let Some(reason) = entry(view).why_not_turned(explorer) {
        return turn.say(reason);
    }
    let form = (explorer.form(view) + 1) % said.len();
    match entry(view).is_tree() {
        true => turn_tree(turn, view, form),
        false => show::turn_to(turn, view, form),
    }
    turn.say(said[form]);
}

/// Shows the tree of the same object in another form; where somebody was in that form, if it was the tree of this object.
fn turn_tree(turn: &mut Turn<'_>, view: View, form: Form) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some((root, sort)) = explorer.pane(PaneId::Main(view)).map(|pane| (pane.root, pane.tree.sort())) else {
        return;
    };
    explorer.leave();
    let place = explorer.place();
    explorer.turned.insert((view, place.form), place);
    explorer.set_form(view, form);
    let place = explorer.turned.get(&(view, form)).filter(|place| !place.trail.is_empty() && place.root == root);
    let then = place.map(|place| Work::Reveal { trail: place.trail.clone(), offset: place.offset });
    let sort = show::has_column(explorer, view, sort).then_some(sort);
    show::make_now(turn, view, Opening { root, sort, then });
}

/// Classes without change too in the Comparison, and back.
pub(super) fn toggle_unchanged(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.unchanged = !explorer.unchanged;
    let (all, id) = (explorer.unchanged, PaneId::Main(View::COMPARISON));
    if let Some(level) = explorer.pane(id).map(|pane| pane.all.clone()) {
        work::change(turn, id, Work::Fill { rows: Rows::There(level.with_quiet(all)), sort: None, keep_open: true });
    } else {
        // One that is being made has the rows that were wanted before.
        show::remake(turn, View::COMPARISON);
    }
    turn.say(if all { "classes without change too; a hides them" } else { "only classes with a change; a shows all" });
}

/// The engine's own rows below objects instead of entries, and links that repeat each in a row of its own; and back.
pub(super) fn toggle_inner(turn: &mut Turn<'_>) {
    turn.inner = turn.inner.other();
    paths::open_again(turn);
    held::look_again(turn);
    // Details of the same row say something else now.
    if let Some(explorer) = turn.explorer_mut() {
        explorer.cursor.subject = None;
    }
    let said = match turn.inner {
        Inner::Entries => "entries; tables, scopes and links that repeat are passed over; e: the engine's own rows",
        Inner::References => "the engine's own rows, nothing passed over; e: entries and folded links",
    };
    turn.say(said);
}

/// Below the classes of the Series only what came between the first two snapshots, and back.
pub(super) fn toggle_came_and_stayed(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.came_and_stayed = !explorer.came_and_stayed;
    let only = explorer.came_and_stayed;
    show::remake(turn, View::SERIES);
    turn.say(match only {
        true => "below a class: what came between 1 and 2 and is still there; D shows all that is new",
        false => "below a class: all that is new since the first snapshot and still there",
    });
}
