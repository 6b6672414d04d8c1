//! `heapwalk take`: a snapshot of a running program.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{CompressChoice, TakeArguments};
use super::load;
use super::out::with_stdout;
use crate::error::{Error, Result};
use crate::take::{Address, Closed, Compression, Phase, Session, Signals, SnapshotFile, Stop, Target, Ways, Wish};
use crate::view::date::timestamp;
use crate::view::text;

/// Does what the arguments say; the files that are to be explored now.
pub(super) fn run(arguments: &TakeArguments) -> Result<Vec<PathBuf>> {
    let address = Address::parse(&arguments.whom)?;
    let names = names(arguments, &address)?;
    let stop = Stop::default();
    let _signals = Signals::hear(&stop);
    let patience = Duration::from_secs_f64(arguments.timeout);
    let ways = Ways { signal: arguments.signal, patience, stop };
    let mut choose = |targets: &[Target]| -> Result<Option<usize>> {
        if arguments.list {
            list(targets)?;
            return Ok(None);
        }
        choose(targets, arguments.target.as_deref()).map(Some)
    };
    // Before anything is done to the program: a file that cannot be written need not disturb it.
    let first = if arguments.list { None } else { Some(create(&names[0], arguments)?) };
    if !arguments.list && names.len() > 1 {
        names.iter().try_for_each(|name| SnapshotFile::must_be_free(name, arguments.force).map(|_| ()))?;
    }
    let Some(mut session) = Session::open(&address, &mut choose, &ways)? else { return Ok(Vec::new()) };
    say_before(&session, arguments);
    let taken = take_all(&mut session, arguments, &names, first.expect("there is a target to be taken"));
    say_after(session.close(), matches!(address, Address::Process(_)));
    taken?;
    if names[0] == Path::new("-") {
        return Ok(Vec::new());
    }
    if arguments.no_open || !io::stdout().is_terminal() {
        with_stdout(|out| names.iter().try_for_each(|name| writeln!(out, "{}", name.display())))?;
        return Ok(Vec::new());
    }
    Ok(names)
}

// ---- files ----

/// The names of the files to come.
fn names(arguments: &TakeArguments, address: &Address) -> Result<Vec<PathBuf>> {
    let name = match &arguments.out {
        Some(name) if name.as_os_str() == "-" => {
            if arguments.three {
                return Err(Error::Usage("three snapshots need a name; --out - is for one".into()));
            }
            if io::stdout().is_terminal() {
                return Err(Error::Usage("standard output is a terminal; --out FILE writes to a file".into()));
            }
            return Ok(vec![name.clone()]);
        }
        Some(name) => name.clone(),
        None => {
            let time = timestamp(SystemTime::now()).replace(['-', ':'], "");
            let ending = match arguments.compress {
                None | Some(CompressChoice::Zstd) => ".zst",
                Some(CompressChoice::Gzip) => ".gz",
                Some(CompressChoice::None) => "",
            };
            format!("heap-{}-{time}.heapsnapshot{ending}", address.short()).into()
        }
    };
    if !arguments.three {
        return Ok(vec![name]);
    }
    Ok((1..=3).map(|number| numbered(&name, number)).collect())
}

/// `app.heapsnapshot.gz` → `app-2.heapsnapshot.gz`
fn numbered(name: &Path, number: usize) -> PathBuf {
    let text = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let endings = [".zst", ".gz", ".heapsnapshot", ".json"];
    let stem = endings.iter().fold(&*text, |stem, ending| stem.strip_suffix(ending).unwrap_or(stem));
    name.with_file_name(format!("{stem}-{number}{}", &text[stem.len()..]))
}

fn create(name: &Path, arguments: &TakeArguments) -> Result<SnapshotFile> {
    let compression = match arguments.compress {
        Some(CompressChoice::Zstd) => Compression::Zstd,
        Some(CompressChoice::Gzip) => Compression::Gzip,
        Some(CompressChoice::None) => Compression::None,
        None => Compression::of_name(name).unwrap_or(Compression::Zstd),
    };
    SnapshotFile::create(name, compression, arguments.force)
}

// ---- targets ----

