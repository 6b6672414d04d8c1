//! What each object dominates: the dominator tree, object by object or with one row for all objects of a class that one
//! object dominates.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::classes::{self, ClassSums, OfClasses, class_of};
use super::of_objects::{OfObjects, columns, fades, node_of, rows_of, text_of, tie_of_objects};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::dominated::{Only, dominated};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{ClassIx, Dominators};
use crate::view::column::Column;
use crate::view::label::{self, Piece};
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Facts, Level, Table};

/// What a level of the tree is about.
#[derive(Debug, Clone)]
pub(crate) struct Below {
    pub heap: Arc<Heap>,
    /// What `by` dominates, all for nothing.
    pub by: Option<NodeIx>,
    /// The objects that have rows; all where there is nothing.
    pub only: Option<Arc<Only>>,
}

impl Below {
    fn nodes(&self, meter: &Meter) -> Result<Vec<NodeIx>> {
        dominated(&self.heap, self.by, self.only.as_deref(), meter)
    }

    /// The same below another object.
    fn under(&self, node: NodeIx) -> Below {
        Below { by: Some(node), ..self.clone() }
    }
}

/// Objects of the dominator tree.
#[derive(Debug)]
pub(crate) struct Dominated {
    below: Below,
    /// Whether classes stand below each.
    by_class: bool,
}

impl Dominated {
    pub(crate) fn level(below: Below, meter: &Meter) -> Result<Level> {
        let nodes = below.nodes(meter)?;
        Ok(Level::new(Dominated { below, by_class: false }, rows_of(nodes)))
    }
}

impl Table for Dominated {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &columns::all();

    fn heap(&self) -> &Arc<Heap> {
        &self.below.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label::object(&self.below.heap, node_of(row))
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie_of_objects(&self.below.heap, a, b)
    }

    fn has_below(&self, row: RowIx) -> bool {
        let has = |dominators: Dominators<'_>| match &self.below.only {
            Some(only) => only.has_below(dominators, node_of(row)),
            None => dominators.has_children(node_of(row)),
        };
        self.below.heap.dominators().is_some_and(has)
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let below = self.below.under(node_of(row));
        match self.by_class {
            true => DominatedClasses::level(below, meter).map(Some),
            false => Dominated::level(below, meter).map(Some),
        }
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.below.heap, node_of(row))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.below.heap, node_of(row))
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
    sums: ClassSums,
    below: Below,
}

impl DominatedClasses {
    pub(crate) fn level(below: Below, meter: &Meter) -> Result<Level> {
        let heap = &below.heap;
        let mut groups: FxHashMap<ClassIx, Aggregate> = FxHashMap::default();
        for child in below.nodes(meter)? {
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
        let sums = ClassSums::new(heap.clone(), list.into());
        let rows = sums.rows();
        Ok(Level::new(DominatedClasses { sums, below }, rows))
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

    fn place(&self, row: RowIx) -> String {
        classes::place_of(&self.sums, row)
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

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    /// The objects of the class that have the same dominator.
    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let mut nodes = self.below.nodes(meter)?;
        nodes.retain(|&node| self.heap().classes().of(node) == class_of(row));
        Ok(Some(Level::new(Dominated { below: self.below.clone(), by_class: true }, rows_of(nodes))))
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
    fn sums(&self) -> &ClassSums {
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
        let below = Below { heap: graph.heap.clone(), by: Some(graph.node("A")), only: None };
        let level = DominatedClasses::level(below, &Meter::default()).expect("nobody cancels");
        let row = |name: &str| classes::row(graph.heap.classes().of(graph.node(name)));
        let retained = level.table.column("retainedSize").expect("a column");
        assert_eq!(level.rows.len(), 2);
        assert_eq!(level.table.cell(row("B#1"), retained), Cell::Number(37));
        let below = level.table.below(row("B#1"), &Meter::default()).expect("nobody cancels").expect("rows");
        let mut names: Vec<&str> = below.rows.iter().map(|&row| graph.name(node_of(row))).collect();
        names.sort_unstable();
        assert_eq!(names, ["B#1", "B#2"]);
    }
}
