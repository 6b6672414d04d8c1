//! Files of what is remembered: where, how they are read and written, how they are forgotten.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::merge::merge;
use super::{Remembered, VERSION};
use crate::cache::{self, private};

/// Longer files are none of ours.
const MOST: u64 = 16 << 20;

/// The directory of all that is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Memory {
    directory: PathBuf,
}

/// Where one snapshot is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    directory: PathBuf,
    name: String,
    snapshot: String,
    /// What was read or written last, and the number of the last change.
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    last: Remembered,
    change: u64,
}

impl Memory {
    /// `$XDG_STATE_HOME/heapwalk` or `~/.local/state/heapwalk`; nothing where neither is known.
    pub(crate) fn of_user() -> Option<Memory> {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || absolute("HOME").map(|home| home.join(".local/state"));
        Some(Memory::at(&absolute("XDG_STATE_HOME").or_else(home)?.join("heapwalk")))
    }

    pub(crate) fn at(directory: &Path) -> Memory {
        Memory { directory: directory.to_owned() }
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where the snapshot at `path` is remembered, and what is; nothing for what is no file.
    pub(crate) fn recall(&self, path: &Path) -> Option<(Place, Remembered)> {
        let place = self.place(path)?;
        let last = place.read()?;
        place.known().last = last.clone();
        Some((place, last))
    }

    fn place(&self, path: &Path) -> Option<Place> {
        let name = format!("{}.json", cache::content_name(path).ok()??);
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let snapshot = path.display().to_string();
        Some(Place { directory: self.directory.clone(), name, snapshot, known: Arc::default() })
    }

    /// Forgets the snapshot at `path`; whether anything was remembered.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn forget(&self, path: &Path) -> io::Result<bool> {
        let Some(name) = cache::content_name(path)? else { return Ok(false) };
        removed(&self.directory.join(format!("{name}.json")))
    }

    /// Forgets all snapshots; how many there were.
    ///
    /// # Errors
    /// Those of the system.
    pub(crate) fn forget_all(&self) -> io::Result<usize> {
        let entries = match fs::read_dir(&self.directory) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut count = 0;
        for entry in entries {
            let path = entry?.path();
            let is_ours = path.extension().is_some_and(|end| end == "json")
                && path.file_stem().is_some_and(|name| name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit));
            if is_ours && removed(&path)? {
                count += 1;
            }
        }
        Ok(count)
    }
}

fn removed(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(false),
        done => done.map(|()| true),
    }
}

impl Place {
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    /// What stands in the file; nothing of one that is no such file, and no answer for one of a later layout.
    fn read(&self) -> Option<Remembered> {
        let path = self.path();
        let is_file = path.symlink_metadata().is_ok_and(|file| file.is_file() && file.len() <= MOST);
        let text = if is_file { fs::read(&path).unwrap_or_default() } else { Vec::new() };
        let found: Remembered = serde_json::from_slice(&text).unwrap_or_default();
        (found.version <= VERSION).then_some(found)
    }

    /// Where the snapshot stood when it was opened.
    pub(crate) fn snapshot(&self) -> &str {
        &self.snapshot
    }

    /// Writes what is to be remembered from now on. `change` grows with each: one that comes too late is left out.
    ///
    /// # Errors
    /// Those of the system: then what was there stays.
    pub(crate) fn write(&self, ours: &Remembered, change: u64) -> io::Result<()> {
        let mut known = self.known();
        if change <= known.change || *ours == known.last {
            known.change = known.change.max(change);
            return Ok(());
        }
        let lock = private::lock(&self.directory)?;
        let theirs = self.read().ok_or(io::ErrorKind::Unsupported)?;
        let both = merge(&known.last, ours, &theirs);
        if both.is_empty() {
            removed(&self.path())?;
        } else {
            let text = serde_json::to_vec_pretty(&both)?;
            private::write(&self.directory, &self.name, &text)?;
        }
        drop(lock);
        // What the other one has added is not ours: it is not gone when we do not have it.
        (known.last, known.change) = (ours.clone(), change);
        Ok(())
    }
}
