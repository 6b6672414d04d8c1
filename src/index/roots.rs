//! From where everything is reached: node 0, and in merged and rootless files further roots.
//!
//! DevTools knows node 0 only. Valdi appends the heaps of several Hermes runtimes one after the other, each with a root
//! of its own, and its QuickJS dumps have no root at all: what lives is held by contexts and by native code.

use crate::base::bits::Bits;
use crate::base::encode::Encode;
use crate::base::ids::NodeIx;
use crate::columns::{Columns, NodeType};
use crate::index::Known;

/// Which roots count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RootMode {
    /// All that can be told from the file.
    #[default]
    All,
    /// Node 0 alone.
    DevTools,
}

/// What a further root stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RootKind {
    /// The root of a heap; the first one is heap 1.
    Heap(usize),
    /// What C++, Objective-C or Kotlin holds: `System / ExportedReferences`.
    NativeCode,
    /// A global object of a heap without roots.
    Context,
}

/// The roots, node 0 (or what `root_index` names) first.
#[derive(Debug, Clone)]
pub(crate) struct Roots {
    all: Vec<NodeIx>,
    kinds: Vec<RootKind>,
}

/// Node 0 alone.
impl Default for Roots {
    fn default() -> Self {
        Roots { all: vec![NodeIx(0)], kinds: vec![RootKind::Heap(1)] }
    }
}

impl Encode for Roots {
    fn encode(&self, to: &mut Vec<u8>) {
        self.all.len().encode(to);
        for (root, kind) in self.all.iter().zip(&self.kinds) {
            root.0.encode(to);
            match kind {
                RootKind::NativeCode => 0,
                RootKind::Context => 1,
                RootKind::Heap(number) => 1 + number,
            }
            .encode(to);
        }
    }

    fn decode(from: &mut &[u8]) -> Option<Self> {
        let mut roots = Roots { all: Vec::new(), kinds: Vec::new() };
        for _ in 0..usize::decode(from)? {
            roots.all.push(NodeIx(u32::decode(from)?));
            roots.kinds.push(match usize::decode(from)? {
                0 => RootKind::NativeCode,
                1 => RootKind::Context,
                number => RootKind::Heap(number - 1),
            });
        }
        (!roots.all.is_empty()).then_some(roots)
    }
}

impl Roots {
    /// Finds the roots of a file.
    pub(crate) fn find(columns: &Columns, known: &Known, mode: RootMode) -> Roots {
        let root = columns.root();
        let mut roots = Roots { all: vec![root], kinds: vec![RootKind::Heap(1)] };
        if mode == RootMode::DevTools {
            return roots;
        }
        let rootless = columns.nodes.node_type(root) != NodeType::SYNTHETIC;
        if rootless && known.context_object.contains(columns.nodes.name(root)) {
            roots.kinds[0] = RootKind::Context;
        }
        let unnamed = unreferenced_roots(columns, known, root);
        if unnamed.is_empty() && !rootless && known.exported_references.first().is_none() {
            return roots;
        }
        let mut heaps = 1;
        for (index, &node_type) in columns.nodes.types.iter().enumerate() {
            let node = NodeIx::new(index);
            let name = columns.nodes.name(node);
            let kind = match node_type {
                _ if node == root => continue,
                NodeType::SYNTHETIC if unnamed.contains(&node) => {
                    heaps += 1;
                    RootKind::Heap(heaps)
                }
                NodeType::HIDDEN if known.exported_references.contains(name) => RootKind::NativeCode,
                NodeType::OBJECT if rootless && known.context_object.contains(name) => RootKind::Context,
                _ => continue,
            };
            roots.all.push(node);
            roots.kinds.push(kind);
        }
        roots
    }

    /// All roots, the first of the file first.
    pub(crate) fn all(&self) -> &[NodeIx] {
        &self.all
    }

    /// Whether there is more than node 0.
    pub(crate) fn has_further(&self) -> bool {
        self.all.len() > 1
    }

    #[inline(always)]
    pub(crate) fn contains(&self, node: NodeIx) -> bool {
        node == self.all[0] || self.all.len() > 1 && self.all.contains(&node)
    }

    /// What the root `node` stands for; nothing for other nodes.
    pub(crate) fn kind(&self, node: NodeIx) -> Option<RootKind> {
        self.all.iter().position(|&root| root == node).map(|place| self.kinds[place])
    }
}

/// Gives the roots of the collector their type where V8 wrote them as objects: up to V8 3.14, that of Node 0.10. As
/// objects they would count as things of the program, with a class each and the sizes of what they hold.
///
/// Source: V8 3.14, profile-generator.cc, `AddRootEntry`, `AddGcRootsEntry`, `AddGcSubrootEntry`.
pub(crate) fn type_old_roots(columns: &mut Columns) {
    let root = columns.root();
    let is = |node: NodeIx, name: &[u8]| {
        columns.nodes.node_type(node) == NodeType::OBJECT && *columns.strings.get(columns.nodes.name(node)) == *name
    };
    if !is(root, b"") {
        return;
    }
    let targets = |node| columns.edges_of(node).map(|edge| columns.edges.target(edge));
    let Some(gc_roots) = targets(root).find(|&node| is(node, b"(GC roots)")) else { return };
    let is_root = |node: &NodeIx| {
        let name = columns.strings.get(columns.nodes.name(*node));
        columns.nodes.node_type(*node) == NodeType::OBJECT && name.starts_with(b"(") && name.ends_with(b")")
    };
    let below: Vec<NodeIx> = targets(gc_roots).filter(is_root).collect();
    let types = columns.nodes.types.to_mut();
    for node in below.into_iter().chain([root, gc_roots]) {
        types[node.ix()] = NodeType::SYNTHETIC;
    }
}

/// Up to so many nodes are looked for one by one among the targets of all edges.
const FEW_CANDIDATES: usize = 8;

/// Synthetic nodes with the name of a root that no edge leads to.
fn unreferenced_roots(columns: &Columns, known: &Known, root: NodeIx) -> Vec<NodeIx> {
    let nodes = &columns.nodes;
    let is_candidate = |node: &NodeIx| {
        let name = nodes.name(*node);
        *node != root
            && (known.empty.contains(name)
                || known.gc_roots.contains(name)
                || known.gc_roots_old.contains(name)
                || known.root_name.contains(name))
    };
    let synthetic = nodes.types.iter().enumerate().filter(|&(_, &node_type)| node_type == NodeType::SYNTHETIC);
    let mut candidates: Vec<NodeIx> = synthetic.map(|(index, _)| NodeIx::new(index)).filter(is_candidate).collect();
    if candidates.len() <= FEW_CANDIDATES {
        // Of V8's files it is one, to which one of the first edges leads.
        candidates.retain(|node| !columns.edges.targets().any(|target| target == node.0));
        return candidates;
    }
    let mut referenced = Bits::new(nodes.len());
    for target in columns.edges.targets() {
        referenced.insert(target as usize);
    }
    candidates.retain(|node| !referenced.contains(node.ix()));
    candidates
}
