//! The whole program, from outside: its output, its numbers, its terminal, its sources.

#[cfg(unix)]
mod cache;
mod circles;
mod cli;
mod documents;
mod ends;
#[cfg(unix)]
mod hostile;
mod inspector;
#[cfg(unix)]
mod measured;
mod oracle;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod shells;
mod take;
#[cfg(unix)]
mod terminal;
mod tidy;

use std::ffi::OsStr;
use std::process::Command;

/// The program, or one that leads to it, without a place for an index cache or settings: a test neither finds what
/// somebody has kept or set nor leaves anything.
fn without_cache(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env_remove(name);
    }
    command
}
