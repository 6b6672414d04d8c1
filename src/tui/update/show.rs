//! Views: what each shows is made when it is looked at and when what it needs is there.

use super::turn::Turn;
use super::{held, leads, loading, paths, scopes, work};
use crate::tui::message::Made;
use crate::tui::state::explorer::{Explorer, Focus, PaneId};
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::state::pane::{Performed, Work};
use crate::tui::state::rows::Rows;
use crate::tui::view::{Form, View};
use crate::tui::views::entry;
use crate::tui::views::entry::{Making, Opening};
use crate::view::spec::Sort;
use crate::view::table::Inner;
use crate::view::text::sanitize;

/// Shows a view.
pub(super) fn show(turn: &mut Turn<'_>, view: View) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.view != view {
        explorer.leave();
    }
    explorer.view = view;
    explorer.focus = Focus::Main;
    // Whoever comes again wants it tried again.
    explorer.missing.remove(&view);
    leads::try_again(turn, view);
    loading::next_load(turn);
    ensure(turn);
}

/// Makes what the view shows that is on the screen, as soon as what it needs is there.
pub(super) fn ensure(turn: &mut Turn<'_>) {
    leads::look(turn);
    let Some(explorer) = turn.explorer() else { return };
    let view = explorer.view;
    let is_there = explorer.panes.contains_key(&view) || explorer.missing.contains_key(&view);
    if is_there || turn.makes(view) || !entry(view).needs().are_met(explorer) {
        return;
    }
    let sort = explorer.first_orders.get(&view).copied().filter(|&sort| has_column(explorer, view, sort));
    make_now(turn, view, Opening { sort, ..Opening::default() });
    if let Some(explorer) = turn.explorer_mut().filter(|_| sort.is_some()) {
        explorer.first_orders.remove(&view);
    }
}

/// Makes what a view shows, with what is to be done with it at once.
pub(super) fn make_now(turn: &mut Turn<'_>, view: View, opening: Opening) {
    let making = turn.explorer().and_then(|explorer| entry(view).make(turn, explorer, opening));
    if let Some(making) = making {
        make(turn, view, making);
    }
}

/// Makes what a view is to show; until it is there the view has nothing.
fn make(turn: &mut Turn<'_>, view: View, making: Making) {
    turn.cancel(Slot::Change(PaneId::Main(view)));
    if let Some(explorer) = turn.explorer_mut() {
        explorer.missing.remove(&view);
        explorer.set_pane(view, None);
    }
    let (text, inner) = (making.text, turn.inner);
    work::start(turn, Slot::Question, text, Purpose::Makes(view), making.task(view, inner));
}

/// Shows the tree of an object, or all of it; the one that is there if it is that one.
pub(super) fn show_tree(turn: &mut Turn<'_>, view: View, opening: Opening) {
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.view = view;
    explorer.focus = Focus::Main;
    let id = PaneId::Main(view);
    if explorer.pane(id).is_some_and(|pane| pane.root == opening.root) {
        if let Some(work) = opening.then {
            work::change(turn, id, work);
        }
    } else {
        make_now(turn, view, opening);
    }
}

/// Forgets what a view shows, and where somebody was in it: its rows are others from now on.
pub(super) fn forget(turn: &mut Turn<'_>, view: View) {
    if turn.makes(view) {
        turn.cancel(Slot::Question);
    }
    turn.cancel(Slot::Change(PaneId::Main(view)));
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.set_pane(view, None);
    explorer.missing.remove(&view);
    explorer.turned.retain(|(of, _), _| *of != view);
    explorer.turned_panes.retain(|(of, _), _| *of != view);
    if !entry(view).is_tree() {
        explorer.history.forget(view);
        explorer.marks.retain(|_, mark| mark.place.view != view || mark.place.trail.is_empty());
    }
}

/// Makes what a view shows anew, since it is to show something else.
pub(super) fn remake(turn: &mut Turn<'_>, view: View) {
    if turn.makes(view) {
        turn.cancel(Slot::Question);
    }
    turn.cancel(Slot::Change(PaneId::Main(view)));
    if let Some(explorer) = turn.explorer_mut() {
        explorer.set_pane(view, None);
        explorer.missing.remove(&view);
    }
    ensure(turn);
}

