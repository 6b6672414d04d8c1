//! What the Summary is limited to: DevTools' filters, parts of a timeline, what one function has allocated.

use std::sync::Arc;

use super::turn::Turn;
use super::work::Wish;
use super::{show, work};
use crate::analysis::scopes::Scope;
use crate::analysis::sizes::ContextSizes;
use crate::analysis::{aggregates, sizes};
use crate::answers::scope::NAMED;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::command::Command;
use crate::tui::message::{Outcome, Task};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::picker::{Item, ListKind, Picker};
use crate::tui::state::change::Work;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::state::scoped::Scoped;
use crate::tui::view::View;
use crate::tui::views::{VIEWS, entry};
use crate::view::cut::cut;
use crate::view::label;
use crate::view::text;

/// Opens the list of scopes and asks for the native contexts with their sizes, which follow.
pub(super) fn start(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    if !explorer.heap.is_complete() {
        return turn.say("scopes need distances and retained sizes; they are not there yet");
    }
    let heap = explorer.heap.clone();
    let snapshots: Vec<Option<Arc<Heap>>> = turn.snapshots.iter().map(|snapshot| snapshot.heap.clone()).collect();
    // Letters typed ahead must find the list, not the commands below it: it opens at once and fills in.
    show_menu(turn, None);
    let task = Task::new(move |meter| {
        let newest =
            |heap: &Option<Arc<Heap>>| heap.as_ref().map(|heap| sizes::max_js_object_id(heap, meter)).transpose();
        let newest = snapshots.iter().map(newest).collect::<Result<_>>()?;
        Ok(Outcome::Contexts { sizes: sizes::by_native_context(&heap, meter)?, newest })
    });
    work::ask(turn, "adding up native contexts", task);
}

/// What the list of scopes learns after it has opened.
struct Learned<'a> {
    sizes: &'a ContextSizes,
    newest: &'a [Option<u64>],
    /// What the cursor stands on; nothing where it is still at the first.
    selected: Option<Choice>,
}

/// Puts what is known now into the list of scopes, if it is still open.
pub(super) fn on_contexts(turn: &mut Turn<'_>, sizes: &ContextSizes, newest: &[Option<u64>]) {
    let Some(Overlay::Picker(picker)) = turn.overlays.last() else { return };
    if picker.list == ListKind::Scopes {
        let selected = picker.choice().filter(|_| picker.selected() > 0).cloned();
        turn.overlays.pop();
        show_menu(turn, Some(Learned { sizes, newest, selected }));
    }
}

/// Shows the scopes to choose from.
fn show_menu(turn: &mut Turn<'_>, known: Option<Learned<'_>>) {
    let Some(explorer) = turn.explorer() else { return };
    let mut items = Vec::new();
    // All letters but those that move in a list or leave it, also those that move elsewhere.
    let mut letters = "abcdefimnoprstuvxyz".chars();
    let mut add = |scope: Scope, title: String, note: String| {
        let key = letters.next().map_or_else(String::new, String::from);
        items.push(Item { key, text: title.clone(), note, choice: Choice::Scope(scope, title) });
    };
    for (scope, title, note) in of_heap(&explorer.heap, known.as_ref()) {
        add(scope, title, note);
    }
    let (between, absent) = between_snapshots(turn, known.as_ref().map_or(&[], |known| known.newest));
    for (scope, title) in between {
        add(scope, title, String::new());
    }
    // The one that is asked for from Search, where the list opens on it.
    let found = explorer.search.as_ref().map(|search| {
        let title = format!("Objects found by {}", cut(&text::sanitize(search.query.text()), 60));
        (Scope::Found(search.query.clone()), title)
    });
    if let Some((scope, title)) = found.clone() {
        add(scope, title, String::new());
    }
    if !absent.is_empty() {
        let text = format!("Not loaded yet, so no scope ends there: {}", absent.join(", "));
        let choice = Choice::Run(Command::Snapshots);
        items.push(Item { key: "w".into(), text, note: "w loads it".into(), choice });
    }
    for view in VIEWS {
        items.extend(view.beside_scopes().map(|text| Item {
            key: String::new(),
            text: text.into(),
            note: format!(":{}", view.view().command()),
            choice: Choice::Run(Command::Show(view.view())),
        }));
    }
    let now = match found {
        Some((scope, _)) if explorer.view == View::SEARCH => scope,
        _ => explorer.scope().map_or(Scope::All, |scoped| scoped.scope.clone()),
    };
    let at = items.iter().position(|item| matches!(&item.choice, Choice::Scope(scope, _) if *scope == now));
    let selected = known.and_then(|known| items.iter().position(|item| Some(&item.choice) == known.selected.as_ref()));
    let mut picker = Picker::new("Which objects count", items, selected.or(at).unwrap_or(0));
    picker.list = ListKind::Scopes;
    turn.overlays.push(Overlay::Picker(picker));
}

