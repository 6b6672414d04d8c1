//! The rows below one row: 8 bytes each, sorted as far as somebody looks, or all at once where there are many.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::column::{self, Column, Sort};
use super::order;
use super::source::{Content, Source};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::allocation::FunctionIx;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::sort::sort as sort_all;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::ClassIx;

/// A row of a tree or table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// A class in the Summary.
    Class(Aggregate),
    /// An object below a class, or in the dominator tree.
    Object(NodeIx),
    /// A reference to an object.
    Reference { edge: EdgeIx, node: NodeIx },
    /// A reference from an object.
    Retainer { edge: EdgeIx, node: NodeIx },
    /// A class in the Comparison: index of [`crate::analysis::compare::Comparison::differences`].
    Difference(u32),
    /// An object of such a class.
    Change(Change),
    /// Strings with one text: index of the groups of the Strings view.
    Text(u32),
    /// A function that has allocated, or a caller of one.
    Function(FunctionIx),
}

/// An object that only one of two compared snapshots has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// A node of the current snapshot.
    New(NodeIx),
    /// A node of the base.
    Gone(NodeIx),
}

impl Item {
    /// The object of the row; classes, texts and functions have none.
    pub fn node(&self) -> Option<NodeIx> {
        match *self {
            Item::Object(node)
            | Item::Reference { node, .. }
            | Item::Retainer { node, .. }
            | Item::Change(Change::New(node) | Change::Gone(node)) => Some(node),
            Item::Class(_) | Item::Difference(_) | Item::Text(_) | Item::Function(_) => None,
        }
    }

    /// The reference of the row.
    pub fn edge(&self) -> Option<EdgeIx> {
        match *self {
            Item::Reference { edge, .. } | Item::Retainer { edge, .. } => Some(edge),
            _ => None,
        }
    }

    /// What tells rows of one list apart.
    fn key(&self) -> Key {
        match *self {
            Item::Class(row) => Key::Class(row.class),
            Item::Object(node) => Key::Node(node),
            Item::Reference { edge, .. } | Item::Retainer { edge, .. } => Key::Edge(edge),
            Item::Difference(index) | Item::Text(index) => Key::Number(index),
            Item::Change(change) => Key::Change(change),
            Item::Function(function) => Key::Function(function),
        }
    }

    /// Whether both rows stand for the same thing, even if its numbers have changed since.
    pub fn is_same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Class(a), Item::Class(b)) => a.class == b.class,
            _ => self == other,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Class(ClassIx),
    Node(NodeIx),
    Edge(EdgeIx),
    Number(u32),
    Change(Change),
    Function(FunctionIx),
}

/// What the two numbers of each row of a list mean.
#[derive(Debug, Clone)]
pub enum Form {
    /// Index of the table.
    Classes(Arc<[Aggregate]>),
    /// A node.
    Objects,
    /// An edge and the node it leads to.
    References,
    /// An edge and the node it leaves.
    Retainers,
    /// Index of a difference.
    Differences,
    /// A node, and 1 for those that are gone.
    Changes,
    /// Index of a group.
    Texts,
    /// A function and its vertex.
    Functions,
}

impl Form {
    /// The order that these rows have when the tree has `sort`.
    fn order(&self, sort: Sort, heap: &Heap) -> Sort {
        let own = if self.columns().contains(&sort.column) { sort } else { Sort::BY_RETAINED };
        // Numbers that arrive while rows are being sorted would turn them over.
        if own.column == Column::Retained && !heap.has_retained_sizes() {
            Sort { column: Column::Shallow, ..own }
        } else {
            own
        }
    }

    /// Lists longer than this are sorted whole: comparing names takes ten times as long as comparing numbers.
    fn long(&self, sort: Sort) -> usize {
        let by_name = match self {
            Form::Retainers => matches!(sort.column, Column::Name | Column::Distance),
            _ => sort.column == Column::Name,
        };
        if by_name { LONG / 8 } else { LONG }
    }

