//! What grew over several snapshots, and where to look first.

use std::sync::Arc;

use super::Person;
use crate::heap::Heap;
use crate::notation::Graph;
use crate::tui::view::View;

/// A program with a list that has so many entries, and a cache that has so many pages. Ids last: what comes, comes last.
fn program(entries: usize, pages: usize) -> Arc<Heap> {
    let own =
        "r -f-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app.js:code; f =context=> system+/+Context
        system+/+Context $store$> Store[16]@1/5/1; Store -list-> Array[16]; Store -cache-> Object[16]";
    let mut all = vec![own.to_owned()];
    all.extend((0..pages).map(|number| format!("Object -[{number}]-> Page#{number}[90]@1/7/1")));
    all.extend((0..entries).map(|number| format!("Array -[{number}]-> Entry#{number}[100]@1/9/1")));
    Graph::new(&all.join("\n")).heap
}

/// Somebody who was given three snapshots of a program whose list grows; all are loaded.
fn three(width: u16, height: u16) -> Person {
    let mut person = Person::given(&["1", "2", "3"], width, height);
    person.loaded(2, program(220, 100));
    person.loaded(1, program(120, 100));
    person
}

/// The first snapshot is loaded once somebody wants the series: it cannot be read again.
pub(super) fn series(width: u16, height: u16) -> Person {
    let mut person = three(width, height);
    person.press("9");
    assert_eq!(person.loads, [2, 1, 0]);
    person.loaded(0, program(20, 100));
    person
}

#[test]
fn a_series_waits_for_what_is_loaded_and_says_so() {
    let mut person = three(100, 24);
    assert_eq!(person.loads, [2, 1], "nobody has asked for a series");
    person.press("9");
    assert!(person.sees().contains("the snapshots before this one are read"), "{}", person.sees());
    person.loaded(0, program(20, 100));
    assert!(person.sees().contains("grew at every step"), "{}", person.sees());
}

#[test]
fn a_class_has_a_column_for_each_snapshot_and_a_verdict() {
    let mut person = series(120, 30);
    let screen = person.sees();
    assert!(screen.contains("classes over 3 snapshots · counts"), "{screen}");
    let header = screen.lines().find(|line| line.contains("Constructor")).expect("a header").to_owned();
    let titles: Vec<&str> = header.split_whitespace().collect();
    assert!(titles.windows(4).any(|titles| titles == ["1", "2", "3", "Step"]), "{header}");
    let row = person.row_line();
    assert!(row.contains("▁▄█ Entry  app.js:10"), "{row}");
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert!(cells.windows(4).any(|cells| cells == ["20", "120", "220", "+100"]), "{row}");
    assert!(row.ends_with("grew at every step"), "{row}");
}

#[test]
fn below_a_class_stands_what_is_new_and_d_leaves_what_came_in_the_first_step() {
    let mut person = series(120, 30);
    person.press("l");
    assert_eq!(person.pane(View::SERIES).len() - person.pane(View::SERIES).tree.roots().len(), 200);
    person.press("D");
    assert!(person.answer().contains("what came between 1 and 2"), "{}", person.answer());
    person.press("l");
    assert_eq!(person.pane(View::SERIES).len() - person.pane(View::SERIES).tree.roots().len(), 100);
    person.press("1 D");
    assert!(person.answer().contains("only in the Series: 9 goes there"), "{}", person.answer());
}

#[test]
fn the_retainers_of_a_class_are_those_of_what_is_new_of_it() {
    let mut person = series(120, 30);
    let screen = person.sees();
    assert!(screen.contains("Retainers of 200 × Entry"), "{screen}");
    assert!(screen.contains("Store.list (Array) holds each of the 200"), "{screen}");
}

#[test]
fn t_turns_from_counts_to_sizes() {
    let mut person = series(120, 30);
    person.press("t");
    assert!(person.sees().contains("· shallow sizes"), "{}", person.sees());
    let row = person.row_line();
    assert!(row.contains("2.0 kB") && row.contains("22.0 kB"), "{row}");
    person.press("t b");
    assert!(person.row_line().contains("22,000 B"), "{}", person.row_line());
    person.press("t");
    assert_eq!(person.answer(), "counts again");
}

#[test]
fn rows_are_sorted_by_any_snapshot() {
    let mut person = series(120, 30);
    person.press("s");
    assert!(person.answer().starts_with("sorted by"), "{}", person.answer());
    person.press("s s s g");
    person.press("S S");
    assert!(person.pane(View::SERIES).len() > 3);
}

#[test]
fn one_snapshot_is_no_series() {
    let mut person = Person::exploring(program(20, 100), 100, 24);
    person.press("9");
    assert!(person.sees().contains("a series takes two snapshots and more"), "{}", person.sees());
}

