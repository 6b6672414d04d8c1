//! The lines one types in: filter, find, object id.

use crossterm::event::KeyCode;

use super::{jump, motion, places, work};
use crate::tui::keymap::Key;
use crate::tui::message::{Matches, Search, Task};
use crate::tui::state::{Explorer, PaneId, Prompt, PromptKind, State, View, Work};
use crate::tui::widgets::cut::cut;
use crate::tui::widgets::line::Line;
use crate::view::filter;
use crate::view::text;

/// A slip is looked up among so many names, which takes some 10 ms; tables of a million texts are not looked through.
const MOST_NAMES: usize = 20_000;

pub fn start(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let prompt = match explorer.focused_pane() {
        Some(pane) if has_filter(explorer.focused()) => {
            Prompt { kind: PromptKind::Filter, line: Line::new(pane.filter.clone()) }
        }
        Some(_) => Prompt { kind: PromptKind::Find, line: Line::default() },
        None => return state.say("there are no rows yet"),
    };
    state.prompt = Some(prompt);
}

/// Tables are filtered, trees are searched.
pub fn has_filter(id: PaneId) -> bool {
    matches!(id, PaneId::Main(View::Summary | View::Comparison | View::Strings | View::Allocation))
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
    if let Some(prompt) = state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Filter) {
        let text = prompt.line.text().to_owned();
        set_filter(state, text);
    }
}

/// Filters the table with the keys by a text; none shows all rows.
pub fn set_filter(state: &mut State, text: String) {
    let Some(explorer) = state.explorer_mut() else { return };
    let id = explorer.focused();
    let work = filled(explorer, id);
    let Some(pane) = explorer.pane_mut(id) else { return };
    pane.filter = text;
    pane.touched = true;
    if let Some(work) = work {
        work::change(state, id, work);
    }
}

/// The rows that the filter lets through, where that was given up before it was done.
pub fn refilter(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let id = explorer.focused();
    if let Some(work) = filled(explorer, id) {
        work::change(state, id, work);
    }
}

/// All rows of a table again, in its order.
pub fn filled(explorer: &Explorer, id: PaneId) -> Option<Work> {
    let pane = explorer.pane(id)?;
    let source = match id {
        PaneId::Main(View::Summary) => explorer.summary.source(&explorer.heap),
        _ => pane.tree.source().clone(),
    };
    Some(Work::Fill { source, sort: None, keep_open: true })
}

fn cancel(state: &mut State) {
    if state.prompt.take().is_some_and(|prompt| prompt.kind == PromptKind::Filter) {
        set_filter(state, String::new());
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
    let Some(explorer) = state.explorer() else { return };
    let id = explorer.focused();
    let Some(pane) = explorer.pane(id).filter(|pane| !pane.filter.is_empty()) else { return };
    // What is there now are the rows of the filter before.
    if state.changes.iter().any(|change| change.pane == id) {
        return;
    }
    let shown = text::sanitize(&pane.filter).into_owned();
    let kind = pane.tree.kind();
    if let Some(problem) = &pane.problem {
        let text = format!("no filter: {}", text::sanitize(problem));
        state.warn(text);
    } else if pane.tree.root_count() == 0 {
        let names = pane.tree.source().root_names(MOST_NAMES);
        let meant = names.and_then(|names| filter::nearest(names.into_iter(), &pane.filter));
        let next = match meant {
            Some((name, count)) => format!("did you mean {} ({})? Esc clears", cut(&name, 40), text::count(count)),
            None => "Esc clears the filter".into(),
        };
        state.warn(format!("no {} matches “{shown}”; {next}", kind.row_word(1)));
    } else {
        let (count, all) = (pane.tree.root_count() as u64, pane.tree.source().root_count() as u64);
        let word = kind.row_word(all);
        state.say(format!("{} of {} {word}; Esc clears the filter", text::count(count), text::count(all)));
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
            jump::go_to(state, node);
        }
        None => state.warn(format!("no object has the id @{text}")),
    }
}

// ---- finding in trees ----

/// Goes to the next row, or the one before, that contains what was searched for last; round the end of the tree.
pub fn next(state: &mut State, forward: bool) {
    let Some(explorer) = state.explorer_mut() else { return };
    if explorer.needle.is_empty() {
        return state.say("nothing searched for yet: / finds a row in trees");
    }
    let (id, needle) = (explorer.focused(), explorer.needle.clone());
    let Some(pane) = explorer.pane(id) else { return };
    let (version, from) = (pane.tree.version(), pane.cursor);
    let is_known = |matches: &&Matches| matches.id == id && matches.version == version && matches.needle == needle;
    if let Some(matches) = explorer.matches.as_ref().filter(is_known) {
        let found = step(&matches.places, from, forward);
        return show(state, id, found, from, forward);
    }
    let search = Search { id, tree: Box::new(pane.tree.clone()), needle, from, forward };
    if let Some(outcome) = work::solve(state, "searching the open rows", || Task::Find(search.clone())) {
        work::take(state, outcome);
    }
}

/// Which of the matches comes next.
fn step(places: &[u32], from: usize, forward: bool) -> Option<(usize, usize, usize)> {
    let index = match forward {
        true => places.iter().position(|&place| place as usize > from).unwrap_or(0),
        false => places.iter().rposition(|&place| (place as usize) < from).unwrap_or(places.len().saturating_sub(1)),
    };
    places.get(index).map(|&place| (place as usize, index + 1, places.len()))
}

fn show(state: &mut State, id: PaneId, found: Option<(usize, usize, usize)>, from: usize, forward: bool) {
    let Some(explorer) = state.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.needle).into_owned();
    let Some(pane) = explorer.pane_mut(id) else { return };
    match found {
        Some((place, number, all)) => {
            let wrapped = if forward { place <= from } else { place >= from };
            pane.move_to(place);
            let end = if wrapped { ", round the end" } else { "" };
            let (number, all) = (text::count(number as u64), text::count(all as u64));
            state.say(format!("“{shown}” {number} of {all}{end}; n next, N before"));
        }
        None => state.warn(format!("“{shown}” is not in the open rows; rows that are closed are not searched")),
    }
}

/// The first match of a long search is there; the others are still counted.
pub fn on_first(state: &mut State, id: PaneId, version: u64, place: usize) {
    let Some(explorer) = state.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.needle).into_owned();
    if let Some(pane) = explorer.pane_mut(id).filter(|pane| pane.tree.version() == version) {
        pane.move_to(place);
        state.say(format!("“{shown}” found; counting the others, Esc stops"));
    }
}

pub fn on_matches(state: &mut State, matches: Matches) {
    let Some(explorer) = state.explorer_mut() else { return };
    let (id, from, forward) = (matches.id, matches.from, matches.forward);
    let is_current = explorer.pane(id).is_some_and(|pane| pane.tree.version() == matches.version);
    let found = step(&matches.places, from, forward);
    explorer.matches = Some(matches);
    if !is_current {
        return state.say("rows have opened or closed meanwhile: n searches again");
    }
    // Whoever has moved on since the first match was shown stays there.
    let cursor = explorer.pane(id).map(|pane| pane.cursor);
    let moved_on = cursor != Some(from) && found.is_none_or(|(place, _, _)| cursor != Some(place));
    if moved_on {
        let all = found.map_or(0, |(_, _, all)| all);
        return state.say(format!("{} rows match; n next, N before", text::count(all as u64)));
    }
    show(state, id, found, from, forward);
}
