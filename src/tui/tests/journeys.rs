//! What people come for, as keys.

use proptest::prelude::*;

use super::{Person, STATISTICS, timeline, whole};
use crate::testing::small;
use crate::tui::command::Command;
use crate::tui::keymap::all;
use crate::tui::message::Exit;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::view::View;

#[test]
fn who_keeps_the_sessions_alive() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ ='Session enter").press("j");
    assert_eq!(person.row(), "Session");
    person.press("l l");
    assert!(person.row().starts_with("Session @"), "{}", person.sees());
    assert!(person.sees().contains("─ Retainers of Session @"));
    assert!(person.sees().contains("sessions in SessionStore @210215"), "the nearest path opens by itself");
    // From the Retainers to the store: it becomes the current object.
    person.press("tab j j");
    assert!(person.row().starts_with("sessions in SessionStore"), "{}", person.sees());
    person.press("enter");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert_eq!(person.row(), "SessionStore @210215");
}

#[test]
fn the_filter_narrows_while_typing_and_escape_clears_it() {
    let mut person = Person::at_demo(80, 24);
    let all = person.classes();
    person.press("/ ='Sess");
    assert_eq!(person.classes(), 2);
    assert!(person.sees().contains("2 of 165 classes"), "{}", person.sees());
    person.press("enter");
    assert_eq!(person.answer(), "2 of 165 classes; Esc clears the filter");
    person.press("G");
    let row = person.row();
    person.press("esc");
    assert_eq!(person.classes(), all);
    assert_eq!(person.row(), row, "the cursor stays on its class");
    person.press("/ =nosuchclassanywhere enter");
    assert!(person.answer().starts_with("no class matches"));
    person.press("/ =x esc");
    assert_eq!(person.classes(), 0, "what was there before the line");
    person.press("esc");
    assert_eq!(person.classes(), all);
}

#[test]
fn half_a_pattern_keeps_the_table_and_says_why() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =/(");
    assert_eq!(person.classes(), 165);
    assert!(person.sees().contains("unclosed group"), "{}", person.sees());
    person.press("backspace =^Session$ enter");
    assert_eq!(person.classes(), 1);
}

#[test]
fn rows_open_and_close_and_lead_to_their_parents() {
    let mut person = Person::at_demo(80, 24);
    let rows = person.summary().len();
    person.press("j l");
    assert!(person.summary().len() > rows);
    person.press("l l");
    assert_eq!(person.summary().cursor, 2, "l on an open row goes below it, then opens that one");
    person.press("h");
    assert_eq!(person.summary().cursor, 2, "h closes first");
    person.press("h");
    assert_eq!(person.summary().cursor, 1, "then goes to the parent");
    person.press("h");
    assert_eq!(person.summary().len(), rows);
    person.press("/ =/^Session$/ enter l l L");
    assert!(person.summary().len() > 4000, "L opens the objects of the class");
    person.press("H");
    assert_eq!(person.summary().len(), 4001);
}

#[test]
fn sorting_keeps_the_cursor_on_its_row() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =/^Session$/ enter l l j j j");
    let (row, offset) = (person.row(), person.summary().offset());
    for key in ["s", "S", "s", "s", "s", "s", "S"] {
        person.press(key);
        assert_eq!(person.row(), row, "after {key}: {}", person.answer());
    }
    assert!(person.summary().offset() <= offset);
    assert_eq!(person.answer(), "sorted by retained size, smallest first");
    assert!(person.sees().contains("Retained size ▲"));
}

#[test]
fn an_id_leads_to_its_object() {
    let mut person = Person::at_demo(80, 24);
    person.press("@ =210215 enter");
    assert_eq!(person.row(), "SessionStore @210215");
    assert_eq!(person.answer(), "SessionStore @210215 in the Summary");
    person.press("@ =99999999999999999999999 enter");
    assert_eq!(person.answer(), "no object has the id @99999999999999999999999");
    person.press("@ =x");
    assert!(person.answer().contains("an object id is a number"));
    person.press("esc");
    assert_eq!(person.row(), "SessionStore @210215");
}

#[test]
fn an_object_without_size_is_shown_where_it_has_a_row() {
    // The store's own table moved its size to the map that owns it.
    let mut person = Person::at_demo(80, 24);
    person.press("@ =211305 enter");
    assert_eq!(person.explorer().view, View::CONTAINMENT);
    assert!(person.sees().contains("has no shallow size"), "{}", person.sees());
    assert!(person.sees().contains("(internal array)[] @211305"));
}

#[test]
fn containment_shows_an_object_as_a_tree_of_its_own() {
    let mut person = Person::at_demo(80, 24);
    person.press("@ =210215 enter c");
    assert_eq!(person.explorer().view, View::CONTAINMENT);
    assert!(person.sees().contains("SessionStore @210215"), "the line above the table says whose tree it is");
    assert!(person.sees().contains("sessions::Map @210217"));
    person.press("c");
    assert_eq!(person.answer(), "back at the roots");
    assert!(person.sees().contains("::(GC roots)"), "{}", person.sees());
    person.press("[");
    assert!(person.sees().contains("sessions::Map @210217"), "back returns to the object's tree");
    person.press("h");
    assert_eq!(person.answer(), "back at the roots");
    person.press("[ esc");
    assert_eq!(person.answer(), "back at the roots");
}

