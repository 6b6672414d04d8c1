//! What keeps what alive: the holding graph, what roots reach in it, who dominates whom in it.
//!
//! Every edge holds but weak ones, shortcuts (other than the root's) and self edges; the value of a WeakMap's entry is
//! held once both its table and its key are. This is not DevTools' dominator graph, which also leaves out references into
//! what the page owns ([`super::search`]): retained sizes are DevTools', answers about holders are these.

use rustc_hash::FxHashMap;

use super::search_tree::SearchTree;
use super::tree::{Placed, each_place};
use super::{Immediate, NONE, immediate, sort};
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
    /// Entries of WeakMaps hold nothing. Only for heaps with some.
    plain: Option<Tree>,
    /// What roots reach over entries of WeakMaps only.
    over_entries: Vec<NodeIx>,
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
        let Immediate { vertices, mut dominators, .. } = immediate(sort(search, meter)?, meter)?;
        let mut sizes = vec![1; vertices.len()];
        for number in (1..sizes.len()).rev() {
            sizes[dominators[number] as usize] += sizes[number];
        }
        let (mut positions, mut ends, mut parents) = (vec![NONE; nodes], vec![NONE; nodes], vec![NONE; nodes]);
        // Number 0 is the virtual root above all.
        each_place(
            &vertices,
            &mut dominators,
            |number| sizes[number],
            |Placed { number, parent, place, size }| {
                let (node, parent) = (vertices[number], vertices[parent as usize]);
                positions[node as usize] = place;
                ends[node as usize] = place + size;
                parents[node as usize] = if parent == NONE { node } else { parent };
            },
        );
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
        let tree = Tree::of(walk.search(|from, edge| walk.counts(&reached, from, edge), meter)?, nodes, meter)?;
        let (mut plain, mut over_entries) = (None, Vec::new());
        if !pairs.is_empty() {
            let plainly = walk.reach(false, meter)?;
            let counts = |from, edge| walk.leads_on(from, edge) && walk.pair(edge).is_none();
            plain = Some(Tree::of(walk.search(counts, meter)?, nodes, meter)?);
            over_entries = reached.iter().filter(|&node| !plainly.contains(node)).map(NodeIx::new).collect();
        }
        Ok(Holding { cut, pairs, tree, plain, over_entries })
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

    /// Whether an edge is one half of a WeakMap's entry.
    pub(crate) fn is_of_entry(&self, ground: &Ground, links: &Links<'_>, edge: EdgeIx) -> bool {
        self.pair(ground, links, edge).is_some()
    }

    /// Whether `edge` is a reason for its target to live whatever becomes of entries of WeakMaps.
    pub(crate) fn is_plain_reason(&self, ground: &Ground, links: &Links<'_>, from: NodeIx, edge: EdgeIx) -> bool {
        let (target, tree) = (links.target(edge), self.regions());
        tree.is_reached(from)
            && !self.cut.has_edge(edge)
            && leads_on(ground, links, from, edge)
            && !self.is_of_entry(ground, links, edge)
            && !(tree.positions[target.ix()]..tree.ends[target.ix()]).contains(&tree.positions[from.ix()])
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
        match self {
            Lost::Below { first, end, kept } => {
                let position = holding.regions().positions[node.ix()];
                (*first..*end).contains(&position) && !kept.contains((position - first) as usize)
            }
            Lost::Anywhere { kept } => holding.is_reached(node) && !kept.contains(node.ix()),
        }
    }
}

/// Where the subtree that is walked is larger than a part of this of all nodes, everything is walked.
const SMALL: usize = 4;

impl Holding {
    /// The tree that tells what can go: what it says is reached some other way is so whatever goes of WeakMaps. What only
    /// these hold is not in it.
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
        let is_told = |node: &NodeIx| tree.is_reached(*node) || !self.is_reached(*node);
        let ends: Vec<NodeIx> = ends.collect();
        let above = match !cuts_entries && ends.iter().all(is_told) {
            true => tree.common(ends.into_iter().filter(|&node| tree.is_reached(node))),
            false => None,
        };
        if let Some(above) = above.filter(|&above| tree.subtree(above) < tree.positions.len() / SMALL)
            && let Some(lost) = self.lost_below(&walk, above, meter)?
        {
            return Ok(lost);
        }
        Ok(Lost::Anywhere { kept: walk.reach(true, meter)? })
    }
}

