//! Objects by class, of a whole heap or of a scope.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::classes::Classes;
use crate::view::text::sanitize;

pub(super) struct SummaryView;

impl Entry for SummaryView {
    fn view(&self) -> View {
        View::SUMMARY
    }

    fn keys(&self) -> &'static [&'static str] {
        &["1"]
    }

    fn names(&self) -> [&'static str; 3] {
        ["Summary", "Summary", "Sum"]
    }

    fn command(&self) -> &'static str {
        "summary"
    }

    fn doc(&self) -> &'static str {
        "Summary: objects by class"
    }

    fn columns(&self, _explorer: &Explorer) -> Vec<&'static Spec> {
        specs::<Classes>()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer) -> Option<Making> {
        let level = explorer.summary();
        let opening = Opening { sort: Some(explorer.first_sort()), ..Opening::default() };
        Some(Making::table("sorting", opening, move |_, _| Ok(level)))
    }

    fn shows_scope(&self, _explorer: &Explorer) -> bool {
        true
    }

    fn why_empty(&self, _state: &State, explorer: &Explorer) -> String {
        match explorer.scope {
            Some(_) => "no object is in this scope; Esc shows all".into(),
            None => "no object has a size".into(),
        }
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        String::new()
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        let scope = scope(explorer);
        [format!("{scope} · {}", row_count(pane)), scope]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        summary_line(line)
    }
}

/// What counts, in words.
pub(super) fn scope(explorer: &Explorer) -> String {
    let scope = explorer.scope.as_ref();
    scope.map_or_else(|| "All objects".into(), |scoped| sanitize(&scoped.title).into_owned())
}

pub(super) fn summary_line(line: &CommandParts<'_>) -> String {
    format!("heapwalk summary {}{}", line.file, line.limits)
}
