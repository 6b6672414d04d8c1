//! `F`: a query is written, its results come into Search as they are found.

use super::{Person, comparing, demo, finish, many, series, staged};
use crate::heap::{Event, Wants};
use crate::tui::message::Msg;
use crate::tui::state::jobs::Slot;
use crate::tui::state::search::Stage;
use crate::tui::view::View;

/// Types a query with its spaces.
fn asks(person: &mut Person, query: &str) {
    person.press_key("F");
    for letter in query.chars() {
        match letter {
            ' ' => person.press_key("space"),
            letter => person.press_key(&letter.to_string()),
        }
    }
}

fn found(person: &Person) -> usize {
    person.pane(View::SEARCH).tree.roots().len()
}

fn stage(person: &Person) -> Stage {
    person.explorer().search.as_ref().expect("a query").stage
}

#[test]
fn a_query_is_asked_from_any_view_and_its_words_stay_to_be_changed() {
    let mut person = Person::at_demo(120, 30);
    person.press("5");
    asks(&mut person, "class:Session retained>1885");
    person.press("enter");
    assert_eq!(person.explorer().view, View::SEARCH);
    assert_eq!((found(&person), person.answer()), (51, "51 objects (4.1 kB) · retained 96.3 kB".into()));
    assert!(person.sees().contains("class:Session retained>1885"), "{}", person.sees());
    // The rows are objects: they open, sort, and have Retainers.
    person.press("s l j");
    assert!(person.row().contains("::"), "{}", person.row());
    person.press("F");
    assert!(person.answer().starts_with("F class:Session retained>1885"), "{}", person.answer());
    person.press("backspace backspace backspace backspace =2 =k =B enter");
    assert_eq!(found(&person), 0);
    assert!(person.sees().contains("no object is found by this query, F changes it"), "{}", person.sees());
    // Elsewhere the line is new; what was asked comes back.
    person.press("1 F up up");
    assert!(person.answer().starts_with("F class:Session retained>1885"), "{}", person.answer());
    person.press("down down");
    assert!(person.answer().starts_with("F    text, /pattern/"), "{}", person.answer());
    person.press("esc 8 /");
    assert!(person.answer().starts_with("/"), "the table is filtered like others: {}", person.answer());
}

#[test]
fn what_fits_stands_in_the_row_and_what_the_file_does_not_know_behind_the_answer() {
    let mut person = Person::at_demo(120, 30);
    asks(&mut person, "has:sessions");
    person.press("enter");
    assert!(person.row_line().contains("SessionStore @210215  property sessions"), "{}", person.row_line());
    asks(&mut person, " or text~nowhere");
    person.press("enter");
    assert!(person.told().contains("of 92 strings this file has the first 1,024"), "{}", person.told());
    person.press("F ctrl-u =class:Sesion enter");
    assert!(person.sees().contains("did you mean Session?"), "{}", person.sees());
    person.press("F ctrl-u =id:@999999999 enter");
    assert_eq!((stage(&person), person.answer().as_str()), (Stage::Failed, "no object has the id @999999999"));
}

#[test]
fn a_mistake_has_a_caret_while_it_is_written_and_keeps_the_line() {
    let mut person = Person::at_demo(80, 24);
    let above = |person: &mut Person| person.screen()[22].clone();
    asks(&mut person, "shallow>");
    // What is not finished yet is no mistake.
    assert!(!above(&mut person).contains('▼') && person.answer().contains("expected a size"), "{}", person.sees());
    person.press("=x space =a");
    assert_eq!(above(&mut person), "           ▼ expected a size, as in shallow>1kB");
    person.press("enter");
    assert!(person.answer().contains("F shallow>x a"), "{}", person.answer());
    assert_eq!(person.explorer().view, View::SUMMARY);
    // The caret stands at its letter wherever the line begins.
    person.press("home");
    for letter in ["a"; 40] {
        person.press(&format!("={letter}"));
    }
    person.press("space end");
    let (line, caret) = (person.screen()[23].clone(), above(&mut person));
    let column = |text: &str, mark: char| text.chars().position(|letter| letter == mark);
    assert_eq!(column(&line, 'x'), column(&caret, '▼'), "{line}\n{caret}");
    assert!(caret.contains("expected a size"), "{caret}");
    person.press("esc");
    assert!(!above(&mut person).contains('▼'), "{}", person.sees());
    person.press("F enter");
    assert!(person.explorer().search.is_none(), "nothing is asked by an empty line");
}

