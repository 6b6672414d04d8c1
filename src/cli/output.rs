//! One model of rows, five ways to print them.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use super::args::{Format, Output};
use crate::error::Result;
use crate::view::column::{self, Show};
use crate::view::source::Kind;
use crate::view::text;

/// The fields of a row under the names that JSON promises. A tree keeps its lower rows under `children`.
pub type Record = Map<String, Value>;

/// A column of the table that people read.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub title: &'static str,
    /// The field it shows.
    pub field: &'static str,
    pub show: Show,
}

impl From<column::Column> for Column {
    fn from(column: column::Column) -> Self {
        let spec = column.spec();
        Column { title: spec.title, field: spec.field, show: spec.show }
    }
}

/// The columns that the table of this kind has on the screen.
pub fn columns(kind: Kind) -> Vec<Column> {
    let first = Column { title: kind.name_title(), field: column::Column::Name.spec().field, show: Show::Text };
    std::iter::once(first).chain(kind.columns()[1..].iter().map(|&column| column.into())).collect()
}

/// What a command prints.
pub struct Report<'a> {
    pub command: &'static str,
    pub file: &'a Path,
    pub columns: &'a [Column],
    pub body: Body,
    /// What percentages refer to.
    pub total: u64,
    /// How many rows there are in all, when `body` has fewer.
    pub all_rows: usize,
}

pub enum Body {
    Rows(Vec<Record>),
    /// One thing, with rows under it in a table (a field name), if it has any.
    Result(Record),
}

/// Prints the report as the arguments say.
pub fn print(report: &Report<'_>, output: &Output) -> Result<()> {
    super::with_stdout(|out| match output.format() {
        Format::Json => print_json(report, out),
        Format::Ndjson => print_ndjson(report, out),
        Format::Csv => print_csv(report, out),
        Format::Table => print_table(report, out, Style::Plain),
        Format::Markdown => print_table(report, out, Style::Markdown),
    })
}

fn print_json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = json!({ "schema": 1, "command": report.command, "file": report.file.display().to_string() });
    let Value::Object(mut whole) = head else { unreachable!("an object") };
    match &report.body {
        Body::Rows(rows) => whole.insert("rows".into(), rows.clone().into()),
        Body::Result(result) => whole.insert("result".into(), result.clone().into()),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

/// Rows without `children`, each with its depth where there is a tree.
fn flat(report: &Report<'_>) -> Vec<Record> {
    fn add(rows: &[Value], depth: usize, is_tree: bool, flat: &mut Vec<Record>) {
        for row in rows.iter().filter_map(Value::as_object) {
            let mut own = row.clone();
            let children = own.remove("children");
            if is_tree {
                own.insert("depth".into(), depth.into());
            }
            flat.push(own);
            if let Some(Value::Array(children)) = children {
                add(&children, depth + 1, is_tree, flat);
            }
        }
    }
    let mut rows = Vec::new();
    match &report.body {
        Body::Rows(records) => {
            let is_tree = records.iter().any(|record| record.contains_key("children"));
            let values: Vec<Value> = records.iter().cloned().map(Value::Object).collect();
            add(&values, 0, is_tree, &mut rows);
        }
        Body::Result(result) => rows.push(result.clone()),
    }
    rows
}

fn print_ndjson(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for row in flat(report) {
        serde_json::to_writer(&mut *out, &row)?;
        writeln!(out)?;
    }
    Ok(())
}

fn print_csv(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = flat(report);
    let mut fields: Vec<&str> = Vec::new();
    for field in rows.iter().flat_map(|row| row.keys()) {
        if !fields.contains(&field.as_str()) {
            fields.push(field);
        }
    }
    writeln!(out, "{}", fields.join(","))?;
    for row in &rows {
        let cells: Vec<String> = fields.iter().map(|field| csv_cell(row.get(*field))).collect();
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Markdown,
}

/// Names longer than this are cut in tables; JSON and CSV have them whole.
const LONGEST_TEXT: usize = 80;

fn print_table(report: &Report<'_>, out: &mut dyn Write, style: Style) -> io::Result<()> {
    if let Body::Result(result) = &report.body {
        return print_result(result, out, style);
    }
    let rows = flat(report);
    let mut cells: Vec<Vec<String>> = vec![report.columns.iter().map(|column| column.title.to_owned()).collect()];
    for row in &rows {
        cells.push(report.columns.iter().enumerate().map(|(at, column)| cell(report, row, column, at == 0)).collect());
    }
    let widths: Vec<usize> =
        (0..report.columns.len()).map(|at| cells.iter().map(|row| row[at].width()).max().unwrap_or(0)).collect();
    for (number, row) in cells.iter().enumerate() {
        print_row(row, report.columns, &widths, style, out)?;
        if number == 0 && style == Style::Markdown {
            let rule = |column: &Column| if column.show == Show::Text { " --- |" } else { " ---: |" };
            writeln!(out, "|{}", report.columns.iter().map(rule).collect::<String>())?;
        }
    }
    let shown = match &report.body {
        Body::Rows(rows) => rows.len(),
        Body::Result(_) => 0,
    };
    if shown < report.all_rows {
        writeln!(out, "… {} more rows (--limit 0 for all)", text::count((report.all_rows - shown) as u64))?;
    }
    Ok(())
}

fn print_row(
    row: &[String],
    columns: &[Column],
    widths: &[usize],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = String::new();
    for ((cell, column), &width) in row.iter().zip(columns).zip(widths) {
        let cell = if style == Style::Markdown { cell.replace('|', "\\|") } else { cell.clone() };
        let pad = " ".repeat(width.saturating_sub(cell.width()));
        let padded = if column.show == Show::Text { format!("{cell}{pad}") } else { format!("{pad}{cell}") };
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

fn cell(report: &Report<'_>, row: &Record, column: &Column, is_first: bool) -> String {
    let value = row.get(column.field).unwrap_or(&Value::Null);
    match column.show {
        Show::Text => {
            let depth = if is_first { row.get("depth").and_then(Value::as_u64).unwrap_or(0) as usize } else { 0 };
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            format!("{}{}", "  ".repeat(depth), cut(&text::sanitize(&text), LONGEST_TEXT))
        }
        Show::Count => value.as_u64().map_or_else(String::new, text::count),
        Show::Bytes => value.as_u64().map_or_else(String::new, text::bytes),
        Show::Delta => value.as_i64().map_or_else(String::new, |delta| text::signed(delta, text::count)),
        Show::DeltaBytes => value.as_i64().map_or_else(String::new, |delta| text::signed(delta, text::bytes)),
        Show::Distance => value.as_i64().map_or_else(|| "−".into(), |distance| distance.to_string()),
        Show::Size => value.as_u64().map_or_else(
            || "…".into(),
            |size| format!("{} {:>5}", text::bytes(size), text::percent(size, report.total)),
        ),
    }
}

/// The first characters with an ellipsis for the rest, `longest` in all. An id, and what stands behind it, is kept.
fn cut(text: &str, longest: usize) -> String {
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
