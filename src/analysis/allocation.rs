//! Where objects were allocated, for snapshots with allocation stacks.
//!
//! Source: HeapSnapshot.ts, `allocationStack`; AllocationProfile.ts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::columns::{Columns, TraceFunction, TraceNode, TraceTree};
use crate::error::Result;
use crate::heap::Heap;

/// The stack on which an object was allocated, innermost function first; nothing where the file does not know it.
pub(crate) fn stack(heap: &Heap, node: NodeIx) -> Result<Option<Vec<TraceFunction>>> {
    let columns = heap.columns();
    let id = columns.nodes.trace_node(node);
    if id == 0 {
        return Ok(None);
    }
    let tree = columns.trace_tree.readable()?;
    // An id that the tree does not name has an empty stack.
    let calls = tree.find(id as u64).into_iter().flat_map(|index| tree.stack(index));
    // A writer can name functions that it does not list; the rest of the stack still helps.
    Ok(Some(calls.filter_map(|call| columns.trace_functions.0.get(call.function as usize).copied()).collect()))
}

/// The text of a name in `trace_function_infos`.
pub(crate) fn function_text(heap: &Heap, name: u64) -> String {
    let strings = &heap.columns().strings;
    match u32::try_from(name) {
        Ok(name) if (name as usize) < strings.len() => strings.text(StrIx(name)).into_owned(),
        _ => String::new(),
    }
}

/// A function by its index in `trace_function_infos`, with its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FunctionName {
    /// Empty for functions without a name.
    pub name: String,
    pub script: String,
    pub line: u64,
    pub column: u64,
}

/// What the file says about a function; empty where it does not list it.
pub(crate) fn function(heap: &Heap, index: usize) -> FunctionName {
    named(heap, &heap.columns().trace_functions.0.get(index).copied().unwrap_or_default())
}

/// A function with its texts.
pub(crate) fn named(heap: &Heap, info: &TraceFunction) -> FunctionName {
    FunctionName {
        name: function_text(heap, info.name),
        script: function_text(heap, info.script_name),
        line: info.line,
        column: info.column,
    }
}

/// A function in the Allocation view, or a caller below one.
#[derive(Debug, Clone)]
pub(crate) struct AllocationRow {
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
pub(crate) struct Callers {
    /// Vertices of the tree, the nearest caller first.
    pub single: Vec<usize>,
    /// By allocated size, largest first.
    pub branching: Vec<usize>,
}

/// The allocations of a snapshot by function.
#[derive(Debug)]
pub(crate) struct Allocation {
    columns: Arc<Columns>,
    live: FxHashMap<u64, (u64, u64)>,
}

impl Allocation {
    /// Nothing for a snapshot without allocation stacks.
    pub(crate) fn new(heap: &Heap, meter: &Meter) -> Result<Option<Allocation>> {
        let columns = heap.columns();
        if columns.header.trace_function_count == 0 {
            return Ok(None);
        }
        columns.trace_tree.readable()?;
        let mut live: FxHashMap<u64, (u64, u64)> = FxHashMap::default();
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            let stats = live.entry(columns.nodes.trace_node(node) as u64).or_default();
            stats.0 += 1;
            stats.1 = stats.1.saturating_add(heap.shallow_size(node));
        }
        Ok(Some(Allocation { columns: heap.ground().columns.clone(), live }))
    }

    fn tree(&self) -> &TraceTree {
        &self.columns.trace_tree
    }

    fn live(&self, id: u64) -> (u64, u64) {
        self.live.get(&id).copied().unwrap_or_default()
    }

    /// One row a function that has allocated something, by size, largest first, then in the order of the file.
    pub(crate) fn tops(&self) -> Vec<AllocationRow> {
        let mut rows: BTreeMap<usize, AllocationRow> = BTreeMap::new();
        for call in self.tree().iter().filter(|call| call.count > 0) {
            let function = call.function as usize;
            let row = rows.entry(function).or_insert_with(|| empty_row(function, function != 0));
            self.add(row, &call);
        }
        let mut rows: Vec<AllocationRow> = rows.into_values().collect();
        rows.sort_by_key(|row| Reverse(row.size));
        rows
    }

