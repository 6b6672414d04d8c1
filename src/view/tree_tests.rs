//! The lazy tree against a plain one: all open rows in a flat list.

use proptest::prelude::*;

use super::*;
use crate::notation::Graph;
use crate::view::tables::references::References;

/// The rows of a plain tree: each with its depth, its children written out where it is open.
#[derive(Debug, Clone, PartialEq)]
struct Plain(Vec<(usize, RowIx, bool)>);

impl Plain {
    /// Where the rows below row `at` end.
    fn end(&self, at: usize) -> usize {
        let depth = self.0[at].0;
        self.0[at + 1..].iter().position(|row| row.0 <= depth).map_or(self.0.len(), |offset| at + 1 + offset)
    }

    fn parent(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|&above| self.0[above].0 < self.0[at].0)
    }

    fn trail(&self, at: usize) -> Vec<RowIx> {
        let mut places: Vec<usize> = std::iter::successors(Some(at), |&at| self.parent(at)).collect();
        places.reverse();
        places.into_iter().map(|place| self.0[place].1).collect()
    }
}

fn sorted(table: &dyn AnyTable, mut rows: Vec<RowIx>, sort: Sort) -> Vec<RowIx> {
    let (column, sort) = table.order(sort);
    rows.sort_by(|&a, &b| table.compare_by((column, sort.ascending), a, b));
    rows
}

fn level(table: &dyn AnyTable, rows: &Level, depth: usize, sort: Sort) -> Vec<(usize, RowIx, bool)> {
    sorted(table, rows.rows.to_vec(), sort).into_iter().map(|row| (depth, row, false)).collect()
}

const SORTS: [Sort; 3] = [Sort::BY_RETAINED, Sort::BY_DISTANCE, Sort { field: "label", ascending: true }];

/// A graph in which objects refer to each other this way and that.
fn graph() -> Graph {
    let mut text = String::new();
    for from in 0..9 {
        text += &format!("r -{from}-> n{from}[{}]\n", from * 7 % 5 + 1);
        for to in 0..9 {
            if (from * 5 + to * 3) % 4 == 0 {
                text += &format!("n{from} -p{to}-> n{to}\n");
            }
        }
    }
    Graph::new(&text)
}

