//! A window over the decompressed bytes that knows its place in the file.

use std::io::{self, Read};

use super::Source;
use crate::base::fault::check;
use crate::base::memory;
use crate::error::{Error, FormatError, Result};

/// Bytes asked of the source at once. Half a second-level cache each for two cores; larger blocks gain nothing.
const BLOCK: usize = 1 << 19;

/// After so many bytes memory is asked about again: what that takes of time depends on how often, not on how much.
const ASK: u64 = 8 << 20;

/// Up to there it is asked about at every block: threads begin, and each takes address space of its own.
const OFTEN: u64 = 16 << 20;

/// The bytes that have been read but not used: `buffer[start..end]`, the first of them at `offset` in the file.
pub(crate) struct Reader {
    source: Source,
    /// How much is read before anybody looks.
    block: usize,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    /// From which offset on memory is asked about again.
    asked: u64,
    at_end: bool,
}

impl Reader {
    pub(crate) fn new(source: Source) -> Self {
        Reader::with_block(source, BLOCK)
    }

    /// A reader with blocks of another size, at least 1: tests put the borders of blocks anywhere.
    pub(super) fn with_block(source: Source, block: usize) -> Self {
        Reader { source, block, buffer: vec![0; block], start: 0, end: 0, offset: 0, asked: 0, at_end: false }
    }

    /// Offset in the decompressed file of the next unused byte.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The name of the source, for errors.
    pub(crate) fn name(&self) -> &str {
        &self.source.name
    }

    /// Whether the bytes come out of a decompressor.
    pub(crate) fn is_compressed(&self) -> bool {
        self.source.compressed
    }

    /// The unused bytes that are at hand.
    #[inline]
    pub(crate) fn window(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Marks `count` bytes as used.
    #[inline]
    pub(crate) fn consume(&mut self, count: usize) {
        check!(count <= self.end - self.start);
        self.start += count;
        self.offset += count as u64;
    }

    /// Reads more behind the window; false at the end of the file.
    pub(crate) fn fill(&mut self, section: &str) -> Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        if self.offset >= self.asked {
            // What has been read may have to move to a place of twice its size.
            memory::require(self.offset / 2, &doing(section))?;
            self.asked = if self.offset < OFTEN { 0 } else { self.offset + ASK };
        }
        let len = self.read_once(section)?;
        self.end += len;
        self.at_end = len == 0;
        Ok(len > 0)
    }

    fn read_once(&mut self, section: &str) -> Result<usize> {
        loop {
            match self.source.read.read(&mut self.buffer[self.end..]) {
                Ok(len) => return Ok(len),
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
                // Compressed data that stops early: what has come out is all there is, and whoever reads says where.
                Err(problem) if problem.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                Err(problem) if self.source.compressed => {
                    let at = self.offset + (self.end - self.start) as u64;
                    return Err(FormatError::new(section, at, format!("the compressed data is damaged ({problem})"))
                        .advise("is the file cut off?")
                        .into());
                }
                Err(problem) => return Err(Error::io(&self.source.name, &problem)),
            }
        }
    }

    /// Reads until the window holds a whole block, or the file ends.
    pub(crate) fn fill_block(&mut self, section: &str) -> Result<()> {
        while self.end - self.start < self.block && self.fill(section)? {}
        Ok(())
    }

    /// Gives away the buffer with the window's first `used` bytes at the returned range; `empty` takes its place and
    /// keeps the rest.
    pub(crate) fn take_buffer(&mut self, used: usize, mut empty: Vec<u8>) -> (Vec<u8>, std::ops::Range<usize>) {
        let rest = self.start + used..self.end;
        empty.resize(self.buffer.len().max(self.block), 0);
        empty[..rest.len()].copy_from_slice(&self.buffer[rest.clone()]);
        let range = self.start..self.start + used;
        self.start = 0;
        self.end = rest.len();
        self.offset += used as u64;
        (std::mem::replace(&mut self.buffer, empty), range)
    }

    /// The next byte that is not white space, unused; nothing at the end of the file.
    pub(crate) fn peek(&mut self, section: &str) -> Result<Option<u8>> {
        loop {
            let blank = self.window().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
            self.consume(blank);
            if let Some(&byte) = self.window().first() {
                return Ok(Some(byte));
            }
            if !self.fill(section)? {
                return Ok(None);
            }
        }
    }

    /// Whether, behind the next byte and white space, `wanted` follows; nothing is used.
    pub(crate) fn second_is(&mut self, wanted: u8, section: &str) -> Result<bool> {
        loop {
            let rest = self.window().get(1..).unwrap_or_default().trim_ascii_start();
            if let Some(&byte) = rest.first() {
                return Ok(byte == wanted);
            }
            if !self.fill(section)? {
                return Ok(false);
            }
        }
    }

    /// Whether `text` follows; nothing is used.
    pub(crate) fn begins_with(&mut self, text: &[u8], section: &str) -> Result<bool> {
        while self.window().len() < text.len() && self.fill(section)? {}
        Ok(self.window().starts_with(text))
    }

