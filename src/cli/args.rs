//! The words of the command line.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::{complete, examples};
use crate::analysis::query;
use crate::base::ids::ObjectId;
use crate::cache::Cache;
use crate::config;
use crate::heap::{Input, LoadOptions};
use crate::index::RootMode;
use crate::input::Options;
use crate::oracle;

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
        #[arg(value_name = "TOPIC", add = complete::topics())]
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

#[derive(Debug, Args)]
pub(crate) struct ForgetArguments {
    /// The snapshots; a copy of one is the same
    #[arg(value_name = "FILE", required_unless_present = "all")]
    pub files: Vec<PathBuf>,
    /// All snapshots
    #[arg(long, conflicts_with = "files")]
    pub all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// A theme instead, to begin one of your own with
    #[arg(long)]
    pub theme: bool,
}

/// What a script of a shell asks when somebody completes a word.
#[derive(Debug, Args)]
pub(crate) struct CompleteArguments {
    pub shell: Shell,
    /// bash: the line up to the cursor and the letters that part words; else its words, the last one as it is written
    #[arg(last = true)]
    pub words: Vec<OsString>,
}

/// A shell that has completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// Write the page and one for each command to this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// The snapshots of which something is kept, last used first
    List(Output),
    /// Remove all that is kept
    Clear,
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

/// What every command that reads a snapshot takes.
#[derive(Debug, Args, Clone, Default)]
pub(crate) struct Common {
    /// Neither read nor write the index cache
    #[arg(long)]
    pub no_cache: bool,
    /// Which roots count: all that the file has, or node 0 alone as in DevTools
    #[arg(long, value_enum, value_name = "MODE", default_value_t)]
    pub roots: RootChoice,
    /// Take what a file still holds that is cut off in its strings
    #[arg(long)]
    pub partial: bool,
    /// Threads that read the file [default: one a core]
    #[arg(long, value_name = "N", value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Print the time of each stage to standard error
    #[arg(long)]
    pub timings: bool,
}

/// The index cache, where somebody wants it.
pub(crate) fn user_cache() -> Option<Cache> {
    let set = &config::of_user().settings.cache;
    let cache = match &set.directory {
        Some(directory) => Some(Cache::at(directory)),
        None => Cache::of_user(),
    };
    let limited = |cache: Cache| match set.limit {
        Some(bytes) => cache.at_most(bytes),
        None => cache,
    };
    cache.filter(|_| set.enabled).map(limited)
}

/// What the explorer takes besides.
#[derive(Debug, Args, Clone, Default)]
pub(crate) struct ScreenArguments {
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Neither take nor keep what is remembered of snapshots: view, orders, marks, notes, what is ignored
    #[arg(long)]
    pub no_state: bool,
}

/// Which roots count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum RootChoice {
    #[default]
    All,
    Devtools,
}

impl Common {
    /// What to load, and how.
    pub(crate) fn load(&self, input: Input) -> LoadOptions {
        let roots = match self.roots {
            RootChoice::All => RootMode::All,
            RootChoice::Devtools => RootMode::DevTools,
        };
        let cache = if self.no_cache { None } else { user_cache() };
        LoadOptions { roots, cache, ..LoadOptions::new(input, self.reading()) }
    }

    /// How to read the file.
    pub(crate) fn reading(&self) -> Options {
        let threads = self.threads.unwrap_or_else(|| Options::default().threads);
        Options { threads, partial: self.partial }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
    Ndjson,
    Csv,
    Markdown,
}

#[derive(Debug, Args, Clone, Default)]
pub(crate) struct Output {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Rows of each list, and ten times as many of a whole tree; 0 is all [default: 100 in tables, all otherwise]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

impl Output {
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    /// Whether programs read it, so that data must stay data.
    pub(crate) fn is_for_programs(&self) -> bool {
        matches!(self.format(), Format::Json | Format::Ndjson)
    }

