//! Which snapshot is loaded next; what is remembered of it is looked up meanwhile.

use super::turn::Turn;
use super::work;
use crate::heap::Input;
use crate::tui::message::{Effect, Outcome, Task};
use crate::tui::state::Stage;
use crate::tui::state::jobs::Slot;
use crate::tui::state::snapshot::{Load, Snapshot};

/// Begins to load what is wanted next, unless something is loaded now: the snapshot that is shown, then the one it is
/// compared with.
pub(super) fn next_load(turn: &mut Turn<'_>) {
    if turn.loading.is_some() {
        return;
    }
    let is_done = matches!(turn.load(), Load::Complete | Load::Stopped);
    let base = turn.explorer().and_then(|explorer| explorer.base).filter(|_| is_done);
    let base = base.filter(|_| !turn.reads_series_first());
    // What a series needs and nobody can read again stays.
    let is_needed = |&index: &usize| is_done && turn.wants_leads() && turn.snapshots[index].again.is_none();
    let is_added = |&index: &usize| is_done && turn.snapshots[index].is_added;
    let wanted = [Some(turn.shown), base].into_iter().flatten().chain((0..turn.shown).filter(is_needed));
    let wanted = wanted.chain((0..turn.snapshots.len()).filter(is_added));
    let next = wanted.into_iter().find(|&index| turn.snapshots[index].load == Load::Waiting);
    if let Some(index) = next {
        turn.loading = Some(index);
        turn.snapshots[index].load = Load::Running;
        turn.progress = Default::default();
        recall(turn, index);
        turn.want(Effect::Load(index));
    }
}

/// Looks up what is remembered of a snapshot that is about to be loaded.
pub(super) fn recall(turn: &mut Turn<'_>, index: usize) {
    let snapshot = &turn.snapshots[index];
    let path = match snapshot.again.as_ref().map(|again| &again.input) {
        Some(Input::Path(path)) if snapshot.place.is_none() => path.clone(),
        _ => return,
    };
    let Some(memory) = turn.memory.clone() else { return };
    let task = Task::new(move |_| Ok(Outcome::Recalled(index, memory.recall(&path).map(Box::new))));
    work::start_aside(turn, Slot::Recall(index), task);
}

/// Loads the snapshot that is shown once more, where that was stopped or has failed.
pub(super) fn load_again(turn: &mut Turn<'_>) {
    if turn.load() != Load::Stopped {
        return turn.say("nothing to load again: this snapshot is there, or on its way");
    }
    if !turn.snapshot().can_be_read_again() {
        return turn.say("standard input can be read only once: start again to load it");
    }
    work::cancel_all(turn);
    turn.ahead.clear();
    let (shown, file) = (turn.shown, turn.snapshot().file.clone());
    let (title, again) = (turn.snapshot().title.clone(), turn.snapshot().again.clone());
    turn.snapshots[shown] = Snapshot { again, ..Snapshot::new(title, file) };
    turn.stage = Stage::Loading(None);
    next_load(turn);
}
