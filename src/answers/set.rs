//! Sets of objects by the words of the command line, and who holds them in words.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::scope;
use super::why;
use crate::analysis::aggregates;
use crate::analysis::holders::is_plumbing;
use crate::analysis::merged::{HolderKind, HolderLevel, HolderRow, Link};
use crate::analysis::query::Query;
use crate::analysis::ways::{Path, Ways};
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::view::cut::{cut, wrap, wrap_words};
use crate::view::table::AnyTable;
use crate::view::tables::holders::Holders;
use crate::view::{functions, label, text};

/// What is said where everything that holds them is ignored.
const ONLY_IGNORED: &str = "nothing else holds them: without what is ignored they would be freed";
/// Objects between one of a set and its holder that are looked at to find the way.
const LOOKED_AT: usize = 20_000;
/// So many rows beside the first are told.
const MOST_OTHERS: usize = 3;
/// Columns of the name of one of them inside a clause.
const LONGEST_OTHER: usize = 60;
/// So many levels of several holders each are told before somebody has to look.
const MOST_LEVELS: usize = 3;

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
    pub query: Option<&'a Query>,
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
        nodes.extend(aggregates::members(heap, class, |_| true, meter)?);
    }
    let names_class = question.key.is_some() || !question.classes.is_empty();
    if names_class && nodes.len() == question.ids.len() {
        let what = question.key.map(str::to_owned).unwrap_or_else(|| question.classes.join(", "));
        return Err(unknown_class(&what));
    }
    if let Some(query) = question.query {
        let found = query.nodes(heap, meter, &mut |_| {})?.nodes;
        match names_class || !question.ids.is_empty() {
            true => {
                let found: FxHashSet<NodeIx> = found.into_iter().collect();
                nodes.retain(|node| found.contains(node));
            }
            false => nodes.extend(found),
        }
    }
    if let Some(scope) = question.scope {
        let within = scope::parse(heap, scope, meter)?.nodes(heap, meter)?;
        match names_class || !question.ids.is_empty() || question.query.is_some() {
            true => nodes.retain(|node| within.contains(node.ix())),
            false => nodes.extend(within.iter().map(NodeIx::new)),
        }
    }
    if let Some(base) = question.new_since {
        let before: FxHashSet<ObjectId> = base.columns().nodes.ids.iter().collect();
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

/// Who holds the objects of a set, in words.
#[derive(Debug, Default)]
pub(crate) struct Sentence {
    /// What most of them have, from the objects outwards.
    clauses: Vec<String>,
    /// What others have: `2,000 by (Stack roots)`.
    others: Vec<String>,
    /// How many more there are of these.
    more: usize,
    /// What of the set nothing holds.
    rest: Option<String>,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shortened(self.clauses.len(), self.others.len()))
    }
}

impl Sentence {
    /// The sentence in lines, at most so many of so many columns. Where it is longer, names of others go, then whole
    /// clauses, those farthest out first.
    pub(crate) fn lines(&self, columns: usize, most: usize) -> Vec<String> {
        let text = self.shortenings().find(|text| wrap(text, columns).len() <= most);
        wrap_words(&text.unwrap_or_else(|| self.shortened(1, 0)), columns, most)
    }

    /// Shorter and shorter sentences.
    fn shortenings(&self) -> impl Iterator<Item = String> + '_ {
        let clauses = self.clauses.len();
        let fewer_others = (0..=self.others.len()).rev().map(move |others| (clauses, others));
        let fewer_clauses = (1..clauses).rev().map(|clauses| (clauses, 0));
        fewer_others.chain(fewer_clauses).map(|(clauses, others)| self.shortened(clauses, others))
    }

    fn shortened(&self, clauses: usize, others: usize) -> String {
        let clauses = clauses.min(self.clauses.len());
        let mut parts: Vec<String> = self.clauses[..clauses].to_vec();
        if clauses < self.clauses.len() {
            parts.push("…".into());
        }
        let more = self.more + self.others.len() - others;
        let count = text::count(more as u64);
        let named = self.others[..others].join(", ");
        match (others, more) {
            (0, 0) => {}
            (0, _) => parts.push(format!("also by {count} {}", if more == 1 { "other" } else { "others" })),
            (_, 0) => parts.push(format!("also {named}")),
            _ => parts.push(format!("also {named}, and by {count} more")),
        }
        parts.extend(self.rest.clone());
        parts.join("; ")
    }
}

