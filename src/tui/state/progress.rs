//! What the load that is under way said when somebody looked.

use std::time::Duration;

use crate::input::{Facts, Watch};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    /// 0 when nobody knows.
    pub(crate) total: u64,
    pub(crate) elapsed: Duration,
    /// Nodes and edges that have been read.
    pub(crate) nodes: u64,
    pub(crate) edges: u64,
    pub(crate) facts: Facts,
    pub(crate) running: Vec<&'static str>,
    pub(crate) finished: Vec<(&'static str, Duration)>,
}

impl Progress {
    pub(crate) fn of(watch: &Watch) -> Progress {
        Progress {
            done: watch.meter.done(),
            total: watch.meter.total(),
            elapsed: watch.timings.elapsed(),
            nodes: watch.records.nodes(),
            edges: watch.records.edges(),
            facts: watch.facts(),
            running: watch.timings.running(),
            finished: watch.timings.finished(),
        }
    }
}
