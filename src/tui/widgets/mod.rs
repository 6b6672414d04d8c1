//! Parts of panes that know nothing of heaps: lines being typed, tables, which rows are seen, folding to ASCII.

pub(crate) mod ascii;
pub(crate) mod extent;
pub(crate) mod line;
pub(crate) mod table;
