//! A target that is connected → its snapshot, piece by piece into a file.
//!
//! Who reads must not wait for who compresses: what an engine cannot send it keeps in the memory of the program that is
//! looked at. So pieces go to a thread of their own.

use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Event, Use};
use super::file::SnapshotFile;
use super::message::Pieces;
use super::shape::Shape;
use super::{Wish, failed};
use crate::error::{Error, Result};

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The engine collects garbage.
    Collecting,
    /// It notes who allocates what.
    Recording { since: Duration, of: Duration },
    /// It walks through its heap.
    Walking { done: u64, total: u64 },
    /// Bytes come.
    Writing { bytes: u64 },
}

/// What has been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Bytes of the snapshot, before compression.
    pub bytes: u64,
}

/// Bytes that go to the writer at once.
const PIECE: usize = 1 << 20;
/// Pieces that wait for it; more, and nothing is read until it has taken one.
const WAITING: usize = 64;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Progress {
    done: u64,
    total: u64,
}

/// Takes a snapshot into a file, which has no name yet when this is done.
pub(super) fn take(
    client: &mut Client,
    wish: &Wish,
    file: &mut SnapshotFile,
    watch: &mut dyn FnMut(Phase, Duration),
) -> Result<Taken> {
    let (sender, receiver) = bounded::<Vec<u8>>(WAITING);
    std::thread::scope(|scope| {
        let work = move || receiver.into_iter().try_for_each(|piece| file.write(&piece));
        let writer = std::thread::Builder::new().name("snapshot".into()).spawn_scoped(scope, work);
        let writer = writer.map_err(|problem| Error::system("a thread", &problem))?;
        let mut reader = Reader {
            pieces: Pieces::default(),
            shape: Shape::default(),
            bytes: 0,
            waiting: Vec::new(),
            walked: 0,
            sender,
        };
        let read = reader.read(client, wish, watch);
        drop(reader);
        // A file that takes no more is why reading has ended.
        writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        read
    })
}

struct Reader {
    pieces: Pieces,
    shape: Shape,
    bytes: u64,
    waiting: Vec<u8>,
    /// How much of the heap the engine has walked through.
    walked: u64,
    sender: Sender<Vec<u8>>,
}

impl Reader {
    fn read(&mut self, client: &mut Client, wish: &Wish, watch: &mut dyn FnMut(Phase, Duration)) -> Result<Taken> {
        // Engines that do not know these do without.
        let _ = client.ask("HeapProfiler.enable", json!({}))?;
        collect_garbage(client, watch)?;
        let options = json!({
            "reportProgress": true,
            "captureNumericValue": wish.numeric,
            "exposeInternals": wish.internals,
        });
        let method = match wish.timeline {
            None => "HeapProfiler.takeHeapSnapshot",
            Some(time) => {
                record(client, time, watch)?;
                "HeapProfiler.stopTrackingHeapObjects"
            }
        };
        let is_paused = client.is_owed() && pause(client)?;
        let answer = client.call(method, options, &mut |event| self.listen(&event, watch))?;
        if is_paused {
            let _ = client.ask("Debugger.disable", json!({}))?;
        }
        if let Err(problem) = answer {
            return Err(refused(&problem));
        }
        self.pieces.end(&mut self.waiting);
        self.hand_on()?;
        if !self.shape.is_whole() {
            let what = if self.bytes == 0 { "no snapshot has come" } else { "the snapshot has no end" };
            return Err(failed(format!("{what}, though the engine says that this was all")));
        }
        Ok(Taken { bytes: self.bytes })
    }

    fn listen(&mut self, event: &Event<'_>, watch: &mut dyn FnMut(Phase, Duration)) -> Result<Use> {
        match event {
            Event::Message { method: "HeapProfiler.addHeapSnapshotChunk", params } => {
                let odd = || failed("a piece of the snapshot is no text");
                self.pieces.add(params, &mut self.waiting).ok_or_else(odd)?;
                if self.waiting.len() >= PIECE {
                    self.hand_on()?;
                }
                watch(Phase::Writing { bytes: self.bytes }, Duration::ZERO);
                Ok(Use::Good)
            }
            Event::Message { method: "HeapProfiler.reportHeapSnapshotProgress", params } => {
                let progress: Progress = serde_json::from_str(params.get()).unwrap_or_default();
                watch(Phase::Walking { done: progress.done, total: progress.total }, Duration::ZERO);
                // Who says the same again and again does not go on.
                let goes_on = progress.done > self.walked;
                self.walked = self.walked.max(progress.done);
                Ok(if goes_on { Use::Good } else { Use::None })
            }
            Event::Quiet(time) if self.bytes > 0 => {
                watch(Phase::Writing { bytes: self.bytes }, *time);
                Ok(Use::None)
            }
            Event::Quiet(time) => {
                watch(Phase::Walking { done: 0, total: 0 }, *time);
                Ok(Use::None)
            }
            Event::Message { .. } => Ok(Use::None),
        }
    }

