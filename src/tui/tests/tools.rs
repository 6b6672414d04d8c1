//! Palette, help, marks, rows above, copying, texts, the mouse.

use ratatui::layout::Position;

use super::{Person, whole};
use crate::tui::message::{Exit, Mouse, Msg};
use crate::tui::theme::Palette;
use crate::tui::view::View;

fn click(person: &mut Person, x: u16, y: u16) {
    person.hear(Msg::Mouse(Mouse::Click, Position { x, y }));
    person.rest();
}

#[test]
fn the_palette_finds_a_command_by_a_few_letters() {
    let mut person = Person::at_demo(100, 30);
    person.press(": =dominators");
    assert!(person.sees().contains("Commands"), "{}", person.sees());
    person.press("enter");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    person.press(": =bytes enter");
    assert_eq!(person.answer(), "sizes in bytes");
    person.press(": =xyzzyx");
    assert!(person.sees().contains("no command matches"));
    person.press("esc j");
    assert!(!person.sees().contains("Commands"));
}

#[test]
fn the_palette_says_what_does_nothing_here_and_why() {
    let mut person = Person::at_demo(120, 30);
    person.press(": =ignore");
    assert!(person.sees().contains("(only in Retainers"), "{}", person.sees());
    person.press("down enter");
    assert_eq!(person.answer(), "x: only in Retainers: Tab goes there");
}

#[test]
fn help_is_filtered_by_words_and_keys() {
    let mut person = Person::at_demo(100, 30);
    person.press("? / =path");
    let screen = person.sees();
    assert!(screen.contains("Keys in Summary") && screen.contains("next path to a root"), "{screen}");
    assert!(!screen.contains("half a page"), "{screen}");
    person.press("esc / =pgdn enter");
    assert!(person.sees().contains("a page down"), "{}", person.sees());
    person.press("esc");
    assert!(person.sees().contains("next row"), "Esc clears the filter first");
    person.press("esc");
    assert!(!person.sees().contains("Keys in"));
}

#[test]
fn help_is_that_of_the_pane_with_the_keys() {
    let mut person = Person::at_demo(100, 40);
    person.press("? / =ignore");
    assert!(person.sees().contains("only in Retainers"), "{}", person.sees());
    person.press("esc esc @ =75851 enter tab ? / =ignore");
    assert!(person.sees().contains("Keys in Retainers") && !person.sees().contains("only in Retainers"));
}

#[test]
fn marks_lead_back_from_anywhere() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =75851 enter m a");
    assert_eq!(person.answer(), "marked as a: Session @75851; ' goes there");
    person.press("@ =210217 enter d m b");
    person.press("5 '");
    assert!(person.sees().contains("Session @75851") && person.sees().contains("in Summary"), "{}", person.sees());
    person.press("a");
    assert_eq!((person.explorer().view, person.row().as_str()), (View::SUMMARY, "Session @75851"));
    person.press("' b");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    assert!(person.row().starts_with("Map @210217"));
    person.press("[");
    assert_eq!(person.row(), "Session @75851", "a jump to a mark can be taken back");
    person.press("m esc");
    assert_eq!(person.explorer().marks.len(), 2);
}

#[test]
fn rows_above_can_be_entered() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210217 enter d o");
    let screen = person.sees();
    assert!(screen.contains("Rows above") && screen.contains("SessionStore @210215"), "{screen}");
    person.press("enter");
    assert_eq!(person.row(), "SessionStore @210215", "the row right above is chosen first");
    person.press("backspace 1");
    assert!(person.row().starts_with("system / Context"), "{}", person.row());
}

#[test]
fn what_is_copied_is_what_was_chosen() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =75851 enter");
    for (key, copied) in [("i", "@75851"), ("n", "Session"), ("r", "Session @75851"), ("c", "heapwalk summary demo")] {
        person.press(&format!("y {key}"));
        assert_eq!(person.copied.take().as_deref(), Some(copied));
        assert!(person.answer().starts_with("copied the "), "{}", person.answer());
    }
    person.press("y p");
    let path = person.copied.take().expect("a path");
    assert!(path.contains("\nsessions in SessionStore @210215\n"), "{path}");
    person.press("y esc");
    assert_eq!(person.copied, None);
}

