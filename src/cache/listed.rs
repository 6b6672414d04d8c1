//! What stands in the cache, as people ask for it.

use std::path::PathBuf;
use std::time::SystemTime;

/// What is kept of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The directory with its packs.
    pub(crate) directory: PathBuf,
    /// The snapshot, unless no pack says it.
    pub(crate) snapshot: Option<PathBuf>,
    /// The length of the snapshot, compressed if it is.
    pub(crate) snapshot_bytes: Option<u64>,
    /// What the packs take.
    pub(crate) bytes: u64,
    pub(crate) last_used: SystemTime,
    pub(crate) validity: Validity,
}

/// Whether what is kept will be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    Current,
    /// The snapshot is another one by now.
    Changed,
    /// There is no such file any more.
    Gone,
    /// Another version of the program has written it.
    OtherVersion,
    Damaged,
}
