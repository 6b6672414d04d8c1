//! Views: what each shows is made when it is looked at and when what it needs is there.

use super::turn::Turn;
use super::{paths, scopes, work};
use crate::tui::message::Made;
use crate::tui::state::explorer::{Focus, PaneId};
use crate::tui::state::history::Place;
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::state::pane::{Performed, Work};
use crate::tui::view::View;
use crate::tui::views::entry;
use crate::tui::views::entry::{Making, Opening};
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
    ensure(turn);
}

/// Makes what the view shows that is on the screen, as soon as what it needs is there.
pub(super) fn ensure(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let view = explorer.view;
    let is_there = explorer.panes.contains_key(&view) || explorer.missing.contains_key(&view);
    if is_there || turn.makes(view) || !entry(view).needs().are_met(explorer) {
        return;
    }
    if let Some(making) = entry(view).make(turn, explorer) {
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
    } else if let Some(making) = entry(view).make_below(explorer, opening) {
        make(turn, view, making);
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

/// Rows by class and back.
pub(super) fn group_by_class(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let view = explorer.view;
    let Some([grouped, single]) = entry(view).groups() else { return };
    if let Some(reason) = entry(view).why_not_grouped(explorer) {
        return turn.say(reason);
    }
    let before = explorer.pane(PaneId::Main(view)).map(|pane| (pane.root, pane.tree.sort()));
    let is_tree = entry(view).make_below(explorer, Opening::default()).is_some();
    if is_tree {
        explorer.leave();
    }
    let place = explorer.place();
    explorer.turned.insert((view, place.grouped), place);
    let is_grouped = explorer.grouped.insert(view) || !explorer.grouped.remove(&view);
    // Back where somebody was in this form, if it is still the tree of the same object.
    let place = explorer.turned.get(&(view, is_grouped)).filter(|place| !place.trail.is_empty());
    let reveal = |place: &Place| Work::Reveal { trail: place.trail.clone(), offset: place.offset };
    let then = place.filter(|place| before.is_some_and(|(root, _)| root == place.root)).map(reveal);
    match before.filter(|_| is_tree) {
        Some((root, sort)) => {
            let has = entry(view).columns(explorer).iter().any(|spec| spec.field == sort.field);
            let opening = Opening { root, sort: has.then_some(sort), then };
            if let Some(making) = entry(view).make_below(explorer, opening) {
                make(turn, view, making);
            }
        }
        None => remake(turn, view),
    }
    turn.say(if is_grouped { grouped } else { single });
}

/// Classes without change too in the Comparison, and back.
pub(super) fn toggle_unchanged(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.unchanged = !explorer.unchanged;
    let (all, id) = (explorer.unchanged, PaneId::Main(View::COMPARISON));
    if let Some(level) = explorer.pane(id).map(|pane| pane.all.clone()) {
        work::change(turn, id, Work::Fill { level: level.with_quiet(all), sort: None, keep_open: true });
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
    // Details of the same row say something else now.
    if let Some(explorer) = turn.explorer_mut() {
        explorer.cursor.subject = None;
    }
    let said = match turn.inner {
        Inner::Entries => "entries, and links that repeat in one row; e: the engine's own rows",
        Inner::References => "the engine's own rows, as in DevTools; e: entries and folded links",
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
