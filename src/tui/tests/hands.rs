//! What hands do besides the usual keys: counts and prefixes, keys of one's own, rows by number, edges dragged.

use ratatui::layout::Position;

use super::{Person, comparing, series};
use crate::config::{KeySet, Settings};
use crate::tui::column_names;
use crate::tui::keymap;
use crate::tui::layout;
use crate::tui::message::{Mouse, Msg};
use crate::tui::view::View;

/// Chooses the settings of a text for this test.
fn set(text: &str) -> Settings {
    let (settings, problems) = Settings::parse(text);
    assert_eq!(problems, []);
    assert_eq!(keymap::choose_here(settings.keys, &settings.bindings), []);
    settings
}

fn cursor(person: &Person) -> usize {
    person.summary().cursor
}

#[test]
fn a_number_in_the_palette_is_a_row() {
    let mut person = Person::at_demo(100, 30);
    person.press(": =42");
    assert!(person.sees().contains("goes to row 42"), "{}", person.sees());
    person.press("enter");
    assert_eq!(cursor(&person), 41);
    person.press(": =1 enter");
    assert_eq!(cursor(&person), 0);
    person.press(": =99999999999999999999 enter");
    assert_eq!(cursor(&person), person.summary().len() - 1);
    assert!(person.told().ends_with("rows; this is the last one"), "{}", person.told());
    person.press(": =0 enter");
    assert_eq!(cursor(&person), 0);
    person.press(": =4x enter");
    assert_eq!(cursor(&person), 0, "that is no number");
    person.press("esc 5 : =3 enter");
    assert_eq!(person.told(), "there are no rows here");
}

#[test]
fn the_window_scrolls_and_turns_pages_under_the_cursor() {
    let mut person = Person::at_demo(100, 30);
    person.press("ctrl-e ctrl-e");
    assert_eq!((person.summary().top, cursor(&person)), (2, 2), "the cursor stays in the window");
    person.press("j j ctrl-y");
    assert_eq!((person.summary().top, cursor(&person)), (1, 4));
    let page = person.summary().height;
    person.press("g ctrl-f");
    assert_eq!(cursor(&person), page);
    person.press("ctrl-b");
    assert_eq!(cursor(&person), 0);
    person.press("j j g g");
    assert_eq!(cursor(&person), 0, "the second g changes nothing");
}

#[test]
fn with_the_keys_of_vim_digits_are_counts() {
    set("keys = \"vim\"");
    let mut person = Person::at_demo(100, 30);
    person.press("5");
    assert!(person.told().starts_with("5  then a motion"), "{}", person.told());
    person.press("j");
    assert_eq!(cursor(&person), 5);
    person.press("1 0 j");
    assert_eq!(cursor(&person), 15);
    person.press("3 k");
    assert_eq!(cursor(&person), 12);
    person.press("4 2 G");
    assert_eq!(cursor(&person), 41);
    person.press("7 g g");
    assert_eq!(cursor(&person), 6, "the second g changes nothing");
    person.press("g");
    assert_eq!(cursor(&person), 0);
    person.press("9 esc j");
    assert_eq!(cursor(&person), 1, "Esc forgets a count");
    person.press("9 9 9 9 9 9 9 9 9 9 9 9 j");
    assert_eq!(cursor(&person), person.summary().len() - 1);
    person.press("2 ctrl-b 2 ctrl-e");
    assert!(cursor(&person) < person.summary().len() - 1);
    person.press("g 3 l");
    assert!(person.summary().rows[0].open, "a count that means nothing is left out");
}

#[test]
fn with_the_keys_of_vim_views_are_behind_alt_and_z_is_a_prefix() {
    set("keys = \"vim\"");
    let mut person = Person::at_demo(100, 30);
    person.press("alt-4");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    person.press("alt-1 3 0 j z t");
    let pane = person.summary();
    assert_eq!((pane.cursor, pane.top), (30, 30));
    person.press("z b");
    let pane = person.summary();
    assert_eq!(pane.top + pane.height - 1, 30);
    person.press("z z");
    let pane = person.summary();
    assert_eq!(pane.top, 30 - (pane.height - 1) / 2);
    let rows = person.summary().len();
    person.press("z o");
    assert!(person.summary().len() > rows);
    person.press("z c");
    assert_eq!(person.summary().len(), rows);
    person.press("z x");
    assert_eq!(person.told(), "z goes with t, z, b, o, c, R and M");
    person.press("z esc Z");
    assert!(person.explorer().zoomed);
    assert!(person.sees().contains(" Alt: 1 Sum  2 Comp  "), "tabs have their keys: {}", person.sees());
    let narrow = " Alt: 1 Su 2 Co 3 Co 4 Do 5 St 6 Al 7 St 8 Fi 9 Se 0 Su";
    for (width, tabs) in [(130, " Alt: 1 Summary  2 Comparison"), (80, " Alt: 1 Sum  2 Comp  3 Cont"), (60, narrow)] {
        person.resize(width, 24);
        assert!(person.screen()[1].starts_with(tabs), "{}", person.screen()[1]);
    }
    let place = layout::tabs(layout::areas(&person.state).views)[3].0;
    mouse(&mut person, Mouse::Click, place.x, place.y);
    assert_eq!(person.explorer().view, View::DOMINATORS, "a click goes where the name stands");
    person.press("alt-1");
    // A line that is typed takes digits and z as they are.
    person.press("/ =z5 enter");
    assert_eq!(person.summary().filter, "z5");
}

