//! A path to a root → the rows that show it: links that repeat fold into one.
//!
//! Linked lists, timers and queues make paths of thousands of equal links; nobody would scroll to the end of those that
//! matters, the root's. Nothing but the rows is folded: the path, its sentence and what commands print stay whole.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::analysis::paths::Path;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::EdgeType;
use crate::heap::Heap;
use crate::index::ClassIx;
use crate::view::row::RowIx;

/// So many times a link, or a group of links, must come one after the other to be folded.
const LEAST_TIMES: usize = 6;
/// Groups of so many links are found: queues and chains of promises repeat two or three.
const LONGEST_GROUP: usize = 4;
/// Longer ones leave out their middle: a tree so deep is of no use, and rows one below the other cost memory each.
const MOST_ROWS: usize = 400;

/// The rows of a path, and what stands for more than one of its links.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// The links of the path behind each row.
    pub(crate) rows: Vec<Range<usize>>,
    pub(crate) folds: Folds,
}

/// Folded links, by the first reference of each.
#[derive(Debug, Default)]
pub(crate) struct Folds(FxHashMap<u32, Fold>);

impl Folds {
    /// Whether some rows stand for links that repeat: the middle of a very long path is another thing.
    pub(crate) fn has_repeats(&self) -> bool {
        self.0.values().any(|fold| !fold.group.is_empty())
    }
}

/// Links that one row stands for.
#[derive(Debug)]
pub(crate) struct Fold {
    /// The object at the end towards the root.
    pub(crate) last: NodeIx,
    pub(crate) times: usize,
    /// The links that come again and again; none where different ones are left out.
    pub(crate) group: Path,
}

impl Folds {
    /// What rows of another path stand for as well.
    pub(crate) fn with(mut self, other: Folds) -> Folds {
        for (edge, fold) in other.0 {
            self.0.entry(edge).or_insert(fold);
        }
        self
    }

    /// What stands in the place of the row of `edge`.
    pub(crate) fn get(&self, edge: EdgeIx) -> Option<&Fold> {
        self.0.get(&edge.0)
    }
}

impl Chain {
    /// The rows of `path`, from the object outwards; with `folding` links that repeat are folded.
    pub(crate) fn of(heap: &Heap, path: &Path, folding: bool) -> Chain {
        let kinds: Vec<Kind> = path.iter().map(|&(edge, node)| kind(heap, edge, node)).collect();
        let mut chain = Chain::default();
        let mut at = 0;
        while at < path.len() {
            match repeated(&kinds[at..]).filter(|_| folding) {
                // The first and the last group stay: from where, and where to.
                Some((group, times)) => {
                    chain.single(at..at + group);
                    let inner = at + group..at + group * (times - 1);
                    let repeats = path[inner.start..inner.start + group].to_vec();
                    at += group * times;
                    let fold = Fold { last: path[inner.end - 1].1, times: times - 2, group: repeats };
                    chain.fold(path[inner.start].0, inner, fold);
                    chain.single(at - group..at);
                }
                None => {
                    chain.single(at..at + 1);
                    at += 1;
                }
            }
        }
        chain.without_middle(path)
    }

    fn single(&mut self, steps: Range<usize>) {
        self.rows.extend(steps.map(|step| step..step + 1));
    }

    /// A row for steps of which `first` is the first.
    fn fold(&mut self, first: EdgeIx, steps: Range<usize>, fold: Fold) {
        self.folds.0.insert(first.0, fold);
        self.rows.push(steps);
    }

    /// The first and the last rows of very many.
    fn without_middle(mut self, path: &Path) -> Chain {
        if self.rows.len() <= MOST_ROWS {
            return self;
        }
        let rows = std::mem::take(&mut self.rows);
        let (start, end) = (&rows[..MOST_ROWS / 2], &rows[rows.len() - (MOST_ROWS / 2 - 1)..]);
        let middle = start[start.len() - 1].end..end[0].start;
        for steps in &rows[MOST_ROWS / 2..rows.len() - (MOST_ROWS / 2 - 1)] {
            self.folds.0.remove(&path[steps.start].0.0);
        }
        self.rows.extend_from_slice(start);
        let fold = Fold { last: path[middle.end - 1].1, times: middle.len(), group: Path::new() };
        self.fold(path[middle.start].0, middle, fold);
        self.rows.extend_from_slice(end);
        self
    }
}

