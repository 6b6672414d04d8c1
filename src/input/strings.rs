//! The section `strings`: ends are found, contents kept as they are.

use super::Reader;
use crate::base::meter::Meter;
use crate::columns::Strings;
use crate::error::Result;

const SECTION: &str = "strings";

/// Reads the array behind its `[` up to and with its `]`. With `partial` the end of the file ends it as well; the second
/// value tells whether it has.
pub fn read(reader: &mut Reader, partial: bool, meter: &Meter) -> Result<(Strings, bool)> {
    let mut strings = Strings::default();
    match read_all(reader, &mut strings, meter) {
        Err(_) if partial && reader.is_at_end() => {
            // The string that was being read has lost its end.
            if !strings.pending().is_empty() {
                strings.end(true);
            }
            Ok((strings, true))
        }
        result => result.map(|()| (strings, false)),
    }
}

fn read_all(reader: &mut Reader, strings: &mut Strings, meter: &Meter) -> Result<()> {
    if reader.peek(SECTION)? == Some(b']') {
        reader.consume(1);
        return Ok(());
    }
    loop {
        meter.check_at(strings.len())?;
        reader.expect(b'"', SECTION)?;
        read_one(reader, strings)?;
        match reader.peek(SECTION)? {
            Some(b',') => reader.consume(1),
            Some(b']') => {
                reader.consume(1);
                strings.shrink_to_fit();
                return Ok(());
            }
            Some(byte) => {
                let problem = format!("found {} behind a string", super::reader::shown(byte));
                return Err(reader.wrong(SECTION, &problem));
            }
            None => return Err(reader.cut_off(SECTION)),
        }
    }
}

/// Reads a string behind its opening quote up to and with its closing one.
fn read_one(reader: &mut Reader, strings: &mut Strings) -> Result<()> {
    let mut coded = false;
    loop {
        let window = reader.window();
        match memchr::memchr2(b'"', b'\\', window) {
            Some(at) if window[at] == b'"' => {
                coded |= !window[..at].is_ascii();
                strings.extend(&window[..at]);
                strings.end(coded);
                reader.consume(at + 1);
                return Ok(());
            }
            // A backslash and what it escapes stay together.
            Some(at) if escape_len(&window[at..]).is_some_and(|len| at + len <= window.len()) => {
                let len = escape_len(&window[at..]).expect("just asked for");
                if len == 6 && !window[at + 2..at + 6].iter().all(u8::is_ascii_hexdigit) || len == 0 {
                    reader.consume(at);
                    return Err(reader.wrong(SECTION, "an escape that is none"));
                }
                coded = true;
                strings.extend(&window[..at + len]);
                reader.consume(at + len);
            }
            found => {
                let len = found.unwrap_or(window.len());
                coded |= !window[..len].is_ascii();
                strings.extend(&window[..len]);
                reader.consume(len);
                if !reader.fill(SECTION)? {
                    return Err(reader.cut_off(SECTION));
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
