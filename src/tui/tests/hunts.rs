//! Hunts: from a question to who holds what, over paths, ignored retainers, dominators and sentences.

use super::{Person, demo, whole};
use crate::base::meter::Meter;
use crate::error::Error;
use crate::notation::Graph;
use crate::tui::message::Msg;
use crate::tui::state::focus::Focus;
use crate::tui::view::View;
use crate::view::tables::dominators::{Below, DominatedClasses};

/// The sentence above the Retainers.
fn why(person: &mut Person) -> String {
    let place = super::super::layout::areas(&person.state).retainers.and_then(|area| area.why);
    let place = place.expect("there is room for it");
    let lines = person.screen();
    let line = |y: u16| lines[y as usize].chars().take(place.width as usize).collect::<String>().trim().to_owned();
    (place.y..place.bottom()).map(line).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn go(person: &mut Person, id: u64) {
    person.press(&format!("@ ={id} enter"));
}

#[test]
fn the_leak_hunt_of_the_readme() {
    let mut person = Person::at_demo(100, 30);
    // Look: the largest of the program's own classes. Filter, open, next object.
    person.press("/ =session enter");
    assert_eq!(person.answer(), "2 of 165 classes; Esc clears the filter");
    person.press("j l l j");
    assert!(person.row().starts_with("Session @"), "{}", person.sees());
    // Read: the sentence names variable, property and key.
    let said = why(&mut person);
    assert!(said.starts_with("SessionStore.sessions (Map) holds it under key \""), "{said}");
    assert!(said.contains("the variable store of createVisitHandler()"), "{said}");
    // Check: the store is the current object, and what it dominates is the map.
    person.press("tab j j");
    assert!(person.row().starts_with("sessions in SessionStore @210215"));
    person.press("enter d");
    assert_eq!(person.row(), "SessionStore @210215");
    assert_eq!(person.explorer().view, View::DOMINATORS);
}

#[test]
fn the_first_screen_leads_to_the_closure_that_holds_the_sessions() {
    // Somebody who knows only DevTools: opens the largest own class, reads the line below.
    let mut person = Person::at_demo(160, 40);
    person.press("j j j j j j");
    assert!(person.row().starts_with("Session"), "{}", person.row());
    person.press("l l");
    assert!(why(&mut person).contains("the variable store of createVisitHandler() holds SessionStore"));
}

#[test]
fn the_timers_samples_are_held_by_its_callback() {
    let mut person = Person::at_demo(140, 40);
    go(&mut person, 74377);
    assert_eq!(
        why(&mut person),
        "the variable history of startStatistics() (Array) holds it at [0], used by takeSample() (server.js:171); \
         takeSample() is the callback of a timer"
    );
}

#[test]
fn listeners_that_nobody_took_off_are_found_from_their_pages() {
    let mut person = Person::at_demo(140, 40);
    person.press("/ =owner,forecast enter l l");
    assert!(
        why(&mut person).starts_with("the variable report of watchPrices() (server.js:148) holds it"),
        "{}",
        why(&mut person)
    );
    person.press("tab j j");
    assert!(person.row().contains("in Array @210241"), "{}", person.row());
    person.press("enter");
    assert_eq!(why(&mut person), "shop._events.price holds it, where shop is a variable of server.js");
}

#[test]
fn p_walks_paths_that_differ_and_says_which() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    let first = person.explorer().retainers.as_ref().expect("retainers").path.clone();
    person.press("p");
    let walk = person.explorer().walk.as_ref().expect("paths were found");
    assert!(walk.found.len() > 1);
    assert_ne!(person.explorer().retainers.as_ref().expect("retainers").path, first, "another path is open");
    assert!(person.answer().contains("references; p shows the next"), "{}", person.answer());
    assert!(person.sees().contains(" path "), "the line of the pane says which path");
    // Each path is another one, over a holder of its own, until the first comes again.
    let mut seen = vec![first];
    while person.explorer().walk.as_ref().expect("still walking").at != 0 {
        let path = person.explorer().retainers.as_ref().expect("retainers").path.clone();
        assert!(!seen.contains(&path), "path {} came twice", seen.len());
        seen.push(path);
        person.press("p");
    }
    let walk = person.explorer().walk.as_ref().expect("still walking");
    assert_eq!((walk.complete, walk.found.len()), (true, seen.len()));
    let holders: std::collections::HashSet<_> = walk.found.iter().map(|held| held.holder.1).collect();
    assert_eq!(holders.len(), seen.len());
}

