//! The way back: the terminal as it was before it was taken.

#[cfg(unix)]
use std::io;

use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{LeaveAlternateScreen, disable_raw_mode};

use super::out;

const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";
/// All lines of the screen move again: a frame may have been cut off while a part of them did.
const ALL_LINES: &[u8] = b"\x1b[r";

/// Leaves the terminal as it was. Does nothing the second time.
pub(crate) fn restore() {
    let mut words = [MOUSE_OFF, ALL_LINES].concat();
    // Writing to memory does not fail.
    let _ = execute!(words, DisableBracketedPaste, ResetColor, LeaveAlternateScreen, Show);
    out::give_back(&words, || {
        if is_in_front() {
            let _ = disable_raw_mode();
        }
    });
}

/// Whether the modes of the terminal are for this process to set: where it runs behind another one, the shell has set
/// them already, and the system would stop whoever tries.
#[cfg(unix)]
fn is_in_front() -> bool {
    rustix::termios::tcgetpgrp(io::stdout()).map_or(true, |group| group == rustix::process::getpgrp())
}

#[cfg(not(unix))]
fn is_in_front() -> bool {
    true
}