#[test]
fn the_command_line_is_that_of_the_pane() {
    let mut person = Person::at_demo(120, 40);
    let line = |person: &mut Person, keys: &str| {
        person.press(keys).press("y c");
        person.copied.take().expect("a command line")
    };
    assert_eq!(line(&mut person, "/ ='Session enter"), "heapwalk summary demo --class Session");
    assert_eq!(line(&mut person, "esc / =/^Sess/ enter"), "heapwalk summary demo --class '/^Sess/'");
    assert_eq!(line(&mut person, "esc / =!session enter"), "heapwalk summary demo --class '!session'");
    assert_eq!(line(&mut person, "esc / =-x enter"), "heapwalk summary demo --class=-x");
    assert_eq!(line(&mut person, "@ =75851 enter c"), "heapwalk containment demo @75851");
    assert_eq!(line(&mut person, "@ =75851 enter r"), "heapwalk retainers demo @75851");
    assert_eq!(line(&mut person, "j"), "heapwalk retainers demo @75851 --depth 2");
    assert_eq!(line(&mut person, "4 g"), "heapwalk dominators demo");
    assert_eq!(line(&mut person, "5"), "heapwalk statistics demo");
    // Rows in another order, and who holds many.
    assert_eq!(line(&mut person, "1 s"), "heapwalk summary demo --sort name");
    assert_eq!(
        line(&mut person, "esc / ='{owner, enter tab"),
        "heapwalk holders demo --class '{owner, forecast, pageSize}'"
    );
}

#[test]
fn the_command_line_of_a_set_prints_that_set_or_says_that_none_does() {
    let [before, after] = super::series();
    let mut person = Person::given(&["before", "after"], 110, 34);
    person.loaded(1, after);
    person.loaded(0, before);
    let line = |person: &mut Person, keys: &str| {
        person.copied = None;
        person.press(keys).press("y c");
        person.copied.take()
    };
    let said = |command: &str| Some(command.to_owned());
    let whole = line(&mut person, "/ ='Session enter tab");
    assert_eq!(whole, said("heapwalk holders after --class Session"));
    assert_eq!(line(&mut person, "tab l j M j M tab g"), said("heapwalk holders after @7 @11"));
    assert_eq!(line(&mut person, "tab h M tab g"), None, "a class and objects of it are no one set");
    assert!(person.told().starts_with("no command prints who holds this"), "{}", person.told());
    let new = line(&mut person, "2 / ='Session enter tab g");
    assert_eq!(new, said("heapwalk holders after --class Session --new-since before"));
    // Objects that are ignored have words, references have none.
    let cut = line(&mut person, "1 l j tab g x X o");
    assert_eq!(cut, said("heapwalk cut after --scope all --without @5"));
    assert_eq!(line(&mut person, "X a h tab g x X o"), None);
    assert!(person.told().starts_with("no command prints this"), "{}", person.told());
    person.press("X a X p =Shop enter X o");
    assert_eq!(line(&mut person, "s"), said("heapwalk cut after --scope all --without Shop --sort name"));
}

#[test]
fn joined_texts_are_shown_and_copied_whole() {
    let text = "line one\nline two ".to_owned() + &"x".repeat(5000) + " the end";
    let mut person = Person::exploring(whole(super::strings(&[&text])), 80, 24);
    person.press("/ =string enter l l v");
    assert!(person.sees().contains("line two") && person.sees().contains("5,026 characters"), "{}", person.sees());
    person.press("G");
    assert!(person.sees().contains(" the end"), "{}", person.sees());
    person.press("v");
    assert!(!person.sees().contains("characters"));
    person.press("y v");
    assert_eq!(person.copied.as_deref(), Some(text.as_str()));
}

