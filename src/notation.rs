//! Graphs for tests in a few words.
//!
//! ```text
//! root -a-> x[48]; x ~b~> y:closure; y -[3]-> x      statements end with `;` or a line
//! ```
//! A node is a name, then optionally `:type` (spaces as `+`, as in all names), `!state` (detachedness), `[size]` and
//! `@script/line/column` (location), at its first mention. The first node is the root: synthetic and nameless, unless
//! it has a type. Other nodes are of type object and carry their own name; `Name#3` has the name `Name`, so that
//! several nodes can share it. Ids are 1, 3, 5 … in order of mention.
//! Edges: `-name->` property, `-[7]->` element, `$name$>` context, `=name=>` internal, `.7.>` hidden, `^name^>` shortcut,
//! `~name~>` weak.

use std::sync::Arc;

use serde_json::json;

use crate::base::ids::NodeIx;
use crate::columns::{Columns, EdgeType, NodeType};
use crate::heap::{Heap, Wants};
use crate::index::RootMode;
use crate::input::{self, Options};

/// A graph with the names of its nodes.
pub(crate) struct Graph {
    pub(crate) heap: Arc<Heap>,
    names: Vec<String>,
}

struct Node {
    node_type: String,
    size: u64,
    state: u8,
    location: Option<String>,
    edges: Vec<(EdgeType, String, usize)>,
}

impl Graph {
    pub(crate) fn new(text: &str) -> Graph {
        Graph::with(text, |_| {})
    }

    /// A graph with more in its columns than the notation can say.
    pub(crate) fn with(text: &str, change: impl FnOnce(&mut Columns)) -> Graph {
        let (mut names, mut nodes): (Vec<String>, Vec<Node>) = Default::default();
        for statement in text.split([';', '\n']).map(str::trim).filter(|statement| !statement.is_empty()) {
            let (left, rest) = statement.split_once(' ').map_or((statement, ""), |(left, rest)| (left, rest.trim()));
            let from = mention(left, &mut names, &mut nodes);
            if rest.is_empty() {
                continue;
            }
            let (arrow, right) = rest.rsplit_once("> ").unwrap_or_else(|| panic!("no arrow in {statement:?}"));
            let to = mention(right.trim(), &mut names, &mut nodes);
            let (edge_type, name) = read_arrow(arrow);
            nodes[from].edges.push((edge_type, name, to));
        }
        let json = snapshot(&names, &nodes);
        let bytes: &'static [u8] = Box::leak(json.into_bytes().into_boxed_slice());
        let watch = Arc::default();
        let options = Options { threads: 1, partial: false };
        let mut columns = input::read_bytes(bytes, &options, &watch).expect("a whole snapshot");
        change(&mut columns);
        let heap = Heap::new(columns, RootMode::All, Wants::ALL);
        heap.compute(Wants::ALL, &watch).expect("nobody cancels");
        let heap = Arc::new(heap);
        Graph { heap, names }
    }

    pub(crate) fn node(&self, name: &str) -> NodeIx {
        NodeIx::new(self.names.iter().position(|other| other == name).unwrap_or_else(|| panic!("no node {name}")))
    }

    pub(crate) fn name(&self, node: NodeIx) -> &str {
        &self.names[node.ix()]
    }

    /// `value` of every node, as `name value` with spaces between.
    pub(crate) fn all<T: std::fmt::Display>(&self, value: impl Fn(NodeIx) -> T) -> String {
        let values = self.heap.nodes().map(|node| format!("{}={}", self.name(node), value(node)));
        values.collect::<Vec<_>>().join(" ")
    }
}

fn mention(text: &str, names: &mut Vec<String>, nodes: &mut Vec<Node>) -> usize {
    let end = text.find([':', '!', '[', '@']).unwrap_or(text.len());
    let (name, details) = text.split_at(end);
    if let Some(known) = names.iter().position(|other| other == name) {
        return known;
    }
    let part = |mark: char| {
        let start = details.find(mark)? + 1;
        let part = &details[start..];
        Some(part[..part.find([':', '!', '[', ']', '@']).unwrap_or(part.len())].replace('+', " "))
    };
    let default = if names.is_empty() { "synthetic" } else { "object" };
    names.push(name.to_owned());
    nodes.push(Node {
        node_type: part(':').unwrap_or_else(|| default.into()),
        size: part('[').map_or(0, |size| size.parse().expect("a size")),
        state: part('!').map_or(0, |state| state.parse().expect("a state")),
        location: part('@'),
        edges: Vec::new(),
    });
    names.len() - 1
}

fn read_arrow(arrow: &str) -> (EdgeType, String) {
    let inner = &arrow[1..arrow.len() - 1];
    match (arrow.as_bytes()[0], inner.strip_prefix('[')) {
        (b'-', Some(element)) => (EdgeType::ELEMENT, element.trim_end_matches(']').into()),
        (b'-', None) => (EdgeType::PROPERTY, inner.into()),
        (b'$', _) => (EdgeType::CONTEXT, inner.into()),
        (b'=', _) => (EdgeType::INTERNAL, inner.into()),
        (b'.', _) => (EdgeType::HIDDEN, inner.into()),
        (b'^', _) => (EdgeType::SHORTCUT, inner.into()),
        (b'~', _) => (EdgeType::WEAK, inner.into()),
        _ => panic!("no such arrow: {arrow:?}"),
    }
}

fn snapshot(names: &[String], nodes: &[Node]) -> String {
    let mut strings = vec![String::new()];
    let mut intern = |text: &str| match strings.iter().position(|other| other == text) {
        Some(index) => index,
        None => {
            strings.push(text.to_owned());
            strings.len() - 1
        }
    };
    let (mut flat_nodes, mut flat_edges, mut locations) = (Vec::new(), Vec::new(), Vec::new());
    for (index, node) in nodes.iter().enumerate() {
        let name = if index == 0 && node.node_type == "synthetic" {
            ""
        } else {
            names[index].split('#').next().unwrap_or_default()
        };
        let node_type = NodeType::NAMES.iter().position(|other| *other == node.node_type).expect("a known type");
        let record = [
            node_type as u64,
            intern(&name.replace('+', " ")) as u64,
            index as u64 * 2 + 1,
            node.size,
            node.edges.len() as u64,
            node.state as u64,
        ];
        flat_nodes.extend(record);
        if let Some(location) = &node.location {
            locations.push(index * record.len());
            locations.extend(location.split('/').map(|number| number.parse::<usize>().expect("a number")));
        }
        for (edge_type, name, target) in &node.edges {
            let name = match edge_type.has_string_name() {
                true => intern(&name.replace('+', " ")),
                false => name.parse().expect("a number"),
            };
            flat_edges.extend([edge_type.0 as usize, name, target * record.len()]);
        }
    }
    json!({
        "snapshot": {
            "meta": {
                "node_fields": ["type", "name", "id", "self_size", "edge_count", "detachedness"],
                "node_types": [NodeType::NAMES, "string", "number", "number", "number", "number"],
                "edge_fields": ["type", "name_or_index", "to_node"],
                "edge_types": [EdgeType::NAMES, "string_or_number", "node"],
                "location_fields": ["object_index", "script_id", "line", "column"],
            },
        },
        "nodes": flat_nodes,
        "edges": flat_edges,
        "locations": locations,
        "strings": strings,
    })
    .to_string()
}
