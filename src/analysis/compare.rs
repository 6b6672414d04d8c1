//! What has come and gone between two snapshots of one process.
//!
//! Source: HeapSnapshot.ts, `calculateSnapshotDiff`, `calculateDiffForClass`, `aggregatesForDiff`.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::aggregates;
use super::lasting::{self, Lasting, Matching};
use super::scopes::Scope;
use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
use crate::columns::Location;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{ClassIx, Classes, naming};

/// One class with what is new in the current snapshot and what is gone from the base. Objects are the same when class
/// and id are.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    /// DevTools' key, the same in both snapshots.
    pub key: String,
    /// WTF-8.
    pub name: Box<[u8]>,
    /// Where the constructor stands, see [`crate::index::classes::Class::location`].
    pub location: Option<Location>,
    /// Nodes of the current snapshot, by ascending id.
    pub added: Vec<NodeIx>,
    /// Nodes of the base, by ascending id.
    pub removed: Vec<NodeIx>,
    pub added_size: u64,
    pub removed_size: u64,
    /// What the new ones retain together, and what those that are gone did; nothing where retained sizes are not known.
    pub retained: Option<[u64; 2]>,
    /// Of its objects those that both snapshots have and that are in another class now, because of their state.
    pub moved: Moved,
}

/// Objects of both snapshots that a class has won or lost because it is part of their name whether they are detached:
/// `<img>`, `Detached <img>`. For DevTools they are deleted in one class and new in the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    /// Detached in the current snapshot, and not in the base.
    pub now_detached: u64,
    /// The other way round.
    pub were_detached: u64,
}

impl Difference {
    pub(crate) fn count_delta(&self) -> i64 {
        self.added.len() as i64 - self.removed.len() as i64
    }

    pub(crate) fn size_delta(&self) -> i64 {
        delta(self.added_size, self.removed_size)
    }

    pub(crate) fn retained_delta(&self) -> Option<i64> {
        self.retained.map(|[added, removed]| delta(added, removed))
    }
}

fn delta(more: u64, less: u64) -> i64 {
    (i128::from(more) - i128::from(less)).clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// Two snapshots with the classes in which they differ.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub base: Arc<Heap>,
    pub current: Arc<Heap>,
    /// Whether objects can be compared one by one.
    pub lasting: Lasting,
    /// Those in which anything has changed, then the others.
    pub differences: Vec<Difference>,
    /// How many of them have changed.
    pub changed: usize,
}

impl Comparison {
    /// Compares object by object where ids last, class by class elsewhere.
    pub(crate) fn new(base: Arc<Heap>, current: Arc<Heap>, meter: &Meter) -> Result<Comparison> {
        Comparison::within(base, current, None, meter)
    }

    /// Compares the program's own objects of both snapshots.
    ///
    /// # Errors
    /// `Error::Unknown` where one of the files does not tell them, `Error::Cancelled` once the meter says stop.
    pub(crate) fn of_own(base: Arc<Heap>, current: Arc<Heap>, meter: &Meter) -> Result<Comparison> {
        let own = [Scope::Own.nodes(&base, meter)?, Scope::Own.nodes(&current, meter)?];
        Comparison::within(base, current, Some(&own), meter)
    }

    fn within(base: Arc<Heap>, current: Arc<Heap>, within: Option<&[Bits; 2]>, meter: &Meter) -> Result<Comparison> {
        let lasting = lasting::find(&base, &current, meter)?;
        let both = Both { base: &base, current: &current, within };
        let Compared { changed: mut differences, unchanged } = compare(both, &lasting.matching, meter)?;
        add_retained([&base, &current], &mut differences, meter)?;
        if matches!(lasting.matching, Matching::Ids) {
            count_moved([&base, &current], &mut differences, meter)?;
        }
        let count = differences.len();
        differences.extend(unchanged);
        Ok(Comparison { base, current, lasting, differences, changed: count })
    }
}

