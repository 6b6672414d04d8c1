//! The sections about single objects.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::args::DigestArguments;

use crate::analysis::allocation;
use crate::analysis::forest::{self, RetainingBranch};
use crate::analysis::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::list::Item;
use crate::view::order::{self, Sort};
use crate::view::source::{Content, Source};

/// All wanted sections of one object.
pub fn object_sections(
    heap: &Arc<Heap>,
    node: NodeIx,
    sections: &[&str],
    arguments: &DigestArguments,
    ignored: Option<&Arc<Ignored>>,
) -> Result<Value> {
    let mut all = Map::new();
    all.insert("id".into(), heap.id(node).into());
    for section in super::OBJECT.into_iter().filter(|section| sections.contains(section)) {
        let value = match section {
            "object" => object(heap, node)?,
            "edges" => edges(heap, node, arguments.limit)?,
            "retainers" => retainers(&retainers_of(heap, ignored), node, arguments.limit, arguments.depth)?,
            "path" => path(&retainers_of(heap, ignored), node)?,
            "paths" => paths(heap, node, ignored.map(Arc::as_ref))?,
            _ => dominators(heap, node, arguments.limit)?,
        };
        all.insert(section.into(), value);
    }
    Ok(all.into())
}

fn retainers_of(heap: &Arc<Heap>, ignored: Option<&Arc<Ignored>>) -> Source {
    Source::new(heap.clone(), Content::Retainers(ignored.cloned()))
}

fn limit_of(limit: usize) -> usize {
    if limit == 0 { usize::MAX } else { limit }
}

fn node_row(heap: &Heap, node: NodeIx, distance: i32) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("id".into(), heap.id(node).into());
    row.insert("name".into(), well_formed(&heap.name(node)).into());
    row.insert("type".into(), heap.type_name(node).into());
    row.insert("distance".into(), distance.into());
    row.insert("selfSize".into(), heap.shallow_size(node).into());
    row.insert("retainedSize".into(), json!(heap.retained_size(node)));
    if heap.is_queriable(node) {
        row.insert("canBeQueried".into(), true.into());
    }
    if heap.is_detached_dom_node(node) {
        row.insert("detachedDOMTreeNode".into(), true.into());
    }
    row
}

fn edge_row(heap: &Heap, edge: EdgeIx, node: NodeIx, distance: i32) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("edge".into(), edge.0.into());
    row.insert("edgeName".into(), well_formed(&heap.edge_name(edge)).into());
    row.insert("edgeType".into(), heap.edge_type_name(edge).into());
    row.extend(node_row(heap, node, distance));
    row
}

/// The references of an object; of the root: Containment.
pub fn edges(heap: &Arc<Heap>, node: NodeIx, limit: usize) -> Result<Value> {
    let source = Source::new(heap.clone(), Content::Containment);
    let mut list = source.below(&Item::Object(node), Sort::BY_RETAINED, &Meter::default())?;
    let total = list.len();
    let rows: Vec<Value> = list
        .first(limit_of(limit))
        .iter()
        .filter_map(|item| match *item {
            Item::Reference { edge, node } => Some(edge_row(heap, edge, node, heap.distance(node).unwrap_or(0)).into()),
            _ => None,
        })
        .collect();
    Ok(json!({ "total": total, "rows": rows }))
}

fn retainer_row(heap: &Heap, ignored: Option<&Ignored>, item: &Item) -> Option<(NodeIx, Map<String, Value>)> {
    let Item::Retainer { edge, node } = *item else { return None };
    let mut row = edge_row(heap, edge, node, order::distance_without(heap, ignored, edge, node));
    if ignored.is_some_and(|ignored| ignored.contains(node)) {
        row.insert("ignored".into(), true.into());
    }
    Some((node, row))
}

fn retainers(source: &Source, node: NodeIx, limit: usize, depth: usize) -> Result<Value> {
    let mut list = source.roots(Some(node), Sort::BY_DISTANCE, &Meter::default())?;
    let total = list.len();
    let mut rows: Vec<Value> = Vec::new();
    for item in list.first(limit_of(limit)) {
        let Some((from, mut row)) = retainer_row(&source.heap, source.content.ignored(), &item) else { continue };
        if depth > 1 {
            row.insert("retainers".into(), retainers(source, from, limit, depth - 1)?);
        }
        rows.push(row.into());
    }
    Ok(json!({ "total": total, "rows": rows }))
}

