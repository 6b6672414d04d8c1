//! The last line: what is typed, what has happened, or what can be pressed.

use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use crate::error::QueryMistake;
use crate::tui::available::{has_filter, why_not};
use crate::tui::command::Command;
use crate::tui::keymap::{all, key_of};
use crate::tui::overlays::{self, Overlay};
use crate::tui::state::focus::Focus;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::state::{Stage, State};
use crate::tui::theme::Ui;
use crate::tui::view::View;
use crate::tui::widgets::canvas::Canvas;
use crate::view::caret;
use crate::view::cut::{cut, width, wrap_words};
use crate::view::text;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    if let Some(prompt) = &state.prompt {
        draw_prompt(canvas, area, state, prompt);
    } else if let Some(notice) = &state.notice {
        let below = Rect { y: area.y + 1, ..area };
        draw_above(canvas, below, &notice.text, notice.kind);
    } else {
        draw_hints(canvas, area, state);
    }
}

/// What stands before a line that is typed, and what can be done in it.
fn said_of(prompt: &Prompt) -> (&'static str, &'static str) {
    match prompt.kind {
        PromptKind::Filter => ("/", "  Enter keeps, Esc clears; 'exact /regex/ !not"),
        PromptKind::Find => ("find: ", "  Enter finds, Esc leaves"),
        PromptKind::Query if prompt.line.is_empty() => ("F ", "  text, /pattern/, conditions; Tab completes, ↑ older"),
        PromptKind::Query => ("F ", "  Enter finds, Esc leaves"),
        PromptKind::Id => ("@", "  Enter goes there, Esc leaves"),
        PromptKind::Ignore => ("ignore: ", "  EDGE in CLASS, * in CLASS, CLASS or @ID; Enter ignores, Esc leaves"),
        PromptKind::Note => ("note: ", "  Enter keeps it, empty: none; Esc leaves"),
        PromptKind::Report => ("write to: ", "  Enter writes the file, Esc leaves"),
        PromptKind::Add => ("add: ", "  a file; Tab completes, Enter adds it, Esc leaves"),
        PromptKind::Rename => ("rename: ", "  Enter renames, Esc leaves"),
        PromptKind::Mark => ("mark: ", "  a letter marks this place, Esc leaves"),
    }
}

fn draw_prompt(canvas: &mut Canvas<'_>, area: Rect, state: &State, prompt: &Prompt) {
    let (name, hint) = said_of(prompt);
    let place = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let x = overlays::draw_typed(canvas, place, name, &prompt.line);
    let left = area.right().saturating_sub(x + 1) as usize;
    // What is only not finished yet needs no caret.
    let mistake = prompt.mistake.as_deref();
    let unfinished = mistake.filter(|mistake| mistake.at.start >= prompt.line.text().trim_end().len());
    if let Some(mistake) = mistake.filter(|_| unfinished.is_none()) {
        draw_caret(canvas, area, prompt, mistake);
    }
    // What is said must not hide the caret.
    let above = Rect { y: area.y.saturating_sub((prompt.kind == PromptKind::Query) as u16), ..area };
    let problem = || {
        let pane = state.explorer()?.focused_pane().filter(|_| prompt.kind == PromptKind::Filter)?;
        pane.problem.as_deref().map(|problem| format!("no pattern yet: {}", text::sanitize(problem)))
    };
    let said = state.notice.as_ref().map(|notice| (notice.text.clone(), notice.kind));
    match said.or_else(|| problem().map(|problem| (problem, Ui::Warning))) {
        Some((said, part)) if width(&said) + 2 > left => draw_above(canvas, above, &said, part),
        Some((said, part)) => drop(canvas.buffer.set_stringn(x + 2, area.y, said, left, canvas.theme.ui(part))),
        None => {
            let expected = unfinished.map(|mistake| format!("  {}", text::sanitize(&mistake.problem)));
            let hint = expected.as_deref().unwrap_or(hint);
            canvas.buffer.set_stringn(x, area.y, cut(hint, left), left, canvas.theme.ui(Ui::Dim));
        }
    }
}

/// So many lines say what has happened.
const MOST_SAID: usize = 4;

/// What is said, whole, above a line: where one line has no room for it, over the rows there, until the next key.
fn draw_above(canvas: &mut Canvas<'_>, below: Rect, text: &str, part: Ui) {
    let room = below.width.saturating_sub(2) as usize;
    let lines = wrap_words(text, room, MOST_SAID.min(below.y.into()));
    let top = below.y - lines.len() as u16;
    for (y, line) in (top..).zip(lines) {
        let place = Rect { y, height: 1, ..below };
        Clear.render(place, canvas.buffer);
        canvas.buffer.set_stringn(place.x + 1, y, line, room, canvas.theme.ui(part));
    }
}