/// The classes of both snapshots.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// Those in which anything has changed: by allocated size, largest first, then by name, then the base's by first
    /// object and the current's new ones after them. DevTools has no others.
    pub changed: Vec<Difference>,
    /// Those in which no object has come or gone, as far as that can be told.
    pub unchanged: Vec<Difference>,
}

/// Two snapshots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Both<'a> {
    pub base: &'a Heap,
    pub current: &'a Heap,
    /// The objects of each that count; all where there is nothing.
    pub within: Option<&'a [Bits; 2]>,
}

impl Both<'_> {
    /// Those of the base and of the current snapshot that count.
    fn counting(self, mut lists: [Vec<NodeIx>; 2]) -> [Vec<NodeIx>; 2] {
        if let Some(within) = self.within {
            for (list, nodes) in lists.iter_mut().zip(within) {
                list.retain(|node| nodes.contains(node.ix()));
            }
        }
        lists
    }

    /// The objects of a class that are gone, and those that are new. What counts of one snapshot alone has come or gone
    /// only if the other does not have it: an object may belong to the program in one and not in the other.
    fn differ(self, [removed, added]: [&[NodeIx]; 2], matching: &Matching) -> [Vec<NodeIx>; 2] {
        let Both { base, current, .. } = self;
        match matching {
            Matching::Ids => {
                let (removed, added) = without_common(base, current, removed, added);
                self.counting([removed, added])
            }
            Matching::Classes => {
                let lists = self.counting([removed.to_vec(), added.to_vec()]);
                without_equal(base, current, lists)
            }
            Matching::Heaps(moved) => self.differ_by_heap([removed, added], moved),
        }
    }

    /// The first way for objects whose ids last, the second for those in `moved`.
    fn differ_by_heap(self, lists: [&[NodeIx]; 2], moved: &[Bits; 2]) -> [Vec<NodeIx>; 2] {
        let split = |file: usize| -> (Vec<NodeIx>, Vec<NodeIx>) {
            lists[file].iter().partition(|node| moved[file].contains(node.ix()))
        };
        let ((old_moved, old), (new_moved, new)) = (split(0), split(1));
        let mut differing = self.differ([&old, &new], &Matching::Ids);
        let moved = self.differ([&old_moved, &new_moved], &Matching::Classes);
        for ((list, more), heap) in differing.iter_mut().zip(moved).zip([self.base, self.current]) {
            list.extend(more);
            list.sort_by_key(|&node| heap.id(node));
        }
        differing
    }
}

/// Compares class by class.
pub(crate) fn compare(both: Both<'_>, matching: &Matching, meter: &Meter) -> Result<Compared> {
    let Both { base, current, within } = both;
    let base_classes = base.classes_by(&current.classes().interfaces, meter)?;
    let mut new = Members::collect(current, current.classes(), meter)?;
    let old = Members::collect(base, &base_classes, meter)?;
    let mut compared = Compared::default();
    let mut add = |classes: &Classes, class: ClassIx, all: [&[NodeIx]; 2]| {
        let counts = |file: usize| match within {
            Some(within) => all[file].iter().any(|node| within[file].contains(node.ix())),
            None => true,
        };
        if !counts(0) && !counts(1) {
            return;
        }
        let [removed, added] = both.differ(all, matching);
        let list = match removed.is_empty() && added.is_empty() {
            true => &mut compared.unchanged,
            false => &mut compared.changed,
        };
        list.push(Difference {
            key: classes.key(class),
            name: classes.name(class).into(),
            location: classes.get(class).location,
            added_size: size(current, &added),
            removed_size: size(base, &removed),
            added,
            removed,
            retained: None,
            moved: Moved::default(),
        });
    };
    for (class, nodes) in old.classes {
        let key = base_classes.key(class);
        let added = new.by_key.remove(&key).map(|place| std::mem::take(&mut new.classes[place].1));
        add(&base_classes, class, [&nodes, &added.unwrap_or_default()]);
    }
    // Those of both are done, and their lists taken.
    for (class, nodes) in new.classes.into_iter().filter(|(_, nodes)| !nodes.is_empty()) {
        add(current.classes(), class, [&[], &nodes]);
    }
    let in_order =
        |a: &Difference, b: &Difference| b.added_size.cmp(&a.added_size).then_with(|| compare_utf16(&a.name, &b.name));
    compared.changed.sort_by(in_order);
    compared.unchanged.sort_by(in_order);
    Ok(compared)
}

