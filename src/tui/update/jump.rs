//! From one view to another: the current object here and there, back and forward.

use super::{follow, motion, scopes, views, work};
use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::tui::message::{Basis, Make};
use crate::tui::state::{Explorer, Focus, Object, PaneId, Place, State, View, Work};
use crate::view::filter::NameFilter;
use crate::view::label;
use crate::view::list::Item;
use crate::view::text;

/// Deeper rows are shown in a tree of their own: opening them all on the way would leave no room for the row itself.
const DEEPEST_TRAIL: usize = 40;

/// The line of the window in which a row appears after a jump.
const LANDING: usize = 3;

/// An object in a few words.
pub fn name(heap: &Heap, node: NodeIx) -> String {
    const LONGEST: usize = 40;
    let value = crate::tui::widgets::cut::cut(&label::value(heap, node), LONGEST).into_owned();
    format!("{value} @{}", heap.id(node))
}

/// The current object, or a word about why there is none.
pub fn current(state: &mut State) -> Option<Object> {
    let object = state.explorer_mut()?.current_object();
    if object.is_none() {
        state.say("choose an object first: l opens a class");
    }
    object
}

/// The current object where it is one of the snapshot that is shown.
fn current_here(state: &mut State) -> Option<NodeIx> {
    let object = current(state)?;
    if !state.explorer()?.is_here(&object) {
        state.say("this object is gone from the snapshot that is shown: r shows who held it, i its details");
        return None;
    }
    Some(object.node)
}

pub fn take(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => to_summary(state),
        Focus::Main => match explorer.current_object() {
            Some(object) => {
                let named = name(&object.heap, object.node);
                let is_there = follow::show_retainers(state, &object);
                state.say(match is_there {
                    true => format!("Retainers show {named}; Tab goes there"),
                    false => not_yet(&object).into(),
                });
            }
            None if explorer.view == View::Allocation => scopes::allocated_by(state),
            None => motion::open(state),
        },
    }
}

/// Why the Retainers of an object are not shown.
fn not_yet(object: &Object) -> &'static str {
    match object.heap.retainers() {
        Some(_) => "its retainers are being looked up…",
        None => "retainers are not there yet",
    }
}

pub fn to_retainers(state: &mut State) {
    let Some(object) = current(state) else { return };
    let named = name(&object.heap, object.node);
    if !follow::show_retainers(state, &object) {
        return state.say(not_yet(&object));
    }
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.focus = Focus::Retainers;
    state.say(format!("who refers to {named}; Enter shows a row in the Summary"));
}

pub fn to_containment(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    if explorer.view == View::Containment && explorer.focus == Focus::Main && unroot(state) {
        return state.say("back at the roots");
    }
    let Some(node) = current_here(state) else { return };
    if let Some(explorer) = state.explorer_mut() {
        leave(explorer);
        let named = name(&explorer.heap, node);
        show_tree(state, View::Containment, Some(node), None);
        state.say(format!("what {named} refers to; c again: back to the roots"));
    }
}

/// Shows the tree of a view below an object, or all of it; the one that is there if it is that one.
fn show_tree(state: &mut State, view: View, root: Option<NodeIx>, then: Option<Work>) {
    let Some(explorer) = state.explorer_mut() else { return };
    explorer.view = view;
    explorer.focus = Focus::Main;
    if explorer.pane(PaneId::Main(view)).is_some_and(|pane| pane.root == root) {
        if let Some(work) = then {
            work::change(state, PaneId::Main(view), work);
        }
        return;
    }
    let (source, sort) = (explorer.tree_source(view), explorer.first_sort());
    work::make(state, Make { view, of: Basis::Tree(source), root, sort, then });
}

pub fn to_dominators(state: &mut State) {
    let Some(node) = current_here(state) else { return };
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(dominators) = heap.dominators().filter(|_| heap.has_retained_sizes()) else {
        return state.say("dominators are not there yet");
    };
    leave(explorer);
    if std::mem::take(&mut explorer.by_class) {
        explorer.dominators = None;
    }
    let mut chain: Vec<NodeIx> = dominators.chain(node).collect();
    chain.reverse();
    // The root has no row, unless it is one of several.
    let rootless = (!heap.roots().has_further()) as usize;
    let start = (chain.len() - rootless).saturating_sub(DEEPEST_TRAIL);
    let root = (start > 0).then(|| chain[start + rootless - 1]);
    let trail: Vec<Item> = chain.iter().skip(start + rootless).map(|&node| Item::Object(node)).collect();
    let named = name(&heap, node);
    let text = match trail.len() {
        0 => format!("{named} is at the top of the dominator tree"),
        _ => format!("{named} in the dominator tree: below it stands what is freed with it"),
    };
    let reveal = (!trail.is_empty()).then(|| Work::Reveal { offset: LANDING + trail.len(), trail });
    show_tree(state, View::Dominators, root, reveal);
    state.say(text);
}

