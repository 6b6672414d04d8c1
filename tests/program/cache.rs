//! The index cache from outside: what was opened before opens at once and says the same, whatever has become of the
//! cache, the snapshot or the process that wrote.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::terminal::{PROGRAM, Session};

/// A small program's, large enough to be kept.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/holders/node20.heapsnapshot.zst");

/// A folder with a snapshot and an empty cache.
struct Place {
    folder: tempfile::TempDir,
    cache: PathBuf,
}

impl Place {
    /// The snapshot, packed as it is.
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(SNAPSHOT, folder.path().join("node.zst")).expect("a copy");
        Place { cache: folder.path().join("cache"), folder }
    }

    /// The snapshot unpacked.
    fn plain() -> Place {
        let place = Place::new();
        fs::write(place.file(), zstd::stream::decode_all(File::open(SNAPSHOT).expect("a snapshot")).expect("zstd"))
            .expect("room");
        place
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("node.zst")
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        let file = self.file();
        command.args(line.split(' ').map(|word| if word == "FILE" { file.to_str().expect("UTF-8") } else { word }));
        command.env("XDG_CACHE_HOME", &self.cache).env_remove("HOME");
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().expect("the program runs")
    }

    /// What a command prints, and whether it was in the cache.
    fn answer(&self, line: &str) -> (String, bool) {
        let output = self.run(&format!("{line} --timings"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{line}: {said}");
        let stage = |line| str::split_once(line, " ms  ")?.1.split("  ").next();
        let stages: Vec<&str> = said.lines().filter_map(stage).collect();
        assert_eq!((stages.len(), stages.last()), (said.lines().count(), Some(&"all")), "nothing but times: {said}");
        let was_kept = !stages.contains(&"edges");
        assert!(!was_kept || stages.contains(&"index cache"), "{said}");
        (String::from_utf8(output.stdout).expect("UTF-8"), was_kept)
    }

    /// The packs by name.
    fn packs(&self) -> BTreeMap<String, PathBuf> {
        let mut found = BTreeMap::new();
        for directory in fs::read_dir(self.cache.join("heapwalk")).into_iter().flatten() {
            for file in fs::read_dir(directory.expect("an entry").path()).into_iter().flatten() {
                let file = file.expect("an entry");
                found.insert(file.file_name().to_string_lossy().into_owned(), file.path());
            }
        }
        found
    }
}

const SUMMARY: &str = "summary FILE --json";

#[test]
fn every_command_says_the_same_from_the_cache() {
    let place = Place::new();
    let commands = [
        "statistics FILE --json",
        SUMMARY,
        "summary FILE --scope duplicated-strings --json",
        "objects FILE --class Link --json",
        "object FILE @83685 --json",
        "containment FILE --depth 3",
        "dominators FILE --depth 3",
        "retainers FILE @83685 --depth 4",
        "paths FILE @83685 --count 2",
        "why FILE @83685",
        "strings FILE --depth 2",
        "contexts FILE",
        "compare FILE FILE --all",
        "digest FILE summary aggregates nodes containment allocation duplicates contexts dominators --sample 30",
        "summary FILE --roots devtools --json",
    ];
    // The name of the file and the times of the run.
    let without_run = |text: String| text.split_once("\"run\"").map_or(text.clone(), |(head, _)| head.to_owned());
    let fresh = commands.map(|line| without_run(place.answer(&format!("{line} --no-cache")).0));
    assert!(place.packs().is_empty() && !place.cache.exists(), "--no-cache writes nothing");
    for (turn, round) in [false, true].into_iter().enumerate() {
        for (line, fresh) in commands.iter().zip(&fresh) {
            let (said, was_kept) = place.answer(line);
            assert_eq!(&without_run(said), fresh, "{line}, round {turn}");
            // The first to ask with all roots, and the first with node 0 alone, which `digest` does.
            assert!(
                was_kept || !round && ["statistics", "digest"].contains(&line.split(' ').next().unwrap()),
                "{line}"
            );
        }
    }
    assert!(!place.answer("summary FILE --json --no-cache").1, "--no-cache reads nothing");
}

#[test]
fn only_the_user_can_read_what_is_kept() {
    let place = Place::new();
    place.answer(SUMMARY);
    let packs = place.packs();
    assert!(packs.len() > 5, "{packs:?}");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    for path in packs.values() {
        assert_eq!((mode(path), mode(path.parent().expect("a directory"))), (0o600, 0o700));
    }
    assert_eq!([mode(&place.cache), mode(&place.cache.join("heapwalk"))], [0o700; 2]);
    assert_eq!(fs::read_dir(place.folder.path()).expect("a folder").count(), 2, "nothing stands beside the snapshot");
}

#[test]
fn standard_input_and_the_bundled_snapshot_are_not_kept() {
    let place = Place::new();
    let output = place.command("summary -").stdin(File::open(place.file()).expect("it is there")).output();
    assert!(output.expect("the program runs").status.success());
    assert!(place.run("summary demo").status.success());
    assert!(place.run("info FILE --full").status.success());
    assert!(place.packs().is_empty());
}

#[test]
fn a_snapshot_that_was_changed_is_read_again() {
    let place = Place::plain();
    let (before, _) = place.answer(SUMMARY);
    assert_eq!(place.answer(SUMMARY), (before.clone(), true));
    // One letter of a name in the middle, and the time set back.
    let bytes = fs::read(place.file()).expect("it is there");
    let name = b"\"FixedQueue\"";
    let at = bytes.windows(name.len()).position(|text| text == name).expect("it is there");
    let time = fs::metadata(place.file()).expect("it is there").modified().expect("a time");
    let file = File::options().write(true).open(place.file()).expect("it can be changed");
    file.write_at(b"\"FixedQue0e\"", at as u64).expect("it can be changed");
    file.set_modified(time).expect("its own time");
    let (after, was_kept) = place.answer(SUMMARY);
    assert_eq!((after, was_kept), (before.replace("FixedQueue", "FixedQue0e"), false));
    assert!(place.answer(SUMMARY).1);
}

#[test]
fn packs_that_are_cut_off_or_have_a_wrong_bit_are_made_anew() {
    let place = Place::new();
    let (whole, _) = place.answer(SUMMARY);
    let flip = |path: &Path, at: u64| {
        let file = File::options().read(true).write(true).open(path).expect("it is there");
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).expect("inside");
        file.write_at(&[byte[0] ^ 4], at).expect("inside");
    };
    // What no command has asked for is not looked at.
    for (name, path) in place.packs().into_iter().filter(|(name, _)| name != "PageObjects") {
        let length = fs::metadata(&path).expect("it is there").len();
        let cut =
            |length: u64| File::options().write(true).open(&path).expect("it is there").set_len(length).expect("room");
        let damages: [&dyn Fn(); 5] =
            [&|| cut(length - 1), &|| cut(length / 2), &|| cut(0), &|| flip(&path, length / 3), &|| {
                flip(&path, length - 20)
            }];
        for (number, damage) in damages.iter().enumerate() {
            damage();
            assert_eq!(place.answer(SUMMARY), (whole.clone(), name != "Columns"), "{name}, {number}");
            assert_eq!(fs::metadata(&path).expect("it is there again").len(), length, "{name}, {number}");
        }
    }
    assert_eq!(place.answer(SUMMARY), (whole, true));
}

