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
/// Where an edge comes from is found in `first_edges` when somebody asks ([`Sources`]): another 4 bytes an edge are
/// many.
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

/// Of every so many edges the node that the first of them leaves: few nodes are left to look at for one edge, and they
/// stand side by side, where all nodes would be a chain of twenty reads that wait for each other.
#[derive(Debug)]
pub(crate) struct Sources(Vec<u32>);

impl Sources {
    const STEP: usize = 64;

    pub(crate) fn of(columns: &Columns) -> Sources {
        let (mut nodes, mut node) = (Vec::with_capacity(columns.edges.len() / Self::STEP + 1), 0);
        let first_edges = &columns.nodes.first_edges;
        for edge in (0..columns.edges.len()).step_by(Self::STEP) {
            while first_edges.get(node + 1).is_some_and(|&first| first as usize <= edge) {
                node += 1;
            }
            nodes.push(node as u32);
        }
        Sources(nodes)
    }

    /// The node that `edge` leaves.
    #[inline]
    pub(crate) fn get(&self, columns: &Columns, edge: EdgeIx) -> NodeIx {
        let first_edges = &columns.nodes.first_edges;
        let block = edge.ix() / Self::STEP;
        let from = self.0[block] as usize;
        let end = self.0.get(block + 1).map_or(first_edges.len(), |&node| node as usize + 1);
        // The last node whose first edge is not after `edge`; nodes without edges share the number of the next.
        NodeIx::new(from + first_edges[from..end].partition_point(|&first| first <= edge.0) - 1)
    }
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
}
