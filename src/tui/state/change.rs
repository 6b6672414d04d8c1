//! A change of a pane, and what has come of it. The pane makes it: see `pane.rs`.

use std::sync::Arc;

use super::before::Before;
use super::rows::Rows;
use crate::view::row::RowIx;
use crate::view::spec::Sort;
use crate::view::table::Inner;

/// A change of a pane. Rows are named by the way to them, so that it can be made of a copy, later.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Shows the rows below a row.
    Open(Vec<RowIx>),
    /// Puts the cursor on the first of the rows that are shown below a row.
    Enter(Vec<RowIx>),
    /// Shows the rows below all rows of the level of a row.
    OpenLevel(Vec<RowIx>),
    Sort(Sort),
    /// Shows something else below objects; the cursor stays on what it is on, where that is still there.
    Turn(Inner),
    /// Begins at the first row, as if nobody had touched anything.
    Begin,
    /// Opens what hides a row and puts the cursor on it, in that line of the window.
    Reveal {
        trail: Vec<RowIx>,
        offset: usize,
    },
    /// Takes those of the outermost rows that the filter lets through.
    Fill {
        rows: Rows,
        /// Another order; else that of the pane.
        sort: Option<Sort>,
        /// Whether the rows below them are still the same.
        keep_open: bool,
    },
    /// Takes the rows again that a filter or a scope has left out, open as they were, and goes where the cursor was.
    Return {
        before: Arc<Before>,
        rows: Rows,
    },
    /// One after the other.
    Both(Box<Work>, Box<Work>),
}

impl Work {
    /// This change and another one behind it, without what need not be made any more.
    pub(crate) fn then(self, next: Work) -> Work {
        match self {
            Work::Both(first, second) => Work::Both(first, Box::new(second.then(next))),
            own if next.replaces(&own) => next.in_order_of(&own),
            own => Work::Both(Box::new(own), Box::new(next)),
        }
    }

    /// The change with the order of the one that it takes the place of, where it has none.
    fn in_order_of(self, earlier: &Work) -> Work {
        match self {
            Work::Fill { rows, sort, keep_open } => Work::Fill { rows, sort: sort.or(earlier.sort()), keep_open },
            own => own,
        }
    }

    /// Whether any part of it is so.
    fn any(&self, test: &dyn Fn(&Work) -> bool) -> bool {
        match self {
            Work::Both(first, second) => first.any(test) || second.any(test),
            own => test(own),
        }
    }

    /// Whether an earlier change need not be made any more when this one is.
    fn replaces(&self, earlier: &Work) -> bool {
        match (self, earlier) {
            (Work::Sort(_), Work::Sort(_))
            | (Work::Turn(_), Work::Turn(_))
            | (Work::Reveal { .. }, Work::Reveal { .. }) => true,
            (Work::Fill { keep_open: true, .. }, Work::Fill { keep_open: true, .. }) => true,
            // An order that has come meanwhile is not lost.
            (Work::Return { .. }, Work::Fill { sort: None, .. }) => true,
            (Work::Fill { keep_open: false, .. }, Work::Fill { .. } | Work::Open(_) | Work::OpenLevel(_)) => true,
            (Work::Open(new), Work::Open(old)) => new == old,
            _ => false,
        }
    }

    /// The order that the rows have once it is made, if it changes that.
    pub(crate) fn sort(&self) -> Option<Sort> {
        match self {
            Work::Sort(sort) => Some(*sort),
            Work::Fill { sort, .. } => *sort,
            Work::Both(first, second) => second.sort().or_else(|| first.sort()),
            _ => None,
        }
    }

    /// Whether it is there to keep the rows in step with what is said about them: filter, scope.
    pub(crate) fn is_fill(&self) -> bool {
        self.any(&|work| matches!(work, Work::Fill { .. } | Work::Return { .. }))
    }

    /// Whether it shows something else below objects.
    pub(crate) fn turns(&self) -> bool {
        self.any(&|work| matches!(work, Work::Turn(_)))
    }

    /// Whether it opens a whole level, which can take long.
    pub(crate) fn opens_level(&self) -> bool {
        self.any(&|work| matches!(work, Work::OpenLevel(_)))
    }

    /// Whether it only brings better numbers to rows that stay.
    pub(crate) fn refreshes(&self) -> bool {
        matches!(self, Work::Fill { sort: None, keep_open: true, .. })
    }

    /// Whether it shows the rows below a row.
    pub(crate) fn opens(&self, trail: &[RowIx]) -> bool {
        self.any(&|work| matches!(work, Work::Open(own) if own == trail))
    }

    /// Whether the cursor goes somewhere else.
    pub(super) fn moves(&self) -> bool {
        let moves = |work: &Work| {
            matches!(work, Work::Reveal { .. } | Work::Enter(_) | Work::Begin | Work::Turn(_) | Work::Return { .. })
        };
        self.any(&moves)
    }

    /// Whether another row may be under the cursor once it is made: keys that speak of that row wait for it.
    pub(crate) fn decides_row(&self) -> bool {
        self.moves() || self.is_fill()
    }
}

/// What has come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Performed {
    Done,
    /// There are no rows below, or the row is not there.
    NothingThere,
    /// So many rows of a level have been opened; whether those are all.
    Level {
        opened: usize,
        all: bool,
    },
}