#[test]
fn what_another_version_has_written_is_replaced() {
    let place = Place::new();
    let (whole, _) = place.answer(SUMMARY);
    for path in place.packs().values() {
        let file = File::options().read(true).write(true).open(path).expect("it is there");
        let version = file.metadata().expect("a length").len() - 32;
        let mut byte = [0];
        file.read_exact_at(&mut byte, version).expect("inside");
        file.write_at(&[!byte[0]], version).expect("inside");
    }
    let listed: Value = serde_json::from_slice(&place.run("cache list --json").stdout).expect("JSON");
    assert_eq!(listed["rows"][0]["validity"], "otherVersion");
    assert_eq!(place.answer(SUMMARY), (whole.clone(), false));
    assert_eq!(place.answer(SUMMARY), (whole, true));
}

#[test]
fn a_place_that_cannot_be_written_to_is_no_mishap() {
    let place = Place::new();
    let (whole, _) = place.answer(&format!("{SUMMARY} --no-cache"));
    // A file in the way, a directory that is none of ours, one in which nobody can make any, one that is full.
    fs::write(place.folder.path().join("file"), "").expect("a file");
    let read_only = place.folder.path().join("read-only");
    fs::create_dir(&read_only).expect("a folder");
    fs::set_permissions(&read_only, fs::Permissions::from_mode(0o500)).expect("its own folder");
    for root in [&*place.folder.path().join("file"), &read_only, Path::new("/proc/nobody"), Path::new("relative")] {
        let output = place.command(SUMMARY).env("XDG_CACHE_HOME", root).output().expect("the program runs");
        assert_eq!(
            (output.status.code(), &*String::from_utf8_lossy(&output.stderr)),
            (Some(0), ""),
            "{}",
            root.display()
        );
        assert_eq!(String::from_utf8_lossy(&output.stdout), whole);
    }
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("relative").exists());
    // A limit for files, which ends processes that go beyond it.
    let file = place.file();
    let script = format!("ulimit -f 1000; exec {PROGRAM} summary {} --json", file.display());
    let output =
        Command::new("sh").args(["-c", &script]).env("XDG_CACHE_HOME", &place.cache).output().expect("a shell");
    assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""));
    assert_eq!(String::from_utf8_lossy(&output.stdout), whole);
    assert!(place.packs().is_empty());
}

