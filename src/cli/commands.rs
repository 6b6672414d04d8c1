//! One function a command: from a file to the rows of a table, or to an answer.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::args::{
    AllocationArguments, ByChoice, CompareArguments, ContainmentArguments, DominatorsArguments, FileArguments,
    FindArguments, Format, ObjectArguments, ObjectsArguments, Output, PathsArguments, RetainersArguments,
    SummaryArguments, TableArguments, TreeArguments, WhyArguments,
};
use super::listing::{Listing, print_table};
use super::load;
use super::print::print;
use super::printout::{Body, Printout, Rows};
use super::rows::{PathLines, Printed};
use super::sets;
use super::times;
use crate::analysis::aggregates;
use crate::analysis::allocation::Functions;
use crate::analysis::compare::Comparison;
use crate::analysis::dominated::Only;
use crate::analysis::grouping::{By, Files, Part};
use crate::analysis::ignored::Ignored;
use crate::analysis::scopes::Scope;
use crate::analysis::{duplicates, paths, query, sizes, sums};
use crate::answers::{self, object, scope, set, statistics, why};
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::{Heap, Product, Wants};
use crate::view::cell::Record;
use crate::view::filter::Typed;
use crate::view::label;
use crate::view::spec::{Show, Spec};
use crate::view::table::{Inner, Level};
use crate::view::tables::allocation::Allocations;
use crate::view::tables::classes::{self, Classes};
use crate::view::tables::comparison::{self, Differences};
use crate::view::tables::contexts::Contexts;
use crate::view::tables::dominators::{Below, Dominated};
use crate::view::tables::entries::Entries;
use crate::view::tables::found::Found;
use crate::view::tables::groups;
use crate::view::tables::inside;
use crate::view::tables::objects::Objects;
use crate::view::tables::retainers::Retainers;
use crate::view::tables::strings::Strings;
use crate::view::text;

fn print_result(command: &'static str, file: &Path, output: &Output, result: Record) -> Result<()> {
    print(&Printout { command, file, head: Record::new(), body: Body::Result(result) }, output)
}

pub(super) fn summary(arguments: &SummaryArguments) -> Result<()> {
    let of = &arguments.of;
    let word = arguments.scope.as_deref().or(arguments.own.then_some("own"));
    let wants = match word {
        Some(word) => Wants::CLASS_ROWS.and(scope::wants(word)?),
        None if arguments.by.is_some() => Wants::CLASS_ROWS,
        None => Wants::ALL_CLASSES,
    };
    let heap = load::load(wants, &of.file, &of.common)?;
    let meter = Meter::default();
    let nodes = match word {
        Some(text) => Some(Arc::new(scope::parse(&heap, text, &meter)?.nodes(&heap, &meter)?)),
        None => None,
    };
    let level = Classes::of(&heap, Part::from(nodes.clone()), &meter)?;
    let filter = Typed::parse(arguments.class.as_deref().unwrap_or_default()).map_err(Error::Usage)?;
    let found = level.filtered(&filter, &meter)?;
    if found.fuzzy {
        load::say(&format!("no class has the words {}: these have the letters in order", filter.text()));
    }
    let level = match arguments.by {
        None => found.level,
        Some(by) => {
            let within = match &arguments.class {
                Some(_) => Some(Arc::new(of_classes(&heap, &found.level, nodes, &meter)?)),
                None => nodes,
            };
            let by = match by {
                ByChoice::File => By::File,
                ByChoice::Package => By::Package,
            };
            groups::level(&heap, Files::find(&heap, &meter)?.grouping(by, heap.producer()), within, &meter)?
        }
    };
    let head: Record = found.fuzzy.then(|| ("fuzzy".to_owned(), true.into())).into_iter().collect();
    Listing { sort: arguments.sort.as_deref(), head, ..Listing::of("summary", of, level) }.print()
}