#[test]
fn details_explain_what_a_newcomer_does_not_know() {
    let mut person = Person::at_demo(100, 50);
    person.press("@ =209993 enter i");
    let screen = person.sees();
    assert!(screen.contains("A scope: the variables"), "{screen}");
    person.press("esc @ =75851 enter i");
    let screen = person.sees();
    assert!(screen.contains("(4,000 alike)") && screen.contains("alive because"), "{screen}");
    assert!(screen.contains("user::{name, plan, delivery}"), "its references: {screen}");
    person.press("esc tab g x i");
    assert!(person.sees().contains("ignored: X lists what is, and counts it again"), "{}", person.sees());
    person.press("esc X a shift-tab i");
    assert!(person.sees().contains("SessionStore.sessions (Map)"), "{}", person.sees());
    person.press("esc / ='(compiled enter i");
    assert!(person.sees().contains("It grows while a program warms up"), "{}", person.sees());
}

#[test]
fn the_cursor_moves_in_a_line_being_typed() {
    let mut person = Person::at_demo(100, 30);
    person.press("/ =ession home =S enter");
    assert_eq!(person.summary().filter, "Session");
    person.press("/ left left delete ctrl-u");
    assert_eq!(person.summary().filter, "n");
    person.press("esc @ =210215 left left left left left left =0 enter");
    assert_eq!(person.row(), "SessionStore @210215");
}

#[test]
fn clicks_choose_open_and_sort() {
    let mut person = Person::at_demo(100, 30);
    click(&mut person, 10, 6);
    assert_eq!(person.summary().cursor, 2);
    let rows = person.summary().len();
    click(&mut person, 10, 6);
    assert!(person.summary().len() > rows, "a second click opens");
    click(&mut person, 10, 6);
    assert_eq!(person.summary().len(), rows, "and a third closes");
    let header = person.screen()[3].clone();
    let column = header.find("Shallow").expect("a heading") as u16;
    click(&mut person, column, 3);
    assert_eq!(person.summary().tree.sort().field, "selfSize");
    click(&mut person, 5, 3);
    assert_eq!(person.summary().tree.sort().field, "label");
    let tab = person.screen()[1].find("4 Dom").expect("a view") as u16;
    click(&mut person, tab + 2, 1);
    assert_eq!(person.explorer().view, View::DOMINATORS);
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    let mut person = Person::at_demo(100, 30);
    person.press("@ =75851 enter");
    let top = person.summary().top;
    person.hear(Msg::Mouse(Mouse::WheelDown, Position { x: 5, y: 6 }));
    assert_eq!(person.summary().top, top + 3);
    person.press("?");
    person.hear(Msg::Mouse(Mouse::WheelDown, Position { x: 50, y: 10 }));
    assert!(!person.sees().contains("▸ closed"), "help has scrolled");
    person.hear(Msg::Mouse(Mouse::Click, Position { x: 0, y: 0 }));
    assert!(!person.sees().contains("Keys in"));
}

#[test]
fn colours_follow_the_terminal_until_somebody_chooses() {
    let mut person = Person::at_demo(80, 24);
    person.hear(Msg::Background(true));
    assert_eq!(person.state.palette, Palette::Light);
    person.press("T");
    assert_eq!(person.answer(), "colours: ember");
    person.hear(Msg::Background(true));
    assert_eq!(person.state.palette, Palette::Ember);
}

#[test]
fn no_overlay_panics_in_any_window() {
    let mut person = Person::at_demo(80, 24);
    person.press("@ =75851 enter m a");
    for (width, height) in [(60, 16), (200, 50), (1, 1), (0, 0), (61, 17)] {
        person.resize(width, height);
        for keys in [
            ": =a down down esc",
            "? / =a esc esc",
            "y j esc",
            "' k esc",
            "o esc",
            "v G esc",
            "i G esc",
            "tab p x X tab",
        ] {
            for key in keys.split(' ') {
                person.press(key);
                if width > 0 {
                    person.draw();
                }
            }
        }
    }
}

