//! A tree with a cursor and a window: the model of every pane that shows rows.

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::view::column::Sort;
use crate::view::filter::NameFilter;
use crate::view::list::Item;
use crate::view::source::{Source, Sums};
use crate::view::tree::{Row, Tree};

#[derive(Debug, Clone)]
pub struct TreePane {
    pub tree: Tree,
    /// The object at the top, which has no row itself; nothing for tables and for trees from the root.
    pub root: Option<NodeIx>,
    pub cursor: usize,
    /// The first row of the window.
    pub top: usize,
    /// Rows of the window.
    pub height: usize,
    /// Whether the person has moved, opened or sorted anything: from then on nothing moves by itself.
    pub touched: bool,
    /// What the person has typed to filter the outermost rows.
    pub filter: String,
    /// Why the filter is none.
    pub problem: Option<String>,
    /// What the outermost rows add up to.
    pub sums: Sums,
    /// The rows of the window, for `render`.
    pub rows: Vec<Row>,
    /// From the outermost row to the one above the cursor's, for `render`.
    pub above: Vec<Item>,
}

/// A change of a pane that can take long when there are millions of rows. Rows are named by the way to them, so that
/// it can be made later as well.
#[derive(Debug, Clone)]
pub enum Work {
    /// Shows the rows below a row.
    Open(Vec<Item>),
    /// Shows the rows below all rows of the level of a row.
    OpenLevel(Vec<Item>),
    Sort(Sort),
    /// Opens what hides a row and puts the cursor on it, in that line of the window.
    Reveal {
        trail: Vec<Item>,
        offset: usize,
    },
    /// Takes the outermost rows of a source that the filter lets through.
    Fill {
        source: Source,
        /// Another order; else that of the pane.
        sort: Option<Sort>,
        /// Whether the rows below them are still the same.
        keep_open: bool,
    },
    /// One after the other.
    Both(Box<Work>, Box<Work>),
}

impl Work {
    /// Whether an earlier change need not be made any more when this one is.
    pub fn replaces(&self, earlier: &Work) -> bool {
        match (self, earlier) {
            (Work::Sort(_), Work::Sort(_)) | (Work::Reveal { .. }, Work::Reveal { .. }) => true,
            (Work::Fill { keep_open: true, .. }, Work::Fill { keep_open: true, .. }) => true,
            (Work::Fill { keep_open: false, .. }, Work::Fill { .. } | Work::Open(_) | Work::OpenLevel(_)) => true,
            (Work::Open(new), Work::Open(old)) => new == old,
            _ => false,
        }
    }

    /// Whether it is there to keep the rows in step with what is said about them: filter, scope.
    pub fn is_fill(&self) -> bool {
        match self {
            Work::Fill { .. } => true,
            Work::Both(first, second) => first.is_fill() || second.is_fill(),
            _ => false,
        }
    }

    /// Whether the cursor goes somewhere else.
    fn moves(&self) -> bool {
        match self {
            Work::Reveal { .. } => true,
            Work::Both(first, second) => first.moves() || second.moves(),
            Work::Open(_) | Work::OpenLevel(_) | Work::Sort(_) | Work::Fill { .. } => false,
        }
    }
}

/// What has come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed {
    Done,
    /// There are no rows below, or the row is not there.
    NothingThere,
    /// So many rows of a level have been opened; whether those are all.
    Level {
        opened: usize,
        all: bool,
    },
}

/// `L` opens so many rows at a press: more than anybody looks through.
const MOST_OPENED: usize = 10_000;

impl TreePane {
    pub fn new(tree: Tree, root: Option<NodeIx>) -> Self {
        TreePane {
            tree,
            root,
            cursor: 0,
            top: 0,
            height: 1,
            touched: false,
            filter: String::new(),
            problem: None,
            sums: Sums::default(),
            rows: Vec::new(),
            above: Vec::new(),
        }
    }

