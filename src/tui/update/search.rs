//! `F`: finds objects in the whole heap. The line in which the query is written, the search, what it has found so far.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::KeyCode;

use super::turn::Turn;
use super::work::Wish;
use super::{show, work};
use crate::analysis::query::{self, Query, Unfinished, Wanted};
use crate::analysis::sums;
use crate::answers;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::keymap::key_of;
use crate::tui::message::{Outcome, SearchEnd, Searched, Task};
use crate::tui::state::change::Work;
use crate::tui::state::focus::PaneId;
use crate::tui::state::jobs::{Purpose, Slot};
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::state::rows::Rows;
use crate::tui::state::search::{Search, Stage};
use crate::tui::view::View;
use crate::tui::widgets::line::Line;
use crate::view::cut::cut;
use crate::view::tables::found::Found;
use crate::view::text;

const PANE: PaneId = PaneId::Main(View::SEARCH);

/// Asks for a query. In Search the line has the one that is shown, to be changed.
pub(super) fn start(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let shown = explorer.search.as_ref().filter(|_| explorer.view == View::SEARCH);
    let line = Line::new(shown.map_or("", |search| search.query.text()));
    turn.asked_queries.begin();
    turn.prompt = Some(Prompt::new(PromptKind::Query, line));
}

pub(super) fn on_key(turn: &mut Turn<'_>, key: Key) {
    let Some(prompt) = turn.prompt.as_mut() else { return };
    let is_empty = prompt.line.is_empty();
    match (key.code, key.ctrl) {
        (KeyCode::Backspace, _) if is_empty => return turn.prompt = None,
        (KeyCode::Tab, _) => complete(turn),
        (KeyCode::Up, _) | (KeyCode::Char('p'), true) => {
            let line = prompt.line.text().to_owned();
            let older = turn.asked_queries.older(&line).map(Line::new);
            replace_line(turn, older);
        }
        (KeyCode::Down, _) | (KeyCode::Char('n'), true) => {
            let newer = turn.asked_queries.newer().map(Line::new);
            replace_line(turn, newer);
        }
        _ => {
            prompt.line.on_key(key);
        }
    }
    look_at_line(turn);
}

fn replace_line(turn: &mut Turn<'_>, line: Option<Line>) {
    if let (Some(line), Some(prompt)) = (line, turn.prompt.as_mut()) {
        prompt.line = line;
    }
}

/// Reads what is written, for the caret below what cannot be read.
pub(super) fn look_at_line(turn: &mut Turn<'_>) {
    if let Some(prompt) = turn.prompt.as_mut() {
        let is_empty = prompt.line.text().trim().is_empty();
        prompt.mistake = query::parse(prompt.line.text()).err().filter(|_| !is_empty).map(Box::new);
    }
}

/// Begins to search, unless the query cannot be read: then the line stays.
pub(super) fn accept(turn: &mut Turn<'_>, prompt: Prompt) {
    if prompt.line.text().trim().is_empty() {
        return;
    }
    match query::parse(prompt.line.text()) {
        Ok(query) => ask(turn, Arc::new(query)),
        Err(mistake) => {
            let problem = text::sanitize(&mistake.problem).into_owned();
            turn.prompt = Some(Prompt { mistake: Some(Box::new(mistake)), ..prompt });
            turn.warn(problem);
        }
    }
}

/// Shows what a query finds.
fn ask(turn: &mut Turn<'_>, query: Arc<Query>) {
    turn.asked_queries.remember(query.text());
    turn.cancel(Slot::Search);
    turn.cancel(Slot::Change(PANE));
    if let Some(explorer) = turn.explorer_mut() {
        let level = Found::level(explorer.heap.clone(), query.clone(), &[], None);
        explorer.search = Some(Search { query, stage: Stage::Waiting, level, notes: Vec::new() });
        if explorer.view == View::SEARCH {
            explorer.leave();
        }
        explorer.set_pane(View::SEARCH, None);
    }
    go_on(turn);
    show::show(turn, View::SEARCH);
}

