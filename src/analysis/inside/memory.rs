//! Arrays with their lengths, and what views of memory pin.
//!
//! V8 writes no length of an array (up to V8 14 not even its small numbers), but how large its store is; the store is
//! larger than what is in it once something was pushed. Of typed arrays it writes no length either: only the buffer, and
//! the size of that. Hermes writes `length` as a property. Source: heap-snapshot-generator.cc,
//! `ExtractElementReferences`, `ExtractJSArrayBufferReferences`; V8's objects/js-array.h, fixed-array.h.

use super::{About, ArrayFacts, Part, PartRole, Parts, Slot, Store, View};
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::heap::producer;

/// How long an array is: both ends are the same where the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length {
    pub least: u64,
    /// Nothing where it may be anything.
    pub most: Option<u64>,
}

impl Length {
    pub(crate) fn exact(self) -> Option<u64> {
        self.most.filter(|&most| most == self.least)
    }
}

/// Memory outside of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The ArrayBuffer.
    pub buffer: NodeIx,
    /// Its bytes; nothing where the file does not say.
    pub bytes: Option<u64>,
    /// How many typed arrays and DataViews look at it; nothing as long as retainers are not known.
    pub views: Option<u64>,
    /// Whether it stands in the view itself, as that of small ones of V8 does.
    pub is_inside: bool,
}

/// Retainers of a buffer that are looked at.
const MOST_VIEWS: usize = 1 << 20;

