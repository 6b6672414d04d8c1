//! Comparison, Allocation, Strings, scopes, several snapshots.

use std::sync::Arc;

use super::{Person, STRINGS, comparing, demo, many, series, timeline, whole};
use crate::analysis::compare::Comparison;
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::error::Error;
use crate::heap::Event;
use crate::notation::Graph;
use crate::tui::message::{Mouse, Msg};
use crate::tui::state::focus::Focus;
use crate::tui::state::snapshot::Load;
use crate::tui::view::View;
use crate::tui::views::VIEWS;
use crate::view::list::List;
use crate::view::spec::Sort;
use crate::view::tables::comparison::Differences;
use ratatui::layout::Position;

#[test]
fn the_last_snapshot_is_shown_and_the_one_before_is_loaded_for_the_comparison() {
    let [before, after] = series();
    let mut person = Person::given(&["before", "after"], 100, 30);
    assert_eq!(person.loads, [1]);
    person.press("2");
    assert!(person.answer().contains("still loading"), "{}", person.answer());
    person.loaded(1, after);
    assert_eq!(person.loads, [1, 0], "the other one follows by itself");
    person.press("2");
    assert!(person.sees().contains("before is being loaded…"), "{}", person.sees());
    person.loaded(0, before);
    assert!(person.sees().contains("3 classes, 2 hidden (a) since before"), "{}", person.sees());
    assert!(person.row().starts_with("Session"), "what has grown most comes first: {}", person.sees());
}

#[test]
fn classes_without_change_are_hidden_and_counted_until_asked_for() {
    let mut person = comparing(110, 30);
    person.press("2");
    assert!(person.sees().contains("3 classes, 2 hidden (a) since before"), "{}", person.sees());
    assert!(!person.sees().contains("▸ Array"), "{}", person.sees());
    person.press("a");
    assert_eq!(person.answer(), "classes without change too; a hides them");
    assert!(person.sees().contains("5 classes since before  "), "{}", person.sees());
    person.press("/ =Array enter l");
    assert!(person.row().starts_with("Array") && person.sees().contains("1 of 5 classes"), "{}", person.sees());
    person.press("esc a a a");
    assert!(person.sees().contains("3 classes, 2 hidden (a) since before"), "{}", person.sees());
    person.press("1 a");
    assert!(person.answer().contains("only in the Comparison: 2 goes there"), "{}", person.answer());
}

#[test]
fn classes_without_change_can_be_asked_for_before_the_comparison_is_there() {
    let mut person = comparing(110, 30);
    person.patient = false;
    person.press("2 a");
    person.answer_all();
    person.patient = true;
    assert!(person.sees().contains("5 classes since before  "), "{}", person.sees());
}

#[test]
fn what_is_new_and_what_is_gone_is_told_apart() {
    let mut person = comparing(110, 30);
    person.press("2 l");
    let screen = person.sees();
    assert!(screen.contains("+ Session @"), "{screen}");
    person.press("/ =Cart enter l");
    let screen = person.sees();
    assert!(screen.contains("− Cart @9") && screen.contains("•"), "{screen}");
    assert_eq!(
        person.answer(),
        "w snapshots  l open  / filter  F find  @ id  s sort  r retainers  y copy  i info  Tab pane  ? keys  q quit"
    );
}

#[test]
fn who_held_a_gone_object_is_shown_from_the_base() {
    let mut person = comparing(110, 30);
    person.press("2 / =Cart enter l l");
    assert!(person.row().starts_with("− Cart @9"), "{}", person.sees());
    let screen = person.sees();
    assert!(screen.contains("Retainers of Cart @9") && screen.contains("in the base"), "{screen}");
    assert!(screen.contains("cart in Shop @3"), "{screen}");
    for key in ["u", "c", "d"] {
        person.press(key);
        assert!(person.answer().starts_with("this object is gone from the snapshot"), "{key}: {}", person.answer());
        assert_eq!(person.explorer().view, View::COMPARISON);
    }
    person.press("i");
    assert!(person.sees().contains("gone: only the base of the comparison has it"), "{}", person.sees());
    person.press("esc r x");
    assert!(person.answer().starts_with("retainers can be ignored in the snapshot that is shown"));
    person.press("p");
    assert_eq!(person.answer(), "the only path to a root: 1 reference");
}

