//! Suspects in words: the way from the root, the holder, what speaks for it.

#[cfg(test)]
#[path = "suspects_tests.rs"]
mod tests;

use std::sync::Arc;

use serde_json::{Value, json};

use super::cut::cut;
use super::scope::FunctionScope;
use super::tables::holders::Holders;
use super::{label, place, text};
use crate::analysis::holders::{is_plumbing, is_variable};
use crate::analysis::merged::HolderRow;
use crate::analysis::series::Verdict;
use crate::analysis::suspects::{Counted, Hold, Kind, Odd, Suspect};
use crate::analysis::ways::Ways;
use crate::base::meter::Meter;
use crate::columns::EdgeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// Columns of a text that is quoted.
const LONGEST_QUOTE: usize = 40;

/// A row about a suspect.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub title: String,
    pub path: Vec<String>,
    pub holder: String,
    pub place: Option<String>,
    /// What speaks for it first, short enough for a row.
    pub brief: String,
    pub evidence: Vec<Evidence>,
    pub query: String,
}

/// Something that speaks for a suspect, and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub text: String,
    pub value: u64,
}

/// What evidence is called among the details of a row.
pub(crate) const EVIDENCE: &str = "evidence";

impl Evidence {
    pub(crate) fn record(&self) -> Value {
        json!({ "text": self.text, "value": self.value })
    }
}

impl Told {
    /// What is said of a suspect.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(heap: &Arc<Heap>, suspect: &Suspect, meter: &Meter) -> Result<Told> {
        let name = text::safe(heap.classes().name(suspect.class));
        let hold = suspect.chain.named(suspect.kind).map(|at| &suspect.chain.holds[at]);
        let several = hold.and_then(|hold| Holders::table(hold.level.clone()).several(Holders::row(hold.row)));
        let objects = suspect.objects.len() as u64;
        let of_all = if objects < suspect.all { format!(" of {}", text::count(suspect.all)) } else { String::new() };
        let noticed = noticed(suspect, several.as_deref());
        let Path { steps: path, holder: of_holder } = path(heap, suspect, meter)?;
        let is_neck = suspect.chain.named(suspect.kind).is_some_and(|at| Some(at) == suspect.chain.neck);
        let holder = match (hold, of_holder.filter(|_| is_neck)) {
            (Some(hold), Some(of_holder)) if is_bare(hold) => format!("{} of {of_holder}", link(hold)),
            (Some(hold), _) => said(hold),
            (None, _) => String::new(),
        };
        let location = heap.classes().get(suspect.class).location;
        let evidence = evidence(heap, suspect, several.as_deref());
        Ok(Told {
            title: format!("{}{of_all} {name} {noticed}", text::count(objects)),
            path,
            holder,
            place: location.map(|location| place::short(heap, location)).or_else(|| place_of_functions(heap, suspect)),
            brief: brief(suspect, &evidence),
            evidence,
            query: format!("class:{}", serde_json::to_string(&name).unwrap_or_default()),
        })
    }
}

/// What was noticed, in a few words behind the objects.
fn noticed(suspect: &Suspect, several: Option<&str>) -> String {
    let grows = suspect.verdict.is_some() || suspect.newest.is_some_and(|newest| newest > 0);
    let said = match (suspect.kind, grows) {
        (Kind::Callbacks, _) if suspect.waits => "that functions of one place keep, each waiting to be called",
        (Kind::Callbacks, _) => "that functions of one place keep",
        (Kind::Timers, _) => "that timers keep",
        (Kind::Pending, _) => "that wait and were never settled",
        (Kind::Pinned, _) => "that small objects pin",
        (Kind::Detached, _) => "that are in no document any more",
        (Kind::Huge, _) => "that is a large part of the heap",
        (Kind::Duplicated, _) => "with texts that are there more than once",
        (Kind::Sparse, _) => "with little in them for their size",
        (Kind::Recompiled, _) => "compiled from one source again and again",
        (Kind::Window, _) => "that no frame shows any more",
        (Kind::Unused, _) => "in a variable that no function uses any more",
        (Kind::Accumulation, true) => return format!("more and more, held by {}", several.unwrap_or("one")),
        (Kind::Accumulation, false) => return format!("held by {}", several.unwrap_or("one")),
    };
    said.into()
}

/// The word for a kind, for programs and in a column.
pub(crate) fn kind(suspect: &Suspect) -> &'static str {
    match suspect.kind {
        Kind::Callbacks => "callbacks",
        Kind::Timers => "timers",
        Kind::Pending => "pending",
        Kind::Pinned => "pinned",
        Kind::Detached => "detached",
        Kind::Huge => "huge",
        Kind::Duplicated => "duplicated",
        Kind::Sparse => "sparse",
        Kind::Recompiled => "recompiled",
        Kind::Window => "window",
        Kind::Unused => "unused",
        Kind::Accumulation if suspect.verdict.is_some() => "growth",
        Kind::Accumulation => "accumulation",
    }
}

