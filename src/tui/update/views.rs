//! The views: what each needs, and how it comes to be shown.

use std::sync::Arc;

use super::{jump, scopes, work};
use crate::heap::Heap;
use crate::tui::message::{Basis, Make};
use crate::tui::overlays::{Choice, Item, Overlay, Picker};
use crate::tui::state::{Explorer, Focus, Job, PaneId, Stage, State, View};
use crate::view::label;
use crate::view::source::{Content, Kind};
use crate::view::text;

/// Shows a view.
pub fn show(state: &mut State, view: View) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.view != view {
        jump::leave(explorer);
    }
    explorer.view = view;
    explorer.focus = Focus::Main;
    // Whoever comes again wants it tried again.
    explorer.missing.remove(&view);
    ensure(state);
}

/// Makes what the view shows that is on the screen, as soon as what it needs is there.
pub fn ensure(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let view = explorer.view;
    let heap = explorer.heap.clone();
    let is_there = explorer.pane(PaneId::Main(view)).is_some() || explorer.missing.contains_key(&view);
    let is_asked = state.background.as_ref().is_some_and(|background| background.makes == Some(view));
    if is_there || is_asked {
        return;
    }
    let kind = explorer.kind(view);
    let (of, sort) = match view {
        View::Containment => (Basis::Tree(explorer.tree_source(view)), explorer.first_sort()),
        View::Dominators if heap.has_retained_sizes() => {
            (Basis::Tree(explorer.tree_source(view)), explorer.first_sort())
        }
        View::Strings if heap.is_complete() => (Basis::Strings(heap), kind.default_sort()),
        View::Allocation if kind == Kind::Allocation => (Basis::Allocation(heap), kind.default_sort()),
        View::Allocation if explorer.timeline.is_some() => {
            (Basis::Tree(explorer.summary.source(&heap)), explorer.summary.pane.tree.sort())
        }
        View::Comparison => match base_heap(state, explorer) {
            Some(base) => (Basis::Comparison { base, current: heap }, kind.default_sort()),
            None => return,
        },
        _ => return,
    };
    work::make(state, Make { view, of, root: None, sort, then: None });
}

/// The heap that the Comparison compares with, once it is loaded.
fn base_heap(state: &State, explorer: &Explorer) -> Option<Arc<Heap>> {
    let base = &state.snapshots[explorer.base?];
    base.heap.clone().filter(|_| base.job != Job::Running)
}

/// Why a view has no rows.
pub fn why_empty(state: &State, explorer: &Explorer) -> String {
    if state.background.as_ref().is_some_and(|background| background.makes == Some(explorer.view)) {
        return "just a moment…".into();
    }
    let stopped = state.job() == Job::Stopped;
    let pane = explorer.main_pane();
    let filtered = pane.is_some_and(|pane| !pane.filter.is_empty());
    if let Some(reason) = explorer.missing.get(&explorer.view) {
        return reason.clone();
    }
    match explorer.view {
        _ if filtered => "nothing matches; Esc clears the filter".into(),
        View::Summary if explorer.summary.scope.is_some() => "no object is in this scope; Esc shows all".into(),
        View::Summary => "no object has a size".into(),
        View::Containment => "no references".into(),
        View::Dominators if pane.is_some() => "dominates nothing".into(),
        View::Dominators if stopped => "dominators were not computed: loading was stopped".into(),
        View::Dominators => "dominators are not there yet…".into(),
        View::Statistics => String::new(),
        View::Strings if pane.is_some() => "no text is there twice".into(),
        View::Strings if stopped => "strings need retained sizes; loading was stopped".into(),
        View::Strings => "strings follow the retained sizes…".into(),
        View::Allocation if pane.is_some() => "nothing was allocated".into(),
        View::Allocation if !explorer.heap.columns().samples.timestamps_us.is_empty() && !explorer.complete => {
            "the timeline follows the retained sizes…".into()
        }
        View::Allocation => "this snapshot does not say what was allocated when, or by whom: DevTools' “Allocation \
                             instrumentation on timeline” writes one that does (with stacks, if chosen)"
            .into(),
        View::Comparison if pane.is_some() => "nothing has changed between the two".into(),
        View::Comparison => no_comparison(state, explorer),
    }
}