/// The rows of a path one below the other, as they stand in the Retainers; `rows` are the links behind each.
pub(crate) fn trail(rows: &[Range<usize>], path: &Path) -> Vec<RowIx> {
    rows.iter().map(|steps| RowIx::edge(path[steps.start].0, path[steps.end - 1].1)).collect()
}

/// Which row shows a link of the path.
pub(crate) fn row_of(rows: &[Range<usize>], step: usize) -> usize {
    rows.partition_point(|steps| steps.end <= step)
}

/// Links of one kind read alike but for the ids.
type Kind = (EdgeType, u64, ClassIx);

fn kind(heap: &Heap, edge: EdgeIx, node: NodeIx) -> Kind {
    (heap.edge_type(edge), heap.columns().edges.number(edge), heap.classes().of(node))
}

/// The group of links with which `kinds` begins and that repeats often enough, with how often.
fn repeated(kinds: &[Kind]) -> Option<(usize, usize)> {
    (1..=LONGEST_GROUP).find_map(|group| {
        let again = kinds.iter().zip(kinds.get(group..)?).take_while(|(a, b)| a == b).count();
        let times = again / group + 1;
        (times >= LEAST_TIMES).then_some((group, times))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::meter::Meter;
    use crate::notation::Graph;
    use crate::view::label;
    use crate::view::tables::retainers::Retainers;

    /// The lines of the rows of the path from `object`.
    fn lines(graph: &str, object: &str, folding: bool) -> Vec<String> {
        let graph = Graph::new(graph);
        let retainers = Retainers::new(graph.heap.clone(), None);
        let path = retainers.path_to_root(graph.node(object), &Meter::default()).expect("nobody cancels");
        let chain = Chain::of(&graph.heap, &path, folding);
        let steps: Vec<usize> = chain.rows.iter().flat_map(|steps| steps.clone()).collect();
        assert_eq!(steps, (0..path.len()).collect::<Vec<_>>(), "each link stands in one row");
        for (row, steps) in chain.rows.iter().enumerate() {
            assert!(steps.clone().all(|step| row_of(&chain.rows, step) == row));
        }
        let trail = trail(&chain.rows, &path);
        let level = retainers.folded(chain.folds).of(graph.node(object), &Meter::default()).expect("nobody cancels");
        trail.iter().map(|&row| label::plain(&level.table.label(row))).collect()
    }

    fn list(length: usize) -> String {
        let links = (1..length).map(|number| format!("Node#{} -next-> Node#{number}", number - 1));
        format!("r -app-> App; App -list-> Node#0; {}", links.collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn links_that_repeat_are_one_row_and_both_ends_stay() {
        assert_eq!(
            lines(&list(2_400), "Node#2399", true),
            ["next in Node @4801 ◆", "… 2,397 × next in Node @7", "next in Node @5 ◆", "list in App @3 ◆"]
        );
        assert_eq!(lines(&list(6), "Node#5", true).len(), 6, "five links are no long chain");
        assert_eq!(lines(&list(300), "Node#299", false).len(), 300, "all rows where somebody wants them");
    }

    #[test]
    fn groups_of_links_fold_too() {
        let links = (1..50)
            .map(|number| format!("Cell#{} -rest-> Box#{number}; Box#{number} -cell-> Cell#{number}", number - 1));
        let graph = format!("r -app-> App; App -list-> Cell#0; {}", links.collect::<Vec<_>>().join("; "));
        let lines = lines(&graph, "Cell#49", true);
        assert_eq!(lines[2], "… 47 × cell in Box, rest in Cell @9");
        assert_eq!(lines.len(), 2 + 1 + 2 + 1);
    }

    #[test]
    fn elements_with_numbers_of_any_size_are_links_of_their_own() {
        let links = (1..20u64).map(|at| format!("Node#{at} -[{}]-> Node#{}", (1u64 << 33) + at, at - 1));
        let graph = format!("r -app-> App; App -list-> Node#19; {}", links.collect::<Vec<_>>().join("; "));
        assert_eq!(lines(&graph, "Node#0", true).len(), 20, "no two of them are alike");
    }

    #[test]
    fn the_middle_of_a_long_chain_without_repeats_is_left_out() {
        let lines = lines(&list(3_000), "Node#2999", false);
        assert_eq!(lines.len(), MOST_ROWS);
        assert_eq!(lines[MOST_ROWS / 2], "… 2,601 references, to Node @401");
        assert_eq!(lines[MOST_ROWS - 1], "list in App @3 ◆");
    }
}
