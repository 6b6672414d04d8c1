//! What is inside objects of real heaps, against what the programs that wrote them said.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;
use crate::columns::{EdgeType, NodeType};

/// What a writer leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    /// V8 up to 14: no small numbers; of others that they are numbers, but not which.
    V8,
    /// V8 15: all numbers, but none in tables.
    V8To15,
    /// Hermes: no booleans.
    Hermes,
    Bun,
}

struct Fixture {
    heap: Arc<Heap>,
    truth: Value,
    engine: Engine,
    name: &'static str,
}

fn fixture(name: &'static str, engine: Engine) -> Fixture {
    // Others than the stored ones, which are small: see the README there.
    let other = std::env::var_os("HEAPWALK_INSIDE").map(PathBuf::from);
    let folder = other.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/inside"));
    let read = |end: &str| {
        let path = folder.join(format!("{name}.{end}"));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let heap = crate::testing::whole(Vec::leak(read("heapsnapshot.zst")));
    let truth = zstd::decode_all(&read("json.zst")[..]).expect("a packed truth");
    Fixture { heap, truth: serde_json::from_slice(&truth).expect("JSON"), engine, name }
}

impl Fixture {
    /// The objects of the program by their names.
    fn objects(&self) -> Vec<(String, NodeIx)> {
        let heap = &*self.heap;
        let names = |node: NodeIx| {
            let edges = heap.columns().edges_of(node).filter(|&edge| heap.edge_type(edge) == EdgeType::PROPERTY);
            edges.map(|edge| (String::from_utf8_lossy(&heap.edge_name(edge)).into_owned(), heap.target(edge)))
        };
        let has = |node: NodeIx, wanted: &str| heap.target_named(node, EdgeType::PROPERTY, wanted).is_some();
        let inside = heap.nodes().find(|&node| has(node, "bigMap") && has(node, "mapOfKinds") && has(node, "bigSet"));
        names(inside.expect("the object of the program")).collect()
    }

    /// What a value is, in the program's words; `?` for numbers of which the file does not say which they are.
    fn said(&self, node: NodeIx) -> String {
        let heap = &*self.heap;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match heap.node_type(node) {
            NodeType::NUMBER => {
                let number = heap.number_text(node).or_else(|| {
                    let is_named = self.engine == Engine::Hermes;
                    is_named.then(|| heap.raw_name(node))
                });
                number.map_or("number ?".into(), |number| format!("number {}", text(&number)))
            }
            NodeType::STRING | NodeType::CONS_STRING => serde_json::to_string(&text(&heap.name(node))).expect("JSON"),
            NodeType::CLOSURE => {
                let name = text(&heap.raw_name(node));
                format!("{}()", name.trim_start_matches("get ").trim_start_matches("set "))
            }
            NodeType::SYMBOL => match heap.target_named(node, EdgeType::INTERNAL, "name") {
                Some(name) => format!("Symbol({})", text(&heap.name(name))),
                None => "Symbol()".into(),
            },
            _ => match heap.primitive_text(node) {
                Some(value) => text(&value),
                None => text(heap.class_name(node)).split(['(', '@']).next().unwrap_or_default().trim().into(),
            },
        }
    }

    /// The parts as the program says them, without prototypes and what `wanted` does not want.
    fn parts(&self, answer: &Answer, wanted: impl Fn(PartRole) -> bool) -> Vec<Vec<String>> {
        let heap = &*self.heap;
        let mut list = answer.list.clone();
        let table = list.table().clone();
        let rows = list.first(usize::MAX).to_vec();
        let parts = rows.into_iter().map(|row| {
            let part = answer.parts[row_place(row)];
            (part, table.record(row))
        });
        let said = |(part, record): (Part, Record)| {
            let value = self.said(part.object(heap));
            let key = record["key"].as_str().unwrap_or("?").to_owned();
            let key = match part.key {
                Key::Node(node) if matches!(part.role, PartRole::Entry | PartRole::Slot(Slot::HeldValue)) => {
                    self.said(node)
                }
                _ => match key.strip_prefix("<symbol ") {
                    Some(rest) => format!("Symbol({})", rest.trim_end_matches('>')),
                    None => key,
                },
            };
            match part.role {
                PartRole::Member => vec![value],
                PartRole::EntryOfKey => vec![value, "?".into()],
                _ => vec![key, value],
            }
        };
        parts.filter(|(part, _)| part.role != PartRole::Prototype && wanted(part.role)).map(said).collect()
    }

    /// What the file can hold of an expected value: nothing of what it leaves out.
    fn told(&self, value: &str, in_table: bool) -> Option<String> {
        let (kind, rest) = value.split_once(' ').unwrap_or((value, ""));
        let is_oddball = matches!(value, "true" | "false" | "undefined" | "null");
        match self.engine {
            // Tables of V8 hold none of these; of WeakMaps V8 15 names all values.
            Engine::V8 | Engine::V8To15 if in_table && (kind == "int" || is_oddball) => None,
            Engine::V8 if kind == "int" => None,
            Engine::V8 if kind == "number" => Some("number ?".into()),
            Engine::Bun if kind == "int" || kind == "number" || is_oddball => None,
            Engine::V8 if kind == "weak" => None,
            // V8 15 names all values of WeakMaps.
            _ if kind == "weak" => Some(rest.replace("int", "number")),
            _ if kind == "int" => Some(format!("number {rest}")),
            _ => Some(value.into()),
        }
    }

    /// The expected parts as far as the file can hold them.
    fn expected(&self, list: &Value, in_table: bool) -> Vec<Vec<String>> {
        let lists = list.as_array().expect("a list").iter();
        let part = |part: &Value| {
            let texts: Vec<&str> =
                part.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect();
            match texts[..] {
                [member] => self.told(member, in_table).map(|member| vec![member]),
                [key, value] if in_table => match (self.told(key, true), self.told(value, true)) {
                    (None, None) => None,
                    (key, value) => Some(vec![key.unwrap_or("?".into()), value.unwrap_or("?".into())]),
                },
                [key, value] => self.told(value, false).map(|value| vec![key.to_owned(), value]),
                _ => panic!("what is {part}?"),
            }
        };
        lists.filter_map(part).collect()
    }

    fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let objects = self.objects();
        let truth = self.truth.as_object().expect("names");
        for (name, truth) in truth {
            let Some(&(_, node)) = objects.iter().find(|(other, _)| other == name) else {
                wrong.push(format!("{name}: not in the file"));
                continue;
            };
            match answer(&self.heap, node, &Meter::default()).expect("nobody cancels") {
                Some(answer) => wrong.extend(self.wrong(name, truth, &answer)),
                // V8 7 and 8 do not name proxies.
                None if self.name == "node12" && name == "proxy" => {}
                None => wrong.push(format!("{name}: the engine's own")),
            }
        }
        wrong
    }

    fn wrong(&self, name: &str, truth: &Value, answer: &Answer) -> Vec<String> {
        let record = answer.record(0);
        let mut wrong = Vec::new();
        let mut equal = |what: &str, is: &Value, should: &Value| {
            if is != should {
                wrong.push(format!("{name}: {what} is {is}, not {should}: {answer}"));
            }
        };
        let kind = truth["kind"].as_str().expect("a kind");
        equal("kind", &record["kind"], &kind_word(kind).into());
        let is_collection = ["map", "set", "weakMap", "weakSet", "iterator", "finalizationRegistry"];
        let in_table = is_collection.contains(&kind_word(kind));
        for (field, own) in [("message", "message"), ("source", "source"), ("delay", "delay")] {
            let is_untold = field == "message" && self.engine == Engine::Hermes;
            if let Some(should) = truth.get(field).filter(|_| !is_untold) {
                equal(field, record.get(own).unwrap_or(&Value::Null), should);
            }
        }
        if let Some(bytes) =
            truth.get("pins").filter(|_| record.get("memory").is_some_and(|memory| memory["inObject"] == false))
        {
            equal("pinned bytes", &record["memory"]["bytes"], bytes);
        }
        for field in ["callback", "function"] {
            if let Some(should) = truth.get(field).filter(|_| record.contains_key(field)) {
                equal(field, &record[field]["name"], should);
            }
        }
        // Of pages without their events.
        for listener in truth.get("listeners").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            let is_there = self
                .parts(answer, |role| role == PartRole::Listener)
                .iter()
                .any(|part| part[1] == format!("{listener}()"));
            equal(listener, &is_there.into(), &true.into());
        }
        if let Some(should) = truth.get("waits") {
            equal("waits", record.get("waits").unwrap_or(&Value::Null), should);
        }
        self.check_length(truth, &record, &mut equal);
        self.check_state(truth, &record, &mut equal);
        for (field, wanted) in [
            ("entries", &(|role| is_entry(role, in_table)) as &dyn Fn(PartRole) -> bool),
            ("variables", &|role| matches!(role, PartRole::Variable)),
            ("listeners", &|role| role == PartRole::Listener),
        ] {
            let Some(list) = truth.get(field).filter(|list| list[0].is_array() || list == &&Value::Array(vec![]))
            else {
                continue;
            };
            let mut is = self.parts(answer, wanted);
            let mut should = self.expected(list, in_table);
            self.lower(name, &is, &mut should);
            is.retain(|part| !is_beside(kind, part) || should.contains(part));
            if truth.get("unordered").is_some() || !in_table {
                is.sort();
                should.sort();
            }
            if field == "variables" {
                // Those of the scopes around are there too.
                is.retain(|part| should.contains(part));
            }
            if is != should {
                let place =
                    is.iter().zip(&should).position(|(is, should)| is != should).unwrap_or(is.len().min(should.len()));
                let (a, b) = (is.get(place), should.get(place));
                equal(
                    field,
                    &format!("{} with {a:?} at {place}", is.len()).into(),
                    &format!("{} with {b:?}", should.len()).into(),
                );
            }
        }
        wrong
    }

    /// What the file does not say of what is expected.
    fn lower(&self, name: &str, is: &[Vec<String>], should: &mut Vec<Vec<String>>) {
        // Numbers with fractions have a store of their own.
        if name == "arrayOfDoubles" && matches!(self.engine, Engine::V8 | Engine::V8To15) {
            should.clear();
        }
        let is_nameless = is.iter().any(|part| part[0] == "<symbol>");
        for part in should.iter_mut() {
            if part[0] == "reason" && self.engine != Engine::Hermes {
                part[0] = "value".into();
            }
            if self.engine == Engine::Hermes && part[0].starts_with("Symbol(") {
                part[0] = "Symbol()".into();
            }
            // V8 7 and 8 do not name symbols.
            if is_nameless && (part[0].starts_with("Symbol(") || part[0].starts_with('#')) {
                part[0] = "<symbol>".into();
            }
        }
    }

    fn check_length(&self, truth: &Value, record: &Record, equal: &mut dyn FnMut(&str, &Value, &Value)) {
        let Some(size) = truth.get("size") else { return };
        match record["kind"].as_str() {
            Some("array") => {
                let within = record["lengthAtLeast"].as_u64() <= size.as_u64()
                    && record["lengthAtMost"].as_u64().is_none_or(|most| Some(most) >= size.as_u64());
                equal("length", &within.into(), &true.into());
            }
            // Of what they show themselves, files do not speak.
            Some("view") => {}
            _ => {
                let in_table = truth.get("entries").map(|list| self.expected(list, true).len());
                equal("size", record.get("size").unwrap_or(&Value::Null), &in_table.map_or(size.clone(), Value::from));
            }
        }
    }

    fn check_state(&self, truth: &Value, record: &Record, equal: &mut dyn FnMut(&str, &Value, &Value)) {
        let Some(state) = truth.get("state").and_then(Value::as_str) else { return };
        let told = match (state, self.engine) {
            ("finished" | "suspended", _) => {
                return equal("over", record.get("over").unwrap_or(&Value::Null), &(state == "finished").into());
            }
            (_, Engine::Hermes) => state,
            ("pending", _) if truth["waits"] == 0 => "unknown",
            ("pending", _) => state,
            _ => "settled",
        };
        equal("state", record.get("state").unwrap_or(&Value::Null), &told.into());
    }
}

