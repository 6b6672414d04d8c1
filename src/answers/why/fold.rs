//! A path → what each of its references means to the program, without what only the engine knows.
//!
//! The names of slots are those of V8's heap-snapshot-generator.cc; numbers of slots are those of the classes in V8's
//! objects/ (JSProxy, PromiseReaction, WeakCell), the same in V8 11 to 15 unless said otherwise.

use std::borrow::Cow;

use super::fold_hermes;
use super::names::{self, name, short};
use super::rest::{Fold, Folded, key_text, symbol};
use super::{EntryKey, Hop, How, called};
use crate::analysis::hash_table::{self, Layout, Slot, TableKind};
use crate::analysis::holders;
use crate::analysis::inside;
use crate::analysis::scope_owner;
use crate::analysis::ways::{Path, Step, Ways};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;
use crate::view::globals::is_global;
use crate::view::{label, text};

/// Where Node 24 keeps `module.exports` once more.
const MODULE_EXPORTS: &str = "<symbol node:module_export>";
/// So many links between objects of one class are folded.
const CHAIN: usize = 3;
/// So many names of links in a chain are told.
const MOST_LINKS: usize = 3;
/// More than sentences ever speak of.
const MOST_HOPS: usize = 64;

/// Leaves out what the program does not know of.
pub(super) fn fold(ways: Ways<'_>, node: NodeIx, path: &Path, meter: &Meter) -> Result<Vec<Hop>> {
    let mut hops = fold_strong(ways, node, path);
    for hop in &mut hops {
        if let How::WeakEntry(_) = hop.how
            && !ways.heap.class_name(hop.holder).ends_with(b"WeakMap")
            && let Some(map) = hop.edge.and_then(|half| weak_map(ways.heap, half))
        {
            hop.how = How::WeakValue(Box::new(called(ways, map, meter)?));
        }
    }
    Ok(hops)
}

/// The same, but nothing is asked about the WeakMaps whose keys hold what they hold.
pub(super) fn fold_strong(ways: Ways<'_>, node: NodeIx, path: &Path) -> Vec<Hop> {
    let heap = ways.heap;
    let path = &match heap.producer().is_hermes() {
        true => Cow::Owned(fold_hermes::with_names(heap, node, path)),
        false => Cow::Borrowed(path),
    };
    let mut hops = Vec::new();
    let mut target = node;
    let mut at = 0;
    while at < path.len() && hops.len() < MOST_HOPS {
        let (how, used) = Fold { heap, target, rest: &path[at..] }.step();
        let used = used.clamp(1, path.len() - at);
        let holder = path[at + used - 1].1;
        let is_root = matches!(how, Some(How::Root(_) | How::Handle(_)));
        hops.extend(how.map(|how| Hop { holder, how, edge: Some(path[at].0) }));
        if is_root {
            break;
        }
        target = holder;
        at += used;
    }
    hops
}

/// The WeakMap of an entry of which `half` is one half: behind the table that has the other.
fn weak_map(heap: &Heap, half: EdgeIx) -> Option<NodeIx> {
    let table = heap.ephemeron(half)?.table;
    let is_other = |step: &Step| heap.id(step.1) == table && is_same_entry(heap, half, step.0);
    let (_, table) = heap.shown_retainers(heap.target(half)).find(is_other)?;
    let is_table = |&(edge, _): &Step| *heap.edge_name(edge) == *b"table";
    heap.shown_retainers(table).find(is_table).map(|(_, map)| map)
}

/// Whether two edges are the two halves of one entry of a WeakMap.
pub(super) fn is_same_entry(heap: &Heap, one: EdgeIx, other: EdgeIx) -> bool {
    let entry = |edge| heap.ephemeron(edge).map(|half| half.entry);
    entry(one).is_some_and(|one| entry(other) == Some(one))
}