/// Begins the search that somebody has asked for, once what it asks for is there.
pub(super) fn go_on(turn: &mut Turn<'_>) {
    if turn.job(Slot::Search).is_some() {
        return;
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let waits = |search: &&mut Search| matches!(search.stage, Stage::Waiting | Stage::Running);
    let Some(search) = explorer.search.as_mut().filter(waits) else { return };
    if !search.query.can_be_asked(&heap) {
        return;
    }
    search.stage = Stage::Running;
    let query = search.query.clone();
    let task = Task::telling(move |meter, early| {
        let searched = look_for(&heap, query, meter, &|part| early(Outcome::Searched(Box::new(part))))?;
        Ok(Outcome::Searched(Box::new(searched)))
    });
    let wish = Wish { slot: Slot::Search, text: "searching".into(), purpose: Purpose::Searches };
    work::start_for(turn, wish, task);
}

/// Parts are told so often at most. The rows that have come are put in order before the next, or nobody would see any.
const BETWEEN_PARTS: Duration = Duration::from_millis(100);

/// Asks the heap; tells what has been found so far once there is something, and each time the search has taken twice as
/// long as it had then.
fn look_for(heap: &Arc<Heap>, query: Arc<Query>, meter: &Meter, tell: &dyn Fn(Searched)) -> Result<Searched> {
    let (started, mut next) = (Instant::now(), Duration::ZERO);
    let mut so_far: Vec<NodeIx> = Vec::new();
    let found = query.nodes(heap, meter, &mut |part| {
        so_far.extend_from_slice(part);
        let taken = started.elapsed();
        if taken >= next {
            next = (taken * 2).max(BETWEEN_PARTS);
            tell(Searched {
                level: Found::level(heap.clone(), query.clone(), &so_far, None),
                query: query.clone(),
                end: None,
            });
        }
    })?;
    // Who has stopped it does not wait for sums.
    let sums = if found.complete { Some(sums::of(heap, &found.nodes, meter)?) } else { None };
    let level = Found::level(heap.clone(), query.clone(), &found.nodes, sums);
    let notes = found.notes.iter().map(|note| text::sanitize(&answers::find::words(heap, note)).into_owned()).collect();
    let end =
        SearchEnd { complete: found.complete, count: found.nodes.len(), total: level.table.total(&level.rows), notes };
    Ok(Searched { query, level, end: Some(end) })
}

/// Takes what has been found, if that is still what is wanted.
pub(super) fn on_searched(turn: &mut Turn<'_>, searched: Searched) {
    let Searched { query, level, end } = searched;
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(search) = explorer.search.as_mut().filter(|search| Arc::ptr_eq(&search.query, &query)) else { return };
    search.level = level.clone();
    if let Some(end) = &end {
        search.stage = if end.complete { Stage::Done } else { Stage::Stopped };
        search.notes.clone_from(&end.notes);
    }
    let is_there = explorer.pane(PANE).is_some();
    if is_there {
        work::change(turn, PANE, Work::Fill { rows: Rows::There(level), sort: None, keep_open: true });
    } else if turn.makes(View::SEARCH) {
        // What is being made has the rows of before.
        show::remake(turn, View::SEARCH);
    } else {
        show::ensure(turn);
    }
    if let Some(end) = end {
        say_end(turn, &end);
    }
}

fn say_end(turn: &mut Turn<'_>, end: &SearchEnd) {
    let SearchEnd { complete, count, total, notes } = end;
    let notes: String = notes.iter().map(|note| format!("; {note}")).collect();
    match complete {
        true if *count == 0 => turn.warn(format!("nothing is found{notes}")),
        true => turn.say(format!("{total}{notes}")),
        false => turn.say(format!("stopped: {total} so far; {} Enter begins anew", key_of(Command::Query))),
    }
}

/// Nothing has come of it: the view says why.
pub(super) fn on_failed(turn: &mut Turn<'_>, why: &str) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if let Some(search) = explorer.search.as_mut() {
        search.stage = Stage::Failed;
        search.notes = vec![text::sanitize(why).into_owned()];
    }
}

