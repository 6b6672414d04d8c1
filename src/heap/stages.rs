//! The stages of loading in a fixed order, for those who show progress.

use std::time::Duration;

/// A stage, and what it usually takes of the time after reading, in parts of the sum of all.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    /// As in [`crate::base::meter::Meter::stage`].
    pub name: &'static str,
    weight: u32,
}

const fn stage(name: &'static str, weight: u32) -> Stage {
    Stage { name, weight }
}

/// What has to be done before the Summary opens. Reading itself is measured by bytes.
pub const FOR_SUMMARY: [Stage; 8] = [
    stage("nodes", 0),
    stage("edges", 0),
    stage("strings", 0),
    stage("names", 10),
    stage("DOM state", 0),
    stage("shallow sizes", 5),
    stage("classes", 12),
    stage("scripts", 0),
];

/// What is done beside and after it. The weights are those of snapshots of Node 20, 22 and 24, Chromium and Hermes, from
/// 40,000 to 4.2 million nodes; the search took from a quarter to a half of the whole.
pub const FOR_THE_REST: [Stage; 8] = [
    stage("depth-first search", 33),
    stage("predecessors", 5),
    stage("dominators", 8),
    stage("dominator tree", 6),
    stage("distances", 9),
    stage("retainers", 9),
    stage("reachable", 2),
    stage("retained sizes", 4),
];

/// How much of the work after reading is done, from 0 to 1. Grows only when a stage ends: how far a stage is inside,
/// nobody counts.
pub fn share(finished: &[(&'static str, Duration)]) -> f64 {
    let is_finished = |stage: &&Stage| finished.iter().any(|(name, _)| *name == stage.name);
    let all = || FOR_SUMMARY.iter().chain(&FOR_THE_REST);
    let sum = |total: u32, stage: &Stage| total + stage.weight;
    let done = all().filter(is_finished).fold(0, sum);
    f64::from(done) / f64::from(all().fold(0, sum))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::heap::{self, Input, LoadOptions};
    use crate::input::Watch;

    static DEMO: &[u8] = include_bytes!("../../assets/demo.heapsnapshot.zst");

    #[test]
    fn the_stages_of_a_load_are_those_that_are_shown() {
        let watch = Arc::new(Watch::default());
        let options = LoadOptions::new(Input::Bundled(DEMO), Default::default());
        heap::load(&options, &watch, &mut |_| {}).expect("the demo can be read");
        let mut run: Vec<&str> = watch.timings.finished().iter().map(|(name, _)| *name).collect();
        let mut shown: Vec<&str> = FOR_SUMMARY.iter().chain(&FOR_THE_REST).map(|stage| stage.name).collect();
        run.sort_unstable();
        shown.sort_unstable();
        assert_eq!(run, shown);
        assert_eq!(share(&watch.timings.finished()), 1.0);
        assert_eq!(share(&[]), 0.0);
        // What the header claims of the demo, and what there is.
        let facts = watch.facts();
        assert_eq!(facts.producer, "Node 22 (V8 12)");
        assert_eq!([watch.records.nodes(), watch.records.edges()], [facts.claimed_nodes, facts.claimed_edges]);
        assert_eq!(watch.records.nodes(), 154_131);
    }
}
