//! Shallow sizes: backing stores count to the one object that owns them.
//!
//! Source: HeapSnapshot.ts, `calculateShallowSizes`.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::columns::{EdgeType, Edges, Links, NodeType};
use crate::error::Result;
use crate::index::{DomState, Ground};

const UNVISITED: u32 = u32::MAX;
const MANY: u32 = u32::MAX - 1;

/// The shallow size of every node, in bytes.
///
/// Hidden nodes, arrays and external string data give their size to the only node that leads to them over edges that
/// are not weak; with several owners they keep it. A snapshot without user roots was made with internals exposed and
/// stays as it is.
pub(crate) fn compute(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<UintColumn> {
    let Ground { columns, known, roots, .. } = ground;
    let nodes = &columns.nodes;
    let mut root_edges = roots.all().iter().flat_map(|&root| columns.edges_of(root));
    if !root_edges.any(|edge| known.is_user_root(columns, columns.edges.target(edge))) {
        return Ok(nodes.self_sizes.clone());
    }
    let owners = Owners::find(ground, dom, meter)?;
    let mut sizes = nodes.self_sizes.clone();
    for (index, &owner) in owners.ownable.iter().zip(&owners.owners) {
        if owner < MANY && nodes.types[owner as usize] != NodeType::SYNTHETIC && !roots.contains(NodeIx(owner)) {
            let moved = nodes.self_sizes.get(index);
            sizes.set(index, 0);
            sizes.set(owner as usize, sizes.get(owner as usize).saturating_add(moved));
        }
    }
    Ok(sizes)
}

/// Who owns the nodes that can be owned, on the way to be found.
struct Owners<'a> {
    links: Links<'a>,
    ownable: Bits,
    ranks: Vec<u32>,
    /// Of the nodes that can be owned, those that have not got several owners yet: what has them keeps them. Half of all
    /// references to what can be owned lead to a handful of nodes, which are out of it after two.
    open: Bits,
    /// Of each node that can be owned the owner, or [`UNVISITED`], or [`MANY`].
    owners: Vec<u32>,
    work: Vec<u32>,
}

/// How far down the stack the edges of a node are fetched before its turn comes.
const AHEAD: usize = 8;

impl<'a> Owners<'a> {
    fn find(ground: &'a Ground, dom: &DomState, meter: &Meter) -> Result<Self> {
        let columns = &*ground.columns;
        let ownable = ownable(ground, dom, meter)?;
        let (ranks, open, count) = (ownable.ranks(), ownable.clone(), ownable.count());
        let links = columns.links();
        let mut owners = Owners { links, ownable, ranks, open, owners: vec![UNVISITED; count], work: Vec::new() };
        // The result does not depend on the order of work: a node is owned by one when exactly one self-owning node
        // leads to it through ownable nodes. So the self-owning ones go first, in the order of memory: edge by edge, for
        // few lead to what is open, and whose these are is asked only then.
        let (links, first_edges) = (columns.edges.links.as_slice(), columns.nodes.first_edges.as_slice());
        let mut from = 0;
        for (word, edges) in links.chunks(64).enumerate() {
            meter.check_at(word)?;
            let mut some = owners.open.of_each(edges.iter().map(|&[target, _]| target));
            while some != 0 {
                let edge = word * 64 + some.trailing_zeros() as usize;
                some &= some - 1;
                while first_edges[from + 1] as usize <= edge {
                    from += 1;
                }
                let [target, packed] = links[edge];
                // It may have been closed by one just before.
                let is_open = owners.open.contains(target as usize);
                if is_open && !owners.ownable.contains(from) && Edges::type_of(packed) != EdgeType::WEAK {
                    owners.own(target, from as u32);
                }
            }
        }
        let links = owners.links;
        let mut steps = 0;
        while let Some(node) = owners.work.pop() {
            steps += 1;
            meter.check_at(steps)?;
            if let Some(&next) = owners.work.get(owners.work.len().wrapping_sub(AHEAD)) {
                links.prefetch_edges(NodeIx(next));
            }
            let owner = owners.owners[owners.ownable.rank(&owners.ranks, node as usize)];
            for link in links.each_of(NodeIx(node)) {
                if owners.open.contains(link.target.ix()) && link.edge_type != EdgeType::WEAK {
                    owners.own(link.target.0, owner);
                }
            }
        }
        Ok(owners)
    }

    /// Takes note that `owner` leads to `target`, which is open.
    #[inline(always)]
    fn own(&mut self, target: u32, owner: u32) {
        let current = &mut self.owners[self.ownable.rank(&self.ranks, target as usize)];
        if *current == owner {
            return;
        }
        *current = if *current == UNVISITED { owner } else { MANY };
        if *current == MANY {
            self.open.remove(target as usize);
        }
        self.links.prefetch_first_edge(NodeIx(target));
        self.work.push(target);
    }
}

/// Hidden nodes, arrays and external string data.
fn ownable(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<Bits> {
    let Ground { columns, known, .. } = ground;
    let nodes = &columns.nodes;
    let mut ownable = Bits::new(nodes.len());
    for index in 0..nodes.len() {
        meter.check_at(index)?;
        let node = NodeIx::new(index);
        let is_ownable = match nodes.types[index] {
            NodeType::HIDDEN | NodeType::ARRAY => true,
            NodeType::NATIVE => known.external_string_data.contains(nodes.name(node)) && !dom.has_prefix(columns, node),
            _ => false,
        };
        if is_ownable {
            ownable.insert(index);
        }
    }
    Ok(ownable)
}
