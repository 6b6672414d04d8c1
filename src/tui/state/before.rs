//! What a pane showed before a filter or a scope left rows out: Esc goes back there.

use crate::tui::view::Form;
use crate::view::row::RowIx;
use crate::view::tree::Tree;

#[derive(Debug, Clone)]
pub(crate) struct Before {
    /// With the rows that were open.
    pub(crate) tree: Tree,
    /// From the outermost row to that of the cursor.
    pub(crate) trail: Vec<RowIx>,
    /// The line of the window the cursor was in.
    pub(crate) offset: usize,
    /// See `TreePane::moved`.
    pub(crate) moved: bool,
    /// The filter that there was.
    pub(crate) filter: String,
    /// The form that the rows had.
    pub(crate) form: Form,
}
