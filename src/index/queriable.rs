//! Objects that the program itself can reach over its own properties: DevTools' *user object reachable from window*.
//!
//! Source: HeapSnapshot.ts, `markQueriableHeapObjects`.

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::Ground;

/// The nodes that lead from the root's children that are not synthetic, over edges with names that programs can use.
pub fn compute(ground: &Ground, meter: &Meter) -> Result<Bits> {
    let Ground { columns, roots, .. } = ground;
    let mut found = Bits::new(columns.nodes.len());
    let mut work: Vec<u32> = Vec::new();
    for edge in roots.all().iter().flat_map(|&root| columns.edges_of(root)) {
        let node = columns.edges.target(edge);
        if columns.nodes.node_type(node) != NodeType::SYNTHETIC && found.insert(node.ix()) {
            work.push(node.0);
        }
    }
    let mut steps = 0;
    while let Some(node) = work.pop() {
        steps += 1;
        meter.check_at(steps)?;
        for edge in columns.nodes.edges(NodeIx(node)) {
            let edge = EdgeIx::new(edge);
            let passes =
                !matches!(columns.edges.edge_type(edge), EdgeType::HIDDEN | EdgeType::INTERNAL | EdgeType::WEAK)
                    && !columns.is_invisible(edge);
            if passes {
                let target = columns.edges.target(edge);
                if found.insert(target.ix()) {
                    work.push(target.0);
                }
            }
        }
    }
    Ok(found)
}
