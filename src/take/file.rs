//! Bytes of a snapshot → a file that only its user can read, and that has its name once it is whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::given_file::{self, There, directory};
#[cfg(unix)]
use crate::base::new_file::NewFile;
use crate::error::{Error, Result};

/// How the file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Zstd,
    Gzip,
    None,
}

impl Compression {
    /// What the ending of a name says; a name without one says nothing.
    pub(crate) fn of_name(path: &Path) -> Option<Compression> {
        match path.extension()?.to_str()? {
            "zst" | "zstd" => Some(Compression::Zstd),
            "gz" => Some(Compression::Gzip),
            "heapsnapshot" | "heaptimeline" | "json" => Some(Compression::None),
            _ => None,
        }
    }
}

/// A snapshot that is being written.
pub(crate) struct SnapshotFile {
    path: PathBuf,
    /// Whether it takes the place of a file that is there.
    over: bool,
    packed: Packed,
}

enum Packed {
    Zstd(zstd::stream::write::Encoder<'static, Raw>),
    Gzip(flate2::write::GzEncoder<Raw>),
    None(io::BufWriter<Raw>),
}

enum Raw {
    #[cfg(unix)]
    New(NewFile),
    #[cfg(not(unix))]
    New(File),
    StandardOutput(io::Stdout),
    /// What is no file: a pipe, `/dev/null`.
    Stream(File),
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            Raw::New(new) => new.file().write(bytes),
            #[cfg(not(unix))]
            Raw::New(file) => file.write(bytes),
            Raw::StandardOutput(out) => out.write(bytes),
            Raw::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Raw::New(_) => Ok(()),
            Raw::StandardOutput(out) => out.flush(),
            Raw::Stream(stream) => stream.flush(),
        }
    }
}

impl SnapshotFile {
    /// Refuses a name at which no file may be written.
    pub(crate) fn must_be_free(path: &Path, over: bool) -> Result<There> {
        match given_file::there(path) {
            Ok(There::File) if !over => Err(Error::There(path.display().to_string())),
            there => there.map_err(|problem| fault(path, &problem)),
        }
    }

    /// A file that is to be called `path`; `-` is standard output. What is called so already stays, unless it is to be
    /// written over.
    pub(crate) fn create(path: &Path, compression: Compression, over: bool) -> Result<SnapshotFile> {
        let fault = |problem: &io::Error| fault(path, problem);
        let mut path = path.to_owned();
        let raw = if path == Path::new("-") {
            Raw::StandardOutput(io::stdout())
        } else {
            match SnapshotFile::must_be_free(&path, over)? {
                There::Stream => {
                    Raw::Stream(File::options().write(true).open(&path).map_err(|problem| fault(&problem))?)
                }
                There::File => {
                    path = given_file::meant(&path);
                    Raw::New(new_file(&path).map_err(|problem| fault(&problem))?)
                }
                There::Nothing if path.file_name().is_none() => {
                    return Err(Error::Usage(format!("{}: this is no name for a file", path.display())));
                }
                There::Nothing => Raw::New(new_file(&path).map_err(|problem| fault(&problem))?),
            }
        };
        let packed = match compression {
            // Level 3, zstd's own choice: a tenth of the size; level 1 is hardly faster than an engine writes.
            Compression::Zstd => {
                Packed::Zstd(zstd::stream::write::Encoder::new(raw, 3).map_err(|problem| fault(&problem))?)
            }
            Compression::Gzip => Packed::Gzip(flate2::write::GzEncoder::new(raw, flate2::Compression::fast())),
            Compression::None => Packed::None(io::BufWriter::with_capacity(1 << 18, raw)),
        };
        Ok(SnapshotFile { path, over, packed })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.packed {
            Packed::Zstd(packed) => packed.write_all(bytes),
            Packed::Gzip(packed) => packed.write_all(bytes),
            Packed::None(packed) => packed.write_all(bytes),
        };
        written.map_err(|problem| self.fault(&problem))
    }

    fn fault(&self, problem: &io::Error) -> Error {
        fault(&self.path, problem)
    }

    /// Gives the file its name; how large it is.
    pub(crate) fn publish(self) -> Result<u64> {
        let fault = |problem: &io::Error| fault(&self.path, problem);
        let raw = match self.packed {
            Packed::Zstd(packed) => packed.finish(),
            Packed::Gzip(packed) => packed.finish(),
            Packed::None(packed) => packed.into_inner().map_err(io::IntoInnerError::into_error),
        };
        let raw = raw.map_err(|problem| fault(&problem))?;
        match raw {
            Raw::New(new) => name_file(new, &self.path, self.over).map_err(|problem| fault(&problem)),
            Raw::StandardOutput(mut out) => out.flush().map(|()| 0).map_err(|problem| fault(&problem)),
            Raw::Stream(_) => Ok(0),
        }
    }
}

