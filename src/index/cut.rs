//! What walks over the graph leave out because somebody ignores it.

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::index::Ground;

/// What is taken as not there: objects with all their references, and single references.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cut {
    nodes: Option<Bits>,
    edges: Option<Bits>,
}

impl Cut {
    /// These objects and references of a heap.
    pub(crate) fn new(
        ground: &Ground,
        nodes: impl IntoIterator<Item = NodeIx>,
        edges: impl IntoIterator<Item = EdgeIx>,
    ) -> Cut {
        let columns = &ground.columns;
        Cut {
            nodes: set(nodes.into_iter().map(NodeIx::ix), columns.nodes.len()),
            edges: set(edges.into_iter().map(EdgeIx::ix), columns.edges.len()),
        }
    }

    /// Both together.
    pub(super) fn and(&self, other: &Cut) -> Cut {
        let both = |one: &Option<Bits>, other: &Option<Bits>| match (one, other) {
            (Some(one), Some(other)) => Some(one.union(other)),
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        };
        Cut { nodes: both(&self.nodes, &other.nodes), edges: both(&self.edges, &other.edges) }
    }

    /// Whether references are cut, not only objects.
    pub(super) fn has_edges(&self) -> bool {
        self.edges.is_some()
    }

    #[inline(always)]
    pub(crate) fn has_node(&self, node: NodeIx) -> bool {
        self.nodes.as_ref().is_some_and(|nodes| nodes.contains(node.ix()))
    }

    #[inline(always)]
    pub(crate) fn has_edge(&self, edge: EdgeIx) -> bool {
        self.edges.as_ref().is_some_and(|edges| edges.contains(edge.ix()))
    }
}

/// A set of these numbers below `len`; nothing for none.
fn set(numbers: impl Iterator<Item = usize>, len: usize) -> Option<Bits> {
    let mut numbers = numbers.peekable();
    numbers.peek()?;
    let mut set = Bits::new(len);
    numbers.for_each(|number| {
        set.insert(number);
    });
    Some(set)
}
