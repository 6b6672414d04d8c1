//! What is remembered survives ends of all kinds, and two at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;

struct Scene {
    folder: tempfile::TempDir,
    memory: Memory,
    snapshot: PathBuf,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("app.heapsnapshot");
    fs::write(&snapshot, "some text").expect("a file");
    let memory = Memory::at(&folder.path().join("state"));
    Scene { folder, memory, snapshot }
}

impl Scene {
    fn recall(&self) -> (Place, Remembered) {
        self.memory.recall(&self.snapshot).expect("it is a file")
    }

    fn file(&self) -> PathBuf {
        let files = fs::read_dir(self.memory.directory()).expect("a directory").flatten().map(|file| file.path());
        files.into_iter().find(|path| path.extension().is_some_and(|end| end == "json")).expect("a file")
    }
}

fn with_note(about: &str, text: &str) -> Remembered {
    let notes = [(about.to_owned(), text.to_owned())].into();
    Remembered { version: VERSION, notes, ..Remembered::default() }
}

fn all_kinds() -> Remembered {
    let mark = Mark { view: "summary".into(), trail: vec![[1, 2]], what: "Session".into(), ..Mark::default() };
    let known = Ignored::Known { words: "Session @3".into(), nodes: vec![3], edges: Vec::new() };
    Remembered {
        version: VERSION,
        snapshot: "/a".into(),
        view: Some("dominators".into()),
        orders: [("summary".into(), Order { field: "count".into(), ascending: false })].into(),
        marks: [('a', mark)].into(),
        notes: [("@3".into(), "look".into())].into(),
        ignored: vec![Ignored::Pattern("x in Y".into()), known],
    }
}

#[test]
fn what_is_written_is_there_the_next_time_and_private() {
    let scene = scene();
    let (place, nothing) = scene.recall();
    assert!(nothing.is_empty());
    place.write(&all_kinds(), 1).expect("it can be written");
    assert_eq!(scene.recall().1, all_kinds());
    let mode = |path: &std::path::Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&scene.file()), mode(scene.memory.directory())), (0o600, 0o700));
}

#[test]
fn a_copy_is_the_same_snapshot_and_other_content_is_another() {
    let scene = scene();
    scene.recall().0.write(&with_note("@1", "x"), 1).expect("it can be written");
    let copy = scene.folder.path().join("copy");
    fs::copy(&scene.snapshot, &copy).expect("a copy");
    assert_eq!(scene.memory.recall(&copy).expect("a file").1, with_note("@1", "x"));
    fs::write(&scene.snapshot, "other text").expect("a file");
    assert!(scene.recall().1.is_empty());
    assert!(scene.memory.recall(scene.folder.path()).is_none(), "a directory is no snapshot");
}

#[test]
fn two_at_once_each_add_what_is_new_of_theirs() {
    let scene = scene();
    let (one, _) = scene.recall();
    let (other, _) = scene.recall();
    one.write(&Remembered { view: Some("series".into()), ..with_note("@1", "first") }, 1).expect("it can be written");
    other.write(&with_note("@2", "second"), 1).expect("it can be written");
    let both = scene.recall().1;
    assert_eq!(
        both.notes.into_iter().collect::<Vec<_>>(),
        [("@1".into(), "first".into()), ("@2".into(), "second".into())]
    );
    assert_eq!(both.view.as_deref(), Some("series"), "who has not chosen a view does not take that of the other");
    // One takes its note away; that of the other stays.
    one.write(&Remembered { version: VERSION, ..Remembered::default() }, 2).expect("it can be written");
    assert_eq!(scene.recall().1.notes.into_keys().collect::<Vec<_>>(), ["@2"]);
}

#[test]
fn many_at_once_lose_nothing() {
    let scene = scene();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (place, _) = scene.recall();
            scope.spawn(move || {
                let mut own = Remembered { version: VERSION, ..Remembered::default() };
                for change in 1..=10u64 {
                    own.notes.insert(format!("@{writer}-{change}"), "x".into());
                    place.write(&own, change).expect("it can be written");
                }
            });
        }
    });
    assert_eq!(scene.recall().1.notes.len(), 40);
}

#[test]
fn a_change_that_comes_too_late_is_left_out() {
    let scene = scene();
    let (place, _) = scene.recall();
    place.write(&with_note("@1", "new"), 2).expect("it can be written");
    place.write(&with_note("@1", "old"), 1).expect("nothing is written");
    assert_eq!(scene.recall().1, with_note("@1", "new"));
}

#[test]
fn what_is_damaged_is_nothing_and_what_a_later_program_has_written_stays() {
    let scene = scene();
    let (place, _) = scene.recall();
    place.write(&all_kinds(), 1).expect("it can be written");
    for damaged in ["{", "[]", "{\"notes\": 3}", "\u{0}"] {
        fs::write(scene.file(), damaged).expect("a file");
        assert!(scene.recall().1.is_empty(), "{damaged}");
    }
    scene.recall().0.write(&with_note("@1", "x"), 1).expect("it can be written");
    assert_eq!(scene.recall().1, with_note("@1", "x"));
    let later = "{\"version\": 99, \"notes\": {\"@9\": \"later\"}}";
    fs::write(scene.file(), later).expect("a file");
    assert!(scene.memory.recall(&scene.snapshot).is_none());
    place.write(&with_note("@2", "y"), 2).expect_err("it is not ours to write over");
    assert_eq!(fs::read_to_string(scene.file()).expect("a file"), later);
}

#[test]
fn it_is_forgotten_on_request_and_leaves_nothing() {
    let scene = scene();
    assert!(!scene.memory.forget(&scene.snapshot).expect("nothing is there"));
    assert_eq!(scene.memory.forget_all().expect("nothing is there"), 0);
    scene.recall().0.write(&all_kinds(), 1).expect("it can be written");
    assert!(scene.memory.forget(&scene.snapshot).expect("it can be removed"));
    assert!(scene.recall().1.is_empty());
    scene.recall().0.write(&all_kinds(), 1).expect("it can be written");
    fs::write(scene.memory.directory().join("other.json"), "").expect("a file");
    assert_eq!(scene.memory.forget_all().expect("it can be removed"), 1);
    assert!(scene.memory.directory().join("other.json").exists(), "what is not ours stays");
    // Nothing to remember is no file.
    let (place, _) = scene.recall();
    place.write(&with_note("@1", "x"), 1).expect("it can be written");
    place.write(&Remembered { version: VERSION, ..Remembered::default() }, 2).expect("it can be removed");
    assert_eq!(scene.memory.forget_all().expect("it can be removed"), 0);
}