#[test]
fn new_objects_lead_to_the_other_views() {
    let mut person = comparing(110, 30);
    person.press("2 l l");
    let row = person.row();
    let object = row.trim_start_matches("+ ").to_owned();
    person.press("u");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert_eq!(person.row(), object);
    person.press("[");
    assert_eq!((person.explorer().view, person.row()), (View::COMPARISON, row));
}

#[test]
fn a_comparison_is_sorted_by_any_of_its_columns() {
    let mut person = comparing(110, 30);
    person.press("2");
    let first = |person: &mut Person| {
        person.press("g");
        person.row()
    };
    assert!(person.sees().contains("Size Δ ▼") && first(&mut person).starts_with("Session"), "{}", person.sees());
    person.press("S");
    assert!(first(&mut person).starts_with("Cart"));
    person.press("s");
    assert_eq!(person.answer(), "sorted by retained delta, largest first");
    assert!(first(&mut person).starts_with("Session"));
    person.press("S");
    assert!(first(&mut person).starts_with("Cart"));
    person.press("s");
    assert_eq!(person.answer(), "sorted by name, smallest first");
    person.press("s s s s s");
    assert_eq!(person.answer(), "sorted by freed size, largest first");
    assert!(first(&mut person).starts_with("Cart"));
}

#[test]
fn classes_that_are_even_stand_behind_those_that_have_grown_or_shrunk() {
    let both = "r -p-> p; r -q-> q; r -s-> s; r -t-> t";
    let base = Graph::new(&format!("{both}; r -a-> Old[8]; r -b-> Even#1[8]")).heap;
    let current = Graph::new(&format!("{both}; r -c-> New[8]; r -d-> Gap; r -b-> Even#2[8]")).heap;
    let comparison = Comparison::new(base, current, &Meter::default()).expect("nobody cancels");
    let level = Differences::level(Arc::new(comparison), false);
    for (ascending, order) in [(false, ["New", "Old", "Even"]), (true, ["Old", "New", "Even"])] {
        let sort = Sort { ascending, ..level.table.facts().sort };
        let mut list = List::new(level.clone(), sort, &Meter::default()).expect("nobody cancels");
        let names: Vec<String> = (0..list.len()).map(|place| level.table.name(list.get(place))).collect();
        assert_eq!(names, order);
    }
}

#[test]
fn rows_say_how_many_of_their_objects_are_only_detached_now() {
    let mut person = Person::given(&["before", "after"], 110, 30);
    person.loaded(1, Graph::new("r -a-> <img>:native!2[8]; r -b-> <div>:native!1[8]").heap);
    person.loaded(0, Graph::new("r -a-> <img>:native!1[8]; r -b-> <div>:native!2[8]").heap);
    person.press("2 s s s s s s s s");
    let screen = person.sees();
    for row in ["Detached <img>  1 now detached", "▸ <img>  1 now detached", "▸ <div>  1 attached again"] {
        assert!(screen.contains(row), "{row}: {screen}");
    }
    let pane = person.explorer().main_pane().expect("a table");
    let records: Vec<_> = pane.tree.roots().iter().map(|&row| pane.tree.table().record(row)).collect();
    let told = |field: &str| records.iter().filter(|record| record.get(field) == Some(&1.into())).count();
    assert_eq!((told("nowDetached"), told("wereDetached")), (2, 2));
}

#[test]
fn what_is_odd_about_a_comparison_stays_on_the_screen() {
    let with_ids = |text: &str, ids: Vec<u32>| {
        Graph::with(text, |columns| columns.nodes.ids = UintColumn::Narrow(ids.into())).heap
    };
    let mut person = Person::given(&["newer", "older"], 80, 30);
    person.loaded(1, with_ids("r -a-> Shop[24]; r -b-> Cart[640]; Cart -c-> Item[8]", vec![1, 3, 5, 7]));
    person.loaded(0, with_ids("r -a-> Shop[24]; Shop -d-> Gap[8]", vec![1, 3, 9]));
    person.press("2");
    assert!(person.answer().contains("the base is newer than the snapshot after it"), "{}", person.answer());
    // Any key puts something else into the last line.
    person.press("b");
    for keys in ["j", "l l", "/ =Cart enter"] {
        person.press(keys);
        assert!(!person.answer().contains("newer"), "{}", person.answer());
        assert!(person.screen()[2].contains("the base is newer · "), "{}", person.sees());
        assert!(keys != "j" || person.screen()[2].contains("3 classes, 1 hidden (a)"), "{}", person.sees());
    }
}