/// The scopes of any heap and its native contexts, each with its title and what is known of its size.
fn of_heap(heap: &Heap, known: Option<&Learned<'_>>) -> Vec<(Scope, String, String)> {
    let size = |of: fn(&ContextSizes) -> u64| known.map_or("…".into(), |known| text::bytes(of(known.sizes)));
    let named = NAMED.into_iter().map(|(_, scope)| {
        let note = match scope {
            Scope::SharedNativeContext => size(|sizes| sizes.shared),
            Scope::NoNativeContext => size(|sizes| sizes.unattributed),
            _ => String::new(),
        };
        let title = scope.title().to_owned();
        (scope, title, note)
    });
    let contexts = known.map_or(&[][..], |known| &known.sizes.contexts).iter().map(|&(context, bytes)| {
        let title = format!("{} @{}", cut(&label::value(heap, context), 60), heap.id(context));
        (Scope::NativeContext(context), title, text::bytes(bytes))
    });
    named.chain(contexts).collect()
}

/// What was allocated between the snapshots that are loaded, and before the first of them; those that are not loaded.
fn between_snapshots(turn: &Turn<'_>, newest: &[Option<u64>]) -> (Vec<(Scope, String)>, Vec<String>) {
    let (mut between, mut absent) = (Vec::new(), Vec::new());
    let mut before: Option<(u64, String)> = None;
    for (index, (snapshot, newest)) in turn.snapshots.iter().zip(newest).enumerate().take(turn.shown + 1) {
        let name = short(&snapshot.title, index);
        let &Some(newest) = newest else {
            absent.push(name);
            continue;
        };
        let (after, title) = match before {
            None => (0, format!("Objects allocated before {name}")),
            Some((after, before)) => (after, format!("Objects allocated between {before} and {name}")),
        };
        if turn.snapshots.len() > 1 {
            between.push((Scope::AllocatedBetween { after, until: newest }, title));
        }
        before = Some((newest, name));
    }
    (between, absent)
}

/// What a snapshot is called where two are named in one line: its place in the title line, unless its name is short.
fn short(title: &str, index: usize) -> String {
    const LONGEST: usize = 20;
    let stem = title.split(".heapsnapshot").next().unwrap_or(title);
    if stem.chars().count() <= LONGEST { stem.to_owned() } else { format!("snapshot {}", index + 1) }
}

/// Shows the classes of a part of the heap.
pub(super) fn choose(turn: &mut Turn<'_>, scope: Scope, title: String) {
    if let Some(explorer) = turn.explorer_mut()
        && (explorer.view != View::SUMMARY || explorer.focus != Focus::Main)
    {
        explorer.leave();
        explorer.view = View::SUMMARY;
        explorer.focus = Focus::Main;
    }
    limit(turn, scope, title);
}

/// Only the program's own objects count, or all again.
pub(super) fn toggle_own(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    if !explorer.heap.is_complete() {
        return turn.say("own code needs the whole snapshot; it is not there yet");
    }
    let is_on = explorer.scope().is_some_and(|scoped| scoped.scope == Scope::Own);
    let scope = if is_on { Scope::All } else { Scope::Own };
    let title = scope.title().to_owned();
    let stays = turn.explorer().is_some_and(|explorer| {
        let view = entry(explorer.view);
        explorer.focus == Focus::Main && (view.shows_scope(explorer) || view.follows_own(explorer))
    });
    match stays {
        true => limit(turn, scope, title),
        false => choose(turn, scope, title),
    }
}

/// Only the objects of a scope count, from when they are known on.
pub(super) fn limit(turn: &mut Turn<'_>, scope: Scope, title: String) {
    if scope == Scope::All {
        clear(turn);
        return turn.say("all objects again");
    }
    let Some(task) = limiting(turn, scope, title) else { return };
    let wish =
        Wish { slot: Slot::Scope, text: "looking for the objects of the scope".into(), purpose: Purpose::Limits };
    work::start_for(turn, wish, task);
}

