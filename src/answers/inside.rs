//! What is inside an object, in a line for people and as fields for programs.
//!
//! What a file does not know is said so: lengths with two ends, keys and values that it leaves out, variables that may be
//! used or not.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::analysis::inside::{
    self, About, ArrayFacts, Captures, Collection, CollectionKind, Key, Length, Memory, Part, PartRole, PromiseState,
    Promised, Slot, Store, Timer, TimerKind, View,
};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::{len_utf16, well_formed};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;
use crate::view::cell::Record;
use crate::view::cut::cut;
use crate::view::list::List;
use crate::view::spec::Sort;
use crate::view::tables::inside::Inside;
use crate::view::{label, place, text};

/// Names that are said in a line before there are too many.
const NAMES: usize = 6;
/// Longer names are cut in a line.
const LONGEST: usize = 40;

/// What is inside an object.
#[derive(Debug)]
pub(crate) struct Answer {
    heap: Arc<Heap>,
    node: NodeIx,
    about: About,
    parts: Vec<Part>,
    /// The parts as rows, in their order.
    list: List,
}

/// What is inside an object; nothing of what only the engine knows.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn answer(heap: &Arc<Heap>, node: NodeIx, meter: &Meter) -> Result<Option<Answer>> {
    let inside::Inside { about, parts } = inside::look(heap, node, meter)?;
    if about == About::Engine {
        return Ok(None);
    }
    let level = Inside::level(heap, node, parts.clone());
    let list = List::new(level, Sort { field: "label", ascending: true }, meter)?;
    Ok(Some(Answer { heap: heap.clone(), node, about, parts, list }))
}

impl Answer {
    /// Whether there is nothing to say that the rows do not.
    pub(crate) fn is_plain(&self) -> bool {
        self.about == About::Object
    }

