//! Levels of tables → the rows that a command prints, one by one: below a row those it opens, each with its depth.
//!
//! Nothing here calls itself, and nothing is kept of a row that has been printed: what is in memory are the lists that
//! are open, and which objects have been opened.

use std::sync::Arc;

use crate::analysis::paths::Step;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::{Cell, Record};
use crate::view::list::List;
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{AnyTable, Inner, Level};
use crate::view::tables::inside;
use crate::view::tables::objects::Objects;
use crate::view::tables::retainers::Retainers;

/// A row to print.
#[derive(Debug)]
pub(super) struct Printed {
    pub table: Arc<dyn AnyTable>,
    pub row: RowIx,
    pub depth: usize,
    /// Whether the rows below it are printed too, even if there are none.
    pub open: bool,
    /// Whether it would open, but its object is open in a row before.
    pub repeated: bool,
    /// What the command itself says of the row.
    pub more: Vec<(Spec, Cell<'static>)>,
}

impl Printed {
    pub(super) fn new(table: &Arc<dyn AnyTable>, row: RowIx) -> Printed {
        Printed { table: table.clone(), row, depth: 0, open: false, repeated: false, more: Vec::new() }
    }

    pub(super) fn with(mut self, spec: Spec, cell: impl Into<Cell<'static>>) -> Printed {
        self.more.push((spec, cell.into()));
        self
    }

    /// The fields of the row, without those below it.
    pub(super) fn record(&self) -> Record {
        let mut record = self.table.record(self.row);
        for (spec, cell) in &self.more {
            cell.record(spec, &mut record);
        }
        if self.repeated {
            record.insert("repeated".into(), true.into());
        }
        record
    }

    /// The cell in the column with a field, whichever of the two says it.
    pub(super) fn cell(&self, field: &str) -> Cell<'_> {
        let own = self.table.column(field).map(|column| self.table.cell(self.row, column));
        let more = || self.more.iter().find(|(spec, _)| spec.field == field).map(|(_, cell)| cell.clone());
        own.or_else(more).unwrap_or(Cell::Absent)
    }
}

/// What is printed next.
#[derive(Debug)]
pub(super) enum Line {
    Row(Printed),
    /// So many rows of the list at this depth are left out; at depth 0 of all lists that are open.
    Left {
        depth: usize,
        rows: u64,
    },
}

/// Rows as they are asked for.
pub(super) type Lines<'a> = Box<dyn Iterator<Item = Result<Line>> + 'a>;

/// How far a tree is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Levels, from 1 on.
    pub depth: usize,
    /// Rows of each list.
    pub limit: usize,
    /// What stands below objects.
    pub inner: Inner,
}

impl Extent {
    /// Rows of all lists together: a tree has ten times as many as a list.
    fn total(self) -> usize {
        if self.depth > 1 { self.limit.saturating_mul(10) } else { self.limit }
    }
}

/// A list that is being printed: which row comes next.
struct Open {
    list: List,
    next: usize,
}

impl Open {
    fn left(&self) -> usize {
        self.list.len() - self.next
    }
}

/// The rows of a level with those below them. Each object opens once.
pub(super) struct TreeLines {
    sort: Sort,
    extent: Extent,
    open: Vec<Open>,
    opened: Opened,
    printed: usize,
}

impl TreeLines {
    /// The rows of a level, which stand below the object `above` if it is a tree of one.
    pub(super) fn new(level: Level, sort: Sort, extent: Extent, above: Option<NodeIx>) -> Result<TreeLines> {
        let mut opened = Opened::default();
        if let Some(above) = above {
            opened.insert(level.table.heap(), above);
        }
        let list = List::new(level, sort, &Meter::default())?;
        Ok(TreeLines { sort, extent, open: vec![Open { list, next: 0 }], opened, printed: 0 })
    }