/// Who holds the objects of a set, in a sentence: what most of them have, then what the others have.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn sentence(
    ways: Ways<'_>,
    level: &Arc<HolderLevel>,
    table: &dyn AnyTable,
    meter: &Meter,
) -> Result<Sentence> {
    let total = level.objects().len() as u64;
    let rows = level.rows();
    let mut sentence = Sentence::default();
    if let Some(first) = rows.first().filter(|row| !row.key.again) {
        let direct = level.held(0).len() as u64;
        let subject = match (first.objects, total) {
            (1, 1) => "it".to_owned(),
            (objects, total) => {
                let is_all = objects == total;
                let of = (!is_all).then(|| format!("of {}", text::count(total)));
                // The others hang on these: the rest of a list, the prototype of a class.
                let held = (direct < objects).then(|| format!("{} directly", text::count(direct)));
                let notes: Vec<String> = of.into_iter().chain(held).collect();
                let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
                format!("each of {}{}{notes}", if is_all { "the " } else { "" }, text::count(objects))
            }
        };
        sentence.clauses = said(ways, level, subject, meter)?;
        let others = (1..rows.len()).take_while(|&at| !rows[at].key.again);
        let told = |at: usize| {
            format!("{} by {}", text::count(rows[at].objects), label::plain(&table.label(Holders::row(at))))
        };
        sentence.others = others.clone().take(MOST_OTHERS).map(told).collect();
        sentence.more = others.count() - sentence.others.len();
    }
    let unreached = level.unreached();
    sentence.rest = if unreached == total {
        let is_ignored = ways.ignored.is_some() && level.objects().iter().any(|&node| !ways.heap.is_unreachable(node));
        let garbage = "no root reaches any of them";
        Some(if is_ignored { ONLY_IGNORED } else { garbage }.into())
    } else if unreached > 0 {
        Some(format!("no root reaches {} of them", text::count(unreached)))
    } else if sentence.clauses.is_empty() {
        Some("roots hold them, or nothing that the file names".into())
    } else {
        None
    };
    Ok(sentence)
}

/// What the first row says, and what holds its holders, up to something that people know.
fn said(ways: Ways<'_>, level: &Arc<HolderLevel>, subject: String, meter: &Meter) -> Result<Vec<String>> {
    let (mut level, mut subject, mut parts) = (level.clone(), subject, Vec::new());
    loop {
        let heap = level.heap().clone();
        let Some(HolderRow { key, holders, one_function, .. }) = level.rows().first().filter(|row| !row.key.again)
        else {
            return Ok(parts);
        };
        let is_scope = matches!(key.kind, HolderKind::Scope(_) | HolderKind::UsedBy(_));
        if holders.len() == 1 || is_scope {
            let (object, holder) = level.sample(0);
            let subject = Told { subject: &subject, holders: holders.len(), link: key.link };
            let mut clauses = told(ways, (object, holder), subject, meter)?;
            // At the set itself the others stand behind the sentence.
            if !parts.is_empty() {
                clauses[0].push_str(&as_many(&level));
            }
            parts.extend(clauses);
            return Ok(parts);
        }
        let many = text::count(holders.len() as u64);
        let what = match one_function {
            true => functions::placed(&heap, holders[0]),
            false => text::safe(heap.class_name(holders[0])),
        };
        let what = what.strip_prefix("a ").unwrap_or(&what);
        let others = if parts.is_empty() { String::new() } else { as_many(&level) };
        parts.push(format!("{many} × {what} hold {subject} between them{others}"));
        if parts.len() == MOST_LEVELS {
            return Ok(parts);
        }
        let below = Arc::new(level.below(0, meter)?);
        let passed = below.rows().first().map_or(0, |row| row.objects);
        if passed < level.rows()[0].objects {
            return Ok(parts);
        }
        let (direct, all) = (below.held(0).len(), below.objects().len());
        subject = match direct == all {
            true => format!("each {what} of these"),
            false => format!("{} of these {} × {what}", text::count(direct as u64), text::count(all as u64)),
        };
        level = below;
    }
}

