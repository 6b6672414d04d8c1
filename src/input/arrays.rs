//! An integer section: cut into blocks of whole records, parsed by all threads, put together in order.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crossbeam_channel::{Receiver, Sender, bounded};

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

struct Done<B> {
    order: u64,
    buffer: Vec<u8>,
    /// A panic comes back like a block: it ends the reading at once and keeps its message.
    block: std::thread::Result<Result<B, FormatError>>,
}

impl Section<'_> {
    /// Reads the section as an array of `records`, handing the parsed blocks to `append` in order.
    pub(crate) fn numbers<R: Records>(self, records: &R, append: impl FnMut(R::Block) -> Result<()>) -> Result<()> {
        self.numbers_into(records, |_| None, append)
    }

    /// The same, with a place for the records of each block where `room` has one for so many; it is asked in order.
    pub(crate) fn numbers_into<R: Records>(
        mut self,
        records: &R,
        room: impl FnMut(usize) -> Option<R::Place>,
        mut append: impl FnMut(R::Block) -> Result<()>,
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

fn read_long<R: Records>(
    section: Section<'_>,
    records: &R,
    room: impl FnMut(usize) -> Option<R::Place>,
    mut append: impl FnMut(R::Block) -> Result<()>,
) -> Result<()> {
    let (name, threads) = (section.name, section.options.threads);
    // What a thread cannot take waits here: the reader stops when so many blocks are on their way.
    let in_flight = threads * 2;
    let (to_workers, jobs) = bounded::<ParseJob<R::Place>>(in_flight);
    let (to_reader, results) = bounded::<Done<R::Block>>(in_flight);
    std::thread::scope(|scope| {
        for number in 0..threads {
            let (jobs, to_reader) = (jobs.clone(), to_reader.clone());
            std::thread::Builder::new()
                .name(format!("parse-{number}"))
                .spawn_scoped(scope, move || work(records, name, &jobs, &to_reader))
                .map_err(|problem| Error::thread(&problem))?;
        }
        drop((jobs, to_reader));
        let mut blocks = InOrder { results, waiting: BTreeMap::new(), next: 0, sent: 0, spare: Vec::new() };
        let outcome = cut(section, records.fields(), room, |job| {
            if blocks.sent - blocks.next >= in_flight as u64 {
                blocks.take(&mut append)?;
            }
            blocks.sent += 1;
            to_workers.send(job).map_err(|_| no_workers())?;
            Ok(blocks.spare.pop().unwrap_or_default())
        });
        drop(to_workers);
        outcome?;
        while blocks.next < blocks.sent {
            blocks.take(&mut append)?;
        }
        Ok(())
    })
}

fn work<R: Records>(
    records: &R,
    section: &str,
    jobs: &Receiver<ParseJob<R::Place>>,
    to_reader: &Sender<Done<R::Block>>,
) {
    for ParseJob { order, buffer, range, offset, place } in jobs {
        let block = catch_unwind(AssertUnwindSafe(|| {
            fault::provoke("parse");
            records.parse(Numbers::new(&buffer[range], offset, section), place)
        }));
        if to_reader.send(Done { order, buffer, block }).is_err() {
            return;
        }
    }
}

/// Workers end after the reader, whatever happens to them.
fn no_workers() -> Error {
    Error::Mistake("the threads that parse have ended before the file".into())
}

/// Puts the blocks that come back in order.
struct InOrder<B> {
    results: Receiver<Done<B>>,
    waiting: BTreeMap<u64, Result<B, FormatError>>,
    next: u64,
    sent: u64,
    spare: Vec<Vec<u8>>,
}

impl<B> InOrder<B> {
    /// Waits for one block and appends what is in order.
    fn take(&mut self, append: &mut impl FnMut(B) -> Result<()>) -> Result<()> {
        let done = self.results.recv().map_err(|_| no_workers())?;
        self.spare.push(done.buffer);
        let block = done.block.unwrap_or_else(|panic| resume_unwind(panic));
        self.waiting.insert(done.order, block);
        while let Some(block) = self.waiting.remove(&self.next) {
            append(block?)?;
            self.next += 1;
        }
        Ok(())
    }
}

/// Cuts the section into jobs of whole records. `send` takes a job and gives back a buffer to fill.
fn cut<P>(
    section: Section<'_>,
    fields: usize,
    mut room: impl FnMut(usize) -> Option<P>,
    mut send: impl FnMut(ParseJob<P>) -> Result<Vec<u8>>,
) -> Result<()> {
    let Section { name, reader, meter, .. } = section;
    let mut order = 0;
    let mut spare = Vec::new();
    // How much of the window is known to hold no end.
    let mut searched = 0;
    loop {
        meter.check()?;
        reader.fill_block(name)?;
        let window = reader.window();
        let end = memchr::memchr(b']', &window[searched..]).map(|at| searched + at);
        let (used, count) = match end {
            Some(end) => {
                // A block before this one ended behind its last comma.
                if ends_in_comma(&window[..end]) || order > 0 && window[..end].trim_ascii_end().is_empty() {
                    return Err(reader.wrong(name, LONE_COMMA));
                }
                (end, (count_commas(&window[..end]) + 1) / fields)
            }
            None => whole_records(window, fields),
        };
        if used > 0 {
            let offset = reader.offset();
            let (buffer, range) = reader.take_buffer(used, std::mem::take(&mut spare));
            spare = send(ParseJob { order, buffer, range, offset, place: room(count) })?;
            order += 1;
        }
        if end.is_some() {
            reader.consume(1);
            return Ok(());
        }
        searched = reader.window().len();
        if used == 0 && !reader.fill(name)? {
            return Err(reader.cut_off(name));
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

    #[test]
    fn a_panic_in_a_block_ends_the_reading_with_its_own_message() {
        let watch = Arc::new(Watch::default());
        // More blocks than may be under way; only the first has the number.
        let text = format!("[7,{}1]", "1,".repeat(10 << 20));
        let source = Source::from_reader("test", Box::new(Cursor::new(text.into_bytes())), &watch);
        let mut reader = Reader::new(source.expect("bytes can be read"));
        let options = Options { threads: 2, partial: false };
        let section = Section { name: "nodes", reader: &mut reader, options: &options, meter: &watch.meter };
        let panic = catch_unwind(AssertUnwindSafe(|| section.numbers(&Unlucky, |()| Ok(())))).expect_err("it panics");
        assert!(fault::message(&*panic).contains("unlucky"), "{}", fault::message(&*panic));
    }
}
