//! The places that jumps have left, for back and forward.

use crate::base::ids::NodeIx;
use crate::tui::view::{Form, View};
use crate::view::row::RowIx;

/// A row of a view.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) view: View,
    /// The object at the top of the tree, see `TreePane::root`.
    pub(crate) root: Option<NodeIx>,
    /// Which form the rows of the view have.
    pub(crate) form: Form,
    /// From the outermost row to the row of the cursor.
    pub(crate) trail: Vec<RowIx>,
    /// The line of the window the cursor was in.
    pub(crate) offset: usize,
}

/// A place with a letter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) place: Place,
    /// What the row is called.
    pub(crate) what: String,
    /// Its object, if it has one: where the rows are other ones by now, that is still found.
    pub(crate) node: Option<NodeIx>,
}

#[derive(Debug, Default)]
pub(crate) struct History {
    back: Vec<Place>,
    forward: Vec<Place>,
}

/// More places than anybody goes back.
const MOST: usize = 1000;

impl History {
    /// Remembers where a jump begins.
    pub(crate) fn leave(&mut self, place: Place) {
        self.forward.clear();
        if self.back.last() != Some(&place) {
            self.back.push(place);
        }
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    /// Forgets the places of a view whose rows mean something else now.
    pub(crate) fn forget(&mut self, view: View) {
        self.back.retain(|place| place.view != view);
        self.forward.retain(|place| place.view != view);
    }

    /// The place to go back to, from `here`.
    pub(crate) fn back(&mut self, here: Place) -> Option<Place> {
        let place = self.back.pop()?;
        self.forward.push(here);
        Some(place)
    }

    /// The place to go forward to, from `here`.
    pub(crate) fn forward(&mut self, here: Place) -> Option<Place> {
        let place = self.forward.pop()?;
        self.back.push(here);
        Some(place)
    }
}
