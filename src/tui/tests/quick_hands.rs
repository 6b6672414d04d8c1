//! Keys pressed before what the last ones asked for has come, and snapshots exchanged under it.

use super::{Person, STRINGS, many, series, staged, timeline, whole};
use crate::heap::Event;
use crate::tui::message::Msg;
use crate::tui::state::focus::PaneId;
use crate::tui::view::View;

#[test]
fn a_filter_holds_whatever_is_pressed_before_it_has_come() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l g");
    person.patient = false;
    person.press("/ =Array enter s S esc");
    person.patient = true;
    person.answer_all();
    person.answer_all();
    assert_eq!(person.changes(), 0);
    assert_eq!(person.answer(), "all rows again");
    assert_eq!(person.classes(), 2);
    assert!(person.sees().contains("Constructor ▼"), "S has turned the order of names: {}", person.sees());
}

#[test]
fn two_retainers_can_be_ignored_in_a_row() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210215 enter tab j");
    person.patient = false;
    person.press("x j x");
    person.patient = true;
    person.answer_all();
    assert_eq!(person.explorer().ignoring.things.len(), 2);
    assert_eq!(person.explorer().ignoring.now.as_ref().map(|cut| cut.ignored.nodes().len()), Some(2));
    person.press("X a");
    assert!(person.explorer().ignoring.now.is_none() && person.explorer().ignoring.things.is_empty());
}

#[test]
fn a_view_that_was_stopped_says_which_key_begins_anew() {
    let mut person = Person::exploring(many(), 100, 30);
    person.patient = false;
    person.press("7 esc");
    assert_eq!(person.answer(), "stopped");
    assert!(person.sees().contains("stopped; 7 begins anew"), "{}", person.sees());
    person.answer_all();
    assert!(!person.explorer().panes.contains_key(&STRINGS));
    person.press("7");
    person.answer_all();
    assert!(person.explorer().panes.contains_key(&STRINGS));
}

#[test]
fn functions_without_calls_are_no_reason_to_ask_again() {
    let text = String::from_utf8(timeline().to_vec()).expect("text");
    let start = text.find(r#""trace_tree":["#).expect("a tree");
    let end = start + text[start..].find("]]],").or_else(|| text[start..].find("]]]")).expect("its end") + 3;
    let odd = format!("{}\"trace_tree\":[]{}", &text[..start], &text[end..]);
    let mut person = Person::exploring(whole(odd.into_bytes().leak()), 110, 30);
    person.press("6");
    let screen = person.sees();
    person.press("1 6");
    assert!(!person.work_waits(), "nothing asks again and again");
    assert!(screen.contains("nothing was allocated"), "{screen}");
}

#[test]
fn the_snapshot_left_before_it_was_complete_is_complete_when_it_is_shown_again() {
    let [before, _] = series();
    let heap = staged();
    let mut person = Person::given(&["before", "after"], 110, 30);
    person.hear(Msg::Load(1, Event::Ready(heap.clone())));
    person.press("w 1");
    super::finish(&heap);
    person.hear(Msg::Load(1, Event::Progress));
    person.hear(Msg::Load(1, Event::Complete));
    person.loaded(0, before);
    assert!(person.sees().contains("1 of 2 before"), "{}", person.sees());
    person.press("w 2");
    let explorer = person.explorer();
    assert!(explorer.complete, "its retained sizes are there");
    let main = person.sees().split("─ Retainers").next().unwrap_or_default().to_owned();
    assert!(!main.contains('…'), "{}", person.sees());
}

#[test]
fn another_base_makes_no_place_of_the_first_comparison_come_back() {
    let [before, after] = series();
    let mut person = Person::given(&["one", "two", "three"], 110, 30);
    person.loaded(2, after.clone());
    person.loaded(1, before.clone());
    person.press("2 / =Cart enter l l 1");
    person.press("w a");
    person.loaded(0, after);
    assert_eq!(person.explorer().view, View::COMPARISON);
    person.press("[ [ [ [");
    assert_eq!(person.answer(), "no place to go back to");
    assert_eq!(person.explorer().view, View::SUMMARY);
    person.press("2");
    assert!(!person.sees().contains("Cart"), "one and three are the same: {}", person.sees());
}

#[test]
fn comparing_with_another_while_comparing_shows_the_last() {
    let [before, after] = series();
    let mut person = Person::given(&["one", "two", "three"], 110, 30);
    person.loaded(2, after.clone());
    person.loaded(1, before);
    person.patient = false;
    person.press("2");
    person.press("w a");
    person.patient = true;
    person.loaded(0, after);
    person.answer_all();
    assert!(person.sees().contains("nothing has changed between the two"), "{}", person.sees());
}

#[test]
fn the_other_tree_is_searched_anew() {
    let mut person = Person::at_demo(110, 30);
    person.press("3 j l / =Builtins enter");
    assert!(person.row().contains("(Builtins)"), "{}", person.sees());
    person.press("c n");
    assert_eq!(person.answer(), "“Builtins” 1 of 1; n next, N before");
    assert!(person.row().contains("Builtins"), "{}", person.sees());
}

#[test]
fn retained_sizes_fill_in_below_allocations() {
    let mut person = Person::exploring(whole(timeline()), 110, 30);
    person.press("6 t");
    let screen = person.sees();
    assert!(!screen.contains(" … "), "{screen}");
}

#[test]
fn a_level_of_rows_that_have_nothing_below_them_is_opened_in_no_time() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l j L");
    assert_eq!(person.changes(), 0);
    assert_eq!(person.summary().len(), 40_001);
    assert_eq!(person.answer(), "nothing more to open in this level");
}

