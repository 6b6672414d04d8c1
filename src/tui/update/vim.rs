//! Counts and the prefix `z` of the set of keys of vim. Nothing waits for time: what has begun stands in the last line
//! until the next key ends it.

use super::motion;
use super::run::run;
use super::turn::Turn;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::keymap;
use crate::tui::state::pending::Pending;

/// Larger counts are this one: no list is longer.
const MOST: u32 = 999_999_999;

/// Whether the key belongs to a count or a prefix, and what it does then has been done.
pub(super) fn take(turn: &mut Turn<'_>, key: Key) -> bool {
    let Pending { count, prefix, went } = std::mem::take(&mut turn.pending);
    if prefix {
        in_window(turn, key);
        return true;
    }
    match key.letter() {
        Some(digit @ '0'..='9') if digit != '0' || count.is_some() => {
            let digit = digit.to_digit(10).unwrap_or_default();
            let count = count.unwrap_or(0).saturating_mul(10).saturating_add(digit).min(MOST);
            turn.pending.count = Some(count);
            turn.say(format!(
                "{count}  then a motion: j k Ctrl-d Ctrl-f n go so often, g and G to that row; Esc forgets it"
            ));
            return true;
        }
        Some('z') => {
            turn.pending.prefix = true;
            turn.say(
                "z  then t z b: this row at the top, in the middle, at the bottom; o c R M: open, close, the level",
            );
            return true;
        }
        _ => {}
    }
    let command = keymap::command(key);
    match (count, command) {
        (None, Some(Command::First)) => went,
        (None, _) => false,
        (Some(_), Some(Command::Escape)) => true,
        (Some(count), Some(command)) => {
            turn.pending.went = command == Command::First;
            counted(turn, command, count)
        }
        (Some(_), None) => false,
    }
}

/// Does a command so many times, where that makes sense.
fn counted(turn: &mut Turn<'_>, command: Command, count: u32) -> bool {
    let rows = count as isize;
    match command {
        Command::First | Command::Last => motion::to_row(turn, count as usize),
        Command::Down => motion::by(turn, rows),
        Command::Up => motion::by(turn, -rows),
        Command::ScrollDown => motion::scroll(turn, rows),
        Command::ScrollUp => motion::scroll(turn, -rows),
        Command::HalfPageDown => motion::by_pages(turn, rows, 2),
        Command::HalfPageUp => motion::by_pages(turn, -rows, 2),
        Command::PageDown => motion::by_pages(turn, rows, 1),
        Command::PageUp => motion::by_pages(turn, -rows, 1),
        // Each of them looks for the next one: more than these nobody counts.
        Command::NextMatch | Command::PreviousMatch => (0..count.min(1000)).for_each(|_| run(turn, command)),
        _ => return false,
    }
    true
}

/// The key behind `z`.
fn in_window(turn: &mut Turn<'_>, key: Key) {
    match key.letter() {
        Some('t') => motion::put_in_window(turn, 0, 1),
        Some('z') => motion::put_in_window(turn, 1, 2),
        Some('b') => motion::put_in_window(turn, 1, 1),
        Some('o') => run(turn, Command::Open),
        Some('c') => run(turn, Command::Close),
        Some('R') => run(turn, Command::OpenLevel),
        Some('M') => run(turn, Command::CloseLevel),
        _ if keymap::command(key) == Some(Command::Escape) => {}
        _ => turn.say("z goes with t, z, b, o, c, R and M"),
    }
}
