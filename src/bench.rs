//! For the benchmarks of this repository only: how long each stage takes.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::timings::Account;
use crate::cli::DEMO;
use crate::heap::{Heap, Input, Wants};
use crate::index::RootMode;
use crate::input::{Options, Watch};

/// A snapshot that was opened.
pub struct Opened {
    /// Its size, decompressed.
    pub bytes: u64,
    /// Each stage with its time, and the most memory that the process had held until it ended, where the system says it.
    pub stages: Vec<(&'static str, Duration, Option<u64>)>,
}

/// Opens a snapshot, or the bundled one, and computes all that can be computed of it, one stage after the other.
///
/// # Panics
/// When the file is no snapshot.
pub fn stages(file: Option<&Path>) -> Opened {
    let input = file.map_or(Input::Bundled(DEMO), |path| Input::Path(path.to_owned()));
    let watch = Arc::new(Watch::default());
    watch.timings.note_memory();
    let start = Instant::now();
    let read = || input.read(&Options::default(), &watch);
    let columns = watch.timings.around("other sections", read).expect("a snapshot");
    let heap = Heap::new(columns, RootMode::All, Wants::STAYING);
    heap.compute(Wants::STAYING, &watch).expect("nobody cancels");
    let stages = Account::of(watch.timings.spans(), start, Instant::now()).lines;
    Opened { bytes: heap.columns().file_bytes, stages }
}
