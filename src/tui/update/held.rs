//! Who holds all objects that the row under the cursor stands for: looked up when it rests, counted row by row.

use super::turn::Turn;
use super::work;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::held::{Asked, HeldSet};
use crate::tui::state::jobs::Slot;
use crate::tui::subject::Subject;
use crate::view::table::Inner;

/// In larger heaps the holding graph is made when somebody asks: it takes 12 bytes a node.
const MOST_PREPARED: usize = 30_000_000;

/// Looks up who holds the objects of some rows.
pub(super) fn look(turn: &mut Turn<'_>, of: Vec<Subject>) {
    let Some(explorer) = turn.explorer() else { return };
    let cut = explorer.ignoring.now.clone();
    let (engine, recent) = (turn.inner == Inner::References, explorer.recent_sets.clone());
    let asked = Asked { engine, cut, here: explorer.heap.clone(), recent };
    let task = Task::new(move |meter| Ok(Outcome::Held(Box::new(HeldSet::of(of, asked, meter)?))));
    work::start(turn, Slot::Held, "who holds all of these", task);
}

pub(super) fn on_held(turn: &mut Turn<'_>, held: HeldSet) {
    turn.cancel(Slot::Change(PaneId::Retainers));
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.walk = None;
    explorer.set_held(Some(held));
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
            return work::start(turn, Slot::Count, "", task);
        }
    }
    let Some(explorer) = turn.explorer() else { return };
    if explorer.complete && explorer.heap.node_count() < MOST_PREPARED && !explorer.heap.has_holding() {
        let heap = explorer.heap.clone();
        let task = Task::new(move |meter| heap.holding(meter).map(|_| Outcome::Counted));
        work::start(turn, Slot::Count, "", task);
    }
}
