//! The command line as people and scripts meet it: what commands print.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::without_cache;

pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.heapsnapshot.zst")
}

pub(crate) fn heapwalk(arguments: &[&str]) -> Output {
    without_cache(env!("CARGO_BIN_EXE_heapwalk")).args(arguments).output().expect("heapwalk runs")
}

/// Runs a command on the demo; `FILE` stands for it. All of them share an index: that this changes no answer is said by
/// the tests of the cache.
pub(crate) fn on_demo(line: &str) -> Output {
    let demo = demo();
    let words: Vec<&str> = line.split_whitespace().collect();
    let words: Vec<&str> =
        words.iter().map(|&word| if word == "FILE" { demo.to_str().unwrap() } else { word }).collect();
    let mut command = without_cache(env!("CARGO_BIN_EXE_heapwalk"));
    command.env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/indexes"));
    command.args(words).output().expect("heapwalk runs")
}

pub(crate) fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub(crate) fn json(line: &str) -> Value {
    serde_json::from_str(&stdout(&on_demo(line))).expect("JSON")
}

/// The exit status and the only line on standard error.
pub(crate) fn failure(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(text.lines().count(), 1, "{text}");
    (output.status.code().expect("no signal"), text.trim_end().to_owned())
}

#[test]
fn the_summary_reads_like_devtools() {
    let text = stdout(&on_demo("summary FILE --class session"));
    insta::assert_snapshot!(text, @"
    Constructor                  Count  Distance  Shallow size  Retained size
    SessionStore  server.js:103      1        12    96 B   0 %   7.5 MB  56 %
    Session  server.js:79        4,000        15  320 kB   2 %   7.2 MB  54 %
    ");
}

#[test]
fn every_format_tells_the_same() {
    let whole = json("summary FILE --class session --json");
    assert_eq!(whole["schema"], 1);
    assert_eq!(whole["command"], "summary");
    let session = &whole["rows"][1];
    for (field, value) in [("name", "Session"), ("reach", "user")] {
        assert_eq!(session[field], value);
    }
    assert_eq!([&session["count"], &session["distance"], &session["selfSize"]], [4000, 15, 320_000]);
    assert_eq!(session["location"], "/srv/shop/server.js:79:14");
    let csv = stdout(&on_demo("summary FILE --class session --format csv"));
    assert_eq!(csv.lines().next(), Some("name,key,count,distance,reach,selfSize,retainedSize,location,label"));
    let ndjson = stdout(&on_demo("summary FILE --class session --format ndjson"));
    assert_eq!(serde_json::from_str::<Value>(ndjson.lines().nth(1).unwrap()).unwrap(), *session);
    let markdown = stdout(&on_demo("summary FILE --class session --format markdown"));
    assert!(markdown.lines().nth(1).unwrap().starts_with("| --- | ---: |"), "{markdown}");
}

#[test]
fn limits_hold_and_say_what_is_left_out() {
    let table = stdout(&on_demo("summary FILE --limit 2"));
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(table.lines().last().unwrap().ends_with("more rows (--limit 0 for all)"), "{table}");
    let all = json("summary FILE --json")["rows"].as_array().unwrap().len();
    assert!(all > 100, "JSON has all {all} rows without --limit");
    assert_eq!(json("summary FILE --json --limit 3")["rows"].as_array().unwrap().len(), 3);
}

/// A snapshot of a root and a list of so many links.
fn list(folder: &Path, links: usize) -> PathBuf {
    let node = |place: usize| {
        let is_link = (place > 0) as usize;
        format!("{is_link},{is_link},{},{},{}", place * 2 + 1, is_link * 16, (place < links) as usize)
    };
    let nodes = (0..=links).map(node).collect::<Vec<_>>().join(",");
    let edges = (1..=links).map(|place| format!("0,2,{}", place * 5)).collect::<Vec<_>>().join(",");
    let meta = concat!(
        r#""node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","object"]],"#,
        r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]"#
    );
    let path = folder.join("list.heapsnapshot");
    let text = format!(
        r#"{{"snapshot":{{"meta":{{{meta}}}}},"nodes":[{nodes}],"edges":[{edges}],"strings":["","Link","next"]}}"#
    );
    std::fs::write(&path, text).expect("a file");
    path
}

