//! What any object has: properties, elements, private fields, accessors, its prototype.
//!
//! Source: heap-snapshot-generator.cc, `ExtractPropertyReferences`, `ExtractAccessorPairProperty`,
//! `ExtractElementReferences`. An accessor is written three times: as a pair, and as `get x` and `set x`. Hermes writes
//! the pair alone. In Bun the references of the engine have no names.

use super::{About, Key, PartRole, Parts, Slot};
use crate::analysis::holders::is_plumbing;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;

impl Parts<'_> {
    /// All that is there by a name or a number.
    pub(super) fn properties(&mut self, node: NodeIx) -> Result<()> {
        self.properties_but(node, &[])
    }

    /// [`Parts::properties`] without some that are the runtime's own.
    pub(super) fn properties_but(&mut self, node: NodeIx, without: &[&[u8]]) -> Result<()> {
        self.properties_of(node, without, true)
    }

    /// [`Parts::properties`] without what has a number.
    pub(super) fn properties_by_names(&mut self, node: NodeIx) -> Result<()> {
        self.properties_of(node, &[], false)
    }

    fn properties_of(&mut self, node: NodeIx, without: &[&[u8]], with_elements: bool) -> Result<()> {
        let heap = self.heap;
        for edge in heap.columns().edges_of(node) {
            if self.is_full() {
                break;
            }
            self.look()?;
            match heap.edge_type(edge) {
                EdgeType::ELEMENT if with_elements => self.push(PartRole::Element, edge, Key::Own),
                EdgeType::PROPERTY => self.property(edge, without),
                // Of Bun: what it leads to is all that is known.
                EdgeType::INTERNAL if heap.edge_name(edge).is_empty() && !is_plumbing(heap, heap.target(edge)) => {
                    self.slot(Slot::Nameless, edge)
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn property(&mut self, edge: EdgeIx, without: &[&[u8]]) {
        let heap = self.heap;
        let name = heap.edge_name(edge);
        let target = heap.target(edge);
        let is_pair = || self.is_named(target, b"system / AccessorPair");
        if heap.node_type(target) == NodeType::OBJECT && self.is_named(target, b"PropertyAccessor") {
            return self.accessors(edge, target);
        }
        match name.as_ref() {
            b"__proto__" => self.push(PartRole::Prototype, edge, Key::Own),
            name if without.contains(&name) => {}
            // What V8 keeps under symbols of its own: stacks that nobody has read, places of classes.
            b"<symbol>" if is_plumbing(heap, target) => {}
            name if name.starts_with(b"#") => self.push(PartRole::Private, edge, Key::Own),
            name if name.starts_with(b"get ") || name.starts_with(b"set ") => {
                let is_getter = name.starts_with(b"get ");
                match heap.node_type(target) {
                    NodeType::CLOSURE if is_getter => self.push(PartRole::Getter, edge, Key::Own),
                    NodeType::CLOSURE => self.push(PartRole::Setter, edge, Key::Own),
                    // A property may be called so.
                    _ if !self.is_named(target, b"system / FunctionTemplateInfo") => {
                        self.push(PartRole::Property, edge, Key::Own)
                    }
                    _ => {}
                }
            }
            _ if is_pair() => {}
            _ => self.push(PartRole::Property, edge, Key::Own),
        }
    }

    /// The functions of an accessor of Hermes.
    fn accessors(&mut self, edge: EdgeIx, pair: NodeIx) {
        for (role, name) in [(PartRole::Getter, &b"getter"[..]), (PartRole::Setter, &b"setter"[..])] {
            if let Some(function) = self.inner(pair, name) {
                self.push(role, function, Key::Edge(edge));
            }
        }
    }

    /// `Object("text")`: its value has a number only.
    pub(super) fn boxed(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        if self.edge(node, EdgeType::PROPERTY, b"constructor").is_some() {
            return Ok(None);
        }
        let is_value = |&(_, edge): &(u32, EdgeIx)| {
            let target = heap.node_type(heap.target(edge));
            matches!(target, NodeType::STRING | NodeType::CONS_STRING | NodeType::SYMBOL | NodeType::BIGINT)
        };
        let Some((_, value)) = self.numbered(node, EdgeType::HIDDEN).find(is_value) else { return Ok(None) };
        self.slot(Slot::Boxed, value);
        self.properties(node)?;
        Ok(Some(About::Boxed))
    }

    /// A proxy of V8: its slots are those of JSProxy.
    pub(super) fn proxy(&mut self, node: NodeIx) -> About {
        for (number, edge) in self.numbered(node, EdgeType::HIDDEN) {
            match number {
                1 => self.slot(Slot::Target, edge),
                2 => self.slot(Slot::Handler, edge),
                _ => {}
            }
        }
        About::Proxy
    }

    /// A string that others are in, or that is in another one.
    pub(super) fn text(&mut self, node: NodeIx) -> About {
        let mut about = About::Rope;
        for (slot, name) in [(Slot::Parent, &b"parent"[..]), (Slot::First, b"first"), (Slot::Second, b"second")] {
            if let Some(edge) = self.inner(node, name) {
                self.slot(slot, edge);
                if slot == Slot::Parent {
                    about = About::Slice { parent: self.target(edge) };
                }
            }
        }
        about
    }
}