#[test]
fn tab_completes_words_classes_and_types() {
    let mut person = Person::at_demo(120, 30);
    asks(&mut person, "reta");
    person.press("tab");
    assert!(person.answer().starts_with("F retaine "), "what both begin with: {}", person.answer());
    person.press("tab");
    assert_eq!(person.answer(), "F retaine   retained>  retainers>");
    person.press("=d tab");
    assert!(person.answer().starts_with("F retained>"), "{}", person.answer());
    person.press("ctrl-u =c =l tab =sess tab");
    assert!(person.answer().starts_with("F class:Session"), "{}", person.answer());
    person.press("tab");
    assert_eq!(person.answer(), "F class:Session   Session  SessionStore");
    person.press("=S tab space =type:conc tab");
    assert!(person.answer().starts_with("F class:SessionStore type:\"concatenated string\""), "{}", person.answer());
    person.press("ctrl-u =xyzzy tab");
    assert_eq!(person.answer(), "F xyzzy   nothing begins with xyzzy");
}

#[test]
fn results_come_as_they_are_found_and_esc_keeps_what_is_there() {
    let mut person = Person::exploring(many(), 100, 24);
    person.patient = false;
    asks(&mut person, "type:string");
    person.press("enter");
    person.hear(Msg::Tick(None));
    assert!(person.sees().contains("… Esc stops"), "{}", person.sees());
    // The table that the parts come into, then the first of them.
    person.waiting.rotate_left(1);
    person.answer_some(2);
    let so_far = found_so_far(&person);
    assert!(so_far < 40_000 && stage(&person) == Stage::Running, "{so_far}");
    assert!(person.sees().contains("so far"), "{}", person.sees());
    // One may look at other things meanwhile, and at what is there.
    person.press("j 1 8");
    person.press("esc");
    let job = person.state.job(Slot::Search).expect("it ends with what it has found");
    assert!(job.meter.is_cancelled());
    person.answer_all();
    person.answer_all();
    assert!(person.state.jobs.is_empty() && found_so_far(&person) >= so_far);
}

fn found_so_far(person: &Person) -> usize {
    person.explorer().search.as_ref().map_or(0, |search| search.level.len())
}

#[test]
fn who_stops_before_anything_is_found_is_told_how_to_begin_anew() {
    let mut person = Person::exploring(many(), 100, 24);
    person.patient = false;
    asks(&mut person, "type:string");
    person.press("enter esc");
    person.answer_all();
    person.answer_all();
    assert_eq!((stage(&person), found_so_far(&person)), (Stage::Stopped, 0));
    assert!(person.sees().contains("stopped before anything was found; F Enter begins anew"), "{}", person.sees());
    person.patient = true;
    person.press("F enter");
    assert_eq!((stage(&person), found_so_far(&person)), (Stage::Done, 40_000));
    assert!(person.answer().starts_with("40,000 objects"), "{}", person.answer());
}

