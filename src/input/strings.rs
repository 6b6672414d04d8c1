//! The section `strings`: ends are found, contents handed on as they are.

use super::Reader;
use super::reader::shown;
use super::section::Section;
use crate::columns::Strings;
use crate::error::{Error, Result};

/// Whoever takes the strings as they are read.
pub(crate) trait StringSink {
    /// A part of the string that is being read, escapes and all.
    fn part(&mut self, raw: &[u8]) -> Result<()>;
    /// The end of that string. `coded`: it has an escape or a byte above 0x7f.
    fn end(&mut self, coded: bool) -> Result<()>;
}

impl StringSink for Strings {
    #[inline]
    fn part(&mut self, raw: &[u8]) -> Result<()> {
        self.extend(raw);
        Ok(())
    }

    #[inline]
    fn end(&mut self, coded: bool) -> Result<()> {
        Strings::end(self, coded);
        Ok(())
    }
}

impl Section<'_> {
    /// Reads the section as an array of strings. With `Options::partial` the end of the file ends it as well; the value
    /// tells whether it has.
    pub(crate) fn strings(mut self, sink: &mut impl StringSink) -> Result<bool> {
        let partial = self.options.partial;
        self.reader.expect(b'[', self.name)?;
        let mut begun = false;
        match read_all(&mut self, sink, &mut begun) {
            Err(Error::Format(_)) if partial && self.reader.is_at_end() => {
                // The string that was being read has lost its end.
                if begun {
                    sink.end(true)?;
                }
                // The beginning of an escape is of no use to anybody.
                self.reader.consume(self.reader.window().len());
                Ok(true)
            }
            result => result.map(|()| false),
        }
    }
}

/// Reads the array behind its bracket. `begun` tells whether a string has parts but no end.
fn read_all(section: &mut Section<'_>, sink: &mut impl StringSink, begun: &mut bool) -> Result<()> {
    let name = section.name;
    if section.reader.peek(name)? == Some(b']') {
        section.reader.consume(1);
        return Ok(());
    }
    let mut number = 0;
    loop {
        number += read_plain(section.reader, sink)? + 1;
        section.meter.check_at(number)?;
        section.reader.expect(b'"', name)?;
        read_one(section, sink, begun)?;
        match section.reader.peek(name)? {
            Some(b',') => section.reader.consume(1),
            Some(b']') => {
                section.reader.consume(1);
                return Ok(());
            }
            Some(byte) => return Err(section.reader.wrong(name, &format!("found {} behind a string", shown(byte)))),
            None => return Err(section.reader.cut_off(name)),
        }
    }
}

/// Reads strings as long as they are whole in the window, have no escapes, and a comma and at most one line break stand
/// behind them, as engines write them. Gives how many these are.
fn read_plain(reader: &mut Reader, sink: &mut impl StringSink) -> Result<usize> {
    let window = reader.window();
    let (mut used, mut count) = (0, 0);
    while window.get(used) == Some(&b'"') {
        let text = &window[used + 1..];
        let Some(len) = memchr::memchr2(b'"', b'\\', text) else { break };
        if text[len] != b'"' || text.get(len + 1) != Some(&b',') {
            break;
        }
        sink.part(&text[..len])?;
        sink.end(!text[..len].is_ascii())?;
        used += len + 3 + usize::from(text.get(len + 2) == Some(&b'\n'));
        count += 1;
    }
    reader.consume(used);
    Ok(count)
}

/// Reads a string behind its opening quote up to and with its closing one.
fn read_one(section: &mut Section<'_>, sink: &mut impl StringSink, begun: &mut bool) -> Result<()> {
    let Section { name, reader, .. } = section;
    let mut coded = false;
    loop {
        let window = reader.window();
        match memchr::memchr2(b'"', b'\\', window) {
            Some(at) if window[at] == b'"' => {
                coded |= !window[..at].is_ascii();
                sink.part(&window[..at])?;
                sink.end(coded)?;
                *begun = false;
                reader.consume(at + 1);
                return Ok(());
            }
            // A backslash and what it escapes stay together.
            Some(at) if escape_len(&window[at..]).is_some_and(|len| at + len <= window.len()) => {
                let len = escape_len(&window[at..]).expect("just asked for");
                if len == 6 && !window[at + 2..at + 6].iter().all(u8::is_ascii_hexdigit) || len == 0 {
                    reader.consume(at);
                    return Err(reader.wrong(name, "an escape that is none"));
                }
                coded = true;
                sink.part(&window[..at + len])?;
                *begun = true;
                reader.consume(at + len);
            }
            found => {
                let len = found.unwrap_or(window.len());
                coded |= !window[..len].is_ascii();
                sink.part(&window[..len])?;
                *begun |= len > 0;
                reader.consume(len);
                if !reader.fill(name)? {
                    return Err(reader.cut_off(name));
                }
            }
        }
    }
}

/// How many bytes the escape at the start of `text` takes: 0 for one that does not exist, nothing where the text ends
/// before it can be known.
fn escape_len(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'u' => Some(6),
        // `\v` is not JSON, but Valdi writes it.
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' => Some(2),
        _ => Some(0),
    }
}
