//! Shallow sizes: backing stores count to the one object that owns them.
//!
//! Source: HeapSnapshot.ts, `calculateShallowSizes`.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::{DomState, Ground};

const UNVISITED: u32 = u32::MAX;
const MANY: u32 = u32::MAX - 1;

/// The shallow size of every node, in bytes.
///
/// Hidden nodes, arrays and external string data give their size to the only node that leads to them over edges that
/// are not weak; with several owners they keep it. A snapshot without user roots was made with internals exposed and
/// stays as it is.
pub fn compute(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<UintColumn> {
    let Ground { columns, known, roots, .. } = ground;
    let nodes = &columns.nodes;
    let mut root_edges = roots.all().iter().flat_map(|&root| columns.edges_of(root));
    if !root_edges.any(|edge| known.is_user_root(columns, columns.edges.target(edge))) {
        return Ok(nodes.self_sizes.clone());
    }
    let mut ownable = Bits::new(nodes.len());
    for index in 0..nodes.len() {
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
    let mut owners = vec![UNVISITED; nodes.len()];
    let mut work: Vec<u32> = Vec::new();
    let spread = |from: u32, owner: u32, owners: &mut [u32], work: &mut Vec<u32>| {
        for edge in nodes.edges(NodeIx(from)) {
            let target = columns.edges.targets()[edge];
            if !ownable.contains(target as usize)
                || columns.edges.edge_type(crate::base::ids::EdgeIx::new(edge)) == EdgeType::WEAK
            {
                continue;
            }
            let current = &mut owners[target as usize];
            if *current == UNVISITED {
                *current = owner;
                work.push(target);
            } else if *current != owner && *current != MANY {
                *current = MANY;
                work.push(target);
            }
        }
    };
    // The result does not depend on the order of work: a node is owned by one when exactly one self-owning node
    // leads to it through ownable nodes. So the self-owning ones go first, in the order of memory.
    for index in 0..nodes.len() {
        meter.check_at(index)?;
        if !ownable.contains(index) {
            spread(index as u32, index as u32, &mut owners, &mut work);
        }
    }
    let mut steps = 0;
    while let Some(node) = work.pop() {
        steps += 1;
        meter.check_at(steps)?;
        let owner = owners[node as usize];
        spread(node, owner, &mut owners, &mut work);
    }

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