proptest! {
    #[test]
    fn a_lazy_tree_shows_what_a_plain_one_does(
        steps in prop::collection::vec((0u8..5, any::<prop::sample::Index>()), 1..40),
    ) {
        let (graph, meter) = (graph(), Meter::default());
        let roots = References::of(&graph.heap, graph.heap.root(), &meter).expect("nobody cancels");
        let table = roots.table.clone();
        let mut sort = SORTS[0];
        let inner = Inner::References;
        let tree = Tree::new(roots.clone(), sort, &meter).expect("nobody cancels");
        let mut tree = tree.with_inner(inner);
        let mut plain = Plain(level(&*table, &roots, 0, sort));
        for (step, pick) in steps {
            let at = pick.index(plain.0.len());
            let (depth, row, is_open) = plain.0[at];
            let above = plain.trail(at);
            let is_cycle = above[..above.len() - 1].iter().any(|&other| table.node(other) == table.node(row));
            match step {
                0 | 1 => {
                    let opened = tree.open(at, &meter).expect("nobody cancels");
                    if !is_open && !is_cycle && inside::has_below_row(&table, row, inner) {
                        let below = inside::below_row(&table, row, inner, &meter).expect("nobody cancels");
                        prop_assert_eq!(opened, below.len());
                        plain.0[at].2 = true;
                        plain.0.splice(at + 1..at + 1, level(&*table, &below, depth + 1, sort));
                    } else {
                        prop_assert_eq!(opened, 0);
                    }
                }
                2 => {
                    prop_assert_eq!(tree.close(at), if is_open { plain.end(at) - at - 1 } else { 0 });
                    if is_open {
                        let end = plain.end(at);
                        plain.0.drain(at + 1..end);
                        plain.0[at].2 = false;
                    }
                }
                3 => {
                    sort = SORTS[at % SORTS.len()];
                    tree = tree.sorted_by(sort, &meter).expect("nobody cancels");
                    // Everything that was open is opened again, from the outermost rows on.
                    let open: Vec<Vec<RowIx>> =
                        (0..plain.0.len()).filter(|&at| plain.0[at].2).map(|at| plain.trail(at)).collect();
                    plain = Plain(level(&*table, &roots, 0, sort));
                    for trail in open {
                        let at = (0..plain.0.len()).find(|&at| plain.trail(at) == trail).expect("still there");
                        plain.0[at].2 = true;
                        let below = inside::below_row(&table, plain.0[at].1, inner, &meter).expect("nobody cancels");
                        plain.0.splice(at + 1..at + 1, level(&*table, &below, trail.len(), sort));
                    }
                }
                _ => {
                    prop_assert_eq!(tree.parent(at), plain.parent(at));
                    prop_assert_eq!(tree.reveal(&above, &meter).expect("nobody cancels"), Some(at));
                    // The same where nothing is open yet.
                    let mut closed = Tree::new(tree.root_level(), sort, &meter).expect("nobody cancels").with_inner(inner);
                    let place = closed.reveal(&above, &meter).expect("nobody cancels").expect("it is there");
                    prop_assert_eq!(closed.trail(place), above.clone());
                    prop_assert_eq!(closed.row(place).map(|row| row.open), Some(false));
                    let mut one_by_one = closed.clone();
                    let come = one_by_one.open(place, &meter).expect("nobody cancels");
                    closed.open_along(&above, &meter).expect("nobody cancels");
                    prop_assert_eq!(closed.len(), one_by_one.len(), "{} have come", come);
                    prop_assert_eq!(ways(&mut closed), ways(&mut one_by_one));
                }
            }
            let shown: Vec<(usize, RowIx, bool)> =
                tree.rows(0, usize::MAX).into_iter().map(|row| (row.depth, row.row, row.open)).collect();
            prop_assert_eq!(&shown, &plain.0);
            prop_assert_eq!(tree.len(), plain.0.len());
            for at in 0..plain.0.len() {
                let trail = tree.trail(at);
                prop_assert_eq!(&trail, &plain.trail(at));
                prop_assert_eq!(tree.find_trail(&trail), at);
            }
        }
    }
}

/// The open rows of a tree and the visible ones, each by the references on the way to it.
fn ways(tree: &mut Tree) -> Vec<(Vec<Option<EdgeIx>>, bool)> {
    let way = |tree: &mut Tree, at| tree.way_to(at).into_iter().map(|(table, row)| table.edge(row)).collect();
    (0..tree.len()).map(|at| (way(tree, at), tree.row(at).expect("a visible row").open)).collect()
}

proptest! {
    #[test]
    fn a_tree_that_is_turned_keeps_open_what_it_still_has_and_turns_back(
        steps in prop::collection::vec(any::<prop::sample::Index>(), 1..30),
    ) {
        let (graph, meter) = (graph(), Meter::default());
        let roots = inside::below(&graph.heap, graph.node("n0"), Inner::Entries, &meter).expect("nobody cancels");
        let mut tree = Tree::new(roots, SORTS[0], &meter).expect("nobody cancels");
        for pick in steps {
            tree.open(pick.index(tree.len()), &meter).expect("nobody cancels");
        }
        let before = ways(&mut tree);
        let mut turned = tree.turned(Inner::References, &meter).expect("nobody cancels");
        // All references of these objects are properties, so the rows are the same, whatever they are called.
        let sorted = |mut ways: Vec<(Vec<Option<EdgeIx>>, bool)>| { ways.sort(); ways };
        prop_assert_eq!(sorted(ways(&mut turned)), sorted(before.clone()));
        for (at, (before, _)) in before.iter().enumerate() {
            let way = tree.way_to(at);
            let place = turned.find_way(&way).expect("the row is there");
            let found: Vec<_> = turned.way_to(place).iter().map(|(table, row)| table.edge(*row)).collect();
            prop_assert_eq!(&found, before);
        }
        let mut back = turned.turned(Inner::Entries, &meter).expect("nobody cancels");
        prop_assert_eq!(ways(&mut back), before);
    }
}