impl Holding {
    /// What goes of all that `above` dominates; nothing where that may not be all, since something goes that entries of
    /// WeakMaps need.
    fn lost_below(&self, walk: &Walk<'_>, above: NodeIx, meter: &Meter) -> Result<Option<Lost>> {
        let tree = self.regions();
        let mut region = Region::of(self, above);
        walk.reach_below(&mut region, vec![above.0], meter)?;
        let goes = |region: &Region<'_>, node: u32| {
            region.place(NodeIx(node)).is_some_and(|place| !region.kept.contains(place))
        };
        let is_only_value = |value: u32| !tree.is_reached(NodeIx(value));
        let is_beyond = |(&(value, _), &[table, key]): (&(u32, u32), &[u32; 2])| {
            is_only_value(value) && (goes(&region, table) || goes(&region, key))
        };
        if self.pairs.iter().any(is_beyond) {
            return Ok(None);
        }
        // So all that only entries hold stays, and holds what it did.
        region.has_entries = true;
        let mut open = Vec::new();
        for &from in &self.over_entries {
            open.extend(walk.links.edges_of(from).filter(|&edge| walk.leads_on(from, edge)).filter_map(|edge| {
                let target = walk.links.target(edge);
                (walk.pair(edge).is_none() && region.keep(target)).then_some(target.0)
            }));
        }
        walk.reach_below(&mut region, open, meter)?;
        let Region { first, end, kept, .. } = region;
        Ok(Some(Lost::Below { first, end, kept }))
    }
}

/// What one node dominates in a tree, and what of it is reached.
struct Region<'a> {
    tree: &'a Tree,
    /// That of the whole graph.
    whole: &'a Tree,
    first: u32,
    end: u32,
    /// By position from `first` on.
    kept: Bits,
    /// Whether what only entries of WeakMaps hold is there.
    has_entries: bool,
}

impl Region<'_> {
    fn of(holding: &Holding, above: NodeIx) -> Region<'_> {
        let (tree, whole) = (holding.regions(), &holding.tree);
        let (first, end) = (tree.positions[above.ix()], tree.ends[above.ix()]);
        let mut region =
            Region { tree, whole, first, end, kept: Bits::new((end - first) as usize), has_entries: false };
        region.keep(above);
        region
    }

    fn place(&self, node: NodeIx) -> Option<usize> {
        let position = self.tree.positions[node.ix()];
        (self.first..self.end).contains(&position).then(|| (position - self.first) as usize)
    }

    /// Takes note that a node is reached; whether that is news.
    #[inline(always)]
    fn keep(&mut self, node: NodeIx) -> bool {
        self.place(node).is_some_and(|place| self.kept.insert(place))
    }

    /// Whether a node is there.
    fn has(&self, node: NodeIx) -> bool {
        match self.place(node) {
            Some(place) => self.kept.contains(place),
            None => self.tree.is_reached(node) || self.has_entries && self.whole.is_reached(node),
        }
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

    /// What is reached in a region of a tree without WeakMaps from some nodes, and as values of entries that are there.
    fn reach_below(&self, region: &mut Region<'_>, mut open: Vec<u32>, meter: &Meter) -> Result<()> {
        let mut steps = 0;
        loop {
            while let Some(node) = open.pop() {
                steps += 1;
                meter.check_at(steps)?;
                let from = NodeIx(node);
                for edge in self.links.edges_of(from) {
                    let target = self.links.target(edge);
                    if self.leads_on(from, edge) && self.pair(edge).is_none() && region.keep(target) {
                        open.push(target.0);
                    }
                }
            }
            let is_there =
                |node: u32, region: &Region<'_>| region.has(NodeIx(node)) && !self.cut.has_node(NodeIx(node));
            for (&(value, _), pair) in self.pairs {
                let has_both = || pair.iter().all(|&node| is_there(node, region) && node != value);
                let is_value = region.place(NodeIx(value)).is_some() && !self.cut.has_node(NodeIx(value));
                if is_value && has_both() && region.keep(NodeIx(value)) {
                    open.push(value);
                }
            }
            if open.is_empty() {
                return Ok(());
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

    /// The depth-first search below a virtual root above all roots, as [`super::search`] leaves it.
    fn search(&self, counts: impl Fn(NodeIx, EdgeIx) -> bool, meter: &Meter) -> Result<SearchTree> {
        let count = self.ground.columns.nodes.len();
        let mut visited = Bits::new(count);
        let mut tree = SearchTree::new(count + 1, count, self.ground.columns.edges.len());
        tree.push(NONE, 0);
        let mut stack: Vec<(u32, u32)> = self.roots().map(|root| (root.0, 0)).collect();
        stack.reverse();
        while let Some((node, parent)) = stack.pop() {
            if !visited.insert(node as usize) {
                tree.lead_on(parent, node);
                continue;
            }
            if let Some(&(next, _)) = stack.get(stack.len().wrapping_sub(4)) {
                self.links.prefetch_edges(NodeIx(next));
            }
            let number = tree.push(node, parent);
            meter.check_at(number as usize)?;
            let from = NodeIx(node);
            for edge in self.links.edges_of(from) {
                let target = self.links.target(edge);
                if !counts(from, edge) {
                    continue;
                }
                if visited.contains(target.ix()) {
                    tree.lead_back(target.0);
                } else {
                    self.links.prefetch_first_edge(target);
                    stack.push((target.0, number));
                }
            }
        }
        tree.reached = tree.vertices.len();
        Ok(tree)
    }
}
