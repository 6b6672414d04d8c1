//! What keeps what alive: the holding graph, what roots reach in it, who dominates whom in it.
//!
//! Every edge holds but weak ones, shortcuts (other than the root's) and self edges; the value of a WeakMap's entry is
//! held once both its table and its key are. This is not DevTools' dominator graph, which also leaves out references into
//! what the page owns ([`super::search`]): retained sizes are DevTools', answers about holders are these.

use rustc_hash::FxHashMap;

use super::search::SearchTree;
use super::{NONE, immediate, places, sort};
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, Links};
use crate::error::Result;
use crate::index::{Cut, Ground};

/// The two objects that a WeakMap's entry needs, by its value and its number: the table and the key.
type Pairs = FxHashMap<(u32, u32), [u32; 2]>;

/// The holding graph of a heap: what roots reach, and who dominates whom. 12 bytes a node, twice that in a heap with
/// WeakMaps.
#[derive(Debug)]
pub(crate) struct Holding {
    cut: Cut,
    pairs: Pairs,
    /// Keys of WeakMaps lead to their values, tables do not.
    tree: Tree,
    /// Entries of WeakMaps hold nothing: a value that nothing else reaches hangs from the root. Only for heaps with some.
    plain: Option<Tree>,
    /// What roots reach without entries of WeakMaps; nothing where there are none.
    plainly: Option<Bits>,
}

/// A dominator tree.
#[derive(Debug)]
struct Tree {
    /// By node: where it stands in a preorder of the tree; [`NONE`] where no root reaches it.
    positions: Vec<u32>,
    /// By node: the position behind its subtree.
    ends: Vec<u32>,
    /// By node: its immediate dominator; itself where none but the roots together dominate it.
    parents: Vec<u32>,
}

impl Tree {
    fn of(search: SearchTree, nodes: usize, meter: &Meter) -> Result<Tree> {
        let immediate = immediate(sort(search, meter)?, meter)?;
        let (places, sizes) = places(&immediate, meter)?;
        let (mut positions, mut ends, mut parents) = (vec![NONE; nodes], vec![NONE; nodes], vec![NONE; nodes]);
        // Number 0 is the virtual root above all.
        for number in 1..immediate.vertices.len() {
            let node = immediate.vertices[number] as usize;
            let parent = immediate.vertices[immediate.dominators[number] as usize];
            positions[node] = places[number];
            ends[node] = places[number] + sizes[number];
            parents[node] = if parent == NONE { node as u32 } else { parent };
        }
        Ok(Tree { positions, ends, parents })
    }

    #[inline(always)]
    fn is_reached(&self, node: NodeIx) -> bool {
        self.positions[node.ix()] != NONE
    }

    /// The one through which all ways to the node lead, the nearest; nothing where there is none.
    fn dominator(&self, node: NodeIx) -> Option<NodeIx> {
        let parent = self.parents[node.ix()];
        (parent != node.0 && parent != NONE).then_some(NodeIx(parent))
    }

    /// How many nodes a node dominates, itself among them.
    fn subtree(&self, node: NodeIx) -> usize {
        (self.ends[node.ix()] - self.positions[node.ix()]) as usize
    }

    /// The nearest one that dominates all `nodes` and is none of them; nothing where only the roots together do.
    fn common(&self, nodes: impl IntoIterator<Item = NodeIx>) -> Option<NodeIx> {
        let (mut low, mut high, mut some) = (NONE, 0, None);
        for node in nodes {
            let position = self.positions[node.ix()];
            (low, high) = (low.min(position), high.max(position));
            some = Some(node);
        }
        let spans = |&above: &NodeIx| {
            self.positions[above.ix()] < low && self.positions[above.ix()] != NONE && high < self.ends[above.ix()]
        };
        std::iter::successors(self.dominator(some?), |&node| self.dominator(node)).find(spans)
    }
}

/// What roots reach.
struct Walk<'a> {
    ground: &'a Ground,
    links: Links<'a>,
    cut: &'a Cut,
    pairs: &'a Pairs,
}

