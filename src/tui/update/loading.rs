//! What the background job tells: the heap is there, more is there, it has failed. Which snapshot is loaded next.

use std::sync::Arc;

use super::{follow, scopes, views, work};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::statistics::Statistics;
use crate::error::Error;
use crate::heap::{Event, Heap};
use crate::tui::message::Effect;
use crate::tui::state::{
    Aggregating, Explorer, Focus, Job, PaneId, Report, Stage, State, Timeline, TreePane, View, Work, are_final,
};
use crate::view::column::Sort;
use crate::view::text::sanitize;

/// Begins to load what is wanted next, unless something is loaded now: the snapshot that is shown, then the one it is
/// compared with.
pub fn next_load(state: &mut State) {
    if state.loading.is_some() {
        return;
    }
    let is_done = matches!(state.job(), Job::Complete | Job::Stopped);
    let base = state.explorer().and_then(|explorer| explorer.base).filter(|_| is_done);
    let wanted = [Some(state.shown), base].into_iter().flatten();
    let next = wanted.into_iter().find(|&index| state.snapshots[index].job == Job::Waiting);
    if let Some(index) = next {
        state.loading = Some(index);
        state.snapshots[index].job = Job::Running;
        state.progress = Default::default();
        state.effects.push(Effect::Load(index));
    }
}

pub fn on_event(state: &mut State, index: usize, event: Event) {
    match event {
        Event::Ready(heap) => {
            state.snapshots[index].heap = Some(heap.clone());
            if index == state.shown {
                state.stage = Stage::Loading(Some(heap));
                aggregate(state);
            }
        }
        Event::Progress if index == state.shown => {
            if let Some(explorer) = state.explorer_mut() {
                if explorer.retainers.is_none() {
                    explorer.retainers_stale = true;
                }
                views::ensure(state);
                follow::rested(state);
            }
            aggregate(state);
        }
        Event::Progress => {}
        Event::Complete => {
            state.loading = None;
            state.snapshots[index].job = Job::Complete;
            if index == state.shown {
                count(state);
            }
            next_load(state);
            views::ensure(state);
        }
        Event::Failed(error) => {
            state.loading = None;
            state.snapshots[index].job = Job::Stopped;
            failed(state, index, &error);
            next_load(state);
            views::ensure(state);
        }
    }
}

/// The heap that is shown, or will be once its classes are added up.
fn shown_heap(state: &State) -> Option<Arc<Heap>> {
    match &state.stage {
        Stage::Loading(heap) => heap.clone(),
        Stage::Exploring(explorer) => Some(explorer.heap.clone()),
        Stage::Failed(_) => None,
    }
}

/// Asks for the rows of the Summary as the heap is now.
pub fn aggregate(state: &mut State) {
    let Some(heap) = shown_heap(state) else { return };
    match state.aggregating {
        Aggregating::Idle => {
            state.aggregating = Aggregating::Running;
            state.effects.push(Effect::Aggregate(heap));
        }
        Aggregating::Running | Aggregating::RunningAndStale => state.aggregating = Aggregating::RunningAndStale,
    }
}

pub fn count(state: &mut State) {
    if let Some(heap) = shown_heap(state) {
        state.effects.push(Effect::Count(heap));
    }
}

fn failed(state: &mut State, index: usize, error: &Error) {
    let is_cancelled = matches!(error, Error::Cancelled);
    let snapshot = &mut state.snapshots[index];
    let title = snapshot.title.clone();
    if snapshot.heap.is_none() {
        snapshot.problem = Some(Report::new(error, &title));
    }
    if index != state.shown {
        let text = format!("{title} was not loaded: {error}");
        state.warn(if is_cancelled { format!("stopped loading {title}") } else { sanitize(&text).into_owned() });
    } else if snapshot.heap.is_some() {
        match error {
            Error::Cancelled => state.warn("stopped: what was not computed yet stays “…”"),
            error => state.warn(sanitize(&format!("stopped: {error}")).into_owned()),
        }
    } else {
        state.stage = Stage::Failed(Report::new(error, &title));
    }
}

