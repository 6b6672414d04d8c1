//! Keys → commands: the table of commands with the keys that somebody has set.
//!
//! Which keys there are is decided once, before the first key is read, by settings; hints, help, palette and the thread
//! that reads keys all look here.

use std::sync::OnceLock;

use super::command::Command;
use super::commands::{Entry, built_in};
use super::key::{Key, show};
use crate::config::{Binding, KeySet, Problem, Section};

/// All commands with the keys that they have now.
#[derive(Debug)]
pub(crate) struct Keymap {
    pub(crate) set: KeySet,
    pub(crate) entries: Vec<Entry>,
    keys: Vec<(Key, Command)>,
}

static CHOSEN: OnceLock<Keymap> = OnceLock::new();

#[cfg(test)]
thread_local! {
    /// The keys of the person whom a test lets press them.
    static OWN: std::cell::Cell<Option<&'static Keymap>> = const { std::cell::Cell::new(None) };
}

/// Chooses the keys of this test.
#[cfg(test)]
pub(crate) fn choose_here(set: KeySet, bindings: &[Binding]) -> Vec<Problem> {
    let (keymap, problems) = Keymap::new(set, bindings);
    OWN.set(Some(Box::leak(Box::new(keymap))));
    problems
}

/// Chooses the keys, unless somebody has asked for one already.
pub(crate) fn choose(set: KeySet, bindings: &[Binding]) -> Vec<Problem> {
    let (keymap, problems) = Keymap::new(set, bindings);
    let _ = CHOSEN.set(keymap);
    problems
}

/// The keys that count.
pub(crate) fn current() -> &'static Keymap {
    #[cfg(test)]
    if let Some(own) = OWN.get() {
        return own;
    }
    CHOSEN.get_or_init(|| Keymap::new(KeySet::Usual, &[]).0)
}

/// The command of a key.
pub(crate) fn command(key: Key) -> Option<Command> {
    current().keys.iter().find(|(own, _)| *own == key).map(|&(_, command)| command)
}

/// All commands, in the order of the help; hints stand in this order too.
pub(crate) fn all() -> &'static [Entry] {
    &current().entries
}

/// What the table says about a command.
pub(crate) fn describe(command: Command) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.command == command)
}

/// The first key of a command as people read it; its name in the palette where it has none.
pub(crate) fn key_of(command: Command) -> String {
    match describe(command) {
        Some(Entry { keys: [first, ..], .. }) => show(first),
        Some(entry) => format!(":{}", entry.name),
        None => String::new(),
    }
}

/// Whether digits are counts.
pub(crate) fn is_vim() -> bool {
    current().set == KeySet::Vim
}

/// The digits of views, as they are and in the set of vim.
const VIEW_KEYS: [(&str, &[&str]); 10] = [
    ("1", &["alt-1"]),
    ("2", &["alt-2"]),
    ("3", &["alt-3"]),
    ("4", &["alt-4"]),
    ("5", &["alt-5"]),
    ("6", &["alt-6"]),
    ("7", &["alt-7"]),
    ("8", &["alt-8"]),
    ("9", &["alt-9"]),
    ("0", &["alt-0"]),
];

/// The keys of a command in a set, where they are others than usual.
fn keys_of(set: KeySet, entry: &Entry) -> Option<&'static [&'static str]> {
    match (set, entry.command) {
        (KeySet::Vim, Command::Show(_)) => {
            let digit = entry.keys.first()?;
            VIEW_KEYS.iter().find(|(usual, _)| usual == digit).map(|&(_, keys)| keys)
        }
        (KeySet::Vim, Command::Zoom) => Some(&["Z"]),
        _ => None,
    }
}

impl Keymap {
    /// The keys of a set, and on top of it those of a person, with what is wrong with these.
    pub(crate) fn new(set: KeySet, bindings: &[Binding]) -> (Keymap, Vec<Problem>) {
        let mut entries: Vec<Entry> = built_in().to_vec();
        for entry in &mut entries {
            entry.keys = keys_of(set, entry).unwrap_or(entry.keys);
        }
        let mut problems = Vec::new();
        let mut taken: Vec<Key> = Vec::new();
        for binding in bindings {
            let name = &binding.command.text;
            let key = format!("{}.{name}", Section::BIND.table);
            let Some(place) = entries.iter().position(|entry| entry.name == name.as_str()) else {
                problems.push(Problem::new(binding.command.line, key, unknown(name, &entries)));
                continue;
            };
            let mut own: Vec<&'static str> = Vec::new();
            for written in &binding.keys {
                match Key::parse(&written.text) {
                    None => {
                        let what =
                            format!("\"{}\" is no key such as \"j\", \"ctrl-d\", \"alt-1\", \"pgdn\"", written.text);
                        problems.push(Problem::new(written.line, &key, what));
                    }
                    Some(parsed)
                        if Key::parse("ctrl-c") == Some(parsed) && entries[place].command != Command::Leave =>
                    {
                        problems.push(Problem::new(written.line, &key, "ctrl-c always leaves"));
                    }
                    Some(parsed) if taken.contains(&parsed) => {
                        let what = format!("\"{}\" is given to another command above", written.text);
                        problems.push(Problem::new(written.line, &key, what));
                    }
                    Some(parsed) => {
                        taken.push(parsed);
                        // As long as the process runs.
                        own.push(String::leak(written.text.clone()));
                    }
                }
            }
            let all_wrong = own.is_empty() && !binding.keys.is_empty();
            if all_wrong {
                continue;
            }
            if entries[place].command == Command::Leave {
                own.push("ctrl-c");
            }
            entries[place].keys = Vec::leak(own);
            // Whoever had them has them no longer.
            for (_, other) in entries.iter_mut().enumerate().filter(|(other, _)| *other != place) {
                let is_free = |key: &str| Key::parse(key).is_none_or(|key| !taken.contains(&key));
                if !other.keys.iter().all(|key| is_free(key))
                    && !bindings.iter().any(|own| own.command.text == other.name)
                {
                    other.keys = Vec::leak(other.keys.iter().copied().filter(|key| is_free(key)).collect());
                }
            }
        }
        let keys = entries
            .iter()
            .flat_map(|entry| entry.keys.iter().filter_map(|key| Some((Key::parse(key)?, entry.command))));
        let keys = keys.collect();
        (Keymap { set, entries, keys }, problems)
    }
}