impl Holding {
    /// The holding graph of a whole heap.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn compute(ground: &Ground, meter: &Meter) -> Result<Holding> {
        Holding::of(ground, Cut::default(), pairs(ground, meter)?, meter)
    }

    /// The same without what is cut.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn without(&self, ground: &Ground, cut: Cut, meter: &Meter) -> Result<Holding> {
        Holding::of(ground, cut, self.pairs.clone(), meter)
    }

    fn of(ground: &Ground, cut: Cut, pairs: Pairs, meter: &Meter) -> Result<Holding> {
        let walk = Walk { ground, links: ground.columns.links(), cut: &cut, pairs: &pairs };
        let nodes = ground.columns.nodes.len();
        let reached = walk.reach(true, meter)?;
        let tree = Tree::of(walk.search(|from, edge| walk.counts(&reached, from, edge), &[], meter)?, nodes, meter)?;
        let (plain, plainly) = match pairs.is_empty() {
            true => (None, None),
            false => {
                let plainly = walk.reach(false, meter)?;
                let is_alone = |&value: &u32| reached.contains(value as usize) && !plainly.contains(value as usize);
                let mut alone: Vec<u32> = pairs.keys().map(|&(value, _)| value).filter(is_alone).collect();
                alone.sort_unstable();
                alone.dedup();
                let counts = |from, edge| walk.leads_on(from, edge) && walk.pair(edge).is_none();
                (Some(Tree::of(walk.search(counts, &alone, meter)?, nodes, meter)?), Some(plainly))
            }
        };
        Ok(Holding { cut, pairs, tree, plain, plainly })
    }

    #[inline(always)]
    pub(crate) fn is_reached(&self, node: NodeIx) -> bool {
        self.tree.is_reached(node)
    }

    /// Whether every way from a root to `node` leads through `above`, or they are the same. Both must be reached.
    #[inline(always)]
    pub(crate) fn dominates(&self, above: NodeIx, node: NodeIx) -> bool {
        let position = self.tree.positions[node.ix()];
        self.tree.positions[above.ix()] <= position && position < self.tree.ends[above.ix()]
    }

    /// Whether `edge`, which leaves `from`, is a reason for its target to live: it holds, is not cut, `from` is alive, and
    /// not only because of the target.
    #[inline(always)]
    pub(crate) fn is_reason(&self, ground: &Ground, links: &Links<'_>, from: NodeIx, edge: EdgeIx) -> bool {
        let target = links.target(edge);
        self.is_reached(from)
            && !self.cut.has_edge(edge)
            && leads_on(ground, links, from, edge)
            && !self.dominates(target, from)
            && self.pair(ground, links, edge).is_none_or(|[table, key]| self.is_alive_beside(target, table, key))
    }

    /// Both halves of an entry must be alive, and not because of the value.
    fn is_alive_beside(&self, value: NodeIx, table: u32, key: u32) -> bool {
        let is_alive = |node| self.is_reached(NodeIx(node)) && !self.dominates(value, NodeIx(node));
        is_alive(table) && is_alive(key)
    }

    #[inline(always)]
    fn pair(&self, ground: &Ground, links: &Links<'_>, edge: EdgeIx) -> Option<[u32; 2]> {
        if self.pairs.is_empty() {
            return None;
        }
        pair(ground, links, &self.pairs, edge).map(|(_, pair)| pair)
    }
}

/// What would go if something were cut.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Only what one node dominates can go: by position, what is reached all the same.
    Below { first: u32, end: u32, kept: Bits },
    /// What is reached all the same, by node.
    Anywhere { kept: Bits },
}

impl Lost {
    /// Whether a node of this holding graph would go.
    pub(crate) fn has(&self, holding: &Holding, node: NodeIx) -> bool {
        let position = holding.regions().positions[node.ix()];
        match self {
            _ if position == NONE => false,
            Lost::Below { first, end, kept } => {
                (*first..*end).contains(&position) && !kept.contains((position - first) as usize)
            }
            Lost::Anywhere { kept } => !kept.contains(node.ix()),
        }
    }
}

/// Where the subtree that is walked is larger than a part of this of all nodes, everything is walked.
const SMALL: usize = 4;

impl Holding {
    /// The tree that tells what can go: what it says is reached some other way is so whatever goes of WeakMaps.
    fn regions(&self) -> &Tree {
        self.plain.as_ref().unwrap_or(&self.tree)
    }

