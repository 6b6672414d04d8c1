//! What objects of Hermes have inside. It writes all that only the engine works with as ordinary objects.
//!
//! Maps and Sets up to 2025 have a list of entries, in the order in which they came; from Hermes 1.0 on an array of keys
//! and values. A WeakMap has weak references to its keys; which value belongs to which, only newer ones say. The names are
//! those of `_snapshotAddEdgesImpl` in Hermes's lib/VM (OrderedHashMap.cpp, JSWeakMapImpl.cpp, JSProxy.cpp,
//! Callable.cpp, JSGenerator.cpp); promises are a program of its own (lib/InternalBytecode/01-Promise.js).

use rustc_hash::{FxHashMap, FxHashSet};

use super::{About, Collection, CollectionKind, Key, PartRole, Parts, PromiseState, Promised, Slot, Store, numbered};
use crate::analysis::hash_table::slot_number;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::text::well_formed;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;

impl Parts<'_> {
    /// What an object of Hermes is, where it differs from those of V8.
    pub(super) fn of_hermes(&mut self, node: NodeIx, name: &[u8]) -> Result<Option<About>> {
        if let Some(storage) = self.inner(node, b"storage") {
            let about = self.list_of_entries(self.target(storage), kind(name))?;
            self.properties(node)?;
            return Ok(Some(about));
        }
        if let Some(table) = self.inner(node, b"dataTable") {
            let about = self.array_of_entries(self.target(table), kind(name))?;
            self.properties(node)?;
            return Ok(Some(about));
        }
        let is_weak = matches!(name, b"WeakMap" | b"WeakSet" | b"JSWeakMap" | b"JSWeakSet");
        if is_weak && self.edge(node, EdgeType::PROPERTY, b"constructor").is_none() {
            let about = self.weak_of_hermes(node, kind(name))?;
            self.properties(node)?;
            return Ok(Some(about));
        }
        if let Some(target) = self.inner(node, b"@target") {
            self.slot(Slot::Target, target);
            if let Some(handler) = self.inner(node, b"@handler") {
                self.slot(Slot::Handler, handler);
            }
            return Ok(Some(About::Proxy));
        }
        if let Some(function) = self.inner(node, b"innerFunction") {
            return Ok(Some(self.generator_of_hermes(node, self.target(function))?));
        }
        // The stack of an error; its message is among the properties that have no names.
        if self.inner(node, b"domains").is_some() || self.inner(node, b"funcNames").is_some() {
            let message = self.edge(node, EdgeType::PROPERTY, b"message").map(|edge| self.target(edge));
            self.properties(node)?;
            return Ok(Some(About::Error { message }));
        }
        if self.edge(node, EdgeType::PROPERTY, b"_k").is_some() && self.edge(node, EdgeType::PROPERTY, b"_j").is_some()
        {
            return self.promise_of_hermes(node).map(Some);
        }
        Ok(None)
    }

    /// Entries that lead to each other, in the order in which they came.
    fn list_of_entries(&mut self, table: NodeIx, kind: CollectionKind) -> Result<About> {
        let first = self.inner(table, b"firstIterationEntry").map(|edge| self.target(edge));
        let store = self.inner(table, b"hashTable").map(|edge| self.target(edge));
        let mut seen = FxHashSet::default();
        let (mut at, mut count) = (first, 0);
        while let Some(entry) = at.filter(|&entry| seen.insert(entry) && !self.is_full()) {
            self.look()?;
            let halves = (self.inner(entry, b"key"), self.inner(entry, b"value"));
            count += u64::from(self.entry_of_hermes(kind, halves));
            at = self.inner(entry, b"nextIterationEntry").map(|edge| self.target(edge));
        }
        Ok(collection(kind, count, store.map(|node| Store { node, bytes: self.bytes(node), room: None })))
    }

    /// Whether there is anything to show of an entry.
    fn entry_of_hermes(&mut self, kind: CollectionKind, halves: (Option<EdgeIx>, Option<EdgeIx>)) -> bool {
        match (kind, halves) {
            (CollectionKind::Set, (Some(key), _)) => self.push(PartRole::Member, key, Key::Own),
            (_, (Some(key), Some(value))) => self.push(PartRole::Entry, value, Key::Node(self.target(key))),
            (_, (None, Some(value))) => self.push(PartRole::Entry, value, Key::NotInFile),
            (_, (Some(key), None)) => self.push(PartRole::EntryOfKey, key, Key::Own),
            _ => return false,
        }
        true
    }

    /// Keys and values in turn, or members.
    fn array_of_entries(&mut self, table: NodeIx, kind: CollectionKind) -> Result<About> {
        let length = if kind == CollectionKind::Set { 1 } else { 2 };
        let mut slots: Vec<(u32, EdgeIx)> = Vec::new();
        for slot in self.numbered(table, EdgeType::INTERNAL) {
            self.look()?;
            slots.push(slot);
            if slots.len() > self.most.saturating_mul(2) {
                break;
            }
        }
        slots.sort_unstable();
        let mut count = 0;
        for entry in slots.chunk_by(|a, b| a.0 / length == b.0 / length) {
            let half = |wanted| entry.iter().find(|(slot, _)| slot % length == wanted).map(|&(_, edge)| edge);
            let value = if length == 2 { half(1) } else { None };
            count += u64::from(self.entry_of_hermes(kind, (half(0), value)));
        }
        Ok(collection(kind, count, Some(Store { node: table, bytes: self.bytes(table), room: None })))
    }

    fn weak_of_hermes(&mut self, node: NodeIx, kind: CollectionKind) -> Result<About> {
        let heap = self.heap;
        let keys: Vec<(u32, EdgeIx)> = self.numbered(node, EdgeType::WEAK).collect();
        let store =
            self.inner(node, b"valueStorage").or_else(|| self.inner(node, b"map")).map(|edge| self.target(edge));
        let store = store.map(|node| Store { node, bytes: self.bytes(node), room: None });
        let count = keys.len() as u64;
        if kind == CollectionKind::WeakSet {
            keys.iter().for_each(|&(_, key)| self.push(PartRole::Member, key, Key::Own));
            return Ok(collection(kind, count, store));
        }
        // `0[value]` beside the weak reference `0`.
        let mut values: FxHashMap<u32, EdgeIx> = FxHashMap::default();
        for edge in heap.columns().edges_of(node).filter(|&edge| heap.edge_type(edge) == EdgeType::INTERNAL) {
            let name = heap.edge_name(edge);
            let number = name.strip_suffix(b"[value]").map(|number| well_formed(number).parse());
            values.extend(number.and_then(|number| Some((number.ok()?, edge))));
        }
        if !values.is_empty() {
            for &(number, key) in &keys {
                match values.get(&number) {
                    Some(&value) => self.push(PartRole::Entry, value, Key::Node(heap.target(key))),
                    None => self.push(PartRole::EntryOfKey, key, Key::Own),
                }
            }
            return Ok(collection(kind, count, store));
        }
        let mut shown = 0;
        for edge in store.iter().flat_map(|store| heap.columns().edges_of(store.node)) {
            self.look()?;
            if heap.edge_type(edge) == EdgeType::INTERNAL && slot_number(heap, edge).is_some() {
                self.push(PartRole::Entry, edge, Key::Unknown);
                shown += 1;
            }
        }
        keys.iter().for_each(|&(_, key)| self.slot(Slot::WeakKey, key));
        Ok(collection(kind, count.max(shown), store))
    }

    fn generator_of_hermes(&mut self, node: NodeIx, function: NodeIx) -> Result<About> {
        let heap = self.heap;
        let saved = self.inner(function, b"savedContext").map(|edge| self.target(edge));
        // The first places are the engine's own: where to go on, and what for.
        let mut count = 0;
        for (number, edge) in numbered(heap, saved, EdgeType::INTERNAL) {
            count += 1;
            if !is_nothing(&heap.raw_name(heap.target(edge))) {
                self.push(PartRole::Slot(Slot::Saved(number)), edge, Key::Own);
            }
        }
        self.properties(node)?;
        Ok(About::Suspended { function: Some(function), is_over: count == 0 })
    }

    /// `_i` says what has become of it, `_j` is the value or the reason, `_k` one handler or an array of them.
    fn promise_of_hermes(&mut self, node: NodeIx) -> Result<About> {
        let heap = self.heap;
        let of = |name: &[u8]| self.edge(node, EdgeType::PROPERTY, name);
        let state = match of(b"_i").map(|edge| heap.raw_name(heap.target(edge)).into_owned()).as_deref() {
            Some(b"0") => PromiseState::Pending,
            Some(b"1") => PromiseState::Fulfilled,
            Some(b"2") => PromiseState::Rejected,
            _ => PromiseState::Settled,
        };
        let is_there = |edge: &EdgeIx| !is_nothing(&heap.raw_name(heap.target(*edge)));
        let result = of(b"_j").filter(is_there);
        let handlers = of(b"_k").filter(is_there).map(|edge| heap.target(edge));
        match result {
            Some(reason) if state == PromiseState::Rejected => self.slot(Slot::Reason, reason),
            Some(result) if state != PromiseState::Pending => self.slot(Slot::Result, result),
            _ => {}
        }
        let mut waits = 0;
        if let Some(handlers) = handlers {
            let elements = heap.columns().edges_of(handlers).filter(|&edge| heap.edge_type(edge) == EdgeType::ELEMENT);
            let each: Vec<NodeIx> = elements.map(|edge| heap.target(edge)).collect();
            for handler in if each.is_empty() { vec![handlers] } else { each } {
                self.look()?;
                waits += 1;
                self.handler_of_hermes(handler);
            }
        }
        self.properties_but(node, &[b"_h", b"_i", b"_j", b"_k"])?;
        Ok(About::Promise(Promised { state, waits }))
    }

    fn handler_of_hermes(&mut self, handler: NodeIx) {
        let slots = [(Slot::OnFulfilled, &b"onFulfilled"[..]), (Slot::OnRejected, b"onRejected")];
        let mut found = false;
        for (slot, name) in slots {
            let function = self.edge(handler, EdgeType::PROPERTY, name);
            if let Some(edge) = function.filter(|&edge| self.heap.node_type(self.target(edge)) == NodeType::CLOSURE) {
                self.slot(slot, edge);
                found = true;
            }
        }
        let follows = self.edge(handler, EdgeType::PROPERTY, b"promise").filter(|_| !found);
        if let Some(promise) = follows {
            self.slot(Slot::Follows, promise);
        }
    }

    /// What a bound function of Hermes has: `this` is the first of its arguments.
    pub(super) fn bound_of_hermes(&mut self, target: EdgeIx, arguments: Option<EdgeIx>) {
        self.slot(Slot::Function, target);
        let arguments = arguments.map(|edge| self.target(edge));
        for (number, edge) in numbered(self.heap, arguments, EdgeType::INTERNAL) {
            self.slot(if number == 0 { Slot::This } else { Slot::Argument(number) }, edge);
        }
    }
}

/// The nodes that Hermes has for nothing.
fn is_nothing(name: &[u8]) -> bool {
    matches!(name, b"undefined" | b"null")
}

fn kind(name: &[u8]) -> CollectionKind {
    match (name.ends_with(b"Set"), name.starts_with(b"Weak") || name.starts_with(b"JSWeak")) {
        (true, true) => CollectionKind::WeakSet,
        (true, false) => CollectionKind::Set,
        (false, true) => CollectionKind::WeakMap,
        (false, false) => CollectionKind::Map,
    }
}

fn collection(kind: CollectionKind, entries: u64, table: Option<Store>) -> About {
    About::Collection(Collection { kind, entries, gaps: 0, table, is_hidden: false })
}