    /// Rows of each list.
    pub(crate) fn limit(&self) -> usize {
        match self.limit {
            Some(0) => usize::MAX,
            Some(limit) => limit,
            None if matches!(self.format(), Format::Table | Format::Markdown) => 100,
            None => usize::MAX,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The snapshot: plain, gzip or zstd; `-` is standard input, `demo` the bundled snapshot
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct InfoArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// Read the whole file instead of at most 1 MB from each end
    #[arg(long)]
    pub full: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SummaryArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// Only the objects of a scope, for example duplicated-strings, unreachable (no way from a root), @ID of a native
    /// context, A..B, or 'query:QUERY' for what `find` finds
    #[arg(long, value_name = "NAME", add = complete::scopes())]
    pub scope: Option<String>,
    /// Only the program's own classes and functions, and plain objects behind them: --scope own
    #[arg(long, conflicts_with = "scope")]
    pub own: bool,
    /// What objects are put together by instead of their class: the file that their code stands in, or its package
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<ByChoice>,
    /// Only classes that the filter lets through, as `/` does in the explorer: words, 'exact, /pattern/, !not
    #[arg(long, value_name = "TEXT", add = complete::classes())]
    pub class: Option<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = complete::columns())]
    pub sort: Option<String>,
}

/// What objects are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByChoice {
    /// The file: of functions and classes their own, of plain objects that of the nearest code that leads to them
    File,
    /// The package in node_modules; files of the program in none are one
    Package,
}

/// What the command of a table takes that needs nothing else.
#[derive(Debug, Args)]
pub(crate) struct TableArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN", add = complete::columns())]
    pub sort: Option<String>,
    /// Levels of the tree: 2 and more show what stands below the rows
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The earlier snapshot
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// Classes without change too
    #[arg(long)]
    pub all: bool,
    /// Only the program's own classes and functions, and plain objects behind them, of both snapshots
    #[arg(long)]
    pub own: bool,
    #[command(flatten)]
    pub table: TableArguments,
}

#[derive(Debug, Args)]
pub(crate) struct AllocationArguments {
    #[command(flatten)]
    pub table: TableArguments,
    /// Only functions of the program's own scripts
    #[arg(long)]
    pub own: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ObjectsArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The exact name of the class
    #[arg(long, value_name = "NAME", required_unless_present = "key", add = complete::classes())]
    pub class: Option<String>,
    /// The key of the class, where several carry the name
    #[arg(long, value_name = "KEY", add = complete::keys())]
    pub key: Option<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = complete::columns())]
    pub sort: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_long_help = find_help())]
pub(crate) struct FindArguments {
    #[command(flatten)]
    pub table: TableArguments,
    /// Who holds all of them instead of the objects
    #[arg(long)]
    pub holders: bool,
    /// What to find, best in one pair of quotes; several words are joined by spaces
    #[arg(value_name = "QUERY", required = true, num_args = 1.., add = complete::queries())]
    pub query: Vec<String>,
}

/// The language, from its table of words.
fn find_help() -> String {
    let row = |word: &query::Word| format!("  {:<20}{}\n", word.example, word.doc);
    let rows: String = query::WORDS.iter().map(row).collect();
    format!(
        "Words, \"text with spaces\" and /patterns/ are looked for in names, in the contents of strings and in the names of
properties. Text without capitals matches either case. Conditions:
{rows}`:` is exact, `~` takes a text or /pattern/ that occurs. Conditions next to each other must all hold; `and`, `or`,
`not` and parentheses join them otherwise.

Examples:
  heapwalk find app.heapsnapshot session
  heapwalk find app.heapsnapshot 'class:Session retained>10kB'
  heapwalk find app.heapsnapshot 'text~/^Bearer / and not retainers>1' --json"
    )
}

#[derive(Debug, Args)]
pub(crate) struct ObjectArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The id of the object
    #[arg(value_name = "@ID", value_parser = parse_id)]
    pub id: ObjectId,
}

