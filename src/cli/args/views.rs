//! What the commands of views and of single objects take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{Common, FileArguments, parse_id};
use super::values;
use crate::base::ids::ObjectId;
use crate::oracle;

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
    #[arg(long, value_name = "NAME", add = values::scopes())]
    pub scope: Option<String>,
    /// Only the program's own classes and functions, and plain objects behind them: --scope own
    #[arg(long, conflicts_with = "scope")]
    pub own: bool,
    /// What objects are put together by instead of their class: the file that their code stands in, or its package
    #[arg(long, value_enum, value_name = "WHAT")]
    pub by: Option<ByChoice>,
    /// Only classes that the filter lets through, as `/` does in the explorer: words, 'exact, /pattern/, !not
    #[arg(long, value_name = "TEXT", add = values::classes())]
    pub class: Option<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = values::columns())]
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
    #[arg(long, value_name = "COLUMN", add = values::columns())]
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
    #[arg(long, value_name = "NAME", required_unless_present = "key", add = values::classes())]
    pub class: Option<String>,
    /// The key of the class, where several carry the name
    #[arg(long, value_name = "KEY", add = values::keys())]
    pub key: Option<String>,
    /// The column to sort by, for example name, count, shallow or retained
    #[arg(long, value_name = "COLUMN", add = values::columns())]
    pub sort: Option<String>,
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
    /// Write over a file that is there
    #[arg(long, requires = "svg")]
    pub force: bool,
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
