//! Objects of the whole heap that a query has found.

use super::entry::{CommandParts, Entry, Making, Needs, Opening};
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::jobs::Slot;
use crate::tui::state::pane::TreePane;
use crate::tui::state::search::{Search, Stage};
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::found::Found;
use crate::view::text;

pub(super) struct SearchView;

impl Entry for SearchView {
    fn view(&self) -> View {
        View::SEARCH
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<Found>()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let level = explorer.search.as_ref()?.level.clone();
        let opening = Opening { sort: opening.sort.or(Some(explorer.first_sort())), ..opening };
        Some(Making::table("sorting", opening, move |_, _| Ok(level)))
    }

    fn why_empty(&self, state: &State, explorer: &Explorer) -> String {
        let Some(search) = &explorer.search else { return String::new() };
        let change = key_of(Command::Query);
        match search.stage {
            Stage::Waiting if state.load() == Load::Stopped => {
                format!("what the query asks for was not computed: loading was stopped; {change} asks something else")
            }
            Stage::Waiting => "the query asks for what is still being computed…".into(),
            Stage::Running => "nothing found so far…".into(),
            Stage::Stopped => format!("stopped before anything was found; {change} Enter begins anew"),
            Stage::Done | Stage::Failed => {
                let notes: String = search.notes.iter().map(|note| format!("; {note}")).collect();
                format!("no object is found by this query, {change} changes it{notes}")
            }
        }
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        format!("{} asks for what to find in the whole heap", key_of(Command::Query))
    }

    fn title(&self) -> &'static str {
        "Search in the whole heap"
    }

    fn context(&self, state: &State, explorer: &Explorer, _pane: &TreePane) -> [String; 2] {
        let Some(search) = &explorer.search else { return [String::new(), String::new()] };
        let line = format!("{}{}", how_far(state, search), text::sanitize(search.query.text()));
        [line.clone(), line]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        let query = line.explorer.search.as_ref().map_or_else(
            || "QUERY".into(),
            |search| {
                // A dash would be read as an option.
                let word = text::shell_word(search.query.text());
                if word.starts_with('-') { format!("-- {word}") } else { word }
            },
        );
        format!("heapwalk find{} {} {query}", line.below, line.file)
    }
}

/// Whether that is all, before the query.
fn how_far(state: &State, search: &Search) -> String {
    match search.stage {
        Stage::Running => {
            let job = state.job(Slot::Search);
            let percent = job.and_then(|job| job.seen.flatten()).map_or_else(String::new, |done| format!(" {done} %"));
            format!("so far{percent}: ")
        }
        Stage::Stopped => "stopped: ".into(),
        Stage::Waiting | Stage::Done | Stage::Failed => String::new(),
    }
}
