//! Parts of panes that know nothing of heaps: the cells themselves, lines being typed, tables, which rows are seen, folding to ASCII.

pub(crate) mod ascii;
pub(crate) mod canvas;
pub(crate) mod extent;
pub(crate) mod line;
pub(crate) mod table;