pub(super) fn on_made(turn: &mut Turn<'_>, view: View, made: Option<Made>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(Made { pane, warning, revealed }) = made else {
        explorer.missing.insert(view, "this snapshot does not have it".into());
        return;
    };
    explorer.set_pane(view, Some(pane));
    if revealed == Some(Performed::NothingThere) {
        turn.say("this row is not there any more");
    }
    if let Some(warning) = warning {
        turn.warn(warning);
    }
    // A scope may have been chosen while its rows were made.
    if turn.explorer().is_some_and(|explorer| entry(view).shows_scope(explorer)) {
        scopes::fill(turn, None, true);
    }
}

/// Asked again, it would only fail again: the view says why, until somebody comes to it anew.
pub(super) fn on_not_made(turn: &mut Turn<'_>, view: View, why: &str) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.missing.insert(view, sanitize(why).into_owned());
    }
}

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
        false => turn_to(turn, view, form),
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
    let sort = has_column(explorer, view, sort).then_some(sort);
    make_now(turn, view, Opening { root, sort, then });
}

/// Shows a table in another form, in the order it has; what it showed in that form when it was left.
pub(super) fn turn_to(turn: &mut Turn<'_>, view: View, form: Form) {
    if turn.explorer().is_none_or(|explorer| explorer.form(view) == form) {
        return;
    }
    if turn.makes(view) {
        turn.cancel(Slot::Question);
    }
    turn.cancel(Slot::Change(PaneId::Main(view)));
    let Some(explorer) = turn.explorer_mut() else { return };
    let sort = explorer.pane(PaneId::Main(view)).map(|pane| pane.tree.sort());
    if let Some(pane) = explorer.panes.remove(&view) {
        let before = explorer.form(view);
        explorer.turned_panes.insert((view, before), pane);
    }
    explorer.set_form(view, form);
    let parked = explorer.turned_panes.remove(&(view, form));
    explorer.set_pane(view, parked);
    explorer.missing.remove(&view);
    let sort = sort.filter(|&sort| has_column(explorer, view, sort));
    let rows = entry(view).shows_scope(explorer).then(|| explorer.scope_rows(view));
    match (explorer.pane(PaneId::Main(view)).is_some(), rows) {
        // Numbers may have come meanwhile, or another scope.
        (true, Some(rows)) => work::change(turn, PaneId::Main(view), Work::Fill { rows, sort, keep_open: true }),
        (true, None) => {}
        (false, _) => make_now(turn, view, Opening { sort, ..Opening::default() }),
    }
}

fn has_column(explorer: &Explorer, view: View, sort: Sort) -> bool {
    entry(view).columns(explorer).iter().any(|spec| spec.field == sort.field)
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
        remake(turn, View::COMPARISON);
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

/// Brings the rows that are on the screen into the form that is wanted, unless they are being changed.
pub(super) fn turn_pane(turn: &mut Turn<'_>) {
    let inner = turn.inner;
    let Some(explorer) = turn.explorer() else { return };
    let id = PaneId::Main(explorer.view);
    if explorer.pane(id).is_some_and(|pane| pane.tree.inner() != inner) && turn.change_of(id).is_none() {
        work::change(turn, id, Work::Turn(inner));
    }
}

/// Below the classes of the Series only what came between the first two snapshots, and back.
pub(super) fn toggle_came_and_stayed(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.came_and_stayed = !explorer.came_and_stayed;
    let only = explorer.came_and_stayed;
    remake(turn, View::SERIES);
    turn.say(match only {
        true => "below a class: what came between 1 and 2 and is still there; D shows all that is new",
        false => "below a class: all that is new since the first snapshot and still there",
    });
}

/// Shows a tree from its root again, where it shows an object; true if it did.
pub(super) fn unroot(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    if explorer.main_pane().is_none_or(|pane| pane.root.is_none()) {
        return false;
    }
    let view = explorer.view;
    explorer.leave();
    show_tree(turn, view, Opening::default());
    true
}
