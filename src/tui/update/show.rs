//! Views: what each shows is made when it is looked at and when what it needs is there.

use super::turn::Turn;
use super::work::Wish;
use super::{leads, queue, work};
use crate::tui::message::Made;
use crate::tui::state::change::{Performed, Work};
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::view::{Form, View};
use crate::tui::views::entry::{Making, Opening};
use crate::tui::views::{VIEWS, entry};
use crate::view::spec::Sort;
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
    queue::next_load(turn);
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
    let wish = Wish { slot: Slot::Question, text: text.into(), purpose: Purpose::Makes(view) };
    work::start_for(turn, wish, making.task(view, inner));
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
        fill_scope(turn, None, true);
    }
}

/// Asked again, it would only fail again: the view says why, until somebody comes to it anew.
pub(super) fn on_not_made(turn: &mut Turn<'_>, view: View, why: &str) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.missing.insert(view, sanitize(why).into_owned());
    }
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

/// Whether a view has the column of an order.
pub(super) fn has_column(explorer: &Explorer, view: View, sort: Sort) -> bool {
    entry(view).columns_now(explorer).iter().any(|spec| spec.field == sort.field)
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

/// Takes the classes of the scope into the tables that show them.
pub(super) fn fill_scope(turn: &mut Turn<'_>, sort: Option<Sort>, keep_open: bool) {
    let Some(explorer) = turn.explorer() else { return };
    let showing: Vec<View> = VIEWS.iter().filter(|view| view.shows_scope(explorer)).map(|view| view.view()).collect();
    for view in showing {
        let Some(explorer) = turn.explorer() else { return };
        let work = Work::Fill { rows: explorer.scope_rows(view), sort, keep_open };
        work::change(turn, PaneId::Main(view), work);
    }
}
