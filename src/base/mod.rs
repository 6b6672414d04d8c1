//! Small building blocks without knowledge of snapshots: numbers, bit sets, text order, progress.

pub mod array;
pub mod bits;
pub mod cancel;
pub mod encode;
pub mod fault;
pub mod ids;
pub mod meter;
pub mod prefetch;
pub mod sort;
pub mod text;
pub mod timings;
pub mod uints;
