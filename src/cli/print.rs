//! What a command prints → standard output, in five ways. Rows are printed as they come: however many there are, none
//! is kept.

use std::io::{IsTerminal, Write};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::args::{Format, Output};
use super::load;
use super::nested::{self, unclosed};
use super::out::{Stop, with_stdout};
use super::printout::{Body, List, Printout, Rows, left_out};
use super::rows::Line;
use super::table::{print_list, print_table};
use crate::error::Result;
use crate::view::cell::Record;
use crate::view::grid::{Style, add_fields, csv_line};
use crate::view::text;

/// Prints the report as the arguments say.
pub(super) fn print(report: &Printout<'_>, output: &Output) -> Result<()> {
    let cuts = std::io::stdout().is_terminal();
    let left = with_stdout_of(|out| match (output.format(), &report.body) {
        (Format::Json, body) => print_json(report, body, out).map(|()| 0),
        (Format::Ndjson, Body::Rows(rows)) => print_ndjson(rows, out),
        (Format::Csv, Body::Rows(rows)) => print_csv(rows, out),
        (Format::Table, Body::Rows(rows)) => print_told(rows, out, Style::Plain, cuts),
        (Format::Markdown, Body::Rows(rows)) => print_told(rows, out, Style::Markdown, cuts),
        (Format::Ndjson, Body::List(list)) => each(list, |record| print_line(record, out)),
        (Format::Csv, Body::List(list)) => print_list_csv(list, out),
        (Format::Table, Body::List(list)) => print_list(list, out, Style::Plain).map(|()| 0),
        (Format::Markdown, Body::List(list)) => print_list(list, out, Style::Markdown).map(|()| 0),
        (Format::Ndjson, Body::Result(result)) => print_line(result, out).map(|()| 0),
        (Format::Csv, Body::Result(result)) => print_record_csv(result, out).map(|()| 0),
        (Format::Table, Body::Result(result)) => print_result(result, out, Style::Plain).map(|()| 0),
        (Format::Markdown, Body::Result(result)) => print_result(result, out, Style::Markdown).map(|()| 0),
    })?;
    // Lines of flat formats are rows and nothing else.
    if left > 0 {
        load::say(&left_out(left));
    }
    Ok(())
}

fn print_told(rows: &Rows<'_>, out: &mut dyn Write, style: Style, cuts: bool) -> Result<u64, Stop> {
    if let Some(about) = &rows.about {
        writeln!(out, "{about}\n")?;
    }
    print_table(rows, out, style, cuts).map(|()| 0)
}

/// Hands on the records one by one; how many rows are left out.
fn each(list: &List, take: impl FnMut(&Record) -> Result<(), Stop>) -> Result<u64, Stop> {
    list.rows.iter().map(|(_, record)| record).try_for_each(take)?;
    Ok(list.left)
}

/// [`with_stdout`] for what has a number to tell.
fn with_stdout_of(write: impl FnOnce(&mut dyn Write) -> Result<u64, Stop>) -> Result<u64> {
    let mut number = 0;
    with_stdout(|out| -> Result<(), Stop> {
        number = write(out)?;
        Ok(())
    })?;
    Ok(number)
}

// ---- JSON ----

fn print_json(report: &Printout<'_>, body: &Body<'_>, out: &mut dyn Write) -> Result<(), Stop> {
    let mut head = Record::new();
    head.insert("schema".into(), 1.into());
    head.insert("command".into(), report.command.into());
    let about = if matches!(body, Body::List(_)) { "directory" } else { "file" };
    head.insert(about.into(), report.file.display().to_string().into());
    head.extend(report.head.clone());
    match body {
        Body::List(list) => {
            let records: Vec<Value> = list.rows.iter().map(|(_, record)| record.clone().into()).collect();
            head.insert("rows".into(), records.into());
            if list.left > 0 {
                head.insert("more".into(), list.left.into());
            }
            serde_json::to_writer_pretty(&mut *out, &head)?;
        }
        Body::Result(result) => {
            head.insert("result".into(), result.clone().into());
            serde_json::to_writer_pretty(&mut *out, &head)?;
        }
        Body::Rows(rows) => {
            write!(out, "{},\n  \"rows\": ", unclosed(&head, 0))?;
            let left = nested::print(&mut (rows.lines)()?, out)?;
            if left > 0 {
                write!(out, ",\n  \"more\": {left}")?;
            }
            write!(out, "\n}}")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// Hands on the fields of the rows one by one, each with its depth where there is a tree; how many rows are left out.
fn flat(rows: &Rows<'_>, mut take: impl FnMut(Record) -> Result<(), Stop>) -> Result<u64, Stop> {
    let mut left = 0;
    for line in (rows.lines)()? {
        match line? {
            Line::Row(row) => {
                let mut record = row.record();
                if rows.is_tree {
                    record.insert("depth".into(), row.depth.into());
                }
                take(record)?;
            }
            Line::Left { rows, .. } => left += rows,
        }
    }
    Ok(left)
}

fn print_ndjson(rows: &Rows<'_>, out: &mut dyn Write) -> Result<u64, Stop> {
    flat(rows, |record| print_line(&record, out))
}

fn print_line(record: &Record, out: &mut dyn Write) -> Result<(), Stop> {
    serde_json::to_writer(&mut *out, record)?;
    writeln!(out)?;
    Ok(())
}

// ---- CSV ----

/// Which fields there are only the last row tells: the rows are made twice rather than kept.
fn print_csv(rows: &Rows<'_>, out: &mut dyn Write) -> Result<u64, Stop> {
    let mut fields = Vec::new();
    flat(rows, |record| {
        add_fields(&record, &mut fields);
        Ok(())
    })?;
    writeln!(out, "{}", fields.join(","))?;
    flat(rows, |record| print_cells(&record, &fields, out))
}

fn print_list_csv(list: &List, out: &mut dyn Write) -> Result<u64, Stop> {
    let fields: Vec<String> = list.columns.iter().map(|column| column.field.to_owned()).collect();
    writeln!(out, "{}", fields.join(","))?;
    each(list, |record| print_cells(record, &fields, out))
}

fn print_record_csv(record: &Record, out: &mut dyn Write) -> Result<(), Stop> {
    let mut fields = Vec::new();
    add_fields(record, &mut fields);
    writeln!(out, "{}", fields.join(","))?;
    print_cells(record, &fields, out)
}

fn print_cells(record: &Record, fields: &[String], out: &mut dyn Write) -> Result<(), Stop> {
    writeln!(out, "{}", csv_line(record, fields))?;
    Ok(())
}

// ---- one thing ----

/// `name  value`, a line each; lists and objects under their name.
fn print_result(result: &Record, out: &mut dyn Write, style: Style) -> Result<(), Stop> {
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
