//! Who refers to an object, and who to that one.
//!
//! Source: HeapSnapshot.ts, `HeapSnapshotEdgesProvider.sort`, `getDistanceForRetainersView`; HeapSnapshotGridNodes.ts,
//! `expandRetainersChain`.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::of_objects::{OfObjects, OfReferences, columns, fades, text_of};
use super::references::settled_by_name;
use crate::analysis::ignored::Ignored;
use crate::analysis::ways::{self, Path, Step, Ways};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::{CHECK_EVERY, Meter};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, UNREACHABLE_DISTANCE};
use crate::view::cell::Cell;
use crate::view::chain::{Fold, Folds};
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece};
use crate::view::order;
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{AnyTable, Facts, Level, Table};

#[derive(Debug, Clone)]
pub(crate) struct Retainers {
    heap: Arc<Heap>,
    /// What distances leave out.
    ignored: Option<Arc<Ignored>>,
    /// Links of the open path that one row stands for: it bears their first reference and their last object.
    folds: Arc<Folds>,
}

impl Retainers {
    pub(crate) fn new(heap: Arc<Heap>, ignored: Option<Arc<Ignored>>) -> Retainers {
        Retainers { heap, ignored, folds: Arc::default() }
    }

    /// The same retainers with some links of a path folded.
    pub(crate) fn folded(self, folds: Folds) -> Retainers {
        Retainers { folds: Arc::new(folds), ..self }
    }

    fn fold(&self, row: RowIx) -> Option<&Fold> {
        self.folds.get(self.reference(row)).filter(|fold| fold.last == self.object(row))
    }

    /// The retainers of an object; none before retainers are known.
    pub(crate) fn of(&self, node: NodeIx, meter: &Meter) -> Result<Level> {
        let mut rows = Vec::new();
        for (count, (edge, from)) in self.heap.shown_retainers(node).enumerate() {
            meter.check_at(count)?;
            rows.push(RowIx::edge(edge, self.folds.get(edge).map_or(from, |fold| fold.last)));
        }
        Ok(Level::new(self.clone(), rows))
    }

    /// The table alone, for rows that are known already.
    pub(crate) fn table(&self) -> Arc<dyn AnyTable> {
        Arc::new(self.clone())
    }

    /// The row of a retainer.
    pub(crate) fn row(edge: EdgeIx, node: NodeIx) -> RowIx {
        RowIx::edge(edge, node)
    }

    pub(crate) fn ignored(&self) -> Option<&Ignored> {
        self.ignored.as_deref()
    }

    /// The references over which something can be alive.
    pub(crate) fn ways(&self) -> Ways<'_> {
        Ways { heap: &self.heap, ignored: self.ignored.as_deref() }
    }

    /// The distance that the Retainers show for the owner of `edge`: what nothing reaches goes to the end.
    pub(crate) fn distance_of(&self, edge: EdgeIx, node: NodeIx) -> i32 {
        match (&self.ignored, self.heap.distance(node)) {
            (Some(ignored), _) => ignored.distance(&self.heap, edge, node),
            (None, Some(NO_DISTANCE)) => UNREACHABLE_DISTANCE,
            (None, distance) => distance.unwrap_or(0),
        }
    }

    /// Whether it is a root, or a root refers to it. Nothing else needs to hold it.
    pub(crate) fn is_held_by_root(&self, node: NodeIx) -> bool {
        let distance = match &self.ignored {
            Some(ignored) => Some(ignored.distance_of(node)),
            None => self.heap.distance(node),
        };
        distance.is_some_and(|distance| (0..=1).contains(&distance))
    }

    /// The nearest way from an object to a root, all of it; none for what a root holds: a cycle through it is no reason to
    /// be alive. Where there is no way but over what is ignored, or none at all, as far as the first retainers lead.
    pub(crate) fn path_to_root(&self, node: NodeIx, meter: &Meter) -> Result<Path> {
        if let Some(path) = self.ways().shortest(node, meter)? {
            return Ok(path);
        }
        let is_ignored = |node| self.ignored.as_ref().is_some_and(|ignored| ignored.contains(node));
        let mut seen = FxHashSet::default();
        let order = |a: Step, b: Step| is_ignored(a.1).cmp(&is_ignored(b.1)).then_with(|| self.nearer(a, b));
        FirstRetainers { retainers: self, meter, order }.path(node, |node, _| seen.insert(node))
    }

    /// The retainers that DevTools opens by itself from an object on: always the first, until a root. Keeps out of what is
    /// ignored as far as there is another way.
    pub(crate) fn nearest_path(&self, node: NodeIx, meter: &Meter) -> Result<Path> {
        const MOST_STEPS: usize = 19;
        let order = |a, b| self.nearer(a, b);
        FirstRetainers { retainers: self, meter, order }.path(node, |_, steps| steps < MOST_STEPS)
    }

    /// The order of [`Sort::BY_DISTANCE`].
    fn nearer(&self, a: Step, b: Step) -> Ordering {
        let with_distance = |step: Step| (self.distance_of(step.0, step.1), step);
        ways::nearer(&self.heap, with_distance(a), with_distance(b))
    }
}

