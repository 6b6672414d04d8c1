//! Retained sizes: what would be freed with an object.

use std::ops::Sub;

use bytemuck::Pod;

use crate::base::array::Array;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::error::Result;
use crate::index::Dominators;

/// The retained size of every node in bytes: its shallow size and those of all it dominates.
///
/// In the preorder of the dominator tree these stand behind each other, so a running sum gives all of them without
/// walking the tree.
pub(crate) fn compute(dominators: &Dominators, shallow: &UintColumn, meter: &Meter) -> Result<UintColumn> {
    // The root's is the largest, so its width is enough for all.
    let largest = shallow.iter().fold(0, u64::saturating_add);
    if u32::try_from(largest).is_ok() {
        differences(dominators, shallow, |sum| sum as u32, meter).map(UintColumn::Narrow)
    } else {
        differences(dominators, shallow, |sum| sum, meter).map(UintColumn::Wide)
    }
}

/// The same in numbers that are wide enough for the sum of all sizes.
fn differences<T: Pod + Sub<Output = T>>(
    dominators: &Dominators,
    shallow: &UintColumn,
    number: impl Fn(u64) -> T,
    meter: &Meter,
) -> Result<Array<T>> {
    let (order, subtrees) = (dominators.order(), dominators.subtrees());
    let mut sums = Vec::with_capacity(order.len() + 1);
    let mut sum = 0u64;
    sums.push(number(sum));
    for &node in order {
        sum = sum.saturating_add(shallow.get(node as usize));
        sums.push(number(sum));
    }
    meter.check()?;
    let mut sizes = vec![T::zeroed(); order.len()];
    for (position, &node) in order.iter().enumerate() {
        sizes[node as usize] = sums[position + subtrees[position] as usize] - sums[position];
    }
    Ok(sizes.into())
}
