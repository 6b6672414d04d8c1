//! The stages of opening a snapshot, one by one on one thread (reading on all): the bundled demo, or the file that
//! `HEAPWALK_BENCH` names, opened `HEAPWALK_BENCH_RUNS` times (10).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use heapwalk::bench::{Opened, stages};

fn main() {
    let file = std::env::var_os("HEAPWALK_BENCH");
    let runs = std::env::var("HEAPWALK_BENCH_RUNS").map_or(10, |runs| runs.parse().expect("a number of runs"));
    let open = || stages(file.as_deref().map(Path::new));
    // The peak grows from stage to stage, so only the first run tells where.
    let first = open();
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut add =
        |run: &Opened| run.stages.iter().for_each(|&(stage, time, _)| times.entry(stage).or_default().push(time));
    add(&first);
    (1..runs).for_each(|_| add(&open()));
    println!("{:>8} {:>8} {:>10} {:>12}  of {runs} runs", "least ms", "median", "file MB/s", "peak MB");
    for (stage, _, peak) in &first.stages {
        let times = times.get_mut(stage).expect("it has been timed");
        times.sort_unstable();
        let [least, median] = [times[0], times[times.len() / 2]].map(|time| time.as_secs_f64());
        let rate = first.bytes as f64 / 1e6 / median.max(1e-6);
        let peak = peak.map_or_else(String::new, |peak| format!("{:.0}", peak as f64 / 1e6));
        println!("{:>8.2} {:>8.2} {rate:>10.0} {peak:>12}  {stage}", least * 1000.0, median * 1000.0);
    }
}
