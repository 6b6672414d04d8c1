use std::os::unix::fs::{FileExt, PermissionsExt};
use std::time::Duration;

use super::*;
use crate::base::array::Array;
use crate::base::meter::Meter;
use crate::base::new_file::{NewFile, sweep};
use crate::cache::room::make_room_below;
use crate::cache::{Listed, Validity};

/// A cache with a snapshot beside it.
struct Place {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("snapshot"), "a snapshot").expect("a file");
        Place { cache: Cache::at(&folder.path().join("cache")), folder }
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("snapshot")
    }

    fn entry(&self) -> Entry {
        self.cache.entry(&self.snapshot(), "all").expect("a file")
    }

    /// What is kept of another snapshot, last used so many hours ago.
    fn other(&self, name: &str, hours: u64, bytes: usize) -> Entry {
        let path = self.folder.path().join(name);
        fs::write(&path, name).expect("a file");
        let entry = self.cache.entry(&path, "all").expect("a file");
        entry.make_room(0).expect("there is room");
        write(&entry, "pack", &[("bytes", 1, &vec![7; bytes])]);
        let pack = fs::File::open(entry.directory.join("pack")).expect("it is there");
        pack.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("its own time");
        entry
    }

    fn names(&self, entry: &Entry) -> Vec<String> {
        let files = fs::read_dir(&entry.directory).expect("a directory");
        let mut names: Vec<String> =
            files.map(|file| file.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn write(entry: &Entry, name: &str, parts: &[(&str, usize, &[u8])]) {
    let add =
        |writer: &mut PackWriter<'_>| parts.iter().try_for_each(|&(part, width, bytes)| writer.add(part, width, bytes));
    entry.write(name, &Meter::default(), add).expect("there is room");
}

/// More than two blocks, the last of which is not full.
fn numbers() -> Vec<u8> {
    (0..600_000u32).flat_map(u32::to_ne_bytes).collect()
}

fn written(place: &Place) -> Entry {
    let entry = place.entry();
    entry.make_room(0).expect("there is room");
    write(&entry, "pack", &[("small", 1, b"abc"), ("numbers", 4, &numbers()), ("none", 8, b"")]);
    entry
}

/// The parts of the pack, if it can be opened and is as it was written.
fn read(entry: &Entry) -> Option<[Option<(usize, bytes::Bytes)>; 3]> {
    let pack = entry.open("pack")?;
    let is_whole = pack.check(&Meter::default()).expect("nobody cancels");
    is_whole.then(|| ["small", "numbers", "none"].map(|name| pack.part(name)))
}

#[test]
fn parts_come_back_as_they_were_in_mapped_memory() {
    let place = Place::new();
    let entry = written(&place);
    assert!(entry.has("pack") && !entry.has("other"));
    let [small, all, none] = read(&entry).expect("whole");
    assert_eq!(small, Some((1, "abc".into())));
    assert_eq!(none, Some((8, "".into())));
    let (width, bytes) = all.expect("it is there");
    assert_eq!((width, &bytes[..]), (4, &numbers()[..]));
    assert!(Array::<u32>::from_bytes(bytes).expect("whole numbers").is_mapped());
    assert!(entry.open("pack").expect("whole").part("other").is_none());
}

#[test]
fn packs_are_private() {
    let place = Place::new();
    let entry = written(&place);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&entry.directory.join("pack")), 0o600);
    assert_eq!([mode(&entry.directory), mode(&place.cache.root)], [0o700; 2]);
}

#[test]
fn a_pack_that_is_cut_off_is_none() {
    let place = Place::new();
    let entry = written(&place);
    let path = entry.directory.join("pack");
    let whole = fs::read(&path).expect("a file");
    for length in [0, 1, 55, 56, 57, 1 << 20, whole.len() / 2, whole.len() - 57, whole.len() - 1] {
        fs::write(&path, &whole[..length]).expect("it can be written");
        assert!(read(&entry).is_none(), "{length} of {}", whole.len());
    }
    // What is mapped already stays what it is while another takes its place.
    fs::write(&path, &whole).expect("it can be written");
    let pack = entry.open("pack").expect("whole");
    write(&entry, "pack", &[("small", 1, b"new")]);
    entry.discard("pack");
    assert!(pack.check(&Meter::default()).expect("nobody cancels"));
    assert_eq!(pack.part("small"), Some((1, "abc".into())));
}

