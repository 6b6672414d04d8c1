//! The dominator tree → the pieces of a picture of it: what is large stands alone, small ones stand together by class,
//! what is left in one piece. It says where each piece begins and how much it is, not how it is drawn.
//!
//! A piece for what is smaller than anybody could see would cost and tell nothing, so the pieces are few whatever the
//! size of the heap; all objects are looked at once at most.

use std::collections::VecDeque;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::dominated::dominated;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;

/// More pieces are not made, however fine the picture is to be.
const MOST: usize = 20_000;
/// Objects that stand deeper are not looked for: lists can be as long as the heap, and who asks does not wait.
const DEEPEST: usize = 1 << 16;

/// What a picture is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The object that is all of the picture; else it is the heap.
    pub root: Option<NodeIx>,
    /// The picture has no pieces smaller than this part of it.
    pub parts: u64,
    /// Levels, the outermost piece among them.
    pub depth: usize,
}

/// What a piece stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum What {
    /// Everything that the roots lead to.
    All,
    One(NodeIx),
    /// Objects of one class that are too small to stand alone.
    Class(ClassIx),
    /// Whatever else there is.
    Rest,
}

/// Some objects with all that they dominate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub what: What,
    /// How many objects of the same dominator it stands for.
    pub count: u64,
    /// What these retain together.
    pub size: u64,
    /// How much of the picture stands before it, level by level.
    pub start: u64,
    /// The piece whose objects dominate these; the outermost is its own.
    pub parent: usize,
    pub depth: usize,
    /// The pieces of what it dominates.
    pub children: Range<usize>,
    /// One of the objects.
    pub sample: NodeIx,
}

/// A part of the dominator tree, level by level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub root: Option<NodeIx>,
    /// At least one.
    pub pieces: Vec<Piece>,
}

impl Picture {
    /// What the whole of it is.
    pub(crate) fn total(&self) -> u64 {
        self.pieces[0].size
    }

    /// The innermost piece that has an object, whether alone or among others; nothing where it is not in the picture.
    pub(crate) fn piece_of(&self, heap: &Heap, node: NodeIx) -> Option<usize> {
        let mut chain: Vec<NodeIx> = heap.dominators()?.chain(node).take(DEEPEST + 1).collect();
        if chain.len() > DEEPEST {
            return None;
        }
        chain.reverse();
        let skipped = match self.root {
            Some(root) => chain.iter().position(|&node| node == root)? + 1,
            None => !heap.roots().has_further() as usize,
        };
        let mut at = 0;
        for &node in chain.get(skipped..)? {
            let class = heap.classes().of(node);
            let found = [What::One(node), What::Class(class), What::Rest]
                .into_iter()
                .find_map(|what| self.pieces[at].children.clone().find(|&child| self.pieces[child].what == what));
            let Some(found) = found else { break };
            at = found;
            if self.pieces[at].what == What::Rest {
                break;
            }
        }
        Some(at)
    }
}

