//! The objects that a query has found, with what of each fits it. Below an object stands what it refers to.

use std::cmp::Ordering;
use std::sync::Arc;

use super::of_objects::{OfObjects, columns, fades, node_of, rows_of, text_of, tie_of_objects};
use crate::analysis::query::{Query, Reason, searched_text};
use crate::analysis::sums::Sums;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::well_formed;
use crate::columns::EdgeType;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::{Facts, Level, Table};
use crate::view::text;

#[derive(Debug)]
pub(crate) struct Found {
    heap: Arc<Heap>,
    query: Arc<Query>,
    /// What all objects add up to, once all are found.
    sums: Option<Sums>,
}

impl Found {
    /// The objects `nodes` that a query has found, so far where there are no sums.
    pub(crate) fn level(heap: Arc<Heap>, query: Arc<Query>, nodes: &[NodeIx], sums: Option<Sums>) -> Level {
        Level::new(Found { heap, query, sums }, rows_of(nodes.iter().copied()))
    }

    fn reason(&self, row: RowIx) -> Option<Reason> {
        self.query.reason(&self.heap, node_of(row))
    }

    /// What fits, in words: `property user`, `… eve@shop.example …`.
    fn fitting(&self, row: RowIx, reason: &Reason) -> String {
        match reason {
            Reason::Reference(edge) => {
                let [word, name] = reference(&self.heap, *edge);
                format!("{word} {name}")
            }
            Reason::Text(place) => {
                let whole = searched_text(&self.heap, node_of(row));
                let text = String::from_utf8_lossy(&whole[place.clone()]).into_owned();
                let [before, behind] = [&whole[..place.start], &whole[place.end..]].map(well_formed);
                let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
                let end = behind.char_indices().nth(AROUND).map_or(behind.len(), |(at, _)| at);
                let [more_before, more_behind] =
                    [start > 0, end < behind.len()].map(|more| if more { "…" } else { "" });
                format!("{more_before}{}{text}{}{more_behind}", &before[start..], &behind[..end])
            }
        }
    }
}

/// Characters that are told before and behind what fits.
const AROUND: usize = 24;
/// A text that fits farther from the beginning of a string would not be seen in its row.
const SEEN: usize = 32;

/// What kind of reference it is, and its name.
fn reference(heap: &Heap, edge: EdgeIx) -> [String; 2] {
    let word = match heap.edge_type(edge) {
        EdgeType::CONTEXT => "variable",
        EdgeType::ELEMENT => "element",
        _ => "property",
    };
    [word.into(), well_formed(&heap.edge_name(edge)).into_owned()]
}

impl Table for Found {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &[
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        columns::distance(),
        columns::shallow(),
        columns::retained(),
        // What of the object fits the query, besides its name.
        Column::field("match", |table: &Self, row| {
            table.reason(row).map_or(Cell::Absent, |reason| table.fitting(row, &reason).into())
        }),
        columns::label(),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    /// The object, and the property that fits; of a long string the part that does.
    fn label(&self, row: RowIx) -> Vec<Piece> {
        let node = node_of(row);
        let mut pieces = label::object(&self.heap, node);
        let reason = self.reason(row);
        match &reason {
            Some(Reason::Reference(edge)) => {
                let [word, name] = reference(&self.heap, *edge);
                pieces.push(piece(Role::Separator, format!("  {word} ")));
                pieces.push(piece(label::edge_role(self.heap.edge_type(*edge)), text::sanitize(&name)));
            }
            Some(text @ Reason::Text(place)) if place.start > SEEN => {
                let fitting = self.fitting(row, text);
                pieces[0].text = format!("\"{}\"", text::sanitize(&fitting));
            }
            _ => {}
        }
        pieces
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie_of_objects(&self.heap, a, b)
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(node_of(row))
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.heap, node_of(row))
    }

    /// What all retain together is not known of some of them.
    fn total(&self, rows: &[RowIx]) -> String {
        let of_all = self.sums.filter(|sums| sums.objects == rows.len() as u64);
        let shallow = || rows.iter().fold(0, |sum: u64, &row| sum.saturating_add(self.heap.shallow_size(node_of(row))));
        let shallow = of_all.map_or_else(shallow, |sums| sums.shallow);
        let retained = of_all.and_then(|sums| sums.retained);
        let retained = retained.map_or_else(String::new, |retained| format!(" · retained {}", text::bytes(retained)));
        format!("{} ({}){retained}", text::objects(rows.len() as u64), text::bytes(shallow))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, node_of(row))
    }
}

impl OfObjects for Found {
    fn object(&self, row: RowIx) -> NodeIx {
        node_of(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{query, sums};
    use crate::base::meter::Meter;
    use crate::notation::Graph;

    fn level(graph: &Graph, text: &str) -> Level {
        let (heap, meter) = (&graph.heap, Meter::default());
        let query = query::parse(text).expect("a query");
        let found = query.nodes(heap, &meter, &mut |_| {}).expect("an answer");
        let sums = sums::of(heap, &found.nodes, &meter).expect("nobody cancels");
        Found::level(heap.clone(), Arc::new(query), &found.nodes, Some(sums))
    }

    fn labels(level: &Level) -> Vec<String> {
        level.rows.iter().map(|&row| label::plain(&level.table.label(row)).replace(" ◆", "")).collect()
    }

    #[test]
    fn a_row_says_what_of_its_object_fits() {
        let graph = Graph::new(
            "r -a-> Session[8]; r -b-> Shop[8]; Shop -sessions-> x; r -f-> f:closure[8]; f $session$> x
             r -l-> List[8]; List -[3]-> x; r -n-> not[8]",
        );
        assert_eq!(
            labels(&level(&graph, "session or prop.3:x")),
            ["Session @3", "Shop @5  property sessions", "f() @9  variable session", "List @11  element 3"]
        );
        let record = level(&graph, "has:sessions");
        assert_eq!(record.table.record(record.rows[0])["match"], "property sessions");
        let record = level(&graph, "class:Session");
        assert!(!record.table.record(record.rows[0]).contains_key("match"));
    }

    #[test]
    fn of_a_long_text_the_part_that_fits_is_shown() {
        let text = format!("{}needle{}", "ä".repeat(100), "o".repeat(100));
        let graph = Graph::new(&format!("r -s-> {text}:string[8]; r -t-> a+needle:string[8]"));
        let shown = format!("\"…{}needle{}…\" @3", "ä".repeat(24), "o".repeat(24));
        assert_eq!(labels(&level(&graph, "needle")), [shown, "\"a needle\" @5".to_owned()]);
        // A pattern may fit nothing, at the end of a text.
        assert_eq!(labels(&level(&graph, "text~/$/")).len(), 2);
    }

    #[test]
    fn all_rows_are_told_what_they_retain_together() {
        let graph = Graph::new("r -a-> A#1[8]; A#1 -b-> A#2[8]; A#2 -c-> C[100]; r -x-> x[1000]");
        let level = level(&graph, "class:A");
        assert_eq!(level.table.total(&level.rows), "2 objects (16 B) · retained 116 B");
        assert_eq!(level.table.total(&level.rows[..1]), "1 object (8 B)");
    }
}