/// A caret above what cannot be read in the line that is typed, and what was expected there.
fn draw_caret(canvas: &mut Canvas<'_>, line: Rect, prompt: &Prompt, mistake: &QueryMistake) {
    let Some(y) = line.y.checked_sub(1) else { return };
    let (name, _) = said_of(prompt);
    let room = line.width as usize;
    canvas.buffer.set_stringn(line.x, y, " ".repeat(room), room, canvas.theme.ui(Ui::Dim));
    let (start, length) = caret::place(mistake);
    // Of a line that is too long the beginning is not shown.
    let (before, under, _) = prompt.line.parts();
    let cursor = width(&text::sanitize(before)) + width(&text::sanitize(under)).max(1);
    let hidden = (cursor + width(name)).saturating_sub(room.saturating_sub(2));
    let start = (1 + width(name) + start).saturating_sub(hidden);
    let length = length.min(room.saturating_sub(start + 1)).max(1);
    let problem = text::sanitize(&mistake.problem);
    let style = canvas.theme.ui(Ui::Warning);
    canvas.buffer.set_stringn(line.x + start as u16, y, "▼".repeat(length), length, style);
    let behind = start + length + 1;
    if behind + width(&problem) < room || behind < room / 2 {
        let left = room.saturating_sub(behind + 1);
        canvas.buffer.set_stringn(line.x + behind as u16, y, cut(&problem, left), left, style);
    } else {
        let left = start.saturating_sub(2);
        let shown = cut(&problem, left);
        canvas.buffer.set_stringn(line.x + (start - 1 - width(&shown)) as u16, y, shown, left, style);
    }
}

/// From here on there is room for the hints that are not needed to begin.
const WIDE_HINTS: u16 = 100;

/// What can be pressed, but how to leave: keys and words.
fn hints(state: &State, narrow: bool) -> Vec<(String, String)> {
    let mut hints: Vec<(String, String)> = Vec::new();
    let others = (state.snapshots.len() > 1).then(|| (key_of(Command::Snapshots), "snapshots".to_owned()));
    match &state.stage {
        _ if !state.overlays.is_empty() => hints.extend(state.overlays.last().map(overlays::hints).unwrap_or_default()),
        Stage::Loading(_) => {
            hints.push(("Esc".into(), "stop".into()));
            hints.push((key_of(Command::Find), "filter".into()));
            hints.extend(others);
        }
        Stage::Failed(_) => {
            if state.snapshot().can_be_read_again() {
                hints.push((key_of(Command::LoadAgain), "load again".into()));
            }
            hints.extend(others);
        }
        Stage::Exploring(explorer) => {
            // Where there are several, one wants to get to the others.
            hints.extend(others);
            let in_tree = !has_filter(explorer.focused());
            let in_retainers = explorer.focus == Focus::Retainers;
            if explorer.zoomed {
                // Who has forgotten it looks for the other pane.
                hints.push((key_of(Command::Zoom), "both panes".into()));
            }
            for entry in all().iter().filter(|entry| !entry.hint.is_empty() && why_not(state, entry).is_none()) {
                let word = match entry.command {
                    Command::Find if in_tree => "find",
                    Command::Take if !in_retainers => continue,
                    Command::ShowRetainers | Command::GoToId | Command::SortNext if in_retainers => continue,
                    Command::NextPath if !in_retainers => continue,
                    Command::Copy | Command::Scope | Command::Query if narrow => continue,
                    Command::Scope if explorer.view != View::SUMMARY || in_retainers => continue,
                    Command::Details if narrow && in_retainers => continue,
                    // At the end, where it is always found.
                    Command::Quit => continue,
                    _ => entry.hint,
                };
                hints.push((key_of(entry.command), word.to_owned()));
            }
        }
    }
    hints
}

fn draw_hints(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let mut hints = hints(state, area.width < WIDE_HINTS);
    let is_typed = state.overlays.last().is_some_and(Overlay::is_typed_into);
    // In a window the same key closes it, where it is no letter of what is typed.
    let quit = match state.overlays.last() {
        None => (key_of(Command::Quit), "quit".to_owned()),
        Some(Overlay::Picker(_)) if is_typed => ("Esc".into(), "close".into()),
        Some(_) if is_typed => ("Esc".into(), "leave".into()),
        Some(_) => (key_of(Command::Quit), "close".to_owned()),
    };
    let wide = |hint: &(String, String)| width(&hint.0) + 1 + width(&hint.1) + 2;
    let room = (area.width as usize).saturating_sub(1);
    while hints.iter().map(wide).sum::<usize>() + wide(&quit) > room + 2 && !hints.is_empty() {
        // Help stays: it knows what has no room.
        let last = hints.len() - 1;
        hints.remove(if last > 0 { last - 1 } else { last });
    }
    hints.push(quit);
    let mut x = area.x + 1;
    for (key, word) in hints {
        (x, _) = canvas.buffer.set_stringn(x, area.y, key, room, canvas.theme.ui(Ui::Key));
        (x, _) = canvas.buffer.set_stringn(x + 1, area.y, word, room, canvas.theme.ui(Ui::Dim));
        x += 2;
    }
}
