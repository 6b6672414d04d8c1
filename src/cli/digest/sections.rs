//! The sections about the whole file.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::sha::Lines;
use super::write_value;
use crate::analysis::{aggregates as classes_of, sizes, statistics};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::contexts::Owner;
use crate::view::list::Item;
use crate::view::order::{self, Sort};
use crate::view::source::{Content, Source};

pub fn summary(heap: &Heap, file: &str, meter: &Meter) -> Result<Value> {
    let statistics = statistics::compute(heap, meter)?;
    let contexts = sizes::by_native_context(heap, meter)?;
    let native_contexts: Vec<Value> = contexts
        .contexts
        .iter()
        .map(|&(node, size)| {
            json!({
                "nodeId": heap.id(node),
                "nodeName": well_formed(&heap.name(node)),
                "attributedSize": size,
                "retainedSize": heap.retained_size(node),
                "selfSize": heap.shallow_size(node),
            })
        })
        .collect();
    let by_contexts = sizes::retained_by_contexts(heap, meter)?.unwrap_or_default();
    let interfaces: Vec<Value> = heap
        .classes()
        .interfaces
        .iter()
        .map(|interface| json!([well_formed(&interface.name), interface.count]))
        .collect();
    let samples = &heap.columns().samples;
    let live = sizes::by_sample(heap, meter)?;
    let samples = (!samples.last_assigned_ids.is_empty()).then(|| {
        json!({
            "count": samples.last_assigned_ids.len(),
            "sizes": live,
            "lastAssignedIds": samples.last_assigned_ids[..],
        })
    });
    Ok(json!({
        "file": file,
        "nodeCount": heap.node_count(),
        "edgeCount": heap.edge_count(),
        "rootId": heap.id(heap.root()),
        "totalSize": heap.total_size(),
        "maxJSObjectId": sizes::max_js_object_id(heap, meter)?,
        "statistics": {
            "total": statistics.total,
            "native": { "total": statistics.native, "typedArrays": statistics.typed_arrays },
            "v8heap": {
                "total": statistics.v8_heap() as i64,
                "code": statistics.code,
                "jsArrays": statistics.js_arrays,
                "strings": statistics.strings,
                "system": statistics.system,
            },
        },
        "nativeContexts": native_contexts,
        "sharedSize": contexts.shared,
        "noAttributionSize": contexts.unattributed,
        "retainedByContexts": {
            "contextCount": by_contexts.context_count,
            "retainedByContextSize": by_contexts.retained_size,
            "retainedByContextCount": by_contexts.retained_count,
            "notRetainedByContextSize": by_contexts.other_size,
            "notRetainedByContextCount": by_contexts.other_count,
            "totalSize": by_contexts.retained_size.saturating_add(by_contexts.other_size),
        },
        "interfaces": interfaces,
        "samples": samples,
    }))
}

pub fn aggregates(heap: &Heap, meter: &Meter) -> Result<Value> {
    aggregate_rows(heap, |_| true, meter)
}

/// The rows of the Summary for the nodes that `filter` lets through.
pub fn aggregate_rows(heap: &Heap, filter: impl Fn(NodeIx) -> bool, meter: &Meter) -> Result<Value> {
    let mut rows = classes_of::aggregate(heap, filter, meter)?;
    rows.sort_by(|a, b| order::classes(heap, Sort::BY_RETAINED, a, b));
    let records: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "key": heap.classes().key(row.class),
                "name": well_formed(heap.classes().name(row.class)),
                "count": row.count,
                "distance": row.distance,
                "self": row.shallow,
                "maxRet": row.retained.unwrap_or(0),
            })
        })
        .collect();
    Ok(json!({
        "classes": rows.len(),
        "count": rows.iter().map(|row| row.count).sum::<u64>(),
        "selfSize": rows.iter().fold(0, |sum: u64, row| sum.saturating_add(row.shallow)),
        "rows": records,
    }))
}

/// For each class the digest of its rows, in order.
pub fn instances(heap: &Heap, full: bool) -> Value {
    let classes = heap.classes();
    let mut members: Vec<Vec<NodeIx>> = vec![Vec::new(); classes.len()];
    for node in heap.nodes().filter(|&node| heap.shallow_size(node) > 0) {
        members[classes.of(node).ix()].push(node);
    }
    let mut result = Map::new();
    for (class, mut nodes) in classes.iter().zip(members) {
        if nodes.is_empty() {
            continue;
        }
        nodes.sort_by(|&a, &b| order::objects(heap, Sort::BY_RETAINED, a, b));
        let mut lines = Lines::default();
        for &node in &nodes {
            lines.push(&heap.id(node).to_string());
        }
        let mut entry = json!({ "count": nodes.len(), "digest": lines.finish() });
        if full {
            entry["ids"] = nodes.iter().map(|&node| heap.id(node)).collect();
        }
        result.insert(classes.key(class), entry);
    }
    result.into()
}

