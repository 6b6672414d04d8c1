//! A tree with a cursor and a window: the model of every pane that shows rows.

use std::sync::Arc;

use super::before::Before;
use super::change::{Performed, Work};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::tui::view::Form;
use crate::tui::widgets::extent::Extent;
use crate::view::filter::{NameFilter, Typed};
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::{AnyTable, Inner, Level};
use crate::view::tree::{Row, Tree};

#[derive(Debug, Clone)]
pub(crate) struct TreePane {
    pub(crate) tree: Tree,
    /// All outermost rows, those that the filter hides too.
    pub(crate) all: Level,
    /// The object at the top, which has no row itself; nothing for tables and for trees from the root.
    pub(crate) root: Option<NodeIx>,
    pub(crate) cursor: usize,
    /// The first row of the window.
    pub(crate) top: usize,
    /// Rows of the window.
    pub(crate) height: usize,
    /// Whether the person has moved, opened or sorted anything: from then on nothing moves by itself.
    pub(crate) touched: bool,
    /// Whether the person has chosen the row under the cursor. As long as nobody has, the cursor stays at the first row,
    /// whichever that becomes: a new order begins where it is read.
    pub(crate) moved: bool,
    /// What the person has typed to filter the outermost rows.
    pub(crate) filter: String,
    /// The filter whose rows these are: the last one that was typed and could be read.
    pub(crate) applied: Arc<Typed>,
    /// Whether no row has the words of the filter as typed, and those that are shown have their letters in order.
    pub(crate) fuzzy: bool,
    /// Why what is typed is no filter.
    pub(crate) problem: Option<String>,
    /// What the outermost rows add up to.
    pub(crate) total: String,
    /// The rows of the window, for `render`.
    pub(crate) rows: Vec<Row>,
    /// From the outermost row to the one above the cursor's, for `render`.
    pub(crate) above: Vec<(Arc<dyn AnyTable>, RowIx)>,
}

/// `L` opens so many rows at a press: more than anybody looks through.
const MOST_OPENED: usize = 10_000;

