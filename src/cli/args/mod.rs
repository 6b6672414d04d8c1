//! The words of the command line.

mod answers;
mod besides;
mod common;
mod take;
mod values;
mod views;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use self::answers::*;
pub(crate) use self::besides::*;
pub(crate) use self::common::{Common, FileArguments, Format, Output, RootChoice, ScreenArguments, user_cache};
pub(crate) use self::take::*;
pub(in crate::cli) use self::values::set_line;
pub(crate) use self::views::*;
use super::examples;

/// Explore V8 heap snapshots in the terminal, with the numbers of Chrome DevTools.
#[derive(Debug, Parser)]
#[command(name = "heapwalk", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Snapshots to explore, oldest first: plain, gzip or zstd; `-` is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub screen: ScreenArguments,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "Examples:
  heapwalk app.heapsnapshot                      explore a snapshot
  heapwalk demo                                  explore the bundled snapshot of a leaking server
  heapwalk summary app.heapsnapshot --class Map  classes whose name contains `map`
  heapwalk paths app.heapsnapshot @45677         why is this object alive?
  heapwalk take 4242                             explore what a running Node process has
  ssh host 'cat app.heapsnapshot' | heapwalk -   explore what another machine has
  heapwalk help topics                           pages that explain: snapshots of each engine, the hunt, words";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Explore the bundled snapshot of a small leaking server
    Demo(DemoArguments),
    #[command(flatten)]
    Of(Box<FileCommand>),
    /// Take a snapshot of a running program over its inspector, and explore it
    Take(TakeArguments),
    /// What is kept of snapshots that were opened, so that they open at once
    #[command(subcommand)]
    Cache(CacheCommand),
    /// A page that explains, or what a command takes; `help topics` lists the pages
    Help {
        /// A command, a page of help, or a name of the engine's own such as '(sliced string)'
        #[arg(value_name = "TOPIC", add = values::topics())]
        topic: Vec<String>,
    },
    /// Forget what the explorer remembers of snapshots: view, orders, marks, notes, what is ignored
    Forget(ForgetArguments),
    /// The settings that there are, each as it is unless somebody sets it, and where they are read from
    Config(ConfigArguments),
    /// The completions of a shell: commands, options, scopes, columns, classes of the snapshot on the line
    Completions(CompletionsArguments),
    /// The manual page, for man
    Man(ManArguments),
    /// What may stand at the end of a line, for the scripts of shells
    #[command(hide = true)]
    Complete(CompleteArguments),
}

/// The definitions of the command line, with examples: what is parsed, and what help, manual pages and completions are
/// made from.
pub(crate) fn definition() -> clap::Command {
    examples::add(Arguments::command())
}

/// The arguments of the process.
pub(crate) fn parse() -> Result<Arguments, clap::Error> {
    let matches = definition().try_get_matches()?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut definition()))
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// A command that prints something of a file.
#[derive(Debug, Subcommand)]
pub(crate) enum FileCommand {
    /// Header, sections, producer and size of a file, at once whatever its size
    Info(InfoArguments),
    /// Objects by class: the Summary view
    Summary(SummaryArguments),
    /// The objects of one class
    Objects(ObjectsArguments),
    /// One object with its references
    Object(ObjectArguments),
    /// Objects that a query finds: text, /pattern/ and conditions; below each what it refers to
    Find(FindArguments),
    /// What objects refer to, from the root or an object down
    Containment(ContainmentArguments),
    /// What objects keep alive alone, from the root or an object down
    Dominators(DominatorsArguments),
    /// What refers to an object
    Retainers(RetainersArguments),
    /// Why an object is alive: the shortest path from a root, or one over each holder
    Paths(PathsArguments),
    /// Why an object is alive, in words, and what else holds it
    Why(WhyArguments),
    /// Who holds all of these: the holders of a set of objects, grouped by how they hold; below each who holds it
    Holders(HoldersArguments),
    /// What would go without some objects or references, by class, and what holds the rest
    Cut(CutArguments),
    /// What grew, class by class, over two and more snapshots, oldest first
    Series(SeriesArguments),
    /// Where to look first: what may be kept by mistake, who holds it and what speaks for it, in one snapshot or several
    Suspects(SuspectsArguments),
    /// Fail a build: exit status 1 where a condition holds of the last snapshot, or of growth since the first
    Check(CheckArguments),
    /// A picture of what is freed with what: as text, or as an SVG file; of two snapshots in one scale
    Picture(PictureArguments),
    /// Memory by kind of object
    Statistics(FileArguments),
    /// Texts that are there more than once; below each its strings
    Strings(TableArguments),
    /// Who allocated what, for snapshots with allocation stacks; below each its callers
    Allocation(AllocationArguments),
    /// What has come and gone between two snapshots; below each class its objects
    Compare(CompareArguments),
    /// Native contexts: what each owns, what they share, what belongs to none; below each its classes
    Contexts(TableArguments),
    /// All numbers as DevTools has them, as JSON, to compare with its own
    Digest(DigestArguments),
}

/// Prints what `--help` prints, to standard error.
pub(crate) fn print_help() -> io::Result<()> {
    write!(io::stderr(), "{}", definition().render_help())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    /// `docs/CLI.md`, from what `--help` says.
    fn manual() -> String {
        let mut text = String::from(
            "# The command line\n\nMade from the program's own help by `HEAPWALK_WRITE_DOCS=1 cargo test`; do not edit.\n",
        );
        let mut command = definition();
        command.build();
        let _ = write!(text, "\n## heapwalk\n\n```text\n{}```\n", plain(command.render_long_help().to_string()));
        add_subcommands(&mut text, "heapwalk", &mut command);
        text
    }

    fn add_subcommands(text: &mut String, above: &str, command: &mut clap::Command) {
        let is_seen = |sub: &clap::Command| sub.get_name() != "help" || above == "heapwalk";
        for sub in command.get_subcommands_mut().filter(|sub| is_seen(sub) && !sub.is_hide_set()) {
            let help = plain(sub.render_long_help().to_string());
            let name = format!("{above} {}", sub.get_name());
            let _ = write!(text, "\n## {name}\n\n```text\n{help}```\n");
            add_subcommands(text, &name, sub);
        }
    }

    fn plain(help: String) -> String {
        help.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    #[test]
    fn the_manual_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CLI.md");
        if std::env::var_os("HEAPWALK_WRITE_DOCS").is_some() {
            std::fs::write(path, manual()).expect("docs can be written");
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == manual(),
            "docs/CLI.md is out of date: HEAPWALK_WRITE_DOCS=1 cargo test the_manual_is_current"
        );
    }

    #[test]
    fn the_table_in_the_readme_has_every_command() {
        let rows = include_str!("../../../README.md").lines().filter(|line| line.starts_with("| `"));
        let lines = rows.flat_map(|row| row.split(" | ").next().unwrap_or(row).split('`').skip(1).step_by(2));
        let named: Vec<&str> =
            lines.filter_map(|line| line.strip_prefix("heapwalk ").unwrap_or(line).split(' ').next()).collect();
        let definition = definition();
        let commands = definition.get_subcommands().filter(|command| !command.is_hide_set());
        let absent: Vec<&str> = commands.map(clap::Command::get_name).filter(|name| !named.contains(name)).collect();
        assert_eq!(absent, [""; 0]);
    }

    #[test]
    fn the_arguments_make_sense() {
        definition().debug_assert();
    }
}
