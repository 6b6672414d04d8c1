//! The lines one types in: filter, find, object id.

use crossterm::event::KeyCode;

use super::{jump, motion, places};
use crate::heap::Heap;
use crate::tui::keymap::Key;
use crate::tui::state::{Focus, Prompt, PromptKind, State, TreePane, View};
use crate::tui::widgets::line::Line;
use crate::view::text;

/// How many rows a search looks at before it gives an answer: some 20 ms.
const MOST_ROWS: usize = 20_000;

pub fn start(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let prompt = match (explorer.focus, explorer.view) {
        (Focus::Main, View::Summary) => {
            Prompt { kind: PromptKind::Filter, line: Line::new(explorer.summary.filter.clone()) }
        }
        _ => Prompt { kind: PromptKind::Find, line: Line::default() },
    };
    state.prompt = Some(prompt);
}

pub fn start_id(state: &mut State) {
    state.prompt = Some(Prompt { kind: PromptKind::Id, line: Line::default() });
}

pub fn on_prompt_key(state: &mut State, key: Key) {
    let Some(prompt) = &mut state.prompt else { return };
    match (key.code, key.ctrl) {
        (KeyCode::Esc, _) => return cancel(state),
        (KeyCode::Enter, _) => return accept(state),
        (KeyCode::Down, _) => return motion::by(state, 1),
        (KeyCode::Up, _) => return motion::by(state, -1),
        (KeyCode::Backspace, _) if prompt.line.is_empty() => return cancel(state),
        _ => match (key.letter(), prompt.kind) {
            (Some(letter), PromptKind::Mark) => {
                state.prompt = None;
                return places::mark(state, letter);
            }
            (Some('@' | ' '), PromptKind::Id) => {}
            (Some(letter), PromptKind::Id) if !letter.is_ascii_digit() => {
                state.say("an object id is a number: @45677");
            }
            _ => {
                prompt.line.on_key(key);
            }
        },
    }
    if state.prompt.as_ref().is_some_and(|prompt| prompt.kind == PromptKind::Filter) {
        filter(state);
    }
}

/// Filters the Summary by what is typed.
fn filter(state: &mut State) {
    let Some(text) = state.prompt.as_ref().map(|prompt| prompt.line.text().to_owned()) else { return };
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let sort = explorer.summary.pane.tree.sort();
    explorer.summary.filter = text;
    explorer.summary.rebuild(&heap, sort);
    explorer.summary.pane.touched = true;
}

fn cancel(state: &mut State) {
    let Some(prompt) = state.prompt.take() else { return };
    if prompt.kind == PromptKind::Filter {
        state.prompt = Some(Prompt { line: Line::default(), ..prompt });
        filter(state);
        state.prompt = None;
    }
}

fn accept(state: &mut State) {
    let Some(prompt) = state.prompt.take() else { return };
    match prompt.kind {
        PromptKind::Filter => told_by_filter(state),
        PromptKind::Find => {
            if let Some(explorer) = state.explorer_mut().filter(|_| !prompt.line.is_empty()) {
                explorer.needle = prompt.line.text().to_owned();
                next(state, true);
            }
        }
        PromptKind::Id => go_to_id(state, prompt.line.text()),
        PromptKind::Mark => {}
    }
}

fn told_by_filter(state: &mut State) {
    let Some(summary) = state.explorer().map(|explorer| &explorer.summary) else { return };
    let shown = text::sanitize(&summary.filter).into_owned();
    if let Some(problem) = &summary.problem {
        let text = format!("no filter: {}", text::sanitize(problem));
        state.warn(text);
    } else if summary.classes == 0 {
        state.warn(format!("no class matches “{shown}”; Esc clears the filter"));
    } else if !shown.is_empty() {
        let text = format!("{} of {} classes; Esc clears the filter", summary.classes, summary.all.len());
        state.say(text);
    }
}

fn go_to_id(state: &mut State, text: &str) {
    let Some(explorer) = state.explorer_mut() else { return };
    if text.is_empty() {
        return;
    }
    // More digits than a number can have: no object has that id either.
    let found = text.parse().ok().and_then(|id| explorer.heap.find_id(id));
    match found {
        Some(node) => {
            jump::leave(explorer);
            let said = jump::go_to(explorer, node);
            state.say(said);
        }
        None => state.warn(format!("no object has the id @{text}")),
    }
}

/// Goes to the next row, or the one before, that contains what was searched for last; round the end of the tree.
pub fn next(state: &mut State, forward: bool) {
    let Some(explorer) = state.explorer_mut() else { return };
    let needle = explorer.needle.to_lowercase();
    if needle.is_empty() {
        state.say("nothing searched for yet: / finds a row in trees");
        return;
    }
    let heap = explorer.heap.clone();
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let shown = text::sanitize(&needle).into_owned();
    match find_row(&heap, pane, &needle, forward) {
        Some(Found { place, of }) => {
            let wrapped = if forward { place <= pane.cursor } else { place >= pane.cursor };
            pane.move_to(place);
            let of = of.map_or_else(String::new, |(n, m)| format!(" {} of {}", text::count(n), text::count(m)));
            let end = if wrapped { ", round the end" } else { "" };
            state.say(format!("“{shown}”{of}{end}; n next, N before"));
        }
        None => {
            let rows = pane.len();
            let looked = if rows > MOST_ROWS {
                format!(
                    "the {} rows from here on; the tree has {} open",
                    text::count(MOST_ROWS as u64),
                    text::count(rows as u64)
                )
            } else {
                "the open rows; rows that are closed are not searched".into()
            };
            state.warn(format!("“{shown}” is not in {looked}"));
        }
    }
}

/// A row that was searched for.
struct Found {
    place: usize,
    /// Which of how many it is, where the tree is small enough to know.
    of: Option<(u64, u64)>,
}

fn find_row(heap: &Heap, pane: &mut TreePane, needle: &str, forward: bool) -> Option<Found> {
    let rows = pane.len();
    let cursor = pane.cursor;
    let mut matches = |place: usize| {
        let row = pane.tree.row(heap, place);
        row.is_some_and(|row| places::row_text(heap, &row.item).to_lowercase().contains(needle))
    };
    if rows <= MOST_ROWS {
        let all: Vec<usize> = (0..rows).filter(|&place| matches(place)).collect();
        let index = match forward {
            true => all.iter().position(|&place| place > cursor).unwrap_or(0),
            false => all.iter().rposition(|&place| place < cursor).unwrap_or(all.len().saturating_sub(1)),
        };
        let place = *all.get(index)?;
        return Some(Found { place, of: Some((index as u64 + 1, all.len() as u64)) });
    }
    let step_to = |step| if forward { (cursor + step) % rows } else { (cursor + rows - step) % rows };
    let place = (1..=MOST_ROWS).map(step_to).find(|&place| matches(place))?;
    Some(Found { place, of: None })
}
