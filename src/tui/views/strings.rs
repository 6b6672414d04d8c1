//! Texts that are there more than once.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::analysis::duplicates;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables;

pub(super) struct StringsView;

impl Entry for StringsView {
    fn view(&self) -> View {
        View::STRINGS
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<tables::strings::Strings>()
    }

    fn needs(&self) -> Needs {
        Needs::All
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let heap = explorer.heap.clone();
        Some(Making::table("looking for duplicated strings", opening, move |_, meter| {
            let groups = duplicates::groups(&heap, meter)?;
            Ok(tables::strings::Strings::level(heap, groups))
        }))
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "no text is there twice".into()
    }

    fn why_waiting(&self, state: &State, _explorer: &Explorer) -> String {
        match state.load() {
            Load::Stopped => "strings need retained sizes; loading was stopped".into(),
            _ => "strings follow the retained sizes…".into(),
        }
    }

    fn context(&self, _state: &State, _explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        [format!("Duplicated strings · {}", row_count(pane)), "Duplicated strings".into()]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk strings {}{}", line.file, line.below)
    }
}
