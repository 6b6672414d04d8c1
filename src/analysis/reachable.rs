//! How much can be reached from an object, whoever else holds it too.

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;

/// How many objects lead on from `node` over references that are not weak, it among them, and their shallow sizes in
/// bytes. More than the retained size wherever others hold a part too.
pub fn from(heap: &Heap, node: NodeIx, meter: &Meter) -> Result<(u64, u64)> {
    let mut seen = Bits::new(heap.node_count());
    seen.insert(node.ix());
    let mut work = vec![node];
    let (mut objects, mut bytes) = (0u64, 0u64);
    let mut steps = 0;
    while let Some(node) = work.pop() {
        meter.check_at(steps)?;
        steps += 1;
        objects += 1;
        bytes = bytes.saturating_add(heap.shallow_size(node));
        for edge in heap.columns().edges_of(node) {
            let target = heap.target(edge);
            if heap.edge_type(edge) != EdgeType::WEAK && seen.insert(target.ix()) {
                work.push(target);
            }
        }
    }
    Ok((objects, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn shared_objects_count_and_weak_ones_do_not() {
        let graph = Graph::new("r -a-> a[10]; r -s-> s[5]; a -s-> s; a -a-> a; a ~w~> w[100]; s -t-> t[1]");
        let reached = |name| from(&graph.heap, graph.node(name), &Meter::default()).expect("nobody cancels");
        assert_eq!(reached("a"), (3, 16));
        assert_eq!(reached("w"), (1, 100));
    }
}