/// The pieces; nothing before retained sizes are known.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn picture(heap: &Heap, frame: Frame, meter: &Meter) -> Result<Option<Picture>> {
    let (Some(dominators), true) = (heap.dominators(), heap.has_retained_sizes()) else { return Ok(None) };
    let size = |node: NodeIx| heap.retained_size(node).unwrap_or(0);
    let sum = |nodes: &[NodeIx]| nodes.iter().fold(0u64, |sum, &node| sum.saturating_add(size(node)));
    let tops = dominated(heap, None, None, meter)?;
    let total = match frame.root {
        Some(root) => size(root),
        None if heap.roots().has_further() => sum(&tops),
        None => size(heap.root()),
    };
    let least = total.div_ceil(frame.parts.max(1)).max(1);
    let (what, sample) = frame.root.map_or((What::All, heap.root()), |root| (What::One(root), root));
    let outermost = Piece { what, count: 1, size: total, start: 0, parent: 0, depth: 0, children: 0..0, sample };
    let mut pieces = vec![outermost];
    // The objects whose dominated ones are the next level of a piece.
    let mut waiting = VecDeque::from([(0, frame.root.map(|root| vec![root]))]);
    let mut seen = 0;
    while let Some((at, members)) = waiting.pop_front() {
        let depth = pieces[at].depth + 1;
        if depth >= frame.depth || pieces.len() >= MOST {
            break;
        }
        let mut level = Level { least, ..Level::default() };
        match &members {
            None => tops.iter().for_each(|&node| level.add(heap, node, size(node))),
            Some(members) => {
                for node in members.iter().flat_map(|&member| dominators.children(member)) {
                    meter.check_at(seen)?;
                    seen += 1;
                    level.add(heap, node, size(node));
                }
            }
        }
        let first = pieces.len();
        let mut start = pieces[at].start;
        for (what, nodes, size, count) in level.parts() {
            let piece = Piece { what, count, size, start, parent: at, depth, children: 0..0, sample: nodes[0] };
            start = start.saturating_add(size);
            if what != What::Rest {
                waiting.push_back((pieces.len(), Some(nodes)));
            }
            pieces.push(piece);
        }
        pieces[at].children = first..pieces.len();
    }
    Ok(Some(Picture { root: frame.root, pieces }))
}

type Part = (What, Vec<NodeIx>, u64, u64);

/// What some objects dominate.
#[derive(Default)]
struct Level {
    least: u64,
    alone: Vec<(NodeIx, u64)>,
    classes: FxHashMap<ClassIx, (Vec<NodeIx>, u64)>,
}

impl Level {
    fn add(&mut self, heap: &Heap, node: NodeIx, size: u64) {
        if size >= self.least {
            return self.alone.push((node, size));
        }
        if size > 0 {
            let (nodes, sum) = self.classes.entry(heap.classes().of(node)).or_default();
            nodes.push(node);
            *sum = sum.saturating_add(size);
        }
    }

