//! Keys of the keyboard, and their names.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key without what does not tell keys apart: shift is part of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) code: KeyCode,
    pub(crate) ctrl: bool,
}

/// Names of keys that are no letters.
const NAMED: [(&str, KeyCode); 16] = [
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("enter", KeyCode::Enter),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("esc", KeyCode::Esc),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("space", KeyCode::Char(' ')),
    ("f1", KeyCode::F(1)),
];

impl Key {
    /// Reads `j`, `G`, `ctrl-d`, `pgdn`, `shift-tab`.
    pub(crate) fn parse(text: &str) -> Option<Key> {
        let (ctrl, name) = match text.strip_prefix("ctrl-") {
            Some(name) => (true, name),
            None => (false, text),
        };
        if let Some(&(_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
            return Some(Key { code, ctrl });
        }
        let mut letters = name.chars();
        let letter = letters.next()?;
        letters.next().is_none().then_some(Key { code: KeyCode::Char(letter), ctrl })
    }

    /// The letter that the key types.
    pub(crate) fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if !self.ctrl => Some(letter),
            _ => None,
        }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        Key { code: event.code, ctrl: event.modifiers.contains(KeyModifiers::CONTROL) }
    }
}

/// A key as people read it: `Ctrl-d`, `PgDn`, `↓`.
pub(crate) fn show(key: &str) -> String {
    match key {
        "up" => "↑".into(),
        "down" => "↓".into(),
        "left" => "←".into(),
        "right" => "→".into(),
        "pgup" => "PgUp".into(),
        "pgdn" => "PgDn".into(),
        "shift-tab" => "Shift-Tab".into(),
        _ if key.len() == 1 => key.into(),
        _ => {
            let mut text = key.to_owned();
            text[..1].make_ascii_uppercase();
            text
        }
    }
}
