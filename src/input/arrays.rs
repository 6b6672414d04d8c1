//! An integer section: cut into blocks of whole records, parsed by all threads, put together in order.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::numbers::Numbers;
use super::section::Section;
use crate::base::fault;
use crate::error::{Error, FormatError, Result};

/// How to read one integer section.
pub(crate) trait Records: Sync {
    /// What a block of records becomes.
    type Block: Send;
    /// Where the records of a block may go at once; `()` where they are only ever put together from blocks.
    type Place: Send;
    /// Numbers a record; at least 1.
    fn fields(&self) -> usize;
    /// Reads all records of a block: into `place`, which has room for exactly so many, if it is there and they fit it.
    fn parse(&self, numbers: Numbers<'_>, place: Option<Self::Place>) -> Result<Self::Block, FormatError>;
}

/// Whole records on their way to be parsed.
struct ParseJob<P> {
    order: u64,
    buffer: Vec<u8>,
    range: std::ops::Range<usize>,
    offset: u64,
    place: Option<P>,
}

impl Section<'_> {
    /// Reads the section as an array of `records`, handing the parsed blocks to `append` in order.
    pub(crate) fn numbers<R: Records>(
        self,
        records: &R,
        append: impl FnMut(R::Block) -> Result<()> + Send,
    ) -> Result<()> {
        self.numbers_into(records, |_| None, append)
    }

    /// The same, with a place for the records of each block where `room` has one for so many; it is asked in order.
    pub(crate) fn numbers_into<R: Records>(
        mut self,
        records: &R,
        room: impl FnMut(usize) -> Option<R::Place> + Send,
        mut append: impl FnMut(R::Block) -> Result<()> + Send,
    ) -> Result<()> {
        self.reader.expect(b'[', self.name)?;
        match read_short(&mut self, records)? {
            Some(block) => append(block),
            None => read_long(self, records, room, append),
        }
    }
}

/// Reads a section that ends in the first block, as all but `nodes` and `edges` often do: threads would take longer to
/// start than to parse it. Nothing, and nothing used, where it does not.
fn read_short<R: Records>(section: &mut Section<'_>, records: &R) -> Result<Option<R::Block>> {
    let Section { name, reader, meter, .. } = section;
    meter.check()?;
    reader.fill_block(name)?;
    let Some(end) = memchr::memchr(b']', reader.window()) else { return Ok(None) };
    let text = &reader.window()[..end];
    if ends_in_comma(text) {
        return Err(reader.wrong(name, LONE_COMMA));
    }
    let block = records.parse(Numbers::new(text, reader.offset(), name), None)?;
    reader.consume(end + 1);
    Ok(Some(block))
}

const LONE_COMMA: &str = "a comma without a number behind it";

fn ends_in_comma(text: &[u8]) -> bool {
    text.trim_ascii_end().last() == Some(&b',')
}

/// Reads the section with all threads, this one among them. They take turns to read and cut a block, and each parses what
/// it has read while the next one reads: the bytes are still in its caches, and nobody waits for a block that somebody
/// else has not handed over.
fn read_long<R: Records>(
    section: Section<'_>,
    records: &R,
    room: impl FnMut(usize) -> Option<R::Place> + Send,
    append: impl FnMut(R::Block) -> Result<()> + Send,
) -> Result<()> {
    let (name, threads) = (section.name, section.options.threads);
    let cutter = Cutter { section, fields: records.fields(), room, order: 0, searched: 0, has_ended: false };
    let work = Work {
        records,
        name,
        cutter: Mutex::new(cutter),
        done: Mutex::new(InOrder { append, waiting: BTreeMap::new(), next: 0, failed: None }),
    };
    std::thread::scope(|scope| {
        for number in 1..threads {
            let thread = std::thread::Builder::new().name(format!("parse-{number}"));
            if let Err(problem) = thread.spawn_scoped(scope, || work.take_turns()) {
                lock(&work.cutter).has_ended = true;
                return Err(Error::thread(&problem));
            }
        }
        work.take_turns();
        Ok(())
    })?;
    match work.done.into_inner().unwrap_or_else(PoisonError::into_inner).failed {
        None => Ok(()),
        Some(Failure::Error(error)) => Err(error),
        Some(Failure::Panic(panic)) => resume_unwind(panic),
    }
}

/// What the threads that read a section share.
struct Work<'a, R, Room, Append, Block> {
    records: &'a R,
    name: &'a str,
    cutter: Mutex<Cutter<'a, Room>>,
    done: Mutex<InOrder<Append, Block>>,
}

/// A thread that has panicked has ended the reading; what it leaves is not looked at.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<R: Records, Room, Append> Work<'_, R, Room, Append, R::Block>
where
    Room: FnMut(usize) -> Option<R::Place>,
    Append: FnMut(R::Block) -> Result<()>,
{
    /// Reads, parses and hands on blocks until there are no more.
    fn take_turns(&self) {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut buffer = Vec::new();
            while let Some(job) = self.cut(buffer) {
                fault::provoke("parse");
                let ParseJob { order, buffer: bytes, range, offset, place } = job;
                let block = self.records.parse(Numbers::new(&bytes[range], offset, self.name), place);
                self.hand_on(order, block.map_err(Error::from));
                buffer = bytes;
            }
        }));
        if let Err(panic) = outcome {
            lock(&self.cutter).has_ended = true;
            // It keeps its message, and counts more than an error.
            lock(&self.done).failed = Some(Failure::Panic(panic));
        }
    }

    /// The next block, in `buffer`; nothing at the end of the section, or of the reading.
    fn cut(&self, buffer: Vec<u8>) -> Option<ParseJob<R::Place>> {
        let mut cutter = lock(&self.cutter);
        match cutter.cut(buffer) {
            Ok(job) => job,
            Err(error) => {
                cutter.has_ended = true;
                let order = cutter.order;
                drop(cutter);
                self.hand_on(order, Err(error));
                None
            }
        }
    }

    fn hand_on(&self, order: u64, block: Result<R::Block>) {
        let mut done = lock(&self.done);
        done.take(order, block);
        if done.failed.is_some() {
            drop(done);
            lock(&self.cutter).has_ended = true;
        }
    }
}

