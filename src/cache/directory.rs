//! In the cache directory of a user, a directory for each snapshot.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::key::Key;
use super::pack::{self, Pack, PackWriter};
use super::room::{self, Cache};
use crate::base::meter::Meter;
use crate::base::new_file::NewFile;

impl Cache {
    /// Where the snapshot at `path` is kept, or would be. `variant` says which of its heaps is meant: how it is read
    /// makes others of the same file. Nothing for what is no file, and for a file that somebody is writing now.
    pub(crate) fn entry(&self, path: &Path, variant: &str) -> Option<Entry> {
        let key = Key::of(path, variant).ok()??;
        let directory = self.root.join(key.name());
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Some(Entry { cache: self.clone(), directory, key, path })
    }
}

/// What is kept of one snapshot: a directory with its packs.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    cache: Cache,
    directory: PathBuf,
    key: Key,
    /// The snapshot.
    path: PathBuf,
}

impl Entry {
    /// The pack called `name`, if it is there, of this snapshot and of this version of the program. Its blocks are not
    /// looked at yet: [`Pack::check`].
    pub(crate) fn open(&self, name: &str) -> Option<Pack> {
        Pack::open(&self.directory.join(name), &self.key).ok()
    }

    /// Whether [`Entry::open`] would find it.
    pub(crate) fn has(&self, name: impl AsRef<Path>) -> bool {
        pack::read_table(&self.directory.join(name)).is_ok_and(|(_, table)| table.key == self.key)
    }

    /// Remembers that the snapshot was opened now.
    pub(crate) fn touch(&self, name: &str) {
        // The time alone changes; where that cannot be, the snapshot merely seems older.
        let _ = fs::File::open(self.directory.join(name)).and_then(|file| file.set_modified(SystemTime::now()));
    }

    /// Forgets a pack that is damaged.
    pub(crate) fn discard(&self, name: impl AsRef<Path>) {
        let _ = fs::remove_file(self.directory.join(name));
    }

    /// Whether the snapshot is still the file that it was when this was made.
    pub(crate) fn is_current(&self) -> bool {
        matches!(Key::of(&self.path, &self.key.variant), Ok(Some(key)) if key == self.key)
    }

    /// Makes room for so many bytes, and the directory for them. What is there of another state of the snapshot, or of
    /// another version of the program, goes first.
    ///
    /// # Errors
    /// Those of the system, and `StorageFull` where the limit of the cache is less.
    pub(crate) fn make_room(&self, bytes: u64) -> io::Result<()> {
        make_directory(&self.cache.root)?;
        for name in room::pack_names(&self.directory) {
            if !self.has(&name) {
                self.discard(&name);
            }
        }
        room::make_room(&self.cache, &self.directory, bytes)?;
        make_directory(&self.directory)
    }

    /// Writes the pack called `name` with the parts that `add` gives it; the meter counts their bytes.
    pub(crate) fn write(
        &self,
        name: &str,
        meter: &Meter,
        add: impl FnOnce(&mut PackWriter<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut file = NewFile::create(&self.directory)?;
        let mut writer = PackWriter::new(file.file(), meter);
        add(&mut writer)?;
        writer.finish(&self.key, &self.path)?;
        file.publish(name)
    }
}

/// A directory that belongs to this user, made if it is not there.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    // What a program writes into somebody else's directory as root, the owner could not use.
    let owner = fs::metadata(path)?.uid();
    if owner == rustix::process::geteuid().as_raw() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
