//! Where objects were allocated, for snapshots with allocation stacks.
//!
//! Source: HeapSnapshot.ts, `allocationStack`; AllocationProfile.ts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::base::ids::{NodeIx, StrIx};
use crate::columns::TraceFunction;
use crate::error::Result;
use crate::heap::Heap;
use crate::input::trace::{self, TraceNode};

/// The stack on which an object was allocated, innermost function first; nothing where the file does not know it.
pub fn stack(heap: &Heap, node: NodeIx) -> Result<Option<Vec<TraceFunction>>> {
    let columns = heap.columns();
    let id = columns.nodes.trace_node(node);
    if id == 0 {
        return Ok(None);
    }
    let tree = trace::parse(&columns.trace_tree, &columns.header)?;
    // An id that the tree does not name has an empty stack.
    let Some(mut at) = tree.iter().position(|call| call.id == id as u64) else { return Ok(Some(Vec::new())) };
    let mut stack = Vec::new();
    loop {
        // A writer can name functions that it does not list; the rest of the stack still helps.
        if let Some(&function) = columns.trace_functions.0.get(tree[at].function as usize) {
            stack.push(function);
        }
        let parent = tree[at].parent as usize;
        if parent == at {
            return Ok(Some(stack));
        }
        at = parent;
    }
}

/// The text of a name in `trace_function_infos`.
pub fn function_text(heap: &Heap, name: u64) -> String {
    let strings = &heap.columns().strings;
    match u32::try_from(name) {
        Ok(name) if (name as usize) < strings.len() => strings.text(StrIx(name)).into_owned(),
        _ => String::new(),
    }
}

/// A function in the Allocation view, or a caller below one.
#[derive(Debug, Clone)]
pub struct AllocationRow {
    /// Index of the function in `trace_function_infos`.
    pub function: usize,
    pub count: u64,
    pub size: u64,
    /// Of these, objects that are still there.
    pub live_count: u64,
    pub live_size: u64,
    /// Whether somebody calls it.
    pub has_callers: bool,
    /// The call sites whose objects the row counts: ids in `trace_tree`.
    pub trace_ids: Vec<u64>,
}

/// Who calls a function: a chain of single callers, then where it branches.
#[derive(Debug, Default)]
pub struct Callers {
    pub single: Vec<AllocationRow>,
    /// By allocated size, largest first.
    pub branching: Vec<(AllocationRow, usize)>,
}

/// The allocations of a snapshot, by function and by caller.
#[derive(Debug)]
pub struct Allocation {
    /// Callers stand before what they call.
    tree: Vec<TraceNode>,
    live: FxHashMap<u64, (u64, u64)>,
    /// Bottom-up trees: one vertex per function and way up.
    vertices: Vec<Vertex>,
}

#[derive(Debug)]
struct Vertex {
    row: AllocationRow,
    callers: Vec<usize>,
}

impl Allocation {
    /// Nothing for a snapshot without allocation stacks.
    pub fn new(heap: &Heap) -> Result<Option<Allocation>> {
        let columns = heap.columns();
        if columns.header.trace_function_count == 0 {
            return Ok(None);
        }
        let tree = trace::parse(&columns.trace_tree, &columns.header)?;
        let mut live: FxHashMap<u64, (u64, u64)> = FxHashMap::default();
        for node in heap.nodes() {
            let stats = live.entry(columns.nodes.trace_node(node) as u64).or_default();
            stats.0 += 1;
            stats.1 += heap.shallow_size(node);
        }
        Ok(Some(Allocation { tree, live, vertices: Vec::new() }))
    }

    fn live(&self, id: u64) -> (u64, u64) {
        self.live.get(&id).copied().unwrap_or_default()
    }

    /// One row a function that has allocated something, by size, largest first, then in the order of the file.
    pub fn tops(&self) -> Vec<AllocationRow> {
        let mut rows: BTreeMap<usize, AllocationRow> = BTreeMap::new();
        for call in self.tree.iter().filter(|call| call.count > 0) {
            let function = call.function as usize;
            let row = rows.entry(function).or_insert_with(|| empty_row(function, function != 0));
            self.add(row, call);
        }
        let mut rows: Vec<AllocationRow> = rows.into_values().collect();
        rows.sort_by_key(|row| Reverse(row.size));
        rows
    }

    fn add(&self, row: &mut AllocationRow, call: &TraceNode) {
        let (live_count, live_size) = self.live(call.id);
        row.count += call.count;
        row.size += call.size;
        row.live_count += live_count;
        row.live_size += live_size;
        row.trace_ids.push(call.id);
    }