fn unknown(name: &str, entries: &[Entry]) -> String {
    let alike = |entry: &&Entry| strsim::jaro_winkler(entry.name, name);
    match entries.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|best| alike(best) > 0.85) {
        Some(meant) => format!("there is no such command; {} was meant?", meant.name),
        None => "there is no such command: `heapwalk config` shows all".into(),
    }
}

/// Lines of settings that say which keys each command has.
pub(crate) fn lines() -> Vec<String> {
    let quoted = |key: &&str| format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
    let line = |entry: &Entry| match entry.keys {
        [one] => format!("{} = {}", entry.name, quoted(one)),
        keys => format!("{} = [{}]", entry.name, keys.iter().map(quoted).collect::<Vec<_>>().join(", ")),
    };
    built_in().iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    /// The keys with these settings, and what is said.
    fn with(text: &str) -> (Keymap, Vec<String>) {
        let (settings, problems) = Settings::parse(text);
        assert_eq!(problems, []);
        let (keymap, problems) = Keymap::new(settings.keys, &settings.bindings);
        (keymap, problems.iter().map(|problem| format!("{}: {problem}", problem.line)).collect())
    }

    impl Keymap {
        fn at(&self, key: &str) -> Option<Command> {
            let key = Key::parse(key).expect("a key");
            self.keys.iter().find(|(own, _)| *own == key).map(|&(_, command)| command)
        }
    }

    #[test]
    fn no_key_has_two_commands_and_all_can_be_read() {
        for set in [KeySet::Usual, KeySet::Vim] {
            let (keymap, problems) = Keymap::new(set, &[]);
            assert_eq!(problems, []);
            let mut seen: Vec<Key> = Vec::new();
            for text in keymap.entries.iter().flat_map(|entry| entry.keys) {
                let key = Key::parse(text).unwrap_or_else(|| panic!("{text} is no key"));
                assert!(!seen.contains(&key), "{text} stands twice");
                seen.push(key);
            }
        }
        assert_eq!(command(Key::parse("ctrl-o").unwrap()), Some(Command::Back));
        assert_eq!(command(Key::parse("ctrl-j").unwrap()), None);
    }

    #[test]
    fn a_key_of_somebody_is_taken_from_the_command_that_had_it() {
        let (keymap, problems) = with("[bind]\ndown = [\"n\", \"alt-d\", \"f5\"]\nquit = []");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(keymap.at("n"), Some(Command::Down));
        assert_eq!(keymap.at("alt-d"), Some(Command::Down));
        assert_eq!(keymap.at("f5"), Some(Command::Down));
        assert_eq!((keymap.at("j"), keymap.at("q")), (None, None));
        let next = keymap.entries.iter().find(|entry| entry.command == Command::NextMatch).expect("it is there");
        assert!(next.keys.is_empty());
        let (swapped, problems) = with("[bind]\nup = \"j\"\ndown = \"k\"");
        assert_eq!((swapped.at("j"), swapped.at("k"), problems.len()), (Some(Command::Up), Some(Command::Down), 0));
    }

    #[test]
    fn what_cannot_be_bound_is_told_and_changes_nothing() {
        let (keymap, problems) = with(
            "[bind]\nfnd = \"x\"\nfind = \"ctrl-shift-x\"\nnonsense = \"y\"\nup = \"ctrl-c\"\ndown = \"J\"\nopen = \"J\"\n\
             leave = \"Q\"",
        );
        assert_eq!(
            problems,
            [
                "2: bind.fnd: there is no such command; find was meant?",
                "3: bind.find: \"ctrl-shift-x\" is no key such as \"j\", \"ctrl-d\", \"alt-1\", \"pgdn\"",
                "4: bind.nonsense: there is no such command: `heapwalk config` shows all",
                "5: bind.up: ctrl-c always leaves",
                "7: bind.open: \"J\" is given to another command above",
            ]
        );
        assert_eq!((keymap.at("/"), keymap.at("k")), (Some(Command::Find), Some(Command::Up)));
        assert_eq!((keymap.at("l"), keymap.at("J")), (Some(Command::Open), Some(Command::Down)));
        assert_eq!((keymap.at("ctrl-c"), keymap.at("Q")), (Some(Command::Leave), Some(Command::Leave)));
    }

    #[test]
    fn the_lines_of_the_default_bind_what_is_bound() {
        let (keymap, problems) = with(&format!("[bind]\n{}", lines().join("\n")));
        assert_eq!(problems, Vec::<String>::new());
        for entry in built_in() {
            for key in entry.keys {
                assert_eq!(keymap.at(key), Some(entry.command), "{key}");
            }
        }
    }

    #[test]
    fn names_of_keys_follow_what_is_set() {
        assert_eq!(key_of(Command::Find), "/");
        assert_eq!(choose_here(KeySet::Usual, &[Binding { command: written("find"), keys: vec![written("f3")] }]), []);
        assert_eq!(key_of(Command::Find), "F3");
    }

    fn written(text: &str) -> crate::config::Written {
        crate::config::Written { text: text.into(), line: 1 }
    }
}