/// Other rows that are on the way to all that the first one is on the way to: to cut one of them frees none.
fn as_many(level: &Arc<HolderLevel>) -> String {
    let rows = level.rows();
    let others: Vec<usize> =
        (1..rows.len()).filter(|&at| !rows[at].key.again && rows[at].objects == rows[0].objects).collect();
    if others.is_empty() {
        return String::new();
    }
    let table = Holders::of(level.clone()).table;
    let named = others.iter().take(MOST_OTHERS).map(|&at| {
        let name = label::plain(&table.label(Holders::row(at)));
        cut(&name, LONGEST_OTHER).into_owned()
    });
    let named: Vec<String> = named.collect();
    let more = others.len() - named.len();
    let more = if more > 0 { format!(" and {} more", text::count(more as u64)) } else { String::new() };
    format!(" (as many by {}{more})", named.join(", "))
}

/// What the clauses are about.
struct Told<'a> {
    subject: &'a str,
    holders: usize,
    link: Link,
}

/// The clauses of the way that one object has over its holder.
fn told(
    ways: Ways<'_>,
    (object, holder): (NodeIx, NodeIx),
    Told { subject, holders, link }: Told<'_>,
    meter: &Meter,
) -> Result<Vec<String>> {
    let plain = || format!("{} holds {subject}", text::safe(ways.heap.class_name(holder)));
    let Some(way) = way(ways, (object, holder), link) else { return Ok(vec![plain()]) };
    let rest = ways.shortest(holder, meter)?.unwrap_or_default();
    let path: Path = way.into_iter().chain(rest).collect();
    let mut clauses = why::clauses_of(ways, object, &path, meter)?.into_iter();
    let Some(first) = clauses.next() else { return Ok(vec![plain()]) };
    let times = if holders > 1 { format!(" ({} scopes)", text::count(holders as u64)) } else { String::new() };
    let first = format!("{}{times}", first.of_many(subject.to_owned()));
    Ok(std::iter::once(first).chain(clauses.map(|clause| clause.any().to_string())).collect())
}

/// The references by which a holder has an object: over plumbing, and over a collection of its own where the link says so.
fn way(ways: Ways<'_>, (object, holder): (NodeIx, NodeIx), link: Link) -> Option<Path> {
    let heap = ways.heap;
    let collection = link.inside.map(|(_, class)| class);
    let mut before: FxHashMap<u32, (EdgeIx, NodeIx)> = FxHashMap::default();
    let mut open = VecDeque::from([(object, false)]);
    while let Some((at, is_past)) = open.pop_front() {
        for ((edge, from), _) in ways.retainers(at) {
            if from == object || before.contains_key(&from.0) {
                continue;
            }
            if from == holder && is_past == collection.is_some() {
                before.insert(from.0, (edge, at));
                return Some(back(&before, object, holder));
            }
            let is_collection = !is_past && Some(heap.classes().of(from)) == collection;
            if (is_plumbing(heap, from) || is_collection) && before.len() < LOOKED_AT {
                before.insert(from.0, (edge, at));
                open.push_back((from, is_past || is_collection));
            }
        }
    }
    None
}