#[test]
fn keys_of_ones_own_are_those_of_hints_help_and_palette() {
    set("[bind]\nfind = \"f3\"\nsummary = \"f1\"\nquit = \"Q\"");
    let mut person = Person::at_demo(120, 30);
    let screen = person.sees();
    assert!(screen.contains("F3 filter") && screen.contains("Q quit"), "{screen}");
    assert!(screen.contains("F1 Summary"), "{screen}");
    person.press("/");
    assert!(person.told().starts_with("this key does nothing here"), "{}", person.told());
    person.press("f3 =session enter");
    assert_eq!(person.summary().filter, "session");
    person.press("4 f1 ?");
    assert!(person.sees().contains("F3"), "{}", person.sees());
    person.press("esc Q");
    assert!(person.exit.is_some());
}

#[test]
fn columns_are_those_that_are_set() {
    let settings =
        set("retainers-height = 60\n[columns]\nsummary = [\"retained:30\", \"count\"]\nretainers = [\"retained\"]");
    let mut person = Person::at_demo(100, 40);
    let usual = person.state.explorer().expect("a heap").main_pane().expect("rows").height;
    person.state.columns = column_names::layout_of(&settings.columns).0;
    person.state.retainers_height = settings.retainers_height;
    person.press("j");
    let screen = person.screen();
    let header = &screen[3];
    let (retained, count) = (header.find("Retained size"), header.find("Count"));
    assert!(retained < count && retained.is_some() && !header.contains("Shallow"), "{header}");
    assert!(person.summary().height < usual);
    person.press("s");
    assert_eq!(person.told(), "sorted by count, largest first", "columns that are not shown are passed over");
    let below = screen.iter().find(|line| line.contains("Held by")).expect("the Retainers");
    assert!(below.contains("Retained") && !below.contains("Objects"), "{below}");
}

fn mouse(person: &mut Person, what: Mouse, x: u16, y: u16) {
    person.hear(Msg::Mouse(what, Position { x, y }));
    person.rest();
}

/// The first column of the screen at which the heading of a column ends, in the heading of the main pane.
fn end_of(person: &mut Person, title: &str) -> usize {
    let header = person.screen()[3].clone();
    let end = header.find(title).unwrap_or_else(|| panic!("no {title}: {header}")) + title.len();
    header[..end].chars().count()
}

#[test]
fn edges_of_columns_are_dragged_by_the_mouse() {
    let mut person = Person::at_demo(130, 30);
    let area = layout::areas(&person.state).main.expect("it is seen").header;
    let header = person.screen()[3].clone();
    // Its left edge is where the names end.
    let count = end_of(&mut person, "Count");
    let edge = (count - 12) as u16;
    let order = person.summary().tree.sort();
    mouse(&mut person, Mouse::Click, edge, area.y);
    mouse(&mut person, Mouse::Drag, edge - 10, area.y);
    mouse(&mut person, Mouse::Release, edge - 10, area.y);
    assert_eq!(person.summary().tree.sort(), order, "who drags does not sort");
    assert_eq!(person.state.columns.width("summary", "count"), Some(22));
    assert_eq!(end_of(&mut person, "Count"), count, "its right edge stays");
    mouse(&mut person, Mouse::Drag, 5, area.y);
    assert_eq!(person.state.columns.width("summary", "count"), Some(22), "nothing is held any more");
    mouse(&mut person, Mouse::Click, edge - 10, area.y);
    mouse(&mut person, Mouse::Drag, 0, area.y);
    mouse(&mut person, Mouse::Drag, 129, area.y);
    assert_eq!(person.state.columns.width("summary", "count"), Some(4), "a column keeps some room");
    mouse(&mut person, Mouse::Drag, edge, area.y);
    mouse(&mut person, Mouse::Release, edge, area.y);
    assert_eq!(person.screen()[3], header);
    // A click beside the edge sorts.
    mouse(&mut person, Mouse::Click, edge + 3, area.y);
    assert_eq!(person.told(), "sorted by count, largest first");
}

#[test]
fn the_border_is_dragged_from_where_settings_put_it() {
    let [_, after] = series();
    let mut person = Person::exploring(after, 100, 40);
    person.state.retainers_height = 70;
    person.press("j");
    let rule = |person: &Person| layout::areas(&person.state).retainers.and_then(|area| area.rule).expect("a border").y;
    let at = rule(&person);
    mouse(&mut person, Mouse::Click, 50, at);
    mouse(&mut person, Mouse::Drag, 50, at + 5);
    mouse(&mut person, Mouse::Release, 50, at + 5);
    assert_eq!(rule(&person), at + 5);
}