#[test]
fn each_snapshot_can_be_shown_and_compared_with_each() {
    let mut person = comparing(110, 30);
    person.press("j w");
    let screen = person.sees();
    assert!(screen.contains("1   show before") && screen.contains("a   compare with before"), "{screen}");
    person.press("1");
    assert!(person.sees().contains("1 of 2 before"), "{}", person.sees());
    person.press("2");
    assert!(person.sees().contains("nothing was given before this snapshot"), "{}", person.sees());
    person.press("w b");
    assert!(person.sees().contains("3 classes, 2 hidden (a) since after"), "{}", person.sees());
    assert!(person.row().starts_with("Cart"), "what is gone there is new here: {}", person.sees());
    person.press("w 2");
    assert_eq!(person.explorer().view, View::COMPARISON, "the view stays");
    person.press("1");
    assert_eq!(person.summary().cursor, 1);
}

#[test]
fn a_base_that_cannot_be_read_says_why_and_the_rest_works() {
    let [_, after] = series();
    let mut person = Person::given(&["before", "after"], 110, 30);
    person.loaded(1, after);
    let problem = Error::Usage("it is no snapshot".into());
    person.hear(Msg::Load(0, Event::Failed(problem)));
    assert_eq!(person.answer(), "before was not loaded: it is no snapshot");
    person.press("2");
    assert!(person.sees().contains("before: it is no snapshot"), "{}", person.sees());
    person.press("1 l");
    assert!(person.summary().len() > person.classes());
}

#[test]
fn escape_stops_loading_the_base_and_keeps_the_snapshot() {
    let [_, after] = series();
    let mut person = Person::given(&["before", "after"], 110, 30);
    person.loaded(1, after);
    person.press("esc");
    assert!(person.cancelled);
    person.hear(Msg::Load(0, Event::Failed(Error::Cancelled)));
    assert_eq!(person.answer(), "stopped loading before");
    assert_eq!(person.state.load(), Load::Complete);
}

#[test]
fn one_snapshot_says_what_a_comparison_takes() {
    let mut person = Person::at_demo(110, 30);
    person.press("2");
    assert!(person.sees().contains("comparing takes two snapshots of one process"), "{}", person.sees());
}

// ---- strings ----

#[test]
fn duplicated_strings_lead_to_who_holds_each() {
    let mut person = Person::at_demo(110, 30);
    person.press("7");
    assert!(person.row().starts_with("\"collected in the shop\""), "{}", person.sees());
    person.press("l l");
    assert!(person.row().starts_with("\"collected in the shop\" @"));
    assert!(person.sees().contains("Retainers of \"collected in the shop\" @"), "{}", person.sees());
    person.press("h s");
    assert_eq!(person.answer(), "sorted by name, smallest first");
    person.press("s s s");
    assert_eq!(person.answer(), "sorted by wasted, largest first");
    person.press("/ ='parcel enter");
    assert_eq!(person.answer(), "2 of 692 texts; Esc clears the filter");
    person.press("g v");
    assert!(person.sees().contains("text · 15 characters"), "{}", person.sees());
}

// ---- scopes ----

#[test]
fn a_scope_limits_the_summary_and_escape_leaves_it() {
    let mut person = Person::at_demo(110, 30);
    let all = person.classes();
    person.press("f");
    let screen = person.sees();
    for name in ["All objects", "Duplicated strings", "Objects retained by contexts", "system / NativeContext @6347"] {
        assert!(screen.contains(name), "{screen}");
    }
    person.press("b");
    assert_eq!(person.classes(), 2);
    assert!(person.sees().contains("Duplicated strings · 2 classes"), "{}", person.sees());
    person.press("g l");
    assert_eq!(person.summary().len(), 2 + 16_429, "only its objects stand below a class");
    person.press("/ =conc enter");
    assert_eq!(person.classes(), 1, "filter and scope go together");
    person.press("esc");
    assert_eq!(person.classes(), 2, "Esc takes the filter away first");
    person.press("esc");
    assert_eq!(person.classes(), all);
    assert_eq!(person.answer(), "all objects again");
}

