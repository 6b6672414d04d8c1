//! Numbers and strings → the text of a snapshot, handed on in pieces of one size.

use std::io::{self, Write};

/// What is written at once.
const PIECE: usize = 1 << 16;

pub(super) struct Text<W: Write> {
    out: W,
    buffer: Vec<u8>,
    /// What `out` has got.
    handed_on: u64,
}

impl<W: Write> Text<W> {
    pub(super) fn new(out: W) -> Self {
        Text { out, buffer: Vec::with_capacity(2 * PIECE), handed_on: 0 }
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Numbers behind those before them.
    pub(super) fn record(&mut self, numbers: &[u64]) {
        for &number in numbers {
            self.comma();
            self.number(number);
        }
    }

    /// A string that needs no escapes, behind the one before it.
    pub(super) fn string(&mut self, string: &str) {
        self.comma();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(string.as_bytes());
        self.buffer.push(b'"');
    }

    fn comma(&mut self) {
        if self.buffer.last() != Some(&b'[') {
            self.buffer.push(b',');
        }
    }

    fn number(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.buffer.extend_from_slice(&digits[at..]);
    }

    pub(super) fn written(&self) -> u64 {
        self.handed_on + self.buffer.len() as u64
    }

    /// Hands on whole pieces. What stays behind is never empty, so that a comma knows what is before it.
    pub(super) fn flush_some(&mut self) -> io::Result<()> {
        while self.buffer.len() > PIECE {
            self.out.write_all(&self.buffer[..PIECE])?;
            self.buffer.drain(..PIECE);
            self.handed_on += PIECE as u64;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.out.flush()
    }
}
