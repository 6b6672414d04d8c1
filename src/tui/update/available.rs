//! Why a command does nothing here.

use super::find;
use crate::tui::commands::{Entry, Place, TABLE};
use crate::tui::state::{Explorer, Focus, Stage, State, View};

/// The reason, or nothing when the command does something.
pub fn why_not(state: &State, entry: &Entry) -> Option<&'static str> {
    let explorer = match &state.stage {
        _ if entry.place == Place::Anywhere => return None,
        Stage::Loading(_) => return Some("the snapshot is still loading; Esc stops, q quits"),
        Stage::Failed(_) => return Some("there is nothing to show; q quits"),
        Stage::Exploring(explorer) => explorer,
    };
    let in_main = explorer.focus == Focus::Main;
    match entry.place {
        Place::Rows if in_main && explorer.view == View::Statistics => Some("Statistics has no rows; other views do"),
        Place::Trees if find::has_filter(explorer.focused()) => Some("only where / finds: in trees and Retainers"),
        Place::Trees if in_main && explorer.view == View::Statistics => Some("Statistics has no rows; other views do"),
        Place::Retainers if in_main => Some("only in Retainers: Tab goes there"),
        Place::Grouped if !in_main || !matches!(explorer.view, View::Dominators | View::Allocation) => {
            Some("only in Dominators and Allocation: 4 and 6 go there")
        }
        Place::Timeline if !in_main || explorer.view != View::Allocation => Some("only in Allocation: 6 goes there"),
        Place::Timeline if explorer.timeline.is_none() => Some("this snapshot is no allocation timeline"),
        _ => None,
    }
}

/// The reasons for the whole table, in its order.
pub fn reasons(state: &State) -> Vec<Option<&'static str>> {
    TABLE.iter().map(|entry| why_not(state, entry)).collect()
}

/// The name of the pane with the keys.
pub fn pane_name(explorer: Option<&Explorer>) -> &'static str {
    match explorer.map(|explorer| (explorer.focus, explorer.view)) {
        None => "heapwalk",
        Some((Focus::Retainers, _)) => "Retainers",
        Some((_, view)) => view.name(),
    }
}