/// The one that is meant.
fn choose(targets: &[Target], wanted: Option<&str>) -> Result<usize> {
    if let Some(wanted) = wanted {
        return find(targets, wanted);
    }
    let workers = targets.iter().skip(1).filter(|target| target.is_worker_of_process()).count();
    if workers + 1 == targets.len() {
        if workers > 0 {
            let (have, heaps) = if workers == 1 { ("has", "a heap") } else { ("have", "heaps") };
            load::say(&format!(
                "{workers} worker{} {have} {heaps} of their own; --target chooses one, --list shows them",
                plural(workers)
            ));
        }
        return Ok(0);
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let names: Vec<String> =
            targets.iter().take(9).map(|target| format!("{} {:?}", target.kind, target.name())).collect();
        let all = names.join(", ");
        return Err(Error::Unknown(format!("there are {} targets: {all}; --target names one", targets.len())));
    }
    load::show(&lines(targets));
    let mut err = io::stderr();
    let _ = write!(err, "heapwalk: which one? ").and_then(|()| err.flush());
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|problem| Error::io("standard input", &problem))?;
    match answer.trim() {
        "" => Err(Error::Cancelled),
        answer => find(targets, answer),
    }
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// By its number in the list or its id; else by what only one has.
fn find(targets: &[Target], wanted: &str) -> Result<usize> {
    let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some(number) = number.filter(|&number| number < targets.len()) {
        return Ok(number);
    }
    if let Some(exact) = targets.iter().position(|target| target.id == wanted) {
        return Ok(exact);
    }
    let wanted_low = wanted.to_lowercase();
    let has = |target: &Target| {
        [&target.kind, &target.title, &target.url].iter().any(|text| text.to_lowercase().contains(&wanted_low))
    };
    let found: Vec<usize> = (0..targets.len()).filter(|&index| has(&targets[index])).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(Error::Unknown(format!("no target is called {wanted:?}; --list shows all"))),
        _ => Err(Error::Unknown(format!("{} targets have {wanted:?}; --list shows all", found.len()))),
    }
}

fn lines(targets: &[Target]) -> Vec<String> {
    let shown = |text: &str| text::sanitize(&text.chars().take(80).collect::<String>()).into_owned();
    let width = targets.iter().map(|target| target.kind.chars().count()).max().unwrap_or(0).min(20);
    let line = |(index, target): (usize, &Target)| {
        let url = if target.title.is_empty() { "" } else { &*target.url };
        let line =
            format!("{:>3}  {:width$}  {}  {}", index + 1, shown(&target.kind), shown(target.name()), shown(url));
        line.trim_end().to_owned()
    };
    targets.iter().enumerate().map(line).collect()
}

fn list(targets: &[Target]) -> Result<()> {
    with_stdout(|out| lines(targets).iter().try_for_each(|line| writeln!(out, "{line}")))
}

// ---- what is said ----

fn say_before(session: &Session, arguments: &TakeArguments) {
    if session.is_far() {
        load::say("warning: the snapshot comes over the network as it is, and can be read on its way");
    }
    for lack in session.lacks(&wish(arguments)) {
        load::say(&format!("warning: {lack}"));
    }
    let heap = session.heap.map(|heap| format!("heap {}", text::bytes(heap)));
    let about: Vec<String> =
        [Some(session.engine.name()), heap].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    let name = match session.target.name() {
        "" => arguments.whom.as_str(),
        name => name,
    };
    let records = match arguments.timeline {
        Some(seconds) => format!("is slower for {seconds} s, then "),
        None => String::new(),
    };
    load::say(&format!(
        "{name}{about} {records}stands still while its snapshot is taken, and needs memory for it: twice its heap and more"
    ));
}

fn say_after(closed: Closed, is_process: bool) {
    match closed {
        Closed::NotOurs if is_process => load::say("its inspector was open before, and stays open"),
        Closed::NotOurs | Closed::Gone => {}
        Closed::Yes => load::say("its inspector, opened for this, is closed again"),
        Closed::NotYet(place) => {
            load::say(&format!("its inspector is still open at {place}; it closes once the program is free to do so"));
        }
        Closed::No(place) => load::say(&format!("its inspector stays open at {place}: this program cannot close it")),
    }
}

