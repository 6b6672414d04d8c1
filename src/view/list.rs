//! The rows below one row: found at once, sorted as far as somebody looks.

use std::cmp::Ordering;

use super::order::{self, Sort};
use crate::analysis::aggregates::{self, Aggregate};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::heap::Heap;

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

    /// Whether both rows stand for the same thing, even if its numbers have changed since.
    pub fn is_same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Class(a), Item::Class(b)) => a.class == b.class,
            _ => self == other,
        }
    }
}

/// Rows that get their order when they are looked at.
///
/// Sorting a million references takes the better part of a second, finding the first hundred a few milliseconds:
/// the list is sorted from its start in steps that double.
#[derive(Debug, Clone)]
pub struct List {
    items: Vec<Item>,
    sorted: usize,
    sort: Sort,
}

/// The least that is sorted at once: more rows than a screen has.
const FIRST_STEP: usize = 256;

impl List {
    pub fn new(items: Vec<Item>, sort: Sort) -> Self {
        List { items, sorted: 0, sort }
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The row at `index`.
    pub fn get(&mut self, heap: &Heap, index: usize) -> Item {
        self.sort_until(heap, index + 1);
        self.items[index]
    }

    /// The first `count` rows (all for a larger number).
    pub fn first(&mut self, heap: &Heap, count: usize) -> &[Item] {
        let count = count.min(self.items.len());
        self.sort_until(heap, count);
        &self.items[..count]
    }

    /// Where the row for the same thing as `item` stands.
    pub fn position(&mut self, heap: &Heap, item: &Item) -> Option<usize> {
        let own = *self.items.iter().find(|other| other.is_same(item))?;
        let before = self.items.iter().filter(|other| compare(heap, self.sort, other, &own).is_lt()).count();
        self.sort_until(heap, before + 1);
        Some(before)
    }

    fn sort_until(&mut self, heap: &Heap, end: usize) {
        if end <= self.sorted {
            return;
        }
        let end = end.max(self.sorted * 2).max(FIRST_STEP).min(self.items.len());
        let rest = &mut self.items[self.sorted..];
        let step = end - self.sorted;
        let by = |a: &Item, b: &Item| compare(heap, self.sort, a, b);
        if step < rest.len() {
            rest.select_nth_unstable_by(step - 1, by);
        }
        rest[..step].sort_unstable_by(by);
        self.sorted = end;
    }
}

fn compare(heap: &Heap, sort: Sort, a: &Item, b: &Item) -> Ordering {
    match (*a, *b) {
        (Item::Class(a), Item::Class(b)) => order::classes(heap, sort, &a, &b),
        (Item::Object(a), Item::Object(b)) => order::objects(heap, sort, a, b),
        (Item::Reference { edge: a, .. }, Item::Reference { edge: b, .. }) => order::references(heap, sort, a, b),
        (Item::Retainer { edge: a, node: from_a }, Item::Retainer { edge: b, node: from_b }) => {
            order::retainers(heap, sort, (a, from_a), (b, from_b))
        }
        _ => unreachable!("a list holds rows of one kind"),
    }
}

/// The references of an object: the rows of Containment and below every object.
pub fn references(heap: &Heap, node: NodeIx, sort: Sort) -> List {
    let rows = heap.shown_edges(node).map(|edge| Item::Reference { edge, node: heap.target(edge) });
    List::new(rows.collect(), sort)
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

/// The objects below a class row.
pub fn instances(heap: &Heap, class: crate::index::ClassIx, sort: Sort) -> List {
    List::new(aggregates::members(heap, class).into_iter().map(Item::Object).collect(), sort)
}

/// The retainers that the Retainers pane opens by itself: always the first, until a root. Source:
/// HeapSnapshotGridNodes.ts, `expandRetainersChain`.
pub fn retaining_path(heap: &Heap, node: NodeIx) -> Vec<Item> {
    const MOST_STEPS: usize = 19;
    let mut path = Vec::new();
    let mut node = node;
    while path.len() < MOST_STEPS {
        let best = heap.shown_retainers(node).min_by(|&a, &b| order::retainers(heap, Sort::BY_DISTANCE, a, b));
        let Some((edge, from)) = best else { break };
        path.push(Item::Retainer { edge, node: from });
        let distance = order::retainer_distance(heap, from);
        if distance <= 1 || distance >= crate::index::UNREACHABLE_DISTANCE {
            break;
        }
        node = from;
    }
    path
}
