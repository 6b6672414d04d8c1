//! The picture of the heap: what it is to show, and what has been drawn.

use std::sync::Arc;

use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::view::picture::{Paint, Painted};

#[derive(Debug)]
pub(crate) struct PictureState {
    /// The object that is all of it; else it is the heap.
    pub(crate) root: Option<NodeIx>,
    pub(crate) paint: Paint,
    /// Whether the snapshot to compare with stands beside it.
    pub(crate) beside: bool,
    pub(crate) drawn: Option<Drawn>,
    /// What has been asked of a worker last, whatever came of it.
    pub(crate) asked: Option<Wanted>,
    /// The piece with the object under the cursor.
    pub(crate) current: Option<usize>,
}

impl Default for PictureState {
    fn default() -> Self {
        PictureState { root: None, paint: Paint::Kind, beside: false, drawn: None, asked: None, current: None }
    }
}

/// What a picture is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) root: Option<NodeIx>,
    pub(crate) paint: Paint,
    pub(crate) columns: u16,
    pub(crate) levels: u16,
    /// The snapshot beside it, by its number.
    pub(crate) beside: Option<usize>,
}

/// A picture of one snapshot, or of two.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) here: Sheet,
    pub(crate) before: Option<Sheet>,
}

/// The picture of one snapshot.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) heap: Arc<Heap>,
    pub(crate) title: String,
    pub(crate) painted: Arc<Painted>,
}

impl Drawn {
    /// All that it shows, the earlier snapshot first.
    pub(crate) fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.before.iter().chain([&self.here])
    }

    /// The columns that each picture has of so many, the earlier snapshot first: the same number of bytes is as wide in
    /// both.
    pub(crate) fn widths(&self, columns: u16) -> Vec<u16> {
        let room = if self.before.is_some() { columns.saturating_sub(GAP) / 2 } else { columns };
        let most = self.sheets().map(|sheet| sheet.painted.picture.total()).max().unwrap_or(0).max(1);
        let share = |sheet: &Sheet| u128::from(sheet.painted.picture.total()) * u128::from(room) / u128::from(most);
        self.sheets().map(|sheet| (share(sheet) as u16).max(1)).collect()
    }

    /// Where the pictures begin.
    pub(crate) fn starts(&self, columns: u16) -> Vec<u16> {
        match self.before {
            Some(_) => vec![0, columns.saturating_sub(GAP) / 2 + GAP],
            None => vec![0],
        }
    }
}

/// Columns between two pictures.
const GAP: u16 = 2;
