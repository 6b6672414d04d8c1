//! The cache directory of a user, and how much it takes: at most 10 GB, and a tenth of what would be free without it. What was opened last stays.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::key::{self, Key};
use super::listed::{Listed, Validity};
use super::pack::{self, Unfit};
use crate::base::new_file;

/// What the cache takes at most unless somebody sets another limit.
const MOST: u64 = 10_000_000_000;
/// The part of the free disk that it may take.
const SHARE: u64 = 10;

/// The cache directory of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cache {
    pub(super) root: PathBuf,
    /// Bytes that it takes at most.
    pub(super) most: u64,
}

impl Cache {
    /// `$XDG_CACHE_HOME/heapwalk` or `~/.cache/heapwalk`; nothing where neither is known.
    pub(crate) fn of_user() -> Option<Cache> {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || absolute("HOME").map(|home| home.join(".cache"));
        Some(Cache::at(&absolute("XDG_CACHE_HOME").or_else(home)?.join("heapwalk")))
    }

    pub(crate) fn at(root: &Path) -> Cache {
        Cache { root: root.to_owned(), most: MOST }
    }

    /// The same with another limit.
    pub(crate) fn at_most(self, bytes: u64) -> Cache {
        Cache { most: bytes, ..self }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What is kept, last used first.
    ///
    /// # Errors
    /// Where the directory cannot be read; one that is not there is empty.
    pub(crate) fn list(&self) -> io::Result<Vec<Listed>> {
        let mut list: Vec<Listed> = directories(&self.root)?.iter().map(|directory| look(directory)).collect();
        list.sort_by(|a, b| (b.last_used, &b.directory).cmp(&(a.last_used, &a.directory)));
        Ok(list)
    }

    /// Removes all that is kept, and what is left of processes that were ended; how many snapshots and bytes.
    ///
    /// # Errors
    /// The first thing that could not be removed.
    pub(crate) fn clear(&self) -> io::Result<(usize, u64)> {
        let (mut count, mut bytes) = (0, 0);
        for directory in directories(&self.root)? {
            bytes += size(&directory);
            remove(&directory)?;
            count += 1;
        }
        Ok((count, bytes))
    }
}

/// The directories of snapshots.
fn directories(root: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(root) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if key::is_name(&entry.file_name()) && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn files(directory: &Path) -> impl Iterator<Item = fs::DirEntry> {
    fs::read_dir(directory).into_iter().flatten().flatten()
}

/// The names of the packs in a directory; files that begin with a dot are on their way to a name.
pub(super) fn pack_names(directory: &Path) -> impl Iterator<Item = OsString> {
    files(directory).map(|file| file.file_name()).filter(|name| !name.as_bytes().starts_with(b"."))
}

fn size(directory: &Path) -> u64 {
    files(directory).filter_map(|file| Some(file.metadata().ok()?.len())).sum()
}

/// When a snapshot was opened last: the latest time of its packs.
fn last_used(directory: &Path) -> SystemTime {
    let times = files(directory).filter_map(|file| file.metadata().ok()?.modified().ok());
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn look(directory: &Path) -> Listed {
    let mut kept = Listed {
        directory: directory.to_owned(),
        snapshot: None,
        snapshot_bytes: None,
        bytes: size(directory),
        last_used: last_used(directory),
        validity: Validity::Damaged,
    };
    for file in files(directory) {
        match pack::read_table(&file.path()) {
            Ok((_, table)) => {
                let snapshot = PathBuf::from(OsStr::from_bytes(&table.snapshot));
                kept.validity = match Key::of(&snapshot, &table.key.variant) {
                    Ok(Some(key)) if key == table.key => Validity::Current,
                    Err(problem) if problem.kind() == io::ErrorKind::NotFound => Validity::Gone,
                    _ => Validity::Changed,
                };
                kept.snapshot_bytes = Some(table.key.size());
                kept.snapshot = Some(snapshot);
                if kept.validity == Validity::Current {
                    break;
                }
            }
            Err(Unfit::OtherVersion) if kept.snapshot.is_none() => kept.validity = Validity::OtherVersion,
            Err(_) => {}
        }
    }
    kept
}

/// Removes a directory of a snapshot. Who has mapped its packs keeps them.
fn remove(directory: &Path) -> io::Result<()> {
    new_file::sweep(directory);
    let is_there = |result: io::Result<()>| match result {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    for name in pack_names(directory) {
        is_there(fs::remove_file(directory.join(name)))?;
    }
    match fs::remove_dir(directory) {
        Err(problem) if problem.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        other => is_there(other),
    }
}

/// Removes what was not used for the longest time until `bytes` more fit. What is in `own` counts, and stays.
pub(super) fn make_room(cache: &Cache, own: &Path, bytes: u64) -> io::Result<()> {
    let root = cache.root();
    // The system would end the process that writes a longer file.
    if rustix::process::getrlimit(rustix::process::Resource::Fsize).current.is_some_and(|most| most < bytes) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let space = rustix::fs::statvfs(root)?;
    make_room_below(limit(cache, space.f_bavail.saturating_mul(space.f_frsize))?, root, own, bytes)
}

/// What the cache may take where so many bytes are free.
fn limit(cache: &Cache, free: u64) -> io::Result<u64> {
    let taken: u64 = directories(cache.root())?.iter().map(|directory| size(directory)).sum();
    Ok(cache.most.min((free + taken) / SHARE))
}

pub(super) fn make_room_below(limit: u64, root: &Path, own: &Path, bytes: u64) -> io::Result<()> {
    let mut others = Vec::new();
    let mut taken = bytes;
    for directory in directories(root)? {
        new_file::sweep(&directory);
        let size = size(&directory);
        taken += size;
        if directory != own {
            others.push((last_used(&directory), size, directory));
        }
    }
    others.sort();
    let mut others = others.into_iter();
    while taken > limit {
        let Some((_, size, directory)) = others.next() else { return Err(io::ErrorKind::StorageFull.into()) };
        remove(&directory)?;
        taken -= size;
    }
    Ok(())
}
