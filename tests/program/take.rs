//! `heapwalk take` against inspectors that follow a script.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::json;
use tempfile::TempDir;
use tungstenite::Message;

use crate::inspector::{Inspector, ONE, Socket, TEXT, obey, send, send_pieces};
use crate::without_cache;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn take(directory: &TempDir, arguments: &[&str]) -> Command {
    let mut command = without_cache(env!("CARGO_BIN_EXE_heapwalk"));
    command.current_dir(directory).arg("take").args(arguments).stdin(Stdio::null());
    command
}

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    take(directory, arguments).output().expect("heapwalk runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is in the folder, also what has no proper name yet.
fn files(directory: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a folder").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn unpacked(path: &Path) -> String {
    let mut content = String::new();
    zstd::Decoder::new(fs::File::open(path).expect("a file")).unwrap().read_to_string(&mut content).expect("UTF-8");
    content
}

/// It has ended with a status and one line that says why, and has left nothing.
fn assert_refused(directory: &TempDir, output: &Output, status: i32, wanted: &str) {
    let said = text(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.contains("stands still")).collect();
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(lines.len() == 1 && lines[0].contains(wanted), "{wanted}: {said}");
    assert_eq!(files(directory), Vec::<String>::new());
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn a_snapshot_is_carried_byte_for_byte_into_a_private_file() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let output = run(&directory, &[&inspector.address(), "--out", "a.heapsnapshot.zst", "--numeric"]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(text(&output.stdout), "a.heapsnapshot.zst\n");
    assert!(said.contains("app.js (test 1.0, heap 1.0 MB) stands still"), "{said}");
    assert_eq!(files(&directory), ["a.heapsnapshot.zst"]);
    let path = directory.path().join("a.heapsnapshot.zst");
    assert_eq!(unpacked(&path), TEXT);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let methods = inspector.methods();
    let place = |name: &str| methods.iter().position(|method| method == name).unwrap_or_else(|| panic!("{methods:?}"));
    assert!(place("HeapProfiler.collectGarbage") < place("HeapProfiler.takeHeapSnapshot"));
    let params = &inspector.call("HeapProfiler.takeHeapSnapshot")["params"];
    assert_eq!((&params["captureNumericValue"], &params["exposeInternals"]), (&json!(true), &json!(false)));
}

#[test]
fn a_name_or_an_option_tells_how_a_file_is_compressed() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let socket = format!("ws://{}/a", inspector.address());
    for (arguments, name) in [
        (&["-o", "a.heapsnapshot"][..], "a.heapsnapshot"),
        (&["-o", "b.gz"], "b.gz"),
        (&["-o", "c.heapsnapshot", "--compress", "zstd"], "c.heapsnapshot"),
    ] {
        let output = run(&directory, &[&[socket.as_str()], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(directory.path().join(name).exists());
    }
    let content = |name: &str| fs::read(directory.path().join(name)).unwrap();
    assert_eq!(content("a.heapsnapshot"), TEXT.as_bytes());
    let mut packed = String::new();
    flate2::read::GzDecoder::new(&content("b.gz")[..]).read_to_string(&mut packed).unwrap();
    assert_eq!(packed, TEXT);
    assert_eq!(unpacked(&directory.path().join("c.heapsnapshot")), TEXT);
    // To standard output too, and nothing else there; without a name there is one with the port.
    let output = run(&directory, &[&socket, "-o", "-", "--compress", "none"]);
    assert_eq!(text(&output.stdout), TEXT);
    let output = run(&directory, &[&socket]);
    let name = text(&output.stdout).trim().to_owned();
    assert!(name.starts_with(&format!("heap-{}-20", inspector.port)) && name.ends_with("Z.heapsnapshot.zst"), "{name}");
    assert_eq!(unpacked(&directory.path().join(name)), TEXT);
}

/// What an inspector does that is none, once it is asked for a snapshot.
type Trick = fn(&mut Socket, &serde_json::Value) -> bool;

#[test]
fn whatever_comes_instead_of_a_snapshot_is_one_line_and_leaves_nothing() {
    let tricks: [(Trick, &str); 10] = [
        (|_, _| false, "the connection is closed"),
        (
            |socket, _| {
                send_pieces(socket);
                let _ = socket.get_ref().shutdown(std::net::Shutdown::Both);
                false
            },
            "the connection is closed",
        ),
        (
            |socket, _| {
                let _ = socket.send(Message::text("<html>"));
                true
            },
            "not the inspector protocol",
        ),
        (
            |socket, _| {
                // A text of 2^50 bytes.
                let _ = socket.get_mut().write_all(&[0x81, 127, 0, 4, 0, 0, 0, 0, 0, 0, b'{']);
                true
            },
            "a message of more than 64 MB",
        ),
        (
            |socket, call| {
                for other in (1000..3000).chain([call["id"].as_u64().unwrap() - 1]) {
                    send(socket, &json!({ "id": other, "result": {} }));
                }
                true
            },
            "nothing of use has come",
        ),
        (
            |socket, _| {
                let again = json!({ "done": 1, "total": 9, "finished": false });
                let event = json!({ "method": "HeapProfiler.reportHeapSnapshotProgress", "params": again });
                while socket.send(Message::text(event.to_string())).is_ok() {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                false
            },
            "nothing of use has come",
        ),
        (
            |socket, call| {
                send(
                    socket,
                    &json!({ "id": call["id"], "error": { "code": -32601, "message": "no\u{1b}[2J such method" } }),
                );
                true
            },
            "no␛[2J such method",
        ),
        (
            |socket, call| {
                send(socket, &json!({ "id": call["id"], "result": {} }));
                true
            },
            "no snapshot has come",
        ),
        (
            |socket, call| {
                let chunk = json!({ "chunk": "{\"snapshot\":{" });
                send(socket, &json!({ "method": "HeapProfiler.addHeapSnapshotChunk", "params": chunk }));
                send(socket, &json!({ "id": call["id"], "result": {} }));
                true
            },
            "the snapshot has no end",
        ),
        (
            |socket, _| {
                let chunk = json!({ "chunk": { "a": 1 } });
                send(socket, &json!({ "method": "HeapProfiler.addHeapSnapshotChunk", "params": chunk }));
                true
            },
            "a piece of the snapshot is no text",
        ),
    ];
    std::thread::scope(|scope| {
        for (trick, wanted) in tricks {
            scope.spawn(move || {
                let directory = folder();
                let inspector = Inspector::start(ONE, move |socket, call| match call["method"].as_str() {
                    Some("HeapProfiler.takeHeapSnapshot") => trick(socket, call),
                    _ => obey(socket, call),
                });
                let output = run(&directory, &[&inspector.address(), "-o", "a", "--timeout", "0.3"]);
                assert_refused(&directory, &output, 2, wanted);
            });
        }
    });
}

#[test]
fn who_is_no_inspector_is_told_as_that() {
    let answers: [(&[u8], &str); 4] = [
        (b"SSH-2.0-x\r\n", "is no inspector"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "is no inspector (HTTP status 404)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "no targets"),
        (b"", "is no inspector"),
    ];
    for (answer, wanted) in answers {
        let directory = folder();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(answer));
            }
        });
        assert_refused(&directory, &run(&directory, &[&address, "-o", "a"]), 2, wanted);
    }
    let directory = folder();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    assert_refused(&directory, &run(&directory, &[&nobody, "-o", "a"]), 2, "nothing listens there");
    assert_refused(&directory, &run(&directory, &["wss://x/y", "-o", "a"]), 2, "TLS");
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_asked() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let address = inspector.address();
    let output = run(&directory, &[&address, "-o", "no/such/folder"]);
    assert_refused(&directory, &output, 2, "no/such/folder: No such file or directory");
    fs::write(directory.path().join("mine"), "mine").unwrap();
    let output = run(&directory, &[&address, "-o", "mine"]);
    assert!(text(&output.stderr).contains("mine: there is such a file already; --force writes over it"));
    assert_eq!(fs::read_to_string(directory.path().join("mine")).unwrap(), "mine");
    // The last of three is looked at before the first is taken.
    fs::write(directory.path().join("a-3.zst"), "mine").unwrap();
    let output = run(&directory, &[&address, "-o", "a.zst", "--three"]);
    assert!(text(&output.stderr).contains("a-3.zst: there is such a file already"), "{}", text(&output.stderr));
    assert_eq!(inspector.methods(), Vec::<String>::new());
    let output = run(&directory, &[&address, "-o", "a-3.zst", "--force"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(unpacked(&directory.path().join("a-3.zst")), TEXT);
    assert_eq!(files(&directory), ["a-3.zst", "mine"]);
}

/// What a shell is told that may stand at the end of a line.
fn completed(line: &[&str]) -> Vec<String> {
    let mut command = without_cache(env!("CARGO_BIN_EXE_heapwalk"));
    command.args(["complete", "fish", "--", "heapwalk"]).args(line);
    text(&command.output().expect("heapwalk runs").stdout).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn targets_of_a_place_of_this_machine_are_completed() {
    let inspector = Inspector::start(THREE, obey);
    let address = inspector.address();
    let all = completed(&["take", &address, "--target", ""]);
    assert_eq!(all, ["1\tpage Shop", "2\tpage News␛[2J", "3\tworker http://x/w.js", "Shop\tpage http://x/"]);
    assert_eq!(completed(&["take", &address, "--target", "Sh"]), ["Shop\tpage http://x/"]);
    assert_eq!(inspector.methods(), Vec::<String>::new(), "no target is spoken to");
    assert_eq!(completed(&["take", "example.invalid:1", "--target", ""]), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_line() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = take(&directory, &[&inspector.address(), "-o", "-"]).stdout(full).output().unwrap();
    assert_refused(&directory, &output, 2, "standard output: No space left on device");
}

const THREE: &str = r#"[{"id":"A1","type":"page","title":"Shop","url":"http://x/","webSocketDebuggerUrl":"ws://127.0.0.1:PORT/p/1"},
    {"id":"B2","type":"page","title":"News\u001b[2J","url":"http://y/","webSocketDebuggerUrl":"ws://127.0.0.1:PORT/p/2"},
    {"id":"C3","type":"worker","title":"","url":"http://x/w.js","webSocketDebuggerUrl":"ws://127.0.0.1:PORT/p/3"}]"#;

#[test]
fn one_of_several_targets_is_named() {
    let (directory, inspector) = (folder(), Inspector::start(THREE, obey));
    let address = inspector.address();
    let output = run(&directory, &[&address, "--list"]);
    assert_eq!(
        text(&output.stdout),
        "  1  page    Shop  http://x/\n  2  page    News␛[2J  http://y/\n  3  worker  http://x/w.js\n"
    );
    let several =
        r#"there are 3 targets: page "Shop", page "News\u{1b}[2J", worker "http://x/w.js"; --target names one"#;
    assert_refused(&directory, &run(&directory, &[&address, "-o", "a"]), 1, several);
    assert_refused(&directory, &run(&directory, &[&address, "-o", "a", "--target", "page"]), 1, "2 targets have");
    assert_refused(&directory, &run(&directory, &[&address, "-o", "a", "--target", "nope"]), 1, "no target is called");
    assert_eq!(inspector.methods(), Vec::<String>::new());
    for (index, target) in ["3", "B2", "shop", "w.js"].into_iter().enumerate() {
        let name = format!("{index}.zst");
        let output = run(&directory, &[&address, "-o", &name, "--target", target]);
        assert!(output.status.success(), "{target}: {}", text(&output.stderr));
    }
    assert_eq!(files(&directory).len(), 4);
}

#[test]
fn a_timeline_is_recorded_before_it_is_taken() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let output = run(&directory, &[&inspector.address(), "-o", "a.zst", "--timeline", "0.1", "--numeric"]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("is slower for 0.1 s, then stands still"), "{said}");
    assert!(said.contains("warning: test 1.0 writes no numbers (--numeric): V8 before 15 does"), "{said}");
    assert_eq!(inspector.call("HeapProfiler.startTrackingHeapObjects")["params"]["trackAllocations"], true);
    assert_eq!(inspector.call("HeapProfiler.stopTrackingHeapObjects")["params"]["captureNumericValue"], true);
    assert_eq!(unpacked(&directory.path().join("a.zst")), TEXT);
}

fn start(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("heapwalk runs")
}

/// Reads lines until one has `wanted`.
fn read_until(lines: &mut impl BufRead, wanted: &str) {
    let mut line = String::new();
    while lines.read_line(&mut line).expect("UTF-8") > 0 {
        if line.contains(wanted) {
            return;
        }
        line.clear();
    }
    panic!("{wanted} was never said");
}

#[test]
fn three_snapshots_wait_for_enter_between_them() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let mut child = start(&mut take(&directory, &[&inspector.address(), "--three", "-o", "a.heapsnapshot.zst"]));
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut keys = child.stdin.take().unwrap();
    for taken in ["1 of 3 taken", "2 of 3 taken"] {
        read_until(&mut said, taken);
        keys.write_all(b"\n").unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let names = ["a-1.heapsnapshot.zst", "a-2.heapsnapshot.zst", "a-3.heapsnapshot.zst"];
    assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), names);
    assert_eq!(files(&directory), names);
    assert_eq!(inspector.methods().iter().filter(|method| *method == "HeapProfiler.takeHeapSnapshot").count(), 3);
}

#[test]
fn snapshots_that_were_taken_stay_when_nobody_presses_enter() {
    let (directory, inspector) = (folder(), Inspector::start(ONE, obey));
    let output = run(&directory, &[&inspector.address(), "--three", "-o", "a.zst"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("standard input has ended; 1 of 3 snapshots are there"));
    assert_eq!(files(&directory), ["a-1.zst"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_and_leaves_nothing() {
    let directory = folder();
    let (asked, is_asked) = std::sync::mpsc::channel();
    let inspector = Inspector::start(ONE, move |socket, call| {
        if call["method"] != "HeapProfiler.takeHeapSnapshot" {
            return obey(socket, call);
        }
        let chunk = json!({ "chunk": "{\"snapshot\":{" });
        send(socket, &json!({ "method": "HeapProfiler.addHeapSnapshotChunk", "params": chunk }));
        asked.send(()).is_ok()
    });
    let child = start(&mut take(&directory, &[&inspector.address(), "-o", "a"]));
    is_asked.recv().unwrap();
    signal(child.id(), "INT");
    let output = child.wait_with_output().unwrap();
    assert_refused(&directory, &output, 130, "interrupted");
}

#[cfg(unix)]
fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Processes: what must not get a signal, and one that takes it as Node does.
#[cfg(target_os = "linux")]
mod processes {
    use super::*;
    use crate::inspector::obey_as;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::time::Duration;

    /// The end of a process that a test has started.
    struct Started(Child);

    impl Drop for Started {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    impl Started {
        fn assert_runs(&mut self) {
            assert_eq!(self.0.try_wait().expect("a child"), None, "it has ended by a signal");
        }
    }

    /// Waits until the process runs the program, which it does a moment after it is there.
    fn started(command: &mut Command, program: &str) -> Started {
        let child = Started(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs"));
        let name =
            || fs::read_link(format!("/proc/{}/exe", child.0.id())).ok()?.file_name()?.to_str().map(str::to_owned);
        while name().as_deref() != Some(program) {
            std::thread::sleep(Duration::from_millis(1));
        }
        child
    }

    #[test]
    fn a_process_that_could_end_by_the_signal_gets_none() {
        let directory = folder();
        let bin = folder();
        let real = fs::canonicalize("/bin/sleep").unwrap();
        let name = real.file_name().unwrap().to_str().unwrap().to_owned();
        // A program that may be called as it likes, and one that only has the name.
        let mut other = started(Command::new("/bin/sleep").arg("60"), &name);
        let output = run(&directory, &[&other.0.id().to_string(), "-o", "a"]);
        assert_refused(&directory, &output, 2, &format!("is {name}, not Node"));
        other.assert_runs();
        fs::copy("/bin/cat", bin.path().join("node")).unwrap();
        let mut named = started(&mut Command::new(bin.path().join("node")), "node");
        let output = run(&directory, &[&named.0.id().to_string(), "-o", "a"]);
        assert_refused(&directory, &output, 2, "does not catch SIGUSR1 and would end by it; none was sent");
        assert_eq!(completed(&["take", &named.0.id().to_string()]), Vec::<String>::new(), "nor is it offered");
        named.assert_runs();
    }

    #[test]
    fn a_process_must_be_there() {
        let directory = folder();
        let mut ended = Command::new("true").spawn().unwrap();
        let pid = ended.id().to_string();
        ended.wait().unwrap();
        assert_refused(&directory, &run(&directory, &[&pid, "-o", "a"]), 2, "there is no such process");
    }

    const PART: &str = "HEAPWALK_TEST_NODE";

    /// The test's own executable under the name of Node, in one of its parts.
    fn node(bin: &TempDir, part: &str) -> Started {
        let program = bin.path().join("node");
        if !program.exists() {
            let own = std::env::current_exe().unwrap();
            // A link is enough where it can be had; the copy takes 50 MB.
            fs::hard_link(&own, &program).or_else(|_| fs::copy(&own, &program).map(|_| ())).unwrap();
        }
        let mut command = Command::new(&program);
        command.args(["--exact", "take::processes::a_process_is_asked_proved_and_left_as_it_was", "--nocapture"]);
        command.env(PART, part).env("NODE_OPTIONS", "--inspect-port=0");
        let mut child = started(&mut command, "node");
        let mut said = BufReader::new(child.0.stdout.take().unwrap());
        read_until(&mut said, "ready");
        // Its output goes on being read, or it would wait.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        child
    }

    /// What Node does: waits for the signal, opens a port, closes it when it is told.
    fn be_node(part: &str) -> ! {
        let asked = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(signal_hook::consts::SIGUSR1, asked.clone()).unwrap();
        println!("ready");
        while !asked.load(Relaxed) || part == "deaf" {
            std::thread::sleep(Duration::from_millis(1));
        }
        let pid = if part == "liar" { 1 } else { std::process::id() };
        let dies = part == "dies";
        let script = move |socket: &mut Socket, call: &serde_json::Value| {
            let expression = call["params"]["expression"].as_str().unwrap_or_default();
            if expression.contains("inspector.close()") {
                // Only with its end does a process let go of a port that a thread waits at.
                std::process::exit(0);
            }
            if dies && call["method"] == "HeapProfiler.takeHeapSnapshot" {
                std::process::exit(3);
            }
            obey_as(pid, socket, call)
        };
        let _inspector = Inspector::start(ONE, script);
        loop {
            std::thread::park();
        }
    }

    #[test]
    fn a_process_is_asked_proved_and_left_as_it_was() {
        if let Ok(part) = std::env::var(PART) {
            be_node(&part);
        }
        let (directory, bin) = (folder(), folder());
        let honest = node(&bin, "honest");
        let pid = honest.0.id().to_string();
        let offered = completed(&["take", &pid]);
        assert!(offered[0].starts_with(&format!("{pid}\tnode --exact take::")), "{offered:?}");
        let output = run(&directory, &[&pid, "-o", "a.zst"]);
        let said = text(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("its inspector, opened for this, is closed again"), "{said}");
        assert_eq!(unpacked(&directory.path().join("a.zst")), TEXT);
        fs::remove_file(directory.path().join("a.zst")).unwrap();

        let mut liar = node(&bin, "liar");
        let output = run(&directory, &[&liar.0.id().to_string(), "-o", "a"]);
        assert_refused(&directory, &output, 2, "process 1 answers at 127.0.0.1:");
        liar.assert_runs();

        let mut deaf = node(&bin, "deaf");
        let output = run(&directory, &[&deaf.0.id().to_string(), "-o", "a", "--timeout", "0.2"]);
        assert_refused(&directory, &output, 2, "does not open its inspector: nothing has come of SIGUSR1");
        deaf.assert_runs();

        let dies = node(&bin, "dies");
        let output = run(&directory, &[&dies.0.id().to_string(), "-o", "a"]);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), files(&directory).len()), (Some(2), 0), "{said}");
        assert!(said.contains("has ended before its snapshot was whole"), "{said}");
    }
}
