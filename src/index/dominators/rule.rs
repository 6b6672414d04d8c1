//! Which edges count: HeapSnapshot.ts, `computeIsEssentialEdge`.

use crate::base::ids::NodeIx;
use crate::columns::{Columns, EdgeType, Link, Links};
use crate::index::{Ephemerons, Ground};

/// The part of the rule which edges count that needs no page objects.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    columns: &'a Columns,
    links: &'a Links<'a>,
    ephemerons: &'a Ephemerons,
    /// Whether there are entries of WeakMaps.
    has_halves: bool,
}

impl<'a> Rule<'a> {
    pub(super) fn new(ground: &'a Ground, links: &'a Links<'a>) -> Self {
        let ephemerons = &ground.ephemerons;
        Rule { columns: &ground.columns, links, ephemerons, has_halves: !ephemerons.is_empty() }
    }

    /// Whether the edge is no weak one, no self edge, no table's half of a WeakMap entry, and no shortcut (but at the
    /// root).
    #[inline(always)]
    pub(super) fn leads_on(&self, from: NodeIx, is_root: bool, link: Link) -> bool {
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
}
