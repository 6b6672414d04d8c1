//! Ignored retainers: what would go without them, what holds the rest, the list of them.

use std::sync::Arc;

use super::turn::Turn;
use super::{follow, held, scopes, work};
use crate::analysis::merged::Without;
use crate::analysis::scopes::{NodeSet, Scope};
use crate::answers::cut::Cut;
use crate::base::ids::NodeIx;
use crate::tui::message::{Outcome, Task};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::picker::{Item, Picker};
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Focus;
use crate::tui::state::ignoring::{Thing, What};
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::subject::Subject;
use crate::tui::widgets::line::Line;
use crate::view::text;

/// Ignores what the row under the cursor shows. The same key at the same place goes on to the other way of ignoring it,
/// and then counts it again.
pub(super) fn ignore(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if let Some(last) = explorer.ignoring.last.filter(|_| !explorer.ignoring.things.is_empty()) {
        return switch(turn, last);
    }
    let Some(subject) = explorer.current() else { return turn.say("no retainer here to ignore") };
    let Some(first) = whats(explorer, &subject).into_iter().next() else {
        return turn.say("no retainer here to ignore: Tab goes to the Retainers");
    };
    if !Arc::ptr_eq(subject.table.heap_of(subject.row), &explorer.heap) {
        return turn.say("retainers can be ignored in the snapshot that is shown; this one is of the base");
    }
    let at = explorer.ignoring.things.iter().position(|thing| thing.is_about(&subject));
    let index = at.unwrap_or(explorer.ignoring.things.len());
    if at.is_none() {
        explorer.ignoring.things.push(Thing { what: first, of: Some(subject), resolved: None });
        explorer.ignoring.last = Some(index);
        return recount(turn);
    }
    switch(turn, index);
}

/// The ways to ignore what a row shows, the usual one first.
fn whats(explorer: &Explorer, subject: &Subject) -> Vec<What> {
    let Subject { table, row } = subject;
    if table.is_tree_of_rows() {
        return vec![What::References(subject.clone()), What::Holders(subject.clone())];
    }
    let object = table.node(*row).map(What::Object);
    let reference = table.edge(*row).filter(|_| explorer.focus == Focus::Retainers).map(What::Reference);
    object.into_iter().chain(reference).collect()
}

/// Ignores a thing the other way, or not at all.
fn switch(turn: &mut Turn<'_>, index: usize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let thing = &explorer.ignoring.things[index];
    let next = thing.of.clone().and_then(|of| {
        let mut ways = whats(explorer, &of).into_iter();
        ways.by_ref().find(|what| what.is_same_way(&thing.what))?;
        ways.next()
    });
    match next {
        Some(next) => {
            let thing = &mut explorer.ignoring.things[index];
            (thing.what, thing.resolved) = (next, None);
            explorer.ignoring.last = Some(index);
        }
        None => {
            explorer.ignoring.things.remove(index);
            explorer.ignoring.last = None;
        }
    }
    recount(turn);
}

/// Another key than the one that ignores: from now on that speaks of the row under the cursor again.
pub(super) fn forget_last(turn: &mut Turn<'_>) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.ignoring.last = None;
    }
}

/// The list of what is ignored.
pub(super) fn show_list(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let heap = &explorer.heap;
    let mut items: Vec<Item> = Vec::new();
    let mut add = |key: &str, text: String, note: String, choice: Choice| {
        items.push(Item { key: key.into(), text, note, choice });
    };
    if !explorer.ignoring.things.is_empty() {
        add("a", "Count all of these again".into(), String::new(), Choice::CountAgain(None));
    }
    for (index, thing) in explorer.ignoring.things.iter().enumerate() {
        add("", thing.what.words(heap), "Enter counts it again".into(), Choice::CountAgain(Some(index)));
    }
    if let Some(cut) = &explorer.ignoring.now {
        let title = Scope::TITLE_OF_GONE.to_owned();
        let note = format!("{}, {}", text::objects(cut.objects), text::bytes(cut.bytes));
        let scope = Scope::Set(NodeSet::new(cut.lost.clone()));
        add("o", title.clone(), note, Choice::Scope(scope, title));
    }
    let note = "EDGE in CLASS, * in CLASS, CLASS, @ID".into();
    add("p", "Ignore by a pattern…".into(), note, Choice::IgnorePattern);
    turn.overlays.push(Overlay::Picker(Picker::new("What is ignored", items, 0)));
}

