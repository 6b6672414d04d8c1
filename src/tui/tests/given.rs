//! Snapshots that are added, taken out and renamed while the explorer runs.

use super::*;
use crate::heap::Input;

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
    person.hear(Msg::Text { text: text.into(), is_pasted: false, is_cut: false });
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
    person.hear(Msg::Text { text: format!("add {}", FILE.trim_end_matches("toml")), is_pasted: false, is_cut: false });
    person.press("tab");
    assert_eq!(person.told(), "Cargo.lock  Cargo.toml");
    person.press("=t tab");
    let prompt = person.state.prompt.as_ref().expect("the line is still typed");
    assert_eq!(prompt.line.text(), FILE);
    person.press("enter");
    assert_eq!(titles(&person), ["before", "after", "Cargo.toml"]);
}