impl Fold<'_> {
    /// What the first step says, together with those that belong to it. Nothing for stores behind objects: the next
    /// step names the object.
    fn step(&self) -> Folded {
        let (edge, from) = self.rest[0];
        let heap = self.heap;
        if heap.node_type(from) == NodeType::SYNTHETIC || heap.roots().has_further() && heap.roots().contains(from) {
            return (Some(self.root()), 1);
        }
        let others = || self.of_blink().or_else(|| self.of_module());
        if let Some(folded) = self.of_hermes().or_else(others) {
            return folded;
        }
        let chain = if heap.edge_type(edge) == EdgeType::PROPERTY { self.chain() } else { 0 };
        match heap.edge_type(edge) {
            _ if chain >= CHAIN => (Some(How::Chain(self.links(chain), chain)), chain),
            EdgeType::CONTEXT => self.variable(text::safe(&heap.edge_name(edge))),
            EdgeType::ELEMENT => self.element(),
            EdgeType::PROPERTY | EdgeType::SHORTCUT => self.property(),
            _ => self.engine(),
        }
    }

    /// A root. Handles of native code may say what they are for: `124 / DevTools console`.
    fn root(&self) -> How {
        let (edge, from) = self.rest[0];
        let handle = text::safe(&self.heap.edge_name(edge));
        match handle.split_once(" / ") {
            Some((_, what_for)) if *self.heap.raw_name(from) == *b"(Global handles)" => How::Handle(short(what_for)),
            _ => How::Root(label::value(self.heap, from)),
        }
    }

    /// How many links between objects of the same name follow: of a list, by one property; of a tree, by any, if its nodes
    /// have a class of their own (plain objects may be anything).
    fn chain(&self) -> usize {
        let (nodes, edges) = (&self.heap.columns().nodes, &self.heap.columns().edges);
        let (link, class) = (edges.name(self.rest[0].0), nodes.name(self.target));
        let is_tree = names::is_landmark(self.heap, self.target);
        let is_link = |&&(edge, from): &&Step| {
            self.heap.edge_type(edge) == EdgeType::PROPERTY
                && nodes.name(from) == class
                && (is_tree || edges.name(edge) == link)
        };
        self.rest.iter().take_while(is_link).count()
    }

    /// The names of the next links, each once: `next`, `left or right`.
    fn links(&self, count: usize) -> String {
        let edges = &self.heap.columns().edges;
        let mut met: Vec<usize> = Vec::new();
        for (ahead, &(edge, _)) in self.rest[..count].iter().enumerate() {
            if met.iter().all(|&other| edges.name(self.rest[other].0) != edges.name(edge)) {
                met.push(ahead);
            }
            if met.len() > MOST_LINKS {
                return "links".into();
            }
        }
        met.iter().map(|&ahead| short(&self.link(ahead))).collect::<Vec<_>>().join(" or ")
    }

    fn element(&self) -> Folded {
        let index = self.link(0);
        if self.is_property(1, "_timerArgs") {
            return (Some(How::TimerArgument(Some(from_one(&index)))), 2);
        }
        // Several listeners of one event stand in an array.
        if self.is_property(2, "_events") {
            return (Some(How::Listener(Some(short(&self.link(1))))), 3);
        }
        (Some(How::Element(index)), 1)
    }

    fn property(&self) -> Folded {
        let name = self.link(0);
        let how = match name.as_str() {
            "__proto__" => How::Prototype,
            // Both halves of a window, and what V8 keeps for it.
            "global_object" | "native_context" if is_global(self.heap, self.rest[0].1) && self.rest.len() > 1 => {
                return (None, 1);
            }
            "_onTimeout" | "_onImmediate" => How::TimerCallback,
            "<symbol kResourceStore>" => How::AsyncStore,
            // What `once` wraps around a listener.
            "listener" if self.heap.node_type(self.rest[0].1) == NodeType::CLOSURE && self.rest.len() > 1 => {
                return (None, 1);
            }
            "listener" | "callback" => match self.of_event_target() {
                Some(folded) => return folded,
                None => How::Property(name),
            },
            MODULE_EXPORTS if names::property(self.heap, self.rest[0].1, "exports") == Some(self.target) => {
                How::Property("exports".into())
            }
            _ if name.starts_with("bound_argument_") => {
                How::BoundArgument(from_one(name.trim_start_matches("bound_argument_")))
            }
            "bound_this" => How::BoundThis,
            "bound_function" => How::BoundFunction,
            _ if self.is_property(1, "_events") && self.heap.node_type(self.target) == NodeType::CLOSURE => {
                return (Some(How::Listener(Some(short(&name)))), 2);
            }
            _ => How::Property(symbol(&name)),
        };
        (Some(how), 1)
    }

    /// A listener of Node's EventTarget: a list of them is the value of an entry of the Map `kEvents`.
    fn of_event_target(&self) -> Option<Folded> {
        let mut at = 1;
        while self.is_property(at, "next") || self.is_property(at, "previous") {
            at += 1;
        }
        if !(self.is_inner(at + 1, "table") && self.is_property(at + 2, inside::EVENTS_OF_TARGET)) {
            return None;
        }
        let (_, table) = self.rest[at];
        let key = match hash_table::slot(self.heap, table, self.rest[at].0) {
            Some(Slot::Value(Some(key))) => Some(text::safe(&self.heap.name(self.heap.target(key)))),
            _ => None,
        };
        Some((Some(How::Listener(key.map(|key| short(&key)))), at + 3))
    }

    /// References of the engine's own.
    fn engine(&self) -> Folded {
        let heap = self.heap;
        let (edge, from) = self.rest[0];
        if heap.ephemeron(edge).is_some() {
            return (Some(How::WeakEntry(ephemeron_key(heap, &self.link(0)))), 1 + self.is_inner(1, "table") as usize);
        }
        if self.is_inner(1, "table") {
            return self.entry();
        }
        // A variable that may change stands in a cell of its own since V8 14.
        if *heap.raw_name(from) == *b"system / ContextCell" && self.rest.len() > 1 {
            return (None, 1);
        }
        if naming::is_context(&heap.raw_name(from)) {
            return self.of_scope();
        }
        self.of_named_slot().or_else(|| self.of_numbered_slot()).unwrap_or_else(|| self.plain())
    }

    fn of_named_slot(&self) -> Option<Folded> {
        let (heap, (_, from)) = (self.heap, self.rest[0]);
        let name = self.link(0);
        Some(match name.as_str() {
            _ if self.is_inner(1, "elements") => (Some(How::Element(name)), 2),
            _ if self.is_inner(1, "bindings") => (Some(How::BoundArgument(from_one(&name))), 2),
            _ if self.is_inner(1, "parameters_and_registers") => (Some(How::Local), 2),
            "bound_this" => (Some(How::BoundThis), 1),
            "bound_function" => (Some(How::BoundFunction), 1),
            "global_object" | "global_proxy_object" if naming::is_native_context(&heap.raw_name(from)) => (None, 1),
            "reactions_or_result" => (Some(How::Result), 1),
            "context" if self.heap.node_type(from) == NodeType::CLOSURE => (Some(How::Scope), 1),
            "first" | "second" => (Some(How::PartOfText), 1),
            "parent" if self.heap.node_type(self.target) != NodeType::OBJECT => (Some(How::WholeText), 1),
            _ => return None,
        })
    }

    /// Objects whose slots have numbers only.
    fn of_numbered_slot(&self) -> Option<Folded> {
        if self.is_from(0, "system / JSProxy") {
            return match self.link(0).as_str() {
                "1" => Some((Some(How::ProxyTarget), 1)),
                "2" => Some((Some(How::ProxyHandler), 1)),
                _ => None,
            };
        }
        if self.is_from(0, "system / PromiseReaction") {
            return self.waits(0);
        }
        if self.is_from(0, "system / WeakCell") {
            return self.held_value();
        }
        if self.is_from(0, "system / CallSiteInfo") {
            let end = self.rest.iter().position(|&(_, from)| self.heap.node_type(from) == NodeType::OBJECT)?;
            return Some((Some(How::UnreadStack), end + 1));
        }
        None
    }

    /// Reactions of a promise, from step `at` on: its list of them ends at the promise.
    fn waits(&self, at: usize) -> Option<Folded> {
        let mut end = at;
        while self.is_from(end, "system / PromiseReaction") {
            end += 1;
        }
        (end > at && self.is_inner(end, "reactions_or_result")).then_some((Some(How::Waits), end + 1))
    }

    /// What was given to `register` beside the object. Cells are linked to each other, up to the registry.
    fn held_value(&self) -> Option<Folded> {
        let mut end = 0;
        while self.is_from(end, "system / WeakCell") {
            end += 1;
        }
        let is_held = !self.heap.raw_name(self.target).starts_with(b"system / WeakCell");
        (is_held && end < self.rest.len()).then_some((Some(How::HeldValue), end + 1))
    }

    /// Slots of a scope that are no variables with a name of their own.
    fn of_scope(&self) -> Folded {
        let (edge, scope) = self.rest[0];
        // An async function that waits: its state stands in a scope that only the functions know which go on with it.
        if self.is_inner(0, "extension") && self.is_inner(1, "context") {
            return self.waits(2).unwrap_or((None, 2));
        }
        if self.heap.edge_type(edge) == EdgeType::HIDDEN
            && let Some(name) =
                scope_owner::variable_name(self.heap, scope, self.heap.columns().edges.name_or_index(edge))
        {
            return self.variable(text::safe(&self.heap.name(name)));
        }
        if self.is_inner(0, "previous") && self.rest.len() > 1 { (None, 1) } else { self.plain() }
    }

    /// What no rule knows. Stores say nothing; the next step names the object.
    fn plain(&self) -> Folded {
        let (edge, from) = self.rest[0];
        match self.heap.edge_type(edge) {
            _ if holders::is_plumbing(self.heap, from) && self.rest.len() > 1 => (None, 1),
            EdgeType::INTERNAL => (Some(How::Inner(short(&self.link(0)))), 1),
            _ => (Some(How::Inner(format!("its slot {}", self.link(0)))), 1),
        }
    }

    /// What a slot of the table behind a Map or Set means.
    fn entry(&self) -> Folded {
        let heap = self.heap;
        let ((edge, table), collection) = (self.rest[0], self.rest[1].1);
        // The table tells; what is none that is understood, the name of the collection.
        let is_set = match Layout::of(heap, table) {
            Some(layout) => layout.kind == TableKind::Set,
            None => heap.class_name(collection).ends_with(b"Set"),
        };
        let how = match hash_table::slot(heap, table, edge) {
            _ if is_set => How::Member,
            Some(Slot::Key) => How::Key,
            Some(Slot::Value(key)) => match key.map(|key| heap.target(key)) {
                Some(key) if is_async_storage(heap, collection, key) => return (Some(How::AsyncStore), self.frame()),
                Some(key) if heap.node_type(key) == NodeType::NUMBER => match heap.number_text(key) {
                    Some(number) => How::Entry(EntryKey::Known(text::safe(&number))),
                    None => How::Entry(EntryKey::NotInFile),
                },
                Some(key) => How::Entry(EntryKey::Known(key_text(heap, key))),
                None => How::Entry(EntryKey::NotInFile),
            },
            None => How::Entry(EntryKey::Unknown),
        };
        (Some(how), 2)
    }

    /// The steps up to what runs in a frame of AsyncLocalStorages: the frame belongs to it by a symbol.
    fn frame(&self) -> usize {
        if self.is_property(2, "<symbol kAsyncContextFrame>") { 3 } else { 2 }
    }
}

fn is_async_storage(heap: &Heap, collection: NodeIx, key: NodeIx) -> bool {
    heap.class_name(collection) == b"AsyncContextFrame" && heap.class_name(key) == b"AsyncLocalStorage"
}

fn from_one(index: &str) -> u64 {
    index.parse::<u64>().map_or(1, |index| index.saturating_add(1))
}

/// The key in `1 / part of key (Session @7) -> value (…) pair in WeakMap (table @5)`: V8's words, not ours.
fn ephemeron_key(heap: &Heap, words: &str) -> String {
    let after = words.split_once("part of key (").map_or("", |(_, rest)| rest);
    let key = after.split_once(") -> value").map_or("?", |(key, _)| key);
    match inside::key_id(words).and_then(|id| heap.find_id(id)).filter(|&key| naming::is_dom_node(&heap.raw_name(key)))
    {
        // Blink calls elements `HTMLButtonElement` there.
        Some(element) => name(heap, element),
        None => short(key),
    }
}
