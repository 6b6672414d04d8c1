//! A pseudo-terminal with the program in it, for the tests that need one.
// Each test program uses a part of it.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Far longer than anything takes; a condition that does not come true fails the test.
pub const PATIENCE: Duration = Duration::from_secs(60);
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_heapwalk");
pub const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.heapsnapshot.zst");
/// A program with a twentieth of its objects, where it does not matter what is in the snapshot.
pub const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/inside/node24.heapsnapshot.zst");

/// What the terminal has received.
pub struct Received {
    pub screen: vt100::Parser,
    pub bytes: Vec<u8>,
    pub closed: bool,
}

impl Received {
    pub fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.screen.process(bytes);
    }
}

/// The way to the program, for hands and for the terminal's own answers.
pub type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// A terminal's answers to where its cursor is, at the top wherever it is.
pub struct Answers {
    writer: Writer,
    /// The end of what was read: a question can come in pieces.
    tail: Vec<u8>,
}

impl Answers {
    const QUESTION: &[u8] = b"\x1b[6n";

    pub fn new(writer: Writer) -> Answers {
        Answers { writer, tail: Vec::new() }
    }

    pub fn read(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
        while let Some(at) = self.tail.windows(Self::QUESTION.len()).position(|part| part == Self::QUESTION) {
            self.tail.drain(..at + Self::QUESTION.len());
            let mut writer = self.writer.lock().expect("no writer panics");
            // A program that has ended hears no answer.
            let _ = writer.write_all(b"\x1b[1;1R").and_then(|()| writer.flush());
        }
        let keep = self.tail.len().saturating_sub(Self::QUESTION.len() - 1);
        self.tail.drain(..keep);
    }
}

/// Somebody in front of a terminal.
pub struct Session {
    received: Arc<Mutex<Received>>,
    writer: Writer,
    pub master: Box<dyn MasterPty + Send>,
    pub child: Box<dyn Child + Send + Sync>,
}

impl Session {
    pub fn start(arguments: &[&str], size: (u16, u16), variables: &[(&str, &str)]) -> Session {
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        Session::run(command, size, variables)
    }

    pub fn run(command: CommandBuilder, size: (u16, u16), variables: &[(&str, &str)]) -> Session {
        let mut session = Session::silent(command, size, variables);
        session.listen();
        session
    }

