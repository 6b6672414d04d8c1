//! Keys of the keyboard → commands, by the table of commands.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::commands::{Command, TABLE};

/// A key without what does not tell keys apart: shift is part of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
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
    pub fn parse(text: &str) -> Option<Key> {
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
    pub fn letter(self) -> Option<char> {
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

/// The command of a key.
pub fn command(key: Key) -> Option<Command> {
    TABLE.iter().find(|entry| entry.keys.iter().any(|text| Key::parse(text) == Some(key))).map(|entry| entry.command)
}

/// A key as people read it: `Ctrl-d`, `PgDn`, `↓`.
pub fn show(key: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_commands_and_all_can_be_read() {
        let mut seen: Vec<Key> = Vec::new();
        for text in TABLE.iter().flat_map(|entry| entry.keys) {
            let key = Key::parse(text).unwrap_or_else(|| panic!("{text} is no key"));
            assert!(!seen.contains(&key), "{text} stands twice");
            seen.push(key);
        }
        assert_eq!(command(Key::parse("ctrl-o").unwrap()), Some(Command::Back));
        assert_eq!(command(Key::parse("ctrl-j").unwrap()), None);
    }
}
