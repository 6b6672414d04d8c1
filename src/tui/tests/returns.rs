//! Esc goes back to where somebody was; what is said of the panes stays true on the way.

use super::{Person, demo};
use crate::notation::Graph;
use crate::tui::state::focus::Focus;
use crate::tui::view::View;

/// Where somebody is in the Summary: the rows in sight, the cursor's among them.
fn rows(person: &mut Person) -> (Vec<String>, usize, usize) {
    let screen = person.screen();
    let pane = person.summary();
    (screen, pane.cursor, pane.top)
}

fn retainers(person: &mut Person) -> String {
    person.sees().split("─ Retainers").nth(1).unwrap_or_default().to_owned()
}

/// One object of a class that two others hold.
fn held_twice() -> Person {
    let graph = "r -store-> Store; Store -list-> Item[100]; r -other-> Other; Other -last-> Item";
    Person::exploring(Graph::new(graph).heap, 110, 34)
}

#[test]
fn esc_takes_a_filter_back_with_the_place_and_what_was_open() {
    let mut person = Person::at_demo(110, 34);
    person.press("j j j j j j l l j j j");
    let before = rows(&mut person);
    person.press("/ =arr");
    assert!(person.classes() < 100 && person.summary().cursor != before.1);
    person.press("esc");
    assert_eq!(rows(&mut person), before);
    // The same with a filter that there was before, and with one that has been taken away.
    person.press("/ =sess enter l j");
    let before = rows(&mut person);
    person.press("/ =x esc");
    assert_eq!(rows(&mut person), before);
    person.press("/ backspace backspace backspace backspace backspace");
    assert!(person.summary().filter.is_empty() && person.state.prompt.is_none());
}

#[test]
fn an_order_that_comes_while_a_filter_is_typed_is_kept() {
    let mut person = Person::at_demo(110, 34);
    person.patient = false;
    person.press("s");
    person.press("/ =arr esc");
    person.patient = true;
    person.answer_all();
    person.rest();
    assert_ne!(person.summary().tree.sort(), crate::view::spec::Sort::BY_RETAINED);
    assert!(person.classes() > 100);
}

#[test]
fn esc_leaves_a_scope_for_the_row_from_which_it_was_chosen() {
    let mut person = Person::at_demo(110, 34);
    person.press("j j j j j j l l j j j");
    let before = rows(&mut person);
    person.press("f b j j");
    assert_eq!(person.explorer().scope().map(|scoped| scoped.title.is_empty()), Some(false));
    person.press("esc");
    person.state.notice = None;
    assert_eq!((person.summary().cursor, person.summary().top), (before.1, before.2));
    assert_eq!(person.screen()[..20], before.0[..20]);
    let mut person = Person::at_demo(110, 34);
    person.press("f b j j j esc");
    assert_eq!((person.summary().cursor, person.summary().top), (0, 0), "the first rows are seen");
}

#[test]
fn of_a_holder_whose_reference_is_ignored_nobody_says_that_it_is_unreachable() {
    let mut person = held_twice();
    person.press("/ =Item enter l j tab x");
    assert!(person.row_line().contains("ignored"), "{}", person.sees());
    person.press("x");
    assert!(person.told().starts_with("ignored the reference"), "{}", person.told());
    let shown = retainers(&mut person);
    assert!(shown.contains("ignored") && !shown.contains("unreachable"), "{shown}");
}

#[test]
fn the_retainers_follow_the_cursor_whatever_was_selected() {
    let mut person = Person::at_demo(110, 40);
    person.press("/ ='Session enter j l j");
    person.press("M r");
    let shown = retainers(&mut person);
    assert!(shown.starts_with(" of 1 × "), "r goes to who holds what is selected: {shown}");
    assert_eq!(person.explorer().focus, Focus::Retainers);
    person.press("tab esc");
    assert!(person.explorer().has_retainers(), "{}", person.sees());
    // Whoever shows one object goes on with those on which the cursor is.
    person.press("M enter j");
    let id = person.row().split('@').nth(1).unwrap_or("no id").split(' ').next().unwrap_or_default().to_owned();
    let shown = person.explorer().retained().map(|object| object.heap.id(object.node).to_string());
    assert_eq!(shown, Some(id), "{}", person.sees());
    person.press("esc");
    assert!(person.explorer().has_retainers(), "{}", person.sees());
}

#[test]
fn a_cursor_that_comes_back_before_it_rests_keeps_its_retainers() {
    let mut person = Person::at_demo(110, 40);
    person.press("/ ='Session enter j l j");
    person.press("j k");
    assert!(person.explorer().has_retainers(), "{}", person.sees());
}

#[test]
fn the_objects_that_would_go_are_all_shown_and_left_once_nothing_is_ignored() {
    let mut person = held_twice();
    person.press("/ =item enter l j tab x G x");
    assert_eq!(person.explorer().ignoring.things.len(), 2);
    person.press("X o");
    let screen = person.sees();
    assert!(screen.contains("Objects that would go · 1 class"), "{screen}");
    person.press("esc");
    assert!(person.sees().contains("/ item"), "the filter is there again: {}", person.sees());
    person.press("X o X a");
    assert!(person.explorer().scope().is_none(), "{}", person.sees());
    assert!(!person.sees().contains("Objects that would go"), "{}", person.sees());
}

#[test]
fn of_a_set_whose_holders_are_all_ignored_it_is_said_that_it_would_be_freed() {
    let mut person = held_twice();
    person.press("/ =Item enter tab x g x");
    let shown = retainers(&mut person);
    assert!(
        shown.contains("nothing else holds them: without what is ignored they would be freed"),
        "{}: {shown}",
        person.told()
    );
}

#[test]
fn another_snapshot_opens_in_the_view_that_was_shown() {
    let mut person = super::comparing(110, 34);
    person.press("2");
    assert_eq!(person.explorer().view, View::COMPARISON);
    person.press("w 1");
    assert_eq!(person.explorer().view, View::COMPARISON);
    person.press("3 w 2");
    assert_eq!(person.explorer().view, View::CONTAINMENT);
}

#[test]
fn details_keep_words_and_values_apart_and_name_the_class() {
    let mut person = super::leads::series(120, 34);
    person.press("i");
    let screen = person.sees();
    assert!(screen.contains("objects a step  +100") || screen.contains("objects a step +100"), "{screen}");
    assert!(screen.contains("class Entry") && !screen.contains("class ▁"), "{screen}");
}

#[test]
fn the_sentence_is_that_of_the_path_that_is_shown() {
    let mut person = Person::exploring(demo(), 110, 40);
    person.press("@ =83701 enter r p");
    let said = retainers(&mut person);
    assert!(said.contains("path 2 of 4 goes on over takeSample() @210223"), "{said}");
    person.press("p");
    let said = retainers(&mut person);
    assert!(said.contains("path 3 of 4 goes on over () @6465"), "{said}");
    person.press("j tab j");
    let said = retainers(&mut person);
    assert!(!said.contains("goes on over"), "another object: {said}");
}
