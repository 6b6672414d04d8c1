//! Small building blocks without knowledge of snapshots: numbers, bit sets, text order, progress.

pub(crate) mod array;
pub(crate) mod bits;
pub(crate) mod cancel;
pub(crate) mod encode;
pub(crate) mod fault;
pub(crate) mod given_file;
pub(crate) mod hints;
pub(crate) mod ids;
pub(crate) mod memory;
pub(crate) mod meter;
#[cfg(unix)]
pub(crate) mod new_file;
pub(crate) mod sort;
pub(crate) mod text;
pub(crate) mod timings;
pub(crate) mod uints;