#[test]
fn the_next_path_begins_under_the_cursor() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    person.press("p tab");
    let explorer = person.explorer();
    let pane = explorer.retainers.as_ref().map(|shown| &shown.pane).expect("retainers");
    assert!(pane.cursor > 0, "the cursor is where the paths part");
}

#[test]
fn paths_run_out_with_a_word() {
    let mut person = Person::exploring(whole(super::strings(&["only text"])), 100, 30);
    person.press("/ =string enter l l p");
    assert_eq!(person.answer(), "the only path to a root: 1 reference");
    person.press("p");
    assert_eq!(person.answer(), "the only path to a root: 1 reference");
}

#[test]
fn an_ignored_retainer_opens_the_next_way() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 210215);
    assert!(
        why(&mut person).starts_with("the variable store of createVisitHandler() holds it, "),
        "{}",
        why(&mut person)
    );
    // The function that holds the scope is left out.
    person.press("tab j x");
    let row = person.row();
    assert!(row.contains("handleVisit"), "{row}");
    assert!(person.sees().contains("1 ignored"), "{}", person.sees());
    assert!(person.answer().starts_with("ignored "), "{}", person.answer());
    assert!(
        person.answer().contains("(x: the reference): without this it goes: 67,654 objects"),
        "{}",
        person.answer()
    );
    assert!(person.row_line().contains("ignored"), "{}", person.row_line());
    person.press("X a");
    assert_eq!(person.answer(), "all retainers count again");
    assert!(
        why(&mut person).starts_with("the variable store of createVisitHandler() holds it, "),
        "{}",
        why(&mut person)
    );
}

#[test]
fn ignoring_all_ways_says_that_nothing_else_holds_it() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    // The map's table is the only holder of the session.
    person.press("tab g x");
    assert_eq!(why(&mut person), "nothing else holds it: without what is ignored it would be freed");
    assert!(person.answer().contains("without this it goes: "), "{}", person.answer());
    // The same key on the same row ignores the reference alone, then nothing.
    person.press("g x");
    assert_eq!(why(&mut person), "nothing else holds it: without what is ignored it would be freed");
    assert!(person.answer().starts_with("ignored the reference "), "{}", person.answer());
    person.press("g x");
    assert!(why(&mut person).starts_with("SessionStore.sessions (Map) holds it"));
    assert!(person.explorer().ignoring.now.is_none());
}

#[test]
fn ignored_retainers_stay_ignored_for_other_objects() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    person.press("tab g x");
    go(&mut person, 219263);
    assert_eq!(why(&mut person), "nothing else holds it: without what is ignored it would be freed");
    person.press("p");
    assert!(person.answer().starts_with("no path from a root"), "{}", person.answer());
}

#[test]
fn classes_of_the_dominator_tree_open_into_their_objects() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 210217);
    person.press("d t");
    assert_eq!(person.answer(), "one row a class; t shows single objects");
    assert!(person.sees().contains("Count"), "{}", person.sees());
    let first = person.row();
    person.press("l l");
    assert_ne!(person.row(), first);
    assert!(person.row().contains('@'), "below a class stand its objects: {}", person.row());
    person.press("s S t");
    assert_eq!(person.answer(), "single objects again");
    person.press("[");
    assert!(person.explorer().form(View::DOMINATORS) == 1, "back returns to the rows of classes");
}