fn path(source: &Source, node: NodeIx) -> Result<Value> {
    let items = source.retaining_path(node, &Meter::default())?;
    let row = |item| retainer_row(&source.heap, source.content.ignored(), item).map(|(_, row)| row);
    Ok(items.iter().filter_map(row).collect())
}

fn paths(heap: &Heap, node: NodeIx, ignored: Option<&Ignored>) -> Result<Value> {
    fn branches(heap: &Heap, list: &[RetainingBranch]) -> Vec<Value> {
        let header = &heap.columns().header;
        let branch = |branch: &RetainingBranch| {
            json!({
                "edgeIndex": branch.edge.0 as u64 * header.edge_fields.len() as u64,
                "edgeName": well_formed(&heap.edge_name(branch.edge)),
                "edgeType": heap.edge_type_name(branch.edge),
                "nodeId": heap.id(branch.node),
                "nodeIndex": branch.node.0 as u64 * header.node_fields.len() as u64,
                "nodeName": well_formed(&heap.name(branch.node)),
                "distance": branch.distance,
                "children": branches(heap, &branch.children),
            })
        };
        list.iter().map(branch).collect()
    }
    let forest = forest::compute(heap, node, ignored, &Meter::default())?;
    let mut limits = Map::new();
    let reached =
        [("depth", forest.depth_reached), ("nodes", forest.nodes_reached), ("siblings", forest.siblings_reached)];
    for (name, _) in reached.into_iter().filter(|(_, reached)| *reached) {
        limits.insert(name.into(), true.into());
    }
    Ok(json!({ "paths": branches(heap, &forest.branches), "limitsReached": limits }))
}

fn dominators(heap: &Arc<Heap>, node: NodeIx, limit: usize) -> Result<Value> {
    let chain: Vec<Value> = heap
        .dominators()
        .into_iter()
        .flat_map(|dominators| dominators.chain(node))
        .map(|node| json!([heap.id(node), heap.retained_size(node)]))
        .collect();
    let source = Source::new(heap.clone(), Content::Dominators);
    let mut list = source.below(&Item::Object(node), Sort::BY_RETAINED, &Meter::default())?;
    let total = list.len();
    let rows: Vec<Value> = list
        .first(limit_of(limit))
        .iter()
        .filter_map(Item::node)
        .map(|node| json!([heap.id(node), heap.retained_size(node)]))
        .collect();
    Ok(json!({ "chain": chain, "total": total, "rows": rows }))
}

fn object(heap: &Heap, node: NodeIx) -> Result<Value> {
    let classes = heap.classes();
    let location = heap
        .location(node)
        .map(|place| json!({ "scriptId": place.script_id, "lineNumber": place.line, "columnNumber": place.column }));
    let stack = if heap.columns().header.trace_function_count > 0 { allocation::stack(heap, node)? } else { None };
    let stack = stack.map(|frames| {
        frames
            .iter()
            .map(|frame| {
                json!({
                    "functionName": allocation::function_text(heap, frame.name),
                    "scriptName": allocation::function_text(heap, frame.script_name),
                    "scriptId": frame.script_id,
                    "line": frame.line,
                    "column": frame.column,
                })
            })
            .collect::<Vec<_>>()
    });
    Ok(json!({
        "id": heap.id(node),
        "name": well_formed(&heap.name(node)),
        "type": heap.type_name(node),
        "detachedness": heap.dom().get(node),
        "selfSize": heap.shallow_size(node),
        "retainedSize": heap.retained_size(node),
        "distance": heap.distance(node),
        "edgeCount": heap.columns().nodes.edges(node).len(),
        "retainerCount": heap.retainers().map(|retainers| retainers.count(node)),
        "className": well_formed(heap.class_name(node)),
        "classKey": classes.key(classes.of(node)),
        "location": location,
        "allocationStack": stack,
    }))
}
