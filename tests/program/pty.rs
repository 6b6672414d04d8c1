//! The explorer in a real pseudo-terminal: ways in, ways out, and what is on the screen.

use std::cell::Cell;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::terminal::{DEMO, PROGRAM, SMALL, Session};
use crate::without_cache;
use portable_pty::{CommandBuilder, PtySize};

#[test]
fn q_gives_the_terminal_back() {
    let mut session = Session::small();
    session.press("q");
    assert_eq!(session.end(), (0, None));
    session.assert_restored();
}

#[test]
fn control_c_leaves_with_130_even_from_a_prompt() {
    let mut session = Session::small();
    session.press("/sess");
    session.wait_text("/ sess");
    session.press("\x03");
    assert_eq!(session.end().0, 130);
    session.assert_restored();
}

#[test]
fn signals_give_the_terminal_back_and_end_as_signals_do() {
    for (name, words) in [("TERM", "Terminated"), ("HUP", "Hangup"), ("INT", "Interrupt")] {
        let mut session = Session::small();
        session.signal(name);
        let (_, signal) = session.end();
        assert_eq!(signal.as_deref(), Some(words));
        session.assert_restored();
    }
}

#[test]
fn a_signal_while_loading_gives_the_terminal_back() {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("(sleep 1000) | exec {PROGRAM} -")]);
    let mut session = Session::run(command, (80, 24), &[]);
    session.wait_text("loading");
    session.press("\x03");
    session.wait_for("the shell's screen", |session| !session.received().screen.screen().alternate_screen());
    let _ = session.child.kill();
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    // A terminal inside the terminal, so that it can go away while somebody watches.
    Command::new("script").arg("--version").output().expect("`script` of util-linux is there");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pid");
    let inner = format!("echo $$ > {}; exec {PROGRAM} {SMALL}", file.display());
    let mut command = CommandBuilder::new("script");
    command.args(["-qfc", &inner, "/dev/null"]);
    let mut session = Session::run(command, (80, 24), &[("SHELL", "/bin/sh")]);
    session.wait_for("all is there", Session::is_loaded);
    let pid = std::fs::read_to_string(&file).expect("its number").trim().to_owned();
    session.signal("KILL");
    session.end();
    let gone = |_: &Session| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Whoever adopts it may take its time to notice.
        stat.is_empty() || stat.contains(") Z")
    };
    session.wait_for("the program's end", gone);
}

#[test]
fn a_window_whose_size_changes_all_the_time_is_drawn_as_large_as_it_is_in_the_end() {
    for run in 0..5u32 {
        let mut session = Session::small();
        let mut random = run.wrapping_mul(0x9E37_79B9) + 1;
        let mut next = |most: u32| {
            // A xorshift: the same sizes each time.
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            (random % (most + 1)) as u16
        };
        for step in 0..300 {
            // Half of them about as large as windows are.
            let (cols, rows) = if step % 2 == 0 { (next(600), next(200)) } else { (next(120), next(40)) };
            session.master.resize(PtySize { rows, cols, ..PtySize::default() }).expect("a size");
            let keys = ["j", "l", "\t", "?", "\x1b", "3", "1", "i", "G", "+", "z", "o"];
            // Fewer keys than may wait: more are not taken.
            if step % 3 == 0 {
                session.press(keys[next(keys.len() as u32 - 1) as usize]);
            }
        }
        session.master.resize(PtySize { rows: 24, cols: 80, ..PtySize::default() }).expect("a size");
        // Out of whatever is open, then an answer at the place where it stands in a window of this size.
        session.press("\x1b\x1b\x1b\x1b\x1b1");
        session.press("Q");
        session.wait_for("the last line", |session| {
            session.screen().lines().nth(23).is_some_and(|line| line.contains("this key does nothing here"))
        });
        session.press("q");
        assert_eq!(session.end(), (0, None), "run {run}");
        session.assert_restored();
    }
}

#[test]
fn control_z_stops_it_and_continuing_draws_all_again() {
    // A shell with job control between the terminal and the program, as in real life.
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    let mut session = Session::run(command, (80, 24), &[("PS1", "ready> ")]);
    session.wait_text("ready>");
    session.press(&format!("{PROGRAM} {SMALL}\r"));
    session.wait_for("all is there", Session::is_loaded);
    session.press("\x1a");
    session.wait_text("Stopped");
    let alternate = |session: &Session| session.received().screen.screen().alternate_screen();
    assert!(!alternate(&session));
    session.press("fg\r");
    session.wait_for("the screen again", |session| alternate(session) && session.is_loaded());
    // From inside a prompt too.
    session.press("/sess\x1a");
    session.wait_for("the shell again", |session| !alternate(session));
    session.press("fg\r");
    session.wait_text("/ sess");
    session.press("\x1bq");
    session.wait_for("the shell again", |session| !alternate(session));
    session.press("exit\r");
    session.end();
}

