//! The depth-first search over essential edges, which numbers all nodes.
//!
//! Which edges count: HeapSnapshot.ts, `computeIsEssentialEdge`, `markPageOwnedNodes`.

use super::NONE;
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, Links};
use crate::error::Result;
use crate::index::{Ephemerons, Ground, Known, Roots};

/// What the depth-first search leaves to the stages after it. Numbers count in the order of first visits.
pub(crate) struct SearchTree {
    /// Number → node; with several roots number 0 is the virtual one, no node.
    pub(super) vertices: Vec<u32>,
    /// Number → number of the parent in the search tree.
    pub(super) parents: Vec<u32>,
    /// Number → smallest number from which an edge leads here, of those smaller than its own.
    pub(super) semi: Vec<u32>,
    /// Where edges from larger numbers to smaller ones lead, in the order of the numbers that they come from: these are
    /// met when the larger one is given.
    pub(super) cross: Vec<u32>,
    /// One bit for each number and each of `cross`, set for numbers, each before what comes from it: two numbers an edge
    /// would be the largest array of all.
    pub(super) groups: Vec<u64>,
    /// How many nodes the search has reached; numbers from here on are rings that nothing leads to.
    pub(super) reached: usize,
}

impl SearchTree {
    /// Room for so many vertices.
    pub(super) fn new(vertices: usize) -> Self {
        SearchTree {
            vertices: Vec::with_capacity(vertices),
            parents: Vec::with_capacity(vertices),
            semi: Vec::with_capacity(vertices),
            cross: Vec::new(),
            groups: Vec::new(),
            reached: 0,
        }
    }

    /// Gives a node the next number.
    #[inline(always)]
    pub(super) fn push(&mut self, node: u32, parent: u32) -> u32 {
        let number = self.vertices.len();
        let place = number + self.cross.len();
        if self.groups.len() <= place / 64 {
            self.groups.resize(place / 64 + 1, 0);
        }
        self.groups[place / 64] |= 1 << (place % 64);
        self.vertices.push(node);
        self.parents.push(parent);
        self.semi.push(parent);
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
        if next > 0 { each(next as u32 - 1, &self.cross[start..]) } else { Ok(()) }
    }

    /// Takes note of an edge between two vertices. One that leads to a smaller number comes from the last one given.
    #[inline(always)]
    pub(super) fn add_edge(&mut self, from: u32, to: u32) {
        if from < to {
            // `from` is an ancestor: its number is a semi-dominator itself.
            let semi = &mut self.semi[to as usize];
            *semi = from.min(*semi);
        } else if to != 0 && from != to {
            debug_assert_eq!(from as usize + 1, self.vertices.len());
            self.cross.push(to);
        }
    }
}

/// Numbers all nodes. The second value are the nodes that belong to the page (as opposed to the debugger or the
/// system): DevTools' flag 4.
///
/// With several roots a virtual one above them dominates all; it is no node, so what only it dominates has itself as
/// parent in the end.
pub(crate) fn search(ground: &Ground, meter: &Meter) -> Result<(SearchTree, Bits)> {
    let links = ground.columns.links();
    let mut walk = DepthFirst::new(ground, &links);
    walk.run(meter)?;
    // What the walk alone needs, its stack above all, is gone before the next stage allocates.
    let DepthFirst { page_objects, tree, .. } = walk;
    Ok((tree, page_objects))
}

/// The depth-first search over essential edges. Numbers count in the order of first visits, the root is 0.
struct DepthFirst<'a> {
    columns: &'a Columns,
    links: &'a Links<'a>,
    known: &'a Known,
    ephemerons: &'a Ephemerons,
    roots: &'a Roots,
    page_objects: Bits,
    /// Page objects that are reached over edges that count for pages but not for dominators.
    page_side_ways: Vec<u32>,
    visited: Bits,
    /// Node → number.
    numbers: Vec<u32>,
    tree: SearchTree,
    /// Edges whose ends had not been visited when their beginnings were, as (to, number of from).
    stack: Vec<(u32, u32)>,
}

/// How far down the stack the edges of a node are fetched before its turn comes. Most nodes are leaves, so the nodes
/// below the top come soon: with 4 the search over 2.4 M nodes takes half the time that it takes without.
const AHEAD: usize = 4;

