//! The section `trace_tree`: the stacks on which objects were allocated.

use crate::base::array::Array;
use crate::base::uints::UintColumn;
use crate::error::FormatError;

/// One call site on a stack of allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceNode {
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
pub(crate) struct TraceTree {
    /// 4 bytes each in these four, or 8 where one number needs them.
    pub(crate) ids: UintColumn,
    pub(crate) functions: UintColumn,
    pub(crate) counts: UintColumn,
    pub(crate) sizes: UintColumn,
    /// 4 bytes.
    pub(crate) parents: Array<u32>,
    pub(crate) by_id: ById,
    /// Why the section cannot be read. Everything else can be shown all the same; whoever asks for stacks gets this.
    pub(crate) problem: Option<FormatError>,
}

/// The first call site of each id.
#[derive(Debug, Default)]
pub(crate) struct ById {
    /// 4 bytes an id, [`ABSENT`] where there is none. V8 counts call sites from 1 as it meets them, so in its files this
    /// is all; sorting a million of them would take half a second.
    pub(crate) dense: Array<u32>,
    /// Ids larger than the number of call sites, ascending, and the call site of each.
    pub(crate) large: Array<u64>,
    pub(crate) large_sites: Array<u32>,
}

const ABSENT: u32 = u32::MAX;

impl ById {
    fn new(nodes: &[TraceNode]) -> Self {
        let (mut dense, mut large) = (vec![ABSENT; nodes.len() + 1], Vec::new());
        for (index, node) in (0u32..).zip(nodes) {
            match usize::try_from(node.id).ok().and_then(|id| dense.get_mut(id)) {
                Some(first) => *first = index.min(*first),
                None => large.push((node.id, index)),
            }
        }
        large.sort_unstable();
        let (large, large_sites): (Vec<u64>, Vec<u32>) = large.into_iter().unzip();
        ById { dense: dense.into(), large: large.into(), large_sites: large_sites.into() }
    }

    fn find(&self, id: u64) -> Option<usize> {
        if let Some(&index) = usize::try_from(id).ok().and_then(|id| self.dense.get(id)) {
            return (index != ABSENT).then_some(index as usize);
        }
        let place = self.large.partition_point(|&other| other < id);
        (self.large.get(place) == Some(&id)).then(|| self.large_sites[place] as usize)
    }
}

impl TraceTree {
    pub(crate) fn new(nodes: &[TraceNode]) -> Self {
        TraceTree {
            ids: nodes.iter().map(|node| node.id).collect(),
            functions: nodes.iter().map(|node| node.function).collect(),
            counts: nodes.iter().map(|node| node.count).collect(),
            sizes: nodes.iter().map(|node| node.size).collect(),
            parents: nodes.iter().map(|node| node.parent).collect::<Vec<_>>().into(),
            by_id: ById::new(nodes),
            problem: None,
        }
    }

    /// A tree that cannot be read.
    pub(crate) fn damaged(problem: FormatError) -> Self {
        TraceTree { problem: Some(problem), ..TraceTree::default() }
    }

    /// The tree, or why there is none.
    pub(crate) fn readable(&self) -> Result<&TraceTree, FormatError> {
        self.problem.clone().map_or(Ok(self), Err)
    }

    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    pub(crate) fn get(&self, index: usize) -> TraceNode {
        TraceNode {
            id: self.ids.get(index),
            function: self.functions.get(index),
            count: self.counts.get(index),
            size: self.sizes.get(index),
            parent: self.parents[index],
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = TraceNode> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The index of the first call site with this id.
    pub(crate) fn find(&self, id: u64) -> Option<usize> {
        self.by_id.find(id)
    }

    /// The call site and its callers, the innermost first.
    pub(crate) fn stack(&self, index: usize) -> impl Iterator<Item = TraceNode> + '_ {
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