#[test]
fn another_version_and_another_order_of_bytes_are_told_from_damage() {
    let place = Place::new();
    let entry = written(&place);
    let path = entry.directory.join("pack");
    let whole = fs::read(&path).expect("a file");
    let tail = whole.len() - 56;
    // The layout, the order of bytes, the version of the program.
    for at in [16, 20, 24] {
        let mut other = whole.clone();
        other[tail + at] ^= 1;
        fs::write(&path, &other).expect("it can be written");
        assert!(matches!(pack::read_table(&path), Err(pack::Unfit::OtherVersion)));
        assert!(!entry.has("pack") && entry.open("pack").is_none());
    }
}

#[test]
fn a_file_that_somebody_else_could_have_put_there_is_none() {
    let place = Place::new();
    let entry = written(&place);
    let (path, elsewhere) = (entry.directory.join("pack"), place.folder.path().join("elsewhere"));
    fs::rename(&path, &elsewhere).expect("it can be moved");
    std::os::unix::fs::symlink(&elsewhere, &path).expect("a link");
    assert!(!entry.has("pack") && entry.open("pack").is_none());
}

#[test]
fn a_snapshot_that_has_changed_has_nothing_kept() {
    let place = Place::new();
    let before = written(&place);
    assert!(before.is_current());
    let times = fs::metadata(place.snapshot()).expect("it is there").modified().expect("a time");
    let file = fs::File::options().write(true).open(place.snapshot()).expect("it can be changed");
    file.write_at(b"A", 0).expect("it can be changed");
    file.set_modified(times).expect("its own time");
    assert!(!before.is_current());
    let after = place.entry();
    assert_eq!(after.directory, before.directory);
    assert!(after.open("pack").is_none() && !after.has("pack"));
    write(&before, "other", &[("small", 1, b"old")]);
    after.make_room(0).expect("there is room");
    assert_eq!(place.names(&after), Vec::<String>::new(), "what nobody can use takes no room");
    write(&after, "pack", &[("small", 1, b"new")]);
    after.make_room(0).expect("there is room");
    assert!(before.open("pack").is_none() && after.has("pack"));
}

#[test]
fn what_was_used_last_stays() {
    let place = Place::new();
    let (old, middle, new) =
        (place.other("old", 30, 3000), place.other("middle", 20, 3000), place.other("new", 10, 3000));
    let own = written(&place);
    let is_there = || [&old, &middle, &new, &own].map(|entry| entry.directory.exists());
    let taken: u64 = place.cache.list().expect("it can be read").iter().map(|kept| kept.bytes).sum();
    let make_room = |limit| make_room_below(limit, &place.cache.root, &own.directory, 1000);
    make_room(taken + 1000).expect("all fits");
    assert_eq!(is_there(), [true; 4]);
    make_room(taken + 999).expect("the oldest goes");
    assert_eq!(is_there(), [false, true, true, true]);
    // What is used becomes the newest.
    middle.touch("pack");
    make_room(taken - 3000).expect("the next oldest goes");
    assert_eq!(is_there(), [false, true, false, true]);
    let refused = make_room(1000).expect_err("its own packs stay");
    assert_eq!((refused.kind(), is_there()), (io::ErrorKind::StorageFull, [false, false, false, true]));
}

#[test]
fn what_a_process_has_left_is_swept_and_what_it_works_on_is_not() {
    let place = Place::new();
    let entry = written(&place);
    fs::write(entry.directory.join(".new-1-0"), "half").expect("a file");
    let at_work = NewFile::named(&entry.directory).expect("a file");
    assert_eq!(place.names(&entry).len(), 3);
    sweep(&entry.directory);
    assert_eq!(place.names(&entry).len(), 2);
    at_work.publish("other").expect("a name");
    assert_eq!(place.names(&entry), ["other", "pack"]);
    // A file that is given up leaves nothing, with a name or without.
    drop(NewFile::named(&entry.directory).expect("a file"));
    drop(NewFile::create(&entry.directory).expect("a file"));
    assert_eq!(place.names(&entry), ["other", "pack"]);
}

