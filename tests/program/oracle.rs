//! heapwalk's numbers against what DevTools said about the same snapshots (`tests/fixtures/oracle`).

use std::fs::File;
use std::path::{Path, PathBuf};

use simd_json::OwnedValue;
use simd_json::prelude::*;

use crate::without_cache;

const SECTIONS: &str = "summary aggregates filters nodes containment allocation duplicates instances rows contexts \
                        object edges retainers path paths dominators \
                        --sample 40 --depth 2 --limit 20 --range 20..100 --search a";

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn parse(mut bytes: Vec<u8>) -> OwnedValue {
    simd_json::to_owned_value(&mut bytes).expect("JSON")
}

fn digest(snapshot: &Path) -> OwnedValue {
    let output = without_cache(env!("CARGO_BIN_EXE_heapwalk"))
        .arg("digest")
        .arg(snapshot)
        .args(SECTIONS.split_whitespace())
        .output()
        .expect("heapwalk runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    parse(output.stdout)
}

/// Everything that DevTools says must be there and equal. What it leaves undefined or null may be null or absent.
fn compare(at: &str, ours: Option<&OwnedValue>, theirs: &OwnedValue, differences: &mut Vec<String>) -> usize {
    if let Some(fields) = theirs.as_object() {
        let field = |name: &str| ours.and_then(|ours| ours.get(name));
        fields.iter().map(|(name, value)| compare(&format!("{at}.{name}"), field(name), value, differences)).sum()
    } else if let Some(items) = theirs.as_array() {
        let own = ours.and_then(|ours| ours.as_array()).map_or(&[][..], |own| &own[..]);
        if own.len() != items.len() {
            differences.push(format!("{at}: {} items, DevTools {}", own.len(), items.len()));
        }
        let pairs = items.iter().enumerate();
        pairs.map(|(index, item)| compare(&format!("{at}[{index}]"), own.get(index), item, differences)).sum()
    } else {
        let both_nothing = theirs.is_null() && ours.is_none_or(|ours| ours.is_null());
        if !both_nothing && ours != Some(theirs) {
            differences.push(format!("{at}: {ours:?}, DevTools {theirs:?}"));
        }
        1
    }
}

fn check(snapshot: &Path, answer: &Path) {
    let packed = File::open(answer).expect("the stored answer");
    let mut theirs = parse(zstd::stream::decode_all(packed).expect("zstd"));
    // Times of that run, the name of the file, and what only DevTools loses.
    theirs["summary"].remove("run").expect("an object");
    theirs["summary"].remove("file").expect("an object");
    theirs["aggregates"].remove("lost").expect("an object");
    theirs.remove("lostKeys").expect("an object");
    let mut differences = Vec::new();
    let compared = compare("", Some(&digest(snapshot)), &theirs, &mut differences);
    assert!(compared > 100, "{compared} values are too few to prove anything");
    assert!(differences.is_empty(), "{}: {:#?}", snapshot.display(), &differences[..differences.len().min(20)]);
}

#[test]
fn the_demo_has_devtools_numbers() {
    let answers = repository().join("tests/fixtures/oracle");
    check(&repository().join("assets/demo.heapsnapshot.zst"), &answers.join("demo.json.zst"));
}

#[test]
fn graphs_full_of_corner_cases_have_devtools_numbers() {
    let fixtures = repository().join("tests/fixtures/oracle");
    let mut checked = 0;
    for entry in fixtures.read_dir().expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(name) = name.strip_suffix(".heapsnapshot.zst") {
            check(&path, &fixtures.join(format!("{name}.json.zst")));
            checked += 1;
        }
    }
    assert!(checked >= 6, "only {checked} snapshots");
}
