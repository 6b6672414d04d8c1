//! An error → why there is nothing to show.

use crate::error::Error;
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::state::failure::Failure;
use crate::tui::state::snapshot::Snapshot;
use crate::view::text;

/// Why a snapshot cannot be shown.
pub(super) fn of(error: &Error, snapshot: &Snapshot) -> Failure {
    let title = snapshot.title.as_str();
    let failure = |what: &str, place: String, advice: &str| Failure {
        what: what.to_owned(),
        place,
        advice: if advice.is_empty() { "q quits".into() } else { format!("{advice} — q quits") },
        error: (!matches!(error, Error::Cancelled)).then(|| error.clone()),
    };
    match error {
        Error::Format(problem) => {
            let mut place = title.to_owned();
            if !problem.section.is_empty() {
                place.push_str(&format!(", section {}", problem.section));
            }
            if let Some(byte) = problem.byte {
                place.push_str(&format!(", byte {}", text::count(byte)));
            }
            failure(&problem.problem, place, &problem.advice)
        }
        Error::Io { path, problem } => failure(problem, path.clone(), advice_on(problem)),
        Error::Cancelled => {
            let advice = match snapshot.can_be_read_again() {
                true => &*format!("{} loads it again", key_of(Command::LoadAgain)),
                false => "",
            };
            failure("stopped before anything could be shown", title.to_owned(), advice)
        }
        Error::System { what, problem } => failure(problem, (*what).to_owned(), ""),
        Error::Unknown(text) | Error::Usage(text) => failure(text, title.to_owned(), ""),
        Error::Memory { .. } => {
            failure(&error.to_string(), title.to_owned(), "give it more, or take a smaller snapshot")
        }
        Error::There(_) | Error::Query(_) | Error::Take(_) | Error::Mistake(_) => {
            failure(&error.to_string(), title.to_owned(), "")
        }
    }
}

/// What to do about a word of the system.
fn advice_on(problem: &str) -> &'static str {
    match problem {
        "No such file or directory" => "is the path right?",
        "Permission denied" => "may you read it?",
        _ => "",
    }
}