pub fn to_summary(state: &mut State) {
    let Some(node) = current_here(state) else { return };
    if let Some(explorer) = state.explorer_mut() {
        leave(explorer);
        go_to(state, node);
    }
}

/// Shows an object at its class in the Summary, or where it has a row; says what it has done.
pub fn go_to(state: &mut State, node: NodeIx) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let object = name(&heap, node);
    let class = heap.classes().of(node);
    let row = explorer.summary.all.iter().copied().find(|row| row.class == class);
    let Some(row) = row.filter(|_| heap.shallow_size(node) > 0) else {
        show_tree(state, View::Containment, Some(node), None);
        return state
            .say(format!("{object} has no shallow size and so no row in the Summary: here is what it refers to"));
    };
    explorer.view = View::Summary;
    explorer.focus = Focus::Main;
    let cleared = reveal_in_summary(state, vec![Item::Class(row), Item::Object(node)], LANDING);
    state.say(format!("{object} in the Summary{cleared}"));
}

/// Shows a row of the Summary; takes away a filter or scope that hides it, and says so.
fn reveal_in_summary(state: &mut State, trail: Vec<Item>, offset: usize) -> &'static str {
    let Some(explorer) = state.explorer_mut() else { return "" };
    let summary = &mut explorer.summary;
    let hidden_by_scope = summary.scope.as_ref().is_some_and(|scoped| {
        trail.iter().filter_map(Item::node).take(1).any(|node| !scoped.nodes.contains(node.ix()))
    });
    let hidden_by_filter = match (trail.first(), NameFilter::parse(&summary.pane.filter)) {
        (Some(Item::Class(row)), Ok(filter)) if !summary.pane.filter.is_empty() => {
            !filter.matches(&text::safe(explorer.heap.classes().name(row.class)))
        }
        _ => false,
    };
    let reveal = Work::Reveal { trail, offset };
    let id = PaneId::Main(View::Summary);
    if !hidden_by_scope && !hidden_by_filter {
        work::change(state, id, reveal);
        return "";
    }
    summary.pane.filter.clear();
    if hidden_by_scope {
        summary.scope = None;
    }
    let source = summary.source(&explorer.heap);
    let fill = Work::Fill { source, sort: None, keep_open: !hidden_by_scope };
    work::change(state, id, Work::Both(Box::new(fill), Box::new(reveal)));
    scopes::show_chosen(state);
    if hidden_by_scope { "; all objects count again" } else { "; filter cleared" }
}

/// Shows a tree from its root again, where it shows an object; true if it did.
pub fn unroot(state: &mut State) -> bool {
    let Some(explorer) = state.explorer_mut() else { return false };
    let view = explorer.view;
    let is_tree = matches!(view, View::Containment | View::Dominators);
    if !is_tree || explorer.main_pane().is_none_or(|pane| pane.root.is_none()) {
        return false;
    }
    leave(explorer);
    show_tree(state, view, None, None);
    true
}

/// Remembers the place for back.
pub fn leave(explorer: &mut Explorer) {
    let place = explorer.place();
    explorer.history.leave(place);
}

pub fn back(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let here = explorer.place();
    match explorer.history.back(here) {
        Some(place) => return_to(state, place),
        None => state.say("no place to go back to"),
    }
}

pub fn forward(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let here = explorer.place();
    match explorer.history.forward(here) {
        Some(place) => return_to(state, place),
        None => state.say("no place to go forward to"),
    }
}

pub fn return_to(state: &mut State, place: Place) {
    let Some(explorer) = state.explorer_mut() else { return };
    if place.view == View::Dominators && place.by_class != explorer.by_class {
        explorer.by_class = place.by_class;
        explorer.dominators = None;
    }
    explorer.view = place.view;
    explorer.focus = Focus::Main;
    let Place { view, root, trail, offset, .. } = place;
    let reveal = (!trail.is_empty()).then(|| Work::Reveal { trail: trail.clone(), offset });
    match view {
        View::Summary if !trail.is_empty() => {
            reveal_in_summary(state, trail, offset);
        }
        View::Dominators if !explorer.heap.has_retained_sizes() => {}
        View::Containment | View::Dominators => show_tree(state, view, root, reveal),
        _ => match reveal.filter(|_| explorer.main_pane().is_some()) {
            Some(work) => work::change(state, PaneId::Main(view), work),
            None => views::ensure(state),
        },
    }
}