#[test]
fn every_limit_holds_on_a_long_list() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = list(folder.path(), 2400);
    let run = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (command, rest) = words.split_first().expect("a command");
        stdout(&heapwalk(&[&[*command, file.to_str().unwrap()], rest].concat()))
    };
    let paths = run("paths @4801 --limit 5");
    assert_eq!((paths.lines().count(), paths.lines().last()), (7, Some("… 2,395 more rows (--limit 0 for all)")));
    let object = run("object @4801 --limit 5");
    assert!(object.lines().count() < 30 && object.contains("… 2,395 more"), "{object}");
    let more: Value = serde_json::from_str(&run("object @4801 --limit 5 --json")).expect("JSON");
    assert_eq!(more["result"]["more"]["dominators"], 2395);
    for tree in ["containment", "dominators", "retainers @4801"] {
        let printed = run(&format!("{tree} --depth 3000 --limit 5"));
        assert_eq!((printed.lines().count(), printed.lines().last()), (52, Some("… 1 more row (--limit 0 for all)")));
        let whole = run(&format!("{tree} --depth 3000 --limit 0 --format ndjson"));
        assert!([2399, 2400].contains(&whole.lines().count()), "{tree}");
    }
}

#[test]
fn classes_are_found_as_in_the_explorer() {
    let names = |class: &str| -> Vec<String> {
        let demo = demo();
        let value: Value =
            serde_json::from_str(&stdout(&heapwalk(&["summary", demo.to_str().unwrap(), "--json", "--class", class])))
                .expect("JSON");
        value["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("session server.js:79"), ["Session"]);
    assert_eq!(names("store session"), ["SessionStore"]);
    assert!(names("(closure)").contains(&"Function".to_owned()));
    assert_eq!(names("/^Session$/"), ["Session"]);
    let fuzzy = on_demo("summary FILE --class sstore");
    assert!(String::from_utf8_lossy(&fuzzy.stderr).contains("letters in order"), "{fuzzy:?}");
    assert!(stdout(&fuzzy).contains("SessionStore"));
    assert_eq!(json("summary FILE --class sstore --json")["fuzzy"], true);
    assert_eq!(json("summary FILE --class session --json").get("fuzzy"), None);
    let (status, said) = failure(&on_demo("summary FILE --class /(/"));
    assert_eq!((status, said.as_str()), (2, "heapwalk: unclosed group"));
}

#[test]
fn a_pipe_gets_whole_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.heapsnapshot");
    let long = format!("{} SKU-7", "x".repeat(300));
    let text = format!(
        "{{\"snapshot\":{{\"meta\":{{{}}}}},\"nodes\":[0,0,1,0,1, 1,1,3,16,0],\"edges\":[0,2,5],\"strings\":[\"\",\"{long}\",\"text\"]}}",
        concat!(
            r#""node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","string"]],"#,
            r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]"#
        )
    );
    std::fs::write(&path, text).expect("a file");
    let table = stdout(&heapwalk(&["containment", path.to_str().unwrap()]));
    assert!(table.contains("SKU-7"), "{table}");
    assert!(table.lines().next().unwrap().len() < 140, "the columns stay where they are: {table}");
}

/// A file of two heaps with an object below each, as merged dumps have them.
fn merged(folder: &Path) -> PathBuf {
    let path = folder.join("merged.heapsnapshot");
    let meta = concat!(
        r#""node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","object"]],"#,
        r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]"#
    );
    let nodes = "0,0,1,0,1, 1,1,3,16,0, 0,0,5,0,1, 1,2,7,16,0";
    let text = format!(
        r#"{{"snapshot":{{"meta":{{{meta}}}}},"nodes":[{nodes}],"edges":[0,3,5,0,3,15],"strings":["(GC roots)","First","Second","own"]}}"#
    );
    std::fs::write(&path, text).expect("a file");
    path
}