// ---- taking ----

fn wish(arguments: &TakeArguments) -> Wish {
    Wish {
        numeric: arguments.numeric,
        internals: arguments.internals,
        timeline: arguments.timeline.map(Duration::from_secs_f64),
    }
}

fn take_all(session: &mut Session, arguments: &TakeArguments, names: &[PathBuf], first: SnapshotFile) -> Result<()> {
    let mut file = Some(first);
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            ask(session, index)?;
        }
        let file = file.take().map_or_else(|| create(name, arguments), Ok)?;
        take_one(session, &wish(arguments), file, name)?;
    }
    Ok(())
}

fn take_one(session: &mut Session, wish: &Wish, mut file: SnapshotFile, name: &Path) -> Result<()> {
    let mut progress = Progress::new();
    let taken = session.take(wish, &mut file, &mut |phase, waited| progress.show(phase, waited))?;
    progress.clear();
    let size = file.publish()?;
    if name != Path::new("-") {
        let whole = text::bytes(taken.bytes);
        let size =
            if size == taken.bytes { whole } else { format!("{}, {whole} before compression", text::bytes(size)) };
        load::say(&format!("{}: {size}", name.display()));
    }
    Ok(())
}

/// Waits for Enter, with the connection.
fn ask(session: &mut Session, taken: usize) -> Result<()> {
    let what = if taken == 1 { "do in the program what you suspect" } else { "do the same again, as often as before" };
    load::say(&format!("{taken} of 3 taken; now {what}, then press Enter"));
    let lines = next_line();
    let mut ended = false;
    session.wait(&mut || match lines.try_recv() {
        Ok(is_line) => {
            ended = !is_line;
            true
        }
        Err(TryRecvError::Empty) => false,
        Err(TryRecvError::Disconnected) => {
            ended = true;
            true
        }
    })?;
    if ended {
        return Err(Error::Take(format!(
            "nobody presses Enter: standard input has ended; {taken} of 3 snapshots are there"
        )));
    }
    Ok(())
}

/// Tells when a line of standard input has come, or that none will.
fn next_line() -> Receiver<bool> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let is_line = io::stdin().lock().read_line(&mut line).is_ok_and(|len| len > 0);
        let _ = sender.send(is_line);
    });
    receiver
}

/// A line of progress, where standard error is a terminal.
struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    fn new() -> Progress {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            bar.set_style(ProgressStyle::with_template("{msg}").expect("a constant template"));
            bar
        });
        Progress { bar, begun: Instant::now(), drawn: None }
    }

    fn show(&mut self, phase: Phase, waited: Duration) {
        let Some(bar) = &self.bar else { return };
        if self.drawn.is_some_and(|drawn| drawn.elapsed() < Duration::from_millis(100)) {
            return;
        }
        self.drawn = Some(Instant::now());
        bar.set_message(told(phase, waited, self.begun.elapsed()));
        bar.tick();
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `the engine walks through its heap  61 %  3.2 s`
fn told(phase: Phase, waited: Duration, begun: Duration) -> String {
    let what = match phase {
        Phase::Collecting => "the engine collects garbage".into(),
        Phase::Recording { since, of } => {
            format!("recording allocations  {} of {} s", since.as_secs(), of.as_secs_f64())
        }
        Phase::Walking { total: 0, .. } => "the engine walks through its heap".into(),
        Phase::Walking { done, total } => format!("the engine walks through its heap  {}", text::percent(done, total)),
        Phase::Writing { bytes } => format!("writing  {}", text::bytes(bytes)),
    };
    let silent = if waited.as_secs() >= 3 { "  (nothing has come for a while)" } else { "" };
    format!("{what}  {}{silent}", text::seconds(begun.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_the_endings() {
        let of = |name: &str| numbered(Path::new(name), 2).display().to_string();
        assert_eq!(of("a/app.v2.heapsnapshot.zst"), "a/app.v2-2.heapsnapshot.zst");
        assert_eq!(of("app"), "app-2");
        assert_eq!(of("app.json"), "app-2.json");
    }
}
