//! Hubs of which the dominator is known before the search: most edges lead to these, and need not be looked at again.
//!
//! Maps, prototypes, functions: a few hundred objects are what a third to two thirds of all edges lead to. The root's first
//! child, the base, holds them on several ways. Two ways that share no object but its ends leave nothing between these
//! that dominates the hub, so what does is the base, or the root where a way leads past the base. Either way the base may
//! hold the hub by an edge of its own in place of all other edges from what the base leads to.
//!
//! A walk breadth first from the base meets the hubs among its first nodes. It gives each node the colour of the child of
//! the base through which it was met. Nodes of two colours have nothing in common on their ways, so a node that edges from
//! two colours lead to is a hub, and from then on as good as a child of the base with a colour of its own.

use super::rule::Rule;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::Links;
use crate::error::Result;

/// The walk ends after this part of all nodes: one of 20 finds hardly more hubs than one of 60.
const PART: usize = 64;
/// But not before so many.
const LEAST: usize = 64;
/// How many nodes before its turn the edges of a node are announced.
const AHEAD: usize = 8;

/// Nodes that nothing dominates between `base`, a child of `root`, and them, and these two. The rule must hold for all
/// that the base leads to. `colours` is scratch, one a node.
pub(super) fn find(
    root: NodeIx,
    base: NodeIx,
    links: Links<'_>,
    rule: Rule<'_>,
    colours: &mut [u32],
    meter: &Meter,
) -> Result<Bits> {
    let mut settled = Bits::new(colours.len());
    let mut met = Bits::new(colours.len());
    for node in [root, base] {
        settled.insert(node.ix());
        met.insert(node.ix());
    }
    let most = (colours.len() / PART).max(LEAST);
    let mut queue: Vec<u32> = Vec::new();
    for link in links.each_of(base) {
        if base != root && rule.leads_on(base, false, link) && met.insert(link.target.ix()) {
            settled.insert(link.target.ix());
            queue.push(link.target.0);
        }
    }
    let mut next = 0;
    while let Some(&node) = queue.get(next).filter(|_| next < most) {
        next += 1;
        meter.check_at(next)?;
        if let Some(&soon) = queue.get(next + 2 * AHEAD) {
            links.prefetch_first_edge(NodeIx(soon));
        }
        if let Some(&sooner) = queue.get(next + AHEAD) {
            links.prefetch_edges(NodeIx(sooner));
        }
        // Whoever gets its own colour later has given the other one to what it leads to.
        let colour = if settled.contains(node as usize) { node } else { colours[node as usize] };
        colours[node as usize] = colour;
        for link in links.each_of(NodeIx(node)) {
            let target = link.target;
            if settled.contains(target.ix()) || !rule.leads_on(NodeIx(node), false, link) {
                continue;
            }
            if met.insert(target.ix()) {
                colours[target.ix()] = colour;
                queue.push(target.0);
            } else if colours[target.ix()] != colour {
                settled.insert(target.ix());
            }
        }
    }
    Ok(settled)
}