    fn columns(&self) -> &'static [Column] {
        match self {
            Form::Classes(_) => column::OF_CLASSES,
            Form::Objects | Form::References | Form::Retainers => column::OF_OBJECTS,
            Form::Differences | Form::Changes => column::OF_DIFFERENCES,
            Form::Texts => column::OF_TEXTS,
            Form::Functions => column::OF_FUNCTIONS,
        }
    }
}

/// Rows without an order. 8 bytes a row: lists can be as long as the heap.
#[derive(Debug, Clone)]
pub struct Rows {
    pub form: Form,
    pub numbers: Vec<[u32; 2]>,
}

impl Rows {
    pub fn classes(rows: impl Into<Arc<[Aggregate]>>) -> Rows {
        let rows: Arc<[Aggregate]> = rows.into();
        Rows { numbers: (0..rows.len() as u32).map(|index| [index, 0]).collect(), form: Form::Classes(rows) }
    }

    pub fn objects(nodes: impl IntoIterator<Item = NodeIx>) -> Rows {
        Rows { form: Form::Objects, numbers: nodes.into_iter().map(|node| [node.0, 0]).collect() }
    }
}

/// Rows that get their order when they are looked at.
///
/// Sorting a hundred thousand references takes the better part of a blink, finding the hundred around any place a
/// hundredth of that: only what is looked at gets sorted, in steps that double. Lists longer than [`LONG`] are sorted
/// whole when they are made, which can be cancelled; looking at them costs nothing afterwards.
#[derive(Debug, Clone)]
pub struct List {
    source: Source,
    form: Form,
    /// Shared with copies of the tree that somebody searches or sorts in the background.
    rows: Arc<Vec<[u32; 2]>>,
    /// Start and end of each sorted run. The rows between two runs are those that belong there, in any order.
    runs: BTreeMap<usize, usize>,
    sort: Sort,
}

/// Longer lists are sorted whole.
const LONG: usize = 1 << 16;
/// Longer lists are never sorted while somebody waits.
const LONGEST_AT_ONCE: usize = 1 << 18;
/// The least that is sorted at once: more rows than a screen has.
const FIRST_STEP: usize = 256;

impl List {
    /// Rows in an order; one that they do not have is that of [`Sort::BY_RETAINED`].
    pub fn new(source: Source, rows: Rows, sort: Sort, meter: &Meter) -> Result<Self> {
        let Rows { form, mut numbers } = rows;
        // Copying that many alone takes longer than anybody should wait.
        if meter.is_impatient() && numbers.len() > LONGEST_AT_ONCE {
            return Err(Error::Cancelled);
        }
        let own = form.order(sort, &source.heap);
        let mut runs = BTreeMap::new();
        if numbers.len() > form.long(own) {
            let key = |row: &[u32; 2]| key(&source, &form, own, *row);
            sort_all(&mut numbers, key, |a, b| compare(&source, &form, own, *a, *b), meter)?;
            runs.insert(0, numbers.len());
        }
        Ok(List { source, form, rows: Arc::new(numbers), runs, sort: own })
    }

    /// A list without rows.
    pub fn empty(source: Source, sort: Sort) -> Self {
        List { source, form: Form::Objects, rows: Arc::default(), runs: BTreeMap::new(), sort }
    }

    /// The same rows in another order.
    pub fn sorted_by(&self, sort: Sort, meter: &Meter) -> Result<Self> {
        if self.form.order(sort, &self.source.heap) == self.sort {
            return Ok(self.clone());
        }
        if meter.is_impatient() && self.len() > LONGEST_AT_ONCE {
            return Err(Error::Cancelled);
        }
        let rows = Rows { form: self.form.clone(), numbers: self.rows.to_vec() };
        List::new(self.source.clone(), rows, sort, meter)
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn item(&self, index: usize) -> Item {
        let [a, b] = self.rows[index];
        match &self.form {
            Form::Classes(table) => Item::Class(table[a as usize]),
            Form::Objects => Item::Object(NodeIx(a)),
            Form::References => Item::Reference { edge: EdgeIx(a), node: NodeIx(b) },
            Form::Retainers => Item::Retainer { edge: EdgeIx(a), node: NodeIx(b) },
            Form::Differences => Item::Difference(a),
            Form::Changes => Item::Change(change([a, b])),
            Form::Texts => Item::Text(a),
            Form::Functions => Item::Function(FunctionIx { top: a, vertex: b }),
        }
    }

    /// All rows, in no order.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        (0..self.len()).map(|index| self.item(index))
    }

