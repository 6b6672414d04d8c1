//! Rows that somebody puts together to a set.

use super::turn::Turn;
use super::{follow, held};
use crate::tui::state::focus::Focus;
use crate::tui::subject::Subject;
use crate::view::label;
use crate::view::table::Table;
use crate::view::tables::all::All;
use crate::view::text;

/// The rows that can be selected one by one: more take longer to remember than anybody looks at.
const MOST_SELECTED: usize = 10_000;

/// Selects the row under the cursor, or no longer.
pub(super) fn select(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.focus != Focus::Main {
        return turn.say("rows are selected in the upper pane: Tab goes there");
    }
    let Some(row) = explorer.current() else { return turn.say("there is no row to select") };
    match explorer.selected.iter().position(|selected| *selected == row) {
        Some(at) => drop(explorer.selected.remove(at)),
        None if explorer.selected.len() == MOST_SELECTED => return turn.say("no more rows can be selected"),
        None => explorer.selected.push(row),
    }
    show_selected(turn);
}

/// Selects all rows that the filter lets through.
pub(super) fn select_all(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(pane) = explorer.main_pane().filter(|_| explorer.focus == Focus::Main) else {
        return turn.say("rows are selected in the upper pane: Tab goes there");
    };
    let (table, rows) = (pane.tree.table().clone(), pane.tree.roots());
    explorer.selected = match rows.len() {
        0..=MOST_SELECTED => rows.iter().map(|&row| Subject { table: table.clone(), row }).collect(),
        // One for all of them: nothing is done row by row here.
        _ => {
            let all = All::of(pane.tree.root_level());
            vec![Subject { row: all.rows[0], table: all.table }]
        }
    };
    show_selected(turn);
}

/// Clears the selection; whether there was one.
pub(super) fn clear(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    if std::mem::take(&mut explorer.selected).is_empty() {
        return false;
    }
    explorer.cursor.retainers_stale = true;
    turn.say("no row is selected any more");
    follow::rested(turn);
    true
}

fn show_selected(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let of = explorer.selected.clone();
    if of.is_empty() {
        explorer.cursor.retainers_stale = true;
        turn.say("no row is selected any more");
        return follow::rested(turn);
    }
    if !explorer.complete {
        return turn.say("who holds them is known once everything is computed");
    }
    let rows = match of.as_slice() {
        [one] if one.table.facts().row_word(1) == All::FACTS.row_word(1) => {
            format!("{} are", label::plain(&one.table.label(one.row)))
        }
        [_] => "1 row is".into(),
        rows => format!("{} rows are", text::count(rows.len() as u64)),
    };
    let them = if of.len() > 1 { "them" } else { "it" };
    turn.say(format!("{rows} selected: Retainers show who holds all of {them}; Esc clears"));
    held::look(turn, of);
}
