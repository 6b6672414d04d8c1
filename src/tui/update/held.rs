//! Who holds all objects that the row under the cursor stands for: looked up when it rests, counted row by row.

use super::turn::Turn;
use super::{follow, work};
use crate::tui::message::{Outcome, Task};
use crate::tui::state::explorer::{Focus, PaneId};
use crate::tui::state::held::{Asked, HeldSet};
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::subject::Subject;
use crate::view::label;
use crate::view::table::{Inner, Table};
use crate::view::tables::all::All;
use crate::view::text;

/// In larger heaps the holding graph is made when somebody asks: it takes 12 bytes a node.
const MOST_PREPARED: usize = 30_000_000;

/// Looks up who holds the objects of some rows.
pub(super) fn look(turn: &mut Turn<'_>, of: Vec<Subject>) {
    let Some(explorer) = turn.explorer() else { return };
    let cut = explorer.ignoring.now.clone();
    let (engine, recent) = (turn.inner == Inner::References, explorer.recent_sets.clone());
    let asked = Asked { engine, cut, here: explorer.heap.clone(), recent };
    let task = Task::new(move |meter| Ok(Outcome::Held(Box::new(HeldSet::of(of, asked, meter)?))));
    work::start(turn, Slot::Held, "who holds all of these", Purpose::Nothing, task);
}

pub(super) fn on_held(turn: &mut Turn<'_>, held: HeldSet) {
    turn.cancel(Slot::Change(PaneId::Retainers));
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.walk = None;
    explorer.set_held(Some(held));
}

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
    look(turn, of);
}

/// Looks up the holders anew, in the form that is wanted now.
pub(super) fn look_again(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    if let Some(held) = &explorer.held {
        let of = held.of.clone();
        look(turn, of);
    }
}

/// Goes to the holders of the set under the cursor; whether there is one.
pub(super) fn go(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    let Some(held) = &explorer.held else { return false };
    let said = format!("who holds {}", held.title);
    explorer.focus = Focus::Retainers;
    turn.say(said);
    true
}

/// Counts what is still to be counted of a row in sight, one after the other; prepares what the first question needs.
pub(super) fn go_on(turn: &mut Turn<'_>) {
    if turn.job(Slot::Count).is_some() {
        return;
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    if let Some(held) = &mut explorer.held {
        let (top, height) = (held.pane.top, held.pane.height);
        let rows = held.pane.tree.rows(top, height);
        if let Some(row) = rows.into_iter().find(|row| !row.table.is_filled(row.row)) {
            let task = Task::new(move |meter| {
                row.table.fill(row.row, meter)?;
                Ok(Outcome::Counted)
            });
            return work::start(turn, Slot::Count, "", Purpose::Nothing, task);
        }
    }
    let Some(explorer) = turn.explorer() else { return };
    if explorer.complete && explorer.heap.node_count() < MOST_PREPARED && !explorer.heap.has_holding() {
        let heap = explorer.heap.clone();
        let task = Task::new(move |meter| heap.holding(meter).map(|_| Outcome::Counted));
        work::start(turn, Slot::Count, "", Purpose::Nothing, task);
    }
}
