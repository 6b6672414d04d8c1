//! Native contexts: what each owns, what they share, what belongs to none.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::analysis::sizes;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables;

pub(super) struct ContextsView;

impl Entry for ContextsView {
    fn view(&self) -> View {
        View::CONTEXTS
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<tables::contexts::Contexts>()
    }

    fn needs(&self) -> Needs {
        Needs::RetainedSizes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let heap = explorer.heap.clone();
        Some(Making::table("adding up native contexts", opening, move |_, meter| {
            let sizes = sizes::by_native_context(&heap, meter)?;
            Ok(tables::contexts::Contexts::level(heap, sizes))
        }))
    }

    fn beside_scopes(&self) -> Option<&'static str> {
        Some("Native contexts side by side")
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "there is nothing in the heap".into()
    }

    fn why_waiting(&self, state: &State, _explorer: &Explorer) -> String {
        match state.load() {
            Load::Stopped => "native contexts need retained sizes; loading was stopped".into(),
            _ => "native contexts follow the retained sizes…".into(),
        }
    }

    fn context(&self, _state: &State, _explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        [row_count(pane), "Native contexts".into()]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk contexts {}{}", line.file, line.below)
    }
}