/// The objects of the classes in the rows of a table, those that count.
fn of_classes(heap: &Heap, level: &Level, counts: Option<Arc<Bits>>, meter: &Meter) -> Result<Bits> {
    let mut classes = Bits::new(heap.classes().len());
    for &row in &*level.rows {
        classes.insert(classes::class_of(row).ix());
    }
    let (part, mut nodes) = (Part::from(counts), Bits::new(heap.node_count()));
    for node in heap.nodes() {
        meter.check_at(node.ix())?;
        if classes.contains(heap.classes().of(node).ix()) && part.has(node) {
            nodes.insert(node.ix());
        }
    }
    Ok(nodes)
}

pub(super) fn objects(arguments: &ObjectsArguments) -> Result<()> {
    let heap = load::load(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let (classes, meter) = (heap.classes(), Meter::default());
    let wanted = |class| match (&arguments.key, &arguments.class) {
        (Some(key), _) => classes.key(class) == *key,
        (None, Some(name)) => well_formed(classes.name(class)) == name.as_str(),
        (None, None) => false,
    };
    let mut nodes = Vec::new();
    for class in classes.iter().filter(|&class| wanted(class)) {
        nodes.extend(aggregates::members(&heap, class, |_| true, &meter)?);
    }
    if nodes.is_empty() {
        let what = arguments.key.as_ref().or(arguments.class.as_ref()).map_or("", String::as_str);
        return Err(set::unknown_class(what));
    }
    let level = Objects::level(heap.clone(), nodes);
    let with_key = |row: Printed| {
        let key = row.table.node(row.row).map(|node| classes.key(classes.of(node)));
        row.with(Spec::new("Key", "Key", "key", Show::Field), key)
    };
    let (of, sort) = (&arguments.of, arguments.sort.as_deref());
    Listing { sort, ..Listing::of("objects", of, level) }.print_with(with_key)
}

pub(super) fn find(arguments: &FindArguments) -> Result<()> {
    let TableArguments { of, sort, depth } = &arguments.table;
    // Before anything is read: a mistake need not wait for gigabytes.
    let query = Arc::new(query::parse(&arguments.query.join(" "))?);
    let wants = if arguments.holders { Wants::RETAINER_ROWS } else { Wants::OBJECT_ROWS };
    let heap = load::load(wants.and(query.wants()), &of.file, &of.common)?;
    let meter = Meter::default();
    let (started, mut first) = (Instant::now(), None);
    let found = query.nodes(&heap, &meter, &mut |_| first = first.or_else(|| Some(started.elapsed())))?;
    if of.common.timings {
        times::print_one("first found", first.unwrap_or_default());
        times::print_one("all found", started.elapsed());
    }
    if arguments.holders {
        return match found.nodes.is_empty() {
            true => Err(Error::Unknown("nothing was found whose holders could be told".into())),
            false => Listing { depth: *depth, ..sets::holders_of(of, &heap, found.nodes, false)? }.print(),
        };
    }
    let sums = sums::of(&heap, &found.nodes, &meter)?;
    let head = answers::find::record(&heap, &query, &found, &sums);
    let level = Found::level(heap.clone(), query, &found.nodes, Some(sums));
    Listing { sort: sort.as_deref(), depth: *depth, head, ..Listing::of("find", of, level) }.print()?;
    if of.output.format() != Format::Json {
        load::say(&answers::find::set(&sums));
        for note in &found.notes {
            load::say(&format!("note: {}", answers::find::words(&heap, note)));
        }
    }
    Ok(())
}

pub(super) fn object(arguments: &ObjectArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::RETAINER_ROWS, &of.file, &of.common)?;
    let node = heap.require_id(arguments.id)?;
    let question = object::ObjectQuestion::of(heap, node, of.output.limit());
    let mut card = object::card(question, &Meter::default())?;
    let result = if of.output.is_for_programs() { card.record() } else { card.printed() };
    print_result("object", &of.file, &of.output, result)
}