fn fault(path: &Path, problem: &io::Error) -> Error {
    if path == Path::new("-") { Error::io("standard output", problem) } else { Error::of_file(path, problem) }
}

#[cfg(unix)]
fn new_file(path: &Path) -> io::Result<NewFile> {
    NewFile::create(directory(path))
}

#[cfg(unix)]
fn name_file(mut new: NewFile, path: &Path, over: bool) -> io::Result<u64> {
    // A name that outlives the machine is the name of a whole file.
    new.file().sync_data()?;
    let size = new.file().metadata()?.len();
    let name = path.file_name().unwrap_or_default();
    if over {
        new.publish(name)?
    } else {
        new.publish_beside(name)?
    }
    Ok(size)
}

/// Where files without names and modes are not known, the file has another name until it is whole.
#[cfg(not(unix))]
fn unfinished(path: &Path) -> PathBuf {
    directory(path).join(format!(".new-{}-{}", std::process::id(), path.file_name().unwrap_or_default().display()))
}

#[cfg(not(unix))]
fn new_file(path: &Path) -> io::Result<File> {
    File::create_new(unfinished(path))
}

#[cfg(not(unix))]
fn name_file(file: File, path: &Path, over: bool) -> io::Result<u64> {
    file.sync_data()?;
    let size = file.metadata()?.len();
    drop(file);
    if !over && path.symlink_metadata().is_ok() {
        std::fs::remove_file(unfinished(path))?;
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(unfinished(path), path)?;
    Ok(size)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;

    const TEXT: &[u8] = br#"{"snapshot":{}}"#;

    #[test]
    fn a_file_is_private_and_has_its_name_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        for (name, compression) in [("a", Compression::Zstd), ("b", Compression::Gzip), ("c", Compression::None)] {
            let path = folder.path().join(name);
            let mut file = SnapshotFile::create(&path, compression, false).unwrap();
            file.write(TEXT).unwrap();
            assert!(!path.exists());
            let size = file.publish().unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!((metadata.permissions().mode() & 0o777, metadata.len()), (0o600, size));
            let mut text = Vec::new();
            let read: &mut dyn Read = match compression {
                Compression::Zstd => &mut zstd::Decoder::new(File::open(&path).unwrap()).unwrap(),
                Compression::Gzip => &mut flate2::read::GzDecoder::new(File::open(&path).unwrap()),
                Compression::None => &mut File::open(&path).unwrap(),
            };
            read.read_to_end(&mut text).unwrap();
            assert_eq!(text, TEXT);
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 3);
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = SnapshotFile::create(&folder.path().join("a"), Compression::Zstd, false).unwrap();
        file.write(TEXT).unwrap();
        drop(file);
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn no_file_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let file = SnapshotFile::create(&path, Compression::None, false).unwrap();
        std::fs::write(&path, "mine").unwrap();
        assert!(file.publish().unwrap_err().to_string().contains("already"));
        assert!(SnapshotFile::create(&path, Compression::None, false).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        // Unless that is wanted; and not before the new one is whole.
        let mut file = SnapshotFile::create(&path, Compression::None, true).unwrap();
        file.write(TEXT).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        file.publish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), TEXT);
        // What is no file has nothing to lose.
        SnapshotFile::create(Path::new("/dev/null"), Compression::Gzip, false).unwrap().publish().unwrap();
        // The same where a file must have a name from the beginning.
        let mut named = NewFile::named(folder.path()).unwrap();
        named.file().write_all(TEXT).unwrap();
        assert_eq!(named.publish_beside("a".as_ref()).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        NewFile::named(folder.path()).unwrap().publish_beside("b".as_ref()).unwrap();
        let mut names: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn a_name_tells_how_a_file_is_compressed() {
        let told = |name: &str| Compression::of_name(Path::new(name));
        assert_eq!(told("a.heapsnapshot.gz"), Some(Compression::Gzip));
        assert_eq!(told("a.heapsnapshot"), Some(Compression::None));
        assert_eq!((told("a.zst"), told("a"), told("a.x")), (Some(Compression::Zstd), None, None));
    }
}
