//! Loading a snapshot for one command: progress on standard error, timings, interruption.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::Common;
use super::given::input;
use super::{out, times};
use crate::error::Result;
use crate::heap::{self, Heap, LoadOptions, Wants};
use crate::input::Watch;
use crate::view::text;

/// Ctrl-C ends the process at once with exit status 130.
pub(crate) fn exit_on_interrupt() {
    #[cfg(unix)]
    {
        let always = Arc::new(AtomicBool::new(true));
        // Without the handler the signal itself ends the process, which is nearly as good.
        let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, always.clone());
        // Where an allocation fails that nobody has asked about before, the library has said so and aborts.
        let _ = signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGABRT, 2, always);
    }
}

/// Loads the snapshot with what a command wants of it. Warnings go to standard error, a line each.
pub(crate) fn load(wants: Wants, path: &Path, common: &Common) -> Result<Arc<Heap>> {
    let loaded = read(wants, path, common)?;
    let heap = loaded.heap.clone();
    LOADED.lock().unwrap_or_else(PoisonError::into_inner).push(loaded);
    Ok(heap)
}

/// The same for a snapshot of which only a little is wanted: its memory is free again with the heap.
pub(crate) fn load_for_a_while(wants: Wants, path: &Path, common: &Common) -> Result<Arc<Heap>> {
    read(wants, path, common).map(|loaded| loaded.heap)
}

fn read(wants: Wants, path: &Path, common: &Common) -> Result<Loaded> {
    let options = LoadOptions { wants, ..common.load(input(path)) };
    let watch = times::watch(common.timings);
    let heap = with_progress(&watch, || heap::load(&options, &watch, &mut |_| {}))?;
    for warning in heap.warnings() {
        say(&format!("warning: {warning}"));
    }
    times::answer_begins();
    Ok(Loaded { heap, watch })
}

/// What the command has loaded: one process runs one command. It is never dropped: taking gigabytes apart before the
/// process ends would make people wait.
static LOADED: Mutex<Vec<Loaded>> = Mutex::new(Vec::new());

struct Loaded {
    heap: Arc<Heap>,
    watch: Arc<Watch>,
}

/// Once a command has said what it has to say: closes standard output, so that nobody waits for more, and keeps what was
/// computed for the next time.
pub(crate) fn keep_loaded() {
    let loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if !loaded.is_empty() {
        out::close();
    }
    for Loaded { heap, watch } in loaded.iter() {
        watch.meter.begin_again();
        // The answer is out; whether the next one will come sooner is nobody's trouble.
        let _ = with_progress(watch, || {
            let _ = watch.timings.around("end", || heap.keep(watch));
            Ok(())
        });
    }
}

/// A line on standard error, wherever that leads.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "heapwalk: {}", text::sanitize(line));
}

/// Lines below that line, already safe for terminals.
pub(crate) fn show(lines: &[String]) {
    let mut err = std::io::stderr().lock();
    for line in lines {
        let _ = writeln!(err, "  {line}");
    }
}

/// Runs `work` with a line of progress when standard error is a terminal.
fn with_progress<T>(watch: &Watch, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let bar = ProgressBar::new(0);
            bar.set_style(ProgressStyle::with_template("{msg}").expect("a constant template"));
            while !finished.load(Relaxed) {
                bar.set_message(progress(watch));
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
fn progress(watch: &Watch) -> String {
    let meter = &watch.meter;
    let stage = watch.timings.running().join(", ");
    let (done, total) = (meter.done(), meter.total());
    let seconds = watch.timings.elapsed().as_secs_f64().max(0.001);
    let rate = format!("{}/s", text::bytes((done as f64 / seconds) as u64));
    match total {
        0 => format!("{stage}  {}  {rate}", text::bytes(done)),
        _ if done >= total => stage,
        _ => format!("{stage}  {}  {rate}", text::percent(done, total)),
    }
}
