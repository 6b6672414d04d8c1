//! One function a command: from a heap to the rows of a view.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{
    FileArguments, ObjectArguments, ObjectsArguments, Output, PathsArguments, RetainersArguments, SortColumn,
    SummaryArguments, TreeArguments,
};
use super::load;
use super::output::{self, Body, Column, Record, Report};
use super::records;
use super::views;
use crate::analysis::aggregates;
use crate::analysis::ignored::Ignored;
use crate::analysis::{allocation, paths, statistics};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::NodeType;
use crate::error::{Error, Result};
use crate::heap::{Heap, Wants};
use crate::view::column::Show;
use crate::view::filter::NameFilter;
use crate::view::list::Item;
use crate::view::order::{self, Sort};
use crate::view::place;
use crate::view::source::{Content, Kind, Source};
use crate::view::text;

fn sort_of(column: SortColumn) -> Sort {
    Sort::by(match column {
        SortColumn::Name => order::Column::Name,
        SortColumn::Count => order::Column::Count,
        SortColumn::Distance => order::Column::Distance,
        SortColumn::Shallow => order::Column::Shallow,
        SortColumn::Retained => order::Column::Retained,
    })
}

// ---- commands ----

fn open(of: &FileArguments) -> Result<Arc<Heap>> {
    load::load_wanting(Wants::RETAINER_ROWS, &of.file, &of.common)
}

fn print_rows(
    command: &'static str,
    of: &FileArguments,
    heap: &Heap,
    kind: Kind,
    rows: Vec<Record>,
    all_rows: usize,
) -> Result<()> {
    print_columns(command, of, heap, &output::columns(kind), rows, all_rows)
}

fn print_columns(
    command: &'static str,
    of: &FileArguments,
    heap: &Heap,
    columns: &[Column],
    rows: Vec<Record>,
    all_rows: usize,
) -> Result<()> {
    let report = Report {
        command,
        file: &of.file,
        columns,
        body: Body::Rows(rows),
        total: heap.total_size().unwrap_or(0),
        all_rows,
    };
    output::print(&report, &of.output)
}

fn print_result(command: &'static str, file: &Path, output: &Output, result: Record) -> Result<()> {
    let report = Report { command, file, columns: &[], body: Body::Result(result), total: 0, all_rows: 0 };
    output::print(&report, output)
}

pub fn summary(arguments: &SummaryArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::CLASS_ROWS, &arguments.of.file, &arguments.of.common)?;
    let meter = Meter::default();
    let mut rows = match &arguments.scope {
        None => aggregates::aggregate(&heap, |_| true, &meter)?,
        Some(text) => {
            let nodes = views::scope(&heap, text, &meter)?.nodes(&heap, &meter)?;
            aggregates::aggregate(&heap, |node| nodes.contains(node.ix()), &meter)?
        }
    };
    if let Some(text) = &arguments.class {
        let filter = NameFilter::containing(text);
        rows.retain(|row| filter.matches(&well_formed(heap.classes().name(row.class))));
    }
    let sort = sort_of(arguments.sort);
    let source = Source::new(heap, Content::Summary { rows: rows.into(), scope: None });
    let mut list = source.roots(None, sort, &meter)?;
    let all = list.len();
    let records = list.first(arguments.of.output.limit());
    let records = records.iter().map(|item| records::of_item(&source, item)).collect();
    print_rows("summary", &arguments.of, &source.heap, Kind::Summary, records, all)
}

pub fn objects(arguments: &ObjectsArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let classes = heap.classes();
    let wanted = |class| match (&arguments.key, &arguments.class) {
        (Some(key), _) => classes.key(class) == *key,
        (None, Some(name)) => well_formed(classes.name(class)) == name.as_str(),
        (None, None) => false,
    };
    let found: Vec<_> = classes.iter().filter(|&class| wanted(class)).collect();
    let mut nodes = Vec::new();
    for class in found {
        nodes.extend(aggregates::members(&heap, class, None, &Meter::default())?);
    }
    if nodes.is_empty() {
        let what = arguments.key.as_ref().or(arguments.class.as_ref()).map_or("", String::as_str);
        return Err(Error::Unknown(format!(
            "no class is named {what}; `heapwalk summary FILE --class TEXT` finds names that contain a text"
        )));
    }
    let sort = sort_of(arguments.sort);
    nodes.sort_by(|&a, &b| order::objects(&heap, sort, a, b));
    let all = nodes.len();
    nodes.truncate(arguments.of.output.limit());
    let records = nodes
        .iter()
        .map(|&node| {
            let mut record = records::of_object(&heap, node);
            record.insert("key".into(), classes.key(classes.of(node)).into());
            record
        })
        .collect();
    print_rows("objects", &arguments.of, &heap, Kind::Containment, records, all)
}

