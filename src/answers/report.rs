//! A hunt → one Markdown file, for a ticket: what was marked and noted, why it is alive, tables, and the commands that
//! print each of these. Whoever has only the file can follow it, and whoever has the snapshot can go on.

use std::fmt::Write;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use super::set;
use super::why;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::grouping::Part;
use crate::analysis::ignored::Ignored;
use crate::analysis::merged;
use crate::analysis::ways::Ways;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::date::timestamp;
use crate::view::label::Role;
use crate::view::row::RowIx;
use crate::view::spec::{Show, Spec};
use crate::view::table::{AnyTable, Level};
use crate::view::tables::classes::Classes;
use crate::view::tables::holders::Holders;
use crate::view::tables::retainers::Retainers;
use crate::view::tree::Row;
use crate::view::{label, text};

/// Steps of a way that are listed; what is farther out says little.
const MOST_STEPS: usize = 16;

/// What a report is made of.
#[derive(Debug)]
pub(crate) struct Report {
    /// The name of the snapshot.
    pub title: String,
    /// What a command line calls it; `-` is standard input.
    pub file: String,
    /// When the file was changed last.
    pub changed: Option<SystemTime>,
    /// The snapshots before it, the oldest first.
    pub earlier: Vec<Earlier>,
    /// When the report is made.
    pub now: SystemTime,
    pub heap: Arc<Heap>,
    /// All classes of the heap, in which notes on classes are found again.
    pub classes: Arc<[Aggregate]>,
    pub ignored: Option<Arc<Ignored>>,
    pub things: Vec<Thing>,
    /// What is ignored, in words.
    pub left_out: Vec<String>,
    pub sheets: Vec<Sheet>,
}

/// A snapshot before the one that a report is about.
#[derive(Debug)]
pub(crate) struct Earlier {
    pub title: String,
    pub changed: Option<SystemTime>,
    /// Whether the other one is compared with it.
    pub is_base: bool,
}

/// Something that was marked or noted.
#[derive(Debug)]
pub(crate) struct Thing {
    /// Its mark; none for what was only noted.
    pub mark: Option<char>,
    /// What it is called.
    pub what: String,
    pub note: Option<String>,
    /// What it is, in words that last ([`key`]).
    pub key: String,
}

/// Some rows of a table.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub heading: String,
    pub rows: Vec<Row>,
    /// How many more there are.
    pub left: u64,
    /// The command that prints them.
    pub command: Option<String>,
}

/// What a row stands for, in words that last from one run to the next: the id of an object, else what it is called.
pub(crate) fn key(table: &dyn AnyTable, row: RowIx) -> String {
    match table.node(row) {
        Some(node) => format!("@{}", table.heap_of(row).id(node)),
        None => {
            let name = name(table, row);
            let words: Vec<&str> = name.split_whitespace().collect();
            format!("{} {}", table.facts().row_word(1), words.join(" "))
        }
    }
}

/// What a row is called, without what another snapshot may change: bars, and what is said of a suspect.
pub(crate) fn name(table: &dyn AnyTable, row: RowIx) -> String {
    let is_suspect = table.facts().row_word(1) == "suspect";
    let mut pieces = table.label(row);
    pieces.retain(|piece| match piece.role {
        Role::Growth | Role::Shrinkage => false,
        Role::Location => !is_suspect,
        _ => true,
    });
    label::plain(&pieces)
}

