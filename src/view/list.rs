//! The rows below one row: 8 bytes each, sorted as far as somebody looks, or all at once where there are many.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::row::RowIx;
use super::spec::{Show, Sort};
use super::table::{AnyTable, Level};
use crate::base::meter::Meter;
use crate::base::sort::sort as sort_all;
use crate::error::Result;

/// Rows that get their order when they are looked at.
///
/// Sorting a hundred thousand references takes the better part of a blink, finding the hundred around any place a
/// hundredth of that: only what is looked at gets sorted, in steps that double. Lists longer than [`LONG`] are sorted
/// whole when they are made, which can be cancelled; looking at them costs nothing afterwards.
#[derive(Debug, Clone)]
pub(crate) struct List {
    table: Arc<dyn AnyTable>,
    /// Shared with copies of the tree that somebody searches or sorts in the background.
    rows: Arc<Vec<RowIx>>,
    /// Start and end of each sorted run. The rows between two runs are those that belong there, in any order.
    runs: BTreeMap<usize, usize>,
    order: Order,
}

/// The order of a list: its column, as the table counts them, and the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    column: usize,
    sort: Sort,
}

impl Order {
    fn of(table: &dyn AnyTable, sort: Sort) -> Order {
        let (column, sort) = table.order(sort);
        Order { column, sort }
    }

    fn compare(&self, table: &dyn AnyTable, a: RowIx, b: RowIx) -> Ordering {
        table.compare_by((self.column, self.sort.ascending), a, b)
    }
}

/// Longer lists are sorted whole. (In tests shorter ones too, so that they need not wait for long ones.)
const LONG: usize = if cfg!(test) { 1 << 13 } else { 1 << 16 };
/// The least that is sorted at once: more rows than a screen has.
const FIRST_STEP: usize = 256;

/// Lists longer than this are sorted whole: comparing names takes ten times as long as comparing numbers, and many
/// objects are equally far.
fn long(table: &dyn AnyTable, order: Order) -> usize {
    match table.specs()[order.column].show {
        Show::Label | Show::Distance | Show::Field => LONG / 8,
        _ => LONG,
    }
}

impl List {
    /// Rows in an order; see `AnyTable::order` for one that they do not have.
    pub(crate) fn new(level: Level, sort: Sort, meter: &Meter) -> Result<Self> {
        let Level { table, rows } = level;
        let order = Order::of(&*table, sort);
        let mut list = List { table, rows, runs: BTreeMap::new(), order };
        if list.len() > long(&*list.table, order) {
            let table = &*list.table;
            let up = |key: u64| if order.sort.ascending { key } else { !key };
            let key = |row: &RowIx| up(table.cell(*row, order.column).key());
            // Of names the key says nothing, and reading the cell would cost as much as comparing it.
            let is_named = matches!(table.specs()[order.column].show, Show::Label | Show::Field);
            let rows = Arc::make_mut(&mut list.rows);
            let compare = |a: &RowIx, b: &RowIx| order.compare(table, *a, *b);
            match is_named || !table.is_ordered_by_cells() {
                true => sort_all(rows, |_| 0, compare, meter)?,
                false => sort_all(rows, key, compare, meter)?,
            }
            list.runs.insert(0, list.rows.len());
        }
        Ok(list)
    }

    /// The same rows in another order.
    pub(crate) fn sorted_by(&self, sort: Sort, meter: &Meter) -> Result<Self> {
        if Order::of(&*self.table, sort) == self.order {
            return Ok(self.clone());
        }
        List::new(Level { table: self.table.clone(), rows: self.rows.clone() }, sort, meter)
    }

    pub(crate) fn table(&self) -> &Arc<dyn AnyTable> {
        &self.table
    }

    /// The rows as a level of their own, shared.
    pub(crate) fn level(&self) -> Level {
        Level { table: self.table.clone(), rows: self.rows.clone() }
    }

    /// The rows in no order.
    pub(crate) fn rows(&self) -> &[RowIx] {
        &self.rows
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at `index`.
    pub(crate) fn get(&mut self, index: usize) -> RowIx {
        self.sort_range(index, index + 1);
        self.rows[index]
    }

    /// The first `count` rows (all for a larger number).
    pub(crate) fn first(&mut self, count: usize) -> &[RowIx] {
        let count = count.min(self.len());
        self.sort_range(0, count);
        &self.rows[..count]
    }

    /// Where a row stands.
    pub(crate) fn position(&mut self, row: RowIx) -> Option<usize> {
        if !self.table.has(row) {
            return None;
        }
        let (table, order) = (&*self.table, self.order);
        let beside = |other: &RowIx| order.compare(table, *other, row);
        if self.runs.get(&0) == Some(&self.len()) {
            return self.rows.binary_search_by(beside).ok();
        }
        if !self.rows.contains(&row) {
            return None;
        }
        let before = self.rows.iter().filter(|other| beside(other).is_lt()).count();
        self.sort_range(before, before + 1);
        Some(before)
    }

    /// [`List::position`] of many rows: for more than a few it is cheaper to sort everything once.
    pub(crate) fn positions(&mut self, rows: &[RowIx]) -> Vec<Option<usize>> {
        const FEW: usize = 16;
        if rows.len() <= FEW {
            return rows.iter().map(|&row| self.position(row)).collect();
        }
        self.sort_range(0, self.len());
        let places: FxHashMap<RowIx, usize> = self.rows.iter().enumerate().map(|(index, &row)| (row, index)).collect();
        rows.iter().map(|row| places.get(row).copied()).collect()
    }

    /// Sorts what is not sorted yet between two places.
    fn sort_range(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let before = self.runs.range(..=at).next_back().map(|(&start, &end)| (start, end));
            match before {
                Some((_, run_end)) if at < run_end => at = run_end,
                _ => at = self.sort_around(before, at, end),
            }
        }
    }

