//! What belongs to the program rather than to the engine, its runtime or its libraries in the engine: functions and
//! objects of classes that stand in a script of the program, and plain objects (`{a, b}`, arrays, Maps …) that these
//! or the variables of such functions refer to.
//!
//! A script is the program's own unless its name is one of the runtime's: `node:fs`, `internal/util.js`. A package in
//! `node_modules` is the program's own: it was chosen.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType, Producer, V8};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// How scripts of runtimes begin: Node.js, its releases before 15, Deno, Bun, Hermes, Chromium, V8 (`v8/gc`).
const RUNTIMES: [&[u8]; 9] =
    [b"node:", b"internal/", b"ext:", b"bun:", b"builtin:", b"InternalBytecode", b"extensions::", b"native ", b"v8/"];
/// Properties that tell whether an object is a module of the runtime.
const LOOKED_AT: usize = 16;

/// The program's own objects; nothing where the file does not name the script of any function.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn nodes(heap: &Heap, meter: &Meter) -> Result<Option<Bits>> {
    let mut nodes = Bits::new(heap.node_count());
    let knows = each(heap, meter, |node, _| {
        nodes.insert(node.ix());
    })?;
    Ok(knows.then_some(nodes))
}

/// Hands on the program's own objects, each with the nearest one that stands in a script and leads to it: itself where
/// it does, the first in the file where several are as near. Whether the file names the script of any function.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn each(heap: &Heap, meter: &Meter, mut take: impl FnMut(NodeIx, NodeIx)) -> Result<bool> {
    let mut own = Own { heap, scripts: FxHashMap::default(), reached: Bits::new(heap.node_count()) };
    // In the order of the file: what one leads to in so many steps comes before what the next leads to in as many.
    let mut open = VecDeque::new();
    for (index, (node, _)) in heap.columns().locations.iter().enumerate() {
        meter.check_at(index)?;
        if node.ix() < heap.node_count() && own.stands_in_program(node) == Some(true) {
            own.reached.insert(node.ix());
            take(node, node);
            open.push_back((node, node));
        }
    }
    own.spread(open, meter, take)?;
    Ok(own.scripts.keys().any(|&script| heap.script_name(script).is_some()))
}

struct Own<'a> {
    heap: &'a Heap,
    /// Whether a script, by its number, is the program's own.
    scripts: FxHashMap<u32, bool>,
    /// What has been looked at.
    reached: Bits,
}

impl Own<'_> {
    /// Whether a function or class stands in a script of the program; nothing where it has no place.
    fn stands_in_program(&mut self, node: NodeIx) -> Option<bool> {
        let heap = self.heap;
        let script = heap.location(node)?.script_id;
        let of_script = || heap.script_name(script).is_some_and(|name| is_own_script(heap.producer(), &name));
        Some(*self.scripts.entry(script).or_insert_with(of_script))
    }

    /// Goes on from own objects, over what the engine puts between, to plain objects.
    fn spread(
        &mut self,
        mut open: VecDeque<(NodeIx, NodeIx)>,
        meter: &Meter,
        mut take: impl FnMut(NodeIx, NodeIx),
    ) -> Result<()> {
        let heap = self.heap;
        for global in heap.globals(meter)? {
            self.reached.insert(global.object.ix());
        }
        let mut looked_at = 0;
        while let Some((node, from)) = open.pop_front() {
            for edge in heap.columns().edges_of(node) {
                looked_at += 1;
                meter.check_at(looked_at)?;
                let target = heap.target(edge);
                let leads_on = match heap.edge_type(edge) {
                    EdgeType::WEAK | EdgeType::SHORTCUT => false,
                    // What all objects of a class share is no part of one of them.
                    EdgeType::PROPERTY => !heap.known().proto.contains(heap.columns().edges.name(edge)),
                    _ => true,
                };
                if !leads_on || !self.reached.insert(target.ix()) {
                    continue;
                }
                match self.kind(target) {
                    Kind::Plain => {
                        take(target, from);
                        open.push_back((target, from));
                    }
                    Kind::Between => open.push_back((target, from)),
                    Kind::Foreign => {}
                }
            }
        }
        Ok(())
    }

    fn kind(&mut self, node: NodeIx) -> Kind {
        let heap = self.heap;
        let columns = heap.columns();
        let name = columns.strings.get(columns.nodes.name(node));
        match heap.node_type(node) {
            NodeType::ARRAY => Kind::Between,
            NodeType::OBJECT if naming::is_context(&name) => Kind::Between,
            NodeType::OBJECT if name.starts_with(b"system / ") => Kind::Foreign,
            NodeType::OBJECT if self.stands_in_program(node).is_none() && !self.is_module_of_runtime(node) => {
                Kind::Plain
            }
            _ => Kind::Foreign,
        }
    }

    /// Whether the functions that an object has as properties are the runtime's: `require('fs')`.
    fn is_module_of_runtime(&mut self, node: NodeIx) -> bool {
        let heap = self.heap;
        let functions = heap.columns().edges_of(node).filter(|&edge| heap.edge_type(edge) == EdgeType::PROPERTY);
        let functions = functions.map(|edge| heap.target(edge)).filter(|&to| heap.node_type(to) == NodeType::CLOSURE);
        let (mut own, mut foreign) = (0, 0);
        for function in functions.take(LOOKED_AT) {
            match self.stands_in_program(function) {
                Some(true) => own += 1,
                _ => foreign += 1,
            }
        }
        foreign > own
    }
}

