//! Runs the stages that a set of wants takes, on one thread or two.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Heap;
use super::stages::{Ahead, STAGES, StageRun, plan};
use super::wants::Wants;
use crate::base::memory;
use crate::error::{Error, Result};
use crate::input::Watch;

/// What is to be done for whom.
pub(crate) struct Errand<'a> {
    pub(crate) heap: &'a Heap,
    pub(crate) wants: Wants,
    pub(crate) watch: &'a Watch,
    /// Memory for the search, if it is there.
    pub(crate) ahead: &'a Ahead,
}

/// Computes and publishes what `heap` lacks of `wants`. After each stage `tell` hears what is there, on whichever
/// thread it ended.
///
/// Each thread takes the first stage of the table whose needs are there and that nobody has taken. Where a stage
/// panics, all that can be done without it is done; then the panic goes on.
///
/// # Errors
/// `Error::Cancelled` once somebody has asked the work to stop, `Error::System` where the system gives no thread.
pub(crate) fn run(errand: Errand<'_>, threads: Threads, tell: &mut (dyn FnMut(Wants) + Send)) -> Result<()> {
    let Errand { heap, wants, watch, ahead } = errand;
    let there = heap.there();
    let open = plan(wants, there);
    if open.is_empty() {
        return Ok(());
    }
    let runner = Runner {
        work: StageRun::new(heap, &watch.meter, ahead),
        watch,
        state: Mutex::new(Turns { open, running: Vec::new(), there, failed: None, tell }),
        changed: Condvar::new(),
    };
    match threads {
        Threads::One => runner.take_turns(None),
        Threads::Two => std::thread::scope(|scope| {
            // The longest chain stands first in the table, and gets the thread that nobody else waits for.
            let first = runner.lock().take();
            let runner = &runner;
            std::thread::Builder::new()
                .name("stages".into())
                .spawn_scoped(scope, move || runner.take_turns(first))
                .map_err(|problem| Error::thread(&problem))?;
            runner.take_turns(None);
            Ok::<_, Error>(())
        })?,
    }
    match runner.state.into_inner().unwrap_or_else(PoisonError::into_inner).failed {
        None => Ok(()),
        Some(Failure::Error(error)) => Err(error),
        Some(Failure::Panic(panic)) => resume_unwind(panic),
    }
}

/// On how many threads the stages run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    One,
    Two,
}

struct Runner<'a> {
    work: StageRun<'a>,
    watch: &'a Watch,
    state: Mutex<Turns<'a>>,
    /// A stage has ended.
    changed: Condvar,
}

struct Turns<'a> {
    /// Stages of the plan that nobody has taken, by place in the table.
    open: Vec<usize>,
    running: Vec<usize>,
    there: Wants,
    /// What has gone wrong first; a panic counts more than an error.
    failed: Option<Failure>,
    tell: &'a mut (dyn FnMut(Wants) + Send),
}

enum Failure {
    Error(Error),
    Panic(Box<dyn Any + Send>),
}

impl Turns<'_> {
    /// The first stage whose needs are there.
    fn take(&mut self) -> Option<usize> {
        let at = self.open.iter().position(|&place| self.there.covers(STAGES[place].needs))?;
        let place = self.open.remove(at);
        self.running.push(place);
        Some(place)
    }

    /// What the stages take that run now. What they have of it already counts twice: better too early than too late.
    fn room(&self, heap: &Heap) -> u64 {
        self.running.iter().map(|&place| STAGES[place].room(heap)).sum()
    }

    fn end(&mut self, place: usize, outcome: std::thread::Result<Result<()>>) {
        self.running.retain(|&running| running != place);
        match outcome {
            Ok(Ok(())) => {
                self.there = self.there.and(STAGES[place].gives);
                (self.tell)(self.there);
            }
            Ok(Err(error)) => {
                self.open.clear();
                self.failed.get_or_insert(Failure::Error(error));
            }
            Err(panic) => self.failed = Some(Failure::Panic(panic)),
        }
    }
}

impl<'a> Runner<'a> {
    fn lock(&self) -> MutexGuard<'_, Turns<'a>> {
        // Every change under the lock is whole before somebody is told, and only that can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs stages, `first` before all others, until none is left that could still come.
    fn take_turns(&self, first: Option<usize>) {
        let mut next = first;
        loop {
            let place = match next.take() {
                Some(place) => place,
                None => match self.wait_for_stage() {
                    Some(place) => place,
                    None => return,
                },
            };
            let stage = &STAGES[place];
            let run = || {
                memory::require(self.lock().room(self.work.heap), &format!("for the stage `{}`", stage.name))?;
                self.watch.stage(stage.name, || (stage.run)(&self.work))
            };
            let outcome = catch_unwind(AssertUnwindSafe(run));
            self.lock().end(place, outcome);
            self.changed.notify_all();
        }
    }

    fn wait_for_stage(&self) -> Option<usize> {
        let mut state = self.lock();
        loop {
            if let Some(place) = state.take() {
                return Some(place);
            }
            // Whatever is open needs what nobody is making any more.
            if state.open.is_empty() || state.running.is_empty() {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