fn no_comparison(state: &State, explorer: &Explorer) -> String {
    match explorer.base.map(|base| &state.snapshots[base]) {
        None if state.snapshots.len() == 1 => {
            "comparing takes two snapshots of one process: heapwalk before.heapsnapshot after.heapsnapshot".into()
        }
        None => "nothing was given before this snapshot; w chooses what is shown and what it is compared with".into(),
        Some(base) => match (&base.problem, base.job) {
            (Some(problem), _) => format!("{}: {}", problem.place, text::sanitize(&problem.what)),
            (None, Job::Waiting) => format!("{} is loaded after this snapshot…", base.title),
            (None, _) => format!("{} is being loaded…", base.title),
        },
    }
}

/// Says what makes a Comparison less than it could be.
pub fn told_by_comparison(state: &mut State) {
    let pane = state.explorer().and_then(|explorer| explorer.comparison.as_ref());
    let warning = pane.and_then(|pane| match &pane.tree.source().content {
        Content::Comparison(comparison) => label::ids_do_not_last(comparison),
        _ => None,
    });
    if let Some(warning) = warning {
        state.warn(warning);
    }
}

/// Rows by class and back: objects of one dominator, allocations.
pub fn group_by_class(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    match explorer.view {
        View::Dominators => {
            let Some(pane) = explorer.dominators.as_ref() else {
                return state.say("dominators are not there yet");
            };
            let (root, sort) = (pane.root, pane.tree.sort());
            jump::leave(explorer);
            explorer.by_class = !explorer.by_class;
            let (by_class, first) = (explorer.by_class, explorer.first_sort());
            let (source, kind) = (explorer.tree_source(View::Dominators), explorer.kind(View::Dominators));
            let sort = if kind.columns().contains(&sort.column) { sort } else { first };
            let of = Basis::Tree(source);
            work::make(state, Make { view: View::Dominators, of, root, sort, then: None });
            state.say(if by_class { "one row a class; t shows single objects" } else { "single objects again" });
        }
        _ if explorer.has_functions() && explorer.timeline.is_some() => {
            explorer.allocation_by_class = !explorer.allocation_by_class;
            let by_class = explorer.allocation_by_class;
            remake(state, View::Allocation);
            state.say(if by_class { "what is still there, by class; t: by function" } else { "by function again" });
        }
        _ => state.say("this snapshot has only one of the two: functions or a timeline"),
    }
}

/// Makes the tree of a view that is to show something else anew.
fn remake(state: &mut State, view: View) {
    work::cancel_make(state, view);
    work::forget_changes(state, PaneId::Main(view));
    if let Some(explorer) = state.explorer_mut() {
        explorer.set_pane(view, None);
        explorer.missing.remove(&view);
    }
    ensure(state);
}

// ---- timeline ----

/// What to do with the chosen part of the timeline.
#[derive(Debug, Clone, Copy)]
pub enum Range {
    Earlier,
    Later,
    Shorter,
    Longer,
}

/// Chooses another part of the timeline; only what was allocated in it counts from then on.
pub fn choose_range(state: &mut State, range: Range) {
    let step = timeline_step(state);
    let Some(timeline) = state.explorer_mut().and_then(|explorer| explorer.timeline.as_mut()) else { return };
    match range {
        Range::Earlier => timeline.shift(false, step),
        Range::Later => timeline.shift(true, step),
        Range::Shorter => timeline.stretch(false, step),
        Range::Longer => timeline.stretch(true, step),
    }
    range_chosen(state);
}

/// The intervals behind one bar of the picture.
fn timeline_step(state: &State) -> usize {
    let columns = crate::tui::layout::chart_columns(state);
    let timeline = state.explorer().and_then(|explorer| explorer.timeline.as_ref());
    timeline.and_then(|timeline| timeline.bars(columns).first().map(|bar| bar.len())).unwrap_or(1)
}

