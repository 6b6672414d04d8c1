//! One function a command: from a file to the rows of a table, or to an answer.

use std::path::Path;
use std::sync::Arc;

use super::args::{
    CompareArguments, ContainmentArguments, FileArguments, Format, ObjectArguments, ObjectsArguments, Output,
    PathsArguments, RetainersArguments, SummaryArguments, TableArguments, TreeArguments, WhyArguments,
};
use super::load;
use super::print::{Body, Printout, Rows, print};
use super::rows::{Extent, Line, Lines, PathLines, Printed, TreeLines};
use crate::analysis::aggregates;
use crate::analysis::allocation::Functions;
use crate::analysis::compare::Comparison;
use crate::analysis::ignored::Ignored;
use crate::analysis::{duplicates, paths, sizes};
use crate::answers::{object, scope, statistics, why};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::{Heap, Product, Wants};
use crate::view::cell::Record;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{AnyTable, Inner, Level, seen};
use crate::view::tables::allocation::Allocations;
use crate::view::tables::classes::Classes;
use crate::view::tables::comparison::{self, Differences};
use crate::view::tables::contexts::Contexts;
use crate::view::tables::dominators::Dominated;
use crate::view::tables::entries::Entries;
use crate::view::tables::inside;
use crate::view::tables::objects::Objects;
use crate::view::tables::retainers::Retainers;
use crate::view::tables::strings::Strings;
use crate::view::text;

/// A table on its way out.
struct Listing<'a> {
    command: &'static str,
    of: &'a FileArguments,
    level: Level,
    /// The word of `--sort`.
    sort: Option<&'a str>,
    depth: usize,
    /// What stands below objects.
    inner: Inner,
    /// The object whose tree it is.
    above: Option<NodeIx>,
}

impl<'a> Listing<'a> {
    /// A tree in the order in which its table opens, with DevTools' rows below objects.
    fn tree(
        command: &'static str,
        of: &'a FileArguments,
        level: Level,
        depth: usize,
        above: Option<NodeIx>,
    ) -> Listing<'a> {
        Listing { command, of, level, sort: None, depth, inner: Inner::References, above }
    }

    fn print(self) -> Result<()> {
        self.print_with(|row| row)
    }

    /// Prints the rows with what the command has to add to each.
    fn print_with(self, add: impl Fn(Printed) -> Printed + Copy) -> Result<()> {
        let Listing { command, of, level, above, depth, inner, .. } = self;
        let table = level.table.clone();
        let sort = sort_of(&*table, self.sort)?;
        let extent = Extent { depth, limit: of.output.limit(), inner };
        let added = move |line| match line {
            Line::Row(row) => Line::Row(add(row)),
            left => left,
        };
        let lines = move || -> Result<Lines<'_>> {
            Ok(Box::new(TreeLines::new(level.clone(), sort, extent, above)?.map(move |line| line.map(added))))
        };
        print_rows(command, of, &*table, Vec::new(), (depth > 1, Box::new(lines)))
    }
}

/// Prints a table as the arguments say.
fn print_table(command: &'static str, arguments: &TableArguments, level: Level) -> Result<()> {
    let TableArguments { of, sort, depth } = arguments;
    Listing { sort: sort.as_deref(), ..Listing::tree(command, of, level, *depth, None) }.print()
}

/// The order that a word of `--sort` means; without one that in which the table opens.
fn sort_of(table: &dyn AnyTable, word: Option<&str>) -> Result<Sort> {
    let Some(word) = word else { return Ok(table.facts().sort) };
    let columns = seen(&table.specs());
    let words =
        |spec: &Spec| [spec.word().split(' ').next().unwrap_or_default().to_owned(), spec.word(), spec.field.into()];
    match columns.iter().find(|spec| words(spec).contains(&word.to_lowercase())) {
        Some(spec) => Ok(spec.sort()),
        None => {
            let known: Vec<String> = columns.iter().map(|spec| spec.word()).collect();
            Err(Error::Usage(format!("no column is called {word}: there are {}", known.join(", "))))
        }
    }
}

/// Prints rows under the columns of their table, behind columns of the command's own.
fn print_rows<'a>(
    command: &'static str,
    of: &'a FileArguments,
    table: &dyn AnyTable,
    own: Vec<Spec>,
    (is_tree, lines): (bool, Box<dyn Fn() -> Result<Lines<'a>> + 'a>),
) -> Result<()> {
    let columns = own.into_iter().chain(seen(&table.specs()).into_iter().copied()).collect();
    let total = table.heap().total_size().unwrap_or(0);
    let report = Printout { command, file: &of.file, body: Body::Rows(Rows { columns, is_tree, total, lines }) };
    print(&report, &of.output)
}

fn print_result(command: &'static str, file: &Path, output: &Output, result: Record) -> Result<()> {
    print(&Printout { command, file, body: Body::Result(result) }, output)
}

