//! Every view and state at every size, whole: one file for each in `snapshots/`, read by eye.

use super::{Person, comparing, many, timeline, whole};
use crate::error::{Error, FormatError};
use crate::heap::Event;
use crate::tui::message::Msg;
use crate::tui::widgets::cut::width;

const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 40), (200, 50)];

/// Holds the screen that a person comes to at each size.
fn check(name: &str, sizes: &[(u16, u16)], come: impl Fn(u16, u16) -> Person) {
    let mut all = String::new();
    for &(columns, lines) in sizes {
        let screen = come(columns, lines).screen();
        assert_eq!(screen.len(), lines as usize);
        assert!(screen.iter().all(|line| width(line) <= columns as usize), "{name} at {columns}×{lines}");
        all += &format!("{}\n{}\n", "=".repeat(columns as usize), screen.join("\n"));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, all);
    });
}

/// Somebody at the demo who has pressed some keys.
fn demo(keys: &str) -> impl Fn(u16, u16) -> Person {
    move |columns, lines| {
        let mut person = Person::at_demo(columns, lines);
        person.press(keys);
        // The answer to the last key would hide the hints.
        person.press("b b");
        person.state.notice = None;
        person
    }
}

fn then(come: impl Fn(u16, u16) -> Person, keys: &str) -> impl Fn(u16, u16) -> Person {
    move |columns, lines| {
        let mut person = come(columns, lines);
        person.press(keys);
        person
    }
}

#[test]
fn views() {
    check("summary", &SIZES, demo("j j"));
    check("summary-open", &SIZES, demo("/ =session enter j l l j"));
    check("containment", &SIZES, demo("3 l j"));
    check("dominators", &SIZES, demo("@ =210217 enter d"));
    check("dominators-by-class", &SIZES, demo("4 l t"));
    check("statistics", &SIZES, demo("5"));
    check("strings", &SIZES, demo("7 l j"));
    check("comparison", &SIZES, |columns, lines| {
        let mut person = comparing(columns, lines);
        person.press("2 L j");
        person.state.notice = None;
        person
    });
    check("allocation", &SIZES, |columns, lines| {
        let mut person = Person::exploring(whole(timeline()), columns, lines);
        person.press("6 > > . l");
        person.state.notice = None;
        person
    });
}

#[test]
fn panes_and_windows() {
    let some = &SIZES[1..3];
    check("retainers", &SIZES, demo("@ =75851 enter tab"));
    check("retainers-ignored", some, demo("@ =75851 enter tab j j x"));
    check("retainers-zoomed", some, demo("@ =75851 enter tab z"));
    check("details", &SIZES, then(demo("@ =75851 enter"), "i"));
    check("help", some, then(demo("j"), "?"));
    check("help-filtered", some, then(demo("j"), "? / =path"));
    check("palette", some, then(demo("j"), ": =ret"));
    check("copy", some, then(demo("@ =75851 enter"), "y"));
    check("scopes", some, then(demo("j"), "f"));
    check("marks", some, then(demo("@ =75851 enter m a 4 m b"), "'"));
    check("rows-above", some, then(demo("@ =210217 enter d"), "o"));
    check("whole-text", some, then(demo("/ ='(string) enter l l"), "v"));
    check("snapshots-to-choose", some, |columns, lines| {
        let mut person = comparing(columns, lines);
        person.press("w");
        person
    });
}

#[test]
fn states() {
    let some = &SIZES[..3];
    check("filter-typed", some, then(demo("j"), "/ =ses"));
    check("filter-finds-nothing", some, then(demo("j"), "/ =sesion7 enter"));
    check("filter-is-no-pattern", some, then(demo("j"), "/ =/("));
    check("find-typed", some, then(demo("3"), "/ =glob"));
    check("exact-bytes", &SIZES, then(demo("j"), "b"));
    check("scope-of-nothing", some, then(demo("j"), "f g"));
    check("no-second-snapshot", some, then(demo("j"), "2"));
    check("no-allocations", some, then(demo("j"), "6"));
    check("background-work", some, |columns, lines| {
        let mut person = Person::exploring(many(), columns, lines);
        person.patient = false;
        person.press("/ ='string enter l");
        person.hear(Msg::Tick(None));
        person
    });
    check("failed", some, |columns, lines| {
        let mut person = Person::new(columns, lines);
        let problem =
            FormatError::new("edges", 3364, "value 91 points past the last node").advise("is the file cut off?");
        person.hear(Msg::Load(0, Event::Failed(Error::Format(problem))));
        person
    });
    check("stopped", some, |columns, lines| {
        let heap = super::staged();
        let mut person = Person::new(columns, lines);
        person.hear(Msg::Load(0, Event::Ready(heap)));
        person.hear(Msg::Load(0, Event::Failed(Error::Cancelled)));
        person
    });
    check("before-retained-sizes", some, |columns, lines| {
        let heap = super::staged();
        let mut person = Person::new(columns, lines);
        person.hear(Msg::Load(0, Event::Ready(heap)));
        person.press("l j");
        person
    });
    check("too-small", &[(40, 10), (59, 16), (60, 15)], demo("j"));
}
