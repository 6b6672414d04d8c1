//! Which ids of two snapshots name the same object.
//!
//! Ids of V8 last as long as the process, unless a debugger takes each snapshot in a session of its own; those of some writers begin anew with each snapshot. Valdi appends the heaps
//! of several runtimes, and numbers the objects of each behind those of the ones before: the ids of the first may last
//! while those of the second have moved because the first has grown.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::Producer;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::RootKind;

/// How objects of two snapshots are matched.
#[derive(Debug, Clone)]
pub(crate) enum Matching {
    /// By class and id, as DevTools does.
    Ids,
    /// Not at all, where ids do not last: all objects of a class are gone and all are new, and only the differences
    /// mean something. Classes with the same count and size count as unchanged.
    Classes,
    /// By class and id but for these objects of the base and of the current snapshot, which are in heaps whose ids do
    /// not last.
    Heaps(Arc<[Bits; 2]>),
}

/// Ids that both snapshots have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shared {
    /// How many name objects of different names.
    pub changed: usize,
    pub common: usize,
}

/// Less than this part of the common ids name the same object: ids do not last.
const LASTING: f64 = 0.7;
/// The same where the ids of the current snapshot stand in order: V8 has numbered all objects once more, for another
/// process or for a debugger that has attached anew, and as many may look alike where most objects are of one class. Else
/// fewer than three of a hundred change their names, and what is new stands between what is old.
const LASTING_IN_ORDER: f64 = 0.95;
/// Where all are numbered at once at most one id in so many is smaller than the one before it.
const IN_ORDER: usize = 200;
/// What is in order by chance is shorter than this.
const LEAST_IN_ORDER: usize = 1000;

impl Shared {
    fn last(self) -> bool {
        self.are_alike(LASTING)
    }

    fn are_alike(self, part: f64) -> bool {
        self.common == 0 || (self.common - self.changed) as f64 / self.common as f64 >= part
    }

    fn count(&mut self, changed: bool) {
        self.common += 1;
        self.changed += changed as usize;
    }
}

/// What the ids of two snapshots tell.
#[derive(Debug)]
pub(crate) struct Lasting {
    pub matching: Matching,
    /// Of the whole files.
    pub shared: Shared,
    /// The heaps that both files have and whose ids do not last although those of others do: by number, with the ids
    /// that the current snapshot's shares with the base.
    pub moved: Vec<(usize, Shared)>,
    /// Whether the base was taken after the other one.
    pub base_is_newer: bool,
    /// Whether the ids of the current snapshot ascend from its first object to its last.
    pub in_order: bool,
}

/// The heaps of a file, which stand in it one after the other: where each begins.
struct Parts(Vec<usize>);

