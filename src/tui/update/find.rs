//! The lines one types in: filter, find, object id.

use crossterm::event::KeyCode;

use super::turn::Turn;
use super::{given, ignoring, jump, motion, notes, picture, places, search, work};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::tui::available::{self, has_filter};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::message::{Outcome, Task};
use crate::tui::panes::statistics::kinds_found;
use crate::tui::state::explorer::{Explorer, Matches, PaneId};
use crate::tui::state::pane::{TreePane, Work};
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::state::rows::Rows;
use crate::tui::views::{VIEWS, entry};
use crate::tui::widgets::line::Line;
use crate::view::cut::cut;
use crate::view::filter::{self, NameFilter};
use crate::view::label;
use crate::view::text;
use crate::view::tree::Tree;

/// A slip is looked up among so many names, which takes some 10 ms; tables of a million texts are not looked through.
const MOST_NAMES: usize = 20_000;

pub(super) fn start(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else {
        // The first table is one that is filtered.
        let line = Line::new(std::mem::take(&mut turn.early_filter));
        turn.prompt = Some(Prompt::new(PromptKind::Filter, line));
        return;
    };
    let prompt = match explorer.focused_pane() {
        Some(pane) if has_filter(explorer.focused()) => Prompt::new(PromptKind::Filter, Line::new(pane.filter.clone())),
        Some(_) => Prompt::new(PromptKind::Find, Line::default()),
        None if explorer.statistics().is_some() => Prompt::new(PromptKind::Find, Line::default()),
        None => {
            let why = available::why_empty(turn, explorer);
            return turn.say(why);
        }
    };
    if let (PromptKind::Filter, Some(explorer)) = (prompt.kind, turn.explorer_mut()) {
        explorer.remember_before_filter();
    }
    turn.prompt = Some(prompt);
}

pub(super) fn start_id(turn: &mut Turn<'_>) {
    turn.prompt = Some(Prompt::new(PromptKind::Id, Line::default()));
}

pub(super) fn on_prompt_key(turn: &mut Turn<'_>, key: Key) {
    let Some(prompt) = &mut turn.prompt else { return };
    match (key.code, key.ctrl) {
        (KeyCode::Esc, _) => return cancel(turn, true),
        (KeyCode::Enter, _) => return accept(turn),
        _ if prompt.kind == PromptKind::Query => return search::on_key(turn, key),
        (KeyCode::Down | KeyCode::Up, _) if matches!(prompt.kind, PromptKind::Note | PromptKind::Report) => return,
        (KeyCode::Tab, _) if prompt.kind == PromptKind::Add => return given::complete(turn),
        (KeyCode::Down, _) => return motion::by(turn, 1),
        (KeyCode::Up, _) => return motion::by(turn, -1),
        (KeyCode::Backspace, _) if prompt.line.is_empty() && prompt.kind == PromptKind::Note => return,
        (KeyCode::Backspace, _) if prompt.line.is_empty() => {
            // Whoever has taken a filter away wants it gone.
            let had_filter = turn.explorer().and_then(|explorer| explorer.before_filter.as_ref());
            let goes_back = had_filter.is_some_and(|before| before.filter.is_empty());
            return cancel(turn, goes_back);
        }
        _ => match (key.letter(), prompt.kind) {
            (Some(letter), PromptKind::Mark) => {
                turn.prompt = None;
                return places::mark(turn, letter);
            }
            (Some('@' | ' '), PromptKind::Id) => {}
            (Some(letter), PromptKind::Id) if !letter.is_ascii_digit() => {
                turn.say(NO_ID);
            }
            _ => {
                prompt.line.on_key(key);
            }
        },
    }
    filter_by_line(turn);
}

/// Puts a text into the line that is being typed; false where it takes none.
pub(super) fn on_prompt_text(turn: &mut Turn<'_>, text: &str) -> bool {
    let Some(prompt) = &mut turn.prompt else { return false };
    match prompt.kind {
        PromptKind::Filter
        | PromptKind::Find
        | PromptKind::Ignore
        | PromptKind::Note
        | PromptKind::Report
        | PromptKind::Add
        | PromptKind::Rename => {
            prompt.line.insert(text);
        }
        PromptKind::Query => {
            prompt.line.insert(text);
            search::look_at_line(turn);
        }
        PromptKind::Id => {
            let id = text.trim().trim_start_matches('@');
            match id.bytes().all(|byte| byte.is_ascii_digit()) {
                true => drop(prompt.line.insert(id)),
                false => turn.say(NO_ID),
            }
        }
        PromptKind::Mark => return false,
    }
    filter_by_line(turn);
    true
}

