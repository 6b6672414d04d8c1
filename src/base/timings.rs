//! Which stages of a piece of work run now, what those took that have ended, and how that adds up to the whole.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use super::memory;

/// A clock with a list of stages. Stages may run side by side, on any thread, and inside each other on one.
#[derive(Debug)]
pub(crate) struct Timings {
    started: Instant,
    stages: Mutex<Stages>,
    notes_memory: AtomicBool,
}

#[derive(Debug, Default)]
struct Stages {
    running: Vec<(&'static str, Instant)>,
    finished: Vec<Span>,
}

/// A stage that has ended.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    name: &'static str,
    /// Whether it is one of the steps that people are shown while they wait.
    is_step: bool,
    thread: ThreadId,
    start: Instant,
    end: Instant,
    /// The most memory that the process had held when it ended, where that was asked for and is known.
    peak: Option<u64>,
}

impl Default for Timings {
    fn default() -> Self {
        Timings { started: Instant::now(), stages: Mutex::default(), notes_memory: AtomicBool::new(false) }
    }
}

impl Timings {
    /// Notes how much memory there was at the end of each stage from now on, which takes some microseconds each.
    pub(crate) fn note_memory(&self) {
        self.notes_memory.store(true, Relaxed);
    }

    /// Runs `work` as the stage `name`.
    pub(crate) fn stage<T>(&self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        self.lock().running.push((name, start));
        let result = work();
        self.lock().running.retain(|&running| running != (name, start));
        self.add(name, true, start);
        result
    }

    /// Runs `work`, whose stages are stages of their own. What it does besides them counts as `name`, which is no step
    /// that anybody waits for.
    pub(crate) fn around<T>(&self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.add(name, false, start);
        result
    }

    /// Counts the time since `start` as such a stage.
    pub(crate) fn since(&self, name: &'static str, start: Instant) {
        self.add(name, false, start);
    }

    fn add(&self, name: &'static str, is_step: bool, start: Instant) {
        let peak = if self.notes_memory.load(Relaxed) { memory::peak() } else { None };
        let (thread, end) = (std::thread::current().id(), Instant::now());
        self.lock().finished.push(Span { name, is_step, thread, start, end, peak });
    }

    /// Time since the work began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The stages at work now, oldest first.
    pub(crate) fn running(&self) -> Vec<&'static str> {
        self.lock().running.iter().map(|&(name, _)| name).collect()
    }

    /// The finished steps with the time that each took, in the order in which they ended.
    pub(crate) fn finished(&self) -> Vec<(&'static str, Duration)> {
        let stages = self.lock();
        let steps = stages.finished.iter().filter(|span| span.is_step);
        steps.map(|span| (span.name, span.end - span.start)).collect()
    }

    /// All that has finished.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.lock().finished.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Stages> {
        // A worker that panicked cannot leave anything in a bad state: every change is a single push or retain.
        self.stages.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// What stages took, and how it adds up: the times of all lines, without what was side by side, with what was in no stage,
/// are the whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// In the order in which they ended: the time without the stages inside, and the most memory until then.
    pub(crate) lines: Vec<(&'static str, Duration, Option<u64>)>,
    /// What is in several lines because several threads were at work.
    pub(crate) side_by_side: Duration,
    pub(crate) in_no_stage: Duration,
    pub(crate) all: Duration,
}

impl Account {
    /// Accounts for the time from `start` to `end`.
    pub(crate) fn of(mut spans: Vec<Span>, start: Instant, end: Instant) -> Account {
        for span in &mut spans {
            (span.start, span.end) = (span.start.clamp(start, end), span.end.clamp(start, end));
        }
        spans.sort_by_key(|span| span.end);
        // What stands inside another one on a thread has ended before it.
        let inside = |at: usize| {
            let (inner, outer) = (&spans[..at], &spans[at]);
            inner.iter().filter(|span| span.thread == outer.thread && span.start >= outer.start)
        };
        let own = |at: usize| spans[at].end - spans[at].start - covered(inside(at));
        let lines: Vec<_> = (0..spans.len()).map(|at| (spans[at].name, own(at), spans[at].peak)).collect();
        let (all, covered) = (end - start, covered(spans.iter()));
        let sum: Duration = lines.iter().map(|&(_, own, _)| own).sum();
        Account { lines, side_by_side: sum - covered, in_no_stage: all - covered, all }
    }
}

/// How long at least one of them was running.
fn covered<'a>(spans: impl Iterator<Item = &'a Span>) -> Duration {
    let mut spans: Vec<(Instant, Instant)> = spans.map(|span| (span.start, span.end)).collect();
    spans.sort_unstable();
    let (mut sum, mut until) = (Duration::ZERO, None);
    for (start, end) in spans {
        let start = until.map_or(start, |until| start.max(until));
        sum += end.saturating_duration_since(start);
        until = Some(until.map_or(end, |until| end.max(until)));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_what_was_side_by_side_and_with_what_was_in_no_stage_are_the_whole() {
        let other = std::thread::spawn(|| std::thread::current().id()).join().expect("it has an id");
        let (own, start) = (std::thread::current().id(), Instant::now());
        let at = |ms: u64| start + Duration::from_millis(ms);
        let span = |name, thread, (from, to): (u64, u64)| {
            let (start, end) = (at(from), at(to));
            Span { name, is_step: true, thread, start, end, peak: None }
        };
        // One in another one, one beside, one that had begun before, a gap from 80 to 90.
        let spans = vec![
            span("early", own, (0, 20)),
            span("read", own, (20, 60)),
            span("inner", own, (30, 50)),
            span("deepest", own, (35, 40)),
            span("beside", other, (25, 80)),
            span("last", own, (90, 100)),
        ];
        let account = Account::of(spans, at(10), at(100));
        let ms = |time: Duration| time.as_millis();
        let lines: Vec<_> = account.lines.iter().map(|&(name, time, _)| (name, ms(time))).collect();
        assert_eq!(lines, [("early", 10), ("deepest", 5), ("inner", 15), ("read", 20), ("beside", 55), ("last", 10)]);
        assert_eq!([account.side_by_side, account.in_no_stage, account.all].map(ms), [35, 10, 90]);
        let sum: Duration = account.lines.iter().map(|line| line.1).sum();
        assert_eq!(sum - account.side_by_side + account.in_no_stage, account.all);
    }

    #[test]
    fn what_is_around_stages_is_no_step() {
        let timings = Timings::default();
        timings.around("outer", || timings.stage("inner", || assert_eq!(timings.running(), ["inner"])));
        assert_eq!(timings.finished().iter().map(|step| step.0).collect::<Vec<_>>(), ["inner"]);
        assert_eq!(timings.spans().len(), 2);
    }
}
