//! Rows → a table for people: columns as wide as the first rows need.

use std::io::Write;

use super::out::Stop;
use super::printout::{List, Rows, left_out};
use super::rows::{Line, Printed};
use crate::error::Result;
use crate::view::grid::{self, Grid, LONGEST_TEXT, Style};
use crate::view::label;
use crate::view::spec::{Show, Spec};
use crate::view::text;

/// Rows that are measured before the first is printed; what is wider in those after them stands out.
const MEASURED: usize = 1000;
/// Deeper levels are not indented further, but say how much deeper they are: a line of a list of 100,000 links would be
/// as long as a book.
const DEEPEST: usize = 40;

/// Prints the rows with a line for each list that goes on. `cuts`: names are cut.
pub(super) fn print_table(rows: &Rows<'_>, out: &mut dyn Write, style: Style, cuts: bool) -> Result<(), Stop> {
    let mut lines = (rows.lines)()?.map(|line| line.map(|line| told(rows, line, cuts)));
    let mut first = vec![Told::Cells(Grid::titles(&rows.columns))];
    for line in lines.by_ref().take(MEASURED) {
        first.push(line?);
    }
    let page = Page::new(&rows.columns, &first, style);
    page.begin(&first, out)?;
    lines.try_for_each(|line| page.print(&line?, out))
}

/// Prints rows that are there already.
pub(super) fn print_list(list: &List, out: &mut dyn Write, style: Style) -> Result<(), Stop> {
    let titles = Grid::titles(&list.columns);
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

struct Page {
    grid: Grid,
}

impl Page {
    fn new(columns: &[Spec], first: &[Told], style: Style) -> Page {
        let cells = first.iter().filter_map(|line| match line {
            Told::Cells(cells) => Some(cells),
            Told::Left(_) => None,
        });
        Page { grid: Grid::new(columns.to_vec(), style, cells) }
    }

    /// Prints the titles and the first rows.
    fn begin(&self, lines: &[Told], out: &mut dyn Write) -> Result<(), Stop> {
        for (number, line) in lines.iter().enumerate() {
            self.print(line, out)?;
            if let Some(rule) = self.grid.rule().filter(|_| number == 0) {
                writeln!(out, "{rule}")?;
            }
        }
        Ok(())
    }

    fn print(&self, line: &Told, out: &mut dyn Write) -> Result<(), Stop> {
        match line {
            Told::Cells(cells) => Ok(writeln!(out, "{}", self.grid.line(cells))?),
            Told::Left(words) => Ok(writeln!(out, "{words}")?),
        }
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
    grid::number(&row.cell(column.field), column.show, total)
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
