//! The decimal numbers of the integer sections.

use crate::error::FormatError;

/// Reads the numbers of one block of an integer section, one after the other.
///
/// The block must not cut a number. White space and commas separate; a comma too many or too few shows in the count
/// of numbers, which the caller checks.
#[derive(Clone)]
pub(crate) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Offset of the block in the file and name of the section, for errors.
    offset: u64,
    section: &'a str,
}

/// So many digits always fit 64 bits.
const MOST_DIGITS: u8 = 19;

impl<'a> Numbers<'a> {
    pub(crate) fn new(bytes: &'a [u8], offset: u64, section: &'a str) -> Self {
        Numbers { bytes, at: 0, offset, section }
    }

    /// At least as many numbers as the block has.
    pub(crate) fn most(&self) -> usize {
        memchr::memchr_iter(b',', self.bytes).count() + 1
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

    /// The next record of `N` numbers, if it is written as engines write it: digits with single commas between them, and
    /// between records a comma or `\n,`. Nothing, and nothing used, for all other ways to write it, and for what stands
    /// at the end of a block.
    ///
    /// A loop over digits it stays: eight digits at once, and finding the ends of many numbers at once, took half as long
    /// again with numbers as short as these.
    #[inline(always)]
    pub(crate) fn plain_record<const N: usize>(&mut self) -> Option<[u64; N]> {
        const { assert!(N * (MOST_DIGITS as usize + 1) + 1 < u8::MAX as usize) }
        // A place in it that is a `u8` needs no check.
        let window: &[u8; u8::MAX as usize + 1] = self.bytes.get(self.at..)?.first_chunk()?;
        let mut at = 0u8;
        if self.at > 0 {
            at = u8::from(window[0] == b'\n');
            if window[usize::from(at)] != b',' {
                return None;
            }
            at += 1;
        }
        let mut record = [0; N];
        for (field, number) in record.iter_mut().enumerate() {
            if field > 0 {
                if window[usize::from(at)] != b',' {
                    return None;
                }
                at += 1;
            }
            let (first, mut value) = (at, 0u64);
            while let digit @ 0..10 = window[usize::from(at)].wrapping_sub(b'0') {
                if at - first == MOST_DIGITS {
                    return None;
                }
                value = value * 10 + u64::from(digit);
                at += 1;
            }
            if at == first {
                return None;
            }
            *number = value;
        }
        // `1.0` and `1e2` go on.
        if !matches!(window[usize::from(at)], b',' | b'\n') {
            return None;
        }
        self.at += usize::from(at);
        Some(record)
    }

    /// The next record of `N` whole numbers below 2^64; nothing where there is anything else.
    #[inline(always)]
    pub(crate) fn record<const N: usize>(&mut self) -> Option<[u64; N]> {
        match self.plain_record() {
            Some(record) => Some(record),
            None => self.odd_record(),
        }
    }

    #[cold]
    fn odd_record<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mut record = [0; N];
        for number in &mut record {
            match self.next() {
                Ok(Some((value, false))) => *number = value,
                _ => return None,
            }
        }
        Some(record)
    }

    /// Whether no number is left.
    pub(crate) fn are_read(&mut self) -> bool {
        matches!(self.next(), Ok(None))
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

    /// The numbers of plain records, and the others by themselves.
    fn by_records<const N: usize>(text: &str) -> Result<Vec<(u64, bool)>, FormatError> {
        let mut numbers = Numbers::new(text.as_bytes(), OFFSET, "nodes");
        let mut read = Vec::new();
        loop {
            match numbers.plain_record::<N>() {
                Some(record) => read.extend(record.map(|number| (number, false))),
                None => match numbers.next()? {
                    Some(number) => read.push(number),
                    None => return Ok(read),
                },
            }
        }
    }

    proptest! {
        #[test]
        fn records_read_at_once_are_what_numbers_read_one_by_one(
            numbers in prop::collection::vec((any_length(), 0..40u8), 0..120), lines in any::<bool>()
        ) {
            // Now and then something that engines do not write.
            let text = |&(number, odd): &(u64, u8)| match odd {
                0 => format!("-{number}"),
                1 => format!(" {number}"),
                2 => format!("{number}.0"),
                3 => format!("{number}\r\n"),
                4 => format!("000000000{number}"),
                5 => format!("{number}e0"),
                _ => number.to_string(),
            };
            let records = numbers.chunks(5).map(|record| record.iter().map(text).collect::<Vec<_>>().join(","));
            let text = records.collect::<Vec<_>>().join(if lines { "\n," } else { "," });
            let expected = all(&text).map_err(|error| error.byte);
            prop_assert_eq!(by_records::<5>(&text).map_err(|error| error.byte), expected.clone());
            prop_assert_eq!(by_records::<7>(&text).map_err(|error| error.byte), expected);
        }
    }

    #[test]
    fn plain_records_are_read_at_once_and_nothing_else() {
        let begin = |text: &str| {
            let text = format!("{text}{}", ",1".repeat(200));
            let mut numbers = Numbers::new(text.as_bytes(), OFFSET, "nodes");
            (numbers.plain_record::<3>(), numbers.plain_record::<1>())
        };
        let most = 9_999_999_999_999_999_999;
        assert_eq!(begin("1,22,333\n,4"), (Some([1, 22, 333]), Some([4])));
        assert_eq!(begin("0,12345678,123456789,0"), (Some([0, 12_345_678, 123_456_789]), Some([0])));
        assert_eq!(begin("1,1234567,9999999999999999999,5"), (Some([1, 1_234_567, most]), Some([5])));
        for other in
            ["1,2,10000000000000000000", "1,,3", "1,2,3.0", "1,2,3e1", "1, 2,3", "-1,2,3", "1,2\n,3", "1,2,3 ", "1,2,x"]
        {
            assert_eq!(begin(other).0, None, "{other}");
        }
        // A block that ends soon is left to those who look at every byte.
        assert_eq!(Numbers::new(b"1,2,3,4", OFFSET, "nodes").plain_record::<3>(), None);
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
