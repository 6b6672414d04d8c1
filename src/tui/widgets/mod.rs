//! Parts of panes that know nothing of heaps: lines being typed, tables, folding to ASCII.

pub(crate) mod ascii;
pub(crate) mod line;
pub(crate) mod table;
