//! The references over which something can be alive, seen from the object outwards: all of a heap but those that are
//! ignored. Knows nothing of what they mean to a program.

use super::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};

/// A reference and the object that it leaves.
pub(crate) type Step = (EdgeIx, NodeIx);

/// One path, from the object outwards. The last step's node is a user root, or a child of the root where only the
/// system reaches the object.
pub(crate) type Path = Vec<Step>;

/// The references that paths may take.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    pub(crate) heap: &'a Heap,
    pub(crate) ignored: Option<&'a Ignored>,
}

impl<'a> Ways<'a> {
    /// All references.
    #[cfg(test)]
    pub(crate) fn all(heap: &'a Heap) -> Self {
        Ways { heap, ignored: None }
    }

    /// References between a node and the root at the end of its shortest path; nothing where no root reaches it. Ways
    /// that only the system has are longer than any other, so paths from the program's own roots come first.
    pub(crate) fn rest(self, node: NodeIx) -> Option<u32> {
        self.distance(node).filter(|&distance| distance != NO_DISTANCE).map(|distance| (distance - 1).max(0) as u32)
    }

    /// Whether paths end here: at a user root, or at a child of the root that only the system reaches.
    pub(crate) fn is_end(self, node: NodeIx) -> bool {
        const SYSTEM_CHILD: i32 = SYSTEM_DISTANCE + 1;
        matches!(self.distance(node), Some(0 | 1 | SYSTEM_DISTANCE | SYSTEM_CHILD))
    }

    fn distance(self, node: NodeIx) -> Option<i32> {
        match self.ignored {
            Some(ignored) => Some(ignored.distance_of(node)),
            None => self.heap.distance(node),
        }
    }

    /// The retainers of a node that a root reaches, with what is left of the way behind each.
    pub(crate) fn retainers(self, node: NodeIx) -> impl Iterator<Item = (Step, u32)> + 'a {
        let counts = move |&(edge, from): &Step| {
            self.ignored.is_none_or(|ignored| !ignored.contains(from) && !ignored.has_edge(edge))
        };
        let retainers = self.heap.shown_retainers(node).filter(counts);
        retainers.filter_map(move |step| self.rest(step.1).map(|rest| (step, rest)))
    }

    /// The shortest way from a node to a root; ties in the order of the file. As long as its distance says, so that a
    /// list of millions of links is walked once.
    pub(crate) fn descend(self, node: NodeIx, path: &mut Path, meter: &Meter) -> Result<()> {
        let mut at = node;
        let mut looked_at = 0;
        while let Some(rest) = self.rest(at).filter(|_| !self.is_end(at)) {
            let mut best = None;
            for ((edge, from), behind) in self.retainers(at) {
                looked_at += 1;
                meter.check_at(looked_at)?;
                if best.is_none_or(|best| (behind, edge) < best) {
                    best = Some((behind, edge));
                    at = from;
                }
            }
            // What is nearer stands before what is farther: a file that says otherwise must not lead round in circles.
            let Some((_, edge)) = best.filter(|&(behind, _)| behind < rest) else { break };
            path.push((edge, at));
        }
        Ok(())
    }
}