    /// A tree of what `source` has below `root`, or all of it.
    pub fn of(source: Source, root: Option<NodeIx>, sort: Sort, meter: &Meter) -> Result<Self> {
        let tree = Tree::of(source, root, sort, meter)?;
        let mut pane = TreePane::new(tree, root);
        pane.sums = pane.tree.sums();
        Ok(pane)
    }

    pub fn len(&self) -> usize {
        self.tree.len()
    }

    /// The row under the cursor.
    pub fn row(&mut self) -> Option<Row> {
        self.tree.row(self.cursor)
    }

    /// From the outermost row to the one under the cursor.
    pub fn trail(&mut self) -> Vec<Item> {
        self.tree.trail(self.cursor)
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

    /// Makes a change; the cursor stays on its row, unless the change is about it. When the meter says stop, rows may
    /// have been opened on the way, nothing else.
    pub fn perform(&mut self, work: &Work, meter: &Meter) -> Result<Performed> {
        let (here, offset) = (self.trail(), self.offset());
        let result = self.change(work, meter);
        if !work.moves() || !matches!(result, Ok(Performed::Done)) {
            self.cursor = self.tree.find_trail(&here);
            self.top = self.cursor.saturating_sub(offset);
        }
        result
    }

    fn change(&mut self, work: &Work, meter: &Meter) -> Result<Performed> {
        let mut performed = Performed::Done;
        match work {
            Work::Open(trail) => {
                let found = self.tree.reveal(trail, meter)?;
                let opened = found.map_or(Ok(0), |place| self.tree.open(place, meter))?;
                if opened == 0 {
                    performed = Performed::NothingThere;
                }
                self.touched = true;
            }
            Work::OpenLevel(trail) => {
                let Some(place) = self.tree.reveal(trail, meter)? else { return Ok(Performed::NothingThere) };
                // Half a level is no good: it is made aside and taken when it is there.
                let mut tree = self.tree.clone();
                let (opened, all) = tree.open_level(place, MOST_OPENED, meter)?;
                performed = Performed::Level { opened, all };
                self.tree = tree;
                self.touched = true;
            }
            Work::Sort(sort) => {
                self.tree = self.tree.sorted_by(*sort, meter)?;
                self.touched = true;
            }
            Work::Reveal { trail, offset } => match self.tree.reveal(trail, meter)? {
                Some(place) => self.show_at(place, *offset),
                None => performed = Performed::NothingThere,
            },
            Work::Fill { source, sort, keep_open } => {
                let sort = sort.unwrap_or(self.tree.sort());
                let parsed = NameFilter::parse(&self.filter);
                // Half a pattern is no reason to empty the table.
                let filter = parsed.as_ref().ok().filter(|_| !self.filter.is_empty());
                let roots = source.named_roots(filter, sort, meter)?;
                self.tree = match keep_open {
                    true => self.tree.rebuilt(source.clone(), roots, sort, meter)?,
                    false => Tree::new(source.clone(), roots, sort),
                };
                self.problem = parsed.err();
                self.sums = self.tree.sums();
            }
            Work::Both(first, second) => {
                self.change(first, meter)?;
                performed = self.change(second, meter)?;
            }
        }
        Ok(performed)
    }

    /// Takes what has been made of a copy of this pane meanwhile; the cursor stays where it is now, unless the change
    /// was about it.
    pub fn take_over(&mut self, mut made: TreePane, work: &Work) {
        if !work.moves() {
            let (here, offset) = (self.trail(), self.offset());
            made.cursor = made.tree.find_trail(&here);
            made.top = made.cursor.saturating_sub(offset);
        }
        made.filter = std::mem::take(&mut self.filter);
        made.height = self.height;
        *self = made;
    }

    /// Moves the window so that it shows the cursor, and takes the rows of the window.
    pub fn arrange(&mut self, height: usize) {
        self.height = height.max(1);
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        let last_top = self.len().saturating_sub(self.height);
        self.top = self.top.min(last_top).min(self.cursor).max((self.cursor + 1).saturating_sub(self.height));
        self.rows = self.tree.rows(self.top, self.height);
        self.above = self.tree.trail(self.cursor);
        self.above.pop();
    }
}