/// The numbers of the scope that is chosen, anew; unless another one is just being chosen.
pub(super) fn refresh(turn: &mut Turn<'_>, scope: Scope, title: String) {
    if let Some(task) = limiting(turn, scope, title).filter(|_| turn.job(Slot::Scope).is_none()) {
        work::start(turn, Slot::Scope, "", task);
    }
}

fn limiting(turn: &Turn<'_>, scope: Scope, title: String) -> Option<Task> {
    let heap = turn.explorer()?.heap.clone();
    Some(Task::new(move |meter| {
        let nodes = scope.nodes(&heap, meter)?;
        let classes = aggregates::aggregate(&heap, |node| nodes.contains(node.ix()), meter)?.into();
        Ok(Outcome::Limited(Scoped { scope, title, nodes: Arc::new(nodes), classes }))
    }))
}

/// All objects count again.
pub(super) fn clear(turn: &mut Turn<'_>) {
    turn.cancel(Slot::Scope);
    let Some(explorer) = turn.explorer_mut() else { return };
    let before = explorer.take_before_scope();
    // Its list has taken the filter away that there was.
    let was_list = explorer.shows_list();
    set(turn, None);
    show::fill_scope(turn, None, false);
    for (view, before) in before {
        let Some(explorer) = turn.explorer_mut() else { return };
        let is_same_table = entry(view).shows_scope(explorer) && explorer.form(view) == before.form;
        let rows = explorer.scope_rows(view);
        if was_list && let Some(pane) = explorer.pane_mut(PaneId::Main(view)).filter(|pane| pane.filter.is_empty()) {
            pane.filter.clone_from(&before.filter);
        }
        if explorer.pane(PaneId::Main(view)).is_some() && is_same_table {
            work::change(turn, PaneId::Main(view), Work::Return { before, rows });
        }
    }
    show::ensure(turn);
}

/// From now on these objects count.
pub(super) fn set(turn: &mut Turn<'_>, scope: Option<Scoped>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let was_own = explorer.is_own();
    let showing: Vec<View> = VIEWS.iter().filter(|view| view.shows_scope(explorer)).map(|view| view.view()).collect();
    explorer.set_scope(scope, &showing);
    if explorer.is_own() == was_own {
        return;
    }
    let following: Vec<View> = VIEWS.iter().filter(|view| view.follows_own(explorer)).map(|view| view.view()).collect();
    following.into_iter().for_each(|view| show::forget(turn, view));
}

/// Shows as chosen in the timeline what the scope is, unless a worker is still at it: a choice is taken back when
/// nothing comes of it.
pub(super) fn show_chosen(turn: &mut Turn<'_>) {
    let is_limiting = turn.job(Slot::Scope).is_some();
    let Some(explorer) = turn.explorer_mut().filter(|_| !is_limiting) else { return };
    let scope = explorer.scope().map(|scoped| scoped.scope.clone());
    if let Some(timeline) = explorer.timeline.as_mut().filter(|timeline| timeline.scope() != scope) {
        timeline.choose(scope.as_ref());
    }
}

pub(super) fn on_limited(turn: &mut Turn<'_>, scoped: Scoped) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let (objects, bytes) = scoped
        .classes
        .iter()
        .fold((0u64, 0u64), |(objects, bytes), row| (objects + row.count, bytes.saturating_add(row.shallow)));
    let text = format!("{}: {} ({}); Esc shows all", scoped.title, text::objects(objects), text::bytes(bytes));
    let is_anew = explorer.scope().is_some_and(|before| before.scope == scoped.scope);
    let is_list = matches!(scoped.scope, Scope::Set(_));
    set(turn, Some(scoped));
    if is_list && !is_anew {
        clear_filters(turn);
    }
    show::fill_scope(turn, None, is_anew);
    show::ensure(turn);
    if !is_anew {
        turn.say(text);
    }
}

/// Somebody wants to see all of a list, not what an earlier filter lets through.
fn clear_filters(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let showing: Vec<View> = VIEWS.iter().filter(|view| view.shows_scope(explorer)).map(|view| view.view()).collect();
    for view in showing {
        if let Some(pane) = explorer.pane_mut(PaneId::Main(view)) {
            pane.filter.clear();
        }
    }
}
