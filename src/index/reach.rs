//! Walks over all that some nodes lead to.

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::Columns;
use crate::error::Result;

/// `start` and all that it leads to over edges for which `passes` holds, given the node that the edge leaves.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
#[inline]
pub(crate) fn from(
    columns: &Columns,
    start: impl IntoIterator<Item = NodeIx>,
    passes: impl Fn(NodeIx, EdgeIx) -> bool,
    meter: &Meter,
) -> Result<Bits> {
    let mut found = Bits::new(columns.nodes.len());
    let mut work: Vec<u32> = Vec::new();
    for node in start {
        if found.insert(node.ix()) {
            work.push(node.0);
        }
    }
    let links = columns.links();
    let mut steps = 0;
    while let Some(node) = work.pop() {
        steps += 1;
        meter.check_at(steps)?;
        for edge in links.edges_of(NodeIx(node)) {
            let target = links.target(edge);
            if passes(NodeIx(node), edge) && found.insert(target.ix()) {
                work.push(target.0);
            }
        }
    }
    Ok(found)
}