    /// The pieces, the largest first, and of the rest one in the end, each with its objects, size and count.
    fn parts(self) -> Vec<Part> {
        let alone = self.alone.into_iter().map(|(node, size)| (What::One(node), vec![node], size, 1));
        let mut parts: Vec<Part> = alone.collect();
        let (mut rest, mut sum, mut count) = (Vec::new(), 0u64, 0);
        let mut classes: Vec<_> = self.classes.into_iter().collect();
        classes.sort_unstable_by_key(|(class, _)| *class);
        for (class, (nodes, size)) in classes {
            let many = nodes.len() as u64;
            if size >= self.least {
                parts.push((What::Class(class), nodes, size, many));
            } else {
                sum = sum.saturating_add(size);
                count += many;
                rest.extend(nodes.first().filter(|_| rest.is_empty()));
            }
        }
        parts.sort_by_key(|&(what, _, size, _)| (std::cmp::Reverse(size), what));
        if sum >= self.least {
            parts.push((What::Rest, rest, sum, count));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::notation::Graph;
    use crate::testing::graphs;

    fn whole(heap: &Heap, parts: u64, depth: usize, root: Option<NodeIx>) -> Picture {
        picture(heap, Frame { root, parts, depth }, &Meter::default()).expect("nobody cancels").expect("all is there")
    }

    /// What stands in a picture, by the way to it: slowly, piece by piece, from the definition.
    fn slow(
        heap: &Heap,
        members: &[NodeIx],
        way: &[What],
        (least, depth): (u64, usize),
        found: &mut BTreeMap<Vec<What>, (u64, u64)>,
    ) {
        if depth <= 1 {
            return;
        }
        let size = |node: NodeIx| heap.retained_size(node).expect("all is there");
        let parent = |node: NodeIx| heap.dominators().expect("all is there").parent(node);
        let below = heap.nodes().filter(|&node| parent(node) != node && members.contains(&parent(node)));
        let (alone, small): (Vec<NodeIx>, Vec<NodeIx>) =
            below.filter(|&node| size(node) > 0).partition(|&node| size(node) >= least);
        let mut groups: BTreeMap<What, Vec<NodeIx>> =
            alone.into_iter().map(|node| (What::One(node), vec![node])).collect();
        let mut rest = Vec::new();
        for class in heap.classes().iter() {
            let nodes: Vec<NodeIx> = small.iter().copied().filter(|&node| heap.classes().of(node) == class).collect();
            let sum: u64 = nodes.iter().map(|&node| size(node)).sum();
            if sum >= least {
                groups.insert(What::Class(class), nodes);
            } else {
                rest.extend(nodes);
            }
        }
        if rest.iter().map(|&node| size(node)).sum::<u64>() >= least {
            groups.insert(What::Rest, rest);
        }
        for (what, nodes) in groups {
            let way: Vec<What> = way.iter().copied().chain([what]).collect();
            if what != What::Rest {
                slow(heap, &nodes, &way, (least, depth - 1), found);
            }
            found.insert(way, (nodes.len() as u64, nodes.iter().map(|&node| size(node)).sum()));
        }
    }

    fn way(picture: &Picture, mut piece: usize) -> Vec<What> {
        let mut way = Vec::new();
        while piece != 0 {
            way.push(picture.pieces[piece].what);
            piece = picture.pieces[piece].parent;
        }
        way.reverse();
        way
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn pieces_are_those_of_the_definition_and_stand_in_each_other(
            graph in graphs(24, 50), parts in 1u64..40, depth in 1usize..6, pick in any::<prop::sample::Index>(),
        ) {
            let heap = graph.load().heap;
            let node = NodeIx::new(pick.index(heap.node_count()));
            for root in [None, Some(node).filter(|&node| heap.retained_size(node) > Some(0))] {
                let picture = whole(&heap, parts, depth, root);
                let mut expected = BTreeMap::new();
                let least = picture.total().div_ceil(parts).max(1);
                slow(&heap, &[root.unwrap_or(heap.root())], &[], (least, depth), &mut expected);
                let pieces = &picture.pieces;
                let found: BTreeMap<_, _> =
                    (1..pieces.len()).map(|at| (way(&picture, at), (pieces[at].count, pieces[at].size))).collect();
                prop_assert_eq!(found, expected);
                for (at, piece) in pieces.iter().enumerate() {
                    let mut end = piece.start;
                    for child in &pieces[piece.children.clone()] {
                        prop_assert_eq!((child.parent, child.depth, child.start), (at, piece.depth + 1, end));
                        end += child.size;
                    }
                    prop_assert!(end <= piece.start + piece.size, "what is below is not more");
                    prop_assert!(piece.size >= least.min(picture.total()));
                    // Each object is found in the piece that has it.
                    if let What::One(node) = piece.what {
                        prop_assert_eq!(picture.piece_of(&heap, node), Some(at));
                    }
                }
            }
        }
    }

    #[test]
    fn small_objects_stand_together_by_class_and_large_ones_alone() {
        let graph = Graph::new(
            "r -a-> Store[100]; Store -big-> Item#0[500]; Store -b-> Item#1[60]; Store -c-> Item#2[60]; Store -d-> Odd[30]
             Item#1 -x-> Part#1[5]; Item#2 -x-> Part#2[5]",
        );
        let heap = &graph.heap;
        let picture = whole(heap, 8, 9, None);
        let said: Vec<(usize, u64, u64, u64)> =
            picture.pieces.iter().map(|piece| (piece.depth, piece.count, piece.size, piece.start)).collect();
        assert_eq!(said, [(0, 1, 760, 0), (1, 1, 760, 0), (2, 1, 500, 0), (2, 2, 130, 500)]);
        assert_eq!(picture.piece_of(heap, graph.node("Part#2")), Some(3), "in the piece of what dominates it");
        assert_eq!(picture.piece_of(heap, graph.node("Odd")), Some(1), "too small for a piece");
        let zoomed = whole(heap, 100, 9, Some(graph.node("Item#1")));
        assert_eq!((zoomed.total(), zoomed.pieces.len()), (65, 2));
        assert_eq!(zoomed.piece_of(heap, graph.node("Store")), None, "outside of what is shown");
    }
}
