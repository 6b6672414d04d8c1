//! The name of a file that somebody gives → what is written there: whole or not at all, and over nothing that is there
//! unless that is wanted. What is no file, a pipe or a terminal, takes it as it comes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What stands where a file is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum There {
    Nothing,
    /// A file, or a link that leads nowhere.
    File,
    /// A pipe, a terminal, `/dev/null`: nothing is lost by writing to it, and nothing can take its place.
    Stream,
}

/// What stands there.
///
/// # Errors
/// Where no file can be: a directory, no right to look.
pub(crate) fn there(path: &Path) -> io::Result<There> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if there.is_file() => Ok(There::File),
        Ok(_) => Ok(There::Stream),
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => Err(problem),
        Err(_) if path.symlink_metadata().is_ok() => Ok(There::File),
        Err(_) => Ok(There::Nothing),
    }
}

/// The file that a name stands for: what is written over is what a link leads to, not the link.
pub(crate) fn meant(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The directory of a file.
pub(crate) fn directory(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a text.
///
/// # Errors
/// `AlreadyExists` where a file is there and is not to be written over.
pub(crate) fn write(path: &Path, text: &[u8], over: bool) -> io::Result<()> {
    match there(path)? {
        There::File if !over => Err(io::ErrorKind::AlreadyExists.into()),
        There::Stream => fs::File::options().write(true).open(path)?.write_all(text),
        There::File => put(&meant(path), text, true),
        There::Nothing => put(path, text, false),
    }
}

#[cfg(unix)]
fn put(path: &Path, text: &[u8], over: bool) -> io::Result<()> {
    let mut new = super::new_file::NewFile::create_shared(directory(path))?;
    new.file().write_all(text)?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    if over { new.publish(name) } else { new.publish_beside(name) }
}

#[cfg(not(unix))]
fn put(path: &Path, text: &[u8], over: bool) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".new-{}", std::process::id()));
    let part = PathBuf::from(part);
    let put = fs::File::create_new(&part).and_then(|mut file| file.write_all(text)).and_then(|()| {
        let is_taken = !over && path.symlink_metadata().is_ok();
        if is_taken { Err(io::ErrorKind::AlreadyExists.into()) } else { fs::rename(&part, path) }
    });
    put.inspect_err(|_| drop(fs::remove_file(&part)))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, broken] = ["file", "link", "broken"].map(|name| folder.path().join(name));
        write(&file, b"first", false).unwrap();
        symlink("file", &link).unwrap();
        symlink("nowhere", &broken).unwrap();
        for path in [&file, &link, &broken] {
            assert_eq!(write(path, b"second", false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read(&file).unwrap(), b"first");
        write(&link, b"second", true).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink(), "what the link leads to is written over");
        assert_eq!(fs::read(&file).unwrap(), b"second");
        assert!(write(folder.path(), b"", true).is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 3, "nothing is left beside them");
    }

    #[test]
    fn what_is_no_file_takes_the_text_as_it_comes() {
        write(Path::new("/dev/null"), b"text", false).unwrap();
        write(Path::new("/dev/null"), b"text", true).unwrap();
        assert_eq!(there(Path::new("/dev/null")).unwrap(), There::Stream);
    }
}
