//! What kinds of things take the memory. Has no rows.

use super::entry::{CommandParts, Entry, Making, Needs, Opening};
use crate::analysis::statistics;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Pane;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;

pub(super) struct StatisticsView;

impl Entry for StatisticsView {
    fn view(&self) -> View {
        View::STATISTICS
    }

    fn columns(&self) -> Vec<&'static Spec> {
        Vec::new()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    fn has_rows(&self) -> bool {
        false
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer, _opening: Opening) -> Option<Making> {
        let heap = explorer.heap.clone();
        Some(Making::pane("adding up kinds of memory", move |meter| {
            Ok(Some(Pane::Statistics(statistics::compute(&heap, meter)?)))
        }))
    }

    fn why_empty(&self, state: &State, explorer: &Explorer) -> String {
        self.why_waiting(state, explorer)
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        "statistics follow the retained sizes…".into()
    }

    fn context(&self, _state: &State, _explorer: &Explorer, _pane: &TreePane) -> [String; 2] {
        Default::default()
    }

    fn title(&self) -> &'static str {
        "Kinds of memory"
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk statistics {}", line.file)
    }
}
