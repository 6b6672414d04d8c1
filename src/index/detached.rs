//! Which DOM nodes are attached to a document, after the known states have spread.
//!
//! Source: HeapSnapshot.ts, `initDetachednessAndClassIndex`, `propagateDOMState`.

use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, NodeType};
use crate::error::Result;
use crate::index::{Ground, naming};

pub(crate) const UNKNOWN: u8 = 0;
pub(crate) const ATTACHED: u8 = 1;
pub(crate) const DETACHED: u8 = 2;

/// The state of every node: 1 byte a node, nothing where no node has one.
#[derive(Debug, Default)]
pub(crate) struct DomState {
    pub(crate) states: Array<u8>,
    /// Detached native nodes carry the prefix `Detached ` on their raw name. Files without the field
    /// `detachedness` have it in the name itself.
    pub(crate) prefixes: bool,
}

impl DomState {
    #[inline(always)]
    pub(crate) fn get(&self, node: NodeIx) -> u8 {
        self.states.get(node.ix()).copied().unwrap_or(UNKNOWN)
    }

    /// Whether the display name of a node of this type and state begins with `Detached `.
    #[inline(always)]
    pub(crate) fn has_prefix(&self, columns: &Columns, node: NodeIx) -> bool {
        self.prefixes && self.get(node) == DETACHED && columns.nodes.node_type(node) == NodeType::NATIVE
    }

    /// Whether the node shows a name of `names` as it stands in the file, without the prefix of detached DOM nodes.
    #[inline]
    pub(crate) fn shows(&self, columns: &Columns, names: &Bits, node: NodeIx) -> bool {
        names.contains(columns.nodes.name(node).ix()) && !self.has_prefix(columns, node)
    }

    /// A native node that hangs on no document.
    #[inline(always)]
    pub(crate) fn is_detached_dom_node(&self, columns: &Columns, node: NodeIx) -> bool {
        self.get(node) == DETACHED && columns.nodes.node_type(node) == NodeType::NATIVE
    }
}

/// Spreads the states: attached first, then detached, each node once, never through nodes that are not native.
pub(crate) fn compute(ground: &Ground, meter: &Meter) -> Result<DomState> {
    let columns = &*ground.columns;
    let nodes = &columns.nodes;
    let natives = || (0..nodes.len()).map(NodeIx::new).filter(|&node| nodes.node_type(node) == NodeType::NATIVE);
    if !columns.header.node_fields.iter().any(|field| field == "detachedness") {
        let mut states = Vec::new();
        for node in natives().filter(|&node| naming::after_detached(&columns.strings.get(nodes.name(node))).is_some()) {
            states.resize(nodes.len(), UNKNOWN);
            states[node.ix()] = DETACHED;
        }
        return Ok(DomState { states: states.into(), prefixes: false });
    }
    if !nodes.has_detachedness() {
        return Ok(DomState { states: Array::new(), prefixes: true });
    }
    let mut states: Vec<u8> = (0..nodes.len()).map(|index| nodes.detachedness(NodeIx::new(index))).collect();
    // Nodes that are not native keep what the file says; natives with a state are where spreading starts.
    let mut visited = Bits::new(nodes.len());
    let (mut attached, mut detached) = (Vec::new(), Vec::new());
    for (index, &state) in states.iter().enumerate() {
        if state != UNKNOWN {
            visited.insert(index);
            if nodes.types[index] == NodeType::NATIVE {
                match state {
                    ATTACHED => attached.push(index as u32),
                    DETACHED => detached.push(index as u32),
                    _ => {}
                }
            }
        }
    }
    let mut steps = 0;
    for (state, queue) in [(ATTACHED, &mut attached), (DETACHED, &mut detached)] {
        while let Some(node) = queue.pop() {
            steps += 1;
            meter.check_at(steps)?;
            for edge in columns.edges_of(NodeIx(node)) {
                if matches!(columns.edges.edge_type(edge), EdgeType::HIDDEN | EdgeType::WEAK)
                    || columns.is_invisible(edge)
                {
                    continue;
                }
                let target = columns.edges.target(edge).ix();
                if visited.insert(target) && nodes.types[target] == NodeType::NATIVE {
                    states[target] = state;
                    queue.push(target as u32);
                }
            }
        }
    }
    Ok(DomState { states: states.into(), prefixes: true })
}
