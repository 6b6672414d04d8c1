//! Every view and state: whole at 80×24, one file for each in `snapshots/`, read by eye; what must hold at any size is
//! held at several.

use ratatui::layout::Rect;

use super::{Person, comparing, many, timeline, whole};
use crate::error::{Error, FormatError};
use crate::heap::Event;
use crate::tui::layout::{self, PaneArea};
use crate::tui::message::Msg;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::pane::TreePane;
use crate::view::cut::width;
use crate::view::text;

const SIZES: [(u16, u16); 7] = [(60, 10), (66, 13), (60, 16), (79, 23), (80, 24), (120, 40), (200, 50)];

/// Holds the screen that a person comes to, and what becomes of it in windows of other sizes.
fn check(name: &str, come: impl Fn(u16, u16) -> Person) {
    let mut person = come(80, 24);
    picture(name, person.sees());
    for (columns, lines) in SIZES {
        person.resize(columns, lines);
        hold(name, &mut person, columns, lines);
    }
    for (columns, lines) in [SIZES[0], SIZES[SIZES.len() - 1]] {
        hold(name, &mut come(columns, lines), columns, lines);
    }
}

fn picture(name: &str, screen: String) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, screen);
    });
}

/// What holds at any size.
pub(super) fn hold(name: &str, person: &mut Person, columns: u16, lines: u16) {
    let screen = person.screen();
    let at = format!("{name} at {columns}×{lines}:\n{}", screen.join("\n"));
    assert_eq!(screen.len(), lines as usize, "{at}");
    assert!(screen.iter().all(|line| width(line) <= columns as usize), "a line is too long: {at}");
    let state = &person.state;
    assert!(screen[0].contains(&state.snapshot().title), "nobody says which file it is: {at}");
    if state.prompt.is_none() && state.notice.is_none() && state.overlays.is_empty() {
        assert!(screen[lines as usize - 1].ends_with("q quit"), "nobody says how to leave: {at}");
    }
    let Some(explorer) = state.explorer() else { return };
    let areas = layout::areas(state);
    let part = |area: Option<Rect>| area.is_none_or(|area| area.right() <= columns && area.bottom() < lines);
    assert!(part(areas.main.as_ref().map(|area| area.rows)), "{at}");
    assert!(part(areas.retainers.as_ref().map(|area| area.rows)), "{at}");
    let seen = match explorer.focus {
        Focus::Main => areas.main.is_some(),
        Focus::Retainers => areas.retainers.is_some(),
    };
    assert!(seen, "the pane with the keys is hidden: {at}");
    if let Some(pane) = explorer.focused_pane().filter(|pane| pane.len() > 0) {
        assert!(pane.offset() < pane.rows.len(), "the row under the cursor is hidden: {at}");
        assert!(pane.top == 0 || pane.rows.len() == pane.height, "rows above are hidden for nothing: {at}");
    }
    // What is wrong with a query that is typed stands over the row above the line, and so does what is said in several.
    let is_said_over_rows = state
        .notice
        .as_ref()
        .is_some_and(|notice| width(&notice.text) + 2 > columns as usize || state.prompt.is_some());
    let is_covered = is_said_over_rows || state.prompt.as_ref().is_some_and(|prompt| prompt.mistake.is_some());
    if state.overlays.is_empty() && !is_covered {
        for (area, pane) in [(areas.main, explorer.main_pane()), (areas.retainers, explorer.pane(PaneId::Retainers))] {
            let Some((area, pane)) = area.zip(pane.filter(|pane| pane.len() > 0)) else { continue };
            hold_extent(&screen, &area, pane, &at);
        }
    }
}

/// The header of a pane says which rows are seen; marks stand where more are.
fn hold_extent(screen: &[String], area: &PaneArea, pane: &TreePane, at: &str) {
    let header = &screen[area.header.y as usize];
    let (first, last, all) = (pane.top + 1, pane.top + pane.rows.len(), pane.len());
    let number = |number: usize| text::count(number as u64);
    let seen = if first == last { number(first) } else { format!("{}–{}", number(first), number(last)) };
    assert!(header.contains(&format!("{seen} of {}", number(all))), "which rows are seen? {at}");
    let mark = |row: usize| screen[area.rows.y as usize + row - first].chars().next();
    assert_eq!(matches!(mark(first), Some('↑' | '↕')), first > 1, "rows above: {at}");
    assert_eq!(matches!(mark(last), Some('↓' | '↕')), last < all, "rows below: {at}");
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
    check("summary", demo("j j"));
    check("summary-open", demo("/ =session enter j l l j"));
    check("containment", demo("3 l j"));
    check("dominators", demo("@ =210217 enter d"));
    check("dominators-by-class", demo("4 l t"));
    check("statistics", demo("5"));
    check("strings", demo("7 l j"));
    check("search", demo("F =has:sessions space =or space =class:Session enter l j"));
    check("comparison", |columns, lines| {
        let mut person = comparing(columns, lines);
        person.press("2 L j");
        person.state.notice = None;
        person
    });
    check("allocation", |columns, lines| {
        let mut person = Person::exploring(whole(timeline()), columns, lines);
        person.press("6 > > . l");
        person.state.notice = None;
        person
    });
}

