//! The outermost rows of Containment: the global objects by the names that programs have for them, then what the root
//! refers to, or all roots where there are several. Below a row stands what it refers to.
//!
//! DevTools shows what the root refers to; in Chromium the window stands four levels down there.

use std::cmp::Ordering;
use std::sync::Arc;

use super::of_objects::{OfObjects, columns, fades, text_of};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::globals::Global;
use crate::index::naming;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::cut::cut_middle;
use crate::view::globals;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::order;
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::{Facts, Level, Table};
use crate::view::text;

/// Longer URLs of windows are cut in the middle.
const LONGEST_URL: usize = 60;

#[derive(Debug)]
pub(crate) struct Entries {
    heap: Arc<Heap>,
    rows: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    object: NodeIx,
    /// The root's reference to it.
    edge: Option<EdgeIx>,
    /// What programs call it, if it is a global object.
    global: Option<String>,
}

impl Entries {
    /// The rows that Containment begins with.
    pub(crate) fn level(heap: &Arc<Heap>, meter: &Meter) -> Result<Level> {
        let mut rows: Vec<Entry> = match heap.roots().has_further() {
            true => heap.roots().all().iter().map(|&object| Entry { object, edge: None, global: None }).collect(),
            false => {
                let edges = heap.shown_edges(heap.root());
                edges.map(|edge| Entry { object: heap.target(edge), edge: Some(edge), global: None }).collect()
            }
        };
        for global in heap.globals(meter)? {
            let name = Some(name(heap, global));
            match rows.iter_mut().find(|row| row.object == global.object) {
                Some(row) => row.global = name,
                None => rows.push(Entry { object: global.object, edge: None, global: name }),
            }
        }
        let indexes = (0..rows.len() as u32).map(RowIx::of).collect();
        Ok(Level::new(Entries { heap: heap.clone(), rows }, indexes))
    }

    fn entry(&self, row: RowIx) -> &Entry {
        &self.rows[row.index()]
    }
}

/// What programs call a global object, and of a window or worker the URL behind it.
fn name(heap: &Heap, Global { object, context }: Global) -> String {
    let raw = text::safe(&heap.raw_name(object));
    let (_, url) = raw.split_once(" / ").unwrap_or((&raw, ""));
    let kind = text::safe(globals::kind(&heap.raw_name(object)));
    // Which kind of worker it is says more than the word that all have.
    let word = if kind.ends_with("GlobalScope") { &kind } else { globals::word(heap, object) };
    let is_detached = |context| naming::after_detached(&heap.raw_name(context)).is_some();
    let detached = if context.is_some_and(is_detached) { "detached " } else { "" };
    match url.trim() {
        "" => format!("{detached}{word}"),
        url => format!("{detached}{word} {}", cut_middle(url, LONGEST_URL)),
    }
}

impl Table for Entries {
    const FACTS: Facts = Facts::new(["object", "objects"], Sort::BY_RETAINED);
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("global", |table: &Self, row| {
            table.entry(row).global.as_deref().map_or(Cell::Absent, |name| Cell::Text(name.as_bytes().into()))
        }),
        columns::edge_name(),
        columns::edge_type(),
        columns::id(),
        columns::name(),
        columns::node_type(),
        columns::class_name(),
        columns::distance(),
        columns::shallow(),
        columns::retained(),
        columns::label(),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let Entry { object, edge, global } = self.entry(row);
        let mut pieces = label::object(&self.heap, *object);
        if let Some(name) = global {
            pieces[0].text.clone_from(name);
        }
        let before = edge.map(|edge| {
            let role = label::edge_role(self.heap.edge_type(edge));
            [piece(role, label::edge(&self.heap, edge)), piece(Role::Separator, "::")]
        });
        before.into_iter().flatten().chain(pieces).collect()
    }

    /// By the names of the references, as DevTools has them.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        let names = match (self.entry(a).edge, self.entry(b).edge) {
            (Some(a), Some(b)) => order::edge_names(&self.heap, a, b),
            _ => Ordering::Equal,
        };
        names.then(a.cmp(&b))
    }

    /// Global objects come first, whatever the column.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let is_global = |row| self.entry(row).global.is_some();
        is_global(b).cmp(&is_global(a)).then_with(|| order.cells(self, a, b)).then_with(|| self.tie(a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Some(self.object(row))
    }

    fn edge(&self, row: RowIx) -> Option<EdgeIx> {
        self.entry(row).edge
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.rows.len()
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        fades(&self.heap, self.object(row))
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, self.object(row))
    }
}

impl OfObjects for Entries {
    fn object(&self, row: RowIx) -> NodeIx {
        self.entry(row).object
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::view::list::List;

    fn entries(text: &str) -> String {
        let graph = Graph::new(text);
        let meter = Meter::default();
        let level = Entries::level(&graph.heap, &meter).expect("nobody cancels");
        let mut list = List::new(level, Sort::BY_RETAINED, &meter).expect("nobody cancels");
        let table = list.table().clone();
        let plain = |&row: &RowIx| label::plain(&table.label(row));
        list.first(usize::MAX).iter().map(plain).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_window_comes_first_though_it_stands_far_below_the_roots() {
        let text = "r -[1]-> (GC+roots):synthetic; (GC+roots) -[10]-> (Global+handles):synthetic
             (Global+handles) -[1]-> system+/+NativeContext+/+//a:native
             system+/+NativeContext+/+//a =global_object=> Window+(global*)+/+//a
             Window+(global*)+/+//a -window-> w:native; Window+(global*)+/+//a -big-> big
             (Global+handles) -[2]-> Detached+system+/+NativeContext:native
             Detached+system+/+NativeContext =global_object=> Window; Window -window-> w; big -x-> x[900]";
        assert_eq!(entries(text), "window //a @9 ◆; detached window @17 ◆; [1]::(GC roots) @3");
    }

    #[test]
    fn global_objects_are_called_what_programs_call_them() {
        let old = "r ^1^> Object; Object -Boolean-> f:closure; Object -leaks-> x[8]; Object -global-> Object
             r ^2^> Object#2; Object#2 -Boolean-> f; r -[3]-> (GC+roots):synthetic";
        assert_eq!(entries(old), "1::global @3 ◆; 2::globalThis @9 ◆; [3]::(GC roots) @11");
        let worker = "r -[1]-> (GC+roots):synthetic; (GC+roots) -[1]-> system+/+NativeContext:native
             system+/+NativeContext =global_object=> DedicatedWorkerGlobalScope+(global*)+/+blob";
        assert_eq!(entries(worker), "DedicatedWorkerGlobalScope blob @7 ◆; [1]::(GC roots) @3");
    }

    #[test]
    fn further_roots_follow_the_global_objects() {
        let merged =
            "r -[1]-> g; g -globalThis-> g; (GC+roots):synthetic; (GC+roots) -[1]-> g2[5]; g2 -globalThis-> g2";
        assert_eq!(entries(merged), "globalThis @7 ◆; globalThis @3 ◆; heap 2 (GC roots) @5; heap 1 (GC roots) @1");
    }
}