#[test]
fn each_heap_of_a_merged_file_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = merged(folder.path());
    let rows = |rest: &[&str]| -> Value {
        let words = [&["containment", file.to_str().unwrap(), "--json"], rest].concat();
        serde_json::from_str::<Value>(&stdout(&heapwalk(&words))).expect("JSON")["rows"].clone()
    };
    let roots = rows(&["--depth", "2"]);
    let below = |heap: usize| roots[heap]["children"][0]["name"].as_str().map(str::to_owned);
    let mut names = [below(0), below(1)];
    names.sort();
    assert_eq!(names, [Some("First".into()), Some("Second".into())]);
    assert_eq!(rows(&["@1"])[0]["name"], "First");
    assert_eq!(rows(&["@5"])[0]["name"], "Second");
}

#[test]
fn the_leak_hunt_of_the_guide_works_on_the_command_line() {
    let sessions = json("objects FILE --class Session --json --limit 1");
    let id = sessions["rows"][0]["id"].as_u64().unwrap();
    let paths = json(&format!("paths FILE @{id} --json"));
    let names: Vec<&str> =
        paths["rows"].as_array().unwrap().iter().filter_map(|row| row["edgeName"].as_str()).collect();
    let at = |name: &str| names.iter().position(|other| *other == name);
    assert!(at("sessions") < at("store") && at("store") < at("context"), "{names:?}");
    // What the pane opens by itself is the beginning of the same path.
    let retainers = json(&format!("retainers FILE {id} --json --depth 2"));
    assert_eq!(retainers["rows"][0]["edgeName"], *names[0]);
    assert_eq!(retainers["rows"][0]["children"][0]["edgeName"], *names[1]);
}

#[test]
fn trees_are_nested_in_json_and_flat_in_csv() {
    let tree = json("dominators FILE --json --depth 2 --limit 2");
    let first = &tree["rows"][0];
    assert_eq!(first["children"].as_array().unwrap().len(), 2);
    let csv = stdout(&on_demo("dominators FILE --format csv --depth 2 --limit 2"));
    let depth = csv.lines().next().unwrap().split(',').position(|field| field == "depth").expect("a depth");
    assert!(csv.lines().count() > 4 && depth > 0, "{csv}");
    let containment = stdout(&on_demo("containment FILE --limit 2"));
    assert!(containment.contains("(GC roots) @"), "{containment}");
}

#[test]
fn one_object_is_told_in_full() {
    let session = json("objects FILE --class Session --json --limit 1")["rows"][0]["id"].as_u64().unwrap();
    let result = json(&format!("object FILE {session} --json"))["result"].clone();
    assert_eq!(result["className"], "Session");
    // Lines and columns as in the file, from zero.
    let location = serde_json::json!({"script": "/srv/shop/server.js", "scriptId": 78, "line": 78, "column": 13});
    assert_eq!(result["location"], location);
    assert_eq!(result["dominators"].as_array().unwrap().last().unwrap()["id"], 1);
    let references: Vec<&str> =
        result["references"].as_array().unwrap().iter().filter_map(|row| row["edgeName"].as_str()).collect();
    assert!(references.contains(&"user") && references.contains(&"cart"), "{references:?}");
    let table = stdout(&on_demo(&format!("object FILE @{session}")));
    assert!(table.contains("className") && table.contains("cart::"), "{table}");
    assert!(table.contains("/srv/shop/server.js:79:14"), "{table}");
}

#[test]
fn statistics_add_up_to_the_total() {
    let result = json("statistics FILE --json")["result"].clone();
    let parts = result.as_object().unwrap().iter().filter(|(name, _)| *name != "total");
    assert_eq!(parts.map(|(_, size)| size.as_u64().unwrap()).sum::<u64>(), result["total"].as_u64().unwrap());
}

