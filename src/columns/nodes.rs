//! The section `nodes`: 17 bytes a node in almost every file.

use std::ops::Range;

use super::NodeType;
use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, ObjectId, StrIx};
use crate::base::uints::UintColumn;

/// One array per node field.
#[derive(Debug, Default)]
pub struct Nodes {
    /// 1 byte a node.
    pub types: Vec<NodeType>,
    /// 4 bytes: index of the raw name in the strings.
    pub names: Vec<u32>,
    /// 4 bytes, or 8 when an id needs them.
    pub ids: UintColumn,
    /// 4 or 8 bytes: the size that the file gives, before shallow sizes move to owners.
    pub self_sizes: UintColumn,
    /// 4 bytes: number of the first edge; one more entry than nodes, the last is the number of edges.
    pub first_edges: Vec<u32>,
    /// 1 byte, empty when the file has no such field: 0 unknown, 1 attached, 2 detached.
    pub detachedness: Vec<u8>,
    /// 4 bytes, empty without allocation stacks.
    pub trace_nodes: Vec<u32>,
}

impl Nodes {
    pub fn len(&self) -> usize {
        self.types.len()
    }

    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    #[inline(always)]
    pub fn node_type(&self, node: NodeIx) -> NodeType {
        self.types[node.ix()]
    }

    #[inline(always)]
    pub fn name(&self, node: NodeIx) -> StrIx {
        StrIx(self.names[node.ix()])
    }

    #[inline(always)]
    pub fn id(&self, node: NodeIx) -> ObjectId {
        self.ids.get(node.ix())
    }

    /// The numbers of the node's outgoing edges.
    #[inline(always)]
    pub fn edges(&self, node: NodeIx) -> Range<usize> {
        self.first_edges[node.ix()] as usize..self.first_edges[node.ix() + 1] as usize
    }
}

impl Nodes {
    /// Moves all nodes of `other` behind the last one; `first_edges` is left alone.
    pub fn append(&mut self, other: Nodes) {
        self.types.extend_from_slice(&other.types);
        self.names.extend_from_slice(&other.names);
        self.ids.append(other.ids);
        self.self_sizes.append(other.self_sizes);
        self.detachedness.extend_from_slice(&other.detachedness);
        self.trace_nodes.extend_from_slice(&other.trace_nodes);
    }

    pub fn shrink_to_fit(&mut self) {
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
    pub fn count_duplicate_ids(&self) -> usize {
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
