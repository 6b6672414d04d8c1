//! Examples of each command, for its help and its manual page.

use clap::Command;

/// A line as somebody types it, and what it is for.
type Example = (&'static str, &'static str);

/// For each command some lines; those of `find`, `check` and `take` stand with the rest of what they explain.
const EXAMPLES: &[(&str, &[Example])] = &[
    ("demo", &[("heapwalk demo", "a hunt without a snapshot of your own")]),
    (
        "info",
        &[
            ("heapwalk info app.heapsnapshot", "who wrote it, and the memory that it takes to open"),
            ("heapwalk info app.heapsnapshot.gz --full --json", "all that can be known, for a program"),
        ],
    ),
    (
        "summary",
        &[
            ("heapwalk summary app.heapsnapshot --limit 20", "the largest classes"),
            ("heapwalk summary app.heapsnapshot --own", "those of the program itself"),
            ("heapwalk summary app.heapsnapshot --by package --sort shallow", "packages of node_modules"),
            ("heapwalk summary app.heapsnapshot --scope unreachable", "what no root reaches"),
        ],
    ),
    (
        "objects",
        &[
            ("heapwalk objects app.heapsnapshot --class Session", "all sessions, the largest first"),
            ("heapwalk objects app.heapsnapshot --class Session --format csv", "for a spreadsheet"),
        ],
    ),
    ("object", &[("heapwalk object app.heapsnapshot @45677", "what is known of one object")]),
    (
        "containment",
        &[
            ("heapwalk containment app.heapsnapshot --depth 2", "from the root"),
            ("heapwalk containment app.heapsnapshot @45677 --entries", "what the program has put into an object"),
        ],
    ),
    ("dominators", &[("heapwalk dominators app.heapsnapshot --depth 3", "what would be freed with what")]),
    ("retainers", &[("heapwalk retainers app.heapsnapshot @45677 --depth 2", "who refers to it, and to these")]),
    (
        "paths",
        &[
            ("heapwalk paths app.heapsnapshot @45677", "the shortest way from a root"),
            ("heapwalk paths app.heapsnapshot @45677 --count 5", "one over each of five holders"),
        ],
    ),
    ("why", &[("heapwalk why app.heapsnapshot @45677", "what keeps it alive, in words")]),
    (
        "holders",
        &[
            ("heapwalk holders app.heapsnapshot --class Session", "who holds all sessions"),
            ("heapwalk holders after.heapsnapshot --class Session --new-since before.heapsnapshot", "the new ones"),
        ],
    ),
    (
        "cut",
        &[
            ("heapwalk cut app.heapsnapshot --class Session --without @45677", "what would go without this object"),
            ("heapwalk cut app.heapsnapshot --class Session --without 'cache in Store'", "without these references"),
        ],
    ),
    ("series", &[("heapwalk series 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot", "what grows and does not shrink")]),
    ("suspects", &[("heapwalk suspects 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot", "where to look first")]),
    (
        "picture",
        &[
            ("heapwalk picture app.heapsnapshot", "as text, 120 columns wide"),
            ("heapwalk picture app.heapsnapshot --svg heap.svg --by package", "for a browser"),
            ("heapwalk picture before.heapsnapshot after.heapsnapshot --svg grown.svg --form treemap", "side by side"),
        ],
    ),
    ("statistics", &[("heapwalk statistics app.heapsnapshot", "memory by kind of object")]),
    ("strings", &[("heapwalk strings app.heapsnapshot --limit 10 --depth 2", "the dearest texts, and who has them")]),
    ("allocation", &[("heapwalk allocation app.heapsnapshot --own", "which functions have allocated most")]),
    ("compare", &[("heapwalk compare before.heapsnapshot after.heapsnapshot", "what has come and gone")]),
    ("contexts", &[("heapwalk contexts app.heapsnapshot --depth 2", "what each window owns, by class")]),
    ("digest", &[("heapwalk digest app.heapsnapshot summary", "the Summary as DevTools has it")]),
    (
        "help",
        &[
            ("heapwalk help topics", "the pages there are"),
            ("heapwalk help hunt", "the steps of a leak hunt"),
            ("heapwalk help find", "what a command takes"),
            ("heapwalk help '(sliced string)'", "a name of the engine's own"),
        ],
    ),
    ("cache", &[("heapwalk cache list", "what is kept"), ("heapwalk cache clear", "forget all of it")]),
    ("forget", &[("heapwalk forget app.heapsnapshot", "begin anew"), ("heapwalk forget --all", "nothing is left")]),
    (
        "config",
        &[
            ("heapwalk config", "all settings, and where they are read from"),
            ("heapwalk config > ~/.config/heapwalk/config.toml", "a file to begin with"),
            ("heapwalk config --theme > ~/.config/heapwalk/themes/mine.toml", "a theme to begin with"),
        ],
    ),
    (
        "completions",
        &[
            ("heapwalk completions bash > ~/.local/share/bash-completion/completions/heapwalk", ""),
            ("heapwalk completions zsh > ~/.zfunc/_heapwalk", "a directory of $fpath"),
            ("heapwalk completions fish > ~/.config/fish/completions/heapwalk.fish", ""),
        ],
    ),
    (
        "man",
        &[
            ("heapwalk man | man -l -", "read it"),
            ("heapwalk man --dir ~/.local/share/man/man1", "install it and those of the commands"),
        ],
    ),
];

/// The definitions with the examples of their commands.
pub(super) fn add(command: Command) -> Command {
    command.mut_subcommands(|command| {
        let examples = EXAMPLES.iter().find(|(name, _)| *name == command.get_name());
        match examples {
            Some((_, examples)) => command.after_long_help(text(examples)),
            None => command,
        }
    })
}

/// The lines below a heading, what they are for beside them.
fn text(examples: &[Example]) -> String {
    let longest = examples.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let lines =
        examples.iter().map(|(line, purpose)| format!("\n{}", format!("  {line:longest$}   {purpose}").trim_end()));
    format!("Examples:{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::definition;

    /// The words of a line of a shell, as far as a pipe or a redirection.
    fn words(line: &str) -> Vec<String> {
        let end = [" > ", " | m"].iter().filter_map(|sign| line.find(sign)).min().unwrap_or(line.len());
        let line = line[..end].trim();
        let (mut words, mut quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                letter => words.last_mut().expect("there is one").push(letter),
            }
        }
        words
    }

    #[test]
    fn every_command_has_examples_that_can_be_typed() {
        let mut wrong = Vec::new();
        for command in definition().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string);
            let help = help.unwrap_or_default();
            let lines = help.lines().map(str::trim).filter(|line| line.starts_with("heapwalk "));
            let lines: Vec<&str> = lines.map(|line| line.split("   ").next().unwrap_or(line)).collect();
            if lines.is_empty() {
                wrong.push(format!("{} has no example", command.get_name()));
            }
            for line in lines {
                if let Err(problem) = definition().try_get_matches_from(words(line)) {
                    wrong.push(format!("{line}: {problem}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        let known: Vec<String> = definition().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        assert!(EXAMPLES.iter().all(|(name, _)| known.contains(&(*name).to_owned())));
    }
}