#[test]
fn scopes_limit_the_summary() {
    let all = json("summary FILE --json");
    let strings = json("summary FILE --json --scope duplicated-strings");
    let names: Vec<&str> = strings["rows"].as_array().unwrap().iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["(string)", "(concatenated string)"]);
    let count =
        |rows: &Value| rows["rows"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap()).sum::<u64>();
    let range = json("summary FILE --json --scope 0..100000");
    assert!(count(&range) < count(&all) && count(&range) > 0);
    let unreachable = json("summary FILE --json --scope unreachable")["rows"].clone();
    let reaches: Vec<&Value> = unreachable.as_array().into_iter().flatten().map(|row| &row["reach"]).collect();
    assert!(!reaches.is_empty() && reaches.iter().all(|reach| *reach == "none"), "{unreachable}");
    let (status, text) = failure(&on_demo("summary FILE --scope nonsense"));
    assert_eq!(status, 1);
    assert!(text.contains("duplicated-strings"), "{text}");
}

#[test]
fn the_summary_by_file_and_by_package_has_every_object_once() {
    let sum = |rows: &Value, field: &str| {
        rows.as_array().expect("rows").iter().map(|row| row[field].as_u64().expect("a number")).sum::<u64>()
    };
    for by in ["file", "package"] {
        for limits in ["", "--own", "--scope duplicated-strings", "--class session", "--own --class session"] {
            let [classes, groups] = ["".to_owned(), format!("--by {by}")]
                .map(|by| json(&format!("summary FILE --json {limits} {by}"))["rows"].clone());
            for field in ["count", "selfSize"] {
                assert_eq!(sum(&classes, field), sum(&groups, field), "{field} {by} {limits}");
            }
        }
    }
    let own = json("summary FILE --json --own --by file")["rows"].clone();
    assert_eq!((own[0]["kind"].as_str(), own[0]["label"].as_str()), (Some("file"), Some("server.js")));
    assert!(own[0]["name"].as_str().is_some_and(|name| name.ends_with("/server.js") && name.starts_with('/')));
    let packages = stdout(&on_demo("summary FILE --by package --limit 2"));
    assert!(packages.lines().nth(1).is_some_and(|line| line.starts_with("the program ")), "{packages}");
    assert!(packages.lines().nth(2).is_some_and(|line| line.starts_with("node: internals ")), "{packages}");
}

#[test]
fn own_code_limits_dominators_and_comparisons() {
    let rows = json("dominators FILE --own --json")["rows"].clone();
    assert_eq!(rows[0]["id"], 210025, "the array of routes: {}", rows[0]);
    let below = json("dominators FILE @210025 --own --json")["rows"].clone();
    assert_eq!(below[0]["name"], "{method, path, handle}");
    let all = json("dominators FILE --json")["rows"].as_array().expect("rows").len();
    assert!(rows.as_array().expect("rows").len() < all / 2);
    let compared = |more: &str| {
        let line = format!("compare {} FILE --own --json{more}", demo().display());
        json(&line)["rows"].as_array().expect("rows").iter().map(|row| row["name"].clone()).collect::<Vec<_>>()
    };
    assert!(compared("").is_empty());
    let own = compared(" --all");
    assert!(own.contains(&"Session".into()) && !own.contains(&"(string)".into()), "{own:?}");
}

