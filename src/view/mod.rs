//! Rows and trees, the same for screen and command line. What formats for people is here and above.

pub(crate) mod caret;
pub(crate) mod cell;
pub(crate) mod chain;
pub(crate) mod column;
pub(crate) mod cut;
pub(crate) mod date;
pub(crate) mod filter;
pub(crate) mod functions;
pub(crate) mod globals;
pub(crate) mod glossary;
pub(crate) mod grid;
pub(crate) mod label;
pub(crate) mod list;
pub(crate) mod order;
pub(crate) mod pages;
pub(crate) mod picture;
pub(crate) mod place;
pub(crate) mod row;
pub(crate) mod scope;
pub(crate) mod spec;
pub(crate) mod suspects;
pub(crate) mod table;
pub(crate) mod tables;
pub(crate) mod text;
pub(crate) mod tree;