    /// What no root would reach any more without these objects and references. All that can go is dominated by what
    /// dominates the ends of these, so mostly little has to be walked.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn lost(&self, ground: &Ground, nodes: &[NodeIx], edges: &[EdgeIx], meter: &Meter) -> Result<Lost> {
        let links = ground.columns.links();
        let cut = Cut::new(ground, nodes.iter().copied(), edges.iter().copied()).and(&self.cut);
        let walk = Walk { ground, links, cut: &cut, pairs: &self.pairs };
        let ends = nodes.iter().copied().chain(edges.iter().map(|&edge| links.target(edge)));
        // Of an entry whose one half is cut the other half says nothing: only the whole walk looks at both.
        let cuts_entries =
            !self.pairs.is_empty() && (self.cut.has_edges() || edges.iter().any(|&edge| walk.pair(edge).is_some()));
        let tree = self.regions();
        let above = tree.common(ends.filter(|&node| tree.is_reached(node))).filter(|_| !cuts_entries);
        if let Some(above) = above.filter(|&above| tree.subtree(above) < tree.positions.len() / SMALL) {
            let (first, end) = (tree.positions[above.ix()], tree.ends[above.ix()]);
            let is_plain = |node: u32| self.plainly.as_ref().is_none_or(|plainly| plainly.contains(node as usize));
            let lost = Lost::Below { first, end, kept: walk.reach_below(tree, above, &is_plain, meter)? };
            // A value goes with its key or the table of its WeakMap, of which this tree knows nothing; and whether one
            // stays because of what only WeakMaps hold themselves, the walk has not asked.
            let goes = |node: u32| lost.has(self, NodeIx(node));
            let is_open = |(&(value, _), &[table, key]): (&(u32, u32), &[u32; 2])| match goes(value) {
                false => goes(table) || goes(key),
                true => !(is_plain(table) && is_plain(key)),
            };
            if !self.pairs.iter().any(is_open) {
                return Ok(lost);
            }
        }
        Ok(Lost::Anywhere { kept: walk.reach(true, meter)? })
    }
}

/// Whether an edge holds its target, ephemerons aside.
#[inline(always)]
pub(crate) fn leads_on(ground: &Ground, links: &Links<'_>, from: NodeIx, edge: EdgeIx) -> bool {
    match links.edge_type(edge) {
        EdgeType::WEAK => false,
        EdgeType::SHORTCUT if !ground.roots.contains(from) => false,
        _ => links.target(edge) != from,
    }
}

/// The entry of which `edge` is one half, if the file has both: its name in [`Pairs`], and what it needs.
#[inline(always)]
fn pair(ground: &Ground, links: &Links<'_>, pairs: &Pairs, edge: EdgeIx) -> Option<((u32, u32), [u32; 2])> {
    if links.edge_type(edge) != EdgeType::INTERNAL {
        return None;
    }
    let half = ground.ephemerons.get(links.name(edge))?;
    let entry = (links.target(edge).0, half.entry);
    pairs.get(&entry).map(|&pair| (entry, pair))
}

/// All entries of WeakMaps of which the file has both halves. (One alone holds like any other edge.)
fn pairs(ground: &Ground, meter: &Meter) -> Result<Pairs> {
    let mut pairs = Pairs::default();
    if ground.ephemerons.is_empty() {
        return Ok(pairs);
    }
    let (columns, links) = (&ground.columns, ground.columns.links());
    for index in 0..columns.nodes.len() {
        meter.check_at(index)?;
        let from = NodeIx::new(index);
        for edge in links.edges_of(from) {
            if links.edge_type(edge) == EdgeType::INTERNAL
                && let Some(half) = ground.ephemerons.get(links.name(edge))
            {
                let is_key = (half.table != columns.nodes.id(from)) as usize;
                let pair = pairs.entry((links.target(edge).0, half.entry)).or_insert([NONE, NONE]);
                pair[is_key] = from.0;
            }
        }
    }
    // A table that is its own key holds like any other object.
    pairs.retain(|_, pair| !pair.contains(&NONE) && pair[0] != pair[1]);
    Ok(pairs)
}

