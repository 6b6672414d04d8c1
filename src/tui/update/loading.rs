//! What the background job tells: the heap is there, more is there, it has failed.

use crate::analysis::aggregates::Aggregate;
use crate::error::Error;
use crate::heap::Event;
use crate::tui::message::Effect;
use crate::tui::state::{Aggregating, Explorer, Focus, Job, Report, Stage, State, TreePane, are_final};
use crate::view::order::Sort;
use crate::view::text::sanitize;

pub fn on_event(state: &mut State, event: Event) -> Vec<Effect> {
    match event {
        Event::Ready(heap) => {
            state.stage = Stage::Loading(Some(heap));
            aggregate(state)
        }
        Event::Progress => {
            if let Some(explorer) = state.explorer_mut() {
                explorer.ensure_view();
                if explorer.retainers.is_none() {
                    explorer.retainers_stale = true;
                }
                explorer.rested();
            }
            aggregate(state)
        }
        Event::Complete => {
            state.job = Job::Complete;
            count(state)
        }
        Event::Failed(error) => {
            failed(state, &error);
            Vec::new()
        }
    }
}

/// Asks for the rows of the Summary as the heap is now.
fn aggregate(state: &mut State) -> Vec<Effect> {
    let heap = match &state.stage {
        Stage::Loading(Some(heap)) => heap.clone(),
        Stage::Exploring(explorer) => explorer.heap.clone(),
        Stage::Loading(None) | Stage::Failed(_) => return Vec::new(),
    };
    match state.work {
        Aggregating::Idle => {
            state.work = Aggregating::Running;
            vec![Effect::Aggregate(heap)]
        }
        Aggregating::Running | Aggregating::RunningAndStale => {
            state.work = Aggregating::RunningAndStale;
            Vec::new()
        }
    }
}

fn count(state: &State) -> Vec<Effect> {
    match &state.stage {
        Stage::Loading(Some(heap)) => vec![Effect::Count(heap.clone())],
        Stage::Exploring(explorer) => vec![Effect::Count(explorer.heap.clone())],
        Stage::Loading(None) | Stage::Failed(_) => Vec::new(),
    }
}

fn failed(state: &mut State, error: &Error) {
    state.job = Job::Stopped;
    if matches!(state.stage, Stage::Exploring(_) | Stage::Loading(Some(_))) {
        match error {
            Error::Cancelled => state.warn("stopped: what was not computed yet stays “…”"),
            error => state.warn(sanitize(&format!("stopped: {error}")).into_owned()),
        }
    } else {
        state.stage = Stage::Failed(Report::new(error, &state.title));
    }
}

pub fn on_aggregated(state: &mut State, classes: Vec<Aggregate>) -> Vec<Effect> {
    let stale = state.work == Aggregating::RunningAndStale;
    state.work = Aggregating::Idle;
    match &mut state.stage {
        Stage::Loading(Some(heap)) => {
            let mut explorer = Explorer::new(heap.clone(), classes);
            explorer.follow_cursor();
            let warnings = &explorer.heap.columns().warnings;
            let warning = warnings.first().map(|text| sanitize(text).into_owned());
            state.stage = Stage::Exploring(Box::new(explorer));
            match warning {
                Some(warning) => state.warn(warning),
                None if state.others > 0 => state.say("the last file is shown; comparison is not built yet"),
                None => {}
            }
        }
        Stage::Exploring(explorer) => {
            if refresh(explorer, classes) {
                state.say("retained sizes are there: s sorts by them");
            }
        }
        Stage::Loading(None) | Stage::Failed(_) => {}
    }
    if stale { aggregate(state) } else { Vec::new() }
}

/// Without its first rows there is nothing to show; later the rows that are there stay.
pub fn on_not_aggregated(state: &mut State, problem: String) -> Vec<Effect> {
    let stale = state.work == Aggregating::RunningAndStale;
    state.work = Aggregating::Idle;
    if matches!(state.stage, Stage::Loading(_)) {
        state.stage = Stage::Failed(Report::new(&Error::Usage(problem), &state.title));
        return Vec::new();
    }
    state.warn(sanitize(&problem).into_owned());
    if stale { aggregate(state) } else { Vec::new() }
}

/// Takes better numbers. Sorts by retained size what nobody has touched; true if the rows on the screen stay in their
/// old order because somebody has.
fn refresh(explorer: &mut Explorer, classes: Vec<Aggregate>) -> bool {
    let heap = explorer.heap.clone();
    let was_complete = explorer.complete;
    explorer.complete = are_final(&heap, &classes);
    let arrived = explorer.complete && !was_complete;
    // Who reads the Retainers of a row wants that row to stay as well.
    let sorts_anew = |pane: &TreePane, focus| arrived && focus == Focus::Main && !pane.touched;
    let summary = &mut explorer.summary;
    summary.all = classes;
    if sorts_anew(&summary.pane, explorer.focus) {
        summary.rebuild(&heap, Sort::BY_RETAINED);
        summary.pane.cursor = 0;
    } else {
        let sort = summary.pane.tree.sort();
        summary.rebuild(&heap, sort);
    }
    if let Some(pane) = explorer.containment.as_mut().filter(|pane| sorts_anew(pane, explorer.focus)) {
        let roots = pane.roots(&heap, Sort::BY_RETAINED);
        pane.set_rows(&heap, Sort::BY_RETAINED, roots);
        pane.cursor = 0;
    }
    explorer.ensure_view();
    explorer.follow_cursor();
    explorer.rested();
    arrived && explorer.main_pane().is_some_and(|pane| pane.tree.sort() != Sort::BY_RETAINED)
}
