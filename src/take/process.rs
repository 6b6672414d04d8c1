//! A process id → the place where its inspector listens, asked to do so by a signal where that is safe.
//!
//! SIGUSR1 opens the inspector of Node, and ends any process that does not catch it. So it goes to a process of the same
//! user that is Node by its executable and that catches it by the word of the system, and to none else.

use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal};

use super::address::Place;
use super::other_ways::other_way;
use super::{Stop, Ways, failed, http, sockets};
use crate::error::{Error, Result};

/// How long Node may take to open its inspector.
const OPENING: Duration = Duration::from_secs(5);
const MOMENT: Duration = Duration::from_millis(20);
/// Node's own port for its inspector.
const NODE_PORT: u16 = 9229;

/// A process whose inspector listens.
#[derive(Debug)]
pub(super) struct Reached {
    pub place: Place,
    /// Whether it listens because we have asked for it.
    pub opened: bool,
    /// What the process itself takes for its id: in a container it has another one.
    pub inner_pid: u32,
}

/// Finds the inspector of a process, or has it opened.
pub(super) fn reach(pid: u32, ways: &Ways) -> Result<Reached> {
    match Path::new("/proc/self/status").exists() {
        true => Process::look(pid)?.reach(ways),
        false => reach_unseen(pid, ways),
    }
}

/// Whether a process has ended.
pub(super) fn is_gone(pid: u32) -> bool {
    let Some(id) = Pid::from_raw(pid.cast_signed()) else { return true };
    let is_dead = || Status::read(pid).is_some_and(|status| status.is_dead);
    matches!(rustix::process::test_kill_process(id), Err(rustix::io::Errno::SRCH)) || is_dead()
}

/// Whether a process listens on a port; `None` where nobody knows.
pub(super) fn listens(pid: u32, port: u16) -> Option<bool> {
    sockets::of_process(pid).map(|listeners| listeners.iter().any(|listener| listener.port() == port))
}

/// What the system says of a process.
#[derive(Debug)]
pub(super) struct Seen {
    /// Its command line.
    pub what: String,
    /// Whether it is Node, whose inspector is open or can be opened.
    pub is_node: bool,
    /// Where its inspector listens, as far as that can be known without asking.
    pub place: Option<Place>,
}

/// The processes that the system shows, as it numbers them.
pub(super) fn ids() -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut ids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    ids.sort_unstable();
    ids
}

/// What is to be seen of a process of this user; nothing where it has no inspector.
pub(super) fn seen(pid: u32) -> Option<Seen> {
    let process = Process::look(pid).ok()?;
    process.must_be_ours().and_then(|()| process.must_share_network()).ok()?;
    let is_node = is_node_name(&process.program);
    if !is_node && !process.asked.inspects {
        return None;
    }
    let port = process.asked.port.unwrap_or(NODE_PORT);
    let listeners = sockets::of_process(pid).unwrap_or_default();
    let place = listeners.iter().find(|listener| listener.port() == port).and_then(nearby);
    let is_node = is_node && (place.is_some() || process.status.catches(Signal::USR1));
    (is_node || place.is_some()).then(|| Seen { what: process.line(), is_node, place })
}

/// A process as the system describes it, held so that its number cannot come to mean another.
struct Process {
    pid: u32,
    held: Option<OwnedFd>,
    status: Status,
    /// The name of the program that runs in it.
    program: String,
    asked: Asked,
}

impl Process {
    fn look(pid: u32) -> Result<Process> {
        let id = Pid::from_raw(pid.cast_signed());
        let none = || failed(format!("process {pid}: there is no such process"));
        let held = rustix::process::pidfd_open(id.ok_or_else(none)?, PidfdFlags::empty()).ok();
        let status = Status::read(pid).ok_or_else(none)?;
        if status.is_dead {
            return Err(failed(format!("process {pid}: it has ended")));
        }
        if status.group != pid {
            let group = status.group;
            return Err(failed(format!(
                "{pid} is a thread of process {group}; `heapwalk take {group}` takes its snapshot"
            )));
        }
        let path = fs::read_link(format!("/proc/{pid}/exe"));
        let name = path.ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let program = name.unwrap_or_default().trim_end_matches(" (deleted)").to_owned();
        Ok(Process { pid, held, status, program, asked: Asked::of_process(pid) })
    }