/// How the count went, in words.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::GrewAtEveryStep => "grew at every step",
        Verdict::Grew => "grew",
        Verdict::GrewThenStayed => "grew, then stayed",
        Verdict::CameAndWent => "came and went",
        Verdict::Same => "same",
        Verdict::Shrank => "shrank",
    }
}

/// `120 → 1,120 → 2,120`
pub(crate) fn counts(counts: &[u64]) -> String {
    joined(counts, text::count)
}

/// The same of other numbers; in the middle of many some are left out.
pub(crate) fn joined(numbers: &[u64], shown: impl Fn(u64) -> String) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&number| shown(number)).collect();
    match &numbers[..] {
        [first, .., before, last] if numbers.len() > 5 => format!("{first} → … → {before} → {last}"),
        _ => numbers.join(" → "),
    }
}

fn went(numbers: &[u64], own: Verdict) -> String {
    format!("{}: {}", counts(numbers), verdict(own))
}

fn brief(suspect: &Suspect, evidence: &[Evidence]) -> String {
    match (suspect.verdict, &suspect.odd, suspect.counted) {
        (Some(own), None, Counted::Class) => format!("all {}", went(&suspect.growth, own)),
        _ => evidence.first().map(|first| first.text.clone()).unwrap_or_default(),
    }
}

fn evidence(heap: &Heap, suspect: &Suspect, several: Option<&str>) -> Vec<Evidence> {
    let mut found = Vec::new();
    let objects = suspect.objects.len() as u64;
    let odd = suspect.odd.as_ref().and_then(|odd| oddity(heap, suspect, odd));
    found.extend(odd.map(|(text, value)| Evidence { text, value }));
    found.extend(growth(suspect));
    let mut add = |text: String, value: u64| found.push(Evidence { text, value });
    if let Some(more) = suspect.more {
        let said = format!(
            "+{} held this way since the first snapshot; ids do not last, so they are counted by holder, not one by one",
            text::count(more)
        );
        add(said, more);
    }
    if let Some(stays) = suspect.stays {
        add(format!("{} % of those of the snapshot before are still there", stays / 10), stays / 10);
    }
    if let Some(newest) = suspect.newest {
        let said = format!(
            "{} of {} have come since an earlier snapshot of this process",
            text::count(newest),
            text::count(objects)
        );
        add(said, newest);
    }
    if suspect.verdict.is_none() && suspect.newest.is_none() && suspect.odd.as_ref().is_none_or(is_only_large) {
        add("large; whether it grows needs a second snapshot".into(), suspect.retained);
    }
    let total = heap.total_size().unwrap_or(0);
    add(format!("they retain {}", text::size(suspect.retained, Some(total))), suspect.retained);
    let hold = suspect.chain.named(suspect.kind).map(|at| suspect.chain.holds[at].get());
    if let Some(hold) = hold.filter(|hold| hold.objects < objects) {
        add(format!("{} of {} are held this way", text::count(hold.objects), text::count(objects)), hold.objects);
    }
    let holder = several.map_or_else(|| "this one holder".into(), |several| format!("these {several}"));
    match (suspect.only, &suspect.also) {
        // Links of its list there and back.
        (Some(0), Some(_)) if hold.is_some_and(|hold| is_timer_list(heap, hold)) => {}
        (Some(0), Some(also)) => {
            let is_same = hold.is_some_and(|hold| hold.holders == also.get().holders);
            let holder = if is_same { "this one reference" } else { &holder };
            add(format!("none would go without {holder}: also held by {}", said(also)), 0);
        }
        (Some(0), None) | (None, _) => {}
        (Some(only), _) => {
            let all = if only >= objects { "all".into() } else { text::count(only) };
            add(format!("{all} of them would go without {holder}"), only);
        }
    }
    found
}

