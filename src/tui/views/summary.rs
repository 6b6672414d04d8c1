//! Objects by class, of a whole heap or of a scope.

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::analysis::grouping::{By, Files};
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::classes::Classes;
use crate::view::tables::groups::{ByFile, ByPackage, Groups};
use crate::view::text::{self, sanitize};

pub(super) struct SummaryView;

impl Entry for SummaryView {
    fn view(&self) -> View {
        View::SUMMARY
    }

    fn columns(&self) -> Vec<&'static Spec> {
        [specs::<Classes>(), specs::<Groups<ByFile>>(), specs::<Groups<ByPackage>>()].concat()
    }

    fn columns_now(&self, explorer: &Explorer) -> Vec<&'static Spec> {
        match explorer.by() {
            None => specs::<Classes>(),
            Some(By::File) => specs::<Groups<ByFile>>(),
            Some(By::Package) => specs::<Groups<ByPackage>>(),
        }
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let rows = explorer.scope_rows(View::SUMMARY);
        let sort = opening.sort.or(Some(explorer.first_sort()));
        Some(Making::table("sorting", Opening { sort, ..opening }, move |_, meter| rows.level(meter)))
    }

    fn forms(&self) -> &'static [&'static str] {
        &["by class again", "by file; t again: by package", "by package of node_modules; t again: by class"]
    }

    fn why_not_turned(&self, explorer: &Explorer) -> Option<&'static str> {
        let are_told = Files::are_told(&explorer.heap);
        (!are_told).then_some("this snapshot does not say which scripts its objects stand in: by class only")
    }

    fn shows_scope(&self, _explorer: &Explorer) -> bool {
        true
    }

    fn why_empty(&self, _state: &State, explorer: &Explorer) -> String {
        match explorer.scope() {
            Some(_) => "no object is in this scope; Esc shows all".into(),
            None => "no object has a size".into(),
        }
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        String::new()
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        let scope = match explorer.by() {
            None => scope(explorer),
            Some(by) => format!("{} by {}", scope(explorer), word(by)),
        };
        let found = explorer.leads.suspects.get().map(|rows| rows.len() as u64);
        let suspects = match found {
            None | Some(0) => String::new(),
            Some(1) => format!(" · 1 suspect: {}", key_of(Command::Show(View::SUSPECTS))),
            Some(found) => format!(" · {} suspects: {}", text::count(found), key_of(Command::Show(View::SUSPECTS))),
        };
        [format!("{scope} · {}{suspects}", row_count(pane)), scope]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        summary_line(line)
    }
}

/// What counts, in words.
pub(super) fn scope(explorer: &Explorer) -> String {
    let scope = explorer.scope();
    scope.map_or_else(|| "All objects".into(), |scoped| sanitize(&scoped.title).into_owned())
}

/// The word for it, in a sentence and on the command line.
fn word(by: By) -> &'static str {
    match by {
        By::File => "file",
        By::Package => "package",
    }
}

pub(super) fn summary_line(line: &CommandParts<'_>) -> String {
    let by = line.explorer.by().filter(|_| line.explorer.view == View::SUMMARY);
    let by = by.map_or_else(String::new, |by| format!(" --by {}", word(by)));
    format!("heapwalk summary {}{by}{}", line.file, line.limits)
}