    /// Its command line, paths without their directories.
    fn line(&self) -> String {
        const MOST: usize = 60;
        let line = fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        let words = line.split('\0').filter(|word| !word.is_empty());
        let short = |word: &str| match word.starts_with('/') {
            true => word.rsplit('/').next().unwrap_or_default().to_owned(),
            false => word.to_owned(),
        };
        words.map(short).collect::<Vec<_>>().join(" ").chars().take(MOST).collect()
    }

    fn reach(&self, ways: &Ways) -> Result<Reached> {
        let pid = self.pid;
        self.must_be_ours()?;
        self.must_share_network()?;
        let before = sockets::of_process(pid).unwrap_or_default();
        if let Some(place) = self.open_already(&before, &ways.stop)? {
            return Ok(self.reached(place, false));
        }
        self.must_want_signal()?;
        self.signal()?;
        let patience = ways.patience.min(OPENING);
        let begun = Instant::now();
        while begun.elapsed() < patience {
            ways.stop.check()?;
            let now = sockets::of_process(pid).unwrap_or_default();
            let new: Vec<SocketAddr> = now.into_iter().filter(|listener| !before.contains(listener)).collect();
            if let Some(place) = self.inspector_among(&new, &ways.stop)? {
                return Ok(self.reached(place, true));
            }
            if is_gone(pid) {
                return Err(failed(format!("process {pid}: it has ended")));
            }
            std::thread::sleep(MOMENT);
        }
        // The signal changes nothing where the program itself has opened its inspector, on a port of its choice.
        if let Some(place) = answering(&before, &ways.stop)? {
            return Ok(self.reached(place, false));
        }
        Err(self.stays_closed(patience))
    }

    fn reached(&self, place: Place, opened: bool) -> Reached {
        Reached { place, opened, inner_pid: self.status.inner }
    }

    fn must_be_ours(&self) -> Result<()> {
        let own = rustix::process::geteuid().as_raw();
        match self.status.users.iter().find(|&&user| user != own) {
            None => Ok(()),
            Some(user) => {
                let pid = self.pid;
                Err(failed(format!("process {pid} belongs to another user ({user}); run heapwalk as that user")))
            }
        }
    }

    fn must_share_network(&self) -> Result<()> {
        let network = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/net"));
        match (network("self"), network(&self.pid.to_string())) {
            (Ok(own), Ok(other)) if own != other => {
                let pid = self.pid;
                Err(failed(format!("process {pid} has a network of its own (a container?); run heapwalk in there")))
            }
            _ => Ok(()),
        }
    }

    /// The place of an inspector that was open before.
    fn open_already(&self, listeners: &[SocketAddr], stop: &Stop) -> Result<Option<Place>> {
        match self.asked.port {
            // Any port: which, only asking tells.
            Some(0) if self.asked.inspects => answering(listeners, stop),
            port => self.place_of(listeners, port.unwrap_or(NODE_PORT)),
        }
    }

    /// Which of its new ports is that of the inspector.
    fn inspector_among(&self, new: &[SocketAddr], stop: &Stop) -> Result<Option<Place>> {
        match self.asked.port {
            Some(0) => answering(new, stop),
            port => self.place_of(new, port.unwrap_or(NODE_PORT)),
        }
    }

    fn place_of(&self, listeners: &[SocketAddr], port: u16) -> Result<Option<Place>> {
        let Some(listener) = listeners.iter().find(|listener| listener.port() == port) else { return Ok(None) };
        let pid = self.pid;
        let elsewhere =
            || failed(format!("process {pid} listens at {listener} only; `heapwalk take {listener}` goes there"));
        nearby(listener).map(Some).ok_or_else(elsewhere)
    }