/// Walks over the retainers that stand first in an order.
struct FirstRetainers<'a, O> {
    retainers: &'a Retainers,
    meter: &'a Meter,
    order: O,
}

impl<O: Fn(Step, Step) -> Ordering> FirstRetainers<'_, O> {
    /// Goes from an object to its first retainer and on, until a root, as long as `goes_on` says so of the
    /// object and of how many steps there are.
    fn path(&self, node: NodeIx, mut goes_on: impl FnMut(NodeIx, usize) -> bool) -> Result<Path> {
        let FirstRetainers { retainers, meter, order } = self;
        let mut path = Vec::new();
        let mut node = node;
        let mut looked_at: usize = 0;
        while goes_on(node, path.len()) {
            let mut best = None;
            for retainer in retainers.heap.shown_retainers(node) {
                // Comparing names takes long, so this looks at the meter more often than others.
                looked_at += CHECK_EVERY / 4096;
                meter.check_at(looked_at)?;
                if best.is_none_or(|best| order(retainer, best).is_lt()) {
                    best = Some(retainer);
                }
            }
            let Some((edge, from)) = best else { break };
            path.push((edge, from));
            let distance = retainers.distance_of(edge, from);
            if distance <= 1 || distance >= UNREACHABLE_DISTANCE {
                break;
            }
            node = from;
        }
        Ok(path)
    }
}

impl Table for Retainers {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_DISTANCE);
    const COLUMNS: &'static [Column<Self>] = &[
        columns::edge_name(),
        columns::edge_type(),
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        columns::distance(),
        columns::shallow(),
        columns::retained(),
        columns::edge_label(),
        Column::field("ignored", |table: &Self, row| match &table.ignored {
            Some(ignored) => Cell::Flag(ignored.contains(table.object(row))),
            None => Cell::Absent,
        }),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        match self.fold(row) {
            Some(fold) => label::folded(&self.heap, fold),
            None => label::retainer(&self.heap, self.reference(row), self.object(row)),
        }
    }

    /// The later edge first.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        self.reference(b).cmp(&self.reference(a))
    }

    fn compare(&self, by: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let heap = &*self.heap;
        let names = || order::edge_names(heap, self.reference(a), self.reference(b));
        let cells = || by.cells(self, a, b);
        let order = match by.column.spec.show {
            Show::Distance => cells().then_with(|| order::names(heap, self.object(a), self.object(b))),
            Show::Label => by
                .apply(names())
                .then_with(|| order::best_size(heap, self.object(b)).cmp(&order::best_size(heap, self.object(a)))),
            _ => cells().then_with(names),
        };
        order.then_with(|| self.tie(a, b))
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        settled_by_name(&self.heap, spec)
    }

    fn has_below(&self, row: RowIx) -> bool {
        self.heap.shown_retainers(self.object(row)).next().is_some()
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        self.of(self.object(row), meter).map(Some)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn edge(&self, row: RowIx) -> Option<EdgeIx> {
        // The object of folded links is not at the end of their first one.
        self.fold(row).is_none().then(|| self.reference(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        let node = self.object(row);
        if self.ignored.as_ref().is_some_and(|ignored| ignored.contains(node)) {
            return Some("ignored");
        }
        // Of the holder only this reference may be ignored: it lives on.
        if self.ignored.as_ref().is_some_and(|ignored| ignored.cuts(self.reference(row))) {
            return Some("ignored");
        }
        let is_far = || self.distance(row).is_some_and(|distance| distance >= UNREACHABLE_DISTANCE);
        let is_reached = || self.heap.distance(node).is_some_and(|distance| distance != NO_DISTANCE);
        let far = || is_far().then(|| if is_reached() { "would go" } else { "unreachable" });
        fades(&self.heap, node).or_else(far)
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, self.object(row))
    }
}

impl OfObjects for Retainers {
    fn object(&self, row: RowIx) -> NodeIx {
        NodeIx(row.0[1])
    }

    fn distance(&self, row: RowIx) -> Option<i32> {
        self.heap.has_distances().then(|| self.distance_of(self.reference(row), self.object(row)))
    }
}

impl OfReferences for Retainers {
    fn reference(&self, row: RowIx) -> EdgeIx {
        EdgeIx(row.0[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::demo;

    #[test]
    fn the_path_that_opens_begins_as_that_of_devtools() {
        let heap = demo();
        let retainers = Retainers::new(heap.clone(), None);
        let meter = Meter::default();
        let mut compared = 0;
        for node in
            heap.nodes().step_by(61).filter(|&node| heap.distance(node).is_some_and(|far| (2..1000).contains(&far)))
        {
            let whole = retainers.path_to_root(node, &meter).expect("nobody cancels");
            let devtools = retainers.nearest_path(node, &meter).expect("nobody cancels");
            assert!(whole.starts_with(&devtools), "@{}", heap.id(node));
            compared += 1;
        }
        assert!(compared > 1000);
    }
}
