//! Keys of the keyboard, and their names.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key without what does not tell keys apart: shift is part of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) code: KeyCode,
    pub(crate) ctrl: bool,
    pub(crate) alt: bool,
}

/// Names of keys that are no letters.
const NAMED: [(&str, KeyCode); 15] = [
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
];

impl Key {
    /// Reads `j`, `G`, `ctrl-d`, `alt-1`, `pgdn`, `f5`, `shift-tab`.
    pub(crate) fn parse(text: &str) -> Option<Key> {
        let (alt, name) = text.strip_prefix("alt-").map_or((false, text), |name| (true, name));
        let (ctrl, name) = name.strip_prefix("ctrl-").map_or((false, name), |name| (true, name));
        let key = |code| Some(Key { code, ctrl, alt });
        if let Some(&(_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
            return key(code);
        }
        if let Some(number) = name.strip_prefix('f').and_then(|number| number.parse().ok()) {
            return key(KeyCode::F(number)).filter(|_| (1..=12).contains(&number));
        }
        let mut letters = name.chars();
        let letter = letters.next()?;
        key(KeyCode::Char(letter)).filter(|_| letters.next().is_none() && !letter.is_control())
    }

    /// The letter that the key types.
    pub(crate) fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if !self.ctrl && !self.alt => Some(letter),
            _ => None,
        }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let has = |modifier| event.modifiers.contains(modifier);
        Key { code: event.code, ctrl: has(KeyModifiers::CONTROL), alt: has(KeyModifiers::ALT) }
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
        _ if key.chars().count() == 1 => key.into(),
        _ => {
            let mut text = key.to_owned();
            text[..1].make_ascii_uppercase();
            text
        }
    }
}
