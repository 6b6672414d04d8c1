//! One model of rows, five ways to print them.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::args::{Format, Output};
use super::out::with_stdout;
use super::rows::Printed;
use crate::error::Result;
use crate::view::cell::{Cell, Record};
use crate::view::label;
use crate::view::spec::{Show, Spec};
use crate::view::text;

/// What a command prints.
pub(super) struct Printout<'a> {
    pub command: &'static str,
    pub file: &'a Path,
    pub body: Body,
}

pub(super) enum Body {
    Rows(Rows),
    /// One thing.
    Result(Record),
}

pub(super) struct Rows {
    /// The columns of the table that people read, the first of them first.
    pub columns: Vec<Spec>,
    /// Those below a row follow it.
    pub rows: Vec<Printed>,
    /// How many outermost rows there are in all.
    pub all: usize,
    /// What percentages refer to.
    pub total: u64,
}

/// Prints the report as the arguments say.
pub(super) fn print(report: &Printout<'_>, output: &Output) -> Result<()> {
    with_stdout(|out| match (output.format(), &report.body) {
        (Format::Json, body) => print_json(report, body, out),
        (Format::Ndjson, Body::Rows(rows)) => print_ndjson(rows, out),
        (Format::Csv, Body::Rows(rows)) => print_csv(&flat(rows).collect::<Vec<_>>(), out),
        (Format::Table, Body::Rows(rows)) => print_table(rows, out, Style::Plain),
        (Format::Markdown, Body::Rows(rows)) => print_table(rows, out, Style::Markdown),
        (Format::Ndjson, Body::Result(result)) => print_line(result, out),
        (Format::Csv, Body::Result(result)) => print_csv(std::slice::from_ref(result), out),
        (Format::Table, Body::Result(result)) => print_result(result, out, Style::Plain),
        (Format::Markdown, Body::Result(result)) => print_result(result, out, Style::Markdown),
    })
}

// ---- JSON ----

fn print_json(report: &Printout<'_>, body: &Body, out: &mut dyn Write) -> io::Result<()> {
    let mut head = Record::new();
    head.insert("schema".into(), 1.into());
    head.insert("command".into(), report.command.into());
    head.insert("file".into(), report.file.display().to_string().into());
    match body {
        Body::Result(result) => {
            head.insert("result".into(), result.clone().into());
            serde_json::to_writer_pretty(&mut *out, &head)?;
        }
        Body::Rows(rows) => {
            write!(out, "{},\n  \"rows\": ", unclosed(&head, 0))?;
            print_nested(&rows.rows, out)?;
            write!(out, "\n}}")?;
        }
    }
    writeln!(out)
}

/// A record in lines indented by so many spaces, without its last brace.
fn unclosed(record: &Record, indent: usize) -> String {
    let text = serde_json::to_string_pretty(record).unwrap_or_default();
    let text = text.strip_suffix("\n}").unwrap_or("{");
    text.replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// Rows as a list of records, those below a row under `children`. However deep, nothing here calls itself.
fn print_nested(rows: &[Printed], out: &mut dyn Write) -> io::Result<()> {
    /// The indentation of a record of a depth.
    fn indent(depth: usize) -> usize {
        4 + 4 * depth
    }
    // For each open list whether it has a row already.
    let mut open = vec![false];
    write!(out, "[")?;
    for row in rows {
        close(&mut open, row.depth + 1, out)?;
        let has_rows = open.last_mut().expect("the list of the row is open");
        let spaces = indent(row.depth);
        let comma = if std::mem::replace(has_rows, true) { "," } else { "" };
        write!(out, "{comma}\n{}{}", " ".repeat(spaces), unclosed(&row.record(), spaces))?;
        if row.open {
            write!(out, ",\n{}\"children\": [", " ".repeat(spaces + 2))?;
            open.push(false);
        } else {
            write!(out, "\n{}}}", " ".repeat(spaces))?;
        }
    }
    close(&mut open, 1, out)?;
    let end = if open == [true] { "\n  ]" } else { "]" };
    return write!(out, "{end}");

    /// Ends the lists of children, and the records that have them, until so many lists are open.
    fn close(open: &mut Vec<bool>, lists: usize, out: &mut dyn Write) -> io::Result<()> {
        while open.len() > lists {
            let has_rows = open.pop() == Some(true);
            let spaces = indent(open.len() - 1);
            if has_rows {
                write!(out, "\n{}", " ".repeat(spaces + 2))?;
            }
            write!(out, "]\n{}}}", " ".repeat(spaces))?;
        }
        Ok(())
    }
}

/// The rows one by one, each with its depth where there is a tree.
fn flat(rows: &Rows) -> impl Iterator<Item = Record> + '_ {
    let is_tree = rows.rows.iter().any(|row| row.open);
    rows.rows.iter().map(move |row| {
        let mut record = row.record();
        if is_tree {
            record.insert("depth".into(), row.depth.into());
        }
        record
    })
}

