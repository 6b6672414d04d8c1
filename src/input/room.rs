//! The columns of nodes and edges, made at once as long as the header promises and filled block by block, by all threads.
//!
//! A block that is put where it belongs as it is parsed is never copied, and its pages are touched once, by the thread
//! that needs them. What has no place (the header promised less) or does not fit it (numbers of 64 bits) comes as a block
//! of its own and is put in afterwards.

use super::blocks::{EdgeBlock, NodeBlock, Outcome};
use super::checks::{EdgeSigns, NodeSigns};
use crate::base::hints::will_write;
use crate::base::uints::UintColumn;
use crate::columns::{Edges, NodeType, Nodes};

/// The columns of all nodes that the header promises.
pub(crate) struct NodeRoom {
    types: Vec<NodeType>,
    names: Vec<u32>,
    ids: Vec<u32>,
    self_sizes: Vec<u32>,
    edge_counts: Vec<u32>,
}

/// A part of these columns, all of one length.
#[derive(Default)]
pub(crate) struct NodePlace<'a> {
    pub(crate) types: &'a mut [NodeType],
    names: &'a mut [u32],
    ids: &'a mut [u32],
    self_sizes: &'a mut [u32],
    edge_counts: &'a mut [u32],
}

/// The place of one node.
pub(crate) struct NodeSlot<'a> {
    pub(crate) node_type: &'a mut NodeType,
    pub(crate) name: &'a mut u32,
    pub(crate) id: &'a mut u32,
    pub(crate) self_size: &'a mut u32,
    pub(crate) edge_count: &'a mut u32,
}

impl NodeRoom {
    /// Nothing is touched before it is written.
    pub(crate) fn new(nodes: usize) -> Self {
        NodeRoom {
            types: bytemuck::zeroed_vec(nodes),
            names: vec![0; nodes],
            ids: vec![0; nodes],
            self_sizes: vec![0; nodes],
            // One more, so that they can become first edges where they are.
            edge_counts: vec![0; nodes + 1],
        }
    }

    pub(crate) fn all(&mut self) -> NodePlace<'_> {
        let NodeRoom { types, names, ids, self_sizes, edge_counts } = self;
        let edge_counts = &mut edge_counts[..types.len()];
        NodePlace { types, names, ids, self_sizes, edge_counts }
    }

    /// All nodes, once it is known which blocks there were.
    pub(crate) fn finish(self, gathered: Gathered<NodeBlock>) -> NodeBlock {
        let NodeRoom { mut types, mut names, mut ids, mut self_sizes, mut edge_counts } = self;
        let Gathered { len, missed, mut rest, placed } = gathered;
        if len == 0 {
            return NodeBlock { signs: placed.signs, ..rest };
        }
        types.truncate(len);
        names.truncate(len);
        ids.truncate(len);
        self_sizes.truncate(len);
        edge_counts.truncate(len);
        let (ids, self_sizes) = (UintColumn::Narrow(ids.into()), UintColumn::Narrow(self_sizes.into()));
        let mut all = NodeBlock {
            nodes: Nodes { types: types.into(), names: names.into(), ids, self_sizes, ..placed.nodes },
            edge_counts,
            ..placed
        };
        for (start, block) in missed {
            let NodeBlock { nodes, edge_counts, .. } = block;
            let range = start..start + edge_counts.len();
            all.nodes.types.to_mut()[range.clone()].copy_from_slice(&nodes.types);
            all.nodes.names.to_mut()[range.clone()].copy_from_slice(&nodes.names);
            all.edge_counts[range].copy_from_slice(&edge_counts);
            for (index, id) in nodes.ids.iter().enumerate() {
                all.nodes.ids.set(start + index, id);
            }
            for (index, size) in nodes.self_sizes.iter().enumerate() {
                all.nodes.self_sizes.set(start + index, size);
            }
        }
        if rest.len() > 0 {
            rest.signs = NodeSigns::default();
            all.append(rest);
        }
        all
    }
}

