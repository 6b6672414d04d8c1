//! How commands end: exit status, one line for what is wrong, little memory, full disks, pipes that come and go.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{demo, failure, heapwalk, json, on_demo};
use crate::without_cache;

#[test]
fn what_is_not_there_is_status_1() {
    let (status, text) = failure(&on_demo("object FILE @999999999"));
    assert_eq!((status, text.as_str()), (1, "heapwalk: no object has the id @999999999"));
    let (status, text) = failure(&on_demo("objects FILE --class Nonsense"));
    assert_eq!(status, 1);
    assert!(text.starts_with("heapwalk: no class is named Nonsense;"), "{text}");
}

#[test]
fn files_that_are_no_snapshots_are_status_2_and_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let huge = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["hidden"]],
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["weak"]]},"node_count":1000000000000000,"edge_count":1},
        "nodes":[0,0,1,0,1],"edges":[0,0,5000000000],"strings":[""]}"#;
    let cases = [
        (file("empty", b""), "the file is empty"),
        (file("braces", b"{}"), "not a heap snapshot"),
        (file("picture.png", b"\x89PNG\r\n\x1a\n"), "this is not JSON"),
        (file("cut", &huge.as_bytes()[..huge.len() - 30]), "edges: the file ends inside this section"),
        (file("edge", huge.as_bytes()), "edges: value 5000000000 points past the last node at byte"),
        (folder.path().to_owned(), "is a directory"),
        (folder.path().join("missing"), "No such file or directory"),
        (PathBuf::from("/dev/null"), "the file is empty"),
    ];
    for (path, expected) in cases {
        let (status, text) = failure(&heapwalk(&["summary", path.to_str().unwrap()]));
        assert_eq!(status, 2, "{text}");
        assert!(text.contains(expected) && text.contains(path.to_str().unwrap()), "{text}");
    }
    assert_eq!(heapwalk(&["summary"]).status.code(), Some(2));
    assert_eq!(heapwalk(&["nonsense", "x", "--frobnicate"]).status.code(), Some(2));
}

#[test]
fn a_word_that_is_neither_command_nor_file_is_told_with_what_was_meant() {
    let told = |arguments: &[&str]| failure(&heapwalk(arguments));
    assert_eq!(
        told(&["sumary", "app.heapsnapshot"]),
        (2, "heapwalk: `sumary` is no command, and no file has that name; did you mean `heapwalk summary app.heapsnapshot`?".into())
    );
    assert!(told(&["diff", "a", "b"]).1.contains("did you mean `heapwalk compare a b`?"));
    assert!(told(&["frobnicate"]).1.contains("`heapwalk --help` lists the commands"));
}

/// Runs the program with little memory, in kB of address space.
#[cfg(target_os = "linux")]
fn with_memory(limit: u32, arguments: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_heapwalk");
    let output = without_cache("sh")
        .args(["-c", &format!("ulimit -v {limit}; exec {program} {arguments}")])
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .expect("a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn where_memory_ends_one_line_says_so() {
    let (mut refused, mut enough) = (0, 0);
    for limit in (60_000..600_000).step_by(20_000) {
        let (status, said) = with_memory(limit, "summary demo --limit 1 --threads 2");
        match status {
            Some(0) => {
                assert_eq!(said, "");
                enough += 1;
                // More is enough too.
                if enough == 4 {
                    break;
                }
            }
            _ => {
                refused += 1;
                assert_eq!((status, said.lines().count()), (Some(2), 1), "{limit}: {said}");
                assert!(said.starts_with("heapwalk: memory: there is none left "), "{limit}: {said}");
                assert!(said.contains("opening this file takes about "), "{limit}: {said}");
            }
        }
    }
    assert!(refused > 0 && enough > 0, "{refused} were refused, {enough} were enough");
}

#[cfg(unix)]
#[test]
fn a_full_disk_and_closed_descriptors_are_no_mishap() {
    let program = env!("CARGO_BIN_EXE_heapwalk");
    let run = |words: &str| {
        let output = without_cache("sh").args(["-c", &format!("{program} {words}")]).output().expect("a shell");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/holders/hermes.heapsnapshot.zst");
    for format in ["table", "json", "ndjson", "csv", "markdown"] {
        if cfg!(target_os = "linux") {
            let (status, said) = run(&format!("summary {small} --format {format} >/dev/full"));
            assert_eq!((status, said.as_str()), (Some(2), "heapwalk: standard output: No space left on device\n"));
        }
        assert_eq!(run(&format!("summary {small} --format {format} <&- >&- 2>&-")).0, Some(0));
    }
    assert_eq!(run("summary nowhere/nothing 2>&-").0, Some(2));
    assert_eq!(run("2>&-").0, Some(2), "help finds nobody");
    assert_eq!(run("demo <&- >&- 2>&-").0, Some(2), "no terminal at all");
    if cfg!(target_os = "linux") {
        assert_eq!(run("2>/dev/full").0, Some(2));
        assert_eq!(run("summary nowhere/nothing 2>/dev/full").0, Some(2));
    }
}

#[test]
fn a_snapshot_may_come_through_a_pipe() {
    let packed = std::fs::read(demo()).expect("the demo");
    let mut child = without_cache(env!("CARGO_BIN_EXE_heapwalk"))
        .args(["summary", "-", "--json", "--limit", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("heapwalk runs");
    child.stdin.take().expect("a pipe").write_all(&packed).expect("all is read");
    let output = child.wait_with_output().expect("it ends");
    let through_pipe: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(through_pipe["rows"], json("summary FILE --json --limit 1")["rows"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = without_cache(env!("CARGO_BIN_EXE_heapwalk"))
        .args(["objects", demo().to_str().unwrap(), "--class", "(string)", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("heapwalk runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn the_explorer_needs_a_terminal() {
    let output =
        without_cache(env!("CARGO_BIN_EXE_heapwalk")).arg(demo()).stdin(Stdio::null()).output().expect("heapwalk runs");
    let (status, text) = failure(&output);
    assert_eq!(status, 2);
    assert!(text.contains("terminal"), "{text}");
}
