//! Long lists in order: in parallel, with progress, until somebody says stop.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::meter::Meter;
use crate::error::Result;

/// So many items are sorted or merged between two looks at the meter.
const STEP: usize = 1 << 11;

/// An item behind its key.
type Keyed<T> = (u64, T);

/// Sorts by `key`, and where keys are equal by `compare`, which must agree with the keys and be total.
///
/// Comparing items means reading all over the memory; keys lie beside each other, so most comparisons cost nothing.
/// Takes 2 × (8 bytes + an item) for each item while it runs. The meter counts items sorted.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn sort<T: Copy + Send + Sync>(
    items: &mut [T],
    key: impl Fn(&T) -> u64 + Sync,
    compare: impl Fn(&T, &T) -> Ordering + Sync,
    meter: &Meter,
) -> Result<()> {
    // Every item is looked at once to find its key, once to sort its chunk and once in each round of merging.
    let rounds = items.len().div_ceil(STEP).next_power_of_two().ilog2() as u64;
    meter.set_total(items.len() as u64 * (rounds + 2));
    let order = |a: &Keyed<T>, b: &Keyed<T>| a.0.cmp(&b.0).then_with(|| compare(&a.1, &b.1));
    let mut keyed: Vec<Keyed<T>> = items.iter().map(|item| (0, *item)).collect();
    let sort_chunk = |chunk: &mut [(u64, T)]| -> Result<()> {
        meter.check()?;
        for item in chunk.iter_mut() {
            item.0 = key(&item.1);
        }
        chunk.sort_unstable_by(order);
        meter.add_done(2 * chunk.len() as u64);
        Ok(())
    };
    keyed.par_chunks_mut(STEP).try_for_each(sort_chunk)?;
    let mut merged = keyed.clone();
    let mut width = STEP;
    while width < keyed.len() {
        let merge_pair = |(from, to): (&[Keyed<T>], &mut [Keyed<T>])| {
            let (left, right) = from.split_at(width.min(from.len()));
            merge(left, right, to, &order, meter)
        };
        keyed.par_chunks(2 * width).zip(merged.par_chunks_mut(2 * width)).try_for_each(merge_pair)?;
        std::mem::swap(&mut keyed, &mut merged);
        width *= 2;
    }
    for (item, (_, sorted)) in items.iter_mut().zip(keyed) {
        *item = sorted;
    }
    Ok(())
}

fn merge<'a, T: Copy>(
    mut left: &'a [T],
    mut right: &'a [T],
    to: &mut [T],
    order: &impl Fn(&T, &T) -> Ordering,
    meter: &Meter,
) -> Result<()> {
    for part in to.chunks_mut(STEP) {
        meter.check()?;
        for place in part.iter_mut() {
            let takes_left = match (left.first(), right.first()) {
                (Some(a), Some(b)) => order(a, b).is_le(),
                (a, _) => a.is_some(),
            };
            let from = if takes_left { &mut left } else { &mut right };
            let (&first, rest) = from.split_first().expect("both parts together are as long as the place for them");
            *from = rest;
            *place = first;
        }
        meter.add_done(part.len() as u64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

        #[test]
        fn lists_of_any_length_are_sorted(seed: u64, length in 0usize..70_000, kinds in 1u64..1000) {
            let number = |index: usize| (seed ^ index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let mut items: Vec<(u64, u64)> =
                (0..length).map(|index| (number(index) % kinds, number(index))).collect();
            let mut expected = items.clone();
            expected.sort();
            sort(&mut items, |item| item.0, |a, b| a.cmp(b), &Meter::default()).expect("nobody cancels");
            prop_assert_eq!(items, expected);
        }
    }

    #[test]
    fn sorting_ends_when_somebody_cancels() {
        let meter = Meter::default();
        meter.cancel();
        let mut items: Vec<u32> = (0..100_000).rev().collect();
        let result = sort(&mut items, |_| 0, |a, b| a.cmp(b), &meter);
        assert!(matches!(result, Err(Error::Cancelled)));
    }

    #[test]
    fn the_meter_ends_where_it_said() {
        let meter = Meter::default();
        let mut items: Vec<u32> = (0..100_000).rev().collect();
        sort(&mut items, |&item| item as u64, |a, b| a.cmp(b), &meter).expect("nobody cancels");
        assert_eq!(meter.done(), meter.total());
    }
}
