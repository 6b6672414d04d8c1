//! Whose a class is: the program's own, of plain objects, JavaScript's or the engine's.

use crate::analysis::merged::HolderKind;
use crate::analysis::own;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{ClassIx, naming};

/// So many functions of one place are too many.
pub(super) const MANY_FUNCTIONS: usize = 50;

/// Whose objects are, from the engine's to the program's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Tables, shapes, code.
    Engine,
    /// Of a class of the runtime's own scripts.
    Runtime,
    /// Strings, functions, arrays, Maps …: every program has them.
    BuiltIn,
    /// Nodes of a document and other objects of the browser.
    Native,
    /// `{a, b}`
    Shape,
    /// Of a class in a script of the program.
    Own,
}

/// What JavaScript itself brings.
const BUILT_IN: [&str; 53] = [
    "Object",
    "Array",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Promise",
    "Date",
    "RegExp",
    "Function",
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "ReferenceError",
    "AggregateError",
    "EvalError",
    "URIError",
    "Symbol",
    "BigInt",
    "Number",
    "String",
    "Boolean",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "DataView",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "Generator",
    "AsyncGenerator",
    "GeneratorFunction",
    "AsyncFunction",
    "Arguments",
    "Proxy",
    "FinalizationRegistry",
    "Map Iterator",
    "Set Iterator",
    "Array Iterator",
    "Iterator",
    "JSON",
    "Math",
];

/// Texts and buffers.
const PAYLOADS: [&str; 6] =
    ["(sliced string)", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Buffer", "system / JSArrayBufferData"];

/// So many functions of one scope, or of one place, are asked whose they are.
const MOST_ASKED: usize = 8;

/// The rank of every class.
#[derive(Debug)]
pub(crate) struct Ranks<'a> {
    heap: &'a Heap,
    own: Option<Bits>,
    by_class: Vec<Rank>,
}

impl<'a> Ranks<'a> {
    /// Looks whose the classes of a heap are.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(heap: &'a Heap, meter: &Meter) -> Result<Ranks<'a>> {
        let own = own::nodes(heap, meter)?;
        let classes = heap.classes();
        let mut samples: Vec<Option<NodeIx>> = vec![None; classes.len()];
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            let sample = &mut samples[classes.of(node).ix()];
            // An own object says more of its class than another.
            let is_own = || own.as_ref().is_some_and(|own| own.contains(node.ix()));
            if sample.is_none() || is_own() {
                *sample = Some(node);
            }
        }
        let rank = |class: ClassIx| samples[class.ix()].map_or(Rank::Engine, |node| rank(heap, own.as_ref(), node));
        let by_class = classes.iter().map(rank).collect();
        Ok(Ranks { heap, own, by_class })
    }

    pub(crate) fn heap(&self) -> &'a Heap {
        self.heap
    }

    pub(crate) fn get(&self, class: ClassIx) -> Rank {
        self.by_class[class.ix()]
    }

    /// Whether objects of a class may hold much memory that is not objects: texts and buffers.
    pub(crate) fn is_payload(&self, class: ClassIx) -> bool {
        let name = self.heap.classes().name(class);
        PAYLOADS.iter().any(|payload| name == payload.as_bytes()) || name.ends_with(b"Array") && name != b"Array"
    }

    /// Whether objects of a class are parts of larger texts, which they keep as a whole.
    pub(crate) fn is_piece(&self, class: ClassIx) -> bool {
        self.heap.classes().name(class) == b"(sliced string)"
    }

    /// Whether all objects of a class are of one kind to the program: not strings, functions, arrays.
    pub(crate) fn tells(&self, class: ClassIx) -> bool {
        self.get(class) >= Rank::Native
    }

    /// Whether the program gave the holder its name.
    pub(crate) fn is_named(&self, holder: NodeIx, kind: HolderKind) -> bool {
        match kind {
            HolderKind::Root(_) => true,
            HolderKind::Scope(_) | HolderKind::UsedBy(_) => match self.own {
                Some(_) => self.is_own(holder),
                None => self.may_be_own(holder),
            },
            HolderKind::Class(class) => {
                self.get(class) == Rank::Own || self.heap.node_type(holder) == NodeType::CLOSURE && self.is_own(holder)
            }
        }
    }

    /// Whether a holder is the engine's or the runtime's.
    pub(crate) fn is_of_engine(&self, holder: NodeIx, kind: HolderKind) -> bool {
        match kind {
            HolderKind::Root(_) => true,
            HolderKind::Scope(_) | HolderKind::UsedBy(_) => false,
            HolderKind::Class(class) => {
                matches!(self.get(class), Rank::Engine | Rank::Runtime)
                    || self.heap.node_type(holder) == NodeType::CLOSURE && self.are_of_runtime(&[holder])
            }
        }
    }

    /// Whether functions are the runtime's: they stand in its scripts.
    pub(crate) fn are_of_runtime(&self, functions: &[NodeIx]) -> bool {
        let is_foreign = |&function: &NodeIx| self.heap.location(function).is_some() && !self.is_own(function);
        self.own.is_some() && functions.iter().take(MOST_ASKED).all(is_foreign)
    }

    /// Whether functions of several places are meant.
    pub(crate) fn are_functions(&self, objects: &[NodeIx]) -> bool {
        let is_function = |&node: &NodeIx| self.heap.node_type(node) == NodeType::CLOSURE;
        objects.first().is_some_and(is_function) && !self.are_one_function(objects)
    }

    /// Whether so many functions of one place of the program are meant.
    pub(crate) fn are_one_function(&self, objects: &[NodeIx]) -> bool {
        let is_function = |&node: &NodeIx| self.heap.node_type(node) == NodeType::CLOSURE;
        let Some(&first) = objects.first().filter(|first| is_function(first)) else { return false };
        let place = self.heap.location(first);
        let is_same = |node: &NodeIx| is_function(node) && self.heap.location(*node) == place;
        let asked: Vec<NodeIx> = objects.iter().copied().step_by((objects.len() / MOST_ASKED).max(1)).collect();
        objects.len() >= MANY_FUNCTIONS && place.is_some() && asked.iter().all(is_same) && !self.are_of_runtime(&asked)
    }

    /// Where scripts have no names: functions of the engine have no place, unless none has.
    fn may_be_own(&self, scope: NodeIx) -> bool {
        let has_place = |(_, from): (_, NodeIx)| self.heap.location(from).is_some();
        self.heap.columns().locations.is_empty() || self.heap.shown_retainers(scope).take(MOST_ASKED).any(has_place)
    }

    fn is_own(&self, node: NodeIx) -> bool {
        let own = |node: NodeIx| self.own.as_ref().is_some_and(|own| own.contains(node.ix()));
        // A scope is the program's own if what uses it is.
        own(node)
            || naming::is_context(&self.heap.raw_name(node))
                && self.heap.shown_retainers(node).take(MOST_ASKED).any(|(_, from)| own(from))
    }
}

