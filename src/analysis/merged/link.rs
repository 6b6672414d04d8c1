//! How objects of one kind hold others: what merged retainers are grouped by.

use crate::analysis::scope_owner::{self, Owner};
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::columns::EdgeType;
use crate::heap::Heap;
use crate::index::ClassIx;

/// A reference of the holder, without what tells apart references of one kind: numbers and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Reference {
    Property(StrIx),
    /// A variable of a scope.
    Variable(StrIx),
    /// An element of an array.
    Element,
    /// The value of an entry of a Map or WeakMap, or a member of a Set.
    Entry,
    /// The key of an entry.
    Key,
    /// The value that a WeakMap has for the holder.
    WeakValue,
    /// Properties of an object that serves as a dictionary: each has a name of its own.
    Any,
    /// A slot of the engine's.
    Internal(StrIx),
    /// A slot of the engine's without a name.
    Slot,
}

impl Reference {
    /// What an edge of a holder is.
    pub(super) fn of(heap: &Heap, edge: EdgeIx) -> Reference {
        let edges = &heap.columns().edges;
        match edges.edge_type(edge) {
            EdgeType::PROPERTY | EdgeType::SHORTCUT => Reference::Property(edges.name(edge)),
            EdgeType::CONTEXT => Reference::Variable(edges.name(edge)),
            EdgeType::ELEMENT => Reference::Element,
            EdgeType::INTERNAL if heap.ephemeron(edge).is_some() => Reference::WeakValue,
            EdgeType::INTERNAL => match heap.columns().strings.raw(edges.name(edge)) {
                // Numbers of slots say nothing to anybody.
                name if name.iter().all(u8::is_ascii_digit) => Reference::Slot,
                _ => Reference::Internal(edges.name(edge)),
            },
            _ => Reference::Slot,
        }
    }

    /// Whether the program has it, not only the engine.
    pub(super) fn is_of_program(self) -> bool {
        !matches!(self, Reference::Internal(_) | Reference::Slot)
    }

    /// Whether its holder is a collection of what it holds.
    pub(crate) fn is_of_collection(self) -> bool {
        matches!(self, Reference::Element | Reference::Entry | Reference::Key | Reference::Any)
    }

    /// Whether a holder that is held by this, and by nothing else, is a part of what holds it.
    pub(super) fn is_place(self) -> bool {
        matches!(self, Reference::Property(_) | Reference::Variable(_))
    }
}

/// How something is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Link {
    pub reference: Reference,
    /// The reference of the holder to the collection that holds, and the collection's class: only this holds it.
    pub inside: Option<(Reference, ClassIx)>,
}

impl Link {
    pub(super) fn of(reference: Reference) -> Link {
        Link { reference, inside: None }
    }

    /// The reference that leaves the holder.
    pub(crate) fn outer(self) -> Reference {
        self.inside.map_or(self.reference, |(outer, _)| outer)
    }
}

/// What holders are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum HolderKind {
    Class(ClassIx),
    /// Scopes with the same description: those of one function.
    Scope(NodeIx),
    /// Scopes without a description that functions of one name use.
    UsedBy(Option<StrIx>),
    /// A root stands for itself.
    Root(NodeIx),
}

impl HolderKind {
    /// The kind of a holder that holds by `link`.
    pub(super) fn of(heap: &Heap, link: Link, holder: NodeIx) -> HolderKind {
        if is_root(heap, holder) {
            return HolderKind::Root(holder);
        }
        match link.outer() {
            Reference::Variable(_) => match heap.internal_target(holder, &heap.known().scope_info) {
                Some(info) => HolderKind::Scope(info),
                None => HolderKind::UsedBy(user_of(heap, holder)),
            },
            _ => HolderKind::Class(heap.classes().of(holder)),
        }
    }
}

/// The name of a function that uses a scope.
fn user_of(heap: &Heap, scope: NodeIx) -> Option<StrIx> {
    match scope_owner::owner(heap, scope) {
        Owner::UsedBy(user, _) => Some(heap.columns().nodes.name(user)),
        _ => None,
    }
}

/// Whether a node is a root of the engine's, or something that roots begin with.
pub(super) fn is_root(heap: &Heap, node: NodeIx) -> bool {
    heap.node_type(node) == crate::columns::NodeType::SYNTHETIC || heap.roots().contains(node)
}

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// Whether the holders belong to the set, or to a row above: the row leads nowhere new.
    pub again: bool,
    pub link: Link,
    pub kind: HolderKind,
}