#[test]
fn a_level_that_is_opened_says_how_many_rows() {
    let mut person = Person::at_demo(100, 30);
    person.press("/ =/^Session$/ enter l j L");
    assert_eq!(person.answer(), "opened 4,000 rows of this level; H closes them");
    person.press("L");
    assert_eq!(person.answer(), "nothing more to open in this level");
    person.press("H");
    assert_eq!(person.summary().len(), 4_001);
}

#[test]
fn a_scope_can_be_chosen_before_the_contexts_are_added_up() {
    let mut person = Person::exploring(many(), 100, 30);
    person.patient = false;
    person.press("f");
    assert!(person.sees().contains("b   Duplicated strings"), "{}", person.sees());
    person.press("b");
    person.answer_all();
    assert!(!person.sees().contains("Which objects count"), "{}", person.sees());
    assert!(person.answer().starts_with("Duplicated strings: 0 objects"), "{}", person.answer());
    person.press("f down down");
    person.answer_all();
    assert!(person.sees().contains("Objects not attributed"), "{}", person.sees());
    person.press("enter");
    person.answer_all();
    assert!(!person.answer().starts_with("Duplicated"), "the cursor has stayed where it was put: {}", person.answer());
}

#[test]
fn nothing_is_said_of_a_filter_before_its_rows_have_come() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l");
    person.patient = false;
    person.press("S / =zz enter");
    assert_eq!(person.changes(), 1, "they wait for the order");
    assert!(!person.answer().contains("Esc clears the filter"), "{}", person.answer());
    person.answer_all();
    person.answer_all();
    assert_eq!(person.classes(), 0);
    assert!(person.sees().contains("nothing matches; Esc clears the filter"), "{}", person.sees());
}

#[test]
fn details_follow_a_row_whose_table_was_made_anew() {
    let mut person = Person::at_demo(170, 40);
    person.press("/ ='(string enter");
    assert!(person.sees().contains("39,283"), "{}", person.sees());
    person.press("f b");
    assert_eq!(person.row(), "(string)");
    let lines = person.screen();
    let told = lines.iter().find(|line| line.contains("│ objects")).expect("the details count objects").clone();
    assert!(told.contains("16,429"), "{told}");
}

#[test]
fn an_order_behind_a_step_keeps_the_row_of_the_step() {
    let keys = "l l s";
    let mut patient = Person::exploring(many(), 100, 30);
    patient.press("/ ='string enter").press(keys);
    let mut quick = Person::exploring(many(), 100, 30);
    quick.press("/ ='string enter");
    quick.patient = false;
    quick.press(keys);
    quick.answer_all();
    quick.answer_all();
    assert_eq!(quick.row(), patient.row());
    assert!(quick.row().starts_with("\"text"), "{}", quick.sees());
}

#[test]
fn letters_typed_ahead_are_one_change_of_the_rows() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l");
    person.patient = false;
    person.press("S / ctrl-u =Arra");
    assert_eq!(person.changes(), 1);
    let change = person.state.change_of(PaneId::Main(View::SUMMARY)).expect("a change");
    assert_eq!(format!("{change:?}").matches("Fill").count(), 1, "of several fillings the last one is made");
    person.answer_all();
    person.answer_all();
    assert_eq!(person.classes(), 1);
}

#[test]
fn a_click_ends_typing_and_keeps_the_filter() {
    let mut person = Person::at_demo(100, 30);
    person.press("/ =Se");
    let tab = person.screen()[1].find("3 Cont").expect("a view") as u16;
    person.hear(Msg::Mouse(crate::tui::message::Mouse::Click, ratatui::layout::Position { x: tab + 2, y: 1 }));
    assert_eq!(person.explorer().view, View::CONTAINMENT);
    person.press("j");
    assert!(person.state.prompt.is_none() && person.pane(View::CONTAINMENT).filter.is_empty(), "{}", person.sees());
    person.press("1");
    assert!(person.sees().contains("/ Se"), "{}", person.sees());
}

#[test]
fn retainers_that_were_asked_for_come_whatever_the_cursor_does() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210215 enter tab j");
    let row = person.row();
    person.patient = false;
    person.press("r j");
    person.answer_all();
    let wanted = row.split(" in ").last().expect("a reference").to_owned();
    assert!(person.sees().contains(&format!("Retainers of {wanted}")), "{row}: {}", person.sees());
}
