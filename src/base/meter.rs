//! What a piece of long work carries with it: whether to go on, and how far it is. Workers write, front ends poll.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub(crate) use super::cancel::CHECK_EVERY;
use super::cancel::Cancel;
use crate::error::{Error, Result};

/// The wish to stop and the progress of one piece of work, of which any number of threads may do a part.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    cancel: Arc<Cancel>,
    done: AtomicU64,
    /// 0 when nobody knows.
    total: AtomicU64,
}

impl Meter {
    /// Asks the work to stop; it ends with [`crate::error::Error::Cancelled`] soon after.
    pub(crate) fn cancel(&self) {
        self.cancel.cancel();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// A meter for a part of the work whose items are not counted here; it stops with this one.
    pub(crate) fn within(&self) -> Meter {
        Meter { cancel: self.cancel.clone(), ..Meter::default() }
    }

    /// An error once somebody has asked the work to stop.
    #[inline]
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// [`Meter::check`] for item number `index` of a long loop: looks once in [`CHECK_EVERY`] items.
    #[inline(always)]
    pub(crate) fn check_at(&self, index: usize) -> Result<()> {
        if index & (CHECK_EVERY - 1) == 0 { self.check() } else { Ok(()) }
    }

    /// Sets how many items (bytes, rows) there are to do; 0 when nobody knows.
    pub(crate) fn set_total(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// Forgets what has been counted: what was done is of no use.
    pub(crate) fn begin_again(&self) {
        self.done.store(0, Relaxed);
        self.set_total(0);
    }

    /// Counts items as done.
    pub(crate) fn add_done(&self, items: u64) {
        self.done.fetch_add(items, Relaxed);
    }

    pub(crate) fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub(crate) fn total(&self) -> u64 {
        self.total.load(Relaxed)
    }
}
