//! The line above the table: the filter or the way to the row, and what is shown.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::theme::Ui;
use crate::tui::views::entry;
use crate::tui::widgets::canvas::Canvas;
use crate::view::cut::{cut_start, width};
use crate::view::label;
use crate::view::row::RowIx;
use crate::view::table::{AnyTable, Inner};
use crate::view::text;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, explorer: &Explorer) {
    let room = (area.width as usize).saturating_sub(2);
    let view = entry(explorer.view);
    match explorer.main_pane() {
        None => {
            canvas.buffer.set_stringn(area.x + 1, area.y, view.title(), room, canvas.theme.ui(Ui::Dim));
        }
        Some(pane) if !view.is_filtered() => {
            let [whole, top] = view.context(state, explorer, pane);
            let way = if pane.above.is_empty() { whole } else { format!("{top} › {}", way(pane)) };
            let (end, _) = canvas.buffer.set_stringn(
                area.x + 1,
                area.y,
                said_of_rows(state, explorer),
                room,
                canvas.theme.ui(Ui::Key),
            );
            let room = (area.right() as usize).saturating_sub(end as usize + 1);
            canvas.buffer.set_stringn(end, area.y, cut_start(&way, room), room, canvas.theme.ui(Ui::Dim));
        }
        Some(_) => draw_of_table(canvas, area, state, explorer),
    }
}

/// What is said of the rows where the view does not say so itself: only the program's own objects, and the engine's
/// rows below them.
fn said_of_rows(state: &State, explorer: &Explorer) -> String {
    let is_own = explorer.is_own() && entry(explorer.view).follows_own(explorer);
    let own = if is_own { "own code · " } else { "" };
    let engine = if state.inner == Inner::References { "engine's own rows · " } else { "" };
    format!("{own}{engine}")
}

/// Filter or scope at the left, sums at the right.
fn draw_of_table(canvas: &mut Canvas<'_>, area: Rect, state: &State, explorer: &Explorer) {
    let Some(pane) = explorer.main_pane() else { return };
    let total = &pane.total;
    let note = pane.all.table.note().map_or_else(String::new, |note| format!("{note} · "));
    // Why what is typed is no filter stands where it is typed; the rows are those of the last one.
    let filter = if pane.problem.is_some() { pane.applied.text() } else { &pane.filter };
    if !filter.is_empty() {
        let filter = text::sanitize(filter);
        let (left, part) = match pane.fuzzy {
            true => (format!("/ {filter}   letters in order: no name has these words"), Ui::Warning),
            false => (format!("/ {filter}"), Ui::Key),
        };
        let (shown, all) = (pane.tree.roots().len() as u64, pane.all.len() as u64);
        let word = pane.tree.table().facts().row_word(all);
        let right = format!("{note}{} of {} {word} · {total}", text::count(shown), text::count(all));
        return canvas.two_ends(area, (&left, part), (&right, Ui::Dim));
    }
    let view = entry(explorer.view);
    let part = if !note.is_empty() {
        Ui::Warning
    } else if view.is_limited(explorer) {
        Ui::Key
    } else {
        Ui::Dim
    };
    let own = said_of_rows(state, explorer);
    let [whole, what] = view.context(state, explorer, pane).map(|text| format!("{own}{text}"));
    let left = match pane.above.is_empty() {
        true => format!("{note}{whole}"),
        // Below the outermost rows the way to the cursor is worth more than their number.
        false => {
            let room = (area.width as usize).saturating_sub(width(total) + width(&note) + 5);
            format!("{note}{}", cut_start(&format!("{what} › {}", way(pane)), room))
        }
    };
    canvas.two_ends(area, (&left, part), (total, Ui::Dim));
}

/// The rows above the cursor's, from the outermost on.
fn way(pane: &TreePane) -> String {
    let name = |(table, row): &(_, _)| name_on_way(table, *row);
    pane.above.iter().map(name).collect::<Vec<_>>().join(" › ")
}

/// A row in a few words: its object, or its name without the place in a script.
fn name_on_way(table: &Arc<dyn AnyTable>, row: RowIx) -> String {
    match table.node(row) {
        Some(node) => label::short(table.heap_of(row), node),
        None => label::name(&table.label(row)),
    }
}
