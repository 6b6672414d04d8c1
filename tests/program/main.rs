//! The whole program, from outside: its output, its numbers, its terminal, its sources.

mod cli;
mod documents;
#[cfg(unix)]
mod hostile;
mod oracle;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod terminal;
mod tidy;
