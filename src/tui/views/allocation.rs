//! Who allocated what, and when: functions with their callers, and the timeline. By class where the snapshot has only a
//! timeline, or where somebody wants it so.

use std::sync::Arc;

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use super::summary::{scope, summary_line};
use crate::analysis::allocation::Functions;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::allocation::Allocations;
use crate::view::tables::classes::Classes;

pub(super) struct AllocationView;

fn shows_functions(explorer: &Explorer) -> bool {
    explorer.has_functions() && explorer.form(View::ALLOCATION) == 0
}

impl Entry for AllocationView {
    fn view(&self) -> View {
        View::ALLOCATION
    }

    fn columns(&self) -> Vec<&'static Spec> {
        [specs::<Allocations>(), specs::<Classes>()].concat()
    }

    fn columns_now(&self, explorer: &Explorer) -> Vec<&'static Spec> {
        if shows_functions(explorer) { specs::<Allocations>() } else { specs::<Classes>() }
    }

    fn has_timeline(&self) -> bool {
        true
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let (heap, is_own) = (explorer.heap.clone(), explorer.is_own());
        if shows_functions(explorer) {
            return Some(Making::warning("adding up allocations", opening, move |_, meter| {
                let functions = Functions::new(&heap, meter)?;
                Ok(functions.map(|functions| (Allocations::level(heap, Arc::new(functions), is_own), None)))
            }));
        }
        explorer.timeline.as_ref()?;
        let level = explorer.summary();
        let of_summary = || explorer.pane(PaneId::Main(View::SUMMARY)).map(|pane| pane.tree.sort());
        let sort = opening.sort.or_else(of_summary);
        Some(Making::table("sorting", Opening { sort, ..opening }, move |_, _| Ok(level)))
    }

    fn forms(&self) -> &'static [&'static str] {
        &["by function again", "what is still there, by class; t: by function"]
    }

    fn why_not_turned(&self, explorer: &Explorer) -> Option<&'static str> {
        let has_both = explorer.has_functions() && explorer.timeline.is_some();
        (!has_both).then_some("this snapshot has only one of the two: functions or a timeline")
    }

    fn follows_own(&self, explorer: &Explorer) -> bool {
        shows_functions(explorer)
    }

    fn shows_scope(&self, explorer: &Explorer) -> bool {
        !shows_functions(explorer)
    }

    fn why_empty(&self, _state: &State, explorer: &Explorer) -> String {
        match explorer.is_own() && shows_functions(explorer) {
            true => "no function of the program's own scripts has allocated anything; Esc shows all".into(),
            false => "nothing was allocated".into(),
        }
    }

    fn why_waiting(&self, _state: &State, explorer: &Explorer) -> String {
        match explorer.heap.columns().samples.timestamps_us.is_empty() || explorer.complete {
            true => "this snapshot does not say what was allocated when, or by whom: DevTools' “Allocation \
                     instrumentation on timeline” writes one that does (with stacks, if chosen)"
                .into(),
            false => "the timeline follows the retained sizes…".into(),
        }
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        match shows_functions(explorer) {
            true => [format!("Allocated by · {}", row_count(pane)), "Allocated by".into()],
            false => {
                let scope = scope(explorer);
                [format!("{scope} · {}", row_count(pane)), scope]
            }
        }
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        match shows_functions(line.explorer) {
            true => format!("heapwalk allocation {}{}{}", line.file, line.own, line.below),
            false => summary_line(line),
        }
    }
}
