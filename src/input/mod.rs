//! Bytes → [`Columns`]: plain, gzip and zstd files and standard input, sections in any order.
//!
//! Reading is three things: a scanner hands sections, numbers and strings to whoever visits (`scan.rs`), a collector
//! makes columns of them (`collect.rs`), checks say what is odd (`checks.rs`). One pass, block by block: the integer
//! sections are cut at record borders and parsed by all cores while the next block is read; nothing holds the whole
//! file. Nothing here computes anything about the heap.

mod arrays;
mod blocks;
mod checks;
mod collect;
mod foreign;
mod meta;
mod numbers;
pub(crate) mod producer;
mod reader;
mod records;
mod room;
mod scan;
mod section;
mod small;
mod source;
mod strings;
mod trace;
mod watch;
mod wrapped;

use std::path::Path;
use std::sync::Arc;

pub(crate) use checks::{believe_sizes, late_warnings};
use reader::Reader;
pub(crate) use source::{Source, open_source};
pub(crate) use watch::{Facts, Watch};

use crate::columns::{Columns, Header};
use crate::error::Result;

/// How to read a file.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Threads that parse; at least 1.
    pub threads: usize,
    /// Take what a file still holds that is cut off in its strings, the last section.
    pub partial: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { threads: std::thread::available_parallelism().map_or(2, usize::from), partial: false }
    }
}

/// Reads the snapshot at `path`; `-` is standard input.
///
/// # Errors
/// `Error::Io` when the system refuses, `Error::Format` for anything that is not a whole heap snapshot,
/// `Error::Cancelled` after [`crate::base::meter::Meter::cancel`].
pub(crate) fn read_path(path: &Path, options: &Options, watch: &Arc<Watch>) -> Result<Columns> {
    read(open_source(path, watch)?, options, watch)
}

/// Reads a snapshot from memory, compressed or not.
pub(crate) fn read_bytes(bytes: &'static [u8], options: &Options, watch: &Arc<Watch>) -> Result<Columns> {
    watch.meter.set_total(bytes.len() as u64);
    read(Source::from_reader("(bundled)", Box::new(bytes), watch)?, options, watch)
}

/// Reads a snapshot from any source. [`late_warnings`] tells what else is odd about it.
pub(crate) fn read(source: Source, options: &Options, watch: &Watch) -> Result<Columns> {
    let name = source.name.clone();
    collect::read(Reader::new(source), options, watch).map_err(|error| error.in_file(&name))
}

/// Reads the section `snapshot` from the beginning of a file, which may end anywhere behind it.
pub(crate) fn read_header(head: &[u8], name: &str) -> Result<Header> {
    let source =
        Source { name: name.to_owned(), read: Box::new(std::io::Cursor::new(head.to_vec())), compressed: false };
    scan::read_header(Reader::new(source)).map_err(|error| error.in_file(name))
}

#[cfg(test)]
mod tests;
