//! Words that are neither a command nor a file: what was meant.

use std::path::PathBuf;

use super::args::definition;
use crate::error::Error;
use crate::view::text::{sanitize, shell_word};

/// What other tools, and people, call commands.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("diff", "compare"),
    ("comparison", "compare"),
    ("delta", "compare"),
    ("classes", "summary"),
    ("histogram", "summary"),
    ("histo", "summary"),
    ("instances", "objects"),
    ("stats", "statistics"),
    ("tree", "containment"),
    ("dominator", "dominators"),
    ("path", "paths"),
    ("duplicates", "strings"),
    ("header", "info"),
    ("allocations", "allocation"),
];
/// As like as a word with a slip and what was meant.
const LIKE: f64 = 0.85;

/// The error where the first word is no file and was meant for a command, or can only have been.
pub(super) fn no_command(files: &[PathBuf]) -> Option<Error> {
    let first = files.first()?;
    let word =
        first.to_str().filter(|word| word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-'))?;
    if word == "-" || first.exists() {
        return None;
    }
    let rest: String = files[1..].iter().map(|file| format!(" {}", shell_word(&file.display().to_string()))).collect();
    let rest = if rest.is_empty() { " FILE".into() } else { rest };
    let advice = match meant(word) {
        Some(command) => format!("did you mean `heapwalk {command}{rest}`?"),
        None => "`heapwalk --help` lists the commands".into(),
    };
    Some(Error::Usage(sanitize(&format!("`{word}` is no command, and no file has that name; {advice}")).into_owned()))
}

/// The command that is most like a word.
fn meant(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let arguments = definition();
    let commands = arguments.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name);
    let other =
        |command: &str| OTHER_NAMES.iter().find(|&&(name, meant)| name == word && meant == command).map(|_| 2.0);
    let likeness = |command: &str| other(command).unwrap_or_else(|| strsim::jaro_winkler(command, &word));
    let best = commands.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= LIKE).then(|| best.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_and_the_words_of_others_find_their_command() {
        for (word, command) in
            [("sumary", "summary"), ("diff", "compare"), ("Summary", "summary"), ("retainer", "retainers")]
        {
            assert_eq!(meant(word).as_deref(), Some(command));
        }
        assert_eq!(meant("leaking"), None);
        let commands: Vec<String> = definition().get_subcommands().map(|command| command.get_name().into()).collect();
        assert!(
            OTHER_NAMES
                .iter()
                .all(|(name, meant)| commands.contains(&(*meant).into()) && !commands.contains(&(*name).into()))
        );
    }

    #[test]
    fn files_are_left_alone() {
        let told = |words: &[&str]| {
            no_command(&words.iter().map(PathBuf::from).collect::<Vec<_>>()).map(|error| error.to_string())
        };
        assert_eq!(told(&["-"]), None);
        assert_eq!(told(&["app.heapsnapshot"]), None);
        assert_eq!(told(&["./sumary"]), None);
        assert_eq!(told(&["src"]), None, "there is such a file, or folder");
        assert_eq!(
            told(&["diff", "a b", "c"]).as_deref(),
            Some("`diff` is no command, and no file has that name; did you mean `heapwalk compare 'a b' c`?")
        );
    }
}
