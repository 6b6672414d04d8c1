//! Who holds all of these: rows that stand for many objects, rows that are selected, and what would go.

use super::{Person, series};
use crate::heap::Event;
use crate::notation::Graph;
use crate::tui::message::Msg;

/// Two classes in one Map, one of them held once more.
fn shop() -> Person {
    let entries: Vec<String> = (0..4)
        .map(|each| {
            let table = format!("t =10{each}=> Session#{each}[100]");
            if each == 0 { format!("{table}; Other -last-> Session#0") } else { table }
        })
        .collect();
    let graph = format!(
        "r -shop-> Shop; Shop -sessions-> Map; Map =table=> t:array; {}; Shop -other-> Other; t =200=> Cart[50]",
        entries.join("; ")
    );
    Person::exploring(Graph::new(&graph).heap, 110, 34)
}

fn retainers(person: &mut Person) -> String {
    person.sees().split("─ Retainers").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_class_shows_who_holds_all_of_it() {
    let mut person = shop();
    person.press("/ ='Session enter");
    let shown = retainers(&mut person);
    assert!(shown.starts_with(" of 4 × Session"), "{shown}");
    assert!(shown.contains("Shop.sessions (Map) holds each of the 4 as a value; also 1 by last in Other"), "{shown}");
    assert!(shown.contains("▾ entry of sessions in Shop @3"), "opened by itself: {shown}");
    // Objects, percent, only, holders.
    let row = shown.lines().find(|line| line.contains("entry of sessions")).expect("a row").to_owned();
    let numbers: Vec<&str> = row.split_whitespace().rev().take(7).collect();
    assert!(row.contains(" 100 %") && numbers.contains(&"3"), "three of four are held by nothing else: {row}");
    person.press("r");
    assert_eq!(person.answer(), "who holds 4 × Session");
    person.press("e");
    assert!(retainers(&mut person).contains("(slot) in t"), "{}", person.sees());
    person.press("e");
    assert!(retainers(&mut person).contains("entry of sessions in Shop"), "{}", person.sees());
}

#[test]
fn the_references_of_a_row_can_be_cut_and_what_goes_is_said() {
    let mut person = shop();
    person.press("/ ='Session enter tab x");
    let said = person.told().to_owned();
    assert!(said.starts_with("ignored entry of sessions in Shop @3"), "{said}");
    assert!(said.contains("(x: the holders): without this 3 of 4 go"), "{said}");
    let shown = retainers(&mut person);
    assert!(shown.contains("no root reaches 3 of them") && shown.contains("last in Other"), "{shown}");
    // The same key at once: the holder with everything that it holds, then nothing.
    person.press("x");
    assert!(person.told().contains("without this 4 of 4 go"), "{}", person.told());
    person.press("x");
    assert_eq!(person.answer(), "all retainers count again");
    assert!(retainers(&mut person).contains("entry of sessions in Shop"), "{}", person.sees());
}

#[test]
fn what_is_ignored_is_a_list_with_the_objects_that_would_go_and_patterns() {
    let mut person = shop();
    person.press("/ ='Session enter tab X p");
    person.press("=sessions space =in space =Shop enter");
    assert!(person.answer().starts_with("1 ignored: without this 3 of 4 go"), "{}", person.answer());
    person.press("X");
    assert!(person.sees().contains("sessions in Shop") && person.sees().contains("Objects that would go"));
    person.press("o");
    assert!(person.sees().contains("Objects that would go · "), "{}", person.sees());
    assert!(person.sees().contains("Cart") && !person.sees().contains("▸ Other"), "{}", person.sees());
    person.press("X a");
    assert_eq!(person.answer(), "all retainers count again");
    person.press("X p =nothing enter");
    assert!(person.answer().contains("no class is named nothing"), "{}", person.answer());
}

#[test]
fn selected_rows_are_one_set_until_esc() {
    let mut person = shop();
    person.press("/ =Session|Cart home =/ end =/ enter M j M");
    assert_eq!(person.answer(), "2 rows are selected: Retainers show who holds all of them; Esc clears");
    let shown = retainers(&mut person);
    assert!(shown.starts_with(" of 5 × Session, Cart") || shown.starts_with(" of 5 × Cart, Session"), "{shown}");
    assert!(person.sees().contains("●▸ Session"), "{}", person.sees());
    // It stays whatever the cursor does.
    person.press("k");
    assert!(retainers(&mut person).contains(" of 5 × "), "{}", person.sees());
    person.press("esc");
    assert_eq!(person.answer(), "no row is selected any more");
    assert!(!retainers(&mut person).contains(" of 5 × "), "{}", person.sees());
    person.press("ctrl-a");
    assert!(retainers(&mut person).contains(" of 5 × "), "{}", person.sees());
}

#[test]
fn new_objects_of_a_comparison_are_a_set() {
    let [before, after] = series();
    let mut person = Person::given(&["before", "after"], 110, 34);
    person.loaded(1, after);
    person.loaded(0, before);
    person.press("2 / ='Session enter");
    let shown = retainers(&mut person);
    assert!(shown.starts_with(" of 3 × Session"), "the new ones: {shown}");
    assert!(shown.contains("[…] of sessions in Shop"), "{shown}");
}

#[test]
fn an_order_by_what_each_row_holds_alone_waits_for_all_rows_and_says_so() {
    // More holders than rows in sight: all have one object, and none, one or two more that nobody else has.
    let holder = |number: usize| {
        let own = (0..number % 3).map(|own| format!("; H{number} -held-> Item#{number}{own}[8]"));
        format!("r -h{number}-> H{number}; H{number} -held-> Item#x[8]{}", own.collect::<String>())
    };
    let graph = Graph::new(&(10..50).map(holder).collect::<Vec<_>>().join("; "));
    let mut person = Person::exploring(graph.heap, 120, 34);
    person.press("/ ='Item enter tab");
    person.patient = false;
    person.press("s s");
    assert_eq!(person.answer(), "sorted by only, largest first, once every row is counted");
    person.patient = true;
    person.answer_all();
    let shown = retainers(&mut person);
    assert!(shown.contains("Only ▼"), "{shown}");
    let rows = shown.lines().filter(|line| line.contains("▸ held in H"));
    // Only, holders, then a size of two words and its part.
    let only: Vec<u64> =
        rows.map(|row| row.split_whitespace().rev().nth(5).unwrap_or_default().parse().unwrap_or(99)).collect();
    assert!(only.len() > 3 && only.iter().all(|&only| only == 2), "thirteen hold two: {shown}");
}

#[test]
fn a_row_of_many_says_what_its_retainers_wait_for() {
    let mut person = shop();
    person.patient = false;
    person.press("j");
    let shown = retainers(&mut person);
    assert!(shown.contains("who holds all of these is being computed…"), "{shown}");
    person.answer_all();
    person.patient = true;
    person.answer_all();
    assert!(!retainers(&mut person).contains("being computed"), "{}", person.sees());
    let heap = super::staged();
    let mut person = Person::new(110, 34);
    person.hear(Msg::Load(0, Event::Ready(heap)));
    person.rest();
    let shown = retainers(&mut person);
    assert!(shown.contains("computed") && !shown.contains("a class has no retainers"), "{shown}");
}

#[test]
fn each_leak_of_the_demo_shows_its_holder_opened_by_itself() {
    // What `tests/fixtures/demo/README.md` says has been planted: the class, a row that is open, of how many objects.
    let planted = [
        ("Session", "entry of sessions in SessionStore", 4_000),
        ("{owner", "[…] of price in {price}", 160),
        ("{at", "[…] of variable history of startStatistics()", 400),
        ("{entry", "[…] of variable auditLog of server.js", 400),
        ("(sliced", "entry of sessions in SessionStore", 4_000),
    ];
    for (class, holder, least) in planted {
        let mut person = Person::at_demo(150, 60);
        person.press(&format!("/ ='{class} enter"));
        if class == "Session" {
            // The store comes first: it retains more.
            person.press("j");
        }
        let shown = retainers(&mut person);
        let row = shown.lines().find(|line| line.contains(holder));
        let row = row.unwrap_or_else(|| panic!("{class} is held by {holder}: {shown}"));
        assert!(row.trim_start_matches(['↓', ' ']).starts_with('▾'), "{class}: {row}");
        let objects = row.split("  ").find_map(|word| word.trim().replace(',', "").parse::<u64>().ok());
        assert!(objects.is_some_and(|objects| objects >= least), "{class}: {row}");
    }
}

#[test]
fn a_row_without_which_more_would_go_than_it_leads_to_says_so() {
    let text = "r -one-> Box#1[8]; Box#1 -first-> Item#1[900]; Item#1 -rest-> Rest[8]; Rest -second-> Item#2[900]
        r -two-> Box#2[8]; Box#2 -first-> Item#3[900]";
    let mut person = Person::exploring(Graph::new(text).heap, 80, 24);
    person.press("/ I t e m enter");
    let screen = person.sees();
    let row = screen.lines().find(|line| line.contains("first in Box ×2")).expect("a row of holders").to_owned();
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert!(cells.ends_with(&["2", "67", "%", "3"]), "{screen}");
    assert!(screen.contains("Only > Objects: others go along"), "{screen}");
    person.press("tab i");
    assert!(person.sees().contains("others of the set go with what the row holds"), "{}", person.sees());
}
