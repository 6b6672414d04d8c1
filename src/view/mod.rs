//! Rows and trees, the same for screen and command line. What formats for people is here and above.

pub mod filter;
pub mod label;
pub mod list;
pub mod order;
pub mod text;
pub mod tree;
