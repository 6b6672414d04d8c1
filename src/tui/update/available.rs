//! Why a command does nothing here.

use crate::tui::commands::{Entry, Group, Place, TABLE};
use crate::tui::state::{Explorer, Focus, Stage, State, View};

/// The reason, or nothing when the command does something.
pub fn why_not(state: &State, entry: &Entry) -> Option<&'static str> {
    if entry.group == Group::Later {
        return Some("not built yet");
    }
    let explorer = match &state.stage {
        _ if entry.place == Place::Anywhere => return None,
        Stage::Loading(_) => return Some("the snapshot is still loading; Esc stops, q quits"),
        Stage::Failed(_) => return Some("there is nothing to show; q quits"),
        Stage::Exploring(explorer) => explorer,
    };
    let in_main = explorer.focus == Focus::Main;
    match entry.place {
        Place::Rows if in_main && explorer.view == View::Statistics => Some("Statistics has no rows; 1, 3 and 4 do"),
        Place::Retainers if in_main => Some("only in Retainers: Tab goes there"),
        Place::Dominators if !in_main || explorer.view != View::Dominators => Some("only in Dominators: 4 goes there"),
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
        Some((_, View::Summary)) => "Summary",
        Some((_, View::Containment)) => "Containment",
        Some((_, View::Dominators)) => "Dominators",
        Some((_, View::Statistics)) => "Statistics",
    }
}
