//! heapwalk reads V8 heap snapshots and answers what Chrome DevTools' Memory panel answers, in a terminal.
//!
//! ```text
//! file bytes ─ input ─▶ columns ─ index ─▶ heap ─ analysis ─▶ view (rows) ─▶ tui │ cli
//! ```

#![deny(unsafe_code)]

pub mod analysis;
pub mod base;
pub mod cli;
pub mod columns;
pub mod error;
pub mod heap;
pub mod index;
pub mod input;
#[cfg(test)]
pub mod notation;
#[cfg(test)]
pub(crate) mod testing;
pub mod tui;
pub mod view;