    /// Sorts a window around `at`, which lies behind the run `before` and in no other; returns where the window ends.
    fn sort_around(&mut self, before: Option<(usize, usize)>, at: usize, end: usize) -> usize {
        let after = self.runs.range(at..).next().map(|(&start, &end)| (start, end));
        let gap = before.map_or(0, |run| run.1)..after.map_or(self.rows.len(), |run| run.0);
        let length = |run: Option<(usize, usize)>| run.map_or(0, |(start, end)| end - start);
        let step = FIRST_STEP.max(length(before)).max(length(after)).max(end - at);
        // A few rows at the border of the gap are not worth another search.
        let low = if at - gap.start < step + FIRST_STEP { gap.start } else { at - step };
        let high = if gap.end - at < step + FIRST_STEP { gap.end } else { at + step };
        let (table, order) = (&*self.table, self.order);
        let by = |a: &RowIx, b: &RowIx| order.compare(table, *a, *b);
        let rows = Arc::make_mut(&mut self.rows);
        if low > gap.start {
            rows[gap.clone()].select_nth_unstable_by(low - gap.start, by);
        }
        if high < gap.end {
            rows[low..gap.end].select_nth_unstable_by(high - low, by);
        }
        rows[low..high].sort_unstable_by(by);
        // Runs that touch become one.
        let (mut run_start, mut run_end) = (low, high);
        if let Some((start, _)) = before.filter(|run| run.1 == low) {
            run_start = start;
        }
        if let Some((start, end)) = after.filter(|run| run.0 == high) {
            self.runs.remove(&start);
            run_end = end;
        }
        self.runs.insert(run_start, run_end);
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::{EdgeIx, NodeIx};
    use crate::heap::Heap;
    use crate::testing::demo;
    use crate::view::tables::objects::Objects;
    use crate::view::tables::references::References;
    use crate::view::tables::retainers::Retainers;

    fn list(level: &Level, sort: Sort) -> List {
        List::new(level.clone(), sort, &Meter::default()).expect("nobody cancels")
    }

    #[test]
    fn rows_are_the_same_in_whatever_order_somebody_looks() {
        let heap = demo();
        let nodes: Vec<NodeIx> = heap.nodes().take(20_000).collect();
        let level = Objects::level(heap, nodes.clone());
        for sort in [Sort::BY_RETAINED, Sort::BY_DISTANCE] {
            let order = Order::of(&*level.table, sort);
            let mut sorted = level.rows.to_vec();
            sorted.sort_by(|&a, &b| order.compare(&*level.table, a, b));
            let mut list = List { runs: BTreeMap::new(), ..list(&level, sort) };
            let mut other = list.clone();
            // Jumps all over the list, then page by page.
            for step in 0..60 {
                let index = step * 7919 % nodes.len();
                assert_eq!(list.get(index), sorted[index]);
            }
            assert_eq!(list.position(sorted[12_345]), Some(12_345));
            let some: Vec<RowIx> = (0..40).map(|step| sorted[step * 99]).collect();
            let places: Vec<_> = (0..40).map(|step| Some(step * 99)).collect();
            assert_eq!(other.positions(&some), places);
            assert!(list.runs.values().zip(list.runs.keys().skip(1)).all(|(end, start)| end < start));
            for index in (0..nodes.len()).rev().chain(0..nodes.len()) {
                assert_eq!(list.get(index), sorted[index]);
            }
            assert_eq!(list.runs.len(), 1);
            assert_eq!(list.first(usize::MAX), sorted);
        }
    }

    #[test]
    fn long_lists_are_sorted_whole_and_in_the_same_order() {
        let heap = demo();
        // Objects and references from all over the file as one list, from both ends, a few more than make a list long.
        let step = heap.edge_count() / (LONG + LONG / 8);
        let edges = |of: Level, end: fn(&Heap, EdgeIx) -> NodeIx| {
            let some = (0..heap.edge_count()).step_by(step).map(EdgeIx::new);
            Level { rows: Arc::new(some.map(|edge| RowIx::edge(edge, end(&heap, edge))).collect()), ..of }
        };
        let meter = Meter::default();
        let references = References::of(&heap, heap.root(), &meter).expect("nobody cancels");
        let retainers = Retainers::new(heap.clone(), None).of(heap.root(), &meter).expect("nobody cancels");
        let levels = [
            Objects::level(heap.clone(), heap.nodes().step_by(heap.node_count() / (LONG + LONG / 8))),
            edges(references, Heap::target),
            edges(retainers, Heap::source),
        ];
        for level in levels {
            for field in ["label", "distance", "selfSize", "retainedSize"] {
                for ascending in [false, true] {
                    let sort = Sort { field, ascending };
                    let list = list(&level, sort);
                    assert!(list.len() > LONG && list.runs.len() == 1);
                    let in_order = |pair: &[RowIx]| list.order.compare(&*list.table, pair[0], pair[1]).is_lt();
                    assert!(list.rows.windows(2).all(in_order), "{:?} {sort:?}", list.table.type_name());
                }
            }
        }
    }
}
