//! The depth-first search over essential edges, which numbers all nodes.
//!
//! Which edges count: HeapSnapshot.ts, `computeIsEssentialEdge`, `markPageOwnedNodes`.

use super::NONE;
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, Link, Links};
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
            semi: Vec::with_capacity(vertices),
            numbers: vec![0; nodes],
            cross: vec![0; edges],
            crosses: 0,
            groups: Vec::with_capacity((vertices + edges) / 64 + 1),
            reached: 0,
        }
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
        self.semi.push(parent);
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

    /// Takes note of an edge from the number `from` to a node that has got a larger one since `from` has its own: `from` is
    /// an ancestor, and its number a semi-dominator itself.
    #[inline(always)]
    pub(super) fn lead_on(&mut self, from: u32, node: u32) {
        let semi = &mut self.semi[self.numbers[node as usize] as usize];
        *semi = from.min(*semi);
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
    /// Whether there are entries of WeakMaps.
    has_halves: bool,
    roots: &'a Roots,
    page_objects: Bits,
    /// Page objects that are reached over edges that count for pages but not for dominators.
    page_side_ways: Vec<u32>,
    visited: Bits,
    tree: SearchTree,
    /// Edges whose ends had not been visited when their beginnings were, as (to, number of from).
    stack: Vec<(u32, u32)>,
}

/// How far down the stack the edges of a node are fetched before its turn comes. Most nodes are leaves, so the nodes
/// below the top come soon: with 4 the search over 2.4 M nodes takes half the time that it takes without.
const AHEAD: usize = 4;

impl<'a> DepthFirst<'a> {
    fn new(ground: &'a Ground, links: &'a Links<'a>) -> Self {
        let (nodes, edges) = (ground.columns.nodes.len(), ground.columns.edges.len());
        DepthFirst {
            columns: &ground.columns,
            links,
            known: &ground.known,
            ephemerons: &ground.ephemerons,
            has_halves: !ground.ephemerons.is_empty(),
            roots: &ground.roots,
            page_objects: Bits::new(nodes),
            page_side_ways: Vec::new(),
            visited: Bits::new(nodes),
            tree: SearchTree::new(nodes + 1, nodes, edges),
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
                for link in self.links.each_of(node) {
                    if self.is_essential(node, link) {
                        retained.insert(link.target.ix());
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
        for link in self.links.each_of(root) {
            if self.leads_on(root, true, link) {
                self.descend::<false>(link.target, 0, meter)?;
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
                self.tree.lead_on(0, root.0);
                continue;
            }
            let number = self.number(root, 0);
            let targets =
                self.links.each_of(root).filter(|&link| self.leads_on(root, true, link)).map(|link| link.target);
            // Back to what earlier roots have reached, before any larger number is given.
            let (known, new): (Vec<NodeIx>, Vec<NodeIx>) =
                targets.partition(|target| self.visited.contains(target.ix()));
            known.into_iter().for_each(|target| self.tree.lead_back(target.0));
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
    fn leads_on(&self, from: NodeIx, is_root: bool, link: Link) -> bool {
        let leads = (link.edge_type != EdgeType::WEAK)
            & (is_root | (link.edge_type != EdgeType::SHORTCUT))
            & (link.target != from);
        leads && !(self.has_halves && self.ephemerons.may_name(link.low) && self.is_tables_half(from, link))
    }

    #[cold]
    fn is_tables_half(&self, from: NodeIx, link: Link) -> bool {
        link.edge_type == EdgeType::INTERNAL
            && self
                .ephemerons
                .get(self.links.name(link.edge))
                .is_some_and(|half| half.table == self.columns.nodes.id(from))
    }

    /// The whole rule, once the page objects are known.
    #[inline(always)]
    fn is_essential(&self, from: NodeIx, link: Link) -> bool {
        self.leads_on(from, self.roots.contains(from), link)
            && (self.roots.contains(from)
                || self.page_objects.contains(from.ix())
                || !self.page_objects.contains(link.target.ix()))
    }

    /// Gives `node` the next number.
    #[inline(always)]
    fn number(&mut self, node: NodeIx, parent: u32) -> u32 {
        self.visited.insert(node.ix());
        self.tree.push(node.0, parent)
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
                self.tree.lead_on(parent, node);
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

    /// Looks at all edges of a node that has just got its number.
    ///
    /// What it does depends on what has been visited, which follows no pattern. Yet it stays a branch: the processor goes
    /// on with what it takes to be the next node while it waits for the answer. Computed without branches, the search
    /// took a fifth longer.
    fn scan<const PAGE: bool>(&mut self, node: NodeIx, number: u32) {
        let links = *self.links;
        let is_root = self.roots.contains(node);
        // Only what the page does not own is kept from owning what the page owns.
        let is_bound = !PAGE && !is_root && !self.page_objects.contains(node.ix());
        let before = self.stack.len();
        for link in links.each_of(node) {
            let mut leads_on = self.leads_on(node, is_root, link);
            let target = link.target;
            if PAGE {
                let new = self.page_objects.insert_if(target.ix(), link.edge_type != EdgeType::WEAK);
                if new & (!leads_on | self.roots.contains(target)) {
                    self.page_side_ways.push(target.0);
                }
            } else if is_bound {
                leads_on &= !self.page_objects.contains(target.ix());
            }
            if !leads_on {
                continue;
            }
            if self.visited.contains(target.ix()) {
                self.tree.lead_back(target.0);
            } else {
                links.prefetch_first_edge(target);
                self.stack.push((target.0, number));
            }
        }
        // Those come next; asked for together they are waited for once.
        for &(next, _) in self.stack[before..].iter().rev().take(AHEAD) {
            links.prefetch_edges(NodeIx(next));
        }
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
