//! Who holds the current object, or a set: the pane below the rows.

use std::sync::Arc;

use super::tree::{self, RowLook};
use crate::tui::available::no_retainers;
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::layout::{PaneArea, why_room};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::theme::Ui;
use crate::tui::widgets::canvas::Canvas;
use crate::view::cut::{cut, width, wrap_words};
use crate::view::label;
use crate::view::table::{Inner, specs};
use crate::view::tables::holders::{FREES_MORE, Holders};
use crate::view::tables::retainers::Retainers;
use crate::view::text;
use crate::view::tree::Row;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: &PaneArea, state: &State, explorer: &Explorer) {
    let retaining = explorer.retainers.as_ref();
    let focused = explorer.focus == Focus::Retainers;
    if let Some(rule) = area.rule {
        let style = canvas.theme.ui(if focused { Ui::FocusedRule } else { Ui::Rule });
        let of = match &explorer.held {
            Some(held) => Some(held.title.clone()),
            None => retaining.and_then(|shown| Some(label::short(&shown.heap, shown.pane.root?))),
        };
        let room = rule.width as usize;
        let note = note_of(state, explorer, room);
        let taken = (width(&note) + "─ Retainers of  ".len() + 2).min(room / 2 + 2);
        let title = match of {
            Some(of) => format!("─ Retainers of {} ", cut(&of, room.saturating_sub(taken.max(20)))),
            None => "─ Retainers ".into(),
        };
        canvas.buffer.set_stringn(rule.x, rule.y, "─".repeat(room), room, style);
        let (end, _) = canvas.buffer.set_stringn(rule.x, rule.y, title, room, style);
        let start = rule.right().saturating_sub(width(&note) as u16 + 2);
        if !note.is_empty() && start > end {
            canvas.buffer.set_stringn(start, rule.y, note, room, style);
        }
    }
    let empty = match retaining {
        Some(_) => "nothing refers to it but roots and weak references",
        None if explorer.held.is_some() && explorer.ignoring.now.is_some() => "nothing else holds any of these",
        None if explorer.held.is_some() => "nothing that the file names holds any of these",
        None => no_retainers(state, explorer),
    };
    // What keeps the object alive, or why nothing is said about it.
    let empty = match area.why {
        Some(place) => {
            let (room, most) = (why_room(place), place.height as usize);
            // The whole sentence is in the details.
            let (lines, part) = match explorer.why_lines(room, most) {
                Some(lines) => (lines, Ui::Info),
                None => (wrap_words(empty, room, most), Ui::Dim),
            };
            for (y, line) in (place.y..).zip(&lines) {
                canvas.buffer.set_stringn(place.x + 1, y, line, room, canvas.theme.ui(part));
            }
            if explorer.has_retainers() { empty } else { "" }
        }
        None => empty,
    };
    let columns = if explorer.held.is_some() { specs::<Holders>() } else { specs::<Retainers>() };
    let look = RowLook {
        theme: canvas.theme,
        exact: state.exact,
        focused,
        empty,
        columns,
        selected: &[],
        layout: &state.columns,
        pane: explorer.pane_name(Focus::Retainers),
    };
    tree::draw(canvas, area, explorer.pane(PaneId::Retainers), &look);
}

/// From so many columns on the line with the name of the Retainers says more.
const WIDE_NOTE: usize = 110;

/// Which path is open, what is left out, and what is odd about the numbers.
fn note_of(state: &State, explorer: &Explorer, room: usize) -> String {
    let mut notes = Vec::new();
    if explorer.retainers.as_ref().is_some_and(|shown| !Arc::ptr_eq(&shown.heap, &explorer.heap)) {
        notes.push("in the base".to_owned());
    }
    if explorer.ignoring.now.is_some() {
        notes.push(format!("{} ignored", text::count(explorer.ignoring.things.len() as u64)));
    }
    let has_more = |row: &Row| row.table.remarks(row.row).iter().any(|(what, _)| *what == FREES_MORE[0]);
    if explorer.held.as_ref().is_some_and(|held| held.pane.rows.iter().any(has_more)) {
        let what = if room < WIDE_NOTE { "go along" } else { "of the set go with what the row holds" };
        notes.push(format!("Only > Objects: others {what}"));
    }
    if let Some(walk) = &explorer.walk {
        let more = if walk.complete { "" } else { "+" };
        notes.push(format!("path {} of {}{more}", walk.at + 1, walk.found.len()));
    }
    if explorer.retainers.as_ref().is_some_and(|shown| state.inner == Inner::Entries && shown.has_repeats) {
        notes.push(format!("{} each link", key_of(Command::EngineRows)));
    }
    if notes.is_empty() { String::new() } else { format!(" {} ", notes.join(" · ")) }
}