    fn hand_on(&mut self) -> Result<()> {
        let whole = std::mem::take(&mut self.waiting);
        self.shape.add(&whole);
        if self.shape.is_wrong() {
            return Err(failed("what comes is no snapshot"));
        }
        self.bytes += whole.len() as u64;
        // Refused only by a writer that has ended by an error of its own, which is told instead.
        self.sender.send(whole).map_err(|_| Error::Cancelled)
    }
}

fn quiet(event: &Event<'_>) -> Duration {
    match event {
        Event::Quiet(time) => *time,
        Event::Message { .. } => Duration::ZERO,
    }
}

/// How long a collection may take before it looks as if none had begun.
const COLLECTING: Duration = Duration::from_secs(5);
/// How long a program that computes without end may take to answer.
const ANSWERING: Duration = Duration::from_secs(2);

/// Engines collect when they come to it: a program that computes without end never lets them. They collect before they
/// write a snapshot as well, so nothing is lost where this is not waited for.
fn collect_garbage(client: &mut Client, watch: &mut dyn FnMut(Phase, Duration)) -> Result<()> {
    let mut listen = |event: Event<'_>| {
        watch(Phase::Collecting, quiet(&event));
        Ok(Use::Good)
    };
    let call = client.send("HeapProfiler.collectGarbage", json!({}))?;
    client.answer_to(call, Some(COLLECTING), &mut listen)?;
    Ok(())
}

/// Halts a program that answers questions but comes to nothing else: halted, its engine does. Whether it stands.
fn pause(client: &mut Client) -> Result<bool> {
    let nothing = &mut |_: Event<'_>| Ok(Use::Good);
    let question = client.send("Runtime.evaluate", json!({ "expression": "1" }))?;
    let answer = client.answer_to(question, Some(ANSWERING), nothing)?;
    // Answers come in the order of the questions, but where the first must wait for the program.
    if answer.is_none() || !client.is_owed() {
        return Ok(false);
    }
    if client.ask("Debugger.enable", json!({}))?.is_err() || client.ask("Debugger.pause", json!({}))?.is_err() {
        return Ok(false);
    }
    let begun = Instant::now();
    let mut is_paused = false;
    while !is_paused && begun.elapsed() < ANSWERING {
        client.listen(&mut |event| {
            is_paused |= matches!(event, Event::Message { method: "Debugger.paused", .. });
            Ok(Use::Good)
        })?;
    }
    Ok(true)
}

/// Has the engine note all allocations for a while.
fn record(client: &mut Client, time: Duration, watch: &mut dyn FnMut(Phase, Duration)) -> Result<()> {
    if let Err(problem) = client.ask("HeapProfiler.startTrackingHeapObjects", json!({ "trackAllocations": true }))? {
        return Err(refused(&problem));
    }
    let begun = Instant::now();
    while begun.elapsed() < time {
        watch(Phase::Recording { since: begun.elapsed(), of: time }, Duration::ZERO);
        // Sums that the engine sends meanwhile stand in the snapshot too.
        client.listen(&mut |_| Ok(Use::Good))?;
    }
    Ok(())
}

fn refused(problem: &str) -> Error {
    let problem: String = problem.chars().take(200).collect();
    failed(format!("the engine gives no snapshot of this target: {problem}; --list shows all targets"))
}

/// Memory that the heap of a target takes, if the engine tells.
pub(super) fn heap_size(client: &mut Client) -> Result<Option<u64>> {
    let usage = client.ask("Runtime.getHeapUsage", json!({}))?;
    Ok(usage.ok().and_then(|usage| usage.get("usedSize").and_then(Value::as_f64)).map(|size| size as u64))
}