pub(super) fn containment(arguments: &ContainmentArguments) -> Result<()> {
    let ContainmentArguments { tree: arguments, entries } = arguments;
    let (heap, from) = tree(arguments)?;
    let inner = if *entries { Inner::Entries } else { Inner::References };
    let level = match from {
        Some(from) => inside::below(&heap, from, inner, &Meter::default())?,
        None => Entries::level(&heap, &Meter::default())?,
    };
    let above = from.or(only_root(&heap));
    let (of, depth) = (&arguments.of, arguments.depth);
    Listing { inner, depth, above, ..Listing::of("containment", of, level) }.print()
}

pub(super) fn dominators(arguments: &DominatorsArguments) -> Result<()> {
    let (heap, from) = tree(&arguments.tree)?;
    let meter = Meter::default();
    let only = match arguments.own {
        true => Some(Arc::new(Only::new(&heap, &Scope::Own.nodes(&heap, &meter)?, &meter)?)),
        false => None,
    };
    let level = Dominated::level(Below { heap: heap.clone(), by: from, only }, &meter)?;
    print_tree("dominators", &arguments.tree, level, from.or(only_root(&heap)))
}

/// The heap, and the object to begin with unless it is all there is.
fn tree(arguments: &TreeArguments) -> Result<(Arc<Heap>, Option<NodeIx>)> {
    let heap = load::load(Wants::OBJECT_ROWS, &arguments.of.file, &arguments.of.common)?;
    let from = arguments.id.map(|id| heap.require_id(id)).transpose()?;
    let only = only_root(&heap);
    Ok((heap, from.filter(|&from| Some(from) != only)))
}

/// The root that is the whole tree; where there are several, each is a row of it.
fn only_root(heap: &Heap) -> Option<NodeIx> {
    (!heap.roots().has_further()).then(|| heap.root())
}

fn print_tree(command: &'static str, arguments: &TreeArguments, level: Level, above: Option<NodeIx>) -> Result<()> {
    let (of, depth) = (&arguments.of, arguments.depth);
    Listing { depth, above, ..Listing::of(command, of, level) }.print()
}

pub(super) fn retainers(arguments: &RetainersArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::RETAINER_ROWS, &of.file, &of.common)?;
    let node = heap.require_id(arguments.id)?;
    let meter = Meter::default();
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
    let level = Retainers::new(heap, ignored).of(node, &meter)?;
    let depth = arguments.depth;
    Listing { depth, above: Some(node), ..Listing::of("retainers", of, level) }.print()
}

pub(super) fn paths(arguments: &PathsArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::RETAINER_ROWS, &of.file, &of.common)?;
    let node = heap.require_id(arguments.id)?;
    let meter = Meter::default();
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
    let retainers_of = Retainers::new(heap.clone(), ignored);
    let ways = paths::Ways { heap: &heap, ignored: retainers_of.ignored() };
    let found = paths::distinct(ways, node, arguments.count.max(1), &meter)?;
    say_of_paths(&heap, node, arguments, &found);
    if found.list.is_empty() {
        let why = why::why(ways, node, &Vec::new(), &meter)?;
        load::say(&format!("@{} has no path from a root: {why}", arguments.id));
    }
    let spec = Spec::new("Path", "Path", "path", Show::Count);
    let paths: Vec<&[paths::Step]> = found.list.iter().map(|held| held.path.as_slice()).collect();
    let limit = of.output.limit();
    let lines = PathLines { retainers: &retainers_of, object: node, spec, paths: &paths, limit };
    let mut rows = Rows::of(&*retainers_of.table(), || lines.lines());
    rows.columns.insert(0, spec);
    print(&Printout { command: "paths", file: &of.file, head: Record::new(), body: Body::Rows(rows) }, &of.output)
}