const NO_ID: &str = "an object id is a number: @45677";

/// The rows that fit the line, where it is a filter and has changed.
fn filter_by_line(turn: &mut Turn<'_>) {
    let Some(prompt) = turn.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Filter) else { return };
    let text = prompt.line.text().to_owned();
    let is_known = |explorer: &Explorer| explorer.focused_pane().is_some_and(|pane| pane.filter == text);
    if !turn.explorer().is_some_and(is_known) {
        set_filter(turn, text);
    }
}

/// Filters the table with the keys by a text; none shows all rows.
pub(super) fn set_filter(turn: &mut Turn<'_>, text: String) {
    let Some(explorer) = turn.explorer_mut() else {
        turn.early_filter = text;
        return;
    };
    let id = explorer.focused();
    let work = filled(explorer, id);
    let Some(pane) = explorer.pane_mut(id) else { return };
    pane.filter = text;
    pane.touched = true;
    if let Some(work) = work {
        work::change(turn, id, work);
    }
}

/// Filters the first table by what was typed before it was there.
pub(super) fn filter_as_typed(turn: &mut Turn<'_>) {
    let text = std::mem::take(&mut turn.early_filter);
    if !text.is_empty() {
        set_filter(turn, text);
    }
}

/// The rows that the filters let through, where that was given up because another snapshot was shown.
pub(super) fn refilter(turn: &mut Turn<'_>) {
    for view in VIEWS.iter().map(|view| PaneId::Main(view.view())) {
        let is_filtered = |explorer: &&Explorer| explorer.pane(view).is_some_and(|pane| !pane.filter.is_empty());
        if let Some(work) = turn.explorer().filter(is_filtered).and_then(|explorer| filled(explorer, view)) {
            work::change(turn, view, work);
        }
    }
}

/// All rows of a table again, in its order.
pub(super) fn filled(explorer: &Explorer, id: PaneId) -> Option<Work> {
    Some(Work::Fill { rows: filled_rows(explorer, id)?, sort: None, keep_open: true })
}

fn filled_rows(explorer: &Explorer, id: PaneId) -> Option<Rows> {
    let pane = explorer.pane(id)?;
    Some(match id {
        PaneId::Main(view) if entry(view).shows_scope(explorer) => explorer.scope_rows(view),
        _ => Rows::There(pane.all.clone()),
    })
}

/// Ends the line without what was typed; perhaps as if it had never been begun.
fn cancel(turn: &mut Turn<'_>, goes_back: bool) {
    if turn.prompt.take().is_none_or(|prompt| prompt.kind != PromptKind::Filter) {
        return;
    }
    let before = turn.explorer_mut().and_then(|explorer| explorer.before_filter.take()).filter(|_| goes_back);
    let Some((explorer, before)) = turn.explorer_mut().zip(before) else { return set_filter(turn, String::new()) };
    let id = explorer.focused();
    let rows = filled_rows(explorer, id);
    if let (Some(pane), Some(rows)) = (explorer.pane_mut(id), rows) {
        pane.filter.clone_from(&before.filter);
        work::change(turn, id, Work::Return { before, rows });
    }
}

fn accept(turn: &mut Turn<'_>) {
    let Some(prompt) = turn.prompt.take() else { return };
    match prompt.kind {
        PromptKind::Query => search::accept(turn, prompt),
        PromptKind::Filter => {
            if let Some(explorer) = turn.explorer_mut() {
                explorer.before_filter = None;
            }
            told_by_filter(turn);
        }
        PromptKind::Find => {
            if let Some(explorer) = turn.explorer_mut().filter(|_| !prompt.line.is_empty()) {
                explorer.finding.needle = prompt.line.text().to_owned();
                next(turn, true);
            }
        }
        PromptKind::Id => go_to_id(turn, prompt.line.text()),
        PromptKind::Ignore => ignoring::ignore_pattern(turn, prompt.line.text()),
        PromptKind::Add => given::run_with(turn, Command::AddSnapshot, prompt.line.text()),
        PromptKind::Rename => given::run_with(turn, Command::RenameSnapshot, prompt.line.text()),
        PromptKind::Mark => {}
        PromptKind::Note => notes::accept(turn, prompt.line.text()),
        PromptKind::Report => notes::write_report(turn, &prompt),
    }
}