#[test]
fn a_process_that_is_killed_while_it_writes_leaves_nothing_half_made() {
    let place = Place::new();
    let (whole, _) = place.answer(&format!("{SUMMARY} --no-cache"));
    let (mut before, mut after) = (0, 0);
    for run in 0..12 {
        let mut child = place.command(SUMMARY).stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut said = String::new();
        // Its end comes when all is said and the writing begins.
        child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
        assert_eq!(said, whole);
        let moment = Instant::now() + Duration::from_micros(700 * run);
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        child.kill().expect("it is ours");
        child.wait().expect("it ends");
        let packs = place.packs();
        // A name for a file that is whole may be on its way to another one.
        assert!(packs.values().all(|path| fs::metadata(path).is_ok_and(|file| file.len() > 56)), "{packs:?}");
        before += usize::from(!packs.contains_key("RetainedSizes"));
        after += usize::from(packs.contains_key("RetainedSizes"));
        assert_eq!(place.answer(SUMMARY).0, whole);
        assert!(place.packs().keys().all(|name| !name.starts_with('.')), "what was left is swept");
        assert_eq!(place.answer(SUMMARY), (whole.clone(), true));
        assert!(place.run("cache clear").status.success());
    }
    assert!(before > 0 && before + after == 12, "{before} were killed before the last pack");
}

#[test]
fn two_processes_at_once_do_not_disturb_each_other() {
    let place = Place::new();
    let (whole, _) = place.answer(&format!("{SUMMARY} --no-cache"));
    for _ in 0..3 {
        let children: Vec<_> = (0..4)
            .map(|_| place.command(SUMMARY).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs"))
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""));
            assert_eq!(String::from_utf8_lossy(&output.stdout), whole);
        }
        assert!(place.packs().keys().all(|name| !name.starts_with('.')));
        assert_eq!(place.answer(SUMMARY), (whole.clone(), true));
        // Some begin while others are cleared away.
        assert!(place.run("cache clear").status.success());
        assert!(place.packs().is_empty());
    }
}

