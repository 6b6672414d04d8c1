//! Pure questions about the state: why a command does nothing here, why a pane is empty, what a pane is called.

use super::command::Command;
use super::commands::{Entry, Place};
use super::state::explorer::Explorer;
use super::state::focus::{Focus, PaneId};
use super::state::jobs::Slot;
use super::state::snapshot::Load;
use super::state::{Stage, State};
use super::view::View;
use super::views::entry;
use crate::analysis::statistics::Statistics;
use crate::answers::statistics::parts;
use crate::view::filter::NameFilter;

const NO_ROWS: &str = "Statistics has no rows; other views do";

/// The reason, or nothing when the command does something.
pub(crate) fn why_not(state: &State, command: &Entry) -> Option<&'static str> {
    let explorer = match &state.stage {
        _ if command.place == Place::Anywhere => return None,
        // What is typed filters the table once it is there.
        Stage::Loading(_) if command.command == Command::Find => return None,
        Stage::Loading(_) => return Some("the snapshot is still loading; Esc stops, q quits"),
        Stage::Failed(_) => return Some("there is nothing to show; q quits"),
        Stage::Exploring(explorer) => explorer,
    };
    let (in_main, view) = (explorer.focus == Focus::Main, entry(explorer.view));
    match command.place {
        Place::Rows if command.command == Command::Find => None,
        Place::Rows | Place::Trees if in_main && !view.has_rows() => Some(NO_ROWS),
        Place::Trees if has_filter(explorer.focused()) => Some("only where / finds: in trees and Retainers"),
        Place::Retainers if in_main => Some("only in Retainers: Tab goes there"),
        Place::Forms if !in_main || view.forms().is_empty() => {
            Some("only in Summary, Dominators, Allocation, Series and Picture: 1, 4, 6, 9 and V go there")
        }
        Place::Comparison if !in_main || explorer.view != View::COMPARISON => {
            Some("only in the Comparison: 2 goes there")
        }
        Place::Series if !in_main || explorer.view != View::SERIES => Some("only in the Series: 9 goes there"),
        Place::Picture if !in_main || !view.has_picture() => Some("only in the Picture: V goes there"),
        Place::Timeline if !in_main || !view.has_timeline() => Some("only in Allocation: 6 goes there"),
        Place::Timeline if explorer.timeline.is_none() => Some("this snapshot is no allocation timeline"),
        Place::Anywhere
        | Place::Heap
        | Place::Rows
        | Place::Trees
        | Place::Retainers
        | Place::Forms
        | Place::Timeline
        | Place::Comparison
        | Place::Series
        | Place::Picture => None,
    }
}

/// Tables are filtered, trees are searched.
pub(crate) fn has_filter(id: PaneId) -> bool {
    matches!(id, PaneId::Main(view) if entry(view).is_filtered())
}

/// The name of the pane with the keys.
pub(crate) fn pane_name(explorer: Option<&Explorer>) -> &'static str {
    match explorer.map(|explorer| (explorer.focus, explorer.view)) {
        None => "heapwalk",
        Some((Focus::Retainers, _)) => "Retainers",
        Some((_, view)) => view.name(),
    }
}

/// Why the main pane has no rows.
pub(crate) fn why_empty(state: &State, explorer: &Explorer) -> String {
    let view = entry(explorer.view);
    if let Some(reason) = explorer.missing.get(&explorer.view) {
        return reason.clone();
    }
    match explorer.main_pane() {
        _ if state.makes(explorer.view) => "just a moment…".into(),
        Some(pane) if !pane.filter.is_empty() => "nothing matches; Esc clears the filter".into(),
        Some(_) => view.why_empty(state, explorer),
        None => view.why_waiting(state, explorer),
    }
}

/// Why the Retainers pane is empty.
pub(crate) fn no_retainers(state: &State, explorer: &Explorer) -> &'static str {
    match (explorer.heap.retainers(), state.load()) {
        (None, Load::Running | Load::Waiting) => "retainers are being computed…",
        (None, _) => "retainers were not computed: loading was stopped",
        (Some(_), _) if state.job(Slot::Held).is_some() => "who holds all of these is being computed…",
        (Some(_), Load::Running | Load::Waiting) if explorer.cursor.set.is_some() => {
            "who holds all of these is computed once everything else is there…"
        }
        (Some(_), _) if explorer.cursor.set.is_some() => match explorer.complete {
            true => "who holds all of these is looked up once the cursor rests…",
            false => "who holds all of these was not computed: loading was stopped",
        },
        (Some(_), _) if explorer.cursor.object.is_none() => match explorer.main_pane() {
            Some(pane) if pane.len() == 0 => "there is no row whose retainers could be shown",
            pane => pane.map_or("", |pane| pane.tree.table().facts().no_object),
        },
        (Some(_), _) if state.follows_retainers() => "retainers are being looked up…",
        (Some(_), _) => "",
    }
}

/// The kinds of memory that have a text in their names.
pub(crate) fn kinds_found(statistics: &Statistics, needle: &str) -> Result<Vec<&'static str>, String> {
    let filter = NameFilter::to_find(needle)?;
    Ok(parts(statistics).iter().map(|part| part.name).filter(|name| filter.matches(name)).collect())
}
