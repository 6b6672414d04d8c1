//! The Statistics view: what kinds of things take the memory.
//!
//! Source: HeapSnapshot.ts, `calculateStatistics`, `calculateArraySize`.

use super::sizes::add;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;

/// Bytes by kind. All parts refer to shallow sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Statistics {
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
    pub(crate) fn v8_heap(&self) -> i128 {
        self.total as i128 - self.native as i128
    }
}

/// Counts all objects by kind. Needs shallow sizes and nothing else.
pub(crate) fn compute(heap: &Heap, meter: &Meter) -> Result<Statistics> {
    let columns = heap.columns();
    let extra = columns.header.extra_native_bytes;
    let mut statistics = Statistics { total: extra, native: extra, ..Statistics::default() };
    let mut stores = Vec::new();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let size = heap.shallow_size(node);
        add(&mut statistics.total, size);
        let name = columns.nodes.name(node);
        match heap.node_type(node) {
            NodeType::HIDDEN => add(&mut statistics.system, size),
            NodeType::NATIVE => {
                add(&mut statistics.native, size);
                if heap.known().js_array_buffer_data.contains(name) && !heap.dom().has_prefix(columns, node) {
                    add(&mut statistics.typed_arrays, size);
                }
            }
            NodeType::CODE => add(&mut statistics.code, size),
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => add(&mut statistics.strings, size),
            _ if heap.known().array.contains(name) => {
                add(&mut statistics.js_arrays, size);
                stores.extend(heap.internal_target(node, &heap.known().elements));
            }
            _ => {}
        }
    }
    for store in with_one_reference(heap, stores, meter)? {
        add(&mut statistics.js_arrays, heap.shallow_size(store));
    }
    Ok(statistics)
}

/// Those of `stores` to which exactly one edge leads, of whatever kind. Two bits a node tell that without a table of
/// all retainers.
fn with_one_reference(heap: &Heap, stores: Vec<NodeIx>, meter: &Meter) -> Result<Vec<NodeIx>> {
    if stores.is_empty() {
        return Ok(stores);
    }
    let (mut once, mut more) = (Bits::new(heap.node_count()), Bits::new(heap.node_count()));
    for (edge, target) in heap.columns().edges.targets().enumerate() {
        meter.check_at(edge)?;
        if !once.insert(target as usize) {
            more.insert(target as usize);
        }
    }
    Ok(stores.into_iter().filter(|store| !more.contains(store.ix())).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notation::Graph;
    use crate::testing;

    fn of(text: &str) -> Statistics {
        compute(&Graph::new(text).heap, &Meter::default()).expect("nobody cancels")
    }

    #[test]
    fn kinds_of_memory_are_told_apart() {
        let statistics = of("r -a-> c:code[1]; r -b-> s:string[2]; r -c-> t:concatenated+string[4]; r -d-> n:native[8]
             r -e-> system+/+JSArrayBufferData:native[16]; r -f-> h:hidden[32]; s -g-> h; r -h-> A[64]");
        let Statistics { total, native, typed_arrays, code, js_arrays, strings, system } = statistics;
        assert_eq!((total, native, typed_arrays, code), (127, 24, 16, 1));
        assert_eq!((js_arrays, strings, system), (0, 6, 32));
    }

    #[test]
    fn the_store_of_an_array_counts_to_it_unless_somebody_else_refers_to_it() {
        // Internals are exposed where no user root is: then stores keep their sizes.
        let array = "r -[1]-> gc:synthetic; gc -[0]-> Array[1]; Array =elements=> e:object[10]";
        assert_eq!(of(array).js_arrays, 11);
        assert_eq!(of(&format!("{array}; gc -[1]-> e")).js_arrays, 1);
        assert_eq!(of(&format!("{array}; gc ~w~> e")).js_arrays, 1, "weak references count here");
    }

    #[test]
    fn sizes_that_no_sum_holds_end_at_the_largest_number() {
        let statistics = of("r -a-> n:native[18446744073709551615]; r -b-> c:code[18446744073709551615]; r -c-> A[9]");
        assert_eq!(statistics.total, u64::MAX);
    }

    proptest! {
        #[test]
        fn the_total_is_what_the_roots_retain(graph in testing::graphs(10, 20)) {
            let heap = graph.load().heap;
            let statistics = compute(&heap, &Meter::default()).expect("nobody cancels");
            prop_assert_eq!(Some(statistics.total), heap.total_size());
        }
    }
}
