//! How long keys take, in a pseudo-terminal: `cargo bench --bench keys -- FILE [--keys N] [--only KIND]`.
//!
//! Presses a thousand keys of each kind, each as soon as the frame of the one before is there, as a held key does; ten of
//! them wait until all that follows has come, the Retainers among them: seconds each, on the largest heaps. Prints for each kind the median, the 99th
//! of a hundred and the worst time from the key to the last byte of its frame, then to the last byte of all that it led
//! to, and the median of the bytes. `--line KBS` reads so many kilobytes a second instead, and tells what is still on its
//! way when the hand has let go. Linux, for it asks the system whether the program is at work.

#[path = "../program/terminal.rs"]
mod terminal;

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use terminal::{Answers, PROGRAM, Session};

/// 120 × 40, as in the document.
const SIZE: (u16, u16) = (120, 40);
/// Pieces of one frame come closer together than this.
const GAP: Duration = Duration::from_millis(6);
/// Nothing for so long, from a program that is not at work: there is no more to come but what waits for a rest.
const QUIET: Duration = Duration::from_millis(12);
/// Nothing for so long: what waits for the cursor to rest (80 ms) has come too.
const REST: Duration = Duration::from_millis(160);
/// A key without a frame is given up after this.
const NO_FRAME: Duration = Duration::from_millis(60);
/// So many keys of a kind wait for all that follows.
const RESTS: usize = 10;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (mut file, mut keys, mut only, mut line) = (None, 1000, None, None);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|value| value.parse::<usize>().ok()).expect("a number");
        match argument.as_str() {
            "--keys" => keys = number(),
            "--line" => line = Some(number()),
            "--only" => only = arguments.next(),
            _ => file = Some(argument),
        }
    }
    let Some(file) = file else {
        // Also what `cargo bench` without a name asks for.
        println!("keys: cargo bench --bench keys -- FILE [--keys N] [--only KIND] [--line KBS]");
        return;
    };
    match line {
        Some(kilobytes) => slow_line(&file, kilobytes),
        None => measure(&file, keys, only.as_deref()),
    }
}

/// The explorer on a file, with all its numbers there.
fn open(file: &str, bytes_a_second: Option<usize>) -> Terminal {
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg(file);
    let cache = std::env::var("XDG_CACHE_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cache"));
    let cache = cache.unwrap_or_default();
    let session = Session::silent(command, SIZE, &[("COLORTERM", "truecolor"), ("XDG_CACHE_HOME", &cache)]);
    let mut terminal = Terminal { came: listen(&session, bytes_a_second), session };
    terminal.wait_until_loaded();
    terminal
}

/// One kind of key: what is done before, and what each press sends; nothing: those are no measurements.
struct Kind {
    name: &'static str,
    before: &'static [&'static str],
    presses: &'static [&'static str],
    /// What puts things back where a press has led to no frame: the end of a list.
    back: &'static str,
    after: &'static [&'static str],
    /// Whether what a press asks of a worker belongs to it. Otherwise the next key comes with the frame.
    waits: bool,
}

const OPEN_STRINGS: &[&str] = &["1", "/(string)\r", "g", "l"];
const CLOSE: &[&str] = &["g", "h", "/\x15\r", "\x1b"];

const KINDS: [Kind; 8] = [
    Kind { name: "j in the Summary", before: &["1", "g"], presses: &["j"], back: "g", after: &["g"], waits: false },
    Kind { name: "j in the strings", before: OPEN_STRINGS, presses: &["j"], back: "g", after: CLOSE, waits: false },
    Kind {
        name: "G, g in the strings",
        before: OPEN_STRINGS,
        presses: &["G", "g"],
        back: "g",
        after: CLOSE,
        waits: false,
    },
    Kind {
        name: "h, l on the strings",
        before: OPEN_STRINGS,
        presses: &["h", "l"],
        back: "g",
        after: CLOSE,
        waits: true,
    },
    Kind {
        name: "a letter of the filter",
        before: &["1", "/"],
        presses: &["a", "r", "r", "a", "y", "\x7f", "\x7f", "\x7f", "\x7f", "\x7f"],
        back: "",
        after: &["\x15\r", "\x1b"],
        waits: true,
    },
    Kind {
        name: "3, 4, 5, 7, 1",
        before: &["1"],
        presses: &["3", "4", "5", "7", "1"],
        back: "",
        after: &["1"],
        waits: true,
    },
    Kind { name: "s in the Summary", before: &["1", "g"], presses: &["s"], back: "", after: &["g"], waits: true },
    Kind { name: "r, [ on a string", before: OPEN_STRINGS, presses: &["r", "["], back: "", after: CLOSE, waits: false },
];

