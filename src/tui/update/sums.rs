//! What is asked of a heap as soon as it is there: the sums of its classes, its timeline.

use super::turn::Turn;
use super::work;
use crate::analysis::aggregates;
use crate::base::fault;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::jobs::Slot;
use crate::tui::state::timeline::Timeline;

/// Asks for the sums of all classes as the heap is now. A second wish while a worker is at it waits; a third is the
/// same as the second.
pub(super) fn aggregate(turn: &mut Turn<'_>) {
    let Some(heap) = turn.shown_heap() else { return };
    if turn.job(Slot::Classes).is_some() {
        turn.classes_stale = true;
        return;
    }
    turn.classes_stale = false;
    let task = Task::new(move |meter| {
        fault::provoke("aggregate");
        let classes = aggregates::aggregate(&heap, |_| true, meter)?;
        Ok(Outcome::Classes(heap, classes))
    });
    work::start(turn, Slot::Classes, "", task);
}

/// Looks for the timeline of the snapshot that is shown.
pub(super) fn find_timeline(turn: &mut Turn<'_>) {
    let Some(heap) = turn.shown_heap() else { return };
    let task = Task::new(move |meter| {
        let timeline = Timeline::of(&heap, meter)?;
        Ok(Outcome::Timeline(heap, timeline))
    });
    work::start(turn, Slot::Timeline, "", task);
}
