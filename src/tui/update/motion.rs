//! The cursor, and rows that open and close.

use super::turn::Turn;
use super::{show, work};
use crate::tui::state::change::Work;
use crate::tui::state::focus::Focus;
use crate::tui::state::pane::TreePane;
use crate::view::text;

fn pane<'a>(turn: &'a mut Turn<'_>) -> Option<&'a mut TreePane> {
    turn.explorer_mut()?.focused_pane_mut()
}

pub(super) fn by(turn: &mut Turn<'_>, rows: isize) {
    if let Some(pane) = pane(turn) {
        pane.move_by(rows);
    }
}

/// Moves the cursor and the window by a part of the window.
pub(super) fn by_pages(turn: &mut Turn<'_>, direction: isize, part: usize) {
    if let Some(pane) = pane(turn) {
        let rows = direction * (pane.height / part).max(1) as isize;
        let offset = pane.offset();
        pane.move_by(rows);
        pane.top = pane.cursor.saturating_sub(offset);
    }
}

/// Moves the window by rows; the cursor stays on its row as long as that is seen.
pub(super) fn scroll(turn: &mut Turn<'_>, rows: isize) {
    if let Some(pane) = pane(turn) {
        pane.scroll(rows);
    }
}

/// Puts the row under the cursor into a line of the window: so many parts of it from its top.
pub(super) fn put_in_window(turn: &mut Turn<'_>, parts: usize, of: usize) {
    if let Some(pane) = pane(turn) {
        let line = pane.height.saturating_sub(1) * parts / of;
        pane.top = pane.cursor.saturating_sub(line).min(pane.len().saturating_sub(pane.height));
    }
}

/// Goes to the row with this number, the first one is 1; to the last one where there are fewer.
pub(super) fn to_row(turn: &mut Turn<'_>, number: usize) {
    if let Some(pane) = pane(turn) {
        pane.move_to(number.saturating_sub(1));
    }
}

/// The same, saying where there are no rows, or fewer.
pub(super) fn go_to_row(turn: &mut Turn<'_>, number: usize) {
    let Some(pane) = pane(turn) else { return turn.say("there are no rows here") };
    let rows = pane.len();
    pane.move_to(number.saturating_sub(1));
    if number > rows {
        turn.say(format!("there are {} rows; this is the last one", text::count(rows as u64)));
    }
}

pub(super) fn to_first(turn: &mut Turn<'_>) {
    if let Some(pane) = pane(turn) {
        pane.move_to_first();
    }
}

pub(super) fn to_last(turn: &mut Turn<'_>) {
    if let Some(pane) = pane(turn) {
        pane.move_to(usize::MAX);
    }
}

/// Opens the row; on one that is open, or being opened, goes to the first row below.
pub(super) fn open(turn: &mut Turn<'_>) {
    let Some(id) = turn.explorer().map(|explorer| explorer.focused()) else { return };
    let Some(pane) = pane(turn) else { return };
    let Some(row) = pane.row() else { return };
    let trail = pane.trail();
    // Whoever opens a row has chosen it.
    (pane.touched, pane.moved) = (true, true);
    if row.open {
        return pane.move_by(1);
    }
    if turn.change_of(id).is_some_and(|work| work.opens(&trail)) {
        return work::change(turn, id, Work::Enter(trail));
    }
    if row.cycle {
        turn.say("this object stands above already: a cycle");
    } else if row.has_children {
        work::change(turn, id, Work::Open(trail));
    } else {
        turn.say("nothing below this row");
    }
}

/// Opens a closed row and closes an open one.
pub(super) fn toggle(turn: &mut Turn<'_>) {
    let Some(pane) = pane(turn) else { return };
    if pane.row().is_some_and(|row| row.open) {
        pane.tree.close(pane.cursor);
    } else {
        open(turn);
    }
}

pub(super) fn close(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let focus = explorer.focus;
    let Some(pane) = explorer.focused_pane_mut() else { return };
    (pane.touched, pane.moved) = (true, true);
    if pane.tree.close(pane.cursor) > 0 {
        return;
    }
    match pane.tree.parent(pane.cursor) {
        Some(parent) => pane.move_to(parent),
        None if focus == Focus::Main && show::unroot(turn) => turn.say("back at the roots"),
        None => {}
    }
}

pub(super) fn open_level(turn: &mut Turn<'_>) {
    let Some(id) = turn.explorer().map(|explorer| explorer.focused()) else { return };
    let Some(pane) = pane(turn).filter(|pane| pane.len() > 0) else { return };
    // From now on no other order comes by itself, for which the level would have to be opened anew.
    pane.touched = true;
    let trail = pane.trail();
    work::change(turn, id, Work::OpenLevel(trail));
}

pub(super) fn close_level(turn: &mut Turn<'_>) {
    if let Some(pane) = pane(turn) {
        let offset = pane.offset();
        let place = pane.tree.close_level(pane.cursor);
        pane.show_at(place, offset);
    }
}
