//! Marks, and the rows above a row.

use super::jump;
use crate::tui::overlays::{self, Overlay, Picker};
use crate::tui::state::{Focus, Prompt, PromptKind, State};
use crate::tui::widgets::line::Line;
use crate::view::label;
use crate::view::list::Item;
use crate::view::text;

pub fn start_mark(state: &mut State) {
    state.prompt = Some(Prompt { kind: PromptKind::Mark, line: Line::default() });
}

/// The letter of a mark has been typed.
pub fn mark(state: &mut State, letter: char) {
    let Some(explorer) = state.explorer_mut() else { return };
    let place = explorer.place();
    let heap = explorer.heap.clone();
    let what = match place.trail.last() {
        Some(Item::Class(row)) => text::safe(heap.classes().name(row.class)),
        Some(item) => item.node().map_or_else(String::new, |node| jump::name(&heap, node)),
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
        note: format!("in {:?}", place.view),
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
    jump::return_to(explorer, &place);
    state.say(format!("{what}; [ goes back"));
}

/// Shows the way from the top of the tree to the row under the cursor.
pub fn show_breadcrumbs(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let trail = pane.tree.trail(&heap, pane.cursor);
    if trail.len() < 2 {
        state.say("this row is at the top: nothing stands above it");
        return;
    }
    let keys = "1234567890".chars();
    let items: Vec<_> = trail
        .iter()
        .enumerate()
        .map(|(level, item)| overlays::Item {
            key: keys.clone().nth(level).map_or_else(String::new, String::from),
            text: format!("{}{}", "  ".repeat(level.min(20)), row_text(&heap, item)),
            note: String::new(),
            choice: overlays::Choice::Level(level),
        })
        .collect();
    let above = items.len() - 2;
    state.overlays.push(Overlay::Picker(Picker::new("Rows above", items, above)));
}

/// A row as one text.
pub fn row_text(heap: &crate::heap::Heap, item: &Item) -> String {
    match *item {
        Item::Class(row) => text::safe(heap.classes().name(row.class)),
        Item::Object(node) => label::plain(&label::object(heap, node)),
        Item::Reference { edge, node } => label::plain(&label::reference(heap, edge, node)),
        Item::Retainer { edge, node } => label::plain(&label::retainer(heap, edge, node)),
    }
}

pub fn go_to_level(state: &mut State, level: usize) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    if explorer.focus == Focus::Main {
        jump::leave(explorer);
    }
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let trail = pane.tree.trail(&heap, pane.cursor);
    let place = pane.tree.find_trail(&heap, &trail[..trail.len().min(level + 1)]);
    pane.move_to(place);
}