#[test]
fn the_cache_can_be_listed_and_cleared() {
    let place = Place::new();
    let said = |line: &str| {
        let output = place.run(line);
        assert!(output.status.success());
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let root = place.cache.join("heapwalk");
    let nothing = format!("heapwalk: nothing is kept in {}\n", root.display());
    let titles = "Snapshot  Size  Kept  Last used  Will be used\n";
    assert_eq!(said("cache list"), (titles.into(), nothing));
    place.answer(SUMMARY);
    let (table, _) = said("cache list");
    let file = fs::canonicalize(place.file()).expect("it is there");
    let row = table.lines().nth(1).expect("a row");
    assert!(row.starts_with(&file.display().to_string()) && row.ends_with("just now  yes"), "{table}");
    let json: Value = serde_json::from_str(&said("cache list --json").0).expect("JSON");
    assert_eq!((&json["schema"], &json["command"]), (&1.into(), &"cache list".into()));
    assert_eq!(json["directory"], root.display().to_string());
    let row = &json["rows"][0];
    assert_eq!((&row["snapshot"], &row["validity"]), (&file.display().to_string().into(), &"current".into()));
    assert_eq!(row["snapshotBytes"], fs::metadata(&file).expect("it is there").size());
    let bytes: u64 = place.packs().values().map(|path| fs::metadata(path).expect("it is there").len()).sum();
    assert_eq!(row["bytes"], bytes);
    let csv = said("cache list --format csv").0;
    assert_eq!(csv.lines().next(), Some("snapshot,snapshotBytes,bytes,lastUsed,validity"));
    let cleared = said("cache clear").0;
    assert!(cleared.starts_with("removed what was kept of 1 snapshot: "), "{cleared}");
    assert_eq!(said("cache clear").0, "removed what was kept of 0 snapshots: 0 B\n");
    assert!(place.packs().is_empty());
}

/// The explorer on the snapshot.
fn explorer(place: &Place) -> Session {
    let cache = place.cache.to_str().expect("UTF-8").to_owned();
    let session = Session::start(&[place.file().to_str().expect("UTF-8")], (120, 40), &[("XDG_CACHE_HOME", &cache)]);
    session.wait_for("all is there", Session::is_loaded);
    session
}

#[test]
fn the_explorer_keeps_what_it_has_computed_and_says_when_it_did_not_have_to() {
    let place = Place::new();
    let mut session = explorer(&place);
    assert!(!session.screen().contains("cached"));
    // Aside; nobody waits for it.
    session.wait_for("the last pack", |_| place.packs().contains_key("RetainedSizes"));
    session.wait_for("the last of all", |_| place.packs().contains_key("LateWarnings"));
    session.press("q");
    assert_eq!(session.end().0, 0);
    let mut session = explorer(&place);
    let screen = session.screen();
    assert!(screen.lines().next().is_some_and(|title| title.contains(", cached · ")), "{screen}");
    session.press("/fixed\r");
    session.wait_text("2 of 225");
    session.press("q");
    assert_eq!(session.end().0, 0);
    session.assert_restored();
    assert!(place.answer(SUMMARY).1, "commands use it too");
}

#[test]
fn a_page_that_is_lost_ends_the_explorer_in_one_line() {
    let place = Place::new();
    place.answer("retainers FILE @83685");
    let mut session = explorer(&place);
    session.wait_text("cached");
    // A disk that fails, a share that is gone: the pages cannot be read any more.
    for path in place.packs().values() {
        File::options().write(true).open(path).expect("it is there").set_len(0).expect("it can be cut");
    }
    session.press("3");
    let (status, signal) = session.end();
    session.wait_for("the end of the output", |session| session.received().closed);
    let said = session.screen();
    assert_eq!((status, signal), (2, None), "{said}");
    session.assert_restored();
    assert!(said.contains("heapwalk: the index cache has lost a page; start again, with --no-cache if"), "{said}");
}
