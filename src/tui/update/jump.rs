//! From one view to another: the current object here and there, back and forward, views by number.

use crate::analysis::aggregates::Aggregate;
use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::tui::overlays::Overlay;
use crate::tui::state::{Explorer, Focus, Place, State, TreePane, View};
use crate::view::label;
use crate::view::list::Item;

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

/// What to do with the current object, or why there is none.
fn with_object(state: &mut State, work: impl FnOnce(&mut Explorer, NodeIx) -> String) {
    let Some(explorer) = state.explorer_mut() else { return };
    let text = match explorer.current_object() {
        Some(node) => work(explorer, node),
        None => "choose an object first: l opens a class".into(),
    };
    state.say(text);
}

pub fn take(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => to_summary(state),
        Focus::Main if explorer.view == View::Statistics => state.say("nothing to choose here"),
        Focus::Main => match explorer.current_object() {
            Some(node) => {
                explorer.show_retainers(node);
                let text = match explorer.retainers {
                    Some(_) => format!("Retainers show {}; Tab goes there", name(&explorer.heap, node)),
                    None => "retainers are not there yet".into(),
                };
                state.say(text);
            }
            None => super::motion::open(state),
        },
    }
}

pub fn to_retainers(state: &mut State) {
    with_object(state, |explorer, node| {
        explorer.show_retainers(node);
        if explorer.retainers.is_none() {
            return "retainers are not there yet".into();
        }
        explorer.focus = Focus::Retainers;
        if explorer.view == View::Statistics {
            explorer.view = View::Summary;
        }
        format!("who refers to {}; Enter shows a row in the Summary", name(&explorer.heap, node))
    });
}

pub fn to_containment(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.view == View::Containment && explorer.focus == Focus::Main && unroot(explorer) {
        state.say("back at the roots");
        return;
    }
    with_object(state, |explorer, node| {
        leave(explorer);
        root_containment(explorer, Some(node));
        format!("what {} refers to; c again: back to the roots", name(&explorer.heap, node))
    });
}

fn root_containment(explorer: &mut Explorer, root: Option<NodeIx>) {
    explorer.view = View::Containment;
    explorer.focus = Focus::Main;
    explorer.containment = Some(explorer.containment_of(root));
}

pub fn to_dominators(state: &mut State) {
    with_object(state, |explorer, node| {
        if !explorer.heap.has_retained_sizes() {
            return "dominators are not there yet".into();
        }
        leave(explorer);
        if std::mem::take(&mut explorer.by_class) {
            explorer.dominators = None;
        }
        let heap = explorer.heap.clone();
        let mut chain: Vec<NodeIx> =
            heap.dominators().map(|dominators| dominators.chain(node).collect()).unwrap_or_default();
        chain.reverse();
        explorer.view = View::Dominators;
        explorer.focus = Focus::Main;
        // The first is the root, which has no row.
        let start = chain.len().saturating_sub(DEEPEST_TRAIL + 1);
        let root = chain.get(start).copied().filter(|&root| root != heap.root());
        set_dominators_root(explorer, root);
        let trail: Vec<Item> = chain.iter().skip(start + 1).map(|&node| Item::Object(node)).collect();
        let Some(pane) = explorer.dominators.as_mut() else { return String::new() };
        match pane.tree.reveal(&heap, &trail) {
            Some(place) => {
                pane.show_at(place, LANDING + trail.len());
                format!("{} in the dominator tree: below it stands what is freed with it", name(&heap, node))
            }
            None => format!("{} is at the top of the dominator tree", name(&heap, node)),
        }
    });
}

/// Shows the dominator tree below `root`; keeps the tree that is there if it is that one.
fn set_dominators_root(explorer: &mut Explorer, root: Option<NodeIx>) {
    if explorer.dominators.as_ref().is_some_and(|pane| pane.root == root) {
        return;
    }
    let tree = explorer.dominator_tree(root.unwrap_or(explorer.heap.root()), explorer.first_sort());
    explorer.dominators = Some(TreePane::new(tree, root));
}

pub fn to_summary(state: &mut State) {
    with_object(state, |explorer, node| {
        leave(explorer);
        go_to(explorer, node)
    });
}