pub(super) fn summary(arguments: &SummaryArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::CLASS_ROWS, &of.file, &of.common)?;
    let meter = Meter::default();
    let own = arguments.own.then_some("own");
    let nodes = match arguments.scope.as_deref().or(own) {
        Some(text) => Some(Arc::new(scope::parse(&heap, text, &meter)?.nodes(&heap, &meter)?)),
        None => None,
    };
    let counts = |node: NodeIx| nodes.as_ref().is_none_or(|nodes| nodes.contains(node.ix()));
    let sums = aggregates::aggregate(&heap, counts, &meter)?;
    let level = Classes::level(heap, sums.into(), nodes.clone());
    let found = level.filtered(arguments.class.as_deref().unwrap_or_default(), &meter)?;
    if found.fuzzy {
        load::say(&format!(
            "no class has the words {}: these have the letters in order",
            arguments.class.as_deref().unwrap_or_default()
        ));
    }
    let level = found.level;
    Listing { sort: arguments.sort.as_deref(), ..Listing::tree("summary", of, level, 1, None) }.print()
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
        nodes.extend(aggregates::members(&heap, class, None, &meter)?);
    }
    if nodes.is_empty() {
        let what = arguments.key.as_ref().or(arguments.class.as_ref()).map_or("", String::as_str);
        return Err(Error::Unknown(format!(
            "no class is named {what}; `heapwalk summary FILE --class TEXT` finds names that contain a text"
        )));
    }
    let level = Objects::level(heap.clone(), nodes);
    let with_key = |row: Printed| {
        let key = row.table.node(row.row).map(|node| classes.key(classes.of(node)));
        row.with(Spec::new("Key", "Key", "key", Show::Field), key)
    };
    let (of, sort) = (&arguments.of, arguments.sort.as_deref());
    Listing { sort, ..Listing::tree("objects", of, level, 1, None) }.print_with(with_key)
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
    Listing { inner, ..Listing::tree("containment", of, level, depth, above) }.print()
}

pub(super) fn dominators(arguments: &TreeArguments) -> Result<()> {
    let (heap, from) = tree(arguments)?;
    let level = Dominated::by(&heap, from, &Meter::default())?;
    Listing::tree("dominators", &arguments.of, level, arguments.depth, from.or(only_root(&heap))).print()
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

pub(super) fn retainers(arguments: &RetainersArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::RETAINER_ROWS, &of.file, &of.common)?;
    let node = heap.require_id(arguments.id)?;
    let meter = Meter::default();
    let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
    let level = Retainers::new(heap, ignored).of(node, &meter)?;
    let depth = arguments.depth;
    Listing::tree("retainers", of, level, depth, Some(node)).print()
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
    say_of_paths(arguments, &found);
    if found.list.is_empty() {
        let why = why::why(ways, node, &Vec::new(), &meter)?;
        load::say(&format!("@{} has no path from a root: {why}", arguments.id));
    }
    let spec = Spec::new("Path", "Path", "path", Show::Count);
    let paths: Vec<&[paths::Step]> = found.list.iter().map(|held| held.path.as_slice()).collect();
    let limit = of.output.limit();
    let lines = PathLines { retainers: &retainers_of, object: node, spec, paths: &paths, limit };
    let table = retainers_of.table();
    print_rows("paths", of, &*table, vec![spec], (false, Box::new(|| lines.lines())))
}

/// Whoever asks for more paths than there are learns that these are all.
fn say_of_paths(arguments: &PathsArguments, found: &paths::Paths) {
    let count = found.list.len();
    if found.complete && (1..arguments.count).contains(&count) {
        let paths = if count == 1 { "1 path" } else { &*format!("{count} paths, each over another holder") };
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
    let found = Comparison::new(base, current, &Meter::default())?;
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

pub(super) fn allocation(arguments: &TableArguments) -> Result<()> {
    let of = &arguments.of;
    let heap = load::load(Wants::SIZES, &of.file, &of.common)?;
    let Some(functions) = Functions::new(&heap, &Meter::default())? else {
        return Err(Error::Unknown(format!(
            "{} holds no allocation stacks: record an allocation timeline with stacks, or an allocation snapshot",
            of.file.display()
        )));
    };
    let level = Allocations::level(heap, Arc::new(functions));
    print_table("allocation", arguments, level)
}

pub(super) fn contexts(arguments: &TableArguments) -> Result<()> {
    let of = &arguments.of;
    let wants = Wants::OBJECT_ROWS.and(Wants::of(&[Product::NativeContexts]));
    let heap = load::load(wants, &of.file, &of.common)?;
    let sizes = sizes::by_native_context(&heap, &Meter::default())?;
    let level = Contexts::level(heap, sizes);
    print_table("contexts", arguments, level)
}
