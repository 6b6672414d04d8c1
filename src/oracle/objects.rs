//! The sections about single objects.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Question;
use crate::analysis::allocation;
use crate::analysis::forest::{self, RetainingBranch};
use crate::analysis::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::list::List;
use crate::view::spec::Sort;
use crate::view::table::{Level, Table};
use crate::view::tables::dominators::{Below, Dominated};
use crate::view::tables::references::References;
use crate::view::tables::retainers::Retainers;

/// All wanted sections of one object.
pub(super) fn object_sections(
    retainers: &Retainers,
    node: NodeIx,
    sections: &[&str],
    question: &Question,
) -> Result<Value> {
    let heap = retainers.heap();
    let mut all = Map::new();
    all.insert("id".into(), heap.id(node).into());
    for section in super::OBJECT.into_iter().filter(|section| sections.contains(section)) {
        let value = match section {
            "object" => object(heap, node)?,
            "edges" => edges(heap, node, question.limit)?,
            "retainers" => retainers_of(retainers, node, question.limit, question.depth)?,
            "path" => path(retainers, node)?,
            "paths" => paths(heap, node, retainers.ignored())?,
            _ => dominators(heap, node, question.limit)?,
        };
        all.insert(section.into(), value);
    }
    Ok(all.into())
}

/// How many rows a level has, and the references and objects of the first of them.
type First = (usize, Vec<(Option<EdgeIx>, NodeIx)>);

fn first(level: Level, sort: Sort, limit: usize) -> Result<First> {
    let mut list = List::new(level, sort, &Meter::default())?;
    let table = list.table().clone();
    let ends = list.first(limit).iter().filter_map(|&row| Some((table.edge(row), table.node(row)?))).collect();
    Ok((list.len(), ends))
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
pub(super) fn edges(heap: &Arc<Heap>, node: NodeIx, limit: usize) -> Result<Value> {
    let (total, ends) = first(References::of(heap, node, &Meter::default())?, Sort::BY_RETAINED, limit)?;
    let row =
        |(edge, node): (Option<EdgeIx>, NodeIx)| Some(edge_row(heap, edge?, node, heap.distance(node).unwrap_or(0)));
    Ok(json!({ "total": total, "rows": ends.into_iter().filter_map(row).collect::<Vec<_>>() }))
}

fn retainer_row(retainers: &Retainers, edge: EdgeIx, node: NodeIx) -> Map<String, Value> {
    let mut row = edge_row(retainers.heap(), edge, node, retainers.distance_of(edge, node));
    if retainers.ignored().is_some_and(|ignored| ignored.contains(node)) {
        row.insert("ignored".into(), true.into());
    }
    row
}

fn retainers_of(retainers: &Retainers, node: NodeIx, limit: usize, depth: usize) -> Result<Value> {
    let (total, ends) = first(retainers.of(node, &Meter::default())?, Sort::BY_DISTANCE, limit)?;
    let mut rows: Vec<Value> = Vec::new();
    for (edge, from) in ends.into_iter().filter_map(|(edge, from)| Some((edge?, from))) {
        let mut row = retainer_row(retainers, edge, from);
        if depth > 1 {
            row.insert("retainers".into(), retainers_of(retainers, from, limit, depth - 1)?);
        }
        rows.push(row.into());
    }
    Ok(json!({ "total": total, "rows": rows }))
}

fn path(retainers: &Retainers, node: NodeIx) -> Result<Value> {
    let path = retainers.nearest_path(node, &Meter::default())?;
    Ok(path.into_iter().map(|(edge, node)| retainer_row(retainers, edge, node)).collect())
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
    let (total, ends) = first(
        Dominated::level(Below { heap: heap.clone(), by: Some(node), only: None }, &Meter::default())?,
        Sort::BY_RETAINED,
        limit,
    )?;
    let rows: Vec<Value> = ends.iter().map(|&(_, node)| json!([heap.id(node), heap.retained_size(node)])).collect();
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
