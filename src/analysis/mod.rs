//! Questions about a heap: sums, groups, paths. No text for people.

pub mod aggregates;
pub mod allocation;
pub mod closures;
pub mod compare;
pub mod duplicates;
pub mod forest;
pub mod ignored;
pub mod paths;
pub mod reachable;
pub mod scopes;
pub mod search;
pub mod sizes;
pub mod statistics;
