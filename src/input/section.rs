//! A section whose value has not been read yet, and the two ways through a value of any kind: its text, or past it.
//! Numbers are read by [`Section::numbers`] in `arrays.rs`, strings by [`Section::strings`] in `strings.rs`.

use super::{Options, Reader};
use crate::base::meter::Meter;
use crate::error::Result;

/// A named section. The reader stands behind the colon.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    pub(crate) reader: &'a mut Reader,
    pub(crate) options: &'a Options,
    pub(crate) meter: &'a Meter,
}

/// Deeper headers are no headers. Nothing else that may be nested is ever parsed by recursion.
const DEEPEST_HEADER: usize = 64;

impl Section<'_> {
    /// Hands out the JSON text of the value as it stands in the file, part by part. Returns how deep it is nested.
    pub(crate) fn text(self, mut part: impl FnMut(&[u8]) -> Result<()>) -> Result<usize> {
        let Section { name, reader, meter, .. } = self;
        reader.peek(name)?;
        let mut nesting = Nesting::default();
        loop {
            meter.check()?;
            if reader.window().is_empty() && !reader.fill(name)? {
                return Err(reader.cut_off(name));
            }
            let (used, has_ended) = nesting.follow(reader.window());
            if nesting.deepest > DEEPEST_HEADER && name == "snapshot" {
                return Err(reader.wrong(name, "is nested too deeply"));
            }
            part(&reader.window()[..used])?;
            reader.consume(used);
            if has_ended {
                return Ok(nesting.deepest);
            }
        }
    }

    /// Passes over the value.
    pub(crate) fn skip(self) -> Result<()> {
        self.text(|_| Ok(())).map(drop)
    }
}

/// Where in a JSON value a reader is. No stack: brackets are counted, not matched.
#[derive(Default)]
struct Nesting {
    depth: usize,
    deepest: usize,
    in_string: bool,
    escaped: bool,
    begun: bool,
}

impl Nesting {
    /// Goes on through `text`. Gives how many of its bytes belong to the value, and whether the value has ended.
    fn follow(&mut self, text: &[u8]) -> (usize, bool) {
        for (at, &byte) in text.iter().enumerate() {
            // A number or a word ends before what follows it.
            if self.depth == 0 && self.begun && !self.in_string && matches!(byte, b',' | b'}' | b']') {
                return (at, true);
            }
            self.begun = true;
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => continue,
                b'[' | b'{' => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => continue,
            }
            if self.depth == 0 && !self.in_string {
                return (at + 1, true);
            }
        }
        (text.len(), false)
    }
}
