//! The panes: which has the keys, what stands in one.

use super::pane::TreePane;
use crate::analysis::statistics::Statistics;
use crate::tui::view::View;

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Focus {
    Main,
    Retainers,
}

/// A pane with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaneId {
    Main(View),
    Retainers,
}

/// What stands in the middle of the screen.
#[derive(Debug)]
pub(crate) enum Pane {
    Tree(Box<TreePane>),
    Statistics(Statistics),
}