#[test]
fn an_object_outside_of_the_scope_is_shown_all_the_same() {
    let mut person = Person::at_demo(110, 30);
    person.press("f b @ =75851 enter");
    assert_eq!(person.row(), "Session @75851");
    assert_eq!(person.answer(), "Session @75851 in the Summary; all objects count again");
}

#[test]
fn the_scope_of_a_series_is_what_was_allocated_in_between() {
    let mut person = comparing(110, 40);
    person.press("f");
    let screen = person.sees();
    assert!(screen.contains("Objects allocated before before"), "{screen}");
    assert!(screen.contains("Objects allocated between before and after"), "{screen}");
    let line = screen.lines().find(|line| line.contains("between before and after")).expect("it is there");
    let letter = line.split_whitespace().find(|word| word.len() == 1).expect("a letter chooses it").to_owned();
    person.press(&letter);
    assert_eq!(person.answer(), "Objects allocated between before and after: 3 objects (240 B); Esc shows all");
    let pane = person.summary();
    let names: Vec<String> = pane.all.rows.iter().map(|&row| pane.all.table.name(row)).collect();
    assert_eq!(names, ["Session"]);
}

#[test]
fn the_command_line_of_a_scope_and_of_the_new_views_can_be_copied() {
    let mut person = Person::at_demo(110, 30);
    let line = |person: &mut Person, keys: &str| {
        person.press(keys).press("y c");
        person.copied.take().expect("a command line")
    };
    assert_eq!(line(&mut person, "f b"), "heapwalk summary demo --scope duplicated-strings");
    assert_eq!(line(&mut person, "esc 7"), "heapwalk strings demo");
    assert_eq!(line(&mut person, "l l"), "heapwalk strings demo --depth 2");
    let mut person = comparing(110, 30);
    assert_eq!(line(&mut person, "2"), "heapwalk compare before after");
}

// ---- native contexts ----

#[test]
fn native_contexts_stand_side_by_side_and_lead_to_their_objects() {
    let mut person = Person::at_demo(110, 30);
    let beside = VIEWS.iter().filter(|view| view.beside_scopes().is_some()).map(|view| view.view());
    for (up, view) in beside.rev().enumerate() {
        person.press(&format!("1 f{}{} enter", " down".repeat(30), " up".repeat(up)));
        assert_eq!(person.explorer().view, view, "the last lines of the list of scopes lead elsewhere");
    }
    person.press("1 : =contexts enter / =NativeContext enter");
    assert_eq!(person.row(), "system / NativeContext @6347", "{}", person.sees());
    person.press("l l");
    assert!(!person.row().contains('@'), "below a context stand its classes: {}", person.sees());
    person.press("h enter");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert!(person.sees().contains("system / NativeContext @6347 · "), "{}", person.sees());
    person.press("y c");
    assert_eq!(person.copied.take().as_deref(), Some("heapwalk summary demo --scope @6347"));
}

// ---- allocation ----

#[test]
fn functions_show_what_they_have_allocated_and_who_calls_them() {
    let mut person = Person::exploring(whole(timeline()), 110, 30);
    person.press("6");
    assert!(person.row_line().contains("makeOrder  shop.js:12"), "{}", person.sees());
    person.press("l l");
    assert!(person.row_line().contains("main  shop.js:3"), "its callers stand below: {}", person.sees());
    person.press("g enter");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert!(person.sees().contains("Objects allocated by makeOrder · 1 class "), "{}", person.sees());
    assert_eq!(person.row(), "Order");
    person.press("[");
    assert_eq!(person.explorer().view, View::ALLOCATION);
}

#[test]
fn a_part_of_the_timeline_limits_what_counts() {
    let mut person = Person::exploring(whole(timeline()), 110, 30);
    person.press("6 >");
    assert_eq!(person.explorer().timeline.as_ref().expect("a timeline").chosen, Some(0..1));
    person.press("> >");
    let screen = person.sees();
    assert!(screen.contains("1.0 s to 2.0 s"), "{screen}");
    assert!(person.answer().starts_with("Objects allocated between 1.0 s and 2.0 s: "), "{}", person.answer());
    assert!(person.sees().contains("Constructor"), "by class: {}", person.sees());
    let objects = |person: &Person| -> u64 {
        let classes = &person.pane(View::ALLOCATION).all;
        let count = |&row: &_| classes.table.record(row)["count"].as_u64().expect("a number");
        classes.rows.iter().map(count).sum()
    };
    let one = objects(&person);
    person.press(". .");
    let three = objects(&person);
    assert!(three > one, "a longer part has more: {three} {one}");
    person.press("1");
    assert!(person.sees().contains("Objects allocated between 1.0 s and 4.0 s"), "{}", person.sees());
    person.press("esc");
    assert_eq!(person.explorer().timeline.as_ref().expect("a timeline").chosen, None);
}

