//! Sums over all objects: by native context, by function scopes, by sample of a timeline.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;
use crate::index::contexts::{Owner, context_object_names, is_context_object};

/// Shallow sizes by owner. Source: HeapSnapshot.ts, `calculateNativeContextSizes`.
#[derive(Debug, Default)]
pub struct ContextSizes {
    /// The native contexts in the order of the file, with the bytes that are theirs alone.
    pub contexts: Vec<(NodeIx, u64)>,
    pub shared: u64,
    pub unattributed: u64,
}

pub fn by_native_context(heap: &Heap, meter: &Meter) -> Result<ContextSizes> {
    let owners = heap.native_contexts(meter)?;
    let mut sizes = ContextSizes {
        contexts: owners.contexts.iter().map(|&context| (context, 0)).collect(),
        ..ContextSizes::default()
    };
    for node in heap.nodes() {
        let size = heap.shallow_size(node);
        match owners.owner(node) {
            Owner::None => sizes.unattributed += size,
            Owner::Shared => sizes.shared += size,
            Owner::Context(context) => {
                if let Ok(place) = owners.contexts.binary_search(&context) {
                    sizes.contexts[place].1 += size;
                }
            }
        }
    }
    Ok(sizes)
}

/// What the scopes of functions hold. Source: HeapSnapshot.ts, `getRetainedByContextSummary`.
#[derive(Debug, Default, Clone, Copy)]
pub struct RetainedByContexts {
    pub context_count: u64,
    pub retained_size: u64,
    pub retained_count: u64,
    pub other_size: u64,
    pub other_count: u64,
}

/// Nothing before distances are known.
pub fn retained_by_contexts(heap: &Heap, meter: &Meter) -> Result<Option<RetainedByContexts>> {
    if !heap.has_distances() {
        return Ok(None);
    }
    let columns = heap.columns();
    let names = context_object_names(columns);
    let is_context = |node| is_context_object(columns, heap.dom(), &names, node);
    let reached = reachable_without(heap, is_context, meter)?;
    let mut sums = RetainedByContexts::default();
    for node in heap.nodes() {
        let size = heap.shallow_size(node);
        if size == 0 {
            continue;
        }
        if !reached.contains(node.ix()) && heap.distance(node) != Some(NO_DISTANCE) {
            sums.retained_count += 1;
            sums.retained_size += size;
        } else {
            sums.other_count += 1;
            sums.other_size += size;
        }
        sums.context_count += is_context(node) as u64;
    }
    Ok(Some(sums))
}

/// The nodes that the root leads to over edges that are not weak, without entering those that `avoid` names.
/// Source: HeapSnapshot.ts, `createNamedFilter`.
pub fn reachable_without(heap: &Heap, avoid: impl Fn(NodeIx) -> bool, meter: &Meter) -> Result<Bits> {
    let columns = heap.columns();
    let mut reached = Bits::new(heap.node_count());
    reached.insert(heap.root().ix());
    let mut work = vec![heap.root()];
    let mut steps = 0;
    while let Some(node) = work.pop() {
        steps += 1;
        meter.check_at(steps)?;
        for edge in columns.edges_of(node) {
            let target = heap.target(edge);
            if heap.edge_type(edge) != EdgeType::WEAK && !reached.contains(target.ix()) && !avoid(target) {
                reached.insert(target.ix());
                work.push(target);
            }
        }
    }
    Ok(reached)
}

/// Live bytes by interval of an allocation timeline. Source: HeapSnapshot.ts, `buildSamples`.
pub fn by_sample(heap: &Heap) -> Vec<u64> {
    let ids = &heap.columns().samples.last_assigned_ids;
    let mut sizes = vec![0; ids.len()];
    if ids.is_empty() {
        return sizes;
    }
    for node in heap.nodes() {
        let id = heap.id(node);
        // Objects of the program have odd ids.
        if id % 2 == 1 {
            let sample = ids.partition_point(|&last| last < id);
            if let Some(size) = sizes.get_mut(sample) {
                *size += heap.shallow_size(node);
            }
        }
    }
    sizes
}

/// The largest odd id.
pub fn max_js_object_id(heap: &Heap) -> u64 {
    heap.columns().nodes.ids.iter().filter(|id| id % 2 == 1).max().unwrap_or(0)
}
