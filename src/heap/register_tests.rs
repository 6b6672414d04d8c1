use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::testing;

type Parts = BTreeMap<&'static str, (usize, Bytes)>;

/// The parts of a heap as somebody else's memory, each at an address that fits all numbers.
fn parts(heap: &Heap) -> Parts {
    let mut parts = Parts::new();
    heap.visit_parts(&mut |entry, width, bytes| {
        // Words of 8 bytes, so that nothing has to be copied to be read.
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
        let owned = Bytes::from_owner(Words(words)).slice(..bytes.len());
        assert!(parts.insert(entry.name, (width, owned)).is_none(), "{} is there once", entry.name);
    });
    parts
}

struct Words(Vec<u64>);

impl AsRef<[u8]> for Words {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

fn made_of(parts: &Parts) -> Result<Heap> {
    let mut from = |entry: &'static ArrayEntry| parts.get(entry.name).cloned();
    let heap = Heap::of_base(Wants::ALL, &mut from)?;
    for product in Product::ALL {
        heap.put(product, &mut from)?;
    }
    Ok(heap)
}

/// A heap of its own: more is computed on it.
fn fresh() -> Arc<Heap> {
    testing::whole(testing::SMALL)
}

#[test]
fn a_heap_made_of_its_parts_is_the_same_heap_in_other_memory() {
    let heap = fresh();
    heap.compute(Wants::STAYING, &Default::default()).expect("nobody cancels");
    let whole = parts(&heap);
    assert_eq!(whole.len(), ENTRIES.len(), "all products are there, so all arrays are");
    let again = made_of(&whole).expect("whole parts");
    assert_eq!(again.there(), Wants::STAYING);
    assert!(parts(&again) == whole, "each array is the same");
    assert!(again.columns().edges.links.is_mapped() && again.columns().nodes.types.is_mapped());
    testing::assert_same(&heap, &again);
    let (columns, others) = (heap.columns(), again.columns());
    assert_eq!(columns.warnings, others.warnings);
    assert_eq!(columns.file_bytes, others.file_bytes);
    assert_eq!(format!("{:?}", columns.header), format!("{:?}", others.header));
    assert_eq!(heap.producer(), again.producer());
    // Also what is computed later stands on the parts.
    let fresh = Heap {
        ground: again.ground.clone(),
        producer: again.producer,
        wants: Wants::ALL,
        products: Default::default(),
        kept: Default::default(),
    };
    fresh.compute(Wants::ALL, &Default::default()).expect("nobody cancels");
    testing::assert_same(&heap, &fresh);
}

#[test]
fn arrays_that_are_not_kept_are_products_that_are_not_there() {
    let mut parts = parts(&fresh());
    parts.remove("subtrees");
    parts.remove("retained sizes");
    let heap = made_of(&parts).expect("whole parts");
    assert!(!heap.is_complete() && !heap.has(Product::Preorder) && heap.has(Product::Distances));
    heap.compute(Wants::ALL, &Default::default()).expect("nobody cancels");
    testing::assert_same(&fresh(), &heap);
}

#[test]
fn parts_that_are_missing_or_damaged_are_named() {
    let mut parts = parts(&fresh());
    let (width, header) = parts["header"].clone();
    parts.insert("header", (width, header.slice(..header.len() - 1)));
    assert_eq!(made_of(&parts).unwrap_err().to_string(), "header: is no part of a heap");
    parts.remove("header");
    assert_eq!(made_of(&parts).unwrap_err().to_string(), "header: is missing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_heap_can_be_taken_apart_and_put_together(graph in testing::graphs(12, 30)) {
        let graph = graph.load();
        graph.heap.compute(Wants::STAYING, &Default::default()).expect("nobody cancels");
        let whole = parts(&graph.heap);
        let again = made_of(&whole).expect("whole parts");
        prop_assert!(parts(&again) == whole);
        testing::assert_same(&graph.heap, &again);
    }
}
