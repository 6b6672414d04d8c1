//! Every setting right and wrong.

use super::*;

fn parse(text: &str) -> (Settings, Vec<String>) {
    let (settings, problems) = Settings::parse(text);
    (settings, problems.iter().map(|problem| format!("{}: {problem}", problem.line)).collect())
}

/// A setting that is right: nothing is said, and it counts.
fn right(text: &str, wanted: impl FnOnce(&mut Settings)) {
    let (settings, problems) = parse(text);
    let mut expected = Settings::default();
    wanted(&mut expected);
    assert_eq!((settings, problems), (expected, Vec::new()), "{text}");
}

/// One that is wrong: its line and key are told, and nothing counts.
fn wrong(text: &str, said: &str) {
    let (settings, problems) = parse(text);
    assert_eq!((settings, problems), (Settings::default(), vec![said.to_owned()]), "{text}");
}

#[test]
fn every_setting_counts_where_it_is_right() {
    let written = |text: &str, line| Written { text: text.into(), line };
    right("", |_| {});
    right("theme = \"auto\"", |_| {});
    right("theme = \"ember\"", |settings| settings.theme = Some(written("ember", 1)));
    right("units = \"binary\"", |settings| settings.units = Units::Binary);
    right("units = \"bytes\"", |settings| settings.units = Units::Bytes);
    right("keys = \"vim\"", |settings| settings.keys = KeySet::Vim);
    right("mouse = false", |settings| settings.mouse = false);
    right("paste = false", |settings| settings.paste = false);
    right("remember = false", |settings| settings.remember = false);
    right("retainers-height = 6_0", |settings| settings.retainers_height = 60);
    right("[cache]\nenabled = false", |settings| settings.cache.enabled = false);
    right("cache.enabled = false", |settings| settings.cache.enabled = false);
    right("[cache]\nlimit = \"1.5 GB\"", |settings| settings.cache.limit = Some(1_500_000_000));
    right("[cache]\nlimit = 4096", |settings| settings.cache.limit = Some(4096));
    right("[cache]\nlimit = \"2GiB\"", |settings| settings.cache.limit = Some(2 << 30));
    right("[cache]\ndirectory = \"/var/x\"", |settings| settings.cache.directory = Some("/var/x".into()));
    right("[columns]\nsummary = [\"count\",\n  \"retained:20\"]", |settings| {
        let words = vec![written("count", 2), written("retained:20", 3)];
        settings.columns = vec![ColumnChoice { view: written("summary", 2), words }];
    });
    right("[bind]\nfind = \"x\"\nquit = []", |settings| {
        settings.bindings = vec![
            Binding { command: written("find", 2), keys: vec![written("x", 2)] },
            Binding { command: written("quit", 3), keys: Vec::new() },
        ];
    });
}

#[test]
fn a_wrong_entry_is_told_with_line_and_key_and_costs_itself_alone() {
    wrong("theme = 1", "1: theme: must be a text in quotes, and is integer");
    wrong("\nunits = \"mega\"", "2: units: \"mega\" is none of \"decimal\", \"binary\", \"bytes\"");
    wrong("units = true", "1: units: must be one of \"decimal\", \"binary\", \"bytes\", and is boolean");
    wrong("keys = \"emacs\"", "1: keys: \"emacs\" is none of \"default\", \"vim\"");
    wrong("# a\n\nmouse = \"no\"", "3: mouse: must be true or false, and is string");
    wrong("paste = 0", "1: paste: must be true or false, and is integer");
    wrong("remember = \"yes\"", "1: remember: must be true or false, and is string");
    wrong("retainers-height = 5", "1: retainers-height: must be a whole number from 10 to 80");
    wrong("retainers-height = \"a\"", "1: retainers-height: must be a whole number from 10 to 80, and is string");
    wrong("[cache]\nenabled = 1", "2: cache.enabled: must be true or false, and is integer");
    wrong("[cache]\nlimit = \"much\"", "2: cache.limit: \"much\" is no size such as \"10 GB\"");
    wrong("[cache]\nlimit = -1", &format!("2: cache.limit: must be a whole number from 0 to {}", i64::MAX));
    wrong("[cache]\ndirectory = \"here\"", "2: cache.directory: must be a path from / or ~/ on");
    wrong("[columns]\nsummary = 3", "2: columns.summary: must be a text or a list of texts, and is integer");
    wrong("[bind]\nfind = [1]", "2: bind.find: must be a text or a list of texts, and is array");
    wrong("mose = true", "1: mose: there is no such setting; mouse was meant?");
    wrong("[cache]\nlimits = 1", "2: cache.limits: there is no such setting; cache.limit was meant?");
    wrong("[nonsense]\nx = 1", "2: nonsense.x: there is no such setting: `heapwalk config` shows all");
    let (settings, problems) = parse("mouse = 1\npaste = false\nkeys = \"\"");
    assert_eq!((settings.paste, problems.len()), (false, 2));
}

#[test]
fn what_is_no_toml_leaves_the_rest() {
    let (settings, problems) = parse("mouse = false\nkeys = \"vim\nretainers-height = 50\n");
    assert!(problems.iter().any(|problem| problem.starts_with("2: is no TOML: ")), "{problems:?}");
    assert!(!settings.mouse);
    let (_, problems) = parse("mouse = false\nmouse = true");
    assert!(problems[0].starts_with("2: is no TOML: "), "{problems:?}");
}

#[test]
fn the_default_that_is_shown_is_the_default() {
    let text = commented("head", &[]);
    let counts = uncommented(&text);
    let limit = |settings: &mut Settings| settings.cache.limit = Some(10_000_000_000);
    right(&counts, limit);
    assert_eq!(counts.matches(" = ").count(), Setting::ALL.len());
    right(&text, |_| {});
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_none_is_no_problem() {
    let folder = tempfile::tempdir().expect("a folder");
    let found = Found::in_directory(folder.path());
    assert!(!found.is_there && found.told(&[]).is_empty());
    let path = folder.path().join("config.toml");
    std::fs::create_dir(&path).expect("a folder");
    assert_eq!(Found::in_directory(folder.path()).told(&[]), [format!("{}: is no file", path.display())]);
    std::fs::remove_dir(&path).expect("it is empty");
    std::fs::write(&path, [0xff]).expect("a file");
    assert!(Found::in_directory(folder.path()).told(&[])[0].contains("UTF-8"));
    std::fs::write(&path, "mouse = 3").expect("a file");
    let more = [Problem::new(7, "bind.x", "no command")];
    assert_eq!(
        Found::in_directory(folder.path()).told(&more),
        [
            format!("{}:1: mouse: must be true or false, and is integer", path.display()),
            format!("{}:7: bind.x: no command", path.display())
        ]
    );
}
