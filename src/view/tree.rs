//! A tree that is only as large as what is open: rows are found by their place, never listed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::label::Piece;
use super::list::List;
use super::row::RowIx;
use super::spec::Sort;
use super::table::{AnyTable, Inner, Level};
use super::tables::inside;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// A row in its place.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) table: Arc<dyn AnyTable>,
    pub(crate) row: RowIx,
    /// 0 for the outermost rows.
    pub(crate) depth: usize,
    /// Whether the rows below it are shown.
    pub(crate) open: bool,
    /// Whether there are rows below it.
    pub(crate) has_children: bool,
    /// Whether the same object stands above it on the way to the root of the tree; such rows do not open.
    pub(crate) cycle: bool,
}

impl Row {
    /// The snapshot that the object of the row is in: below what is gone in a comparison, the base.
    pub(crate) fn heap(&self) -> &Arc<Heap> {
        self.table.heap_of(self.row)
    }

    pub(crate) fn node(&self) -> Option<NodeIx> {
        self.table.node(self.row)
    }

    pub(crate) fn label(&self) -> Vec<Piece> {
        self.table.label(self.row)
    }
}

/// A lazy tree of rows. All places are numbers of visible rows, from 0. Ways to rows are the rows of each level, from
/// the outermost on. What can take long looks at a meter and leaves the tree as it was when that says stop.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    sort: Sort,
    /// What stands below objects.
    inner: Inner,
    root: Branch,
    /// Grows with every change of what is visible.
    version: u64,
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
    /// A tree with these outermost rows.
    pub(crate) fn new(level: Level, sort: Sort, meter: &Meter) -> Result<Self> {
        Ok(Tree { sort, inner: Inner::default(), root: Branch::new(List::new(level, sort, meter)?), version: 0 })
    }

    /// The table of the outermost rows.
    pub(crate) fn table(&self) -> &Arc<dyn AnyTable> {
        self.root.list.table()
    }

    /// The outermost rows in no order.
    pub(crate) fn roots(&self) -> &[RowIx] {
        self.root.list.rows()
    }

    /// The outermost rows as a level of their own.
    pub(crate) fn root_level(&self) -> Level {
        self.root.list.level()
    }

    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    /// A number that changes when rows open, close or change places. Trees that are made of each other have numbers of
    /// one row; others may be equal.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// How many rows are visible.
    pub(crate) fn len(&self) -> usize {
        self.root.len
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

    /// The rows that `path` leads through, each with its table.
    fn way(&mut self, path: &[usize]) -> Vec<(Arc<dyn AnyTable>, RowIx)> {
        let mut branch = &mut self.root;
        let mut way = Vec::with_capacity(path.len());
        for (level, &index) in path.iter().enumerate() {
            way.push((branch.list.table().clone(), branch.list.get(index)));
            if level + 1 < path.len() {
                branch = branch.open.get_mut(&index).expect("paths lead through open rows");
            }
        }
        way
    }

    /// The rows from the outermost down to the visible row `at`.
    pub(crate) fn trail(&mut self, at: usize) -> Vec<RowIx> {
        self.way_to(at).into_iter().map(|(_, row)| row).collect()
    }

    /// [`Tree::trail`] with the table of each row.
    pub(crate) fn way_to(&mut self, at: usize) -> Vec<(Arc<dyn AnyTable>, RowIx)> {
        self.path(at).map_or_else(Vec::new, |path| self.way(&path))
    }

    /// The visible row `at`.
    pub(crate) fn row(&mut self, at: usize) -> Option<Row> {
        let path = self.path(at)?;
        let way = self.way(&path);
        let ((table, row), above) = way.split_last()?;
        let (branch, _) = self.branch_mut(&path[..path.len() - 1]);
        let open = branch.open.contains_key(&path[path.len() - 1]);
        let node = table.node(*row);
        let cycle = node.is_some() && above.iter().any(|(table, row)| table.node(*row) == node);
        let has_children = !cycle && inside::has_below_row(table, *row, self.inner);
        Some(Row { table: table.clone(), row: *row, depth: above.len(), open, has_children, cycle })
    }

    /// The visible rows from `start` on, at most `count`: what a screen shows.
    pub(crate) fn rows(&mut self, start: usize, count: usize) -> Vec<Row> {
        (start..self.len().min(start.saturating_add(count))).filter_map(|at| self.row(at)).collect()
    }

    /// Shows the rows below row `at`; how many have come.
    pub(crate) fn open(&mut self, at: usize, meter: &Meter) -> Result<usize> {
        let (Some(row), Some(path)) = (self.row(at), self.path(at)) else { return Ok(0) };
        if row.open || !row.has_children {
            return Ok(0);
        }
        let below = List::new(inside::below_row(&row.table, row.row, self.inner, meter)?, self.sort, meter)?;
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let added = below.len();
        self.branch_mut(above).0.open.insert(index, Branch::new(below));
        self.grow(above, added as isize);
        Ok(added)
    }

    /// Hides the rows below row `at`; how many have gone.
    pub(crate) fn close(&mut self, at: usize) -> usize {
        let Some(path) = self.path(at) else { return 0 };
        let (index, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let Some(gone) = self.branch_mut(above).0.open.remove(&index) else { return 0 };
        self.grow(above, -(gone.len as isize));
        gone.len
    }

    /// Shows the rows below all rows of the level of row `at`, the first ones until `most` of them have been opened.
    /// Returns how many that were, and whether all are open. (Finding a row means passing the open ones before it.)
    pub(crate) fn open_level(&mut self, at: usize, most: usize, meter: &Meter) -> Result<(usize, bool)> {
        let Some(path) = self.path(at) else { return Ok((0, true)) };
        let above = &path[..path.len() - 1];
        let above_nodes: Vec<NodeIx> = self.way(above).iter().filter_map(|(table, row)| table.node(*row)).collect();
        let (sort, inner) = (self.sort, self.inner);
        let (branch, _) = self.branch_mut(above);
        let table = branch.list.table().clone();
        let rows = branch.list.len();
        // Rows are counted, not what it takes to put those below each into order.
        meter.set_total(rows as u64);
        let within = meter.within();
        let (mut opened, mut added, mut all) = (0, 0, true);
        for next in 0..rows {
            if opened >= most {
                all = false;
                break;
            }
            meter.check_at(next)?;
            meter.add_done(1);
            if branch.open.contains_key(&next) {
                continue;
            }
            let row = branch.list.get(next);
            let is_cycle = table.node(row).is_some_and(|node| above_nodes.contains(&node));
            if is_cycle || !inside::has_below_row(&table, row, inner) {
                continue;
            }
            meter.check()?;
            let below = List::new(inside::below_row(&table, row, inner, &within)?, sort, &within)?;
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
    pub(crate) fn close_level(&mut self, at: usize) -> usize {
        let Some(path) = self.path(at) else { return at };
        let (own, above) = (path[path.len() - 1], &path[..path.len() - 1]);
        let (branch, start) = self.branch_mut(above);
        let gone: usize = std::mem::take(&mut branch.open).values().map(|below| below.len).sum();
        self.grow(above, -(gone as isize));
        start + own
    }

    /// Opens what hides the innermost row of `trail`; its visible place, or nothing when the tree does not have it.
    pub(crate) fn reveal(&mut self, trail: &[RowIx], meter: &Meter) -> Result<Option<usize>> {
        let place = self.open_down(trail, trail.len().saturating_sub(1), meter)?;
        Ok(place.filter(|&(found, _)| found == trail.len()).map(|(_, place)| place))
    }

    /// Opens the rows of `trail` one below the other, as far as they are there.
    pub(crate) fn open_along(&mut self, trail: &[RowIx], meter: &Meter) -> Result<()> {
        self.open_down(trail, trail.len(), meter).map(drop)
    }

    /// Opens the first `most` rows of `trail` one below the other. Returns how many rows of it are there, and the
    /// visible place of the innermost of them. Each level is looked at once: trails can be as deep as a tree.
    fn open_down(&mut self, trail: &[RowIx], most: usize, meter: &Meter) -> Result<Option<(usize, usize)>> {
        let (sort, inner) = (self.sort, self.inner);
        let mut path = Vec::with_capacity(trail.len());
        // Rows that have come below each row of the path.
        let mut added = Vec::with_capacity(trail.len());
        let mut above: FxHashSet<NodeIx> = FxHashSet::default();
        let (mut place, mut start, mut is_stopped) = (None, 0, Ok(()));
        let mut branch = &mut self.root;
        for &row in trail {
            let Some(index) = branch.list.position(row) else { break };
            let here = start + branch.place(index);
            place = Some((path.len() + 1, here));
            let table = branch.list.table().clone();
            let node = table.node(row);
            let is_cycle = node.is_some_and(|node| above.contains(&node));
            let mut come = 0;
            if path.len() < most
                && !is_cycle
                && !branch.open.contains_key(&index)
                && inside::has_below_row(&table, row, inner)
            {
                match inside::below_row(&table, row, inner, meter).and_then(|below| List::new(below, sort, meter)) {
                    Ok(list) => {
                        come = list.len();
                        branch.open.insert(index, Branch::new(list));
                    }
                    Err(error) => {
                        is_stopped = Err(error);
                        break;
                    }
                }
            }
            above.extend(node);
            path.push(index);
            added.push(come);
            start = here + 1;
            match branch.open.get_mut(&index) {
                Some(next) => branch = next,
                None => break,
            }
        }
        let mut more: usize = added.iter().sum();
        if more > 0 {
            self.version += 1;
        }
        let mut branch = &mut self.root;
        for (index, come) in path.iter().zip(added) {
            branch.len += more;
            more -= come;
            if more == 0 {
                break;
            }
            branch = branch.open.get_mut(index).expect("paths lead through open rows");
        }
        is_stopped.map(|()| place)
    }

    /// Changes the number of visible rows of every branch on the way to where `path` leads.
    fn grow(&mut self, path: &[usize], by: isize) {
        self.version += 1;
        let mut branch = &mut self.root;
        branch.len = branch.len.wrapping_add_signed(by);
        for index in path {
            branch = branch.open.get_mut(index).expect("paths lead through open rows");
            branch.len = branch.len.wrapping_add_signed(by);
        }
    }

    /// The visible place of the row above row `at`; nothing for the outermost.
    pub(crate) fn parent(&self, at: usize) -> Option<usize> {
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

    /// The tree with other outermost rows, of which none is open.
    pub(crate) fn replaced(&self, level: Level, sort: Sort, meter: &Meter) -> Result<Tree> {
        let root = Branch::new(List::new(level, sort, meter)?);
        Ok(Tree { sort, root, version: self.version + 1, inner: self.inner })
    }

    /// The same, but what is open and still there stays open.
    pub(crate) fn refilled(&self, level: Level, sort: Sort, meter: &Meter) -> Result<Tree> {
        let root = reopen(sort, List::new(level, sort, meter)?, self.root.clone(), meter)?;
        Ok(Tree { sort, root, version: self.version + 1, inner: self.inner })
    }

    /// The same rows in another order.
    pub(crate) fn sorted_by(&self, sort: Sort, meter: &Meter) -> Result<Tree> {
        let roots = self.root.list.sorted_by(sort, meter)?;
        let root = reopen(sort, roots, self.root.clone(), meter)?;
        Ok(Tree { sort, root, version: self.version + 1, inner: self.inner })
    }

    /// What stands below objects.
    pub(crate) fn inner(&self) -> Inner {
        self.inner
    }

    /// The same tree before anything is open, with something else below objects.
    pub(crate) fn with_inner(self, inner: Inner) -> Tree {
        Tree { inner, ..self }
    }

    /// The same tree with something else below objects; what was open stays open where it is still there.
    pub(crate) fn turned(&self, inner: Inner, meter: &Meter) -> Result<Tree> {
        let roots = match self.table().inside_of() {
            Some(of) => List::new(inside::below(self.table().heap(), of, inner, meter)?, self.sort, meter)?,
            None => self.root.list.clone(),
        };
        let root = turn(roots, self.root.clone(), (self.sort, inner), meter)?;
        Ok(Tree { sort: self.sort, inner, root, version: self.version + 1 })
    }

    /// The visible place of the innermost row of `way`, rows of another form of this tree, that is visible in this one;
    /// nothing where not even the outermost is.
    pub(crate) fn find_way(&mut self, way: &[(Arc<dyn AnyTable>, RowIx)]) -> Option<usize> {
        let (mut place, mut start) = (None, 0);
        let mut branch = &mut self.root;
        for step in way {
            let Some(index) = Same::in_list(&mut branch.list).place(step) else { break };
            place = Some(start + branch.place(index));
            start = start + branch.place(index) + 1;
            match branch.open.get_mut(&index) {
                Some(next) => branch = next,
                None => break,
            }
        }
        place
    }

    /// The visible place of the innermost row of `trail` that is still visible, or 0.
    pub(crate) fn find_trail(&mut self, trail: &[RowIx]) -> usize {
        let (mut place, mut start) = (0, 0);
        let mut branch = &mut self.root;
        for &row in trail {
            let Some(index) = branch.list.position(row) else { break };
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
    let rows: Vec<RowIx> = open.keys().map(|&index| old.list.get(index)).collect();
    let places = branch.list.positions(&rows);
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

/// A branch over `list` in which the rows are open that are open in `old`, whose rows may be those of another table.
fn turn(list: List, mut old: Branch, how: (Sort, Inner), meter: &Meter) -> Result<Branch> {
    let mut branch = Branch::new(list);
    let open = std::mem::take(&mut old.open);
    if open.is_empty() {
        return Ok(branch);
    }
    let mut same = Same::in_list(&mut branch.list);
    let table = old.list.table().clone();
    let places: Vec<Option<usize>> =
        open.keys().map(|&index| same.place(&(table.clone(), old.list.get(index)))).collect();
    for (below, place) in open.into_values().zip(places) {
        meter.check()?;
        let Some(place) = place else { continue };
        let (table, row) = (branch.list.table().clone(), branch.list.get(place));
        if !inside::has_below_row(&table, row, how.1) {
            continue;
        }
        let list = List::new(inside::below_row(&table, row, how.1, meter)?, how.0, meter)?;
        let below = turn(list, below, how, meter)?;
        branch.len += below.len;
        branch.open.insert(place, below);
    }
    Ok(branch)
}

/// The reference and the object of a row.
type Shown = (Option<EdgeIx>, Option<NodeIx>);

/// Finds rows in a list of the same or of another table: there by their reference and their object.
struct Same<'a> {
    list: &'a mut List,
    /// The places of all rows, once they are needed.
    places: Option<FxHashMap<Shown, usize>>,
}

impl Same<'_> {
    fn in_list(list: &mut List) -> Same<'_> {
        Same { list, places: None }
    }

    fn place(&mut self, (table, row): &(Arc<dyn AnyTable>, RowIx)) -> Option<usize> {
        if table.type_name() == self.list.table().type_name() {
            return self.list.position(*row);
        }
        let own = self.list.table().clone();
        let list = &mut *self.list;
        let places = self.places.get_or_insert_with(|| {
            let rows = list.first(usize::MAX).iter().enumerate();
            rows.rev().map(|(place, &row)| ((own.edge(row), own.node(row)), place)).collect()
        });
        places.get(&(table.edge(*row), table.node(*row))).copied()
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
