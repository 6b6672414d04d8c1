//! What objects of a page have inside: their own properties, the functions that they call, the nodes around.
//!
//! References of Blink have no names, and names of events are no objects of the heap. An element keeps its listeners
//! behind `EventTargetData`, a timer its function behind `ScheduledAction`.

use rustc_hash::FxHashSet;

use super::{About, Key, PartRole, Parts, Slot, Timer, TimerKind};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// Objects of Blink between an element and its listeners that are looked at.
const LOOKED_AT: usize = 10_000;

impl Parts<'_> {
    /// A native object that programs know.
    pub(super) fn native(&mut self, node: NodeIx) -> Result<About> {
        let heap = self.heap;
        let raw = heap.raw_name(node);
        let name = naming::after_detached(&raw).unwrap_or(&raw);
        if name == b"DOMTimer" {
            return self.dom_timer(node);
        }
        let is_foreign = [&b"system / "[..], b"Node / "].iter().any(|prefix| name.starts_with(prefix));
        if is_foreign || name.is_empty() || naming::is_of_blink(name) {
            return Ok(About::Engine);
        }
        let is_element = naming::is_dom_node(name);
        let listeners = self.listeners_behind(node)?;
        for edge in heap.columns().edges_of(node) {
            self.look()?;
            let target = heap.target(edge);
            if is_element && heap.edge_type(edge) == EdgeType::ELEMENT && target != node {
                let is_neighbour = heap.node_type(target) == NodeType::NATIVE
                    && naming::is_dom_node(&heap.raw_name(target))
                    && !is_document(heap, target);
                if is_neighbour {
                    self.slot(Slot::Neighbour, edge);
                }
            }
        }
        // What the program has put on it; elements are Blink's own references.
        self.properties_by_names(node)?;
        match is_element {
            true => Ok(About::Element { listeners, is_detached: heap.is_detached_dom_node(node) }),
            false if listeners > 0 => Ok(About::Emitter { listeners }),
            false if self.list.is_empty() => Ok(About::Engine),
            false => Ok(About::Object),
        }
    }

    /// The functions that an object of the page calls for events.
    fn listeners_behind(&mut self, node: NodeIx) -> Result<u64> {
        let heap = self.heap;
        let is_data = |&edge: &EdgeIx| heap.raw_name(heap.target(edge)).ends_with(b"EventTargetData");
        let Some(data) = heap.columns().edges_of(node).find(is_data) else { return Ok(0) };
        self.functions_behind(heap.target(data), |parts, edge| parts.push(PartRole::Listener, edge, Key::Unknown))
    }

    /// The functions behind an object of Blink, over others of its kind; how many there are.
    fn functions_behind(&mut self, from: NodeIx, take: impl Fn(&mut Self, EdgeIx)) -> Result<u64> {
        let heap = self.heap;
        let mut seen = FxHashSet::from_iter([from]);
        let (mut open, mut count) = (vec![from], 0);
        while let Some(at) = open.pop() {
            for edge in heap.columns().edges_of(at) {
                self.look()?;
                let target = heap.target(edge);
                if heap.edge_type(edge) == EdgeType::WEAK || !seen.insert(target) {
                    continue;
                }
                if heap.node_type(target) == NodeType::CLOSURE {
                    take(self, edge);
                    count += 1;
                } else if seen.len() < LOOKED_AT && leads_on(heap, target) {
                    open.push(target);
                }
            }
        }
        Ok(count)
    }

    /// A timer of a page.
    fn dom_timer(&mut self, node: NodeIx) -> Result<About> {
        let callback = callback_of(self.heap, node);
        if let Some(callback) = callback {
            self.slot(Slot::Callback, callback);
        }
        let callback = callback.map(|edge| self.target(edge));
        Ok(About::Timer(Timer { kind: TimerKind::Dom, delay: None, callback }))
    }
}

/// Whether an object only leads from an element to its listeners.
fn leads_on(heap: &Heap, node: NodeIx) -> bool {
    heap.node_type(node) == NodeType::NATIVE && naming::is_of_blink(&heap.raw_name(node))
}

fn is_document(heap: &Heap, node: NodeIx) -> bool {
    matches!(heap.raw_name(node).as_ref(), b"HTMLDocument" | b"XMLDocument" | b"Document")
}

/// The reference to the function of a page's timer, behind its ScheduledAction.
pub(crate) fn callback_of(heap: &Heap, timer: NodeIx) -> Option<EdgeIx> {
    let to = |from: NodeIx, wanted: &'static [u8]| {
        let targets = heap.columns().edges_of(from).map(|edge| heap.target(edge));
        targets.filter(|&node| *heap.raw_name(node) == *wanted).last()
    };
    let function = to(to(timer, b"ScheduledAction")?, b"V8Function")?;
    let mut edges = heap.columns().edges_of(function);
    edges.find(|&edge| heap.node_type(heap.target(edge)) == NodeType::CLOSURE)
}
