//! Who holds an object, as its program sees it: the first objects outwards that are no plumbing of the engine. Tables
//! behind Maps, stores of elements, property cells and the like are passed, however many lie in a row; variables count
//! as holders, not the functions that share their scope.

use rustc_hash::FxHashSet;

use super::ways::{BestFirst, Path, START, Step, Ways};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// A holder with a way from the object to a root that leads over it and not through the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    /// From the object outwards, at least up to the holder: [`Ways::shortest`] leads from its end on to a root.
    pub way: Path,
    /// Which step of the way is the holder.
    pub at: usize,
    /// References of the whole way to a root.
    pub length: u32,
}

impl Holder {
    /// The holder, and the reference by which it holds the object or the plumbing before it.
    pub(crate) fn step(&self) -> Step {
        self.way[self.at]
    }

    /// The whole path to a root; nothing where distances lie.
    pub(crate) fn path(&self, ways: Ways<'_>, meter: &Meter) -> Result<Option<Path>> {
        let (_, end) = self.way[self.way.len() - 1];
        Ok(ways.shortest(end, meter)?.map(|rest| [self.way.as_slice(), &rest].concat()))
    }
}

/// The first holders of an object, each once, the nearest to a root first.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    pub list: Vec<Holder>,
    /// Whether there are no others. Where there are more, nobody has counted them.
    pub complete: bool,
    /// References that have been looked at.
    pub looked_at: usize,
}

/// How much is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Holders.
    pub holders: usize,
    /// References that are looked at, of all these together.
    pub looked_at: usize,
    /// Objects outwards, each the only holder of the one before, whose holders are looked for.
    pub steps: usize,
}

impl Limits {
    /// A few holders, soon: for sentences.
    pub(crate) fn few(holders: usize) -> Limits {
        Limits { holders, looked_at: 100_000, steps: 64 }
    }
}

/// The distinct first holders of `node` that are alive without it. None where nothing reaches it, or where it is a root
/// itself.
pub(crate) fn first(ways: Ways<'_>, node: NodeIx, limits: Limits, meter: &Meter) -> Result<Holders> {
    if ways.is_end(node) {
        return Ok(Holders { complete: true, ..Holders::default() });
    }
    let mut search = Search { ways, meter, left: limits.looked_at, dead: FxHashSet::default() };
    let mut walk = BestFirst::new(ways, node);
    let mut holders: Vec<Holder> = Vec::new();
    let found =
        |holders, left, complete| Ok(Holders { list: in_order(holders), complete, looked_at: limits.looked_at - left });
    while let Some(place) = walk.next() {
        meter.check()?;
        if place != START && is_holder(ways, walk.step(place)) {
            if holders.len() == limits.holders {
                return found(holders, search.left, false);
            }
            holders.extend(search.alive(node, walk.way(place))?);
            continue;
        }
        if !walk.add_retainers(place, || may_look(meter, &mut search.left), |_| true)? {
            return found(holders, search.left, false);
        }
    }
    found(holders, search.left, search.left > 0)
}

fn in_order(mut holders: Vec<Holder>) -> Vec<Holder> {
    holders.sort_by_key(|holder| holder.length);
    holders
}

/// Whether the program knows what a step leads to, or the path ends there.
pub(crate) fn is_holder(ways: Ways<'_>, (edge, node): Step) -> bool {
    ways.is_end(node) || !is_plumbing(ways.heap, node) || is_variable(ways.heap, edge, node)
}

