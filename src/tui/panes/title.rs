//! The first line: the file and its heap, and what is being computed.

use ratatui::layout::Rect;

use super::loading;
use crate::tui::state::jobs::{Job, Slot};
use crate::tui::state::snapshot::Load;
use crate::tui::state::{Stage, State};
use crate::tui::theme::Ui;
use crate::tui::view::View;
use crate::tui::widgets::canvas::Canvas;
use crate::view::cut::{cut, width};
use crate::view::text;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let mut left = state.snapshot().title.clone();
    if let Some(explorer) = state.explorer() {
        let heap = &explorer.heap;
        // The objects and bytes of the Summary: nodes of no size are no objects to anybody.
        let objects: u64 = explorer.classes.iter().map(|row| row.count).sum();
        let size = heap
            .total_size()
            .unwrap_or_else(|| explorer.classes.iter().fold(0u64, |sum, row| sum.saturating_add(row.shallow)));
        left.push_str(&format!(
            " · file {}{} · {} · heap {} · {}",
            text::bytes(heap.columns().file_bytes),
            if heap.is_from_cache() { ", cached" } else { "" },
            text::objects(objects),
            text::bytes(size),
            heap.producer()
        ));
        if heap.columns().is_cut_off {
            // In front, where no narrow screen cuts it.
            left = format!("CUT OFF, names are missing: {left}");
        }
    }
    if state.snapshots.len() > 1 {
        left = format!("{} of {} {left}", state.shown + 1, state.snapshots.len());
    }
    let right = going_on(state, area.width);
    // The version of the engine goes before anything is cut.
    let taken = if right.is_empty() { 2 } else { width(&right) + 4 };
    if width(&left) + taken > area.width as usize
        && let Some((start, _)) = left.rsplit_once(" (V8 ").filter(|_| left.ends_with(')'))
    {
        left.truncate(start.len());
    }
    canvas.two_ends(area, (&left, Ui::Title), (&right, Ui::Info));
}

/// What is being computed.
fn going_on(state: &State, columns: u16) -> String {
    // What is done before anybody notices is not worth a word.
    let view = state.explorer().map(|explorer| explorer.view);
    let stops = |slot: Slot| match slot {
        // What nobody waits for goes on.
        Slot::Series | Slot::Suspects => matches!(view, Some(View::SERIES | View::SUSPECTS)),
        _ => true,
    };
    let said =
        |job: &'_ Job| Some((job.text.clone(), job.seen?, stops(job.slot))).filter(|(text, ..)| !text.is_empty());
    let question = state.job(Slot::Question).and_then(said);
    let change = || state.jobs.iter().rev().find_map(said);
    match (question.or_else(change), state.loading, &state.stage) {
        (Some((text, share, stops)), _, _) => {
            let share = share.map_or_else(String::new, |percent| format!(" {percent} %"));
            format!("{text}…{share}{}", if stops { " Esc stops" } else { "" })
        }
        (None, Some(index), Stage::Exploring(_)) if index == state.shown => {
            loading::computing(&state.progress, columns)
        }
        (None, Some(index), Stage::Exploring(_)) => {
            format!("loading {}  {}", cut(&state.snapshots[index].title, 30), loading::computing(&state.progress, 0))
        }
        (None, Some(index), Stage::Loading(None)) if index != state.shown => {
            format!("after {}  {}", cut(&state.snapshots[index].title, 30), loading::computing(&state.progress, 0))
        }
        (None, _, Stage::Loading(_)) => loading::title(&state.progress, columns),
        (None, None, Stage::Exploring(_)) if state.load() == Load::Stopped => "stopped".into(),
        _ => String::new(),
    }
}