impl Walk<'_> {
    #[inline(always)]
    fn pair(&self, edge: EdgeIx) -> Option<((u32, u32), [u32; 2])> {
        if self.pairs.is_empty() { None } else { pair(self.ground, &self.links, self.pairs, edge) }
    }

    /// The roots that are not cut.
    fn roots(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.ground.roots.all().iter().copied().filter(|&root| !self.cut.has_node(root))
    }

    /// Whether the edge leads on from a node that is reached; halves of entries do not by themselves.
    #[inline(always)]
    fn leads_on(&self, from: NodeIx, edge: EdgeIx) -> bool {
        leads_on(self.ground, &self.links, from, edge)
            && !self.cut.has_edge(edge)
            && !self.cut.has_node(self.links.target(edge))
    }

    /// What roots reach, with or without entries of WeakMaps.
    fn reach(&self, over_entries: bool, meter: &Meter) -> Result<Bits> {
        let mut reached = Bits::new(self.ground.columns.nodes.len());
        let mut open: Vec<u32> = Vec::new();
        // Entries of which one half has been reached: by which reference.
        let mut halves: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for root in self.roots() {
            if reached.insert(root.ix()) {
                open.push(root.0);
            }
        }
        let mut steps = 0;
        while let Some(node) = open.pop() {
            steps += 1;
            meter.check_at(steps)?;
            if let Some(&next) = open.get(open.len().wrapping_sub(4)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            let from = NodeIx(node);
            for edge in self.links.edges_of(from) {
                let target = self.links.target(edge);
                if reached.contains(target.ix()) || !self.leads_on(from, edge) {
                    continue;
                }
                if let Some((entry, _)) = self.pair(edge) {
                    if !over_entries {
                        continue;
                    }
                    let other = *halves.entry(entry).or_insert(node);
                    if other == node {
                        continue;
                    }
                }
                reached.insert(target.ix());
                self.links.prefetch_first_edge(target);
                open.push(target.0);
            }
        }
        Ok(reached)
    }

    /// What is reached of all that `above` dominates in a tree without WeakMaps, by position: from it, since all ways lead
    /// through it, and as values of entries that are there. What only WeakMaps hold outside is not asked.
    fn reach_below(&self, tree: &Tree, above: NodeIx, is_plain: &dyn Fn(u32) -> bool, meter: &Meter) -> Result<Bits> {
        let (first, end) = (tree.positions[above.ix()], tree.ends[above.ix()]);
        let mut kept = Bits::new((end - first) as usize);
        kept.insert(0);
        let mut open = vec![above.0];
        let mut steps = 0;
        loop {
            while let Some(node) = open.pop() {
                steps += 1;
                meter.check_at(steps)?;
                let from = NodeIx(node);
                for edge in self.links.edges_of(from) {
                    let target = self.links.target(edge);
                    let position = tree.positions[target.ix()];
                    let is_new = (first..end).contains(&position) && !kept.contains((position - first) as usize);
                    if is_new && self.leads_on(from, edge) && self.pair(edge).is_none() {
                        kept.insert((position - first) as usize);
                        open.push(target.0);
                    }
                }
            }
            let is_there = |node: u32| match tree.positions[node as usize] {
                position if (first..end).contains(&position) => kept.contains((position - first) as usize),
                position => position != NONE && is_plain(node),
            };
            let is_cut = |node: u32| self.cut.has_node(NodeIx(node));
            let entries = self.pairs.iter().filter(|&(&(value, _), pair)| {
                (first..end).contains(&tree.positions[value as usize])
                    && !is_there(value)
                    && !is_cut(value)
                    && pair.iter().all(|&node| is_there(node) && !is_cut(node) && node != value)
            });
            open.extend(entries.map(|(&(value, _), _)| value));
            open.sort_unstable();
            open.dedup();
            if open.is_empty() {
                return Ok(kept);
            }
            for &value in &open {
                kept.insert((tree.positions[value as usize] - first) as usize);
            }
        }
    }

    /// Whether an edge between two nodes that are reached counts for dominance: a table's half of an entry does not, and
    /// a key's does where the table is there.
    #[inline(always)]
    fn counts(&self, reached: &Bits, from: NodeIx, edge: EdgeIx) -> bool {
        self.leads_on(from, edge)
            && (self.pairs.is_empty()
                || self.pair(edge).is_none_or(|(_, [table, key])| {
                    from.0 == key && from.0 != table && reached.contains(table as usize)
                }))
    }

    /// The depth-first search below a virtual root above all roots, and above some nodes more, as [`super::search`] leaves it.
    fn search(&self, counts: impl Fn(NodeIx, EdgeIx) -> bool, more: &[u32], meter: &Meter) -> Result<SearchTree> {
        let count = self.ground.columns.nodes.len();
        let mut numbers = vec![NONE; self.ground.columns.nodes.len()];
        let mut tree = SearchTree {
            vertices: Vec::with_capacity(count + 1),
            parents: Vec::with_capacity(count + 1),
            semi: Vec::with_capacity(count + 1),
            cross: Vec::new(),
            cross_counts: vec![0; count + 2],
            reached: 0,
        };
        tree.push(NONE, 0);
        let starts = self.roots().map(|root| root.0).chain(more.iter().copied());
        let mut stack: Vec<(u32, u32)> = starts.map(|start| (start, 0)).collect();
        stack.reverse();
        while let Some((node, parent)) = stack.pop() {
            if numbers[node as usize] != NONE {
                tree.add_edge(parent, numbers[node as usize]);
                continue;
            }
            if let Some(&(next, _)) = stack.get(stack.len().wrapping_sub(4)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            let number = tree.push(node, parent);
            meter.check_at(number as usize)?;
            numbers[node as usize] = number;
            let from = NodeIx(node);
            for edge in self.links.edges_of(from) {
                let target = self.links.target(edge);
                if !counts(from, edge) {
                    continue;
                }
                match numbers[target.ix()] {
                    NONE => {
                        self.links.prefetch_first_edge(target);
                        stack.push((target.0, number));
                    }
                    to => tree.add_edge(number, to),
                }
            }
        }
        tree.reached = tree.vertices.len();
        Ok(tree)
    }
}