#[test]
fn panes_and_windows() {
    check("retainers", demo("@ =75851 enter tab"));
    check("retainers-ignored", demo("@ =75851 enter tab j j x"));
    check("retainers-zoomed", demo("@ =75851 enter tab z"));
    check("details", then(demo("@ =75851 enter"), "i"));
    check("help", then(demo("j"), "?"));
    check("help-filtered", then(demo("j"), "? / =path"));
    check("palette", then(demo("j"), ": =ret"));
    check("copy", then(demo("@ =75851 enter"), "y"));
    check("scopes", then(demo("j"), "f"));
    check("marks", then(demo("@ =75851 enter m a 4 m b"), "'"));
    check("rows-above", then(demo("@ =210217 enter d"), "o"));
    check("whole-text", then(demo("/ ='(string) enter l l"), "v"));
    check("snapshots-to-choose", |columns, lines| {
        let mut person = comparing(columns, lines);
        person.press("w");
        person
    });
}

#[test]
fn states() {
    check("filter-typed", then(demo("j"), "/ =ses"));
    check("filter-finds-nothing", then(demo("j"), "/ =sesion7 enter"));
    check("filter-is-no-pattern", then(demo("j"), "/ =/("));
    check("find-typed", then(demo("3"), "/ =glob"));
    check("query-typed", then(demo("j"), "F =class:Session space =retained>x space =or space =a"));
    check("query-finds-nothing", then(demo("j"), "F =text~nowhere enter"));
    check("nothing-searched-for", then(demo("j"), "8"));
    check("exact-bytes", then(demo("j"), "b"));
    check("scope-of-nothing", then(demo("j"), "f i"));
    check("no-second-snapshot", then(demo("j"), "2"));
    check("no-allocations", then(demo("j"), "6"));
    check("background-work", |columns, lines| {
        let mut person = Person::exploring(many(), columns, lines);
        person.press("/ ='string enter");
        person.patient = false;
        person.press("l");
        person.hear(Msg::Tick(None));
        person
    });
    check("failed", |columns, lines| {
        let mut person = Person::new(columns, lines);
        let problem =
            FormatError::new("edges", 3364, "value 91 points past the last node").advise("is the file cut off?");
        person.hear(Msg::Load(0, Event::Failed(Error::Format(problem))));
        person
    });
    // Nothing that these do computes what it has not got.
    let heap = super::staged();
    check("stopped", |columns, lines| {
        let mut person = Person::new(columns, lines);
        person.hear(Msg::Load(0, Event::Ready(heap.clone())));
        person.hear(Msg::Load(0, Event::Failed(Error::Cancelled)));
        person
    });
    check("before-retained-sizes", |columns, lines| {
        let mut person = Person::new(columns, lines);
        person.hear(Msg::Load(0, Event::Ready(heap.clone())));
        person.press("l j");
        person
    });
    let small = [(40, 10), (59, 16), (60, 9), (12, 5)].map(|(columns, lines)| demo("j")(columns, lines).sees());
    picture("too-small", small.join("\n"));
}

#[test]
fn a_window_that_is_too_small_says_so_in_whole_words() {
    for columns in 1..60 {
        for lines in 1..10 {
            let mut person = Person::new(columns, lines);
            let said = person.screen().join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            let whole = ["heapwalk needs 60×10; please enlarge the window", "needs 60×10", "60×10"];
            assert!(whole.contains(&said.as_str()) || columns < 5 && said.is_empty(), "{columns}×{lines}: {said:?}");
        }
    }
}

/// What can be read of each view in the smallest window.
#[test]
fn the_smallest_window_is_usable() {
    let mut person = Person::at_demo(60, 10);
    person.press("/ =session enter j l l");
    picture("smallest-summary", person.sees());
    person.press("tab");
    picture("smallest-retainers", person.sees());
    person.press("tab i");
    picture("smallest-details", person.sees());
    person.press("esc 5");
    picture("smallest-statistics", person.sees());
    person.press("3 l j f");
    picture("smallest-scopes", person.sees());
    let mut person = Person::new(60, 10);
    let problem = FormatError::new("edges", 3364, "value 91 points past the last node").advise("is the file cut off?");
    person.hear(Msg::Load(0, Event::Failed(Error::Format(problem))));
    picture("smallest-failed", person.sees());
    let mut person = Person::new(60, 10);
    person.hear(Msg::Tick(Some(super::loading::reading())));
    picture("smallest-loading", person.sees());
    let mut person = Person::at_demo(70, 16);
    person.press("/ =session enter j l l");
    picture("low-summary", person.sees());
}
