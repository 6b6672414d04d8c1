//! The section `trace_tree`: the stacks on which objects were allocated.

use crate::base::uints::UintColumn;

/// One call site on a stack of allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceNode {
    pub id: u64,
    /// Index of a record of `trace_function_infos`.
    pub function: u64,
    pub count: u64,
    pub size: u64,
    /// Index of the caller in the list; the root is its own.
    pub parent: u32,
}

/// All call sites, callers before what they call: 24 bytes each in almost every file.
#[derive(Debug, Default)]
pub struct TraceTree {
    /// 4 bytes each in these four, or 8 where one number needs them.
    ids: UintColumn,
    functions: UintColumn,
    counts: UintColumn,
    sizes: UintColumn,
    /// 4 bytes.
    parents: Vec<u32>,
    /// 4 bytes: the indexes by ascending id; of equal ids the first in the file comes first.
    by_id: Vec<u32>,
}

impl TraceTree {
    pub fn new(nodes: &[TraceNode]) -> Self {
        let mut by_id: Vec<u32> = (0..nodes.len() as u32).collect();
        by_id.sort_by_key(|&index| nodes[index as usize].id);
        TraceTree {
            ids: nodes.iter().map(|node| node.id).collect(),
            functions: nodes.iter().map(|node| node.function).collect(),
            counts: nodes.iter().map(|node| node.count).collect(),
            sizes: nodes.iter().map(|node| node.size).collect(),
            parents: nodes.iter().map(|node| node.parent).collect(),
            by_id,
        }
    }

    pub fn len(&self) -> usize {
        self.parents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    pub fn get(&self, index: usize) -> TraceNode {
        TraceNode {
            id: self.ids.get(index),
            function: self.functions.get(index),
            count: self.counts.get(index),
            size: self.sizes.get(index),
            parent: self.parents[index],
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = TraceNode> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The index of the first call site with this id.
    pub fn find(&self, id: u64) -> Option<usize> {
        let place = self.by_id.partition_point(|&index| self.ids.get(index as usize) < id);
        let index = *self.by_id.get(place)? as usize;
        (self.ids.get(index) == id).then_some(index)
    }

    /// The call site and its callers, the innermost first.
    pub fn stack(&self, index: usize) -> impl Iterator<Item = TraceNode> + '_ {
        let callers = std::iter::successors(Some(index), |&at| {
            let caller = self.parents[at] as usize;
            (caller != at).then_some(caller)
        });
        callers.map(|at| self.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_call_site_of_an_id_is_found_and_leads_to_the_root() {
        let node = |id, parent| TraceNode { id, function: id.wrapping_mul(10), count: 0, size: 1 << 40, parent };
        let nodes = [node(1, 0), node(9, 0), node(4, 1), node(9, 2), node(u64::MAX, 2)];
        let tree = TraceTree::new(&nodes);
        assert_eq!(tree.iter().collect::<Vec<_>>(), nodes);
        assert_eq!(
            [0, 1, 4, 9, 10, u64::MAX].map(|id| tree.find(id)),
            [None, Some(0), Some(2), Some(1), None, Some(4)]
        );
        assert_eq!(
            tree.stack(4).map(|node| node.function).collect::<Vec<_>>(),
            [u64::MAX.wrapping_mul(10), 40, 90, 10]
        );
    }
}