impl Parts {
    fn of(heap: &Heap) -> Parts {
        let roots = heap.roots();
        let is_heap = |node: &NodeIx| matches!(roots.kind(*node), Some(RootKind::Heap(_)));
        let mut starts: Vec<usize> = roots.all().iter().copied().filter(is_heap).map(NodeIx::ix).collect();
        starts.sort_unstable();
        // What stands before the first root is of the first heap.
        match starts.first_mut() {
            Some(first) => *first = 0,
            None => starts.push(0),
        }
        Parts(starts)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn at(&self, node: NodeIx) -> usize {
        self.0.partition_point(|&start| start <= node.ix()) - 1
    }

    /// The objects of some heaps.
    fn nodes(&self, heap: &Heap, wanted: impl Fn(usize) -> bool) -> Bits {
        let mut nodes = Bits::new(heap.node_count());
        for node in heap.nodes().filter(|&node| wanted(self.at(node))) {
            nodes.insert(node.ix());
        }
        nodes
    }
}

/// What both files share, as a whole and heap by heap.
struct Counts {
    all: Shared,
    /// By heap of the base, and by heap of the current snapshot.
    by_heap: [Vec<Shared>; 2],
    /// The largest odd id of each: objects of programs have odd ids.
    largest: [u64; 2],
    /// Whether the current snapshot has an object of a program that the base has not.
    has_new: bool,
    /// Objects of programs in the current snapshot, and how many of them have a smaller id than the one before.
    own: usize,
    descents: usize,
}

fn count(heaps: [&Heap; 2], parts: &[Parts; 2], meter: &Meter) -> Result<Counts> {
    let [base, current] = heaps;
    let by_heap = parts.each_ref().map(|parts| vec![Shared::default(); parts.len()]);
    let mut counts = Counts { all: Shared::default(), by_heap, largest: [0; 2], has_new: false, own: 0, descents: 0 };
    let largest = |largest: &mut u64, id: u64| *largest = if id % 2 == 1 { id.max(*largest) } else { *largest };
    let mut by_id: FxHashMap<u64, NodeIx> = FxHashMap::default();
    for node in base.nodes() {
        meter.check_at(node.ix())?;
        by_id.insert(base.id(node), node);
        largest(&mut counts.largest[0], base.id(node));
    }
    let mut before = 0;
    for node in current.nodes() {
        meter.check_at(node.ix())?;
        let id = current.id(node);
        if id % 2 == 1 {
            counts.own += 1;
            counts.descents += (id < before) as usize;
            before = id;
        }
        largest(&mut counts.largest[1], id);
        let Some(&other) = by_id.get(&id) else {
            counts.has_new |= id % 2 == 1;
            continue;
        };
        let changed = !is_alike(base, other, current, node);
        counts.all.count(changed);
        counts.by_heap[0][parts[0].at(other)].count(changed);
        counts.by_heap[1][parts[1].at(node)].count(changed);
    }
    Ok(counts)
}

fn is_alike(base: &Heap, other: NodeIx, current: &Heap, node: NodeIx) -> bool {
    base.type_name(other) == current.type_name(node)
        && base.columns().strings.get(base.columns().nodes.name(other))
            == current.columns().strings.get(current.columns().nodes.name(node))
}

/// Whether ids that two snapshots share name the same objects.
fn lasts(shared: Shared, in_order: bool, producers: [Producer; 2]) -> bool {
    let is_first = in_order && producers.into_iter().all(Producer::numbers_in_order);
    shared.are_alike(if is_first { LASTING_IN_ORDER } else { LASTING })
}

/// Looks how the objects of two snapshots can be matched.
pub(crate) fn find(base: &Heap, current: &Heap, meter: &Meter) -> Result<Lasting> {
    let heaps = [base, current];
    let parts = heaps.map(Parts::of);
    let counts = count(heaps, &parts, meter)?;
    let (shared, [of_base, of_current]) = (counts.all, &counts.by_heap);
    let (both, most) = (of_base.len().min(of_current.len()), of_base.len().max(of_current.len()));
    let in_order = counts.own >= LEAST_IN_ORDER && counts.descents * IN_ORDER <= counts.own;
    if most == 1 {
        let lasts = lasts(shared, in_order, heaps.map(Heap::producer));
        let matching = if lasts { Matching::Ids } else { Matching::Classes };
        // Of what a later snapshot has alone all ids are larger than those before.
        let ids_last = heaps.iter().all(|heap| heap.producer().ids_last());
        let base_is_newer =
            ids_last && shared.common > 0 && lasts && counts.has_new && counts.largest[0] > counts.largest[1];
        return Ok(Lasting { matching, shared, moved: Vec::new(), base_is_newer, in_order });
    }
    // A heap of which no id is left has been numbered anew as well.
    let lasts = |own: Shared| own.common > 0 && own.last();
    let is_lasting = |heap: usize| heap < both && lasts(of_base[heap]) && lasts(of_current[heap]);
    let moved: Vec<(usize, Shared)> =
        (0..both).filter(|&heap| !is_lasting(heap)).map(|heap| (heap + 1, of_current[heap])).collect();
    let matching = match moved.len() {
        0 if both == most => Matching::Ids,
        count if count == both => Matching::Classes,
        // A heap that only one of the files has shares no object with the other.
        _ => Matching::Heaps(Arc::new([0, 1].map(|file| parts[file].nodes(heaps[file], |heap| !is_lasting(heap))))),
    };
    let moved = if matches!(matching, Matching::Classes) { Vec::new() } else { moved };
    Ok(Lasting { matching, shared, moved, base_is_newer: false, in_order })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::uints::UintColumn;
    use crate::columns::{Hermes, V8};
    use crate::notation::Graph;

    fn found(base: &str, current: &str) -> Lasting {
        find(&Graph::new(base).heap, &Graph::new(current).heap, &Meter::default()).expect("nobody cancels")
    }

    /// Two heaps, each of one class: so many objects of the first, so many of the second.
    fn merged(first: usize, second: usize) -> String {
        let of = |root: &str, name: &str, count| -> Vec<String> {
            (0..count).map(|number| format!("{root} -[{number}]-> {name}#{number}[8]")).collect()
        };
        [of("r", "First", first), vec!["(GC+roots):synthetic".into()], of("(GC+roots)", "Second", second)]
            .concat()
            .join("; ")
    }

    #[test]
    fn ids_are_looked_at_heap_by_heap_in_merged_files() {
        let same = found(&merged(9, 4), &merged(9, 4));
        assert!(matches!(same.matching, Matching::Ids) && same.moved.is_empty());
        // The second heap stands behind a longer first one, and a fifth of all ids name something else.
        let grown = found(&merged(9, 4), &merged(11, 4));
        assert!(grown.shared.last(), "the whole file does not show it: {:?}", grown.shared);
        assert_eq!(grown.moved, [(2, Shared { changed: 1, common: 3 })]);
        let Matching::Heaps(moved) = grown.matching else { panic!("{:?}", grown.matching) };
        assert_eq!([moved[0].count(), moved[1].count()], [5, 5]);
    }

    #[test]
    fn a_base_that_is_newer_is_noticed_by_its_ids() {
        let with_ids = |text: &str, ids: Vec<u32>| {
            Graph::with(text, |columns| columns.nodes.ids = UintColumn::Narrow(ids.into())).heap
        };
        let both = "r -a-> A[1]; r -b-> B[2]";
        let older = with_ids(&format!("{both}; r -c-> Gone[1]"), vec![1, 3, 5, 7]);
        let newer = with_ids(&format!("{both}; r -d-> New[1]"), vec![1, 3, 5, 9]);
        let less = with_ids(both, vec![1, 3, 5]);
        let is_newer = |base, current| find(base, current, &Meter::default()).expect("nobody cancels").base_is_newer;
        assert!(is_newer(&newer, &older));
        assert!(!is_newer(&older, &newer) && !is_newer(&older, &older));
        assert!(!is_newer(&older, &less), "it may as well have lost an object and made none");
    }

    #[test]
    fn ids_in_order_are_those_of_a_first_snapshot() {
        // Most objects of another process are called alike where most are of one class.
        let of = |gap: usize, ids: &dyn Fn(u32) -> u32| {
            let gaps: Vec<String> = (0..gap).map(|number| format!("r -gap{number}-> Gap{number}[1]; ")).collect();
            let all: Vec<String> = (0..1100).map(|number| format!("r -[{number}]-> Entry#{number}[8]")).collect();
            Graph::with(&format!("{}{}", gaps.concat(), all.join("; ")), |columns| {
                let count = columns.nodes.types.len() as u32;
                columns.nodes.ids = UintColumn::Narrow((0..count).map(ids).collect::<Vec<_>>().into());
            })
        };
        let in_order = |number: u32| number * 2 + 1;
        // As after a collection: each second pair has changed places.
        let moved = |number: u32| (if number < 8 { number } else { number ^ 1 }) * 2 + 1;
        let lasting = |ids: &dyn Fn(u32) -> u32| {
            find(&of(3, &in_order).heap, &of(100, ids).heap, &Meter::default()).expect("nobody cancels")
        };
        let (first, later) = (lasting(&in_order), lasting(&moved));
        assert!(first.in_order && !later.in_order);
        assert!(first.shared.last() && later.shared.last(), "more than seven of ten are called alike");
        assert!(!first.shared.are_alike(LASTING_IN_ORDER), "{:?}", first.shared);
        let matching = |producer: Producer, lasting: &Lasting| lasts(lasting.shared, lasting.in_order, [producer; 2]);
        assert!(!matching(Producer::Node(V8::V12), &first), "two processes");
        assert!(matching(Producer::Node(V8::V12), &later));
        assert!(matching(Producer::Hermes(Hermes::V1_0), &first), "it numbers in another order");
    }
}
