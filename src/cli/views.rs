//! The commands for the views beyond the Summary: Comparison, strings, Allocation.

use std::sync::Arc;

use serde_json::json;

use super::args::{AllocationArguments, CompareArguments, FileArguments, StringsArguments};
use super::commands::print_rows;
use super::load;
use super::output::{self, Column, Record};
use crate::analysis::allocation::{self, FunctionIx, FunctionName, Functions};
use crate::analysis::compare::Comparison;
use crate::analysis::duplicates;
use crate::analysis::scopes::Scope;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::contexts::Owner;
use crate::view::column::Show;
use crate::view::label;
use crate::view::source::Kind;

/// What `--scope` names: one of the names, `@ID` of a native context, or `A..B`.
///
/// # Errors
/// `Error::Unknown` with the names that there are.
pub fn scope(heap: &Heap, text: &str, meter: &Meter) -> Result<Scope> {
    if let Some((_, scope)) = Scope::NAMED.into_iter().find(|(name, scope)| *name == text || scope.title() == text) {
        return Ok(scope);
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

pub fn compare(arguments: &CompareArguments) -> Result<()> {
    let base = load::load_without_retainers(&arguments.base, &arguments.of.common)?;
    let current = load::load_without_retainers(&arguments.of.file, &arguments.of.common)?;
    let comparison = Comparison::new(base, current, &Meter::default())?;
    if let Some(warning) = label::ids_do_not_last(&comparison) {
        eprintln!("heapwalk: warning: {warning}");
    }
    let Comparison { current, differences, .. } = comparison;
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
    print_rows("compare", &arguments.of, &current, &output::columns(Kind::Comparison, "name"), records, all)
}

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
    print_rows("strings", &arguments.of, &heap, &output::columns(Kind::Strings, "value"), records, all)
}

pub fn allocation(arguments: &AllocationArguments) -> Result<()> {
    let heap = open(&arguments.of)?;
    let Some(functions) = Functions::new(&heap)? else {
        return Err(Error::Unknown(format!(
            "{} holds no allocation stacks: record an allocation timeline with stacks, or an allocation snapshot",
            arguments.of.file.display()
        )));
    };
    let tops: Vec<FunctionIx> = functions.tops().collect();
    let all = tops.len();
    let shown = tops.into_iter().take(arguments.of.output.limit());
    let records = shown.map(|function| function_record(&heap, &functions, function, arguments.depth)).collect();
    let mut columns = output::columns(Kind::Allocation, "label");
    columns.push(Column { title: "Script", field: "script", show: Show::Text });
    print_rows("allocation", &arguments.of, &heap, &columns, records, all)
}

/// A function with its callers down to `levels` levels; a chain of single ones stands one below the other, as in
/// DevTools.
fn function_record(heap: &Heap, functions: &Functions, function: FunctionIx, levels: usize) -> Record {
    let row = functions.row(function);
    let FunctionName { name, script, line, column } = allocation::function(heap, row.function);
    let mut record = Record::new();
    record.insert("label".into(), if name.is_empty() { "(anonymous)".into() } else { name.clone().into() });
    record.insert("name".into(), name.into());
    record.insert("script".into(), json!(if script.is_empty() { script } else { format!("{script}:{line}") }));
    record.insert("column".into(), column.into());
    record.insert("count".into(), row.count.into());
    record.insert("size".into(), row.size.into());
    record.insert("liveCount".into(), row.live_count.into());
    record.insert("liveSize".into(), row.live_size.into());
    if levels > 1 && functions.has_below(function) {
        let below = functions.below(function).map(|caller| function_record(heap, functions, caller, levels - 1));
        record.insert("children".into(), below.collect::<Vec<_>>().into());
    }
    record
}

fn open(of: &FileArguments) -> Result<Arc<Heap>> {
    load::load_without_retainers(&of.file, &of.common)
}
