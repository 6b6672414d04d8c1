//! How many references lie between a node and the roots.
//!
//! Source: HeapSnapshot.ts, `calculateDistances`, `JSHeapSnapshot.calculateDistances`.

use rustc_hash::FxHashSet;

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::parse_int;
use crate::columns::{EdgeType, Links, NodeType};
use crate::error::Result;
use crate::index::{Cut, Ground};

/// Nothing reaches the node.
pub(crate) const NO_DISTANCE: i32 = -5;
/// Distances from here on: only the system reaches the node.
pub(crate) const SYSTEM_DISTANCE: i32 = 100_000_000;
/// Distances from here on: reached only through ignored nodes.
pub(crate) const UNREACHABLE_DISTANCE: i32 = 200_000_000;

/// The distance of every node without what is cut.
pub(crate) fn compute(ground: &Ground, cut: &Cut, meter: &Meter) -> Result<Vec<i32>> {
    let columns = &*ground.columns;
    let nodes = columns.nodes.len();
    let mut walk = BreadthFirst {
        ground,
        links: columns.links(),
        cut,
        special: special(ground, meter)?,
        reached: Bits::new(nodes),
        distances: vec![NO_DISTANCE; nodes],
        pending: FxHashSet::default(),
    };
    let mut level = Vec::new();
    for &root in ground.roots.all() {
        for edge in columns.edges_of(root) {
            let node = columns.edges.target(edge);
            if ground.known.is_user_root(columns, node) && !(ground.roots.has_further() && ground.roots.contains(node))
            {
                // A root named twice is walked twice, which changes nothing.
                walk.reached.insert(node.ix());
                walk.distances[node.ix()] = 1;
                level.push(node.0);
            }
        }
    }
    let distance = if level.is_empty() { 0 } else { SYSTEM_DISTANCE };
    walk.run(level, 1, meter)?;
    for &root in ground.roots.all() {
        walk.reached.insert(root.ix());
        walk.distances[root.ix()] = distance;
    }
    walk.run(ground.roots.all().iter().map(|root| root.0).collect(), distance, meter)?;
    Ok(walk.distances)
}

/// How many nodes before its turn the edges of a node are announced.
const AHEAD: usize = 16;

struct BreadthFirst<'a> {
    ground: &'a Ground,
    links: Links<'a>,
    cut: &'a Cut,
    special: Bits,
    reached: Bits,
    distances: Vec<i32>,
    /// Entries of WeakMaps of which one half has been met. The set lives across both walks.
    pending: FxHashSet<u32>,
}

impl BreadthFirst<'_> {
    /// Breadth first over what is not reached yet, from nodes that all have one distance. Only two levels are ever held.
    fn run(&mut self, mut level: Vec<u32>, mut distance: i32, meter: &Meter) -> Result<()> {
        let mut next = Vec::new();
        let mut steps = 0;
        while !level.is_empty() {
            distance += 1;
            for (place, &node) in level.iter().enumerate() {
                meter.check_at(steps)?;
                steps += 1;
                if let Some(&soon) = level.get(place + 2 * AHEAD) {
                    self.links.prefetch_first_edge(NodeIx(soon));
                }
                if let Some(&sooner) = level.get(place + AHEAD) {
                    self.links.prefetch_edges(NodeIx(sooner));
                }
                self.look_behind(NodeIx(node), distance, &mut next);
            }
            std::mem::swap(&mut level, &mut next);
            next.clear();
        }
        Ok(())
    }

    /// Gives the distance to all that only this node leads to so far.
    #[inline(always)]
    fn look_behind(&mut self, node: NodeIx, distance: i32, next: &mut Vec<u32>) {
        let links = self.links;
        let special = match self.special.contains(node.ix()) {
            false => Special::None,
            true if self.ground.columns.nodes.node_type(node) == NodeType::ARRAY => Special::MapDescriptors,
            true => Special::NativeContext,
        };
        for link in links.each_of(node) {
            let target = link.target.0;
            if self.reached.contains(target as usize) {
                continue;
            }
            if link.edge_type == EdgeType::WEAK
                || self.cut.has_node(link.target)
                || self.cut.has_edge(link.edge)
                || !self.passes(special, link.edge)
            {
                continue;
            }
            self.reached.insert(target as usize);
            self.distances[target as usize] = distance;
            next.push(target);
        }
    }

    fn passes(&mut self, special: Special, edge: EdgeIx) -> bool {
        let edges = self.links;
        let edge_type = edges.edge_type(edge);
        match special {
            Special::NativeContext
                if edge_type.has_string_name() && self.ground.known.sloppy_function_map.contains(edges.name(edge)) =>
            {
                return false;
            }
            Special::MapDescriptors => {
                let index = if edge_type.has_string_name() {
                    parse_int(&self.ground.columns.strings.get(edges.name(edge))).unwrap_or(f64::NAN)
                } else {
                    self.ground.columns.edges.number(edge) as f64
                };
                // No number passes: NaN is neither below 2 nor 1 modulo 3.
                return index < 2.0 || index % 3.0 != 1.0;
            }
            _ => {}
        }
        if edge_type == EdgeType::INTERNAL
            && let Some(half) = self.ground.ephemerons.get(edges.name(edge))
            && !self.pending.remove(&half.entry)
        {
            // The first half met is left out, so that the value gets the larger of the two distances.
            self.pending.insert(half.entry);
            return false;
        }
        true
    }
}

/// The nodes for whose edges one of two rules holds: native contexts and what describes maps. Found in the order of memory,
/// for asking each node when it is its turn would be two reads far away.
fn special(ground: &Ground, meter: &Meter) -> Result<Bits> {
    let Ground { columns, known, .. } = ground;
    let mut special = Bits::new(columns.nodes.len());
    for (index, &node_type) in columns.nodes.types.iter().enumerate() {
        meter.check_at(index)?;
        let names = match node_type {
            NodeType::HIDDEN => &known.system_native_context,
            NodeType::ARRAY => &known.map_descriptors,
            _ => continue,
        };
        if names.contains(columns.nodes.name(NodeIx::new(index))) {
            special.insert(index);
        }
    }
    Ok(special)
}

#[derive(Clone, Copy)]
enum Special {
    None,
    NativeContext,
    MapDescriptors,
}
