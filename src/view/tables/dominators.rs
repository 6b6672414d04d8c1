//! What each object dominates: the dominator tree, object by object or with one row for all objects of a class that one
//! object dominates.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::classes::{self, OfClasses, Sums, class_of};
use super::of_objects::{OfObjects, columns, fades, node_of, rows_of, text_of, tie_of_objects};
use crate::analysis::aggregates::Aggregate;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;
use crate::view::column::Column;
use crate::view::label::{self, Piece};
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Facts, Inner, Level, Table};

/// What an object dominates immediately, or of all roots what nothing but them dominates; nothing before the dominators
/// are known.
fn dominated(heap: &Heap, by: Option<NodeIx>, meter: &Meter) -> Result<Vec<NodeIx>> {
    let Some(dominators) = heap.dominators() else { return Ok(Vec::new()) };
    // The first of several roots stands for all of them.
    let is_all = by.is_none_or(|by| by == heap.root());
    let mut nodes = Vec::new();
    let mut add = |node| -> Result<()> {
        meter.check_at(nodes.len())?;
        nodes.push(node);
        Ok(())
    };
    match is_all && heap.roots().has_further() {
        true => dominators.tops().try_for_each(&mut add)?,
        false => dominators.children(by.unwrap_or(heap.root())).try_for_each(&mut add)?,
    }
    Ok(nodes)
}

/// Objects of the dominator tree.
#[derive(Debug)]
pub(crate) struct Dominated {
    heap: Arc<Heap>,
    /// Whether classes stand below each.
    by_class: bool,
}

impl Dominated {
    /// What `by` dominates, all for nothing.
    pub(crate) fn by(heap: &Arc<Heap>, by: Option<NodeIx>, meter: &Meter) -> Result<Level> {
        let nodes = dominated(heap, by, meter)?;
        Ok(Level::new(Dominated { heap: heap.clone(), by_class: false }, rows_of(nodes)))
    }
}

impl Table for Dominated {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &columns::all();

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label::object(&self.heap, node_of(row))
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie_of_objects(&self.heap, a, b)
    }

    fn has_below(&self, row: RowIx, _inner: Inner) -> bool {
        self.heap.dominators().is_some_and(|dominators| dominators.has_children(node_of(row)))
    }

    fn below(&self, row: RowIx, _inner: Inner, meter: &Meter) -> Result<Level> {
        match self.by_class {
            true => DominatedClasses::by(&self.heap, Some(node_of(row)), meter),
            false => Dominated::by(&self.heap, Some(node_of(row)), meter),
        }
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.heap, node_of(row))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, node_of(row))
    }
}

impl OfObjects for Dominated {
    fn object(&self, row: RowIx) -> NodeIx {
        node_of(row)
    }
}

/// What one object dominates immediately, by class. Such objects dominate none of each other, so counts and sizes are
/// sums.
#[derive(Debug)]
pub(crate) struct DominatedClasses {
    sums: Sums,
    by: Option<NodeIx>,
}

impl DominatedClasses {
    pub(crate) fn by(heap: &Arc<Heap>, by: Option<NodeIx>, meter: &Meter) -> Result<Level> {
        let mut groups: FxHashMap<ClassIx, Aggregate> = FxHashMap::default();
        for child in dominated(heap, by, meter)? {
            let class = heap.classes().of(child);
            let retained = heap.retained_size(child);
            match groups.entry(class) {
                Entry::Occupied(mut group) => group.get_mut().add(heap, child),
                Entry::Vacant(place) => {
                    place.insert(Aggregate::of(heap, child));
                }
            }
            let group = groups.get_mut(&class).expect("it has just been put there");
            group.retained = retained.map(|size| size.saturating_add(group.retained.unwrap_or(0)));
        }
        let mut list: Vec<Aggregate> = groups.into_values().collect();
        list.sort_by_key(|sum| sum.first);
        let sums = Sums::new(heap.clone(), list.into());
        let rows = sums.rows();
        Ok(Level::new(DominatedClasses { sums, by }, rows))
    }
}

impl Table for DominatedClasses {
    const FACTS: Facts = classes::FACTS;
    const COLUMNS: &'static [Column<Self>] = &classes::columns();

    fn heap(&self) -> &Arc<Heap> {
        &self.sums.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        classes::label(&self.sums, row)
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        classes::tie(&self.sums, a, b)
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        classes::is_settled(&self.sums, spec)
    }

    fn has(&self, row: RowIx) -> bool {
        classes::has(&self.sums, row)
    }

    fn has_below(&self, _row: RowIx, _inner: Inner) -> bool {
        true
    }

    /// The objects of the class that have the same dominator.
    fn below(&self, row: RowIx, _inner: Inner, meter: &Meter) -> Result<Level> {
        let heap = self.heap();
        let mut nodes = dominated(heap, self.by, meter)?;
        nodes.retain(|&node| heap.classes().of(node) == class_of(row));
        Ok(Level::new(Dominated { heap: heap.clone(), by_class: true }, rows_of(nodes)))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        classes::total(&self.sums, rows)
    }

    fn weight(&self, row: RowIx) -> u64 {
        classes::count_of(&self.sums, row)
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        classes::name(self, row).to_vec()
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        classes::remarks(&self.sums, row)
    }
}

impl OfClasses for DominatedClasses {
    fn sums(&self) -> &Sums {
        &self.sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::view::cell::Cell;

    #[test]
    fn a_class_has_the_sums_of_its_objects_below_it() {
        let graph = Graph::new("r -a-> A[1]; A -x-> B#1[10]; A -y-> B#2[20]; A -z-> C[5]; B#1 -c-> D[7]");
        let level =
            DominatedClasses::by(&graph.heap, Some(graph.node("A")), &Meter::default()).expect("nobody cancels");
        let row = |name: &str| classes::row(graph.heap.classes().of(graph.node(name)));
        let retained = level.table.column("retainedSize").expect("a column");
        assert_eq!(level.rows.len(), 2);
        assert_eq!(level.table.cell(row("B#1"), retained), Cell::Number(37));
        let below = level.table.below(row("B#1"), Inner::default(), &Meter::default()).expect("nobody cancels");
        let mut names: Vec<&str> = below.rows.iter().map(|&row| graph.name(node_of(row))).collect();
        names.sort_unstable();
        assert_eq!(names, ["B#1", "B#2"]);
    }
}
