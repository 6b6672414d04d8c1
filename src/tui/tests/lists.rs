//! Lists and trees: where the cursor is when rows come, go and change places, and what is said of rows out of sight.

use std::sync::Arc;

use super::{Person, STRINGS, timeline, whole};
use crate::notation::Graph;
use crate::tui::layout;
use crate::tui::message::{Mouse, Msg};
use crate::tui::state::focus::PaneId;
use crate::tui::view::View;

/// The header of the pane with the keys.
fn header(person: &mut Person) -> String {
    let lines = person.screen();
    let areas = layout::areas(&person.state);
    let area = match person.explorer().focused() {
        PaneId::Main(_) => areas.main,
        PaneId::Retainers => areas.retainers,
    };
    lines[area.expect("the pane is seen").header.y as usize].clone()
}

#[test]
fn a_cursor_that_nobody_has_moved_begins_at_the_first_row_of_a_new_order() {
    let mut person = Person::at_demo(80, 24);
    person.press("s s");
    assert_eq!(person.answer(), "sorted by count, largest first");
    assert_eq!(person.row(), "(string)", "{}", person.sees());
    assert!(header(&mut person).contains(" 1–11 of 165"), "{}", person.sees());
    person.press("S");
    assert_eq!((person.summary().cursor, person.summary().top), (0, 0));
    // A scope, and all objects again.
    person.press("f b");
    assert!((person.summary().cursor, person.summary().top) == (0, 0), "{}", person.sees());
    person.press("esc");
    assert!((person.summary().cursor, person.summary().top) == (0, 0), "{}", person.sees());
    // Other tables.
    person.press("7 s s");
    assert_eq!(person.pane(STRINGS).cursor, 0);
    let mut person = Person::exploring(whole(timeline()), 80, 24);
    person.press("6 s s s s");
    assert_eq!(person.pane(View::ALLOCATION).cursor, 0);
}

#[test]
fn a_cursor_that_nobody_has_moved_begins_at_the_first_row_of_a_filter_that_changes() {
    let mut person = Person::at_demo(80, 24);
    let first = person.row();
    person.press("/ =ses");
    assert_eq!(person.summary().cursor, 0);
    person.press("esc");
    assert_eq!(person.row(), first, "{}", person.sees());
    // Half a word that lets other rows through.
    person.press("/ =/ar =ra backspace backspace");
    assert!(person.summary().cursor == 0, "{}", person.sees());
    person.press("enter esc");
    assert_eq!(person.row(), first);
    // The row that somebody chose is hidden: nothing holds the cursor any more.
    person.press("j j j / =session enter");
    assert_eq!(person.summary().cursor, 0);
    person.press("esc");
    assert_eq!(person.row(), first, "{}", person.sees());
}

#[test]
fn the_row_that_somebody_chose_keeps_the_cursor_and_rows_above_are_told() {
    let mut person = Person::at_demo(80, 24);
    person.press("j j");
    let row = person.row();
    person.press("s s s");
    assert_eq!(person.row(), row);
    let (top, seen) = (person.summary().top, person.summary().rows.len());
    assert!(top > 0, "{}", person.sees());
    assert!(header(&mut person).contains(&format!(" {}–{} of 165", top + 1, top + seen)), "{}", person.sees());
    // The first row is wanted as such, whichever it is.
    person.press("g S");
    assert_eq!(person.summary().cursor, 0);
    // Whoever opens a row, or scrolls, has chosen.
    person.press("g l");
    let row = person.row();
    person.press("s");
    assert_eq!(person.row(), row);
    let mut person = Person::at_demo(80, 24);
    person.hear(Msg::Mouse(Mouse::WheelDown, ratatui::layout::Position { x: 5, y: 7 }));
    let row = person.row();
    person.press("s");
    assert_eq!(person.row(), row);
}

#[test]
fn the_way_that_is_left_begins_in_sight_when_the_nearest_retainer_is_ignored() {
    // One holder is near, forty are far.
    let far = (0..40).map(|number| format!("Pool -item{number}-> Item#{number}; Item#{number} -held-> Target"));
    let graph = format!(
        "r -shop-> Shop; Shop -near-> Near[8]; Near -held-> Target[640]; Shop -pool-> Pool; {}",
        far.collect::<Vec<_>>().join("; ")
    );
    let mut person = Person::exploring(Graph::new(&graph).heap, 80, 24);
    person.press("/ ='Target enter l l tab");
    assert!(person.row().starts_with("held in Near @"), "{}", person.sees());
    person.press("x");
    assert!(person.answer().contains("without this it stays; 1 object"), "{}", person.answer());
    let window = |person: &Person| {
        let shown = person.explorer().retainers.as_ref().expect("retainers");
        (shown.pane.cursor, shown.pane.top)
    };
    assert_eq!(window(&person), (0, 0), "{}", person.sees());
    assert!(person.row_line().contains("▾ held in Item @"), "the next way is open and seen: {}", person.sees());
    // A row that somebody went to stays under the cursor.
    person.press("X a j k x");
    assert!(person.row().starts_with("held in Near @"), "{}", person.sees());
    assert!(window(&person).1 > 0 && header(&mut person).contains(" of 43"), "{}", person.sees());
}