    /// The bottom-up tree of a function; the number of its root for [`Allocation::callers`].
    pub fn bottom_up(&mut self, function: usize) -> usize {
        let root = self.vertices.len();
        self.vertices.push(Vertex { row: empty_row(function, true), callers: Vec::new() });
        let tree = std::mem::take(&mut self.tree);
        for top in tree.iter().filter(|call| call.count > 0 && call.function as usize == function) {
            let mut vertex = root;
            let mut at = top;
            loop {
                let mut row = std::mem::replace(&mut self.vertices[vertex].row, empty_row(0, false));
                self.add(&mut row, top);
                self.vertices[vertex].row = row;
                let parent = &tree[at.parent as usize];
                if std::ptr::eq(parent, at) {
                    break;
                }
                at = parent;
                vertex = self.caller(vertex, at.function as usize);
            }
        }
        self.tree = tree;
        root
    }

    fn caller(&mut self, vertex: usize, function: usize) -> usize {
        let known =
            self.vertices[vertex].callers.iter().find(|&&caller| self.vertices[caller].row.function == function);
        if let Some(&known) = known {
            return known;
        }
        let new = self.vertices.len();
        self.vertices.push(Vertex { row: empty_row(function, false), callers: Vec::new() });
        self.vertices[vertex].callers.push(new);
        self.vertices[vertex].row.has_callers = true;
        new
    }

    /// Who calls the function of a vertex; each branching caller comes with the number of its own vertex.
    pub fn callers(&self, vertex: usize) -> Callers {
        let mut callers = Callers::default();
        let mut at = vertex;
        while let [only] = self.vertices[at].callers[..] {
            callers.single.push(self.vertices[only].row.clone());
            at = only;
        }
        callers.branching =
            self.vertices[at].callers.iter().map(|&caller| (self.vertices[caller].row.clone(), caller)).collect();
        callers.branching.sort_by_key(|(row, _)| Reverse(row.size));
        callers
    }
}

fn empty_row(function: usize, has_callers: bool) -> AllocationRow {
    AllocationRow { function, count: 0, size: 0, live_count: 0, live_size: 0, has_callers, trace_ids: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::meter::Meter;
    use crate::heap::{self, Input, LoadOptions};

    /// Two functions: `main` calls `make`, which has allocated three objects, one of which lives. A third call site
    /// names a function that the list does not have: DevTools refuses such a file.
    const TIMELINE: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
        "node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]],
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
        "trace_node_fields":["id","function_info_index","count","size","children"]},"trace_function_count":3},
        "nodes":[1,0,1,0,1,0,0,1,3,48,0,3],"edges":[0,1,6],
        "trace_function_infos":[0,2,0,0,0,0, 1,3,5,7,1,2, 2,4,5,7,8,9],
        "trace_tree":[1,0,0,0,[2,1,0,0,[3,2,3,144,[]],4,9,1,8,[]]],
        "samples":[],"locations":[],"strings":["","Order","(root)","main","make","app.js"]}"#;

    fn timeline() -> Arc<Heap> {
        let options = LoadOptions::new(Input::Bundled(TIMELINE.as_bytes()), Default::default());
        heap::load(&options, &Arc::new(Meter::default()), &mut |_| {}).expect("a whole snapshot")
    }

    #[test]
    fn allocations_are_summed_by_function_and_told_by_caller() {
        let heap = timeline();
        let mut allocation = Allocation::new(&heap).expect("a tree").expect("stacks");
        let tops = allocation.tops();
        let row = |row: &AllocationRow| (row.function, row.count, row.size, row.live_count, row.live_size);
        assert_eq!(tops.iter().map(row).collect::<Vec<_>>(), [(2, 3, 144, 1, 48), (9, 1, 8, 0, 0)]);
        let vertex = allocation.bottom_up(2);
        let callers = allocation.callers(vertex);
        assert_eq!(callers.single.iter().map(|row| row.function).collect::<Vec<_>>(), [1, 0]);
        assert!(callers.branching.is_empty());
    }

    #[test]
    fn the_stack_of_an_object_begins_with_the_innermost_function() {
        let heap = timeline();
        let stack = stack(&heap, NodeIx(1)).expect("a tree").expect("a stack");
        let names: Vec<String> = stack.iter().map(|function| function_text(&heap, function.name)).collect();
        assert_eq!(names, ["make", "main", "(root)"]);
        assert!(super::stack(&heap, NodeIx(0)).expect("a tree").is_none());
    }
}
