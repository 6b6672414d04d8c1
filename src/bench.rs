//! For the benchmarks of this repository only: how long each stage takes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::DEMO;
use crate::heap::{Heap, Input, Product, Wants};
use crate::index::RootMode;
use crate::input::{Options, Watch};

/// Opens a snapshot, or the bundled one, and computes all that can be computed of it, one stage after the other; gives
/// each stage with its time.
///
/// # Panics
/// When the file is no snapshot.
pub fn stages(file: Option<&Path>) -> Vec<(&'static str, Duration)> {
    let input = file.map_or(Input::Bundled(DEMO), |path| Input::Path(path.to_owned()));
    let watch = Arc::new(Watch::default());
    let columns = input.read(&Options::default(), &watch).expect("a snapshot");
    let all = Wants::ALL.and(Wants::of(&[Product::NativeContexts]));
    let heap = Heap::new(columns, RootMode::All, all);
    heap.compute(all, &watch).expect("nobody cancels");
    watch.timings.finished()
}
