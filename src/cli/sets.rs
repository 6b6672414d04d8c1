//! Commands about sets of objects: who holds all of these.

use std::sync::Arc;
use std::time::Instant;

use super::args::{Common, CutArguments, FileArguments, HoldersArguments, SetArguments};
use super::listing::Listing;
use super::load;
use super::times;
use crate::analysis::aggregates;
use crate::analysis::grouping::Part;
use crate::analysis::merged::{self, HolderLevel, Without};
use crate::analysis::query::{self, Query};
use crate::analysis::ways::Ways;
use crate::answers::cut::Cut;
use crate::answers::set::{self, SetQuestion};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Heap, Wants};
use crate::view::cell::Record;
use crate::view::tables::classes::Classes;
use crate::view::tables::holders::Holders;
use crate::view::text;

/// The query of the arguments, read before any file is.
fn query_of(arguments: &SetArguments) -> Result<Option<Query>> {
    Ok(arguments.query.as_deref().map(query::parse).transpose()?)
}

/// What commands about sets need of a heap.
fn wants(query: Option<&Query>) -> Wants {
    query.map_or(Wants::RETAINER_ROWS, |query| Wants::RETAINER_ROWS.and(query.wants()))
}

/// The objects that the arguments name, of which there are some.
fn objects(heap: &Heap, arguments: &SetArguments, query: Option<&Query>, common: &Common) -> Result<Vec<NodeIx>> {
    let base = match &arguments.new_since {
        Some(base) => Some(load::load(Wants::NONE, base, common)?),
        None => None,
    };
    let question = SetQuestion {
        classes: &arguments.class,
        key: arguments.key.as_deref(),
        scope: arguments.scope.as_deref(),
        ids: &arguments.ids,
        query,
        new_since: base.as_deref(),
    };
    let objects = set::objects(heap, &question, &Meter::default())?;
    match objects.is_empty() {
        true => Err(Error::Unknown("no object is in this set".into())),
        false => Ok(objects),
    }
}

pub(super) fn holders(arguments: &HoldersArguments) -> Result<()> {
    let of = &arguments.of;
    let query = query_of(&arguments.set)?;
    let heap = load::load(wants(query.as_ref()), &of.file, &of.common)?;
    let objects = objects(&heap, &arguments.set, query.as_ref(), &of.common)?;
    Listing { depth: arguments.depth, ..holders_of(of, &heap, objects, arguments.engine)? }.print()
}

/// Who holds all of some objects, perhaps by the engine's own references.
pub(super) fn holders_of<'a>(
    of: &'a FileArguments,
    heap: &Arc<Heap>,
    objects: Vec<NodeIx>,
    engine: bool,
) -> Result<Listing<'a>> {
    let meter = Meter::default();
    let options = merged::Options { engine, without: None };
    let started = Instant::now();
    heap.holding(&meter)?;
    let graph = started.elapsed();
    let level = Arc::new(HolderLevel::of_set(heap.clone(), objects, options, &meter)?);
    if of.common.timings {
        times::print_one("holding graph", graph);
        times::print_one("first level", started.elapsed() - graph);
    }
    let rows = Holders::of(level.clone());
    let ways = Ways { heap, ignored: None };
    let sentence = set::sentence(ways, &level, &*rows.table, &meter)?.to_string();
    let (head, text) = about(&level, &sentence);
    Ok(Listing { is_tree: true, head, about: Some(text), ..Listing::of("holders", of, rows) })
}

/// What would go by class, and before that in all.
pub(super) fn cut(arguments: &CutArguments) -> Result<()> {
    let of = &arguments.of;
    let meter = Meter::default();
    let query = query_of(&arguments.set)?;
    let heap = load::load(wants(query.as_ref()), &of.file, &of.common)?;
    let set = objects(&heap, &arguments.set, query.as_ref(), &of.common)?;
    let mut without = Without::default();
    for word in &arguments.without {
        without.add(&Without::parse(&heap, word, &meter)?);
    }
    let cut = Cut::of(&heap, &without, &set, &meter)?;
    let lost = cut.lost.clone();
    let sums = aggregates::aggregate(&heap, |node| lost.contains(node.ix()), &meter)?;
    let level = Classes::level(heap.clone(), sums.into(), Part::from(Some(lost)));
    let rest = cut.rest(&heap, &set, &meter)?;
    let head = Record::from_iter([("cut".to_owned(), cut.record(&rest).into())]);
    let (sort, about) = (arguments.sort.as_deref(), Some(cut.text(&rest)));
    Listing { sort, head, about, ..Listing::of("cut", of, level) }.print()
}

/// What is said of the set itself: for programs, and in lines.
fn about(level: &HolderLevel, sentence: &str) -> (Record, String) {
    let objects = level.objects().len() as u64;
    let shallow = level.objects().iter().map(|&node| level.heap().shallow_size(node)).fold(0, u64::saturating_add);
    let mut record = Record::new();
    record.insert("objects".into(), objects.into());
    record.insert("selfSize".into(), shallow.into());
    record.insert("retainedSize".into(), level.retained().into());
    record.insert("severalReasons".into(), level.several().into());
    record.insert("text".into(), sentence.into());
    let several = match level.several() {
        0 => String::new(),
        several => format!("; {} have more than one reason", text::count(several)),
    };
    let text = format!("{}, {} retained{several}\n{sentence}", text::objects(objects), text::bytes(level.retained()));
    (Record::from_iter([("set".to_owned(), record.into())]), text)
}
