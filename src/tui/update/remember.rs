//! What is remembered of the snapshot that is shown: taken when it opens, kept a moment after it has changed.

use super::turn::Turn;
use super::{ignoring, work};
use crate::analysis::merged::Without;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::error::Error;
use crate::heap::Heap;
use crate::remembered::{self, Ignored, Order, Place, Remembered};
use crate::tui::message::{Outcome, Task};
use crate::tui::state::State;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::state::history::{self, Mark};
use crate::tui::state::ignoring::{Thing, What};
use crate::tui::state::jobs::Slot;
use crate::tui::view::View;
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::text::sanitize;

/// Rows are known by numbers, which another source may give to others.
const ROWS: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("HEAPWALK_INDEX_VERSION"));
/// Of what stands for more objects or references than these together it is not remembered that it is ignored.
const MOST_IGNORED: usize = 10_000;

pub(super) fn on_recalled(turn: &mut Turn<'_>, index: usize, found: Option<(Place, Remembered)>) {
    let Some((place, remembered)) = found else { return };
    let snapshot = &mut turn.snapshots[index];
    snapshot.place = Some(place);
    snapshot.kept = remembered.clone();
    snapshot.recalled = Some(remembered);
    take(turn);
}

/// Takes what is remembered of the snapshot that is shown, once that and its first screen are there.
pub(super) fn take(turn: &mut Turn<'_>) {
    let shown = turn.shown;
    if turn.explorer().is_none() {
        return;
    }
    let Some(remembered) = turn.snapshots[shown].recalled.take() else { return };
    let is_alone = turn.snapshots.len() == 1;
    let Some(explorer) = turn.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    explorer.notes = remembered.notes;
    let known = |mark: (char, remembered::Mark)| Some((mark.0, known_mark(&heap, mark.1)?));
    explorer.marks = remembered.marks.into_iter().filter_map(known).collect();
    explorer.first_orders = remembered.orders.iter().filter_map(|(view, order)| known_order(view, order)).collect();
    explorer.orders = explorer.first_orders.clone();
    explorer.ignoring.things = remembered.ignored.into_iter().filter_map(|thing| known_thing(&heap, thing)).collect();
    let (marks, notes, ignored) = (explorer.marks.len(), explorer.notes.len(), explorer.ignoring.things.len());
    // Who has gone somewhere already stays there.
    let is_untouched = explorer.view == View::SUMMARY && explorer.main_pane().is_none_or(|pane| !pane.touched);
    let view = remembered.view.as_deref().and_then(View::called).filter(|view| is_untouched && shows(*view, is_alone));
    if let Some(view) = view {
        explorer.view = view;
    }
    sort_summary(turn, false);
    on_complete(turn);
    let mut parts: Vec<String> = view.map(|view| view.name().to_owned()).into_iter().collect();
    for (count, one, many) in [(marks, "mark", "marks"), (notes, "note", "notes"), (ignored, "ignored", "ignored")] {
        parts.extend((count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many })));
    }
    if !parts.is_empty() && turn.notice.is_none() {
        turn.say(format!("as it was left: {}; `heapwalk forget` begins anew", parts.join(", ")));
    }
}

/// Everything is there: what needs it is done.
pub(super) fn on_complete(turn: &mut Turn<'_>) {
    if !turn.explorer().is_some_and(|explorer| explorer.heap.is_complete()) {
        return;
    }
    sort_summary(turn, true);
    let waits = |explorer: &Explorer| explorer.ignoring.now.is_none() && !explorer.ignoring.things.is_empty();
    if turn.explorer().is_some_and(waits) && turn.job(Slot::Question).is_none() {
        ignoring::recount(turn);
    }
}

/// The Summary is there before anybody can say its order; by columns that are still to come it is sorted when they are.
fn sort_summary(turn: &mut Turn<'_>, is_all_there: bool) {
    let Some(explorer) = turn.explorer() else { return };
    let id = PaneId::Main(View::SUMMARY);
    let Some((&sort, pane)) = explorer.first_orders.get(&View::SUMMARY).zip(explorer.pane(id)) else { return };
    let table = pane.tree.table();
    let has = table.seen().iter().any(|spec| spec.field == sort.field && (is_all_there || table.is_settled(spec)));
    if has {
        work::change(turn, id, Work::Sort(sort));
        if let Some(explorer) = turn.explorer_mut() {
            explorer.first_orders.remove(&View::SUMMARY);
        }
    }
}

/// Whether a view can be shown at once: some need another snapshot, or somebody who asks.
fn shows(view: View, is_alone: bool) -> bool {
    match view {
        View::SEARCH => false,
        View::COMPARISON | View::SERIES => !is_alone,
        _ => true,
    }
}

fn known_order(view: &str, order: &Order) -> Option<(View, Sort)> {
    let view = View::called(view)?;
    // Names of fields are those of the program.
    let field = crate::tui::column_names::field_of(view.command(), &order.field)?;
    Some((view, Sort { field, ascending: order.ascending }))
}

fn known_node(heap: &Heap, node: u32) -> Option<NodeIx> {
    ((node as usize) < heap.node_count()).then(|| NodeIx::new(node as usize))
}

