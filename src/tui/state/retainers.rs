//! The Retainers of one object with the path that is open in them, and what they leave out.

use std::ops::Range;
use std::sync::Arc;

use super::pane::TreePane;
use crate::analysis::paths::{HeldPath, Path};
use crate::answers::why::{self, Why};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::chain::{self, Chain};
use crate::view::row::RowIx;
use crate::view::table::Table;
use crate::view::tables::retainers::Retainers;

#[derive(Debug)]
pub(crate) struct Retaining {
    /// Its root is the object.
    pub(crate) pane: TreePane,
    pub(crate) heap: Arc<Heap>,
    /// The path that is open, from the object outwards.
    pub(crate) path: Path,
    /// Which links of the path each of its rows shows.
    links: Vec<Range<usize>>,
    /// Whether some of these rows stand for links that repeat.
    pub(crate) has_repeats: bool,
    /// What that path says.
    pub(crate) why: Why,
    /// Whether a root holds the object: no path is needed then.
    pub(crate) is_held_by_root: bool,
}

/// How a path is opened.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    /// The nearest way to a root where there is none.
    pub(crate) path: Option<Path>,
    /// A path that was open before: it stays so if it leads over nothing that is ignored; else its rows can be found.
    pub(crate) before: Option<Path>,
    /// Whether links that repeat stand in one row.
    pub(crate) folding: bool,
}

impl Retaining {
    /// The retainers of `node`, open along a path.
    pub(crate) fn of(retainers: Retainers, node: NodeIx, opened: Opened, meter: &Meter) -> Result<Retaining> {
        let kept = || opened.before.clone().filter(|before| retainers.ways().has(before));
        let path = match opened.path.or_else(kept) {
            Some(path) => path,
            None => retainers.path_to_root(node, meter)?,
        };
        let heap = retainers.heap().clone();
        let why = why::why(retainers.ways(), node, &path, meter)?;
        let is_held_by_root = retainers.is_held_by_root(node);
        let Chain { rows: links, folds } = Chain::of(&heap, &path, opened.folding);
        let has_repeats = folds.has_repeats();
        let folds = match opened.before {
            Some(before) => folds.with(Chain::of(&heap, &before, opened.folding).folds),
            None => folds,
        };
        let level = retainers.folded(folds).of(node, meter)?;
        let mut pane = TreePane::new(level, Some(node), Retainers::FACTS.sort, meter)?;
        // The last row of the path stays closed: it is a root, or nothing leads on.
        let trail = chain::trail(&links, &path);
        pane.tree.open_along(&trail[..trail.len().saturating_sub(1)], meter)?;
        Ok(Retaining { pane, why, is_held_by_root, path, links, has_repeats, heap })
    }

    /// The rows of the open path, one below the other.
    pub(crate) fn trail(&self) -> Vec<RowIx> {
        chain::trail(&self.links, &self.path)
    }

    /// The link of the path that the row under the cursor shows, the first of several.
    pub(crate) fn link(&mut self) -> Option<usize> {
        let (here, trail) = (self.pane.trail(), self.trail());
        let level = here.len().checked_sub(1)?;
        (trail.get(..=level) == Some(&here[..])).then(|| self.links[level].start)
    }

    /// Puts the cursor on the row that shows a link of the path, with what is before it in view as far as there is room.
    pub(crate) fn show_link(&mut self, link: usize) {
        let trail = self.trail();
        if let Some(above) = trail.get(..=chain::row_of(&self.links, link)) {
            let place = self.pane.tree.find_trail(above);
            self.pane.show_at(place, usize::MAX);
        }
    }

    /// Puts the cursor where the path leaves that of `before`.
    pub(crate) fn continue_from(&mut self, before: &Retaining) {
        let same = before.path.iter().zip(&self.path).take_while(|(old, new)| old == new).count();
        if before.pane.root == self.pane.root && same < self.path.len() {
            self.show_link(same);
        }
    }
}

/// Paths of one object, each over another holder, of which one is open in the Retainers.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) of: NodeIx,
    pub(crate) found: Vec<HeldPath>,
    pub(crate) at: usize,
    /// How many were asked for.
    pub(crate) wanted: usize,
    /// Whether there are no more paths than those found.
    pub(crate) complete: bool,
}
