//! The command line: arguments in, rows of the views out. Nothing here computes.

mod args;
mod commands;
mod digest;
mod info;
mod load;
mod output;
mod records;
mod views;

use std::io::{self, IsTerminal, Write};

use clap::Parser;

use crate::error::{Error, Result};
pub use args::Common;
use args::{Arguments, Command};
pub use load::DEMO;

/// What the arguments ask for.
pub enum Request {
    /// Open the explorer on these files, oldest first; none means the bundled demo.
    Explore(Vec<std::path::PathBuf>, Common),
    /// It has been done; the exit status.
    Done(i32),
}

/// Reads the arguments of the process and does what they say, but for the explorer, which the caller opens.
pub fn run() -> Request {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            // Help and version are answers, everything else is a wrong use.
            let status = if problem.use_stderr() { 2 } else { 0 };
            let _ = problem.print();
            return Request::Done(status);
        }
    };
    match arguments.command {
        None if arguments.files.is_empty() => {
            let _ = args::print_help();
            Request::Done(2)
        }
        None => Request::Explore(arguments.files, arguments.common),
        Some(Command::Demo(common)) => Request::Explore(Vec::new(), common),
        Some(command) => {
            load::exit_on_interrupt();
            Request::Done(report(run_command(command)))
        }
    }
}

/// Prints an error in one line and gives the exit status.
pub fn report(result: Result<()>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(io::stderr(), "heapwalk: {}", crate::view::text::sanitize(&error.to_string()));
            error.exit_status()
        }
    }
}

fn run_command(command: Command) -> Result<()> {
    match command {
        Command::Demo(_) => unreachable!("the explorer is opened by the caller"),
        Command::Info(arguments) => info::run(&arguments),
        Command::Summary(arguments) => commands::summary(&arguments),
        Command::Objects(arguments) => commands::objects(&arguments),
        Command::Object(arguments) => commands::object(&arguments),
        Command::Containment(arguments) => commands::containment(&arguments),
        Command::Dominators(arguments) => commands::dominators(&arguments),
        Command::Retainers(arguments) => commands::retainers(&arguments),
        Command::Paths(arguments) => commands::paths(&arguments),
        Command::Statistics(arguments) => commands::statistics(&arguments),
        Command::Strings(arguments) => views::strings(&arguments),
        Command::Allocation(arguments) => views::allocation(&arguments),
        Command::Compare(arguments) => views::compare(&arguments),
        Command::Digest(arguments) => digest::run(&arguments),
    }
}

/// Hands standard output to `write`. A reader that has gone away (`| head`) is no error.
fn with_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let stdout = io::stdout();
    let result = if stdout.is_terminal() {
        let mut out = Harmless { out: stdout.lock(), line: Vec::new() };
        write(&mut out).and_then(|()| out.flush())
    } else {
        let mut out = io::BufWriter::with_capacity(1 << 16, stdout.lock());
        write(&mut out).and_then(|()| out.flush())
    };
    match result {
        Err(problem) if problem.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("standard output", &problem)),
        _ => Ok(()),
    }
}

/// Takes what could steer a terminal out of every line: formats for programs hold the text of a snapshot as it is.
struct Harmless<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.flush()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = String::from_utf8_lossy(&self.line);
        let (text, end) = text.strip_suffix('\n').map_or((&*text, ""), |text| (text, "\n"));
        self.out.write_all(crate::view::text::sanitize(text).as_bytes())?;
        self.out.write_all(end.as_bytes())?;
        self.line.clear();
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_printed_on_one() {
        let mut shown = Vec::new();
        let mut out = Harmless { out: &mut shown, line: Vec::new() };
        out.write_all(b"a,\x1b[2J\nb,\xc2").unwrap();
        out.write_all(b"\x9b\n").unwrap();
        out.flush().unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), "a,\u{241b}[2J\nb,\u{fffd}\n");
    }
}
