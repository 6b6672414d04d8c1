//! The terminal as it is while the explorer runs, and as it was before: raw mode, alternate screen, cursor.
//!
//! Every way out leads through [`restore`]: the end of `run`, an error, a panic, a signal.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::cursor::{Hide, Show};
use crossterm::event::{Event, KeyEventKind};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Size;

use super::message::Msg;
use crate::error::Error;

/// A frame goes out in one piece.
pub type Screen = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back when it goes out of scope.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// An error unless there is a terminal to draw on and one to read keys from.
pub fn require(file: &str) -> Result<(), Error> {
    let keyboard = io::stdin().is_terminal() || (cfg!(unix) && std::fs::File::open("/dev/tty").is_ok());
    if io::stdout().is_terminal() && keyboard {
        return Ok(());
    }
    Err(Error::Usage(format!("the explorer needs a terminal; try `heapwalk summary {file}`")))
}

/// Takes the terminal.
pub fn take() -> Result<(Screen, Guard), Error> {
    let failed = |problem: io::Error| Error::io("terminal", &problem);
    restore_on_panic();
    let guard = Guard;
    enter().map_err(failed)?;
    // Without this buffer every cell would be a write of its own.
    let out = BufWriter::with_capacity(1 << 16, io::stdout());
    let screen = Terminal::new(CrosstermBackend::new(out)).map_err(failed)?;
    Ok((screen, guard))
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide)
}

/// Leaves the terminal as it was. Does nothing the second time.
pub fn restore() {
    if TAKEN.swap(false, SeqCst) {
        // Where the terminal is gone there is nothing to restore and nobody to tell.
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
        let _ = io::stdout().flush();
    }
}

/// Panics of this thread end the explorer: the terminal first, then the report. Other threads catch their own and
/// tell them as messages; a report in the middle of the screen would only harm.
fn restore_on_panic() {
    let screen_thread = std::thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == screen_thread {
            restore();
        }
        if !TAKEN.load(SeqCst) {
            report(info);
        }
    }));
}

/// Stops the process as Ctrl-Z does in a shell, and takes the terminal again when it continues.
#[cfg(unix)]
pub fn suspend() -> io::Result<()> {
    restore();
    signal_hook::low_level::raise(signal_hook::consts::SIGTSTP)?;
    enter()
}

#[cfg(not(unix))]
pub fn suspend() -> io::Result<()> {
    Ok(())
}

/// Keys, sizes and signals as messages, from threads of their own.
pub fn inputs() -> Result<Receiver<Msg>, Error> {
    // When it is full the keyboard waits, as it would for any busy program.
    let (sender, inputs) = bounded(1024);
    let failed = |problem: io::Error| Error::io("terminal", &problem);
    #[cfg(unix)]
    signals::watch(sender.clone()).map_err(failed)?;
    std::thread::Builder::new()
        .name("keys".into())
        .spawn(move || {
            let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| read_keys(&sender)));
            if outcome.is_err() {
                // Without keys nobody could leave any more.
                let _ = sender.send(Msg::KeysFailed("a mistake while reading keys".into()));
            }
        })
        .map_err(failed)?;
    Ok(inputs)
}

fn read_keys(sender: &Sender<Msg>) {
    loop {
        let msg = match crossterm::event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Msg::Key(key.into()),
            Ok(Event::Resize(width, height)) => Msg::Resize(Size { width, height }),
            Ok(_) => continue,
            Err(problem) => Msg::KeysFailed(problem.to_string()),
        };
        let last = matches!(msg, Msg::KeysFailed(_));
        if sender.send(msg).is_err() || last {
            return;
        }
    }
}

#[cfg(unix)]
mod signals {
    use std::io;
    use std::time::Duration;

    use crossbeam_channel::Sender;
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use crate::tui::message::Msg;

    /// The loop has so long to end in an orderly way.
    const GRACE: Duration = Duration::from_secs(1);

    pub fn watch(sender: Sender<Msg>) -> io::Result<()> {
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT])?;
        let handle = move || {
            for signal in signals.forever() {
                if signal == SIGCONT {
                    let _ = sender.try_send(Msg::Continued);
                    continue;
                }
                let _ = sender.try_send(Msg::Signal(signal));
                std::thread::sleep(GRACE);
                die(signal);
            }
        };
        std::thread::Builder::new().name("signals".into()).spawn(handle)?;
        Ok(())
    }

    /// Gives the terminal back and ends the process as the signal would have done without us.
    pub fn die(signal: i32) {
        super::restore();
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

#[cfg(unix)]
pub use signals::die;

#[cfg(not(unix))]
pub fn die(_signal: i32) {
    restore();
}
