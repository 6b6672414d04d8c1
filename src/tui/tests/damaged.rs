//! Damaged files end in an error of one line or open, in every view; they never panic and never hang.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::Person;
use crate::error::Result;
use crate::heap::{self, Heap, Input, LoadOptions};
use crate::input::Options;
use crate::oracle::{self, Question};
use crate::tui::view::View;
use crate::view::text::sanitize;

/// A small snapshot that holds a bit of everything.
fn original() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let packed: &[u8] = include_bytes!("../../../tests/fixtures/oracle/corners-28.heapsnapshot.zst");
        zstd::stream::decode_all(packed).expect("zstd")
    })
}

fn open(bytes: Vec<u8>) -> Result<Arc<Heap>> {
    // Leaked: a few hundred times some kilobytes.
    let bytes = Box::leak(bytes.into_boxed_slice());
    let options = LoadOptions::new(Input::Bundled(bytes), Options { threads: 1, partial: false });
    heap::load(&options, &Arc::default(), &mut |_| {})
}

/// Opens the file, looks at every view and into rows of it, and asks for all numbers.
fn look_around(bytes: Vec<u8>) {
    let heap = match open(bytes) {
        Ok(heap) => heap,
        // As the program prints it.
        Err(error) => return assert_eq!(sanitize(&error.to_string()).lines().count(), 1, "{error}"),
    };
    let mut person = Person::exploring(heap.clone(), 120, 40);
    for view in View::ALL {
        person.open(view).press("l l j r l j tab i esc p d [ R");
        person.draw();
    }
    for query in ["a", "not(text~/a/)or(prop.0:1)", "retainers>0", "(dominated:@1)or(place~a)", "has~a", "reachable:@1"]
    {
        person.press(&format!("F ctrl-u ={query} enter l l j tab esc"));
        person.draw();
    }
    person.press("1 f b y esc esc");
    let words = "x summary aggregates filters nodes containment allocation duplicates instances rows contexts object edges \
                 retainers path paths dominators";
    let question = Question {
        words: words.split_whitespace().map(String::from).collect(),
        ids: Vec::new(),
        sample: 20,
        depth: 2,
        limit: 20,
        ignore: Vec::new(),
        range: None,
        search: Some("a".into()),
        full: true,
    };
    let digest = oracle::digest(&question, &mut |_| Ok(heap.clone())).expect("a heap has numbers");
    digest.write(&mut Vec::new()).expect("memory has room");
}

#[test]
fn the_original_opens() {
    assert!(open(original().to_vec()).expect("it is whole").node_count() >= 20);
    look_around(original().to_vec());
}

#[test]
fn every_cut_is_an_error_of_one_line() {
    let whole = original().trim_ascii_end();
    for end in (0..whole.len() - 1).step_by(7) {
        let error = open(whole[..end].to_vec()).expect_err("a part is not a snapshot").to_string();
        assert!(!error.contains('\n') && !error.is_empty(), "cut at {end}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = original().to_vec();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        look_around(bytes);
    }

    #[test]
    fn changed_numbers_never_panic(
        place in any::<prop::sample::Index>(),
        number in prop_oneof![Just(u64::MAX), Just(1 << 32), Just(u64::from(u32::MAX)), 0u64..1000],
    ) {
        let whole = original();
        // From one comma to the next.
        let commas: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b',').collect();
        let at = place.index(commas.len() - 1);
        let (start, end) = (commas[at] + 1, commas[at + 1]);
        look_around([&whole[..start], number.to_string().as_bytes(), &whole[end..]].concat());
    }

    #[test]
    fn bytes_that_are_no_snapshot_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(bytes).is_err());
    }
}
