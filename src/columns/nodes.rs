//! The section `nodes`: 17 bytes a node in almost every file.

use std::ops::Range;

use bytemuck::Pod;

use super::NodeType;
use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, ObjectId, StrIx};
use crate::base::uints::UintColumn;

/// One array per node field.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    /// 1 byte a node.
    pub types: Array<NodeType>,
    /// 4 bytes: index of the raw name in the strings.
    pub names: Array<u32>,
    /// 4 bytes, or 8 when an id needs them.
    pub ids: UintColumn,
    /// 4 or 8 bytes: the size that the file gives, before shallow sizes move to owners.
    pub self_sizes: UintColumn,
    /// 4 bytes: number of the first edge; one more entry than nodes, the last is the number of edges.
    pub first_edges: Array<u32>,
    /// 1 byte, as far as the last node with a state: 0 unknown, 1 attached, 2 detached.
    pub(crate) detachedness: Array<u8>,
    /// 4 bytes, as far as the last node with an allocation stack.
    pub(crate) trace_nodes: Array<u32>,
}

impl Nodes {
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    #[inline(always)]
    pub(crate) fn node_type(&self, node: NodeIx) -> NodeType {
        self.types[node.ix()]
    }

    #[inline(always)]
    pub(crate) fn name(&self, node: NodeIx) -> StrIx {
        StrIx(self.names[node.ix()])
    }

    #[inline(always)]
    pub(crate) fn id(&self, node: NodeIx) -> ObjectId {
        self.ids.get(node.ix())
    }

    /// The numbers of the node's outgoing edges.
    #[inline(always)]
    pub(crate) fn edges(&self, node: NodeIx) -> Range<usize> {
        self.first_edges[node.ix()] as usize..self.first_edges[node.ix() + 1] as usize
    }
}

impl Nodes {
    /// Makes room for so many nodes.
    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.types.to_mut().reserve_exact(nodes);
        self.names.to_mut().reserve_exact(nodes);
        self.ids.reserve(nodes);
        self.self_sizes.reserve(nodes);
    }

    /// Moves all nodes of `other` behind the last one; `first_edges` is left alone.
    pub(crate) fn append(&mut self, other: Nodes) {
        let before = self.types.len();
        self.types.extend_from_slice(&other.types);
        self.names.extend_from_slice(&other.names);
        self.append_sparse(before, &other);
        self.ids.append(other.ids);
        self.self_sizes.append(other.self_sizes);
    }

    /// Takes over of `other`, whose nodes begin at `start`, what most nodes do not have.
    pub(crate) fn append_sparse(&mut self, start: usize, other: &Nodes) {
        append_sparse(&mut self.detachedness, start, &other.detachedness);
        append_sparse(&mut self.trace_nodes, start, &other.trace_nodes);
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.types.shrink_to_fit();
        self.names.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.self_sizes.shrink_to_fit();
        self.first_edges.shrink_to_fit();
        self.detachedness.shrink_to_fit();
        self.trace_nodes.shrink_to_fit();
    }
}

impl Nodes {
    /// How many nodes carry an id that an earlier node has.
    pub(crate) fn count_duplicate_ids(&self) -> usize {
        // Ids are dense but for those of native objects, which are few: one bit each, the rest sorted.
        let dense = self.len() * 32;
        let mut seen = Bits::new(dense);
        let mut rest = Vec::new();
        let mut duplicates = 0;
        for id in self.ids.iter() {
            if id < dense as u64 {
                duplicates += !seen.insert(id as usize) as usize;
            } else {
                rest.push(id);
            }
        }
        rest.sort_unstable();
        duplicates + rest.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }
}

/// A column that ends behind its last value other than 0.
fn append_sparse<T: Pod>(column: &mut Array<T>, start: usize, more: &[T]) {
    if !more.is_empty() {
        column.resize(start, T::zeroed());
        column.extend_from_slice(more);
    }
}

/// Sets an item of a column that ends behind its last value other than 0.
fn set_sparse<T: Pod + PartialEq>(column: &mut Array<T>, index: usize, value: T) {
    if value != T::zeroed() {
        if column.len() <= index {
            column.resize(index + 1, T::zeroed());
        }
        column.to_mut()[index] = value;
    }
}

impl Nodes {
    #[inline(always)]
    pub(crate) fn set_detachedness(&mut self, index: usize, state: u8) {
        set_sparse(&mut self.detachedness, index, state);
    }

    #[inline(always)]
    pub(crate) fn set_trace_node(&mut self, index: usize, id: u32) {
        set_sparse(&mut self.trace_nodes, index, id);
    }

    /// What the file says of the state of a DOM node: 0 unknown, 1 attached, 2 detached.
    #[inline(always)]
    pub(crate) fn detachedness(&self, node: NodeIx) -> u8 {
        self.detachedness.get(node.ix()).copied().unwrap_or(0)
    }

    /// Whether any node has a state.
    pub(crate) fn has_detachedness(&self) -> bool {
        !self.detachedness.is_empty()
    }

    /// The id of the call site in `trace_tree` where the object was allocated; 0 where the file does not know it.
    #[inline(always)]
    pub(crate) fn trace_node(&self, node: NodeIx) -> u32 {
        self.trace_nodes.get(node.ix()).copied().unwrap_or(0)
    }
}