#[derive(Debug, Args)]
pub(crate) struct TreeArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The object to begin with [default: the root]
    #[arg(value_name = "@ID", value_parser = parse_id)]
    pub id: Option<ObjectId>,
    /// Levels of the tree
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
}

#[derive(Debug, Args)]
pub(crate) struct DominatorsArguments {
    #[command(flatten)]
    pub tree: TreeArguments,
    /// Only the program's own objects: each below the nearest of them that keeps it alive
    #[arg(long)]
    pub own: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ContainmentArguments {
    #[command(flatten)]
    pub tree: TreeArguments,
    /// Below objects what their program has put into them (entries, properties, variables), as in the explorer, instead
    /// of the references that their engine has
    #[arg(long)]
    pub entries: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RetainersArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The id of the object
    #[arg(value_name = "@ID", value_parser = parse_id)]
    pub id: ObjectId,
    /// Levels of the tree
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// Ignore an object as a retainer, can be given more than once
    #[arg(long, value_name = "@ID", value_parser = parse_id)]
    pub ignore: Vec<ObjectId>,
}

#[derive(Debug, Args)]
pub(crate) struct PathsArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The id of the object
    #[arg(value_name = "@ID", value_parser = parse_id)]
    pub id: ObjectId,
    /// How many paths, each over another holder
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub count: usize,
    /// Keep out of an object, can be given more than once
    #[arg(long, value_name = "@ID", value_parser = parse_id)]
    pub ignore: Vec<ObjectId>,
}

#[derive(Debug, Args)]
pub(crate) struct WhyArguments {
    #[command(flatten)]
    pub of: FileArguments,
    /// The id of the object
    #[arg(value_name = "@ID", value_parser = parse_id)]
    pub id: ObjectId,
    /// Keep out of an object, can be given more than once
    #[arg(long, value_name = "@ID", value_parser = parse_id)]
    pub ignore: Vec<ObjectId>,
}

/// Which objects a command is about. Several options together are what is in all of them.
#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    /// The ids of objects
    #[arg(value_name = "@ID", value_parser = parse_id, required_unless_present_any = ["class", "key", "scope", "query"])]
    pub ids: Vec<ObjectId>,
    /// The exact name of a class, can be given more than once
    #[arg(long, value_name = "NAME", add = complete::classes())]
    pub class: Vec<String>,
    /// The key of a class, where several carry the name
    #[arg(long, value_name = "KEY", add = complete::keys())]
    pub key: Option<String>,
    /// The objects of a scope, as `summary --scope` takes them
    #[arg(long, value_name = "NAME", add = complete::scopes())]
    pub scope: Option<String>,
    /// What `find` finds
    #[arg(long, value_name = "QUERY", add = complete::queries())]
    pub query: Option<String>,
    /// Only objects that this earlier snapshot of the same process does not have
    #[arg(long, value_name = "BASE")]
    pub new_since: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct HoldersArguments {
    #[command(flatten)]
    pub of: FileArguments,
    #[command(flatten)]
    pub set: SetArguments,
    /// Levels of the tree; what holds nine tenths of the objects opens by itself
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// The engine's own references: tables, stores and scopes are not passed over
    #[arg(long)]
    pub engine: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CutArguments {
    #[command(flatten)]
    pub of: FileArguments,
    #[command(flatten)]
    pub set: SetArguments,
    /// What is left out: an object as @ID, references as 'EDGE in CLASS' (* for any), or all objects of a CLASS; can be
    /// given more than once
    #[arg(long, value_name = "WHAT", required = true, add = complete::classes())]
    pub without: Vec<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = complete::columns())]
    pub sort: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SeriesArguments {
    /// The snapshots, oldest first
    #[arg(value_name = "FILE", required = true, num_args = 2..)]
    pub files: Vec<PathBuf>,
    /// What the line of a class shows
    #[arg(long, value_enum, value_name = "MEASURE", default_value_t)]
    pub by: SeriesMeasure,
    /// Below a class only what came between the first and the second snapshot and is still there
    #[arg(long)]
    pub came_and_stayed: bool,
    /// Levels: 2 shows below each class its objects that are new since the first snapshot and still there
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN", add = complete::columns())]
    pub sort: Option<String>,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub common: Common,
}

