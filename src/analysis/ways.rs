//! The references over which something can be alive, seen from the object outwards: all of a heap but those that are
//! ignored. Knows nothing of what they mean to a program.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use rustc_hash::FxHashSet;

use super::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
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

    /// Whether a path leads over nothing that is ignored.
    pub(crate) fn has(self, path: &Path) -> bool {
        path.iter()
            .all(|&(edge, from)| self.ignored.is_none_or(|ignored| !ignored.contains(from) && !ignored.has_edge(edge)))
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

    /// The shortest way from a node to a root; nothing where none leads there, no step for a root itself. Of several of
    /// one length it is the one whose steps stand first in the Retainers ([`nearer`]): that which these open, the first
    /// of the paths, and what the sentence speaks of. A distance is exactly the length of what is left, so that
    /// only shortest ways are looked at, and a list of millions of links is walked once.
    pub(crate) fn shortest(self, from: NodeIx, meter: &Meter) -> Result<Option<Path>> {
        let mut walk = BestFirst::new(self, from);
        let mut looked_at = 0;
        while let Some(place) = walk.next() {
            meter.check()?;
            if self.is_end(walk.node(place)) {
                return Ok(Some(walk.way(place)));
            }
            let look = || {
                looked_at += 1;
                meter.check_at(looked_at).map(|()| true)
            };
            walk.add_retainers(place, look, |_| true)?;
        }
        Ok(None)
    }
}

/// The order of two retainers of one object with their distances: the nearest, then by name, then the later reference
/// first. DevTools shows them so, and opens the first.
///
/// Source: HeapSnapshot.ts, `HeapSnapshotEdgesProvider.sort`.
pub(crate) fn nearer(heap: &Heap, a: (i32, Step), b: (i32, Step)) -> Ordering {
    let ((a_distance, (a_edge, a)), (b_distance, (b_edge, b))) = (a, b);
    a_distance.cmp(&b_distance).then_with(|| compare_utf16(&heap.name(a), &heap.name(b))).then(b_edge.cmp(&a_edge))
}

/// A walk outwards from an object that takes up each node once, those on the shortest ways first. Ways share their
/// beginnings: each step knows the one before it.
pub(crate) struct BestFirst<'a> {
    ways: Ways<'a>,
    steps: Vec<WayStep>,
    open: BinaryHeap<Reverse<Turn>>,
    taken: FxHashSet<u32>,
}

/// When a step is taken: those on the shortest ways first; of these the one that goes on where the walk is, and there
/// the first of the Retainers. The others keep the order that Retainers have but for their names: to sort them all by
/// name would take long where a text has a million retainers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    /// Of the whole way.
    length: u32,
    /// References before the step.
    before: Reverse<u32>,
    is_other: bool,
    edge: Reverse<EdgeIx>,
    place: usize,
}

struct WayStep {
    step: Step,
    length: u32,
    before: usize,
}

/// The place of the object itself, which no step leads to.
pub(crate) const START: usize = 0;

impl<'a> BestFirst<'a> {
    pub(crate) fn new(ways: Ways<'a>, from: NodeIx) -> BestFirst<'a> {
        let start =
            |rest| Turn { length: rest, before: Reverse(0), is_other: false, edge: Reverse(EdgeIx(0)), place: START };
        let open = ways.rest(from).map(|rest| Reverse(start(rest)));
        BestFirst {
            ways,
            steps: vec![WayStep { step: (EdgeIx(0), from), length: 0, before: START }],
            open: open.into_iter().collect(),
            taken: FxHashSet::default(),
        }
    }

    /// The next node, by the place of the step that leads to it.
    pub(crate) fn next(&mut self) -> Option<usize> {
        while let Some(Reverse(Turn { place, .. })) = self.open.pop() {
            if self.taken.insert(self.node(place).0) {
                return Some(place);
            }
        }
        None
    }

    /// Adds those retainers of the node at `before` that count, as long as `look` says so at each; whether it did at all.
    pub(crate) fn add_retainers(
        &mut self,
        before: usize,
        mut look: impl FnMut() -> Result<bool>,
        counts: impl Fn(NodeIx) -> bool,
    ) -> Result<bool> {
        let ways = self.ways;
        let mut first: Option<(i32, Step)> = None;
        let mut looked = true;
        for (step, _) in ways.retainers(self.node(before)) {
            looked = look()?;
            if !looked {
                break;
            }
            if !counts(step.1) || self.taken.contains(&step.1.0) {
                continue;
            }
            let next = (ways.distance(step.1).unwrap_or(NO_DISTANCE), step);
            let other = match first {
                Some(best) if nearer(ways.heap, next, best).is_ge() => Some(next),
                _ => first.replace(next),
            };
            if let Some((_, other)) = other {
                self.add(other, before, true);
            }
        }
        if let Some((_, first)) = first {
            self.add(first, before, false);
        }
        Ok(looked)
    }

    fn add(&mut self, step: Step, before: usize, is_other: bool) {
        let length = self.steps[before].length + 1;
        self.steps.push(WayStep { step, length, before });
        self.open.push(Reverse(Turn {
            length: length + self.ways.rest(step.1).unwrap_or(0),
            before: Reverse(length),
            is_other,
            edge: Reverse(step.0),
            place: self.steps.len() - 1,
        }));
    }

    pub(crate) fn step(&self, place: usize) -> Step {
        self.steps[place].step
    }

    pub(crate) fn node(&self, place: usize) -> NodeIx {
        self.steps[place].step.1
    }

    /// The steps from the object up to a place.
    pub(crate) fn way(&self, place: usize) -> Path {
        let mut way = Path::with_capacity(self.steps[place].length as usize);
        let mut at = place;
        while at != START {
            way.push(self.steps[at].step);
            at = self.steps[at].before;
        }
        way.reverse();
        way
    }

    /// All nodes that have been taken up.
    pub(crate) fn into_taken(self) -> FxHashSet<u32> {
        self.taken
    }
}
