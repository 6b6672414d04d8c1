//! What packages of the program carry besides it, made from the definitions of the command line: completions, manual
//! pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::args::{Shell, definition};
use super::out::with_stdout;
use crate::error::{Error, Result};

/// Prints the script for a shell.
pub(super) fn completions(shell: Shell) -> Result<()> {
    let script = match shell {
        Shell::Bash => include_str!("../../assets/completions/heapwalk.bash"),
        Shell::Zsh => include_str!("../../assets/completions/_heapwalk"),
        Shell::Fish => include_str!("../../assets/completions/heapwalk.fish"),
    };
    with_stdout(|out| out.write_all(script.as_bytes()))
}

/// Prints the manual page, or writes it and one for each command to a directory.
pub(super) fn manual(directory: Option<&Path>) -> Result<()> {
    let pages = pages().map_err(|problem| Error::io("manual page", &problem))?;
    let Some(directory) = directory else {
        return with_stdout(|out| out.write_all(&pages[0].text));
    };
    let failed = |problem: io::Error| Error::io(directory.display().to_string(), &problem);
    fs::create_dir_all(directory).map_err(failed)?;
    pages.iter().try_for_each(|page| fs::write(directory.join(&page.name), &page.text)).map_err(failed)
}

struct Page {
    /// `heapwalk-summary.1`
    name: String,
    text: Vec<u8>,
}

/// All pages, that of the program first.
fn pages() -> io::Result<Vec<Page>> {
    let mut command = definition().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages)?;
    Ok(pages)
}

fn add(command: &clap::Command, pages: &mut Vec<Page>) -> io::Result<()> {
    let source = concat!("heapwalk ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("heapwalk");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    let commands: Vec<&clap::Command> = command.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    if !commands.is_empty() {
        man.render_subcommands_section(&mut text)?;
    }
    let below = command.get_after_long_help().or(command.get_after_help());
    if let Some(below) = below {
        render_below(&below.to_string(), &mut text)?;
    }
    pages.push(Page { name: man.get_filename(), text: in_ascii(&String::from_utf8_lossy(&text)).into() });
    commands.into_iter().try_for_each(|command| add(command, pages))
}

/// What is no ASCII as roff calls it, so that it is read alike with and without a preprocessor and whatever the locale.
fn in_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_ascii() {
            true => ascii.push(letter),
            false => ascii.push_str(&format!("\\[u{:04X}]", letter as u32)),
        }
    }
    ascii
}

/// What stands below the options in the help, its examples under a heading of their own. Lines stay lines.
fn render_below(below: &str, text: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    let mut is_open = false;
    for line in below.lines() {
        let heading = if line == "Examples:" { Some("EXAMPLES") } else { (!is_open).then_some("DETAILS") };
        if let Some(heading) = heading {
            if is_open {
                roff.control("fi", []);
            }
            roff.control("SH", [heading]).control("nf", []);
            is_open = true;
            if line == "Examples:" {
                continue;
            }
        }
        roff.text([roman(line)]);
    }
    if is_open {
        roff.control("fi", []);
    }
    roff.to_writer(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_options_and_examples() {
        let pages = pages().expect("nothing that can fail");
        let text = |name: &str| {
            let page = pages.iter().find(|page| page.name == name).unwrap_or_else(|| panic!("no page {name}"));
            String::from_utf8(page.text.clone()).expect("UTF-8")
        };
        assert_eq!(pages[0].name, "heapwalk.1");
        let summary = text("heapwalk-summary.1");
        assert!(summary.contains("\\-\\-scope") && summary.contains(".SH EXAMPLES\n.nf\n"), "{summary}");
        assert!(text("heapwalk-find.1").contains(".SH DETAILS\n.nf\nWords, "));
        assert!(text("heapwalk-cache-list.1").contains("\\-\\-format"));
        assert!(pages.iter().all(|page| !page.name.contains("complete.")));
        assert!(pages.iter().all(|page| page.text.is_ascii()));
        assert!(text("heapwalk-take.1").contains("ws://\\[u2026]"));
    }
}
