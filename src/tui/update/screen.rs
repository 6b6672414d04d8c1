//! The screen itself: its colours and units, which pane has the keys, how large the panes are.

use super::turn::Turn;
use crate::tui::available::no_retainers;
use crate::tui::layout;
use crate::tui::message::Effect;
use crate::tui::state::focus::Focus;
use crate::view::text;

pub(super) fn next_theme(turn: &mut Turn<'_>) {
    turn.palette = turn.palette.next();
    turn.palette_chosen = true;
    let palette = turn.palette;
    turn.say(format!("colours: {}", palette.name()));
    turn.want(Effect::Theme(palette));
}

pub(super) fn exact_bytes(turn: &mut Turn<'_>) {
    turn.exact = !turn.exact;
    let text = if turn.exact { "sizes in bytes".into() } else { format!("sizes in {}", text::units()) };
    turn.say(text);
}

pub(super) fn switch_pane(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => explorer.focus = Focus::Main,
        Focus::Main if explorer.has_retainers() => explorer.focus = Focus::Retainers,
        Focus::Main => {
            if let Some(explorer) = turn.explorer() {
                let reason = no_retainers(turn, explorer);
                turn.say(reason);
            }
        }
    }
}

pub(super) fn zoom(turn: &mut Turn<'_>) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.zoomed = !explorer.zoomed;
    }
}

pub(super) fn resize_pane(turn: &mut Turn<'_>, rows: i16) {
    let (panes, share) = (layout::areas(turn), turn.retainers_height);
    let Some(explorer) = turn.explorer_mut() else { return };
    if panes.main.is_none() || panes.retainers.is_none() {
        turn.say("there is one pane on the screen; its size is that of the screen");
        return;
    }
    let rows = if explorer.focus == Focus::Retainers { rows } else { -rows };
    explorer.extra_retainers = layout::allowed_extra(panes.body_height, share, explorer.extra_retainers + rows);
}
