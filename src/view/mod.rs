//! Rows and trees, the same for screen and command line. What formats for people is here and above.

pub mod cell;
pub mod column;
pub mod filter;
pub mod glossary;
pub mod label;
pub mod list;
pub mod order;
pub mod place;
pub mod sentence;
pub mod source;
pub mod text;
pub mod tree;
