//! Keys → what they ask for: of a line being typed, of a window, of the panes.

use super::turn::Turn;
use super::{copying, follow, given, ignoring, motion, notes, pages, places, prompt, run, scopes, snapshots, vim};
use crate::tui::command::Command;
use crate::tui::commands::Reads;
use crate::tui::key::Key;
use crate::tui::keymap;
use crate::tui::keymap::describe;
use crate::tui::message::{Effect, Exit};
use crate::tui::overlays;
use crate::tui::overlays::answer::{Answer, Choice};
use crate::tui::state::focus::Focus;
use crate::tui::state::prompt::PromptKind;
use crate::tui::widgets::line::MOST;
use crate::view::text;

pub(super) fn on_key(turn: &mut Turn<'_>, key: Key) {
    let command = keymap::command(key);
    match command {
        Some(Command::Leave) => return turn.want(Effect::Quit(Exit::Interrupted)),
        Some(Command::Suspend) => return turn.want(Effect::Suspend),
        Some(Command::Redraw) => return turn.want(Effect::Redraw),
        _ => {}
    }
    turn.notice = None;
    if command != Some(Command::Escape) {
        turn.may_stop = false;
    }
    if !turn.ahead.is_empty() && command != Some(Command::Escape) {
        return turn.ahead.push_back(key);
    }
    take_key(turn, key, command);
}

/// Puts a text into the line that is being typed. Pasted text never does what keys do: whoever pastes means a text.
pub(super) fn on_text(turn: &mut Turn<'_>, whole: &str, is_pasted: bool) {
    turn.notice = None;
    let lines: Vec<String> = whole.split(['\r', '\n']).map(readable).filter(|line| !line.trim().is_empty()).collect();
    // What is read as words may stand in several lines; a filter of one row's name, or the path of a file, does not.
    let joins = turn.prompt.as_ref().is_some_and(|prompt| matches!(prompt.kind, PromptKind::Query | PromptKind::Note));
    let given = match &lines[..] {
        [] => readable(whole),
        [one] => one.clone(),
        all if joins => all.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
        [first, ..] => first.trim().to_owned(),
    };
    let letters = |turn: &Turn<'_>| turn.prompt.as_ref().map_or(0, |prompt| prompt.line.text().chars().count());
    let before = letters(turn);
    let is_taken = turn.is_typing()
        && match turn.prompt {
            Some(_) => prompt::on_text(turn, &given),
            None => {
                let size = turn.size;
                turn.overlays.last_mut().is_some_and(|top| overlays::on_text(top, &given, size))
            }
        };
    let is_cut = turn.prompt.is_some() && letters(turn) - before < given.chars().count();
    match (is_taken, lines.len()) {
        (true, _) if turn.notice.is_some() => {}
        (true, _) if is_cut => {
            let most = text::count(MOST as u64);
            turn.warn(format!("a line takes {most} letters: the rest of what was pasted is left out"));
        }
        (true, 2) if !joins => turn.warn("the first of 2 pasted lines; the other is left out"),
        (true, all @ 3..) if !joins => {
            turn.warn(format!("the first of {} pasted lines; the others are left out", text::count(all as u64)));
        }
        (true, all @ 2..) => turn.say(format!("{} pasted lines, put into one", text::count(all as u64))),
        (false, _) if is_pasted => turn.say("pasted text is not taken for keys; /, F or @ first, then paste"),
        _ => {}
    }
}

/// A line without what no line shows.
fn readable(line: &str) -> String {
    line.chars().map(|letter| if letter == '\t' { ' ' } else { letter }).filter(|letter| !letter.is_control()).collect()
}

/// Says that keys are lost.
pub(super) fn on_flood(turn: &mut Turn<'_>, lost: usize) {
    let lost = text::count(lost as u64);
    turn.warn(format!("{lost} keys came faster than anybody types: they are not taken"));
}

/// Takes the keys that have waited, as far as what they speak of is there now.
pub(super) fn go_on(turn: &mut Turn<'_>) {
    let mut waiting = std::mem::take(&mut turn.ahead);
    while let Some(key) = waiting.pop_front() {
        take_key(turn, key, keymap::command(key));
        if !turn.ahead.is_empty() {
            return turn.ahead.extend(waiting);
        }
    }
}

fn take_key(turn: &mut Turn<'_>, key: Key, command: Option<Command>) {
    if turn.prompt.is_some() {
        return prompt::on_key(turn, key);
    }
    let size = turn.size;
    if let Some(top) = turn.overlays.last_mut() {
        match overlays::on_key(top, key, command, size) {
            Answer::Consumed => return,
            Answer::Close => {
                turn.overlays.pop();
                return;
            }
            Answer::Choose(choice) => {
                turn.overlays.pop();
                return choose(turn, choice);
            }
            Answer::Ignored => {}
        }
    }
    if keymap::is_vim() && vim::take(turn, key) {
        return;
    }
    match command {
        Some(command) if waits(turn, command) => turn.ahead.push_back(key),
        Some(command) => run::run(turn, command),
        None => turn.say("this key does nothing here; ? shows all keys"),
    }
}

/// Whether what a command speaks of is still to come: then the key waits, so that it does the same on every machine.
/// Looks up the Retainers of a row on which the cursor has not rested yet.
fn waits(turn: &mut Turn<'_>, command: Command) -> bool {
    let reads = describe(command).map_or(Reads::Nothing, |entry| entry.reads);
    let Some(explorer) = turn.explorer().filter(|_| reads != Reads::Nothing) else { return false };
    let is_other_row = turn.change_of(explorer.focused()).is_some_and(|work| work.decides_row());
    if is_other_row || reads == Reads::Row {
        return is_other_row;
    }
    if explorer.focus == Focus::Main && explorer.cursor.retainers_stale {
        follow::rested(turn);
    }
    turn.follows_retainers()
}

fn choose(turn: &mut Turn<'_>, choice: Choice) {
    match choice {
        Choice::Run(command) => run::run(turn, command),
        Choice::Page(index) => pages::open(turn, index),
        Choice::RunWith(command, words) => given::run_with(turn, command, &words),
        Choice::Write(command, words) => given::write(turn, command, words),
        Choice::Copy(what, value) => copying::copy(turn, what, value),
        Choice::Mark(letter) => places::go_to_mark(turn, letter),
        Choice::Note(key) => notes::go(turn, &key),
        Choice::Level(level) => places::go_to_level(turn, level),
        Choice::Scope(scope, title) => scopes::choose(turn, scope, title),
        Choice::Snapshot(index) => snapshots::show_snapshot(turn, index),
        Choice::Base(index) => snapshots::compare_with(turn, index),
        Choice::CountAgain(index) => ignoring::restore(turn, index),
        Choice::IgnorePattern => ignoring::ask_pattern(turn),
        Choice::Row(row) => motion::go_to_row(turn, row),
    }
}
