//! Columns → derived arrays, one file each, and what they stand on: names, table halves, roots (`Ground`).
//! Each is computed once and published whole.

pub(crate) mod classes;
pub(crate) mod contexts;
pub(crate) mod cut;
pub(crate) mod detached;
pub(crate) mod distances;
pub(crate) mod dominators;
pub(crate) mod ephemerons;
pub(crate) mod globals;
pub(crate) mod ground;
pub(crate) mod interfaces;
pub(crate) mod known;
pub(crate) mod naming;
pub(crate) mod ownership;
pub(crate) mod queriable;
pub(crate) mod reach;
pub(crate) mod retainers;
pub(crate) mod roots;
pub(crate) mod scripts;

#[cfg(test)]
mod definitions_tests;
#[cfg(test)]
mod tests;

pub(crate) use classes::{ClassIx, Classes};
pub(crate) use contexts::NativeContexts;
pub(crate) use cut::Cut;
pub(crate) use detached::DomState;
pub(crate) use distances::{NO_DISTANCE, SYSTEM_DISTANCE, UNREACHABLE_DISTANCE};
pub(crate) use dominators::{Dominators, Holding, Lost, Preorder, TreePlaces};
pub(crate) use ephemerons::Ephemerons;
pub(crate) use ground::Ground;
pub(crate) use interfaces::Interface;
pub(crate) use known::Known;
pub(crate) use queriable::Queriable;
pub(crate) use retainers::{Retainers, Sources};
pub(crate) use roots::{RootKind, RootMode, Roots};
pub(crate) use scripts::Scripts;