fn print_ndjson(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    flat(rows).try_for_each(|record| print_line(&record, out))
}

fn print_line(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    writeln!(out)
}

// ---- CSV ----

fn print_csv(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    let mut fields: Vec<&str> = Vec::new();
    for field in records.iter().flat_map(|record| record.keys()) {
        if !fields.contains(&field.as_str()) {
            fields.push(field);
        }
    }
    writeln!(out, "{}", fields.join(","))?;
    for record in records {
        let cells: Vec<String> = fields.iter().map(|field| csv_cell(record.get(*field))).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

fn csv_cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

// ---- tables ----

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Markdown,
}

fn is_text(spec: &Spec) -> bool {
    spec.show == Show::Label
}

fn print_table(rows: &Rows, out: &mut dyn Write, style: Style) -> io::Result<()> {
    let columns = &rows.columns;
    let mut cells: Vec<Vec<String>> = vec![columns.iter().map(|column| column.title.to_owned()).collect()];
    for row in &rows.rows {
        cells.push(columns.iter().map(|column| cell(rows, row, column)).collect());
    }
    let widths: Vec<usize> =
        (0..columns.len()).map(|at| cells.iter().map(|row| row[at].width()).max().unwrap_or(0)).collect();
    for (number, row) in cells.iter().enumerate() {
        print_row(row, columns, &widths, style, out)?;
        if number == 0 && style == Style::Markdown {
            let rule = |column: &Spec| if is_text(column) { " --- |" } else { " ---: |" };
            writeln!(out, "|{}", columns.iter().map(rule).collect::<String>())?;
        }
    }
    let shown = rows.rows.iter().filter(|row| row.depth == 0).count();
    if shown < rows.all {
        writeln!(out, "… {} more rows (--limit 0 for all)", text::count((rows.all - shown) as u64))?;
    }
    Ok(())
}

fn print_row(row: &[String], columns: &[Spec], widths: &[usize], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    for ((cell, column), &width) in row.iter().zip(columns).zip(widths) {
        let cell = if style == Style::Markdown { cell.replace('|', "\\|") } else { cell.clone() };
        let pad = " ".repeat(width.saturating_sub(cell.width()));
        let padded = if is_text(column) { format!("{cell}{pad}") } else { format!("{pad}{cell}") };
        match style {
            Style::Plain => line += &format!("{padded}  "),
            Style::Markdown => line += &format!("| {padded} "),
        }
    }
    match style {
        Style::Plain => writeln!(out, "{}", line.trim_end()),
        Style::Markdown => writeln!(out, "{line}|"),
    }
}

/// Names longer than this are cut in tables; JSON and CSV have them whole.
const LONGEST_TEXT: usize = 80;

fn cell(rows: &Rows, row: &Printed, column: &Spec) -> String {
    if column.show == Show::Label {
        let label = label::plain(&row.table.label(row.row));
        return format!("{}{}", "  ".repeat(row.depth), cut_name(&label, LONGEST_TEXT));
    }
    let cell = row.cell(column.field);
    match (&cell, column.show) {
        // Unlike on the screen, there is no `•`: the row is one.
        (Cell::Counted, _) => "1".into(),
        (Cell::Number(size), Show::Size) => format!("{} {:>5}", text::bytes(*size), text::percent(*size, rows.total)),
        (cell, show) => cell.shown(show, false),
    }
}

/// The first characters with an ellipsis for the rest, `longest` in all. An id, and what stands behind it, is kept.
fn cut_name(text: &str, longest: usize) -> String {
    let count = text.chars().count();
    if count <= longest {
        return text.to_owned();
    }
    let is_id = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_digit());
    let end = text.rmatch_indices(" @").find(|(at, _)| is_id(&text[at + 2..])).map_or("", |(at, _)| &text[at..]);
    let end = if end.chars().count() < longest / 2 { end } else { "" };
    let start: String = text.chars().take(longest - 1 - end.chars().count()).collect();
    format!("{start}…{end}")
}

