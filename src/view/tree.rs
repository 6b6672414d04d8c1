//! A tree that is only as large as what is open: rows are found by their place, never listed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::list::{self, Item, List};
use super::order::Sort;
use crate::analysis::ignored::Ignored;
use crate::base::ids::NodeIx;
use crate::heap::Heap;

/// Which tree it is: what stands below a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Classes, their objects, the references of these.
    Summary,
    /// References from the root on.
    Containment,
    /// What each object dominates.
    Dominators,
    /// The same with one row for all objects of a class that one object dominates.
    DominatorsByClass,
    /// Who refers to an object, and who to that one.
    Retainers,
}

/// A row in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub item: Item,
    /// 0 for the outermost rows.
    pub depth: usize,
    /// Whether the rows below it are shown.
    pub open: bool,
    /// Whether there are rows below it.
    pub has_children: bool,
    /// Whether the same object stands above it on the way to the root of the tree; such rows do not open.
    pub cycle: bool,
}

/// A lazy tree over a heap. All places are numbers of visible rows, from 0.
#[derive(Debug)]
pub struct Tree {
    kind: Kind,
    sort: Sort,
    root: Branch,
    /// What the Retainers leave out of their distances.
    ignored: Option<Arc<Ignored>>,
}

/// The rows below one row, with those of them that are open.
#[derive(Debug)]
struct Branch {
    list: List,
    open: BTreeMap<usize, Branch>,
    /// Visible rows, at all levels.
    len: usize,
}

impl Branch {
    fn new(list: List) -> Self {
        Branch { len: list.len(), list, open: BTreeMap::new() }
    }

    /// Which row of this level leads to the visible row `at`, and how many rows below it that is (0: itself).
    fn locate(&self, at: usize) -> (usize, usize) {
        // Rows of open branches before the one we look for.
        let mut below = 0;
        for (&index, branch) in &self.open {
            let place = index + below;
            if at <= place {
                break;
            }
            if at <= place + branch.len {
                return (index, at - place);
            }
            below += branch.len;
        }
        (at - below, 0)
    }

    /// The visible place of the row `index` of this level.
    fn place(&self, index: usize) -> usize {
        index + self.open.range(..index).map(|(_, branch)| branch.len).sum::<usize>()
    }
}

impl Tree {
    /// A tree that shows `roots`.
    pub fn new(kind: Kind, roots: List, sort: Sort) -> Self {
        Tree { kind, sort, root: Branch::new(roots), ignored: None }
    }

    /// Containment: the references of the root, or of any object.
    pub fn containment(heap: &Heap, from: NodeIx, sort: Sort) -> Self {
        Tree::new(Kind::Containment, list::containment(heap, from, sort), sort)
    }

    /// Dominators with the objects of a class together.
    pub fn dominators_by_class(heap: &Heap, from: NodeIx, sort: Sort) -> Self {
        Tree::new(Kind::DominatorsByClass, list::dominated_by_class(heap, from, sort), sort)
    }

    /// Dominators: what the root, or any object, dominates.
    pub fn dominators(heap: &Heap, from: NodeIx, sort: Sort) -> Self {
        Tree::new(Kind::Dominators, list::dominators(heap, from, sort), sort)
    }

    /// Retainers of an object, with the nearest path open as in DevTools.
    pub fn retainers(heap: &Heap, of: NodeIx, sort: Sort, ignored: Option<Arc<Ignored>>) -> Self {
        let path = list::retaining_path_without(heap, ignored.as_deref(), of);
        Self::retainers_along(heap, of, sort, ignored, &path)
    }

    /// Retainers of an object, open along `steps`.
    pub fn retainers_along(heap: &Heap, of: NodeIx, sort: Sort, ignored: Option<Arc<Ignored>>, steps: &[Item]) -> Self {
        let roots = list::retainers(heap, of, sort).without(ignored.clone());
        let mut tree = Tree { ignored, ..Tree::new(Kind::Retainers, roots, sort) };
        // The last row of the path stays closed: it is a root, or nothing leads on.
        let mut place = 0;
        for step in steps.iter().take(steps.len().saturating_sub(1)) {
            match tree.root_position_of_child(heap, place, step) {
                Some(found) => {
                    tree.open(heap, found);
                    place = found + 1;
                }
                None => break,
            }
        }
        tree
    }

