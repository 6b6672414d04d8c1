use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use std::sync::Arc;

use super::*;
use crate::cache::Cache;
use crate::heap::{self, Event};
use crate::input::Options;
use crate::testing::{self, DEMO, SMALL};

/// A cache with the demo beside it, unpacked or not.
struct Place {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Place {
    fn new(snapshot: &[u8]) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("snapshot"), snapshot).expect("a file");
        Place { cache: Cache::at(&folder.path().join("cache")), folder }
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("snapshot")
    }

    fn options(&self, wants: Wants) -> LoadOptions {
        let cache = Some(self.cache.clone());
        LoadOptions { wants, cache, ..LoadOptions::new(Input::Path(self.snapshot()), Options::default()) }
    }

    /// Loads what is wanted and keeps it; which stages that took.
    fn load(&self, options: &LoadOptions) -> (Arc<Heap>, Vec<&'static str>) {
        let watch = Arc::new(Watch::default());
        let heap = heap::load(options, &watch, &mut |_| {}).expect("a snapshot");
        heap.keep(&watch).expect("there is room");
        (heap, watch.timings.finished().into_iter().map(|(name, _)| name).collect())
    }

    fn packs(&self) -> BTreeSet<String> {
        let directories = fs::read_dir(self.cache.root()).into_iter().flatten();
        let files =
            directories.flat_map(|directory| fs::read_dir(directory.expect("an entry").path()).expect("it is one"));
        files.map(|file| file.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    /// Changes a byte in the middle of a pack.
    fn damage(&self, pack: &str) {
        let directory = fs::read_dir(self.cache.root()).expect("it is there").next().expect("one").expect("an entry");
        let file = fs::File::options().read(true).write(true).open(directory.path().join(pack)).expect("it is there");
        let (mut byte, middle) = ([0], file.metadata().expect("a length").len() / 2);
        file.read_exact_at(&mut byte, middle).expect("inside");
        file.write_at(&[!byte[0]], middle).expect("inside");
    }
}

#[test]
fn a_heap_that_was_kept_is_the_same_heap_and_takes_no_stage() {
    let place = Place::new(SMALL);
    let (first, stages) = place.load(&place.options(Wants::ALL));
    assert!(!first.is_from_cache() && stages.contains(&"edges") && stages.ends_with(&[KEEPING]));
    let (second, stages) = place.load(&place.options(Wants::ALL));
    assert!(second.is_from_cache() && second.is_complete());
    assert_eq!(stages, [OPENING]);
    testing::assert_same(&first, &second);
    assert!(second.columns().strings.bytes.is_mapped() && second.retainers().expect("wanted").edges.is_mapped());
    let warnings = |heap: &Heap| heap.warnings().cloned().collect::<Vec<_>>();
    assert_eq!(warnings(&first), warnings(&second));
}

#[test]
fn a_load_from_the_cache_is_ready_when_all_of_it_is_there() {
    let place = Place::new(SMALL);
    let told = || {
        let mut told = Vec::new();
        let options = place.options(Wants::ALL);
        let heap = heap::load(&options, &Arc::default(), &mut |event| {
            told.push(match event {
                Event::Ready(heap) => {
                    assert!(heap.there().covers(Wants::SUMMARY));
                    "ready"
                }
                Event::Progress => "progress",
                Event::Complete | Event::Failed(_) => "the end",
            });
        });
        heap.expect("a snapshot").keep(&Watch::default()).expect("there is room");
        told
    };
    let first = told();
    assert_eq!(first, &["ready", "progress", "progress"][..first.len()]);
    assert_eq!(told(), ["ready"]);
}

#[test]
fn little_is_kept_of_what_computes_little_and_the_rest_is_added() {
    let place = Place::new(SMALL);
    let (_, stages) = place.load(&place.options(Wants::SIZES));
    assert!(!stages.contains(&"dominators"));
    assert_eq!(place.packs(), ["Columns", "DomState", "LateWarnings", "ShallowSizes"].map(String::from).into());
    let (heap, stages) = place.load(&place.options(Wants::ALL));
    assert!(stages.contains(&"dominators") && !stages.contains(&"edges") && !stages.contains(&"shallow sizes"));
    assert!(place.packs().contains("RetainedSizes"));
    testing::assert_same(&heap, &testing::small());
    let (_, stages) = place.load(&place.options(Wants::CLASS_ROWS));
    assert_eq!(stages, [OPENING]);
}

#[test]
fn what_is_damaged_is_computed_again() {
    let place = Place::new(SMALL);
    place.load(&place.options(Wants::ALL));
    let packs = place.packs();
    for pack in &packs {
        place.damage(pack);
        let (heap, stages) = place.load(&place.options(Wants::ALL));
        testing::assert_same(&heap, &testing::small());
        assert!(stages.ends_with(&[KEEPING]), "{pack}: {stages:?}");
        assert_eq!((heap.is_from_cache(), stages.contains(&"edges")), (pack != BASE, pack == BASE), "{pack}");
        assert_eq!(place.packs(), packs);
        assert_eq!(place.load(&place.options(Wants::ALL)).1, [OPENING], "{pack} is whole again");
    }
}

#[test]
fn roots_make_another_heap_of_the_same_file() {
    let place = Place::new(SMALL);
    let devtools = LoadOptions { roots: RootMode::DevTools, ..place.options(Wants::SIZES) };
    place.load(&place.options(Wants::SIZES));
    assert!(!place.load(&devtools).0.is_from_cache());
    assert!(place.load(&devtools).0.is_from_cache() && place.load(&place.options(Wants::SIZES)).0.is_from_cache());
}

#[test]
fn a_changed_snapshot_is_read_again() {
    let demo = zstd::stream::decode_all(DEMO).expect("zstd");
    let place = Place::new(&demo);
    place.load(&place.options(Wants::SIZES));
    let session = |heap: &Heap| heap.columns().strings.iter_raw().any(|(_, raw)| raw == b"SessionSt0re");
    assert!(!session(&place.load(&place.options(Wants::SIZES)).0));
    // As long as before, and of the same time.
    let at = memchr::memmem::find(&demo, b"\"SessionStore\"").expect("it is there") as u64;
    let time = fs::metadata(place.snapshot()).expect("it is there").modified().expect("a time");
    let file = fs::File::options().write(true).open(place.snapshot()).expect("it can be changed");
    file.write_at(b"\"SessionSt0re\"", at).expect("it can be changed");
    file.set_modified(time).expect("its own time");
    let (changed, stages) = place.load(&place.options(Wants::SIZES));
    assert!(session(&changed) && stages.contains(&"edges"));
    assert!(session(&place.load(&place.options(Wants::SIZES)).0));
}

#[test]
fn small_and_incomplete_snapshots_are_not_kept() {
    let demo = zstd::stream::decode_all(DEMO).expect("zstd");
    let cut_off = Place::new(&demo[..demo.len() - 1000]);
    let mut options = cut_off.options(Wants::SIZES);
    options.reading.partial = true;
    assert!(cut_off.load(&options).0.columns().is_cut_off);
    assert!(cut_off.packs().is_empty());
    // A whole one is the same heap either way.
    let whole = Place::new(&demo);
    whole.load(&whole.options(Wants::SIZES));
    let mut options = whole.options(Wants::SIZES);
    options.reading.partial = true;
    assert!(whole.load(&options).0.is_from_cache());
    let small = Place::new(
        br#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["object"]],
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]},"node_count":1,"edge_count":0},
        "nodes":[0,0,1,0,0],"edges":[],"strings":["a"]}"#,
    );
    small.load(&small.options(Wants::SIZES));
    assert!(small.packs().is_empty());
}

