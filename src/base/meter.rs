//! What a piece of long work carries with it: whether to go on, and how far it is. Workers write, front ends poll.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

pub use super::cancel::CHECK_EVERY;
use super::cancel::Cancel;
use crate::error::{Error, Result};

/// The wish to stop and the progress of one piece of work, of which any number of threads may do a part.
#[derive(Debug, Default)]
pub struct Meter {
    cancel: Cancel,
    done: AtomicU64,
    /// 0 when nobody knows.
    total: AtomicU64,
    /// When work that must not keep anybody waiting gives up.
    deadline: Option<Instant>,
}

impl Meter {
    /// A meter for work that is cancelled by itself when it takes longer than `time`.
    pub fn within(time: Duration) -> Self {
        Meter { deadline: Some(Instant::now() + time), ..Meter::default() }
    }

    /// Whether somebody waits for the work.
    pub fn is_impatient(&self) -> bool {
        self.deadline.is_some()
    }

    /// Asks the work to stop; it ends with [`crate::error::Error::Cancelled`] soon after.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled() || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// An error once somebody has asked the work to stop.
    #[inline]
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// [`Meter::check`] for item number `index` of a long loop: looks once in [`CHECK_EVERY`] items.
    #[inline(always)]
    pub fn check_at(&self, index: usize) -> Result<()> {
        if index & (CHECK_EVERY - 1) == 0 { self.check() } else { Ok(()) }
    }

    /// Sets how many items (bytes, rows) there are to do; 0 when nobody knows.
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// Counts items as done.
    pub fn add_done(&self, items: u64) {
        self.done.fetch_add(items, Relaxed);
    }

    pub fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub fn total(&self) -> u64 {
        self.total.load(Relaxed)
    }
}