/// What objects of a kind have beside what the program says of them.
fn is_beside(kind: &str, part: &[String]) -> bool {
    let names: &[&str] = match kind {
        "Arguments" => &["callee", "Symbol.iterator"],
        "Map" | "Set" | "WeakMap" | "WeakSet" => &[],
        "FinalizationRegistry" => &["cleanup"],
        "bound" => &["length", "name", "get caller", "set caller", "get arguments", "set arguments"],
        "Timeout" | "Immediate" | "EventEmitter" => &[],
        _ => &["buffer", "memory", "get stack", "set stack"],
    };
    names.contains(&part[0].as_str())
}

fn kind_word(kind: &str) -> &'static str {
    match kind {
        "Map" => "map",
        "Set" => "set",
        "WeakMap" => "weakMap",
        "WeakSet" => "weakSet",
        "Array" | "Arguments" => "array",
        "Object" => "object",
        "String" => "boxed",
        "ArrayBuffer" => "arrayBuffer",
        "closure" => "function",
        "bound" => "boundFunction",
        "Proxy" => "proxy",
        "Promise" => "promise",
        "generator" => "suspendedFunction",
        "Error" => "error",
        "Date" => "date",
        "RegExp" => "regexp",
        "iterator" => "iterator",
        "WeakRef" => "weakRef",
        "FinalizationRegistry" => "finalizationRegistry",
        "Timeout" | "Immediate" => "timer",
        "EventEmitter" | "AbortSignal" => "emitter",
        "element" => "element",
        _ => "view",
    }
}

