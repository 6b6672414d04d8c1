//! The way out to the terminal, which never holds the program: what the terminal does not take at once waits in steps,
//! and between two steps somebody looks whether the program is to end.
//!
//! A terminal that is stopped, or at the far end of a dead line, reads nothing: a plain write into it would never
//! return, and nobody could give the terminal back.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::signal::signal;

/// Whether the terminal is ours now: what is written before and after goes nowhere.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Held while something is written in one piece, and while the terminal is taken or given back.
static DOOR: Mutex<()> = Mutex::new(());
/// How many bytes have been drawn.
static WRITTEN: AtomicU64 = AtomicU64::new(0);
/// Where it all goes.
static WAY: OnceLock<File> = OnceLock::new();

/// So long at most until somebody looks whether the program is to end.
const STEP: Duration = Duration::from_millis(50);
/// The last words have so long; twice, and within the time that a signal leaves.
const LAST_WORDS: Duration = Duration::from_millis(150);
/// Ends a sequence of which the terminal has seen only the beginning.
const CANCEL: &[u8] = b"\x18";

/// What is drawn goes this way.
pub(crate) struct Out;

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let door = lock();
            if !is_taken() {
                return Ok(bytes.len());
            }
            let count = piece(bytes)?;
            drop(door);
            if count > 0 {
                WRITTEN.fetch_add(count as u64, Relaxed);
                return Ok(count);
            }
            if signal().is_some() {
                return Err(nothing_taken());
            }
            wait_for_room(STEP)?;
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many bytes the terminal has taken of what was drawn.
pub(super) fn written() -> u64 {
    WRITTEN.load(Relaxed)
}

pub(super) fn is_taken() -> bool {
    TAKEN.load(SeqCst)
}

/// Takes the terminal with these words, after `prepare`; not where the program is to end already.
pub(super) fn take(words: &[u8], prepare: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let _door = lock();
    if WAY.get().is_none() {
        let _ = WAY.set(open()?);
    }
    if signal().is_some() {
        return Err(io::ErrorKind::Interrupted.into());
    }
    TAKEN.store(true, SeqCst);
    prepare()?;
    match say(words, || signal().is_some()) {
        true => Ok(()),
        false => Err(nothing_taken()),
    }
}

/// Gives the terminal back with these words, then does `after`. Does nothing where it is not ours.
pub(super) fn give_back(words: &[u8], after: impl FnOnce()) {
    let _door = lock();
    if TAKEN.swap(false, SeqCst) {
        // Where the terminal is gone there is nothing to give back and nobody to tell.
        let patience = || {
            let begun = Instant::now();
            move || begun.elapsed() >= LAST_WORDS
        };
        if !say(words, patience()) {
            forget_unread();
            say(&[CANCEL, words].concat(), patience());
        }
        after();
    }
}

/// Writes all of it, or as much as the terminal takes until `is_over`.
fn say(words: &[u8], is_over: impl Fn() -> bool) -> bool {
    let mut rest = words;
    while !rest.is_empty() {
        match piece(rest) {
            Ok(0) if is_over() || wait_for_room(STEP).is_err() => return false,
            Ok(count) => rest = &rest[count..],
            Err(_) => return false,
        }
    }
    true
}

fn nothing_taken() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "it takes nothing")
}

fn lock() -> MutexGuard<'static, ()> {
    DOOR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes what the terminal takes now; 0 where it takes nothing.
fn piece(bytes: &[u8]) -> io::Result<usize> {
    let Some(mut way) = WAY.get() else { return Err(io::ErrorKind::NotConnected.into()) };
    loop {
        match way.write(bytes) {
            Err(problem) if problem.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// The terminal that standard output leads to, opened anew: that a write does not wait is a property of this way alone,
/// for the shell's own is shared with other programs. Where it cannot be opened, the shell's own has to do.
#[cfg(unix)]
fn open() -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    use std::os::fd::AsFd;

    let stdout = io::stdout();
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    if let Ok(name) = rustix::termios::ttyname(&stdout, Vec::new())
        && let Ok(way) = rustix::fs::open(name, flags, Mode::empty())
    {
        return Ok(way.into());
    }
    // A terminal of somebody else (`su`) or of another name space: as the one that controls this process it opens.
    if rustix::termios::tcgetsid(&stdout).is_ok()
        && let Ok(way) = rustix::fs::open("/dev/tty", flags, Mode::empty())
    {
        return Ok(way.into());
    }
    Ok(stdout.as_fd().try_clone_to_owned()?.into())
}

/// Waits until the terminal takes something, or for a time.
#[cfg(unix)]
fn wait_for_room(time: Duration) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let Some(way) = WAY.get() else { return Ok(()) };
    let mut ways = [PollFd::new(way, PollFlags::OUT)];
    let time = Timespec { tv_sec: 0, tv_nsec: time.subsec_nanos().into() };
    let is_known = poll(&mut ways, Some(&time)).is_ok() && !ways[0].revents().contains(PollFlags::NVAL);
    if ways[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    if !is_known {
        // Interrupted, or a system that cannot wait for terminals.
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Drops what the terminal has not read yet.
#[cfg(unix)]
fn forget_unread() {
    if let Some(way) = WAY.get() {
        let _ = rustix::termios::tcflush(way, rustix::termios::QueueSelector::OFlush);
    }
}

#[cfg(not(unix))]
fn open() -> io::Result<File> {
    File::options().write(true).open("CONOUT$")
}

#[cfg(not(unix))]
fn wait_for_room(time: Duration) -> io::Result<()> {
    std::thread::sleep(time);
    Ok(())
}

#[cfg(not(unix))]
fn forget_unread() {}
