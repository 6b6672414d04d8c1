//! What has begun with a count or the prefix `z` of the set of keys of vim.

/// What has begun with the keys before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) count: Option<u32>,
    /// Whether `z` was pressed.
    pub(crate) prefix: bool,
    /// Whether the key before was `g` with a count: the second one of `42gg` changes nothing.
    pub(crate) went: bool,
}
