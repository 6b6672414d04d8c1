//! Where objects were allocated, for snapshots with allocation stacks.
//!
//! Source: HeapSnapshot.ts, `allocationStack`; AllocationProfile.ts.

use crate::base::ids::{NodeIx, StrIx};
use crate::columns::TraceFunction;
use crate::error::Result;
use crate::heap::Heap;
use crate::input::trace;

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
