//! What a depth-first search finds out, in its own numbers.

use super::NONE;
use crate::base::hints::will_write;
use crate::error::Result;

/// What the depth-first search leaves to the stages after it. Numbers count in the order of first visits.
pub(crate) struct SearchTree {
    /// Number → node; with several roots number 0 is the virtual one, no node.
    pub(super) vertices: Vec<u32>,
    /// Number → number of the parent in the search tree.
    pub(super) parents: Vec<u32>,
    /// Edges from ancestors that are not the parent, as (number, node): such a number is a semi-dominator itself.
    pub(super) forward: Vec<[u32; 2]>,
    /// Node → number, of the nodes that have one.
    pub(super) numbers: Vec<u32>,
    /// The nodes to which edges from larger numbers lead, in the order of the numbers that they come from: these are met
    /// when the larger one is given. Only the first `crosses` count. What numbers they have, which is a read far away
    /// for each, is left to the next stage.
    pub(super) cross: Vec<u32>,
    pub(super) crosses: usize,
    /// One bit for each number and each of `cross`, set for numbers, each before what comes from it: two numbers an edge
    /// would be the largest array of all.
    pub(super) groups: Vec<u64>,
    /// How many nodes the search has reached; numbers from here on are rings that nothing leads to.
    pub(super) reached: usize,
}

impl SearchTree {
    /// Room for so many vertices, of them so many nodes, and edges. Nothing is touched before it is written.
    pub(super) fn new(vertices: usize, nodes: usize, edges: usize) -> Self {
        SearchTree {
            vertices: Vec::with_capacity(vertices),
            parents: Vec::with_capacity(vertices),
            forward: Vec::new(),
            numbers: vec![0; nodes],
            cross: vec![0; edges],
            crosses: 0,
            groups: Vec::with_capacity((vertices + edges) / 64 + 1),
            reached: 0,
        }
    }

    /// The same for so many nodes and edges, most of it touched: for a core that has nothing else to do.
    pub(crate) fn ahead(nodes: usize, edges: usize) -> Self {
        let mut tree = SearchTree::new(nodes + 1, nodes, edges);
        for array in [&mut tree.vertices, &mut tree.parents] {
            *array = vec![0; nodes + 1];
            will_write(array);
            array.clear();
        }
        will_write(&mut tree.numbers);
        // How many of these there will be nobody knows yet. The dominators write two numbers a node there anyway.
        will_write(&mut tree.cross[..edges.min(nodes)]);
        tree
    }

    /// Whether there is room for so many nodes and edges, and no more.
    pub(super) fn fits(&self, nodes: usize, edges: usize) -> bool {
        self.vertices.capacity() > nodes && self.numbers.len() == nodes && self.cross.len() == edges
    }

    /// Gives a node the next number.
    #[inline(always)]
    pub(super) fn push(&mut self, node: u32, parent: u32) -> u32 {
        let number = self.vertices.len();
        let place = number + self.crosses;
        if self.groups.len() <= place / 64 {
            self.groups.resize(place / 64 + 1, 0);
        }
        self.groups[place / 64] |= 1 << (place % 64);
        self.vertices.push(node);
        self.parents.push(parent);
        if node != NONE {
            self.numbers[node as usize] = number as u32;
        }
        number as u32
    }

    /// Hands each number to `each` with what comes from it of `cross`, ascending.
    pub(super) fn each_group(&self, mut each: impl FnMut(u32, &[u32]) -> Result<()>) -> Result<()> {
        let (mut next, mut start) = (0, 0);
        for (place, &word) in self.groups.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                // Behind so many numbers, all else that stands before is `cross`.
                let end = place * 64 + rest.trailing_zeros() as usize - next;
                if next > 0 {
                    each(next as u32 - 1, &self.cross[start..end])?;
                }
                (next, start) = (next + 1, end);
                rest &= rest - 1;
            }
        }
        if next > 0 { each(next as u32 - 1, &self.cross[start..self.crosses]) } else { Ok(()) }
    }

    /// Takes note of an edge from the last number given to a node that has a smaller one.
    #[inline(always)]
    pub(super) fn lead_back(&mut self, node: u32) {
        self.cross[self.crosses] = node;
        self.crosses += 1;
    }

    /// Takes note of an edge from the number `from` to a node that has got a larger one since `from` has its own.
    #[inline(always)]
    pub(super) fn lead_on(&mut self, from: u32, node: u32) {
        self.forward.push([from, node]);
    }
}
