//! What a load has done so far, for whoever waits for it: the wish to stop, bytes, records, facts, stages. Each is a
//! thing of its own; a load has one of each.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock};

use crate::base::meter::Meter;
use crate::base::timings::Timings;
use crate::error::Result;

/// All that can be seen of one load from outside.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Counts bytes of the input as they come, compressed if they are.
    pub meter: Meter,
    pub timings: Timings,
    pub records: Records,
    /// What else is begun once all nodes and edges are there, before the strings are.
    pub(crate) after_records: AfterRecords,
    facts: Mutex<Facts>,
}

/// What is called with the numbers of nodes and edges.
#[derive(Default)]
pub(crate) struct AfterRecords(OnceLock<Box<dyn Fn(usize, usize) + Send + Sync>>);

impl AfterRecords {
    /// The first wish stays.
    pub(crate) fn set(&self, work: impl Fn(usize, usize) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(work));
    }

    pub(super) fn run(&self, nodes: usize, edges: usize) {
        if let Some(work) = self.0.get() {
            work(nodes, edges);
        }
    }
}

impl fmt::Debug for AfterRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "AfterRecords(some)" } else { "AfterRecords(none)" })
    }
}

/// Nodes and edges that have been read.
#[derive(Debug, Default)]
pub(crate) struct Records {
    nodes: AtomicU64,
    edges: AtomicU64,
}

/// What is known of a snapshot before all of it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The program that wrote it: a guess by its header first, better once its strings are there. Empty: not known yet.
    pub producer: String,
    /// What the header claims; 0 is no claim.
    pub claimed_nodes: u64,
    pub claimed_edges: u64,
}

impl Watch {
    /// One of a load that is a part of other work and stops with it.
    pub(crate) fn within(meter: &Meter) -> Watch {
        Watch { meter: meter.within(), ..Watch::default() }
    }

    /// Writes down what has become known.
    pub(crate) fn learn(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.facts.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    }

    pub(crate) fn facts(&self) -> Facts {
        self.facts.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Runs `work` as the stage `name`, unless somebody has asked the load to stop.
    pub(crate) fn stage<T>(&self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.meter.check()?;
        self.timings.stage(name, work)
    }
}

impl Records {
    pub(crate) fn set_nodes(&self, count: usize) {
        self.nodes.store(count as u64, Relaxed);
    }

    pub(crate) fn nodes(&self) -> u64 {
        self.nodes.load(Relaxed)
    }

    pub(crate) fn set_edges(&self, count: usize) {
        self.edges.store(count as u64, Relaxed);
    }

    pub(crate) fn edges(&self) -> u64 {
        self.edges.load(Relaxed)
    }
}
