//! What is known, asked once and typed: about one object, why it lives, what a scope is called, what a query has
//! found, kinds of memory, a file. The explorer shows it, commands print it. The words stand at the end of each answer, and nowhere else.

pub(crate) mod check;
pub(crate) mod cut;
pub(crate) mod find;
pub(crate) mod info;
pub(crate) mod inside;
pub(crate) mod object;
pub(crate) mod report;
pub(crate) mod scope;
pub(crate) mod set;
pub(crate) mod statistics;
pub(crate) mod why;
