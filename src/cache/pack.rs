//! A file of parts: their bytes, then a table, then a tail of fixed length that says where the table is.
//!
//! ```text
//! part, at a multiple of 64 bytes … part │ table: key, snapshot, parts, a sum for each block of 1 MiB │ tail
//! ```

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use bytes::Bytes;
use rayon::prelude::*;
use rustix::fs::{Mode, OFlags};

use super::key::Key;
use super::map;
use crate::base::encode::{Encode, encode_fields};
use crate::base::meter::Meter;
use crate::error::Result;

/// So many bytes have a sum of their own. Enough to be checked side by side, and little enough to be checked soon.
const BLOCK: usize = 1 << 20;
/// Every part begins at a multiple of this, so that no number stands across two lines of the processor's cache.
const ALIGNMENT: u64 = 64;
/// The last bytes of a pack.
const TAIL: usize = 56;
const MAGIC: &[u8; 16] = b"heapwalk index\r\n";
/// The layout of packs.
const FORMAT: u32 = 1;
/// Read on a machine with another order of bytes, this is another number.
const ORDER: u32 = 0x0102_0304;
/// What parts mean: a hash of the source of everything that makes them (`src/build.rs`).
const PROGRAM: &str = env!("HEAPWALK_INDEX_VERSION");

fn program() -> u64 {
    u64::from_str_radix(PROGRAM, 16).expect("16 digits")
}

/// What a pack says of itself.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) key: Key,
    /// The path of the snapshot.
    pub(super) snapshot: Box<[u8]>,
    parts: Vec<PartPlace>,
    sums: Vec<u32>,
}

encode_fields!(Table { key, snapshot, parts, sums });

#[derive(Debug)]
struct PartPlace {
    name: String,
    /// Bytes that an item takes.
    width: usize,
    start: u64,
    length: u64,
}

encode_fields!(PartPlace { name, width, start, length });

/// Why a file is no pack for us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is not there, or not ours.
    Absent,
    /// Another version of the program, or another kind of machine, has written it.
    OtherVersion,
    /// It is of another snapshot: the file has changed.
    OtherKey,
    Damaged,
}

impl From<io::Error> for Unfit {
    fn from(_: io::Error) -> Self {
        Unfit::Absent
    }
}

/// The table of the pack at `path`, with the file.
pub(super) fn read_table(path: &Path) -> Result<(File, Table), Unfit> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(io::Error::from)?);
    let metadata = file.metadata()?;
    // Nobody else can have put it there.
    if !metadata.is_file() || metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Unfit::Absent);
    }
    let length = metadata.len();
    let start = length.checked_sub(TAIL as u64).ok_or(Unfit::Damaged)?;
    let mut bytes = [0; TAIL];
    file.read_exact_at(&mut bytes, start)?;
    let tail = Tail::decode(&bytes)?;
    if tail.table_start.checked_add(tail.table_length) != Some(start) {
        return Err(Unfit::Damaged);
    }
    let mut bytes = vec![0; tail.table_length as usize];
    file.read_exact_at(&mut bytes, tail.table_start)?;
    let mut rest = &bytes[..];
    let table = Table::decode(&mut rest).filter(|_| crc32fast::hash(&bytes) == tail.table_sum).ok_or(Unfit::Damaged)?;
    let is_inside = |part: &PartPlace| part.start.checked_add(part.length).is_some_and(|end| end <= tail.table_start);
    let blocks = tail.table_start.div_ceil(BLOCK as u64);
    if table.sums.len() as u64 != blocks || !table.parts.iter().all(is_inside) {
        return Err(Unfit::Damaged);
    }
    Ok((file, table))
}

struct Tail {
    table_start: u64,
    table_length: u64,
    table_sum: u32,
}

impl Tail {
    fn encode(&self) -> [u8; TAIL] {
        let mut bytes = Vec::with_capacity(TAIL);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_ne_bytes());
        bytes.extend_from_slice(&ORDER.to_ne_bytes());
        for number in [program(), self.table_start, self.table_length] {
            bytes.extend_from_slice(&number.to_ne_bytes());
        }
        bytes.extend_from_slice(&self.table_sum.to_ne_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_ne_bytes());
        bytes.try_into().expect("16 + 2 × 4 + 3 × 8 + 2 × 4")
    }

    fn decode(bytes: &[u8; TAIL]) -> Result<Tail, Unfit> {
        let u32_at = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
        let u64_at = |at: usize| u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
        if bytes[..16] != *MAGIC {
            return Err(Unfit::Damaged);
        }
        if [u32_at(16), u32_at(20)] != [FORMAT, ORDER] || u64_at(24) != program() {
            return Err(Unfit::OtherVersion);
        }
        if u32_at(52) != crc32fast::hash(&bytes[..52]) {
            return Err(Unfit::Damaged);
        }
        Ok(Tail { table_start: u64_at(32), table_length: u64_at(40), table_sum: u32_at(48) })
    }
}