#[test]
fn sums_of_a_class_in_the_dominator_tree_are_those_of_its_objects() {
    let heap = demo();
    let table = heap.find_id(211305).expect("the sessions' table");
    let meter = Meter::default();
    let classes = DominatedClasses::level(Below { heap: heap.clone(), by: Some(table), only: None }, &meter)
        .expect("nobody cancels");
    assert!(classes.rows.len() > 1);
    for &row in classes.rows.iter() {
        let objects = classes.table.below(row, &meter).expect("nobody cancels").expect("rows");
        let nodes: Vec<_> = objects.rows.iter().filter_map(|&row| objects.table.node(row)).collect();
        let sum: u64 = nodes.iter().filter_map(|&node| heap.retained_size(node)).sum();
        let record = classes.table.record(row);
        assert_eq!((&record["count"], &record["retainedSize"]), (&nodes.len().into(), &sum.into()));
    }
}

#[test]
fn what_an_object_reaches_is_more_than_it_retains() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    person.press("R");
    let answer = person.answer();
    assert!(answer.starts_with("Session @75851 reaches ") && answer.ends_with("(retained) is 1.9 kB"), "{answer}");
}

#[test]
fn an_answer_to_an_old_question_is_dropped() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    let answer = person.answer();
    let late = crate::tui::message::Outcome::Failed(Error::Usage("late".into()));
    person.hear(Msg::Done(77, late));
    assert_eq!(person.answer(), answer);
}

#[test]
fn cycles_weak_references_and_garbage_are_named() {
    let mut person = Person::at_demo(140, 40);
    go(&mut person, 152059);
    person.press("e c / =table enter l");
    assert!(person.sees().contains("  weak"), "{}", person.sees());
    // A function, its scope, and the function again.
    go(&mut person, 208315);
    person.press("r l l l l l l l l l l l l l l l");
    assert!(person.sees().contains("  cycle"), "{}", person.sees());
}

#[test]
fn retainers_of_a_row_in_the_retainers_can_be_followed_and_left() {
    let mut person = Person::at_demo(120, 40);
    go(&mut person, 75851);
    person.press("tab j");
    assert_eq!(person.explorer().focus, Focus::Retainers);
    person.press("r");
    assert!(person.sees().contains("Retainers of Map @210217"), "{}", person.sees());
    person.press("d");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    person.press("[");
    assert_eq!(person.row(), "Session @75851");
}

#[test]
fn what_a_root_refers_to_is_no_cycle_through_itself() {
    let mut person = Person::at_demo(120, 40);
    let heap = person.explorer().heap.clone();
    let is_held = |&node: &crate::base::ids::NodeIx| {
        heap.distance(node) == Some(1)
            && heap.name(node).starts_with(b"global")
            && heap.shown_retainers(node).count() > 0
    };
    let global = heap.nodes().find(is_held).expect("an object that the root refers to");
    go(&mut person, heap.id(global));
    assert_eq!(why(&mut person), "a root itself: the engine or the page holds it");
    person.press("p");
    assert_eq!(person.answer(), "a root itself: the engine or the page holds it");
}

/// An object at the end of a list of so many nodes.
fn at_the_end_of_a_list(length: usize) -> Person {
    let links = (1..length).map(|number| format!("Node#{} -next-> Node#{number}", number - 1));
    let graph = format!("r -app-> App; App -list-> Node#0; {}", links.collect::<Vec<_>>().join("; "));
    let mut person = Person::exploring(Graph::new(&graph).heap, 80, 24);
    go(&mut person, 2 * length as u64 + 1);
    person
}

fn retained_rows(person: &Person) -> usize {
    person.explorer().retainers.as_ref().expect("retainers").pane.len()
}

#[test]
fn links_that_repeat_are_one_row_of_the_retainers_and_the_root_is_in_sight() {
    let mut person = at_the_end_of_a_list(600);
    let screen = person.sees();
    assert!(screen.contains("▾   … 597 × next in Node @7"), "{screen}");
    assert!(screen.contains("list in App @3"), "the root's end is in sight: {screen}");
    assert_eq!(retained_rows(&person), 4);
    // The numbers of the row are those of the object at its end.
    let line = screen.lines().find(|line| line.contains("597 ×")).expect("the row").to_owned();
    assert!(line.contains("  3  "), "its distance: {line}");
    // All rows, as far as a tree can be deep; the cursor stays on its link.
    person.press("tab G");
    let end = person.row();
    person.press("e");
    assert_eq!(person.answer(), "the engine's own rows, nothing passed over; e: entries and folded links");
    assert!(retained_rows(&person) >= 400, "{}", person.sees());
    // So deep a row has its depth before it.
    assert!(person.row().ends_with(&end), "{}", person.sees());
    person.press("e");
    assert_eq!((retained_rows(&person), person.row()), (4, end));
}