/// Shows an object at its class in the Summary, or where it has a row; says what it has done.
pub fn go_to(explorer: &mut Explorer, node: NodeIx) -> String {
    let heap = explorer.heap.clone();
    let object = name(&heap, node);
    let class = heap.classes().of(node);
    let row = explorer.summary.all.iter().copied().find(|row| row.class == class);
    let Some(row) = row.filter(|_| heap.shallow_size(node) > 0) else {
        root_containment(explorer, Some(node));
        return format!("{object} has no shallow size and so no row in the Summary: here is what it refers to");
    };
    explorer.view = View::Summary;
    explorer.focus = Focus::Main;
    let trail = [Item::Class(row), Item::Object(node)];
    match reveal_in_summary(explorer, &trail) {
        Some(unfiltered) => format!("{object} in the Summary{}", if unfiltered { "; filter cleared" } else { "" }),
        None => format!("{object} is not in the Summary"),
    }
}

/// Opens and selects a row; clears the filter if it hides the row. Returns whether it did.
fn reveal_in_summary(explorer: &mut Explorer, trail: &[Item]) -> Option<bool> {
    let heap = explorer.heap.clone();
    let summary = &mut explorer.summary;
    let found = summary.pane.tree.reveal(&heap, trail);
    let unfiltered = found.is_none() && !summary.filter.is_empty();
    let place = if unfiltered {
        summary.filter.clear();
        let sort = summary.pane.tree.sort();
        summary.rebuild(&heap, sort);
        summary.pane.tree.reveal(&heap, trail)?
    } else {
        found?
    };
    summary.pane.show_at(place, LANDING);
    Some(unfiltered)
}

/// Shows a tree from its root again, where it shows an object; true if it did.
pub fn unroot(explorer: &mut Explorer) -> bool {
    match explorer.view {
        View::Containment if explorer.containment.as_ref().is_some_and(|pane| pane.root.is_some()) => {
            leave(explorer);
            root_containment(explorer, None);
            true
        }
        View::Dominators if explorer.dominators.as_ref().is_some_and(|pane| pane.root.is_some()) => {
            leave(explorer);
            set_dominators_root(explorer, None);
            true
        }
        _ => false,
    }
}

pub fn to_view(state: &mut State, view: View) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.view != view {
        leave(explorer);
    }
    explorer.view = view;
    explorer.focus = Focus::Main;
    explorer.ensure_view();
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
        Some(place) => return_to(explorer, &place),
        None => state.say("no place to go back to"),
    }
}

pub fn forward(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let here = explorer.place();
    match explorer.history.forward(here) {
        Some(place) => return_to(explorer, &place),
        None => state.say("no place to go forward to"),
    }
}

pub fn return_to(explorer: &mut Explorer, place: &Place) {
    let heap = explorer.heap.clone();
    if place.view == View::Dominators && place.by_class != explorer.by_class {
        explorer.by_class = place.by_class;
        explorer.dominators = None;
    }
    explorer.view = place.view;
    explorer.focus = Focus::Main;
    explorer.ensure_view();
    match place.view {
        View::Summary => {
            let class = place.trail.first().and_then(|item| match item {
                Item::Class(Aggregate { class, .. }) => Some(*class),
                _ => None,
            });
            let known = explorer.summary.all.iter().any(|row| Some(row.class) == class);
            if known {
                reveal_in_summary(explorer, &place.trail);
            }
        }
        View::Containment if explorer.containment.as_ref().is_none_or(|pane| pane.root != place.root) => {
            root_containment(explorer, place.root);
        }
        View::Dominators if explorer.dominators.is_some() => set_dominators_root(explorer, place.root),
        View::Containment | View::Dominators | View::Statistics => {}
    }
    if let Some(pane) = explorer.main_pane_mut()
        && let Some(found) = pane.tree.reveal(&heap, &place.trail)
    {
        pane.show_at(found, place.offset);
    }
}

pub fn details(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let subject = match explorer.current_item() {
        Some(item) => Some(item),
        None => explorer.current_object().map(Item::Object),
    };
    match subject {
        Some(item) => {
            let detail = explorer.detail_of(&item);
            state.overlays.push(Overlay::Detail(detail));
        }
        None => state.say("nothing to tell about here"),
    }
}
