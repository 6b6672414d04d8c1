//! A query and a heap → the nodes for which it holds, part by part.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;

use super::Query;
use super::notes::{self, Note};
use super::prepare::Preparation;
use super::test::{Test, ValueTest};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The nodes for which it holds, ascending.
    pub nodes: Vec<NodeIx>,
    /// Whether all have been asked; not when somebody has stopped it.
    pub complete: bool,
    /// What the file does not know of what was asked.
    pub notes: Vec<Note>,
}

/// Nodes that one thread asks before it looks whether to go on.
const PART: usize = if cfg!(test) { 1 << 11 } else { 1 << 14 };
/// Parts that are asked before anybody hears of it: few at first, so that the first results are there at once.
const FIRST_STEP: usize = 4;
const LARGEST_STEP: usize = 64;

impl Query {
    /// The nodes of a heap for which the query holds. `on_part` is told what is new, in the order of the file, as it is
    /// found. Who stops the meter gets what has been found until then.
    ///
    /// The meter counts strings and nodes.
    ///
    /// # Errors
    /// `Error::Unknown` where the query names an object that there is not, or asks what has not been computed.
    pub(crate) fn nodes(&self, heap: &Heap, meter: &Meter, on_part: &mut dyn FnMut(&[NodeIx])) -> Result<Found> {
        if !self.can_be_asked(heap) {
            return Err(Error::Unknown("what the query asks for has not been computed".into()));
        }
        let strings = heap.columns().strings.len() as u64;
        meter.set_total(self.walks_over_strings() * strings + heap.node_count() as u64);
        let mut found = Found::default();
        match self.ask(&Preparation { heap, meter }, &mut found, on_part) {
            Ok(notes) => {
                found.notes = notes;
                found.complete = true;
                Ok(found)
            }
            Err(Error::Cancelled) => Ok(found),
            Err(error) => Err(error),
        }
    }

    /// Collects what is found; gives the notes.
    fn ask(
        &self,
        preparation: &Preparation<'_>,
        found: &mut Found,
        on_part: &mut dyn FnMut(&[NodeIx]),
    ) -> Result<Vec<Note>> {
        let test = preparation.expr(&self.expr)?;
        let Preparation { heap, meter } = *preparation;
        let counts_sizeless = self.counts_sizeless();
        let holds = |&node: &NodeIx| (counts_sizeless || heap.shallow_size(node) > 0) && test.holds(heap, node);
        let parts = heap.node_count().div_ceil(PART);
        let (mut done, mut step) = (0, FIRST_STEP);
        while done < parts {
            let next = parts.min(done + step);
            let asked: Vec<(Vec<NodeIx>, ControlFlow<()>)> =
                (done..next).into_par_iter().map(|part| ask_part(heap, part, &holds, meter)).collect();
            let before = found.nodes.len();
            let is_stopped = asked.iter().any(|(_, flow)| flow.is_break());
            asked.into_iter().for_each(|(nodes, _)| found.nodes.extend(nodes));
            if found.nodes.len() > before {
                on_part(&found.nodes[before..]);
            }
            if is_stopped {
                return Err(Error::Cancelled);
            }
            done = next;
            step = (step * 2).min(LARGEST_STEP);
        }
        notes::of(heap, &self.expr, unfinished(&test), meter)
    }
}

/// The nodes of a part for which the query holds, as far as they have been asked.
fn ask_part(
    heap: &Heap,
    part: usize,
    holds: &(impl Fn(&NodeIx) -> bool + Sync),
    meter: &Meter,
) -> (Vec<NodeIx>, ControlFlow<()>) {
    let (first, last) = (part * PART, heap.node_count().min((part + 1) * PART));
    let mut found = Vec::new();
    for index in first..last {
        // Joining a long text costs as much as a thousand steps of other loops.
        if meter.check_at(index << 8).is_err() {
            return (found, ControlFlow::Break(()));
        }
        let node = NodeIx::new(index);
        if holds(&node) {
            found.push(node);
        }
    }
    meter.add_done((last - first) as u64);
    (found, ControlFlow::Continue(()))
}

/// Concatenated strings that were not searched to their end.
fn unfinished(test: &Test) -> u64 {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().map(unfinished).max().unwrap_or(0),
        Test::Not(test) => unfinished(test),
        Test::Text(texts) | Test::Anywhere { texts, .. } => texts.unfinished.load(Relaxed),
        Test::Property { value: ValueTest::Text(texts), .. } => texts.unfinished.load(Relaxed),
        _ => 0,
    }
}
