//! A file that has no name until it is whole.
//!
//! Nothing here is synchronised with the disk; who needs that does it before the file gets its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rustix::fs::{FlockOperation, Mode, OFlags, flock};

/// What files are called that are to get another name.
const PREFIX: &str = ".new-";
/// Read and written by their user alone.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// A new file in a directory.
pub(crate) struct NewFile {
    file: File,
    directory: PathBuf,
    /// Its name as long as it has one. Where the system has files without names, there is nothing to clean up whatever
    /// happens to the process.
    name: Option<PathBuf>,
}

impl NewFile {
    /// A file that only its user can read.
    pub(crate) fn create(directory: &Path) -> io::Result<NewFile> {
        NewFile::with_mode(directory, PRIVATE)
    }

    /// A file that others can read where the user lets them read new files.
    pub(crate) fn create_shared(directory: &Path) -> io::Result<NewFile> {
        NewFile::with_mode(directory, Mode::from_raw_mode(0o666))
    }

    fn with_mode(directory: &Path, mode: Mode) -> io::Result<NewFile> {
        match NewFile::unnamed(directory, mode) {
            Some(file) => Ok(file),
            None => NewFile::named_with_mode(directory, mode),
        }
    }

    #[cfg(target_os = "linux")]
    fn unnamed(directory: &Path, mode: Mode) -> Option<NewFile> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        // Over this name it gets its own one.
        let has_names = Path::new("/proc/self/fd").is_dir();
        let file = rustix::fs::open(directory, flags, mode).ok().filter(|_| has_names)?;
        Some(NewFile { file: file.into(), directory: directory.to_owned(), name: None })
    }

    #[cfg(not(target_os = "linux"))]
    fn unnamed(_directory: &Path, _mode: Mode) -> Option<NewFile> {
        None
    }

    #[cfg(test)]
    pub(crate) fn named(directory: &Path) -> io::Result<NewFile> {
        NewFile::named_with_mode(directory, PRIVATE)
    }

    fn named_with_mode(directory: &Path, mode: Mode) -> io::Result<NewFile> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let (name, file) = with_new_name(directory, |name| Ok(rustix::fs::open(name, flags, mode)?))?;
        let new = NewFile { file: file.into(), directory: directory.to_owned(), name: Some(name) };
        new.hold()?;
        Ok(new)
    }

    /// Tells [`sweep`] that somebody is at work on it.
    fn hold(&self) -> io::Result<()> {
        Ok(flock(&self.file, FlockOperation::NonBlockingLockExclusive)?)
    }

    pub(crate) fn file(&mut self) -> &File {
        &self.file
    }

    /// Puts the file, which is whole, in the place of what is called `name`.
    pub(crate) fn publish(mut self, name: impl AsRef<Path>) -> io::Result<()> {
        let given = match self.name.clone() {
            Some(given) => given,
            // A name of its own first: only renaming puts a file in the place of another.
            None => self.give_name()?,
        };
        fs::rename(given, self.directory.join(name))?;
        self.name = None;
        Ok(())
    }

    /// Gives the file, which is whole, the name `name`, unless something is called so already.
    pub(crate) fn publish_beside(self, name: &std::ffi::OsStr) -> io::Result<()> {
        let target = self.directory.join(name);
        let Some(given) = &self.name else { return self.link_to(&target) };
        match fs::hard_link(given, &target) {
            // File systems without links, of removable media for example. Between the look and the renaming somebody
            // else may take the name; nothing better is to be had there.
            Err(problem) if problem.kind() != io::ErrorKind::AlreadyExists => {
                if target.symlink_metadata().is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(given, &target)
            }
            linked => linked,
        }
    }

    #[cfg(target_os = "linux")]
    fn link_to(&self, name: &Path) -> io::Result<()> {
        use rustix::fs::{AtFlags, CWD, linkat};
        use std::os::fd::AsRawFd;

        let itself = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        Ok(linkat(CWD, &itself, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn link_to(&self, _name: &Path) -> io::Result<()> {
        unreachable!("files without names are Linux's")
    }

    #[cfg(target_os = "linux")]
    fn give_name(&mut self) -> io::Result<PathBuf> {
        self.hold()?;
        let (name, ()) = with_new_name(&self.directory, |name| self.link_to(name))?;
        self.name = Some(name.clone());
        Ok(name)
    }

    #[cfg(not(target_os = "linux"))]
    fn give_name(&mut self) -> io::Result<PathBuf> {
        unreachable!("files without names are Linux's")
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = fs::remove_file(name);
        }
    }
}

/// Does something with a name in the directory that nothing has yet.
fn with_new_name<T>(directory: &Path, mut make: impl FnMut(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    loop {
        // Processes of other name spaces may have the same number.
        let name = format!("{PREFIX}{}-{}", std::process::id(), NUMBER.fetch_add(1, Relaxed));
        let name = directory.join(name);
        match make(&name) {
            Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => {}
            made => return Ok((name, made?)),
        }
    }
}

/// Removes what processes have left in the directory that were ended while they wrote.
pub(crate) fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && !is_held(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a process is at work on the file: locks end with their process.
fn is_held(path: &Path) -> bool {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = rustix::fs::open(path, flags, Mode::empty());
    file.is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_err())
}