/// The steps from an object to a holder, of a search that knows for each node the one before.
fn back(before: &FxHashMap<u32, (EdgeIx, NodeIx)>, object: NodeIx, holder: NodeIx) -> Path {
    let (mut way, mut at) = (Path::new(), holder);
    while at != object {
        let (edge, inner) = before[&at.0];
        way.push((edge, at));
        at = inner;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::merged::Options;
    use crate::notation::Graph;
    use crate::view::cut::width;

    fn long() -> Sentence {
        Sentence {
            clauses: vec!["4 × Object hold each of 1,631 (of 5,702)".into(), "exports holds each Object".into()],
            others: vec!["492 by table".into(), "283 by exports".into(), "231 by global".into()],
            more: 4_221,
            rest: Some("no root reaches 3 of them".into()),
        }
    }

    #[test]
    fn a_sentence_of_a_set_gives_up_others_then_whole_clauses() {
        let told = |columns| long().lines(columns, 1).concat();
        assert_eq!(
            told(200),
            "4 × Object hold each of 1,631 (of 5,702); exports holds each Object; also 492 by table, 283 by exports, \
             231 by global, and by 4,221 more; no root reaches 3 of them"
        );
        assert_eq!(
            told(140),
            "4 × Object hold each of 1,631 (of 5,702); exports holds each Object; also 492 by table, and by 4,223 more; \
             no root reaches 3 of them"
        );
        assert_eq!(
            told(125),
            "4 × Object hold each of 1,631 (of 5,702); exports holds each Object; also by 4,224 others; \
             no root reaches 3 of them"
        );
        assert_eq!(
            told(100),
            "4 × Object hold each of 1,631 (of 5,702); …; also by 4,224 others; no root reaches 3 of them"
        );
        for columns in 20..200 {
            for most in 1..4 {
                let lines = long().lines(columns, most);
                assert!(lines.len() <= most && lines.iter().all(|line| width(line) <= columns), "{lines:?}");
            }
        }
    }

    /// What is said of all objects of a class.
    fn told(graph: &str, class: &str) -> String {
        let graph = Graph::new(graph);
        let heap = &graph.heap;
        let set = heap.nodes().filter(|&node| heap.class_name(node) == class.as_bytes()).collect();
        let meter = Meter::default();
        let level =
            Arc::new(HolderLevel::of_set(heap.clone(), set, Options::default(), &meter).expect("nobody cancels"));
        let table = Holders::of(level.clone()).table;
        sentence(Ways { heap, ignored: None }, &level, &*table, &meter).expect("nobody cancels").to_string()
    }

    #[test]
    fn many_hold_a_set_between_them() {
        let text =
            "r -a-> Box#1[8]; r -b-> Box#2[8]; Box#1 -in-> Item#1[8]; Box#2 -in-> Item#2[8]; Box#2 -in-> Item#3[8]";
        assert!(told(text, "Item").starts_with("2 × Box hold each of the 3 between them"), "{}", told(text, "Item"));
    }

    #[test]
    fn of_a_list_it_is_said_how_few_are_held_directly() {
        let text = "r -a-> List[8]; List -head-> Link#1[8]; Link#1 -next-> Link#2[8]; Link#2 -next-> Link#3[8]";
        assert!(told(text, "Link").contains("each of the 3 (1 directly)"), "{}", told(text, "Link"));
    }

    #[test]
    fn holders_of_holders_say_how_many_they_hold_and_who_leads_to_as_many() {
        let text = "r -a-> Cache[8]; Cache -oldest-> Entry#1[8]; Entry#1 -newer-> Entry#2[8]; Entry#2 -older-> Entry#1; \
                    Cache -newest-> Entry#2; Entry#1 -value-> Item#1[8]; Entry#2 -value-> Item#2[8]";
        let said = told(text, "Item");
        assert!(said.contains("1 of these 2 × Entry (as many by "), "{said}");
    }
}
