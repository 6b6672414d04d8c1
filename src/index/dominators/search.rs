//! The depth-first search over essential edges, which numbers all nodes.
//!
//! Which edges count: HeapSnapshot.ts, `computeIsEssentialEdge`, `markPageOwnedNodes`.

use super::rule::Rule;
use super::search_tree::SearchTree;
use super::{NONE, settled};
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, Link, Links};
use crate::error::Result;
use crate::index::{Ground, Known, Roots};

/// Numbers all nodes. The second value are the nodes that belong to the page (as opposed to the debugger or the
/// system): DevTools' flag 4.
///
/// With several roots a virtual one above them dominates all; it is no node, so what only it dominates has itself as
/// parent in the end.
///
/// `memory` is that of [`SearchTree::ahead`], where somebody had time for it.
pub(crate) fn search(ground: &Ground, memory: Option<SearchTree>, meter: &Meter) -> Result<(SearchTree, Bits)> {
    let (nodes, edges) = (ground.columns.nodes.len(), ground.columns.edges.len());
    let memory = memory.filter(|memory| memory.fits(nodes, edges));
    let tree = memory.unwrap_or_else(|| SearchTree::new(nodes + 1, nodes, edges));
    let links = ground.columns.links();
    let mut walk = DepthFirst::new(ground, &links, tree);
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
    roots: &'a Roots,
    rule: Rule<'a>,
    page_objects: Bits,
    /// Page objects that are reached over edges that count for pages but not for dominators.
    page_side_ways: Vec<u32>,
    visited: Bits,
    /// Nodes that the base is known to dominate immediately, while what it leads to is visited: no edge to them says
    /// anything new ([`settled`]).
    settled: Bits,
    tree: SearchTree,
    /// Edges whose ends had not been visited when their beginnings were, as (to, number of from).
    stack: Vec<(u32, u32)>,
}

/// How far down the stack the edges of a node are fetched before its turn comes. Most nodes are leaves, so the nodes
/// below the top come soon: with 4 the search over 2.4 M nodes takes half the time that it takes without.
const AHEAD: usize = 4;

/// The first child of the root, once all that it leads to has been visited.
struct Base {
    settled: Bits,
    /// Its number.
    number: u32,
    /// The number behind all that it leads to, and how many cross edges these have.
    end: u32,
    crosses: usize,
}

impl<'a> DepthFirst<'a> {
    fn new(ground: &'a Ground, links: &'a Links<'a>, tree: SearchTree) -> Self {
        let columns = &*ground.columns;
        let nodes = columns.nodes.len();
        DepthFirst {
            columns,
            links,
            known: &ground.known,
            roots: &ground.roots,
            rule: Rule::new(ground, links),
            page_objects: Bits::new(nodes),
            page_side_ways: Vec::new(),
            visited: Bits::new(nodes),
            settled: Bits::new(nodes),
            tree,
            stack: Vec::new(),
        }
    }

    fn run(&mut self, meter: &Meter) -> Result<()> {
        let base = match self.roots.has_further() {
            true => self.search_all_roots(meter).map(|()| None),
            false => self.search_root(meter),
        }?;
        // What only weak edges lead to becomes the root's.
        let nodes = self.columns.nodes.len();
        let mut retained = Bits::new(nodes);
        let mut next = 0;
        while let Some(index) = self.visited.next_absent(next, nodes) {
            next = index + 1;
            meter.check_at(index)?;
            let node = NodeIx::new(index);
            for link in self.links.each_of(node) {
                if self.is_essential(node, link) {
                    retained.insert(link.target.ix());
                }
            }
        }
        next = 0;
        while let Some(index) = self.visited.next_absent(next, nodes) {
            next = index + 1;
            if !retained.contains(index) {
                self.descend::<false>(NodeIx::new(index), 0, meter)?;
            }
        }
        // Rings, and what hangs on them: children of the root, whose edges count for nothing.
        self.tree.reached = self.tree.vertices.len();
        next = 0;
        while let Some(index) = self.visited.next_absent(next, nodes) {
            next = index + 1;
            self.number(NodeIx::new(index), 0);
        }
        base.map_or(Ok(()), |base| self.settle(&base, meter))
    }

    /// Visits all that node 0 leads to, as DevTools does. Its first child is the base.
    fn search_root(&mut self, meter: &Meter) -> Result<Option<Base>> {
        let root = self.columns.root();
        self.number(root, 0);
        // The root's edges may be taken in any order, so the page's entries go first: all they lead to is the
        // page's, and no other walk is needed to know it.
        let entries = self.page_entries(root);
        let mut base = None;
        for &entry in &entries {
            self.descend_from_root::<true>(entry, &mut base, meter)?;
        }
        if !entries.is_empty() {
            let is_root_the_pages = self.page_objects.contains(root.ix());
            self.page_objects.add_all(&self.visited);
            if !is_root_the_pages {
                self.page_objects.remove(root.ix());
            }
        }
        self.finish_page_objects(meter)?;
        for link in self.links.each_of(root) {
            if !self.rule.leads_on(root, true, link) {
                continue;
            }
            // Where there are pages, what leads to them is none of the base's.
            match entries.is_empty() {
                true => self.descend_from_root::<false>(link.target, &mut base, meter)?,
                false => self.descend::<false>(link.target, 0, meter)?,
            }
        }
        Ok(base)
    }

