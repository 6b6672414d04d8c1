//! The terminal as it is while the explorer runs, and as it was before: raw mode, alternate screen, cursor.
//!
//! Every way out leads through [`restore`]: the end of `run`, an error, a panic, a signal.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::layout::{Position, Size};

use super::backend::Lean;
use super::event_loop::Outside;
use super::message::{Mouse, Msg};
use crate::base::fault;
use crate::error::Error;
use crate::view::text;

/// A frame goes out in one piece.
pub(crate) type Screen = Terminal<Lean<BufWriter<Stdout>>>;

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back when it goes out of scope.
pub(crate) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// An error unless there is a terminal to draw on and one to read keys from.
pub(crate) fn require(file: &str) -> Result<(), Error> {
    let keyboard = io::stdin().is_terminal() || (cfg!(unix) && std::fs::File::open("/dev/tty").is_ok());
    if io::stdout().is_terminal() && keyboard {
        return Ok(());
    }
    Err(Error::Usage(format!("the explorer needs a terminal; try `heapwalk summary {file}`")))
}

/// Takes the terminal.
pub(crate) fn take() -> Result<(Screen, Guard), Error> {
    let failed = |problem: io::Error| Error::system("terminal", &problem);
    restore_on_panic();
    let guard = Guard;
    enter().map_err(failed)?;
    // Without this buffer every cell would be a write of its own.
    let out = BufWriter::with_capacity(1 << 16, io::stdout());
    let screen = Terminal::new(Lean::new(out)).map_err(failed)?;
    Ok((screen, guard))
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide)?;
    io::stdout().write_all(MOUSE_ON)?;
    io::stdout().flush()
}

/// Clicks, the wheel, and moves while a button is held; not every move: those would wake the program for nothing.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";
/// OSC 11: what is your background?
const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";
/// A later answer changes no colours any more: that would be a flicker without a cause.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// The terminal and the shell around it.
pub(crate) struct World;

impl Outside for World {
    fn suspend(&mut self) -> io::Result<()> {
        suspend()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    fn ask_background(&mut self) -> io::Result<()> {
        io::stdout().write_all(ASK_BACKGROUND)?;
        io::stdout().flush()
    }
}

/// Leaves the terminal as it was. Does nothing the second time.
pub(crate) fn restore() {
    if TAKEN.swap(false, SeqCst) {
        // Where the terminal is gone there is nothing to restore and nobody to tell.
        let _ = io::stdout().write_all(MOUSE_OFF);
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
        let _ = io::stdout().flush();
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
        if !TAKEN.load(SeqCst) {
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

/// Keys, sizes and signals as messages, from threads of their own.
pub(crate) fn inputs() -> Result<Receiver<Msg>, Error> {
    // When it is full the keyboard waits, as it would for any busy program.
    let (sender, inputs) = bounded(1024);
    let failed = |problem: io::Error| Error::system("terminal", &problem);
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
    let mut answers = Answers { started: Instant::now(), text: None };
    loop {
        let msg = match crossterm::event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => match answers.take(key) {
                // Esc and a letter that come together are no Alt: over slow lines they often do.
                Taken::Key if key.modifiers.contains(KeyModifiers::ALT) => {
                    if sender.send(Msg::Key(KeyEvent::from(KeyCode::Esc).into())).is_err() {
                        return;
                    }
                    Msg::Key(key.into())
                }
                Taken::Key => Msg::Key(key.into()),
                Taken::Background(light) if answers.started.elapsed() < ANSWER_TIME => Msg::Background(light),
                Taken::Background(_) | Taken::Part => continue,
            },
            Ok(Event::Mouse(mouse)) => match mouse_msg(mouse) {
                Some(msg) => msg,
                None => continue,
            },
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

fn mouse_msg(mouse: MouseEvent) -> Option<Msg> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
        MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
        MouseEventKind::Up(MouseButton::Left) => Mouse::Release,
        MouseEventKind::ScrollDown => Mouse::WheelDown,
        MouseEventKind::ScrollUp => Mouse::WheelUp,
        _ => return None,
    };
    Some(Msg::Mouse(kind, Position { x: mouse.column, y: mouse.row }))
}

/// Finds the terminal's answer about its background among the keys: it comes as Alt-], letters, and Alt-\\ or Ctrl-g.
struct Answers {
    started: Instant,
    /// The letters of an answer that has begun.
    text: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Taken {
    /// A key like any other.
    Key,
    /// A piece of an answer.
    Part,
    Background(bool),
}

impl Answers {
    /// Longer than any answer: something else was pressed.
    const LONGEST: usize = 40;

    fn take(&mut self, key: KeyEvent) -> Taken {
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match (&mut self.text, key.code) {
            (None, KeyCode::Char(']')) if alt => self.text = Some(String::new()),
            (None, _) => return Taken::Key,
            (Some(text), KeyCode::Char(letter)) if alt && letter == '\\' || ctrl && letter == 'g' => {
                let light = is_light(text);
                self.text = None;
                return light.map_or(Taken::Part, Taken::Background);
            }
            (Some(text), KeyCode::Char(letter)) if !alt && !ctrl && text.len() < Self::LONGEST => text.push(letter),
            (Some(_), _) => {
                self.text = None;
                return Taken::Key;
            }
        }
        Taken::Part
    }
}

/// Whether `11;rgb:ffff/ffff/ffff` is a light colour, as eyes see it.
fn is_light(answer: &str) -> Option<bool> {
    let colours = answer.strip_prefix("11;rgb:").or_else(|| answer.strip_prefix("11;rgba:"))?;
    let part = |digits: &str| {
        let most = 16f64.powi(digits.len() as i32) - 1.0;
        u32::from_str_radix(digits, 16).ok().map(|value| value as f64 / most)
    };
    let parts: Vec<f64> = colours.split('/').take(3).map(part).collect::<Option<_>>()?;
    let [red, green, blue] = parts[..] else { return None };
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(keys: &[(char, KeyModifiers)]) -> Vec<Taken> {
        let mut answers = Answers { started: Instant::now(), text: None };
        keys.iter().map(|&(letter, modifiers)| answers.take(KeyEvent::new(KeyCode::Char(letter), modifiers))).collect()
    }

    #[test]
    fn answers_of_the_terminal_are_not_keys() {
        let check = |text: &str, end: (char, KeyModifiers), last: Taken| {
            let mut keys = vec![(']', KeyModifiers::ALT)];
            keys.extend(text.chars().map(|letter| (letter, KeyModifiers::NONE)));
            keys.extend([end, ('j', KeyModifiers::NONE)]);
            let taken = taken(&keys);
            assert_eq!(taken[taken.len() - 2], last, "{text}");
            assert_eq!(taken[taken.len() - 1], Taken::Key);
            assert!(taken[..taken.len() - 2].iter().all(|part| *part == Taken::Part));
        };
        check("11;rgb:1e1e/1e1e/2e2e", ('\\', KeyModifiers::ALT), Taken::Background(false));
        check("11;rgb:fdfd/f6f6/e3e3", ('g', KeyModifiers::CONTROL), Taken::Background(true));
        check("11;rgb:ff/ff/ff", ('\\', KeyModifiers::ALT), Taken::Background(true));
        check("nonsense", ('\\', KeyModifiers::ALT), Taken::Part);
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

    pub(crate) fn watch(sender: Sender<Msg>) -> io::Result<()> {
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
    pub(crate) fn die(signal: i32) {
        super::restore();
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

#[cfg(unix)]
pub(crate) use signals::die;

#[cfg(not(unix))]
pub(crate) fn die(_signal: i32) {
    restore();
}