fn told_by_filter(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else {
        let shown = text::sanitize(&turn.early_filter).into_owned();
        if !shown.is_empty() {
            turn.say(format!("“{shown}” filters the table once it is there"));
        }
        return;
    };
    let id = explorer.focused();
    let Some(pane) = explorer.pane(id).filter(|pane| !pane.filter.is_empty()) else { return };
    if pane.problem.is_some() {
        return give_up_pattern(turn, id);
    }
    // What is there now are the rows of the filter before.
    if turn.change_of(id).is_some() {
        return;
    }
    let shown = text::sanitize(&pane.filter).into_owned();
    let facts = pane.tree.table().facts();
    let (count, all) = (pane.tree.roots().len() as u64, pane.all.len() as u64);
    if count == 0 {
        let next = match meant(pane) {
            Some((name, count)) => format!("did you mean {} ({})? Esc clears", cut(&name, 40), text::count(count)),
            None => "Esc clears the filter".into(),
        };
        turn.warn(format!("no {} matches “{shown}”; {next}", facts.row_word(1)));
    } else {
        let word = facts.row_word(all);
        let how = if pane.fuzzy { ", by letters in order: none has these words" } else { "" };
        turn.say(format!("{} of {} {word}{how}; Esc clears the filter", text::count(count), text::count(all)));
    }
}

/// What was typed is no pattern: from now on the filter is that of the rows which are there.
fn give_up_pattern(turn: &mut Turn<'_>, id: PaneId) {
    let Some(pane) = turn.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    let problem = pane.problem.take().unwrap_or_default();
    let typed = std::mem::replace(&mut pane.filter, pane.applied.text().to_owned());
    let rows = match pane.filter.is_empty() {
        true => "all rows are shown".to_owned(),
        false => format!("the filter is still {}", text::sanitize(&pane.filter)),
    };
    turn.warn(format!("{} is no pattern: {}; {rows}", text::sanitize(&typed), text::sanitize(&problem)));
}

/// The row whose name is most like what was typed, and how many objects it stands for.
fn meant(pane: &TreePane) -> Option<(String, u64)> {
    let all = Some(&pane.all).filter(|all| all.len() <= MOST_NAMES)?;
    let names = all.rows.iter().map(|&row| (all.table.name(row), all.table.weight(row)));
    filter::nearest(names, &pane.filter)
}

pub(super) fn go_to_id(turn: &mut Turn<'_>, text: &str) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if text.is_empty() {
        return;
    }
    // More digits than a number can have: no object has that id either.
    let found = text.parse().ok().and_then(|id| explorer.heap.find_id(id));
    match found {
        Some(node) => {
            explorer.leave();
            jump::go_to(turn, node);
        }
        None => turn.warn(format!("no object has the id @{text}")),
    }
}

// ---- finding in trees ----

/// Goes to the next row, or the one before, that contains what was searched for last; round the end of the tree.
pub(super) fn next(turn: &mut Turn<'_>, forward: bool) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.finding.needle.is_empty() {
        return turn.say("nothing searched for yet: / finds a row in trees");
    }
    let (id, needle) = (explorer.focused(), explorer.finding.needle.clone());
    if explorer.statistics().is_some() {
        return tell_kinds(turn, &needle);
    }
    if picture::is_shown(turn) && picture::find(turn, &needle, forward) {
        return;
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(pane) = explorer.pane(id) else { return };
    let (version, from) = (pane.tree.version(), pane.cursor);
    let is_known = |matches: &&Matches| matches.id == id && matches.version == version && matches.needle == needle;
    if let Some(matches) = explorer.finding.matches.as_ref().filter(is_known) {
        let found = step(&matches.places, from, forward);
        return show(turn, id, found, from, forward);
    }
    let tree = pane.tree.clone();
    let matches = Matches { id, version, needle, places: Vec::new(), from, forward };
    let task = Task::telling(move |meter, early| Ok(Outcome::Matches(search(tree, matches, meter, early)?)));
    work::ask(turn, "searching the open rows", task);
}

