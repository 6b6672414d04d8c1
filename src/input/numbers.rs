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
        let (first, negative) = match self.after_comma() {
            Some(first) => (first, false),
            None => match self.seek()? {
                Some(negative) => (self.at, negative),
                None => return Ok(None),
            },
        };
        let mut at = first;
        let mut value = 0u64;
        while let Some(&byte) = self.bytes.get(at) {
            let digit = byte.wrapping_sub(b'0');
            if digit >= 10 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(digit as u64);
            at += 1;
        }
        self.at = at;
        if at - first > 19 || matches!(self.bytes.get(at), Some(b'.' | b'e' | b'E')) {
            value = self.unusual(first)?;
        }
        Ok(Some((value, negative)))
    }

    /// Where the next number begins, written as engines write it: `1,2` or, between records, `1\n,2`. Nothing for all
    /// other ways to write it; what it takes to tell those apart is a jump for each byte.
    #[inline(always)]
    fn after_comma(&self) -> Option<usize> {
        let mut at = self.at;
        if at > 0 {
            at += usize::from(*self.bytes.get(at)? == b'\n');
            if *self.bytes.get(at)? != b',' {
                return None;
            }
            at += 1;
        }
        self.bytes.get(at)?.is_ascii_digit().then_some(at)
    }

    /// Goes to the first digit of the next number. Gives whether a minus sign stood before it, nothing at the end.
    #[cold]
    fn seek(&mut self) -> Result<Option<bool>, FormatError> {
        let mut negative = false;
        // A block begins behind a bracket or a comma.
        let mut separated = self.at == 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'0'..=b'9' if separated => return Ok(Some(negative)),
                b',' if !separated => separated = true,
                b' ' | b'\n' | b'\r' | b'\t' if !negative => {}
                b'-' if separated && !negative => negative = true,
                _ => return Err(self.wrong(byte)),
            }
            self.at += 1;
        }
        if negative {
            return Err(self.error_at(self.at - 1, "a minus sign without a number behind it"));
        }
        Ok(None)
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
    fn error_at(&self, at: usize, problem: &str) -> FormatError {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Where the block of the tests stands in its file.
    const OFFSET: u64 = 1000;

    fn all(text: &str) -> Result<Vec<(u64, bool)>, FormatError> {
        let mut numbers = Numbers::new(text.as_bytes(), OFFSET, "nodes");
        std::iter::from_fn(|| numbers.next().transpose()).collect()
    }

    fn place_of_error(text: &str) -> u64 {
        all(text).expect_err(text).byte.expect("numbers stand somewhere")
    }

    /// Numbers of all lengths alike.
    fn any_length() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0..64u32).prop_map(|(number, shift)| number >> shift)
    }

    fn blank() -> impl Strategy<Value = String> {
        "[ \\t\\r\\n]{0,3}"
    }

    proptest! {
        #[test]
        fn whole_numbers_are_what_the_standard_library_reads(
            numbers in prop::collection::vec((any_length(), any::<bool>(), blank(), blank()), 0..20)
        ) {
            let sign = |minus| if minus { "-" } else { "" };
            let texts: Vec<String> = numbers
                .iter()
                .map(|(number, minus, before, behind)| format!("{before}{}{number}{behind}", sign(*minus)))
                .collect();
            let read = all(&texts.join(",")).unwrap();
            let expected: Vec<(u64, bool)> = texts
                .iter()
                .map(|text| (text.trim().trim_start_matches('-').parse().unwrap(), text.contains('-')))
                .collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn other_ways_to_write_a_whole_number_are_read_and_fractions_refused(
            whole in any_length(), fraction in prop::option::of(0..1000u32), exponent in prop::option::of(-3..25i32),
        ) {
            let fraction = fraction.map_or(String::new(), |digits| format!(".{digits}"));
            let exponent = exponent.map_or(String::new(), |exponent| format!("e{exponent}"));
            let text = format!("{whole}{fraction}{exponent}");
            let exact = text.parse::<u64>().ok();
            let value: f64 = text.parse().unwrap();
            let expected = exact.or_else(|| (value.fract() == 0.0 && value < 2f64.powi(64)).then_some(value as u64));
            match (expected, all(&format!("7,{text},8"))) {
                (Some(value), Ok(read)) => prop_assert_eq!(read, [(7, false), (value, false), (8, false)]),
                (None, Err(error)) => prop_assert_eq!(error.byte, Some(OFFSET + 2)),
                (expected, read) => prop_assert!(false, "{}: {:?}, not {:?}", text, read, expected),
            }
        }

        #[test]
        fn what_is_no_number_is_named_with_its_place_in_the_file(
            numbers in prop::collection::vec(any_length(), 1..10), at in any::<prop::sample::Index>(),
            wrong in "[^0-9eE.,+ \\t\\r\\n-]",
        ) {
            let mut text = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let at = at.index(text.len() + 1);
            text.insert_str(at, &wrong);
            prop_assert_eq!(place_of_error(&text), OFFSET + at as u64);
        }
    }

    #[test]
    fn commas_and_signs_stand_between_numbers() {
        assert_eq!(place_of_error("1,,2"), OFFSET + 2);
        assert_eq!(place_of_error(",1"), OFFSET);
        assert_eq!(place_of_error("1 2"), OFFSET + 2);
        assert_eq!(place_of_error("--1"), OFFSET + 1);
        assert_eq!(place_of_error("- 1"), OFFSET + 1);
        assert_eq!(place_of_error("1-2"), OFFSET + 1);
        assert_eq!(place_of_error("1,-"), OFFSET + 2);
        assert_eq!(place_of_error("1,-,2"), OFFSET + 3);
        // A block may end behind a comma.
        assert_eq!(all("1,-0,").unwrap(), [(1, false), (0, true)]);
        assert_eq!(all(" \n").unwrap(), []);
    }

    #[test]
    fn numbers_of_2_to_the_64_and_more_are_refused() {
        assert_eq!(all("18446744073709551615").unwrap(), [(u64::MAX, false)]);
        assert_eq!(all("00000000000000000000000007").unwrap(), [(7, false)]);
        for text in ["18446744073709551616", "99999999999999999999", "1e20", "1e400", "1.5", "1e-1", "1e", "1.2.3"] {
            let error = all(&format!("3,{text}")).expect_err(text);
            assert_eq!(
                (error.byte, error.problem.as_str()),
                (Some(OFFSET + 2), "a number that is not a whole one below 2^64")
            );
        }
    }

    #[test]
    fn an_error_about_the_last_number_names_its_beginning() {
        let mut numbers = Numbers::new(b"12, 345 ,6", OFFSET, "edges");
        numbers.next().unwrap();
        numbers.next().unwrap();
        assert_eq!(numbers.error("odd").byte, Some(OFFSET + 4));
    }
}
