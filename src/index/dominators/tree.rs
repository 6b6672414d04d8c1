//! From immediate dominators to the tree, and what each node retains.

use bytemuck::Pod;
use rayon::prelude::*;

use super::{Immediate, NONE, Preorder, TreePlaces};
use crate::base::array::Array;
use crate::base::meter::Meter;
use crate::base::uints::{UintColumn, UintView};
use crate::error::Result;

/// The tree, and the retained size of every node in bytes: its shallow size and those of all it dominates.
pub(crate) fn tree(mut immediate: Immediate, shallow: &UintColumn, meter: &Meter) -> Result<(Preorder, UintColumn)> {
    let (sizes, count) = (shallow.view(), immediate.vertices.len());
    // The root's is the largest, so its width is enough for all.
    if u32::try_from(shallow.sum()).is_ok() {
        let mut links = std::mem::take(&mut immediate.links);
        let memory = (bytemuck::cast_slice_mut(&mut links), std::mem::take(&mut immediate.by_node));
        let (preorder, retained) = build::<u32>(immediate, memory, sizes, meter)?;
        Ok((preorder, UintColumn::Narrow(retained)))
    } else {
        let memory = (&mut *vec![[0; 2]; count], Vec::new());
        let (preorder, retained) = build::<u64>(immediate, memory, sizes, meter)?;
        Ok((preorder, UintColumn::Wide(retained)))
    }
}

/// A number that holds the sum of all sizes.
trait Sum: Pod + Send + Sync {
    fn of(size: u64) -> Self;
    fn add(&mut self, more: Self);
    /// Of a number of nodes, which are fewer than 2^32.
    fn nodes(self) -> u32;
}

impl Sum for u32 {
    #[inline(always)]
    fn of(size: u64) -> Self {
        size as u32
    }

    #[inline(always)]
    fn add(&mut self, more: Self) {
        *self = self.wrapping_add(more);
    }

    #[inline(always)]
    fn nodes(self) -> u32 {
        self
    }
}

impl Sum for u64 {
    #[inline(always)]
    fn of(size: u64) -> Self {
        size
    }

    #[inline(always)]
    fn add(&mut self, more: Self) {
        *self = self.saturating_add(more);
    }

    #[inline(always)]
    fn nodes(self) -> u32 {
        self as u32
    }
}

/// How many numbers a thread takes at once.
const PART: usize = 1 << 16;

/// The tree, and by node what stands below it. The memory, two numbers a vertex and one a node, has been touched before:
/// a new page costs more than the thousand numbers on it.
fn build<T: Sum>(
    immediate: Immediate,
    (below, mut by_node): (&mut [[T; 2]], Vec<T>),
    sizes: UintView<'_>,
    meter: &Meter,
) -> Result<(Preorder, Array<T>)> {
    let Immediate { vertices, mut dominators, mut order, mut subtrees, .. } = immediate;
    let has_virtual = vertices.first() == Some(&NONE);
    let nodes = vertices.len() - has_virtual as usize;
    // By number, the nodes and the bytes below it, itself counted.
    let parts = below.par_chunks_mut(PART).zip(vertices.par_chunks(PART));
    parts.for_each(|(below, vertices)| {
        for (below, &node) in below.iter_mut().zip(vertices) {
            *below = [T::of(1), if node == NONE { T::of(0) } else { T::of(sizes.get(node as usize)) }];
        }
    });
    meter.check()?;
    // A dominator has a smaller number than what it dominates.
    for number in (1..below.len()).rev() {
        let [nodes, bytes] = below[number];
        let above = &mut below[dominators[number] as usize];
        above[0].add(nodes);
        above[1].add(bytes);
    }
    meter.check()?;
    let below = &*below;
    let by_place = || {
        order.resize(nodes, 0);
        subtrees.resize(nodes, 0);
        let size = |number: usize| below[number][0].nodes();
        each_place(&vertices, &mut dominators, size, |Placed { number, place, size, .. }| {
            order[place as usize] = vertices[number];
            subtrees[place as usize] = size;
        });
        order.shrink_to_fit();
        subtrees.shrink_to_fit();
        Preorder { order: order.into(), subtrees: subtrees.into() }
    };
    let by_node = || {
        by_node.clear();
        by_node.resize(nodes, T::zeroed());
        for (&node, &[_, bytes]) in vertices.iter().zip(below).skip(has_virtual as usize) {
            by_node[node as usize] = bytes;
        }
        by_node.shrink_to_fit();
        by_node.into()
    };
    let (preorder, by_node) = rayon::join(by_place, by_node);
    meter.check()?;
    Ok((preorder, by_node))
}

/// Where a vertex stands.
pub(super) struct Placed {
    pub(super) number: usize,
    /// The number of its dominator; its own for the root.
    pub(super) parent: u32,
    /// Its place in the preorder.
    pub(super) place: u32,
    /// How many nodes stand below it, itself counted.
    pub(super) size: u32,
}

/// Hands each vertex to `each`, by number. A virtual root takes no place and is left out.
///
/// `dominators` are used up: once a vertex has its place, where its own says where its next child goes.
pub(super) fn each_place(
    vertices: &[u32],
    dominators: &mut [u32],
    size: impl Fn(usize) -> u32,
    mut each: impl FnMut(Placed),
) {
    match vertices.first() {
        None => return,
        Some(&NONE) => dominators[0] = 0,
        Some(_) => {
            each(Placed { number: 0, parent: 0, place: 0, size: size(0) });
            dominators[0] = 1;
        }
    }
    for number in 1..vertices.len() {
        let (parent, size) = (dominators[number], size(number));
        let next = &mut dominators[parent as usize];
        let place = *next;
        *next += size;
        dominators[number] = place + 1;
        each(Placed { number, parent, place, size });
    }
}

/// Where each node stands in the tree.
pub(crate) fn places(preorder: &Preorder, meter: &Meter) -> Result<TreePlaces> {
    let Preorder { order, subtrees } = preorder;
    let (mut parents, mut positions) = (vec![0; order.len()], vec![0; order.len()]);
    // What dominates the position at hand: each with the end of its subtree.
    let mut above: Vec<(u32, usize)> = Vec::new();
    for (position, (&node, &subtree)) in order.iter().zip(subtrees.iter()).enumerate() {
        meter.check_at(position)?;
        while above.last().is_some_and(|&(_, end)| end <= position) {
            above.pop();
        }
        // What nothing dominates is its own parent.
        parents[node as usize] = above.last().map_or(node, |&(above, _)| above);
        positions[node as usize] = position as u32;
        if subtree > 1 {
            above.push((node, position + subtree as usize));
        }
    }
    Ok(TreePlaces { parents: parents.into(), positions: positions.into() })
}
