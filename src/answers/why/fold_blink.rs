//! What references of a browser mean: Blink's objects between the functions of a page and its elements.
//!
//! Blink's slots have no names, and their numbers say nothing, so all is told by the names of objects: `GetNameInHeap…`
//! of blink/renderer/core, and the bindings that are generated for callbacks (`V8MutationCallback`). Names of events
//! are no objects of the heap: files do not hold them.

use super::How;
use super::names::{self, short};
use super::rest::{Fold, Folded};
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::index::{detached, naming};
use crate::view::text;

/// What `addEventListener` and `onclick = …` wrap around a function.
const LISTENERS: [&str; 2] = ["V8EventListener", "EventListener"];
const HANDLER: &str = "EventHandlerNonNull";

impl Fold<'_> {
    /// What a reference of Blink says. Nothing for those of anybody else.
    pub(super) fn of_blink(&self) -> Option<Folded> {
        let (edge, from) = self.rest[0];
        let is_blink = self.heap.node_type(from) == NodeType::NATIVE && self.heap.edge_type(edge) == EdgeType::ELEMENT;
        let class = self.class(from);
        if !is_blink || ["system / ", "Node / "].iter().any(|other| class.starts_with(other)) {
            return None;
        }
        let folded = self.of_dom_node().or_else(|| self.of_callback(&class)).or_else(|| self.of_plumbing(&class));
        Some(folded.unwrap_or((Some(How::Member), 1)))
    }

    fn class(&self, node: NodeIx) -> String {
        let raw = self.heap.raw_name(node);
        text::safe(naming::after_detached(&raw).unwrap_or(&raw))
    }

    /// The object behind what only Blink works with, from step `at` on.
    fn behind(&self, at: usize) -> usize {
        let is_inner = |&(_, from): &(_, NodeIx)| {
            self.heap.node_type(from) == NodeType::NATIVE && naming::is_of_blink(&self.heap.raw_name(from))
        };
        let inner = self.rest[at..].iter().take_while(|step| is_inner(step)).count();
        (at + inner).min(self.rest.len() - 1)
    }

    /// Whether one of the objects up to step `end` has a name that fits.
    fn passes(&self, end: usize, fits: impl Fn(&str) -> bool) -> bool {
        self.rest[..end].iter().any(|&(_, from)| fits(&self.class(from)))
    }

    /// Elements in a document need nobody else. Of a detached tree each node keeps all: parents, children and siblings
    /// refer to each other, and the file does not say which is which.
    fn of_dom_node(&self) -> Option<Folded> {
        let is_node = |node: NodeIx| {
            self.heap.node_type(node) == NodeType::NATIVE && naming::is_dom_node(&self.heap.raw_name(node))
        };
        if !is_node(self.target) {
            return None;
        }
        if names::is_document(self.heap, self.target) {
            return Some((Some(How::Browser), self.rest.len()));
        }
        if self.is_attached(self.target) {
            return Some((Some(How::InDocument), self.rest.len()));
        }
        let mut last = None;
        for (at, &(edge, from)) in self.rest.iter().enumerate() {
            let is_slot = self.heap.edge_type(edge) == EdgeType::ELEMENT;
            match self.class(from).as_str() {
                _ if is_slot && is_node(from) => last = Some(at),
                "NodeRareData" | "blink::NodeRareData" | "ElementRareData" if is_slot => {}
                class if is_slot && class.starts_with("blink::ElementRareData") => {}
                _ => break,
            }
            if self.is_attached(from) {
                return Some((Some(How::InDocument), self.rest.len()));
            }
        }
        last.map(|last| (Some(How::InTree), last + 1))
    }

    /// Whether the file itself says that a node is attached: what is reckoned from others may be wrong.
    fn is_attached(&self, node: NodeIx) -> bool {
        self.heap.columns().nodes.detachedness(node) == detached::ATTACHED
    }

    /// Functions that the browser calls.
    fn of_callback(&self, class: &str) -> Option<Folded> {
        let interface = class.strip_prefix("V8")?;
        let end = self.behind(0);
        let is_known = !matches!(self.heap.node_type(self.rest[end].1), NodeType::SYNTHETIC);
        let how = match interface {
            "FrameRequestCallback" => How::CalledBy("requestAnimationFrame".into()),
            "IdleRequestCallback" => How::CalledBy("requestIdleCallback".into()),
            _ if interface.ends_with(HANDLER) => How::Handler,
            _ if LISTENERS.contains(&class) => How::Listener(None),
            _ if self.is_from(end, "DOMTimer") => How::TimerCallback,
            _ if is_known => How::Callback(short(interface)),
            _ => How::CalledBy(short(interface)),
        };
        Some((Some(how), end + 1))
    }

    /// What stands behind the objects of a page.
    fn of_plumbing(&self, class: &str) -> Option<Folded> {
        if !naming::is_of_blink(class.as_bytes()) {
            return None;
        }
        let end = self.behind(0);
        let of = |how| Some((Some(how), end + 1));
        if class.starts_with("blink::ScriptPromiseResolver") {
            let is_fetch = self.passes(end, |class| class.starts_with("blink::FetchManager"));
            return of(How::Settles(if is_fetch { Some("fetch()".into()) } else { None }));
        }
        match self.is_observation(class) {
            true => return of(How::Observes),
            false if self.passes(end, |class| class == "ScheduledAction") => return of(How::TimerArgument(None)),
            false => {}
        }
        if self.passes(end + 1, |class| class == "Pending activities") {
            return Some((Some(How::Active), self.rest.len()));
        }
        // The next step speaks of the object behind.
        if self.is_at_root(end) { Some((Some(How::Browser), end + 1)) } else { Some((None, end)) }
    }

    fn is_at_root(&self, end: usize) -> bool {
        self.heap.node_type(self.rest[end].1) == NodeType::SYNTHETIC
    }

    /// What an observer leaves at an element.
    fn is_observation(&self, class: &str) -> bool {
        let is_one = matches!(class, "MutationObserverRegistration" | "ResizeObservation" | "IntersectionObservation");
        is_one && self.class(self.target).ends_with("Observer")
    }
}
