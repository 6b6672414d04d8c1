//! The section `strings`: ends are found, contents kept as they are.

use super::Reader;
use crate::base::meter::Meter;
use crate::columns::Strings;
use crate::error::Result;

const SECTION: &str = "strings";

/// Reads the array behind its `[` up to and with its `]`.
pub fn read(reader: &mut Reader, meter: &Meter) -> Result<Strings> {
    let mut strings = Strings::default();
    loop {
        meter.check_at(strings.len())?;
        match reader.peek(SECTION)? {
            Some(b'"') => {
                reader.consume(1);
                read_one(reader, &mut strings)?;
            }
            Some(b',') => reader.consume(1),
            Some(b']') => {
                reader.consume(1);
                strings.shrink_to_fit();
                return Ok(strings);
            }
            Some(byte) => {
                let problem = format!("found {} where a string should begin", super::reader::shown(byte));
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
            Some(at) if at + 1 < window.len() => {
                coded = true;
                strings.extend(&window[..at + 2]);
                reader.consume(at + 2);
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
