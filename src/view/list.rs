//! The rows below one row: found at once, sorted as far as somebody looks.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::order::{self, Sort};
use crate::analysis::aggregates::{self, Aggregate};
use crate::analysis::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
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
}

impl Item {
    /// The object of the row; classes have none.
    pub fn node(&self) -> Option<NodeIx> {
        match *self {
            Item::Class(_) => None,
            Item::Object(node) | Item::Reference { node, .. } | Item::Retainer { node, .. } => Some(node),
        }
    }

    /// The reference of the row.
    pub fn edge(&self) -> Option<EdgeIx> {
        match *self {
            Item::Class(_) | Item::Object(_) => None,
            Item::Reference { edge, .. } | Item::Retainer { edge, .. } => Some(edge),
        }
    }

    /// What tells rows of one list apart.
    fn key(&self) -> Key {
        match *self {
            Item::Class(row) => Key::Class(row.class),
            Item::Object(node) => Key::Node(node),
            Item::Reference { edge, .. } | Item::Retainer { edge, .. } => Key::Edge(edge),
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
}

/// Rows that get their order when they are looked at.
///
/// Sorting a million references takes the better part of a second, finding the hundred around any place a few
/// milliseconds: only what is looked at gets sorted, in steps that double.
#[derive(Debug, Clone)]
pub struct List {
    items: Vec<Item>,
    /// Start and end of each sorted run. The rows between two runs are those that belong there, in any order.
    runs: BTreeMap<usize, usize>,
    sort: Sort,
    /// What lists of retainers leave out of their distances.
    ignored: Option<Arc<Ignored>>,
}

/// The least that is sorted at once: more rows than a screen has.
const FIRST_STEP: usize = 256;

impl List {
    pub fn new(items: Vec<Item>, sort: Sort) -> Self {
        List { items, runs: BTreeMap::new(), sort, ignored: None }
    }

    /// The same rows in another order.
    pub fn sorted_by(self, sort: Sort) -> Self {
        if sort == self.sort { self } else { List { ignored: self.ignored, ..List::new(self.items, sort) } }
    }

    /// The same rows, ordered by the distances that they have without what is ignored.
    pub fn without(self, ignored: Option<Arc<Ignored>>) -> Self {
        List { ignored, ..List::new(self.items, self.sort) }
    }

    fn compare(&self, heap: &Heap, a: &Item, b: &Item) -> Ordering {
        compare(heap, self.ignored.as_deref(), self.sort, a, b)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The row at `index`.
    pub fn get(&mut self, heap: &Heap, index: usize) -> Item {
        self.sort_range(heap, index, index + 1);
        self.items[index]
    }

    /// The first `count` rows (all for a larger number).
    pub fn first(&mut self, heap: &Heap, count: usize) -> &[Item] {
        let count = count.min(self.items.len());
        self.sort_range(heap, 0, count);
        &self.items[..count]
    }

    /// Where the row for the same thing as `item` stands.
    pub fn position(&mut self, heap: &Heap, item: &Item) -> Option<usize> {
        let own = *self.items.iter().find(|other| other.is_same(item))?;
        let before = self.items.iter().filter(|other| self.compare(heap, other, &own).is_lt()).count();
        self.sort_range(heap, before, before + 1);
        Some(before)
    }

    /// [`List::position`] of many rows: for more than a few it is cheaper to sort everything once.
    pub fn positions(&mut self, heap: &Heap, items: &[Item]) -> Vec<Option<usize>> {
        const FEW: usize = 16;
        if items.len() <= FEW {
            return items.iter().map(|item| self.position(heap, item)).collect();
        }
        let sorted = self.first(heap, usize::MAX);
        let places: FxHashMap<Key, usize> =
            sorted.iter().enumerate().map(|(index, item)| (item.key(), index)).collect();
        items.iter().map(|item| places.get(&item.key()).copied()).collect()
    }

    /// Sorts what is not sorted yet between two places.
    fn sort_range(&mut self, heap: &Heap, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let before = self.runs.range(..=at).next_back().map(|(&start, &end)| (start, end));
            match before {
                Some((_, run_end)) if at < run_end => at = run_end,
                _ => at = self.sort_around(heap, before, at, end),
            }
        }
    }

    /// Sorts a window around `at`, which lies behind the run `before` and in no other; returns where the window ends.
    fn sort_around(&mut self, heap: &Heap, before: Option<(usize, usize)>, at: usize, end: usize) -> usize {
        let after = self.runs.range(at..).next().map(|(&start, &end)| (start, end));
        let gap = before.map_or(0, |run| run.1)..after.map_or(self.items.len(), |run| run.0);
        let length = |run: Option<(usize, usize)>| run.map_or(0, |(start, end)| end - start);
        let step = FIRST_STEP.max(length(before)).max(length(after)).max(end - at);
        // A few rows at the border of the gap are not worth another search.
        let low = if at - gap.start < step + FIRST_STEP { gap.start } else { at - step };
        let high = if gap.end - at < step + FIRST_STEP { gap.end } else { at + step };
        let (ignored, sort) = (self.ignored.clone(), self.sort);
        let by = |a: &Item, b: &Item| compare(heap, ignored.as_deref(), sort, a, b);
        if low > gap.start {
            self.items[gap.clone()].select_nth_unstable_by(low - gap.start, by);
        }
        if high < gap.end {
            self.items[low..gap.end].select_nth_unstable_by(high - low, by);
        }
        self.items[low..high].sort_unstable_by(by);
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

fn compare(heap: &Heap, ignored: Option<&Ignored>, sort: Sort, a: &Item, b: &Item) -> Ordering {
    match (*a, *b) {
        (Item::Class(a), Item::Class(b)) => order::classes(heap, sort, &a, &b),
        (Item::Object(a), Item::Object(b)) => order::objects(heap, sort, a, b),
        (Item::Reference { edge: a, .. }, Item::Reference { edge: b, .. }) => order::references(heap, sort, a, b),
        (Item::Retainer { edge: a, node: from_a }, Item::Retainer { edge: b, node: from_b }) => {
            order::retainers(heap, ignored, sort, (a, from_a), (b, from_b))
        }
        _ => unreachable!("a list holds rows of one kind"),
    }
}

/// The references of an object: the rows of Containment and below every object.
pub fn references(heap: &Heap, node: NodeIx, sort: Sort) -> List {
    let rows = heap.shown_edges(node).map(|edge| Item::Reference { edge, node: heap.target(edge) });
    List::new(rows.collect(), sort)
}

/// The outermost rows of Containment: the references of an object; the roots where there are several and the object
/// is the first of them.
pub fn containment(heap: &Heap, from: NodeIx, sort: Sort) -> List {
    if from == heap.root() && heap.roots().has_further() {
        return List::new(heap.roots().all().iter().map(|&root| Item::Object(root)).collect(), sort);
    }
    references(heap, from, sort)
}

/// The outermost rows of Dominators: what an object dominates; what only the virtual root does where there are several
/// roots and the object is the first of them.
pub fn dominators(heap: &Heap, from: NodeIx, sort: Sort) -> List {
    if from == heap.root() && heap.roots().has_further() {
        let tops = heap.dominators().into_iter().flat_map(|dominators| dominators.tops());
        return List::new(tops.map(Item::Object).collect(), sort);
    }
    dominated(heap, from, sort)
}

/// The retainers of an object.
pub fn retainers(heap: &Heap, node: NodeIx, sort: Sort) -> List {
    List::new(heap.shown_retainers(node).map(|(edge, node)| Item::Retainer { edge, node }).collect(), sort)
}

/// What an object dominates immediately; empty before the dominators are known.
pub fn dominated(heap: &Heap, node: NodeIx, sort: Sort) -> List {
    let children = heap.dominators().into_iter().flat_map(|dominators| dominators.children(node));
    List::new(children.map(Item::Object).collect(), sort)
}

/// What an object dominates immediately, a row for each class: counts and sizes are sums.
pub fn dominated_by_class(heap: &Heap, node: NodeIx, sort: Sort) -> List {
    let mut groups: FxHashMap<ClassIx, Aggregate> = FxHashMap::default();
    for child in heap.dominators().into_iter().flat_map(|dominators| dominators.children(node)) {
        let class = heap.classes().of(child);
        let (shallow, retained, distance) = (heap.shallow_size(child), heap.retained_size(child), heap.distance(child));
        let group = groups.entry(class).or_insert(Aggregate {
            class,
            first: child,
            count: 0,
            distance,
            shallow: 0,
            retained: None,
        });
        group.first = group.first.min(child);
        group.count += 1;
        group.distance = group.distance.min(distance);
        group.shallow = group.shallow.saturating_add(shallow);
        // Siblings of the dominator tree share nothing, so their sizes add up.
        group.retained = retained.map(|size| size.saturating_add(group.retained.unwrap_or(0)));
    }
    List::new(groups.into_values().map(Item::Class).collect(), sort)
}

/// The objects of a row of [`dominated_by_class`]: they have the dominator of its first object.
pub fn dominated_of_class(heap: &Heap, row: &Aggregate, sort: Sort) -> List {
    let parent = heap.dominators().and_then(|dominators| dominators.chain(row.first).nth(1));
    let siblings = heap.dominators().into_iter().zip(parent).flat_map(|(dominators, node)| dominators.children(node));
    let own = siblings.filter(|&node| heap.classes().of(node) == row.class);
    List::new(own.map(Item::Object).collect(), sort)
}

/// The objects below a class row.
pub fn instances(heap: &Heap, class: ClassIx, sort: Sort) -> List {
    List::new(aggregates::members(heap, class).into_iter().map(Item::Object).collect(), sort)
}

/// The retainers that the Retainers pane opens by itself: always the first, until a root. Source:
/// HeapSnapshotGridNodes.ts, `expandRetainersChain`.
pub fn retaining_path(heap: &Heap, node: NodeIx) -> Vec<Item> {
    retaining_path_without(heap, None, node)
}

/// [`retaining_path`] that keeps out of what is ignored, as far as there is another way.
pub fn retaining_path_without(heap: &Heap, ignored: Option<&Ignored>, node: NodeIx) -> Vec<Item> {
    const MOST_STEPS: usize = 19;
    let mut path = Vec::new();
    let mut node = node;
    while path.len() < MOST_STEPS {
        let best = heap.shown_retainers(node).min_by(|&a, &b| order::retainers(heap, ignored, Sort::BY_DISTANCE, a, b));
        let Some((edge, from)) = best else { break };
        path.push(Item::Retainer { edge, node: from });
        let distance = order::distance_without(heap, ignored, edge, from);
        if distance <= 1 || distance >= crate::index::UNREACHABLE_DISTANCE {
            break;
        }
        node = from;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Input, LoadOptions, load};
    use crate::input::Options;

    #[test]
    fn rows_are_the_same_in_whatever_order_somebody_looks() {
        let demo = include_bytes!("../../assets/demo.heapsnapshot.zst");
        let options = LoadOptions::new(Input::Bundled(demo), Options::default());
        let heap = load(&options, &Default::default(), &mut |_| {}).expect("the bundled snapshot is whole");
        let items: Vec<Item> = heap.nodes().take(20_000).map(Item::Object).collect();
        for sort in [Sort::BY_RETAINED, Sort::BY_DISTANCE] {
            let mut sorted = items.clone();
            sorted.sort_by(|a, b| compare(&heap, None, sort, a, b));
            let mut list = List::new(items.clone(), sort);
            // Jumps all over the list, then page by page.
            for step in 0..60 {
                let index = step * 7919 % items.len();
                assert_eq!(list.get(&heap, index), sorted[index]);
            }
            assert_eq!(list.position(&heap, &sorted[12_345]), Some(12_345));
            let some: Vec<Item> = (0..40).map(|step| sorted[step * 99]).collect();
            let places: Vec<_> = (0..40).map(|step| Some(step * 99)).collect();
            assert_eq!(List::new(items.clone(), sort).positions(&heap, &some), places);
            assert!(list.runs.values().zip(list.runs.keys().skip(1)).all(|(end, start)| end < start));
            for index in (0..items.len()).rev().chain(0..items.len()) {
                assert_eq!(list.get(&heap, index), sorted[index]);
            }
            assert_eq!(list.runs.len(), 1);
            assert_eq!(list.first(&heap, usize::MAX), sorted);
        }
    }
}
