//! Snapshots that are added, taken out and renamed while the explorer runs.

use super::*;
use crate::heap::{Input, LoadOptions};
use crate::remembered::Memory;
use crate::tui::state::jobs::Slot;
use crate::tui::state::snapshot::Load;

/// A file that is there; what is in it nobody reads here.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");

/// The third snapshot of the process of [`series`].
fn third() -> Arc<Heap> {
    let both = "r -shop-> Shop[24]; Shop -sessions-> Array[16]; Array -[0]-> Session#1[80]";
    let more: Vec<String> = (1..9).map(|each| format!("Array -[{each}]-> Session#{}[80]", each + 1)).collect();
    Graph::new(&format!("{both}; Shop -gap-> Gap[8]; {}", more.join("; "))).heap
}

/// Types into the palette what follows `:`.
fn typed(person: &mut Person, text: &str) {
    person.press(":");
    person.hear(Msg::Text { text: text.into(), is_pasted: false });
    person.press("enter");
}

fn titles(person: &Person) -> Vec<&str> {
    person.state.snapshots.iter().map(|snapshot| snapshot.title.as_str()).collect()
}

#[test]
fn one_more_snapshot_is_loaded_aside_and_shown_in_the_same_view() {
    let mut person = comparing(120, 40);
    person.press("9");
    typed(&mut person, &format!("add {FILE}"));
    assert_eq!(person.told(), "Cargo.toml is loaded aside, and shown once it is there");
    assert_eq!((titles(&person), person.state.shown), (vec!["before", "after", "Cargo.toml"], 1));
    assert!(matches!(&person.given[0].input, Input::Path(path) if path.as_os_str() == FILE));
    assert_eq!(person.loads.last(), Some(&2));
    person.press("j");
    person.loaded(2, third());
    assert_eq!(person.state.shown, 2);
    assert_eq!(person.told(), "Cargo.toml is shown now; w goes back to after");
    assert!(person.sees().contains("over 3 snapshots"), "{}", person.sees());
    let line = person.screen().into_iter().find(|line| line.contains("Session")).expect("the class");
    assert!(line.contains(" 1 ") && line.contains(" 4 ") && line.contains(" 9 "), "{line}");
    person.press("2");
    assert!(person.sees().contains("since after"), "{}", person.sees());
}

#[test]
fn whoever_types_is_not_taken_elsewhere() {
    let mut person = comparing(120, 40);
    typed(&mut person, &format!("add {FILE}"));
    person.press("/ =Sess");
    person.loaded(2, third());
    assert_eq!((person.state.shown, person.told()), (1, "Cargo.toml is loaded; w chooses it"));
}

#[test]
fn a_snapshot_is_taken_out_and_those_behind_it_move_up() {
    let mut person = comparing(120, 40);
    typed(&mut person, &format!("add {FILE}"));
    person.loaded(2, third());
    person.press("9 w a");
    assert_eq!(person.explorer().base, Some(0));
    person.press("w =1");
    assert_eq!(person.state.shown, 0);
    typed(&mut person, "remove");
    assert_eq!((titles(&person), person.state.shown), (vec!["after", "Cargo.toml"], 0));
    assert_eq!(person.told(), "before is out of the list; after is shown");
    assert_eq!(person.gone, [0]);
    person.press("w =2");
    // It was given up for those that were looked at.
    person.loaded(1, third());
    person.press("9");
    assert_eq!(person.explorer().base, Some(0), "what it was compared with is gone");
    assert!(person.sees().contains("over 2 snapshots"), "{}", person.sees());
    typed(&mut person, "remove");
    assert_eq!((titles(&person), person.state.shown), (vec!["after"], 0));
    typed(&mut person, "remove");
    assert_eq!(person.told(), "the only snapshot stays; :add FILE gives another one, q quits");
}

#[test]
fn a_snapshot_that_is_being_loaded_can_be_taken_out() {
    let mut person = Person::given(&["before", "after", "later"], 120, 40);
    assert_eq!(person.state.loading, Some(2));
    typed(&mut person, "remove");
    assert_eq!((titles(&person), person.state.shown), (vec!["before", "after"], 1));
    assert_eq!((person.state.loading, person.loads.last()), (Some(1), Some(&1)));
    let [before, after] = series();
    person.loaded(1, after);
    person.loaded(0, before);
    assert!(person.press("2").sees().contains("since before"));
}

