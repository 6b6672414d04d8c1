//! Enter: this row, wherever it leads.

use super::turn::Turn;
use super::{jump, leads, motion, scopes};
use crate::tui::state::focus::Focus;
use crate::tui::view::View;

/// Shows the current object in the other panes. From the Retainers it becomes the current object; of a function or a
/// native context its objects are shown; a suspect leads to its holder; a class opens.
pub(super) fn take(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.focus == Focus::Retainers {
        return jump::to_summary(turn);
    }
    let scope = explorer.current().and_then(|subject| subject.table.scope(subject.row));
    if let Some((scope, title)) = scope {
        return scopes::choose(turn, scope, title);
    }
    match explorer.current_object() {
        Some(object) => jump::take_object(turn, &object),
        None if explorer.view == View::SUSPECTS => leads::go(turn),
        None => motion::open(turn),
    }
}