/// Tells which kinds of memory have a text in their names; the view marks them.
fn tell_kinds(turn: &mut Turn<'_>, needle: &str) {
    let found = turn.explorer().and_then(Explorer::statistics).map(|statistics| kinds_found(statistics, needle));
    let shown = text::sanitize(needle).into_owned();
    match found {
        Some(Ok(found)) if !found.is_empty() => turn.say(format!("“{shown}”: {}", found.join(", "))),
        Some(Err(problem)) => turn.warn(problem),
        _ => turn.warn(format!("no kind of memory is called “{shown}”; F finds objects in the whole heap")),
    }
}

/// Rows looked at between two looks at the meter.
const FIND_STEP: usize = 1024;

/// Looks through all open rows, first in the wanted direction.
fn search(mut tree: Tree, mut matches: Matches, meter: &Meter, early: &dyn Fn(Outcome)) -> Result<Matches> {
    let filter = NameFilter::to_find(&matches.needle).map_err(Error::Usage)?;
    let (rows, from) = (tree.len(), matches.from);
    meter.set_total(rows as u64);
    for step in 0..rows {
        if step % FIND_STEP == 0 {
            meter.check()?;
            meter.add_done(FIND_STEP as u64);
        }
        // Round the end of the tree, back to where it began.
        let place = if matches.forward { (from + 1 + step) % rows } else { (from + rows - 1 - step) % rows };
        let Some(row) = tree.row(place) else { continue };
        if filter.matches(&label::plain(&row.label())) {
            if matches.places.is_empty() {
                early(Outcome::Found { id: matches.id, version: matches.version, place });
            }
            matches.places.push(place as u32);
        }
    }
    matches.places.sort_unstable();
    Ok(matches)
}

/// Which of the matches comes next.
fn step(places: &[u32], from: usize, forward: bool) -> Option<(usize, usize, usize)> {
    let index = match forward {
        true => places.iter().position(|&place| place as usize > from).unwrap_or(0),
        false => places.iter().rposition(|&place| (place as usize) < from).unwrap_or(places.len().saturating_sub(1)),
    };
    places.get(index).map(|&place| (place as usize, index + 1, places.len()))
}

fn show(turn: &mut Turn<'_>, id: PaneId, found: Option<(usize, usize, usize)>, from: usize, forward: bool) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.finding.needle).into_owned();
    let Some(pane) = explorer.pane_mut(id) else { return };
    match found {
        Some((place, number, all)) => {
            let wrapped = if forward { place <= from } else { place >= from };
            pane.move_to(place);
            let end = if wrapped { ", round the end" } else { "" };
            let (number, all) = (text::count(number as u64), text::count(all as u64));
            turn.say(format!("“{shown}” {number} of {all}{end}; n next, N before"));
        }
        None => turn.warn(format!("“{shown}” is not in the open rows; rows that are closed are not searched")),
    }
}

/// The first match of a long search is there; the others are still counted.
pub(super) fn on_first(turn: &mut Turn<'_>, id: PaneId, version: u64, place: usize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.finding.needle).into_owned();
    if let Some(pane) = explorer.pane_mut(id).filter(|pane| pane.tree.version() == version) {
        pane.move_to(place);
        turn.say(format!("“{shown}” found; counting the others, Esc stops"));
    }
}

pub(super) fn on_matches(turn: &mut Turn<'_>, matches: Matches) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let (id, from, forward) = (matches.id, matches.from, matches.forward);
    let is_current = explorer.pane(id).is_some_and(|pane| pane.tree.version() == matches.version);
    let found = step(&matches.places, from, forward);
    explorer.finding.matches = Some(matches);
    if !is_current {
        return turn.say("rows have opened or closed meanwhile: n searches again");
    }
    // Whoever has moved on since the first match was shown stays there.
    let cursor = explorer.pane(id).map(|pane| pane.cursor);
    let moved_on = cursor != Some(from) && found.is_none_or(|(place, _, _)| cursor != Some(place));
    if moved_on {
        let all = found.map_or(0, |(_, _, all)| all);
        return turn.say(format!("{} rows match; n next, N before", text::count(all as u64)));
    }
    show(turn, id, found, from, forward);
}
