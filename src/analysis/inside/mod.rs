//! An object → what its program put into it: entries instead of tables, elements, variables, what waits, what is kept.
//!
//! [`About`] says what kind of thing an object is, with what is counted of it; [`Part`]s are what stands inside, each
//! behind one reference of the file. What only the engine works with (tables, stores, hidden classes, code) is left out,
//! and what a file does not hold is not guessed: there is [`Key::NotInFile`] and there are lengths with two ends.

mod blink;
mod collections;
mod functions;
mod hermes;
mod later;
mod memory;
mod plain;
#[cfg(test)]
mod tests;

pub(crate) use blink::callback_of;
pub(crate) use collections::key_id;
pub(crate) use functions::Captures;
pub(crate) use later::EVENTS_OF_TARGET;
pub(crate) use memory::{Length, Memory};

use super::hash_table;
use super::holders::is_plumbing;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// An object with what is inside.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    pub about: About,
    pub parts: Vec<Part>,
}

/// What kind of thing an object is, with what is counted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// Something that only the engine knows: its references are all there is to say.
    Engine,
    /// A literal, an instance of a class, anything with properties.
    Object,
    Collection(Collection),
    Array(ArrayFacts),
    /// A typed array, a DataView, a Buffer of Node.js.
    View(View),
    ArrayBuffer(Memory),
    /// A string that is a piece of another one.
    Slice {
        parent: NodeIx,
    },
    /// A string that is two others, one after the other.
    Rope,
    Symbol,
    /// `Object("text")` and the like.
    Boxed,
    Date,
    RegExp,
    Error {
        /// The text, if it has one.
        message: Option<NodeIx>,
    },
    Function(Captures),
    Bound {
        target: Option<NodeIx>,
    },
    /// A generator, or the state of an async function.
    Suspended {
        function: Option<NodeIx>,
        /// Nothing is saved any more: it has returned, or it is running.
        is_over: bool,
    },
    Promise(Promised),
    Proxy,
    Timer(Timer),
    /// What has listeners: an EventEmitter, an EventTarget.
    Emitter {
        listeners: u64,
    },
    WeakRef {
        is_empty: bool,
    },
    /// A FinalizationRegistry.
    Registry {
        cells: u64,
    },
    /// An iterator over a Map or Set.
    Iterator,
    /// The variables of a function, a block or a script.
    Scope,
    /// An element of a page, or another node of a document.
    Element {
        listeners: u64,
        is_detached: bool,
    },
}

/// A Map, Set, WeakMap or WeakSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Collection {
    pub kind: CollectionKind,
    /// Entries that the file shows.
    pub entries: u64,
    /// Places of the table before the last of these that show nothing: deleted, or of what the file leaves out.
    pub gaps: u64,
    /// The table behind it; nothing where the engine hides it.
    pub table: Option<Store>,
    /// Whether the file holds no entries, whatever there are.
    pub is_hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CollectionKind {
    Map,
    Set,
    WeakMap,
    WeakSet,
}

/// What the engine has reserved for entries or elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Store {
    pub node: NodeIx,
    pub bytes: u64,
    /// How many it has room for; nothing where its layout is not known.
    pub room: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArrayFacts {
    pub length: Length,
    /// Elements that the file shows.
    pub items: u64,
    /// Whether it is kept as a table of numbers and elements.
    pub is_sparse: bool,
    /// Whether the file shows all elements, so that those which are not there are holes.
    pub shows_all: bool,
    pub store: Option<Store>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub memory: Memory,
    /// Bytes of an element.
    pub element: Option<u64>,
}

/// A promise, as far as the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Promised {
    pub state: PromiseState,
    /// How many wait for it.
    pub waits: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PromiseState {
    Pending,
    Fulfilled,
    Rejected,
    /// It has a value or a reason, and the file does not say which.
    Settled,
    /// Nobody waits, and what it may have been settled with the file leaves out.
    PendingOrSettled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timer {
    pub kind: TimerKind,
    /// Milliseconds.
    pub delay: Option<u64>,
    pub callback: Option<NodeIx>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimerKind {
    Timeout,
    Immediate,
    /// Of a browser: a timeout or an interval.
    Dom,
}

/// One thing inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub role: PartRole,
    /// The reference to it; of [`PartRole::EntryOfKey`] that to the key.
    pub edge: EdgeIx,
    pub key: Key,
}

impl Part {
    /// The object that stands there: of an entry the value, or the key where the file leaves the value out.
    pub(crate) fn object(self, heap: &Heap) -> NodeIx {
        match (self.role, self.key) {
            // The file has no reference to the members of a WeakSet but their own to its table's values.
            (PartRole::Member, Key::Node(member)) => member,
            _ => heap.target(self.edge),
        }
    }
}

/// Under what it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// The name of its reference says it, or there is nothing to say.
    Own,
    /// The name of another reference.
    Edge(EdgeIx),
    Node(NodeIx),
    /// A small number, a boolean or nothing: the file leaves these out.
    NotInFile,
    /// The file does not say which.
    Unknown,
}

