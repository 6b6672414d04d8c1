//! What the background job tells: the heap is there, more is there, it has failed.

use std::sync::Arc;

use super::turn::Turn;
use super::{failure, filter, follow, given, leads, queue, remember, scopes, search, show, sums, work};
use crate::analysis::aggregates::Aggregate;
use crate::error::Error;
use crate::heap::{Event, Heap};
use crate::tui::state::Stage;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::state::timeline::Timeline;
use crate::tui::view::View;
use crate::view::spec::Sort;
use crate::view::text::sanitize;

pub(super) fn on_event(turn: &mut Turn<'_>, index: usize, event: Event) {
    match event {
        Event::Ready(heap) => {
            turn.snapshots[index].heap = Some(heap.clone());
            if index == turn.shown {
                // Whoever was asked whether to stop has not: now something is ready.
                if std::mem::take(&mut turn.may_stop) {
                    turn.notice = None;
                }
                turn.stage = Stage::Loading(Some(heap));
                sums::aggregate(turn);
            }
        }
        Event::Progress if index == turn.shown => {
            if let Some(explorer) = turn.explorer_mut() {
                if !explorer.has_retainers() {
                    explorer.cursor.retainers_stale = true;
                }
                show::ensure(turn);
                follow::rested(turn);
            }
            search::go_on(turn);
            sums::aggregate(turn);
        }
        Event::Progress => {}
        Event::Complete => {
            turn.loading = None;
            turn.snapshots[index].load = Load::Complete;
            if index == turn.shown {
                sums::find_timeline(turn);
                search::go_on(turn);
                tell_late_warning(turn);
                remember::on_complete(turn);
            }
            given::on_loaded(turn, index);
            leads::look(turn);
            queue::next_load(turn);
            show::ensure(turn);
        }
        Event::Failed(error) => {
            turn.loading = None;
            turn.snapshots[index].load = Load::Stopped;
            failed(turn, index, &error);
            leads::look(turn);
            queue::next_load(turn);
            show::ensure(turn);
        }
    }
}

fn failed(turn: &mut Turn<'_>, index: usize, error: &Error) {
    let is_cancelled = matches!(error, Error::Cancelled);
    let is_shown = index == turn.shown;
    let snapshot = &mut turn.snapshots[index];
    let (title, has_heap) = (snapshot.title.clone(), snapshot.heap.is_some());
    let failure = failure::of(error, snapshot);
    if !has_heap {
        snapshot.problem = Some(failure.clone());
    }
    if !is_shown {
        let text = format!("{title} was not loaded: {error}");
        turn.warn(if is_cancelled { format!("stopped loading {title}") } else { sanitize(&text).into_owned() });
    } else if has_heap {
        match error {
            Error::Cancelled => turn.warn("stopped: what was not computed yet stays “…”"),
            error => turn.warn(sanitize(&format!("stopped: {error}")).into_owned()),
        }
    } else {
        turn.stage = Stage::Failed(failure);
    }
}

pub(super) fn on_classes(turn: &mut Turn<'_>, heap: &Arc<Heap>, classes: Vec<Aggregate>) {
    // Another snapshot may have been chosen meanwhile.
    let is_shown = turn.shown_heap().is_some_and(|shown| Arc::ptr_eq(&shown, heap));
    match &turn.stage {
        Stage::Loading(Some(_)) if is_shown => begin(turn, heap.clone(), classes),
        Stage::Exploring(_) if is_shown => refresh(turn, classes),
        _ => {}
    }
    if turn.classes_stale || !is_shown && matches!(turn.stage, Stage::Loading(Some(_))) {
        sums::aggregate(turn);
    }
}

/// Without its first rows there is nothing to show; later the rows that are there stay.
pub(super) fn on_no_classes(turn: &mut Turn<'_>, error: &Error) {
    if matches!(turn.stage, Stage::Loading(_)) {
        turn.stage = Stage::Failed(failure::of(error, turn.snapshot()));
        return;
    }
    turn.warn(sanitize(&error.to_string()).into_owned());
    if turn.classes_stale {
        sums::aggregate(turn);
    }
}

pub(super) fn on_timeline(turn: &mut Turn<'_>, heap: &Arc<Heap>, timeline: Option<Timeline>) {
    if let Some(explorer) = turn.explorer_mut().filter(|explorer| Arc::ptr_eq(&explorer.heap, heap)) {
        explorer.timeline = timeline;
        show::ensure(turn);
    }
}

/// The first screen of a heap.
fn begin(turn: &mut Turn<'_>, heap: Arc<Heap>, classes: Vec<Aggregate>) {
    let mut explorer = Explorer::new(heap, classes);
    explorer.base = turn.shown.checked_sub(1);
    explorer.view = turn.opens_with.take().unwrap_or(explorer.view);
    let warning = explorer.heap.warnings().next().map(|text| sanitize(text).into_owned());
    turn.stage = Stage::Exploring(Box::new(explorer));
    if let Some(warning) = warning {
        turn.warn(warning);
    }
    remember::take(turn);
    filter::set_early(turn);
    // The job may have ended before there was anybody to tell.
    if turn.load() == Load::Complete {
        sums::find_timeline(turn);
    }
    if leads::look(turn) {
        show::ensure(turn);
    }
    queue::next_load(turn);
}

/// Tells what is odd about the file when that was found after its first screen, unless something else is said.
fn tell_late_warning(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer().filter(|_| turn.notice.is_none()) else { return };
    let heap = &explorer.heap;
    let late = heap.warnings().nth(heap.columns().warnings.len()).map(|text| sanitize(text).into_owned());
    if let Some(warning) = late {
        turn.warn(warning);
    }
}

/// Takes better numbers. Sorts by retained size what nobody has touched; says so where the rows on the screen stay in
/// their old order because somebody has.
fn refresh(turn: &mut Turn<'_>, classes: Vec<Aggregate>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let arrived = explorer.take_classes(classes);
    // Who reads the Retainers of a row wants that row to stay as well.
    let focus = explorer.focus;
    let sorts_anew = |pane: &TreePane| arrived && focus == Focus::Main && !pane.touched;
    let is_untouched = |view| explorer.pane(PaneId::Main(view)).is_some_and(sorts_anew);
    let untouched: Vec<View> =
        [View::SUMMARY, View::CONTAINMENT, View::SEARCH].into_iter().filter(|&view| is_untouched(view)).collect();
    let sort = untouched.contains(&View::SUMMARY).then_some(Sort::BY_RETAINED);
    let keeps_order = explorer.main_pane().is_some_and(|pane| pane.tree.sort() == Sort::BY_SHALLOW)
        && !untouched.contains(&explorer.view);
    match explorer.scope().cloned() {
        Some(scoped) => scopes::refresh(turn, scoped.scope, scoped.title),
        None => show::fill_scope(turn, sort, true),
    }
    for view in [View::CONTAINMENT, View::SEARCH].into_iter().filter(|view| untouched.contains(view)) {
        work::change(turn, PaneId::Main(view), Work::Sort(Sort::BY_RETAINED));
    }
    // What nobody has touched begins at its first row again.
    for view in untouched {
        work::change(turn, PaneId::Main(view), Work::Begin);
    }
    show::ensure(turn);
    follow::rested(turn);
    if arrived && keeps_order {
        turn.say("retained sizes are there: s sorts by them");
    }
}
