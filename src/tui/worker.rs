//! Work that is too long for the screen's own thread: one thread a piece of work, the result comes as a message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::message::{Msg, Outcome, Task};
use crate::analysis::ignored::Ignored;
use crate::analysis::{aggregates, paths, reachable, statistics};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// A piece of work: computes a message.
pub type Work = Box<dyn FnOnce() -> Msg + Send>;

/// The rows of the Summary, with whatever the heap knows by now.
pub fn aggregate(heap: Arc<Heap>) -> Work {
    Box::new(move || match aggregates::aggregate(&heap, |_| true, &Meter::default()) {
        Ok(rows) => Msg::Aggregated(rows),
        Err(error) => Msg::WorkFailed(error.to_string()),
    })
}

/// The numbers of the Statistics view.
pub fn count(heap: Arc<Heap>) -> Work {
    Box::new(move || match statistics::compute(&heap) {
        Some(statistics) => Msg::Counted(statistics),
        None => Msg::WorkFailed("statistics need retained sizes".into()),
    })
}

/// The answer to a question that takes long.
pub fn answer(number: u64, heap: Arc<Heap>, task: Task, meter: Arc<Meter>) -> Work {
    Box::new(move || {
        let outcome = match solve(&heap, task, &meter) {
            Ok(outcome) => outcome,
            Err(Error::Cancelled) => Outcome::Cancelled,
            Err(error) => Outcome::Failed(error.to_string()),
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
        let message = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Msg::WorkFailed("a mistake in heapwalk; please report it".into()));
        // The explorer may have ended meanwhile.
        let _ = sender.send(message);
    };
    if let Err(problem) = std::thread::Builder::new().name("worker".into()).spawn(run) {
        // The loop empties the channel between frames, and it has room for more messages than there is work at once.
        let _ = results.try_send(Msg::WorkFailed(problem.to_string()));
    }
}
