//! What is remembered of a snapshot from one time to the next: the view, orders, marks, notes, what is ignored.
//!
//! ```text
//! ~/.local/state/heapwalk/<content of the snapshot>.json      private, whole or not there
//! ```
//!
//! A file is known by its content, as far as the key of the index cache looks at it: a copy is the same snapshot, and one
//! that was written over is another. What is written is written aside and gets its name when it is whole, so a process
//! that ends in the middle leaves what was there. Two that have the same snapshot open each add what is new of theirs
//! (`merge.rs`). Nothing here knows what the words mean: the explorer reads and writes them.

mod merge;
mod store;
#[cfg(all(test, unix))]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use store::{Memory, Place};

/// The layout of the file. One of a later layout is neither read nor written over.
pub(crate) const VERSION: u32 = 1;

/// All that is remembered of a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Remembered {
    pub(crate) version: u32,
    /// Where the snapshot stood, for people.
    pub(crate) snapshot: String,
    /// The view that was shown last, by the name of its command.
    pub(crate) view: Option<String>,
    /// The orders of views, by the names of their commands.
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) marks: BTreeMap<char, Mark>,
    /// What a note is about, in words that last, to its text.
    pub(crate) notes: BTreeMap<String, String>,
    pub(crate) ignored: Vec<Ignored>,
}

/// An order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) field: String,
    pub(crate) ascending: bool,
}

/// A place with a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mark {
    /// The name of the view's command.
    pub(crate) view: String,
    pub(crate) form: usize,
    /// The node at the top of the tree.
    pub(crate) root: Option<u32>,
    /// The rows that lead to it, as the program of `rows` numbers them.
    pub(crate) trail: Vec<[u32; 2]>,
    /// Which source has numbered the rows: for another they mean nothing.
    pub(crate) rows: String,
    pub(crate) offset: usize,
    /// The object of the row, which every source finds.
    pub(crate) node: Option<u32>,
    /// What the row is called.
    pub(crate) what: String,
}

/// Something that is ignored. Nodes and edges are known by their places in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Ignored {
    Pattern(String),
    Known { words: String, nodes: Vec<u32>, edges: Vec<u32> },
}

impl Remembered {
    /// Whether there is nothing that anybody would miss.
    pub(crate) fn is_empty(&self) -> bool {
        let plain = Remembered { version: self.version, snapshot: self.snapshot.clone(), ..Remembered::default() };
        *self == plain
    }
}