#[test]
fn a_click_chooses_a_bar_of_the_timeline() {
    let mut person = Person::exploring(whole(timeline()), 110, 30);
    person.press("6");
    let mark = person.screen()[6].chars().position(|letter| letter == '─').expect("the line below the bars");
    person.hear(Msg::Mouse(Mouse::Click, Position { x: mark as u16, y: 5 }));
    assert_eq!(person.explorer().timeline.as_ref().expect("a timeline").chosen, Some(0..1));
}

#[test]
fn a_snapshot_without_allocations_says_what_writes_them() {
    let mut person = Person::at_demo(110, 30);
    person.press("6");
    assert!(person.sees().contains("does not say what was allocated when, or by whom"), "{}", person.sees());
    person.press("<");
    assert_eq!(person.answer(), "<: this snapshot is no allocation timeline");
}

#[test]
fn details_of_an_object_say_who_allocated_it() {
    let mut person = Person::exploring(whole(timeline()), 110, 40);
    person.press("/ =/^Order$/ enter l l i");
    assert!(person.sees().contains("allocated by  makeOrder  shop.js:12"), "{}", person.sees());
}

// ---- long work ----

#[test]
fn long_lists_open_in_the_background_and_keys_are_answered_meanwhile() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter");
    person.patient = false;
    person.press("l");
    assert_eq!(person.changes(), 1, "it takes long");
    assert_eq!(person.summary().len(), 1);
    person.press("esc");
    assert_eq!(person.answer(), "stopped");
    assert!(person.work_waits(), "the worker is told to stop");
    person.answer_all();
    assert_eq!(person.summary().len(), 1, "what it finds nobody wants any more");
    person.press("l b");
    assert_eq!(person.answer(), "sizes in bytes", "other keys work");
    person.answer_all();
    assert_eq!(person.summary().len(), 40_001);
    assert_eq!(person.summary().cursor, 0);
}

#[test]
fn the_cursor_stays_where_somebody_has_put_it_while_rows_were_sorted() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l");
    person.patient = false;
    person.press("S");
    person.press("j j j");
    let row = person.row();
    person.answer_all();
    assert_eq!(person.row(), row);
    assert!(person.sees().contains("Retained size ▲"), "{}", person.sees());
}

#[test]
fn a_change_begins_anew_when_rows_have_opened_meanwhile() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter l j");
    person.patient = false;
    person.press("S");
    person.press("h h");
    assert_eq!(person.summary().len(), 1, "closed while the worker sorts");
    person.answer_all();
    person.answer_all();
    assert_eq!(person.summary().len(), 1, "and closed it stays");
    assert!(person.sees().contains("Retained size ▲"), "{}", person.sees());
}

#[test]
fn what_a_worker_does_is_told_once_it_has_taken_a_moment() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter");
    person.patient = false;
    person.press("l");
    assert!(!person.sees().contains("opening"), "nothing flickers for a moment's work");
    person.hear(Msg::Tick(None));
    assert!(person.screen()[0].contains("opening… "), "{}", person.screen()[0]);
    assert!(person.screen()[0].ends_with("Esc stops"), "{}", person.screen()[0]);
}