/// How the numbers of a suspect went over a series.
fn growth(suspect: &Suspect) -> Vec<Evidence> {
    let (Some(own), Some(&last)) = (suspect.verdict, suspect.growth.last()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |text: String, value: u64| found.push(Evidence { text, value });
    match suspect.counted {
        Counted::Class => add(format!("all of the class: {}", went(&suspect.growth, own)), last),
        Counted::Held => add(format!("held this way: {}", went(&suspect.growth, own)), last),
        Counted::New => add(format!("new since the first: {}", counts(&suspect.growth)), last),
    }
    if let Some((numbers, own)) = &suspect.course {
        add(format!("all of the class: {}", went(numbers, *own)), numbers.last().copied().unwrap_or(0));
    }
    if let Some(slows) = suspect.slows.filter(|_| suspect.growth.len() > 2) {
        let said = if slows >= 1000 {
            "the last step was the largest".into()
        } else {
            format!("the last step was {} % of the largest", slows / 10)
        };
        add(said, slows / 10);
    }
    found
}

/// Whether its size is all that speaks for it.
fn is_only_large(odd: &Odd) -> bool {
    matches!(odd, Odd::Huge | Odd::Numbers { .. })
}

/// What is odd about a set, and its number.
fn oddity(heap: &Heap, suspect: &Suspect, odd: &Odd) -> Option<(String, u64)> {
    let objects = suspect.objects.len() as u64;
    let quoted = |node| format!("“{}”", cut(&text::safe(&heap.name(node)), LONGEST_QUOTE));
    Some(match odd {
        Odd::Huge | Odd::Window => return None,
        Odd::Numbers { places } => {
            let said = format!(
                "room for {}, and no object is in it: numbers, which the file does not tell, or nothing",
                text::count(*places)
            );
            (said, *places)
        }
        Odd::Duplicated { texts, wasted, most, times } => {
            let said = format!(
                "{} texts are there more than once; once each would save {}; {} is there {} times",
                text::count(*texts),
                text::bytes(*wasted),
                quoted(*most),
                text::count(*times)
            );
            (said, *wasted)
        }
        Odd::Sparse { places, used } => {
            let said = format!(
                "room for {} and {} references in it; the rest is empty, or small numbers, which the file does not tell",
                text::count(*places),
                text::count(*used)
            );
            (said, *used)
        }
        Odd::Recompiled { source } => {
            (format!("all {} of the source {}", text::count(objects), quoted(*source)), objects)
        }
        Odd::Unused { variable, function } => {
            let of = if function.is_empty() { String::new() } else { format!(" of {}", text::safe(function)) };
            let said =
                format!("variable {}{of}: no function that lives, or could be made, uses it", text::safe(variable));
            (said, objects)
        }
    })
}

/// What holds timers in Node.js: each by links of the engine's own list.
const TIMERS: &[u8] = b"TimersList";

fn is_timer_list(heap: &Heap, row: &HolderRow) -> bool {
    matches!(row.holders[..], [holder] if heap.class_name(holder) == TIMERS)
}

fn said(hold: &Hold) -> String {
    let heap = hold.level.heap();
    if is_timer_list(heap, hold.get()) {
        return format!("the list of timers, {}", label::plain(&label::object(heap, hold.get().holders[0])));
    }
    let table = Holders::of(hold.level.clone()).table;
    label::plain(&table.label(Holders::row(hold.row)))
}

/// Where the functions stand that keep the objects.
fn place_of_functions(heap: &Heap, suspect: &Suspect) -> Option<String> {
    let is_function = |hold: &&Hold| hold.get().one_function;
    let hold = suspect.chain.holds.iter().find(is_function)?;
    heap.location(hold.get().holders[0]).map(|location| place::short(heap, location))
}

/// Whether a holder is a collection that nobody is said to have: several do, and one of them says more than its id.
fn is_bare(hold: &Hold) -> bool {
    let key = hold.get().key;
    let heap = hold.level.heap();
    // An object that serves as a dictionary is called by its keys.
    let is_one = |class: &[u8]| {
        class.starts_with(b"{")
            || matches!(class, b"Array" | b"Map" | b"Set" | b"WeakMap" | b"JSArray" | b"JSMap" | b"JSSet")
    };
    key.link.inside.is_none()
        && key.link.reference.is_of_collection()
        && matches!(hold.get().holders[..], [holder] if is_one(heap.class_name(holder)))
}

/// What a row is held by, without the holder.
fn link(hold: &Hold) -> String {
    Holders::table(hold.level.clone()).link_text(Holders::row(hold.row))
}

/// The way to a suspect in words.
struct Path {
    /// From the root to the objects: each step with what it leads to.
    steps: Vec<String>,
    /// The property or variable that the one holder is, and whose.
    holder: Option<String>,
}

fn path(heap: &Arc<Heap>, suspect: &Suspect, meter: &Meter) -> Result<Path> {
    let mut path = Path { steps: Vec::new(), holder: None };
    if let Some((holder, _)) = suspect.chain.holder() {
        let mut way = Ways { heap, ignored: None }.shortest(holder, meter)?.unwrap_or_default();
        way.reverse();
        if let Some(&(_, root)) = way.first() {
            path.steps.push(label::plain(&label::object(heap, root)));
        }
        for (at, &(edge, from)) in way.iter().enumerate() {
            path.holder = None;
            if is_plumbing(heap, from) && !is_variable(heap, edge, from) {
                continue;
            }
            let to = way.get(at + 1).map_or(holder, |&(_, to)| to);
            let name = text::safe(&heap.edge_name(edge));
            let what = match heap.edge_type(edge) {
                EdgeType::CONTEXT => format!("variable {name}"),
                EdgeType::ELEMENT => format!("[{name}]"),
                EdgeType::HIDDEN => continue,
                EdgeType::INTERNAL if is_plumbing(heap, to) => continue,
                _ => name,
            };
            path.holder = match heap.edge_type(edge) {
                EdgeType::CONTEXT => Some(format!("{what} of {}", FunctionScope::of(heap, from))),
                EdgeType::PROPERTY => Some(format!("{what} in {}", label::plain(&label::object(heap, from)))),
                _ => None,
            };
            let is_told = !is_plumbing(heap, to) && !naming::is_context(&heap.raw_name(to));
            let class = if is_told { format!(" ({})", text::safe(heap.class_name(to))) } else { String::new() };
            path.steps.push(format!("{what}{class}"));
        }
    }
    path.steps.extend(suspect.chain.holds.iter().rev().map(said));
    Ok(path)
}
