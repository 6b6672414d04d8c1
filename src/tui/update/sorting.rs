//! Other orders for the rows of a pane; the cursor stays on its row.

use super::work;
use crate::tui::state::{Explorer, Job, State, Work};
use crate::view::column::{Column, Sort};
use crate::view::source::Kind;

pub fn next_column(state: &mut State) {
    let job = state.job();
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.focused_pane() else { return };
    let (kind, now) = (pane.tree.kind(), pane.tree.sort().column);
    let columns = kind.columns();
    let start = columns.iter().position(|&column| column == now).unwrap_or(0);
    let others = columns.iter().copied().cycle().skip(start + 1).take(columns.len());
    let next = others.into_iter().find(|&column| can_sort(explorer, job, kind, column));
    match next {
        Some(column) if column != now => apply(state, Sort::by(column)),
        _ => state.say("other orders need distances and retained sizes; they are not there yet"),
    }
}

pub fn reverse(state: &mut State) {
    let Some(pane) = state.explorer().and_then(|explorer| explorer.focused_pane()) else { return };
    let sort = pane.tree.sort();
    apply(state, Sort { ascending: !sort.ascending, ..sort });
}

/// Rows are sorted as they are looked at, so the numbers of an order must not change meanwhile: while the job runs,
/// only those count that are published already.
fn can_sort(explorer: &Explorer, job: Job, kind: Kind, column: Column) -> bool {
    let is_table = matches!(kind, Kind::Comparison | Kind::Strings | Kind::Allocation);
    if explorer.complete || is_table || (kind != Kind::Summary && explorer.heap.is_complete()) {
        return true;
    }
    match column {
        Column::Shallow => true,
        Column::Distance => explorer.heap.has_distances() && (kind == Kind::Retainers || job != Job::Running),
        Column::Name | Column::Count => job != Job::Running,
        _ => false,
    }
}

/// Sorts by a column; by the same column the other way round.
pub fn by_column(state: &mut State, column: Column) {
    let job = state.job();
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.focused_pane() else { return };
    let (kind, now) = (pane.tree.kind(), pane.tree.sort());
    if now.column == column {
        reverse(state);
    } else if can_sort(explorer, job, kind, column) {
        apply(state, Sort::by(column));
    } else {
        state.say("this order needs numbers that are not there yet");
    }
}

fn apply(state: &mut State, sort: Sort) {
    let Some(id) = state.explorer().map(|explorer| explorer.focused()) else { return };
    let name = match sort.column {
        Column::Name => "name".into(),
        column => column.spec().title.trim_start_matches("# ").to_lowercase(),
    };
    state.say(format!("sorted by {name}, {} first", if sort.ascending { "smallest" } else { "largest" }));
    work::change(state, id, Work::Sort(sort));
}