/// A search that was given up because another snapshot was shown begins anew; rows of one that had ended may have been on
/// their way.
pub(super) fn catch_up(turn: &mut Turn<'_>) {
    go_on(turn);
    let ended = turn.explorer().and_then(|explorer| explorer.search.as_ref().filter(|_| explorer.pane(PANE).is_some()));
    if let Some(level) = ended.map(|search| search.level.clone()) {
        work::change(turn, PANE, Work::Fill { rows: Rows::There(level), sort: None, keep_open: true });
    }
}

/// Esc: the search ends with what it has found; whether there was one.
pub(super) fn stop(turn: &mut Turn<'_>) -> bool {
    let waits = |search: &&mut Search| search.stage == Stage::Waiting;
    if let Some(search) = turn.explorer_mut().and_then(|explorer| explorer.search.as_mut()).filter(waits) {
        search.stage = Stage::Stopped;
        return true;
    }
    // It stays in its slot: what it says at the end is what has been found.
    let running = turn.job(Slot::Search).filter(|job| !job.meter.is_cancelled());
    running.inspect(|job| job.meter.cancel()).is_some()
}

// ---- completion ----

/// Candidates that are named where there are several.
const NAMED: usize = 6;
/// Classes that are looked through at a press.
const MOST_CLASSES: usize = 20_000;

/// Completes the word before the cursor as far as it is clear, and says what it may become.
fn complete(turn: &mut Turn<'_>) {
    let Some(prompt) = turn.prompt.as_ref() else { return };
    let (before, _, _) = prompt.line.parts();
    let before = before.to_owned();
    let Some(unfinished) = query::unfinished(&before) else {
        return turn.say("Tab completes words, class: and type:");
    };
    let candidates = candidates(turn, &unfinished);
    let written = &before[unfinished.start..];
    let common = common_beginning(&candidates);
    let is_longer = common.len() > written.len() || candidates.len() == 1 && candidates[0] != written;
    match (candidates.is_empty(), is_longer) {
        (true, _) => turn.say(format!("nothing begins with {}", cut(&text::sanitize(unfinished.written), 40))),
        (false, true) => {
            let completed = if candidates.len() == 1 { candidates[0].clone() } else { common };
            if let Some(prompt) = turn.prompt.as_mut() {
                prompt.line.replace_before(unfinished.start, &completed);
            }
        }
        (false, false) => {
            let named: Vec<String> =
                candidates.iter().take(NAMED).map(|name| text::sanitize(name).into_owned()).collect();
            let more = if candidates.len() > NAMED { " …" } else { "" };
            turn.say(format!("{}{more}", named.join("  ")));
        }
    }
}

/// What may stand for the unfinished part, as it has to be written, in order.
fn candidates(turn: &Turn<'_>, unfinished: &Unfinished<'_>) -> Vec<String> {
    let Some(explorer) = turn.explorer() else { return Vec::new() };
    let heap = &explorer.heap;
    let names: Vec<String> = match unfinished.wanted {
        Wanted::Condition => return query::completed(unfinished.written),
        Wanted::Class => {
            let rows = explorer.classes.iter().take(MOST_CLASSES);
            rows.map(|row| text::safe(heap.classes().name(row.class))).collect()
        }
        Wanted::Type => heap.columns().types.all().map(str::to_owned).collect(),
    };
    let wanted = unfinished.written.to_lowercase();
    let fitting = names.into_iter().filter(|name| name.to_lowercase().starts_with(&wanted));
    let mut found: Vec<String> = fitting.map(|name| query::quoted(&name)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What all begin with.
fn common_beginning(candidates: &[String]) -> String {
    let Some(first) = candidates.first() else { return String::new() };
    let fits = |end: usize| candidates.iter().all(|other| other.get(..end) == first.get(..end));
    let ends = first.char_indices().map(|(start, letter)| start + letter.len_utf8());
    let end = ends.take_while(|&end| fits(end)).last().unwrap_or(0);
    first[..end].to_owned()
}
