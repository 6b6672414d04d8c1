//! The sections about the whole file.

use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::sha::Lines;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::grouping::Part;
use crate::analysis::{aggregates as classes_of, sizes, statistics};
use crate::base::ids::{NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;
use crate::index::contexts::Owner;
use crate::view::list::List;
use crate::view::spec::Sort;
use crate::view::table::Level;
use crate::view::tables::classes::{Classes, class_of};
use crate::view::tables::objects::Objects;
use crate::view::tables::references::References;
use crate::view::tables::retainers::Retainers;

pub(super) fn summary(heap: &Heap, file: &str, meter: &Meter) -> Result<Value> {
    let statistics = statistics::compute(heap, meter)?;
    let contexts = sizes::by_native_context(heap, meter)?;
    let native_contexts: Vec<Value> =
        contexts.contexts.iter().map(|&(node, size)| native_context(heap, node, size)).collect();
    let by_contexts = sizes::retained_by_contexts(heap, meter)?.unwrap_or_default();
    let interfaces: Vec<Value> = heap
        .classes()
        .interfaces
        .iter()
        .map(|interface| json!([well_formed(&interface.name), interface.count]))
        .collect();
    let live = sizes::by_sample(heap, meter)?;
    let samples = &heap.columns().samples;
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

/// A native context, and what is attributed to it.
fn native_context(heap: &Heap, node: NodeIx, size: u64) -> Value {
    json!({
        "nodeId": heap.id(node),
        "nodeName": well_formed(&heap.name(node)),
        "attributedSize": size,
        "retainedSize": heap.retained_size(node),
        "selfSize": heap.shallow_size(node),
    })
}

pub(super) fn aggregates(heap: &Arc<Heap>, meter: &Meter) -> Result<Value> {
    aggregate_rows(heap, |_| true, meter)
}

/// The rows of the Summary for the nodes that `filter` lets through.
pub(super) fn aggregate_rows(heap: &Arc<Heap>, filter: impl Fn(NodeIx) -> bool + Sync, meter: &Meter) -> Result<Value> {
    let sums = classes_of::aggregate(heap, filter, meter)?;
    let by_class: FxHashMap<ClassIx, Aggregate> = sums.iter().map(|sum| (sum.class, *sum)).collect();
    let mut list = List::new(Classes::level(heap.clone(), sums.into(), Part::All), Sort::BY_RETAINED, meter)?;
    let rows: Vec<Aggregate> = list.first(usize::MAX).iter().map(|&row| by_class[&class_of(row)]).collect();
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
pub(super) fn instances(heap: &Arc<Heap>, full: bool) -> Result<Value> {
    let classes = heap.classes();
    let mut members: Vec<Vec<NodeIx>> = vec![Vec::new(); classes.len()];
    for node in heap.nodes().filter(|&node| heap.shallow_size(node) > 0) {
        members[classes.of(node).ix()].push(node);
    }
    let mut result = Map::new();
    for (class, nodes) in classes.iter().zip(members).filter(|(_, nodes)| !nodes.is_empty()) {
        let ids = ids(Objects::level(heap.clone(), nodes), Sort::BY_RETAINED)?;
        let mut entry = json!({ "count": ids.len(), "digest": digest(ids.iter().map(ToString::to_string)) });
        if full {
            entry["ids"] = ids.into();
        }
        result.insert(classes.key(class), entry);
    }
    Ok(result.into())
}

/// The ids of the objects of a level, in an order.
pub(super) fn ids(level: Level, sort: Sort) -> Result<Vec<ObjectId>> {
    let mut list = List::new(level, sort, &Meter::default())?;
    let table = list.table().clone();
    let id = |&row: &_| table.node(row).map(|node| table.heap_of(row).id(node));
    Ok(list.first(usize::MAX).iter().filter_map(id).collect())
}

/// The digest of some lines.
pub(super) fn digest(texts: impl Iterator<Item = String>) -> String {
    let mut lines = Lines::default();
    texts.for_each(|text| lines.push(&text));
    lines.finish()
}

/// For each node one line with the numbers of the edges of its rows.
pub(super) fn rows_below(heap: &Arc<Heap>, meter: &Meter) -> Result<Value> {
    let all = |level: &dyn Fn(NodeIx) -> Result<Level>, sort: Sort| -> Result<String> {
        let mut lines = Lines::default();
        for node in heap.nodes() {
            let mut list = List::new(level(node)?, sort, meter)?;
            let table = list.table().clone();
            let edge = |&row: &_| table.edge(row).map(|edge| edge.0.to_string());
            lines.push(&list.first(usize::MAX).iter().filter_map(edge).collect::<Vec<_>>().join(","));
        }
        Ok(lines.finish())
    };
    let retainers = Retainers::new(heap.clone(), None);
    Ok(json!({
        "edges": all(&|node| References::of(heap, node, meter), Sort::BY_RETAINED)?,
        "retainers": all(&|node| retainers.of(node, meter), Sort::BY_DISTANCE)?,
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

pub(super) fn nodes(heap: &Heap, meter: &Meter) -> Result<Value> {
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
pub(super) fn write_columns(heap: &Heap, out: &mut dyn Write) -> io::Result<()> {
    write!(out, ",\n\"columns\": {{")?;
    for (number, column) in COLUMNS.into_iter().enumerate() {
        write!(out, "{}\n\"{column}\": [", if number > 0 { "," } else { "" })?;
        for node in heap.nodes() {
            if node.0 > 0 {
                write!(out, ",")?;
            }
            serde_json::to_writer(&mut *out, &column_value(heap, column, node))?;
        }
        write!(out, "]")?;
    }
    write!(out, "\n}}")
}