#[test]
fn dominators_show_an_object_in_its_place() {
    let mut person = Person::at_demo(80, 24);
    person.press("@ =210217 enter d");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    assert!(person.row().starts_with("Map @210217"), "{}", person.sees());
    assert!(person.sees().contains("SessionStore @210215"));
    person.press("u");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert!(person.row().starts_with("Map @210217"));
}

#[test]
fn back_and_forward_lead_through_visited_places() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210215 enter d @ =210217 enter");
    assert!(person.row().starts_with("Map @210217"));
    person.press("[");
    assert_eq!((person.explorer().view, person.row().as_str()), (View::DOMINATORS, "SessionStore @210215"));
    person.press("ctrl-o");
    assert_eq!((person.explorer().view, person.row().as_str()), (View::SUMMARY, "SessionStore @210215"));
    person.press("] ]");
    assert!(person.row().starts_with("Map @210217"));
    person.press("]");
    assert_eq!(person.answer(), "no place to go forward to");
}

#[test]
fn trees_are_searched_from_the_cursor_on() {
    let mut person = Person::at_demo(120, 40);
    person.press("3 j l / =handles enter");
    let (first, second) = ("::(Eternal handles)", "::(Global handles)");
    assert!(person.row().contains(first), "{}", person.sees());
    person.press("n");
    assert!(person.row().contains(second), "{}", person.sees());
    person.press("N");
    assert!(person.row().contains(first), "{}", person.sees());
    person.press("/ =nosuchthing enter");
    assert_eq!(person.answer(), "“nosuchthing” is not in the open rows; rows that are closed are not searched");
}

#[test]
fn panes_change_places_and_sizes() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =/^Session$/ enter l l");
    let rows = |person: &Person| person.explorer().retainers.as_ref().unwrap().pane.height;
    let usual = rows(&person);
    person.press("tab + +");
    assert_eq!(rows(&person), usual + 4);
    person.press("- - - - - - - -");
    assert_eq!(rows(&person), 3, "a pane keeps some rows");
    person.press("z");
    assert_eq!(rows(&person), 15);
    assert!(!person.sees().contains("Constructor"));
    person.press("esc");
    assert!(person.sees().contains("Constructor"));
    person.press("shift-tab");
    assert_eq!(person.explorer().focus, Focus::Main);
}

#[test]
fn a_low_window_shows_one_pane_at_a_time() {
    let mut person = Person::at_demo(80, 15);
    person.press("/ =/^Session$/ enter l l");
    assert!(!person.sees().contains("Retainers"));
    person.press("tab");
    assert!(person.sees().contains("Retainers of Session @"));
    assert!(!person.sees().contains("Constructor"));
    person.press("tab");
    assert!(person.sees().contains("Constructor"));
}

#[test]
fn retainers_are_below_from_sixteen_lines_on_with_what_keeps_the_object_alive() {
    for lines in 16..=24 {
        let mut person = Person::at_demo(80, lines);
        person.press("/ =/^Session$/ enter l l");
        let screen = person.sees();
        assert!(screen.contains("Constructor") && screen.contains("─ Retainers of Session @"), "{screen}");
        assert!(screen.contains("SessionStore.sessions (Map) holds it"), "{screen}");
        let ends = ["is a variable of server.js", "; … up to the variable routes of server.js", "; …"];
        let flowing = screen.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        assert!(ends.iter().any(|end| flowing.contains(end)), "whole clauses are left out: {screen}");
        assert!(screen.contains("in (internal array)[] @211305"), "{screen}");
    }
}

#[test]
fn the_whole_text_of_a_string_can_be_read() {
    let text = "first line\nsecond line with \u{1b}[31mcolour and 東京 ".to_owned() + &"word ".repeat(40) + "end";
    let mut person = Person::exploring(whole(super::strings(&[&text])), 80, 30);
    person.press("/ =string enter l l i");
    let screen = person.sees();
    assert!(screen.contains("second line with ␛[31mcolour and 東京"), "{screen}");
    assert!(screen.contains("end"), "{screen}");
    assert!(screen.contains("dominated by"));
    person.press("esc");
    assert!(!person.sees().contains("dominated by"));
}

#[test]
fn help_lists_every_command() {
    let mut person = Person::at_demo(120, 40);
    let mut seen = String::new();
    person.press("?");
    for _ in 0..6 {
        seen.push_str(&person.sees());
        person.press("pgdn");
    }
    for entry in all() {
        let start: String = entry.doc.chars().take(20).collect();
        assert!(seen.contains(&start), "help says nothing about {}", entry.name);
    }
    person.press("?");
    assert!(!person.sees().contains("Keys in"));
}