impl<'a> DepthFirst<'a> {
    fn new(ground: &'a Ground, links: &'a Links<'a>) -> Self {
        let nodes = ground.columns.nodes.len();
        DepthFirst {
            columns: &ground.columns,
            links,
            known: &ground.known,
            ephemerons: &ground.ephemerons,
            roots: &ground.roots,
            page_objects: Bits::new(nodes),
            page_side_ways: Vec::new(),
            visited: Bits::new(nodes),
            numbers: vec![NONE; nodes],
            tree: SearchTree::new(nodes),
            stack: Vec::new(),
        }
    }

    fn run(&mut self, meter: &Meter) -> Result<()> {
        if self.roots.has_further() {
            self.search_all_roots(meter)?;
        } else {
            self.search_root(meter)?;
        }
        // What only weak edges lead to becomes the root's.
        let mut retained = Bits::new(self.columns.nodes.len());
        for index in 0..self.columns.nodes.len() {
            meter.check_at(index)?;
            let node = NodeIx::new(index);
            if !self.visited.contains(index) {
                for edge in self.links.edges_of(node) {
                    if self.is_essential(node, edge) {
                        retained.insert(self.links.target(edge).ix());
                    }
                }
            }
        }
        for index in 0..self.columns.nodes.len() {
            if !self.visited.contains(index) && !retained.contains(index) {
                self.descend::<false>(NodeIx::new(index), 0, meter)?;
            }
        }
        // Rings, and what hangs on them: children of the root, whose edges count for nothing.
        self.tree.reached = self.tree.vertices.len();
        for index in 0..self.columns.nodes.len() {
            if !self.visited.contains(index) {
                self.number(NodeIx::new(index), 0);
            }
        }
        Ok(())
    }

    /// Visits all that node 0 leads to, as DevTools does.
    fn search_root(&mut self, meter: &Meter) -> Result<()> {
        let root = self.columns.root();
        self.number(root, 0);
        // The root's edges may be taken in any order, so the page's entries go first: all they lead to is the
        // page's, and no other walk is needed to know it.
        let entries = self.page_entries(root);
        for &entry in &entries {
            self.descend::<true>(entry, 0, meter)?;
        }
        self.finish_page_objects(meter)?;
        for edge in self.links.edges_of(root) {
            if self.leads_on(root, edge) {
                self.descend::<false>(self.links.target(edge), 0, meter)?;
            }
        }
        Ok(())
    }

    /// Visits all that the roots lead to, one after the other, below a virtual root with the number 0.
    fn search_all_roots(&mut self, meter: &Meter) -> Result<()> {
        self.tree.push(NONE, 0);
        for &root in self.roots.all() {
            let entries = self.page_entries(root);
            self.page_side_ways.extend(entries.iter().map(|entry| entry.0));
        }
        self.finish_page_objects(meter)?;
        for &root in self.roots.all() {
            if self.visited.contains(root.ix()) {
                // A root that an earlier one leads to is the virtual root's all the same.
                self.tree.semi[self.numbers[root.ix()] as usize] = 0;
                continue;
            }
            let number = self.number(root, 0);
            let edges = self.links.edges_of(root).filter(|&edge| self.leads_on(root, edge));
            let targets = edges.map(|edge| self.links.target(edge));
            // Back to what earlier roots have reached, before any larger number is given.
            let (known, new): (Vec<NodeIx>, Vec<NodeIx>) =
                targets.partition(|target| self.visited.contains(target.ix()));
            known.into_iter().for_each(|target| self.add_edge(number, target.0));
            for target in new {
                self.descend::<false>(target, number, meter)?;
            }
        }
        Ok(())
    }

    /// The nodes at which the page begins, marked as its own.
    fn page_entries(&mut self, root: NodeIx) -> Vec<NodeIx> {
        let entries: Vec<NodeIx> = self
            .links
            .edges_of(root)
            .filter(|&edge| self.is_page_entry(edge))
            .map(|edge| self.links.target(edge))
            .collect();
        for &entry in &entries {
            if self.page_objects.insert(entry.ix()) && self.roots.contains(entry) {
                self.page_side_ways.push(entry.0);
            }
        }
        entries
    }

    /// Windows and document trees: HeapSnapshot.ts, `markPageOwnedNodes`.
    fn is_page_entry(&self, edge: EdgeIx) -> bool {
        match self.links.edge_type(edge) {
            EdgeType::SHORTCUT => true,
            EdgeType::ELEMENT => self.known.is_document_dom_trees(self.columns, self.links.target(edge)),
            _ => false,
        }
    }