/// What an object is to the program.
enum Kind {
    Plain,
    /// Something of the engine that only leads on.
    Between,
    /// The engine's or the runtime's.
    Foreign,
}

/// Whether a script is the program's own.
pub(crate) fn is_own_script(producer: Producer, name: &[u8]) -> bool {
    if name.is_empty() || RUNTIMES.iter().any(|runtime| name.starts_with(runtime)) {
        return false;
    }
    // Up to Node 14 the runtime's own scripts are `fs.js`, those of programs have their whole path.
    let is_old_node = matches!(producer, Producer::Node(V8::V6 | V8::V7To8));
    !is_old_node || name.iter().any(|&byte| matches!(byte, b'/' | b'\\' | b'<' | b'['))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;
    use crate::testing::demo;

    #[test]
    fn own_are_functions_and_classes_of_scripts_of_the_program_and_plain_objects_behind_them() {
        let graph = Graph::new(
            "r -a-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app.js:code; r -c-> Cart@1/9/1
             r -n-> g:closure@2/2/3; g =shared=> gs:code; gs =script=> internal/fs.js:code; g -plain-> theirs
             f =context=> system+/+Context; system+/+Context $map$> Map; Map =table=> t:array; t =6=> entry
             Cart -items-> items; items -x-> Socket@2/7/7; Socket -deep-> deep; Cart -__proto__-> proto
             system+/+Context $fs$> fs_module; fs_module -read-> g; Cart ~w~> weak; r -weak-> weak",
        );
        let own = nodes(&graph.heap, &Meter::default()).expect("nobody cancels").expect("places");
        let names: Vec<&str> =
            graph.heap.nodes().filter(|node| own.contains(node.ix())).map(|node| graph.name(node)).collect();
        assert_eq!(names, ["f", "Cart", "Map", "entry", "items"]);
    }

    #[test]
    fn a_file_without_places_does_not_tell() {
        let graph = Graph::new("r -a-> f:closure; f -b-> Cart");
        assert!(nodes(&graph.heap, &Meter::default()).expect("nobody cancels").is_none());
    }

    #[test]
    fn scripts_of_runtimes_are_not_own() {
        let node = Producer::Node(V8::V12);
        let own = |name: &str| is_own_script(node, name.as_bytes());
        assert!(own("/srv/app/server.js") && own("file:///srv/app.mjs") && own("/srv/node_modules/x/index.js"));
        assert!(own("webpack-internal:///./src/a.ts") && own("evalmachine.<anonymous>"));
        assert!(
            !own("node:internal/timers")
                && !own("internal/util.js")
                && !own("v8/gc")
                && !own("ext:core/01_core.js")
                && !own("")
        );
        assert!(!is_own_script(Producer::Node(V8::V7To8), b"events.js") && own("events.js"));
    }

    #[test]
    fn the_largest_own_classes_of_a_real_program_are_its_own() {
        let heap = demo();
        let own = nodes(&heap, &Meter::default()).expect("nobody cancels").expect("places");
        let has =
            |class: &str| heap.nodes().any(|node| own.contains(node.ix()) && heap.class_name(node) == class.as_bytes());
        assert!(["Session", "SessionStore", "Supplier", "Array", "Map"].into_iter().all(has));
        assert!(!["Timeout", "process", "Module", "(string)", "system / Context"].into_iter().any(has));
    }
}