fn size(heap: &Heap, nodes: &[NodeIx]) -> u64 {
    nodes.iter().fold(0, |sum, &node| sum.saturating_add(heap.shallow_size(node)))
}

/// The objects of each class, by first object; in a class by ascending id.
struct Members {
    classes: Vec<(ClassIx, Vec<NodeIx>)>,
    by_key: FxHashMap<String, usize>,
}

impl Members {
    fn collect(heap: &Heap, classes: &Classes, meter: &Meter) -> Result<Members> {
        let mut places: Vec<Option<usize>> = vec![None; classes.len()];
        let mut members: Vec<(ClassIx, Vec<NodeIx>)> = Vec::new();
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if heap.shallow_size(node) == 0 {
                continue;
            }
            let class = classes.of(node);
            let place = *places[class.ix()].get_or_insert_with(|| {
                members.push((class, Vec::new()));
                members.len() - 1
            });
            members[place].1.push(node);
        }
        for (_, nodes) in &mut members {
            nodes.sort_by_key(|&node| heap.id(node));
        }
        let by_key = members.iter().enumerate().map(|(place, (class, _))| (classes.key(*class), place)).collect();
        Ok(Members { classes: members, by_key })
    }
}

/// Both lists without the ids that both have.
fn without_common(base: &Heap, current: &Heap, removed: &[NodeIx], added: &[NodeIx]) -> (Vec<NodeIx>, Vec<NodeIx>) {
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (removed.iter().peekable(), added.iter().peekable());
    while let (Some(&&a), Some(&&b)) = (old.peek(), new.peek()) {
        match base.id(a).cmp(&current.id(b)) {
            Ordering::Less => gone.extend(old.next()),
            Ordering::Greater => come.extend(new.next()),
            Ordering::Equal => {
                old.next();
                new.next();
            }
        }
    }
    gone.extend(old);
    come.extend(new);
    (gone, come)
}

/// Adds up what the new objects of each class retain and what those that are gone did, by the rule of the Summary.
fn add_retained([base, current]: [&Heap; 2], differences: &mut [Difference], meter: &Meter) -> Result<()> {
    const NONE: u32 = u32::MAX;
    let sums = |heap: &Heap, nodes: fn(&Difference) -> &[NodeIx]| {
        let mut groups = vec![NONE; heap.node_count()];
        for (group, difference) in differences.iter().enumerate() {
            nodes(difference).iter().for_each(|node| groups[node.ix()] = group as u32);
        }
        let group = |node: NodeIx| Some(groups[node.ix()]).filter(|&group| group != NONE).map(|group| group as usize);
        aggregates::retained_by(heap, differences.len(), group, meter)
    };
    let (removed, added) = (sums(base, |own| &own.removed)?, sums(current, |own| &own.added)?);
    let (Some(removed), Some(added)) = (removed, added) else { return Ok(()) };
    for (difference, sums) in differences.iter_mut().zip(added.into_iter().zip(removed)) {
        difference.retained = Some(sums.into());
    }
    Ok(())
}

