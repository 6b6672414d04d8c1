//! Rows of a pane → one text: a table, CSV, Markdown.

use super::subject::Subject;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::view::cell::Record;
use crate::view::grid::{Grid, Style, add_fields, cell_of, csv_line};
use crate::view::label;
use crate::view::row::RowIx;
use crate::view::spec::{Show, Spec};
use crate::view::table::AnyTable;
use crate::view::tree::Tree;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people: the columns of the screen.
    Told(Style),
    /// For programs: all fields.
    Csv,
}

/// Where rows come from.
#[derive(Debug)]
pub(crate) enum Of {
    Tree(Box<Tree>),
    Selected(Vec<Subject>),
}

/// Rows that are to be written.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) of: Of,
    /// Those that people read, the label first.
    pub(crate) columns: Vec<&'static Spec>,
    /// What sizes are parts of.
    pub(crate) total: u64,
}

/// Rows that a tree gives at once.
const STEP: usize = 256;
/// A row takes so many letters at least: more rows than would be taken need not be looked at.
const SHORTEST_ROW: usize = 4;

impl PartialEq for Rows {
    /// No two are compared but by who they are.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Rows {}

impl Rows {
    /// The rows in a form, as many as so many letters have room for, and a line more.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn written(&self, form: Form, longest: usize, meter: &Meter) -> Result<String> {
        match form {
            Form::Told(style) => self.told(style, longest, meter),
            Form::Csv => self.csv(longest, meter),
        }
    }

    fn told(&self, style: Style, longest: usize, meter: &Meter) -> Result<String> {
        let columns: Vec<Spec> = self.columns.iter().map(|&&spec| spec).collect();
        let mut lines = vec![Grid::titles(&columns)];
        self.each(longest, meter, |table, row, depth| {
            let cell = |spec: &Spec| match spec.show {
                Show::Label => format!("{}{}", "  ".repeat(depth), label::plain(&table.label(row))),
                _ => cell_of(table, row, spec, self.total),
            };
            let cells: Vec<String> = columns.iter().map(cell).collect();
            let length = cells.iter().map(String::len).sum();
            lines.push(cells);
            length
        })?;
        let grid = Grid::new(columns, style, lines.iter());
        let mut text = String::new();
        for (number, cells) in lines.iter().enumerate() {
            let rule = grid.rule().filter(|_| number == 0);
            for line in [grid.line(cells)].into_iter().chain(rule) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        Ok(text)
    }

    fn csv(&self, longest: usize, meter: &Meter) -> Result<String> {
        let is_tree = matches!(self.of, Of::Tree(_));
        let (mut records, mut fields): (Vec<Record>, Vec<String>) = (Vec::new(), Vec::new());
        self.each(longest, meter, |table, row, depth| {
            let mut record = table.record(row);
            if is_tree {
                record.insert("depth".into(), depth.into());
            }
            add_fields(&record, &mut fields);
            let length = record.values().map(|value| value.to_string().len()).sum();
            records.push(record);
            length
        })?;
        let lines = records.iter().map(|record| csv_line(record, &fields));
        Ok([fields.join(",")].into_iter().chain(lines).map(|line| line + "\n").collect())
    }

    /// Hands on row by row with its depth until there are so many letters, which `take` counts.
    fn each(
        &self,
        longest: usize,
        meter: &Meter,
        mut take: impl FnMut(&dyn AnyTable, RowIx, usize) -> usize,
    ) -> Result<()> {
        let mut taken = 0;
        match &self.of {
            Of::Selected(subjects) => {
                for subject in subjects {
                    meter.check()?;
                    subject.table.fill(subject.row, meter)?;
                    taken += take(&*subject.table, subject.row, 0) + SHORTEST_ROW;
                    if taken > longest {
                        break;
                    }
                }
            }
            Of::Tree(tree) => {
                let mut tree = tree.clone();
                let mut first = 0;
                while taken <= longest && first < tree.len() {
                    meter.check()?;
                    for row in tree.rows(first, STEP) {
                        row.table.fill(row.row, meter)?;
                        taken += take(&*row.table, row.row, row.depth) + SHORTEST_ROW;
                        if taken > longest {
                            break;
                        }
                    }
                    first += STEP;
                }
            }
        }
        Ok(())
    }
}
