//! Loading in the background: stages side by side on threads of their own, progress, cancel.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::options::LoadOptions;
use super::run::{Errand, Threads, run};
use super::stages::{Ahead, with_needs};
use super::wants::{Product, Wants};
use super::{Heap, kept};
use crate::base::{fault, memory};
use crate::cache::Entry;
use crate::error::{Error, Result};
use crate::index::dominators::SearchTree;
use crate::input::{self, Watch};

/// What the background job tells.
#[derive(Debug)]
pub(crate) enum Event {
    /// Classes and shallow sizes are there; the rest of this heap fills in later.
    Ready(Arc<Heap>),
    /// One more index of the heap is there.
    Progress,
    /// Everything is there.
    Complete,
    /// The job has ended without a whole heap; after [`Event::Ready`] what is there stays.
    Failed(Error),
}

/// A background job that loads a snapshot. Dropping it cancels the work.
#[derive(Debug)]
pub(crate) struct Loading {
    pub watch: Arc<Watch>,
    pub events: Receiver<Event>,
    thread: Option<JoinHandle<()>>,
}

impl Loading {
    /// Starts to load in a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(options: LoadOptions) -> Result<Loading> {
        let watch = Arc::new(Watch::default());
        // The job tells a handful of things; none of them ever waits for a reader.
        let (sender, events) = bounded(16);
        let job_watch = watch.clone();
        let thread = std::thread::Builder::new()
            .name("load".into())
            .spawn(move || {
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    load(&options, &job_watch, &mut |event| drop(sender.try_send(event)))
                }));
                let (heap, last) = match outcome {
                    Ok(Ok(heap)) => (Some(heap), Event::Complete),
                    Ok(Err(error)) => (None, Event::Failed(error)),
                    Err(panic) => (None, Event::Failed(Error::Mistake(fault::message(&*panic)))),
                };
                finish(sender, last);
                // For the next time; nobody waits for it, and nobody needs to know where it fails.
                drop(heap.map(|heap| heap.keep(&Watch::default())));
            })
            .map_err(|problem| Error::thread(&problem))?;
        Ok(Loading { watch, events, thread: Some(thread) })
    }

    /// Asks the job to stop; what is published stays.
    pub(crate) fn cancel(&self) {
        self.watch.meter.cancel();
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.cancel();
        // A job that waits for standard input cannot be woken; the end of the process ends it.
        drop(self.thread.take());
    }
}

fn finish(sender: Sender<Event>, last: Event) {
    // Nobody listens any more: nobody needs to know.
    let _ = sender.send(last);
}

/// What makes the screen look again: distances, retainers and marks together, then retained sizes.
const PROGRESS: [Wants; 2] = [
    Wants::of(&[Product::Distances, Product::Retainers, Product::Queriable]),
    Wants::of(&[Product::TreePlaces, Product::RetainedSizes]),
];

/// Loads a snapshot and computes what is wanted, on this thread and one more; `tell` hears of every step, on either.
///
/// # Errors
/// Those of reading a file, and `Error::Cancelled` once somebody has asked the work to stop.
pub(crate) fn load(
    options: &LoadOptions,
    watch: &Arc<Watch>,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<Arc<Heap>> {
    load_all(options, watch, tell).map_err(|error| {
        let (facts, records) = (watch.facts(), &watch.records);
        let (nodes, edges) = (records.nodes().max(facts.claimed_nodes), records.edges().max(facts.claimed_edges));
        error.for_whole(memory::forecast(nodes, edges))
    })
}

fn load_all(options: &LoadOptions, watch: &Arc<Watch>, tell: &mut (dyn FnMut(Event) + Send)) -> Result<Arc<Heap>> {
    fault::provoke("load");
    let wants = options.wants;
    let mut steps = Steps::new(wants, tell);
    let (entry, kept) = watch.timings.around("open", || {
        let entry = kept::entry(options);
        let kept = entry.clone().map_or(Ok(None), |entry| kept::open(entry, wants, watch));
        kept.map(|kept| (entry, kept))
    })?;
    let ahead = Arc::new(Ahead::new());
    let heap = Arc::new(match kept {
        Some(heap) => heap,
        None => {
            take_memory_ahead(options, watch, &ahead);
            read(options, entry, watch)?
        }
    });
    steps.reach(&heap, heap.there());
    watch.learn(|facts| facts.producer = heap.producer().to_string());
    run(Errand { heap: &heap, wants, watch, ahead: &ahead }, Threads::Two, &mut |there| steps.reach(&heap, there))?;
    Ok(heap)
}

/// Has memory for the search touched as soon as all nodes and edges are there: strings and names keep one core only.
fn take_memory_ahead(options: &LoadOptions, watch: &Watch, ahead: &Arc<Ahead>) {
    if options.reading.threads == 1 || !with_needs(options.wants).contains(Product::Search) {
        return;
    }
    let ahead = ahead.clone();
    watch.after_records.set(move |nodes, edges| {
        // Only where there is plenty: the stage itself asks for it once more.
        if memory::require(2 * (16 * nodes as u64 + 4 * edges as u64), "").is_ok() {
            let touch = move || SearchTree::ahead(nodes, edges);
            // Without a thread the search touches it itself.
            let _ = std::thread::Builder::new().name("memory".into()).spawn(touch).map(|memory| ahead.put(memory));
        }
    });
}

/// Reads the file: a heap of which nothing is computed.
fn read(options: &LoadOptions, entry: Option<Entry>, watch: &Arc<Watch>) -> Result<Heap> {
    let mut columns = watch.timings.around("other sections", || options.input.read(&options.reading, watch))?;
    watch.stage("names", || {
        input::believe_sizes(&mut columns)?;
        let mut heap = Heap::new(columns, options.roots, options.wants);
        heap.kept.entry = entry;
        Ok(heap)
    })
}

/// The steps of a load that somebody hears of, as they are reached.
struct Steps<'a> {
    first: Wants,
    is_ready: bool,
    rest: Vec<Wants>,
    tell: &'a mut (dyn FnMut(Event) + Send),
}

impl<'a> Steps<'a> {
    fn new(wants: Wants, tell: &'a mut (dyn FnMut(Event) + Send)) -> Self {
        let mut rest = PROGRESS.map(|step| step.common(wants)).to_vec();
        rest.retain(|step| !step.is_empty());
        Steps { first: Wants::SUMMARY.common(wants), is_ready: false, rest, tell }
    }

    fn reach(&mut self, heap: &Arc<Heap>, there: Wants) {
        if !self.is_ready && there.covers(self.first) {
            self.is_ready = true;
            // Whoever hears this sees all that is there.
            self.rest.retain(|&step| !there.covers(step));
            (self.tell)(Event::Ready(heap.clone()));
        }
        while let Some(reached) = self.rest.iter().position(|&step| self.is_ready && there.covers(step)) {
            self.rest.remove(reached);
            (self.tell)(Event::Progress);
        }
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