#[test]
fn an_error_is_a_screen_and_q_leaves_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.heapsnapshot");
    std::fs::write(&path, "{\"snapshot\":{\"meta\":{}}, \"nodes\": [1,2").expect("a file");
    let mut session = Session::start(&[&path.display().to_string()], (80, 24), &[]);
    session.wait_text("what to do");
    session.press("q");
    assert_eq!(session.end().0, 2);
    session.assert_restored();
    // What was wrong stays to be read.
    session.wait_text("broken.heapsnapshot: snapshot: `node_fields` has no `type`");
}

#[test]
fn a_terminal_is_no_snapshot() {
    let mut session = Session::start(&["-"], (80, 24), &[]);
    assert_eq!(session.end().0, 2);
    session.wait_text("standard input is the terminal");
    assert!(!String::from_utf8_lossy(&session.received().bytes).contains("\x1b[?1049h"), "no screen was shown");
}

#[test]
fn a_snapshot_can_come_from_standard_input_and_keys_from_the_terminal() {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("exec {PROGRAM} - < {DEMO}")]);
    let mut session = Session::run(command, (80, 24), &[]);
    session.wait_for("all is there", Session::is_loaded);
    assert!(session.screen().contains("standard input"));
    session.press("/session\r");
    session.wait_text("2 of 1");
    session.press("q");
    assert_eq!(session.end().0, 0);
    session.assert_restored();
}

