//! Where the bytes come from: a file or standard input, plain, gzip or zstd by content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::watch::Watch;
use crate::error::{Error, Result};

/// A stream of decompressed bytes with the name to use in errors.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) read: Box<dyn Read + Send>,
    pub(crate) compressed: bool,
}

/// Opens `path` (`-`: standard input) and finds out how it is compressed.
pub(crate) fn open_source(path: &Path, watch: &Arc<Watch>) -> Result<Source> {
    if path == Path::new("-") {
        return Source::from_reader("standard input", Box::new(io::stdin()), watch);
    }
    let name = path.display().to_string();
    let file = File::open(path).map_err(|problem| Error::io(&name, &problem))?;
    let metadata = file.metadata().map_err(|problem| Error::io(&name, &problem))?;
    if metadata.is_dir() {
        return Err(Error::Io { path: name, problem: "is a directory, not a heap snapshot".into() });
    }
    if metadata.is_file() {
        watch.meter.set_total(metadata.len());
    }
    Source::from_reader(&name, Box::new(file), watch)
}

impl Source {
    /// Looks at the first bytes of `raw` and puts the right decompressor over it. Progress counts raw bytes.
    pub(crate) fn from_reader(name: &str, raw: Box<dyn Read + Send>, watch: &Arc<Watch>) -> Result<Source> {
        let mut raw = Counted { raw, watch: watch.clone() };
        let mut start = [0u8; 4];
        let mut len = 0;
        while len < start.len() {
            match raw.read(&mut start[len..]) {
                Ok(0) => break,
                Ok(more) => len += more,
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
                Err(problem) => return Err(Error::io(name, &problem)),
            }
        }
        let whole = io::Cursor::new(start).take(len as u64).chain(raw);
        let (read, compressed): (Box<dyn Read + Send>, bool) = match start[..len] {
            [0x1f, 0x8b, ..] => (Box::new(flate2::read::MultiGzDecoder::new(whole)), true),
            // A frame, or a skippable frame before one.
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
                let decoder = zstd::stream::read::Decoder::new(whole).map_err(|problem| Error::io(name, &problem))?;
                (Box::new(decoder), true)
            }
            _ => (Box::new(whole), false),
        };
        Ok(Source { name: name.to_owned(), read, compressed })
    }
}

/// Tells the watch how many bytes have gone through.
struct Counted {
    raw: Box<dyn Read + Send>,
    watch: Arc<Watch>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.raw.read(buffer)?;
        self.watch.meter.add_done(len as u64);
        Ok(len)
    }
}
