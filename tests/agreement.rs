//! What a view shows on the screen is what its command prints: every row, every cell.
#![cfg(unix)]

mod terminal;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use terminal::{DEMO, PROGRAM, Session};

/// Rows that are compared: fewer than the screen has.
const ROWS: usize = 12;

/// The rows of the table that a command prints, its cells with a space between.
fn printed(arguments: &[&str]) -> Vec<String> {
    let limit = ROWS.to_string();
    let output = Command::new(PROGRAM).args(arguments).args(["--limit", &limit]).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows = text.lines().skip(1).filter(|line| !line.starts_with("… ") || !line.ends_with("for all)"));
    rows.map(cells).collect()
}

/// A row without the marks, bars and spaces that are there for the eye.
fn cells(line: &str) -> String {
    let bars = |letter: char| matches!(letter, '█'..='▏' | '▸' | '▾' | '↻' | '×');
    let text: String = line.chars().map(|letter| if bars(letter) { ' ' } else { letter }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a row and its numbers.
fn parts(row: &str) -> (String, String) {
    let words: Vec<&str> = row.split(' ').collect();
    let is_number = |word: &&&str| {
        matches!(**word, "B" | "kB" | "MB" | "GB" | "%" | "−" | "…")
            || word
                .trim_start_matches(['+', '−'])
                .chars()
                .all(|letter| letter.is_ascii_digit() || ",.".contains(letter))
    };
    let numbers = words.iter().rev().take_while(is_number).count();
    let (name, numbers) = words.split_at(words.len() - numbers);
    (name.join(" "), numbers.join(" "))
}

/// Whether a line of the screen is that row. Names may be cut in the one and in the other where there is no room; ids
/// and numbers never are.
fn is_row(line: &str, row: &str) -> bool {
    let line = cells(line);
    if line == row {
        return true;
    }
    let ((shown, shown_numbers), (name, numbers)) = (parts(&line), parts(row));
    let id = |name: &str| name.split(' ').rev().find(|word| word.starts_with('@')).map(str::to_owned);
    let start = |name: &str| name.split('…').next().unwrap_or_default().trim_end().to_owned();
    let (x, y) = (start(&shown), start(&name));
    let is_cut = shown.contains('…') || name.contains('…');
    is_cut
        && shown_numbers == numbers
        && id(&shown) == id(&name)
        && x.len().min(y.len()) > 2
        && (x.starts_with(&y) || y.starts_with(&x))
}

fn check(session: &mut Session, keys: &str, arguments: &[&str]) {
    let rows = printed(arguments);
    assert!(!rows.is_empty(), "{arguments:?} prints rows");
    session.press(keys);
    let shows_all = |session: &Session| {
        let screen = session.screen();
        let lines: Vec<&str> = screen.lines().collect();
        // One below the other, from the first row of the table on.
        let first = lines.iter().position(|line| is_row(line, &rows[0]));
        first.is_some_and(|first| {
            rows.iter().enumerate().all(|(index, row)| lines.get(first + index).is_some_and(|line| is_row(line, row)))
        })
    };
    session.wait_for(&format!("the rows of {arguments:?}: {rows:#?}"), shows_all);
}

/// Wide enough for all columns, narrow enough for no details beside them.
const SIZE: (u16, u16) = (139, 70);

fn open(files: &[&str]) -> Session {
    let session = Session::start(files, SIZE, &[("NO_COLOR", "1")]);
    session.wait_text("Retained size ▼");
    session
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/oracle").join(name)
}

#[test]
fn every_view_of_one_snapshot_has_the_rows_of_its_command() {
    let mut session = open(&[DEMO]);
    check(&mut session, "1", &["summary", DEMO]);
    check(&mut session, "/ession\r", &["summary", DEMO, "--class", "ession"]);
    check(&mut session, "jl", &["objects", DEMO, "--class", "Session"]);
    check(&mut session, "\x1b3", &["containment", DEMO]);
    check(&mut session, "4", &["dominators", DEMO]);
    check(&mut session, "@210217\rc", &["containment", DEMO, "@210217"]);
    check(&mut session, "@210217\rrH", &["retainers", DEMO, "@210217"]);
    check(&mut session, "7", &["strings", DEMO]);
    check(&mut session, "1fb", &["summary", DEMO, "--scope", "duplicated-strings"]);
    session.press("q");
    session.end();
}

#[test]
fn statistics_are_those_of_the_command() {
    let mut session = open(&[DEMO]);
    session.press("5");
    session.wait_text("Kinds of memory");
    let output = Command::new(PROGRAM).args(["statistics", DEMO]).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows: Vec<String> = text.lines().map(cells).collect();
    assert_eq!(rows.len(), 8, "{text}");
    let shows = |session: &Session| {
        let screen = session.screen();
        // The total has its part of the whole on the screen: all of it.
        rows.iter().all(|row| screen.lines().map(cells).any(|line| line == *row || line == format!("{row} 100 %")))
    };
    session.wait_for(&format!("{rows:#?}"), shows);
}

#[test]
fn a_comparison_has_the_rows_of_its_command() {
    let (base, current) = (fixture("corners-7.heapsnapshot.zst"), fixture("corners-14.heapsnapshot.zst"));
    let files = [base.to_str().expect("a path"), current.to_str().expect("a path")];
    let mut session = open(&files);
    check(&mut session, "2", &["compare", files[0], files[1]]);
}

/// `main` calls `make`, which has allocated three objects, one of which lives; `other` has allocated two that do.
const TIMELINE: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
"node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]],
"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
"trace_node_fields":["id","function_info_index","count","size","children"]},"trace_function_count":4},
"nodes":[1,0,1,0,3,0, 0,1,3,48,0,3, 0,6,5,16,0,4, 0,6,7,16,0,4],"edges":[0,1,6, 0,1,12, 0,1,18],
"trace_function_infos":[0,2,0,0,0,0, 1,3,5,7,1,2, 2,4,5,7,8,9, 3,7,5,7,12,1],
"trace_tree":[1,0,0,0,[2,1,0,0,[3,2,3,144,[]],4,3,2,32,[]]],
"samples":[],"locations":[],"strings":["","Order","(root)","main","make","/srv/app.js","Item","other"]}"#;

#[test]
fn allocations_have_the_rows_of_their_command() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(TIMELINE.as_bytes()).expect("the disk has room");
    let path = file.path().to_str().expect("a path");
    let mut session = open(&[path]);
    check(&mut session, "6", &["allocation", path]);
    check(&mut session, "L", &["allocation", path, "--depth", "2"]);
}
