//! Keys → commands, by the table of commands.

use super::command::Command;
use super::commands::all;
use super::key::Key;

/// The command of a key.
pub(crate) fn command(key: Key) -> Option<Command> {
    all().iter().find(|entry| entry.keys.iter().any(|text| Key::parse(text) == Some(key))).map(|entry| entry.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_commands_and_all_can_be_read() {
        let mut seen: Vec<Key> = Vec::new();
        for text in all().iter().flat_map(|entry| entry.keys) {
            let key = Key::parse(text).unwrap_or_else(|| panic!("{text} is no key"));
            assert!(!seen.contains(&key), "{text} stands twice");
            seen.push(key);
        }
        assert_eq!(command(Key::parse("ctrl-o").unwrap()), Some(Command::Back));
        assert_eq!(command(Key::parse("ctrl-j").unwrap()), None);
    }
}