pub fn object(arguments: &ObjectArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let node = heap.require_id(arguments.id)?;
    let mut result = records::of_object(&heap, node);
    result.insert("key".into(), heap.classes().key(heap.classes().of(node)).into());
    let flags = [
        (heap.is_queriable(node), "reachable from JavaScript"),
        (heap.is_detached_dom_node(node), "detached from the document"),
        (heap.is_unreachable(node), "nothing leads to it"),
    ];
    result.insert("flags".into(), flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect());
    let for_programs = matches!(arguments.of.output.format(), super::args::Format::Json | super::args::Format::Ndjson);
    if let Some(location) = heap.location(node) {
        let parts = json!({
            "script": place::script(&heap, location),
            "scriptId": location.script_id,
            "line": location.line,
            "column": location.column,
        });
        result.insert("location".into(), if for_programs { parts } else { place::text(&heap, location).into() });
    }
    if matches!(heap.node_type(node), NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING) {
        result.insert("value".into(), well_formed(&heap.joined_text(node, usize::MAX)).into());
    }
    if let Some(dominators) = heap.dominators() {
        let chain = dominators.chain(node).skip(1).map(|dominator| {
            json!({
                "id": heap.id(dominator),
                "name": well_formed(&heap.name(dominator)),
                "retainedSize": heap.retained_size(dominator),
            })
        });
        result.insert("dominators".into(), chain.collect());
    }
    if let Some(stack) = allocation::stack(&heap, node)? {
        let frames = stack.iter().map(|function| {
            json!({
                "function": allocation::function_text(&heap, function.name),
                "script": allocation::function_text(&heap, function.script_name),
                "line": function.line,
                "column": function.column,
            })
        });
        result.insert("allocationStack".into(), frames.collect());
    }
    let containment = Source::new(heap.clone(), Content::Containment);
    let mut references = containment.below(&Item::Object(node), Sort::BY_RETAINED, &Meter::default())?;
    result.insert("edgeCount".into(), heap.columns().nodes.edges(node).len().into());
    result.insert("retainerCount".into(), json!(heap.retainers().map(|retainers| retainers.count(node))));
    let limit = arguments.of.output.limit();
    let shown: Vec<Value> = references
        .first(limit)
        .iter()
        .map(|item| {
            let mut record = records::of_item(&containment, item);
            if !for_programs {
                // A line each: the label says what the other fields say.
                return record.remove("label").unwrap_or_default();
            }
            record.into()
        })
        .collect();
    result.insert("references".into(), shown.into());
    print_result("object", &arguments.of.file, &arguments.of.output, result)
}

pub fn containment(arguments: &TreeArguments) -> Result<()> {
    print_tree("containment", Content::Containment, arguments)
}

pub fn dominators(arguments: &TreeArguments) -> Result<()> {
    print_tree("dominators", Content::Dominators, arguments)
}

fn print_tree(command: &'static str, content: Content, arguments: &TreeArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let from = arguments.id.map_or(Ok(heap.root()), |id| heap.require_id(id))?;
    print_source(command, &arguments.of, &Source::new(heap, content), Some(from), arguments.depth)
}

pub fn retainers(arguments: &RetainersArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let node = heap.require_id(arguments.id)?;
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &Meter::default())?;
    let source = Source::new(heap, Content::Retainers(ignored));
    print_source("retainers", &arguments.of, &source, Some(node), arguments.depth)
}

/// Prints the outermost rows of a source and those below them.
pub fn print_source(
    command: &'static str,
    of: &FileArguments,
    source: &Source,
    from: Option<NodeIx>,
    depth: usize,
) -> Result<()> {
    let list = source.roots(from, source.kind().default_sort(), &Meter::default())?;
    let all = list.len();
    let records = records::of_tree(list, depth, of.output.limit(), &mut from.into_iter().collect())?;
    print_rows(command, of, &source.heap, source.kind(), records, all)
}

pub fn paths(arguments: &PathsArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let node = heap.require_id(arguments.id)?;
    let meter = Meter::default();
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
    let found = paths::shortest_without(&heap, ignored.as_deref(), node, arguments.count.max(1), &meter)?;
    let source = Source::new(heap.clone(), Content::Retainers(ignored));
    let mut rows = Vec::new();
    for (number, path) in found.iter().enumerate() {
        let mut first = records::of_object(&heap, node);
        first.insert("path".into(), (number + 1).into());
        rows.push(first);
        for &(edge, from) in path {
            let mut record = records::of_item(&source, &Item::Retainer { edge, node: from });
            record.insert("path".into(), (number + 1).into());
            rows.push(record);
        }
    }
    if found.is_empty() {
        let why = if heap.is_unreachable(node) {
            "nothing leads to it: only cycles and weak references"
        } else {
            "it is a root itself"
        };
        eprintln!("heapwalk: @{} has no path from a root: {why}", arguments.id);
    }
    let all = rows.len();
    let mut columns = output::columns(Kind::Retainers);
    columns.insert(0, Column { title: "Path", field: "path", show: Show::Count });
    print_columns("paths", &arguments.of, &heap, &columns, rows, all)
}

pub fn statistics(arguments: &FileArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::SIZES, &arguments.file, &arguments.common)?;
    let statistics = statistics::compute(&heap, &Meter::default())?;
    let mut result = Record::new();
    let is_table = matches!(arguments.output.format(), super::args::Format::Table | super::args::Format::Markdown);
    let total = statistics.total;
    if is_table {
        for (name, size) in statistics.parts() {
            let size = u64::try_from(size).unwrap_or(0);
            result.insert(name.into(), format!("{:>8} {:>5}", text::bytes(size), text::percent(size, total)).into());
        }
        result.insert("Total".into(), format!("{:>8}", text::bytes(total)).into());
    } else {
        result.insert("total".into(), total.into());
        let names =
            ["code", "strings", "jsArrays", "typedArrays", "systemObjects", "otherJsObjects", "otherNonJsObjects"];
        for (name, (_, size)) in names.into_iter().zip(statistics.parts()) {
            result.insert(name.into(), json!(size as i64));
        }
    }
    print_result("statistics", &arguments.file, &arguments.output, result)
}