#[test]
fn what_is_found_is_counted() {
    let mut person = Person::at_demo(120, 40);
    person.press("e @ =210215 enter c / =sessionstore enter");
    assert!(person.answer().contains("is not in the open rows"), "{}", person.answer());
    person.press("/ =map enter");
    assert!(person.answer().starts_with("“map” 2 of 2; "), "{}", person.answer());
    let first = person.pane(View::CONTAINMENT).cursor;
    person.press("n N");
    assert_eq!(person.pane(View::CONTAINMENT).cursor, first);
}

#[test]
fn the_palette_begins_in_the_order_of_the_help() {
    let mut person = Person::at_demo(120, 40);
    person.press("3 :");
    let screen = person.sees();
    let place = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text}: {screen}"));
    assert!(place("down  ") < place("up  ") && place("up  ") < place("half-page-down  "), "{screen}");
}

#[test]
fn own_code_is_one_key_away_and_back() {
    let mut person = Person::at_demo(120, 40);
    person.press("O");
    assert!(person.answer().starts_with("The program's own objects: "), "{}", person.answer());
    assert!(!person.sees().contains("(compiled code)"), "{}", person.sees());
    person.press("O");
    assert_eq!(person.answer(), "all objects again");
    assert!(person.sees().contains("(compiled code)"), "{}", person.sees());
}

#[test]
fn a_page_that_explains_is_found_read_and_searched() {
    let mut person = Person::at_demo(80, 24);
    person.press("K =clos");
    let list = person.sees();
    assert!(list.contains("Pages that explain") && list.contains("closures      Closures and their scopes"), "{list}");
    person.press("enter");
    let page = person.sees();
    assert!(page.contains("closures · page ") && page.contains("const big = read(url);"), "{page}");
    person.press("/ =eval enter");
    assert!(person.sees().contains("• eval and with inside a function"), "{}", person.sees());
    person.press("/ =zebra");
    assert!(person.sees().contains("“zebra” is not on this page"));
    person.press("esc ]");
    assert!(person.sees().contains("detached · page "));
    person.press("[ [ G");
    let end = person.sees();
    assert!(end.contains("retained · page ") && end.contains("what would really go"), "{end}");
    person.press("K esc q q");
    assert_eq!(person.exit, Some(Exit::Done), "out of the list, the page, the program");
    let mut person = Person::new(80, 24);
    person.press("? K =rss enter");
    assert!(person.sees().contains("Why the file is not the memory of the process"), "while it loads, too");
    person.press("esc : =pagehunt enter");
    assert!(person.sees().contains("The five steps of a leak hunt"), "the palette finds pages");
}

#[test]
fn matches_of_a_page_are_gone_through_in_both_directions() {
    let mut person = Person::at_demo(80, 24);
    person.press("K =names enter / =dom enter");
    let first = person.sees();
    person.press("n");
    let second = person.sees();
    person.press("N");
    assert!(first != second && person.sees() == first, "{second}");
}

#[test]
fn notes_stand_in_details_and_lists_and_lead_back() {
    let mut person = Person::at_demo(100, 30);
    person.press("A");
    person.press("=classes enter");
    assert!(person.told().starts_with("noted on class "), "{}", person.told());
    person.press("@ =75851 enter A =never space =closed enter");
    assert_eq!(person.told(), "noted on @75851; ' lists notes, W writes them to a file");
    person.press("i");
    assert!(person.sees().contains("note          never closed"), "{}", person.sees());
    person.press("esc m a 3 '");
    let list = person.sees();
    assert!(list.contains("Marks and notes") && list.contains("@75851: never closed"), "{list}");
    person.press("G enter");
    assert_eq!(person.explorer().view, View::SUMMARY, "{}", person.told());
    assert!(person.told().starts_with("classes"), "the last one is that of a class: {}", person.told());
    person.press("esc ' j enter");
    assert!(person.row().starts_with("Session @75851"), "{}", person.row());
    person.press("A ctrl-u enter");
    assert_eq!(person.told(), "the note on @75851 is gone");
    person.press("A esc");
    assert_eq!(person.explorer().notes.len(), 1);
}