    fn advance(&mut self) -> Result<Option<Line>> {
        while let Some(last) = self.open.last() {
            if last.next < last.list.len().min(self.extent.limit) {
                return self.row().map(Some);
            }
            let rows = last.left() as u64;
            self.open.pop();
            if rows > 0 {
                return Ok(Some(Line::Left { depth: self.open.len(), rows }));
            }
        }
        Ok(None)
    }

    /// The next row of the innermost list, or what is left where there are enough.
    fn row(&mut self) -> Result<Line> {
        if self.printed >= self.extent.total() {
            let rows = self.open.iter().map(|open| open.left() as u64).sum();
            self.open.clear();
            return Ok(Line::Left { depth: 0, rows });
        }
        self.printed += 1;
        let depth = self.open.len() - 1;
        let last = self.open.last_mut().expect("whoever asks for a row has a list");
        let (table, row) = (last.list.table().clone(), last.list.get(last.next));
        last.next += 1;
        let inner = self.extent.inner;
        let (node, has_below) = (table.node(row), inside::has_below_row(&table, row, inner));
        table.fill(row, &Meter::default())?;
        let may_open = depth + 1 < self.extent.depth || table.opens_by_itself(row);
        let opened = &mut self.opened;
        let repeated = may_open
            && has_below
            && !table.is_tree_of_rows()
            && node.is_some_and(|node| !opened.insert(table.heap_of(row), node));
        // Objects have the field even when nothing is below them.
        let opens = may_open && !repeated && (node.is_some() && !table.is_tree_of_rows() || has_below);
        if opens {
            let meter = Meter::default();
            self.open.push(Open {
                list: List::new(inside::below_row(&table, row, inner, &meter)?, self.sort, &meter)?,
                next: 0,
            });
        }
        Ok(Line::Row(Printed { depth, open: opens, repeated, ..Printed::new(&table, row) }))
    }
}

impl Iterator for TreeLines {
    type Item = Result<Line>;

    fn next(&mut self) -> Option<Result<Line>> {
        self.advance().transpose()
    }
}

/// Objects that have been opened, a bit for each object of a heap. Comparisons have two heaps.
#[derive(Default)]
struct Opened {
    heaps: Vec<(Arc<Heap>, Bits)>,
}

impl Opened {
    /// Whether the object is new.
    fn insert(&mut self, heap: &Arc<Heap>, node: NodeIx) -> bool {
        let place = self.heaps.iter().position(|(other, _)| Arc::ptr_eq(other, heap)).unwrap_or_else(|| {
            self.heaps.push((heap.clone(), Bits::new(heap.node_count())));
            self.heaps.len() - 1
        });
        self.heaps[place].1.insert(node.ix())
    }
}

/// Paths one after the other, each from the object outwards, with the number of the path in a column of its own.
pub(super) struct PathLines<'a> {
    pub retainers: &'a Retainers,
    pub object: NodeIx,
    pub spec: Spec,
    pub paths: &'a [&'a [Step]],
    /// Rows of all paths.
    pub limit: usize,
}