/// The file.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn markdown(report: &Report, meter: &Meter) -> Result<String> {
    let heap = &report.heap;
    let mut out = format!("# Leak hunt: {}\n\n", plain(&report.title));
    head(&mut out, report);
    command(&mut out, &format!("heapwalk info {}", report.file));
    if !report.things.is_empty() {
        out.push_str("\n## Marks and notes\n");
    }
    let level = Classes::level(heap.clone(), report.classes.clone(), Part::All);
    for thing in &report.things {
        let mark = thing.mark.map_or_else(String::new, |mark| format!("{mark} · "));
        let _ = writeln!(out, "\n### {mark}{}\n", code(&thing.what));
        if let Some(note) = &thing.note {
            let _ = writeln!(out, "> {}\n", plain(note));
        }
        let id = thing.key.strip_prefix('@').and_then(|id| id.parse().ok());
        match id.and_then(|id| heap.find_id(id)) {
            Some(node) => object(&mut out, report, node, meter)?,
            None => {
                let row = level.rows.iter().find(|&&row| key(&*level.table, row) == thing.key);
                let shown = || report.sheets.iter().flat_map(|sheet| &sheet.rows);
                if let Some(&row) = row {
                    out += &set(report, &*level.table, row, meter)?;
                    let name = class_words(&level, row);
                    command(&mut out, &format!("heapwalk holders {} {name} --depth 3", report.file));
                } else if let Some(row) = shown().find(|row| key(&*row.table, row.row) == thing.key) {
                    out += &set(report, &*row.table, row.row, meter)?;
                }
            }
        }
    }
    if !report.left_out.is_empty() {
        out.push_str("\n## Ignored\n\nThe ways above are those that are left without these:\n\n");
        for words in &report.left_out {
            let _ = writeln!(out, "- {}", code(words));
        }
    }
    for sheet in &report.sheets {
        meter.check()?;
        let _ = writeln!(out, "\n## {}\n", plain(&sheet.heading));
        table(&mut out, sheet);
        if let Some(line) = &sheet.command {
            out.push('\n');
            command(&mut out, line);
        }
    }
    let _ = write!(
        out,
        "\n---\n\n`heapwalk {}` opens the snapshot; `@` and an id goes to an object. Ids are those of this file.\n",
        report.file
    );
    Ok(out)
}

/// What was looked at, when, and with what: somebody else may have the ticket.
fn head(out: &mut String, report: &Report) {
    let heap = &report.heap;
    let of = |changed: Option<SystemTime>| changed.map_or_else(String::new, |time| format!(" of {}", timestamp(time)));
    let _ = writeln!(
        out,
        "- {} · file {}{} · {} · heap {}",
        plain(&heap.producer().to_string()),
        text::bytes(heap.columns().file_bytes),
        of(report.changed),
        // As the title of the explorer counts them.
        text::objects(report.classes.iter().map(|class| class.count).sum()),
        heap.total_size().map_or_else(|| "unknown".into(), text::bytes),
    );
    for earlier in &report.earlier {
        let base = if earlier.is_base { ", which it is compared with" } else { "" };
        let _ = writeln!(out, "- before it: {}{}{base}", code(&earlier.title), of(earlier.changed));
    }
    let place = match &*report.file {
        "-" => "the snapshot came from standard input: the commands need `< FILE`",
        "demo" => "the commands know the snapshot, which is that of the demo",
        _ => "the commands call the snapshot as it was called then, and run where it has that name",
    };
    let _ =
        writeln!(out, "- written by heapwalk {} at {}; {place}\n", env!("CARGO_PKG_VERSION"), timestamp(report.now));
}

/// What is known of an object, and why it is alive.
fn object(out: &mut String, report: &Report, node: NodeIx, meter: &Meter) -> Result<()> {
    let heap = &report.heap;
    let size = |size: u64| text::size(size, heap.total_size());
    let retained = heap.retained_size(node).map_or_else(|| "unknown".into(), size);
    let _ = writeln!(
        out,
        "class {} · shallow size {} · retained size {retained}\n",
        code(&text::safe(heap.class_name(node))),
        size(heap.shallow_size(node)),
    );
    if heap.retainers().is_some() {
        let retainers = Retainers::new(heap.clone(), report.ignored.clone());
        let answer = why::answer(&retainers, node, meter)?.printed();
        let said = |field: &str| answer.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
        let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let _ = writeln!(out, "**Why it is alive:** {}\n", prose(&answer.get("text").map(words).unwrap_or_default()));
        let (path, others) = (said("path"), said("others"));
        if !path.is_empty() {
            out.push_str("The way to a root, where each step holds the one before it (*name* in *object*):\n\n");
        }
        for (number, step) in path.iter().take(MOST_STEPS).enumerate() {
            let _ = writeln!(out, "{}. {}", number + 1, code(&words(step)));
        }
        if path.len() > MOST_STEPS {
            let _ = writeln!(out, "\n… {} more steps to the root", path.len() - MOST_STEPS);
        }
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(|other| prose(&words(other))).collect();
            let _ = writeln!(out, "\nOther holders: {}", others.join("; "));
        }
        out.push('\n');
    }
    command(out, &format!("heapwalk why {} @{}", report.file, heap.id(node)));
    Ok(())
}