#[test]
fn a_load_that_was_cancelled_keeps_nothing_and_says_so() {
    let place = Place::new(SMALL);
    place.load(&place.options(Wants::ALL));
    let watch = Arc::new(Watch::default());
    watch.meter.cancel();
    let error = heap::load(&place.options(Wants::ALL), &watch, &mut |_| {}).expect_err("it was cancelled");
    assert_eq!(error.to_string(), "interrupted");
}

#[test]
fn what_is_needed_for_a_while_is_kept_once_the_next_is_asked_for() {
    let places = [Place::new(SMALL), Place::new(SMALL)];
    let options: Vec<LoadOptions> = places.iter().map(|place| place.options(Wants::CLASS_ROWS)).collect();
    let heaps = options.iter().map(|options| heap::load(options, &Arc::default(), &mut |_| {}));
    let mut before = None;
    let mut seen = 0;
    for heap in OneByOne::new(heaps) {
        let heap = heap.expect("a snapshot");
        assert!(before.is_none_or(|before: std::sync::Weak<Heap>| before.strong_count() == 0), "two are in memory");
        before = Some(Arc::downgrade(&heap));
        assert!(!is_kept(&options[seen]), "it is still needed");
        assert!(options[..seen].iter().all(is_kept));
        seen += 1;
    }
    assert!(seen == 2 && options.iter().all(is_kept));
}
