//! What grew over all snapshots up to the one that is shown.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::over_snapshots::Measure;
use crate::view::tables::series::{self as rows, New, Opens};

pub(super) struct SeriesView;

impl Entry for SeriesView {
    fn view(&self) -> View {
        View::SERIES
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<rows::Courses>()
    }

    fn needs(&self) -> Needs {
        Needs::All
    }

    fn forms(&self) -> &'static [&'static str] {
        &["counts again", "shallow sizes; t again: retained sizes", "retained sizes; t again: counts"]
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let series = explorer.leads.series.get()?.clone();
        let measure = [Measure::Count, Measure::Shallow, Measure::Retained][explorer.form(View::SERIES)];
        let new = if explorer.came_and_stayed { New::CameAndStayed } else { New::SinceFirst };
        Some(Making::warning("sorting", opening, move |_, _| {
            let warning = rows::warning(&series);
            Ok(Some((rows::Courses::level(series, measure, new, Opens::First), warning)))
        }))
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "there is nothing in these snapshots".into()
    }

    fn why_waiting(&self, state: &State, explorer: &Explorer) -> String {
        match state.shown {
            0 if state.snapshots.len() > 1 => "nothing was given before this snapshot; w chooses a later one".into(),
            0 => "a series takes two snapshots and more: heapwalk 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot".into(),
            _ if !explorer.heap.is_complete() => "a series follows once the snapshot is complete…".into(),
            _ => match explorer.leads.series.why_not() {
                Some(why) => why.to_owned(),
                None => "the snapshots before this one are read, one after the other…".into(),
            },
        }
    }

    fn context(&self, state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        let of = format!("{} snapshots", state.shown + 1);
        let by = ["counts", "shallow sizes", "retained sizes"][explorer.form(View::SERIES)];
        let only = if explorer.came_and_stayed { " · below: came between 1 and 2" } else { "" };
        [format!("{} over {of} · {by}{only}", row_count(pane)), of]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        let came = if line.explorer.came_and_stayed { " --came-and-stayed" } else { "" };
        let by = ["", " --by shallow", " --by retained"][line.explorer.form(View::SERIES)];
        format!("heapwalk series {}{by}{came}{}", line.series, line.below)
    }
}
