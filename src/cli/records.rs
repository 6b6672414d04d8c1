//! Rows of the views → records with the field names that JSON promises. `label` is what the screen shows.

use serde_json::json;

use super::output::Record;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::allocation::{self, AllocationRow, FunctionName};
use crate::analysis::compare::Difference;
use crate::analysis::duplicates::TextGroup;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};
use crate::view::label;
use crate::view::list::{Change, Item, List};
use crate::view::place;
use crate::view::source::{Content, Source};
use crate::view::text;

/// The record of a row.
pub fn of_item(source: &Source, item: &Item) -> Record {
    let heap = source.heap_of(item);
    let mut record = match (*item, &source.content) {
        (Item::Class(aggregate), _) => of_class(heap, &aggregate),
        (Item::Object(node), _) => of_object(heap, node),
        (Item::Reference { edge, node } | Item::Retainer { edge, node }, _) => of_edge(heap, edge, node),
        (Item::Difference(index), Content::Comparison(comparison)) => {
            of_difference(heap, &comparison.differences[index as usize])
        }
        (Item::Change(change), _) => of_change(heap, change),
        (Item::Text(index), Content::Strings(groups)) => of_text(heap, &groups[index as usize]),
        (Item::Function(function), Content::Allocation(functions)) => of_function(heap, functions.row(function)),
        (Item::Difference(_) | Item::Text(_) | Item::Function(_), _) => {
            unreachable!("rows of a table come with its content")
        }
    };
    if let (Item::Retainer { edge, node }, Some(ignored)) = (*item, source.content.ignored()) {
        add_distance(&mut record, Some(ignored.distance(heap, edge, node)));
        record.insert("ignored".into(), ignored.contains(node).into());
    }
    record.insert("label".into(), label::plain(&label::item(&source.content, heap, item)).into());
    record
}

/// The records of a list, each with the rows below it down to `depth` levels and `limit` rows a level. An object that
/// stands above itself does not open again, as on the screen.
pub fn of_tree(mut list: List, depth: usize, limit: usize, above: &mut Vec<NodeIx>) -> Result<Vec<Record>> {
    let source = list.source().clone();
    let mut records = Vec::new();
    for item in list.first(limit) {
        let mut record = of_item(&source, &item);
        let node = item.node();
        let is_cycle = node.is_some_and(|node| above.contains(&node));
        // Objects have the field even when it is empty.
        if depth > 1 && !is_cycle && (node.is_some() || source.has_below(&item)) {
            above.extend(node);
            let below = source.below(&item, source.kind().default_sort(), &Meter::default())?;
            record.insert("children".into(), of_tree(below, depth - 1, limit, above)?.into());
            above.truncate(above.len() - node.is_some() as usize);
        }
        records.push(record);
    }
    Ok(records)
}

/// `distance` as DevTools shows it, and in `reach` who reaches the object.
fn add_distance(record: &mut Record, distance: Option<i32>) {
    let distance = distance.unwrap_or(NO_DISTANCE);
    record.insert("distance".into(), json!(text::shown_distance(distance)));
    let reach = match distance {
        NO_DISTANCE => "none",
        distance if distance >= SYSTEM_DISTANCE => "system",
        _ => "user",
    };
    record.insert("reach".into(), reach.into());
}

fn of_class(heap: &Heap, aggregate: &Aggregate) -> Record {
    let mut record = Record::new();
    record.insert("name".into(), well_formed(heap.classes().name(aggregate.class)).into());
    record.insert("key".into(), heap.classes().key(aggregate.class).into());
    record.insert("count".into(), aggregate.count.into());
    add_distance(&mut record, aggregate.distance);
    record.insert("selfSize".into(), aggregate.shallow.into());
    record.insert("retainedSize".into(), json!(aggregate.retained));
    let location = heap.classes().get(aggregate.class).location;
    record.insert("location".into(), json!(location.map(|location| place::text(heap, location))));
    record
}

/// The record of an object that is no row of a list.
pub fn of_object(heap: &Heap, node: NodeIx) -> Record {
    let mut record = Record::new();
    record.insert("id".into(), heap.id(node).into());
    record.insert("name".into(), well_formed(&heap.name(node)).into());
    record.insert("type".into(), heap.type_name(node).into());
    record.insert("className".into(), well_formed(heap.class_name(node)).into());
    add_distance(&mut record, heap.distance(node));
    record.insert("selfSize".into(), heap.shallow_size(node).into());
    record.insert("retainedSize".into(), json!(heap.retained_size(node)));
    record.insert("label".into(), label::plain(&label::object(heap, node)).into());
    record
}

fn of_edge(heap: &Heap, edge: EdgeIx, node: NodeIx) -> Record {
    let mut record = Record::new();
    record.insert("edgeName".into(), well_formed(&heap.edge_name(edge)).into());
    record.insert("edgeType".into(), heap.edge_type_name(edge).into());
    record.extend(of_object(heap, node));
    record
}

fn of_difference(heap: &Heap, difference: &Difference) -> Record {
    let mut record = Record::new();
    record.insert("name".into(), well_formed(&difference.name).into());
    record.insert("key".into(), difference.key.clone().into());
    record.insert("addedCount".into(), difference.added.len().into());
    record.insert("removedCount".into(), difference.removed.len().into());
    record.insert("countDelta".into(), difference.count_delta().into());
    record.insert("addedSize".into(), difference.added_size.into());
    record.insert("removedSize".into(), difference.removed_size.into());
    record.insert("sizeDelta".into(), difference.size_delta().into());
    record.insert("location".into(), json!(difference.location.map(|location| place::text(heap, location))));
    record
}

/// Below a class of a comparison: one object, as so many new or deleted ones.
fn of_change(heap: &Heap, change: Change) -> Record {
    let (node, fields) = match change {
        Change::New(node) => (node, ["addedCount", "addedSize"]),
        Change::Gone(node) => (node, ["removedCount", "removedSize"]),
    };
    let mut record = of_object(heap, node);
    record.insert(fields[0].into(), 1.into());
    record.insert(fields[1].into(), heap.shallow_size(node).into());
    record
}

fn of_text(heap: &Heap, group: &TextGroup) -> Record {
    let mut record = Record::new();
    record.insert("value".into(), well_formed(&heap.name(group.nodes[0])).into());
    record.insert("count".into(), group.nodes.len().into());
    record.insert("selfSize".into(), group.shallow.into());
    record.insert("wastedSize".into(), group.wasted().into());
    record.insert("retainedSize".into(), group.retained.into());
    record.insert("truncated".into(), group.truncated.is_some().into());
    record.insert("ids".into(), group.nodes.iter().map(|&node| heap.id(node)).collect());
    record
}

fn of_function(heap: &Heap, row: &AllocationRow) -> Record {
    let FunctionName { name, script, line, column } = allocation::function(heap, row.function);
    let mut record = Record::new();
    record.insert("name".into(), name.into());
    record.insert("script".into(), json!(if script.is_empty() { script } else { format!("{script}:{line}") }));
    record.insert("column".into(), column.into());
    record.insert("count".into(), row.count.into());
    record.insert("size".into(), row.size.into());
    record.insert("liveCount".into(), row.live_count.into());
    record.insert("liveSize".into(), row.live_size.into());
    record
}
