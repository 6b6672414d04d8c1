//! All tables, one file each: words, columns, rows, what stands below a row.

pub(crate) mod all;
pub(crate) mod allocation;
pub(crate) mod classes;
pub(crate) mod comparison;
pub(crate) mod contexts;
pub(crate) mod dominators;
pub(crate) mod entries;
pub(crate) mod found;
pub(crate) mod groups;
pub(crate) mod holders;
pub(crate) mod inside;
pub(crate) mod objects;
pub(crate) mod of_objects;
mod of_sums;
pub(crate) mod over_snapshots;
pub(crate) mod references;
pub(crate) mod retainers;
pub(crate) mod series;
mod series_held;
pub(crate) mod strings;
pub(crate) mod suspects;
