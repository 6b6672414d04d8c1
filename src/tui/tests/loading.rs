//! From the first frame to the last number.

use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{DEMO, Person, finish, staged, whole};
use crate::error::{Error, FormatError};
use crate::heap::{Event, Input, LoadOptions, Product, Wants};
use crate::input::Facts;
use crate::tui::event_loop::{Around, Loop, Outside};
use crate::tui::key::Key;
use crate::tui::message::{Exit, Msg};
use crate::tui::state::State;
use crate::tui::state::focus::PaneId;
use crate::tui::state::jobs::{Job, Slot};
use crate::tui::state::progress::Progress;
use crate::tui::state::snapshot::{Load, Snapshot};
use crate::tui::theme::{Palette, Theme};
use crate::tui::view::View;
use crate::tui::worker::Workers;
use crate::view::spec::Sort;

#[test]
fn the_first_frame_needs_nothing() {
    let mut person = Person::new(80, 24);
    let screen = person.sees();
    assert!(
        screen.contains("demo") && screen.contains("loading…") && screen.contains("Esc stop  / filter  q quit"),
        "{screen}"
    );
}

/// A file of a gigabyte, three fifths of which are read.
pub(super) fn reading() -> Progress {
    Progress {
        done: 634_000_000,
        total: 1_040_000_000,
        elapsed: Duration::from_millis(1040),
        nodes: 8_123_456,
        edges: 0,
        facts: Facts {
            producer: "Node 24 or 26 (V8 13 or 14), or Chromium 131".into(),
            claimed_nodes: 13_274_000,
            claimed_edges: 45_210_000,
        },
        running: vec!["nodes"],
        finished: Vec::new(),
    }
}

/// The same file while its classes and dominators are computed.
fn computing() -> Progress {
    let finished = [("nodes", 1700), ("edges", 2350), ("strings", 120), ("names", 310), ("shallow sizes", 95)];
    Progress {
        done: 1_040_000_000,
        nodes: 13_274_000,
        edges: 45_210_000,
        facts: Facts { producer: "Node 24 (V8 13)".into(), ..reading().facts },
        running: vec!["depth-first search", "classes"],
        finished: finished.map(|(name, time)| (name, Duration::from_millis(time))).to_vec(),
        ..reading()
    }
}

