//! The commands for the views beyond the Summary: Comparison, strings, Allocation.

use std::sync::Arc;

use super::args::{AllocationArguments, CompareArguments, StringsArguments};
use super::commands::print_source;
use super::load;
use crate::analysis::allocation::Functions;
use crate::analysis::compare::Comparison;
use crate::analysis::duplicates;
use crate::analysis::scopes::Scope;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Heap, Wants};
use crate::index::contexts::Owner;
use crate::view::label;
use crate::view::source::{Content, Source};

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
    let base = load::load_wanting(Wants::OBJECT_ROWS, &arguments.base, &arguments.of.common)?;
    let current = load::load_wanting(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let comparison = Comparison::new(base, current.clone(), &Meter::default())?;
    if let Some(warning) = label::ids_do_not_last(&comparison) {
        eprintln!("heapwalk: warning: {warning}");
    }
    let source = Source::new(current, Content::Comparison(Arc::new(comparison)));
    print_source("compare", &arguments.of, &source, None, arguments.depth)
}

pub fn strings(arguments: &StringsArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let groups = duplicates::groups(&heap, &Meter::default())?;
    let source = Source::new(heap, Content::Strings(groups.into()));
    print_source("strings", &arguments.of, &source, None, arguments.depth)
}

pub fn allocation(arguments: &AllocationArguments) -> Result<()> {
    let heap = load::load_wanting(Wants::SIZES, &arguments.of.file, &arguments.of.common)?;
    let Some(functions) = Functions::new(&heap, &Meter::default())? else {
        return Err(Error::Unknown(format!(
            "{} holds no allocation stacks: record an allocation timeline with stacks, or an allocation snapshot",
            arguments.of.file.display()
        )));
    };
    let source = Source::new(heap, Content::Allocation(Arc::new(functions)));
    print_source("allocation", &arguments.of, &source, None, arguments.depth)
}