fn rank(heap: &Heap, own: Option<&Bits>, node: NodeIx) -> Rank {
    let classes = heap.classes();
    let class = classes.of(node);
    let name = classes.name(class);
    let is_own = |node: NodeIx| own.is_none_or(|own| own.contains(node.ix()));
    let is_hermes = heap.producer().is_hermes();
    // Hermes 1.0 calls an array JSArray.
    let bare = name.strip_prefix(b"JS").filter(|_| is_hermes).unwrap_or(name);
    match heap.node_type(node) {
        NodeType::NATIVE
            if name.starts_with(b"system / ") || !name.first().is_some_and(|byte| b"<DH".contains(byte)) =>
        {
            Rank::Engine
        }
        NodeType::NATIVE => Rank::Native,
        NodeType::OBJECT if name.starts_with(b"system / ") || name.starts_with(b"(") => Rank::Engine,
        NodeType::OBJECT if is_hermes && naming::is_of_hermes(name) => Rank::Engine,
        NodeType::OBJECT if classes.get(class).location.is_some() => match is_own(node) {
            true => Rank::Own,
            false => Rank::Runtime,
        },
        NodeType::OBJECT if name.starts_with(b"{") || is_hermes && bare.starts_with(b"Object(") => Rank::Shape,
        NodeType::OBJECT if BUILT_IN.iter().any(|known| bare == known.as_bytes()) => Rank::BuiltIn,
        NodeType::OBJECT if name.starts_with(b"Detached ") || name.starts_with(b"<") => Rank::Native,
        // A class whose place the file does not tell.
        NodeType::OBJECT if is_own(node) && is_hermes => Rank::Own,
        NodeType::OBJECT => Rank::BuiltIn,
        NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING | NodeType::CLOSURE => Rank::BuiltIn,
        NodeType::REGEXP | NodeType::SYMBOL | NodeType::BIGINT => Rank::BuiltIn,
        _ => Rank::Engine,
    }
}
