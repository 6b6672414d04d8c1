//! Lists and trees: where the cursor is when rows come, go and change places, and what is said of rows out of sight.

use super::{Person, STRINGS, timeline, whole};
use crate::notation::Graph;
use crate::tui::layout;
use crate::tui::message::{Mouse, Msg};
use crate::tui::state::explorer::PaneId;
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
        "r -shop-> Shop; Shop -near-> Near; Near -held-> Target[640]; Shop -pool-> Pool; {}",
        far.collect::<Vec<_>>().join("; ")
    );
    let mut person = Person::exploring(Graph::new(&graph).heap, 80, 24);
    person.press("/ ='Target enter l l tab");
    assert!(person.row().starts_with("held in Near @"), "{}", person.sees());
    person.press("x");
    assert!(person.answer().contains("the nearest of the other paths is open"), "{}", person.answer());
    let window = |person: &Person| {
        let shown = person.explorer().retainers.as_ref().expect("retainers");
        (shown.pane.cursor, shown.pane.top)
    };
    assert_eq!(window(&person), (0, 0), "{}", person.sees());
    assert!(person.row_line().contains("▾ held in Item @"), "the next way is open and seen: {}", person.sees());
    // A row that somebody went to stays under the cursor.
    person.press("X j k x");
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
