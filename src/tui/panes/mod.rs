//! What stands in the middle of the screen.

pub mod loading;
pub mod statistics;
pub mod timeline;
pub mod tree;
