//! The Retainers of one object with the path that is open in them.

use std::sync::Arc;

use super::TreePane;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;
use crate::view::list::Item;
use crate::view::sentence;
use crate::view::source::{Content, Source};
use crate::view::tree::Tree;

#[derive(Debug)]
pub struct Retaining {
    /// Its root is the object.
    pub pane: TreePane,
    /// The path that is open, from the object outwards.
    pub path: Vec<Item>,
    /// What that path says, in words.
    pub why: String,
}

impl Retaining {
    /// The retainers of `node`, open along `path`, or along the nearest way to a root.
    pub fn of(
        heap: &Arc<Heap>,
        node: NodeIx,
        ignored: Option<Arc<Ignored>>,
        path: Option<Vec<Item>>,
        meter: &Meter,
    ) -> Result<Retaining> {
        let source = Source::new(heap.clone(), Content::Retainers(ignored.clone()));
        let path = match path {
            Some(path) => path,
            None => source.path_to_root(node, meter)?,
        };
        let why = why(heap, ignored.as_deref(), node, &path);
        let tree = Tree::retainers_along(heap.clone(), node, ignored, &path, meter)?;
        Ok(Retaining { pane: TreePane::new(tree, Some(node)), path, why })
    }

    /// Puts the cursor where the path leaves that of `before`.
    pub fn continue_from(&mut self, before: &Retaining) {
        let same = before.path.iter().zip(&self.path).take_while(|(old, new)| old == new).count();
        if before.pane.root == self.pane.root && same > 0 && same < self.path.len() {
            let place = self.pane.tree.find_trail(&self.path[..=same]);
            // The beginning of the path stays in view as far as there is room.
            self.pane.show_at(place, usize::MAX);
        }
    }

    pub fn heap(&self) -> &Arc<Heap> {
        &self.pane.tree.source().heap
    }
}

/// What keeps `node` alive over `path`, in words.
pub fn why(heap: &Heap, ignored: Option<&Ignored>, node: NodeIx, path: &[Item]) -> String {
    if ignored.is_some_and(|ignored| ignored.distance_of(node) == NO_DISTANCE)
        && heap.distance(node) != Some(NO_DISTANCE)
    {
        return "nothing else holds it: without what is ignored it would be freed".into();
    }
    let steps: Vec<sentence::Step> = path.iter().filter_map(|item| Some((item.edge()?, item.node()?))).collect();
    sentence::alive_because(heap, node, &steps)
}

/// The shortest paths of one object, of which one is open in the Retainers.
#[derive(Debug)]
pub struct Walk {
    pub of: NodeIx,
    pub found: Vec<Path>,
    pub at: usize,
    /// How many were asked for: fewer found means that there are no more.
    pub wanted: usize,
}

impl Walk {
    /// Whether there are no more paths than those found.
    pub fn is_complete(&self) -> bool {
        self.found.len() < self.wanted
    }
}
