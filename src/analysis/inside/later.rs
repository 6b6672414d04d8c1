//! What goes on later: promises with what waits for them, timers, listeners.
//!
//! A promise has its value or reason, or a list of reactions while it is pending. Slots of PromiseReaction are, in V8's
//! objects/promise.tq: next, reject_handler, fulfill_handler, promise_or_capability; since V8 12 one stands before them.
//! What `await` puts there are functions of the engine whose scope has the state of the function that waits.
//! Timers of Node.js are in lists, one for each delay, and a table has these by their delay: lib/internal/timers.js.

use rustc_hash::FxHashSet;

use super::{About, Key, PartRole, Parts, PromiseState, Promised, Slot, Timer, TimerKind, edge_named};
use crate::analysis::hash_table::HashTable;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;

/// Timers of a list that are passed to find its delay.
const MOST_TIMERS: usize = 1 << 20;
/// Where Node.js keeps the listeners of an EventTarget.
pub(crate) const EVENTS_OF_TARGET: &str = "<symbol kEvents>";

impl Parts<'_> {
    pub(super) fn of_later(&mut self, node: NodeIx, name: &[u8]) -> Result<Option<About>> {
        let is_prototype = || self.edge(node, EdgeType::PROPERTY, b"constructor").is_some();
        if let Some(result) = self.inner(node, b"reactions_or_result") {
            return self.promise(node, Some(result)).map(Some);
        }
        if let Some(saved) = self.inner(node, b"parameters_and_registers") {
            return self.suspended(node, self.target(saved)).map(Some);
        }
        match name {
            b"Promise" if self.is_of_v8(node) && !is_prototype() => self.promise(node, None).map(Some),
            b"Timeout" | b"Immediate" if !is_prototype() => self.timer(node, name).map(Some),
            _ => self.emitter(node),
        }
    }

    fn promise(&mut self, node: NodeIx, result: Option<EdgeIx>) -> Result<About> {
        let reactions = result.map(|edge| self.target(edge)).filter(|&target| self.is_reaction(target));
        let mut promised = match (result, reactions) {
            (_, Some(_)) => Promised { state: PromiseState::Pending, waits: 0 },
            (Some(result), None) => {
                self.slot(Slot::Result, result);
                Promised { state: PromiseState::Settled, waits: 0 }
            }
            (None, None) => Promised { state: PromiseState::PendingOrSettled, waits: 0 },
        };
        let mut seen = FxHashSet::default();
        let mut at = reactions;
        while let Some(reaction) = at.filter(|&reaction| seen.insert(reaction) && !self.is_full()) {
            self.look()?;
            promised.waits += 1;
            at = self.reaction(reaction);
        }
        self.properties(node)?;
        Ok(About::Promise(promised))
    }

    fn is_reaction(&self, node: NodeIx) -> bool {
        self.is_named(node, b"system / PromiseReaction")
    }

    /// What one reaction does; the next one.
    fn reaction(&mut self, reaction: NodeIx) -> Option<NodeIx> {
        let heap = self.heap;
        let mut slots: Vec<(u32, EdgeIx)> = self.numbered(reaction, EdgeType::HIDDEN).collect();
        slots.sort_unstable();
        let (mut next, mut follows, mut functions) = (None, None, Vec::new());
        for (number, edge) in slots {
            let target = self.target(edge);
            match heap.node_type(target) {
                _ if self.is_reaction(target) => next = Some((number, target)),
                NodeType::CLOSURE => functions.push((number, edge)),
                _ if self.is_named(target, b"Promise") => follows = Some((number, edge)),
                _ => {}
            }
        }
        // Where the slots begin, what has one place only tells.
        let begin = follows.map(|(number, _)| number.wrapping_sub(3)).or(next.map(|(number, _)| number));
        let waits = functions.iter().find_map(|&(_, edge)| self.state_behind(self.target(edge)));
        if let Some(state) = waits {
            self.slot(Slot::Waits, state);
        } else if functions.is_empty() {
            follows.into_iter().for_each(|(_, edge)| self.slot(Slot::Follows, edge));
        } else {
            for (place, &(number, edge)) in functions.iter().enumerate() {
                let slot = match begin.map(|begin| number.wrapping_sub(begin)) {
                    Some(1) => Slot::OnRejected,
                    Some(2) => Slot::OnFulfilled,
                    _ if functions.len() == 2 && place == 0 => Slot::OnRejected,
                    _ if functions.len() == 2 => Slot::OnFulfilled,
                    _ => Slot::OnSettled,
                };
                self.slot(slot, edge);
            }
        }
        next.map(|(_, reaction)| reaction)
    }

    /// The reference to the state of the async function that a function of the engine goes on with.
    fn state_behind(&self, function: NodeIx) -> Option<EdgeIx> {
        let scope = self.target(self.inner(function, b"context")?);
        let state = self.inner(scope, b"extension")?;
        self.inner(self.target(state), b"parameters_and_registers").map(|_| state)
    }

    // ---- timers ----

    fn timer(&mut self, node: NodeIx, name: &[u8]) -> Result<About> {
        let heap = self.heap;
        let kind = if name == b"Timeout" { TimerKind::Timeout } else { TimerKind::Immediate };
        let (function, arguments): (&[u8], &[u8]) = match kind {
            TimerKind::Timeout => (b"_onTimeout", b"_timerArgs"),
            _ => (b"_onImmediate", b"_argv"),
        };
        let callback = self.edge(node, EdgeType::PROPERTY, function);
        let callback = callback.filter(|&edge| heap.node_type(self.target(edge)) == NodeType::CLOSURE);
        if let Some(callback) = callback {
            self.slot(Slot::Callback, callback);
        }
        let given = self.edge(node, EdgeType::PROPERTY, arguments).map(|edge| self.target(edge));
        if let Some(given) = given {
            for edge in heap.columns().edges_of(given).filter(|&edge| heap.edge_type(edge) == EdgeType::ELEMENT) {
                let number = heap.columns().edges.number(edge).saturating_add(1);
                self.slot(Slot::CallbackArgument(u32::try_from(number).unwrap_or(u32::MAX)), edge);
            }
        }
        self.properties_but(node, &[function, arguments, b"_idlePrev", b"_idleNext"])?;
        let delay = if kind == TimerKind::Timeout && !self.is_full() { self.delay(node)? } else { None };
        Ok(About::Timer(Timer { kind, delay, callback: callback.map(|edge| self.target(edge)) }))
    }

    /// The delay of a timer: that by which its list is found.
    fn delay(&mut self, timer: NodeIx) -> Result<Option<u64>> {
        let heap = self.heap;
        let mut at = timer;
        for _ in 0..MOST_TIMERS {
            self.look()?;
            let Some(next) = self.edge(at, EdgeType::PROPERTY, b"_idleNext") else { return Ok(None) };
            at = self.target(next);
            if at == timer {
                return Ok(None);
            }
            if self.is_named(at, b"TimersList") {
                let by_delay = |&(edge, from): &(EdgeIx, NodeIx)| {
                    heap.edge_type(edge) == EdgeType::ELEMENT
                        && heap.node_type(from) == NodeType::OBJECT
                        && !self.is_named(from, b"Array")
                };
                return Ok(heap.shown_retainers(at).find(by_delay).map(|(edge, _)| heap.columns().edges.number(edge)));
            }
        }
        Ok(None)
    }

    // ---- listeners ----

    /// What has listeners: an EventEmitter of Node.js in an object, by their events; an EventTarget in a Map.
    fn emitter(&mut self, node: NodeIx) -> Result<Option<About>> {
        let heap = self.heap;
        let of = |name: &[u8]| self.edge(node, EdgeType::PROPERTY, name);
        if of(b"constructor").is_some() {
            return Ok(None);
        }
        let is_object = |&edge: &EdgeIx| heap.node_type(self.target(edge)) == NodeType::OBJECT;
        let (events, of_target) = (of(b"_events").filter(is_object), of(EVENTS_OF_TARGET.as_bytes()).filter(is_object));
        if let Some(events) = events.map(|edge| self.target(edge)) {
            for edge in heap.columns().edges_of(events).filter(|&edge| heap.edge_type(edge) == EdgeType::PROPERTY) {
                self.listeners_of(edge)?;
            }
        } else if let Some(table) = of_target.and_then(|edge| self.inner(self.target(edge), b"table")) {
            self.listeners_in(self.target(table))?;
        } else {
            return Ok(None);
        }
        let listeners = self.list.iter().filter(|part| part.role == PartRole::Listener).count() as u64;
        self.properties_but(node, &[b"_events", b"_eventsCount", EVENTS_OF_TARGET.as_bytes()])?;
        Ok(Some(About::Emitter { listeners }))
    }

    /// The listeners of one event: one function, or an array of them.
    fn listeners_of(&mut self, event: EdgeIx) -> Result<()> {
        let heap = self.heap;
        let target = self.target(event);
        if heap.node_type(target) == NodeType::CLOSURE {
            let key = match self.unwrapped(event) {
                own if own == event => Key::Own,
                _ => Key::Edge(event),
            };
            self.push(PartRole::Listener, self.unwrapped(event), key);
            return Ok(());
        }
        let elements = heap.columns().edges_of(target).filter(|&edge| heap.edge_type(edge) == EdgeType::ELEMENT);
        for edge in elements.filter(|&edge| heap.node_type(heap.target(edge)) == NodeType::CLOSURE) {
            self.look()?;
            self.push(PartRole::Listener, self.unwrapped(edge), Key::Edge(event));
        }
        Ok(())
    }

    /// What `once` has wrapped has the function as a property.
    fn unwrapped(&self, edge: EdgeIx) -> EdgeIx {
        self.edge(self.target(edge), EdgeType::PROPERTY, b"listener").unwrap_or(edge)
    }

    /// The listeners of an EventTarget of Node.js: under each event a list of them.
    fn listeners_in(&mut self, table: NodeIx) -> Result<()> {
        let heap = self.heap;
        let Some(table) = HashTable::of(heap, table) else { return Ok(()) };
        for entry in table.entries(usize::MAX, self.meter)? {
            let Some(value) = entry.value else { continue };
            let key = entry.key.map_or(Key::Unknown, |key| Key::Node(self.target(key)));
            let mut seen = FxHashSet::default();
            let mut at = Some(self.target(value));
            while let Some(listener) = at.filter(|&listener| seen.insert(listener) && !self.is_full()) {
                self.look()?;
                let of = |name: &[u8]| edge_named(heap, listener, EdgeType::PROPERTY, name);
                let is_function = |&edge: &EdgeIx| heap.node_type(heap.target(edge)) == NodeType::CLOSURE;
                if let Some(function) = of(b"listener").or_else(|| of(b"callback")).filter(is_function) {
                    self.push(PartRole::Listener, function, key);
                }
                at = of(b"next").map(|edge| self.target(edge));
            }
        }
        Ok(())
    }
}