/// What is known of the objects of a row that stands for many, and who holds all of them.
fn set(report: &Report, table: &dyn AnyTable, row: RowIx, meter: &Meter) -> Result<String> {
    let told: Vec<String> = table
        .details(row)
        .iter()
        .filter(|(_, value)| value.len() < 200)
        .map(|(name, value)| format!("{name} {}", prose(value)))
        .collect();
    let mut said = format!("{}\n\n", told.join(" · "));
    let heap = &report.heap;
    if heap.is_complete() {
        let (_, nodes) = table.objects(row, meter)?;
        heap.holding(meter)?;
        let options = merged::Options { engine: false, without: None };
        let level = Arc::new(merged::HolderLevel::of_set(heap.clone(), nodes, options, meter)?);
        let rows = Holders::of(level.clone());
        let ways = Ways { heap, ignored: None };
        let sentence = set::sentence(ways, &level, &*rows.table, meter)?.to_string();
        let _ = writeln!(said, "**Who holds them:** {}\n", prose(&sentence));
    }
    Ok(said)
}

/// How the command line calls a class: by its name, by its key where several carry that.
fn class_words(level: &Level, row: RowIx) -> String {
    let table = &level.table;
    let name = table.name(row);
    let alike = level.rows.iter().filter(|&&row| table.name(row) == name).count();
    match table.column("key").map(|column| table.cell(row, column)) {
        Some(Cell::Text(key)) if alike > 1 => format!("--key {}", text::shell_word(&text::safe(&key))),
        _ => format!("--class {}", text::shell_word(&name)),
    }
}