/// What a line of `series` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum SeriesMeasure {
    #[default]
    Count,
    Shallow,
    Retained,
}

#[derive(Debug, Args)]
#[command(after_long_help = CHECK_HELP)]
pub(crate) struct CheckArguments {
    /// The snapshot, or several of one program, oldest first
    #[arg(value_name = "FILE", required = true, num_args = 1..)]
    pub files: Vec<PathBuf>,
    /// What makes the check fail: 'QUERY | MEASURE OP VALUE', can be given more than once
    #[arg(long, value_name = "CHECK", required = true, add = complete::checks())]
    pub fail_if: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    #[command(flatten)]
    pub common: Common,
}

const CHECK_HELP: &str = "\
QUERY is what `find` takes, or the word suspects. MEASURE is count, shallow, retained, share (of the heap) or growth
(objects more than in the first file); of suspects retained and share are those of the largest.

Examples:
  heapwalk check app.heapsnapshot --fail-if 'class:Session | count > 0'
  heapwalk check before.heapsnapshot after.heapsnapshot --fail-if 'class~/Controller$/ | growth > 10'
  heapwalk check 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot --fail-if 'suspects | share > 5%' --format junit";

/// How checks are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum CheckFormat {
    #[default]
    Text,
    Json,
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct SuspectsArguments {
    /// The snapshot, or several of one program, oldest first
    #[arg(value_name = "FILE", required = true, num_args = 1..)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
#[command(after_long_help = TAKE_HELP)]
pub(crate) struct TakeArguments {
    /// The program: the id of a Node process, :PORT or HOST:PORT of an inspector, or the ws:// address of one target
    #[arg(value_name = "PID|HOST:PORT|ws://…")]
    pub whom: String,
    /// Where to write; `-` is standard output; what exists is not written over [default: a name with the time]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How to compress [default: as FILE ends, zstd without --out]
    #[arg(long, value_enum, value_name = "HOW")]
    pub compress: Option<CompressChoice>,
    /// Do not explore what was taken: print the name of the file
    #[arg(long)]
    pub no_open: bool,
    /// Which target, where there are several: its number or id, or a part of its title or address that no other has
    #[arg(long, value_name = "WHICH")]
    pub target: Option<String>,
    /// Only list the targets: processes, workers, pages, apps
    #[arg(long)]
    pub list: bool,
    /// Three snapshots for a leak hunt, asking between them; the explorer opens with what grew
    #[arg(long, conflicts_with_all = ["timeline", "list"])]
    pub three: bool,
    /// Record for so long who allocates what, for the Allocation view
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub timeline: Option<f64>,
    /// Numbers too, where the engine writes them
    #[arg(long)]
    pub numeric: bool,
    /// What the engine keeps for itself too, where it writes that
    #[arg(long)]
    pub internals: bool,
    /// Where the system does not tell whether a process catches SIGUSR1: send it all the same
    #[arg(long)]
    pub signal: bool,
    /// Give up when nothing has come for so long
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, default_value = "300")]
    pub timeout: f64,
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub screen: ScreenArguments,
}

const TAKE_HELP: &str = "\
A Node process is asked by SIGUSR1 to open its inspector, but only if it is of the same user, is Node by its executable,
and catches that signal; who answers must prove to be it; and it is asked to close its inspector again. The program stands
still while its snapshot is taken, and needs memory for it, twice its heap and more.