    fn add(&self, row: &mut AllocationRow, call: &TraceNode) {
        let (live_count, live_size) = self.live(call.id);
        for (sum, more) in [
            (&mut row.count, call.count),
            (&mut row.size, call.size),
            (&mut row.live_count, live_count),
            (&mut row.live_size, live_size),
        ] {
            *sum = sum.saturating_add(more);
        }
        row.trace_ids.push(call.id);
    }

    /// Who calls a function, who calls these, and so on.
    pub(crate) fn callers_of(&self, function: usize, meter: &Meter) -> Result<CallerTree> {
        let root = Vertex { row: empty_row(function, true), callers: Vec::new(), callee: 0 };
        let mut callers = CallerTree { vertices: vec![root] };
        for (index, top) in self.tree().iter().enumerate() {
            meter.check_at(index)?;
            if top.count == 0 || top.function as usize != function {
                continue;
            }
            self.add(&mut callers.vertices[0].row, &top);
            let mut vertex = 0;
            for caller in self.tree().stack(index).skip(1) {
                vertex = callers.caller(vertex, caller.function as usize);
                self.add(&mut callers.vertices[vertex].row, &top);
            }
        }
        Ok(callers)
    }
}

/// The callers of a function, bottom-up: a vertex for each way up. Vertex 0 is the function itself.
#[derive(Debug)]
pub(crate) struct CallerTree {
    vertices: Vec<Vertex>,
}

#[derive(Debug)]
struct Vertex {
    row: AllocationRow,
    callers: Vec<usize>,
    /// The vertex that this one calls; 0 for vertex 0 itself.
    callee: usize,
}

impl CallerTree {
    fn caller(&mut self, vertex: usize, function: usize) -> usize {
        let known =
            self.vertices[vertex].callers.iter().find(|&&caller| self.vertices[caller].row.function == function);
        if let Some(&known) = known {
            return known;
        }
        let new = self.vertices.len();
        self.vertices.push(Vertex { row: empty_row(function, false), callers: Vec::new(), callee: vertex });
        self.vertices[vertex].callers.push(new);
        self.vertices[vertex].row.has_callers = true;
        new
    }

    pub(crate) fn row(&self, vertex: usize) -> &AllocationRow {
        &self.vertices[vertex].row
    }

    /// Who calls a vertex.
    pub(crate) fn callers(&self, vertex: usize) -> Callers {
        let mut callers = Callers::default();
        let mut at = vertex;
        while let [only] = self.vertices[at].callers[..] {
            callers.single.push(only);
            at = only;
        }
        callers.branching = self.vertices[at].callers.clone();
        callers.branching.sort_by_key(|&caller| Reverse(self.vertices[caller].row.size));
        callers
    }

    /// Whether a vertex has rows below it: members of a chain of single callers have none, all of the chain stands in
    /// one level.
    pub(crate) fn has_rows_below(&self, vertex: usize) -> bool {
        let Vertex { callers, callee, .. } = &self.vertices[vertex];
        !callers.is_empty() && (vertex == 0 || self.vertices[*callee].callers.len() > 1)
    }
}

/// A function of the Allocation view, or a caller below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FunctionIx {
    /// Which function of [`Functions::tops`].
    pub top: u32,
    /// Vertex of its tree of callers.
    pub vertex: u32,
}

/// The rows of the Allocation view; trees of callers are made when somebody looks below a function.
#[derive(Debug)]
pub(crate) struct Functions {
    allocation: Allocation,
    tops: Vec<AllocationRow>,
    callers: Vec<OnceLock<CallerTree>>,
}

impl Functions {
    /// Nothing for a snapshot without allocation stacks.
    pub(crate) fn new(heap: &Heap, meter: &Meter) -> Result<Option<Functions>> {
        let Some(allocation) = Allocation::new(heap, meter)? else { return Ok(None) };
        let tops = allocation.tops();
        Ok(Some(Functions { allocation, callers: tops.iter().map(|_| OnceLock::new()).collect(), tops }))
    }

