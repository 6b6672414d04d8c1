//! The decimal numbers of the integer sections.

use crate::error::FormatError;

/// Reads the numbers of one block of an integer section, one after the other.
///
/// The block must not cut a number. White space and commas separate; a comma too many or too few shows in the count
/// of numbers, which the caller checks.
pub(crate) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Offset of the block in the file and name of the section, for errors.
    offset: u64,
    section: &'a str,
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(bytes: &'a [u8], offset: u64, section: &'a str) -> Self {
        Numbers { bytes, at: 0, offset, section }
    }

    /// The next number, with whether a minus sign stood before it; nothing at the end.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Result<Option<(u64, bool)>, FormatError> {
        let mut negative = false;
        // A block begins behind a bracket or a comma.
        let mut separated = self.at == 0;
        loop {
            let Some(&byte) = self.bytes.get(self.at) else { return Ok(None) };
            if byte.is_ascii_digit() && separated {
                break;
            }
            match byte {
                b',' if !separated => separated = true,
                b' ' | b'\n' | b'\r' | b'\t' if !negative => {}
                b'-' if separated && !negative => negative = true,
                _ => return Err(self.wrong(byte)),
            }
            self.at += 1;
        }
        let first = self.at;
        let mut value = 0u64;
        while let Some(&byte) = self.bytes.get(self.at) {
            let digit = byte.wrapping_sub(b'0');
            if digit >= 10 {
                if matches!(byte, b'.' | b'e' | b'E') {
                    return self.unusual(first).map(|value| Some((value, negative)));
                }
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(digit as u64);
            self.at += 1;
        }
        if self.at - first > 19 {
            return self.unusual(first).map(|value| Some((value, negative)));
        }
        Ok(Some((value, negative)))
    }

    /// A number that is not a plain row of up to 19 digits: `5e2`, `1.0`, 2^64 − 1.
    #[cold]
    fn unusual(&mut self, first: usize) -> Result<u64, FormatError> {
        let digits = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let len = self.bytes[first..].iter().take_while(|byte| digits(byte)).count();
        self.at = first + len;
        let text = std::str::from_utf8(&self.bytes[first..self.at]).unwrap_or_default();
        if let Ok(value) = text.parse::<u64>() {
            return Ok(value);
        }
        match text.parse::<f64>() {
            Ok(value) if value >= 0.0 && value < 2f64.powi(64) && value.fract() == 0.0 => Ok(value as u64),
            _ => Err(self.error_at(first, "a number that is not a whole one below 2^64")),
        }
    }

    #[cold]
    fn wrong(&self, byte: u8) -> FormatError {
        self.error_at(self.at, &format!("found {} where a number should be", super::reader::shown(byte)))
    }

    #[cold]
    pub(crate) fn error_at(&self, at: usize, problem: &str) -> FormatError {
        FormatError::new(self.section, self.offset + at as u64, problem).advise("the file is damaged: copy it again")
    }

    /// An error at the number just read.
    #[cold]
    pub(crate) fn error(&self, problem: &str) -> FormatError {
        let before = &self.bytes[..self.at];
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        self.error_at(self.at - digits, problem)
    }
}
