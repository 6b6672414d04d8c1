//! Which edges lead to each node.

use std::ops::Range;

use crate::base::array::Array;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::Columns;
use crate::error::Result;
use crate::index::Ground;

/// The incoming edges of every node: 4 bytes a node and 4 an edge.
///
/// Where an edge comes from is found in `first_edges` when somebody asks ([`Retainers::source`]): rows on a screen
/// are few, and another 4 bytes an edge are many.
#[derive(Debug, Default)]
pub(crate) struct Retainers {
    pub(crate) first: Array<u32>,
    pub(crate) edges: Array<u32>,
}

/// Counting sort by target; the edges of one node stay in ascending order.
pub(crate) fn compute(ground: &Ground, meter: &Meter) -> Result<Retainers> {
    let columns = &ground.columns;
    let mut first = vec![0u32; columns.nodes.len() + 1];
    for target in columns.edges.targets() {
        first[target as usize + 1] += 1;
    }
    meter.check()?;
    for index in 1..first.len() {
        first[index] += first[index - 1];
    }
    let mut edges = vec![0u32; columns.edges.len()];
    for (edge, target) in columns.edges.targets().enumerate() {
        meter.check_at(edge)?;
        let slot = &mut first[target as usize];
        edges[*slot as usize] = edge as u32;
        *slot += 1;
    }
    // Each entry has moved to the start of the next node.
    first.rotate_right(1);
    first[0] = 0;
    let last = first.len() - 1;
    first[last] = edges.len() as u32;
    Ok(Retainers { first: first.into(), edges: edges.into() })
}

impl Retainers {
    fn range(&self, node: NodeIx) -> Range<usize> {
        self.first[node.ix()] as usize..self.first[node.ix() + 1] as usize
    }

    /// How many edges lead to `node`, weak ones too.
    pub(crate) fn count(&self, node: NodeIx) -> usize {
        self.range(node).len()
    }

    /// The incoming edges of `node`, ascending.
    pub(crate) fn edges(&self, node: NodeIx) -> impl DoubleEndedIterator<Item = EdgeIx> + ExactSizeIterator + '_ {
        self.edges[self.range(node)].iter().map(|&edge| EdgeIx(edge))
    }

    /// The node that `edge` leaves.
    pub(crate) fn source(columns: &Columns, edge: EdgeIx) -> NodeIx {
        // The last node whose first edge is not after `edge`; nodes without edges share the number of the next.
        NodeIx::new(columns.nodes.first_edges.partition_point(|&first| first <= edge.0) - 1)
    }
}
