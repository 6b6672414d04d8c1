//! What stands in the middle of the screen.

pub(crate) mod loading;
pub(crate) mod picture;
pub(crate) mod statistics;
pub(crate) mod timeline;
pub(crate) mod tree;
