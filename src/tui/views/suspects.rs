//! Where to look first.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::{Level, specs};
use crate::view::tables::suspects as rows;

pub(super) struct SuspectsView;

impl Entry for SuspectsView {
    fn view(&self) -> View {
        View::SUSPECTS
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<rows::Suspects>()
    }

    fn has_evidence(&self) -> bool {
        true
    }

    fn needs(&self) -> Needs {
        Needs::All
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let level = Level::clone(explorer.leads.suspects.get()?);
        Some(Making::table("sorting", opening, move |_, _| Ok(level)))
    }

    fn why_empty(&self, _state: &State, explorer: &Explorer) -> String {
        rows::nothing(files(explorer)).into()
    }

    fn why_waiting(&self, state: &State, explorer: &Explorer) -> String {
        match explorer.leads.suspects.why_not() {
            Some(why) => why.to_owned(),
            None if state.load() == Load::Stopped => "suspects need the whole snapshot; loading was stopped".into(),
            None if !explorer.heap.is_complete() => "suspects follow once the snapshot is complete…".into(),
            None if state.shown > 0 && explorer.leads.series.is_open() => {
                "the snapshots before this one are read, one after the other…".into()
            }
            None => "looking for suspects…".into(),
        }
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        let of = match (files(explorer), explorer.leads.series.why_not()) {
            (1, Some(why)) => format!("this snapshot alone: {why}"),
            (1, None) => "one snapshot".into(),
            (files, _) => format!("{files} snapshots"),
        };
        [format!("{} of {of}", row_count(pane)), of]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk suspects {}", line.series)
    }
}

/// How many snapshots they are of.
fn files(explorer: &Explorer) -> usize {
    explorer.leads.series.get().map_or(1, |series| series.briefs.len())
}
