//! Small files of a user's own in a directory of this user's own: whole or not there, for nobody else to read.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, Mode, OFlags, flock};

use super::directory::make_directory;
use crate::base::new_file::NewFile;

/// Writes a file in place of the one with its name.
///
/// # Errors
/// Those of the system; then what was there stays.
pub(crate) fn write(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    make_directory(directory)?;
    let mut new = NewFile::create(directory)?;
    let mut file = new.file();
    file.write_all(bytes)?;
    // What somebody has written is nowhere else: it is to survive the end of the machine too.
    file.sync_data()?;
    new.publish(name)
}

/// Waits until nobody else writes in the directory; whoever has it goes on until it is dropped, or the process ends.
///
/// # Errors
/// Those of the system.
pub(crate) fn lock(directory: &Path) -> io::Result<File> {
    make_directory(directory)?;
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = rustix::fs::open(directory.join(".lock"), flags, Mode::RUSR | Mode::WUSR)?;
    flock(&file, FlockOperation::LockExclusive)?;
    Ok(file.into())
}
