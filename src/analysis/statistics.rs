//! The Statistics view: what kinds of things take the memory.
//!
//! Source: HeapSnapshot.ts, `calculateStatistics`, `calculateArraySize`.

use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;

/// Bytes by kind. All parts refer to shallow sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    pub total: u64,
    /// All native objects, and what V8 counts outside the heap.
    pub native: u64,
    /// Of these, contents of typed arrays and buffers.
    pub typed_arrays: u64,
    pub code: u64,
    pub js_arrays: u64,
    pub strings: u64,
    pub system: u64,
}

impl Statistics {
    pub fn v8_heap(&self) -> i128 {
        self.total as i128 - self.native as i128
    }
}

/// Nothing before retained sizes and retainers are known.
pub fn compute(heap: &Heap) -> Option<Statistics> {
    let columns = heap.columns();
    let mut statistics =
        Statistics { total: heap.total_size()?, native: columns.header.extra_native_bytes, ..Statistics::default() };
    heap.retainers()?;
    for node in heap.nodes() {
        let size = heap.shallow_size(node);
        let name = columns.nodes.name(node);
        match heap.node_type(node) {
            NodeType::HIDDEN => statistics.system += size,
            NodeType::NATIVE => {
                statistics.native += size;
                if heap.known().js_array_buffer_data.contains(name) && !heap.dom().has_prefix(columns, node) {
                    statistics.typed_arrays += size;
                }
            }
            NodeType::CODE => statistics.code += size,
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => statistics.strings += size,
            _ if heap.known().array.contains(name) => statistics.js_arrays += size + own_elements(heap, node),
            _ => {}
        }
    }
    Some(statistics)
}

/// The size of the backing store of an array, if nothing else refers to it.
fn own_elements(heap: &Heap, array: NodeIx) -> u64 {
    let columns = heap.columns();
    columns
        .edges_of(array)
        .find(|&edge| {
            heap.edge_type(edge) == EdgeType::INTERNAL && heap.known().elements.contains(columns.edges.name(edge))
        })
        .map(|edge| heap.target(edge))
        .filter(|&elements| heap.retainers().is_some_and(|retainers| retainers.count(elements) == 1))
        .map_or(0, |elements| heap.shallow_size(elements))
}