// ---- one thing ----

/// `name  value`, a line each; lists and objects under their name.
fn print_result(result: &Record, out: &mut dyn Write, style: Style) -> io::Result<()> {
    let width = result.keys().map(|key| key.width()).max().unwrap_or(0);
    if style == Style::Markdown {
        writeln!(out, "| field | value |\n| --- | --- |")?;
    }
    for (key, value) in result {
        let lines: Vec<String> = match value {
            Value::Array(items) => items.iter().map(one_line).collect(),
            Value::Null => vec!["unknown".into()],
            other => vec![one_line(other)],
        };
        for (number, line) in lines.iter().enumerate() {
            let name = if number == 0 { key.as_str() } else { "" };
            match style {
                Style::Plain => writeln!(out, "{name:width$}  {}", text::sanitize(line))?,
                Style::Markdown => writeln!(out, "| {name} | {} |", text::sanitize(line).replace('|', "\\|"))?,
            }
        }
        if lines.is_empty() && style == Style::Plain {
            writeln!(out, "{key:width$}  none")?;
        }
    }
    Ok(())
}

fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Object(fields) => {
            let parts: Vec<String> = fields.iter().map(|(key, value)| format!("{key} {}", one_line(value))).collect();
            parts.join("  ")
        }
        Value::Null => "−".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::notation::Graph;
    use crate::view::spec::Sort;
    use crate::view::tables::references::References;

    /// What serde_json makes of the same rows as one value.
    fn nested(rows: &mut std::iter::Peekable<std::slice::Iter<'_, Printed>>, depth: usize) -> Value {
        let mut list: Vec<Value> = Vec::new();
        while let Some(row) = rows.next_if(|row| row.depth == depth) {
            let mut record = row.record();
            if row.open {
                record.insert("children".into(), nested(rows, depth + 1));
            }
            list.push(record.into());
        }
        list.into()
    }

    #[test]
    fn nested_rows_are_written_as_serde_writes_them() {
        let graph = Graph::new("r -a-> A[1]; r -b-> B[2]; A -x-> X[3]; X -y-> Y[4]; B -a-> A; Y -a-> A; r -e-> E[1]");
        for depth in 1..6 {
            let meter = Default::default();
            let level = References::of(&graph.heap, graph.heap.root(), &meter).expect("nobody cancels");
            let extent = super::super::rows::Extent { depth, limit: usize::MAX };
            let rows = super::super::rows::of_tree(level, Sort::BY_RETAINED, extent, None).expect("nobody cancels");
            let mut written = Vec::new();
            print_nested(&rows, &mut written).expect("memory has room");
            let text = String::from_utf8(written).expect("UTF-8");
            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(value, nested(&mut rows.iter().peekable(), 0));
            let whole = serde_json::to_string_pretty(&json!({ "rows": value })).expect("JSON");
            assert_eq!(whole, format!("{{\n  \"rows\": {text}\n}}"), "depth {depth}");
        }
        let mut written = Vec::new();
        print_nested(&[], &mut written).expect("memory has room");
        assert_eq!(written, b"[]");
    }
}
