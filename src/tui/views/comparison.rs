//! What has come and gone since another snapshot.

use std::sync::Arc;

use super::entry::{CommandParts, Entry, Making, Needs, Opening, row_count};
use crate::analysis::compare::Comparison;
use crate::heap::Heap;
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::comparison::{Differences, warning};
use crate::view::text::{self, sanitize};

pub(super) struct ComparisonView;

/// The heap that it compares with, once that is loaded.
fn base_heap(state: &State, explorer: &Explorer) -> Option<Arc<Heap>> {
    let base = &state.snapshots[explorer.base?];
    base.heap.clone().filter(|_| base.load != Load::Running)
}

/// How many classes are not shown because nothing has changed in them, and the key that shows them.
fn hidden(explorer: &Explorer, pane: &TreePane) -> String {
    match pane.tree.table().quiet_rows().len() as u64 {
        0 => String::new(),
        _ if explorer.unchanged => String::new(),
        count => format!(", {} hidden ({})", text::count(count), key_of(Command::Unchanged)),
    }
}

impl Entry for ComparisonView {
    fn view(&self) -> View {
        View::COMPARISON
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<Differences>()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        // What the new objects retain is added up once.
        if state.load() == Load::Running {
            return None;
        }
        let (base, current, all) = (base_heap(state, explorer)?, explorer.heap.clone(), explorer.unchanged);
        let is_own = explorer.is_own();
        Some(Making::warning("comparing", opening, move |_, meter| {
            let comparison = match is_own {
                true => Comparison::of_own(base, current, meter)?,
                false => Comparison::new(base, current, meter)?,
            };
            let warning = warning(&comparison).map(|warning| warning.said);
            Ok(Some((Differences::level(Arc::new(comparison), all), warning)))
        }))
    }

    fn follows_own(&self, _explorer: &Explorer) -> bool {
        true
    }

    fn why_empty(&self, _state: &State, explorer: &Explorer) -> String {
        match explorer.is_own() {
            true => format!(
                "nothing of the program's own has changed between the two; {} shows all",
                key_of(Command::OwnCode)
            ),
            false => "nothing has changed between the two".into(),
        }
    }

    fn why_waiting(&self, state: &State, explorer: &Explorer) -> String {
        match explorer.base.map(|base| &state.snapshots[base]) {
            None if state.snapshots.len() == 1 => {
                "comparing takes two snapshots of one process: heapwalk before.heapsnapshot after.heapsnapshot".into()
            }
            None => {
                "nothing was given before this snapshot; w chooses what is shown and what it is compared with".into()
            }
            Some(base) => match (&base.problem, base.load) {
                (Some(problem), _) => format!("{}: {}", problem.place, sanitize(&problem.what)),
                _ if state.load() == Load::Running => format!("{} is still being loaded…", state.snapshot().title),
                (None, Load::Waiting) => format!("{} is loaded after this snapshot…", base.title),
                (None, _) => format!("{} is being loaded…", base.title),
            },
        }
    }

    fn context(&self, state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        let since = explorer.base.map_or_else(String::new, |base| format!("since {}", state.snapshots[base].title));
        // What narrow screens cut stands last.
        [format!("{}{} {since}", row_count(pane), hidden(explorer, pane)), since]
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        let all = if line.explorer.unchanged { " --all" } else { "" };
        format!("heapwalk compare {} {}{}{all}{}", line.base, line.file, line.own, line.below)
    }
}
