//! What stands on the screen: the line of the title, the middle, the last line.

pub(crate) mod context;
pub(crate) mod loading;
pub(crate) mod picture;
pub(crate) mod retainers;
pub(crate) mod statistics;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod title;
pub(crate) mod tree;
