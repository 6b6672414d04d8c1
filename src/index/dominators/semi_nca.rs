//! From the numbers of the search to immediate dominators: semi-NCA.

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;

use super::search_tree::SearchTree;
use crate::base::meter::Meter;
use crate::error::{Error, Result};

/// The search with its cross edges in the order of their targets.
pub(crate) struct Sorted {
    vertices: Vec<u32>,
    parents: Vec<u32>,
    semi: Vec<u32>,
    predecessors: Predecessors,
    reached: usize,
    /// Memory for what comes next, at least a number an edge.
    spare: Vec<u32>,
}

/// Who dominates whom immediately, both by number.
pub(crate) struct Immediate {
    pub(super) vertices: Vec<u32>,
    pub(super) dominators: Vec<u32>,
    /// Memory for what comes next, two numbers a vertex; of those below each has one a node: a page that has been touched
    /// before costs nothing, a new one costs more than the thousand numbers on it.
    pub(super) links: Vec<u32>,
    pub(super) order: Vec<u32>,
    pub(super) subtrees: Vec<u32>,
    pub(super) by_node: Vec<u32>,
}

/// Sorts the cross edges of a search by their targets.
pub(crate) fn sort(mut search: SearchTree, meter: &Meter) -> Result<Sorted> {
    let numbers = &search.numbers;
    // Reads far away, but none waits for another.
    let number_crosses = || {
        search.cross[..search.crosses].par_chunks_mut(1 << 16).try_for_each(|part| {
            meter.check()?;
            part.iter_mut().for_each(|target| *target = numbers[*target as usize]);
            Ok::<_, Error>(())
        })
    };
    let (parents, forward) = (&search.parents, std::mem::take(&mut search.forward));
    let first_semi = || {
        let mut semi = parents.clone();
        for &[from, node] in &forward {
            let semi = &mut semi[numbers[node as usize] as usize];
            *semi = from.min(*semi);
        }
        semi
    };
    let (numbered, semi) = rayon::join(number_crosses, first_semi);
    numbered?;
    drop(forward);
    let predecessors = Predecessors::sort(&mut search, meter)?;
    let SearchTree { vertices, parents, reached, cross, .. } = search;
    Ok(Sorted { vertices, parents, semi, predecessors, reached, spare: cross })
}

/// Turns parents in the search tree into immediate dominators; numbers from `reached` on keep the root.
pub(crate) fn immediate(sorted: Sorted, meter: &Meter) -> Result<Immediate> {
    /// A vertex of the forest that grows from the largest number down. `label` is the smallest semi-dominator on the
    /// way to `ancestor`, which is not counted.
    #[derive(Clone, Copy, Pod, Zeroable)]
    #[repr(C)]
    struct Link {
        ancestor: u32,
        label: u32,
    }
    let Sorted { vertices, mut parents, mut semi, predecessors, reached, mut spare } = sorted;
    if spare.len() < 2 * parents.len() {
        spare = vec![0; 2 * parents.len()];
    }
    let links: &mut [Link] = bytemuck::cast_slice_mut(&mut spare[..2 * parents.len()]);
    for (link, (&ancestor, &label)) in links.iter_mut().zip(parents.iter().zip(&semi)) {
        *link = Link { ancestor, label };
    }
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
    let Predecessors { ends, from } = predecessors;
    for number in 1..reached {
        let mut dominator = parents[number];
        while dominator > semi[number] {
            dominator = parents[dominator as usize];
        }
        parents[number] = dominator;
    }
    spare.truncate(2 * vertices.len());
    spare.shrink_to_fit();
    Ok(Immediate { vertices, dominators: parents, links: spare, order: ends, subtrees: from, by_node: semi })
}

/// Number → the larger numbers from which edges lead here.
struct Predecessors {
    ends: Vec<u32>,
    from: Vec<u32>,
}

impl Predecessors {
    /// Counting sort by target.
    fn sort(search: &mut SearchTree, meter: &Meter) -> Result<Self> {
        // Nobody asks for the numbers of nodes any more.
        let mut ends = std::mem::take(&mut search.numbers);
        ends.clear();
        ends.resize(search.vertices.len(), 0);
        for (index, &target) in search.cross[..search.crosses].iter().enumerate() {
            meter.check_at(index)?;
            ends[target as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            let count = *end;
            *end = sum;
            sum += count;
        }
        let mut from = vec![0; search.crosses];
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