/// For each node one line with the numbers of the edges of its rows.
pub fn rows_below(heap: &Arc<Heap>, meter: &Meter) -> Result<Value> {
    let digest = |content: Content, sort: Sort| -> Result<String> {
        let source = Source::new(heap.clone(), content);
        let mut lines = Lines::default();
        for node in heap.nodes() {
            let mut list = source.below(&Item::Object(node), sort, meter)?;
            let edges = list.first(usize::MAX);
            let edges: Vec<String> = edges.iter().filter_map(Item::edge).map(|edge| edge.0.to_string()).collect();
            lines.push(&edges.join(","));
        }
        Ok(lines.finish())
    };
    Ok(json!({
        "edges": digest(Content::Containment, Sort::BY_RETAINED)?,
        "retainers": digest(Content::Retainers(None), Sort::BY_DISTANCE)?,
    }))
}

/// The columns of the node table, by name.
const COLUMNS: [&str; 15] = [
    "id",
    "type",
    "name",
    "className",
    "distance",
    "selfSize",
    "retainedSize",
    "dominator",
    "detachedness",
    "flags",
    "edgeCount",
    "retainerCount",
    "traceNodeId",
    "nativeContext",
    "location",
];

/// One value of the node table; text and numbers as in the oracle.
fn column_value(heap: &Heap, column: &str, node: NodeIx) -> Value {
    let nodes = &heap.columns().nodes;
    match column {
        "id" => heap.id(node).into(),
        "type" => heap.type_name(node).into(),
        "name" => well_formed(&heap.name(node)).into(),
        "className" => well_formed(heap.class_name(node)).into(),
        "distance" => json!(heap.distance(node)),
        "selfSize" => heap.shallow_size(node).into(),
        "retainedSize" => json!(heap.retained_size(node)),
        "dominator" => json!(heap.dominators().map(|dominators| heap.id(dominators.parent(node)))),
        "detachedness" => heap.dom().get(node).into(),
        "flags" => {
            let flags = heap.is_queriable(node) as u8
                + 2 * heap.is_detached_dom_node(node) as u8
                + 4 * heap.is_page_object(node) as u8;
            flags.into()
        }
        "edgeCount" => nodes.edges(node).len().into(),
        "retainerCount" => json!(heap.retainers().map(|retainers| retainers.count(node))),
        "traceNodeId" => nodes.trace_node(node).into(),
        "nativeContext" => match heap.native_contexts(&Meter::default()).map(|contexts| contexts.owner(node)) {
            Ok(Owner::Context(context)) => heap.id(context).into(),
            Ok(Owner::Shared) => (-2).into(),
            _ => (-1).into(),
        },
        _ => heap
            .location(node)
            .map_or_else(String::new, |place| format!("{}:{}:{}", place.script_id, place.line, place.column))
            .into(),
    }
}

pub fn nodes(heap: &Heap, meter: &Meter) -> Result<Value> {
    heap.native_contexts(meter)?;
    let mut digests = Map::new();
    for column in COLUMNS {
        let mut lines = Lines::default();
        for node in heap.nodes() {
            match column_value(heap, column, node) {
                Value::String(text) => lines.push_text(&text),
                other => lines.push(&other.to_string()),
            }
        }
        digests.insert(column.into(), lines.finish().into());
    }
    Ok(json!({ "count": heap.node_count(), "digests": digests }))
}

/// The columns themselves, as one more section.
pub fn write_columns(heap: &Heap, out: &mut dyn Write) -> io::Result<()> {
    write!(out, ",\n\"columns\": {{")?;
    for (number, column) in COLUMNS.into_iter().enumerate() {
        write!(out, "{}\n\"{column}\": [", if number > 0 { "," } else { "" })?;
        for node in heap.nodes() {
            if node.0 > 0 {
                write!(out, ",")?;
            }
            write_value(out, &column_value(heap, column, node))?;
        }
        write!(out, "]")?;
    }
    write!(out, "\n}}")
}
