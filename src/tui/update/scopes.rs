//! What the Summary is limited to: DevTools' filters, parts of a timeline, what one function has allocated.

use std::sync::Arc;

use super::{jump, work};
use crate::analysis::scopes::Scope;
use crate::analysis::sizes::ContextSizes;
use crate::heap::Heap;
use crate::tui::commands::Command;
use crate::tui::message::Task;
use crate::tui::overlays::{Choice, Item, Overlay, Picker};
use crate::tui::state::{Explorer, Focus, PaneId, Scoped, State, View, Work};
use crate::tui::widgets::cut::cut;
use crate::view::column::Sort;
use crate::view::label;
use crate::view::list;
use crate::view::source::Content;
use crate::view::text;

/// Opens the list of scopes and asks for the native contexts with their sizes, which follow.
pub fn start(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    if !explorer.heap.is_complete() {
        return state.say("scopes need distances and retained sizes; they are not there yet");
    }
    let heap = explorer.heap.clone();
    let snapshots: Vec<Option<Arc<Heap>>> = state.snapshots.iter().map(|snapshot| snapshot.heap.clone()).collect();
    // Letters typed ahead must find the list, not the commands below it: it opens at once and fills in.
    show_menu(state, None);
    let question = || Task::Contexts { heap: heap.clone(), snapshots: snapshots.clone() };
    if let Some(outcome) = work::solve_whole(state, "adding up native contexts", question) {
        work::take(state, outcome);
    }
}

const MENU: &str = "Which objects count";

/// What the list of scopes learns after it has opened.
struct Known<'a> {
    sizes: &'a ContextSizes,
    newest: &'a [Option<u64>],
    /// The item that somebody has put the cursor on meanwhile.
    selected: Option<usize>,
}

/// Puts what is known now into the list of scopes, if it is still open.
pub fn on_contexts(state: &mut State, sizes: &ContextSizes, newest: &[Option<u64>]) {
    let Some(Overlay::Picker(picker)) = state.overlays.last() else { return };
    if picker.title == MENU {
        let selected = Some(picker.selected()).filter(|&selected| selected > 0);
        state.overlays.pop();
        show_menu(state, Some(Known { sizes, newest, selected }));
    }
}

/// Shows the scopes to choose from.
fn show_menu(state: &mut State, known: Option<Known<'_>>) {
    let Some(explorer) = state.explorer() else { return };
    let nothing = ContextSizes::default();
    let is_known = known.is_some();
    let Known { sizes, newest, selected } = known.unwrap_or(Known { sizes: &nothing, newest: &[], selected: None });
    let heap = explorer.heap.clone();
    let mut items: Vec<Item> = Vec::new();
    // All letters but those that move in a list or leave it.
    let mut letters = "abcdefghilmnoprstuvxyz".chars();
    let mut add = |scope: Scope, title: String, note: String| {
        let key = letters.next().map_or_else(String::new, String::from);
        items.push(Item { key, text: title.clone(), note, choice: Choice::Scope(scope, title) });
    };
    for (_, scope) in Scope::NAMED {
        let note = match scope {
            Scope::SharedNativeContext | Scope::NoNativeContext if !is_known => "…".into(),
            Scope::SharedNativeContext => text::bytes(sizes.shared),
            Scope::NoNativeContext => text::bytes(sizes.unattributed),
            _ => String::new(),
        };
        let title = scope.title().to_owned();
        add(scope, title, note);
    }
    for &(context, bytes) in &sizes.contexts {
        let name = cut(&label::value(&heap, context), 60).into_owned();
        add(Scope::NativeContext(context), format!("{name} @{}", heap.id(context)), text::bytes(bytes));
    }
    // What was allocated between the snapshots that are loaded, and before the first of them.
    let mut before: Option<(u64, String)> = None;
    let mut absent: Vec<String> = Vec::new();
    for (index, (snapshot, newest)) in state.snapshots.iter().zip(newest).enumerate().take(state.shown + 1) {
        let name = short(&snapshot.title, index);
        let &Some(newest) = newest else {
            absent.push(name);
            continue;
        };
        let (after, title) = match before {
            None => (0, format!("Objects allocated before {name}")),
            Some((after, before)) => (after, format!("Objects allocated between {before} and {name}")),
        };
        if state.snapshots.len() > 1 {
            add(Scope::AllocatedBetween { after, until: newest }, title, String::new());
        }
        before = Some((newest, name));
    }
    if !absent.is_empty() {
        let text = format!("Not loaded yet, so no scope ends there: {}", absent.join(", "));
        let choice = Choice::Run(Command::Snapshots);
        items.push(Item { key: "w".into(), text, note: "w loads it".into(), choice });
    }
    let now = explorer.summary.scope.as_ref().map(|scoped| scoped.scope.clone()).unwrap_or(Scope::All);
    let at = items.iter().position(|item| matches!(&item.choice, Choice::Scope(scope, _) if *scope == now));
    state.overlays.push(Overlay::Picker(Picker::new(MENU, items, selected.or(at).unwrap_or(0))));
}

