//! Other orders for the rows of a pane; the cursor stays on its row.

use crate::tui::state::{Explorer, Focus, Job, State, View};
use crate::view::order::{Column, Sort};
use crate::view::tree::Kind;

pub fn next_column(state: &mut State) {
    let job = state.job;
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.focused_pane() else { return };
    let (kind, now) = (pane.tree.kind(), pane.tree.sort().column);
    let start = Column::ALL.iter().position(|&column| column == now).unwrap_or(0);
    let next = Column::ALL
        .into_iter()
        .cycle()
        .skip(start + 1)
        .take(Column::ALL.len())
        .filter(|&column| column != Column::Count || matches!(kind, Kind::Summary | Kind::DominatorsByClass))
        .find(|&column| can_sort(explorer, job, kind, column));
    match next {
        Some(column) if column != now => apply(state, Sort { column, ascending: column.starts_ascending() }),
        _ => state.say("other orders need distances and retained sizes; they are not there yet"),
    }
}

pub fn reverse(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.focused_pane() else { return };
    let sort = pane.tree.sort();
    apply(state, Sort { ascending: !sort.ascending, ..sort });
}

/// Rows are sorted as they are looked at, so the numbers of an order must not change meanwhile: while the job runs,
/// only those count that are published already.
fn can_sort(explorer: &Explorer, job: Job, kind: Kind, column: Column) -> bool {
    if explorer.complete || (kind != Kind::Summary && explorer.heap.is_complete()) {
        return true;
    }
    match column {
        Column::Shallow => true,
        Column::Distance => explorer.heap.has_distances() && (kind == Kind::Retainers || job != Job::Running),
        Column::Name | Column::Count => job != Job::Running,
        Column::Retained => false,
    }
}

/// Sorts by a column; by the same column the other way round.
pub fn by_column(state: &mut State, column: Column) {
    let job = state.job;
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(pane) = explorer.focused_pane() else { return };
    let (kind, now) = (pane.tree.kind(), pane.tree.sort());
    if now.column == column {
        reverse(state);
    } else if can_sort(explorer, job, kind, column) {
        apply(state, Sort { column, ascending: column.starts_ascending() });
    } else {
        state.say("this order needs numbers that are not there yet");
    }
}

fn apply(state: &mut State, sort: Sort) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    if explorer.focus == Focus::Main && explorer.view == View::Summary {
        explorer.summary.rebuild(&heap, sort);
        explorer.summary.pane.touched = true;
    } else if let Some(pane) = explorer.focused_pane_mut() {
        let roots = pane.roots(&heap, sort);
        pane.set_rows(&heap, sort, roots);
        pane.touched = true;
    }
    let name = match sort.column {
        Column::Name => "name",
        Column::Count => "count",
        Column::Distance => "distance",
        Column::Shallow => "shallow size",
        Column::Retained => "retained size",
    };
    state.say(format!("sorted by {name}, {} first", if sort.ascending { "smallest" } else { "largest" }));
}
