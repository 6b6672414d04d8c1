//! A tree that is only as large as what is open: rows are found by their place, never listed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::column::Sort;
use super::list::{Item, List};
use super::source::{Content, Kind, Source, Sums};
use crate::analysis::ignored::Ignored;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// A row in its place.
#[derive(Debug, Clone)]
pub struct Row {
    pub item: Item,
    /// The snapshot that the object of the row is in: below what is gone in a Comparison, the base.
    pub heap: Arc<Heap>,
    /// 0 for the outermost rows.
    pub depth: usize,
    /// Whether the rows below it are shown.
    pub open: bool,
    /// Whether there are rows below it.
    pub has_children: bool,
    /// Whether the same object stands above it on the way to the root of the tree; such rows do not open.
    pub cycle: bool,
}

/// A lazy tree over a heap. All places are numbers of visible rows, from 0. What can take long looks at a meter and
/// leaves the tree as it was when that says stop.
#[derive(Debug, Clone)]
pub struct Tree {
    source: Source,
    sort: Sort,
    root: Branch,
    /// Of this state of this tree and no other.
    version: u64,
}

/// A number that nothing has had before: trees come and go in one pane, and must not be taken for each other.
fn next_version() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Relaxed)
}

/// The rows below one row, with those of them that are open.
#[derive(Debug, Clone)]
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
    /// A tree that shows `roots`, rows of `source`.
    pub fn new(source: Source, roots: List, sort: Sort) -> Self {
        Tree { source, sort, root: Branch::new(roots), version: next_version() }
    }

    /// A tree of what `source` has: all, or what stands below the object `from`.
    pub fn of(source: Source, from: Option<NodeIx>, sort: Sort, meter: &Meter) -> Result<Self> {
        let roots = source.roots(from, sort, meter)?;
        Ok(Tree::new(source, roots, sort))
    }

    /// Retainers of an object, open along `steps`.
    pub fn retainers_along(
        heap: Arc<Heap>,
        of: NodeIx,
        ignored: Option<Arc<Ignored>>,
        steps: &[Item],
        meter: &Meter,
    ) -> Result<Self> {
        let source = Source::new(heap, Content::Retainers(ignored));
        let mut tree = Tree::of(source, Some(of), Sort::BY_DISTANCE, meter)?;
        // The last row of the path stays closed: it is a root, or nothing leads on.
        let mut place = 0;
        for step in steps.iter().take(steps.len().saturating_sub(1)) {
            match tree.position_among(place, step) {
                Some(found) => {
                    tree.open(found, meter)?;
                    place = found + 1;
                }
                None => break,
            }
        }
        Ok(tree)
    }

    /// The visible place of `item` among the rows that begin at `place`.
    fn position_among(&mut self, place: usize, item: &Item) -> Option<usize> {
        let path = self.path(place)?;
        let (branch, start) = self.branch_mut(&path[..path.len() - 1]);
        let index = branch.list.position(item)?;
        Some(start + branch.place(index))
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    pub fn kind(&self) -> Kind {
        self.source.kind()
    }

    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// A number that changes when rows open, close or change places, and that only copies of this tree share.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many rows are visible.
    pub fn len(&self) -> usize {
        self.root.len
    }

    pub fn is_empty(&self) -> bool {
        self.root.len == 0
    }

    /// How many of the rows are outermost ones.
    pub fn root_count(&self) -> usize {
        self.root.list.len()
    }

    /// What the outermost rows add up to.
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        self.root.list.items().for_each(|item| self.source.add(&item, &mut sums));
        sums
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
    pub fn trail(&mut self, at: usize) -> Vec<Item> {
        let Some(path) = self.path(at) else { return Vec::new() };
        let mut branch = &mut self.root;
        let mut trail = Vec::with_capacity(path.len());
        for (level, &index) in path.iter().enumerate() {
            trail.push(branch.list.get(index));
            if level + 1 < path.len() {
                branch = branch.open.get_mut(&index).expect("paths lead through open rows");
            }
        }
        trail
    }

    /// The item of the visible row `at`, with the heap that its object is in.
    pub fn item(&mut self, at: usize) -> Option<(Item, Arc<Heap>)> {
        let path = self.path(at)?;
        let (branch, _) = self.branch_mut(&path[..path.len() - 1]);
        let item = branch.list.get(path[path.len() - 1]);
        let heap = branch.list.source().heap_of(&item).clone();
        Some((item, heap))
    }

    /// The visible row `at`.
    pub fn row(&mut self, at: usize) -> Option<Row> {
        let trail = self.trail(at);
        let (&item, above) = trail.split_last()?;
        let path = self.path(at)?;
        let (branch, _) = self.branch_mut(&path[..path.len() - 1]);
        let open = branch.open.contains_key(&path[path.len() - 1]);
        let cycle = item.node().is_some_and(|node| above.iter().any(|other| other.node() == Some(node)));
        let source = branch.list.source();
        let has_children = !cycle && source.has_below(&item);
        let heap = source.heap_of(&item).clone();
        Some(Row { depth: above.len(), open, has_children, cycle, item, heap })
    }

    /// The visible rows from `start` on, at most `count`: what a screen shows.
    pub fn rows(&mut self, start: usize, count: usize) -> Vec<Row> {
        (start..self.len().min(start.saturating_add(count))).filter_map(|at| self.row(at)).collect()
    }

    /// Shows the rows below row `at`; how many have come.
    pub fn open(&mut self, at: usize, meter: &Meter) -> Result<usize> {
        let (Some(row), Some(path)) = (self.row(at), self.path(at)) else { return Ok(0) };
        if row.open || !row.has_children {
            return Ok(0);
        }
        let sort = self.sort;
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let (branch, _) = self.branch_mut(above);
        let below = branch.list.source().below(&row.item, sort, meter)?;
        let added = below.len();
        branch.open.insert(index, Branch::new(below));
        self.grow(above, added as isize);
        Ok(added)
    }

    /// Hides the rows below row `at`; how many have gone.
    pub fn close(&mut self, at: usize) -> usize {
        let Some(path) = self.path(at) else { return 0 };
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let Some(gone) = self.branch_mut(above).0.open.remove(&index) else { return 0 };
        self.grow(above, -(gone.len as isize));
        gone.len
    }

    /// Shows the rows below all rows of the level of row `at`, the first ones until `most` of them have been opened.
    /// Returns how many that were, and whether all are open. (Finding a row means passing the open ones before it.)
    pub fn open_level(&mut self, at: usize, most: usize, meter: &Meter) -> Result<(usize, bool)> {
        let Some(path) = self.path(at) else { return Ok((0, true)) };
        let above = &path[..path.len() - 1];
        let above_nodes: Vec<NodeIx> = self.trail(at)[..above.len()].iter().filter_map(Item::node).collect();
        let sort = self.sort;
        let (branch, _) = self.branch_mut(above);
        let rows = branch.list.len();
        meter.set_total(rows as u64);
        let (mut opened, mut added, mut all) = (0, 0, true);
        for next in 0..rows {
            if opened >= most {
                all = false;
                break;
            }
            meter.check_at(next)?;
            if branch.open.contains_key(&next) {
                continue;
            }
            let item = branch.list.get(next);
            let is_cycle = item.node().is_some_and(|node| above_nodes.contains(&node));
            if is_cycle || !branch.list.source().has_below(&item) {
                continue;
            }
            meter.check()?;
            let below = branch.list.source().below(&item, sort, meter)?;
            if !below.is_empty() {
                opened += 1;
                added += below.len();
                branch.open.insert(next, Branch::new(below));
            }
        }
        self.grow(above, added as isize);
        Ok((opened, all))
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
    pub fn reveal(&mut self, trail: &[Item], meter: &Meter) -> Result<Option<usize>> {
        for level in 1..=trail.len() {
            let place = self.find_trail(&trail[..level]);
            let Some(row) = self.row(place) else { return Ok(None) };
            if row.depth + 1 != level || !row.item.is_same(&trail[level - 1]) {
                return Ok(None);
            }
            if level == trail.len() {
                return Ok(Some(place));
            }
            self.open(place, meter)?;
        }
        Ok(None)
    }

    /// Changes the number of visible rows of every branch on the way to where `path` leads.
    fn grow(&mut self, path: &[usize], by: isize) {
        self.version = next_version();
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

    /// The same tree with other outermost rows or in another order: what is open and still there stays open.
    pub fn rebuilt(&self, source: Source, roots: List, sort: Sort, meter: &Meter) -> Result<Tree> {
        let root = reopen(sort, roots, self.root.clone(), meter)?;
        Ok(Tree { source, sort, root, version: next_version() })
    }

    /// The same rows in another order.
    pub fn sorted_by(&self, sort: Sort, meter: &Meter) -> Result<Tree> {
        let roots = self.root.list.sorted_by(sort, meter)?;
        self.rebuilt(self.source.clone(), roots, sort, meter)
    }

    /// The visible place of the innermost row of `trail` that is still visible, or 0.
    pub fn find_trail(&mut self, trail: &[Item]) -> usize {
        let (mut place, mut start) = (0, 0);
        let mut branch = &mut self.root;
        for item in trail {
            let Some(index) = branch.list.position(item) else { break };
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

/// A branch over `list` in which the rows are open that are open in `old`.
fn reopen(sort: Sort, list: List, mut old: Branch, meter: &Meter) -> Result<Branch> {
    let mut branch = Branch::new(list);
    let open = std::mem::take(&mut old.open);
    let items: Vec<Item> = open.keys().map(|&index| old.list.get(index)).collect();
    let places = branch.list.positions(&items);
    for (below, place) in open.into_values().zip(places) {
        meter.check()?;
        let Some(place) = place else { continue };
        let list = below.list.sorted_by(sort, meter)?;
        let below = if below.open.is_empty() { Branch::new(list) } else { reopen(sort, list, below, meter)? };
        branch.len += below.len;
        branch.open.insert(place, below);
    }
    Ok(branch)
}
