//! The sections about the views beyond the Summary: filters, duplicates, allocation, contexts, comparison, search.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::sections::{aggregate_rows, digest, ids};
use crate::analysis::allocation::{self, Allocation, AllocationRow, CallerTree};
use crate::analysis::lasting::Matching;
use crate::analysis::scopes::Scope;
use crate::analysis::{closures, compare, duplicates, search};
use crate::base::ids::{NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::view::spec::Sort;
use crate::view::tables::objects::Objects;

/// The Summary under each filter of DevTools.
pub(super) fn filters(heap: &Arc<Heap>, range: Option<&str>, meter: &Meter) -> Result<Value> {
    let mut scopes: Vec<(String, Scope)> = [
        ("duplicatedStrings", Scope::DuplicatedStrings),
        ("objectsRetainedByDetachedDomNodes", Scope::RetainedByDetachedDom),
        ("objectsRetainedByContexts", Scope::RetainedByContexts),
        ("objectsRetainedByConsole", Scope::RetainedByConsole),
        ("objectsRetainedByEventHandlers", Scope::RetainedByEventHandlers),
        ("sharedNativeContext", Scope::SharedNativeContext),
        ("noNativeContext", Scope::NoNativeContext),
    ]
    .map(|(name, scope)| (name.to_owned(), scope))
    .to_vec();
    for &context in &heap.native_contexts(meter)?.contexts {
        scopes.push((format!("nativeContext @{}", heap.id(context)), Scope::NativeContext(context)));
    }
    if let Some(range) = range {
        let (after, until) = parse_range(range)?;
        scopes.push((format!("range {range}"), Scope::AllocatedBetween { after, until }));
    }
    let mut all = Map::new();
    for (name, scope) in scopes {
        let nodes = scope.nodes(heap, meter)?;
        all.insert(name, aggregate_rows(heap, |node: NodeIx| nodes.contains(node.ix()), meter)?);
    }
    Ok(all.into())
}

fn parse_range(text: &str) -> Result<(ObjectId, ObjectId)> {
    let ends = text.split_once("..").and_then(|(after, until)| Some((after.parse().ok()?, until.parse().ok()?)));
    ends.ok_or_else(|| Error::Usage(format!("--range {text}: two ids are needed, as in 100..200")))
}

pub(super) fn duplicates(heap: &Heap, meter: &Meter) -> Result<Value> {
    let groups = duplicates::groups(heap, meter)?;
    let group = |group: &duplicates::TextGroup| {
        let nodes: Vec<Value> = group
            .nodes
            .iter()
            .map(|&node| {
                json!({
                    "id": heap.id(node),
                    "selfSize": heap.shallow_size(node),
                    "retainedSize": heap.retained_size(node),
                    "distance": heap.distance(node),
                })
            })
            .collect();
        let mut value = json!({
            "value": well_formed(&heap.name(group.nodes[0])),
            "count": group.nodes.len(),
            "totalSelfSize": group.shallow,
            "totalRetainedSize": group.retained,
            "nodes": nodes,
            "truncated": group.truncated.is_some(),
        });
        if let Some(truncated) = group.truncated {
            value["length"] = json!(truncated.length);
            value["hash"] = json!(truncated.hash);
        }
        value
    };
    Ok(groups.iter().map(group).collect())
}

fn allocation_row(heap: &Heap, row: &AllocationRow, callers: Option<Value>) -> Value {
    let function = heap.columns().trace_functions.0.get(row.function).copied().unwrap_or_default();
    let mut value = json!({
        "name": allocation::function_text(heap, function.name),
        "scriptName": allocation::function_text(heap, function.script_name),
        "scriptId": function.script_id,
        "line": function.line,
        "column": function.column,
        "count": row.count,
        "size": row.size,
        "liveCount": row.live_count,
        "liveSize": row.live_size,
        "hasChildren": row.has_callers,
    });
    if let Some(callers) = callers {
        value["callers"] = callers;
    }
    value
}

fn callers(heap: &Heap, tree: &CallerTree, vertex: usize, levels: usize) -> Value {
    let found = tree.callers(vertex);
    let single: Vec<Value> = found.single.iter().map(|&caller| allocation_row(heap, tree.row(caller), None)).collect();
    let mut branching = Vec::new();
    for &caller in &found.branching {
        let row = tree.row(caller);
        let below = (row.has_callers && levels > 1).then(|| callers(heap, tree, caller, levels - 1));
        branching.push(allocation_row(heap, row, below));
    }
    json!({ "single": single, "branching": branching })
}

pub(super) fn allocation(heap: &Heap, depth: usize) -> Result<Value> {
    let meter = Meter::default();
    let Some(allocation) = Allocation::new(heap, &meter)? else { return Ok(Value::Null) };
    let mut rows = Vec::new();
    for row in allocation.tops() {
        let below = match row.has_callers && depth > 0 {
            true => Some(callers(heap, &allocation.callers_of(row.function, &meter)?, 0, depth)),
            false => None,
        };
        rows.push(allocation_row(heap, &row, below));
    }
    Ok(rows.into())
}

pub(super) fn contexts(heap: &Heap, meter: &Meter) -> Result<Value> {
    let analysis = closures::analyze(heap, meter)?;
    let flat = |node: NodeIx| node.0 as u64 * heap.columns().header.node_fields.len() as u64;
    let field = |field: &closures::DeadField| {
        json!({
            "name": well_formed(&field.name),
            "valueNodeIndex": flat(field.value),
            "valueNodeId": heap.id(field.value),
            "valueName": well_formed(&heap.name(field.value)),
            "valueType": heap.type_name(field.value),
            "selfSize": heap.shallow_size(field.value),
            "retainedSize": heap.retained_size(field.value),
        })
    };
    let context = |context: &closures::DeadContext| {
        json!({
            "contextNodeIndex": flat(context.context),
            "contextNodeId": heap.id(context.context),
            "retainedSize": heap.retained_size(context.context),
            "deadFieldsRetainedSizeSum": context.dead_size,
            "deadFields": context.fields.iter().map(field).collect::<Vec<_>>(),
        })
    };
    let scope = |scope: &closures::DeadScope| {
        json!({
            "scopeInfoNodeIndex": flat(scope.scope_info),
            "scopeInfoNodeId": heap.id(scope.scope_info),
            "scriptNodeIndex": flat(scope.script),
            "scriptNodeId": heap.id(scope.script),
            "scriptName": well_formed(&scope.script_name),
            "scopeName": scope.name.as_deref().map(well_formed),
            "scopeStart": scope.start,
            "scopeEnd": scope.end,
            "contextFieldCount": scope.field_count,
            "contexts": scope.contexts.iter().map(context).collect::<Vec<_>>(),
        })
    };
    let unknown = |script: &closures::UnknownScript| {
        json!({
            "scriptNodeIndex": flat(script.script),
            "scriptNodeId": heap.id(script.script),
            "scriptName": well_formed(&script.name),
            "contextCount": script.contexts,
        })
    };
    Ok(json!({
        "scopes": analysis.scopes.iter().map(scope).collect::<Vec<_>>(),
        "scriptsWithoutScopes": analysis.unknown.iter().map(unknown).collect::<Vec<_>>(),
    }))
}

pub(super) fn diff(base: &Arc<Heap>, current: &Arc<Heap>, full: bool, meter: &Meter) -> Result<Value> {
    let compared = compare::compare(compare::Both { base, current, within: None }, &Matching::Ids, meter)?;
    let row = |difference: &compare::Difference| -> Result<Value> {
        let mut all: Vec<ObjectId> = Vec::new();
        for (heap, nodes) in [(current, &difference.added), (base, &difference.removed)] {
            all.extend(ids(Objects::level(heap.clone(), nodes.iter().copied()), Sort::BY_SHALLOW)?);
        }
        let mut value = json!({
            "key": difference.key,
            "name": well_formed(&difference.name),
            "addedCount": difference.added.len(),
            "removedCount": difference.removed.len(),
            "countDelta": difference.count_delta(),
            "addedSize": difference.added_size,
            "removedSize": difference.removed_size,
            "sizeDelta": difference.size_delta(),
            "digest": digest(all.iter().map(ToString::to_string)),
        });
        if full {
            value["ids"] = all.into();
        }
        Ok(value)
    };
    compared.changed.iter().map(row).collect()
}

pub(super) fn search(heap: &Heap, text: &str) -> Result<Value> {
    Ok(search::find(heap, text, &Meter::default())?.into_iter().map(|node| heap.id(node)).collect())
}