/// A pack in mapped memory.
#[derive(Debug)]
pub(crate) struct Pack {
    table: Table,
    bytes: Bytes,
}

impl Pack {
    pub(super) fn open(path: &Path, key: &Key) -> Result<Pack, Unfit> {
        let (file, table) = read_table(path)?;
        if table.key != *key {
            return Err(Unfit::OtherKey);
        }
        let bytes = map::map(&file)?;
        // It may have been cut since.
        let is_whole = bytes.len().div_ceil(BLOCK) >= table.sums.len();
        if is_whole { Ok(Pack { table, bytes }) } else { Err(Unfit::Damaged) }
    }

    /// The bytes that are to be checked.
    pub(crate) fn len(&self) -> u64 {
        self.data().len() as u64
    }

    fn data(&self) -> &[u8] {
        let end = self.table.parts.iter().map(|part| part.start + part.length).max().unwrap_or(0);
        &self.bytes[..end as usize]
    }

    /// Whether every block is as it was written. On all cores; counts the bytes.
    ///
    /// # Errors
    /// `Error::Cancelled` once somebody has asked the work to stop.
    pub(crate) fn check(&self, meter: &Meter) -> Result<bool> {
        let check = |(block, &sum): (&[u8], &u32)| {
            meter.check()?;
            meter.add_done(block.len() as u64);
            Ok(crc32fast::hash(block) == sum)
        };
        let blocks = self.data().par_chunks(BLOCK).zip(&self.table.sums).map(check);
        blocks.try_reduce(|| true, |all, block| Ok(all && block))
    }

    /// The part called `name`: the bytes that an item takes, and all bytes.
    pub(crate) fn part(&self, name: &str) -> Option<(usize, Bytes)> {
        let part = self.table.parts.iter().find(|part| part.name == name)?;
        let start = part.start as usize;
        Some((part.width, self.bytes.slice(start..start + part.length as usize)))
    }
}

/// Writes a pack, part by part.
pub(crate) struct PackWriter<'a> {
    out: BufWriter<&'a File>,
    /// Counts what is written of parts.
    meter: &'a Meter,
    written: u64,
    /// Of the block that has begun.
    sum: crc32fast::Hasher,
    sums: Vec<u32>,
    parts: Vec<PartPlace>,
}

impl<'a> PackWriter<'a> {
    pub(super) fn new(file: &'a File, meter: &'a Meter) -> PackWriter<'a> {
        let out = BufWriter::with_capacity(1 << 16, file);
        PackWriter { out, meter, written: 0, sum: crc32fast::Hasher::new(), sums: Vec::new(), parts: Vec::new() }
    }

    /// Adds a part whose items take so many bytes.
    pub(crate) fn add(&mut self, name: &str, width: usize, bytes: &[u8]) -> io::Result<()> {
        let padding = self.written.next_multiple_of(ALIGNMENT) - self.written;
        self.write(&[0; ALIGNMENT as usize][..padding as usize])?;
        let (start, length) = (self.written, bytes.len() as u64);
        self.parts.push(PartPlace { name: name.to_owned(), width, start, length });
        for block in bytes.chunks(BLOCK) {
            self.write(block)?;
            self.meter.add_done(block.len() as u64);
        }
        Ok(())
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let room = BLOCK - self.written as usize % BLOCK;
            let (now, rest) = bytes.split_at(room.min(bytes.len()));
            self.sum.update(now);
            self.out.write_all(now)?;
            self.written += now.len() as u64;
            if self.written.is_multiple_of(BLOCK as u64) {
                self.end_block();
            }
            bytes = rest;
        }
        Ok(())
    }

    fn end_block(&mut self) {
        self.sums.push(std::mem::take(&mut self.sum).finalize());
    }

    pub(super) fn finish(mut self, key: &Key, snapshot: &Path) -> io::Result<()> {
        if !self.written.is_multiple_of(BLOCK as u64) {
            self.end_block();
        }
        let snapshot = snapshot.as_os_str().as_bytes().into();
        let mut bytes = Vec::new();
        Table { key: key.clone(), snapshot, parts: self.parts, sums: self.sums }.encode(&mut bytes);
        self.out.write_all(&bytes)?;
        let tail =
            Tail { table_start: self.written, table_length: bytes.len() as u64, table_sum: crc32fast::hash(&bytes) };
        self.out.write_all(&tail.encode())?;
        self.out.flush()
    }
}
