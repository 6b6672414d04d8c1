//! Which native context (realm: a window, a worker, a `vm` context) an object belongs to.
//!
//! Source: HeapSnapshot.ts, `calculateNativeContextAttribution`.

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, NodeType};
use crate::error::Result;
use crate::index::{DomState, Ground};

/// Whose an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// No native context leads to it.
    None,
    /// More than one does.
    Shared,
    /// This one alone.
    Context(NodeIx),
}

/// The native context of every node: 4 bytes a node.
#[derive(Debug)]
pub struct NativeContexts {
    owners: Vec<u32>,
    /// The contexts, in the order of the file.
    pub contexts: Vec<NodeIx>,
}

const NONE: u32 = u32::MAX;
const SHARED: u32 = u32::MAX - 1;

impl NativeContexts {
    pub fn owner(&self, node: NodeIx) -> Owner {
        match self.owners[node.ix()] {
            NONE => Owner::None,
            SHARED => Owner::Shared,
            context => Owner::Context(NodeIx(context)),
        }
    }
}

pub fn compute(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<NativeContexts> {
    let (columns, known) = (&*ground.columns, &*ground.known);
    let nodes = &columns.nodes;
    let named = columns.strings.filter_raw(|string, _| {
        let text = columns.strings.get(string);
        let name = text.strip_prefix(b"Detached ").unwrap_or(&text);
        name.strip_prefix(b"system / NativeContext").is_some_and(|rest| rest.is_empty() || rest.starts_with(b" / "))
    });
    // A detached native node shows one more `Detached `, which a name that has one already cannot take.
    let is_context = |node: NodeIx| {
        let name = nodes.name(node);
        named.contains(name.ix())
            && !(dom.has_prefix(columns, node) && columns.strings.get(name).starts_with(b"Detached "))
    };
    // DevTools looks for the first string of each text only.
    let (map_name, context_name) = (known.map.first(), known.native_context.first());
    let mut maps = vec![NONE; nodes.len()];
    let mut links = rustc_hash::FxHashMap::default();
    for (index, map) in maps.iter_mut().enumerate() {
        meter.check_at(index)?;
        for edge in nodes.edges(NodeIx::new(index)).map(EdgeIx::new) {
            if columns.edges.edge_type(edge) != EdgeType::INTERNAL {
                continue;
            }
            let (name, target) = (Some(columns.edges.name(edge)), columns.edges.target(edge));
            if name == context_name && is_context(target) {
                links.entry(index as u32).or_insert(target.0);
            } else if name == map_name && *map == NONE {
                *map = target.0;
            }
        }
    }
    let mut owners = vec![NONE; nodes.len()];
    let mut fixed = Bits::new(nodes.len());
    let mut contexts = Vec::new();
    let mut queue = Vec::new();
    for index in 0..nodes.len() {
        let owner = if is_context(NodeIx::new(index)) {
            contexts.push(NodeIx::new(index));
            index as u32
        } else {
            let meta = maps.get(maps[index] as usize).copied().unwrap_or(NONE);
            links.get(&meta).copied().unwrap_or(NONE)
        };
        if owner != NONE {
            owners[index] = owner;
            fixed.insert(index);
            queue.push(index as u32);
        }
    }
    drop((maps, links));
    // A node enters the queue at most twice more: when it gets an owner, and when it becomes shared.
    let mut at = 0;
    while let Some(node) = queue.pop() {
        at += 1;
        meter.check_at(at)?;
        let owner = owners[node as usize];
        for edge in nodes.edges(NodeIx(node)).map(EdgeIx::new) {
            let target = columns.edges.target(edge).ix();
            if fixed.contains(target) || matches!(columns.edges.edge_type(edge), EdgeType::SHORTCUT | EdgeType::WEAK) {
                continue;
            }
            let merged = match owners[target] {
                NONE => owner,
                current if current == owner => continue,
                SHARED => continue,
                _ => SHARED,
            };
            owners[target] = merged;
            if target as u32 != node {
                queue.push(target as u32);
            }
        }
    }
    Ok(NativeContexts { owners, contexts })
}

/// An object of type object, native and so on that is a scope of a function: `system / Context`.
pub fn is_context_object(columns: &Columns, dom: &DomState, names: &Bits, node: NodeIx) -> bool {
    names.contains(columns.nodes.name(node).ix())
        && !(columns.nodes.node_type(node) == NodeType::NATIVE && dom.has_prefix(columns, node))
}

/// The strings that name scopes of functions: `system / Context` and `system / Context / …`.
pub fn context_object_names(columns: &Columns) -> Bits {
    columns.strings.filter_raw(|string, _| {
        let text = columns.strings.get(string);
        text.strip_prefix(b"system / Context").is_some_and(|rest| rest.is_empty() || rest.starts_with(b" / "))
    })
}