fn measure(file: &str, keys: usize, only: Option<&str>) {
    let mut terminal = open(file, None);
    let head = ["median", "p99", "worst", "median", "p99", "worst", "bytes", "at rest", "bytes"];
    println!(
        "| {keys} keys each, ms | to the frame: {} | {} | {} | to all of it: {} | {} | {} | {} | {} | {} | no frame |",
        head[0], head[1], head[2], head[3], head[4], head[5], head[6], head[7], head[8]
    );
    println!("| --- |{}", " ---: |".repeat(10));
    for Kind { name, before, presses, back, after, waits } in &KINDS {
        if only.is_some_and(|only| !name.contains(only)) {
            continue;
        }
        for keys in before.iter().chain(&["j", "k"]) {
            terminal.press(keys, Until::Rest);
        }
        let (mut held, mut rested, mut without) = (Vec::new(), Vec::new(), 0);
        let each = (keys / RESTS).max(1);
        for number in 0..keys {
            let rests = number % each == each - 1;
            let until = match () {
                () if rests => Until::Rest,
                () if *waits => Until::Answer,
                () => Until::Frame,
            };
            match terminal.press(presses[number % presses.len()], until) {
                Some(press) if rests => rested.push(press),
                Some(press) => held.push(press),
                None => {
                    without += 1;
                    if !back.is_empty() {
                        terminal.press(back, Until::Rest);
                    }
                }
            }
        }
        let all: Vec<&Press> = held.iter().chain(&rested).collect();
        let [frame, whole] = [times(all.iter().map(|press| press.frame)), times(held.iter().map(|press| press.all))];
        let bytes = middle(all.iter().map(|press| press.frame_bytes));
        let [rest, ..] = times(rested.iter().map(|press| press.all));
        let rest_bytes = middle(rested.iter().map(|press| press.bytes));
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {bytes} | {rest} | {rest_bytes} | {without} |",
            frame[0], frame[1], frame[2], whole[0], whole[1], whole[2]
        );
        for keys in *after {
            terminal.press(keys, Until::Rest);
        }
    }
    terminal.leave();
}

/// Median, 99th of a hundred, worst, in milliseconds.
fn times(times: impl Iterator<Item = Duration>) -> [String; 3] {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    [times.len() / 2, times.len() * 99 / 100, last].map(|at| match times.get(at.min(last)) {
        Some(time) => format!("{:.1}", time.as_secs_f64() * 1000.0),
        None => "–".into(),
    })
}

fn middle(numbers: impl Iterator<Item = usize>) -> usize {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or(0)
}

/// A hand holds `j` for three seconds at thirty a second, over a line that cannot carry all frames. What comes after it has
/// let go are frames nobody wants any more, but for the last and for what a terminal keeps.
fn slow_line(file: &str, kilobytes: usize) {
    let mut terminal = open(file, Some(kilobytes * 1000));
    terminal.press("g", Until::Rest);
    let begun = terminal.total();
    let (mut pressed, started) = (0, Instant::now());
    while started.elapsed() < Duration::from_secs(3) {
        terminal.session.press(if pressed / 30 % 2 == 0 { "j" } else { "k" });
        pressed += 1;
        std::thread::sleep(Duration::from_millis(33));
    }
    let (let_go, then) = (Instant::now(), terminal.total());
    let last = terminal.settle();
    let (seconds, bytes) = (last.saturating_duration_since(let_go).as_secs_f64(), terminal.total() - then);
    println!(
        "{pressed} keys in 3 s over {kilobytes} kB/s: {} bytes until the last key, {bytes} after it, in {seconds:.2} s",
        then - begun
    );
    terminal.leave();
}

/// What has come since the last look.
#[derive(Default)]
struct Came {
    pieces: Vec<(Instant, usize)>,
    total: usize,
}

struct Terminal {
    session: Session,
    came: Arc<Mutex<Came>>,
}

/// What is waited for behind a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Frame,
    /// What workers have been asked.
    Answer,
    /// What waits for the cursor to rest, too.
    Rest,
}