    /// The row at `index`.
    pub fn get(&mut self, index: usize) -> Item {
        self.sort_range(index, index + 1);
        self.item(index)
    }

    /// The first `count` rows (all for a larger number).
    pub fn first(&mut self, count: usize) -> Vec<Item> {
        let count = count.min(self.len());
        self.sort_range(0, count);
        (0..count).map(|index| self.item(index)).collect()
    }

    /// Where the row for the same thing as `item` stands.
    pub fn position(&mut self, item: &Item) -> Option<usize> {
        let own = self.numbers(item)?;
        let order = |row: &[u32; 2]| compare(&self.source, &self.form, self.sort, *row, own);
        if self.runs.get(&0) == Some(&self.len()) {
            return self.rows.binary_search_by(order).ok();
        }
        if !self.rows.contains(&own) {
            return None;
        }
        let before = self.rows.iter().filter(|row| order(row).is_lt()).count();
        self.sort_range(before, before + 1);
        Some(before)
    }

    /// The numbers of the row that stands for the same thing as `item`, if the list can have one.
    fn numbers(&self, item: &Item) -> Option<[u32; 2]> {
        match (*item, &self.form) {
            (Item::Class(row), Form::Classes(table)) => {
                let index = table.iter().position(|other| other.class == row.class)?;
                Some([index as u32, 0])
            }
            (Item::Object(node), Form::Objects) => Some([node.0, 0]),
            (Item::Reference { edge, node }, Form::References) | (Item::Retainer { edge, node }, Form::Retainers) => {
                Some([edge.0, node.0])
            }
            // A place that somebody remembers may be one of another comparison.
            (Item::Difference(index), Form::Differences) | (Item::Text(index), Form::Texts) => {
                ((index as usize) < self.source.root_count()).then_some([index, 0])
            }
            (Item::Change(Change::New(node)), Form::Changes) => Some([node.0, 0]),
            (Item::Change(Change::Gone(node)), Form::Changes) => Some([node.0, 1]),
            (Item::Function(function), Form::Functions) => Some([function.top, function.vertex]),
            _ => None,
        }
    }

