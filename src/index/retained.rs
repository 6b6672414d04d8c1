//! Retained sizes: what would be freed with an object.

use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::error::Result;
use crate::index::Dominators;

/// The retained size of every node in bytes: its shallow size and those of all it dominates.
///
/// In the preorder of the dominator tree these stand behind each other, so a running sum gives all of them without
/// walking the tree.
pub(crate) fn compute(dominators: &Dominators, shallow: &UintColumn, meter: &Meter) -> Result<UintColumn> {
    let (order, subtrees) = (dominators.order(), dominators.subtrees());
    let mut sums = Vec::with_capacity(order.len() + 1);
    let mut sum = 0u64;
    sums.push(0);
    for &node in order {
        sum = sum.saturating_add(shallow.get(node as usize));
        sums.push(sum);
    }
    meter.check()?;
    // The root's is the largest, so its width is enough for all.
    let retained = |position: usize| sums[position + subtrees[position] as usize] - sums[position];
    if u32::try_from(sum).is_ok() {
        let mut sizes = vec![0u32; order.len()];
        for (position, &node) in order.iter().enumerate() {
            sizes[node as usize] = retained(position) as u32;
        }
        Ok(UintColumn::Narrow(sizes.into()))
    } else {
        let mut sizes = vec![0u64; order.len()];
        for (position, &node) in order.iter().enumerate() {
            sizes[node as usize] = retained(position);
        }
        Ok(UintColumn::Wide(sizes.into()))
    }
}
