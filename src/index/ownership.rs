//! Shallow sizes: backing stores count to the one object that owns them.
//!
//! Source: HeapSnapshot.ts, `calculateShallowSizes`.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::columns::{EdgeType, Links, NodeType};
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
    for (index, &owner) in owners.iter().enumerate() {
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
    owners: Vec<u32>,
    work: Vec<u32>,
}

impl Owners<'_> {
    /// The owner of every node, or [`UNVISITED`], or [`MANY`].
    fn find(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<Vec<u32>> {
        let columns = &*ground.columns;
        let count = columns.nodes.len();
        let ownable = ownable(ground, dom, meter)?;
        let mut owners = Owners { links: columns.links(), ownable, owners: vec![UNVISITED; count], work: Vec::new() };
        // The result does not depend on the order of work: a node is owned by one when exactly one self-owning node
        // leads to it through ownable nodes. So the self-owning ones go first, in the order of memory.
        for index in 0..count {
            meter.check_at(index)?;
            if !owners.ownable.contains(index) {
                owners.spread(index as u32, index as u32);
            }
        }
        let mut steps = 0;
        while let Some(node) = owners.work.pop() {
            steps += 1;
            meter.check_at(steps)?;
            owners.spread(node, owners.owners[node as usize]);
        }
        Ok(owners.owners)
    }

    #[inline(always)]
    fn spread(&mut self, from: u32, owner: u32) {
        let links = self.links;
        for link in links.each_of(NodeIx(from)) {
            let target = link.target.0;
            if !self.ownable.contains(target as usize) || link.edge_type == EdgeType::WEAK {
                continue;
            }
            let current = &mut self.owners[target as usize];
            if *current == UNVISITED {
                *current = owner;
                self.work.push(target);
            } else if *current != owner && *current != MANY {
                *current = MANY;
                self.work.push(target);
            }
        }
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
