//! Standard output: a pipe that closes is no error, a terminal gets nothing that could steer it.

use std::io::{self, IsTerminal, Write};

use crate::error::{Error, Result};
use crate::view::text::sanitize;

/// Why printing ends before all is said.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Standard output takes no more.
    Output(io::Error),
    /// What is to be printed cannot be made.
    Work(Error),
}

impl From<io::Error> for Stop {
    fn from(problem: io::Error) -> Self {
        Stop::Output(problem)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(problem: serde_json::Error) -> Self {
        Stop::Output(problem.into())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Work(error)
    }
}

/// Hands standard output to `write`. A reader that has gone away (`| head`) is no error.
pub(crate) fn with_stdout<E: Into<Stop>>(write: impl FnOnce(&mut dyn Write) -> Result<(), E>) -> Result<()> {
    let stdout = io::stdout();
    let result = if stdout.is_terminal() {
        let mut out = Harmless { out: stdout.lock(), line: Vec::new() };
        write(&mut out).map_err(Into::into).and_then(|()| Ok(out.flush()?))
    } else {
        let mut out = io::BufWriter::with_capacity(1 << 16, stdout.lock());
        write(&mut out).map_err(Into::into).and_then(|()| Ok(out.flush()?))
    };
    match result {
        Err(Stop::Work(error)) => Err(error),
        Err(Stop::Output(problem)) if problem.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("standard output", &problem))
        }
        _ => Ok(()),
    }
}

/// Lets go of standard output: who reads it knows that this was all.
pub(crate) fn close() {
    #[cfg(unix)]
    if let Ok(nowhere) = std::fs::File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(nowhere);
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
        self.out.write_all(sanitize(text).as_bytes())?;
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
