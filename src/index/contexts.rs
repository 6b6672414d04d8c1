//! Which native context (realm: a window, a worker, a `vm` context) an object belongs to.
//!
//! Source: HeapSnapshot.ts, `calculateNativeContextAttribution`.

use rustc_hash::FxHashMap;

use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType};
use crate::error::Result;
use crate::index::{DomState, Ground, naming};

/// Whose an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// No native context leads to it.
    None,
    /// More than one does.
    Shared,
    /// This one alone.
    Context(NodeIx),
}

/// The native context of every node: 4 bytes a node.
#[derive(Debug, Default)]
pub(crate) struct NativeContexts {
    pub(crate) owners: Array<u32>,
    /// The contexts, in the order of the file.
    pub contexts: Array<NodeIx>,
}

const NONE: u32 = u32::MAX;
const SHARED: u32 = u32::MAX - 1;

impl NativeContexts {
    pub(crate) fn owner(&self, node: NodeIx) -> Owner {
        match self.owners[node.ix()] {
            NONE => Owner::None,
            SHARED => Owner::Shared,
            context => Owner::Context(NodeIx(context)),
        }
    }
}

/// Finds the owner of every node: what a node belongs to by itself, and from there along edges that are neither weak
/// nor shortcuts.
pub(crate) fn compute(ground: &Ground, dom: &DomState, meter: &Meter) -> Result<NativeContexts> {
    let columns = &*ground.columns;
    let names = naming::strings_where(columns, naming::is_native_context);
    // A detached native node shows one more `Detached `, which a name that has one already cannot take.
    let is_context = |node: NodeIx| {
        let name = columns.nodes.name(node);
        names.contains(name.ix())
            && !(dom.has_prefix(columns, node) && naming::after_detached(&columns.strings.get(name)).is_some())
    };
    let maps = Maps::find(ground, is_context, meter)?;
    let count = columns.nodes.len();
    let mut spread = Spread { owners: vec![NONE; count], fixed: Bits::new(count), queue: Vec::new() };
    let mut contexts = Vec::new();
    for index in 0..count {
        if is_context(NodeIx::new(index)) {
            contexts.push(NodeIx::new(index));
            spread.fix(index, index as u32);
        } else if let Some(context) = maps.context_of(index) {
            spread.fix(index, context);
        }
    }
    drop(maps);
    spread.run(columns, meter)?;
    Ok(NativeContexts { owners: spread.owners.into(), contexts: contexts.into() })
}

/// The maps (hidden classes) of objects, and the native contexts of maps of maps.
struct Maps {
    maps: Vec<u32>,
    contexts: FxHashMap<u32, u32>,
}

impl Maps {
    fn find(ground: &Ground, is_context: impl Fn(NodeIx) -> bool, meter: &Meter) -> Result<Maps> {
        let columns = &*ground.columns;
        // DevTools looks for the first string of each text only.
        let (map_name, context_name) = (ground.known.map.first(), ground.known.native_context.first());
        let mut maps = vec![NONE; columns.nodes.len()];
        let mut contexts = FxHashMap::default();
        for (index, map) in maps.iter_mut().enumerate() {
            meter.check_at(index)?;
            for edge in columns.edges_of(NodeIx::new(index)) {
                if columns.edges.edge_type(edge) != EdgeType::INTERNAL {
                    continue;
                }
                let (name, target) = (Some(columns.edges.name(edge)), columns.edges.target(edge));
                if name == context_name && is_context(target) {
                    contexts.entry(index as u32).or_insert(target.0);
                } else if name == map_name && *map == NONE {
                    *map = target.0;
                }
            }
        }
        Ok(Maps { maps, contexts })
    }

    /// The native context that the map of an object's map names.
    fn context_of(&self, object: usize) -> Option<u32> {
        let meta = self.maps.get(self.maps[object] as usize)?;
        self.contexts.get(meta).copied()
    }
}

/// Owners on their way along the edges.
struct Spread {
    owners: Vec<u32>,
    /// Nodes that nothing else can take.
    fixed: Bits,
    queue: Vec<u32>,
}

impl Spread {
    fn fix(&mut self, node: usize, owner: u32) {
        self.owners[node] = owner;
        self.fixed.insert(node);
        self.queue.push(node as u32);
    }

    /// A node enters the queue at most twice more: when it gets an owner, and when it becomes shared.
    fn run(&mut self, columns: &Columns, meter: &Meter) -> Result<()> {
        let mut steps = 0;
        while let Some(node) = self.queue.pop() {
            steps += 1;
            meter.check_at(steps)?;
            let owner = self.owners[node as usize];
            for edge in columns.edges_of(NodeIx(node)) {
                let target = columns.edges.target(edge).ix();
                if self.fixed.contains(target)
                    || matches!(columns.edges.edge_type(edge), EdgeType::SHORTCUT | EdgeType::WEAK)
                {
                    continue;
                }
                let merged = match self.owners[target] {
                    NONE => owner,
                    current if current == owner => continue,
                    SHARED => continue,
                    _ => SHARED,
                };
                self.owners[target] = merged;
                if target as u32 != node {
                    self.queue.push(target as u32);
                }
            }
        }
        Ok(())
    }
}
