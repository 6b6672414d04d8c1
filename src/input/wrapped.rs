//! A snapshot inside a JSON string: what `valdi inspect heap` prints.

use std::io::{self, Read};

use super::Reader;
use crate::base::text::push_code_point;

/// The text of a JSON string, read behind its opening quote up to its closing one. Its end is the end of the stream.
pub(crate) struct Unescaped {
    reader: Reader,
    /// Text that has been unescaped but not handed out: an escape can give up to four bytes.
    ready: Vec<u8>,
    done: bool,
}

impl Unescaped {
    pub(crate) fn new(reader: Reader) -> Self {
        Unescaped { reader, ready: Vec::new(), done: false }
    }

    /// Undoes the escape at the start of the window, which holds at least its first two bytes.
    fn escape(&mut self) -> io::Result<()> {
        while self.reader.window().len() < 12 && self.fill()? {}
        let window = self.reader.window();
        let unit = |at: usize| {
            let digits = window.get(at..at + 6)?.strip_prefix(b"\\u")?;
            u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
        };
        let (used, point) = match window.get(1) {
            Some(b'u') => {
                let Some(high) = unit(0) else { return Err(wrong("an escape that is none")) };
                match unit(6) {
                    Some(low) if (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low) => {
                        (12, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                    }
                    _ => (6, high),
                }
            }
            Some(b'n') => (2, 10),
            Some(b't') => (2, 9),
            Some(b'r') => (2, 13),
            Some(b'b') => (2, 8),
            Some(b'f') => (2, 12),
            Some(&other) => (2, other as u32),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        };
        push_code_point(&mut self.ready, point);
        self.reader.consume(used);
        Ok(())
    }

    fn fill(&mut self) -> io::Result<bool> {
        self.reader.fill("heapDumpJSON").map_err(|problem| wrong(&problem.to_string()))
    }
}

fn wrong(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem.to_owned())
}

impl Read for Unescaped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.ready.is_empty() {
                let len = self.ready.len().min(buffer.len());
                buffer[..len].copy_from_slice(&self.ready[..len]);
                self.ready.drain(..len);
                return Ok(len);
            }
            if self.done || buffer.is_empty() {
                return Ok(0);
            }
            if self.reader.window().is_empty() && !self.fill()? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let window = self.reader.window();
            match memchr::memchr2(b'"', b'\\', window).unwrap_or(window.len()) {
                0 if window[0] == b'"' => {
                    self.reader.consume(1);
                    self.done = true;
                }
                0 => self.escape()?,
                plain => {
                    let len = plain.min(buffer.len());
                    buffer[..len].copy_from_slice(&window[..len]);
                    self.reader.consume(len);
                    return Ok(len);
                }
            }
        }
    }
}
