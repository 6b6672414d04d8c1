//! What many commands take: the snapshot, how to read it, how to print.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::base::ids::ObjectId;
use crate::cache::Cache;
use crate::config;
use crate::heap::{Input, LoadOptions};
use crate::index::RootMode;
use crate::input::Options;

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

pub(super) fn parse_id(text: &str) -> Result<ObjectId, String> {
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