#[test]
fn keys_that_do_nothing_here_say_why() {
    let mut person = Person::at_demo(80, 24);
    person.press("Q");
    assert_eq!(person.answer(), "this key does nothing here; ? shows all keys");
    person.press("c");
    assert_eq!(person.answer(), "choose an object first: l opens a class");
    for (key, answer) in [
        ("x", "x: only in Retainers: Tab goes there"),
        (",", ",: only in Allocation: 6 goes there"),
        ("n", "n: only where / finds: in trees and Retainers"),
        ("p", "paths are those of one object: l opens the row, then choose one"),
        ("R", "choose an object first: l opens a class"),
        ("'", "no marks and notes yet: m and a letter marks a place, A notes a line"),
        ("o", "this row is at the top: nothing stands above it"),
        ("[", "no place to go back to"),
    ] {
        person.press(key);
        assert_eq!(person.answer(), answer);
    }
    person.press("5 j");
    assert_eq!(person.answer(), "j: Statistics has no rows; other views do");
    person.press("3 t");
    assert_eq!(
        person.answer(),
        "t: only in Summary, Dominators, Allocation, Series and Picture: 1, 4, 6, 9 and V go there"
    );
}

#[test]
fn no_key_leads_to_a_panic_in_any_view() {
    let keys: Vec<&str> = all()
        .iter()
        .filter(|entry| !matches!(entry.command, Command::Quit | Command::Leave))
        .flat_map(|entry| entry.keys)
        .copied()
        .collect();
    let press_all = |person: &mut Person, starts: &[&str]| {
        for view in View::ALL {
            for start in starts {
                for key in &keys {
                    person.press("esc").open(view).press(start).press(key).press("esc");
                    person.draw();
                }
            }
        }
    };
    press_all(&mut Person::exploring(whole(timeline().to_vec().leak()), 80, 24), &["g", "l", "tab", "G"]);
    let mut person = Person::exploring(small(), 80, 24);
    press_all(&mut person, &["l"]);
    for (width, height) in [(60, 16), (200, 50), (1, 1), (0, 0), (80, 24)] {
        person.resize(width, height);
        person.press("? j esc i esc z z tab + tab");
        if width > 0 {
            person.draw();
        }
    }
}

#[test]
fn q_quits_and_control_c_leaves_from_anywhere() {
    let mut person = Person::at_demo(80, 24);
    person.press("q");
    assert_eq!(person.exit, Some(Exit::Done));
    person.exit = None;
    person.press("/ q");
    assert_eq!(person.exit, None, "in a line being typed, q is a letter");
    person.press("ctrl-c");
    assert_eq!(person.exit, Some(Exit::Interrupted));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_in_any_window_leave_the_cursor_on_a_row_that_is_seen(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 40),
        size in (60u16..200, 16u16..60),
    ) {
        let keys: Vec<&str> = all()
            .iter()
            .filter(|entry| !matches!(entry.command, Command::Quit | Command::Leave))
            .flat_map(|entry| entry.keys)
            .copied()
            .collect();
        let mut person = Person::exploring(small(), size.0, size.1);
        for pick in picks {
            let key = *pick.get(&keys);
            person.press(key);
            person.draw();
            let explorer = person.explorer();
            for pane in [explorer.main_pane(), explorer.pane(PaneId::Retainers)].into_iter().flatten() {
                prop_assert!(pane.cursor < pane.len().max(1), "after {key}");
            }
            let is_seen = !(explorer.focus == Focus::Main && explorer.view == STATISTICS);
            if let Some(pane) = explorer.focused_pane().filter(|pane| is_seen && pane.len() > 0) {
                prop_assert!(pane.offset() < pane.rows.len(), "after {key}");
            }
        }
    }
}

#[test]
fn a_map_opens_to_its_entries_and_a_key_shows_the_engines_own_rows() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210217 enter l j j");
    let entry = person.row();
    assert!(entry.contains(" → Session @"), "{}", person.sees());
    person.press("e");
    assert_eq!(person.answer(), "the engine's own rows, nothing passed over; e: entries and folded links");
    assert!(person.sees().contains("engine's own rows · "), "{}", person.sees());
    assert!(person.sees().contains("table::(internal array)[] @211305"), "{}", person.sees());
    assert!(!person.sees().contains(" → Session @"), "{}", person.sees());
    assert_eq!(person.row(), "Map @210217", "what is not there any more leaves the cursor at what it was in");
    // As in this view, so in others.
    person.press("c");
    assert!(person.sees().contains("table::(internal array)[] @211305"), "{}", person.sees());
    person.press("e");
    assert!(
        person.sees().contains(" → Session @") && !person.sees().contains("engine's own rows · "),
        "{}",
        person.sees()
    );
    person.press("[");
    assert!(person.sees().contains(" → Session @"), "{}", person.sees());
}