#[test]
fn a_disk_that_is_full_leaves_nothing() {
    let place = Place::new();
    let entry = written(&place);
    let meter = Meter::default();
    let full = |_: &mut PackWriter<'_>| Err(io::ErrorKind::StorageFull.into());
    assert!(entry.write("pack", &meter, full).is_err() && entry.write("other", &meter, full).is_err());
    assert_eq!(place.names(&entry), ["pack"]);
    assert!(read(&entry).is_some(), "what was there before stays");
    if let Ok(disk) = fs::File::options().write(true).open("/dev/full") {
        let problem = PackWriter::new(&disk, &meter).add("numbers", 4, &numbers());
        assert_eq!(problem.expect_err("nothing fits").kind(), io::ErrorKind::StorageFull);
    }
}

#[test]
fn the_list_says_what_will_be_used_and_nothing_is_left_of_what_is_cleared() {
    let place = Place::new();
    assert_eq!(place.cache.list().expect("nothing is there"), []);
    assert_eq!(place.cache.clear().expect("nothing is there"), (0, 0));
    let own = written(&place);
    let names = ["changed", "gone", "other version", "damaged"];
    let others = names.map(|name| place.other(name, 1, 100));
    fs::write(place.folder.path().join("changed"), "CHANGED").expect("it can be changed");
    fs::remove_file(place.folder.path().join("gone")).expect("it can be removed");
    let flip = |entry: &Entry, at: u64| {
        let file = fs::File::options().read(true).write(true).open(entry.directory.join("pack")).expect("it is there");
        let at = file.metadata().expect("a length").len() - 56 + at;
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).expect("inside");
        file.write_at(&[!byte[0]], at).expect("inside");
    };
    flip(&others[2], 24);
    flip(&others[3], 40);
    for (entry, hours) in others.iter().zip(1..) {
        let pack = fs::File::open(entry.directory.join("pack")).expect("it is there");
        pack.set_modified(SystemTime::now() - Duration::from_secs(3600 * hours)).expect("its own time");
    }
    let list = place.cache.list().expect("it can be read");
    let said = |kept: &Listed| {
        let name = kept.snapshot.as_ref().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned());
        (name.unwrap_or_default(), kept.validity)
    };
    let expected = [
        ("snapshot", Validity::Current),
        ("changed", Validity::Changed),
        ("gone", Validity::Gone),
        ("", Validity::OtherVersion),
        ("", Validity::Damaged),
    ];
    assert_eq!(list.iter().map(said).collect::<Vec<_>>(), expected.map(|(name, state)| (name.to_owned(), state)));
    assert_eq!((list[0].snapshot_bytes, list[0].directory.clone()), (Some(10), own.directory.clone()));
    // What is not the cache's stays.
    fs::write(place.cache.root.join("something"), "else").expect("a file");
    assert_eq!(place.cache.clear().expect("it can be removed").0, 5);
    assert_eq!(fs::read_dir(&place.cache.root).expect("a directory").count(), 1);
}

#[test]
fn a_bit_that_flips_anywhere_is_noticed() {
    let place = Place::new();
    let entry = written(&place);
    let file = fs::File::options().read(true).write(true).open(entry.directory.join("pack")).expect("it is there");
    let length = file.metadata().expect("a length").len();
    // All of the table and the tail, and places all over the parts.
    let table = numbers().len() as u64 + 64;
    let places = (0..table).step_by(9973).chain(table..length);
    for (number, at) in places.enumerate() {
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).expect("inside");
        file.write_at(&[byte[0] ^ 1 << (number % 8)], at).expect("inside");
        assert!(read(&entry).is_none(), "byte {at} of {length}");
        file.write_at(&byte, at).expect("inside");
    }
    assert!(read(&entry).is_some());
}
