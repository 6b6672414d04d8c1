//! A running program → its snapshot in a file, over the inspector protocol.
//!
//! ```text
//! PID ─ process ─▶ HOST:PORT ─ targets ─▶ one target ─ client ─▶ messages ─ stream ─▶ file
//! ```
//!
//! Whoever answers is a stranger: messages have a largest size, waits an end, and text of theirs is untrusted. Nothing
//! that was not named is connected to. Nothing here speaks to people but in errors; nothing reads what was taken.

mod address;
mod client;
mod engine;
mod file;
mod http;
mod message;
mod other_ways;
#[cfg(unix)]
mod process;
#[cfg(not(unix))]
#[path = "process_elsewhere.rs"]
mod process;
mod running;
mod session;
mod shape;
#[cfg(unix)]
mod sockets;
mod stream;
mod targets;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

pub(crate) use address::Address;
pub(crate) use file::{Compression, SnapshotFile};
pub(crate) use running::{running, targets_at};
pub(crate) use session::{Closed, Session};
pub(crate) use stream::Phase;
pub(crate) use targets::Target;

use crate::error::{Error, Result};

/// How a program is to be reached.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    /// Send the signal where the system does not tell whether the process catches it.
    pub signal: bool,
    /// How long nothing of use may come.
    pub patience: Duration,
    pub stop: Stop,
}

/// What to take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Numbers as objects of their own.
    pub numeric: bool,
    /// What the engine keeps for itself.
    pub internals: bool,
    /// Record for so long who allocates what, and take the snapshot then.
    pub timeline: Option<Duration>,
}

/// The wish of whoever waits that all this end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn ask(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.0.load(Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Signals that express the wish, as long as this lives: the first asks, the second ends the process at once.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    #[cfg(unix)]
    ids: Vec<signal_hook::SigId>,
}

impl Signals {
    /// Hears signals on behalf of a wish.
    pub(crate) fn hear(stop: &Stop) -> Signals {
        let mut signals = Signals::default();
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            use signal_hook::flag;
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                // Without the handlers the signal itself ends the process, which leaves no file behind either.
                signals.ids.extend(flag::register_conditional_shutdown(signal, 130, stop.0.clone()));
                signals.ids.extend(flag::register(signal, stop.0.clone()));
            }
        }
        signals
    }
}

#[cfg(unix)]
impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}

/// A program that cannot be reached, or that does not give what was asked.
fn failed(what: impl Into<String>) -> Error {
    Error::Take(what.into())
}
