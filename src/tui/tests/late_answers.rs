//! Keys at random while workers answer late, in any order, or when nobody wants their answer any more.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use super::every_screen::hold;
use super::{Person, comparing, timeline, whole};
use crate::base::meter::Meter;
use crate::testing::small;
use crate::tui::command::Command;
use crate::tui::keymap::all;
use crate::tui::message::Msg;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::view::View;
use crate::view::filter::Typed;

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    Key(Index),
    /// Letters for whatever is being typed.
    Letter(char),
    View(Index),
    /// A worker answers: not always the one that was asked first.
    Answer(Index),
    Rest,
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any::<Index>().prop_map(Step::Key),
        2 => prop::sample::select(vec!['a', 's', 'e', '/', '\'']).prop_map(Step::Letter),
        2 => any::<Index>().prop_map(Step::View),
        4 => any::<Index>().prop_map(Step::Answer),
        1 => Just(Step::Rest),
        1 => Just(Step::Tick),
    ]
}

fn take(person: &mut Person, step: &Step, keys: &[&str]) {
    match step {
        Step::Key(index) => person.press_key(keys[index.index(keys.len())]),
        Step::Letter(letter) => person.press_key(&letter.to_string()),
        Step::View(index) => {
            if let Some(key) = View::ALL[index.index(View::ALL.len())].keys().first() {
                person.press_key(key);
            }
        }
        Step::Answer(index) if person.work_waits() => {
            let at = index.index(person.waiting.len());
            let chosen = person.waiting.remove(at);
            let others = std::mem::replace(&mut person.waiting, vec![chosen]);
            person.answer_all();
            person.waiting.splice(0..0, others);
        }
        Step::Answer(_) => {}
        Step::Rest => person.rest(),
        Step::Tick => person.hear(Msg::Tick(None)),
    }
}

/// The outermost rows are those that the filter lets through, whatever came in between.
fn rows_are_those_of_the_filter(explorer: &Explorer) {
    for view in View::ALL {
        let Some(pane) = explorer.pane(PaneId::Main(view)) else { continue };
        let Ok(filter) = Typed::parse(&pane.filter) else { continue };
        let wanted = pane.all.filtered(&filter, &Meter::default()).expect("nobody cancels").level;
        let rows = |rows: &[crate::view::row::RowIx]| rows.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(rows(pane.tree.roots()), rows(&wanted.rows), "{:?} filtered by {:?}", view, pane.filter);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_when_all_is_well_in_the_end(who in 0..3, steps in prop::collection::vec(step(), 80)) {
        let keys: Vec<&str> = all()
            .iter()
            .filter(|entry| !matches!(entry.command, Command::Quit | Command::Leave))
            .flat_map(|entry| entry.keys)
            .copied()
            .collect();
        let mut person = match who {
            0 => comparing(100, 30),
            1 => Person::exploring(whole(timeline()), 100, 30),
            _ => Person::exploring(small(), 100, 30),
        };
        person.patient = false;
        for step in &steps {
            take(&mut person, step, &keys);
            hold(&format!("{step:?}"), &mut person, 100, 30);
        }
        for _ in 0..50 {
            person.rest();
            person.answer_all();
        }
        prop_assert!(!person.work_waits() && person.state.jobs.is_empty(), "{:?}", person.state.jobs);
        prop_assert!(person.state.ahead.is_empty(), "{:?}", person.state.ahead);
        hold("the end", &mut person, 100, 30);
        rows_are_those_of_the_filter(person.explorer());
    }
}
