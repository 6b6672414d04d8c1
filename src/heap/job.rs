//! Loading in the background: stages side by side on threads of their own, progress, cancel.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{Ground, Heap};
use crate::base::fault;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::index::RootMode;
use crate::input::{self, Options, Watch};

/// What to load, and how.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    pub input: Input,
    pub reading: Options,
    pub roots: RootMode,
    /// Whether somebody will ask for retainers: 4 bytes an edge and a tenth of the time.
    pub retainers: bool,
}

impl LoadOptions {
    /// With all roots that the file has, and all indexes.
    pub fn new(input: Input, reading: Options) -> Self {
        LoadOptions { input, reading, roots: RootMode::All, retainers: true }
    }
}

/// Where a snapshot comes from.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file; `-` is standard input.
    Path(PathBuf),
    /// Bytes in the program itself.
    Bundled(&'static [u8]),
}

impl Input {
    /// Reads all of it.
    pub fn read(&self, options: &input::Options, watch: &Arc<Watch>) -> Result<Columns> {
        match self {
            Input::Path(path) => input::read_path(path, options, watch),
            Input::Bundled(bytes) => input::read_bytes(bytes, options, watch),
        }
    }
}

/// What the background job tells.
#[derive(Debug)]
pub enum Event {
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
pub struct Loading {
    pub watch: Arc<Watch>,
    pub events: Receiver<Event>,
    thread: Option<JoinHandle<()>>,
}

impl Loading {
    /// Starts to load in a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(options: LoadOptions) -> Result<Loading> {
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
                let last = match outcome {
                    Ok(Ok(_)) => Event::Complete,
                    Ok(Err(error)) => Event::Failed(error),
                    Err(panic) => Event::Failed(Error::Mistake(fault::message(&*panic))),
                };
                finish(&sender, last);
            })
            .map_err(|problem| Error::system("threads", &problem))?;
        Ok(Loading { watch, events, thread: Some(thread) })
    }

    /// Asks the job to stop; what is published stays.
    pub fn cancel(&self) {
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

fn finish(sender: &Sender<Event>, last: Event) {
    // Nobody listens any more: nobody needs to know.
    let _ = sender.send(last);
}

/// Loads a snapshot and computes everything, on this thread and one more; `tell` hears of every step.
pub fn load(options: &LoadOptions, watch: &Arc<Watch>, tell: &mut dyn FnMut(Event)) -> Result<Arc<Heap>> {
    fault::provoke("load");
    let columns = options.input.read(&options.reading, watch)?;
    let ground = watch.stage("names", || Ok(Ground::new(columns, options.roots)))?;
    watch.learn(|facts| facts.producer = ground.producer.to_string());
    std::thread::scope(|scope| {
        // The dominators take as long as all the rest together.
        let from_dominators = std::thread::Builder::new()
            .name("dominators".into())
            .spawn_scoped(scope, || {
                fault::provoke("dominators");
                ground.dominators(watch)
            })
            .map_err(|problem| Error::system("threads", &problem))?;
        let rest = ground.first_stage(watch).and_then(|heap| {
            let heap = Arc::new(heap);
            tell(Event::Ready(heap.clone()));
            heap.second_stage(options.retainers, watch)?;
            tell(Event::Progress);
            Ok(heap)
        });
        let computed = match from_dominators.join() {
            Ok(computed) => computed,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        let heap = rest?;
        heap.publish_dominators(computed?, watch)?;
        tell(Event::Progress);
        Ok(heap)
    })
}
