//! Sets of objects by the words of the command line, and who holds them in words.

use rustc_hash::FxHashMap;

use super::why::{self, Clause};
use super::scope;
use crate::analysis::aggregates;
use crate::analysis::holders::is_plumbing;
use crate::analysis::merged::{Kind, Level, Row};
use crate::analysis::ways::{Path, Ways};
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::view::table::AnyTable;
use crate::view::{label, text};

/// Objects between one of a set and its holder that are looked at to find the way.
const LOOKED_AT: usize = 20_000;
/// So many rows beside the first are told.
const MOST_OTHERS: usize = 3;

/// Which objects are asked about. Several together are what is in all of them.
#[derive(Debug, Default)]
pub(crate) struct SetQuestion<'a> {
    /// Exact names of classes.
    pub classes: &'a [String],
    /// The key of a class.
    pub key: Option<&'a str>,
    /// A word of [`scope::parse`].
    pub scope: Option<&'a str>,
    pub ids: &'a [ObjectId],
    /// Only what this earlier snapshot of the same process does not have.
    pub new_since: Option<&'a Heap>,
}

/// The objects that a question names, each once.
///
/// # Errors
/// `Error::Unknown` where nothing is named so, `Error::Cancelled` once the meter says stop.
pub(crate) fn objects(heap: &Heap, question: &SetQuestion<'_>, meter: &Meter) -> Result<Vec<NodeIx>> {
    let mut nodes: Vec<NodeIx> = question.ids.iter().map(|&id| heap.require_id(id)).collect::<Result<_>>()?;
    let classes = heap.classes();
    let is_wanted = |class| {
        question.key.is_some_and(|key| classes.key(class) == *key)
            || question.classes.iter().any(|name| well_formed(classes.name(class)) == name.as_str())
    };
    for class in classes.iter().filter(|&class| is_wanted(class)) {
        nodes.extend(aggregates::members(heap, class, None, meter)?);
    }
    let names_class = question.key.is_some() || !question.classes.is_empty();
    if names_class && nodes.len() == question.ids.len() {
        let what = question.key.map(str::to_owned).unwrap_or_else(|| question.classes.join(", "));
        return Err(unknown_class(&what));
    }
    if let Some(scope) = question.scope {
        let within = scope::parse(heap, scope, meter)?.nodes(heap, meter)?;
        match names_class || !question.ids.is_empty() {
            true => nodes.retain(|node| within.contains(node.ix())),
            false => nodes.extend(within.iter().map(NodeIx::new)),
        }
    }
    if let Some(base) = question.new_since {
        let before: rustc_hash::FxHashSet<ObjectId> = base.columns().nodes.ids.iter().collect();
        nodes.retain(|&node| !before.contains(&heap.id(node)));
    }
    nodes.sort_unstable();
    nodes.dedup();
    Ok(nodes)
}

/// No class is called so, and what to do.
pub(crate) fn unknown_class(name: &str) -> Error {
    Error::Unknown(format!(
        "no class is named {name}; `heapwalk summary FILE --class TEXT` finds names that contain a text"
    ))
}

/// Who holds the objects of a set, in a sentence: what most of them have, then what the others have.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn sentence(ways: Ways<'_>, level: &Level, table: &dyn AnyTable, meter: &Meter) -> Result<String> {
    let total = level.objects().len() as u64;
    let rows = level.rows();
    let mut parts = Vec::new();
    if let Some(first) = rows.first().filter(|row| !row.key.again) {
        let subject = match (first.objects, total) {
            (1, 1) => "it".to_owned(),
            (objects, total) if objects == total => format!("each of the {}", text::count(total)),
            (objects, total) => format!("each of {} (of {})", text::count(objects), text::count(total)),
        };
        parts.push(said(ways, level, 0, subject, meter)?);
        let others = (1..rows.len()).take_while(|&at| !rows[at].key.again);
        let told: Vec<String> = others
            .clone()
            .take(MOST_OTHERS)
            .map(|at| {
                let row = crate::view::tables::holders::Holders::row(at);
                format!("{} by {}", text::count(rows[at].objects), label::plain(&table.label(row)))
            })
            .collect();
        let more = others.count() - told.len();
        if !told.is_empty() {
            let more = if more > 0 { format!(", and {} more rows", text::count(more as u64)) } else { String::new() };
            parts.push(format!("also {}{more}", told.join(", ")));
        }
    }
    let unreached = level.unreached();
    if unreached == total {
        parts.push("no root reaches any of them".into());
    } else if unreached > 0 {
        parts.push(format!("no root reaches {} of them", text::count(unreached)));
    } else if parts.is_empty() {
        parts.push("roots hold them, or nothing that the file names".into());
    }
    Ok(parts.join("; "))
}

/// What one row says, up to something that people know.
fn said(ways: Ways<'_>, level: &Level, row: usize, subject: String, meter: &Meter) -> Result<String> {
    let heap = level.heap();
    let Row { key, holders, .. } = &level.rows()[row];
    if holders.len() > 1 && matches!(key.kind, Kind::Class(_)) {
        let class = text::safe(heap.class_name(holders[0]));
        return Ok(format!("{} × {class} hold {subject}", text::count(holders.len() as u64)));
    }
    let (object, holder) = level.sample(row);
    let Some(way) = way(ways, object, holder) else { return Ok(format!("{} holds {subject}", named(heap, holder))) };
    let rest = ways.shortest(holder, meter)?.unwrap_or_default();
    let path: Path = way.into_iter().chain(rest).collect();
    let clauses = why::clauses_of(ways, object, &path, meter)?;
    let told: Vec<String> = clauses.iter().enumerate().map(|(at, clause)| told(clause, (at == 0).then_some(&subject))).collect();
    Ok(if told.is_empty() { format!("{} holds {subject}", named(heap, holder)) } else { told.join("; ") })
}

fn told(clause: &Clause, subject: Option<&String>) -> String {
    match subject {
        Some(subject) => clause.of_many(subject.clone()).to_string(),
        None => clause.to_string(),
    }
}

fn named(heap: &Heap, node: NodeIx) -> String {
    text::safe(heap.class_name(node))
}

/// The references from an object to a holder that has it over plumbing, or over a collection of its own.
fn way(ways: Ways<'_>, object: NodeIx, holder: NodeIx) -> Option<Path> {
    let heap = ways.heap;
    let mut before: FxHashMap<u32, (EdgeIx, NodeIx)> = FxHashMap::default();
    let mut open = std::collections::VecDeque::from([(object, 0)]);
    while let Some((at, passed)) = open.pop_front() {
        for ((edge, from), _) in ways.retainers(at) {
            if from == object || before.contains_key(&from.0) {
                continue;
            }
            before.insert(from.0, (edge, at));
            if from == holder {
                let mut way = Path::new();
                let mut at = holder;
                while at != object {
                    let (edge, inner) = before[&at.0];
                    way.push((edge, at));
                    at = inner;
                }
                way.reverse();
                return Some(way);
            }
            let passed = passed + !is_plumbing(heap, from) as usize;
            if passed <= 1 && before.len() < LOOKED_AT {
                open.push_back((from, passed));
            }
        }
    }
    None
}
