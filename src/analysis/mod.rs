//! Questions about a heap: sums, groups, paths. No text for people.

pub(crate) mod aggregates;
pub(crate) mod allocation;
pub(crate) mod closures;
pub(crate) mod compare;
pub(crate) mod duplicates;
pub(crate) mod forest;
pub(crate) mod hash_table;
pub(crate) mod holders;
pub(crate) mod ignored;
pub(crate) mod inside;
pub(crate) mod lasting;
pub(crate) mod own;
pub(crate) mod paths;
pub(crate) mod reachable;
pub(crate) mod scope_owner;
pub(crate) mod scopes;
pub(crate) mod search;
pub(crate) mod sizes;
pub(crate) mod statistics;
pub(crate) mod ways;