    fn must_want_signal(&self) -> Result<()> {
        let (pid, program) = (self.pid, &self.program);
        if let Some(way) = other_way(program) {
            return Err(failed(format!("process {pid} is {program}; {way}")));
        }
        if !is_node_name(program) && !has_inspector(pid) {
            return Err(failed(not_node(pid, program)));
        }
        if !self.status.catches(Signal::USR1) {
            return Err(failed(format!(
                "process {pid} does not catch SIGUSR1 and would end by it; none was sent; is it still starting, or was \
                 it started with --disable-sigusr1? --inspect opens its inspector from the beginning"
            )));
        }
        Ok(())
    }

    fn signal(&self) -> Result<()> {
        let sent = match &self.held {
            Some(process) => rustix::process::pidfd_send_signal(process, Signal::USR1),
            None => send(self.pid),
        };
        sent.map_err(|problem| Error::io(format!("process {}", self.pid), &problem.into()))
    }

    fn stays_closed(&self, waited: Duration) -> Error {
        let pid = self.pid;
        let port = self.asked.port.filter(|&port| port != 0).unwrap_or(NODE_PORT);
        let why = match sockets::holder(port) {
            Some(Some(holder)) if holder != pid => {
                format!("port {port} is held by process {holder}; it can be started with --inspect-port=0")
            }
            Some(None) => format!("port {port} is held by another process; it can be started with --inspect-port=0"),
            _ => format!("nothing has come of SIGUSR1 for {} s; does the program use that itself?", waited.as_secs()),
        };
        failed(format!("process {pid} does not open its inspector: {why}"))
    }
}

fn send(pid: u32) -> rustix::io::Result<()> {
    rustix::process::kill_process(Pid::from_raw(pid.cast_signed()).ok_or(rustix::io::Errno::SRCH)?, Signal::USR1)
}

/// Where the system tells nothing of a process, somebody must say that the signal is right.
fn reach_unseen(pid: u32, ways: &Ways) -> Result<Reached> {
    if is_gone(pid) {
        return Err(failed(format!("process {pid}: there is no such process")));
    }
    let place = Place::loopback(NODE_PORT);
    let reached = |opened| Reached { place: place.clone(), opened, inner_pid: pid };
    if place.connect(&ways.stop).is_ok() {
        return Ok(reached(false));
    }
    if !ways.signal {
        return Err(failed(format!(
            "process {pid}: this system does not tell whether it catches SIGUSR1, which ends a process that does not; \
             --signal sends it, to Node only"
        )));
    }
    send(pid).map_err(|problem| Error::io(format!("process {pid}"), &problem.into()))?;
    let begun = Instant::now();
    while begun.elapsed() < ways.patience.min(OPENING) {
        ways.stop.check()?;
        if place.connect(&ways.stop).is_ok() {
            return Ok(reached(true));
        }
        std::thread::sleep(MOMENT);
    }
    Err(failed(format!("process {pid} does not open its inspector at {place}")))
}

/// The place at which a listener is reached without leaving the loopback.
fn nearby(listener: &SocketAddr) -> Option<Place> {
    let ip = listener.ip();
    let host = match () {
        () if ip.is_unspecified() => {
            if ip.is_ipv4() {
                "127.0.0.1".into()
            } else {
                "::1".into()
            }
        }
        () if ip.is_loopback() => ip.to_string(),
        () => return None,
    };
    Some(Place { host, port: listener.port() })
}

