//! The stages of opening a snapshot, one by one on one thread: the bundled demo, or the file that `HEAPWALK_BENCH` names,
//! opened `HEAPWALK_BENCH_RUNS` times (10).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

fn main() {
    let file = std::env::var_os("HEAPWALK_BENCH");
    let runs = std::env::var("HEAPWALK_BENCH_RUNS").map_or(10, |runs| runs.parse().expect("a number of runs"));
    let (mut order, mut times): (Vec<&str>, BTreeMap<&str, Vec<Duration>>) = (Vec::new(), BTreeMap::new());
    for _ in 0..runs {
        for (stage, time) in heapwalk::bench::stages(file.as_deref().map(Path::new)) {
            if !times.contains_key(stage) {
                order.push(stage);
            }
            times.entry(stage).or_default().push(time);
        }
    }
    println!("{:>10} {:>10}  of {runs} runs, in milliseconds", "least", "median");
    for stage in order {
        let times = times.get_mut(stage).expect("it has been timed");
        times.sort_unstable();
        let [least, median] = [times[0], times[times.len() / 2]].map(|time| time.as_secs_f64() * 1000.0);
        println!("{least:>10.2} {median:>10.2}  {stage}");
    }
}