#[test]
fn without_a_terminal_one_line_says_what_to_do() {
    let output =
        without_cache("setsid").args([PROGRAM, DEMO]).stdin(Stdio::null()).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(&format!("needs a terminal; try `heapwalk summary {DEMO}`")), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_dumb_terminal_gets_no_colours() {
    let mut session = Session::start(&[SMALL], (80, 24), &[("TERM", "dumb")]);
    session.wait_for("all is there", Session::is_loaded);
    session.press("q");
    assert_eq!(session.end().0, 0);
    let received = session.received();
    let text = String::from_utf8_lossy(&received.bytes);
    assert!(!text.contains("\x1b[38;") && !text.contains("\x1b[48;") && !text.contains("]11;?"), "colours");
}

#[test]
fn nothing_is_written_when_nothing_changes() {
    let mut session = Session::demo();
    // An answer to a key shows that everything before it has been drawn.
    session.press("jQ");
    session.wait_text("this key does nothing here");
    let count = |session: &Session| session.received().bytes.len();
    // Who holds the class under the cursor comes once it rests, and is counted row by row, and the suspects come; then
    // there is silence, and a second of it has to be silent.
    session.wait_text("Held by");
    session.wait_text("suspects: 0");
    let is_open = |line: &str| line.trim_end().ends_with('…');
    session.wait_for("all numbers", |session| !session.screen().lines().any(is_open));
    let quiet_since = Cell::new((Instant::now(), count(&session)));
    session.wait_for("silence", |session| {
        if quiet_since.get().1 != count(session) {
            quiet_since.set((Instant::now(), count(session)));
        }
        quiet_since.get().0.elapsed() > Duration::from_secs(2)
    });
    let quiet_since = (Instant::now(), count(&session));
    session.wait_for("a second", |_| quiet_since.0.elapsed() > Duration::from_secs(1));
    assert_eq!(count(&session), quiet_since.1);
    session.press("q");
    session.end();
}

#[test]
fn a_terminal_that_answers_is_asked_again_and_types_nothing() {
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg(SMALL);
    let mut session = Session::silent(command, (80, 24), &[]);
    session.listen_and_answer();
    session.wait_for("all is there", Session::is_loaded);
    let questions = |session: &Session| session.received().bytes.windows(4).filter(|bytes| bytes == b"\x1b[6n").count();
    let count = |session: &Session| session.received().bytes.len();
    // A quick one is asked behind every 64th frame.
    // Two keys that come together never lead back to where they began, which would be no frame.
    for key in std::iter::repeat_n("j", 40).chain(["g"]).cycle() {
        if questions(&session) >= 3 {
            break;
        }
        let before = count(&session);
        session.press(key);
        session.wait_for("a frame", |session| count(session) > before);
    }
    assert!(session.screen().contains("All objects"), "an answer was taken for keys:\n{}", session.screen());
    session.press("q");
    session.end();
    session.assert_restored();
}

#[test]
fn the_background_decides_about_colours_after_the_first_frame() {
    let mut session = Session::start(&["demo"], (80, 24), &[("COLORTERM", "truecolor")]);
    let asked = |session: &Session| {
        let received = session.received();
        received.bytes.windows(6).position(|bytes| bytes == b"]11;?\x1b")
    };
    session.wait_for("the question", |session| asked(session).is_some());
    let before = asked(&session).unwrap_or(0);
    let frame = session.received().bytes[..before].to_vec();
    assert!(String::from_utf8_lossy(&frame).contains("loading"), "the first frame has not waited");
    session.press("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    session.wait_for("all is there", Session::is_loaded);
    // The colour of tabs in the light theme.
    session.wait_for("light colours", |session| {
        let received = session.received();
        String::from_utf8_lossy(&received.bytes).contains("38;2;80;85;106")
    });
    assert!(session.screen().contains("All objects"), "the answer was taken for keys:\n{}", session.screen());
    session.press("q");
    session.end();
}

#[test]
fn raw_mode_ends_with_the_program() {
    let mut session = Session::small();
    assert!(session.raw_mode());
    session.press("q");
    session.end();
    assert!(!session.raw_mode());
}

// ---- mistakes of the program itself, made on purpose (`src/base/fault.rs`) ----

#[cfg(development)]
fn with_mistake(place: &str, arguments: &[&str]) -> Session {
    Session::start(arguments, (80, 24), &[("HEAPWALK_PANIC", place)])
}

/// Leaves, with an error where nothing could be shown; the mistake is told once more, with its place, where it stays.
#[cfg(development)]
fn leave_after_mistake(mut session: Session, place: &str, status: u32) {
    assert!(session.received().screen.screen().alternate_screen(), "the explorer goes on");
    assert!(!session.text().contains("panicked"), "nobody has written over the screen:\n{}", session.text());
    session.press("q");
    assert_eq!(session.end(), (status, None));
    session.assert_restored();
    let screen = session.screen().replace('\n', "");
    assert!(screen.contains(&format!("provoked at {place}")) && screen.contains("fault.rs"), "{screen}");
}

#[cfg(development)]
#[test]
fn a_panic_of_the_screen_gives_the_terminal_back_and_reports_then() {
    let mut session = with_mistake("screen", &["demo"]);
    assert_eq!(session.end(), (101, None));
    session.assert_restored();
    let text = session.text();
    let (left, report) = (text.rfind("\x1b[?1049l"), text.find("panicked"));
    assert!(left.is_some() && left < report, "the report comes last: {text:?}");
    assert!(session.screen().contains("provoked at screen"), "{}", session.screen());
}

#[cfg(development)]
#[test]
fn a_panic_while_loading_is_a_screen() {
    for place in ["load", "parse", "aggregate"] {
        let session = with_mistake(place, &["demo"]);
        session.wait_text(&format!("a mistake in heapwalk: provoked at {place}; please report it"));
        session.wait_text("what to do");
        leave_after_mistake(session, place, 101);
    }
}

#[cfg(development)]
#[test]
fn what_was_ready_before_a_panic_stays() {
    let mut session = with_mistake("dominators", &["demo"]);
    session.wait_text("stopped: a mistake in heapwalk: provoked at dominators");
    session.press("/session\r");
    session.wait_text("2 of 1");
    leave_after_mistake(session, "dominators", 0);
}

#[cfg(development)]
#[test]
fn a_panic_of_a_worker_is_a_line_and_the_next_question_can_be_asked() {
    let mut session = with_mistake("reach", &["demo"]);
    session.wait_for("all is there", Session::is_loaded);
    session.press("l");
    session.wait_text("handleVisit()");
    session.press("jR");
    session.wait_text("a mistake in heapwalk: provoked at reach; please report it");
    session.press("j");
    session.wait_for("the line to go", |session| !session.screen().contains("a mistake"));
    session.press("R");
    session.wait_text("a mistake in heapwalk: provoked at reach");
    session.wait_for("nothing to be under way", |session| !session.screen().contains("Esc stops"));
    leave_after_mistake(session, "reach", 0);
}

#[cfg(development)]
#[test]
fn a_panic_of_a_command_ends_it_and_its_line_of_progress() {
    for place in ["load", "parse", "dominators"] {
        let mut session = with_mistake(place, &["summary", DEMO]);
        assert_eq!(session.end(), (101, None));
        session.wait_text(&format!("provoked at {place}"));
    }
}
