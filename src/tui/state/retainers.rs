//! The Retainers of one object with the path that is open in them, and what they leave out.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::pane::TreePane;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::{HeldPath, Path, Step};
use crate::answers::why::{self, Why};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::row::RowIx;
use crate::view::table::Table;
use crate::view::tables::retainers::Retainers;

/// Rows of a path that open by themselves.
const MOST_OPENED: usize = 500;

#[derive(Debug)]
pub(crate) struct Retaining {
    /// Its root is the object.
    pub(crate) pane: TreePane,
    pub(crate) heap: Arc<Heap>,
    /// The path that is open, from the object outwards.
    pub(crate) path: Path,
    /// What that path says.
    pub(crate) why: Why,
    /// Whether a root holds the object: no path is needed then.
    pub(crate) is_held_by_root: bool,
}

impl Retaining {
    /// The retainers of `node`, open along `path`, or along the nearest way to a root.
    pub(crate) fn of(retainers: &Retainers, node: NodeIx, path: Option<Path>, meter: &Meter) -> Result<Retaining> {
        let path = match path {
            Some(path) => path,
            None => retainers.path_to_root(node, meter)?,
        };
        let heap = retainers.heap().clone();
        let mut pane = TreePane::new(retainers.of(node, meter)?, Some(node), Retainers::FACTS.sort, meter)?;
        // The last row of the path stays closed: it is a root, or nothing leads on. Of a list of millions of links only
        // the beginning is opened: each row is found from the outermost on.
        let opened = path.len().saturating_sub(1).min(MOST_OPENED);
        pane.tree.open_along(&Retaining::trail(&path[..opened]), meter)?;
        Ok(Retaining {
            pane,
            why: why::why(&heap, retainers.ignored(), node, &path),
            is_held_by_root: retainers.is_held_by_root(node),
            path,
            heap,
        })
    }

    /// The rows of a path.
    fn trail(path: &[Step]) -> Vec<RowIx> {
        path.iter().map(|&(edge, node)| Retainers::row(edge, node)).collect()
    }

    /// Puts the cursor where the path leaves that of `before`.
    pub(crate) fn continue_from(&mut self, before: &Retaining) {
        let same = before.path.iter().zip(&self.path).take_while(|(old, new)| old == new).count();
        if before.pane.root == self.pane.root && same > 0 && same < self.path.len() {
            let trail = Retaining::trail(&self.path);
            let place = self.pane.tree.find_trail(&trail[..=same]);
            // The beginning of the path stays in view as far as there is room.
            self.pane.show_at(place, usize::MAX);
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

/// What the Retainers leave out. A worker may still be at what somebody wants.
#[derive(Debug, Default)]
pub(crate) struct Ignoring {
    pub(crate) wanted: FxHashSet<u32>,
    pub(crate) now: Option<Arc<Ignored>>,
}