    /// A terminal that reads nothing of what is written to it.
    pub fn silent(mut command: CommandBuilder, (cols, rows): (u16, u16), variables: &[(&str, &str)]) -> Session {
        command.env_clear();
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        for (name, value) in variables {
            command.env(name, value);
        }
        let size = PtySize { rows, cols, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let known = |lines: u16| std::num::NonZero::new(lines).expect("a screen has lines and columns");
        let screen = vt100::Parser::new(known(rows), known(cols), 0);
        let received = Arc::new(Mutex::new(Received { screen, bytes: Vec::new(), closed: false }));
        let writer = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer")));
        Session { received, writer, master: pair.master, child }
    }

    /// Reads from now on.
    pub fn listen(&mut self) {
        self.listen_with(|_| {});
    }

    /// The same, and answers to where the cursor is, as terminals do.
    pub fn listen_and_answer(&mut self) {
        let mut answers = Answers::new(self.writer.clone());
        self.listen_with(move |bytes| answers.read(bytes));
    }

    pub fn writer(&self) -> Writer {
        self.writer.clone()
    }

    fn listen_with(&mut self, mut read: impl FnMut(&[u8]) + Send + 'static) {
        let mut reader = self.master.try_clone_reader().expect("a reader");
        let shared = self.received.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut received = shared.lock().expect("no reader panics");
                if count == 0 {
                    received.closed = true;
                    return;
                }
                received.take(&buffer[..count]);
                drop(received);
                read(&buffer[..count]);
            }
        });
    }

    /// What the terminal shows, for whoever reads instead.
    pub fn screen_of(&self) -> Arc<Mutex<Received>> {
        self.received.clone()
    }

    /// Reads until it has seen what it wants, and then nothing more.
    pub fn listen_until(&mut self, condition: impl Fn(&Session) -> bool) {
        let mut reader = self.master.try_clone_reader().expect("a reader");
        let mut buffer = [0; 256];
        while !condition(self) {
            let count = reader.read(&mut buffer).expect("the program writes");
            self.received().take(&buffer[..count]);
        }
    }

    /// The terminal goes away, which only one that nobody listens to can.
    pub fn hang_up(&mut self) {
        let other = native_pty_system().openpty(PtySize::default()).expect("a pseudo-terminal");
        *self.writer.lock().expect("no writer panics") = Box::new(std::io::sink());
        self.master = other.master;
    }

    pub fn demo() -> Session {
        Session::loaded("demo")
    }

    pub fn small() -> Session {
        Session::loaded(SMALL)
    }

    fn loaded(file: &str) -> Session {
        let session = Session::start(&[file], (80, 24), &[]);
        session.wait_for("all is there", Session::is_loaded);
        session
    }

    pub fn is_loaded(&self) -> bool {
        let screen = self.screen();
        // A cell without its number yet is the last of its row.
        let is_open = |line: &str| line.trim_end().ends_with('…');
        // The title may be cut as well.
        screen.contains("Function") && !screen.contains("computing") && !screen.lines().take(15).skip(1).any(is_open)
    }

    pub fn screen(&self) -> String {
        self.received().screen.screen().contents()
    }

    pub fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().expect("no reader panics")
    }

    /// Everything that has been written so far.
    #[cfg(development)]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.received().bytes).into_owned()
    }

    pub fn wait_for(&self, what: &str, condition: impl Fn(&Session) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !condition(self) {
            assert!(Instant::now() < end, "waited for {what}:\n{}", self.screen());
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    pub fn wait_text(&self, text: &str) {
        self.wait_for(text, |session| session.screen().contains(text));
    }

    pub fn press(&mut self, keys: &str) {
        self.send(keys.as_bytes());
    }

    pub fn send(&mut self, bytes: &[u8]) {
        let mut writer = self.writer.lock().expect("no writer panics");
        writer.write_all(bytes).expect("keys can be typed");
        writer.flush().expect("keys can be typed");
    }

    /// Sends much. A terminal whose program has ended takes nothing more, and would never return.
    pub fn flood(&mut self, bytes: Vec<u8>) {
        let mut writer =
            std::mem::replace(&mut *self.writer.lock().expect("no writer panics"), Box::new(std::io::sink()));
        let (back, sent) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = writer.write_all(&bytes);
            let _ = back.send(writer);
        });
        while self.child.try_wait().expect("a child").is_none() {
            if let Ok(writer) = sent.recv_timeout(Duration::from_millis(5)) {
                *self.writer.lock().expect("no writer panics") = writer;
                return;
            }
        }
    }

    pub fn pid(&self) -> i32 {
        self.child.process_id().expect("it runs") as i32
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// Waits for the end; exit status and signal.
    pub fn end(&mut self) -> (u32, Option<String>) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return (status.exit_code(), status.signal().map(str::to_owned));
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.screen());
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Everything that was taken from the terminal has been given back.
    pub fn assert_restored(&self) {
        self.wait_for("the end of the output", |session| session.received().closed);
        let received = self.received();
        let screen = received.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!screen.bracketed_paste(), "pasted text is not marked any more");
        drop(received);
        assert!(!self.raw_mode(), "lines are edited again");
    }

    pub fn raw_mode(&self) -> bool {
        // `-icanon` stands there as long as keys come one by one.
        let path = self.master.tty_name().expect("it has a name");
        let output = Command::new("stty").args(["-a", "-F"]).arg(path).output().expect("stty");
        String::from_utf8_lossy(&output.stdout).contains("-icanon")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A test that has failed must leave no program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