pub fn on_aggregated(state: &mut State, heap: &Arc<Heap>, classes: Vec<Aggregate>) {
    let stale = state.aggregating == Aggregating::RunningAndStale;
    state.aggregating = Aggregating::Idle;
    // Another snapshot may have been chosen meanwhile.
    let is_shown = shown_heap(state).is_some_and(|shown| Arc::ptr_eq(&shown, heap));
    match &mut state.stage {
        Stage::Loading(Some(_)) if is_shown => begin(state, heap.clone(), classes),
        Stage::Exploring(_) if is_shown => refresh(state, classes),
        _ => {}
    }
    if stale || !is_shown && matches!(state.stage, Stage::Loading(Some(_))) {
        aggregate(state);
    }
}

/// The numbers of the Statistics view are there.
pub fn on_counted(state: &mut State, heap: &Arc<Heap>, statistics: Statistics, timeline: Option<Timeline>) {
    if let Some(explorer) = state.explorer_mut().filter(|explorer| Arc::ptr_eq(&explorer.heap, heap)) {
        explorer.statistics = Some(statistics);
        explorer.timeline = timeline;
        views::ensure(state);
    }
}

/// The first screen of a heap.
fn begin(state: &mut State, heap: Arc<Heap>, classes: Vec<Aggregate>) {
    let mut explorer = Explorer::new(heap, classes);
    explorer.base = state.shown.checked_sub(1);
    explorer.follow_cursor();
    let warnings = &explorer.heap.columns().warnings;
    let warning = warnings.first().map(|text| sanitize(text).into_owned());
    state.stage = Stage::Exploring(Box::new(explorer));
    if let Some(warning) = warning {
        state.warn(warning);
    }
    // The job may have ended before there was anybody to tell.
    if state.job() == Job::Complete {
        count(state);
    }
    next_load(state);
}

/// Without its first rows there is nothing to show; later the rows that are there stay.
pub fn on_not_aggregated(state: &mut State, heap: &Arc<Heap>, problem: String) {
    let stale = state.aggregating == Aggregating::RunningAndStale;
    state.aggregating = Aggregating::Idle;
    let is_shown = shown_heap(state).is_some_and(|shown| Arc::ptr_eq(&shown, heap));
    if is_shown && matches!(state.stage, Stage::Loading(_)) {
        state.stage = Stage::Failed(Report::new(&Error::Usage(problem), &state.snapshot().title));
        return;
    }
    state.warn(sanitize(&problem).into_owned());
    if stale || !is_shown {
        aggregate(state);
    }
}

/// Takes better numbers. Sorts by retained size what nobody has touched; says so where the rows on the screen stay in
/// their old order because somebody has.
fn refresh(state: &mut State, classes: Vec<Aggregate>) {
    let Some(explorer) = state.explorer_mut() else { return };
    let was_complete = explorer.complete;
    explorer.complete = are_final(&explorer.heap, &classes);
    let arrived = explorer.complete && !was_complete;
    // Who reads the Retainers of a row wants that row to stay as well.
    let focus = explorer.focus;
    let sorts_anew = |pane: &TreePane| arrived && focus == Focus::Main && !pane.touched;
    explorer.summary.all = classes.into();
    let summary_anew = sorts_anew(&explorer.summary.pane);
    let containment_anew = explorer.containment.as_ref().is_some_and(sorts_anew);
    let sort = summary_anew.then_some(Sort::BY_RETAINED);
    match explorer.summary.scope.clone() {
        Some(scoped) => scopes::limit(state, scoped.scope, scoped.title),
        None => scopes::fill(state, sort, true),
    }
    if containment_anew {
        work::change(state, PaneId::Main(View::Containment), Work::Sort(Sort::BY_RETAINED));
    }
    views::ensure(state);
    let Some(explorer) = state.explorer_mut() else { return };
    for (pane, anew) in
        [(Some(&mut explorer.summary.pane), summary_anew), (explorer.containment.as_mut(), containment_anew)]
    {
        if let Some(pane) = pane.filter(|_| anew) {
            pane.cursor = 0;
            pane.touched = false;
        }
    }
    explorer.follow_cursor();
    let keeps_order = explorer.main_pane().is_some_and(|pane| pane.tree.sort() == Sort::BY_SHALLOW);
    follow::rested(state);
    if arrived && keeps_order {
        state.say("retained sizes are there: s sorts by them");
    }
}
