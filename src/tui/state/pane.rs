//! A tree with a cursor and a window: the model of every pane that shows rows.

use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::view::list::{self, Item, List};
use crate::view::order::Sort;
use crate::view::tree::{Kind, Row, Tree};

#[derive(Debug)]
pub struct TreePane {
    pub tree: Tree,
    /// The object at the top, which has no row itself; nothing for the Summary and for trees from the root.
    pub root: Option<NodeIx>,
    pub cursor: usize,
    /// The first row of the window.
    pub top: usize,
    /// Rows of the window.
    pub height: usize,
    /// Whether the person has moved, opened or sorted anything: from then on nothing moves by itself.
    pub touched: bool,
    /// The rows of the window, for `render`.
    pub rows: Vec<Row>,
    /// From the outermost row to the one above the cursor's, for `render`.
    pub above: Vec<Item>,
}

impl TreePane {
    pub fn new(tree: Tree, root: Option<NodeIx>) -> Self {
        TreePane { tree, root, cursor: 0, top: 0, height: 1, touched: false, rows: Vec::new(), above: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.tree.len()
    }

    /// The row under the cursor.
    pub fn row(&mut self, heap: &Heap) -> Option<Row> {
        self.tree.row(heap, self.cursor)
    }

    pub fn item(&mut self, heap: &Heap) -> Option<Item> {
        self.row(heap).map(|row| row.item)
    }

    pub fn move_to(&mut self, place: usize) {
        self.cursor = place.min(self.len().saturating_sub(1));
        self.touched = true;
    }

    pub fn move_by(&mut self, rows: isize) {
        self.move_to(self.cursor.saturating_add_signed(rows));
    }

    /// Puts the cursor on `place`, and its row in the line `offset` of the window if the window allows.
    pub fn show_at(&mut self, place: usize, offset: usize) {
        self.move_to(place);
        self.top = self.cursor.saturating_sub(offset);
    }

    /// Which line of the window the cursor is in.
    pub fn offset(&self) -> usize {
        self.cursor.saturating_sub(self.top)
    }

    /// Sorts, or takes new rows; the cursor stays on its row and its line.
    pub fn set_rows(&mut self, heap: &Heap, sort: Sort, roots: List) {
        let offset = self.offset();
        self.cursor = self.tree.set_sort(heap, sort, roots, self.cursor);
        self.top = self.cursor.saturating_sub(offset);
    }

    /// The outermost rows of a tree of objects, sorted by `sort`. The Summary makes its own.
    pub fn roots(&self, heap: &Heap, sort: Sort) -> List {
        let root = self.root.unwrap_or(heap.root());
        match self.tree.kind() {
            Kind::Dominators => list::dominators(heap, root, sort),
            Kind::DominatorsByClass => list::dominated_by_class(heap, root, sort),
            Kind::Retainers => list::retainers(heap, root, sort).without(self.tree.ignored().cloned()),
            Kind::Summary | Kind::Containment => list::containment(heap, root, sort),
        }
    }

    /// Moves the window so that it shows the cursor, and takes the rows of the window.
    pub fn arrange(&mut self, heap: &Heap, height: usize) {
        self.height = height.max(1);
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        let last_top = self.len().saturating_sub(self.height);
        self.top = self.top.min(last_top).min(self.cursor).max((self.cursor + 1).saturating_sub(self.height));
        self.rows = self.tree.rows(heap, self.top, self.height);
        self.above = self.tree.trail(heap, self.cursor);
        self.above.pop();
    }
}