    /// Searches from a child of the root, which becomes the base if it is the first.
    fn descend_from_root<const PAGE: bool>(
        &mut self,
        start: NodeIx,
        base: &mut Option<Base>,
        meter: &Meter,
    ) -> Result<()> {
        if base.is_some() || self.visited.contains(start.ix()) {
            return self.descend::<PAGE>(start, 0, meter);
        }
        let number = self.tree.vertices.len() as u32;
        let colours = &mut self.tree.numbers;
        self.settled = settled::find(self.columns.root(), start, *self.links, self.rule, colours, meter)?;
        self.descend::<PAGE>(start, 0, meter)?;
        let settled = std::mem::replace(&mut self.settled, Bits::new(self.columns.nodes.len()));
        let (end, crosses) = (self.tree.vertices.len() as u32, self.tree.crosses);
        *base = Some(Base { settled, number, end, crosses });
        Ok(())
    }

    /// Says of each node that is settled what dominates it: the base, or the root where something leads there past the
    /// base.
    fn settle(&mut self, base: &Base, meter: &Meter) -> Result<()> {
        let is_below = |node: u32, numbers: &[u32]| (base.number + 1..base.end).contains(&numbers[node as usize]);
        let numbers = &self.tree.numbers;
        let over_crosses = self.tree.cross[base.crosses..self.tree.crosses].iter().copied();
        let from_root = self.tree.forward.iter().filter(|&&[from, _]| from == 0).map(|&[_, node]| node);
        let mut past = Bits::new(self.columns.nodes.len());
        let mut work = Vec::new();
        for node in over_crosses.chain(from_root) {
            if is_below(node, numbers) && past.insert(node as usize) {
                work.push(node);
            }
        }
        let mut steps = 0;
        while let Some(node) = work.pop() {
            steps += 1;
            meter.check_at(steps)?;
            if let Some(&next) = work.get(work.len().wrapping_sub(AHEAD)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            for link in self.links.each_of(NodeIx(node)) {
                let target = link.target;
                if self.is_essential(NodeIx(node), link) && is_below(target.0, numbers) && past.insert(target.ix()) {
                    self.links.prefetch_first_edge(target);
                    work.push(target.0);
                }
            }
        }
        for node in base.settled.iter() {
            self.tree.lead_on(if past.contains(node) { 0 } else { base.number }, node as u32);
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
                self.links.each_of(root).filter(|&link| self.rule.leads_on(root, true, link)).map(|link| link.target);
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

    /// The whole rule, once the page objects are known.
    #[inline(always)]
    fn is_essential(&self, from: NodeIx, link: Link) -> bool {
        self.rule.leads_on(from, self.roots.contains(from), link)
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

    /// Searches from `start`, a child of the root with the number `parent`. With `PAGE` all that is visited is the page's,
    /// and so is what an edge leads to that is not weak.
    ///
    /// All edges of a node are read when it is visited, which is kind to the caches; those to nodes that have no
    /// number yet wait on the stack. An edge whose end has got one meanwhile leads to a descendant.
    fn descend<const PAGE: bool>(&mut self, start: NodeIx, parent: u32, meter: &Meter) -> Result<()> {
        self.stack.push((start.0, parent));
        while let Some((node, parent)) = self.stack.pop() {
            if !self.visited.insert(node as usize) {
                if !self.settled.contains(node as usize) {
                    self.tree.lead_on(parent, node);
                }
                continue;
            }
            if let Some(&(next, _)) = self.stack.get(self.stack.len().wrapping_sub(AHEAD)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            let number = self.tree.push(node, parent);
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
            let target = link.target;
            if !self.rule.leads_on(node, is_root, link) {
                if PAGE && link.edge_type != EdgeType::WEAK {
                    self.leads_aside(target);
                }
                continue;
            }
            if is_bound && self.page_objects.contains(target.ix()) {
                continue;
            }
            if !self.visited.contains(target.ix()) {
                links.prefetch_first_edge(target);
                self.stack.push((target.0, number));
                continue;
            }
            if PAGE && self.roots.contains(target) {
                self.leads_aside(target);
            }
            if !self.settled.contains(target.ix()) {
                self.tree.lead_back(target.0);
            }
        }
        // Those come next; asked for together they are waited for once.
        for &(next, _) in self.stack[before..].iter().rev().take(AHEAD) {
            links.prefetch_edges(NodeIx(next));
        }
    }

    /// Marks what an edge of a page object leads to that the search does not follow.
    #[cold]
    fn leads_aside(&mut self, target: NodeIx) {
        let comes_anyway = self.visited.contains(target.ix()) && !self.roots.contains(target);
        if !comes_anyway && self.page_objects.insert(target.ix()) {
            self.page_side_ways.push(target.0);
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