#[test]
fn a_suspect_says_why_and_leads_to_its_holder() {
    let mut person = series(126, 34);
    person.press("0");
    let screen = person.sees();
    assert!(screen.contains("1 suspect of 3 snapshots"), "{screen}");
    assert!(
        person.row_line().contains("Entry") && screen.contains("all 20 → 120 → 220: grew at every step"),
        "{screen}"
    );
    person.press("enter");
    assert_eq!(person.answer(), "who holds 200 × Entry");
    assert!(person.row().contains("in Store @"), "{}", person.sees());
    person.press("tab i");
    assert!(person.sees().contains("evidence"), "{}", person.sees());
}

#[test]
fn what_speaks_for_a_suspect_stands_below_the_rows_on_the_smallest_usual_screen() {
    let mut person = series(80, 24);
    person.press("0");
    let screen = person.sees();
    let at = screen.lines().position(|line| line.starts_with("─ Evidence ")).expect("evidence");
    assert!(screen.lines().nth(at + 1).is_some_and(|line| line.contains("20 → 120 → 220: grew at every step")));
    assert!(screen.lines().nth(at + 3).is_some_and(|line| line.contains("100 % of those")), "{screen}");
    // Below the row too; and where its objects take the room, in fewer lines.
    person.press("l j j");
    let screen = person.sees();
    assert!(screen.contains("220: grew at every step; the last step") && !screen.contains("─ Evidence"), "{screen}");
    assert!(person.row_line().contains("Entry @"), "{screen}");
}

#[test]
fn what_holds_suspects_begins_at_one_place_in_all_rows() {
    let at = |count: usize| {
        let own = "r -f-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app.js:code
            f =context=> system+/+Context; system+/+Context $store$> Store[16]@1/5/1
            Store -list-> Array[16]; Store -all-> Object[16]";
        let mut all = vec![own.to_owned()];
        all.extend((0..count).map(|number| {
            format!("Array -[{number}]-> A#{number}[90]@1/7/1; Object -[{number}]-> LongestName#{number}[95]@1/9/1")
        }));
        Graph::new(&all.join("\n")).heap
    };
    let mut person = Person::given(&["1", "2"], 80, 24);
    person.loaded(1, at(220));
    person.press("0");
    person.loaded(0, at(20));
    let screen = person.sees();
    let holders: Vec<usize> =
        screen.lines().filter(|line| line.contains('×')).filter_map(|line| line.find("[…]")).collect();
    assert!(holders.len() == 2 && holders[0] == holders[1], "{screen}");
}

#[test]
fn who_took_three_snapshots_begins_with_what_grew() {
    let mut person = Person::given(&["1", "2", "3"], 80, 24);
    person.state.opens_with = Some(View::SERIES);
    person.loaded(2, program(220, 100));
    person.loaded(1, program(120, 100));
    assert_eq!(person.loads, [2, 1, 0]);
    person.loaded(0, program(20, 100));
    assert!(person.sees().contains("classes over 3 snapshots"), "{}", person.sees());
}

#[test]
fn one_snapshot_alone_says_that_it_shows_no_growth() {
    let mut person = Person::exploring(program(220, 10), 120, 34);
    person.press("0");
    let screen = person.sees();
    assert!(screen.contains("whether something grows needs a second snapshot"), "{screen}");
    assert!(person.row_line().contains("Entry"), "{screen}");
}

#[test]
fn a_healthy_heap_says_so() {
    let mut person = Person::exploring(program(3, 3), 100, 24);
    person.press("0");
    assert!(person.sees().contains("nothing stands out"), "{}", person.sees());
}

#[test]
fn the_summary_tells_how_many_suspects_there_are_and_no_row_moves() {
    let mut person = Person::new(100, 24);
    person.state.looks_ahead = true;
    person.patient = false;
    person.loaded(0, program(220, 10));
    while !person.sees().contains("1 suspect: 0") {
        assert!(person.work_waits(), "{}", person.sees());
        let before = person.sees();
        person.answer_all();
        if person.sees().contains("1 suspect: 0") && before.contains("Constructor") {
            let rows = |screen: &str| screen.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(rows(&before)[..8], rows(&person.sees())[..8]);
        }
    }
    assert_eq!(person.explorer().view, View::SUMMARY, "the first screen stays");
}

#[test]
fn esc_stops_what_a_view_waits_for_and_its_key_begins_anew() {
    let mut person = Person::exploring(program(220, 10), 120, 34);
    person.patient = false;
    person.press("0");
    assert!(person.sees().contains("looking for suspects"), "{}", person.sees());
    person.press("esc");
    assert!(person.sees().contains("stopped; 0 begins anew"), "{}", person.sees());
    person.answer_all();
    person.patient = true;
    person.press("0");
    assert!(person.row_line().contains("Entry"), "{}", person.sees());
}

#[test]
fn the_command_line_of_both_names_all_files() {
    let mut person = series(120, 30);
    person.press("D y c");
    assert_eq!(person.copied.as_deref(), Some("heapwalk series 1 2 3 --came-and-stayed"));
    person.press("0 y c");
    assert_eq!(person.copied.as_deref(), Some("heapwalk suspects 1 2 3"));
}
