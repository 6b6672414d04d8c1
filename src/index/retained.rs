//! Retained sizes: what would be freed with an object.

use std::ops::Sub;

use bytemuck::Pod;
use rayon::prelude::*;

use crate::base::array::Array;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::error::Result;
use crate::index::Dominators;

/// The retained size of every node in bytes: its shallow size and those of all it dominates.
///
/// In the preorder of the dominator tree these stand behind each other, so a running sum gives all of them without
/// walking the tree.
///
/// `spare` is memory that has been touched before.
pub(crate) fn compute(
    dominators: &Dominators,
    shallow: &UintColumn,
    spare: [Vec<u32>; 2],
    meter: &Meter,
) -> Result<UintColumn> {
    // The root's is the largest, so its width is enough for all.
    let largest = shallow.sum();
    let sizes = shallow.view();
    if u32::try_from(largest).is_ok() {
        differences(dominators, |node| sizes.get(node) as u32, u32::wrapping_add, spare, meter).map(UintColumn::Narrow)
    } else {
        drop(spare);
        let spare = [Vec::new(), Vec::new()];
        differences(dominators, |node| sizes.get(node), u64::saturating_add, spare, meter).map(UintColumn::Wide)
    }
}

/// How many numbers a thread takes at once.
const PART: usize = 1 << 16;

/// The same in numbers that are wide enough for the sum of all sizes. All that reads far away runs on all cores.
fn differences<T: Pod + Sub<Output = T> + Send + Sync>(
    dominators: &Dominators,
    size: impl Fn(usize) -> T + Sync,
    add: impl Fn(T, T) -> T,
    spare: [Vec<T>; 2],
    meter: &Meter,
) -> Result<Array<T>> {
    let (order, subtrees) = (dominators.order(), dominators.subtrees());
    // The sum of all that stands before each position.
    let [mut sums, mut sizes] = spare;
    sums.clear();
    sums.resize(order.len() + 1, T::zeroed());
    let parts = sums[1..].par_chunks_mut(PART).zip(order.par_chunks(PART));
    parts.for_each(|(sums, order)| sums.iter_mut().zip(order).for_each(|(sum, &node)| *sum = size(node as usize)));
    meter.check()?;
    let mut sum = T::zeroed();
    for item in &mut sums {
        sum = add(sum, *item);
        *item = sum;
    }
    meter.check()?;
    // From sums to differences, each behind those that still need it.
    for (position, &subtree) in subtrees.iter().enumerate() {
        sums[position] = sums[position + subtree as usize] - sums[position];
    }
    meter.check()?;
    sizes.clear();
    sizes.resize(order.len(), T::zeroed());
    let parts = sizes.par_chunks_mut(PART).zip(dominators.positions.par_chunks(PART));
    parts.for_each(|(sizes, positions)| {
        sizes.iter_mut().zip(positions).for_each(|(size, &position)| *size = sums[position as usize]);
    });
    sizes.shrink_to_fit();
    Ok(sizes.into())
}
