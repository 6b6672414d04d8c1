//! Threads that do what takes long: they live as long as the explorer, and there are as many as there are jobs at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::message::{Msg, Outcome, Task};
use crate::base::meter::Meter;
use crate::base::{fault, memory};
use crate::error::Error;

/// A job on its way to a thread.
struct Assignment {
    number: u64,
    task: Task,
    meter: Arc<Meter>,
}

/// The threads, and the way to them.
pub(crate) struct Workers {
    orders: Sender<Assignment>,
    /// Where new threads find their orders.
    waiting: Receiver<Assignment>,
    results: Sender<Msg>,
    /// Threads that have nothing to do.
    idle: Arc<AtomicUsize>,
}

impl Workers {
    /// Answers go to `results`; workers wait while it is full.
    pub(crate) fn new(results: Sender<Msg>) -> Workers {
        // The loop must never wait; it holds at most one order for each slot of the state.
        let (orders, waiting) = unbounded();
        Workers { orders, waiting, results, idle: Arc::default() }
    }

    /// Gives a task to a thread: one that has nothing to do, or a new one.
    pub(crate) fn start(&self, number: u64, task: Task, meter: Arc<Meter>) {
        let was_idle = self.idle.fetch_update(SeqCst, SeqCst, |idle| idle.checked_sub(1)).is_ok();
        if !was_idle && let Err(problem) = self.hire() {
            let failed = Msg::Done(number, Outcome::Failed(Error::thread(&problem)));
            // Where the channel is full there is work enough that would tell.
            let _ = self.results.try_send(failed);
            return;
        }
        // The threads live as long as this end of the channel.
        let _ = self.orders.send(Assignment { number, task, meter });
    }

    fn hire(&self) -> std::io::Result<()> {
        let (waiting, results, idle) = (self.waiting.clone(), self.results.clone(), self.idle.clone());
        let run = move || {
            for Assignment { number, task, meter } in waiting {
                // The explorer may have ended meanwhile.
                answer(number, task, &meter, &|msg| drop(results.send(msg)));
                idle.fetch_add(1, SeqCst);
            }
        };
        std::thread::Builder::new().name("worker".into()).spawn(run).map(drop)
    }
}

/// Does a task and tells what comes of it; it never panics.
pub(crate) fn answer(number: u64, task: Task, meter: &Meter, tell: &dyn Fn(Msg)) {
    let early = |outcome| tell(Msg::Done(number, outcome));
    let run = || {
        memory::require(0, "to do this")?;
        task.run(meter, &early)
    };
    let done = catch_unwind(AssertUnwindSafe(run));
    let outcome = match done {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::Failed(error),
        Err(panic) => Outcome::Failed(Error::Mistake(fault::message(&*panic))),
    };
    tell(Msg::Done(number, outcome));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_has_nothing_to_do_gets_the_next_job() {
        let (results, answers) = crossbeam_channel::bounded(16);
        let workers = Workers::new(results);
        let names = |number| {
            let (name, told) = crossbeam_channel::bounded(1);
            let task = Task::new(move |_| {
                name.send(std::thread::current().id()).expect("somebody listens");
                Err(Error::Cancelled)
            });
            workers.start(number, task, Arc::default());
            let answer = answers.recv().expect("it answers");
            assert!(matches!(answer, Msg::Done(done, Outcome::Failed(Error::Cancelled)) if done == number));
            // It is counted as idle right behind its answer.
            while workers.idle.load(SeqCst) == 0 {
                std::thread::yield_now();
            }
            told.recv().expect("it has told its name")
        };
        assert_eq!(names(1), names(2));
    }

    #[test]
    fn a_mistake_of_a_task_is_told_and_the_thread_goes_on() {
        let told = std::cell::RefCell::new(Vec::new());
        let task = Task::new(|_| panic!("on purpose"));
        answer(7, task, &Meter::default(), &|msg| told.borrow_mut().push(msg));
        let told = told.into_inner();
        assert!(matches!(&told[..], [Msg::Done(7, Outcome::Failed(Error::Mistake(text)))] if text == "on purpose"));
    }
}
