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
    let names = naming::strings_where(columns, naming::is_context);
    let is_context = |node| naming::has_name(columns, heap.dom(), &names, node);
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
fn add(sum: &mut u64, size: u64) {
    *sum = sum.saturating_add(size);
}

/// Live bytes by interval of an allocation timeline. Source: HeapSnapshot.ts, `buildSamples`.
pub fn by_sample(heap: &Heap, meter: &Meter) -> Result<Vec<u64>> {
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
pub fn max_js_object_id(heap: &Heap, meter: &Meter) -> Result<u64> {
    let mut largest = 0;
    for (index, id) in heap.columns().nodes.ids.iter().enumerate() {
        meter.check_at(index)?;
        largest = if id % 2 == 1 { id.max(largest) } else { largest };
    }
    Ok(largest)
}
