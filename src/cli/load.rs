//! Loading a snapshot for one command: progress on standard error, timings, interruption.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::Common;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{self, Heap, Input, LoadOptions};
use crate::view::text;

/// Ctrl-C ends the process at once with exit status 130.
pub fn exit_on_interrupt() {
    #[cfg(unix)]
    {
        let always = Arc::new(AtomicBool::new(true));
        // Without the handler the signal itself ends the process, which is nearly as good.
        let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, always);
    }
}

/// A real snapshot of a small leaking server (`tests/fixtures/demo`).
pub static DEMO: &[u8] = include_bytes!("../../assets/demo.heapsnapshot.zst");

/// What a FILE means: a path, or the bundled snapshot for `demo` where no file has that name.
pub fn input(path: &Path) -> Input {
    if path.as_os_str() == "demo" && !path.exists() { Input::Bundled(DEMO) } else { Input::Path(path.to_owned()) }
}

/// Loads the snapshot with all its indexes. Warnings go to standard error, a line each.
pub fn load(path: &Path, common: &Common) -> Result<Arc<Heap>> {
    load_with(path, common, common.load(input(path)))
}

/// [`load`] for a command that never asks who refers to an object.
pub fn load_without_retainers(path: &Path, common: &Common) -> Result<Arc<Heap>> {
    load_with(path, common, LoadOptions { retainers: false, ..common.load(input(path)) })
}

fn load_with(path: &Path, common: &Common, options: LoadOptions) -> Result<Arc<Heap>> {
    let meter = Arc::new(Meter::default());
    let heap =
        with_progress(&meter, || heap::load(&options, &meter, &mut |_| {})).map_err(|error| name(error, path))?;
    for warning in &heap.columns().warnings {
        let _ = writeln!(std::io::stderr(), "heapwalk: warning: {}", text::sanitize(warning));
    }
    if common.timings {
        print_timings(&meter);
    }
    Ok(heap)
}

/// Adds the name of the file to an error about what is in it.
pub fn name(error: Error, path: &Path) -> Error {
    match error {
        Error::Format(problem) => Error::Usage(format!(
            "{}: {problem}",
            if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
        )),
        other => other,
    }
}

/// Runs `work` with a line of progress when standard error is a terminal.
fn with_progress<T>(meter: &Meter, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let bar = ProgressBar::new(0);
            bar.set_style(ProgressStyle::with_template("{msg}").expect("a constant template"));
            while !finished.load(Relaxed) {
                bar.set_message(progress(meter));
                bar.tick();
                std::thread::park_timeout(Duration::from_millis(100));
            }
            bar.finish_and_clear();
        });
        // Also after a panic: the scope waits for the line of progress.
        let _end = SetOnDrop(&finished);
        work()
    })
}

struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// `edges 61 %  610 MB/s`
fn progress(meter: &Meter) -> String {
    let stage = meter.running().join(", ");
    let (done, total) = (meter.done(), meter.total());
    let seconds = meter.elapsed().as_secs_f64().max(0.001);
    let rate = format!("{}/s", text::bytes((done as f64 / seconds) as u64));
    match total {
        0 => format!("{stage}  {}  {rate}", text::bytes(done)),
        _ if done >= total => stage,
        _ => format!("{stage}  {}  {rate}", text::percent(done, total)),
    }
}

fn print_timings(meter: &Meter) {
    let mut err = std::io::stderr().lock();
    for (stage, time) in meter.finished() {
        let _ = writeln!(err, "{:>8.1} ms  {stage}", time.as_secs_f64() * 1000.0);
    }
    let _ = writeln!(err, "{:>8.1} ms  all", meter.elapsed().as_secs_f64() * 1000.0);
}
