//! Columns → derived arrays, one file each, and what they stand on: names, table halves, roots (`Ground`).
//! Each is computed once and published whole.

pub mod classes;
pub mod contexts;
pub mod detached;
pub mod distances;
pub mod dominators;
pub mod ephemerons;
pub mod ground;
pub mod interfaces;
pub mod known;
pub mod naming;
pub mod ownership;
pub mod queriable;
pub mod reach;
pub mod retained;
pub mod retainers;
pub mod roots;
pub mod scripts;

#[cfg(test)]
mod definitions_tests;
#[cfg(test)]
mod tests;

pub use classes::{Class, ClassIx, Classes};
pub use contexts::NativeContexts;
pub use detached::DomState;
pub use distances::{NO_DISTANCE, SYSTEM_DISTANCE, UNREACHABLE_DISTANCE};
pub use dominators::Dominators;
pub use ephemerons::Ephemerons;
pub use ground::Ground;
pub use interfaces::Interface;
pub use known::Known;
pub use retainers::Retainers;
pub use roots::{RootKind, RootMode, Roots};
pub use scripts::Scripts;