/// Whoever asks for more paths than there are learns that these are all.
fn say_of_paths(heap: &Heap, node: NodeIx, arguments: &PathsArguments, found: &paths::Paths) {
    let count = found.list.len();
    if found.complete && (1..arguments.count).contains(&count) {
        let paths = match found.fork.map(|fork| if fork == node { "it".to_owned() } else { label::short(heap, fork) }) {
            Some(shared) => format!("{count} paths, each over another holder of {shared}"),
            None => "1 path".into(),
        };
        load::say(&format!("{paths}: there are no others"));
    }
}

pub(super) fn why(arguments: &WhyArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::RETAINER_ROWS, &of.file, &of.common)?;
    let node = heap.require_id(arguments.id)?;
    let meter = Meter::default();
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
    let retainers = Retainers::new(heap, ignored);
    let answer = why::answer(&retainers, node, &meter)?;
    let result = if of.output.is_for_programs() { answer.record() } else { answer.printed() };
    print_result("why", &of.file, &of.output, result)
}

pub(super) fn statistics(arguments: &FileArguments) -> Result<()> {
    let heap = load::load(Wants::SIZES, &arguments.file, &arguments.common)?;
    let known = crate::analysis::statistics::compute(&heap, &Meter::default())?;
    let is_table = matches!(arguments.output.format(), Format::Table | Format::Markdown);
    let result = if is_table { statistics_table(&known) } else { statistics::record(&known) };
    print_result("statistics", &arguments.file, &arguments.output, result)
}

fn statistics_table(known: &crate::analysis::statistics::Statistics) -> Record {
    let mut table = Record::new();
    for part in statistics::parts(known) {
        let (size, percent) = (statistics::shown(part.size, false), statistics::percent(part.size, known));
        table.insert(part.name.into(), format!("{size:>8} {percent:>5}").into());
    }
    table.insert("Total".into(), format!("{:>8}", text::bytes(known.total)).into());
    table
}

pub(super) fn compare(arguments: &CompareArguments) -> Result<()> {
    let of = &arguments.table.of;
    let base = load::load(Wants::OBJECT_ROWS, &arguments.base, &of.common)?;
    let current = load::load(Wants::OBJECT_ROWS, &of.file, &of.common)?;
    let meter = Meter::default();
    let found = match arguments.own {
        true => Comparison::of_own(base, current, &meter)?,
        false => Comparison::new(base, current, &meter)?,
    };
    if let Some(warning) = comparison::warning(&found) {
        load::say(&format!("warning: {}", warning.said));
    }
    let hidden = if arguments.all { 0 } else { found.differences.len() - found.changed };
    if hidden > 0 && !of.output.is_for_programs() {
        load::say(&format!(
            "{} classes in which nothing has changed are left out (--all for them too)",
            text::count(hidden as u64)
        ));
    }
    let level = Differences::level(Arc::new(found), arguments.all);
    print_table("compare", &arguments.table, level)
}

pub(super) fn strings(arguments: &TableArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::OBJECT_ROWS, &of.file, &of.common)?;
    let groups = duplicates::groups(&heap, &Meter::default())?;
    let level = Strings::level(heap, groups);
    print_table("strings", arguments, level)
}

pub(super) fn allocation(arguments: &AllocationArguments) -> Result<()> {
    let of = &arguments.table.of;
    let heap = load::load(Wants::SIZES, &of.file, &of.common)?;
    let Some(functions) = Functions::new(&heap, &Meter::default())? else {
        return Err(Error::Unknown(format!(
            "{} holds no allocation stacks: record an allocation timeline with stacks, or an allocation snapshot",
            of.file.display()
        )));
    };
    let level = Allocations::level(heap, Arc::new(functions), arguments.own);
    print_table("allocation", &arguments.table, level)
}

pub(super) fn contexts(arguments: &TableArguments) -> Result<()> {
    let of = &arguments.of;
    let wants = Wants::OBJECT_ROWS.and(Wants::of(&[Product::NativeContexts]));
    let heap = load::load(wants, &of.file, &of.common)?;
    let sizes = sizes::by_native_context(&heap, &Meter::default())?;
    let level = Contexts::level(heap, sizes);
    print_table("contexts", arguments, level)
}
