//! What an object leads to, and what goes when it goes: walks over the references that hold.
//!
//! All references hold but weak ones, shortcuts (other than a root's) and those of an object to itself. A value of a
//! WeakMap is reached when its table and its key are; what dominates it is sought among the ways over its key.

use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::reach;

/// Whether a reference holds its target, halves of WeakMap entries among them.
fn holds(heap: &Heap, from: NodeIx, edge: EdgeIx) -> bool {
    match heap.edge_type(edge) {
        EdgeType::WEAK => false,
        EdgeType::SHORTCUT if !heap.roots().contains(from) => false,
        _ => heap.target(edge) != from,
    }
}

/// Whether a reference is the table's half of a WeakMap entry.
fn is_of_table(heap: &Heap, from: NodeIx, edge: EdgeIx) -> bool {
    heap.ephemeron(edge).is_some_and(|half| half.table == heap.id(from))
}

/// `node` and all that it leads to.
pub(super) fn reachable(heap: &Heap, node: NodeIx, meter: &Meter) -> Result<Bits> {
    let mut found = Bits::new(heap.node_count());
    let mut work = vec![node];
    found.insert(node.ix());
    // The halves of WeakMap entries that have been met: 1 the table's, 2 the key's.
    let mut halves: FxHashMap<u32, u8> = FxHashMap::default();
    let mut steps = 0;
    while let Some(from) = work.pop() {
        for edge in heap.columns().edges_of(from) {
            steps += 1;
            meter.check_at(steps)?;
            if !holds(heap, from, edge) {
                continue;
            }
            if let Some(half) = heap.ephemeron(edge) {
                let met = halves.entry(half.entry).or_default();
                *met |= if half.table == heap.id(from) { 1 } else { 2 };
                if *met != 3 {
                    continue;
                }
            }
            let target = heap.target(edge);
            if found.insert(target.ix()) {
                work.push(target);
            }
        }
    }
    Ok(found)
}

/// `node` and all that it leads to and no root reaches without it.
pub(super) fn dominated(heap: &Heap, node: NodeIx, meter: &Meter) -> Result<Bits> {
    let leads = |from, edge| holds(heap, from, edge) && !is_of_table(heap, from, edge);
    let columns = heap.columns();
    let others = heap.roots().all().iter().copied().filter(|&root| root != node);
    let without = reach::from(columns, others, |from, edge| heap.target(edge) != node && leads(from, edge), meter)?;
    let passes = |from, edge| !without.contains(heap.target(edge).ix()) && leads(from, edge);
    reach::from(columns, [node], passes, meter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn names(graph: &Graph, of: fn(&Heap, NodeIx, &Meter) -> Result<Bits>, node: &str) -> String {
        let found = of(&graph.heap, graph.node(node), &Meter::default()).expect("nobody cancels");
        found.iter().map(|node| graph.name(NodeIx::new(node))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_an_object_leads_to_and_what_goes_with_it() {
        let graph = Graph::new(
            "r -a-> a; a -b-> b; a -c-> c; r -c-> c; b ~w~> weak; b -a-> a; b ^s^> short; r ^t^> top; top -x-> x
             c -d-> d",
        );
        assert_eq!(names(&graph, reachable, "a"), "a b c d");
        assert_eq!(names(&graph, dominated, "a"), "a b");
        assert_eq!(names(&graph, dominated, "top"), "top x");
        assert_eq!(names(&graph, reachable, "top"), "top x");
        assert_eq!(names(&graph, dominated, "r"), "r a b c top x d");
    }

    #[test]
    fn the_value_of_a_weak_map_needs_its_table_and_its_key() {
        // Ids follow the order of mention: r 1, table 3, key 5.
        let name = "/+part+of+key+(K+@5)+->+value+(V+@9)+pair+in+WeakMap+(table+@3)";
        let graph = Graph::new(&format!(
            "r -t-> table; r -k-> key; r -h-> holder; table =1+{name}=> value; key =2+{name}=> value; value -x-> x
             holder -t-> table; holder -k-> key"
        ));
        assert_eq!(names(&graph, reachable, "table"), "table");
        assert_eq!(names(&graph, reachable, "key"), "key");
        assert_eq!(names(&graph, reachable, "holder"), "table key holder value x");
        assert_eq!(names(&graph, dominated, "key"), "key value x");
        assert_eq!(names(&graph, dominated, "table"), "table");
    }
}