enum Failure {
    Error(Error),
    Panic(Box<dyn Any + Send>),
}

/// Puts the blocks that come back in order.
struct InOrder<Append, Block> {
    append: Append,
    waiting: BTreeMap<u64, Result<Block>>,
    next: u64,
    /// The first thing of the file that is wrong; nothing is appended behind it.
    failed: Option<Failure>,
}

impl<Block, Append: FnMut(Block) -> Result<()>> InOrder<Append, Block> {
    /// Takes what has become of a block, and appends what is in order.
    fn take(&mut self, order: u64, block: Result<Block>) {
        self.waiting.insert(order, block);
        while self.failed.is_none()
            && let Some(block) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            if let Err(error) = block.and_then(&mut self.append) {
                self.failed = Some(Failure::Error(error));
            }
        }
    }
}

/// Cuts a section into jobs of whole records.
struct Cutter<'a, Room> {
    section: Section<'a>,
    fields: usize,
    room: Room,
    order: u64,
    /// How much of the window is known to hold no end.
    searched: usize,
    has_ended: bool,
}

impl<P, Room: FnMut(usize) -> Option<P>> Cutter<'_, Room> {
    /// Reads the next job into `buffer`; nothing at the end.
    fn cut(&mut self, buffer: Vec<u8>) -> Result<Option<ParseJob<P>>> {
        if self.has_ended {
            return Ok(None);
        }
        let Section { name, reader, meter, .. } = &mut self.section;
        // What the reader keeps is less than a record, as a rule.
        let (resting, _) = reader.take_buffer(0, buffer);
        loop {
            meter.check()?;
            reader.fill_block(name)?;
            let window = reader.window();
            let end = memchr::memchr(b']', &window[self.searched..]).map(|at| self.searched + at);
            let (used, count) = match end {
                Some(end) => {
                    // A block before this one ended behind its last comma.
                    if ends_in_comma(&window[..end]) || self.order > 0 && window[..end].trim_ascii_end().is_empty() {
                        return Err(reader.wrong(name, LONE_COMMA));
                    }
                    (end, (count_commas(&window[..end]) + 1) / self.fields)
                }
                None => whole_records(window, self.fields),
            };
            if used == 0 && end.is_none() {
                self.searched = window.len();
                if !reader.fill(name)? {
                    return Err(reader.cut_off(name));
                }
                continue;
            }
            self.has_ended = end.is_some();
            let offset = reader.offset();
            let (buffer, range) = reader.take_buffer(used, resting);
            self.searched = reader.window().len();
            if self.has_ended {
                reader.consume(1);
            }
            if used == 0 {
                return Ok(None);
            }
            let job = ParseJob { order: self.order, buffer, range, offset, place: (self.room)(count) };
            self.order += 1;
            return Ok(Some(job));
        }
    }
}

fn count_commas(text: &[u8]) -> usize {
    memchr::memchr_iter(b',', text).count()
}

/// How many bytes at the start of `window` hold whole records, each with the comma that ends it, and how many these are.
fn whole_records(window: &[u8], fields: usize) -> (usize, usize) {
    let commas = count_commas(window);
    let mut spare = commas % fields;
    let mut end = window.len();
    while let Some(at) = memchr::memrchr(b',', &window[..end]) {
        if spare == 0 {
            return (at + 1, commas / fields);
        }
        spare -= 1;
        end = at;
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use super::*;
    use crate::input::{Options, Reader, Source, Watch};

    /// Panics at the number 7.
    struct Unlucky;

    impl Records for Unlucky {
        type Block = ();
        type Place = ();

        fn fields(&self) -> usize {
            1
        }

        fn parse(&self, mut numbers: Numbers<'_>, _: Option<()>) -> Result<(), FormatError> {
            while let Some((number, _)) = numbers.next()? {
                assert_ne!(number, 7, "unlucky");
            }
            Ok(())
        }
    }

    fn read(text: String, threads: usize) -> Result<()> {
        let watch = Arc::new(Watch::default());
        let source = Source::from_reader("test", Box::new(Cursor::new(text.into_bytes())), &watch)?;
        let mut reader = Reader::new(source);
        let options = Options { threads, partial: false };
        let section = Section { name: "nodes", reader: &mut reader, options: &options, meter: &watch.meter };
        section.numbers(&Unlucky, |()| Ok(()))
    }

    #[test]
    fn a_panic_in_a_block_ends_the_reading_with_its_own_message() {
        // More blocks than may be under way; only the first has the number.
        let text = format!("[7,{}1]", "1,".repeat(10 << 20));
        let panic = catch_unwind(AssertUnwindSafe(|| read(text, 2))).expect_err("it panics");
        assert!(fault::message(&*panic).contains("unlucky"), "{}", fault::message(&*panic));
    }

    #[test]
    fn what_is_wrong_first_in_the_file_is_told_whoever_finds_it() {
        let many = "1,".repeat(1 << 20);
        for threads in [1, 2, 5] {
            let error = read(format!("[{many}x,{many}y,{many}"), threads).expect_err("x is no number").to_string();
            let place = 1 + many.len();
            assert!(
                error.starts_with(&format!("nodes: found `x` where a number should be at byte {place};")),
                "{error}"
            );
        }
    }
}
