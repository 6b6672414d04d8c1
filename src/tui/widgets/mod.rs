//! Parts of panes that know nothing of heaps: text cut to a width, tables, folding to ASCII.

pub mod ascii;
pub mod cut;
pub mod line;
pub mod table;