/// What a key led to.
struct Press {
    /// Until the last byte of the first frame.
    frame: Duration,
    frame_bytes: usize,
    /// Until the last byte of all.
    all: Duration,
    bytes: usize,
}

fn listen(session: &Session, bytes_a_second: Option<usize>) -> Arc<Mutex<Came>> {
    let came = Arc::new(Mutex::new(Came::default()));
    let mut reader = session.master.try_clone_reader().expect("a reader");
    let (to_watcher, to_screen) = (came.clone(), session.screen_of());
    let mut answers = Answers::new(session.writer());
    std::thread::spawn(move || {
        let mut buffer = vec![0; bytes_a_second.map_or(1 << 16, |bytes| bytes / 100)];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let mut came = to_watcher.lock().expect("nobody panics");
            came.pieces.push((Instant::now(), count));
            came.total += count;
            drop(came);
            to_screen.lock().expect("nobody panics").take(&buffer[..count]);
            if bytes_a_second.is_some() {
                std::thread::sleep(Duration::from_millis(10));
            }
            answers.read(&buffer[..count]);
        }
    });
    came
}

impl Terminal {
    fn total(&self) -> usize {
        self.came.lock().expect("nobody panics").total
    }

    /// Presses and waits for what comes; nothing where there is no frame.
    fn press(&mut self, keys: &str, until: Until) -> Option<Press> {
        self.came.lock().expect("nobody panics").pieces.clear();
        let begun = Instant::now();
        self.session.press(keys);
        self.wait(begun, until);
        let came = self.came.lock().expect("nobody panics");
        let last = came.pieces.last()?.0;
        let mut frame = came.pieces[0];
        frame.1 = 0;
        for &(at, bytes) in came.pieces.iter().take_while(|piece| piece.0 - begun <= last - begun) {
            if at - frame.0 > GAP {
                break;
            }
            frame = (at, frame.1 + bytes);
        }
        let bytes = came.pieces.iter().map(|piece| piece.1).sum();
        Some(Press { frame: frame.0 - begun, frame_bytes: frame.1, all: last - begun, bytes })
    }

    /// Waits until nothing has come for a time and, unless it is for a frame, the program is not at work.
    fn wait(&self, begun: Instant, until: Until) {
        let quiet = if until == Until::Rest { REST } else { QUIET };
        let mut looked = (begun, Duration::ZERO);
        loop {
            std::thread::sleep(Duration::from_micros(500));
            let last = self.came.lock().expect("nobody panics").pieces.last().map(|piece| piece.0);
            let is_quiet = match last {
                Some(last) => last.elapsed() >= quiet,
                None => begun.elapsed() >= NO_FRAME.max(quiet),
            };
            if is_quiet && until == Until::Frame {
                return;
            }
            if is_quiet && looked.0.elapsed() >= QUIET {
                let used = processor_time(self.session.pid());
                if used.saturating_sub(looked.1) < Duration::from_millis(1) {
                    return;
                }
                looked = (Instant::now(), used);
            }
        }
    }

    /// When the last byte came, once none has come for a second.
    fn settle(&self) -> Instant {
        loop {
            std::thread::sleep(Duration::from_millis(5));
            let last = self.came.lock().expect("nobody panics").pieces.last().map(|piece| piece.0);
            if let Some(last) = last.filter(|last| last.elapsed() > Duration::from_secs(1)) {
                return last;
            }
        }
    }

    /// Minutes, for the largest files.
    fn wait_until_loaded(&mut self) {
        let begun = Instant::now();
        while !self.session.is_loaded() {
            assert!(begun.elapsed() < Duration::from_secs(1200), "it does not load:\n{}", self.session.screen());
            std::thread::sleep(Duration::from_millis(20));
        }
        eprintln!("all numbers after {:.2} s", begun.elapsed().as_secs_f64());
        self.wait(begun, Until::Rest);
    }

    fn leave(mut self) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.session.pid())).unwrap_or_default();
        let peak = status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
        peak.for_each(|line| eprintln!("{}", line.replace('\t', " ")));
        self.session.press("q");
        self.session.end();
    }
}

/// What all threads of a process have used.
fn processor_time(pid: i32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten();
    let of_thread = |thread: std::fs::DirEntry| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(threads.flatten().filter_map(of_thread).sum())
}
