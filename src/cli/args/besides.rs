//! What commands take that read no snapshot.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::common::Output;

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
