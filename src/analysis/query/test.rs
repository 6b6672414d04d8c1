//! One object → whether the query holds for it. What could be found out once for all objects has been.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::language::{Bound, Matcher, Op};
use super::ropes::Ropes;
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};

/// A query with what it needs to know of a heap.
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Node(NodeIx),
    /// The numbers of classes.
    Classes(Bits),
    Types(Box<[bool; 256]>),
    Nodes(Bits),
    Shallow(Bound),
    Retained(Bound),
    Distance(Bound),
    Detached,
    References(Bound),
    Retainers(Bound, RootEdges),
    Name(Texts),
    Text(Texts),
    /// The strings that are names of properties.
    Has(Bits),
    Anywhere {
        texts: Texts,
        /// Names of plain objects are made of those of their properties, and say no more of this text.
        properties_say_all: bool,
    },
    Property {
        names: Bits,
        element: Option<u64>,
        value: ValueTest,
    },
}

/// A matcher, and the strings that it fits.
pub(super) struct Texts {
    pub matcher: Matcher,
    pub hits: Bits,
    pub ropes: Ropes,
    /// Concatenated strings that do not fit as far as they were joined, and go on.
    pub unfinished: AtomicU64,
}

pub(super) enum ValueTest {
    Text(Texts),
    Number(f64, Texts),
    Compared(Op, f64),
    Constant {
        texts: Texts,
        /// Objects that have no name of their own for what they are.
        nodes: Vec<NodeIx>,
    },
    Node(NodeIx),
}

impl Test {
    /// What it costs to ask an object, roughly in looks at memory: cheap questions come first.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Test::Node(_) => 1,
            Test::Types(_) | Test::Shallow(_) | Test::Retained(_) | Test::Distance(_) | Test::Nodes(_) => 2,
            Test::Classes(_) | Test::Detached => 3,
            Test::References(_) => 5,
            Test::Name(_) => 20,
            Test::Text(_) => 21,
            Test::Has(_) => 30,
            Test::Property { .. } => 40,
            Test::Anywhere { .. } => 50,
            Test::Retainers(..) => 60,
            Test::Not(test) => test.cost(),
            Test::All(tests) | Test::Any(tests) => tests.iter().map(Test::cost).sum(),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, heap: &Heap, node: NodeIx) -> bool {
        match self {
            Test::All(tests) => tests.iter().all(|test| test.holds(heap, node)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(heap, node)),
            Test::Not(test) => !test.holds(heap, node),
            Test::Node(wanted) => *wanted == node,
            Test::Classes(classes) => classes.contains(heap.classes().of(node).ix()),
            Test::Types(types) => types[heap.node_type(node).0 as usize],
            Test::Nodes(nodes) => nodes.contains(node.ix()),
            Test::Shallow(bound) => bound.holds(heap.shallow_size(node)),
            Test::Retained(bound) => heap.retained_size(node).is_some_and(|size| bound.holds(size)),
            Test::Distance(bound) => distance(heap, node).is_some_and(|distance| bound.holds(distance)),
            Test::Detached => heap.is_detached_node(node),
            Test::References(bound) => bound.holds(references(heap, node)),
            Test::Retainers(bound, roots) => bound.holds(retainers(heap, node, roots)),
            Test::Name(texts) => texts.name(heap, node),
            Test::Text(texts) => texts.text(heap, node),
            Test::Has(names) => has_property(heap, node, names),
            Test::Anywhere { texts, properties_say_all } => anywhere(heap, node, texts, *properties_say_all),
            Test::Property { names, element, value } => {
                let is_asked = |edge: EdgeIx| is_named(heap, edge, names) || is_element(heap, edge, *element);
                let mut edges = heap.columns().edges_of(node).filter(|&edge| is_asked(edge));
                edges.any(|edge| value.holds(heap, heap.target(edge)))
            }
        }
    }
}

impl Texts {
    /// Whether what rows call an object fits: a string by its content.
    fn name(&self, heap: &Heap, node: NodeIx) -> bool {
        match heap.node_type(node) {
            NodeType::CONS_STRING => self.joined(heap, node),
            _ if is_made_up(heap, node) => self.matcher.matches(&heap.name(node)),
            _ => self.hits.contains(heap.columns().nodes.name(node).ix()),
        }
    }

    /// Whether the content of a string fits. Of sliced strings the file has none.
    fn text(&self, heap: &Heap, node: NodeIx) -> bool {
        match heap.node_type(node) {
            NodeType::STRING => self.hits.contains(heap.columns().nodes.name(node).ix()),
            NodeType::CONS_STRING => self.joined(heap, node),
            _ => false,
        }
    }

    fn joined(&self, heap: &Heap, node: NodeIx) -> bool {
        let rope = self.ropes.ask(heap, &self.matcher, node);
        if rope.goes_on && !rope.fits {
            self.unfinished.fetch_add(1, Relaxed);
        }
        rope.fits
    }
}

/// Whether the name of an object is another than the file gives.
fn is_made_up(heap: &Heap, node: NodeIx) -> bool {
    match heap.node_type(node) {
        NodeType::OBJECT => heap.known().is_plain_object(heap.columns(), node),
        NodeType::NATIVE => heap.dom().has_prefix(heap.columns(), node),
        _ => false,
    }
}

