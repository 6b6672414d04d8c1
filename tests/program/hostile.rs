//! Situations in which a terminal is no help: it reads nothing, it is gone, it sends what nobody types.

use std::time::{Duration, Instant};

use crate::terminal::{PROGRAM, SMALL, Session};
use portable_pty::CommandBuilder;

/// Ends that come within a second: what fails takes for ever, and a machine that does much else is given time.
const SOON: Duration = Duration::from_secs(40);

fn demo() -> CommandBuilder {
    at("demo")
}

fn at(file: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg(file);
    command
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % end
    }
}

fn pass(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        std::thread::park_timeout(end.saturating_duration_since(Instant::now()));
    }
}

#[test]
fn a_terminal_that_reads_nothing_does_not_keep_the_program() {
    for (name, words) in [("TERM", "Terminated"), ("HUP", "Hangup"), ("INT", "Interrupt")] {
        let mut session = Session::silent(at(SMALL), (200, 60), &[]);
        session.listen_until(Session::is_loaded);
        // Each draws nearly every number anew: ten times of what the system keeps for a terminal.
        for _ in 0..200 {
            session.press("b");
            pass(Duration::from_millis(5));
        }
        let begun = Instant::now();
        session.signal(name);
        assert_eq!(session.end().1.as_deref(), Some(words));
        assert!(begun.elapsed() < SOON, "{name} took {:?}", begun.elapsed());
        // Whoever goes on after a while finds a terminal as it was.
        session.listen();
        session.assert_restored();
    }
}

#[test]
fn a_terminal_that_goes_away_at_any_time_ends_the_program() {
    let wrote = |bytes: usize| move |session: &Session| session.received().bytes.len() >= bytes;
    let moments: [&dyn Fn(&Session) -> bool; 6] =
        [&|_| true, &wrote(1), &wrote(300), &wrote(1000), &wrote(3000), &Session::is_loaded];
    // The leader of a session gets a signal when its terminal goes, others get none.
    for is_leader in [true, false] {
        for (moment, has_come) in moments.iter().enumerate() {
            let mut command = demo();
            command.set_controlling_tty(is_leader);
            let mut session = Session::silent(command, (80, 24), &[]);
            session.listen_until(has_come);
            let begun = Instant::now();
            session.hang_up();
            let (status, signal) = session.end();
            let told = format!("leader {is_leader}, moment {moment}: {status} {signal:?} after {:?}", begun.elapsed());
            assert!(begun.elapsed() < SOON, "{told}");
            assert!(signal.as_deref() == Some("Hangup") || signal.is_none() && status == 2, "{told}");
        }
    }
}

#[test]
fn a_terminal_that_goes_away_under_a_worker_ends_the_program() {
    let mut command = demo();
    command.set_controlling_tty(false);
    let mut session = Session::silent(command, (80, 24), &[]);
    session.listen_until(Session::is_loaded);
    session.press("7");
    session.hang_up();
    assert_eq!(session.end().1.as_deref(), Some("Hangup"));
}

#[test]
fn whenever_it_is_killed_the_terminal_is_as_it_was() {
    let mut numbers = Numbers(7);
    let garbage =
        ["\x1b[<35;70;20M", "\x1b[<0;5;9M\x1b[<0;5;9m", "\x1b]11;rgb:ff", "\x1b[M !!", "\x1b[200~", "\x1b[<64;9;9M"];
    for run in 0..60 {
        let mut session = Session::run(demo(), (80, 24), &[]);
        let begun = Instant::now();
        let life = Duration::from_micros(numbers.below(120_000));
        while begun.elapsed() < life {
            // Some are killed in peace.
            if run % 3 > 0 {
                session.press(garbage[numbers.below(garbage.len() as u64) as usize]);
            }
            pass(Duration::from_micros(numbers.below(2_000)));
        }
        let (name, words) = [("TERM", "Terminated"), ("HUP", "Hangup"), ("INT", "Interrupt"), ("QUIT", "Quit")]
            [numbers.below(4) as usize];
        session.signal(name);
        let (status, signal) = session.end();
        assert_eq!(signal.as_deref(), Some(words), "run {run}, after {life:?}: {status}");
        session.assert_restored();
    }
}

#[test]
fn pasted_text_is_text() {
    let mut session = Session::demo();
    session.press("\x1b[200~quit jjq\nq\x1b[201~");
    session.wait_text("pasted text is not taken for keys; /, F or @ first, then paste");
    session.press("/\x1b[200~\tSession\nq\x1b[201~");
    session.wait_text("the first of 2 pasted lines; the other is left out");
    session.wait_text(" /Session");
    session.press("\x15\x1b[200~Session\x1b[201~\r");
    session.wait_text("2 of 1");
    session.press("@\x1b[200~@12x\x1b[201~");
    session.wait_text("an object id is a number");
    session.press("\x1b[200~ @210215\n\x1b[201~\r");
    session.wait_text("@210215");
    session.press(":\x1b[200~containment\x1b[201~\r");
    session.wait_text("(GC roots)");
    session.press("q");
    assert_eq!(session.end(), (0, None));
    session.assert_restored();
}

/// The demo is loaded, these bytes come as fast as they can, and then Ctrl-C: how long the end takes.
fn after_flood(before: &str, bytes: Vec<u8>) -> Duration {
    let mut session = Session::demo();
    session.press(before);
    session.flood(bytes);
    let begun = Instant::now();
    session.press("\x03");
    assert_eq!(session.end().0, 130);
    session.assert_restored();
    begun.elapsed()
}

#[test]
fn a_flood_of_input_is_never_far_ahead_of_the_screen() {
    const BYTES: usize = 100_000;
    let mut numbers = Numbers(1);
    // All but those that leave or stop: `q`, Ctrl-C, Ctrl-Z.
    let random = (0..BYTES).map(|_| numbers.below(256) as u8).filter(|byte| ![b'q', 3, 26].contains(byte)).collect();
    let keys = b"jlsGk/Sess\r7125".iter().copied().cycle().take(BYTES).collect();
    let mut paste = b"\x1b[200~".to_vec();
    paste.resize(BYTES, b'q');
    paste.extend(b"\x1b[201~");
    let floods: [(&str, Vec<u8>); 6] = [
        ("/", vec![b'a'; BYTES]),
        (":", vec![b'a'; BYTES]),
        ("/", paste),
        ("\x1b]", vec![b'q'; BYTES]),
        ("", random),
        ("", keys),
    ];
    for (place, (before, bytes)) in floods.into_iter().enumerate() {
        let time = after_flood(before, bytes);
        assert!(time < SOON, "flood {place}: {time:?}");
    }
}