#[test]
fn windows_say_which_of_their_lines_are_seen() {
    let mut person = Person::at_demo(80, 24);
    person.press(": G");
    person.press("ctrl-u");
    let screen = person.sees();
    let top = screen.lines().find(|line| line.contains("Commands")).expect("the list").to_owned();
    assert!(top.contains(" 1–15 of "), "{screen}");
    person.press("pgdn pgdn pgdn");
    let screen = person.sees();
    assert!(screen.contains(" 17–31 of ") && screen.contains("↑") && screen.contains("↓"), "{screen}");
    person.press("esc ? j j");
    let screen = person.sees();
    let top = screen.lines().find(|line| line.contains("Keys in Summary")).expect("the help").to_owned();
    assert!(top.contains(" 3–") && top.contains(" of "), "{screen}");
    person.press("esc f");
    let screen = person.sees();
    let top = screen.lines().find(|line| line.contains("Which objects count")).expect("the list").to_owned();
    assert!(top.contains(" 1–"), "{screen}");
}

fn mouse(person: &mut Person, what: Mouse, x: u16, y: u16) {
    person.hear(Msg::Mouse(what, ratatui::layout::Position { x, y }));
}

#[test]
fn a_click_on_the_triangle_opens_and_closes_the_row() {
    let mut person = Person::at_demo(80, 24);
    mouse(&mut person, Mouse::Click, 1, 7);
    assert_eq!(person.summary().cursor, 3);
    assert!(person.row_line().starts_with(" ▾"), "{}", person.sees());
    mouse(&mut person, Mouse::Click, 1, 7);
    assert!(person.row_line().starts_with(" ▸"), "{}", person.sees());
    mouse(&mut person, Mouse::Click, 10, 8);
    assert!(person.row_line().starts_with(" ▸"), "its name only chooses: {}", person.sees());
}

#[test]
fn the_border_between_the_panes_can_be_dragged() {
    let mut person = Person::at_demo(80, 30);
    person.press("/ =/^Session$/ enter l l");
    let rule = |person: &Person| layout::areas(&person.state).retainers.and_then(|area| area.rule).expect("a border").y;
    let before = rule(&person);
    mouse(&mut person, Mouse::Drag, 20, before - 4);
    assert_eq!(rule(&person), before, "nobody holds it");
    mouse(&mut person, Mouse::Click, 20, before);
    mouse(&mut person, Mouse::Drag, 25, before - 4);
    assert_eq!(rule(&person), before - 4, "{}", person.sees());
    mouse(&mut person, Mouse::Drag, 25, 1);
    assert!(rule(&person) >= 8, "both panes keep some rows: {}", person.sees());
    mouse(&mut person, Mouse::Release, 25, 1);
    let after = rule(&person);
    mouse(&mut person, Mouse::Drag, 25, 20);
    assert_eq!(rule(&person), after, "it was let go");
}

#[test]
fn single_objects_and_classes_of_dominators_each_keep_their_place() {
    let mut person = Person::at_demo(80, 24);
    person.press("4 j j l l j");
    let row = person.row();
    person.press("t j j j");
    let class = person.row();
    person.press("t");
    assert_eq!(person.row(), row, "{}", person.sees());
    person.press("t");
    assert_eq!(person.row(), class, "{}", person.sees());
}

#[test]
fn the_rows_below_a_timeline_are_those_of_the_part_that_its_heading_names() {
    let mut person = Person::exploring(whole(timeline()), 100, 30);
    person.press("6");
    assert!(person.sees().contains("makeOrder") && person.sees().contains("in all: "), "{}", person.sees());
    person.press(">");
    let screen = person.sees();
    assert!(screen.contains("0 ms to ") || screen.contains(" still there"), "{screen}");
    assert!(!screen.contains("makeOrder"), "rows of the whole recording: {screen}");
    assert!(screen.contains("Order ") && screen.contains("×4 "), "{screen}");
    // The functions again: their numbers are those of all of it.
    person.press("t");
    assert!(person.sees().contains("makeOrder") && person.sees().contains("in all: "), "{}", person.sees());
}

#[test]
fn the_title_names_its_sizes_and_has_the_objects_of_the_summary() {
    let mut person = Person::at_demo(100, 24);
    let screen = person.screen();
    assert!(screen[0].contains("file 11.9 MB · 128,046 objects · heap 13.4 MB"), "{}", screen[0]);
    assert!(screen[2].contains("128,046 objects (13.4 MB)"), "{}", screen[2]);
    // Where there is less room, the version of the engine goes before anything is cut.
    person.resize(66, 24);
    assert!(person.screen()[0].ends_with("heap 13.4 MB · Node 22"), "{}", person.screen()[0]);
}

