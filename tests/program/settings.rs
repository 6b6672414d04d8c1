//! Settings as people meet them: shown, read, wrong, and still the program starts.

use std::path::Path;
use std::process::Output;

use crate::terminal::{DEMO, PROGRAM, SMALL, Session};
use crate::without_cache;
use portable_pty::CommandBuilder;

/// Runs the program with these settings.
fn with(settings: &str, arguments: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), settings);
    let mut command = without_cache(PROGRAM);
    command.args(arguments).env("XDG_CONFIG_HOME", folder.path());
    (command.output().expect("heapwalk runs"), folder)
}

fn write(folder: &Path, settings: &str) {
    std::fs::create_dir_all(folder.join("heapwalk/themes")).expect("a folder");
    std::fs::write(folder.join("heapwalk/config.toml"), settings).expect("a file");
}

#[test]
fn the_default_is_shown_with_its_place_and_what_is_wrong_now() {
    let (output, folder) = with("mouse = 1\n[bind]\nfnd = \"x\"\n[columns]\nsummary = \"depth\"\n", &["config"]);
    let (text, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let path = folder.path().join("heapwalk/config.toml").display().to_string();
    assert!(output.status.success() && text.contains(&format!("# {path}, which is there and is read.")), "{text}");
    assert!(text.contains("\n#keys = \"default\"\n") && text.contains("\n#find = \"/\"\n"), "{text}");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert_eq!(lines[0], format!("heapwalk: warning: {path}:1: mouse: must be true or false, and is integer"));
    assert!(lines[1].contains(":3: bind.fnd: ") && lines[2].contains(":5: columns.summary: "), "{told}");
}

#[test]
fn commands_read_units_and_cache_and_say_what_is_wrong_with_these() {
    let (output, _) = with("units = \"binary\"\nmouse = 3\n", &["summary", DEMO, "--class", "session"]);
    let (text, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("312 KiB") && told.is_empty(), "{text}{told}");
    let (output, folder) = with("[cache]\nlimit = \"x\"\n", &["statistics", DEMO]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let path = folder.path().join("heapwalk/config.toml").display().to_string();
    assert_eq!(told.trim(), format!("heapwalk: warning: {path}:2: cache.limit: \"x\" is no size such as \"10 GB\""));
    assert!(output.status.success());
}

#[test]
fn the_cache_stands_where_it_is_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("elsewhere");
    let snapshot = folder.path().join("copy.heapsnapshot.zst");
    std::fs::copy(DEMO, &snapshot).expect("a copy");
    let (output, _) =
        with(&format!("[cache]\ndirectory = \"{}\"\n", cache.display()), &["statistics", snapshot.to_str().unwrap()]);
    assert!(output.status.success());
    assert_eq!(std::fs::read_dir(&cache).expect("it is there").count(), 1);
    let (output, _) =
        with(&format!("[cache]\nenabled = false\ndirectory = \"{}\"\n", cache.display()), &["cache", "list"]);
    assert!(String::from_utf8_lossy(&output.stdout).lines().count() <= 1, "{output:?}");
}

/// The explorer with these settings.
fn explore(settings: &str, arguments: &[&str]) -> (Session, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), settings);
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg(SMALL);
    command.args(arguments);
    let session = Session::run(command, (80, 24), &[("XDG_CONFIG_HOME", folder.path().to_str().unwrap())]);
    (session, folder)
}

#[test]
fn the_explorer_starts_whatever_is_wrong_and_says_so() {
    let (mut session, _folder) = explore("retainers-height = 1\nkeys = \"vim\"\ntheme = \"none\"\n[nonsense\n", &[]);
    session.wait_text("retainers-height: must be");
    session.wait_text("config`");
    session.wait_for("all is there", Session::is_loaded);
    session.press("q");
    assert_eq!(session.end(), (0, None));
}

#[test]
fn keys_and_columns_are_those_that_are_set() {
    let settings = "keys = \"vim\"\n[bind]\nquit = \"Q\"\n[columns]\nsummary = \"count\"\n";
    let (mut session, _folder) = explore(settings, &[]);
    session.wait_for("all is there", Session::is_loaded);
    let header = session.screen().lines().nth(3).unwrap_or_default().to_owned();
    assert!(header.contains("Count") && !header.contains("Shallow"), "{header}");
    session.press("\x1b4");
    // The dominator tree begins at the root.
    session.wait_text("(root)");
    session.press("Q");
    assert_eq!(session.end(), (0, None));
}

#[test]
fn the_mouse_is_left_to_the_terminal_where_somebody_wants_that() {
    for (settings, arguments) in [("mouse = false", &[][..]), ("", &["--no-mouse"])] {
        let (mut session, _folder) = explore(settings, arguments);
        session.wait_for("all is there", Session::is_loaded);
        let mode = session.received().screen.screen().mouse_protocol_mode();
        assert_eq!(mode, vt100::MouseProtocolMode::None, "{settings}");
        session.press("q");
        assert_eq!(session.end(), (0, None));
    }
}

/// The explorer on a copy of a snapshot whose state is kept in a folder.
fn explore_copy(folder: &Path) -> Session {
    let snapshot = folder.join("copy.heapsnapshot.zst");
    if !snapshot.exists() {
        std::fs::copy(SMALL, &snapshot).expect("a copy");
    }
    let mut command = CommandBuilder::new(PROGRAM);
    command.args([snapshot.to_str().unwrap(), "--no-cache"]);
    let session = Session::run(command, (100, 24), &[("XDG_STATE_HOME", folder.to_str().unwrap())]);
    session.wait_for("all is there", Session::is_loaded);
    session
}

#[test]
fn what_was_marked_survives_a_kill_and_is_forgotten_on_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = explore_copy(folder.path());
    session.press("jma");
    session.wait_text("marked as a");
    let kept = || {
        let files = std::fs::read_dir(folder.path().join("heapwalk")).into_iter().flatten().flatten();
        files.filter(|file| file.path().extension().is_some_and(|end| end == "json")).count()
    };
    session.wait_for("it is kept", |_| kept() == 1);
    session.signal("KILL");
    session.end();
    let mut again = explore_copy(folder.path());
    again.press("'");
    again.wait_text("in Summary");
    again.press("\x1b\x1bq");
    assert_eq!(again.end(), (0, None));
    let mut command = without_cache(PROGRAM);
    command.args(["forget", "copy.heapsnapshot.zst"]).current_dir(folder.path()).env("XDG_STATE_HOME", folder.path());
    let output = command.output().expect("heapwalk runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "forgot what was remembered of 1 snapshot\n");
    assert_eq!(kept(), 0);
    let mut command = without_cache(PROGRAM);
    command.args(["forget", "demo"]).current_dir(folder.path()).env("XDG_STATE_HOME", folder.path());
    let output = command.output().expect("heapwalk runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "nothing was remembered\n", "it is no file");
}
