//! What one file alone tells of when objects came.
//!
//! V8 numbers an object when a snapshot first meets it, in the order in which it writes it down, and the number stays. In
//! the first snapshot of a process numbers therefore ascend from the first object to the last. In a later one the objects
//! that are new since the one before it ascend among themselves and have the largest numbers: the longest run of the largest
//! numbers that stands in order.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// What ascends by chance is shorter than this.
const LEAST: usize = 1000;
/// What is older has been moved about by collections: one in so many stands before another that was numbered earlier. In
/// a first snapshot all but a few stand in order, and nothing is known.
const MOVED: usize = 200;

/// The objects that no earlier snapshot of the process had; nothing where there was none, or nobody knows.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn newest(heap: &Heap, meter: &Meter) -> Result<Option<Bits>> {
    if !heap.producer().numbers_in_order() || heap.roots().has_further() {
        return Ok(None);
    }
    // Objects of programs have odd numbers.
    let mut by_id: Vec<(u64, u32)> = Vec::new();
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        let id = heap.id(node);
        if id % 2 == 1 {
            by_id.push((id, node.0));
        }
    }
    by_id.sort_unstable();
    meter.check()?;
    let run = run(&by_id);
    let older = &by_id[..by_id.len() - run];
    let moved = older.windows(2).filter(|pair| pair[0].1 > pair[1].1).count();
    if run < LEAST || moved * MOVED <= older.len() {
        return Ok(None);
    }
    let mut newest = Bits::new(heap.node_count());
    for &(_, node) in &by_id[by_id.len() - run..] {
        newest.insert(NodeIx(node).ix());
    }
    Ok(Some(newest))
}

/// How many of the last stand in order.
fn run(by_id: &[(u64, u32)]) -> usize {
    by_id.windows(2).rev().take_while(|pair| pair[0].1 < pair[1].1).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_the_largest_numbers_that_stand_in_order() {
        // Old objects moved about (5 stands behind 7); 11, 13 and 15 were met one after the other.
        assert_eq!(run(&[(1, 0), (3, 1), (5, 7), (7, 2), (9, 6), (11, 3), (13, 4), (15, 5)]), 3);
        assert_eq!(run(&[(1, 0), (3, 1), (5, 2)]), 3);
    }

    #[test]
    fn a_file_of_unknown_origin_does_not_tell() {
        let graph = crate::notation::Graph::new("r -a-> A[8]; r -b-> B[8]");
        assert!(newest(&graph.heap, &Meter::default()).expect("nobody cancels").is_none());
    }
}