#[test]
fn a_search_shows_its_first_match_and_then_counts() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("3 l l");
    person.patient = false;
    person.press(r#"/ =/text.2999."/ enter"#);
    person.answer_some(1);
    assert_eq!(person.answer(), r#"“/text.2999."/” found; counting the others, Esc stops"#);
    let row = person.row();
    assert!(row.contains("text 2999"), "{row}");
    person.answer_all();
    assert!(person.answer().ends_with("of 10; n next, N before"), "{}", person.answer());
    person.patient = true;
    person.press("n");
    assert_ne!(person.row(), row);
    assert!(person.answer().contains(" of 10"), "{}", person.answer());
    person.press("N");
    assert_eq!(person.row(), row);
}

#[test]
fn a_question_undoes_no_change_of_a_pane() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("/ ='string enter");
    person.patient = false;
    person.press("l");
    person.press("7");
    person.answer_all();
    assert_eq!(person.explorer().view, STRINGS);
    assert!(person.explorer().panes.contains_key(&STRINGS));
    assert_eq!(person.summary().len(), 40_001, "the class was opened meanwhile");
}

#[test]
fn a_second_question_replaces_the_first_and_a_view_asks_again() {
    let mut person = Person::exploring(many(), 100, 30);
    person.press("3 l l");
    person.patient = false;
    person.press("7");
    person.press("3");
    person.press(r#"/ =/text.2999."/ enter"#);
    person.answer_all();
    assert!(person.answer().ends_with("of 10; n next, N before"), "{}", person.answer());
    assert!(!person.explorer().panes.contains_key(&STRINGS), "nobody looks at them now");
    person.press("7");
    person.answer_all();
    assert!(person.explorer().panes.contains_key(&STRINGS));
}

#[test]
fn retainers_of_the_demo_are_unchanged_by_all_this() {
    let mut person = Person::exploring(demo(), 100, 30);
    person.press("@ =75851 enter tab");
    assert_eq!(person.explorer().focus, Focus::Retainers);
    assert!(person.row().contains(" in (internal array)[] @211305"), "{}", person.row());
}

#[test]
fn the_picture_has_the_current_object_in_its_place() {
    let mut person = Person::at_demo(100, 30);
    person.press("/ ='SessionStore enter l j V");
    let screen = person.sees();
    assert!(screen.contains("▸SessionStore @210215 7.5 MB 56 %"), "{screen}");
    assert!(screen.contains("│all objects 13.4 MB 100 %"), "{screen}");
    assert!(screen.contains("│Session ×4,000"), "small objects of a class are one piece: {screen}");
    assert!(person.row().starts_with("SessionStore @210215"), "the rows below are those of the tree");
    person.press("+");
    let zoomed = person.sees();
    assert!(zoomed.contains("▸SessionStore @210215 7.5 MB 56 %····"), "it is all of the picture: {zoomed}");
    assert!(!zoomed.contains("all objects 13.4"));
    person.press("l j t");
    assert_eq!(person.told(), "colours by package; the largest have their own");
    assert!(person.sees().contains("the program"), "{}", person.sees());
    person.press("B");
    assert!(person.told().contains("no second snapshot"));
    person.press("-");
    assert!(
        person.told().starts_with("all of it is system / Context @6467") || person.told() == "the whole heap",
        "{}",
        person.told()
    );
    person.press("esc");
    assert!(person.sees().contains("all objects 13.4 MB"), "{}", person.sees());
    person.press("V");
    assert_eq!(person.explorer().view, View::SUMMARY);
    person.press(": =picture enter");
    assert_eq!(person.explorer().view, View::PICTURE);
    person.press("tab");
    assert_eq!(person.explorer().focus, Focus::Retainers, "Retainers have the screen for themselves");
}

#[test]
fn a_piece_that_is_clicked_is_the_current_object() {
    let mut person = Person::at_demo(100, 30);
    person.press(": =picture enter");
    let lines = person.screen();
    let y = lines.iter().position(|line| line.contains("│Session ×4,000")).expect("the piece is there") as u16;
    person.hear(Msg::Mouse(Mouse::Click, Position { x: 6, y }));
    assert!(person.told().starts_with("Session @") && person.told().contains("in the picture"), "{}", person.told());
    assert!(person.sees().contains("▸Session ×4,000"), "{}", person.sees());
}

#[test]
fn two_snapshots_stand_side_by_side_in_one_scale() {
    let mut person = comparing(100, 30);
    person.press(": =picture enter B");
    let screen = person.sees();
    assert!(screen.contains("before 784 B") || screen.contains("before "), "{screen}");
    let line = person.screen().into_iter().find(|line| line.contains("all objects")).expect("a picture");
    assert_eq!(line.matches("│all objects").count(), 2, "{line}");
    person.press("B");
    assert!(!person.sees().contains("before 7"));
}
