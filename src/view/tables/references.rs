//! What an object refers to, and what that refers to: Containment, and the rows below any object.
//!
//! Source: HeapSnapshot.ts, `HeapSnapshotEdgesProvider.sort`; HeapSnapshotGridNodes.ts, the `comparator` methods.

use std::cmp::Ordering;
use std::sync::Arc;

use super::of_objects::{OfObjects, OfReferences, columns, fades, text_of};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece};
use crate::view::order;
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Facts, Level, Table, settled_in};

#[derive(Debug)]
pub(crate) struct References {
    heap: Arc<Heap>,
    /// The object that refers to them.
    of: NodeIx,
}

impl References {
    /// The references of an object.
    pub(crate) fn of(heap: &Arc<Heap>, node: NodeIx, meter: &Meter) -> Result<Level> {
        let mut rows = Vec::new();
        for (count, edge) in heap.shown_edges(node).enumerate() {
            meter.check_at(count)?;
            rows.push(RowIx::edge(edge, heap.target(edge)));
        }
        Ok(Level::new(References { heap: heap.clone(), of: node }, rows))
    }
}

/// Why a reference keeps nothing alive, in a word.
fn weak(heap: &Heap, edge: EdgeIx) -> Option<&'static str> {
    (heap.edge_type(edge) == EdgeType::WEAK).then_some("weak")
}

impl Table for References {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
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
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label::reference(&self.heap, self.reference(row), self.object(row))
    }

    /// Of two `__proto__` DevTools calls each the smaller one, which turns them round.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        let (x, y) = (self.reference(a), self.reference(b));
        match order::is_proto(&self.heap, x) && order::is_proto(&self.heap, y) {
            true => y.cmp(&x),
            false => x.cmp(&y),
        }
    }

    /// By the column, then by name (by retained size when the name comes first), then by place in the file.
    fn compare(&self, by: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let heap = &*self.heap;
        let (x, y) = (self.reference(a), self.reference(b));
        let cells = || by.cells(self, a, b);
        match by.column.spec.show {
            // Another reference between two `__proto__` would make a circle here, so they are not turned.
            Show::Distance => cells().then_with(|| order::names(heap, self.object(a), self.object(b))).then(x.cmp(&y)),
            Show::Label => by
                .apply(order::edge_names(heap, x, y))
                .then_with(|| order::best_size(heap, self.object(b)).cmp(&order::best_size(heap, self.object(a))))
                .then_with(|| self.tie(a, b)),
            _ => cells().then_with(|| order::edge_names(heap, x, y)).then_with(|| self.tie(a, b)),
        }
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        settled_by_name(&self.heap, spec)
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn inside_of(&self) -> Option<NodeIx> {
        Some(self.of)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn edge(&self, row: RowIx) -> Option<EdgeIx> {
        Some(self.reference(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.heap, self.object(row)).or_else(|| weak(&self.heap, self.reference(row)))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, self.object(row))
    }
}

/// References of one name stand by retained size, so that order waits for these sizes too.
pub(super) fn settled_by_name(heap: &Heap, spec: &Spec) -> bool {
    settled_in(heap, spec) && (spec.show != Show::Label || heap.has_retained_sizes())
}

impl OfObjects for References {
    fn object(&self, row: RowIx) -> NodeIx {
        NodeIx(row.0[1])
    }
}

impl OfReferences for References {
    fn reference(&self, row: RowIx) -> EdgeIx {
        EdgeIx(row.0[0])
    }
}