impl<'a> NodePlace<'a> {
    /// Cuts off a place for so many nodes; nothing, and never again anything, where there is not so much left.
    pub(crate) fn cut(&mut self, nodes: usize) -> Option<NodePlace<'a>> {
        let NodePlace { types, names, ids, self_sizes, edge_counts } = std::mem::take(self);
        let (types, more_types) = types.split_at_mut_checked(nodes)?;
        let (names, more_names) = names.split_at_mut(nodes);
        let (ids, more_ids) = ids.split_at_mut(nodes);
        let (self_sizes, more_sizes) = self_sizes.split_at_mut(nodes);
        let (edge_counts, more_counts) = edge_counts.split_at_mut(nodes);
        *self = NodePlace {
            types: more_types,
            names: more_names,
            ids: more_ids,
            self_sizes: more_sizes,
            edge_counts: more_counts,
        };
        Some(NodePlace { types, names, ids, self_sizes, edge_counts })
    }

    /// Says that all of it will be written at once.
    pub(crate) fn will_write(&mut self) {
        will_write(self.types);
        [&mut *self.names, self.ids, self.self_sizes, self.edge_counts].into_iter().for_each(will_write);
    }

    #[inline(always)]
    pub(crate) fn slots(self) -> impl Iterator<Item = NodeSlot<'a>> {
        let NodePlace { types, names, ids, self_sizes, edge_counts } = self;
        let columns = types.iter_mut().zip(names).zip(ids).zip(self_sizes).zip(edge_counts);
        columns.map(|((((node_type, name), id), self_size), edge_count)| NodeSlot {
            node_type,
            name,
            id,
            self_size,
            edge_count,
        })
    }
}

/// The column of all edges that the header promises.
pub(crate) struct EdgeRoom(Vec<[u32; 2]>);

/// A part of it.
#[derive(Default)]
pub(crate) struct EdgePlace<'a>(pub(crate) &'a mut [[u32; 2]]);

impl EdgeRoom {
    /// Nothing is touched before it is written.
    pub(crate) fn new(edges: usize) -> Self {
        EdgeRoom(vec![[0; 2]; edges])
    }

    pub(crate) fn all(&mut self) -> EdgePlace<'_> {
        EdgePlace(&mut self.0)
    }

    /// All edges, once it is known which blocks there were.
    pub(crate) fn finish(self, gathered: Gathered<EdgeBlock>) -> EdgeBlock {
        let EdgeRoom(mut links) = self;
        let Gathered { len, missed, mut rest, placed } = gathered;
        if len == 0 {
            return EdgeBlock { signs: placed.signs, ..rest };
        }
        links.truncate(len);
        for (start, block) in missed {
            links[start..start + block.edges.len()].copy_from_slice(&block.edges.links);
        }
        let edges = Edges { links: links.into(), ..placed.edges };
        let mut all = EdgeBlock { edges, ..placed };
        if rest.len() > 0 {
            rest.signs = EdgeSigns::default();
            all.append(rest);
        }
        all
    }
}

impl<'a> EdgePlace<'a> {
    /// Cuts off a place for so many edges; nothing, and never again anything, where there is not so much left.
    pub(crate) fn cut(&mut self, edges: usize) -> Option<EdgePlace<'a>> {
        let (place, more) = std::mem::take(self).0.split_at_mut_checked(edges)?;
        *self = EdgePlace(more);
        Some(EdgePlace(place))
    }
}

/// What blocks leave while they come in order.
#[derive(Default)]
pub(crate) struct Gathered<B> {
    /// Records that had a place.
    len: usize,
    /// Blocks that did not fit theirs, with where it begins.
    missed: Vec<(usize, B)>,
    /// All that had none, behind all that had.
    rest: B,
    /// The signs of all, and of those that had a place the columns that most records have nothing in.
    placed: B,
}

impl Gathered<NodeBlock> {
    /// Takes the next block.
    pub(crate) fn add(&mut self, mut block: NodeBlock) {
        self.placed.signs.join(block.signs);
        match block.outcome {
            Outcome::Homeless => self.rest.append(block),
            Outcome::Placed(nodes) => {
                self.placed.nodes.append_sparse(self.len, &block.nodes);
                self.len += nodes;
            }
            Outcome::Missed => {
                self.placed.nodes.append_sparse(self.len, &block.nodes);
                let nodes = block.len();
                block.nodes.detachedness = Default::default();
                block.nodes.trace_nodes = Default::default();
                self.missed.push((self.len, block));
                self.len += nodes;
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len + self.rest.len()
    }
}

impl Gathered<EdgeBlock> {
    /// Takes the next block.
    pub(crate) fn add(&mut self, block: EdgeBlock) {
        self.placed.signs.join(block.signs);
        if block.outcome == Outcome::Homeless {
            return self.rest.append(block);
        }
        self.placed.edges.append_large(self.len, &block.edges);
        let edges = block.len();
        if block.outcome == Outcome::Missed {
            self.missed.push((self.len, block));
        }
        self.len += edges;
    }

    pub(crate) fn len(&self) -> usize {
        self.len + self.rest.len()
    }
}
