//! Marks, and the rows above a row.

use super::turn::Turn;
use super::{jump, notes};
use crate::answers::report;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::picker::{Item, Picker};
use crate::tui::state::focus::Focus;
use crate::tui::state::history::Mark;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::widgets::line::Line;
use crate::view::label;

pub(super) fn start_mark(turn: &mut Turn<'_>) {
    turn.prompt = Some(Prompt::new(PromptKind::Mark, Line::default()));
}

/// The letter of a mark has been typed.
pub(super) fn mark(turn: &mut Turn<'_>, letter: char) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let place = explorer.place();
    let row = explorer.main_pane_mut().and_then(|pane| pane.row());
    let node = row.as_ref().and_then(|row| row.node()).filter(|_| {
        let here = &explorer.heap;
        row.as_ref().is_some_and(|row| std::sync::Arc::ptr_eq(row.heap(), here))
    });
    let what = match row {
        Some(row) => match row.node() {
            Some(node) => label::short(row.heap(), node),
            None => report::name(&*row.table, row.row).trim().to_owned(),
        },
        None => "the top".into(),
    };
    explorer.marks.insert(letter, Mark { place, what: what.clone(), node });
    turn.say(format!("marked as {letter}: {what}; ' goes there"));
}

/// Shows the marks to choose from.
pub(super) fn show_marks(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let item = |(&letter, Mark { place, what, .. }): (&char, &Mark)| Item {
        key: letter.to_string(),
        text: what.clone(),
        note: format!("in {}", place.view.name()),
        choice: Choice::Mark(letter),
    };
    let mut items: Vec<_> = explorer.marks.iter().map(item).collect();
    items.extend(notes::items(explorer));
    if items.is_empty() {
        turn.say("no marks and notes yet: m and a letter marks a place, A notes a line");
        return;
    }
    turn.overlays.push(Overlay::Picker(Picker::new("Marks and notes", items, 0)));
}

pub(super) fn go_to_mark(turn: &mut Turn<'_>, letter: char) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(Mark { place, what, node }) = explorer.marks.get(&letter).cloned() else { return };
    explorer.leave();
    match node.filter(|_| place.trail.is_empty()) {
        Some(node) => jump::go_to(turn, node),
        None => jump::return_to(turn, place),
    }
    turn.say(format!("{what}; [ goes back"));
}

/// Shows the way from the top of the tree to the row under the cursor.
pub(super) fn show_breadcrumbs(turn: &mut Turn<'_>) {
    let Some(pane) = turn.explorer_mut().and_then(|explorer| explorer.focused_pane_mut()) else { return };
    let way = pane.tree.way_to(pane.cursor);
    let texts: Vec<String> = way.iter().map(|(table, row)| label::plain(&table.label(*row))).collect();
    if texts.len() < 2 {
        turn.say("this row is at the top: nothing stands above it");
        return;
    }
    let keys = "1234567890".chars();
    let items: Vec<_> = texts
        .into_iter()
        .enumerate()
        .map(|(level, row)| Item {
            key: keys.clone().nth(level).map_or_else(String::new, String::from),
            text: format!("{}{row}", "  ".repeat(level.min(20))),
            note: String::new(),
            choice: Choice::Level(level),
        })
        .collect();
    let above = items.len() - 2;
    turn.overlays.push(Overlay::Picker(Picker::new("Rows above", items, above)));
}

pub(super) fn go_to_level(turn: &mut Turn<'_>, level: usize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.focus == Focus::Main {
        explorer.leave();
    }
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let trail = pane.trail();
    let place = pane.tree.find_trail(&trail[..trail.len().min(level + 1)]);
    pane.move_to(place);
}
