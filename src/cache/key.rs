//! A file → what tells it from every other, and from itself after a change.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{Mode, OFlags};
use sha2::{Digest, Sha256};

use crate::base::encode::encode_fields;

/// What a snapshot is known by: where it lies, how long it is, when it was changed, and some of its bytes. Nobody can
/// set the time of the last change of status, so a file whose other times were set back is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    device: u64,
    inode: u64,
    size: u64,
    modified: Time,
    changed: Time,
    /// Of parts of the file, from its beginning to its end.
    sample: Box<[u8]>,
    /// Which of the heaps of the file it is.
    pub(super) variant: String,
}

encode_fields!(Key { device, inode, size, modified, changed, sample, variant });

/// Seconds since 1970, as two's complement, and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Time {
    seconds: u64,
    nanoseconds: u64,
}

encode_fields!(Time { seconds, nanoseconds });

/// What is read of each end of the file, and of each of [`PLACES`] places between.
const END: u64 = 64 << 10;
const PIECE: u64 = 4 << 10;
const PLACES: u64 = 14;
/// File systems count time in steps of at most this, except those that know whole seconds only. A file that changes
/// twice in one step looks the same: it is not to be read before the step of its last change is over.
const STEP: Duration = Duration::from_millis(20);
const LONG_STEP: Duration = Duration::from_secs(2);

impl Key {
    /// The key of the file at `path`; nothing for what is no file, and for one that has changed just now. Waits some
    /// milliseconds where that makes the difference.
    pub(super) fn of(path: &Path, variant: &str) -> io::Result<Option<Key>> {
        if !fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        // Not to wait, should it be a pipe by now.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        for _ in 0..2 {
            let metadata = file.metadata()?;
            let age = SystemTime::now().duration_since(changed(&metadata)).unwrap_or_default();
            let step = if metadata.ctime_nsec() == 0 { LONG_STEP } else { STEP };
            if age > step {
                return Key::read(&file, &metadata, variant).map(Some);
            }
            if step == LONG_STEP {
                break;
            }
            std::thread::sleep(step.saturating_sub(age) + Duration::from_millis(1));
        }
        Ok(None)
    }

    fn read(file: &File, metadata: &fs::Metadata, variant: &str) -> io::Result<Key> {
        let time = |seconds: i64, nanoseconds: i64| Time {
            seconds: seconds.cast_unsigned(),
            nanoseconds: nanoseconds.cast_unsigned(),
        };
        Ok(Key {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            sample: sample(file, metadata.size())?,
            variant: variant.to_owned(),
        })
    }

    /// The name of the directory for it. A file that has changed has the same one, so that the old heap makes room for
    /// the new.
    pub(super) fn name(&self) -> String {
        let mut hash = Sha256::new();
        for number in [self.device, self.inode] {
            hash.update(number.to_le_bytes());
        }
        hash.update(&self.variant);
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }
}

/// A name for the content of the file at `path`, as far as [`Key`] looks at it: a copy has the same one, whatever is done
/// with the file. Nothing for what is no file.
///
/// # Errors
/// Those of the system.
pub(crate) fn content_name(path: &Path) -> io::Result<Option<String>> {
    if !fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let size = file.metadata()?.len();
    let mut hash = Sha256::new();
    hash.update(size.to_le_bytes());
    hash.update(sample(&file, size)?);
    Ok(Some(hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Whether a directory of the cache can have this name.
pub(super) fn is_name(name: &OsStr) -> bool {
    name.len() == 16 && name.as_bytes().iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn changed(metadata: &fs::Metadata) -> SystemTime {
    let seconds = Duration::from_secs(metadata.ctime().unsigned_abs());
    let nanoseconds = Duration::from_nanos(metadata.ctime_nsec().unsigned_abs());
    if metadata.ctime() < 0 { SystemTime::UNIX_EPOCH } else { SystemTime::UNIX_EPOCH + seconds + nanoseconds }
}

/// A hash of both ends and of pieces between them; of all of a small file.
fn sample(file: &File, size: u64) -> io::Result<Box<[u8]>> {
    let mut hash = Sha256::new();
    let mut add = |start: u64, length: u64| -> io::Result<()> {
        let mut bytes = vec![0; length as usize];
        file.read_exact_at(&mut bytes, start)?;
        hash.update(&bytes);
        Ok(())
    };
    if size <= 2 * END + PLACES * PIECE {
        add(0, size)?;
    } else {
        add(0, END)?;
        for place in 1..=PLACES {
            add(END + (size - 2 * END - PIECE) / (PLACES + 1) * place, PIECE)?;
        }
        add(size - END, END)?;
    }
    Ok(hash.finalize()[..].into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &Path) -> Key {
        Key::of(path, "all").expect("it can be read").expect("it is a file")
    }

    #[test]
    fn a_file_that_changes_in_any_way_has_another_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, vec![b'a'; 1 << 20]).expect("a file");
        let before = key(&path);
        assert_eq!(key(&path), before);
        let times = fs::metadata(&path).expect("it is there").modified().expect("a time");
        // The same size and the same time of the last change of content, one byte of the middle.
        let file = File::options().write(true).open(&path).expect("it can be changed");
        file.write_at(b"b", 1 << 19).expect("it can be changed");
        file.set_modified(times).expect("its own time");
        let after = key(&path);
        assert_eq!((after.size, after.modified, &after.sample), (before.size, before.modified, &before.sample));
        assert_ne!(after, before);
        assert_eq!(after.name(), before.name());
        // Whatever the times say, both ends speak.
        file.write_at(b"b", (1 << 20) - 1).expect("it can be changed");
        assert_ne!(key(&path).sample, before.sample);
    }

    #[test]
    fn another_file_in_its_place_has_another_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, other) = (folder.path().join("file"), folder.path().join("other"));
        fs::write(&path, "same").expect("a file");
        fs::write(&other, "same").expect("a file");
        let before = key(&path);
        fs::rename(&other, &path).expect("it is replaced");
        assert_ne!(key(&path), before);
        assert_ne!(key(&path).name(), before.name());
        assert_ne!(Key::of(&path, "one").expect("it can be read").expect("a file").name(), key(&path).name());
    }

    #[test]
    fn what_is_no_file_has_no_key() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Key::of(folder.path(), "all").expect("it can be asked"), None);
        assert_eq!(Key::of(Path::new("/dev/null"), "all").expect("it can be asked"), None);
        assert!(Key::of(&folder.path().join("none"), "all").is_err());
    }
}