/// The first of a process's own ports at which an inspector answers.
fn answering(listeners: &[SocketAddr], stop: &Stop) -> Result<Option<Place>> {
    const MOST: usize = 16;
    for place in listeners.iter().filter_map(nearby).take(MOST) {
        stop.check()?;
        let answer = http::get(&place, "/json/version", stop);
        if answer.is_ok_and(|answer| memchr::memmem::find(&answer.body, b"Protocol-Version").is_some()) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// `node`, `nodejs`, `node-22`, `node20.1`
fn is_node_name(program: &str) -> bool {
    let Some(rest) = program.strip_prefix("node") else { return false };
    let rest = rest.strip_prefix("js").unwrap_or(rest);
    rest.chars().all(|letter| letter.is_ascii_digit() || ".-_v".contains(letter))
}

/// Whether the executable of a process has Node in it under another name: Electron, programs packed into one file.
fn has_inspector(pid: u32) -> bool {
    const SAID_BY_NODE: &[u8] = b"Starting inspector on %s";
    const MOST: u64 = 1 << 30;
    let Ok(file) = fs::File::open(format!("/proc/{pid}/exe")) else { return false };
    let mut file = file.take(MOST);
    let mut block = vec![0u8; 1 << 20];
    let mut kept = 0;
    loop {
        match file.read(&mut block[kept..]) {
            Ok(0) => return false,
            Ok(len) => {
                let end = kept + len;
                if memchr::memmem::find(&block[..end], SAID_BY_NODE).is_some() {
                    return true;
                }
                kept = end.min(SAID_BY_NODE.len() - 1);
                block.copy_within(end - kept..end, 0);
            }
            Err(problem) if problem.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

/// `/proc/PID/status`
#[derive(Debug, Default, PartialEq, Eq)]
struct Status {
    /// The process of which this is a thread.
    group: u32,
    /// Real, effective, saved and of the file system.
    users: Vec<u32>,
    /// What the process itself takes for its id.
    inner: u32,
    caught: u64,
    is_dead: bool,
}

impl Status {
    fn read(pid: u32) -> Option<Status> {
        Status::parse(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
    }

    fn parse(text: &str) -> Option<Status> {
        let field =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
        let group = field("Tgid")?.parse().ok()?;
        let users = field("Uid")?.split_whitespace().map(|id| id.parse().ok()).collect::<Option<_>>()?;
        let inner = field("NSpid").and_then(|ids| ids.split_whitespace().last()?.parse().ok()).unwrap_or(group);
        // Where this is missing, nothing is caught for all that is known.
        let caught = field("SigCgt").and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0);
        let is_dead = field("State").is_some_and(|state| state.starts_with(['Z', 'X', 'x']));
        Some(Status { group, users, inner, caught, is_dead })
    }

    fn catches(&self, signal: Signal) -> bool {
        self.caught >> (signal.as_raw() - 1) & 1 == 1
    }
}

/// What the command line and `NODE_OPTIONS` of a process say of its inspector.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// 0 is any.
    port: Option<u16>,
    /// Whether it is open from the beginning.
    inspects: bool,
}

impl Asked {
    fn of_process(pid: u32) -> Asked {
        const MOST: u64 = 1 << 20;
        let read = |name: &str| {
            let mut text = Vec::new();
            let file = fs::File::open(format!("/proc/{pid}/{name}"));
            let _ = file.and_then(|file| file.take(MOST).read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        };
        let environment = read("environ");
        let options = environment.split('\0').find_map(|variable| variable.strip_prefix("NODE_OPTIONS="));
        let options: Vec<&str> = options.unwrap_or_default().split_whitespace().collect();
        let line = read("cmdline");
        let arguments: Vec<&str> = line.split('\0').skip(1).collect();
        // The command line counts more, and comes last.
        Asked::parse(&[options, arguments].concat())
    }

    fn parse(arguments: &[&str]) -> Asked {
        let mut asked = Asked::default();
        for (index, argument) in arguments.iter().enumerate() {
            let (name, value) = argument.split_once('=').map_or((*argument, None), |(name, value)| (name, Some(value)));
            let next = arguments.get(index + 1).copied();
            match name {
                "--inspect" | "--inspect-brk" | "--inspect-wait" => {
                    asked.inspects = true;
                    asked.port = value.and_then(port).or(asked.port);
                }
                "--inspect-port" | "--debug-port" => asked.port = value.or(next).and_then(port).or(asked.port),
                "--remote-debugging-port" => {
                    asked.inspects = true;
                    asked.port = value.and_then(port).or(asked.port);
                }
                _ => {}
            }
        }
        asked
    }
}

/// The port of `HOST:PORT` or `PORT`.
fn port(text: &str) -> Option<u16> {
    text.rsplit(':').next().filter(|_| !text.ends_with(']'))?.parse().ok()
}

/// Why a process gets no signal that nothing shows to be Node.
fn not_node(pid: u32, program: &str) -> String {
    let what = match program {
        "" => "cannot be looked at, so it may be another program than Node,".to_owned(),
        program => format!("is {program}, not Node,"),
    };
    format!(
        "process {pid} {what} and may end by the signal that opens an inspector; none was sent; name HOST:PORT if it has one"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_looked_at_is_not_called_another_program() {
        let bash = "process 7 is bash, not Node, and may end by the signal that opens an inspector; none was sent";
        assert!(not_node(7, "bash").starts_with(bash), "{}", not_node(7, "bash"));
        let hidden = "process 7 cannot be looked at, so it may be another program than Node, and may end by the signal";
        assert!(not_node(7, "").starts_with(hidden), "{}", not_node(7, ""));
    }

    #[test]
    fn the_status_of_a_process_tells_what_it_catches() {
        let text = "Name:\tnode\nState:\tS (sleeping)\nTgid:\t17\nUid:\t5\t5\t5\t5\nNSpid:\t17\t1\nSigIgn:\tffff\nSigCgt:\t0000000100004602\n";
        let status = Status::parse(text).unwrap();
        assert!(status.catches(Signal::USR1) && !status.catches(Signal::HUP));
        assert_eq!((status.group, status.inner, status.users, status.is_dead), (17, 1, vec![5; 4], false));
        // What is not said is not so.
        assert!(!Status::parse("Tgid:\t1\nUid:\t0\t0\t0\t0\nState:\tZ (zombie)\n").unwrap().catches(Signal::USR1));
        assert_eq!(Status::parse("Tgid: x\nUid:\t0"), None);
    }

    #[test]
    fn the_port_is_that_of_the_options() {
        let asked = |line: &str| {
            let asked = Asked::parse(&line.split(' ').collect::<Vec<_>>());
            (asked.port, asked.inspects)
        };
        assert_eq!(asked("app.js"), (None, false));
        assert_eq!(asked("--inspect app.js"), (None, true));
        assert_eq!(asked("--inspect=0.0.0.0:9230 app.js"), (Some(9230), true));
        assert_eq!(asked("--inspect-port 0 --inspect"), (Some(0), true));
        assert_eq!(asked("--inspect-port=[::1]:77"), (Some(77), false));
        assert_eq!(asked("--inspect=localhost"), (None, true));
        assert_eq!(asked("--remote-debugging-port=9222"), (Some(9222), true));
    }

    #[test]
    fn node_is_known_by_its_name() {
        assert!(["node", "nodejs", "node22", "node-v18.1"].iter().all(|name| is_node_name(name)));
        assert!(!["", "nodemon", "deno", "notnode", "node-red"].iter().any(|name| is_node_name(name)));
    }

    #[test]
    fn a_listener_is_reached_over_the_loopback_or_not_at_all() {
        let near = |text: &str| nearby(&text.parse().unwrap()).map(|place| place.to_string());
        assert_eq!(near("0.0.0.0:1").as_deref(), Some("127.0.0.1:1"));
        assert_eq!(near("[::]:1").as_deref(), Some("[::1]:1"));
        assert_eq!(near("127.0.0.2:1").as_deref(), Some("127.0.0.2:1"));
        assert_eq!(near("10.0.0.1:1"), None);
    }
}
