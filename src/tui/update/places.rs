//! Marks, and the rows above a row.

use super::jump;
use crate::tui::overlays::{self, Overlay, Picker};
use crate::tui::state::{Focus, Prompt, PromptKind, State};
use crate::tui::widgets::line::Line;
use crate::view::label;
use crate::view::source::Content;
use crate::view::tree::Row;

pub fn start_mark(state: &mut State) {
    state.prompt = Some(Prompt { kind: PromptKind::Mark, line: Line::default() });
}

/// The letter of a mark has been typed.
pub fn mark(state: &mut State, letter: char) {
    let Some(explorer) = state.explorer_mut() else { return };
    let place = explorer.place();
    let row = explorer.main_pane_mut().and_then(|pane| pane.row());
    let what = match row {
        Some(row) => match row.item.node() {
            Some(node) => jump::name(&row.heap, node),
            None => explorer.main_pane().map_or_else(String::new, |pane| row_text(&pane.tree.source().content, &row)),
        },
        None => "the top".into(),
    };
    explorer.marks.insert(letter, (place, what.clone()));
    state.say(format!("marked as {letter}: {what}; ' goes there"));
}

/// Shows the marks to choose from.
pub fn show_marks(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let item = |(&letter, (place, what)): (&char, &(crate::tui::state::Place, String))| overlays::Item {
        key: letter.to_string(),
        text: what.clone(),
        note: format!("in {}", place.view.name()),
        choice: overlays::Choice::Mark(letter),
    };
    let items: Vec<_> = explorer.marks.iter().map(item).collect();
    if items.is_empty() {
        state.say("no marks yet: m and a letter marks a place");
        return;
    }
    state.overlays.push(Overlay::Picker(Picker::new("Marks", items, 0)));
}

pub fn go_to_mark(state: &mut State, letter: char) {
    let Some(explorer) = state.explorer_mut() else { return };
    let Some((place, what)) = explorer.marks.get(&letter).cloned() else { return };
    jump::leave(explorer);
    jump::return_to(state, place);
    state.say(format!("{what}; [ goes back"));
}

/// Shows the way from the top of the tree to the row under the cursor.
pub fn show_breadcrumbs(state: &mut State) {
    let Some(pane) = state.explorer_mut().and_then(|explorer| explorer.focused_pane_mut()) else { return };
    let trail = pane.trail();
    let content = pane.tree.source().content.clone();
    let texts: Vec<String> = (1..=trail.len())
        .filter_map(|levels| {
            let place = pane.tree.find_trail(&trail[..levels]);
            pane.tree.row(place).map(|row| row_text(&content, &row))
        })
        .collect();
    if trail.len() < 2 {
        state.say("this row is at the top: nothing stands above it");
        return;
    }
    let keys = "1234567890".chars();
    let items: Vec<_> = texts
        .into_iter()
        .enumerate()
        .map(|(level, row)| overlays::Item {
            key: keys.clone().nth(level).map_or_else(String::new, String::from),
            text: format!("{}{row}", "  ".repeat(level.min(20))),
            note: String::new(),
            choice: overlays::Choice::Level(level),
        })
        .collect();
    let above = items.len() - 2;
    state.overlays.push(Overlay::Picker(Picker::new("Rows above", items, above)));
}

/// A row as one text.
pub fn row_text(content: &Content, row: &Row) -> String {
    label::plain(&label::row(content, row))
}

pub fn go_to_level(state: &mut State, level: usize) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.focus == Focus::Main {
        jump::leave(explorer);
    }
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let trail = pane.trail();
    let place = pane.tree.find_trail(&trail[..trail.len().min(level + 1)]);
    pane.move_to(place);
}
