//! Objects that programs can reach over their own properties.
//!
//! DevTools' *user object reachable from window* begins at what the root refers to. Where that is no global object any
//! more, it marks next to nothing. So there are two answers: that of DevTools, and one that begins at the global
//! objects as well.
//!
//! Source: HeapSnapshot.ts, `markQueriableHeapObjects`.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::index::{Ground, globals, naming, reach};

/// What programs can reach: two bits a node.
#[derive(Debug, Default)]
pub(crate) struct Queriable {
    /// From the root's children that are not synthetic.
    pub(crate) by_devtools: Bits,
    /// From these but for native contexts, which no program has in its hands, and from the global objects.
    pub(crate) by_program: Bits,
}

/// Both, over edges with names that programs can use.
pub(crate) fn compute(ground: &Ground, meter: &Meter) -> Result<Queriable> {
    let Ground { columns, roots, .. } = ground;
    let children = roots.all().iter().flat_map(|&root| columns.edges_of(root)).map(|edge| columns.edges.target(edge));
    let users: Vec<NodeIx> = children.filter(|&child| columns.nodes.node_type(child) != NodeType::SYNTHETIC).collect();
    let is_context = |node: &NodeIx| naming::is_native_context(&columns.strings.get(columns.nodes.name(*node)));
    let mut starts: Vec<NodeIx> = users.iter().copied().filter(|node| !is_context(node)).collect();
    let has_contexts = starts.len() < users.len();
    starts.extend(globals::find(ground, meter)?.iter().map(|global| global.object));
    let by_devtools = from(ground, &users, meter)?;
    // The first walk has come to all that the second one begins at in most files of Node.
    let is_same = !has_contexts && starts.iter().all(|node| by_devtools.contains(node.ix()));
    let by_program = if is_same { by_devtools.clone() } else { from(ground, &starts, meter)? };
    Ok(Queriable { by_devtools, by_program })
}

fn from(ground: &Ground, start: &[NodeIx], meter: &Meter) -> Result<Bits> {
    let columns = &*ground.columns;
    let links = columns.links();
    let passes = |_, edge| {
        !matches!(links.edge_type(edge), EdgeType::HIDDEN | EdgeType::INTERNAL | EdgeType::WEAK)
            && !columns.is_invisible(edge)
    };
    reach::from(columns, start.iter().copied(), passes, meter)
}
