//! Cells in words → lines of a table, of Markdown, of CSV: what the command line prints and the explorer copies.

use serde_json::Value;

use super::cell::{Cell, Record};
use super::cut::width;
use super::row::RowIx;
use super::spec::{Show, Spec};
use super::table::AnyTable;
use super::text;

/// How rows of cells are written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Markdown,
}

/// One long text must not push the numbers of all other rows out of sight: it stands out of its column.
pub(crate) const LONGEST_TEXT: usize = 80;

/// Columns with their widths.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    columns: Vec<Spec>,
    widths: Vec<usize>,
    style: Style,
}

impl Grid {
    /// One as wide as some rows need.
    pub(crate) fn new<'a>(columns: Vec<Spec>, style: Style, rows: impl Iterator<Item = &'a Vec<String>>) -> Grid {
        let mut widths = vec![0; columns.len()];
        for cells in rows {
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = width(cell).min(LONGEST_TEXT).max(*widest);
            }
        }
        Grid { columns, widths, style }
    }

    /// What stands over the columns.
    pub(crate) fn titles(columns: &[Spec]) -> Vec<String> {
        columns.iter().map(|column| column.title.to_owned()).collect()
    }

    /// The line below the titles, where the style has one.
    pub(crate) fn rule(&self) -> Option<String> {
        let rule = |column: &Spec| if is_text(column) { " --- |" } else { " ---: |" };
        (self.style == Style::Markdown).then(|| format!("|{}", self.columns.iter().map(rule).collect::<String>()))
    }

    /// A row as a line.
    pub(crate) fn line(&self, cells: &[String]) -> String {
        let mut line = String::new();
        for ((cell, column), &room) in cells.iter().zip(&self.columns).zip(&self.widths) {
            let cell = if self.style == Style::Markdown { cell.replace('|', "\\|") } else { cell.clone() };
            let pad = " ".repeat(room.saturating_sub(width(&cell)));
            let padded = if is_text(column) { format!("{cell}{pad}") } else { format!("{pad}{cell}") };
            match self.style {
                Style::Plain => line += &format!("{padded}  "),
                Style::Markdown => line += &format!("| {padded} "),
            }
        }
        match self.style {
            Style::Plain => line.trim_end().to_owned(),
            Style::Markdown => format!("{line}|"),
        }
    }
}

fn is_text(spec: &Spec) -> bool {
    matches!(spec.show, Show::Label | Show::Words | Show::Word)
}

/// A cell that is no label, for people; `total` is what sizes are a part of.
pub(crate) fn number(cell: &Cell<'_>, show: Show, total: u64) -> String {
    match (cell, show) {
        // Unlike on the screen, there is no `•`: the row is one.
        (Cell::Counted, _) => "1".into(),
        (Cell::Number(size), Show::Size) => format!("{} {:>5}", text::bytes(*size), text::percent(*size, total)),
        (cell, show) => cell.shown(show, false),
    }
}

/// The cell of a row in a column that its table may not have.
pub(crate) fn cell_of(table: &dyn AnyTable, row: RowIx, spec: &Spec, total: u64) -> String {
    match table.column(spec.field) {
        Some(column) => number(&table.cell(row, column), spec.show, total),
        None => String::new(),
    }
}

/// The fields of some records, each once.
pub(crate) fn add_fields(record: &Record, fields: &mut Vec<String>) {
    for field in record.keys() {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
}

/// A record as a line of CSV.
pub(crate) fn csv_line(record: &Record, fields: &[String]) -> String {
    fields.iter().map(|field| csv_cell(record.get(field))).collect::<Vec<_>>().join(",")
}

fn csv_cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Spec; 2] =
        [Spec::new("Name", "", "name", Show::Label), Spec::new("Count", "", "count", Show::Count)];

    fn lines(style: Style, rows: &[[&str; 2]]) -> Vec<String> {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let all: Vec<Vec<String>> = [Grid::titles(&COLUMNS)].into_iter().chain(rows).collect();
        let grid = Grid::new(COLUMNS.to_vec(), style, all.iter());
        all.iter().map(|cells| grid.line(cells)).chain(grid.rule()).collect()
    }

    #[test]
    fn names_stand_at_the_left_and_numbers_at_the_right() {
        assert_eq!(
            lines(Style::Plain, &[["Session", "4"], ["東", "12,000"]]),
            ["Name      Count", "Session       4", "東       12,000"]
        );
        assert_eq!(
            lines(Style::Markdown, &[["a|b", "4"]]),
            ["| Name | Count |", "| a\\|b |     4 |", "| --- | ---: |"]
        );
    }

    #[test]
    fn what_parts_fields_of_csv_is_quoted() {
        let record: Record = serde_json::json!({"a": "x,\"y\"\nz", "b": 3, "c": null}).as_object().unwrap().clone();
        let mut fields = Vec::new();
        add_fields(&record, &mut fields);
        fields.push("d".into());
        assert_eq!(csv_line(&record, &fields), "\"x,\"\"y\"\"\nz\",3,,");
    }
}
