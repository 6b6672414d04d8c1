//! Rows → a table for people: columns as wide as the first rows need.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::out::Stop;
use super::print::{List, Rows, left_out};
use super::rows::{Line, Printed};
use crate::error::Result;
use crate::view::cell::Cell;
use crate::view::label;
use crate::view::spec::{Show, Spec};
use crate::view::text;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Markdown,
}

/// Rows that are measured before the first is printed; what is wider in those after them stands out.
const MEASURED: usize = 1000;
/// On a terminal longer names are cut, elsewhere they stand out of their column: whoever searches in them finds all.
const LONGEST_TEXT: usize = 80;
/// Deeper levels are not indented further, but say how much deeper they are: a line of a list of 100,000 links would be
/// as long as a book.
const DEEPEST: usize = 40;

/// Prints the rows with a line for each list that goes on. `cuts`: names are cut.
pub(super) fn print_table(rows: &Rows<'_>, out: &mut dyn Write, style: Style, cuts: bool) -> Result<(), Stop> {
    let mut lines = (rows.lines)()?.map(|line| line.map(|line| told(rows, line, cuts)));
    let mut first = vec![Told::Cells(rows.columns.iter().map(|column| column.title.to_owned()).collect())];
    for line in lines.by_ref().take(MEASURED) {
        first.push(line?);
    }
    let page = Page::new(&rows.columns, &first, style);
    page.begin(&first, out)?;
    lines.try_for_each(|line| page.print(&line?, out))
}

/// Prints rows that are there already.
pub(super) fn print_list(list: &List, out: &mut dyn Write, style: Style) -> Result<(), Stop> {
    let titles = list.columns.iter().map(|column| column.title.to_owned()).collect();
    let rows = list.rows.iter().map(|(cells, _)| Told::Cells(cells.clone()));
    let left = (list.left > 0).then(|| Told::Left(left_out(list.left)));
    let lines: Vec<Told> = [Told::Cells(titles)].into_iter().chain(rows).chain(left).collect();
    Page::new(&list.columns, &lines, style).begin(&lines, out)
}

/// A line in words.
enum Told {
    Cells(Vec<String>),
    /// Rows that are left out.
    Left(String),
}

fn told(rows: &Rows<'_>, line: Line, cuts: bool) -> Told {
    match line {
        Line::Row(row) => Told::Cells(rows.columns.iter().map(|column| cell(rows.total, &row, column, cuts)).collect()),
        Line::Left { depth: 0, rows } => Told::Left(left_out(rows)),
        Line::Left { depth, rows } => Told::Left(format!("{}… {} more", indentation(depth), text::count(rows))),
    }
}

fn widths(lines: &[Told], columns: usize) -> Vec<usize> {
    let mut widths = vec![0; columns];
    for line in lines {
        let Told::Cells(cells) = line else { continue };
        for (width, cell) in widths.iter_mut().zip(cells) {
            // One long text must not push the numbers of all other rows out of sight.
            *width = cell.width().min(LONGEST_TEXT).max(*width);
        }
    }
    widths
}

fn is_text(spec: &Spec) -> bool {
    matches!(spec.show, Show::Label | Show::Words)
}

struct Page<'a> {
    columns: &'a [Spec],
    widths: Vec<usize>,
    style: Style,
}

impl<'a> Page<'a> {
    fn new(columns: &'a [Spec], first: &[Told], style: Style) -> Page<'a> {
        Page { columns, widths: widths(first, columns.len()), style }
    }

    /// Prints the titles and the first rows.
    fn begin(&self, lines: &[Told], out: &mut dyn Write) -> Result<(), Stop> {
        for (number, line) in lines.iter().enumerate() {
            self.print(line, out)?;
            if number == 0 && self.style == Style::Markdown {
                let rule = |column: &Spec| if is_text(column) { " --- |" } else { " ---: |" };
                writeln!(out, "|{}", self.columns.iter().map(rule).collect::<String>())?;
            }
        }
        Ok(())
    }

    fn print(&self, line: &Told, out: &mut dyn Write) -> Result<(), Stop> {
        match line {
            Told::Cells(cells) => self.print_cells(cells, out),
            Told::Left(words) => Ok(writeln!(out, "{words}")?),
        }
    }

    fn print_cells(&self, cells: &[String], out: &mut dyn Write) -> Result<(), Stop> {
        let mut line = String::new();
        for ((cell, column), &width) in cells.iter().zip(self.columns).zip(&self.widths) {
            let cell = if self.style == Style::Markdown { cell.replace('|', "\\|") } else { cell.clone() };
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            let padded = if is_text(column) { format!("{cell}{pad}") } else { format!("{pad}{cell}") };
            match self.style {
                Style::Plain => line += &format!("{padded}  "),
                Style::Markdown => line += &format!("| {padded} "),
            }
        }
        match self.style {
            Style::Plain => writeln!(out, "{}", line.trim_end()),
            Style::Markdown => writeln!(out, "{line}|"),
        }?;
        Ok(())
    }
}

fn indentation(depth: usize) -> String {
    let spaces = "  ".repeat(depth.min(DEEPEST));
    if depth > DEEPEST { format!("{spaces}+{} ", depth - DEEPEST) } else { spaces }
}

fn cell(total: u64, row: &Printed, column: &Spec, cuts: bool) -> String {
    if column.show == Show::Label {
        let label = label::plain(&row.table.label(row.row));
        let label = if cuts { cut_name(&label, LONGEST_TEXT) } else { label };
        return format!("{}{label}{}", indentation(row.depth), if row.repeated { " ↻" } else { "" });
    }
    let cell = row.cell(column.field);
    match (&cell, column.show) {
        // Unlike on the screen, there is no `•`: the row is one.
        (Cell::Counted, _) => "1".into(),
        (Cell::Number(size), Show::Size) => format!("{} {:>5}", text::bytes(*size), text::percent(*size, total)),
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
