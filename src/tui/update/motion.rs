//! The cursor, and rows that open and close.

use super::{jump, work};
use crate::tui::state::{Focus, State, TreePane, Work};

fn pane(state: &mut State) -> Option<&mut TreePane> {
    state.explorer_mut()?.focused_pane_mut()
}

pub fn by(state: &mut State, rows: isize) {
    if let Some(pane) = pane(state) {
        pane.move_by(rows);
    }
}

/// Moves the cursor and the window by a part of the window.
pub fn by_pages(state: &mut State, direction: isize, part: usize) {
    if let Some(pane) = pane(state) {
        let rows = direction * (pane.height / part).max(1) as isize;
        let offset = pane.offset();
        pane.move_by(rows);
        pane.top = pane.cursor.saturating_sub(offset);
    }
}

pub fn to(state: &mut State, place: usize) {
    if let Some(pane) = pane(state) {
        pane.move_to(place);
    }
}

pub fn open(state: &mut State) {
    let Some(id) = state.explorer().map(|explorer| explorer.focused()) else { return };
    let Some(pane) = pane(state) else { return };
    let Some(row) = pane.row() else { return };
    pane.touched = true;
    if row.open {
        pane.move_by(1);
    } else if row.cycle {
        state.say("this object stands above already: a cycle");
    } else if row.has_children {
        let trail = pane.trail();
        work::change(state, id, Work::Open(trail));
    } else {
        state.say("nothing below this row");
    }
}

/// Opens a closed row and closes an open one.
pub fn toggle(state: &mut State) {
    let Some(pane) = pane(state) else { return };
    if pane.row().is_some_and(|row| row.open) {
        pane.tree.close(pane.cursor);
    } else {
        open(state);
    }
}

pub fn close(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let focus = explorer.focus;
    let Some(pane) = explorer.focused_pane_mut() else { return };
    pane.touched = true;
    if pane.tree.close(pane.cursor) > 0 {
        return;
    }
    match pane.tree.parent(pane.cursor) {
        Some(parent) => pane.move_to(parent),
        None if focus == Focus::Main && jump::unroot(state) => state.say("back at the roots"),
        None => {}
    }
}

pub fn open_level(state: &mut State) {
    let Some(id) = state.explorer().map(|explorer| explorer.focused()) else { return };
    let Some(pane) = pane(state).filter(|pane| pane.len() > 0) else { return };
    let trail = pane.trail();
    work::change(state, id, Work::OpenLevel(trail));
}

pub fn close_level(state: &mut State) {
    if let Some(pane) = pane(state) {
        let offset = pane.offset();
        let place = pane.tree.close_level(pane.cursor);
        pane.show_at(place, offset);
    }
}
