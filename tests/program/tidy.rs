//! The house rules that a compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

use crate::circles::circles;

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source file below `src` as its path from there and its text.
fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let text = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").display().to_string();
        (name, fs::read_to_string(path).expect("UTF-8"))
    };
    paths.iter().map(text).collect()
}

#[test]
fn modules_use_only_what_lies_below_them() {
    // For each folder, what it must not use.
    let forbidden: &[(&str, &[&str])] = &[
        (
            "base",
            &[
                "cache", "columns", "input", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli",
                "tui",
            ],
        ),
        (
            "cache",
            &["columns", "input", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli", "tui"],
        ),
        (
            "columns",
            &["cache", "input", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli", "tui"],
        ),
        ("input", &["cache", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli", "tui"]),
        ("index", &["cache", "input", "heap", "analysis", "view", "answers", "oracle", "take", "cli", "tui"]),
        ("heap", &["analysis", "view", "answers", "oracle", "take", "cli", "tui"]),
        ("analysis", &["cache", "view", "answers", "oracle", "take", "cli", "tui"]),
        ("view", &["cache", "answers", "oracle", "take", "cli", "tui"]),
        ("answers", &["cache", "oracle", "take", "cli", "tui"]),
        ("oracle", &["cache", "take", "cli", "tui"]),
        (
            "take",
            &["cache", "columns", "input", "index", "heap", "analysis", "view", "answers", "oracle", "cli", "tui"],
        ),
        (
            "config",
            &[
                "cache", "columns", "input", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli",
                "tui",
            ],
        ),
        (
            "remembered",
            &["columns", "input", "index", "heap", "analysis", "view", "answers", "oracle", "take", "cli", "tui"],
        ),
        ("cli", &["tui"]),
        ("tui", &["oracle", "take", "cli"]),
    ];
    let mut wrong = Vec::new();
    for (name, text) in all() {
        let Some((_, modules)) = forbidden.iter().find(|(folder, _)| name.starts_with(&format!("{folder}/"))) else {
            continue;
        };
        // Tests may build a whole heap to look at one part of it.
        if name.contains("tests") {
            continue;
        }
        if text.contains("crate::{") {
            wrong.push(format!("{name} hides what it uses in a list"));
        }
        for module in *modules {
            if text.contains(&format!("crate::{module}::")) || text.contains(&format!("crate::{module};")) {
                wrong.push(format!("{name} uses {module}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    assert_eq!(circles(&all()), Vec::<String>::new(), "what both need belongs into a file below them");
}

#[test]
fn what_the_compiler_cannot_check_stands_in_two_files() {
    let files = all().into_iter().filter(|(_, text)| text.contains("allow(unsafe_code)")).map(|(name, _)| name);
    let mut files: Vec<String> = files.collect();
    files.sort();
    assert_eq!(files, ["base/hints.rs", "cache/map.rs"]);
}

#[test]
fn libraries_stay_where_they_belong() {
    let homes =
        [("ratatui", "tui/"), ("crossterm", "tui/"), ("clap", "cli/"), ("indicatif", "cli/"), ("tungstenite", "take/")];
    let mut wrong = Vec::new();
    for (name, text) in all() {
        for (library, home) in homes {
            if text.contains(&format!("{library}::")) && !name.starts_with(home) {
                wrong.push(format!("{name} uses {library}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
