//! The line one types in: what each of its kinds makes of keys and texts, and what becomes of it.

use crossterm::event::KeyCode;

use super::turn::Turn;
use super::{filter, find, given, ignoring, jump, motion, notes, places, report, search};
use crate::tui::available::{self, has_filter};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::widgets::line::Line;

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

pub(super) fn on_key(turn: &mut Turn<'_>, key: Key) {
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
pub(super) fn on_text(turn: &mut Turn<'_>, text: &str) -> bool {
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

/// The rows that fit the line, where it is a filter and has changed.
fn filter_by_line(turn: &mut Turn<'_>) {
    let Some(prompt) = turn.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Filter) else { return };
    let text = prompt.line.text().to_owned();
    let is_known = |explorer: &Explorer| explorer.focused_pane().is_some_and(|pane| pane.filter == text);
    if !turn.explorer().is_some_and(is_known) {
        filter::set(turn, text);
    }
}

/// Ends the line without what was typed; a filter perhaps as if it had never been begun.
fn cancel(turn: &mut Turn<'_>, goes_back: bool) {
    if turn.prompt.take().is_some_and(|prompt| prompt.kind == PromptKind::Filter) {
        filter::give_up(turn, goes_back);
    }
}

const NO_ID: &str = "an object id is a number: @45677";

fn accept(turn: &mut Turn<'_>) {
    let Some(prompt) = turn.prompt.take() else { return };
    match prompt.kind {
        PromptKind::Query => search::accept(turn, prompt),
        PromptKind::Filter => {
            if let Some(explorer) = turn.explorer_mut() {
                explorer.before_filter = None;
            }
            filter::tell(turn);
        }
        PromptKind::Find => {
            if let Some(explorer) = turn.explorer_mut().filter(|_| !prompt.line.is_empty()) {
                explorer.finding.needle = prompt.line.text().to_owned();
                find::next(turn, true);
            }
        }
        PromptKind::Id => jump::go_to_id(turn, prompt.line.text()),
        PromptKind::Ignore => ignoring::ignore_pattern(turn, prompt.line.text()),
        PromptKind::Add => given::run_with(turn, Command::AddSnapshot, prompt.line.text()),
        PromptKind::Rename => given::run_with(turn, Command::RenameSnapshot, prompt.line.text()),
        PromptKind::Mark => {}
        PromptKind::Note => notes::accept(turn, prompt.line.text()),
        PromptKind::Report => report::write(turn, &prompt),
    }
}