#[test]
fn windows_and_several_snapshots_have_their_keys_in_the_last_line() {
    let mut person = Person::at_demo(80, 24);
    person.press("l l i");
    assert_eq!(person.answer(), "j k scroll  / find  G end  v text  y copy  q close");
    person.press("esc ?");
    assert_eq!(person.answer(), "j k scroll  / search  G end  K pages that explain  q close");
    // Where letters are typed, none of them closes.
    person.press("/ =q");
    assert_eq!(person.answer(), "Enter done  Esc leave");
    person.press("esc esc i / =q");
    assert_eq!(person.answer(), "Enter done  Esc leave");
    person.press("esc esc :");
    assert_eq!(person.answer(), "a–z search  ↓ ↑ move  Enter run  Esc close");
    person.press("esc K");
    assert_eq!(person.answer(), "a–z search  ↓ ↑ move  Enter choose  Esc close");
    let mut person = super::comparing(80, 24);
    person.state.notice = None;
    assert!(person.answer().contains("w snapshots"), "{}", person.answer());
    let mut person = Person::given(&["a", "b"], 80, 24);
    person.hear(Msg::Load(1, crate::heap::Event::Failed(crate::error::Error::Usage("nothing".into()))));
    assert_eq!(person.answer(), "Ctrl-r load again  w snapshots  q quit");
}

#[test]
fn the_key_that_looks_for_text_may_come_before_what_is_looked_for() {
    let mut person = Person::at_demo(80, 24);
    person.press("K / =deno");
    assert!(person.sees().contains("Snapshots of Deno"), "{}", person.sees());
    person.press("esc : / =recor esc");
    assert!(person.state.overlays.is_empty(), "Esc closes");
}

#[test]
fn whole_text_of_what_has_none_is_a_line() {
    let mut person = Person::at_demo(80, 24);
    person.press("@ =75851 enter v");
    assert_eq!(person.answer(), "Session @75851 has no text but its name; i tells what is known of it");
    assert!(person.state.overlays.is_empty());
    person.press("g v");
    assert_eq!(person.answer(), "the class Function has no text but its name");
}

#[test]
fn half_a_pattern_keeps_the_rows_and_says_why_once() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =/sess");
    let rows = person.classes();
    assert!((1..20).contains(&rows), "{rows}");
    person.press("=(");
    let screen = person.sees();
    assert_eq!(person.classes(), rows, "the rows of the last pattern");
    assert_eq!(screen.matches("unclosed group").count(), 1, "{screen}");
    assert!(person.answer().starts_with("//sess("), "{}", person.answer());
    assert!(screen.contains(" / /sess "), "the filter of the rows: {screen}");
    person.press("enter");
    assert_eq!(person.answer(), "/sess( is no pattern: unclosed group; the filter is still /sess");
    assert_eq!((person.classes(), person.summary().filter.as_str()), (rows, "/sess"));
    person.press("/ =) enter");
    assert!(person.answer().contains("unopened group"), "{}", person.answer());
    // Where the reason is longer than the line, it stands above it.
    person.press("/ =x(*****************************************************************");
    let screen = person.sees();
    assert!(screen.contains("repetition operator missing expression"), "{screen}");
    person.press("esc esc / =/( enter");
    assert!(person.answer().ends_with("all rows are shown"), "{}", person.answer());
}

#[test]
fn a_filter_is_read_once_for_each_letter() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =sess");
    let read = person.summary().applied.clone();
    person.sees();
    person.press("down down");
    person.press("enter s S");
    person.sees();
    assert!(Arc::ptr_eq(&read, &person.summary().applied), "neither frames nor orders read it again");
}

#[test]
fn what_is_said_is_never_cut() {
    let mut person = Person::at_demo(80, 24);
    person.state.say("a long word about something ".repeat(7) + "that ends");
    let screen = person.sees();
    assert!(screen.ends_with("that ends") && screen.matches("a long word").count() == 7, "{screen}");
    person.press("j");
    assert!(!person.sees().contains("a long word"));
}

#[test]
fn lists_say_how_letters_work_and_know_hands_of_vim() {
    let mut person = Person::at_demo(80, 24);
    person.press("f");
    assert!(person.sees().contains("a letter at the left chooses · j k move"), "{}", person.sees());
    person.press("G");
    let last = |person: &Person| match person.state.overlays.last() {
        Some(crate::tui::overlays::Overlay::Picker(picker)) => picker.selected(),
        other => panic!("{other:?}"),
    };
    assert!(last(&person) > 8);
    person.press("g j j ctrl-d ctrl-u");
    assert!(last(&person) < 3);
    person.press("h");
    assert!(person.state.overlays.is_empty(), "h leaves the list");
    person.press("f g j l");
    assert!(person.answer().starts_with("Duplicated strings:"), "l chooses: {}", person.answer());
    person.press(":");
    assert!(person.sees().contains("letters search"), "{}", person.sees());
}
