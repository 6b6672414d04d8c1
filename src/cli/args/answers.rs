//! What commands about sets and series take: what holds them, what grew, where to look first.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{Common, FileArguments, Output, parse_id};
use super::values;
use super::views::TableArguments;
use crate::analysis::query;
use crate::base::ids::ObjectId;

#[derive(Debug, Args)]
#[command(after_long_help = find_help())]
pub(crate) struct FindArguments {
    #[command(flatten)]
    pub table: TableArguments,
    /// Who holds all of them instead of the objects
    #[arg(long)]
    pub holders: bool,
    /// What to find, best in one pair of quotes; several words are joined by spaces
    #[arg(value_name = "QUERY", required = true, num_args = 1.., add = values::queries())]
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

/// Which objects a command is about. Several options together are what is in all of them.
#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    /// The ids of objects
    #[arg(value_name = "@ID", value_parser = parse_id, required_unless_present_any = ["class", "key", "scope", "query"])]
    pub ids: Vec<ObjectId>,
    /// The exact name of a class, can be given more than once
    #[arg(long, value_name = "NAME", add = values::classes())]
    pub class: Vec<String>,
    /// The key of a class, where several carry the name
    #[arg(long, value_name = "KEY", add = values::keys())]
    pub key: Option<String>,
    /// The objects of a scope, as `summary --scope` takes them
    #[arg(long, value_name = "NAME", add = values::scopes())]
    pub scope: Option<String>,
    /// What `find` finds
    #[arg(long, value_name = "QUERY", add = values::queries())]
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
    #[arg(long, value_name = "WHAT", required = true, add = values::classes())]
    pub without: Vec<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = values::columns())]
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
    /// Levels: 2 shows below each class its objects that are new since the first snapshot and still there; where ids do
    /// not last, who holds more of them stands there anyway
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub depth: usize,
    /// The column to sort by
    #[arg(long, value_name = "COLUMN", add = values::columns())]
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
    #[arg(long, value_name = "CHECK", required = true, add = values::checks())]
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
