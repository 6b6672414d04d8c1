//! The decimal numbers of the integer sections.

use crate::error::FormatError;

/// Reads the numbers of one block of an integer section, one after the other.
///
/// The block must not cut a number. White space and commas separate; a comma too many or too few shows in the count
/// of numbers, which the caller checks.
pub struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Offset of the block in the file and name of the section, for errors.
    offset: u64,
    section: &'a str,
}

impl<'a> Numbers<'a> {
    pub fn new(bytes: &'a [u8], offset: u64, section: &'a str) -> Self {
        Numbers { bytes, at: 0, offset, section }
    }

    /// The next number, with whether a minus sign stood before it; nothing at the end.
    #[inline(always)]
    pub fn next(&mut self) -> Result<Option<(u64, bool)>, FormatError> {
        let mut negative = false;
        loop {
            let Some(&byte) = self.bytes.get(self.at) else { return Ok(None) };
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                break;
            }
            if byte == b',' && !negative || matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                self.at += 1;
            } else if byte == b'-' && !negative {
                negative = true;
                self.at += 1;
            } else {
                return Err(self.wrong(byte));
            }
        }
        let first = self.at;
        let mut value = 0u64;
        while let Some(&byte) = self.bytes.get(self.at) {
            let digit = byte.wrapping_sub(b'0');
            if digit >= 10 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(digit as u64);
            self.at += 1;
        }
        if self.at - first > 19 {
            return Err(self.error_at(first, "a number with too many digits"));
        }
        Ok(Some((value, negative)))
    }

    #[cold]
    fn wrong(&self, byte: u8) -> FormatError {
        self.error_at(self.at, &format!("found {} where a number should be", super::reader::shown(byte)))
    }

    #[cold]
    pub fn error_at(&self, at: usize, problem: &str) -> FormatError {
        FormatError::new(self.section, self.offset + at as u64, problem).advise("the file is damaged: copy it again")
    }

    /// An error at the number just read.
    #[cold]
    pub fn error(&self, problem: &str) -> FormatError {
        let before = &self.bytes[..self.at];
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        self.error_at(self.at - digits, problem)
    }
}
