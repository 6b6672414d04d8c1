//! An address → a session with one target of it: reached, proved to be who was named, left as it was found.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::address::{Address, Place};
use super::client::{Client, Event, Use, Worker};
use super::engine::Engine;
use super::file::SnapshotFile;
use super::other_ways::BUN;
use super::process::{self, Reached};
use super::stream::{self, Phase, Taken};
use super::targets::{self, Listing, Target};
use super::{Stop, Ways, Wish, failed};
use crate::error::{Error, Result};

/// How long the answers to small questions may take. A program that does nothing but count still gives them.
const SMALL: Duration = Duration::from_secs(30);
/// How long a program may take to close its inspector.
const CLOSING: Duration = Duration::from_secs(3);

/// Closes the inspector. At once, so that a program does it that computes without end; and before the connection ends:
/// some versions of Node crash when both come together.
const CLOSE: &str = "(() => { const p = (typeof globalThis === 'object' ? globalThis : this).process; \
    const inspector = p.getBuiltinModule ? p.getBuiltinModule('inspector') \
        : typeof require === 'function' ? require('inspector') : p.mainModule && p.mainModule.require('inspector'); \
    if (!inspector) return false; inspector.close(); return true; })()";

/// A target that snapshots can be taken of.
pub(crate) struct Session {
    client: Client,
    place: Place,
    /// The process that was named, and what it calls itself.
    named: Option<(u32, u32)>,
    /// Whether its inspector is open because of us.
    opened: bool,
    worker: Option<Worker>,
    pub(crate) target: Target,
    pub(crate) engine: Engine,
    pub(crate) heap: Option<u64>,
    /// Further targets at the same place.
    pub(crate) others: Vec<Target>,
}

/// What has become of an inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It was open before, and is.
    NotOurs,
    Yes,
    /// It went with its process.
    Gone,
    /// It has been asked to close, and has not yet; at this place.
    NotYet(String),
    /// It stays open at this place.
    No(String),
}

/// Chooses one of the targets that are there, the first of which may be the only one; or none, where they were only to be
/// seen.
pub(crate) type Choose<'a> = &'a mut dyn FnMut(&[Target]) -> Result<Option<usize>>;

impl Session {
    /// Reaches a program and the target that `choose` names. Nothing has been taken yet.
    pub(crate) fn open(address: &Address, choose: Choose<'_>, ways: &Ways) -> Result<Option<Session>> {
        let reached = match address {
            Address::Process(pid) => process::reach(*pid, ways)?,
            Address::Port(place) | Address::Socket(place, _) => {
                Reached { place: place.clone(), opened: false, inner_pid: 0 }
            }
        };
        let opened = reached.opened;
        let place = reached.place.to_string();
        let session = Session::of_place(address, reached, choose, ways);
        session.map_err(|error| match (&error, address) {
            (Error::Take(what), Address::Process(pid)) if has_ended(*pid) => {
                failed(format!("process {pid} has ended ({what})"))
            }
            (Error::Take(what), _) if opened => failed(format!("{what}; its inspector stays open at {place}")),
            _ => error,
        })
    }

