//! The commands for the views beyond the Summary: Comparison, strings, Allocation.

use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{AllocationArguments, CompareArguments, FileArguments, StringsArguments};
use super::commands::print_rows;
use super::load;
use super::output::{Column, RETAINED, Record, SHALLOW, Show};
use crate::analysis::allocation::{self, Allocation, AllocationRow};
use crate::analysis::compare::Matching;
use crate::analysis::scopes::Scope;
use crate::analysis::{compare, duplicates};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::contexts::Owner;

/// What `--scope` names: one of the names, `@ID` of a native context, or `A..B`.
///
/// # Errors
/// `Error::Unknown` with the names that there are.
pub fn scope(heap: &Heap, text: &str, meter: &Meter) -> Result<Scope> {
    if let Some((_, scope)) = Scope::NAMED.iter().find(|(name, scope)| *name == text || scope.title() == text) {
        return Ok(*scope);
    }
    if let Some((after, until)) = text.split_once("..")
        && let (Ok(after), Ok(until)) = (after.parse(), until.parse())
    {
        return Ok(Scope::AllocatedBetween { after, until });
    }
    if let Some(id) = text.strip_prefix('@').and_then(|id| id.parse().ok()) {
        let context = heap.require_id(id)?;
        if heap.native_contexts(meter)?.owner(context) == Owner::Context(context) {
            return Ok(Scope::NativeContext(context));
        }
        return Err(Error::Unknown(format!("{text} is no native context")));
    }
    let names: Vec<&str> = Scope::NAMED.iter().map(|(name, _)| *name).collect();
    Err(Error::Unknown(format!(
        "no scope is named {text}: there are {}, @ID of a native context, and A..B for the ids after A up to B",
        names.join(", ")
    )))
}

const COMPARE_COLUMNS: [Column; 7] = [
    Column { title: "Constructor", field: "name", show: Show::Text },
    Column { title: "# New", field: "addedCount", show: Show::Count },
    Column { title: "# Deleted", field: "removedCount", show: Show::Count },
    Column { title: "# Delta", field: "countDelta", show: Show::Delta },
    Column { title: "Alloc. size", field: "addedSize", show: Show::Bytes },
    Column { title: "Freed size", field: "removedSize", show: Show::Bytes },
    Column { title: "Size delta", field: "sizeDelta", show: Show::DeltaBytes },
];

/// More ids than this part of the common ones must name the same object, or ids do not last.
const LASTING_IDS: f64 = 0.7;

pub fn compare(arguments: &CompareArguments) -> Result<()> {
    let base = load::load_without_retainers(&arguments.base, &arguments.of.common)?;
    let current = load::load_without_retainers(&arguments.of.file, &arguments.of.common)?;
    let (changed, common) = compare::changed_ids(&base, &current);
    let lasting = common == 0 || (common - changed) as f64 / common as f64 >= LASTING_IDS;
    let matching = if lasting { Matching::Ids } else { Matching::Classes };
    if !lasting {
        eprintln!(
            "heapwalk: warning: {changed} of {common} ids name another object in the second snapshot: ids do not last \
             in such files, so classes are compared, not objects"
        );
    }
    let differences = compare::compare(&base, &current, matching, &Meter::default())?;
    let all = differences.len();
    let records = differences
        .iter()
        .take(arguments.of.output.limit())
        .map(|difference| {
            let mut record = Record::new();
            record.insert("name".into(), well_formed(&difference.name).into());
            record.insert("key".into(), difference.key.clone().into());
            record.insert("addedCount".into(), difference.added.len().into());
            record.insert("removedCount".into(), difference.removed.len().into());
            record.insert("countDelta".into(), difference.count_delta().into());
            record.insert("addedSize".into(), difference.added_size.into());
            record.insert("removedSize".into(), difference.removed_size.into());
            record.insert("sizeDelta".into(), difference.size_delta().into());
            record
        })
        .collect();
    print_rows("compare", &arguments.of, &current, &COMPARE_COLUMNS, records, all)
}

