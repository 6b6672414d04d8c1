//! The index cache: parts of heaps in files of the user's cache directory, for the next time a snapshot is opened.
//!
//! ```text
//! ~/.cache/heapwalk/<snapshot>/<pack>      pack: parts, table, tail (`pack.rs`)
//! ```
//!
//! A pack is written aside and gets its name when it is whole; from then on it is only read, renamed over or unlinked,
//! never changed (`base/new_file.rs`). Nothing waits for the disk, which would take as long as reading the snapshot:
//! should the machine itself fail, the sums of the blocks tell what is missing. Who reads a pack checks every block
//! before the first use (`pack.rs`) and maps it (`map.rs`).
//! What a snapshot is, and so whether a pack is of this one, says its key (`key.rs`). The directory is kept small
//! (`room.rs`). Nothing here knows what the parts are, and nothing here is ever needed: whatever fails, the snapshot is
//! read again.

#[cfg(unix)]
mod directory;
#[cfg(not(unix))]
#[path = "elsewhere.rs"]
mod directory;
#[cfg(not(unix))]
pub(crate) use directory::{content_name, private};
#[cfg(unix)]
mod key;
mod listed;
#[cfg(unix)]
mod map;
#[cfg(unix)]
mod pack;
#[cfg(unix)]
pub(crate) mod private;
#[cfg(unix)]
mod room;

#[cfg(unix)]
pub(crate) use directory::Entry;
#[cfg(not(unix))]
pub(crate) use directory::{Cache, Entry, Pack};
#[cfg(unix)]
pub(crate) use key::content_name;
pub(crate) use listed::{Listed, Validity};
#[cfg(unix)]
pub(crate) use map::before_the_end;
#[cfg(unix)]
pub(crate) use pack::Pack;
#[cfg(unix)]
pub(crate) use room::Cache;