/// What a part is to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartRole {
    /// The value of an entry.
    Entry,
    /// The key of an entry whose value the file leaves out.
    EntryOfKey,
    /// What is in a Set.
    Member,
    Property,
    /// A property whose name begins with `#`.
    Private,
    Getter,
    Setter,
    Element,
    Prototype,
    Variable,
    /// What is called for an event.
    Listener,
    Slot(Slot),
}

/// What the program knows by a word, though the engine keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Of a proxy, a WeakRef, a cell of a FinalizationRegistry.
    Target,
    Handler,
    /// What a bound function calls.
    Function,
    This,
    /// Of a bound function, counted from one.
    Argument(u32),
    /// What a promise was settled with.
    Result,
    Reason,
    /// Called when a promise is fulfilled, or rejected, or one of both.
    OnFulfilled,
    OnRejected,
    OnSettled,
    /// An async function or generator that goes on when a promise is settled.
    Waits,
    /// A promise that follows another one.
    Follows,
    Callback,
    /// Of a timer, counted from one.
    CallbackArgument(u32),
    Buffer,
    Memory,
    /// The string that a slice is a piece of.
    Parent,
    First,
    Second,
    /// A variable or a value between, of a function that was left in the middle.
    Saved(u32),
    Description,
    Boxed,
    /// What a FinalizationRegistry calls.
    Cleanup,
    /// What the callback of a FinalizationRegistry is given.
    HeldValue,
    /// The scope around.
    Outer,
    /// What a node of a document refers to, which the file does not name.
    Neighbour,
    /// The key of a WeakMap's entry of which the file does not name the value.
    WeakKey,
    /// A slot that the engine does not name.
    Nameless,
}

/// What is inside an object.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn look(heap: &Heap, node: NodeIx, meter: &Meter) -> Result<Inside> {
    let mut parts = Parts { heap, meter, list: Vec::new(), most: usize::MAX, looked_at: 0 };
    let about = parts.of(node)?;
    Ok(Inside { about, parts: parts.list })
}

/// Whether anything is inside, and whether it is an object of the program at all.
pub(crate) fn peek(heap: &Heap, node: NodeIx) -> Peek {
    let meter = Meter::default();
    let mut parts = Parts { heap, meter: &meter, list: Vec::new(), most: 1, looked_at: 0 };
    match parts.of(node) {
        Ok(About::Engine) | Err(_) => Peek::Engine,
        Ok(_) if parts.list.is_empty() => Peek::Nothing,
        Ok(_) => Peek::Something,
    }
}

/// What a first look at an object finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peek {
    /// It is no object of the program.
    Engine,
    Nothing,
    Something,
}

/// The parts that have been found, and how many are wanted: one is enough to know that there are some.
struct Parts<'a> {
    heap: &'a Heap,
    meter: &'a Meter,
    list: Vec<Part>,
    most: usize,
    looked_at: usize,
}

impl<'a> Parts<'a> {
    fn push(&mut self, role: PartRole, edge: EdgeIx, key: Key) {
        if !self.is_full() {
            self.list.push(Part { role, edge, key });
        }
    }

    fn slot(&mut self, slot: Slot, edge: EdgeIx) {
        self.push(PartRole::Slot(slot), edge, Key::Own);
    }

    fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    /// Counts one more thing that is looked at.
    fn look(&mut self) -> Result<()> {
        self.looked_at += 1;
        self.meter.check_at(self.looked_at)
    }

    fn name(&self, node: NodeIx) -> StrIx {
        self.heap.columns().nodes.name(node)
    }

    /// Whether the file gives a node exactly this name.
    fn is_named(&self, node: NodeIx, name: &[u8]) -> bool {
        *self.heap.columns().strings.get(self.name(node)) == *name
    }

    /// The first edge of a type with a name.
    fn edge(&self, node: NodeIx, edge_type: EdgeType, name: &[u8]) -> Option<EdgeIx> {
        edge_named(self.heap, node, edge_type, name)
    }

    fn inner(&self, node: NodeIx, name: &[u8]) -> Option<EdgeIx> {
        self.edge(node, EdgeType::INTERNAL, name)
    }

    fn target(&self, edge: EdgeIx) -> NodeIx {
        self.heap.target(edge)
    }

    /// Whether V8 has written an object: all of its objects have a hidden class by this name.
    fn is_of_v8(&self, node: NodeIx) -> bool {
        self.heap.internal_target(node, &self.heap.known().map).is_some()
    }

    /// The bytes that the file gives a node itself, wherever its size counts.
    fn bytes(&self, node: NodeIx) -> u64 {
        self.heap.columns().nodes.self_sizes.get(node.ix())
    }

