//! From the numbers of the search to immediate dominators: semi-NCA.

use super::search::SearchTree;
use crate::base::meter::Meter;
use crate::error::Result;

/// The search with its cross edges in the order of their targets.
pub(crate) struct Sorted {
    vertices: Vec<u32>,
    parents: Vec<u32>,
    semi: Vec<u32>,
    predecessors: Predecessors,
    reached: usize,
}

/// Who dominates whom immediately, both by number.
pub(crate) struct Immediate {
    pub(super) vertices: Vec<u32>,
    pub(super) dominators: Vec<u32>,
}

/// Sorts the cross edges of a search by their targets.
pub(crate) fn sort(search: SearchTree, meter: &Meter) -> Result<Sorted> {
    let predecessors = Predecessors::sort(&search, meter)?;
    let SearchTree { vertices, parents, semi, reached, .. } = search;
    Ok(Sorted { vertices, parents, semi, predecessors, reached })
}

/// Turns parents in the search tree into immediate dominators; numbers from `reached` on keep the root.
pub(crate) fn immediate(sorted: Sorted, meter: &Meter) -> Result<Immediate> {
    /// A vertex of the forest that grows from the largest number down. `label` is the smallest semi-dominator on the
    /// way to `ancestor`, which is not counted.
    #[derive(Clone, Copy)]
    struct Link {
        ancestor: u32,
        label: u32,
    }
    let Sorted { vertices, mut parents, mut semi, predecessors, reached } = sorted;
    let mut links: Vec<Link> = parents.iter().zip(&semi).map(|(&ancestor, &label)| Link { ancestor, label }).collect();
    let mut path: Vec<u32> = Vec::new();
    for number in (1..reached).rev() {
        meter.check_at(number)?;
        let mut best = semi[number];
        for &from in predecessors.of(number) {
            // `from` is in the forest: its number is larger. Compress its way up to the last vertex above `number`.
            let mut vertex = from;
            while links[vertex as usize].ancestor > number as u32 {
                path.push(vertex);
                vertex = links[vertex as usize].ancestor;
            }
            let mut above = links[vertex as usize];
            while let Some(vertex) = path.pop() {
                let link = &mut links[vertex as usize];
                link.ancestor = above.ancestor;
                link.label = link.label.min(above.label);
                above = *link;
            }
            best = best.min(above.label);
        }
        semi[number] = best;
        links[number].label = best;
    }
    drop((links, predecessors));
    for number in 1..reached {
        let mut dominator = parents[number];
        while dominator > semi[number] {
            dominator = parents[dominator as usize];
        }
        parents[number] = dominator;
    }
    Ok(Immediate { vertices, dominators: parents })
}

/// Number → the larger numbers from which edges lead here.
struct Predecessors {
    ends: Vec<u32>,
    from: Vec<u32>,
}

impl Predecessors {
    /// Counting sort by target.
    fn sort(search: &SearchTree, meter: &Meter) -> Result<Self> {
        let mut ends = vec![0u32; search.vertices.len()];
        for (index, &target) in search.cross.iter().enumerate() {
            meter.check_at(index)?;
            ends[target as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            let count = *end;
            *end = sum;
            sum += count;
        }
        let mut from = vec![0; search.cross.len()];
        search.each_group(|source, targets| {
            meter.check_at(source as usize)?;
            for &target in targets {
                let slot = &mut ends[target as usize];
                from[*slot as usize] = source;
                *slot += 1;
            }
            Ok(())
        })?;
        // Every entry has moved from the start of its range to the end.
        Ok(Predecessors { ends, from })
    }

    #[inline(always)]
    fn of(&self, number: usize) -> &[u32] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.from[start..self.ends[number] as usize]
    }
}
