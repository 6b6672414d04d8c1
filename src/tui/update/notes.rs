//! Notes on rows.

use std::sync::Arc;

use super::turn::Turn;
use super::{filter, jump, show};
use crate::answers::report;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::picker::Item;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::subject::Subject;
use crate::tui::view::View;
use crate::tui::widgets::line::Line;
use crate::view::text::sanitize;

/// What the row under the cursor stands for, in words that last; nothing where it is not of the snapshot that is shown.
fn key_here(explorer: &mut Explorer) -> Option<String> {
    let Subject { table, row } = explorer.current()?;
    Arc::ptr_eq(table.heap_of(row), &explorer.heap).then(|| report::key(&*table, row))
}

/// Asks for a note on the row under the cursor.
pub(super) fn start(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(key) = key_here(explorer) else {
        return turn.say("no row of this snapshot here that a note could be on");
    };
    let text = explorer.notes.get(&key).cloned().unwrap_or_default();
    turn.prompt = Some(Prompt::new(PromptKind::Note, Line::new(text)));
}

/// A note has been written; an empty one goes.
pub(super) fn accept(turn: &mut Turn<'_>, text: &str) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(key) = key_here(explorer) else { return };
    let text = text.trim();
    let had =
        if text.is_empty() { explorer.notes.remove(&key) } else { explorer.notes.insert(key.clone(), text.to_owned()) };
    // Details of the row say something else now.
    explorer.cursor.subject = None;
    let shown = sanitize(&key).into_owned();
    turn.say(match (text.is_empty(), had.is_some()) {
        (true, true) => format!("the note on {shown} is gone"),
        (true, false) => "no note".to_owned(),
        (false, _) => format!("noted on {shown}; ' lists notes, W writes them to a file"),
    });
}

/// The notes, as lines of the list of marks.
pub(super) fn items(explorer: &Explorer) -> Vec<Item> {
    let item = |(key, note): (&String, &String)| Item {
        key: String::new(),
        text: format!("{}: {}", sanitize(key), sanitize(note)),
        note: "note".into(),
        choice: Choice::Note(key.clone()),
    };
    explorer.notes.iter().map(item).collect()
}

/// Goes to what a note is on: an object by its id, a class by its name.
pub(super) fn go(turn: &mut Turn<'_>, key: &str) {
    if let Some(id) = key.strip_prefix('@') {
        return jump::go_to_id(turn, id);
    }
    let note = turn.explorer().and_then(|explorer| explorer.notes.get(key)).cloned().unwrap_or_default();
    let Some(name) = key.strip_prefix("class ").and_then(|name| name.split(' ').next()) else {
        return turn.say(sanitize(&format!("{key}: {note}")).into_owned());
    };
    if let Some(explorer) = turn.explorer_mut() {
        explorer.leave();
    }
    show::show(turn, View::SUMMARY);
    filter::set(turn, format!("'{name}"));
    turn.say(sanitize(&format!("{note}; Esc shows all rows again")).into_owned());
}
