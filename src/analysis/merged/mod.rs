//! Who holds all of these: the reasons of a set of objects, grouped by link and kind of holder, and the reasons of those
//! holders, up to the roots.
//!
//! A reason is a reference of the holding graph ([`crate::index::Holding`]) whose holder lives without what it holds.
//! What only the engine works with is passed over (`fold.rs`); links that differ only in number or key are one
//! (`link.rs`). How many objects a row speaks of is counted along chains of reasons (`chains.rs`); how many it holds alone
//! is what cutting it would free (`cut.rs`, `without.rs`).

mod chains;
mod cut;
mod fill;
mod fold;
mod gather;
mod level;
mod link;
mod places;
#[cfg(test)]
mod tests;
mod without;

pub(crate) use level::{HolderLevel, HolderRow, Options};
pub(crate) use link::{HolderKind, Key, Link, Reference};
pub(crate) use without::{Freed, Without};
