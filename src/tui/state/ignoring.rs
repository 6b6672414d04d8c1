//! What somebody ignores, and what would go without it.

use std::sync::Arc;

use crate::analysis::merged::Without;
use crate::answers::cut::Cut;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::subject::Subject;
use crate::view::{label, text};

/// All that is ignored. A worker may still be at what somebody wants.
#[derive(Debug, Default)]
pub(crate) struct Ignoring {
    pub(crate) things: Vec<Thing>,
    /// The one that the last key has ignored: pressed again, that key ignores it another way.
    pub(crate) last: Option<usize>,
    pub(crate) now: Option<Arc<Cut>>,
}

/// Something that is ignored.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) what: What,
    /// The row that showed it.
    pub(crate) of: Option<Subject>,
    /// What it stands for, once that has been looked up.
    pub(crate) resolved: Option<Without>,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    /// An object with all its references.
    Object(NodeIx),
    Reference(EdgeIx),
    /// All references of a row of merged retainers.
    References(Subject),
    /// The holders of such a row, with all their references.
    Holders(Subject),
    Pattern(String),
    /// What was ignored when the snapshot was open before, and what that was called.
    Known(String, Without),
}

impl Thing {
    /// Whether a row shows the same thing.
    pub(crate) fn is_about(&self, subject: &Subject) -> bool {
        let node = |subject: &Subject| subject.table.node(subject.row).filter(|_| !subject.table.is_tree_of_rows());
        match &self.of {
            // Rows of merged retainers have their places for names: those of another table are others.
            Some(of) if of.table.is_tree_of_rows() => of == subject && Arc::ptr_eq(&of.table, &subject.table),
            Some(of) => of == subject || node(of).is_some() && node(of) == node(subject),
            None => false,
        }
    }
}

impl What {
    /// Whether two are ignored the same way.
    pub(crate) fn is_same_way(&self, other: &What) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// What it stands for.
    ///
    /// # Errors
    /// `Error::Unknown` where a pattern names nothing, `Error::Cancelled` once the meter says stop.
    pub(crate) fn resolve(&self, heap: &Heap, meter: &Meter) -> Result<Without> {
        Ok(match self {
            What::Object(node) => Without { nodes: vec![*node], edges: Vec::new() },
            What::Reference(edge) => Without { nodes: Vec::new(), edges: vec![*edge] },
            What::References(of) => Without { nodes: Vec::new(), edges: of.table.references(of.row, meter)? },
            What::Holders(of) => Without { nodes: of.table.objects(of.row, meter)?.1, edges: Vec::new() },
            What::Pattern(pattern) => return Without::parse(heap, pattern, meter),
            What::Known(_, without) => without.clone(),
        })
    }

    /// In a line of its own.
    pub(crate) fn words(&self, heap: &Heap) -> String {
        let row = |of: &Subject| label::plain(&of.table.label(of.row));
        match self {
            What::Object(node) => label::short(heap, *node),
            What::Reference(edge) => {
                format!("the reference {} in {}", label::edge(heap, *edge), label::short(heap, heap.source(*edge)))
            }
            What::References(of) => row(of),
            What::Holders(of) => format!("the holders of {}", row(of)),
            What::Pattern(words) | What::Known(words, _) => text::sanitize(words).into_owned(),
        }
    }

    /// In the middle of a line.
    pub(crate) fn short_words(&self, heap: &Heap) -> String {
        crate::view::cut::cut(&self.words(heap), label::SHORT).into_owned()
    }

    /// What the key does next.
    pub(crate) fn next_words(&self) -> &'static str {
        match self {
            What::Object(_) => "the reference",
            What::References(_) => "the holders",
            _ => "counts it again",
        }
    }
}
