//! Rows → a list of JSON records, those below a row under its `children`. However deep, nothing here calls itself.

use std::io::Write;

use super::out::Stop;
use super::rows::{Line, Lines};
use crate::error::Result;
use crate::view::cell::Record;

/// A record in lines indented by so many spaces, without its last brace.
pub(super) fn unclosed(record: &Record, indent: usize) -> String {
    let text = serde_json::to_string_pretty(record).unwrap_or_default();
    let text = text.strip_suffix("\n}").unwrap_or("{");
    text.replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// Prints the rows as they come; how many outermost rows are left out, or of all lists where there are enough.
pub(super) fn print(lines: &mut Lines<'_>, out: &mut dyn Write) -> Result<u64, Stop> {
    let mut nest = Nest { open: vec![List::default()], out };
    write!(nest.out, "[")?;
    for line in lines {
        match line? {
            Line::Row(row) => nest.row(&row.record(), row.depth, row.open)?,
            Line::Left { depth, rows } => {
                nest.close(depth + 1)?;
                nest.open[depth].left = rows;
            }
        }
    }
    nest.close(1)?;
    let List { has_rows, left } = nest.open[0];
    write!(nest.out, "{}", if has_rows { "\n  ]" } else { "]" })?;
    Ok(left)
}

/// A list that is being written.
#[derive(Default)]
struct List {
    has_rows: bool,
    /// Rows that it has besides.
    left: u64,
}

struct Nest<'a> {
    open: Vec<List>,
    out: &'a mut dyn Write,
}

impl Nest<'_> {
    fn row(&mut self, record: &Record, depth: usize, opens: bool) -> Result<(), Stop> {
        self.close(depth + 1)?;
        let list = self.open.last_mut().expect("the list of the row is open");
        let spaces = indent(depth);
        let comma = if std::mem::replace(&mut list.has_rows, true) { "," } else { "" };
        write!(self.out, "{comma}\n{}{}", " ".repeat(spaces), unclosed(record, spaces))?;
        if opens {
            write!(self.out, ",\n{}\"children\": [", " ".repeat(spaces + 2))?;
            self.open.push(List::default());
        } else {
            write!(self.out, "\n{}}}", " ".repeat(spaces))?;
        }
        Ok(())
    }

    /// Ends the lists of children, and the records that have them, until so many lists are open.
    fn close(&mut self, lists: usize) -> Result<(), Stop> {
        while self.open.len() > lists {
            let List { has_rows, left } = self.open.pop().expect("more lists are open than one");
            let spaces = indent(self.open.len() - 1);
            if has_rows {
                write!(self.out, "\n{}", " ".repeat(spaces + 2))?;
            }
            write!(self.out, "]")?;
            if left > 0 {
                write!(self.out, ",\n{}\"more\": {left}", " ".repeat(spaces + 2))?;
            }
            write!(self.out, "\n{}}}", " ".repeat(spaces))?;
        }
        Ok(())
    }
}

/// The indentation of a record of a depth. Deeper ones stand where these do: the file would grow with the square of the
/// depth.
fn indent(depth: usize) -> usize {
    const DEEPEST: usize = 40;
    4 + 4 * depth.min(DEEPEST)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::rows::{Extent, Printed, TreeLines};
    use super::*;
    use crate::notation::Graph;
    use crate::view::spec::Sort;
    use crate::view::table::Inner;
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

    fn lines(graph: &Graph, extent: Extent) -> TreeLines {
        let level = References::of(&graph.heap, graph.heap.root(), &Default::default()).expect("nobody cancels");
        TreeLines::new(level, Sort::BY_RETAINED, extent, None).expect("nobody cancels")
    }

    fn written(graph: &Graph, extent: Extent) -> (String, u64) {
        let mut written = Vec::new();
        let mut lines: Lines<'_> = Box::new(lines(graph, extent));
        let left = print(&mut lines, &mut written).expect("memory has room");
        (String::from_utf8(written).expect("UTF-8"), left)
    }

    #[test]
    fn nested_rows_are_written_as_serde_writes_them() {
        let graph = Graph::new("r -a-> A[1]; r -b-> B[2]; A -x-> X[3]; X -y-> Y[4]; B -a-> A; Y -a-> A; r -e-> E[1]");
        for depth in 1..6 {
            let extent = Extent { depth, limit: usize::MAX, inner: Inner::References };
            let (text, left) = written(&graph, extent);
            let row = |line| match line {
                Ok(Line::Row(row)) => row,
                _ => panic!("nothing is left out"),
            };
            let rows: Vec<Printed> = lines(&graph, extent).map(row).collect();
            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!((&value, left), (&nested(&mut rows.iter().peekable(), 0), 0));
            let whole = serde_json::to_string_pretty(&json!({ "rows": value })).expect("JSON");
            assert_eq!(whole, format!("{{\n  \"rows\": {text}\n}}"), "depth {depth}");
        }
        let mut written = Vec::new();
        let mut none: Lines<'_> = Box::new(std::iter::empty());
        assert_eq!(print(&mut none, &mut written).expect("memory has room"), 0);
        assert_eq!(written, b"[]");
    }

    #[test]
    fn each_list_says_how_much_of_it_is_left_out() {
        let graph = Graph::new("r -a-> A[9]; r -b-> B[1]; r -c-> C[1]; A -x-> X[3]; A -y-> Y[4]; A -z-> Z[4]");
        let (text, left) = written(&graph, Extent { depth: 2, limit: 2, inner: Inner::References });
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let children = value[0]["children"].as_array().map(Vec::len);
        assert_eq!((left, children, &value[0]["more"]), (1, Some(2), &json!(1)));
    }
}
