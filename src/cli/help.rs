//! `heapwalk help TOPIC`: what a command takes, or a page that explains.

use super::args::definition;
use super::out;
use crate::error::{Error, Result};
use crate::view::pages::{self, PAGES, Page};
use crate::view::{glossary, text};

/// Columns of a page where nobody says how many there are, and the most that read well.
const COLUMNS: usize = 80;
const WIDEST: usize = 100;
/// As like as a word with a slip and what was meant.
const LIKE: f64 = 0.8;

/// Prints what there is to say of some words: a command's name wins over that of a page.
pub(super) fn run(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => {
            print(&help_of(&[]).unwrap_or_default())?;
            print("\nPages that explain: `heapwalk help topics` lists them.\n")
        }
        ["topics"] => print(&topics()),
        _ => match help_of(&words) {
            Some(help) => print(&help),
            None => explain(&words.join(" ")),
        },
    }
}

/// What a command says of itself, in full.
fn help_of(words: &[&str]) -> Option<String> {
    let mut command = definition();
    command.build();
    let mut found = &mut command;
    for word in words {
        found = found.find_subcommand_mut(word)?;
    }
    Some(found.render_long_help().to_string())
}

fn explain(word: &str) -> Result<()> {
    if let Some(page) = pages::find(word).or_else(|| pages::find(&word.replace(' ', "-"))) {
        return print(&pages::plain(&page.markdown(), columns()));
    }
    if let Some(sentence) = glossary::about_class(word) {
        return print(&pages::plain(&format!("**{word}**: {sentence}"), columns()));
    }
    Err(Error::Usage(unknown(word)))
}

fn unknown(word: &str) -> String {
    let shown = text::sanitize(word);
    let speak = pages::that_speak_of(word);
    let likeness = |page: &&Page| strsim::jaro_winkler(page.name, &word.to_lowercase());
    let best = PAGES.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|page| likeness(page) >= LIKE);
    let advice = match (best, speak.len()) {
        (Some(page), 0) => format!("did you mean `heapwalk help {}`?", page.name),
        (None, 0) => "`heapwalk help topics` lists the pages, `heapwalk --help` the commands".into(),
        (_, _) => format!("it is spoken of in {}", speak.join(", ")),
    };
    format!("no command and no page of help is called {shown}; {advice}")
}

/// The list of pages.
fn topics() -> String {
    let mut text =
        String::from("Pages of help, each printed by `heapwalk help NAME`:\n\n| name | about |\n| --- | --- |\n");
    for page in &PAGES {
        text += &format!("| {} | {} |\n", page.name, page.title());
    }
    text += "\nA name of the engine's own in quotes is explained as well: `heapwalk help '(sliced string)'`. \
             `heapwalk help COMMAND` says what a command takes.\n";
    pages::plain(&text, columns())
}

/// The columns of the terminal, as many as read well.
fn columns() -> usize {
    #[cfg(unix)]
    if let Ok(size) = rustix::termios::tcgetwinsize(std::io::stdout())
        && size.ws_col > 0
    {
        return (size.ws_col as usize).clamp(20, WIDEST);
    }
    COLUMNS.min(WIDEST)
}

fn print(text: &str) -> Result<()> {
    out::with_stdout(|out| out.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_wins_over_a_page() {
        let help = help_of(&["find"]).expect("a command");
        assert!(help.contains("Usage: heapwalk find") && help.contains("retained>10kB"), "{help}");
        assert!(help_of(&["cache", "list"]).is_some_and(|help| help.contains("Usage: heapwalk cache list")));
        assert!(help_of(&["hunt"]).is_none() && help_of(&["find", "x"]).is_none());
        let commands: Vec<String> = definition().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let hidden: Vec<_> = PAGES.iter().filter(|page| commands.contains(&page.name.to_owned())).collect();
        assert!(hidden.is_empty(), "no page is hidden by a command: {hidden:?}");
    }

    #[test]
    fn a_topic_that_is_not_there_is_told_with_what_may_help() {
        assert_eq!(
            unknown("closurs"),
            "no command and no page of help is called closurs; did you mean `heapwalk help closures`?"
        );
        assert_eq!(
            unknown("NODE_OPTIONS"),
            "no command and no page of help is called NODE_OPTIONS; it is spoken of in running, node"
        );
        assert!(unknown("xyzzy").ends_with("`heapwalk help topics` lists the pages, `heapwalk --help` the commands"));
        assert!(!unknown("a\u{1b}[2J").contains('\u{1b}'));
    }

    #[test]
    fn the_list_has_every_page_in_a_line() {
        let list = topics();
        assert!(
            PAGES
                .iter()
                .all(|page| list.lines().any(|line| line.starts_with(page.name) && line.ends_with(page.title())))
        );
    }
}
