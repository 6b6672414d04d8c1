//! The Summary by class, by file, by package.

use super::*;
use crate::tui::overlays::Overlay;

#[test]
fn t_turns_the_summary_to_files_to_packages_and_back() {
    let mut person = Person::at_demo(100, 30);
    person.press("j j t");
    assert!(person.answer().contains("by file"), "{}", person.answer());
    assert!(person.sees().contains("All objects by file · ") && person.sees().contains("   File "));
    assert!(person.row_line().contains("server.js") && person.row_line().contains("×22,392"), "{}", person.row_line());
    person.press("l j");
    assert_eq!(person.row(), "Array", "the class with the most retained in that file");
    person.press("l j");
    assert!(person.row().starts_with("Array @"), "{}", person.row());
    person.press("t");
    assert!(person.sees().contains("All objects by package · ") && person.sees().contains("   Package "));
    assert!(person.sees().contains("the program") && person.sees().contains("node: internals"));
    person.press("t");
    assert!(person.sees().contains("   Constructor "), "{}", person.sees());
    assert_eq!(person.summary().cursor, 2, "the row that somebody was on");
    person.press("t");
    assert!(person.row().starts_with("Array @"), "what was open is open again: {}", person.row());
}

#[test]
fn other_forms_keep_the_order_and_the_scope() {
    let mut person = Person::at_demo(120, 40);
    person.press("s s t");
    let sort = person.summary().tree.sort();
    assert_eq!((sort.field, sort.ascending), ("count", false));
    assert_eq!(person.row(), "server.js");
    person.press("G");
    assert!(person.row().starts_with("(no file)"), "what has no file comes last: {}", person.row());
    person.press("O");
    assert!(person.sees().contains("The program's own objects by file"), "{}", person.sees());
    assert_eq!(person.classes(), 1);
    assert!(person.row().starts_with("server.js"));
    // The classes of a file are those of the scope too.
    person.press("l");
    let classes = person.summary().len() - 1;
    person.press("t t");
    assert_eq!(person.classes(), classes, "one file has all of the program");
    person.press("esc t");
    assert!(person.classes() > 20, "the scope is gone in this form too");
}

#[test]
fn filters_belong_to_their_form_and_the_command_prints_what_is_seen() {
    let mut person = Person::at_demo(120, 40);
    person.press("/ =Session enter t");
    assert!(person.sees().contains("server.js") && person.summary().filter.is_empty());
    person.press("/ =node:events enter");
    assert_eq!(person.classes(), 1);
    person.press("y");
    assert!(person.sees().contains("heapwalk summary demo --by file"), "{}", person.sees());
    person.press("esc t t");
    assert_eq!(person.summary().filter, "Session");
    person.press("t");
    assert_eq!((person.classes(), person.summary().filter.as_str()), (1, "node:events"));
}

#[test]
fn whoever_jumps_to_an_object_sees_it_below_its_class() {
    let mut person = Person::at_demo(120, 40);
    person.press("t l j l j");
    let object = person.row();
    person.press("c [");
    assert_eq!(person.row(), object, "back where it was, by file");
    assert!(person.sees().contains("by file"));
    person.press("u");
    assert!(person.sees().contains("   Constructor "), "{}", person.sees());
    assert_eq!(person.row(), object);
    person.press("[");
    assert_eq!(person.row(), object);
    assert!(person.sees().contains("by file"));
}

#[test]
fn forms_wait_for_numbers_and_take_them() {
    let heap = staged();
    let mut person = Person::new(120, 40);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    person.press("t");
    assert!(person.sees().contains("server.js"), "{}", person.sees());
    finish(&heap);
    person.hear(Msg::Load(0, Event::Complete));
    person.hear(Msg::Load(0, Event::Progress));
    let retained = person.summary().tree.table().column("retainedSize").expect("a column");
    let table = person.summary().tree.table().clone();
    let rows = person.summary().tree.roots().to_vec();
    assert!(rows.iter().all(|&row| table.cell(row, retained) != crate::view::cell::Cell::NotYet));
}

#[test]
fn a_snapshot_without_places_says_why_there_are_no_files() {
    let mut person = Person::exploring(whole(strings(&["a", "b"])), 100, 30);
    person.press("t");
    assert!(person.answer().contains("does not say which scripts"), "{}", person.answer());
    assert!(person.sees().contains("   Constructor "));
}

#[test]
fn a_form_that_is_still_made_gives_way_to_the_next() {
    let mut person = Person::at_demo(100, 30);
    person.patient = false;
    person.press("t t t");
    person.patient = true;
    person.answer_all();
    assert!(person.sees().contains("   Constructor "), "{}", person.sees());
    assert!(person.classes() > 100);
    person.patient = false;
    person.press("t t");
    person.answer_all();
    assert!(person.sees().contains("by package"), "{}", person.sees());
    assert!(!person.state.overlays.iter().any(|overlay| matches!(overlay, Overlay::Help(_))));
}
