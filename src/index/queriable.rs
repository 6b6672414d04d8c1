//! Objects that the program itself can reach over its own properties: DevTools' *user object reachable from window*.
//!
//! Source: HeapSnapshot.ts, `markQueriableHeapObjects`.

use crate::base::bits::Bits;
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::{Ground, reach};

/// The nodes that lead from the root's children that are not synthetic, over edges with names that programs can use.
pub(crate) fn compute(ground: &Ground, meter: &Meter) -> Result<Bits> {
    let Ground { columns, roots, .. } = ground;
    let children = roots.all().iter().flat_map(|&root| columns.edges_of(root)).map(|edge| columns.edges.target(edge));
    let start = children.filter(|&child| columns.nodes.node_type(child) != NodeType::SYNTHETIC);
    let links = columns.links();
    let passes = |_, edge| {
        !matches!(links.edge_type(edge), EdgeType::HIDDEN | EdgeType::INTERNAL | EdgeType::WEAK)
            && !columns.is_invisible(edge)
    };
    reach::from(columns, start, passes, meter)
}