    /// [`List::position`] of many rows: for more than a few it is cheaper to sort everything once.
    pub fn positions(&mut self, items: &[Item]) -> Vec<Option<usize>> {
        const FEW: usize = 16;
        if items.len() <= FEW {
            return items.iter().map(|item| self.position(item)).collect();
        }
        self.sort_range(0, self.len());
        let places: FxHashMap<Key, usize> = self.items().enumerate().map(|(index, item)| (item.key(), index)).collect();
        items.iter().map(|item| places.get(&item.key()).copied()).collect()
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
        let (source, form, sort) = (&self.source, &self.form, self.sort);
        let by = |a: &[u32; 2], b: &[u32; 2]| compare(source, form, sort, *a, *b);
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

fn change([node, gone]: [u32; 2]) -> Change {
    if gone == 0 { Change::New(NodeIx(node)) } else { Change::Gone(NodeIx(node)) }
}

fn compare(source: &Source, form: &Form, sort: Sort, a: [u32; 2], b: [u32; 2]) -> Ordering {
    let heap = &*source.heap;
    let nodes = (NodeIx(a[0]), NodeIx(b[0]));
    let edges = (EdgeIx(a[0]), EdgeIx(b[0]));
    let indexes = (a[0] as usize, b[0] as usize);
    match (form, &source.content) {
        (Form::Classes(table), _) => order::classes(heap, sort, &table[indexes.0], &table[indexes.1]),
        (Form::Objects, _) => order::objects(heap, sort, nodes.0, nodes.1),
        (Form::References, _) => order::references(heap, sort, edges.0, edges.1),
        (Form::Retainers, content) => {
            order::retainers(heap, content.ignored(), sort, (edges.0, NodeIx(a[1])), (edges.1, NodeIx(b[1])))
        }
        (Form::Differences, Content::Comparison(comparison)) => {
            order::differences(comparison, sort, indexes.0, indexes.1)
        }
        (Form::Changes, Content::Comparison(comparison)) => order::changes(comparison, sort, change(a), change(b)),
        (Form::Texts, Content::Strings(groups)) => order::texts(heap, groups, sort, indexes.0, indexes.1),
        (Form::Functions, Content::Allocation(functions)) => {
            let function = |[top, vertex]: [u32; 2]| FunctionIx { top, vertex };
            order::functions(heap, functions, sort, function(a), function(b))
        }
        _ => unreachable!("`Source` makes lists of its own content only"),
    }
}

/// A number by which rows stand in the order of `sort` as far as the number tells; 0 for orders that it cannot tell.
fn key(source: &Source, form: &Form, sort: Sort, row: [u32; 2]) -> u64 {
    let heap = &*source.heap;
    let node = match form {
        Form::Objects => NodeIx(row[0]),
        Form::References | Form::Retainers => NodeIx(row[1]),
        _ => return 0,
    };
    let rising = |distance: i32| distance.abs_diff(i32::MIN) as u64;
    let number = match (sort.column, form) {
        (Column::Shallow, _) => heap.shallow_size(node),
        (Column::Retained, _) => heap.retained_size(node).unwrap_or_else(|| heap.shallow_size(node)),
        (Column::Distance, Form::Retainers) => {
            rising(order::distance_without(heap, source.content.ignored(), EdgeIx(row[0]), node))
        }
        (Column::Distance, _) => heap.distance(node).map_or(0, rising),
        _ => return 0,
    };
    if sort.ascending { number } else { !number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Input, LoadOptions, load};
    use crate::input::Options;

    fn demo() -> Arc<Heap> {
        let demo = include_bytes!("../../assets/demo.heapsnapshot.zst");
        let options = LoadOptions::new(Input::Bundled(demo), Options::default());
        load(&options, &Default::default(), &mut |_| {}).expect("the bundled snapshot is whole")
    }

    fn list(heap: &Arc<Heap>, rows: Rows, sort: Sort) -> List {
        let source = Source::new(heap.clone(), Content::Containment);
        List::new(source, rows, sort, &Meter::default()).expect("nobody cancels")
    }

    #[test]
    fn rows_are_the_same_in_whatever_order_somebody_looks() {
        let heap = demo();
        let nodes: Vec<NodeIx> = heap.nodes().take(20_000).collect();
        for sort in [Sort::BY_RETAINED, Sort::BY_DISTANCE] {
            let mut sorted = nodes.clone();
            sorted.sort_by(|&a, &b| order::objects(&heap, sort, a, b));
            let sorted: Vec<Item> = sorted.into_iter().map(Item::Object).collect();
            let mut list = list(&heap, Rows::objects(nodes.clone()), sort);
            let mut other = list.clone();
            // Jumps all over the list, then page by page.
            for step in 0..60 {
                let index = step * 7919 % nodes.len();
                assert_eq!(list.get(index), sorted[index]);
            }
            assert_eq!(list.position(&sorted[12_345]), Some(12_345));
            let some: Vec<Item> = (0..40).map(|step| sorted[step * 99]).collect();
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
        let objects = Rows::objects(heap.nodes());
        let edges = (0..heap.edge_count()).map(EdgeIx::new);
        let references =
            Rows { form: Form::References, numbers: edges.clone().map(|edge| [edge.0, heap.target(edge).0]).collect() };
        let retainers =
            Rows { form: Form::Retainers, numbers: edges.map(|edge| [edge.0, heap.source(edge).0]).collect() };
        for rows in [objects, references, retainers] {
            for column in [Column::Name, Column::Distance, Column::Shallow, Column::Retained] {
                for ascending in [false, true] {
                    let sort = Sort { column, ascending };
                    let list = list(&heap, rows.clone(), sort);
                    assert!(list.len() > LONG && list.runs.len() == 1);
                    let in_order =
                        |pair: &[[u32; 2]]| compare(&list.source, &list.form, sort, pair[0], pair[1]).is_lt();
                    assert!(list.rows.windows(2).all(in_order), "{:?} {sort:?}", list.form);
                }
            }
        }
    }
}
