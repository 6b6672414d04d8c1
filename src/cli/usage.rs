//! A wrong use of the command line in one line: what is wrong, what may have been meant, where help is.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What names a set of objects where its ids are missing.
const SET: &str = "a set of objects (--class, --query, --scope, --key or @ID)";

/// The line for an error of the arguments.
pub(super) fn line(error: &clap::Error) -> String {
    format!("{}; --help shows how", said(error))
}

fn said(error: &clap::Error) -> String {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            let missing = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(names)) => names.clone(),
                _ => Vec::new(),
            };
            // Only a set may be named by several ids, and by something else.
            let word = |name: &String| if name == "<@ID>..." { SET.to_owned() } else { name.clone() };
            format!("missing: {}", missing.iter().map(word).collect::<Vec<_>>().join(", "))
        }
        ErrorKind::TooFewValues if argument.starts_with("<FILE>") => {
            "two files at least are needed, the oldest first, and there is one".into()
        }
        ErrorKind::ValueValidation if is_about_number(error) => {
            let option = argument.split(' ').next().unwrap_or_default();
            format!("{option} {value}: {value} is no number")
        }
        _ => rendered(error),
    }
}

fn is_about_number(error: &clap::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::num::ParseIntError>())
}

/// The words of the parser itself, its paragraphs in one line, without how the command is used.
fn rendered(error: &clap::Error) -> String {
    let text = StyledStr::from(error.render().to_string()).to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information")).collect();
    let mut said = String::new();
    for line in lines {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        let joint = match () {
            () if said.is_empty() => "",
            () if said.ends_with(':') || line.starts_with('[') => " ",
            () => "; ",
        };
        said.push_str(joint);
        said.push_str(line.strip_prefix("tip: ").unwrap_or(line));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Arguments;
    use clap::Parser;

    fn line_of(words: &str) -> String {
        let words = std::iter::once("heapwalk").chain(words.split(' '));
        line(&Arguments::try_parse_from(words).expect_err("a wrong use"))
    }

    #[test]
    fn a_wrong_use_is_told_in_one_line() {
        for (words, wanted) in [
            ("summary", "missing: <FILE>; --help shows how"),
            ("summary f --limit x", "--limit x: x is no number; --help shows how"),
            (
                "summary f --fromat json",
                "unexpected argument '--fromat' found; a similar argument exists: '--format'; --help shows how",
            ),
            ("series f", "two files at least are needed, the oldest first, and there is one; --help shows how"),
            (
                "object f x",
                "invalid value 'x' for '<@ID>': an object id is a number, with or without @; --help shows how",
            ),
            ("object f", "missing: <@ID>; --help shows how"),
            ("holders f", "missing: a set of objects (--class, --query, --scope, --key or @ID); --help shows how"),
            (
                "cut f",
                "missing: --without <WHAT>, a set of objects (--class, --query, --scope, --key or @ID); \
                 --help shows how",
            ),
            ("picture f --form treemap", "missing: --svg <FILE>; --help shows how"),
            ("cache lst", "unrecognized subcommand 'lst'; a similar subcommand exists: 'list'; --help shows how"),
            (
                "summary f --format jsn",
                "invalid value 'jsn' for '--format <FORMAT>' [possible values: table, json, ndjson, csv, markdown]; \
                 a similar value exists: 'json'; --help shows how",
            ),
        ] {
            assert_eq!(line_of(words), wanted, "{words}");
        }
        assert!(line_of("summary f --threads 0").contains("--threads"));
    }
}