    /// The functions that have allocated something, the largest first.
    pub(crate) fn tops(&self) -> impl Iterator<Item = FunctionIx> + use<> {
        (0..self.tops.len() as u32).map(|top| FunctionIx { top, vertex: 0 })
    }

    /// Whether there is such a row.
    pub(crate) fn has(&self, function: FunctionIx) -> bool {
        let FunctionIx { top, vertex } = function;
        match self.callers.get(top as usize) {
            Some(tree) => vertex == 0 || tree.get().is_some_and(|tree| (vertex as usize) < tree.vertices.len()),
            None => false,
        }
    }

    /// The callers of a function; there once somebody has looked below it.
    fn tree(&self, top: u32) -> &CallerTree {
        self.callers[top as usize].get().expect("a row below a function comes from its tree")
    }

    pub(crate) fn row(&self, function: FunctionIx) -> &AllocationRow {
        match function.vertex {
            0 => &self.tops[function.top as usize],
            vertex => self.tree(function.top).row(vertex as usize),
        }
    }

    /// The rows below a row: a chain of single callers, then those where it branches.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn below(&self, function: FunctionIx, meter: &Meter) -> Result<Vec<FunctionIx>> {
        let slot = &self.callers[function.top as usize];
        if slot.get().is_none() {
            // Another one would be equal; the first stays.
            let _ = slot.set(self.allocation.callers_of(self.tops[function.top as usize].function, meter)?);
        }
        let callers = self.tree(function.top).callers(function.vertex as usize);
        let vertices = callers.single.into_iter().chain(callers.branching);
        Ok(vertices.map(|vertex| FunctionIx { vertex: vertex as u32, ..function }).collect())
    }

    pub(crate) fn has_below(&self, function: FunctionIx) -> bool {
        match function.vertex {
            0 => self.tops[function.top as usize].has_callers,
            vertex => self.tree(function.top).has_rows_below(vertex as usize),
        }
    }
}

fn empty_row(function: usize, has_callers: bool) -> AllocationRow {
    AllocationRow { function, count: 0, size: 0, live_count: 0, live_size: 0, has_callers, trace_ids: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::heap::{self, Input, LoadOptions};

    /// Two functions: `main` calls `make`, which has allocated three objects, one of which lives. A third call site
    /// names a function that the list does not have: DevTools refuses such a file.
    const TIMELINE: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count",
        "trace_node_id"],
        "node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
        "edge_types":[["property"]],
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
        "trace_node_fields":["id","function_info_index","count","size","children"]},"trace_function_count":3},
        "nodes":[1,0,1,0,1,0,0,1,3,48,0,3],"edges":[0,1,6],
        "trace_function_infos":[0,2,0,0,0,0, 1,3,5,7,1,2, 2,4,5,7,8,9],
        "trace_tree":[1,0,0,0,[2,1,0,0,[3,2,3,144,[]],4,9,1,8,[]]],
        "samples":[],"locations":[],"strings":["","Order","(root)","main","make","app.js"]}"#;

    fn timeline() -> Arc<Heap> {
        let options = LoadOptions::new(Input::Bundled(TIMELINE.as_bytes()), Default::default());
        heap::load(&options, &Arc::default(), &mut |_| {}).expect("a whole snapshot")
    }

    #[test]
    fn allocations_are_summed_by_function_and_told_by_caller() {
        let heap = timeline();
        let allocation = Allocation::new(&heap, &Meter::default()).expect("a tree").expect("stacks");
        let tops = allocation.tops();
        let row = |row: &AllocationRow| (row.function, row.count, row.size, row.live_count, row.live_size);
        assert_eq!(tops.iter().map(row).collect::<Vec<_>>(), [(2, 3, 144, 1, 48), (9, 1, 8, 0, 0)]);
        let tree = allocation.callers_of(2, &Meter::default()).expect("nobody cancels");
        let callers = tree.callers(0);
        assert_eq!(callers.single.iter().map(|&vertex| tree.row(vertex).function).collect::<Vec<_>>(), [1, 0]);
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
