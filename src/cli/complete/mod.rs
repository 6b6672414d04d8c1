//! A line of a shell that is being written → what may stand at its end, for the scripts in `assets/completions`.
//!
//! The first line of the answer is `files` where names of files may stand there too, which the shell finds itself, else
//! `words`; each other line is a candidate, with what it is behind a tab where the shell shows that. Which options and
//! words there are, and what of a snapshot is offered, the definitions of the command line say (`args`).
//! Whatever goes wrong, nothing is said: a shell that completes is no place for errors.

mod line;

use std::ffi::{OsStr, OsString};

use clap::{Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use self::line::Line;
use super::args::{CompleteArguments, Shell, definition, set_line};
use super::out::with_stdout;

/// Stands for names of files; no word of a shell holds it.
const FILES: &str = "\0";

/// Prints what may stand at the end of the line.
pub(super) fn run(arguments: &CompleteArguments) {
    let word = |word: &OsString| word.to_string_lossy().into_owned();
    let words: Vec<String> = arguments.words.iter().map(word).collect();
    let line = match (arguments.shell, &words[..]) {
        (Shell::Bash, [text, breaks]) => Line::of_bash(text, breaks),
        (Shell::Bash, _) => return,
        _ => Line::of_words(words),
    };
    let answer = answer(arguments.shell, line);
    let _ = with_stdout(|out| answer.iter().try_for_each(|line| writeln!(out, "{line}")));
}

/// The lines of the answer.
fn answer(shell: Shell, line: Line) -> Vec<String> {
    let (mut takes_files, mut lines) = (false, Vec::new());
    for (value, help) in candidates(&line) {
        if value.ends_with(FILES) {
            takes_files = true;
            continue;
        }
        // A shell would take the rest of it for another one.
        if value.contains(['\n', '\t']) {
            continue;
        }
        match shell {
            // A number says nothing; other words speak for themselves.
            Shell::Bash if value.bytes().all(|byte| byte.is_ascii_digit()) && !help.is_empty() => {
                lines.extend(line.in_bash(&value).map(|word| format!("{word}\t{help}")));
            }
            Shell::Bash => lines.extend(line.in_bash(&value)),
            Shell::Zsh | Shell::Fish => lines.push(format!("{value}\t{help}")),
        }
    }
    lines.insert(0, if takes_files { "files" } else { "words" }.into());
    lines
}

/// What may stand at the end of the line, each with what it is.
fn candidates(line: &Line) -> Vec<(String, String)> {
    let words: Vec<OsString> = line.words.iter().map(Into::into).collect();
    let (last, is_option) = (words.len() - 1, line.last().starts_with('-'));
    let mut definition = with_files(definition());
    let commands = definition.get_subcommands().filter(|command| !command.is_hide_set());
    set_line(&line.words, commands.map(|command| command.get_name().to_owned()).collect());
    let found = complete(&mut definition, words, last, None).unwrap_or_default();
    let text = |candidate: &CompletionCandidate| {
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        let help = help.lines().next().unwrap_or_default().to_owned();
        (candidate.get_value().to_string_lossy().into_owned(), help)
    };
    let mut all: Vec<(String, String)> = found.iter().map(text).collect();
    // Options are offered to who begins one, and where nothing else can stand.
    if !is_option && all.iter().any(|(value, _)| !value.starts_with('-')) {
        all.retain(|(value, _)| !value.starts_with('-'));
    }
    all
}

/// Whoever begins with a dash wants an option.
fn files(current: &OsStr) -> Vec<CompletionCandidate> {
    let is_option = current.as_encoded_bytes().starts_with(b"-");
    if is_option { Vec::new() } else { vec![CompletionCandidate::new(FILES)] }
}

/// The definitions with a completer for each argument that is a path.
fn with_files(command: Command) -> Command {
    let command = command.mut_args(|argument| match argument.get_value_hint() {
        ValueHint::AnyPath => argument.add(ArgValueCompleter::new(files)),
        _ => argument,
    });
    command.mut_subcommands(with_files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Vec<String> {
        let line = Line::of_words(["heapwalk"].iter().chain(words).map(|&word| word.into()).collect());
        let lines = answer(Shell::Fish, line);
        lines.iter().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn commands_options_and_their_values_are_offered() {
        assert_eq!(of(&["sus"]), ["files", "suspects"]);
        assert!(of(&[""]).contains(&"summary".into()) && !of(&[""]).contains(&"complete".into()));
        assert_eq!(of(&["summary", "--sc"]), ["words", "--scope"]);
        assert_eq!(of(&["summary", "--format", "nd"]), ["words", "ndjson"]);
        assert_eq!(of(&["summary", "--format=nd"]), ["words", "--format=ndjson"]);
        assert_eq!(of(&["cache", "cl"]), ["words", "clear"]);
        assert_eq!(of(&["summary", "no such file", "--sort", "ret"]), ["words", "retained"]);
    }

    #[test]
    fn names_of_files_are_left_to_the_shell() {
        assert_eq!(of(&["info", ""])[0], "files");
        assert_eq!(of(&["compare", "a", ""])[0], "files");
        assert_eq!(of(&["cut", "a", "--new-since", ""])[0], "files");
        assert_eq!(of(&["info", "--format", ""])[0], "words");
    }

    #[test]
    fn options_are_offered_to_who_begins_one() {
        assert!(!of(&["info", ""]).iter().any(|word| word.starts_with("--")));
        assert!(of(&["info", "-"]).contains(&"--full".into()));
    }

    #[test]
    fn scopes_columns_and_words_of_queries_are_offered() {
        assert!(of(&["summary", "f", "--scope", "retained-by"]).contains(&"retained-by-console".into()));
        assert!(of(&["holders", "f", "--scope", "q"]).contains(&"query:".into()));
        assert_eq!(of(&["summary", "f", "--scope", "query:shal"]), ["words", "query:shallow>"]);
        assert_eq!(
            of(&["find", "f", "shallow>1 and reta"]),
            ["words", "shallow>1 and retained>", "shallow>1 and retainers>"]
        );
        assert_eq!(of(&["check", "f", "--fail-if", "detac"]), ["words", "detached"]);
        assert_eq!(of(&["compare", "a", "b", "--sort", "fre"]), ["words", "freed"]);
    }

    #[test]
    fn classes_are_those_of_the_file_on_the_line() {
        assert_eq!(of(&["objects", "demo", "--class", "SessionS"]), ["words", "SessionStore"]);
        assert_eq!(of(&["summary", "--class=SessionS"]), ["words"], "there is no file on the line");
        assert_eq!(of(&["find", "demo", "class:SessionS"]), ["words", "class:SessionStore"]);
        assert_eq!(of(&["objects", "demo", "--key", ",WeakM"]), ["words", ",WeakMap"]);
        assert_eq!(of(&["cut", "demo", "--without", "SessionS"]), ["words", "SessionStore"]);
    }
}