    fn of_place(address: &Address, reached: Reached, choose: Choose<'_>, ways: &Ways) -> Result<Option<Session>> {
        let Reached { place, opened, inner_pid } = reached;
        let mut listing = match address {
            Address::Socket(_, path) => Listing { targets: vec![Target::of_path(path)], ..Listing::default() },
            _ => targets::list(&place, &ways.stop)?,
        };
        let mut all = std::mem::take(&mut listing.targets);
        if all.is_empty() {
            return Err(failed(format!("{place}: the inspector has no targets; is a page or an app open?")));
        }
        // One alone may have workers, which only it knows: then there is more to choose from.
        let is_alone = all.len() == 1;
        let chosen = if is_alone { Some(0) } else { choose(&all)? };
        let Some(chosen) = chosen else { return Ok(None) };
        let patience = SMALL.min(ways.patience);
        let (mut client, of_page) = match worker_of_page(&place, &all, chosen, &ways.stop)? {
            Some((client, worker)) => (client, Some(worker)),
            None => (Client::connect(&place, &all[chosen].path, patience, &ways.stop)?, None),
        };
        client.set_stop(ways.stop.clone(), patience);
        client.speak_to(of_page.clone());
        let answer = client.ask("Runtime.evaluate", Engine::question())?.unwrap_or(Value::Null);
        let engine = Engine::of_answer(&answer, &listing);
        if engine.bun.is_some() {
            return Err(failed(format!("{place}: {BUN}")));
        }
        let named = match address {
            Address::Process(pid) => {
                must_be(&engine, *pid, inner_pid, &place)?;
                Some((*pid, inner_pid))
            }
            _ => None,
        };
        let mut session = Session {
            client,
            place,
            named,
            opened,
            worker: of_page,
            target: all.remove(chosen),
            engine,
            heap: None,
            others: all,
        };
        let is_chosen = if is_alone { session.choose_worker(choose) } else { Ok(true) };
        match is_chosen.and_then(|is_chosen| session.look().map(|()| is_chosen)) {
            Ok(true) => {
                session.client.set_stop(ways.stop.clone(), ways.patience);
                Ok(Some(session))
            }
            Ok(false) => {
                session.close();
                Ok(None)
            }
            Err(error) => {
                session.close();
                Err(error)
            }
        }
    }

    /// The threads of a Node process have heaps of their own, which it does not list. Whether a target is chosen.
    fn choose_worker(&mut self, choose: Choose<'_>) -> Result<bool> {
        let mut all = vec![self.target.clone()];
        if self.engine.is_node() {
            let workers = &mut all;
            let enable = json!({ "waitForDebuggerOnStart": false });
            // An engine without workers refuses, and has none.
            let _ = self.client.call("NodeWorker.enable", enable, &mut |event| {
                if let Event::Message { method: "NodeWorker.attachedToWorker", params } = event {
                    workers.extend(serde_json::from_str(params.get()).ok().and_then(|params| worker(&params)));
                }
                Ok(Use::Good)
            })?;
        }
        let Some(chosen) = choose(&all)? else { return Ok(false) };
        self.target = all.remove(chosen);
        self.worker = self.target.worker.clone();
        if self.worker.is_none() && !all.is_empty() {
            // Nobody has asked for sessions with workers.
            let _ = self.client.ask("NodeWorker.disable", json!({}))?;
        }
        self.others = all;
        Ok(true)
    }

    fn look(&mut self) -> Result<()> {
        self.client.speak_to(self.worker.clone());
        self.heap = stream::heap_size(&mut self.client)?;
        Ok(())
    }

    /// Takes a snapshot into a file, which the caller then gives its name.
    pub(crate) fn take(
        &mut self,
        wish: &Wish,
        file: &mut SnapshotFile,
        watch: &mut dyn FnMut(Phase, Duration),
    ) -> Result<Taken> {
        stream::take(&mut self.client, wish, file, watch).map_err(|error| self.explained(error))
    }

    /// Waits while `is_over` says no: the connection is kept, and its end is seen.
    pub(crate) fn wait(&mut self, is_over: &mut dyn FnMut() -> bool) -> Result<()> {
        while !is_over() {
            self.client.listen(&mut |_| Ok(Use::Good)).map_err(|error| self.explained(error))?;
        }
        Ok(())
    }

    /// What a wish asks that this engine does not do, in words.
    pub(crate) fn lacks(&self, wish: &Wish) -> Vec<String> {
        self.engine.lacks(wish.numeric, wish.internals)
    }

    /// Whether what is taken crosses a network, as everybody there can read it.
    pub(crate) fn is_far(&self) -> bool {
        !self.place.is_local()
    }

    fn explained(&self, error: Error) -> Error {
        match (&error, self.named) {
            (Error::Take(_), Some((pid, _))) if has_ended(pid) => {
                failed(format!("process {pid} has ended before its snapshot was whole"))
            }
            _ => error,
        }
    }