    /// The visible place of `item` among the rows that begin at `place`.
    fn root_position_of_child(&mut self, heap: &Heap, place: usize, item: &Item) -> Option<usize> {
        let path = self.path(place)?;
        let (branch, start) = self.branch_mut(&path[..path.len() - 1]);
        let index = branch.list.position(heap, item)?;
        Some(start + branch.place(index))
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// What the distances of this tree leave out.
    pub fn ignored(&self) -> Option<&Arc<Ignored>> {
        self.ignored.as_ref()
    }

    /// How many rows are visible.
    pub fn len(&self) -> usize {
        self.root.len
    }

    pub fn is_empty(&self) -> bool {
        self.root.len == 0
    }

    /// The numbers of the rows, level by level, that lead to the visible row `at`.
    fn path(&self, at: usize) -> Option<Vec<usize>> {
        if at >= self.root.len {
            return None;
        }
        let mut path = Vec::new();
        let (mut branch, mut at) = (&self.root, at);
        loop {
            let (index, below) = branch.locate(at);
            path.push(index);
            if below == 0 {
                return Some(path);
            }
            branch = &branch.open[&index];
            at = below - 1;
        }
    }

    /// The branch that `path` leads into, with the visible place of its first row.
    fn branch_mut(&mut self, path: &[usize]) -> (&mut Branch, usize) {
        let mut start = 0;
        let mut branch = &mut self.root;
        for index in path {
            start += branch.place(*index) + 1;
            branch = branch.open.get_mut(index).expect("paths lead through open rows");
        }
        (branch, start)
    }

    /// The items from the outermost row down to the visible row `at`.
    pub fn trail(&mut self, heap: &Heap, at: usize) -> Vec<Item> {
        let Some(path) = self.path(at) else { return Vec::new() };
        let mut branch = &mut self.root;
        let mut trail = Vec::with_capacity(path.len());
        for (level, &index) in path.iter().enumerate() {
            trail.push(branch.list.get(heap, index));
            if level + 1 < path.len() {
                branch = branch.open.get_mut(&index).expect("paths lead through open rows");
            }
        }
        trail
    }

    /// The visible row `at`.
    pub fn row(&mut self, heap: &Heap, at: usize) -> Option<Row> {
        let trail = self.trail(heap, at);
        let (&item, above) = trail.split_last()?;
        let path = self.path(at)?;
        let (branch, _) = self.branch_mut(&path[..path.len() - 1]);
        let open = branch.open.contains_key(&path[path.len() - 1]);
        let cycle = item.node().is_some_and(|node| above.iter().any(|other| other.node() == Some(node)));
        Some(Row {
            depth: above.len(),
            open,
            has_children: !cycle && has_children(heap, self.kind, &item),
            cycle,
            item,
        })
    }

    /// The visible rows from `start` on, at most `count`: what a screen shows.
    pub fn rows(&mut self, heap: &Heap, start: usize, count: usize) -> Vec<Row> {
        (start..self.len().min(start.saturating_add(count))).filter_map(|at| self.row(heap, at)).collect()
    }

    /// Shows the rows below row `at`; how many have come.
    pub fn open(&mut self, heap: &Heap, at: usize) -> usize {
        let Some(row) = self.row(heap, at) else { return 0 };
        if row.open || !row.has_children {
            return 0;
        }
        let mut below = children(heap, self.kind, &row.item, self.sort);
        if self.kind == Kind::Retainers && self.ignored.is_some() {
            below = below.without(self.ignored.clone());
        }
        let Some(path) = self.path(at) else { return 0 };
        let added = below.len();
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        self.branch_mut(above).0.open.insert(index, Branch::new(below));
        self.grow(above, added as isize);
        added
    }

    /// Hides the rows below row `at`; how many have gone.
    pub fn close(&mut self, at: usize) -> usize {
        let Some(path) = self.path(at) else { return 0 };
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let Some(gone) = self.branch_mut(above).0.open.remove(&index) else { return 0 };
        self.grow(above, -(gone.len as isize));
        gone.len
    }

    /// Shows the rows below all rows of the level of row `at`, from the first on, as long as `go_on` says so. Returns
    /// the place of row `at` afterwards and whether all are open.
    pub fn open_level(&mut self, heap: &Heap, at: usize, mut go_on: impl FnMut() -> bool) -> (usize, bool) {
        let Some(path) = self.path(at) else { return (at, true) };
        let (own, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let rows = self.branch_mut(above).0.list.len();
        let mut next = 0;
        while next < rows && go_on() {
            let (branch, start) = self.branch_mut(above);
            if !branch.open.contains_key(&next) {
                let place = start + branch.place(next);
                self.open(heap, place);
            }
            next += 1;
        }
        let (branch, start) = self.branch_mut(above);
        (start + branch.place(own), next == rows)
    }

    /// Hides the rows below all rows of the level of row `at`; the place of that row afterwards.
    pub fn close_level(&mut self, at: usize) -> usize {
        let Some(path) = self.path(at) else { return at };
        let (own, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let (branch, start) = self.branch_mut(above);
        let gone: usize = std::mem::take(&mut branch.open).values().map(|below| below.len).sum();
        self.grow(above, -(gone as isize));
        start + own
    }

    /// Opens what hides the innermost row of `trail`; its visible place, or nothing when the tree does not have it.
    pub fn reveal(&mut self, heap: &Heap, trail: &[Item]) -> Option<usize> {
        for level in 1..=trail.len() {
            let place = self.find_trail(heap, &trail[..level]);
            let row = self.row(heap, place)?;
            if row.depth + 1 != level || !row.item.is_same(&trail[level - 1]) {
                return None;
            }
            if level == trail.len() {
                return Some(place);
            }
            self.open(heap, place);
        }
        None
    }

    /// Changes the number of visible rows of every branch on the way to where `path` leads.
    fn grow(&mut self, path: &[usize], by: isize) {
        let mut branch = &mut self.root;
        branch.len = branch.len.wrapping_add_signed(by);
        for index in path {
            branch = branch.open.get_mut(index).expect("paths lead through open rows");
            branch.len = branch.len.wrapping_add_signed(by);
        }
    }

    /// The visible place of the row above row `at`; nothing for the outermost.
    pub fn parent(&self, at: usize) -> Option<usize> {
        let path = self.path(at)?;
        let mut place = None;
        let (mut branch, mut start) = (&self.root, 0);
        for index in &path[..path.len() - 1] {
            let here = start + branch.place(*index);
            place = Some(here);
            branch = &branch.open[index];
            start = here + 1;
        }
        place
    }

    /// Sorts all levels anew and keeps open what is open. `follow` is a visible row; its place afterwards is returned.
    pub fn set_sort(&mut self, heap: &Heap, sort: Sort, roots: List, follow: usize) -> usize {
        let trail = self.trail(heap, follow);
        let old = std::mem::replace(&mut self.root, Branch::new(List::new(Vec::new(), sort)));
        self.sort = sort;
        self.root = reopen(heap, sort, roots, old);
        self.find_trail(heap, &trail)
    }

    /// The visible place of the innermost row of `trail` that is still visible, or 0.
    pub fn find_trail(&mut self, heap: &Heap, trail: &[Item]) -> usize {
        let (mut place, mut start) = (0, 0);
        let mut branch = &mut self.root;
        for item in trail {
            let Some(index) = branch.list.position(heap, item) else { break };
            place = start + branch.place(index);
            start = place + 1;
            match branch.open.get_mut(&index) {
                Some(next) => branch = next,
                None => break,
            }
        }
        place
    }
}

/// The same rows in another order; what is open stays open.
fn rebuild(heap: &Heap, sort: Sort, old: Branch) -> Branch {
    if old.open.is_empty() {
        return Branch::new(old.list.sorted_by(sort));
    }
    reopen(heap, sort, old.list.clone().sorted_by(sort), old)
}

/// A branch over `list` in which the rows are open that are open in `old`.
fn reopen(heap: &Heap, sort: Sort, list: List, mut old: Branch) -> Branch {
    let mut branch = Branch::new(list);
    let open = std::mem::take(&mut old.open);
    let items: Vec<Item> = open.keys().map(|&index| old.list.get(heap, index)).collect();
    let places = branch.list.positions(heap, &items);
    for (below, place) in open.into_values().zip(places) {
        let Some(place) = place else { continue };
        let below = rebuild(heap, sort, below);
        branch.len += below.len;
        branch.open.insert(place, below);
    }
    branch
}

/// The rows below a row.
pub fn children(heap: &Heap, kind: Kind, item: &Item, sort: Sort) -> List {
    match (kind, *item) {
        (Kind::DominatorsByClass, Item::Class(aggregate)) => list::dominated_of_class(heap, &aggregate, sort),
        (Kind::DominatorsByClass, Item::Object(node)) => list::dominated_by_class(heap, node, sort),
        (_, Item::Class(aggregate)) => list::instances(heap, aggregate.class, sort),
        (Kind::Dominators, Item::Object(node)) => list::dominated(heap, node, sort),
        (Kind::Retainers, Item::Object(node) | Item::Retainer { node, .. }) => list::retainers(heap, node, sort),
        (_, Item::Object(node) | Item::Reference { node, .. } | Item::Retainer { node, .. }) => {
            list::references(heap, node, sort)
        }
    }
}

fn has_children(heap: &Heap, kind: Kind, item: &Item) -> bool {
    match (kind, item.node()) {
        (_, None) => true,
        (Kind::Dominators | Kind::DominatorsByClass, Some(node)) => {
            heap.dominators().is_some_and(|dominators| dominators.has_children(node))
        }
        (Kind::Retainers, Some(node)) => heap.shown_retainers(node).next().is_some(),
        (_, Some(node)) => heap.shown_edges(node).next().is_some(),
    }
}