#[test]
fn a_query_waits_for_what_it_asks_for() {
    let heap = staged();
    let mut person = Person::new(100, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    asks(&mut person, "class:Session");
    person.press("enter");
    assert_eq!((stage(&person), found(&person)), (Stage::Done, 4000), "classes are there");
    asks(&mut person, " retained>1885");
    person.press("enter");
    assert_eq!((stage(&person), found(&person)), (Stage::Waiting, 0));
    assert!(person.sees().contains("still being computed"), "{}", person.sees());
    heap.compute(Wants::CLASS_ROWS, &Default::default()).expect("nobody cancels");
    person.hear(Msg::Load(0, Event::Progress));
    assert_eq!((stage(&person), found(&person)), (Stage::Done, 51));
    finish(&heap);
    person.hear(Msg::Load(0, Event::Complete));
    person.press("F ctrl-u =class:Session enter");
    let sizes = person.screen()[4].clone();
    assert!(sizes.contains("1.9 kB"), "by retained size: {sizes}");
}

#[test]
fn the_summary_is_limited_to_what_is_found() {
    let mut person = Person::at_demo(120, 30);
    asks(&mut person, "place:server.js:79");
    person.press("enter f");
    assert!(person.sees().contains("Objects found by place:server.js:79"), "{}", person.sees());
    person.press("enter");
    assert_eq!(person.explorer().view, View::SUMMARY);
    assert_eq!(person.classes(), 2, "{}", person.sees());
    assert!(person.sees().contains("Objects found by place:server.js:79 · 2 classes"), "{}", person.sees());
    person.press("y c");
    assert_eq!(person.copied.take().as_deref(), Some("heapwalk summary demo --scope query:place:server.js:79"));
    person.press("8 l j y c");
    assert_eq!(person.copied.as_deref(), Some("heapwalk find --depth 2 demo place:server.js:79"));
}

#[test]
fn all_that_is_found_is_a_set_whose_holders_are_told() {
    let mut person = Person::exploring(many(), 110, 34);
    asks(&mut person, "type:string");
    person.press("enter ctrl-a");
    assert!(person.answer().starts_with("these objects are selected: Retainers show"), "{}", person.answer());
    let shown = person.sees();
    assert!(shown.contains("─ Retainers of 40,000 × these objects"), "{shown}");
    assert!(shown.contains("[…] in Array"), "{shown}");
    // A few are selected row by row.
    person.press("esc / =2999 enter ctrl-a");
    assert!(person.answer().contains("rows are selected"), "{}", person.answer());
}

#[test]
fn each_snapshot_has_its_own_query() {
    let mut person = comparing(100, 30);
    asks(&mut person, "class:Session");
    person.press("enter");
    assert_eq!(found(&person), 4);
    person.press("w 1");
    assert!(person.explorer().search.is_none());
    person.press("8");
    assert!(person.sees().contains("F asks for what to find in the whole heap"), "{}", person.sees());
    person.press("F up enter");
    assert_eq!(found(&person), 1);
    person.press("w 2 8");
    assert_eq!(found(&person), 4);
}

#[test]
fn a_search_that_another_snapshot_has_ended_begins_anew() {
    let [before, after] = series();
    let mut person = Person::given(&["before", "after"], 100, 30);
    person.loaded(1, after);
    person.loaded(0, before);
    person.patient = false;
    asks(&mut person, "class:Session");
    person.press("enter w 1 w 2");
    assert_eq!(stage(&person), Stage::Running);
    for _ in 0..3 {
        person.answer_all();
    }
    person.press("8");
    for _ in 0..3 {
        person.answer_all();
    }
    assert_eq!((stage(&person), found(&person)), (Stage::Done, 4));
}

#[test]
fn pasted_text_is_put_into_the_line() {
    let mut person = Person::exploring(demo(), 100, 24);
    person.press("F");
    person.hear(Msg::Text { text: "class:Session shallow>x".into(), is_pasted: true });
    assert!(person.sees().contains("class:Session shallow>x") && person.sees().contains('▼'), "{}", person.sees());
    // A query may be written in several lines.
    person.press("ctrl-u");
    person.hear(Msg::Text { text: "class:Session\n  and shallow>1\n".into(), is_pasted: true });
    assert!(person.sees().contains("class:Session and shallow>1"), "{}", person.sees());
    assert!(person.told().contains("2 pasted lines, put into one"), "{}", person.told());
}

#[test]
fn what_is_left_out_of_a_pasted_text_is_told() {
    let mut person = Person::exploring(demo(), 80, 24);
    person.press("/");
    let paste = |person: &mut Person, text: &str| person.hear(Msg::Text { text: text.into(), is_pasted: true });
    paste(&mut person, "\r\n  Session\tStore\r\n\r\nSocket\r\nTimer");
    assert!(person.sees().contains("/ Session Store"), "{}", person.sees());
    assert!(person.told().contains("the first of 3 pasted lines; the others are left out"), "{}", person.told());
    person.press("ctrl-u");
    paste(&mut person, "Session\n");
    assert!(!person.told().contains("left out"), "the end of a line is no second one: {}", person.told());
    paste(&mut person, &"x".repeat(1001));
    assert!(person.told().contains("a line takes 1,000 letters"), "{}", person.told());
    // A line of a window too.
    person.press("esc ?");
    person.press("/");
    paste(&mut person, "copy\nfind");
    assert!(person.told().contains("the first of 2 pasted lines"), "{}", person.sees());
}

#[test]
fn a_text_is_found_in_statistics_and_in_the_picture_too() {
    let mut person = Person::exploring(demo(), 100, 30);
    person.press("5 / =js");
    assert!(
        person.sees().contains(" ▸ JS arrays") && person.sees().contains(" ▸ Other JS objects"),
        "{}",
        person.sees()
    );
    person.press("enter");
    assert_eq!(person.told(), "“js”: JS arrays, Other JS objects, Other non-JS objects");
    person.press("/ =nothing enter");
    assert!(person.told().starts_with("no kind of memory is called “nothing”"), "{}", person.told());
    person.press(": =picture enter");
    person.answer_all();
    person.press("/ =session enter");
    assert!(
        person.told().starts_with("“session” 1 of ") && person.told().contains("in the picture"),
        "{}",
        person.told()
    );
    let first = person.row();
    assert!(first.contains("Session"), "the rows below follow: {first}");
    person.press("n N");
    assert_eq!(person.row(), first);
    // What is no piece of the picture may be a row.
    person.press("g / =no-such-thing enter");
    assert!(person.told().contains("is not in the open rows"), "{}", person.told());
}