Examples:
  heapwalk take 4242                        of a Node process on this machine
  heapwalk take :9229 --three               three snapshots for a leak hunt
  heapwalk take :9222 --list                the pages of a browser with --remote-debugging-port=9222
  heapwalk take :8081 --target Pixel        of a React Native app, by its proxy
  heapwalk take 4242 --timeline 30          who allocates what within 30 seconds
  ssh host heapwalk take 4242 -o - | heapwalk -   of a process on another machine";

/// How a snapshot is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompressChoice {
    Zstd,
    Gzip,
    None,
}

#[derive(Debug, Args)]
pub(crate) struct PictureArguments {
    /// The snapshot, or two, the earlier first
    #[arg(value_name = "FILE", required = true, num_args = 1..=2)]
    pub files: Vec<PathBuf>,
    /// The object that is all of the picture [default: the heap]
    #[arg(long, value_name = "@ID", value_parser = parse_id)]
    pub of: Option<ObjectId>,
    /// What colours tell apart
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    pub by: PaintChoice,
    /// Write an SVG file instead of text; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// How the pieces of an SVG file stand: below what keeps them alive, or within it
    #[arg(long, value_enum, value_name = "FORM", default_value_t, requires = "svg")]
    pub form: PictureForm,
    /// Columns of the text, or units of the file [default: 120, or 1600]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=20_000))]
    pub width: Option<u32>,
    /// Levels [default: 16, or 24 in a file]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub depth: Option<u32>,
    /// The pieces as JSON
    #[arg(long, conflicts_with_all = ["svg", "form"])]
    pub json: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What colours of a picture tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum PaintChoice {
    /// Objects, strings, functions, arrays, code …
    #[default]
    Kind,
    /// The package in node_modules that the code belongs to
    Package,
}

/// How the pieces of a picture stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum PictureForm {
    #[default]
    Icicle,
    Treemap,
}

#[derive(Debug, Args)]
pub(crate) struct DigestArguments {
    /// The snapshot (two for `diff`: the base first), then sections; those of a whole file when none is named
    #[arg(value_name = "FILE [OTHER] [SECTION]", required = true, num_args = 1..)]
    pub words: Vec<String>,
    /// An object, can be given more than once
    #[arg(long, value_name = "N", value_parser = parse_id)]
    pub id: Vec<ObjectId>,
    /// N objects spread evenly over the file
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub sample: usize,
    /// Levels of retainers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// Rows of one list; 0 is all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Ignore an object as a retainer, can be given more than once
    #[arg(long, value_name = "N", value_parser = parse_id)]
    pub ignore: Vec<ObjectId>,
    /// One more filter: objects with A < id <= B
    #[arg(long, value_name = "A..B")]
    pub range: Option<String>,
    /// Ids of the objects whose name contains TEXT, whatever the case
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Also the columns of the node table and the ids of instances
    #[arg(long)]
    pub full: bool,
    #[command(flatten)]
    pub common: Common,
}

impl DigestArguments {
    pub(crate) fn question(&self) -> oracle::Question {
        oracle::Question {
            words: self.words.clone(),
            ids: self.id.clone(),
            sample: self.sample,
            depth: self.depth,
            limit: if self.limit == 0 { usize::MAX } else { self.limit },
            ignore: self.ignore.clone(),
            range: self.range.clone(),
            search: self.search.clone(),
            full: self.full,
        }
    }
}

fn parse_id(text: &str) -> Result<ObjectId, String> {
    let digits = text.strip_prefix('@').unwrap_or(text);
    digits.parse().map_err(|_| "an object id is a number, with or without @".into())
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("one thread is the least".into()),
        Ok(threads) => Ok(threads),
        Err(_) => Err(format!("{text} is no number")),
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.05..=1e6).contains(&seconds) => Ok(seconds),
        Ok(_) => Err("more than no time, and less than a million seconds".into()),
        Err(_) => Err(format!("{text} is no number")),
    }
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
    fn the_arguments_make_sense() {
        definition().debug_assert();
    }
}
