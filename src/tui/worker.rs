//! Work that is too long for the screen's own thread: one thread a piece of work, the result comes as a message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::message::{Msg, Outcome, Task};
use crate::analysis::ignored::Ignored;
use crate::analysis::{aggregates, paths, reachable, statistics};
use crate::base::fault;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// A piece of work: computes a message. It never panics.
pub type Work = Box<dyn FnOnce() -> Msg + Send>;

/// Work that says what it could not do, also when it panics.
fn guarded(work: impl FnOnce() -> Result<Msg> + Send + 'static, failed: fn(String) -> Msg) -> Work {
    Box::new(move || match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(msg)) => msg,
        Ok(Err(error)) => failed(error.to_string()),
        Err(panic) => failed(fault::mistake(&*panic)),
    })
}

/// The rows of the Summary, with whatever the heap knows by now.
pub fn aggregate(heap: Arc<Heap>) -> Work {
    let work = move || {
        fault::provoke("aggregate");
        aggregates::aggregate(&heap, |_| true, &Meter::default()).map(Msg::Aggregated)
    };
    guarded(work, Msg::NotAggregated)
}

/// The numbers of the Statistics view.
pub fn count(heap: Arc<Heap>) -> Work {
    let work = move || match statistics::compute(&heap) {
        Some(statistics) => Ok(Msg::Counted(statistics)),
        None => Ok(Msg::WorkFailed("statistics need retained sizes".into())),
    };
    guarded(work, Msg::WorkFailed)
}

/// The answer to a question that takes long.
pub fn answer(number: u64, heap: Arc<Heap>, task: Task, meter: Arc<Meter>) -> Work {
    Box::new(move || {
        let solved = catch_unwind(AssertUnwindSafe(|| {
            fault::provoke("worker");
            solve(&heap, task, &meter)
        }));
        let outcome = match solved {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(Error::Cancelled)) => Outcome::Cancelled,
            Ok(Err(error)) => Outcome::Failed(error.to_string()),
            Err(panic) => Outcome::Failed(fault::mistake(&*panic)),
        };
        Msg::Done(number, outcome)
    })
}

fn solve(heap: &Heap, task: Task, meter: &Meter) -> Result<Outcome> {
    Ok(match task {
        Task::Paths { ignored, node, count } => {
            let found = paths::shortest_without(heap, ignored.as_deref(), node, count, meter)?;
            Outcome::Paths { node, wanted: count, found }
        }
        Task::Ignore(nodes) => Outcome::Ignored(Ignored::compute(heap, nodes, meter)?),
        Task::Reach(node) => {
            let (objects, bytes) = reachable::from(heap, node, meter)?;
            Outcome::Reached { node, objects, bytes }
        }
    })
}

/// Runs `work` on a thread of its own and sends what it says.
pub fn spawn(work: Work, results: &Sender<Msg>) {
    let sender = results.clone();
    let run = move || {
        // The explorer may have ended meanwhile.
        let _ = sender.send(work());
    };
    if let Err(problem) = std::thread::Builder::new().name("worker".into()).spawn(run) {
        // The loop empties the channel between frames, and it has room for more messages than there is work at once.
        let _ = results.try_send(Msg::WorkFailed(problem.to_string()));
    }
}