    /// Edges of a node that have a number, by type, with it.
    fn numbered(&self, node: NodeIx, edge_type: EdgeType) -> impl Iterator<Item = (u32, EdgeIx)> + use<'a> {
        numbered(self.heap, Some(node), edge_type)
    }

    fn of(&mut self, node: NodeIx) -> Result<About> {
        let heap = self.heap;
        if heap.roots().kind(node).is_some() {
            return Ok(About::Engine);
        }
        match heap.node_type(node) {
            NodeType::SLICED_STRING | NodeType::CONS_STRING => Ok(self.text(node)),
            NodeType::SYMBOL => {
                if let Some(name) = self.inner(node, b"name") {
                    self.slot(Slot::Description, name);
                }
                Ok(About::Symbol)
            }
            NodeType::CLOSURE => self.closure(node),
            NodeType::REGEXP => {
                self.properties(node)?;
                Ok(About::RegExp)
            }
            NodeType::NATIVE | NodeType::HIDDEN if self.is_named(node, b"system / JSProxy") => Ok(self.proxy(node)),
            NodeType::OBJECT => self.object(node),
            // QuickJS has JavaScript's own arrays under the type of internal ones.
            NodeType::ARRAY if !is_plumbing(heap, node) => self.array(node),
            NodeType::NATIVE => self.native(node),
            _ => Ok(About::Engine),
        }
    }

    fn object(&mut self, node: NodeIx) -> Result<About> {
        let heap = self.heap;
        let name = heap.columns().strings.get(self.name(node));
        if naming::is_context(&name) || is_environment(&name) && is_plumbing(heap, node) || is_of_bun(&name) {
            return self.scope(node);
        }
        if is_plumbing(heap, node) {
            return Ok(About::Engine);
        }
        if heap.producer().is_hermes()
            && let Some(about) = self.of_hermes(node, &name)?
        {
            return Ok(about);
        }
        if let Some(about) = self.of_table(node, &name)? {
            return Ok(about);
        }
        if let Some(about) = self.of_memory(node, &name)? {
            return Ok(about);
        }
        if let Some(about) = self.of_later(node, &name)? {
            return Ok(about);
        }
        match name.as_ref() {
            b"Array" | b"JSArray" | b"Arguments" | b"JSArguments" => return self.array(node),
            b"Date" | b"JSDate" => {
                self.properties(node)?;
                return Ok(About::Date);
            }
            b"String" | b"Number" | b"Boolean" | b"Symbol" | b"BigInt" => {
                if let Some(about) = self.boxed(node)? {
                    return Ok(about);
                }
            }
            _ => {}
        }
        match self.descent(node) {
            Some(Builtin::Array) => self.array(node),
            Some(Builtin::Error) => {
                let message = self.edge(node, EdgeType::PROPERTY, b"message").map(|edge| self.target(edge));
                self.properties(node)?;
                Ok(About::Error { message })
            }
            None => {
                self.properties(node)?;
                Ok(About::Object)
            }
        }
    }

    /// Which of the engine's own classes an object is of, directly or not.
    fn descent(&self, node: NodeIx) -> Option<Builtin> {
        let proto = |node| self.edge(node, EdgeType::PROPERTY, b"__proto__").map(|edge| self.target(edge));
        // A prototype is no object of its class.
        let is_prototype = |node| self.edge(node, EdgeType::PROPERTY, b"constructor").is_some();
        if is_prototype(node) {
            return None;
        }
        let mut at = proto(node);
        for _ in 0..MOST_PROTOTYPES {
            let here = at?;
            match self.edge(here, EdgeType::PROPERTY, b"constructor").map(|edge| self.target(edge)) {
                Some(class) if self.is_named(class, b"Array") => return Some(Builtin::Array),
                Some(class) if self.is_named(class, b"Error") => return Some(Builtin::Error),
                _ => at = proto(here),
            }
        }
        None
    }
}

/// Prototypes that are followed: a file may be made to have them in a circle.
const MOST_PROTOTYPES: usize = 8;

/// Classes of the engine whose objects are known by their prototypes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Builtin {
    Array,
    Error,
}

fn is_environment(name: &[u8]) -> bool {
    name == b"Environment"
}

/// Scopes of Bun.
fn is_of_bun(name: &[u8]) -> bool {
    name == b"system / JSLexicalEnvironment"
}

/// The first edge of a type with a name.
fn edge_named(heap: &Heap, node: NodeIx, edge_type: EdgeType, name: &[u8]) -> Option<EdgeIx> {
    let is_named = |&edge: &EdgeIx| heap.edge_type(edge) == edge_type && *heap.edge_name(edge) == *name;
    heap.columns().edges_of(node).find(is_named)
}

/// Edges that have a number, by type, with it.
fn numbered(heap: &Heap, node: Option<NodeIx>, edge_type: EdgeType) -> impl Iterator<Item = (u32, EdgeIx)> + '_ {
    let edges = node.into_iter().flat_map(|node| heap.columns().edges_of(node));
    edges
        .filter(move |&edge| heap.edge_type(edge) == edge_type)
        .filter_map(|edge| Some((hash_table::slot_number(heap, edge)?, edge)))
}