    /// Uses the next byte after white space, which must be `wanted`.
    pub(crate) fn expect(&mut self, wanted: u8, section: &str) -> Result<()> {
        match self.peek(section)? {
            Some(byte) if byte == wanted => {
                self.consume(1);
                Ok(())
            }
            Some(byte) => Err(self.wrong(section, &format!("expected `{}`, found {}", wanted as char, shown(byte)))),
            None => Err(self.cut_off(section)),
        }
    }

    /// Whether the file has ended and nothing of it is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at_end && self.window().len() < 6
    }

    /// The error for a file that ends inside `section`.
    pub(crate) fn cut_off(&self, section: &str) -> Error {
        let problem = if section.is_empty() { "the file ends" } else { "the file ends inside this section" };
        let advice = match section {
            "strings" => "it is cut off: copy it again, or open what is there with --partial",
            _ => "it is cut off: copy it again, or take a new snapshot",
        };
        FormatError::new(section, self.offset + (self.end - self.start) as u64, problem).advise(advice).into()
    }

    /// The error for a byte that cannot be here.
    pub(crate) fn wrong(&self, section: &str, problem: &str) -> Error {
        FormatError::new(section, self.offset, problem).advise("the file is damaged: copy it again").into()
    }
}

/// What memory is needed for.
fn doing(section: &str) -> String {
    if section.is_empty() { "to begin with the file".into() } else { format!("to read `{section}`") }
}

/// A byte in an error message: itself if it can be printed.
pub(crate) fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("`{}`", byte as char) } else { format!("byte 0x{byte:02x}") }
}

#[cfg(test)]
mod tests {
    use crate::input::tests::{Drops, reader};

    #[test]
    fn the_offset_is_that_of_the_next_unused_byte() {
        let mut reader = reader("0123456789", Drops { step: 3, block: 4 });
        reader.fill_block("").unwrap();
        assert_eq!((reader.window(), reader.offset()), (&b"0123"[..], 0));
        reader.consume(3);
        assert_eq!((reader.window(), reader.offset()), (&b"3"[..], 3));
        assert!(reader.fill("").unwrap());
        assert_eq!((reader.window(), reader.offset()), (&b"3456"[..], 3));
        // Nothing has been used: the window grows beyond a block.
        assert!(reader.fill("").unwrap());
        assert_eq!((reader.window(), reader.offset()), (&b"3456789"[..], 3));
        assert!(!reader.fill("").unwrap());
        assert!(!reader.fill("").unwrap(), "the end stays the end");
        assert_eq!(reader.window(), b"3456789");
    }

    #[test]
    fn a_buffer_that_is_given_away_leaves_the_rest_of_the_window_behind() {
        for block in 1..12 {
            let mut reader = reader("abcdefghij", Drops { step: 2, block });
            let mut spare = vec![b'x'; 3];
            let mut taken = Vec::new();
            loop {
                reader.fill_block("").unwrap();
                let used = reader.window().len().div_ceil(2);
                if used == 0 {
                    break;
                }
                let offset = reader.offset();
                let rest = reader.window()[used..].to_vec();
                let (buffer, range) = reader.take_buffer(used, std::mem::take(&mut spare));
                assert_eq!(offset, taken.len() as u64);
                taken.extend_from_slice(&buffer[range]);
                assert_eq!((reader.window(), reader.offset()), (&rest[..], taken.len() as u64));
                spare = buffer;
            }
            assert_eq!(taken, b"abcdefghij", "blocks of {block}");
        }
    }

    #[test]
    fn white_space_is_passed_over_however_long_it_is() {
        let text = format!("{}a{}b", " \n\t\r".repeat(5), " ".repeat(9));
        for block in 1..8 {
            let mut reader = reader(text.as_str(), Drops { step: 1, block });
            assert_eq!((reader.peek("").unwrap(), reader.offset()), (Some(b'a'), 20));
            assert!(reader.second_is(b'b', "").unwrap());
            assert!(!reader.second_is(b'a', "").unwrap());
            assert_eq!(reader.offset(), 20, "looking ahead uses nothing");
            reader.expect(b'a', "").unwrap();
            assert_eq!((reader.peek("").unwrap(), reader.offset()), (Some(b'b'), 30));
            reader.consume(1);
            assert_eq!(reader.peek("").unwrap(), None);
            assert!(!reader.second_is(b'b', "").unwrap());
        }
    }

    #[test]
    fn a_text_is_seen_across_borders_of_blocks() {
        let mut reader = reader("\"Inspector\",", Drops { step: 2, block: 3 });
        assert!(reader.begins_with(b"\"Inspector\"", "").unwrap());
        assert!(!reader.begins_with(b"\"Inspected\"", "").unwrap());
        assert!(!reader.begins_with(b"\"Inspector\", and more", "").unwrap());
        assert_eq!(reader.offset(), 0);
    }

    #[test]
    fn what_is_expected_but_not_there_is_told_with_its_place() {
        let problem =
            |text: &str| reader(text, Drops { step: 1, block: 2 }).expect(b'[', "nodes").unwrap_err().to_string();
        assert_eq!(problem("  {"), "nodes: expected `[`, found `{` at byte 2; the file is damaged: copy it again");
        assert_eq!(
            problem("\x07"),
            "nodes: expected `[`, found byte 0x07 at byte 0; the file is damaged: copy it again"
        );
        assert!(problem("   ").starts_with("nodes: the file ends inside this section at byte 3; it is cut off"));
    }
}