#[test]
fn the_first_path_is_the_one_that_the_reason_speaks_of() {
    for id in ["@75851", "@74377", "@69013", "@210255", "@6467"] {
        let why = json(&format!("why FILE {id} --json"))["result"]["path"].clone();
        for count in [1, 3] {
            let paths = json(&format!("paths FILE {id} --count {count} --json"))["rows"].clone();
            let first = paths.as_array().expect("rows").iter().filter(|row| row["path"] == 1).skip(1);
            let first: Vec<(&Value, &Value)> = first.map(|row| (&row["id"], &row["edgeName"])).collect();
            let told = why.as_array().expect("a path").iter().map(|row| (&row["id"], &row["edgeName"]));
            assert_eq!(first, told.collect::<Vec<_>>(), "{id} of {count}");
        }
    }
    let said = on_demo("paths FILE @75851 --count 9");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(
        said.trim_end(),
        "heapwalk: 4 paths, each over another holder of system / Context @6467: there are no others"
    );
    let why = stdout(&on_demo("why FILE @75851"));
    assert!(why.contains("others  none; farther out the ways part: system / Context @6467 has 4 holders"), "{why}");
}

#[test]
fn commands_know_the_demo_by_its_name() {
    let named = heapwalk(&["summary", "demo", "--json"]);
    let [named, of_file]: [Value; 2] =
        [named, on_demo("summary FILE --json")].map(|output| serde_json::from_str(&stdout(&output)).expect("JSON"));
    assert_eq!(named["rows"], of_file["rows"]);
    assert!(stdout(&heapwalk(&["info", "demo"])).contains("154131"), "{}", stdout(&heapwalk(&["info", "demo"])));
}

#[test]
fn repeated_strings_are_listed_with_what_they_waste() {
    let rows = json("strings FILE --json");
    let row = rows["rows"].as_array().unwrap().iter().find(|row| row["value"] == "collected in the shop").unwrap();
    assert_eq!(row["ids"].as_array().unwrap().len() as u64, row["count"].as_u64().unwrap());
    assert!(row["wastedSize"].as_u64() < row["selfSize"].as_u64());
}

#[test]
fn a_snapshot_has_not_changed_since_itself() {
    let output = on_demo("compare FILE FILE --json");
    assert_eq!(serde_json::from_str::<Value>(&stdout(&output)).unwrap()["rows"], Value::Array(Vec::new()));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn comparisons_are_sorted_by_any_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, all] = [1, 3].map(|links| {
        let file = list(folder.path(), links);
        let path = folder.path().join(format!("{links}.heapsnapshot"));
        std::fs::rename(file, &path).expect("a file");
        path.to_str().unwrap().to_owned()
    });
    let run = |sort: &str| heapwalk(&["compare", &one, &all, "--sort", sort]);
    for column in ["name", "new", "delta", "size", "freed"] {
        assert!(stdout(&run(column)).contains("Link"), "{column}");
    }
    assert!(failure(&run("nonsense")).1.contains("no column is called nonsense"));
}

#[test]
fn classes_without_change_are_left_out_of_a_comparison_unless_all_are_wanted() {
    let output = on_demo("compare FILE FILE");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(" classes in which nothing has changed are left out (--all for them too)"), "{said}");
    let output = on_demo("compare FILE FILE --all --json");
    let all = serde_json::from_str::<Value>(&stdout(&output)).unwrap();
    let classes = json("summary FILE --json");
    assert_eq!(all["rows"].as_array().unwrap().len(), classes["rows"].as_array().unwrap().len());
    assert!(all["rows"].as_array().unwrap().iter().all(|row| row["addedCount"] == 0 && row["sizeDelta"] == 0));
}

#[test]
fn allocation_needs_stacks_and_says_so() {
    let (status, text) = failure(&on_demo("allocation FILE"));
    assert_eq!(status, 1);
    assert!(text.contains("holds no allocation stacks"), "{text}");
}

