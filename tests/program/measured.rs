//! What measurements rest on: snapshots of any size, and times that leave nothing out.

#[path = "../bench/generator/mod.rs"]
mod generator;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};

use serde_json::Value;

use crate::terminal::{DEMO, PROGRAM};
use crate::without_cache;
use generator::Counts;

/// Takes what is written, and how much at once at most.
#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    largest: usize,
}

impl Write for Taken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.largest = self.largest.max(bytes.len());
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn generated(bytes: u64) -> (Taken, Counts) {
    let mut taken = Taken::default();
    let counts = generator::write(bytes, &mut taken).expect("memory has room");
    (taken, counts)
}

/// The numbers of an array of the document.
fn numbers(document: &Value, section: &str) -> Vec<u64> {
    let numbers = document[section].as_array().expect("an array").iter();
    numbers.map(|number| number.as_u64().expect("a number")).collect()
}

#[test]
fn a_generated_snapshot_has_the_size_that_was_asked_for_and_is_the_same_each_time() {
    for bytes in [1_000_000, 3_000_000] {
        let (taken, counts) = generated(bytes);
        let share = taken.bytes.len() as f64 / bytes as f64;
        assert!((0.95..1.05).contains(&share), "{share} of {bytes} bytes");
        assert!(taken.largest <= 1 << 17, "it goes out in pieces: {}", taken.largest);
        let (again, same) = generated(bytes);
        assert!(again.bytes == taken.bytes && same == counts);
    }
}

#[test]
fn a_generated_snapshot_is_a_whole_graph_in_the_proportions_of_a_program() {
    let (taken, Counts { nodes, edges }) = generated(1_500_000);
    let document: Value = serde_json::from_slice(&taken.bytes).expect("JSON");
    let counts = &document["snapshot"];
    assert_eq!([&counts["node_count"], &counts["edge_count"]].map(Value::as_u64), [Some(nodes), Some(edges)]);
    let (node_records, edge_records) = (numbers(&document, "nodes"), numbers(&document, "edges"));
    let strings = document["strings"].as_array().expect("an array");
    assert_eq!([node_records.len() as u64, edge_records.len() as u64], [nodes * 6, edges * 3]);
    let a_node = edges as f64 / nodes as f64;
    assert!((3.0..3.4).contains(&a_node), "{a_node} edges a node");
    let share = strings.len() as f64 / nodes as f64;
    assert!((0.15..0.3).contains(&share), "{share} strings a node");

    let mut targets = Vec::new();
    let mut next = edge_records.chunks_exact(3);
    for node in node_records.chunks_exact(6) {
        assert!(node[1] < strings.len() as u64);
        targets.push(next.by_ref().take(node[4] as usize).map(|edge| edge[2] as usize / 6).collect::<Vec<_>>());
    }
    assert!(next.next().is_none(), "each edge is counted by a node");
    // Elements and hidden references have numbers, all others names.
    let is_named = |edge: &[u64]| ![1, 4].contains(&edge[0]);
    assert!(edge_records.chunks_exact(3).all(|edge| !is_named(edge) || edge[1] < strings.len() as u64));
    assert!(edge_records.chunks_exact(3).all(|edge| edge[2] % 6 == 0 && edge[2] < nodes * 6));
    let mut reached = HashSet::from([0]);
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        open.extend(targets[node].iter().filter(|&&target| reached.insert(target)));
    }
    assert_eq!(reached.len() as u64, nodes, "roots reach all of it");
}

#[test]
fn a_generated_snapshot_is_accepted_without_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("orders.heapsnapshot");
    let (taken, Counts { nodes, .. }) = generated(1_000_000);
    fs::write(&path, &taken.bytes).expect("there is room");
    let mut command = without_cache(PROGRAM);
    let output = command.args(["summary", "--json", "--limit", "0"]).arg(&path).output().expect("the program runs");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr)), (Some(0), "".into()));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rows = answer["rows"].as_array().expect("rows");
    let count = |row: &Value| row["count"].as_u64().expect("a number");
    // Tables and elements have given their sizes to their owners, and are counted nowhere.
    let counted: u64 = rows.iter().map(count).sum();
    assert!((nodes * 4 / 5..nodes).contains(&counted), "{counted} of {nodes} nodes are in classes");
    let of = |name: &str| rows.iter().filter(|row| row["name"] == name).map(count).sum::<u64>();
    // One of each is a prototype.
    assert!(of("Order") > 400 && of("Order") == of("Customer"), "{} orders", of("Order"));
    assert!(of("Map") >= 4 && of("{sku, price}") > 1000, "{} maps, {} items", of("Map"), of("{sku, price}"));
    assert!(rows.iter().any(|row| row["retainedSize"].as_u64() > Some(400_000)), "one holds most of it");
}

/// The lines of `--timings`: milliseconds and what took them.
fn times(line: &str) -> Vec<(f64, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = without_cache(PROGRAM);
    command.env("XDG_CACHE_HOME", folder.path()).args(line.split(' ')).arg("--timings");
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let of_line = |line: &str| {
        let (time, rest) = line.split_once(" ms  ")?;
        Some((time.trim().parse().ok()?, rest.split("  ").next()?.to_owned()))
    };
    let times = said.lines().filter(|line| !line.starts_with("heapwalk: "));
    times.map(|line| of_line(line).unwrap_or_else(|| panic!("no time in {line}"))).collect()
}

#[test]
fn times_add_up_to_the_whole_and_nothing_is_in_no_stage() {
    let series = format!("compare {DEMO} {DEMO}");
    for (line, wanted) in [
        (
            format!("summary {DEMO}"),
            &["start", "open", "other sections", "edges", "retained sizes", "answer and output"][..],
        ),
        (format!("info --full {DEMO}"), &["start", "other sections", "nodes", "checks", "answer and output"]),
        (series, &["start", "open", "edges", "answer and output", "end"]),
    ] {
        // On a machine that does much else, whoever waits for its turn does so in no stage.
        let mut left = Vec::new();
        let is_well = (0..10).any(|_| {
            let lines = times(&line);
            let (stages, sums) = lines.split_at(lines.len() - 3);
            let names: Vec<&str> = stages.iter().map(|(_, name)| &**name).collect();
            assert!(wanted.iter().all(|name| names.contains(name)), "{line}: {names:?}");
            let [none, twice, all] = [&sums[0], &sums[1], &sums[2]];
            assert_eq!([&*none.1, &*twice.1, &*all.1], ["in no stage", "less what was side by side", "all"]);
            let sum: f64 = stages.iter().map(|(time, _)| time).sum();
            let rounding = 0.05 * lines.len() as f64 + 0.01;
            assert!((sum + none.0 - twice.0 - all.0).abs() <= rounding, "{line}: {sum} {none:?} {twice:?} {all:?}");
            left.push(none.0);
            none.0 <= 1.0 + all.0 / 100.0
        });
        assert!(is_well, "{line}: milliseconds in no stage: {left:?}");
    }
}