#[test]
fn loading_at_80_by_24() {
    let mut person = Person::new(80, 24);
    person.hear(Msg::Tick(Some(reading())));
    insta::assert_snapshot!(person.sees(), @"
    demo                                           nodes  61 %  610 MB/s  1 s left
    1 Sum  2 Comp  3 Cont  4 Dom  5 Stat  6 Alloc  7 Str  8 Find  9 Ser  0 Sus


      reading      ███████████████▉──────────   61 %   nodes 8.1 M · edges 0
      written by   Node 24 or 26 (V8 13 or 14), or Chromium 131
      header says  13.3 M nodes · 45.2 M edges

      for the Summary                     for the rest
      nodes               now             depth-first search  waiting
      edges               waiting         predecessors        waiting
      strings             waiting         dominators          waiting
      names               waiting         retained sizes      waiting
      DOM state           waiting         dominator tree      waiting
      shallow sizes       waiting         distances           waiting
      classes             waiting         retainers           waiting
      scripts             waiting         reachable           waiting
                                          checks              waiting





    Esc stop  / filter  q quit
    ");
}

#[test]
fn loading_at_120_by_40() {
    let mut person = Person::new(120, 40);
    person.hear(Msg::Tick(Some(computing())));
    insta::assert_snapshot!(person.sees(), @"
    demo                                                                                  computing classes… 14 % ━───────
    1 Summary  2 Compare  3 Contain  4 Dominators  5 Stats  6 Alloc  7 Strings  8 Search  9 Series  0 Suspects


      reading      ████████████████████████████████████████████████████████████  100 %   nodes 13.3 M · edges 45.2 M
      written by   Node 24 (V8 13)
      header says  13.3 M nodes · 45.2 M edges

      for the Summary                     for the rest
      nodes               1.70 s          depth-first search  now
      edges               2.35 s          predecessors        waiting
      strings             0.12 s          dominators          waiting
      names               0.31 s          retained sizes      waiting
      DOM state           waiting         dominator tree      waiting
      shallow sizes       0.10 s          distances           waiting
      classes             now             retainers           waiting
      scripts             waiting         reachable           waiting
                                          checks              waiting





















    Esc stop  / filter  q quit
    ");
}

#[test]
fn loading_at_60_by_16() {
    let mut person = Person::new(60, 16);
    person.hear(Msg::Tick(Some(computing())));
    insta::assert_snapshot!(person.sees(), @"
    demo                               computing classes… 14 %
    1 Sum 2 Com 3 Con 4 Dom 5 Sta 6 All 7 Str 8 Fin 9 Ser 0 Sus

      reading      ██████  100 %   nodes 13.3 M · edges 45.2 M
      written by   Node 24 (V8 13)
      header says  13.3 M nodes · 45.2 M edges

      nodes               1.70 s  depth-first search  now
      edges               2.35 s  predecessors        waiting
      strings             0.12 s  dominators          waiting
      names               0.31 s  retained sizes      waiting
      DOM state           waiting dominator tree      waiting
      shallow sizes       0.10 s  distances           waiting
      classes             now     retainers           waiting
      scripts             waiting reachable           waiting
    Esc stop  / filter  q quit
    ");
}

#[test]
fn nothing_moves_while_loading() {
    let place = |screen: &[String], text: &str| {
        // All but the title.
        let found = screen.iter().enumerate().skip(1).find_map(|(y, line)| Some((y, line.find(text)?)));
        found.unwrap_or_else(|| panic!("{text} is not there: {screen:#?}"))
    };
    let mut person = Person::new(80, 24);
    person.hear(Msg::Tick(Some(Progress::default())));
    let first = person.screen();
    for progress in [reading(), computing()] {
        person.hear(Msg::Tick(Some(progress)));
        let now = person.screen();
        for name in ["reading", "strings", "classes", "depth-first search", "retained sizes"] {
            assert_eq!(place(&now, name), place(&first, name));
        }
    }
    person.press("j");
    assert!(person.answer().contains("still loading"));
}

#[test]
fn what_is_not_known_is_not_said() {
    let mut person = Person::new(80, 24);
    // A pipe of Hermes: no length, and no counts in the header.
    let facts = Facts { producer: "Hermes 0.8 to 0.11".into(), ..Facts::default() };
    person.hear(Msg::Tick(Some(Progress { total: 0, facts, ..reading() })));
    let screen = person.sees();
    assert!(screen.contains("nodes  634 MB  610 MB/s") && !screen.contains("left"), "{screen}");
    assert!(screen.contains("written by   Hermes 0.8 to 0.11") && !screen.contains("header says"), "{screen}");
}

#[test]
fn the_title_says_what_is_computed_and_how_much_is_done() {
    let heap = staged();
    let mut person = Person::new(120, 40);
    person.hear(Msg::Load(0, Event::Ready(heap)));
    let title = |person: &mut Person| person.screen().remove(0);
    assert!(title(&mut person).ends_with("computing…"), "{}", title(&mut person));
    person.hear(Msg::Tick(Some(computing())));
    assert!(title(&mut person).ends_with("computing classes… 14 % ━───────"), "{}", title(&mut person));
    person.resize(80, 24);
    assert!(title(&mut person).ends_with("computing classes… 14 %"), "{}", title(&mut person));
    person.hear(Msg::Load(0, Event::Complete));
    assert!(!title(&mut person).contains("computing"));
}

#[test]
fn a_failure_says_what_and_where_and_what_to_do() {
    let mut person = Person::new(80, 24);
    let problem = FormatError::new("edges", 3364, "value 91 points past the last node").advise("is the file cut off?");
    person.hear(Msg::Load(0, Event::Failed(Error::Format(problem))));
    let screen = person.sees();
    assert!(screen.contains("value 91 points past the last node"), "{screen}");
    assert!(screen.contains("demo, section edges, byte 3,364"), "{screen}");
    assert!(screen.contains("is the file cut off? — q quits"), "{screen}");
    person.press("q");
    assert_eq!(person.exit, Some(Exit::Done));
}

#[test]
fn what_nobody_has_touched_is_sorted_when_retained_sizes_arrive() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    let screen = person.sees();
    assert!(screen.contains("Shallow size ▼") && screen.contains("…"), "{screen}");
    finish(&heap);
    person.hear(Msg::Load(0, Event::Progress));
    person.hear(Msg::Load(0, Event::Complete));
    assert_eq!(person.summary().tree.sort(), Sort::BY_RETAINED);
    assert_eq!(person.summary().cursor, 0);
    assert!(person.row().starts_with("Function"), "{}", person.sees());
}

#[test]
fn numbers_are_all_there_before_what_is_odd_about_the_file_has_been_looked_for() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    let numbers = Wants::ALL.without(Wants::of(&[Product::LateWarnings]));
    heap.compute(numbers, &Default::default()).expect("nobody cancels");
    person.hear(Msg::Load(0, Event::Progress));
    assert_eq!(person.summary().tree.sort(), Sort::BY_RETAINED);
    // No numbers come with the last step.
    finish(&heap);
    person.hear(Msg::Load(0, Event::Complete));
    person.rest();
    assert!(person.sees().contains("Held by"), "{}", person.sees());
}

#[test]
fn what_somebody_has_touched_stays_when_retained_sizes_arrive() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    person.press("j j j l ctrl-d ctrl-d j j");
    person.press("s");
    assert_eq!(
        person.answer(),
        "sorted by name, smallest first",
        "no column is sorted by before its numbers are there"
    );
    person.press("s s");
    let names = |person: &mut Person| -> Vec<String> {
        person.screen()[4..15].iter().map(|line| line.chars().take(30).collect()).collect()
    };
    let (before, row) = (names(&mut person), person.row());
    finish(&heap);
    person.hear(Msg::Load(0, Event::Progress));
    person.hear(Msg::Load(0, Event::Complete));
    assert_eq!(names(&mut person), before, "no row has moved");
    assert_eq!(person.row(), row);
    assert_eq!(person.answer(), "retained sizes are there: s sorts by them");
    assert!(!person.sees().contains(" … "), "the cells have filled in: {}", person.sees());
    person.press("s");
    assert_eq!(person.row(), row, "the cursor follows its row");
    assert_eq!(person.answer(), "sorted by retained size, largest first");
}