    /// The parts as rows, the largest first.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn largest(&self, meter: &Meter) -> Result<List> {
        self.list.sorted_by(Sort::BY_RETAINED, meter)
    }

    /// How many parts there are, and the first of them in lines.
    pub(crate) fn lines(&self, limit: usize) -> (usize, Vec<String>) {
        let mut list = self.list.clone();
        let table = list.table().clone();
        let lines = list.first(limit).iter().map(|&row| label::plain(&table.label(row))).collect();
        (self.parts.len(), lines)
    }

    // ---- for programs ----

    /// The field `inside` of `heapwalk object --json`.
    pub(crate) fn record(&self, limit: usize) -> Record {
        let mut record = Record::new();
        record.insert("kind".into(), self.kind().into());
        record.insert("text".into(), self.to_string().into());
        self.add_facts(&mut record);
        record.insert("count".into(), self.parts.len().into());
        let mut list = self.list.clone();
        let table = list.table().clone();
        let entries = list.first(limit).iter().map(|&row| Value::from(table.record(row))).collect();
        record.insert("entries".into(), entries);
        if self.parts.len() > limit {
            record.insert("more".into(), (self.parts.len() - limit).into());
        }
        record
    }

    /// What kind of thing it is, in a word for programs.
    fn kind(&self) -> &'static str {
        match &self.about {
            About::Engine => "engine",
            About::Object => "object",
            About::Collection(Collection { kind, .. }) => match kind {
                CollectionKind::Map => "map",
                CollectionKind::Set => "set",
                CollectionKind::WeakMap => "weakMap",
                CollectionKind::WeakSet => "weakSet",
            },
            About::Array(_) => "array",
            About::View(_) => "view",
            About::ArrayBuffer(_) => "arrayBuffer",
            About::Slice { .. } => "slicedString",
            About::Rope => "concatenatedString",
            About::Symbol => "symbol",
            About::Boxed => "boxed",
            About::Date => "date",
            About::RegExp => "regexp",
            About::Error { .. } => "error",
            About::Function(_) => "function",
            About::Bound { .. } => "boundFunction",
            About::Suspended { .. } => "suspendedFunction",
            About::Promise(_) => "promise",
            About::Proxy => "proxy",
            About::Timer(_) => "timer",
            About::Emitter { .. } => "emitter",
            About::WeakRef { .. } => "weakRef",
            About::Registry { .. } => "finalizationRegistry",
            About::Iterator => "iterator",
            About::Scope => "scope",
            About::Element { .. } => "element",
        }
    }

    fn add_facts(&self, record: &mut Record) {
        let heap = &*self.heap;
        let mut add = |name: &str, value: Value| {
            record.insert(name.into(), value);
        };
        match &self.about {
            About::Collection(collection) => {
                add("size", if collection.is_hidden { Value::Null } else { collection.entries.into() });
                add("gaps", collection.gaps.into());
                add("table", json!(self.store(collection.table)));
            }
            About::Array(ArrayFacts { length, items, is_sparse, store: own, .. }) => {
                add("length", json!(length.exact()));
                add("lengthAtLeast", length.least.into());
                add("lengthAtMost", json!(length.most));
                add("elements", (*items).into());
                add("sparse", (*is_sparse).into());
                add("store", json!(self.store(*own)));
            }
            About::View(view) => {
                add("elementBytes", json!(view.element));
                add("memory", self.memory(view.memory));
            }
            About::ArrayBuffer(own) => add("memory", self.memory(*own)),
            About::Slice { parent } => add("parentId", heap.id(*parent).into()),
            About::Error { message } => {
                add("message", json!(message.map(|message| well_formed(&heap.name(message)).into_owned())))
            }
            About::RegExp => add("source", well_formed(&heap.raw_name(self.node)).into()),
            About::Function(Captures { told }) => {
                let names = |wanted: &dyn Fn(bool, bool) -> bool| {
                    let told = told.as_ref()?;
                    let found = told.iter().filter(|captured| wanted(captured.used, captured.alive));
                    Some(found.map(|captured| self.variable(captured.edge)).collect::<Vec<String>>())
                };
                add("uses", json!(names(&|used, _| used)));
                add("unused", json!(names(&|_, alive| !alive)));
            }
            About::Bound { target } => add("target", json!(target.map(|target| self.function_record(target)))),
            About::Suspended { function, is_over } => {
                add("function", json!(function.map(|function| self.function_record(function))));
                add("over", (*is_over).into());
            }
            About::Promise(Promised { state, waits }) => {
                add("state", state_word(*state).into());
                add("waits", (*waits).into());
            }
            About::Timer(Timer { delay, callback, .. }) => {
                add("delay", json!(delay));
                add("callback", json!(callback.map(|callback| self.function_record(callback))));
            }
            About::Emitter { listeners } => add("listeners", (*listeners).into()),
            About::Element { listeners, is_detached } => {
                add("listeners", (*listeners).into());
                add("detached", (*is_detached).into());
            }
            About::Registry { cells } => add("size", (*cells).into()),
            _ => {}
        }
    }

    fn store(&self, store: Option<Store>) -> Option<Value> {
        store.map(|store| json!({ "id": self.heap.id(store.node), "bytes": store.bytes, "room": store.room }))
    }

    fn memory(&self, memory: Memory) -> Value {
        json!({
            "bufferId": self.heap.id(memory.buffer),
            "bytes": memory.bytes,
            "views": memory.views,
            "inObject": memory.is_inside,
        })
    }

    fn function_record(&self, function: NodeIx) -> Value {
        let heap = &*self.heap;
        let place = heap.location(function).map(|location| place::text(heap, location));
        let raw = heap.raw_name(function);
        let name = if heap.producer().is_hermes() { naming::hermes_function(&raw) } else { &raw };
        json!({ "id": heap.id(function), "name": well_formed(name), "place": place })
    }

    // ---- for people ----

    /// The name of the variable behind a reference.
    fn variable(&self, edge: crate::base::ids::EdgeIx) -> String {
        let part = self.parts.iter().find(|part| part.edge == edge && part.role == PartRole::Variable);
        let name = match part.map(|part| part.key) {
            Some(Key::Node(name)) => self.heap.raw_name(name).into_owned(),
            Some(Key::Edge(other)) => self.heap.edge_name(other).into_owned(),
            _ => self.heap.edge_name(edge).into_owned(),
        };
        text::safe(&name)
    }

    /// A function with its place: `poll() app.js:3`.
    fn function(&self, function: NodeIx) -> String {
        let heap = &*self.heap;
        let name = match heap.producer().is_hermes() {
            true => format!("{}()", text::safe(naming::hermes_function(&heap.raw_name(function)))),
            false => label::value(heap, function),
        };
        let name = cut(&name, LONGEST);
        match heap.location(function) {
            Some(location) => format!("{name} {}", place::short(heap, location)),
            None => name.into_owned(),
        }
    }

    fn short(&self, node: NodeIx) -> String {
        cut(&label::value(&self.heap, node), LONGEST).into_owned()
    }

    fn slot(&self, wanted: Slot) -> Option<NodeIx> {
        let part = self.parts.iter().find(|part| part.role == PartRole::Slot(wanted));
        part.map(|part| part.object(&self.heap))
    }

    fn count(&self, is_wanted: impl Fn(PartRole) -> bool) -> u64 {
        self.parts.iter().filter(|part| is_wanted(part.role)).count() as u64
    }

    fn class(&self) -> String {
        text::safe(self.heap.class_name(self.node))
    }

    fn collection(&self, collection: &Collection) -> String {
        let word = match collection.kind {
            CollectionKind::Map => "Map",
            CollectionKind::Set => "Set",
            CollectionKind::WeakMap => "WeakMap",
            CollectionKind::WeakSet => "WeakSet",
        };
        if collection.is_hidden {
            return format!("{word}: this file does not show what is in it");
        }
        let is_set = matches!(collection.kind, CollectionKind::Set | CollectionKind::WeakSet);
        let mut said = format!("{word}: {}", counted(collection.entries, entry_word(is_set)));
        let Some(table) = collection.table else { return said };
        said += &format!(", table {}", text::bytes(table.bytes));
        let Some(room) = table.room.filter(|&room| room > 0) else { return said };
        said += &format!(", {} full", text::percent(collection.entries, room));
        // A table that grows is at least half full, and one from which entries are deleted shrinks at a quarter.
        const SMALLEST: u64 = 4;
        if collection.gaps > 0 || room > SMALLEST && collection.entries < room / 4 {
            said += "; the rest was deleted, or is of small numbers, booleans or nothing, which the file leaves out";
        }
        said
    }

    fn array(&self, array: &ArrayFacts) -> String {
        let ArrayFacts { length, items, is_sparse, shows_all, store } = *array;
        let is_long = |store: Store| format!(", store {}", text::bytes(store.bytes));
        let of_store = store.map_or_else(String::new, is_long);
        let missing = |all: u64| match all - items.min(all) {
            0 => String::new(),
            holes if shows_all => format!(", {}", counted(holes, ["hole", "holes"])),
            rest => format!("; {} of these are holes, or numbers, which the file leaves out", text::count(rest)),
        };
        let elements = |count| counted(count, ["element", "elements"]);
        let word = if self.class() == "Arguments" { "Arguments" } else { "Array" };
        match (length.exact(), length) {
            (Some(exact), _) => format!("{word}: {}{of_store}{}", elements(exact), missing(exact)),
            (None, Length { least, .. }) if is_sparse => {
                format!("{word}: {} of at least {}, kept as a table{of_store}", text::count(items), text::count(least))
            }
            (None, Length { least: 0, most: Some(most) }) => format!(
                "{word}: room for {}{of_store}; numbers with fractions and small ones, the file leaves out",
                text::count(most)
            ),
            (None, Length { least, most: Some(most) }) => format!(
                "{word}: {} or more, room for {}{of_store}{}",
                elements(least),
                text::count(most),
                missing(least)
            ),
            (None, Length { least, most: None }) => format!("{word}: {} or more{of_store}", elements(least)),
        }
    }

    fn view(&self, View { memory, element }: &View) -> String {
        let class = self.class();
        let Some(bytes) = memory.bytes else {
            return format!("{class}: how large its memory is, the file does not say");
        };
        if memory.is_inside {
            let elements = element.filter(|&element| element > 1);
            let elements = elements.map_or_else(String::new, |element| format!(" ({} elements)", bytes / element));
            return format!("{class}: up to {}{elements} in the object itself", text::bytes(bytes));
        }
        let shared = match memory.views {
            Some(views) if views > 1 => format!(", which {} views share", text::count(views)),
            _ => String::new(),
        };
        let id = self.heap.id(memory.buffer);
        let rest = "how much of it this one shows, the file does not say";
        format!("{class}: pins the {} of ArrayBuffer @{id}{shared}; {rest}", text::bytes(bytes))
    }

    fn buffer(&self, memory: &Memory) -> String {
        let bytes = memory.bytes.map_or_else(|| "of unknown size".to_owned(), text::bytes);
        match memory.views {
            Some(views) => format!("{}: {bytes}, {}", self.class(), counted(views, ["view of it", "views of it"])),
            None => format!("{}: {bytes}", self.class()),
        }
    }

    fn captures(&self, Captures { told }: &Captures) -> String {
        let name = format!("function {}", self.function(self.node));
        let variables: Vec<String> = self
            .parts
            .iter()
            .filter(|part| part.role == PartRole::Variable)
            .map(|part| self.variable(part.edge))
            .collect();
        let Some(told) = told else {
            return match variables.is_empty() {
                true => name,
                false => format!("{name}: its scopes have {}; which it uses, the file does not say", list(&variables)),
            };
        };
        let used: Vec<String> =
            told.iter().filter(|captured| captured.used).map(|captured| self.variable(captured.edge)).collect();
        let mut said = match used.is_empty() {
            true => format!("{name}: uses no variable around it"),
            false => format!("{name}: captures {}", list(&used)),
        };
        let size = |edge| self.heap.retained_size(self.heap.target(edge)).unwrap_or(0);
        let mut dead: Vec<_> = told.iter().filter(|captured| !captured.alive).map(|captured| captured.edge).collect();
        dead.sort_by_key(|&edge| (std::cmp::Reverse(size(edge)), edge));
        if !dead.is_empty() {
            let bytes = dead.iter().fold(0u64, |sum, &edge| sum.saturating_add(size(edge)));
            let dead: Vec<String> = dead.into_iter().map(|edge| self.variable(edge)).collect();
            said += &format!("; no living function uses {} ({})", list(&dead), text::bytes(bytes));
        }
        said
    }

    fn suspended(&self, function: Option<NodeIx>, is_over: bool) -> String {
        let name = function.map_or_else(|| "a function".into(), |function| self.function(function));
        if is_over {
            return format!("{name}: has ended, or is running");
        }
        let saved = self.count(|role| matches!(role, PartRole::Slot(Slot::Saved(_)) | PartRole::Variable));
        format!("{name}: left in the middle, or not begun; keeps {}", counted(saved, ["value", "values"]))
    }

    fn promise(&self, Promised { state, waits }: &Promised) -> String {
        let wait = match waits {
            0 => "nobody waits".to_owned(),
            1 => "1 waits".into(),
            waits => format!("{} wait", text::count(*waits)),
        };
        match state {
            PromiseState::Pending => format!("Promise: pending, {wait}"),
            PromiseState::Fulfilled => "Promise: fulfilled".into(),
            PromiseState::Rejected => "Promise: rejected".into(),
            PromiseState::Settled => "Promise: settled; whether fulfilled or rejected, the file does not say".into(),
            PromiseState::PendingOrSettled => {
                "Promise: pending and nobody waits, or settled with what the file leaves out".into()
            }
        }
    }

    fn timer(&self, Timer { kind, delay, callback }: &Timer) -> String {
        let word = match kind {
            TimerKind::Timeout => "Timeout",
            TimerKind::Immediate => "Immediate",
            TimerKind::Dom => "timer of the page",
        };
        let delay = delay.map(|delay| format!("{} ms", text::count(delay)));
        let calls = callback.map(|callback| format!("calls {}", self.function(callback)));
        let rest: Vec<String> = delay.into_iter().chain(calls).collect();
        match rest.is_empty() {
            true => format!("{word}: calls nothing any more"),
            false => format!("{word}: {}", rest.join(", ")),
        }
    }

    /// How many listeners each event has.
    fn listeners(&self) -> String {
        let heap = &*self.heap;
        let mut events: Vec<(String, u64)> = Vec::new();
        for part in self.parts.iter().filter(|part| part.role == PartRole::Listener) {
            let name = match part.key {
                Key::Own => text::safe(&heap.edge_name(part.edge)),
                Key::Edge(edge) => text::safe(&heap.edge_name(edge)),
                Key::Node(node) => text::safe(&heap.name(node)),
                Key::NotInFile | Key::Unknown => continue,
            };
            match events.iter_mut().find(|(other, _)| *other == name) {
                Some((_, count)) => *count += 1,
                None => events.push((name, 1)),
            }
        }
        let all = self.count(|role| role == PartRole::Listener);
        let said = counted(all, ["listener", "listeners"]);
        let events: Vec<String> = events.into_iter().map(|(name, count)| format!("{count} of {name}")).collect();
        if events.is_empty() { said } else { format!("{said}: {}", list(&events)) }
    }

    /// What an object has, kind by kind.
    fn object(&self) -> String {
        let kinds = [
            (self.count(|role| role == PartRole::Property), ["property", "properties"]),
            (self.count(|role| role == PartRole::Private), ["private field", "private fields"]),
            (
                self.count(|role| matches!(role, PartRole::Getter | PartRole::Setter)),
                ["getter or setter", "getters and setters"],
            ),
            (self.count(|role| role == PartRole::Element), ["element", "elements"]),
            (self.count(|role| role == PartRole::Prototype), ["prototype", "prototypes"]),
        ];
        let said: Vec<String> =
            kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| counted(count, words)).collect();
        let of_its_own = self.parts.iter().any(|part| part.role != PartRole::Prototype);
        let nothing = (!of_its_own).then(|| "no properties that the file shows".to_owned());
        nothing.into_iter().chain(said).collect::<Vec<_>>().join(", ")
    }

    fn slice(&self, parent: NodeIx) -> String {
        let heap = &*self.heap;
        let whole = heap.is_truncated_string(parent);
        let length = len_utf16(&heap.raw_name(parent)) as u64;
        let length = format!("{}{} characters", if whole { "more than " } else { "" }, text::count(length));
        let bytes = text::bytes(heap.columns().nodes.self_sizes.get(parent.ix()));
        format!("a piece of a text of {length}, which it keeps whole: @{}, {bytes}", heap.id(parent))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = match &self.about {
            About::Engine => String::new(),
            About::Object => self.object(),
            About::Collection(collection) => self.collection(collection),
            About::Array(array) => self.array(array),
            About::View(view) => self.view(view),
            About::ArrayBuffer(memory) => self.buffer(memory),
            About::Slice { parent } => self.slice(*parent),
            About::Rope => "two texts, one after the other".into(),
            About::Symbol => match self.slot(Slot::Description) {
                Some(name) => format!("Symbol({})", cut(&text::safe(&self.heap.name(name)), LONGEST)),
                None => "Symbol()".into(),
            },
            About::Boxed => format!("{} object", self.class()),
            About::Date => "Date: of when, the file does not say".into(),
            About::RegExp => format!("RegExp /{}/", cut(&text::safe(&self.heap.raw_name(self.node)), LONGEST)),
            About::Error { message: Some(message) } => format!("{}: {}", self.class(), self.short(*message)),
            About::Error { message: None } => format!("{}: no message that the file shows", self.class()),
            About::Function(captures) => self.captures(captures),
            About::Bound { target } => {
                let target = target.map_or_else(|| "a function".into(), |target| self.function(target));
                let this = self.slot(Slot::This).map(|this| format!("this {}", self.short(this)));
                let count = self.count(|role| matches!(role, PartRole::Slot(Slot::Argument(_))));
                let arguments = (count > 0).then(|| counted(count, ["argument", "arguments"]));
                let with: Vec<String> = this.into_iter().chain(arguments).collect();
                match with.is_empty() {
                    true => format!("bound function: calls {target}"),
                    false => format!("bound function: calls {target} with {}", with.join(" and ")),
                }
            }
            About::Suspended { function, is_over } => self.suspended(*function, *is_over),
            About::Promise(promised) => self.promise(promised),
            About::Proxy => {
                let target = self.slot(Slot::Target).map_or_else(|| "nothing".into(), |target| self.short(target));
                format!("Proxy of {target}")
            }
            About::Timer(timer) => self.timer(timer),
            About::Emitter { .. } => self.listeners(),
            About::WeakRef { is_empty: true } => "WeakRef: what it was made for is gone".into(),
            About::WeakRef { is_empty: false } => {
                let target = self.slot(Slot::Target).map_or_else(|| "nothing".into(), |target| self.short(target));
                format!("WeakRef to {target}")
            }
            About::Registry { cells } => {
                let calls = self.slot(Slot::Cleanup).map(|cleanup| format!(", calls {}", self.function(cleanup)));
                format!("FinalizationRegistry: {} registered{}", text::count(*cells), calls.unwrap_or_default())
            }
            About::Iterator => "an iterator over what follows".into(),
            About::Scope => counted(self.count(|role| role == PartRole::Variable), ["variable", "variables"]),
            About::Element { listeners, is_detached } => {
                let mut said = cut(&label::value(&self.heap, self.node), LONGEST).into_owned();
                if *listeners > 0 {
                    said += &format!(": {}", counted(*listeners, ["listener", "listeners"]));
                }
                said + if *is_detached { ", in no document" } else { "" }
            }
        };
        out.write_str(&said)
    }
}

fn entry_word(is_set: bool) -> [&'static str; 2] {
    if is_set { ["member", "members"] } else { ["entry", "entries"] }
}

fn state_word(state: PromiseState) -> &'static str {
    match state {
        PromiseState::Pending => "pending",
        PromiseState::Fulfilled => "fulfilled",
        PromiseState::Rejected => "rejected",
        PromiseState::Settled => "settled",
        PromiseState::PendingOrSettled => "unknown",
    }
}

/// `1 entry`, `2 entries`.
fn counted(count: u64, [one, many]: [&str; 2]) -> String {
    format!("{} {}", text::count(count), if count == 1 { one } else { many })
}

/// Names with commas, the first few of many.
fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| cut(name, LONGEST).into_owned()).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), text::count(more as u64)),
    }
}

#[cfg(test)]
#[path = "inside_tests.rs"]
mod tests;
