//! One message of the protocol → what it says; and the text of a piece of the snapshot, out of its JSON string.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What every message may have.
#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    pub id: Option<u64>,
    #[serde(borrow)]
    pub method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub params: Option<&'a RawValue>,
    #[serde(borrow)]
    pub result: Option<&'a RawValue>,
    pub error: Option<Refusal>,
    /// The worker of a browser's page that this comes from.
    #[serde(borrow, rename = "sessionId")]
    pub session_id: Option<Cow<'a, str>>,
}

/// What an engine says when it does not do something.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub message: String,
}

/// A message of a worker inside one of its process.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FromWorker {
    pub session_id: String,
    pub message: String,
}

#[derive(Debug, Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    chunk: &'a RawValue,
}

/// Puts pieces of a snapshot together that were cut anywhere.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// The first half of a character, whose second half may begin the next piece.
    half: Option<u16>,
}

impl Pieces {
    /// Adds the bytes of a piece; `None` where this is none.
    pub(super) fn add(&mut self, params: &RawValue, bytes: &mut Vec<u8>) -> Option<()> {
        let piece: Chunk<'_> = serde_json::from_str(params.get()).ok()?;
        let text = piece.chunk.get().strip_prefix('"')?.strip_suffix('"')?.as_bytes();
        bytes.reserve(text.len());
        let mut rest = text;
        while let Some(place) = memchr::memchr(b'\\', rest) {
            self.add_plain(&rest[..place], bytes);
            let letter = *rest.get(place + 1)?;
            rest = &rest[place + 2..];
            let plain = match letter {
                b'"' | b'\\' | b'/' => letter,
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'b' => 8,
                b'f' => 12,
                b'u' => {
                    let digits = std::str::from_utf8(rest.get(..4)?).ok()?;
                    self.add_unit(u16::from_str_radix(digits, 16).ok()?, bytes);
                    rest = &rest[4..];
                    continue;
                }
                _ => return None,
            };
            self.add_plain(&[plain], bytes);
        }
        self.add_plain(rest, bytes);
        Some(())
    }

    /// What is left when no more pieces come.
    pub(super) fn end(&mut self, bytes: &mut Vec<u8>) {
        if let Some(half) = self.half.take() {
            write_half(half, bytes);
        }
    }

    fn add_plain(&mut self, text: &[u8], bytes: &mut Vec<u8>) {
        if !text.is_empty() {
            self.end(bytes);
            bytes.extend_from_slice(text);
        }
    }

    fn add_unit(&mut self, unit: u16, bytes: &mut Vec<u8>) {
        if let (Some(high), 0xdc00..=0xdfff) = (self.half, unit) {
            self.half = None;
            let code = 0x10000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
            write_character(code, bytes);
            return;
        }
        self.end(bytes);
        match unit {
            0xd800..=0xdbff => self.half = Some(unit),
            0xdc00..=0xdfff => write_half(unit, bytes),
            _ => write_character(u32::from(unit), bytes),
        }
    }
}

fn write_character(code: u32, bytes: &mut Vec<u8>) {
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Half a character can only stand in a string of the snapshot, where its escape says the same.
fn write_half(half: u16, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(format!("\\u{half:04x}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes of pieces, each in a message as an engine writes it: in UTF-16, half characters as escapes.
    fn joined(pieces: &[&[u16]]) -> String {
        let mut bytes = Vec::new();
        let mut all = Pieces::default();
        for piece in pieces {
            let escaped: String = char::decode_utf16(piece.iter().copied())
                .map(|unit| match unit {
                    Ok(character) => {
                        let quoted = serde_json::to_string(&character).unwrap();
                        quoted[1..quoted.len() - 1].to_owned()
                    }
                    Err(half) => format!("\\u{:04X}", half.unpaired_surrogate()),
                })
                .collect();
            let params = RawValue::from_string(format!("{{\"chunk\":\"{escaped}\"}}")).unwrap();
            all.add(&params, &mut bytes).expect("a piece");
        }
        all.end(&mut bytes);
        String::from_utf8(bytes).expect("UTF-8")
    }

    fn add(text: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let mut pieces = Pieces::default();
        pieces.add(&RawValue::from_string(text.to_owned()).expect("JSON"), &mut bytes)?;
        pieces.end(&mut bytes);
        Some(String::from_utf8(bytes).expect("UTF-8"))
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(
            add(r#"{"x":[1],"chunk":"{\"a\\u00e9\"\n\t\r\b\f\/\u0041é"}"#).unwrap(),
            "{\"a\\u00e9\"\n\t\r\u{8}\u{c}/Aé"
        );
        assert_eq!(add(r#"{"chunk":"\ud83d\ude00 \ud83d \ude00"}"#).unwrap(), "😀 \\ud83d \\ude00");
        assert_eq!(add(r#"{"chunk":"\ud83d\ud83d\ude00"}"#).unwrap(), "\\ud83d😀");
        assert_eq!(add(r#"{"chunk":""}"#).unwrap(), "");
        assert_eq!(add(r#"{"chunk":7}"#), None);
        assert_eq!(add(r#"{"piece":"a"}"#), None);
        assert_eq!(add("[]"), None);
    }

    #[test]
    fn a_message_may_have_anything_beside() {
        let message: Message<'_> =
            serde_json::from_str(r#"{"id":7,"result":{"\ud800":[1,2]},"sessionId":"x"}"#).unwrap();
        assert_eq!((message.id, message.method), (Some(7), None));
        assert!(serde_json::from_str::<Message<'_>>("<html>").is_err());
    }

    proptest! {
        #[test]
        fn text_is_the_same_wherever_it_was_cut(text in "[a-z\"\\\\é東😀🎉\n]{0,24}", cuts in prop::collection::vec(0usize..40, 0..4)) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(units.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&units[from..cut]);
                from = cut;
            }
            pieces.push(&units[from..]);
            prop_assert_eq!(joined(&pieces), text);
        }
    }
}
