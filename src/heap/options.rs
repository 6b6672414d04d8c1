//! What to load, and how.

use std::path::PathBuf;
use std::sync::Arc;

use super::wants::Wants;
use crate::cache::Cache;
use crate::columns::Columns;
use crate::error::Result;
use crate::index::RootMode;
use crate::input::{self, Options, Watch};

/// What to load, and how.
#[derive(Debug, Clone)]
pub(crate) struct LoadOptions {
    pub input: Input,
    pub reading: Options,
    pub roots: RootMode,
    /// What to compute: a command asks for the columns that it prints, no more.
    pub wants: Wants,
    /// Where to look for what was computed before, and to keep what is computed now.
    pub cache: Option<Cache>,
}

impl LoadOptions {
    /// With all roots that the file has, and all that the explorer shows; nothing is kept.
    pub(crate) fn new(input: Input, reading: Options) -> Self {
        LoadOptions { input, reading, roots: RootMode::All, wants: Wants::ALL, cache: None }
    }
}

/// Where a snapshot comes from.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// A file; `-` is standard input.
    Path(PathBuf),
    /// Bytes in the program itself.
    Bundled(&'static [u8]),
}

impl Input {
    /// Reads all of it.
    pub(crate) fn read(&self, options: &Options, watch: &Arc<Watch>) -> Result<Columns> {
        match self {
            Input::Path(path) => input::read_path(path, options, watch),
            Input::Bundled(bytes) => input::read_bytes(bytes, options, watch),
        }
    }
}