#[test]
fn an_ignored_retainer_makes_the_path_take_another_way() {
    let session = json("objects FILE --class Session --json --limit 1")["rows"][0]["id"].as_u64().unwrap();
    let store = json("objects FILE --class SessionStore --json")["rows"][0]["id"].as_u64().unwrap();
    let ids = |paths: Value| -> Vec<u64> {
        paths["rows"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect()
    };
    assert!(ids(json(&format!("paths FILE {session} --json"))).contains(&store));
    assert!(!ids(json(&format!("paths FILE {session} --json --ignore {store}"))).contains(&store));
}

#[test]
fn info_needs_no_index() {
    let result = json("info FILE --json")["result"].clone();
    assert_eq!(result["producer"], "Node 22 (V8 12) or Bun");
    assert_eq!(result["compressed"], true);
    assert_eq!(result["complete"], Value::Null);
    let full = json("info FILE --json --full")["result"].clone();
    assert_eq!([&full["nodes"], &full["edges"]], [&result["nodes"], &result["edges"]]);
    assert_eq!(full["complete"], true);
    // Its strings tell what its header leaves open.
    assert_eq!(full["producer"], "Node 22 (V8 12)");
    assert_eq!(full["lacks"], serde_json::json!(["allocation stacks"]));
}

#[test]
fn native_contexts_own_share_and_leave_all_bytes() {
    let text = stdout(&on_demo("contexts FILE"));
    insta::assert_snapshot!(text, @"
    Native context                                       Owns  Shallow size  Retained size
    system / NativeContext @6347                12.8 MB  96 %        2.3 kB  57.0 kB   0 %
    Objects not attributed to a native context   523 kB   4 %
    Objects shared between native contexts          0 B   0 %
    ");
    let rows = json("contexts FILE --json");
    let owned: u64 =
        rows["rows"].as_array().expect("rows").iter().map(|row| row["attributedSize"].as_u64().unwrap()).sum();
    assert_eq!(owned, json("statistics FILE --json")["result"]["total"].as_u64().unwrap());
}

#[test]
fn no_path_says_whose_fault_it_is() {
    let output = on_demo("paths FILE @210217 --ignore @210215");
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("@210217 has no path from a root: nothing else holds it"), "{said}");
}

#[test]
fn info_reads_the_header_of_what_summary_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let snapshot = concat!(
        r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["object"]],"#,
        r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"]]},"node_count":1,"edge_count":0},"#,
        r#""nodes":[0,0,1,0,0],"edges":[],"strings":["a"]}"#
    );
    let wrapped = write("wrapped.json", &serde_json::json!({ "before": 1, "heapDumpJSON": snapshot }).to_string());
    assert!(stdout(&heapwalk(&["info", &wrapped])).contains("type, name, id, self_size, edge_count"));
    let foreign = write("foreign.json", r#"{"a":1}"#);
    let (status, line) = failure(&heapwalk(&["info", &foreign]));
    assert_eq!(status, 2);
    assert!(line.ends_with("there is no section `snapshot`: not a heap snapshot"), "{line}");
}