#[test]
fn retainers_appear_once_they_are_known() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    person.press("l j");
    assert!(person.sees().contains("retainers are being computed…"), "{}", person.sees());
    finish(&heap);
    person.hear(Msg::Load(0, Event::Progress));
    assert!(person.sees().contains("Retainers of"), "{}", person.sees());
}

#[test]
fn who_reads_retainers_is_not_disturbed_by_retained_sizes() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    let marks = Wants::of(&[Product::Distances, Product::Retainers, Product::Queriable]);
    heap.compute(marks, &Default::default()).expect("nobody cancels");
    person.hear(Msg::Load(0, Event::Progress));
    person.press("3 tab");
    let pane =
        |person: &Person| person.explorer().pane(PaneId::Retainers).map(|pane| (pane.root, pane.cursor, pane.len()));
    let before = pane(&person);
    assert!(before.is_some());
    finish(&heap);
    person.hear(Msg::Load(0, Event::Progress));
    person.hear(Msg::Load(0, Event::Complete));
    assert!(person.explorer().complete);
    assert_eq!(pane(&person), before);
}

#[test]
fn escape_stops_the_work_and_keeps_what_is_ready() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap)));
    person.press("esc");
    assert!(person.cancelled);
    person.hear(Msg::Load(0, Event::Failed(Error::Cancelled)));
    assert_eq!(person.state.load(), Load::Stopped);
    assert!(person.answer().starts_with("stopped"));
    person.press("s l 4");
    assert!(person.sees().contains("dominators were not computed: loading was stopped"), "{}", person.sees());

    let mut person = Person::new(80, 24);
    person.press("esc");
    assert!(!person.cancelled, "{}", person.sees());
    assert_eq!(person.answer(), "Esc again stops loading; nothing is ready yet that could be kept");
    person.press("j esc");
    assert!(!person.cancelled, "another key takes it back: {}", person.sees());
    person.press("esc");
    assert!(person.cancelled);
    person.hear(Msg::Load(0, Event::Failed(Error::Cancelled)));
    assert!(person.sees().contains("stopped before anything could be shown"));
    assert!(person.sees().contains("Ctrl-r loads it again"), "{}", person.sees());
    person.state.notice = None;
    assert_eq!(person.answer(), "Ctrl-r load again  q quit");
    person.press("ctrl-r");
    assert_eq!(person.loads, [0, 0]);
    person.loaded(0, crate::testing::demo());
    assert!(person.sees().contains("All objects · 165 classes"), "{}", person.sees());
}

#[test]
fn what_is_typed_before_the_table_filters_it() {
    for (keys, prompt) in [("/ =session", true), ("/ =session enter", false)] {
        let mut person = Person::new(80, 24);
        person.press(keys);
        if !prompt {
            assert_eq!(person.answer(), "“session” filters the table once it is there");
        }
        person.loaded(0, crate::testing::demo());
        assert_eq!(person.classes(), 2, "{}", person.sees());
        assert_eq!(person.state.prompt.is_some(), prompt);
    }
}

#[test]
fn a_level_that_is_being_opened_does_not_begin_anew_when_numbers_arrive() {
    let heap = staged();
    let mut person = Person::new(80, 24);
    person.hear(Msg::Load(0, Event::Ready(heap.clone())));
    person.patient = false;
    person.press("L");
    let job = |person: &Person| person.state.change_of(PaneId::Main(View::SUMMARY)).map(|work| work.opens_level());
    let is_level = |job: &&Job| job.slot == Slot::Change(PaneId::Main(View::SUMMARY));
    let number = person.state.jobs.iter().find(is_level).map(|job| job.number);
    assert_eq!(job(&person), Some(true));
    finish(&heap);
    person.hear(Msg::Load(0, Event::Progress));
    // The sums arrive while the level is still being opened.
    let (sums, level): (Vec<_>, Vec<_>) =
        std::mem::take(&mut person.waiting).into_iter().partition(|(task, ..)| Some(*task) != number);
    person.waiting = sums;
    person.answer_all();
    assert!(person.state.jobs.iter().any(|job| Some(job.number) == number), "it goes on");
    person.waiting = level;
    person.answer_all();
    person.answer_all();
    person.hear(Msg::Load(0, Event::Complete));
    person.answer_all();
    assert!(person.summary().len() > 100_000, "{}", person.sees());
    assert!(!person.sees().contains(" … "), "the numbers have come: {}", person.sees());
}

