//! Several snapshots: which is shown, which it is compared with.

use super::turn::Turn;
use super::{filter, follow, queue, search, show, sums, work};
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::picker::{Item, Picker};
use crate::tui::state::Stage;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Focus;
use crate::tui::state::snapshot::{Load, Snapshot};
use crate::tui::view::View;
use crate::view::text;

/// Shows the snapshots to choose which is shown and which it is compared with.
pub(super) fn show_snapshots(turn: &mut Turn<'_>) {
    let base = turn.explorer().and_then(|explorer| explorer.base);
    let numbers = "123456789".chars();
    let letters = "abcdefghi".chars();
    let mut items = Vec::new();
    let mut add = |key: Option<char>, what: &str, index: usize, mark: &str, choice| {
        let snapshot = &turn.snapshots[index];
        let size =
            snapshot.heap.as_ref().map_or("not loaded yet".into(), |heap| text::bytes(heap.columns().file_bytes));
        let note = if mark.is_empty() { size } else { format!("{size} · {mark}") };
        let key = key.map_or_else(String::new, String::from);
        items.push(Item { key, text: format!("{what} {}", snapshot.title), note, choice });
    };
    for (index, key) in (0..turn.snapshots.len()).zip(numbers.map(Some).chain(std::iter::repeat(None))) {
        add(key, "show", index, if index == turn.shown { "shown" } else { "" }, Choice::Snapshot(index));
    }
    for (index, key) in (0..turn.snapshots.len()).zip(letters.map(Some).chain(std::iter::repeat(None))) {
        if index != turn.shown {
            let mark = if Some(index) == base { "compared with now" } else { "" };
            add(key, "compare with", index, mark, Choice::Base(index));
        }
    }
    for (key, text, command) in [
        ('+', "add one more", Command::AddSnapshot),
        ('r', "rename the one that is shown", Command::RenameSnapshot),
        ('-', "remove the one that is shown", Command::RemoveSnapshot),
    ] {
        let note = format!(":{}", key_of(command).trim_start_matches(':'));
        items.push(Item { key: key.into(), text: text.into(), note, choice: Choice::Run(command) });
    }
    let shown = turn.shown;
    turn.overlays.push(Overlay::Picker(Picker::new("Snapshots, oldest first", items, shown)));
}

/// Shows another of the snapshots; what was shown of this one is kept.
pub(super) fn show_snapshot(turn: &mut Turn<'_>, index: usize) {
    if index == turn.shown {
        return;
    }
    work::cancel_all(turn);
    turn.ahead.clear();
    // Whoever looks at the same thing in another snapshot stays where they are.
    if let Some(explorer) = turn.explorer() {
        turn.opens_with = Some(explorer.view);
    }
    let heap = turn.snapshots[index].heap.clone();
    let next = match (turn.snapshots[index].parked.take(), heap) {
        (Some(explorer), _) => Stage::Exploring(explorer),
        (None, heap) => match turn.snapshots[index].problem.clone().filter(|_| heap.is_none()) {
            Some(problem) => Stage::Failed(problem),
            None => Stage::Loading(heap),
        },
    };
    if let Stage::Exploring(explorer) = std::mem::replace(&mut turn.stage, next) {
        let shown = turn.shown;
        turn.snapshots[shown].parked = Some(explorer);
    }
    if let Some(view) = turn.opens_with
        && let Some(explorer) = turn.explorer_mut()
    {
        turn_to(explorer, view);
        turn.opens_with = None;
    }
    let before = std::mem::replace(&mut turn.shown, index);
    give_up_others(turn, before);
    catch_up(turn);
    queue::next_load(turn);
    let title = turn.snapshot().title.clone();
    turn.say(format!("{title}; w chooses another"));
}

fn turn_to(explorer: &mut Explorer, view: View) {
    if explorer.view != view {
        explorer.leave();
        explorer.view = view;
        explorer.focus = Focus::Main;
        explorer.selected.clear();
    }
}

/// Gives up the snapshots that are neither shown nor compared with, where they can be read again: however many were
/// given, two are in memory. What nothing is compared with leaves room for the one that was shown `before`.
fn give_up_others(turn: &mut Turn<'_>, before: usize) {
    let base = turn.explorer().map_or(turn.shown.checked_sub(1), |explorer| explorer.base);
    let (shown, loading) = (turn.shown, turn.loading);
    for (index, snapshot) in turn.snapshots.iter_mut().enumerate() {
        let is_kept = [Some(shown), base.or(Some(before)), loading].contains(&Some(index));
        if !is_kept && snapshot.load == Load::Complete && snapshot.again.is_some() {
            let (title, file, again) = (snapshot.title.clone(), snapshot.file.clone(), snapshot.again.take());
            *snapshot = Snapshot { again, ..Snapshot::new(title, file) };
        }
    }
}

/// What has arrived for a snapshot while another one was shown.
fn catch_up(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else {
        return sums::aggregate(turn);
    };
    let (complete, has_timeline) = (explorer.complete, explorer.timeline.is_some());
    explorer.cursor.retainers_stale = !explorer.has_retainers();
    if !complete {
        sums::aggregate(turn);
    }
    if !has_timeline && turn.load() == Load::Complete {
        sums::find_timeline(turn);
    }
    // Rows that were on their way when the other one was chosen.
    show::fill_scope(turn, None, true);
    filter::refilter(turn);
    search::catch_up(turn);
    show::ensure(turn);
    follow::rested(turn);
}

/// Compares with another of the snapshots.
pub(super) fn compare_with(turn: &mut Turn<'_>, index: usize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.base != Some(index) {
        explorer.base = Some(index);
        // Rows of another comparison mean other classes and objects.
        show::forget(turn, View::COMPARISON);
        let shown = turn.shown;
        give_up_others(turn, shown);
        show::ensure(turn);
    }
    queue::next_load(turn);
    show::show(turn, View::COMPARISON);
}