/// Only what was allocated in the chosen part counts.
pub fn range_chosen(state: &mut State) {
    let Some(timeline) = state.explorer().and_then(|explorer| explorer.timeline.as_ref()) else { return };
    let (start, end) = timeline.seconds();
    if let Some(scope) = timeline.scope() {
        // The first interval of V8 ends when the recording begins.
        let title = match end <= 0.0 {
            true => "Objects allocated before the recording".to_owned(),
            false => format!("Objects allocated between {} and {}", text::seconds(start), text::seconds(end)),
        };
        scopes::limit(state, scope, title);
    }
}

// ---- snapshots ----

/// Shows the snapshots to choose which is shown and which it is compared with.
pub fn show_snapshots(state: &mut State) {
    if state.snapshots.len() == 1 {
        return state.say("one snapshot was given; heapwalk A B shows B compared with A");
    }
    let base = state.explorer().and_then(|explorer| explorer.base);
    let numbers = "123456789".chars();
    let letters = "abcdefghi".chars();
    let mut items = Vec::new();
    let mut add = |key: Option<char>, what: &str, index: usize, mark: &str, choice| {
        let snapshot = &state.snapshots[index];
        let size =
            snapshot.heap.as_ref().map_or("not loaded yet".into(), |heap| text::bytes(heap.columns().file_bytes));
        let note = if mark.is_empty() { size } else { format!("{size} · {mark}") };
        let key = key.map_or_else(String::new, String::from);
        items.push(Item { key, text: format!("{what} {}", snapshot.title), note, choice });
    };
    for (index, key) in (0..state.snapshots.len()).zip(numbers.map(Some).chain(std::iter::repeat(None))) {
        add(key, "show", index, if index == state.shown { "shown" } else { "" }, Choice::Snapshot(index));
    }
    for (index, key) in (0..state.snapshots.len()).zip(letters.map(Some).chain(std::iter::repeat(None))) {
        if index != state.shown {
            let mark = if Some(index) == base { "compared with now" } else { "" };
            add(key, "compare with", index, mark, Choice::Base(index));
        }
    }
    let shown = state.shown;
    state.overlays.push(Overlay::Picker(Picker::new("Snapshots, oldest first", items, shown)));
}

/// Shows another of the snapshots; what was shown of this one is kept.
pub fn show_snapshot(state: &mut State, index: usize) {
    if index == state.shown {
        return;
    }
    work::cancel_all(state);
    let heap = state.snapshots[index].heap.clone();
    let next = match (state.snapshots[index].parked.take(), heap) {
        (Some(explorer), _) => Stage::Exploring(explorer),
        (None, heap) => match state.snapshots[index].problem.clone().filter(|_| heap.is_none()) {
            Some(problem) => Stage::Failed(problem),
            None => Stage::Loading(heap),
        },
    };
    if let Stage::Exploring(explorer) = std::mem::replace(&mut state.stage, next) {
        state.snapshots[state.shown].parked = Some(explorer);
    }
    state.shown = index;
    catch_up(state);
    super::loading::next_load(state);
    let title = state.snapshot().title.clone();
    state.say(format!("{title}; w chooses another"));
}

/// What has arrived for a snapshot while another one was shown.
fn catch_up(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else {
        return super::loading::aggregate(state);
    };
    let (complete, counted) = (explorer.complete, explorer.statistics.is_some());
    explorer.retainers_stale = explorer.retainers.is_none();
    // Rows that were to be filtered when the other one was chosen.
    let filtered = explorer.main_pane().is_some_and(|pane| !pane.filter.is_empty());
    if !complete {
        super::loading::aggregate(state);
    }
    if !counted && state.job() == Job::Complete {
        super::loading::count(state);
    }
    if filtered {
        super::find::refilter(state);
    }
    ensure(state);
    super::follow::rested(state);
}

/// Compares with another of the snapshots.
pub fn compare_with(state: &mut State, index: usize) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.base != Some(index) {
        explorer.base = Some(index);
        // Rows of another comparison mean other classes and objects.
        explorer.history.forget(View::Comparison);
        explorer.marks.retain(|_, (place, _)| place.view != View::Comparison);
        remake(state, View::Comparison);
    }
    super::loading::next_load(state);
    show(state, View::Comparison);
}