impl Parts<'_> {
    /// An array with its elements and whatever else it has.
    pub(super) fn array(&mut self, node: NodeIx) -> Result<About> {
        let heap = self.heap;
        self.properties_but(node, &[b"length"])?;
        if self.is_full() {
            let length = Length { least: 0, most: None };
            return Ok(About::Array(ArrayFacts { length, items: 0, is_sparse: false, shows_all: false, store: None }));
        }
        let number = |part: &&Part| heap.columns().edges.number(part.edge);
        let elements = || self.list.iter().filter(|part| part.role == PartRole::Element);
        let (items, least) =
            (elements().count() as u64, elements().map(|part| number(&part)).max().map_or(0, |last| last + 1));
        let shows_all = producer::untold_values(heap.columns(), heap.known()).is_empty();
        let store = self.inner(node, b"elements").map(|edge| self.target(edge));
        let is_of_v8 = self.is_of_v8(node);
        let room = store.filter(|_| is_of_v8).and_then(|store| self.room(store, shows_all && items == 0));
        let is_sparse = room.is_some_and(|room| least > room);
        let told = self.told_length(node);
        let most = match store {
            _ if told.is_some() => told,
            _ if is_sparse => None,
            // V8 has one store for all arrays without elements, which it does not write.
            None if is_of_v8 => Some(least),
            _ => room,
        };
        let length = Length { least: told.unwrap_or(least), most };
        let store = store.map(|node| Store { node, bytes: self.bytes(node), room: room.filter(|_| !is_sparse) });
        Ok(About::Array(ArrayFacts { length, items, is_sparse, shows_all, store }))
    }

    /// The length that the file gives: Hermes as a property, V8 of very long ones as a number with a slot.
    fn told_length(&self, node: NodeIx) -> Option<u64> {
        let heap = self.heap;
        if let Some(edge) = self.edge(node, EdgeType::PROPERTY, b"length") {
            let number = self.target(edge);
            let text = heap.number_text(number).unwrap_or_else(|| heap.raw_name(number));
            return std::str::from_utf8(&text).ok()?.parse().ok();
        }
        let slots = self.numbered(node, EdgeType::HIDDEN).map(|(_, edge)| heap.target(edge));
        let mut numbers = slots.filter(|&number| heap.node_type(number) == NodeType::NUMBER);
        let number = heap.number_text(numbers.next()?)?;
        std::str::from_utf8(&number).ok()?.parse().ok()
    }

    /// How many elements a store of V8 has room for, or more: numbers with fractions take 8 bytes each.
    fn room(&self, store: NodeIx, has_fractions: bool) -> Option<u64> {
        let (head, slot) = word(self.heap);
        let bytes = self.bytes(store).checked_sub(head)?;
        Some(bytes / if has_fractions { 8 } else { slot })
    }

    /// ArrayBuffers and what looks at them.
    pub(super) fn of_memory(&mut self, node: NodeIx, name: &[u8]) -> Result<Option<About>> {
        if let Some(edge) = self.inner(node, b"buffer") {
            self.slot(Slot::Buffer, edge);
            let mut memory = self.memory(self.target(edge))?;
            // Small ones have their bytes in the object itself, as long as nobody has asked for their buffer.
            let is_empty = memory.bytes.is_none_or(|bytes| bytes == 0);
            if let Some(store) = self.inner(node, b"elements").filter(|_| is_empty) {
                let bytes = self.bytes(self.target(store)).checked_sub(word(self.heap).0);
                memory = Memory { bytes, is_inside: true, ..memory };
            }
            self.properties(node)?;
            return Ok(Some(About::View(View { memory, element: element_size(name) })));
        }
        let store = [&b"backing_store"[..], b"backingStore"].into_iter().find_map(|slot| self.inner(node, slot));
        let is_buffer = matches!(name, b"ArrayBuffer" | b"SharedArrayBuffer" | b"JSArrayBuffer");
        let is_prototype = self.edge(node, EdgeType::PROPERTY, b"constructor").is_some();
        if store.is_none() && !is_buffer || is_prototype {
            return Ok(None);
        }
        if let Some(store) = store {
            self.slot(Slot::Memory, store);
        }
        let memory = self.memory(node)?;
        self.properties(node)?;
        Ok(Some(About::ArrayBuffer(memory)))
    }

    /// What is known of the memory of an ArrayBuffer.
    fn memory(&mut self, buffer: NodeIx) -> Result<Memory> {
        let heap = self.heap;
        let store = [&b"backing_store"[..], b"backingStore"].into_iter().find_map(|slot| self.inner(buffer, slot));
        let bytes = store.map(|store| self.bytes(self.target(store)));
        let views = match heap.retainers() {
            Some(_) if self.most > 1 => {
                let mut views = 0;
                for (edge, _) in heap.shown_retainers(buffer).take(MOST_VIEWS) {
                    self.look()?;
                    let is_view = heap.edge_type(edge) == EdgeType::INTERNAL && *heap.edge_name(edge) == *b"buffer";
                    views += u64::from(is_view);
                }
                Some(views)
            }
            _ => None,
        };
        Ok(Memory { buffer, bytes, views, is_inside: false })
    }
}

/// Bytes before the slots of an array of V8, and of a slot: half with compressed pointers, which an Array shows.
fn word(heap: &Heap) -> (u64, u64) {
    let columns = heap.columns();
    let is_array = |&node: &NodeIx| {
        columns.nodes.node_type(node) == NodeType::OBJECT && heap.known().array.contains(columns.nodes.name(node))
    };
    let size = heap.nodes().find(is_array).map(|array| columns.nodes.self_sizes.get(array.ix()));
    if size == Some(16) { (8, 4) } else { (16, 8) }
}

/// Bytes of an element of a typed array, by the name of its class.
fn element_size(name: &[u8]) -> Option<u64> {
    let name = name.strip_prefix(b"JS").unwrap_or(name);
    Some(match name {
        b"Int8Array" | b"Uint8Array" | b"Uint8ClampedArray" | b"Buffer" | b"FastBuffer" => 1,
        b"Int16Array" | b"Uint16Array" | b"Float16Array" => 2,
        b"Int32Array" | b"Uint32Array" | b"Float32Array" => 4,
        b"Float64Array" | b"BigInt64Array" | b"BigUint64Array" => 8,
        _ => return None,
    })
}
