//! How much can be reached from an object, whoever else holds it too.

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::reach;

/// How many objects lead on from `node` over references that are not weak, it among them, and their shallow sizes in
/// bytes. More than the retained size wherever others hold a part too.
pub(crate) fn from(heap: &Heap, node: NodeIx, meter: &Meter) -> Result<(u64, u64)> {
    let found = reach::from(heap.columns(), [node], |_, edge| heap.edge_type(edge) != EdgeType::WEAK, meter)?;
    let bytes = found.iter().fold(0, |sum: u64, node| sum.saturating_add(heap.shallow_size(NodeIx::new(node))));
    Ok((found.count() as u64, bytes))
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