    /// Whether the edge is no weak one, no self edge, no table's half of a WeakMap entry, and no shortcut (but at the
    /// root): the part of the rule that needs no page objects.
    #[inline(always)]
    fn leads_on(&self, from: NodeIx, edge: EdgeIx) -> bool {
        let links = self.links;
        match links.edge_type(edge) {
            EdgeType::WEAK => return false,
            EdgeType::SHORTCUT if !self.roots.contains(from) => return false,
            EdgeType::INTERNAL => {
                if let Some(half) = self.ephemerons.get(links.name(edge))
                    && half.table == self.columns.nodes.id(from)
                {
                    return false;
                }
            }
            _ => {}
        }
        links.target(edge) != from
    }

    /// The whole rule, once the page objects are known.
    #[inline(always)]
    fn is_essential(&self, from: NodeIx, edge: EdgeIx) -> bool {
        self.leads_on(from, edge)
            && (self.roots.contains(from)
                || self.page_objects.contains(from.ix())
                || !self.page_objects.contains(self.links.target(edge).ix()))
    }

    /// Gives `node` the next number.
    #[inline(always)]
    fn number(&mut self, node: NodeIx, parent: u32) -> u32 {
        let number = self.tree.push(node.0, parent);
        self.visited.insert(node.ix());
        self.numbers[node.ix()] = number;
        number
    }

    /// Searches from `start`, a child of the root with the number `parent`. With `PAGE` every node met over an edge
    /// that is not weak becomes a page object, and all edges are between page objects.
    ///
    /// All edges of a node are read when it is visited, which is kind to the caches; those to nodes that have no
    /// number yet wait on the stack. An edge whose end has got one meanwhile leads to a descendant.
    fn descend<const PAGE: bool>(&mut self, start: NodeIx, parent: u32, meter: &Meter) -> Result<()> {
        self.stack.push((start.0, parent));
        while let Some((node, parent)) = self.stack.pop() {
            if self.visited.contains(node as usize) {
                self.add_edge(parent, node);
                continue;
            }
            if let Some(&(next, _)) = self.stack.get(self.stack.len().wrapping_sub(AHEAD)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            let number = self.number(NodeIx(node), parent);
            meter.check_at(number as usize)?;
            self.scan::<PAGE>(NodeIx(node), number);
        }
        Ok(())
    }

    fn scan<const PAGE: bool>(&mut self, node: NodeIx, number: u32) {
        let links = self.links;
        for edge in links.edges_of(node) {
            let target = links.target(edge);
            if PAGE {
                if links.edge_type(edge) == EdgeType::WEAK {
                    continue;
                }
                let new = self.page_objects.insert(target.ix());
                let leads_on = self.leads_on(node, edge);
                if new && (!leads_on || self.roots.contains(target)) {
                    self.page_side_ways.push(target.0);
                }
                if !leads_on {
                    continue;
                }
            } else if !self.is_essential(node, edge) {
                continue;
            }
            if !self.visited.contains(target.ix()) {
                links.prefetch_first_edge(target);
                self.stack.push((target.0, number));
            } else {
                self.add_edge(number, target.0);
            }
        }
    }

    /// Takes note of an edge from the vertex `from` to a node that has a number.
    #[inline(always)]
    fn add_edge(&mut self, from: u32, node: u32) {
        self.tree.add_edge(from, self.numbers[node as usize]);
    }

    /// Marks what only side ways lead to; the search itself has not been there and may come later.
    fn finish_page_objects(&mut self, meter: &Meter) -> Result<()> {
        let mut work = std::mem::take(&mut self.page_side_ways);
        let mut steps = 0;
        while let Some(node) = work.pop() {
            steps += 1;
            meter.check_at(steps)?;
            // The search has marked what the nodes that it has visited lead to; the root's edges it has not followed.
            if self.visited.contains(node as usize) && !self.roots.contains(NodeIx(node)) {
                continue;
            }
            for edge in self.links.edges_of(NodeIx(node)) {
                let target = self.links.target(edge);
                if self.links.edge_type(edge) != EdgeType::WEAK && self.page_objects.insert(target.ix()) {
                    work.push(target.0);
                }
            }
        }
        Ok(())
    }
}
