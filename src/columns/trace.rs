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
    by_id: ById,
}

/// The first call site of each id.
#[derive(Debug, Default)]
struct ById {
    /// 4 bytes an id, [`ABSENT`] where there is none. V8 counts call sites from 1 as it meets them, so in its files this
    /// is all; sorting a million of them would take half a second.
    dense: Vec<u32>,
    /// Ids larger than the number of call sites, ascending.
    rest: Vec<(u64, u32)>,
}

const ABSENT: u32 = u32::MAX;

impl ById {
    fn new(nodes: &[TraceNode]) -> Self {
        let mut by_id = ById { dense: vec![ABSENT; nodes.len() + 1], rest: Vec::new() };
        for (index, node) in (0u32..).zip(nodes) {
            match usize::try_from(node.id).ok().and_then(|id| by_id.dense.get_mut(id)) {
                Some(first) => *first = index.min(*first),
                None => by_id.rest.push((node.id, index)),
            }
        }
        by_id.rest.sort_unstable();
        by_id
    }

    fn find(&self, id: u64) -> Option<usize> {
        if let Some(&index) = usize::try_from(id).ok().and_then(|id| self.dense.get(id)) {
            return (index != ABSENT).then_some(index as usize);
        }
        let place = self.rest.partition_point(|&(other, _)| other < id);
        self.rest.get(place).filter(|&&(found, _)| found == id).map(|&(_, index)| index as usize)
    }
}

impl TraceTree {
    pub fn new(nodes: &[TraceNode]) -> Self {
        TraceTree {
            ids: nodes.iter().map(|node| node.id).collect(),
            functions: nodes.iter().map(|node| node.function).collect(),
            counts: nodes.iter().map(|node| node.count).collect(),
            sizes: nodes.iter().map(|node| node.size).collect(),
            parents: nodes.iter().map(|node| node.parent).collect(),
            by_id: ById::new(nodes),
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
        self.by_id.find(id)
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
