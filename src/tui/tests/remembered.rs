//! A snapshot that is opened again is as it was left.

use std::path::Path;

use super::Person;
use crate::heap::{Input, LoadOptions};
use crate::input::Options;
use crate::remembered::Memory;
use crate::testing::demo;
use crate::tui::message::Msg;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::view::spec::Sort;

/// Somebody with a snapshot of a folder whose state is kept there, before it is loaded.
fn begins(folder: &Path) -> Person {
    let snapshot = folder.join("app.heapsnapshot");
    std::fs::write(&snapshot, "its content").expect("a file");
    let mut person = Person::new(100, 30);
    person.state.memory = Some(Memory::at(&folder.join("state")));
    person.state.snapshots[0].again = Some(LoadOptions::new(Input::Path(snapshot), Options::default()));
    (person.state.loading, person.state.snapshots[0].load) = (None, Load::Waiting);
    person.hear(Msg::Begin);
    person
}

/// The same once it is there.
fn opens(folder: &Path) -> Person {
    let mut person = begins(folder);
    person.loaded(0, demo());
    person
}

#[test]
fn view_orders_marks_and_what_is_ignored_are_as_they_were_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut person = opens(folder.path());
    assert_eq!(person.told(), "", "nothing was left");
    person.press("s @ =75851 enter m a tab g x");
    let said = person.told().to_owned();
    assert!(said.starts_with("ignored "), "{said}");
    person.press("esc g 4 j j s");
    let order = person.pane(View::DOMINATORS).tree.sort();
    let mut again = opens(folder.path());
    assert_eq!(again.explorer().view, View::DOMINATORS);
    assert!(again.told().starts_with("1 ignored: "), "what would go is looked up: {}", again.told());
    assert_eq!(again.pane(View::DOMINATORS).tree.sort(), order);
    again.press("X");
    assert!(again.sees().contains("counts it again"), "{}", again.sees());
    again.press("esc ' a");
    assert_eq!(again.row(), "Session @75851");
    assert_eq!(again.explorer().view, View::SUMMARY);
    assert_ne!(again.summary().tree.sort(), Sort::BY_RETAINED, "its order is that of before");
    // What is counted again stays so.
    again.press("X a");
    assert!(opens(folder.path()).explorer().ignoring.things.is_empty());
}

#[test]
fn rows_of_another_program_are_found_by_their_objects() {
    let folder = tempfile::tempdir().expect("a folder");
    opens(folder.path()).press("@ =75851 enter m a");
    let file = std::fs::read_dir(folder.path().join("state")).expect("a directory").flatten();
    let file = file.map(|file| file.path()).find(|path| path.extension().is_some()).expect("a file");
    let text = std::fs::read_to_string(&file).expect("a text");
    let mut kept: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    kept["marks"]["a"]["rows"] = "0.0.1 other".into();
    // Nodes that the file does not have are no marks.
    kept["marks"]["b"] = kept["marks"]["a"].clone();
    kept["marks"]["b"]["root"] = 4_000_000_000u32.into();
    kept["orders"]["summary"] = serde_json::json!({ "field": "nonsense", "ascending": true });
    kept["ignored"] = serde_json::json!([{ "known": { "words": "x", "nodes": [4_000_000_000u32], "edges": [] } }]);
    std::fs::write(&file, kept.to_string()).expect("a file");
    let mut again = opens(folder.path());
    assert_eq!(again.told(), "as it was left: 1 mark; `heapwalk forget` begins anew");
    again.press("' a");
    assert_eq!(again.row(), "Session @75851");
}

#[test]
fn what_is_forgotten_begins_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    opens(folder.path()).press("m a 3");
    let memory = Memory::at(&folder.path().join("state"));
    assert!(memory.forget(&folder.path().join("app.heapsnapshot")).expect("it can be removed"));
    let again = opens(folder.path());
    assert_eq!((again.explorer().view, again.explorer().marks.len()), (View::SUMMARY, 0));
}

#[test]
fn who_has_gone_somewhere_before_it_is_recalled_stays_there() {
    let folder = tempfile::tempdir().expect("a folder");
    opens(folder.path()).press("m a 3");
    let mut slow = begins(folder.path());
    let recall = std::mem::take(&mut slow.waiting);
    assert!(recall.is_empty(), "a patient worker has answered");
    slow = {
        let mut person = Person::new(100, 30);
        person.patient = false;
        person.state.memory = slow.state.memory.clone();
        person.state.snapshots[0].again = slow.state.snapshots[0].again.clone();
        (person.state.loading, person.state.snapshots[0].load) = (None, Load::Waiting);
        person.hear(Msg::Begin);
        person
    };
    let late: Vec<_> = slow.waiting.drain(..).collect();
    slow.patient = true;
    slow.loaded(0, demo());
    slow.press("j j");
    slow.waiting = late;
    slow.answer_all();
    assert_eq!(slow.explorer().view, View::SUMMARY);
    assert_eq!(slow.explorer().marks.len(), 1);
}

#[test]
fn two_explorers_at_once_keep_the_marks_of_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut one, mut other) = (opens(folder.path()), opens(folder.path()));
    one.press("j m a");
    other.press("j j m b");
    one.press("j m c");
    let again = opens(folder.path());
    assert_eq!(again.explorer().marks.keys().collect::<String>(), "abc");
}

#[test]
fn what_cannot_be_kept_is_said_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut person = opens(folder.path());
    let _ = std::fs::remove_dir_all(folder.path().join("state"));
    std::fs::write(folder.path().join("state"), "no directory").expect("a file");
    person.press("m a");
    assert!(person.told().starts_with("view, marks and notes will not be remembered: "), "{}", person.told());
    let directory = folder.path().join("state").display().to_string();
    assert!(person.told().contains(&directory), "where is said: {}", person.told());
    person.press("j m b");
    assert!(person.told().starts_with("marked as b"), "{}", person.told());
}
