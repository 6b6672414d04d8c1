//! The terminal as it is while the explorer runs, and as it was before: raw mode, alternate screen, cursor, mouse, paste.
//!
//! Every way out leads through [`restore`]: the end of `run`, an error, a panic, a signal, the end of the terminal, a
//! page of the index cache that is lost.

mod answers;
mod ends;
mod keys;
mod out;
mod restore;
mod signal;
mod watch;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Hide;
use crossterm::event::EnableBracketedPaste;
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, enable_raw_mode};
use ratatui::Terminal;

use super::backend::Lean;
use super::event_loop::Outside;
use super::message::Msg;
use crate::base::fault;
use crate::error::Error;
use crate::view::text;
pub(crate) use ends::die;
use out::Out;
use restore::restore;
pub(crate) use signal::signal;

/// A frame goes out in one piece.
pub(crate) type Screen = Terminal<Lean<BufWriter<Out>>>;

/// What the terminal is asked to tell besides keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Clicks and the wheel.
    pub(crate) mouse: bool,
    /// What is pasted, as such.
    pub(crate) paste: bool,
}

/// The same for as long as the process runs: after a stop the terminal is taken again.
static MOUSE: AtomicBool = AtomicBool::new(true);
static PASTE: AtomicBool = AtomicBool::new(true);

/// Gives the terminal back when it goes out of scope.
pub(crate) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// An error unless there is a terminal to draw on and one to read keys from. `file` is what a command would call it.
pub(crate) fn require(file: &str) -> Result<(), Error> {
    let keyboard = io::stdin().is_terminal() || (cfg!(unix) && std::fs::File::open("/dev/tty").is_ok());
    if io::stdout().is_terminal() && keyboard {
        return Ok(());
    }
    Err(Error::Usage(format!("the explorer needs a terminal; try `heapwalk summary {file}`")))
}

/// Takes the terminal; keys, sizes and signals come as messages from then on. Signals are listened to first: there is
/// no moment at which one could end the process and leave the terminal taken.
pub(crate) fn take(wanted: Wanted) -> Result<(Screen, Receiver<Msg>, Guard), Error> {
    MOUSE.store(wanted.mouse, Relaxed);
    PASTE.store(wanted.paste, Relaxed);
    let failed = |problem: io::Error| Error::system("terminal", &problem);
    let (sender, inputs) = bounded(MOST_WAITING);
    restore_on_panic();
    #[cfg(unix)]
    crate::cache::before_the_end(restore);
    #[cfg(unix)]
    ends::watch(sender.clone()).map_err(failed)?;
    let guard = Guard;
    enter().map_err(failed)?;
    // Without this buffer every cell would be a write of its own.
    let out = BufWriter::with_capacity(1 << 16, Out);
    let screen = Terminal::new(Lean::new(out)).map_err(failed)?;
    start_reading(sender).map_err(failed)?;
    Ok((screen, inputs, guard))
}

/// Keys and other messages that wait for the loop. More than anybody types ahead: when it is full, keys are lost.
const MOST_WAITING: usize = 1024;

/// Reads keys in a thread of its own.
fn start_reading(sender: Sender<Msg>) -> io::Result<()> {
    let read = move || {
        let mistake = sender.clone();
        if panic::catch_unwind(panic::AssertUnwindSafe(|| keys::read(sender))).is_err() {
            // Without keys nobody could leave any more.
            let _ = mistake.send(Msg::KeysFailed("a mistake while reading keys".into()));
        }
    };
    std::thread::Builder::new().name("keys".into()).spawn(read).map(drop)
}

fn enter() -> io::Result<()> {
    let mut words = Vec::new();
    execute!(words, EnterAlternateScreen, Hide)?;
    if PASTE.load(Relaxed) {
        execute!(words, EnableBracketedPaste)?;
    }
    if MOUSE.load(Relaxed) {
        words.extend_from_slice(MOUSE_ON);
    }
    out::take(&words, enable_raw_mode)
}

/// Clicks, the wheel, and moves while a button is held; not every move: those would wake the program for nothing.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// OSC 11: what is your background?
const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";

/// Where is the cursor? Any terminal says it, once it has read all before the question. (Whether it is well it says in
/// fewer bytes, but those make the library that reads keys wait for more.)
const ASK_FOR_ANSWER: &[u8] = b"\x1b[6n";

/// The terminal and the shell around it.
#[derive(Default)]
pub(crate) struct World {
    /// How many bytes were drawn when the terminal was asked for an answer last, the question among them.
    asked_at: u64,
}

impl Outside for World {
    fn suspend(&mut self) -> io::Result<()> {
        suspend()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(Out, CopyToClipboard::to_clipboard_from(text))
    }

    fn ask_background(&mut self) -> io::Result<()> {
        Out.write_all(ASK_BACKGROUND)
    }

    fn drawn(&self) -> u64 {
        out::written()
    }

    fn ask_for_answer(&mut self) -> io::Result<bool> {
        if out::written() == self.asked_at {
            return Ok(false);
        }
        Out.write_all(ASK_FOR_ANSWER)?;
        self.asked_at = out::written();
        Ok(true)
    }
}

/// What is known of panics of other threads while the terminal was ours.
static CAUGHT: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// A mistake that happens again and again is told so many times.
const MOST_CAUGHT: usize = 10;

/// Panics of this thread end the explorer: the terminal first, then the report. Other threads catch their own and
/// tell them as messages; a report in the middle of the screen would only harm. Where they happened is kept for
/// [`tell_caught`].
fn restore_on_panic() {
    let screen_thread = std::thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        if thread.id() == screen_thread {
            restore();
        }
        if !out::is_taken() {
            report(info);
            return;
        }
        let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
        let mistake = Error::Mistake(fault::message(info.payload()));
        let line = format!("{mistake}{place}, thread {}", thread.name().unwrap_or("?"));
        let mut caught = CAUGHT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if caught.len() < MOST_CAUGHT {
            caught.push(line);
        }
    }));
}

/// Writes what other threads' panics have left, once the terminal is given back: the screen had a line for each, and
/// who reports a mistake needs its place.
pub(crate) fn tell_caught() {
    let caught = std::mem::take(&mut *CAUGHT.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    for line in caught {
        let _ = writeln!(io::stderr(), "heapwalk: {}", text::sanitize(&line));
    }
}

/// Stops the process as Ctrl-Z does in a shell, and takes the terminal again when it continues.
#[cfg(unix)]
pub(crate) fn suspend() -> io::Result<()> {
    restore();
    signal_hook::low_level::raise(signal_hook::consts::SIGTSTP)?;
    enter()
}

#[cfg(not(unix))]
pub(crate) fn suspend() -> io::Result<()> {
    Ok(())
}
