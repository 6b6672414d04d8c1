//! Damaged files end in an error or open; they never panic and never hang.

use std::sync::{Arc, OnceLock};

use heapwalk::heap::{self, Input, LoadOptions};
use heapwalk::input::Options;
use proptest::prelude::*;

/// A small snapshot that holds a bit of everything.
fn original() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/oracle");
        let smallest = std::fs::read_dir(fixtures)
            .expect("the fixtures")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.to_string_lossy().ends_with(".heapsnapshot.zst"))
            .min_by_key(|path| path.metadata().expect("a file").len())
            .expect("a snapshot");
        zstd::stream::decode_all(std::fs::File::open(smallest).expect("a file")).expect("zstd")
    })
}

fn open(bytes: Vec<u8>) -> Result<usize, String> {
    // Leaked: a few hundred times some kilobytes.
    let bytes = Box::leak(bytes.into_boxed_slice());
    let options = LoadOptions::new(Input::Bundled(bytes), Options { threads: 1, partial: false });
    let loaded = heap::load(&options, &Arc::default(), &mut |_| {});
    loaded.map(|heap| heap.node_count()).map_err(|error| error.to_string())
}

#[test]
fn the_original_opens() {
    assert!(open(original().to_vec()).unwrap() >= 20);
}

#[test]
fn every_cut_is_an_error_of_one_line() {
    let whole = original().trim_ascii_end();
    for end in (0..whole.len() - 1).step_by(7) {
        let error = open(whole[..end].to_vec()).expect_err("a part is not a snapshot");
        assert!(!error.contains('\n') && !error.is_empty(), "cut at {end}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_bytes_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = original().to_vec();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = open(bytes);
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
        let bytes = [&whole[..start], number.to_string().as_bytes(), &whole[end..]].concat();
        let _ = open(bytes);
    }

    #[test]
    fn bytes_that_are_no_snapshot_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(bytes).is_err());
    }
}
