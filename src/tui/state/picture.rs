//! The picture of the heap: what it is to show, what has been drawn, and where in its pane.

use std::sync::Arc;

use ratatui::layout::Rect;

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

/// Columns at both sides that stay empty.
pub(crate) const AROUND: u16 = 2;

/// Below the levels: what colours mean.
pub(crate) const LEGEND: u16 = 1;

/// More lines for a level tell no more.
const MOST_EACH: u16 = 3;

/// Lines above the levels.
pub(crate) fn head(has_titles: bool) -> u16 {
    has_titles as u16
}

/// The levels that there is room for.
pub(crate) fn levels(area: Rect, has_titles: bool) -> u16 {
    area.height.saturating_sub(LEGEND + head(has_titles)).max(1)
}

/// The lines that each level of a picture has.
pub(crate) fn lines_each(area: Rect, drawn: &Drawn) -> u16 {
    let depth = |sheet: &Sheet| sheet.painted.picture.pieces.last().map_or(1, |piece| piece.depth + 1);
    let deepest = drawn.sheets().map(depth).max().unwrap_or(1) as u16;
    (levels(area, drawn.before.is_some()) / deepest.max(1)).clamp(1, MOST_EACH)
}
