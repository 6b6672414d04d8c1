//! A query and a heap → a test for each object. What is the same for all objects is found out here, once.

use std::sync::atomic::AtomicU64;

use rustc_hash::FxHashMap;

use super::hits;
use super::language::{Condition, Expr, Field, Matcher, Place, Script, Value};
use super::ropes::Ropes;
use super::test::{RootEdges, Test, Texts, ValueTest};
use super::walks;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::{EdgeType, Location, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::scripts;

pub(super) struct Preparation<'a> {
    pub heap: &'a Heap,
    pub meter: &'a Meter,
}

impl Preparation<'_> {
    /// The test that an expression is; of parts that are joined the cheapest comes first.
    pub(super) fn expr(&self, expr: &Expr) -> Result<Test> {
        let parts = |parts: &[Expr]| -> Result<Vec<Test>> {
            let mut tests = parts.iter().map(|part| self.expr(part)).collect::<Result<Vec<Test>>>()?;
            tests.sort_by_key(Test::cost);
            Ok(tests)
        };
        Ok(match expr {
            Expr::All(all) => Test::All(parts(all)?),
            Expr::Any(any) => Test::Any(parts(any)?),
            Expr::Not(part) => Test::Not(Box::new(self.expr(part)?)),
            Expr::Is(condition) => self.condition(condition)?,
        })
    }

    fn condition(&self, condition: &Condition) -> Result<Test> {
        let heap = self.heap;
        Ok(match condition {
            Condition::Anywhere(matcher) => {
                Test::Anywhere { properties_say_all: matcher.is_of_word(), texts: self.texts(matcher)? }
            }
            Condition::Class(matcher) => Test::Classes(self.classes(matcher)),
            Condition::Type(matcher) => Test::Types(self.types(matcher)),
            Condition::Name(matcher) => Test::Name(self.texts(matcher)?),
            Condition::Text(matcher) => Test::Text(self.texts(matcher)?),
            Condition::Has(matcher) => Test::Has(hits::of(&heap.columns().strings, matcher, self.meter)?),
            Condition::Property { name, value } => {
                let names = hits::of(&heap.columns().strings, &Matcher::Is(name.clone()), self.meter)?;
                let number = std::str::from_utf8(name).ok().and_then(|name| name.parse::<u64>().ok());
                // `01` is a name, no number.
                let element = number.filter(|number| number.to_string().as_bytes() == &**name);
                Test::Property { names, element, value: self.value(value)? }
            }
            Condition::Number(field, bound) => match field {
                Field::Shallow => Test::Shallow(*bound),
                Field::Retained => Test::Retained(*bound),
                Field::Distance => Test::Distance(*bound),
                Field::References => Test::References(*bound),
                Field::Retainers => Test::Retainers(*bound, RootEdges::of(heap)),
            },
            Condition::Detached => Test::Detached,
            Condition::Place(place) => Test::Nodes(self.places(place)?),
            Condition::Dominated(id) => Test::Nodes(walks::dominated(heap, heap.require_id(*id)?, self.meter)?),
            Condition::Reachable(id) => Test::Nodes(walks::reachable(heap, heap.require_id(*id)?, self.meter)?),
            Condition::Id(id) => Test::Node(heap.require_id(*id)?),
        })
    }

    fn texts(&self, matcher: &Matcher) -> Result<Texts> {
        let hits = hits::of(&self.heap.columns().strings, matcher, self.meter)?;
        Ok(Texts { matcher: matcher.clone(), hits, ropes: Ropes::new(self.heap), unfinished: AtomicU64::new(0) })
    }

    fn value(&self, value: &Value) -> Result<ValueTest> {
        Ok(match value {
            Value::Text(matcher) => ValueTest::Text(self.texts(matcher)?),
            Value::Number(number, matcher) => ValueTest::Number(*number, self.texts(matcher)?),
            Value::Compared(op, number) => ValueTest::Compared(*op, *number),
            Value::Constant(constant, matcher) => {
                ValueTest::Constant { texts: self.texts(matcher)?, nodes: oddballs(self.heap, constant) }
            }
            Value::Object(id) => ValueTest::Node(self.heap.require_id(*id)?),
        })
    }

    fn classes(&self, matcher: &Matcher) -> Bits {
        let classes = self.heap.classes();
        let mut found = Bits::new(classes.len());
        for class in classes.iter().filter(|&class| matcher.matches(classes.name(class))) {
            found.insert(class.ix());
        }
        found
    }

    fn types(&self, matcher: &Matcher) -> Box<[bool; 256]> {
        let types = &self.heap.columns().types;
        let known = NodeType::NAMES.len() + types.other_nodes.len();
        let fits = |number: usize| number < known && matcher.matches(types.node(NodeType(number as u8)).as_bytes());
        Box::new(std::array::from_fn(fits))
    }

    /// The objects whose function or class stands in a place.
    fn places(&self, place: &Place) -> Result<Bits> {
        let mut nodes = Bits::new(self.heap.node_count());
        let mut known: FxHashMap<Location, bool> = FxHashMap::default();
        let mut scripts: FxHashMap<u32, bool> = FxHashMap::default();
        for (index, (node, location)) in self.heap.columns().locations.iter().enumerate() {
            self.meter.check_at(index)?;
            let is_there = || self.is_at(place, location, &mut scripts);
            if place.is_at(location) && *known.entry(location).or_insert_with(is_there) {
                nodes.insert(node.ix());
            }
        }
        Ok(nodes)
    }

    fn is_at(&self, place: &Place, location: Location, scripts: &mut FxHashMap<u32, bool>) -> bool {
        let Location { script_id, line, column } = location;
        let name = || self.heap.script_name(script_id).map(|name| well_formed(&name).into_owned());
        match &place.script {
            Script::Number(number) => *number == script_id,
            Script::Named(wanted) => *scripts
                .entry(script_id)
                .or_insert_with(|| name().is_some_and(|name| scripts::is_called(&name, wanted))),
            Script::Like(matcher) => {
                let name = name().unwrap_or_else(|| format!("script {script_id}"));
                matcher.matches(format!("{name}:{}:{}", u64::from(line) + 1, u64::from(column) + 1).as_bytes())
            }
        }
    }
}

/// The nodes that are one of the values that an engine has once, where they are all called `system / Oddball`: roots
/// of V8 up to Node 20 refer to them by `true_value`.
fn oddballs(heap: &Heap, constant: &str) -> Vec<NodeIx> {
    let oddball = &heap.known().oddball;
    if oddball.first().is_none() {
        return Vec::new();
    }
    let name = format!("{constant}_value");
    let roots = heap.nodes().filter(|&node| heap.node_type(node) == NodeType::SYNTHETIC);
    let edges = roots.flat_map(|root| heap.columns().edges_of(root));
    let is_oddball = |node: &NodeIx| oddball.contains(heap.columns().nodes.name(*node));
    let named = edges.filter(|&edge| heap.edge_type(edge) == EdgeType::INTERNAL);
    let named = named.filter(|&edge| is_oddball(&heap.target(edge)) && *heap.edge_name(edge) == *name.as_bytes());
    let mut found: Vec<NodeIx> = named.map(|edge| heap.target(edge)).collect();
    found.sort_unstable();
    found.dedup();
    found
}