/// A world without a shell, a clipboard or an answer.
pub(super) struct Nowhere;

impl Outside for Nowhere {
    fn suspend(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> std::io::Result<()> {
        Ok(())
    }

    fn ask_background(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn run_loop(keys: &[&str], close: bool) -> (Result<Exit, Error>, State) {
    let (sender, inputs) = crossbeam_channel::bounded(64);
    for key in keys {
        sender.send(Msg::Key(Key::parse(key).unwrap())).unwrap();
    }
    let sender = (!close).then_some(sender);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut state = State::new(vec![Snapshot::new("demo".into(), "demo".into())], terminal.size().unwrap());
    let options = LoadOptions::new(Input::Bundled(DEMO), Default::default());
    let (look, theme) = (super::PLAIN, Theme::new(super::PLAIN, Palette::Dark));
    let mut explorer = Loop {
        terminal: &mut terminal,
        theme,
        look,
        loads: vec![options],
        loading: None,
        inputs: &inputs,
        outside: &mut Nowhere,
    };
    let exit = explorer.run(&mut state);
    drop(sender);
    (exit, state)
}

#[test]
fn the_loop_ends_with_q_with_control_c_and_with_its_inputs() {
    assert!(matches!(run_loop(&["j", "q"], false).0, Ok(Exit::Done)));
    assert!(matches!(run_loop(&["ctrl-z", "ctrl-l", "ctrl-c"], false).0, Ok(Exit::Interrupted)));
    assert!(matches!(run_loop(&["j"], true).0, Ok(Exit::Done)));
}

#[test]
fn letters_that_wait_for_a_line_are_one_text_and_a_flood_of_keys_is_one_word() {
    let (sender, inputs) = crossbeam_channel::unbounded();
    let mut around = Around::new(Workers::new(crossbeam_channel::bounded(1).0), crossbeam_channel::never());
    let mut person = Person::at_demo(80, 24);
    let key = |text: &str| Msg::Key(Key::parse(text).expect("a key"));
    // At the table each is a key of its own.
    sender.send(key("j")).expect("room");
    assert!(matches!(around.joined(key("k"), &inputs, &person.state), Msg::Key(_)));
    inputs.recv().expect("it still waits");
    person.press("/");
    for letter in ["e", "s", "s", "enter", "x"] {
        sender.send(key(letter)).expect("room");
    }
    let text = around.joined(key("S"), &inputs, &person.state);
    assert!(matches!(&text, Msg::Text { text, is_pasted: false, .. } if text == "Sess"), "{text:?}");
    person.hear(text);
    assert_eq!(person.changes(), 0, "the rows have come");
    assert!(person.sees().contains("/ Sess"), "{}", person.sees());
    assert!(
        matches!(around.waiting(&inputs, &person.state, None), Some(msg) if format!("{msg:?}") == format!("{:?}", key("enter")))
    );
    person.press("esc");
    for _ in 0..999 {
        sender.send(key("j")).expect("room");
    }
    sender.send(key("ctrl-c")).expect("room");
    for _ in 0..200 {
        sender.send(key("j")).expect("room");
    }
    let flood = around.joined(key("j"), &inputs, &person.state);
    assert!(matches!(flood, Msg::Flood(1001)), "{flood:?}");
    person.hear(flood);
    assert_eq!(person.answer(), "1,001 keys came faster than anybody types: they are not taken");
    let next = around.waiting(&inputs, &person.state, None).expect("a key");
    let next = around.joined(next, &inputs, &person.state);
    assert_eq!(format!("{next:?}"), format!("{:?}", key("ctrl-c")), "whoever wants to leave does");
}

#[test]
fn what_is_odd_about_a_file_is_told_when_it_is_found() {
    let text = String::from_utf8(super::strings(&["a", "b"]).to_vec()).expect("text");
    let odd = text.replacen("2,4,7,", "2,4,5,", 1);
    assert_ne!(odd, text);
    let mut person = Person::exploring(whole(odd.into_bytes().leak()), 100, 30);
    assert!(person.answer().starts_with("1 objects carry an id that an earlier one has"), "{}", person.answer());
}