#[test]
fn a_key_goes_to_the_end_of_the_path_at_the_root() {
    for keys in ["E", "e E", "tab e g E", "p E"] {
        let mut person = at_the_end_of_a_list(100);
        person.press(keys);
        assert!(person.row().contains("list in App @3"), "{keys}: {}", person.sees());
        assert_eq!(person.explorer().focus, Focus::Retainers);
        assert_eq!(person.answer(), "App @3, the root's end of a path of 100 references; g goes to its beginning");
    }
    let mut person = Person::at_demo(80, 24);
    person.press("E");
    assert_eq!(person.answer(), "choose an object first: l opens a class");
}

#[test]
fn what_is_ignored_is_no_way_as_long_as_there_is_another() {
    // The ignored holder is nearer to the root than the other one, also without the way through it.
    let graph = Graph::new("r -near-> Near; Near -held-> Target[640]; r -far-> Far; Far -to-> Box; Box -held-> Target");
    let mut person = Person::exploring(graph.heap, 80, 24);
    person.press("/ ='Target enter l l");
    assert!(why(&mut person).starts_with("Near.held holds it"), "{}", why(&mut person));
    person.press("tab x");
    assert!(why(&mut person).starts_with("Box.held holds it"), "{}", person.sees());
}

#[test]
fn an_ignored_row_deep_in_another_path_stays_in_sight() {
    let mut person = Person::at_demo(100, 40);
    // A row of the path that is open, far from its end: the nearest of the others opens, this one stays.
    person.press("@ =69013 enter tab p p");
    assert!(
        person.row().starts_with("product in {product, "),
        "where the path leaves the one before: {}",
        person.row()
    );
    person.press("j j");
    let path = person.explorer().retainers.as_ref().expect("an object").path.clone();
    let row = person.row();
    assert!(row.starts_with("cart in Session @"), "{row}");
    person.press("x");
    assert_eq!(person.row(), row);
    assert!(person.row_line().contains("ignored"), "{}", person.row_line());
    assert!(person.answer().contains("without this it stays"), "{}", person.answer());
    // A row beside the path: the path stays open.
    person.press("X a p p g j");
    let open = person.explorer().retainers.as_ref().expect("an object").path.clone();
    assert_eq!(open, path);
    let aside = person.row();
    person.press("x");
    assert_eq!(person.row(), aside);
    assert_eq!(person.explorer().retainers.as_ref().expect("an object").path, path);
    assert!(person.answer().contains("without this it stays"), "{}", person.answer());
    // Counted again, behind the other way to ignore it, the nearest way is looked for.
    person.press("x x");
    assert_ne!(person.explorer().retainers.as_ref().expect("an object").path, path);
}

#[test]
fn an_ignored_row_between_folded_links_stays_in_sight() {
    let mut text = String::from("r -a-> a; a -start-> Node#0; r -far-> far; far -deep-> deep; deep -er-> x\n");
    for at in 0..30 {
        text += &format!("Node#{at} -next-> Node#{}\n", at + 1);
    }
    let graph = Graph::new(&format!("{text}Node#30 -value-> x[8]"));
    let id = graph.heap.id(graph.node("x"));
    let mut person = Person::exploring(graph.heap, 100, 40);
    person.press(&format!("@ ={id} enter tab p j"));
    while !person.row().starts_with("start in a") {
        let before = person.row();
        person.press("j");
        assert_ne!(person.row(), before, "{}", person.sees());
    }
    assert!(person.sees().contains(" × next in Node"), "{}", person.sees());
    person.press("x");
    assert!(person.row().starts_with("start in a") && person.row_line().contains("ignored"), "{}", person.sees());
}