fn known_mark(heap: &Heap, mark: remembered::Mark) -> Option<Mark> {
    let view = View::called(&mark.view)?;
    let is_ours = mark.rows == ROWS;
    let node = mark.node.map(|node| known_node(heap, node)).unwrap_or_default();
    let root = match mark.root {
        Some(root) => Some(known_node(heap, root)?),
        None => None,
    };
    let trail = mark.trail.iter().filter(|_| is_ours).map(|&numbers| RowIx::of_numbers(numbers)).collect();
    let place = history::Place { view, root, form: mark.form.min(MOST_FORMS), trail, offset: mark.offset };
    Some(Mark { place, what: sanitize(&mark.what).into_owned(), node })
}

/// No view has more forms.
const MOST_FORMS: usize = 2;

fn known_thing(heap: &Heap, thing: Ignored) -> Option<Thing> {
    let what = match thing {
        Ignored::Pattern(pattern) => What::Pattern(pattern),
        Ignored::Known { words, nodes, edges } => {
            let has_edge = |edge: &u32| (*edge as usize) < heap.columns().edges.len();
            let nodes = nodes.into_iter().map(|node| known_node(heap, node)).collect::<Option<Vec<_>>>()?;
            if !edges.iter().all(has_edge) {
                return None;
            }
            let edges = edges.into_iter().map(|edge| EdgeIx::new(edge as usize)).collect();
            What::Known(words, Without { nodes, edges })
        }
    };
    Some(Thing { what, of: None, resolved: None })
}

/// What is to be remembered of the snapshot that is shown.
fn now(state: &State, place: &Place) -> Option<Remembered> {
    let explorer = state.explorer()?;
    let orders = explorer.orders.iter().map(|(&view, sort)| {
        (view.command().to_owned(), Order { field: sort.field.to_owned(), ascending: sort.ascending })
    });
    let marks = explorer.marks.iter().map(|(&letter, mark)| (letter, marked(mark)));
    Some(Remembered {
        version: remembered::VERSION,
        snapshot: place.snapshot().to_owned(),
        view: Some(explorer.view.command().to_owned()).filter(|_| explorer.view != View::SUMMARY),
        orders: orders.collect(),
        marks: marks.collect(),
        notes: explorer.notes.clone(),
        ignored: explorer.ignoring.things.iter().filter_map(|thing| ignored(&explorer.heap, thing)).collect(),
    })
}

fn marked(mark: &Mark) -> remembered::Mark {
    let Mark { place, what, node } = mark;
    // Rows of other tables depend on what else was asked.
    let lasts = matches!(place.view, View::SUMMARY | View::CONTAINMENT | View::DOMINATORS) && place.form == 0;
    remembered::Mark {
        view: place.view.command().to_owned(),
        form: if lasts { place.form } else { 0 },
        root: place.root.map(|root| root.ix() as u32),
        trail: place.trail.iter().filter(|_| lasts).map(|row| row.numbers()).collect(),
        rows: ROWS.to_owned(),
        offset: place.offset,
        node: node.map(|node| node.ix() as u32),
        what: what.clone(),
    }
}

fn ignored(heap: &Heap, thing: &Thing) -> Option<Ignored> {
    let known = |without: &Without| {
        let nodes: Vec<u32> = without.nodes.iter().map(|node| node.ix() as u32).collect();
        let edges: Vec<u32> = without.edges.iter().map(|edge| edge.ix() as u32).collect();
        let is_short = nodes.len() + edges.len() <= MOST_IGNORED;
        is_short.then(|| Ignored::Known { words: thing.what.words(heap), nodes, edges })
    };
    match (&thing.what, &thing.resolved) {
        (What::Pattern(pattern), _) => Some(Ignored::Pattern(pattern.clone())),
        (What::Object(node), _) => known(&Without { nodes: vec![*node], edges: Vec::new() }),
        (What::Reference(edge), _) => known(&Without { nodes: Vec::new(), edges: vec![*edge] }),
        (What::Known(_, without), _) | (_, Some(without)) => known(without),
        (_, None) => None,
    }
}

/// Has what has changed written, if anything has.
pub(super) fn keep(turn: &mut Turn<'_>) {
    let shown = turn.shown;
    let Some(place) = turn.snapshot().place.clone() else { return };
    let Some(now) = now(turn, &place) else { return };
    if is_same(&now, &turn.snapshot().kept) {
        return;
    }
    turn.snapshots[shown].kept = now.clone();
    turn.changes += 1;
    let change = turn.changes;
    let task = Task::new(move |_| {
        let failed = |problem| Error::io(place.directory().display().to_string(), &problem);
        place.write(&now, change).map_err(failed)?;
        Ok(Outcome::Kept)
    });
    work::start_aside(turn, Slot::Keep, task);
}

/// Where it stands and which layout it has is no news.
fn is_same(a: &Remembered, b: &Remembered) -> bool {
    let plain = |of: &Remembered| Remembered { version: 0, snapshot: String::new(), ..of.clone() };
    plain(a) == plain(b)
}

/// It is said once, and nothing is tried any more.
pub(super) fn on_not_kept(turn: &mut Turn<'_>, error: &Error) {
    let shown = turn.shown;
    turn.snapshots[shown].place = None;
    turn.warn(sanitize(&format!("view, marks and notes will not be remembered: {error}")).into_owned());
}

/// Writes what no worker may have written yet, before the process ends.
pub(crate) fn keep_last(state: &State) {
    for snapshot in &state.snapshots {
        if let Some(place) = snapshot.place.as_ref().filter(|_| snapshot.kept.version > 0) {
            // Nobody is there any more who could be told.
            let _ = place.write(&snapshot.kept, state.changes + 1);
        }
    }
}