/// A text in the name of an object, the contents of a string, the name of a property or variable.
fn anywhere(heap: &Heap, node: NodeIx, texts: &Texts, properties_say_all: bool) -> bool {
    let in_itself = match heap.node_type(node) {
        NodeType::OBJECT if properties_say_all && heap.known().is_plain_object(heap.columns(), node) => false,
        _ => texts.name(heap, node),
    };
    in_itself || has_own_property(heap, node, &texts.hits)
}

/// References with names that programs give.
#[inline]
fn is_named(heap: &Heap, edge: EdgeIx, names: &Bits) -> bool {
    let is_program = matches!(heap.edge_type(edge), EdgeType::PROPERTY | EdgeType::CONTEXT);
    is_program && names.contains(heap.columns().edges.name(edge).ix())
}

fn is_element(heap: &Heap, edge: EdgeIx, element: Option<u64>) -> bool {
    element.is_some() && heap.edge_type(edge) == EdgeType::ELEMENT && element == Some(heap.columns().edges.number(edge))
}

fn has_property(heap: &Heap, node: NodeIx, names: &Bits) -> bool {
    heap.columns().edges_of(node).any(|edge| is_named(heap, edge, names))
}

/// [`has_property`] but for `__proto__`, which everything has.
fn has_own_property(heap: &Heap, node: NodeIx, names: &Bits) -> bool {
    let proto = &heap.known().proto;
    let mut edges = heap.columns().edges_of(node).filter(|&edge| is_named(heap, edge, names));
    edges.any(|edge| !proto.contains(heap.columns().edges.name(edge)))
}

/// The distance that rows show; nothing where they show −.
fn distance(heap: &Heap, node: NodeIx) -> Option<u64> {
    heap.distance(node).filter(|&distance| distance != NO_DISTANCE && distance < SYSTEM_DISTANCE).map(|n| n as u64)
}

/// As many as there are rows below the object.
fn references(heap: &Heap, node: NodeIx) -> u64 {
    match heap.columns().types.other_edge.is_empty() {
        true => heap.columns().nodes.edges(node).len() as u64,
        false => heap.shown_edges(node).count() as u64,
    }
}

/// The references that start at roots which Retainers leave out, as ranges: looking up where each reference starts
/// would take ten times as long.
pub(super) struct RootEdges(Vec<std::ops::Range<usize>>);

impl RootEdges {
    pub(super) fn of(heap: &Heap) -> RootEdges {
        let hidden = heap.roots().all().iter().filter(|&&root| heap.hides_as_retainer(root));
        RootEdges(hidden.map(|&root| heap.columns().nodes.edges(root)).collect())
    }
}

/// As many as there are rows in the Retainers of the object.
fn retainers(heap: &Heap, node: NodeIx, roots: &RootEdges) -> u64 {
    let Some(retainers) = heap.retainers() else { return 0 };
    let is_shown = |edge: &EdgeIx| {
        heap.edge_type(*edge) != EdgeType::WEAK
            && !heap.columns().is_invisible(*edge)
            && !roots.0.iter().any(|range| range.contains(&edge.ix()))
    };
    retainers.edges(node).filter(is_shown).count() as u64
}

impl ValueTest {
    fn holds(&self, heap: &Heap, value: NodeIx) -> bool {
        match self {
            ValueTest::Text(texts) => texts.name(heap, value),
            ValueTest::Number(wanted, texts) => number(heap, value) == Some(*wanted) || texts.text(heap, value),
            ValueTest::Compared(op, right) => number(heap, value).is_some_and(|left| op.holds(left, *right)),
            ValueTest::Constant { texts, nodes } => {
                let is_engine = matches!(heap.node_type(value), NodeType::HIDDEN | NodeType::NATIVE);
                nodes.contains(&value) || texts.text(heap, value) || is_engine && texts.name(heap, value)
            }
            ValueTest::Node(wanted) => *wanted == value,
        }
    }
}

/// The number that an object is, where the file has it: V8 puts its text behind a reference, Hermes into its name.
pub(super) fn number(heap: &Heap, node: NodeIx) -> Option<f64> {
    if heap.node_type(node) != NodeType::NUMBER {
        return None;
    }
    let text = heap.number_text(node).unwrap_or_else(|| heap.raw_name(node));
    let text = std::str::from_utf8(&text).ok()?;
    match text {
        "NaN" | "Infinity" | "-Infinity" => text.parse().ok(),
        // Rust takes `inf` and `nan` as well.
        _ => text.parse().ok().filter(|_| text.bytes().any(|byte| byte.is_ascii_digit())),
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::query;
    use crate::base::meter::Meter;
    use crate::notation::Graph;

    #[test]
    fn detached_are_nodes_of_the_dom_alone() {
        let graph = Graph::new(
            "r -a-> <div>:native!2[8]; <div> -b-> EventTargetData:native[8]; <div> -c-> Text:native[8]
            <div> -d-> HTMLElement:native[8]; <div> -e-> V8EventListener:native[8]
            r -f-> Node+/+BindingData:native!2[8]; r -g-> <p>:native!1[8]; r -h-> <i>:native[8]",
        );
        let heap = &graph.heap;
        let query = query::parse("detached").expect("a query");
        let found = query.nodes(heap, &Meter::default(), &mut |_| ()).expect("nobody cancels");
        let mut names: Vec<String> =
            found.nodes.iter().map(|&node| String::from_utf8_lossy(&heap.raw_name(node)).into_owned()).collect();
        names.sort();
        assert_eq!(names, ["Detached <div>", "Detached HTMLElement", "Detached Text"]);
    }
}