    /// Leaves the program as it was: closes an inspector that is open because of us.
    pub(crate) fn close(&mut self) -> Closed {
        // Also where somebody has asked to stop: it is for that.
        self.client.set_stop(Stop::default(), CLOSING);
        self.client.speak_to(None);
        let Some((pid, _)) = self.named.filter(|_| self.opened) else {
            self.client.close();
            return Closed::NotOurs;
        };
        if process::is_gone(pid) {
            return Closed::Gone;
        }
        let expression = json!({ "expression": CLOSE, "includeCommandLineAPI": true, "returnByValue": true });
        let place = self.place.to_string();
        match self.client.ask("Runtime.evaluate", expression) {
            Ok(Ok(answer)) if answer.pointer("/result/value") != Some(&Value::Bool(true)) => return Closed::No(place),
            Ok(Err(_)) => return Closed::No(place),
            // The connection ends with the inspector, as a rule before the answer.
            Ok(Ok(_)) | Err(_) => {}
        }
        let begun = Instant::now();
        loop {
            let is_open = process::listens(pid, self.place.port);
            // Where the system does not tell who listens, a connection does.
            match is_open.unwrap_or_else(|| self.place.connect(&Stop::default()).is_ok()) {
                false => return Closed::Yes,
                true if begun.elapsed() > CLOSING => return Closed::NotYet(place),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
}

/// A worker of a page does not answer by itself, though browsers list it: its page must lead to it.
fn worker_of_page(place: &Place, all: &[Target], chosen: usize, stop: &Stop) -> Result<Option<(Client, Worker)>> {
    /// Pages that are asked.
    const MOST: usize = 50;
    let target = &all[chosen];
    if target.kind != "worker" || target.id.is_empty() {
        return Ok(None);
    }
    for page in all.iter().filter(|target| target.kind == "page").take(MOST) {
        let mut client = Client::connect(place, &page.path, CLOSING, stop)?;
        let mut found = None;
        let attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true });
        // A page that does not answer has no worker to show.
        let _ = client.call("Target.setAutoAttach", attach, &mut |event| {
            if let Event::Message { method: "Target.attachedToTarget", params } = event {
                let params: Value = serde_json::from_str(params.get()).unwrap_or_default();
                if params.pointer("/targetInfo/targetId").and_then(Value::as_str) == Some(&target.id) {
                    found = params.get("sessionId").and_then(Value::as_str).map(str::to_owned);
                }
            }
            Ok(Use::Good)
        });
        stop.check()?;
        match found {
            Some(session) => return Ok(Some((client, Worker::OfPage(session)))),
            None => client.close(),
        }
    }
    Ok(None)
}

/// Whether a process has ended, or does so within a moment: it lets go of its connections first.
fn has_ended(pid: u32) -> bool {
    (0..20).any(|try_again| {
        std::thread::sleep(Duration::from_millis(if try_again == 0 { 0 } else { 10 }));
        process::is_gone(pid)
    })
}

/// Whoever answers must be the process that was named.
fn must_be(engine: &Engine, pid: u32, inner: u32, place: &Place) -> Result<()> {
    match engine.pid {
        Some(own) if own == inner => Ok(()),
        Some(own) => Err(failed(format!(
            "process {own} answers at {place}, not {inner}: nothing was taken; `heapwalk take {place}` takes of that one"
        ))),
        None => Err(failed(format!(
            "who answers at {place} does not say that it is process {pid}; `heapwalk take {place}` takes of it anyway"
        ))),
    }
}

fn worker(params: &Value) -> Option<Target> {
    let text = |pointer: &str| params.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let session = params.get("sessionId")?.as_str()?.to_owned();
    Some(Target {
        id: text("/workerInfo/workerId"),
        kind: "worker".into(),
        title: text("/workerInfo/title"),
        url: text("/workerInfo/url"),
        path: String::new(),
        worker: Some(Worker::OfNode(session)),
    })
}