impl TreePane {
    /// The rows of a level, with the object at the top where it is the tree of one.
    pub(crate) fn new(level: Level, root: Option<NodeIx>, sort: Sort, meter: &Meter) -> Result<Self> {
        let tree = Tree::new(level.clone(), sort, meter)?;
        Ok(TreePane {
            total: level.table.total(tree.roots()),
            tree,
            all: level,
            root,
            cursor: 0,
            top: 0,
            height: 1,
            touched: false,
            moved: false,
            filter: String::new(),
            applied: Arc::default(),
            fuzzy: false,
            problem: None,
            rows: Vec::new(),
            above: Vec::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.tree.len()
    }

    /// The row under the cursor.
    pub(crate) fn row(&mut self) -> Option<Row> {
        self.tree.row(self.cursor)
    }

    /// From the outermost row to the one under the cursor.
    pub(crate) fn trail(&mut self) -> Vec<RowIx> {
        self.tree.trail(self.cursor)
    }

    pub(crate) fn move_to(&mut self, place: usize) {
        self.cursor = place.min(self.len().saturating_sub(1));
        (self.touched, self.moved) = (true, true);
    }

    /// Puts the cursor on the first row, and leaves it there whichever row that becomes.
    pub(crate) fn move_to_first(&mut self) {
        self.move_to(0);
        self.moved = false;
    }

    pub(crate) fn move_by(&mut self, rows: isize) {
        self.move_to(self.cursor.saturating_add_signed(rows));
    }

    /// Moves the window by so many rows; the cursor stays on its row as long as that is seen.
    pub(crate) fn scroll(&mut self, rows: isize) {
        let last = self.len().saturating_sub(self.height);
        self.top = self.top.saturating_add_signed(rows).min(last);
        self.cursor = self.cursor.clamp(self.top, self.top + self.height.saturating_sub(1));
        (self.touched, self.moved) = (true, true);
    }

    /// Puts the cursor on `place`, and its row in the line `offset` of the window if the window allows.
    pub(crate) fn show_at(&mut self, place: usize, offset: usize) {
        self.move_to(place);
        self.top = self.cursor.saturating_sub(offset);
    }

    /// Which line of the window the cursor is in.
    pub(crate) fn offset(&self) -> usize {
        self.cursor.saturating_sub(self.top)
    }

    /// Makes a change; the cursor stays on a row that the person has chosen, unless the change is about it. When the meter says stop, rows may
    /// have been opened on the way, nothing else.
    pub(crate) fn perform(&mut self, work: &Work, meter: &Meter) -> Result<Performed> {
        if let Work::Both(first, second) = work {
            // Each of them may be about the cursor or not.
            self.perform(first, meter)?;
            return self.perform(second, meter);
        }
        let (here, offset) = (self.trail(), self.offset());
        let result = self.change(work, meter);
        if !work.moves() || !matches!(result, Ok(Performed::Done)) {
            self.stay_on(&here, offset);
        }
        result
    }

    /// Leaves the cursor on a row, in its line of the window; on the first row where nobody has chosen that one or where it
    /// is gone.
    fn stay_on(&mut self, trail: &[RowIx], offset: usize) {
        self.cursor = if self.moved { self.tree.find_trail(trail) } else { 0 };
        let there = self.trail();
        self.moved &= !there.is_empty() && trail.starts_with(&there);
        self.top = if self.moved { self.cursor.saturating_sub(offset) } else { 0 };
    }

    fn change(&mut self, work: &Work, meter: &Meter) -> Result<Performed> {
        match work {
            Work::Open(trail) => self.open(trail, meter),
            Work::Enter(trail) => self.enter(trail, meter),
            Work::OpenLevel(trail) => self.open_level(trail, meter),
            Work::Sort(sort) => {
                self.complete(*sort, meter)?;
                self.tree = self.tree.sorted_by(*sort, meter)?;
                self.touched = true;
                Ok(Performed::Done)
            }
            Work::Turn(inner) => {
                self.turn(*inner, meter)?;
                Ok(Performed::Done)
            }
            Work::Begin => {
                (self.cursor, self.top, self.touched, self.moved) = (0, 0, false, false);
                Ok(Performed::Done)
            }
            Work::Reveal { trail, offset } => match self.tree.reveal(trail, meter)? {
                Some(place) => {
                    self.show_at(place, *offset);
                    Ok(Performed::Done)
                }
                None => Ok(Performed::NothingThere),
            },
            Work::Fill { rows, sort, keep_open } => {
                self.fill(&rows.level(meter)?, *sort, *keep_open, meter)?;
                Ok(Performed::Done)
            }
            Work::Return { before, rows } => {
                let (level, sort) = (rows.level(meter)?, self.tree.sort());
                self.tree = before.tree.clone();
                self.fill(&level, Some(sort), true, meter)?;
                self.cursor = self.tree.find_trail(&before.trail);
                self.top = self.cursor.saturating_sub(before.offset);
                self.moved = before.moved;
                Ok(Performed::Done)
            }
            Work::Both(..) => self.perform(work, meter),
        }
    }

    fn turn(&mut self, inner: Inner, meter: &Meter) -> Result<()> {
        if self.tree.inner() == inner {
            return Ok(());
        }
        let (way, offset) = (self.tree.way_to(self.cursor), self.offset());
        self.tree = self.tree.turned(inner, meter)?;
        if self.all.table.inside_of().is_some() {
            self.all = Level { table: self.tree.table().clone(), rows: Arc::new(self.tree.roots().to_vec()) };
        }
        // What is not there in this form leaves the cursor at what it was in.
        self.cursor = self.tree.find_way(&way).filter(|_| self.moved).unwrap_or(0);
        self.top = if self.moved { self.cursor.saturating_sub(offset) } else { 0 };
        Ok(())
    }

    /// Computes the cells by which rows are to be sorted.
    fn complete(&self, sort: Sort, meter: &Meter) -> Result<()> {
        let table = self.tree.table();
        if !table.specs().iter().any(|spec| spec.field == sort.field && table.comes_late(spec)) {
            return Ok(());
        }
        meter.set_total(self.tree.roots().len() as u64);
        for &row in self.tree.roots() {
            table.fill(row, meter)?;
            meter.add_done(1);
        }
        Ok(())
    }

    fn open(&mut self, trail: &[RowIx], meter: &Meter) -> Result<Performed> {
        self.touched = true;
        let found = self.tree.reveal(trail, meter)?;
        let opened = found.map_or(Ok(0), |place| self.tree.open(place, meter))?;
        Ok(if opened == 0 { Performed::NothingThere } else { Performed::Done })
    }

    fn enter(&mut self, trail: &[RowIx], meter: &Meter) -> Result<Performed> {
        let Some(place) = self.tree.reveal(trail, meter)? else { return Ok(Performed::NothingThere) };
        if !self.tree.row(place).is_some_and(|row| row.open) {
            return Ok(Performed::NothingThere);
        }
        let offset = self.offset();
        self.show_at(place + 1, offset + 1);
        Ok(Performed::Done)
    }

    fn open_level(&mut self, trail: &[RowIx], meter: &Meter) -> Result<Performed> {
        let Some(place) = self.tree.reveal(trail, meter)? else { return Ok(Performed::NothingThere) };
        // Half a level is no good: it is made aside and taken when it is there.
        let mut tree = self.tree.clone();
        let (opened, all) = tree.open_level(place, MOST_OPENED, meter)?;
        self.tree = tree;
        self.touched = true;
        Ok(Performed::Level { opened, all })
    }

    fn fill(&mut self, level: &Level, sort: Option<Sort>, keep_open: bool, meter: &Meter) -> Result<()> {
        let sort = sort.unwrap_or(self.tree.sort());
        if self.applied.text() != self.filter {
            match Typed::parse(&self.filter) {
                Ok(filter) => (self.applied, self.problem) = (Arc::new(filter), None),
                // Half a pattern is no reason to empty the table, or to show all of it.
                Err(problem) => self.problem = Some(problem),
            }
        } else {
            self.problem = None;
        }
        let found = level.filtered(&self.applied, meter)?;
        self.fuzzy = found.fuzzy;
        self.tree = match keep_open {
            true => self.tree.refilled(found.level, sort, meter)?,
            false => self.tree.replaced(found.level, sort, meter)?,
        };
        self.total = level.table.total(self.tree.roots());
        self.all = level.clone();
        Ok(())
    }

    /// What marks the letters that the filter has found; nothing without one.
    pub(crate) fn marker(&self) -> Option<&NameFilter> {
        self.applied.marker(self.fuzzy)
    }

    /// Takes what has been made of a copy of this pane meanwhile; the cursor stays where it is now, unless the change
    /// was about it.
    pub(crate) fn take_over(&mut self, mut made: TreePane, work: &Work) {
        if !work.moves() {
            let (here, offset) = (self.trail(), self.offset());
            made.moved = self.moved;
            made.stay_on(&here, offset);
        }
        made.filter = std::mem::take(&mut self.filter);
        made.height = self.height;
        *self = made;
    }

    /// What it shows now, to come back to.
    pub(crate) fn before(&mut self, form: Form) -> Before {
        let (trail, offset) = (self.trail(), self.offset());
        Before { tree: self.tree.clone(), trail, offset, moved: self.moved, filter: self.filter.clone(), form }
    }

    /// Which rows are in the window.
    pub(crate) fn extent(&self) -> Extent {
        Extent { above: self.top, seen: self.rows.len(), all: self.len() }
    }

    /// Moves the window so that it shows the cursor, and takes the rows of the window.
    pub(crate) fn arrange(&mut self, height: usize) {
        self.height = height.max(1);
        self.cursor = self.cursor.min(self.len().saturating_sub(1));
        let last_top = self.len().saturating_sub(self.height);
        self.top = self.top.min(last_top).min(self.cursor).max((self.cursor + 1).saturating_sub(self.height));
        self.rows = self.tree.rows(self.top, self.height);
        self.above = self.tree.way_to(self.cursor);
        self.above.pop();
    }
}
