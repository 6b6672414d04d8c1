//! The cursor, and rows that open and close.

use std::time::{Duration, Instant};

use super::jump;
use crate::tui::state::{Focus, State, TreePane};

/// How long a whole level may take to open: a person does not notice much less.
const LEVEL_TIME: Duration = Duration::from_millis(50);

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
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let Some(row) = pane.row(&heap) else { return };
    pane.touched = true;
    if row.open {
        pane.move_by(1);
    } else if row.cycle {
        state.say("this object stands above already: a cycle");
    } else if pane.tree.open(&heap, pane.cursor) == 0 {
        state.say("nothing below this row");
    }
}

/// Opens a closed row and closes an open one.
pub fn toggle(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.focused_pane_mut() else { return };
    if pane.row(&heap).is_some_and(|row| row.open) {
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
        None if focus == Focus::Main && jump::unroot(explorer) => state.say("back at the roots"),
        None => {}
    }
}

pub fn open_level(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let end = Instant::now() + LEVEL_TIME;
    let offset = pane.offset();
    let (place, all) = pane.tree.open_level(&heap, pane.cursor, || Instant::now() < end);
    pane.show_at(place, offset);
    if !all {
        state.say("opened the first rows of this level; L again goes on, H closes them");
    }
}

pub fn close_level(state: &mut State) {
    if let Some(pane) = pane(state) {
        let offset = pane.offset();
        let place = pane.tree.close_level(pane.cursor);
        pane.show_at(place, offset);
    }
}