#[test]
fn both_sets_of_keys_reach_every_view() {
    for (settings, prefix) in [("", ""), ("keys = \"vim\"", "alt-")] {
        assert_eq!(set(settings).keys == KeySet::Vim, !prefix.is_empty());
        let mut person = comparing(100, 30);
        let mut seen = Vec::new();
        for digit in "1234567890".chars() {
            person.press(&format!("{prefix}{digit}"));
            seen.push(person.explorer().view);
        }
        seen.dedup();
        assert_eq!(seen.len(), 10, "{settings}");
    }
}

/// What `y` and a letter copies.
fn copied(person: &mut Person, letter: &str) -> String {
    person.copied = None;
    person.press(&format!("y {letter}"));
    person.copied.take().unwrap_or_else(|| panic!("nothing was copied: {}", person.sees()))
}

#[test]
fn rows_are_copied_as_a_table_as_csv_and_as_markdown() {
    let mut person = Person::at_demo(100, 30);
    person.press("/ =session enter");
    assert_eq!(
        copied(&mut person, "t"),
        "Constructor                  Count  Distance  Shallow size  Retained size\n\
         SessionStore  server.js:103      1        12    96 B   0 %   7.5 MB  56 %\n\
         Session  server.js:79        4,000        15  320 kB   2 %   7.2 MB  54 %\n",
        "as the command prints it"
    );
    let csv = copied(&mut person, "s");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "name,key,count,distance,reach,selfSize,retainedSize,location,label,depth");
    assert!(lines[2].starts_with("Session,") && lines[2].ends_with(",0") && lines.len() == 3, "{csv}");
    // Rows that are open are copied with what stands above them.
    person.press("l");
    let told = copied(&mut person, "t");
    assert!(told.lines().nth(2).is_some_and(|line| line.starts_with("  SessionStore @")), "{told}");
    person.press("h j M");
    let markdown = copied(&mut person, "m");
    assert_eq!(markdown.lines().nth(1), Some("| --- | ---: | ---: | ---: | ---: |"));
    assert!(markdown.contains("| Session  server.js:79 |") && markdown.lines().count() == 3, "{markdown}");
    person.press("tab");
    let retainers = copied(&mut person, "t");
    assert!(retainers.starts_with("Held by"), "{retainers}");
}

#[test]
fn of_long_lists_as_much_is_copied_as_terminals_take() {
    let mut person = Person::exploring(super::many(), 100, 30);
    person.press("/ =string enter l");
    let text = copied(&mut person, "s");
    assert!((69_000..=70_000).contains(&text.chars().count()) && text.ends_with('\n'), "{}", text.len());
    assert!(person.told().contains("the first 70,000 characters"), "{}", person.told());
}

#[test]
fn texts_are_found_in_every_window() {
    let mut person = Person::at_demo(100, 30);
    person.press("@ =75851 enter i / =bytes");
    assert!(person.sees().contains("/bytes"), "{}", person.sees());
    person.press("enter n N");
    assert!(person.sees().contains("/bytes"), "the window is still open: {}", person.sees());
    person.press("esc");
    assert!(!person.sees().contains("/bytes") && !person.state.overlays.is_empty());
    person.press("esc");
    assert!(person.state.overlays.is_empty());
    // Short lists are filtered; then letters choose nothing.
    person.press("y / =comm");
    assert!(person.sees().contains("command line") && !person.sees().contains("the way to a root"));
    person.press("enter");
    assert!(person.copied.take().is_some_and(|text| text.starts_with("heapwalk ")));
}

#[test]
fn a_text_that_is_long_is_searched_from_where_one_reads() {
    let text: String =
        (0..400).map(|line| format!("line {line} {}\n", if line % 100 == 7 { "needle" } else { "hay" })).collect();
    let mut person = Person::exploring(crate::testing::whole(super::strings(&[&text])), 80, 24);
    person.press("/ =string enter l l v / =needle");
    assert!(person.sees().contains("line 7 needle"), "{}", person.sees());
    person.press("enter n");
    assert!(person.sees().contains("line 107 needle") && !person.sees().contains("line 7 "), "{}", person.sees());
    person.press("N N");
    assert!(person.sees().contains("line 307 needle"), "round the beginning: {}", person.sees());
    // Pasted text goes into the line that is typed.
    person.press("/");
    person.hear(Msg::Text { text: "line 207".into(), is_pasted: true });
    assert!(person.sees().contains("line 207 needle"), "{}", person.sees());
    person.press("esc");
    person.hear(Msg::Text { text: "q".into(), is_pasted: true });
    assert!(!person.state.overlays.is_empty() && person.told().starts_with("pasted text is not taken for keys"));
}
