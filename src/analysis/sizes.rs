//! Sums over all objects: by native context, by function scopes, by sample of a timeline.

use super::scopes::Scope;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::contexts::Owner;
use crate::index::naming;

/// Shallow sizes by owner. Source: HeapSnapshot.ts, `calculateNativeContextSizes`.
#[derive(Debug, Default)]
pub(crate) struct ContextSizes {
    /// The native contexts in the order of the file, with the bytes that are theirs alone.
    pub contexts: Vec<(NodeIx, u64)>,
    pub shared: u64,
    pub unattributed: u64,
}

pub(crate) fn by_native_context(heap: &Heap, meter: &Meter) -> Result<ContextSizes> {
    let owners = heap.native_contexts(meter)?;
    let mut sizes = ContextSizes {
        contexts: owners.contexts.iter().map(|&context| (context, 0)).collect(),
        ..ContextSizes::default()
    };
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let size = heap.shallow_size(node);
        match owners.owner(node) {
            Owner::None => add(&mut sizes.unattributed, size),
            Owner::Shared => add(&mut sizes.shared, size),
            Owner::Context(context) => {
                if let Ok(place) = owners.contexts.binary_search(&context) {
                    add(&mut sizes.contexts[place].1, size);
                }
            }
        }
    }
    Ok(sizes)
}

/// What the scopes of functions hold. Source: HeapSnapshot.ts, `getRetainedByContextSummary`.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct RetainedByContexts {
    pub context_count: u64,
    pub retained_size: u64,
    pub retained_count: u64,
    pub other_size: u64,
    pub other_count: u64,
}

/// Nothing before distances are known.
pub(crate) fn retained_by_contexts(heap: &Heap, meter: &Meter) -> Result<Option<RetainedByContexts>> {
    if !heap.has_distances() {
        return Ok(None);
    }
    let columns = heap.columns();
    let names = naming::strings_where(columns, naming::is_context);
    let is_context = |node| heap.dom().shows(columns, &names, node);
    let held = Scope::RetainedByContexts.nodes(heap, meter)?;
    let mut sums = RetainedByContexts::default();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let size = heap.shallow_size(node);
        if size == 0 {
            continue;
        }
        if held.contains(node.ix()) {
            sums.retained_count += 1;
            add(&mut sums.retained_size, size);
        } else {
            sums.other_count += 1;
            add(&mut sums.other_size, size);
        }
        sums.context_count += is_context(node) as u64;
    }
    Ok(Some(sums))
}

/// A damaged file can hold sizes that no sum holds.
pub(super) fn add(sum: &mut u64, size: u64) {
    *sum = sum.saturating_add(size);
}

/// Live bytes by interval of an allocation timeline. Source: HeapSnapshot.ts, `buildSamples`.
pub(crate) fn by_sample(heap: &Heap, meter: &Meter) -> Result<Vec<u64>> {
    let ids = &heap.columns().samples.last_assigned_ids;
    let mut sizes = vec![0u64; ids.len()];
    if ids.is_empty() {
        return Ok(sizes);
    }
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let id = heap.id(node);
        // Objects of the program have odd ids.
        if id % 2 == 1 {
            let sample = ids.partition_point(|&last| last < id);
            if let Some(size) = sizes.get_mut(sample) {
                add(size, heap.shallow_size(node));
            }
        }
    }
    Ok(sizes)
}

/// The largest odd id.
pub(crate) fn max_js_object_id(heap: &Heap, meter: &Meter) -> Result<u64> {
    let mut largest = 0;
    for (index, id) in heap.columns().nodes.ids.iter().enumerate() {
        meter.check_at(index)?;
        largest = if id % 2 == 1 { id.max(largest) } else { largest };
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::heap::Wants;
    use crate::index::RootMode;
    use crate::input;
    use crate::notation::Graph;

    fn meter() -> Meter {
        Meter::default()
    }

    #[test]
    fn native_contexts_share_what_both_lead_to() {
        let graph = Graph::new(
            "r -1-> system+/+NativeContext:hidden[1]; r -2-> system+/+NativeContext+/+u:hidden[2]; r -3-> alone[64]
             system+/+NativeContext -a-> one[4]; system+/+NativeContext+/+u -b-> two[8]; one -x-> both[16]
             two -x-> both",
        );
        let sizes = by_native_context(&graph.heap, &meter()).expect("nobody cancels");
        let contexts: Vec<u64> = sizes.contexts.iter().map(|&(_, size)| size).collect();
        assert_eq!((contexts, sizes.shared, sizes.unattributed), (vec![5, 10], 16, 64));
    }

    #[test]
    fn scopes_of_functions_hold_what_nothing_else_leads_to() {
        let graph = Graph::new(
            "r -f-> f:closure[1]; f =context=> system+/+Context[2]; system+/+Context $v$> a[4]; r -s-> s[8]
             system+/+Context $w$> s",
        );
        let sums = retained_by_contexts(&graph.heap, &meter()).expect("nobody cancels").expect("all is there");
        assert_eq!((sums.context_count, sums.retained_size, sums.retained_count), (1, 6, 2));
        assert_eq!((sums.other_size, sums.other_count), (9, 2));
    }

    #[test]
    fn the_largest_id_is_that_of_an_object_of_the_program() {
        let graph = Graph::new("r -a-> a; r -b-> b");
        assert_eq!(max_js_object_id(&graph.heap, &meter()).expect("nobody cancels"), 5);
        let cancelled = meter();
        cancelled.cancel();
        assert!(max_js_object_id(&graph.heap, &cancelled).is_err());
    }

    /// Three objects with ids 3, 4 and 7 after samples up to 3 and 7; sizes and memory outside that no sum holds.
    const SAMPLED: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
        "node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
        "edge_types":[["property"]],"sample_fields":["timestamp_us","last_assigned_id"]},
        "extra_native_bytes":18446744073709551615},
        "nodes":[1,0,1,0,3, 0,1,3,18446744073709551615,0, 0,1,4,5,0, 0,1,7,9,0],
        "edges":[0,1,5, 0,1,10, 0,1,15],"samples":[0,3, 10,7],"strings":["","A"]}"#;

    #[test]
    fn intervals_hold_what_was_allocated_in_them_and_sums_saturate() {
        // Loading does not believe such sizes; sums hold without it.
        let watch = Arc::default();
        let columns = input::read_bytes(SAMPLED.as_bytes(), &Default::default(), &watch).expect("a whole snapshot");
        let heap = Heap::new(columns, RootMode::All, Wants::ALL);
        heap.compute(Wants::ALL, &watch).expect("nobody cancels");
        assert_eq!(by_sample(&heap, &meter()).expect("nobody cancels"), [u64::MAX, 9]);
        assert_eq!(heap.total_size(), Some(u64::MAX));
        let sizes = by_native_context(&heap, &meter()).expect("nobody cancels");
        assert_eq!(sizes.unattributed, u64::MAX);
        assert_eq!(
            crate::analysis::reachable::from(&heap, heap.root(), &meter()).expect("nobody cancels"),
            (4, u64::MAX)
        );
    }
}
