//! The timeline: which part of it is chosen.

use super::turn::Turn;
use super::{forms, scopes};
use crate::tui::layout;
use crate::tui::state::State;
use crate::tui::views::entry;
use crate::view::text;

/// What to do with the chosen part of the timeline.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    Earlier,
    Later,
    Shorter,
    Longer,
}

/// Chooses another part of the timeline; only what was allocated in it counts from then on.
pub(super) fn choose_range(turn: &mut Turn<'_>, range: Range) {
    let step = step(turn);
    let Some(timeline) = turn.explorer_mut().and_then(|explorer| explorer.timeline.as_mut()) else { return };
    match range {
        Range::Earlier => timeline.shift(false, step),
        Range::Later => timeline.shift(true, step),
        Range::Shorter => timeline.stretch(false, step),
        Range::Longer => timeline.stretch(true, step),
    }
    range_chosen(turn);
}

/// The intervals behind one bar of the picture.
fn step(state: &State) -> usize {
    let columns = layout::chart_columns(state);
    let timeline = state.explorer().and_then(|explorer| explorer.timeline.as_ref());
    timeline.and_then(|timeline| timeline.bars(columns).first().map(|bar| bar.len())).unwrap_or(1)
}

/// Only what was allocated in the chosen part counts.
pub(super) fn range_chosen(turn: &mut Turn<'_>) {
    // What a function has allocated is known of the whole recording alone: the rows become those of the part.
    if turn.explorer().is_some_and(|explorer| !entry(explorer.view).shows_scope(explorer)) {
        forms::next_form(turn);
    }
    let Some(timeline) = turn.explorer().and_then(|explorer| explorer.timeline.as_ref()) else { return };
    let (start, end) = timeline.seconds();
    if let Some(scope) = timeline.scope() {
        // The first interval of V8 ends when the recording begins.
        let title = match end <= 0.0 {
            true => "Objects allocated before the recording".to_owned(),
            false => format!("Objects allocated between {} and {}", text::seconds(start), text::seconds(end)),
        };
        scopes::limit(turn, scope, title);
    }
}