/// Whether an object is something that only the engine works with: tables, stores of elements and properties, scopes,
/// cells, hidden classes, code.
pub(crate) fn is_plumbing(heap: &Heap, node: NodeIx) -> bool {
    if heap.roots().kind(node).is_some() {
        return false;
    }
    let columns = heap.columns();
    let name = || columns.strings.get(columns.nodes.name(node));
    match heap.node_type(node) {
        // QuickJS has JavaScript's own arrays under this type.
        NodeType::ARRAY => *name() != *b"Array",
        NodeType::HIDDEN | NodeType::CODE | NodeType::OBJECT_SHAPE => true,
        NodeType::OBJECT | NodeType::NATIVE => {
            let name = name();
            let is_inner = name.starts_with(b"system / ") && !naming::is_native_context(&name);
            let is_of_blink = heap.node_type(node) == NodeType::NATIVE && naming::is_of_blink(&name);
            is_inner || is_of_blink || heap.producer().is_hermes() && naming::is_of_hermes(&name)
        }
        _ => false,
    }
}

/// Whether the reference is a variable of a scope. Hermes numbers the variables of its environments.
pub(crate) fn is_variable(heap: &Heap, edge: EdgeIx, scope: NodeIx) -> bool {
    match heap.edge_type(edge) {
        EdgeType::CONTEXT => true,
        EdgeType::INTERNAL if heap.producer().is_hermes() => {
            let columns = heap.columns();
            *columns.strings.get(columns.nodes.name(scope)) == *b"Environment"
                && well_formed(&heap.edge_name(edge)).bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

struct Search<'a> {
    ways: Ways<'a>,
    meter: &'a Meter,
    /// References that may still be looked at.
    left: usize,
    /// Nodes from which all ways to a root lead through the object.
    dead: FxHashSet<u32>,
}

/// Whether another reference may be looked at.
fn may_look(meter: &Meter, left: &mut usize) -> Result<bool> {
    meter.check_at(*left)?;
    *left = left.saturating_sub(1);
    Ok(*left > 0)
}

impl Search<'_> {
    /// The holder at the end of `way`, if a root reaches it without `node` and what lies between.
    fn alive(&mut self, node: NodeIx, way: Path) -> Result<Option<Holder>> {
        let at = way.len() - 1;
        let (between, holder) = (&way[..at], way[at].1);
        let ways = self.ways;
        let rest_of = |node| ways.rest(node).unwrap_or(0);
        // Nothing on a shortest way is as far as its beginning: whoever is no farther than all of these is beyond them.
        let bar = between.iter().map(|&(_, node)| rest_of(node)).fold(rest_of(node), u32::min);
        if rest_of(holder) <= bar || ways.is_end(holder) {
            let length = way.len() as u32 + rest_of(holder);
            return Ok(Some(Holder { way, at, length }));
        }
        let avoided: FxHashSet<u32> = between.iter().map(|&(_, node)| node.0).chain([node.0]).collect();
        let Some((detour, length)) = self.around(holder, &avoided, bar)? else { return Ok(None) };
        let length = way.len() as u32 + length;
        Ok(Some(Holder { way: [way, detour].concat(), at, length }))
    }

    /// The shortest way from `from` to a root or a node at most `bar` from one, around what is to be avoided, and how long
    /// it is with its rest. Where a holder is its object's child, there is none.
    fn around(&mut self, from: NodeIx, avoided: &FxHashSet<u32>, bar: u32) -> Result<Option<(Path, u32)>> {
        // Only of direct holders the same is avoided.
        let shares_dead = avoided.len() == 1;
        let mut walk = BestFirst::new(self.ways, from);
        while let Some(place) = walk.next() {
            let at = walk.node(place);
            if let Some(rest) = self.ways.rest(at).filter(|&rest| rest <= bar || self.ways.is_end(at)) {
                let way = walk.way(place);
                let length = way.len() as u32 + rest;
                return Ok(Some((way, length)));
            }
            let Search { meter, left, dead, .. } = self;
            let counts = |node: NodeIx| !(shares_dead && dead.contains(&node.0) || avoided.contains(&node.0));
            if !walk.add_retainers(place, || may_look(meter, left), counts)? {
                return Ok(None);
            }
        }
        if shares_dead {
            self.dead.extend(walk.into_taken());
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    const ALL: Limits = Limits { holders: usize::MAX, looked_at: usize::MAX, steps: usize::MAX };

    /// `holder by edge` of each first holder.
    fn holders_of(graph: &Graph, name: &str) -> Vec<String> {
        let ways = Ways::all(&graph.heap);
        let found = first(ways, graph.node(name), ALL, &Meter::default()).expect("nobody cancels");
        assert!(found.complete);
        let said = |holder: &Holder| {
            let (edge, node) = holder.step();
            format!("{} by {}", graph.name(node), well_formed(&graph.heap.edge_name(edge)))
        };
        found.list.iter().map(said).collect()
    }

    #[test]
    fn holders_stand_behind_tables_stores_and_cells_and_each_counts_once() {
        let graph = Graph::new(
            "r -a-> log; log -history-> history; history =elements=> store:array; store =7=> x; history -[7]-> x
             r -b-> cache; cache -byNo-> map; map =table=> table:array; table =12=> x; table =15=> x
             r -c-> global; global =properties=> dictionary:array; dictionary =3=> system+/+PropertyCell:hidden
             system+/+PropertyCell =value=> x",
        );
        assert_eq!(holders_of(&graph, "x"), ["history by 7", "global by properties", "map by table"]);
    }

    #[test]
    fn a_variable_holds_once_however_many_functions_share_its_scope() {
        let graph = Graph::new(
            "r -f-> f:closure; r -g-> g:closure; f =context=> system+/+Context; g =context=> system+/+Context
             system+/+Context $list$> x; system+/+Context $f$> f",
        );
        assert_eq!(holders_of(&graph, "x"), ["system+/+Context by list"]);
        // A scope itself is held by the functions that use it.
        assert_eq!(holders_of(&graph, "system+/+Context"), ["f by context", "g by context"]);
    }

    #[test]
    fn what_only_the_object_itself_holds_does_not_hold_it() {
        let graph = Graph::new(
            "r -a-> a; a -x-> x; x -child-> child; child -parent-> x; child -more-> far; far -top-> x
             x -other-> other; other -x-> x; r -k-> keeper; keeper -l-> last; last -o-> other",
        );
        // Somebody else keeps `other` as well: without `a` it would still be there, over a longer way.
        assert_eq!(holders_of(&graph, "x"), ["a by x", "other by x"]);
        let ways = Ways::all(&graph.heap);
        let meter = Meter::default();
        let found = first(ways, graph.node("x"), ALL, &meter).expect("nobody cancels");
        let path = found.list[1].path(ways, &meter).expect("nobody cancels").expect("a path");
        let names: Vec<&str> = path.iter().map(|&(_, node)| graph.name(node)).collect();
        assert_eq!((names, found.list[1].length), (vec!["other", "last", "keeper"], 3));
    }

    #[test]
    fn limits_hold_and_say_that_there_are_more() {
        let many: Vec<String> = (0..50).map(|each| format!("r -n-> n{each}; n{each} -x-> x")).collect();
        let graph = Graph::new(&many.join("; "));
        let of = |limits| first(Ways::all(&graph.heap), graph.node("x"), limits, &Meter::default());
        let few = of(Limits::few(3)).expect("nobody cancels");
        assert_eq!((few.list.len(), few.complete), (3, false));
        let all = of(Limits::few(50)).expect("nobody cancels");
        assert_eq!((all.list.len(), all.complete), (50, true));
        let soon = of(Limits { holders: 50, looked_at: 10, ..ALL }).expect("nobody cancels");
        assert!(!soon.complete);
        assert!(of(Limits::few(0)).expect("nobody cancels").list.is_empty());
    }

    #[test]
    fn roots_and_garbage_have_no_holders() {
        let graph = Graph::new("r -a-> a; a -b-> a; lost -x-> found; found -y-> lost");
        for name in ["a", "found"] {
            assert!(holders_of(&graph, name).is_empty());
        }
    }
}
