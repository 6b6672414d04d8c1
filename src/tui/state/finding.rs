//! What was last searched for in a tree, and where it is.

use super::focus::PaneId;

/// What was last searched for in a tree, and where it is.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    pub(crate) needle: String,
    pub(crate) matches: Option<Matches>,
}

/// The rows of a pane that contain a text.
#[derive(Debug, Clone)]
pub(crate) struct Matches {
    pub(crate) id: PaneId,
    /// That of the tree in which they are.
    pub(crate) version: u64,
    pub(crate) needle: String,
    /// Places of visible rows, ascending.
    pub(crate) places: Vec<u32>,
    /// Where the search began.
    pub(crate) from: usize,
    pub(crate) forward: bool,
}
