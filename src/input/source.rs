//! Where the bytes come from: a file or standard input, plain, gzip or zstd by content.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use super::watch::Watch;
use crate::error::{Error, FormatError, Result};

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
        let problem = FormatError::new("", None, "this is a directory, not a heap snapshot");
        return Err(Error::from(problem.advise("name a file in it")).in_file(&name));
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
            [0x1f, 0x8b, ..] => (Box::new(Members::new(Box::new(io::BufReader::new(whole)))), true),
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

type Packed = Box<dyn BufRead + Send>;

/// The members of a gzip file one after the other. What stands behind the last one is passed over as `gzip` does: tapes
/// and block devices pad files, and some tools append their own.
struct Members(Option<flate2::bufread::GzDecoder<Packed>>);

impl Members {
    fn new(packed: Packed) -> Self {
        Members(Some(flate2::bufread::GzDecoder::new(packed)))
    }
}

impl Read for Members {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let mut rest = self.0.take().expect("it has just been read").into_inner();
            // A first byte alone says enough: text and padding begin otherwise.
            if matches!(rest.fill_buf()?, [0x1f] | [0x1f, 0x8b, ..]) {
                self.0 = Some(flate2::bufread::GzDecoder::new(rest));
            }
        }
        Ok(0)
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