fn is_entry(role: PartRole, in_table: bool) -> bool {
    match role {
        PartRole::Variable | PartRole::Listener => false,
        PartRole::Property => !in_table,
        _ => true,
    }
}

fn row_place(row: crate::view::row::RowIx) -> usize {
    crate::view::tables::inside::place_of(row)
}

/// Each object of the program has inside what the program says, as far as its file can hold it.
fn check(name: &'static str, engine: Engine) {
    let wrong = fixture(name, engine).check();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

#[test]
fn objects_of_node_12_have_inside_what_their_program_put_there() {
    check("node12", Engine::V8);
}

#[test]
fn objects_of_node_16_have_inside_what_their_program_put_there() {
    check("node16", Engine::V8);
}

#[test]
fn objects_of_node_20_have_inside_what_their_program_put_there() {
    check("node20", Engine::V8);
}

#[test]
fn objects_of_node_22_have_inside_what_their_program_put_there() {
    check("node22", Engine::V8);
}

#[test]
fn objects_of_node_24_have_inside_what_their_program_put_there() {
    check("node24", Engine::V8);
}

#[test]
fn objects_of_node_26_have_inside_what_their_program_put_there() {
    check("node26", Engine::V8);
}

#[test]
fn objects_of_chromium_have_inside_what_their_program_put_there() {
    check("chromium", Engine::V8To15);
}

#[test]
fn objects_of_hermes_have_inside_what_their_program_put_there() {
    check("hermes", Engine::Hermes);
}

#[test]
fn objects_of_bun_have_inside_what_their_program_put_there() {
    // The references of its engine have no names, and what stands in its tables it does not show.
    let told = [
        "array",
        "pushedArray",
        "holedArray",
        "emptyArray",
        "subclassOfArray",
        "instance",
        "privateFields",
        "dictionary",
    ];
    let fixture = fixture("bun", Engine::Bun);
    let wrong: Vec<String> = fixture.check();
    let is_told = |wrong: &&String| told.iter().any(|name| wrong.starts_with(&format!("{name}: ")));
    assert_eq!(wrong.iter().filter(is_told).collect::<Vec<_>>(), Vec::<&String>::new());
    let objects = fixture.objects();
    let of = |name: &str| objects.iter().find(|(other, _)| other == name).map(|&(_, node)| node).expect("an object");
    let said =
        |name| answer(&fixture.heap, of(name), &Meter::default()).expect("nobody cancels").expect("known").to_string();
    assert_eq!(said("bigMap"), "Map: this file does not show what is in it");
    assert_eq!(said("array"), "Array: 3 elements or more");
}
