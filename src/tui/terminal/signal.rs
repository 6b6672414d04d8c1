//! The signal that is to end the program: known to all that would keep it from ending.

use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

/// The signal that is to end the program; 0 as long as there is none.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// The signal that is to end the program, if one has come.
pub(crate) fn signal() -> Option<i32> {
    Some(SIGNAL.load(SeqCst)).filter(|&signal| signal != 0)
}

/// From now on this one is to end the program.
#[cfg(unix)]
pub(super) fn set(signal: i32) {
    SIGNAL.store(signal, SeqCst);
}