fn table(out: &mut String, sheet: &Sheet) {
    let Some(first) = sheet.rows.first() else {
        out.push_str("nothing\n");
        return;
    };
    let specs = first.table.seen();
    let is_text = |spec: &Spec| matches!(spec.show, Show::Label | Show::Words | Show::Word);
    let titles: Vec<String> = specs.iter().map(|spec| first.table.title(spec).into_owned()).collect();
    let _ = writeln!(out, "| {} |", titles.join(" | "));
    let rules: Vec<&str> = specs.iter().map(|spec| if is_text(spec) { "---" } else { "---:" }).collect();
    let _ = writeln!(out, "| {} |", rules.join(" | "));
    for row in &sheet.rows {
        let cells: Vec<String> = specs.iter().map(|spec| cell(row, spec)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if sheet.left > 0 {
        let _ = writeln!(out, "\n… {} more rows", text::count(sheet.left));
    }
}

fn cell(row: &Row, spec: &Spec) -> String {
    if spec.show == Show::Label {
        // Spaces at the beginning of a cell are lost.
        let depth = "· ".repeat(row.depth.min(20));
        return format!("{depth}{}", code(&label::plain(&row.label()))).replace('|', "\\|");
    }
    // Rows below others may be of another table.
    let Some(column) = row.table.column(spec.field) else { return String::new() };
    let cell = row.table.cell(row.row, column);
    let total = row.heap().total_size().unwrap_or(0);
    match (&cell, spec.show) {
        (Cell::Number(size), Show::Size) => format!("{} {}", text::bytes(*size), text::percent(*size, total)),
        (cell, show) => prose(&cell.shown(show, false)).replace('|', "\\|"),
    }
}

fn command(out: &mut String, line: &str) {
    let _ = writeln!(out, "```sh\n{}\n```", text::sanitize(line));
}

/// A name of the snapshot, in which nothing is read as a mark.
fn code(name: &str) -> String {
    let name = text::sanitize(name);
    let ticks = if name.contains('`') { "``" } else { "`" };
    let space = if name.starts_with('`') || name.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{name}{space}{ticks}")
}

/// A sentence with names in it: what Markdown and HTML would take for theirs is shown as it is.
fn prose(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for letter in text::sanitize(words).chars() {
        if "\\`*_<>[]#|".contains(letter) {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

/// A line that somebody has written.
fn plain(words: &str) -> String {
    text::sanitize(words).replace('<', "\\<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::aggregates;
    use crate::notation::Graph;
    use std::time::Duration;

    fn report(graph: &Graph, things: Vec<Thing>) -> String {
        let heap = graph.heap.clone();
        let meter = Meter::default();
        let classes: Arc<[Aggregate]> = aggregates::aggregate(&heap, |_| true, &meter).expect("nobody cancels").into();
        let report = Report {
            title: "a<b".into(),
            file: "'a b'".into(),
            changed: Some(SystemTime::UNIX_EPOCH),
            earlier: vec![Earlier { title: "before".into(), changed: None, is_base: true }],
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(86_400),
            heap,
            classes,
            ignored: None,
            things,
            left_out: vec!["cache in Store".into()],
            sheets: Vec::new(),
        };
        markdown(&report, &meter).expect("nobody cancels")
    }

    fn thing(mark: Option<char>, what: &str, note: &str, key: &str) -> Thing {
        Thing { mark, what: what.into(), note: Some(note.into()), key: key.into() }
    }

    #[test]
    fn a_report_tells_what_was_noted_why_it_lives_and_how_to_see_it() {
        let graph = Graph::new(
            "r -app-> App[10]; App -list-> Array[16]; Array -[0]-> Session#1[80]; Array -[1]-> Session#2[80]",
        );
        let id = graph.heap.id(graph.node("Session#1"));
        let things = vec![
            thing(Some('a'), "Session @7", "is never closed", &format!("@{id}")),
            thing(None, "Session", "two too many", "class Session"),
            thing(None, "gone", "of another file", "@999999"),
        ];
        let text = report(&graph, things);
        assert!(text.starts_with("# Leak hunt: a\\<b\n"), "{text}");
        assert!(text.contains(" of 1970-01-01T00:00:00Z · 4 objects · heap 186 B\n"), "when it was taken: {text}");
        assert!(text.contains("- before it: `before`, which it is compared with\n"), "{text}");
        let written = format!("- written by heapwalk {} at 1970-01-02T00:00:00Z; ", env!("CARGO_PKG_VERSION"));
        assert!(text.contains(&written), "{text}");
        assert!(
            text.contains("### a · `Session @7`\n\n> is never closed\n\nclass `Session` · shallow size 80 B"),
            "{text}"
        );
        assert!(text.contains("**Why it is alive:** App.list (Array) holds it at \\[0\\]"), "{text}");
        assert!(text.contains(&format!("```sh\nheapwalk why 'a b' @{id}\n```")), "{text}");
        assert!(text.contains("**Who holds them:** App.list (Array) holds"), "{text}");
        assert!(text.contains("heapwalk holders 'a b' --"), "{text}");
        assert!(text.contains("> of another file\n"), "what is not there keeps its note: {text}");
        assert!(text.contains("- `cache in Store`"), "{text}");
    }

    #[test]
    fn names_of_the_snapshot_are_no_marks() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(prose("Detached <div> *x* a|b"), "Detached \\<div\\> \\*x\\* a\\|b");
        assert!(!code("a\u{1b}[2J").contains('\u{1b}'));
    }
}
