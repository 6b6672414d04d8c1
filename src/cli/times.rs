//! What a command took, stage by stage (`--timings`), from the first line of the program to the last: nothing is left out.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::base::timings::{Account, Timings};
use crate::input::Watch;
use crate::view::text;

/// What is known of this process: it runs one command.
static TIMES: Mutex<Times> = Mutex::new(Times { begun: None, watches: Vec::new(), own: None, since: None });

struct Times {
    begun: Option<Instant>,
    /// One for each snapshot whose times are to be told.
    watches: Vec<Arc<Watch>>,
    /// What is no part of a load.
    own: Option<Timings>,
    /// When the last snapshot was there.
    since: Option<Instant>,
}

fn lock() -> MutexGuard<'static, Times> {
    TIMES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program begins.
pub(super) fn begin() {
    lock().begun.get_or_insert_with(Instant::now);
}

/// A watch for the next load, whose times are told in the end if they are wanted.
pub(super) fn watch(is_told: bool) -> Arc<Watch> {
    let watch = Arc::new(Watch::default());
    if is_told {
        watch.timings.note_memory();
        let mut times = lock();
        if let (None, Some(begun)) = (&times.own, times.begun) {
            let own = Timings::default();
            own.note_memory();
            own.since("start", begun);
            times.own = Some(own);
        }
        times.watches.push(watch.clone());
    }
    watch
}

/// A snapshot is there; what comes now is the answer, unless another one is loaded.
pub(super) fn answer_begins() {
    lock().since = Some(Instant::now());
}

/// The command has said what it has to say.
pub(super) fn answer_ends() {
    let times = lock();
    if let (Some(own), Some(since)) = (&times.own, times.since) {
        own.since("answer and output", since);
    }
}

/// Tells the times, the last thing that a command does.
pub(super) fn print() {
    let times = lock();
    let (Some(begun), Some(own)) = (times.begun, &times.own) else { return };
    let of_loads = times.watches.iter().flat_map(|watch| watch.timings.spans());
    let account = Account::of(of_loads.chain(own.spans()).collect(), begun, Instant::now());
    let mut lines = String::new();
    for &(stage, time, peak) in &account.lines {
        let peak = peak.map_or_else(String::new, |peak| format!("{:>8} so far", text::bytes(peak)));
        lines += format!("{}  {stage:<20}{peak}", milliseconds(time)).trim_end();
        lines.push('\n');
    }
    for (what, time) in [
        ("in no stage", account.in_no_stage),
        ("less what was side by side", account.side_by_side),
        ("all", account.all),
    ] {
        lines += &format!("{}  {what}\n", milliseconds(time));
    }
    let _ = std::io::stderr().write_all(lines.as_bytes());
}

/// The time of a piece of work that is part of a stage.
pub(super) fn print_one(what: &str, time: Duration) {
    let _ = writeln!(std::io::stderr(), "{}  {what}", milliseconds(time));
}

fn milliseconds(time: Duration) -> String {
    format!("{:>8.1} ms", time.as_secs_f64() * 1000.0)
}
