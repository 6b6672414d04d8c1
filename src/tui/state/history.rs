//! The places that jumps have left, for back and forward.

use super::View;
use crate::base::ids::NodeIx;
use crate::view::list::Item;

/// A row of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub view: View,
    /// The object at the top of the tree, see `TreePane::root`.
    pub root: Option<NodeIx>,
    /// See `Explorer::by_class`.
    pub by_class: bool,
    /// From the outermost row to the row of the cursor.
    pub trail: Vec<Item>,
    /// The line of the window the cursor was in.
    pub offset: usize,
}

#[derive(Debug, Default)]
pub struct History {
    back: Vec<Place>,
    forward: Vec<Place>,
}

/// More places than anybody goes back.
const MOST: usize = 1000;

impl History {
    /// Remembers where a jump begins.
    pub fn leave(&mut self, place: Place) {
        self.forward.clear();
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    /// Forgets the places of a view whose rows mean something else now.
    pub fn forget(&mut self, view: View) {
        self.back.retain(|place| place.view != view);
        self.forward.retain(|place| place.view != view);
    }

    /// The place to go back to, from `here`.
    pub fn back(&mut self, here: Place) -> Option<Place> {
        let place = self.back.pop()?;
        self.forward.push(here);
        Some(place)
    }

    /// The place to go forward to, from `here`.
    pub fn forward(&mut self, here: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.back.push(here);
        Some(place)
    }
}
