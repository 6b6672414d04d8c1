//! All tables, one file each: words, columns, rows, what stands below a row.

pub(crate) mod allocation;
pub(crate) mod classes;
pub(crate) mod comparison;
pub(crate) mod contexts;
pub(crate) mod dominators;
pub(crate) mod entries;
pub(crate) mod inside;
pub(crate) mod objects;
pub(crate) mod of_objects;
pub(crate) mod references;
pub(crate) mod retainers;
pub(crate) mod strings;
