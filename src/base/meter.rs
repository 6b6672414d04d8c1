//! Progress and cancellation of one piece of background work, shared by atomics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// A loop that can take long looks at the meter once in so many items.
pub const CHECK_EVERY: usize = 1 << 16;

/// What a piece of work has done so far, and whether it should go on. Workers write, front ends poll.
#[derive(Debug)]
pub struct Meter {
    cancelled: AtomicBool,
    /// When work that must not keep anybody waiting gives up.
    deadline: Option<Instant>,
    done: AtomicU64,
    total: AtomicU64,
    nodes: AtomicU64,
    edges: AtomicU64,
    started: Instant,
    stages: Mutex<Stages>,
    facts: Mutex<Facts>,
}

/// What is known of a snapshot before all of it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The program that wrote it: a guess by its header first, better once its strings are there. Empty: not known yet.
    pub producer: String,
    /// What the header claims; 0 is no claim.
    pub claimed_nodes: u64,
    pub claimed_edges: u64,
}

#[derive(Debug, Default)]
struct Stages {
    running: Vec<(&'static str, Instant)>,
    finished: Vec<(&'static str, Duration)>,
}

impl Default for Meter {
    fn default() -> Self {
        Meter {
            cancelled: AtomicBool::new(false),
            deadline: None,
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            nodes: AtomicU64::new(0),
            edges: AtomicU64::new(0),
            started: Instant::now(),
            stages: Mutex::default(),
            facts: Mutex::default(),
        }
    }
}

impl Meter {
    /// A meter for work that is cancelled by itself when it takes longer than `time`.
    pub fn within(time: Duration) -> Self {
        Meter { deadline: Some(Instant::now() + time), ..Meter::default() }
    }

    /// Asks the work to stop; it ends with [`Error::Cancelled`] soon after.
    pub fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether somebody waits for the work.
    pub fn is_impatient(&self) -> bool {
        self.deadline.is_some()
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed) || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// An error once somebody has asked the work to stop.
    #[inline]
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// [`Meter::check`] for item number `index` of a long loop: looks once in [`CHECK_EVERY`] items.
    #[inline(always)]
    pub fn check_at(&self, index: usize) -> Result<()> {
        if index & (CHECK_EVERY - 1) == 0 { self.check() } else { Ok(()) }
    }

    /// Sets the bytes to read; 0 when nobody knows.
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// Counts bytes of the (decompressed or compressed, whichever `total` counts) input as read.
    pub fn add_done(&self, bytes: u64) {
        self.done.fetch_add(bytes, Relaxed);
    }

    pub fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub fn total(&self) -> u64 {
        self.total.load(Relaxed)
    }

    /// Sets how many nodes have been read.
    pub fn set_nodes(&self, count: usize) {
        self.nodes.store(count as u64, Relaxed);
    }

    pub fn nodes(&self) -> u64 {
        self.nodes.load(Relaxed)
    }

    /// Sets how many edges have been read.
    pub fn set_edges(&self, count: usize) {
        self.edges.store(count as u64, Relaxed);
    }

    pub fn edges(&self) -> u64 {
        self.edges.load(Relaxed)
    }

    /// Writes down what has become known.
    pub fn learn(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut lock(&self.facts));
    }

    pub fn facts(&self) -> Facts {
        lock(&self.facts).clone()
    }

    /// Time since the work began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Runs `work` as the stage `name`, for progress and `--timings`. Stages may run side by side.
    pub fn stage<T>(&self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.check()?;
        let start = Instant::now();
        lock(&self.stages).running.push((name, start));
        let result = work();
        let mut stages = lock(&self.stages);
        stages.running.retain(|&running| running != (name, start));
        stages.finished.push((name, start.elapsed()));
        drop(stages);
        result
    }

    /// The stages at work now, oldest first.
    pub fn running(&self) -> Vec<&'static str> {
        lock(&self.stages).running.iter().map(|&(name, _)| name).collect()
    }

    /// The finished stages with the time that each took, in the order in which they ended.
    pub fn finished(&self) -> Vec<(&'static str, Duration)> {
        lock(&self.stages).finished.clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A worker that panicked cannot leave anything in a bad state: every change is a single assignment, push or retain.
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
