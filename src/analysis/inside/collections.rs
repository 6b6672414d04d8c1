//! Maps, Sets, WeakMaps and WeakSets of V8, iterators over them, FinalizationRegistries, WeakRefs.
//!
//! Up to V8 14 the table of a WeakMap has a weak reference to each key and value, by number; V8 15 has only those that
//! say which key belongs to which value (`ephemerons`). Slots of FinalizationRegistry and WeakCell have numbers: V8's
//! objects/js-weak-refs.tq; which of them is which, what they lead to tells.

use rustc_hash::FxHashMap;

use super::{About, Collection, CollectionKind, Key, PartRole, Parts, Slot, Store};
use crate::analysis::hash_table::{HashTable, TableKind};
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::text::well_formed;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;

/// Entries that are looked at to know whether there are some.
const PEEKED: usize = 64;

impl Parts<'_> {
    /// A collection behind `table`, or one of those that lead to such.
    pub(super) fn of_table(&mut self, node: NodeIx, name: &[u8]) -> Result<Option<About>> {
        if let Some(edge) = self.inner(node, b"table") {
            let table = self.target(edge);
            let about = match HashTable::of(self.heap, table) {
                Some(known) if !known.is_weak() => self.ordered(known)?,
                known => self.weak(table, known, name)?,
            };
            self.properties(node)?;
            return Ok(Some(About::Collection(about)));
        }
        match name {
            b"WeakRef" => self.weak_ref(node),
            b"FinalizationRegistry" => self.registry(node),
            // Bun hides what stands in its tables.
            b"Map" | b"Set" | b"WeakMap" | b"WeakSet" if self.is_instance_of_bun(node) => {
                self.properties(node)?;
                let kind = kind_by_name(name);
                let about = Collection { kind, entries: 0, gaps: 0, table: None, is_hidden: true };
                Ok(Some(About::Collection(about)))
            }
            _ if name.ends_with(b"Iterator") => self.iterator(node),
            _ => Ok(None),
        }
    }

    /// Objects of a file of Bun other than prototypes.
    fn is_instance_of_bun(&self, node: NodeIx) -> bool {
        self.heap.producer() == crate::columns::Producer::Bun
            && self.edge(node, EdgeType::PROPERTY, b"constructor").is_none()
    }

    /// A Map or Set: its table says which.
    fn ordered(&mut self, table: HashTable<'_>) -> Result<Collection> {
        let HashTable { node, layout, .. } = table;
        let kind = if layout.kind == TableKind::Map { CollectionKind::Map } else { CollectionKind::Set };
        let mut entries = table.entries(self.wanted_entries(), self.meter)?;
        // V8 12 and 13 write what stands where an entry was deleted.
        entries.retain(|entry| entry.key.is_none_or(|key| !self.is_hole(self.target(key))));
        for entry in &entries {
            match (kind, entry.key, entry.value) {
                (CollectionKind::Set, Some(key), _) => self.push(PartRole::Member, key, Key::Own),
                (_, Some(key), Some(value)) => self.push(PartRole::Entry, value, Key::Node(self.target(key))),
                (_, None, Some(value)) => self.push(PartRole::Entry, value, Key::NotInFile),
                (_, Some(key), None) => self.push(PartRole::EntryOfKey, key, Key::Own),
                _ => {}
            }
        }
        let count = entries.len() as u64;
        let gaps = entries.last().map_or(0, |last| (last.place + 1).saturating_sub(count));
        Ok(Collection { kind, entries: count, gaps, table: self.store(node, Some(layout.room)), is_hidden: false })
    }

    /// Entries of a table that are looked at: where one is enough, some may turn out to be deleted.
    fn wanted_entries(&self) -> usize {
        if self.most == 1 { PEEKED } else { usize::MAX }
    }

    fn store(&self, node: NodeIx, room: Option<u64>) -> Option<Store> {
        Some(Store { node, bytes: self.bytes(node), room })
    }

    fn weak(&mut self, table: NodeIx, known: Option<HashTable<'_>>, name: &[u8]) -> Result<Collection> {
        let room = known.map(|known| known.layout.room);
        let kind = if name.ends_with(b"Set") { CollectionKind::WeakSet } else { CollectionKind::WeakMap };
        let mut count = match known {
            Some(known) => self.weak_by_slots(known, kind)?,
            None => 0,
        };
        if count == 0 {
            count = self.weak_by_names(table, kind)?;
        }
        let table = self.store(table, room);
        Ok(Collection { kind, entries: count, gaps: 0, table, is_hidden: false })
    }

    /// By the numbers of weak references.
    fn weak_by_slots(&mut self, table: HashTable<'_>, kind: CollectionKind) -> Result<u64> {
        let mut count = 0;
        for entry in table.entries(self.wanted_entries(), self.meter)? {
            let Some(key) = entry.key else { continue };
            match entry.value {
                _ if kind == CollectionKind::WeakSet => self.push(PartRole::Member, key, Key::Own),
                Some(value) => self.push(PartRole::Entry, value, Key::Node(self.target(key))),
                None => self.push(PartRole::EntryOfKey, key, Key::Own),
            }
            count += 1;
        }
        Ok(count)
    }

    /// By the references that say in words which value belongs to which key.
    fn weak_by_names(&mut self, table: NodeIx, kind: CollectionKind) -> Result<u64> {
        let heap = self.heap;
        let mut halves: Vec<(EdgeIx, ObjectId)> = Vec::new();
        for edge in heap.columns().edges_of(table) {
            self.look()?;
            if heap.ephemeron(edge).is_some() && !self.is_hole(self.target(edge)) {
                halves.extend(key_id(&well_formed(&heap.edge_name(edge))).map(|id| (edge, id)));
                if halves.len() >= self.most {
                    break;
                }
            }
        }
        let keys = self.nodes_by_ids(halves.iter().map(|&(_, id)| id).collect())?;
        let mut count = 0;
        for (edge, id) in halves {
            let key = keys.get(&id).copied();
            // What was deleted has a hole for a key.
            if key.is_some_and(|key| self.is_hole(key)) {
                continue;
            }
            count += 1;
            match (kind, key) {
                (CollectionKind::WeakSet, Some(key)) => self.push(PartRole::Member, edge, Key::Node(key)),
                (_, Some(key)) => self.push(PartRole::Entry, edge, Key::Node(key)),
                (_, None) => self.push(PartRole::Entry, edge, Key::Unknown),
            }
        }
        Ok(count)
    }

    pub(super) fn is_hole(&self, node: NodeIx) -> bool {
        self.is_named(node, b"system / Hole")
    }

    /// The nodes with these ids, over one walk: looking each up would be a walk for each.
    fn nodes_by_ids(&mut self, ids: Vec<ObjectId>) -> Result<FxHashMap<ObjectId, NodeIx>> {
        let mut wanted: FxHashMap<ObjectId, Option<NodeIx>> = ids.into_iter().map(|id| (id, None)).collect();
        let mut missing = wanted.len();
        for node in self.heap.nodes() {
            if missing == 0 {
                break;
            }
            self.look()?;
            if let Some(place @ None) = wanted.get_mut(&self.heap.id(node)) {
                *place = Some(node);
                missing -= 1;
            }
        }
        Ok(wanted.into_iter().filter_map(|(id, node)| Some((id, node?))).collect())
    }

    fn weak_ref(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        // Up to V8 11 the target has a number only.
        let numbered = || {
            let edges = heap.columns().edges_of(node);
            edges
                .filter(|&edge| heap.edge_type(edge) == EdgeType::HIDDEN)
                .find(|&edge| !self.is_hole(heap.target(edge)))
        };
        let target = self.edge(node, EdgeType::WEAK, b"target").or_else(numbered);
        if self.edge(node, EdgeType::PROPERTY, b"constructor").is_some() {
            return Ok(None);
        }
        if let Some(target) = target {
            self.slot(Slot::Target, target);
        }
        self.properties(node)?;
        Ok(Some(About::WeakRef { is_empty: target.is_none() }))
    }

    /// A FinalizationRegistry: its cells stand in a list.
    fn registry(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        if self.edge(node, EdgeType::PROPERTY, b"constructor").is_some() {
            return Ok(None);
        }
        let mut first = None;
        for (_, edge) in self.numbered(node, EdgeType::HIDDEN) {
            let target = heap.target(edge);
            match heap.node_type(target) {
                NodeType::CLOSURE => self.slot(Slot::Cleanup, edge),
                _ if first.is_none() && self.is_cell(target) => first = Some(target),
                _ => {}
            }
        }
        let mut seen = rustc_hash::FxHashSet::default();
        let (mut open, mut cells) = (Vec::from_iter(first), 0);
        while let Some(cell) = open.pop() {
            self.look()?;
            if !seen.insert(cell) || self.is_full() {
                continue;
            }
            cells += 1;
            open.extend(self.cell(cell, node));
        }
        self.properties(node)?;
        Ok(Some(About::Registry { cells }))
    }

    fn is_cell(&self, node: NodeIx) -> bool {
        self.is_named(node, b"system / WeakCell")
    }

    /// What a cell has: its target, what was given to `register` beside it; and the cells that it is linked with.
    fn cell(&mut self, cell: NodeIx, registry: NodeIx) -> Vec<NodeIx> {
        let heap = self.heap;
        let others = self.numbered(cell, EdgeType::HIDDEN).filter(|&(_, edge)| heap.target(edge) != registry);
        let (links, mut values): (Vec<_>, Vec<_>) = others.partition(|&(_, edge)| self.is_cell(heap.target(edge)));
        values.sort_unstable();
        // The registry is slot 0; where the target has a number, that is 1. What is held stands behind the token for
        // `unregister`, if there is one.
        let weak = self.edge(cell, EdgeType::WEAK, b"target");
        let numbered = || values.iter().find(|&&(slot, _)| slot == 1).map(|&(_, edge)| edge);
        let target = weak.or_else(numbered);
        let held = values.iter().rev().map(|&(_, edge)| edge).find(|&edge| Some(edge) != target);
        match (target, held) {
            (Some(target), Some(held)) => {
                self.push(PartRole::Slot(Slot::HeldValue), held, Key::Node(heap.target(target)))
            }
            (None, Some(held)) => self.push(PartRole::Slot(Slot::HeldValue), held, Key::Unknown),
            (Some(target), None) => self.slot(Slot::Target, target),
            (None, None) => {}
        }
        links.into_iter().map(|(_, edge)| heap.target(edge)).collect()
    }

    /// What an iterator over a Map or Set goes through.
    fn iterator(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        let table = self.numbered(node, EdgeType::HIDDEN).map(|(_, edge)| heap.target(edge)).find_map(|table| {
            let is_array = heap.node_type(table) == NodeType::ARRAY;
            HashTable::of(heap, table).filter(|table| is_array && !table.is_weak())
        });
        let Some(table) = table else { return Ok(None) };
        self.ordered(table)?;
        self.properties(node)?;
        Ok(Some(About::Iterator))
    }
}

fn kind_by_name(name: &[u8]) -> CollectionKind {
    match name {
        b"Map" => CollectionKind::Map,
        b"Set" => CollectionKind::Set,
        b"WeakSet" => CollectionKind::WeakSet,
        _ => CollectionKind::WeakMap,
    }
}

/// The id of the key in `1 / part of key (Session @7) -> value (…) pair in WeakMap (table @5)`.
pub(crate) fn key_id(words: &str) -> Option<ObjectId> {
    let after = words.split_once(" / part of key (")?.1;
    let (key, _) = after.rsplit_once(" pair in WeakMap (table @")?;
    // Names may hold anything; the value has its own `@id)`, so the key's is the first that is followed by the arrow.
    let (key, _) = key.split_once(") -> value (")?;
    key.rsplit_once('@')?.1.parse().ok()
}
