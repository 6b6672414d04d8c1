//! `heapwalk cache`: what is kept, and how to be rid of it.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::args::{CacheCommand, Output, user_cache};
use super::load;
use super::out::with_stdout;
use super::print::print;
use super::printout::{Body, List, Printout};
use crate::cache::{Cache, Listed, Validity};
use crate::error::{Error, Result};
use crate::view::cell::{Cell, Record};
use crate::view::date::timestamp;
use crate::view::spec::{Show, Spec};
use crate::view::text;

pub(super) fn run(command: &CacheCommand) -> Result<()> {
    let cache = user_cache();
    match command {
        CacheCommand::List(output) => list(cache.as_ref(), output),
        CacheCommand::Clear => clear(cache.as_ref()),
    }
}

fn unreadable(cache: &Cache) -> impl Fn(std::io::Error) -> Error + '_ {
    |problem| Error::io(cache.root().display().to_string(), &problem)
}

fn list(cache: Option<&Cache>, output: &Output) -> Result<()> {
    let kept = cache.map_or(Ok(Vec::new()), |cache| cache.list().map_err(unreadable(cache)))?;
    let now = SystemTime::now();
    let rows = kept.iter().take(output.limit()).map(|kept| (shown(kept, now), record(kept))).collect();
    let list = List { columns: COLUMNS.to_vec(), rows, left: kept.len().saturating_sub(output.limit()) as u64 };
    let root = cache.map_or(Path::new(""), Cache::root);
    print(&Printout { command: "cache list", file: root, head: Default::default(), body: Body::List(list) }, output)?;
    if kept.is_empty() && !output.is_for_programs() {
        load::say(&match cache {
            Some(cache) => format!("nothing is kept in {}", cache.root().display()),
            None => "there is no place for an index cache: neither XDG_CACHE_HOME nor HOME is set".into(),
        });
    }
    Ok(())
}

fn clear(cache: Option<&Cache>) -> Result<()> {
    let (snapshots, bytes) = cache.map_or(Ok((0, 0)), |cache| cache.clear().map_err(unreadable(cache)))?;
    let of = if snapshots == 1 { "1 snapshot".into() } else { format!("{} snapshots", text::count(snapshots as u64)) };
    with_stdout(|out| writeln!(out, "removed what was kept of {of}: {}", text::bytes(bytes)))
}

const COLUMNS: [Spec; 5] = [
    Spec::new("Snapshot", "", "snapshot", Show::Label),
    Spec::new("Size", "", "snapshotBytes", Show::Bytes),
    Spec::new("Kept", "", "bytes", Show::Bytes),
    Spec::new("Last used", "", "lastUsed", Show::Count),
    Spec::new("Will be used", "", "validity", Show::Label),
];

fn shown(kept: &Listed, now: SystemTime) -> Vec<String> {
    let snapshot = kept.snapshot.as_ref().unwrap_or(&kept.directory);
    let will_be_used = match kept.validity {
        Validity::Current => "yes",
        Validity::Changed => "no: the snapshot has changed",
        Validity::Gone => "no: the snapshot is gone",
        Validity::OtherVersion => "no: of another version of heapwalk",
        Validity::Damaged => "no: damaged",
    };
    vec![
        text::sanitize(&snapshot.display().to_string()).into_owned(),
        kept.snapshot_bytes.map_or_else(String::new, text::bytes),
        text::bytes(kept.bytes),
        ago(now.duration_since(kept.last_used).unwrap_or_default()),
        will_be_used.into(),
    ]
}

fn record(kept: &Listed) -> Record {
    let snapshot = kept.snapshot.as_ref().map(|path| path.display().to_string());
    let validity = match kept.validity {
        Validity::Current => "current",
        Validity::Changed => "changed",
        Validity::Gone => "gone",
        Validity::OtherVersion => "otherVersion",
        Validity::Damaged => "damaged",
    };
    let cells = [
        Cell::from(snapshot),
        kept.snapshot_bytes.map_or(Cell::Nothing, Cell::Number),
        Cell::Number(kept.bytes),
        Cell::from(timestamp(kept.last_used)),
        Cell::from(validity.to_owned()),
    ];
    let mut record = Record::new();
    for (cell, column) in cells.iter().zip(&COLUMNS) {
        cell.record(column, &mut record);
    }
    record
}

/// `3 h ago`
fn ago(time: Duration) -> String {
    match time.as_secs() {
        0..60 => "just now".into(),
        seconds @ 60..3600 => format!("{} min ago", seconds / 60),
        seconds @ 3600..86_400 => format!("{} h ago", seconds / 3600),
        seconds @ 86_400..172_800 => format!("{} day ago", seconds / 86_400),
        seconds => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        let told = [3, 60, 3599, 7200, 90_000, 864_000].map(|seconds| ago(Duration::from_secs(seconds)));
        assert_eq!(told, ["just now", "1 min ago", "59 min ago", "2 h ago", "1 day ago", "10 days ago"]);
    }
}