#[test]
fn a_snapshot_has_the_name_that_somebody_gives_it() {
    let mut person = comparing(120, 40);
    typed(&mut person, "rename after the fix");
    assert_eq!(titles(&person), ["before", "after the fix"]);
    assert!(person.screen()[0].contains("after the fix"));
    person.press("w r");
    person.press("ctrl-u =later enter");
    assert_eq!(titles(&person), ["before", "later"]);
}

#[test]
fn what_cannot_be_added_is_said_in_one_line() {
    let mut person = comparing(120, 40);
    typed(&mut person, "add /nowhere/at/all");
    assert!(person.told().starts_with("/nowhere/at/all: No such file"), "{}", person.told());
    typed(&mut person, concat!("add ", env!("CARGO_MANIFEST_DIR")));
    assert!(person.told().ends_with("a folder; a snapshot is a file"), "{}", person.told());
    typed(&mut person, "add -");
    assert_eq!(person.told(), "standard input can only be given when heapwalk starts");
    assert_eq!(titles(&person).len(), 2);
    typed(&mut person, &format!("add {FILE}"));
    typed(&mut person, &format!("add {FILE}"));
    assert_eq!(person.told(), "Cargo.toml is there already; w chooses it");
}

#[test]
fn tab_completes_the_path() {
    let mut person = comparing(120, 40);
    person.press(":");
    person.hear(Msg::Text { text: format!("add {}", FILE.trim_end_matches("toml")), is_pasted: false });
    person.press("tab");
    assert_eq!(person.told(), "Cargo.lock  Cargo.toml");
    person.press("=t tab");
    let prompt = person.state.prompt.as_ref().expect("the line is still typed");
    assert_eq!(prompt.line.text(), FILE);
    person.press("enter");
    assert_eq!(titles(&person), ["before", "after", "Cargo.toml"]);
}

#[test]
fn however_many_are_looked_at_two_are_in_memory() {
    let [before, after] = series();
    let mut person = Person::given(&["1", "2", "3"], 120, 40);
    for snapshot in &mut person.state.snapshots {
        snapshot.again = Some(LoadOptions::new(Input::Path(FILE.into()), Default::default()));
    }
    let there = |person: &Person| -> Vec<usize> {
        let snapshots = person.state.snapshots.iter().enumerate();
        snapshots.filter(|(_, snapshot)| snapshot.heap.is_some()).map(|(index, _)| index).collect()
    };
    person.loaded(2, third());
    person.loaded(1, after.clone());
    person.press("w =2");
    assert_eq!(person.loads.last(), Some(&0), "it is compared with the first");
    person.loaded(0, before.clone());
    assert_eq!(there(&person), [0, 1]);
    person.press("w c");
    person.loaded(2, third());
    assert_eq!(there(&person), [1, 2], "compared with the third");
    person.press("w =1");
    person.loaded(0, before);
    assert_eq!(there(&person), [0, 1], "nothing is before the first: there is room for what was shown");
}

#[test]
fn what_is_remembered_of_those_that_stay_is_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = ["before", "after"].map(|name| folder.path().join(name));
    let mut person = Person::given(&["before", "after"], 120, 40);
    for (snapshot, file) in person.state.snapshots.iter_mut().zip(&files) {
        std::fs::write(file, file.display().to_string()).expect("a file");
        snapshot.again = Some(LoadOptions::new(Input::Path(file.clone()), Default::default()));
    }
    person.state.memory = Some(Memory::at(&folder.path().join("state")));
    person.patient = false;
    (person.state.loading, person.state.snapshots[1].load) = (None, Load::Waiting);
    person.hear(Msg::Begin);
    let asks = |person: &Person, index| person.state.job(Slot::Recall(index)).is_some();
    assert!(asks(&person, 1) && !asks(&person, 0));
    let [_, after] = series();
    person.hear(Msg::Load(1, Event::Ready(after.clone())));
    person.hear(Msg::Load(1, Event::Complete));
    person.press("w =1");
    assert!(asks(&person, 1), "another snapshot is shown, and it is still wanted");
    typed(&mut person, "remove");
    assert_eq!(titles(&person), ["after"]);
    assert!(asks(&person, 0) && !asks(&person, 1), "it has moved up");
    person.patient = true;
    person.answer_all();
    let place = person.state.snapshots[0].place.as_ref();
    assert!(place.is_some(), "what is noted of it from now on is kept");
}
