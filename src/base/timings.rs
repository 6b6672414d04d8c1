//! Which stages of a piece of work run now, and how long those took that have ended.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A clock with a list of stages. Stages may run side by side, on any thread.
#[derive(Debug)]
pub(crate) struct Timings {
    started: Instant,
    stages: Mutex<Stages>,
}

#[derive(Debug, Default)]
struct Stages {
    running: Vec<(&'static str, Instant)>,
    finished: Vec<(&'static str, Duration)>,
}

impl Default for Timings {
    fn default() -> Self {
        Timings { started: Instant::now(), stages: Mutex::default() }
    }
}

impl Timings {
    /// Runs `work` as the stage `name`.
    pub(crate) fn stage<T>(&self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        self.lock().running.push((name, start));
        let result = work();
        let mut stages = self.lock();
        stages.running.retain(|&running| running != (name, start));
        stages.finished.push((name, start.elapsed()));
        drop(stages);
        result
    }

    /// Counts a time as that of a stage which has ended.
    pub(crate) fn add(&self, name: &'static str, time: Duration) {
        self.lock().finished.push((name, time));
    }

    /// Time since the work began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The stages at work now, oldest first.
    pub(crate) fn running(&self) -> Vec<&'static str> {
        self.lock().running.iter().map(|&(name, _)| name).collect()
    }

    /// The finished stages with the time that each took, in the order in which they ended.
    pub(crate) fn finished(&self) -> Vec<(&'static str, Duration)> {
        self.lock().finished.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Stages> {
        // A worker that panicked cannot leave anything in a bad state: every change is a single push or retain.
        self.stages.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