const STRING_COLUMNS: [Column; 5] = [
    Column { title: "Text", field: "value", show: Show::Text },
    Column { title: "Count", field: "count", show: Show::Count },
    SHALLOW,
    Column { title: "Wasted", field: "wastedSize", show: Show::Size },
    RETAINED,
];

pub fn strings(arguments: &StringsArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let groups = duplicates::groups(&heap, &Meter::default())?;
    let all = groups.len();
    let records = groups
        .iter()
        .take(arguments.of.output.limit())
        .map(|group| {
            let mut record = Record::new();
            record.insert("value".into(), well_formed(&heap.name(group.nodes[0])).into());
            record.insert("count".into(), group.nodes.len().into());
            record.insert("selfSize".into(), group.shallow.into());
            record.insert("wastedSize".into(), group.wasted().into());
            record.insert("retainedSize".into(), group.retained.into());
            record.insert("truncated".into(), group.truncated.is_some().into());
            record.insert("ids".into(), group.nodes.iter().map(|&node| heap.id(node)).collect());
            record
        })
        .collect();
    print_rows("strings", &arguments.of, &heap, &STRING_COLUMNS, records, all)
}

const ALLOCATION_COLUMNS: [Column; 6] = [
    Column { title: "Function", field: "label", show: Show::Text },
    Column { title: "Live count", field: "liveCount", show: Show::Count },
    Column { title: "Count", field: "count", show: Show::Count },
    Column { title: "Live size", field: "liveSize", show: Show::Bytes },
    Column { title: "Size", field: "size", show: Show::Bytes },
    Column { title: "Script", field: "script", show: Show::Text },
];

pub fn allocation(arguments: &AllocationArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let Some(mut allocation) = Allocation::new(&heap)? else {
        return Err(Error::Unknown(format!(
            "{} holds no allocation stacks: record an allocation timeline with stacks, or an allocation snapshot",
            arguments.of.file.display()
        )));
    };
    let tops = allocation.tops();
    let all = tops.len();
    let mut records = Vec::new();
    for row in tops.into_iter().take(arguments.of.output.limit()) {
        let mut record = allocation_record(&heap, &row);
        if arguments.depth > 1 && row.has_callers {
            let vertex = allocation.bottom_up(row.function);
            record.insert("children".into(), callers(&heap, &allocation, vertex, arguments.depth - 1).into());
        }
        records.push(record);
    }
    print_rows("allocation", &arguments.of, &heap, &ALLOCATION_COLUMNS, records, all)
}

/// The callers of a function; a chain of single ones stands one below the other, as in DevTools.
fn callers(heap: &Heap, allocation: &Allocation, vertex: usize, levels: usize) -> Vec<Value> {
    let found = allocation.callers(vertex);
    let mut rows: Vec<Value> = found.single.iter().map(|row| allocation_record(heap, row).into()).collect();
    for (row, vertex) in &found.branching {
        let mut record = allocation_record(heap, row);
        if levels > 1 && row.has_callers {
            record.insert("children".into(), callers(heap, allocation, *vertex, levels - 1).into());
        }
        rows.push(record.into());
    }
    rows
}

fn allocation_record(heap: &Heap, row: &AllocationRow) -> Record {
    let function = heap.columns().trace_functions.0.get(row.function).copied().unwrap_or_default();
    let name = allocation::function_text(heap, function.name);
    let script = allocation::function_text(heap, function.script_name);
    let mut record = Record::new();
    record.insert("label".into(), if name.is_empty() { "(anonymous)".into() } else { name.clone().into() });
    record.insert("name".into(), name.into());
    record
        .insert("script".into(), json!(if script.is_empty() { script } else { format!("{script}:{}", function.line) }));
    record.insert("column".into(), function.column.into());
    record.insert("count".into(), row.count.into());
    record.insert("size".into(), row.size.into());
    record.insert("liveCount".into(), row.live_count.into());
    record.insert("liveSize".into(), row.live_size.into());
    record
}

fn open(of: &FileArguments) -> Result<Arc<Heap>> {
    load::load_without_retainers(&of.file, &of.common)
}