/// Counts one thing again, or all.
pub(super) fn restore(turn: &mut Turn<'_>, index: Option<usize>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    match index.filter(|&index| index < explorer.ignoring.things.len()) {
        Some(index) => drop(explorer.ignoring.things.remove(index)),
        None => explorer.ignoring.things.clear(),
    }
    explorer.ignoring.last = None;
    recount(turn);
}

pub(super) fn ask_pattern(turn: &mut Turn<'_>) {
    turn.prompt = Some(Prompt::new(PromptKind::Ignore, Line::default()));
}

/// Ignores what a pattern names.
pub(super) fn ignore_pattern(turn: &mut Turn<'_>, pattern: &str) {
    let Some(explorer) = turn.explorer_mut().filter(|_| !pattern.trim().is_empty()) else { return };
    let what = What::Pattern(pattern.trim().to_owned());
    explorer.ignoring.things.push(Thing { what, of: None, resolved: None });
    recount(turn);
}

/// Looks up what goes without all that is ignored now.
pub(super) fn recount(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.ignoring.things.is_empty() {
        turn.cancel(crate::tui::state::jobs::Slot::Question);
        let Some(explorer) = turn.explorer_mut() else { return };
        explorer.ignoring.now = None;
        // Nothing would go any more.
        if explorer.shows_list() {
            scopes::clear(turn);
        }
        show_anew(turn, false);
        return turn.say("all retainers count again");
    }
    let heap = explorer.heap.clone();
    let things = explorer.ignoring.things.clone();
    let set: Vec<NodeIx> = match (&explorer.held, explorer.retained()) {
        (Some(held), _) if Arc::ptr_eq(&held.heap, &heap) => held.level.objects().to_vec(),
        (None, Some(object)) if explorer.is_here(&object) => vec![object.node],
        _ => Vec::new(),
    };
    let task = Task::new(move |meter| {
        let each: Vec<Without> =
            things.iter().map(|thing| thing.what.resolve(&heap, meter)).collect::<crate::error::Result<_>>()?;
        let mut without = Without::default();
        each.iter().for_each(|one| without.add(one));
        Ok(Outcome::Ignored(Cut::of(&heap, &without, &set, meter)?, each))
    });
    work::ask(turn, "what would go without it", task);
}

pub(super) fn on_ignored(turn: &mut Turn<'_>, cut: Cut, each: Vec<Without>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    for (thing, resolved) in explorer.ignoring.things.iter_mut().zip(each) {
        thing.resolved = Some(resolved);
    }
    let said = cut.said();
    let (count, heap) = (explorer.ignoring.things.len(), explorer.heap.clone());
    // Whoever counts something again looks for the nearest way.
    let keeps = explorer.ignoring.now.as_ref().is_none_or(|before| before.ignored.is_part_of(&cut.ignored));
    explorer.ignoring.now = Some(Arc::new(cut));
    let last = explorer.ignoring.last.and_then(|index| explorer.ignoring.things.get(index));
    let switch = last.map(|thing| match whats(explorer, thing.of.as_ref().expect("a row was ignored")).len() {
        1 => String::new(),
        _ => format!(" (x: {})", thing.what.next_words()),
    });
    let what = match (last, count) {
        (Some(thing), _) => format!("ignored {}{}", thing.what.short_words(&heap), switch.unwrap_or_default()),
        (None, 1) => "1 ignored".to_owned(),
        (None, count) => format!("{} ignored", text::count(count as u64)),
    };
    show_anew(turn, keeps);
    turn.say(format!("{what}: {said}"));
}

/// The pane below, with what is ignored now.
fn show_anew(turn: &mut Turn<'_>, keeps: bool) {
    let Some(explorer) = turn.explorer_mut() else { return };
    match explorer.held.as_ref().map(|held| held.of.clone()) {
        Some(of) => held::look(turn, of),
        None => reopen(turn, keeps),
    }
}

/// The Retainers anew, along the path that is open if that is still one and to be kept, else along the nearest way that
/// is left; the cursor stays on a row that somebody has chosen where that is still seen.
fn reopen(turn: &mut Turn<'_>, keeps: bool) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(object) = explorer.retained() else { return };
    let Some(retaining) = explorer.retainers.as_mut() else { return };
    let path = keeps.then(|| retaining.path.clone()).filter(|path| !path.is_empty());
    let before = &mut retaining.pane;
    let (trail, offset) = (before.trail(), before.offset());
    let chosen = before.moved && !trail.is_empty();
    follow::reopen_retainers(turn, object, path, chosen.then_some(Work::Reveal { trail, offset }));
    if let Some(explorer) = turn.explorer_mut() {
        explorer.cursor.subject = None;
    }
}