impl<'a> PathLines<'a> {
    /// The rows. Each path has its part of the limit, and what shorter ones have left over.
    pub(super) fn lines(&self) -> Result<Lines<'a>> {
        let retainers = self.retainers;
        let object = Objects::level(retainers.heap().clone(), [self.object]);
        let table = retainers.table();
        let (spec, mut room, mut left) = (self.spec, self.limit, 0u64);
        let mut parts = Vec::new();
        for (number, path) in self.paths.iter().copied().enumerate() {
            let rows = (path.len() + 1).min(room.div_ceil(self.paths.len() - number));
            room -= rows;
            left += (path.len() + 1 - rows) as u64;
            parts.push((number + 1, path, rows));
        }
        let lines = parts.into_iter().flat_map(move |(number, path, rows)| {
            let (object, table) = (object.clone(), table.clone());
            let first = std::iter::once_with(move || Printed::new(&object.table, object.rows[0]));
            let steps = path.iter().map(move |&(edge, from)| Printed::new(&table, Retainers::row(edge, from)));
            first.chain(steps).take(rows).map(move |row| Ok(Line::Row(row.with(spec, number))))
        });
        let rest = (left > 0).then_some(Ok(Line::Left { depth: 0, rows: left }));
        Ok(Box::new(lines.chain(rest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::view::label;
    use crate::view::tables::references::References;

    fn told(lines: impl Iterator<Item = Result<Line>>) -> Vec<String> {
        let line = |line| match line {
            Line::Row(row) => {
                let mark = if row.repeated { " ↻" } else { "" };
                format!("{}{}{mark}", "  ".repeat(row.depth), label::plain(&row.table.label(row.row)))
            }
            Line::Left { depth, rows } => format!("{}… {rows}", "  ".repeat(depth)),
        };
        lines.map(|next| line(next.expect("nobody cancels"))).collect()
    }

    fn tree(graph: &Graph, depth: usize, limit: usize) -> Vec<String> {
        let heap = &graph.heap;
        let level = References::of(heap, heap.root(), &Meter::default()).expect("nobody cancels");
        let by_name = Sort { field: "label", ascending: true };
        let lines =
            TreeLines::new(level, by_name, Extent { depth, limit, inner: Inner::References }, Some(heap.root()));
        told(lines.expect("nobody cancels"))
    }

    #[test]
    fn each_object_opens_once() {
        let graph = Graph::new("r -a-> A; A -b-> B; B -a-> A; r -b-> B; B -leaf-> L; r -l-> L");
        let expected = ["a::A @3 ◆", "  b::B @5 ◆", "    a::A @3 ◆ ↻", "    leaf::L @7 ◆", "b::B @5 ◆ ↻", "l::L @7 ◆"];
        let marked: Vec<String> = tree(&graph, 9, 100).iter().map(|line| line.replace(" ◆", "")).collect();
        assert_eq!(marked, expected.map(|line| line.replace(" ◆", "")));
    }

    #[test]
    fn limits_hold_for_each_list_and_in_all() {
        let many: Vec<String> = (0..9).map(|each| format!("r -n{each}-> n{each}; n{each} -x-> x{each}")).collect();
        let graph = Graph::new(&many.join("; "));
        let lines = tree(&graph, 2, 4);
        assert_eq!((lines.len(), lines[8].as_str()), (9, "… 5"));
        let lines = tree(&graph, 1, 4);
        assert_eq!((lines.len(), lines[4].as_str()), (5, "… 5"));
        let chain: Vec<String> = (1..100).map(|each| format!("n{} -x-> n{each}", each - 1)).collect();
        let graph = Graph::new(&format!("r -x-> n0; r -y-> y; {}", chain.join("; ")));
        let lines = tree(&graph, 1000, 2);
        assert_eq!((lines.len(), lines[20].as_str()), (21, "… 2"));
    }

    #[test]
    fn a_list_of_hundred_thousand_links_is_printed_link_by_link() {
        const LINKS: usize = 100_000;
        let heap = crate::testing::list(LINKS);
        let meter = Meter::default();
        let extent = Extent { depth: LINKS, limit: usize::MAX, inner: Inner::References };
        let count = |level: Level, above| {
            let lines = TreeLines::new(level, Sort::BY_RETAINED, extent, above).expect("nobody cancels");
            lines.map(|line| line.expect("nobody cancels")).filter(|line| matches!(line, Line::Row(_))).count()
        };
        let root = References::of(&heap, heap.root(), &meter).expect("nobody cancels");
        assert_eq!(count(root, Some(heap.root())), LINKS);
        let last = NodeIx::new(LINKS);
        let retainers = Retainers::new(heap.clone(), None).of(last, &meter).expect("nobody cancels");
        assert_eq!(count(retainers, Some(last)), LINKS - 1);
    }
}
