//! Mistakes of the program itself: how they are found early and told, and how tests make one.

use std::any::Any;

/// `assert!` in development builds only, where the check would cost too much in others. `debug_assert!` would check
/// nothing at all: development builds are without debug assertions, for what those of the standard library cost.
macro_rules! check {
    ($($condition:tt)*) => {
        if cfg!(development) {
            assert!($($condition)*);
        }
    };
}
pub(crate) use check;

/// What a panic that a thread has caught says, for [`crate::error::Error::Mistake`].
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}

/// Panics where the environment variable `HEAPWALK_PANIC` names this place. Only in development builds: a test
/// can see what a mistake leaves of the terminal, and nobody else can make one.
pub(crate) fn provoke(place: &str) {
    if cfg!(development) && std::env::var_os("HEAPWALK_PANIC").is_some_and(|wanted| wanted == place) {
        panic!("provoked at {place}");
    }
}
