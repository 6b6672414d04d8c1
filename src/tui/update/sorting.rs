//! Other orders for the rows of a pane; the cursor stays on its row.

use super::turn::Turn;
use super::work;
use crate::tui::state::State;
use crate::tui::state::change::Work;
use crate::tui::state::focus::PaneId;
use crate::view::spec::{Sort, Spec};

/// The columns of the pane with the keys that rows can be sorted by now, and the order they have, or are getting.
fn columns(state: &State) -> Option<(Vec<&'static Spec>, Sort)> {
    let explorer = state.explorer()?;
    let pane = explorer.focused_pane()?;
    let table = pane.tree.table();
    let now = state.change_of(explorer.focused()).and_then(Work::sort).unwrap_or(pane.tree.sort());
    let mut columns = state.columns.seen(explorer.pane_name(explorer.focus), table.seen());
    columns.retain(|spec| table.is_settled(spec) || table.comes_late(spec) || spec.field == now.field);
    Some((columns, now))
}

pub(super) fn next_column(turn: &mut Turn<'_>) {
    let Some((columns, now)) = columns(turn) else { return };
    let start = columns.iter().position(|spec| spec.field == now.field).unwrap_or(0);
    match columns.iter().cycle().nth(start + 1) {
        Some(next) if next.field != now.field => apply(turn, next, next.sort()),
        _ => turn.say("other orders need distances and retained sizes; they are not there yet"),
    }
}

pub(super) fn reverse(turn: &mut Turn<'_>) {
    let Some((columns, now)) = columns(turn) else { return };
    if let Some(spec) = columns.iter().find(|spec| spec.field == now.field) {
        apply(turn, spec, Sort { ascending: !now.ascending, ..now });
    }
}

/// Sorts by a column; by the same column the other way round.
pub(super) fn by_column(turn: &mut Turn<'_>, wanted: &'static Spec) {
    let Some((columns, now)) = columns(turn) else { return };
    if now.field == wanted.field {
        reverse(turn);
    } else if columns.contains(&wanted) {
        apply(turn, wanted, wanted.sort());
    } else {
        turn.say("this order needs numbers that are not there yet");
    }
}

fn apply(turn: &mut Turn<'_>, spec: &Spec, sort: Sort) {
    let Some(id) = turn.explorer().map(|explorer| explorer.focused()) else { return };
    let order = format!("sorted by {}, {} first", spec.word(), if sort.ascending { "smallest" } else { "largest" });
    let pane = turn.explorer().and_then(|explorer| explorer.pane(id));
    let is_late = pane.is_some_and(|pane| {
        let table = pane.tree.table();
        table.comes_late(spec) && !table.is_settled(spec)
    });
    turn.say(if is_late { format!("{order}, once every row is counted") } else { order });
    if let (PaneId::Main(view), Some(explorer)) = (id, turn.explorer_mut()) {
        explorer.orders.insert(view, sort);
        explorer.first_orders.remove(&view);
    }
    work::change(turn, id, Work::Sort(sort));
}
