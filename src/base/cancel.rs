//! A wish to stop, shared by who wishes and who works.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A loop that can take long looks for the wish once in so many items.
pub(crate) const CHECK_EVERY: usize = 1 << 16;

#[derive(Debug, Default)]
pub(crate) struct Cancel(AtomicBool);

impl Cancel {
    /// Asks the work to stop; it ends with [`crate::error::Error::Cancelled`] soon after.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Relaxed)
    }
}