/// Counts the objects that are new in one class and gone from another because they are detached now, or not any more.
fn count_moved([base, current]: [&Heap; 2], differences: &mut [Difference], meter: &Meter) -> Result<()> {
    let is_detached: Vec<bool> = differences.iter().map(|own| naming::after_detached(&own.name).is_some()).collect();
    if !is_detached.contains(&true) {
        return Ok(());
    }
    let gone =
        differences.iter().enumerate().flat_map(|(place, own)| own.removed.iter().map(move |&node| (place, node)));
    let lost: FxHashMap<ObjectId, usize> = gone.map(|(place, node)| (base.id(node), place)).collect();
    for to in 0..differences.len() {
        for index in 0..differences[to].added.len() {
            meter.check_at(index)?;
            let Some(&from) = lost.get(&current.id(differences[to].added[index])) else { continue };
            for place in [from, to] {
                let moved = &mut differences[place].moved;
                match (is_detached[from], is_detached[to]) {
                    (false, true) => moved.now_detached += 1,
                    (true, false) => moved.were_detached += 1,
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

/// Both lists whole where ids say nothing; neither where they have as many objects of the same size in all.
fn without_equal(base: &Heap, current: &Heap, [removed, added]: [Vec<NodeIx>; 2]) -> [Vec<NodeIx>; 2] {
    match removed.len() == added.len() && size(base, &removed) == size(current, &added) {
        true => Default::default(),
        false => [removed, added],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::well_formed;
    use crate::notation::Graph;

    fn rows(base: &str, current: &str, matching: Matching) -> Vec<String> {
        let (base, current) = (Graph::new(base), Graph::new(current));
        let both = Both { base: &base.heap, current: &current.heap, within: None };
        let compared = compare(both, &matching, &Meter::default()).expect("nobody cancels");
        let row = |difference: &Difference| {
            let (name, added, removed) =
                (well_formed(&difference.name), difference.added.len(), difference.removed.len());
            format!("{name} +{added} -{removed} {:+}", difference.size_delta())
        };
        compared.changed.iter().map(row).collect()
    }

    #[test]
    fn objects_are_the_same_when_class_and_id_are() {
        // Ids follow the order of mention: 3, 5, 7.
        let base = "r -a-> A#1[10]; r -b-> A#2[10]; r -c-> B[5]";
        assert_eq!(
            rows(base, "r -a-> A#1[10]; r -b-> C[1]; r -c-> B[50]", Matching::Ids),
            ["C +1 -0 +1", "A +0 -1 -10"]
        );
        assert!(rows(base, base, Matching::Ids).is_empty());
    }

    #[test]
    fn a_comparison_of_own_objects_has_those_that_have_come_or_gone() {
        // `kept` is in both, held by the program before and by the runtime after; of the runtime's objects none counts.
        let both = "r -f-> f:closure@1/2/3[8]; f =shared=> fs:code; fs =script=> /srv/app.js:code
            r -g-> g:closure@2/2/3[8]; g =shared=> gs:code; gs =script=> internal/fs.js:code; r -k-> kept[1]
            f -o-> Own#1[16]";
        let base = Graph::new(&format!("{both}; f -k-> kept; g -t-> Theirs#1[32]; f -x-> gone[64]; r -q-> Same[2]"));
        let current = Graph::new(&format!(
            "{both}; g -k-> kept; g -y-> pad[1]; r -p-> pad2[1]; r -z-> Same[2]
            r -w-> Theirs#2[4]; f -n-> Own#2[128]"
        ));
        let found = Comparison::of_own(base.heap, current.heap, &Meter::default()).expect("nobody cancels");
        let row = |row: &Difference| format!("{} +{} -{}", well_formed(&row.name), row.added.len(), row.removed.len());
        let (changed, unchanged) = found.differences.split_at(found.changed);
        assert_eq!(changed.iter().map(row).collect::<Vec<_>>(), ["Own +1 -0", "gone +0 -1"]);
        assert_eq!(unchanged.iter().map(row).collect::<Vec<_>>(), ["Function +0 -0", "kept +0 -0"]);
        let nameless = Graph::new("r -a-> A[1]").heap;
        assert!(Comparison::of_own(nameless.clone(), nameless, &Meter::default()).is_err());
    }

    #[test]
    fn retained_sizes_of_new_and_gone_objects_count_once() {
        // The second new A hangs on the first; what B holds is not the A's.
        let both = "r -p-> p; r -q-> q; r -s-> s; r -a-> A#1[1]; r -b-> B[2]";
        let base = Graph::new(&format!("{both}; r -c-> A#2[4]; A#2 -d-> D[8]"));
        let current = Graph::new(&format!(
            "{both}; r -e-> E[16]; E -f-> F[32]; r -c-> A#3[64]; A#3 -x-> A#4[128]; A#4 -y-> Y[256]"
        ));
        let found = Comparison::new(base.heap, current.heap, &Meter::default()).expect("nobody cancels");
        let row = |name: &str| found.differences.iter().find(|row| *row.name == *name.as_bytes()).expect("a class");
        assert_eq!(row("A").retained, Some([64 + 128 + 256, 4 + 8]));
        assert_eq!((row("A").retained_delta(), row("D").retained_delta()), (Some(436), Some(-8)));
        assert_eq!((row("E").retained_delta(), row("F").retained_delta()), (Some(48), Some(32)));
        assert_eq!(row("B").retained, None, "nothing has come or gone");
    }

    #[test]
    fn objects_that_are_detached_now_are_counted_in_both_classes() {
        let tree = |img: &str, div: &str, rest: &str| {
            Graph::new(&format!("r -a-> <img>:native{img}[8]; r -b-> <div>:native{div}[8]; {rest}"))
        };
        let base = tree("!1", "!2", "r -c-> <p>:native!1[8]");
        let current = tree("!2", "!1", "r -d-> x[1]; x -e-> <img>#2:native!2[8]");
        let found = Comparison::new(base.heap, current.heap, &Meter::default()).expect("nobody cancels");
        let told = |row: &Difference| {
            let Moved { now_detached, were_detached } = row.moved;
            (
                well_formed(&row.name).into_owned(),
                [row.added.len() as u64, row.removed.len() as u64, now_detached, were_detached],
            )
        };
        let rows: std::collections::BTreeMap<_, _> = found.differences.iter().map(told).collect();
        assert_eq!(rows["Detached <img>"], [2, 0, 1, 0]);
        assert_eq!(rows["<img>"], [0, 1, 1, 0]);
        assert_eq!((rows["<div>"], rows["Detached <div>"]), ([1, 0, 0, 1], [0, 1, 0, 1]));
        assert_eq!(rows["<p>"], [0, 1, 0, 0], "its id is another object's now");
    }

    #[test]
    fn sizes_that_no_sum_holds_stay_at_the_largest() {
        let huge = "r -a-> A#1[18446744073709551615]; r -b-> A#2[18446744073709551615]";
        assert_eq!(rows("r", huge, Matching::Ids), ["A +2 -0 +9223372036854775807"]);
        assert_eq!(rows(huge, "r", Matching::Ids), ["A +0 -2 -9223372036854775808"]);
    }

    #[test]
    fn a_heap_whose_ids_have_moved_is_compared_class_by_class() {
        let text = |first: usize, more: &str| {
            let first: Vec<String> = (0..first).map(|each| format!("r -[{each}]-> First#{each}[8]")).collect();
            let second =
                "(GC+roots):synthetic; (GC+roots) -a-> Sub#1[4]; (GC+roots) -b-> Sub#2[4]; (GC+roots) -c-> Own[1]";
            Graph::new(&format!("{}; {second}{more}", first.join("; "))).heap
        };
        let found = Comparison::new(text(9, ""), text(12, "; (GC+roots) -d-> Own#2[1]"), &Meter::default());
        let found = found.expect("nobody cancels");
        let row = |row: &Difference| format!("{} +{} -{}", well_formed(&row.name), row.added.len(), row.removed.len());
        let rows: Vec<String> = found.differences[..found.changed].iter().map(row).collect();
        assert_eq!(rows, ["First +3 -0", "Own +2 -1"], "Sub has as many as before");
    }

    #[test]
    fn without_lasting_ids_only_sums_of_classes_differ() {
        let base = "r -a-> A#1[10]; r -b-> A#2[10]; r -c-> B[5]";
        let current = "r -c-> B[5]; r -a-> A#1[10]; r -b-> A#2[10]; r -d-> A#3[10]";
        assert_eq!(rows(base, current, Matching::Classes), ["A +3 -2 +10"]);
    }
}