/// What a snapshot is called where two are named in one line: its place in the title line, unless its name is short.
fn short(title: &str, index: usize) -> String {
    const LONGEST: usize = 20;
    let stem = title.split(".heapsnapshot").next().unwrap_or(title);
    if stem.chars().count() <= LONGEST { stem.to_owned() } else { format!("snapshot {}", index + 1) }
}

/// Shows the classes of a part of the heap.
pub fn choose(state: &mut State, scope: Scope, title: String) {
    if let Some(explorer) = state.explorer_mut()
        && (explorer.view != View::Summary || explorer.focus != Focus::Main)
    {
        jump::leave(explorer);
        explorer.view = View::Summary;
        explorer.focus = Focus::Main;
    }
    limit(state, scope, title);
}

/// Only the objects of a scope count, from when they are known on.
pub fn limit(state: &mut State, scope: Scope, title: String) {
    if scope == Scope::All {
        clear(state);
        return state.say("all objects again");
    }
    let Some(heap) = state.explorer().map(|explorer| explorer.heap.clone()) else { return };
    let question = || Task::Limit { heap: heap.clone(), scope: scope.clone(), title: title.clone() };
    if let Some(outcome) = work::solve_whole(state, "looking for the objects of the scope", question) {
        work::take(state, outcome);
    }
}

/// All objects count again.
pub fn clear(state: &mut State) {
    if let Some(explorer) = state.explorer_mut() {
        explorer.summary.scope = None;
    }
    show_chosen(state);
    fill(state, None, false);
}

/// Shows as chosen in the timeline what the scope is: a choice is taken back when nothing comes of it.
pub fn show_chosen(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let scope = explorer.summary.scope.as_ref().map(|scoped| &scoped.scope);
    if let Some(timeline) = explorer.timeline.as_mut().filter(|timeline| timeline.scope().as_ref() != scope) {
        timeline.choose(scope);
    }
}

pub fn on_limited(state: &mut State, scoped: Scoped) {
    let Some(explorer) = state.explorer_mut() else { return };
    let (objects, bytes) =
        scoped.rows.iter().fold((0, 0), |(objects, bytes), row| (objects + row.count, bytes + row.shallow));
    let text = format!("{}: {} ({}); Esc shows all", scoped.title, text::objects(objects), text::bytes(bytes));
    explorer.summary.scope = Some(scoped);
    show_chosen(state);
    fill(state, None, false);
    state.say(text);
}

/// Takes the classes of the scope into the tables that show them.
pub fn fill(state: &mut State, sort: Option<Sort>, keep_open: bool) {
    let Some(explorer) = state.explorer_mut() else { return };
    let source = explorer.summary.source(&explorer.heap);
    let shows_classes = |explorer: &Explorer| {
        let pane = explorer.allocation.as_ref();
        pane.is_some_and(|pane| matches!(pane.tree.source().content, Content::Summary { .. }))
    };
    if shows_classes(explorer) {
        let work = Work::Fill { source: source.clone(), sort, keep_open };
        work::change(state, PaneId::Main(View::Allocation), work);
    }
    work::change(state, PaneId::Main(View::Summary), Work::Fill { source, sort, keep_open });
}

/// Limits the Summary to what is still there of what a function of the Allocation view has allocated.
pub fn allocated_by(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some(subject) = explorer.current() else { return };
    let (list::Item::Function(function), Content::Allocation(functions)) = (subject.item, &subject.content) else {
        return;
    };
    let sites: Arc<[u64]> = functions.row(function).trace_ids.clone().into();
    let name = label::plain(&label::item(&subject.content, &subject.heap, &subject.item)[..1]);
    choose(state, Scope::AllocatedAt(sites), format!("Objects allocated by {name}"));
}

/// The word for a scope on the command line, where it has one.
pub fn word(heap: &Heap, scope: &Scope) -> Option<String> {
    match scope {
        Scope::NativeContext(node) => Some(format!("@{}", heap.id(*node))),
        Scope::AllocatedBetween { after, until } => Some(format!("{after}..{until}")),
        _ => Scope::NAMED.into_iter().find(|(_, named)| named == scope).map(|(name, _)| name.to_owned()),
    }
}