#[test]
fn the_hunt_is_written_to_a_file_for_somebody_who_has_only_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hunt.md");
    let mut person = Person::at_demo(100, 30);
    person.press("@ =75851 enter A =never space =closed enter m a 4 W ctrl-u");
    person.hear(Msg::Text { text: path.display().to_string(), is_pasted: true });
    person.press("enter");
    assert!(person.told().starts_with("wrote ") && person.told().contains(": 1 mark or note"), "{}", person.told());
    let report = std::fs::read_to_string(&path).expect("the file is there");
    assert!(report.starts_with("# Leak hunt: demo\n"), "{report}");
    assert!(report.contains(" · 128,046 objects · heap 13.4 MB\n"), "as in the title: {report}");
    assert!(report.contains("### a · `Session @75851`\n\n> never closed\n"), "{report}");
    assert!(report.contains("**Why it is alive:** SessionStore.sessions (Map) holds it under key"), "{report}");
    assert!(report.contains("heapwalk why demo @75851"), "{report}");
    assert!(report.contains("## On the screen: Dominators") && report.contains("heapwalk dominators demo"), "{report}");
    assert!(report.contains("## The largest classes") && report.contains("| `SessionStore"), "{report}");
    std::fs::write(&path, "something else").expect("a file");
    person.press("W ctrl-u");
    person.hear(Msg::Text { text: path.display().to_string(), is_pasted: true });
    person.press("enter");
    assert!(person.told().contains("is there already: Enter once more writes over it"), "{}", person.told());
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "something else");
    // Another name is another file, and the question begins anew.
    person.press("=2 enter");
    assert!(person.told().starts_with("wrote ") && folder.path().join("hunt.md2").exists(), "{}", person.told());
    person.press("W ctrl-u");
    person.hear(Msg::Text { text: path.display().to_string(), is_pasted: true });
    person.press("enter enter");
    assert!(person.told().starts_with("wrote "), "{}", person.told());
    assert!(std::fs::read_to_string(&path).expect("a file").starts_with("# Leak hunt: demo\n"));
}

#[test]
fn the_report_tells_of_a_suspect_what_is_known_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hunt.md");
    let mut person = super::leads::series(126, 34);
    person.press("1 / =entry enter A =too space =many enter m c 0");
    assert!(person.row_line().contains("Entry"), "{}", person.row_line());
    person.press("m a A =never space =closed enter W ctrl-u");
    person.hear(Msg::Text { text: path.display().to_string(), is_pasted: true });
    person.press("enter");
    let report = std::fs::read_to_string(&path).expect("the file is there");
    assert_eq!(report.matches("\n- before it: ").count(), 2, "{report}");
    assert_eq!(report.matches(", which it is compared with\n").count(), 1, "{report}");
    let of_suspect = report.split("\n### ").find(|part| part.starts_with("a · `Entry")).expect("the mark");
    assert!(of_suspect.contains("> never closed\n"), "mark and note are of one row: {report}");
    assert!(of_suspect.contains("objects 200 · ") && of_suspect.contains("**Who holds them:** Store"), "{report}");
    assert_eq!(report.matches("\n### ").count(), 2, "{report}");
    assert_eq!(report.matches("heapwalk suspects ").count(), 1, "the screen shows them already: {report}");
    assert!(report.contains(" --class Entry --depth 3"), "one class has that name: {report}");
}

#[test]
fn a_note_on_a_class_is_the_same_in_the_series_and_the_summary() {
    let mut person = super::leads::series(126, 34);
    person.press("A =grows enter m a");
    assert!(person.row_line().contains("Entry"), "{}", person.row_line());
    let of_series: Vec<String> = person.explorer().notes.keys().cloned().collect();
    assert!(of_series[0].starts_with("class Entry"), "no bars: {of_series:?}");
    person.press("1 / =entry enter i");
    assert!(person.sees().contains("note          grows"), "{}", person.sees());
}