#[test]
fn a_query_finds_objects_and_says_what_they_add_up_to() {
    let output = on_demo("find FILE has:sessions --limit 2");
    insta::assert_snapshot!(stdout(&output), @r"
    Object                                   Distance  Shallow size  Retained size
    SessionStore @210215  property sessions        12    96 B   0 %   7.5 MB  56 %
    ");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"heapwalk: 1 object, 96 B shallow, 7.5 MB retained");
    let whole = json("find FILE class:Session --json");
    assert_eq!((&whole["command"], &whole["query"]), (&"find".into(), &"class:Session".into()));
    assert_eq!(whole["set"]["objects"], 4000);
    assert_eq!(whole["set"]["selfSize"], 320_000);
    let of_class = &json("summary FILE --class /^Session$/ --json")["rows"][0];
    assert_eq!(whole["set"]["retainedSize"], of_class["retainedSize"]);
    assert_eq!((whole["rows"].as_array().unwrap().len(), &whole["notes"]), (4000, &Value::Array(Vec::new())));
}

#[test]
fn what_fits_is_a_field_and_what_is_not_in_the_file_is_said() {
    let whole = json("find FILE has:sessions --json");
    assert_eq!(whole["rows"][0]["match"], "property sessions");
    let whole = json("find FILE text~nowhere-to-be-found --json");
    assert_eq!((&whole["set"]["objects"], &whole["notes"][0]["kind"]), (&0.into(), &"cutStrings".into()));
    assert!(whole["notes"][0]["count"].as_u64() > Some(10) && whole["notes"][0]["at"] == 1024, "{whole}");
    assert_eq!(json("find FILE type:text --json")["notes"][0]["kind"], "noType");
}

#[test]
fn a_mistake_in_a_query_has_a_caret() {
    let output = on_demo("find FILE class:Session shallow>x");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    heapwalk: query, character 23: expected a size, as in shallow>1kB
      class:Session shallow>x
                            ^
    ");
    let (status, said) = failure(&on_demo("find FILE dominated:@999999999"));
    assert_eq!((status, said.as_str()), (1, "heapwalk: no object has the id @999999999"));
}

#[test]
fn help_explains_pages_commands_and_names_of_the_engine() {
    let list = stdout(&heapwalk(&["help", "topics"]));
    assert!(list.contains("\nrss           Why the file is not the memory of the process\n"), "{list}");
    let page = stdout(&heapwalk(&["help", "hunt"]));
    assert!(
        page.starts_with("The five steps of a leak hunt\n─────────────────────────────\n\nA leak is an object"),
        "{page}"
    );
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    assert!(stdout(&heapwalk(&["help", "find"])).contains("Usage: heapwalk find [OPTIONS]"));
    assert_eq!(
        stdout(&heapwalk(&["help", "(sliced string)"])),
        "(sliced string): Pieces of longer texts. Each keeps the whole of its text alive.\n"
    );
    assert!(stdout(&heapwalk(&["help"])).ends_with("Pages that explain: `heapwalk help topics` lists them.\n"));
    assert_eq!(
        failure(&heapwalk(&["help", "hnt"])),
        (2, "heapwalk: no command and no page of help is called hnt; did you mean `heapwalk help hunt`?".into())
    );
}

#[test]
fn the_picture_is_text_a_file_or_rows() {
    let text = stdout(&on_demo("picture FILE --width 76 --depth 9"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 10);
    assert!(lines[9].starts_with("· objects   \" strings   / functions"), "{text}");
    assert!(lines[0].starts_with("│all objects 13.4 MB 100 %--"), "{text}");
    assert!(lines.iter().any(|line| line.starts_with("│SessionStore @210215 7.5 MB 56 %")), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("heap.svg");
    let output = on_demo(&format!("picture FILE --svg {} --form treemap --of 210215", path.display()));
    assert!(output.status.success(), "{output:?}");
    let svg = std::fs::read_to_string(&path).expect("the file is whole");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains("Session ×4,000"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing half-made is left");
    let again = format!("picture FILE --svg {} --width 100", path.display());
    let there = format!("heapwalk: {}: there is such a file already; --force writes over it", path.display());
    assert_eq!(failure(&on_demo(&again)), (2, there));
    assert!(std::fs::read_to_string(&path).expect("it is as it was") == svg);
    assert!(on_demo(&format!("{again} --force")).status.success());
    assert!(std::fs::read_to_string(&path).expect("another one") != svg);
    assert!(on_demo("picture FILE --svg /dev/null").status.success());
    let rows = json("picture FILE --json --width 100")["rows"].as_array().expect("rows").clone();
    let size = |row: &Value| row["retainedSize"].as_u64().expect("a size");
    for (at, row) in rows.iter().enumerate() {
        let below = rows.iter().filter(|other| other["parent"] == at).map(size).sum::<u64>();
        assert!(below <= size(row), "what is below is not more: {row}");
    }
    let (status, error) = failure(&on_demo("picture FILE --svg /nowhere/heap.svg"));
    assert_eq!((status, error.starts_with("heapwalk: /nowhere/heap.svg: ")), (2, true), "{error}");
    assert_eq!(failure(&on_demo("picture FILE --of 999999999")).0, 1);
}
