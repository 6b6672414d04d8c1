//! Whole files: sections in any order, damaged, odd, foreign, compressed and wrapped ones.

use super::*;

#[test]
fn sections_may_stand_in_any_order_with_unknown_ones_between() {
    let sections = [
        ("snapshot", META),
        ("nodes", NODES),
        ("edges", EDGES),
        ("future", r#"{"a":["]}",{"b":null}]}"#),
        ("strings", STRINGS),
    ];
    for turn in 0..sections.len() {
        let mut turned = sections;
        turned.rotate_left(turn);
        let columns = load(file(&turned)).unwrap();
        assert_eq!(columns.warnings, Vec::<String>::new(), "order {turned:?}");
        assert_eq!(columns.nodes.id(NodeIx(1)), 3);
        assert_eq!(columns.nodes.self_sizes.get(1), 40);
        assert_eq!(columns.nodes.edges(NodeIx(1)), 1..2);
        assert_eq!(columns.edges.target(EdgeIx(0)), NodeIx(1));
        assert_eq!(columns.edges.name_or_index(EdgeIx(1)), 7);
        assert_eq!(columns.strings.text(StrIx(1)), "a");
    }
}

#[test]
fn what_is_cut_off_says_where() {
    let whole = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]);
    for end in 1..whole.len() - 2 {
        let message = error(&whole.as_bytes()[..end]);
        assert!(message.contains("cut off"), "cut at {end}: {message}");
    }
    assert_eq!(
        error(&whole.as_bytes()[..whole.find("\"strings\"").unwrap() - 5]),
        format!(
            "edges: the file ends inside this section at byte {}; it is cut off: copy it again, or take a new snapshot",
            whole.find("\"strings\"").unwrap() - 5
        )
    );
    let no_brace = load(&whole.as_bytes()[..whole.len() - 2]).unwrap();
    assert_eq!(no_brace.warnings, ["the last brace is missing; everything before it is there"]);
}

#[test]
fn foreign_files_get_their_name() {
    assert_eq!(error(""), "the file is empty; was the snapshot written to its end?");
    assert_eq!(error("{}"), "there is no section `snapshot`: not a heap snapshot");
    assert_eq!(error("\x7fPNG"), "this is not JSON; a heap snapshot begins with {\"snapshot\":");
    assert_eq!(error("<!doctype html>"), "this is a web page, not a heap snapshot; download the file itself");
    assert_eq!(error(b"\xff\xfe{\0".to_vec()), "this is UTF-16 text, not a heap snapshot; save it as UTF-8");
}

#[test]
fn files_of_other_kinds_get_their_name_and_a_way() {
    let mut tar = vec![b'x'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let cases: [(&[u8], &str, &str); 15] = [
        (b"PK\x03\x04\x14\0", "a zip archive", "unzip -p"),
        (b"\xfd7zXZ\x00\x00", "an xz file", "xz -dc"),
        (b"BZh91AY", "a bzip2 file", "bzip2 -dc"),
        (b"\x04\x22\x4d\x18", "an lz4 file", "lz4 -dc"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x"),
        (&tar, "a tar archive", "tar -xOf"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer", "git lfs pull"),
        (b"dartheap\x01", "a heap snapshot of Dart", "Dart DevTools"),
        (b"JAVA PROFILE 1.0.2\0", "a heap dump of Java (hprof)", "Eclipse MAT"),
        (b"eyJzbmFwc2hvdCI6eyJtZXRhIj", "text in base64", "base64 -d"),
        (b"H4sIAAAAAAAAA", "text in base64", "base64 -d"),
        (b"data:application/json;base64,eyJ", "a data URL", "base64 -d"),
        (b"[{\"method\":1}]", "a JSON list", "begins with"),
        (b" <html>", "a web page", "download"),
        (b"\x7fELF\x02", "a program or a core dump", "while it runs"),
    ];
    for (bytes, what, way) in cases {
        let told = error(bytes);
        assert!(told.starts_with(&format!("this is {what}")) && told.contains(way), "{told}");
    }
    for firefox in [&b"\x09\x08\x80\x91\x93\x8a\xa4\x8f\xd4\x02\x13"[..], b"\x12\x08\x80\x90\xb7\xf0"] {
        let told = error(gzip(firefox));
        assert!(told.starts_with("this is a memory snapshot of Firefox (.fxsnapshot)"), "{told}");
    }
    assert!(error(r#"{"type":"ROOT","root":"vm"}"#).starts_with("this is a heap dump of Ruby"));
    assert!(error(r#"{"method":"HeapProfiler.addHeapSnapshotChunk"}"#).starts_with("this is a log of the inspector"));
    assert!(error(r#"{"traceEvents":[]}"#).starts_with("this is a trace"));
}

#[test]
fn impossible_graphs_are_refused() {
    let with = |nodes, edges| file(&[("snapshot", META), ("nodes", nodes), ("edges", edges), ("strings", STRINGS)]);
    let at = |text: &str, value: &str| text.find(value).unwrap();
    let past = with(NODES, "[1,1,5,0,7,5000000000]");
    assert_eq!(
        error(past.as_str()),
        format!(
            "edges: value 5000000000 points past the last node at byte {}; the file is damaged: copy it again",
            at(&past, "5000000000")
        )
    );
    assert!(error(with(NODES, "[1,1,5,0,7,3]")).contains("points into the middle of a node"));
    assert!(error(with("[2,0,1,0,1,1,1,3,40,2]", EDGES)).contains("more edges are promised than the 2 there are"));
    assert!(error(with("[2,0,1,0,4000000000,1,1,3,40,4000000000]", EDGES)).contains("more edges are promised"));
    assert!(error(with("[2,0,1,0]", EDGES)).contains("in the middle of a record"));
    assert!(error(with("[2,0,1,0,null]", EDGES)).contains("found `n` where a number should be"));
    assert!(error(with("[]", "[]")).contains("holds no objects"));
}

#[test]
fn a_place_in_edges_that_waited_for_their_nodes_may_not_be_negative_either() {
    for edges in ["[1,1,5,0,7,-5]", "[1,1,-5,0,7,0]"] {
        let [header, nodes, edges, strings] =
            [("snapshot", META), ("nodes", NODES), ("edges", edges), ("strings", STRINGS)];
        for sections in
            [[header, nodes, edges, strings], [header, edges, nodes, strings], [edges, nodes, strings, header]]
        {
            let message = error(file(&sections));
            assert!(message.starts_with("edges: a reference to a negative place"), "{message}");
        }
    }
    // There is only one zero.
    let zero = file(&[("snapshot", META), ("nodes", NODES), ("edges", "[1,1,5,0,7,-0]"), ("strings", STRINGS)]);
    assert_eq!(load(zero).unwrap().edges.target(EdgeIx(1)), NodeIx(0));
}

#[test]
fn headers_that_are_none_are_refused() {
    let deep = |depth: usize| {
        let nest = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let meta = format!("{{\"nest\":{nest},{}", &META[1..]);
        file(&[("snapshot", &meta), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)])
    };
    assert!(load(deep(64)).is_ok());
    assert_eq!(error(deep(65)), "snapshot: is nested too deeply at byte 13; the file is damaged: copy it again");
    let fields = format!("\"edge_count\"{}]", ",\"x\"".repeat(60));
    let wide = META.replace("\"edge_count\"]", &fields);
    for sections in [["snapshot", "nodes"], ["nodes", "snapshot"]] {
        let text = |name| if name == "nodes" { "[]" } else { wide.as_str() };
        let sections = sections.map(|name| (name, text(name)));
        let rest = [("edges", "[]"), ("strings", STRINGS)];
        assert_eq!(error(file(&[sections, rest].concat())), "snapshot: 65 fields for nodes are too many");
    }
}

#[test]
fn any_number_of_sections_may_be_unknown() {
    let names: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
    let mut sections: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "0")).collect();
    sections.extend([("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]);
    assert_eq!(load(file(&sections)).unwrap().warnings, [""; 0]);
}

#[test]
fn what_is_odd_but_readable_warns() {
    let meta = META.replace("\"node_count\":2", "\"node_count\":1000000000000000");
    let odd =
        file(&[("snapshot", &meta), ("nodes", "[2,9,1,0,1,1,1,3,-40,0]"), ("edges", EDGES), ("strings", STRINGS)]);
    let columns = load(odd).unwrap();
    assert_eq!(
        columns.warnings,
        [
            "1 edges belong to no node; the last node gets them",
            "1 names point past the strings; shown as (missing name)",
            "the header claims 1000000000000000 nodes, the file holds 2",
            "1 sizes are negative: read as 32-bit numbers that overflowed",
        ]
    );
    assert_eq!(columns.nodes.self_sizes.get(1), (1 << 32) - 40);
    assert_eq!(columns.strings.text(columns.nodes.name(NodeIx(0))), "(missing name)");
    assert_eq!(columns.nodes.edges(NodeIx(1)), 1..2);
}

#[test]
fn blocks_are_put_together_in_order_whatever_their_size() {
    // Enough records for many blocks; ids tell the order.
    let count = 400_000;
    let mut nodes = String::from("[");
    for id in 0..count {
        nodes.push_str(&format!("{}1,1,{},{},0\n", if id > 0 { "," } else { "" }, id * 2 + 1, id % 100));
    }
    nodes.push(']');
    let columns = load(file(&[("snapshot", META), ("nodes", &nodes), ("edges", "[]"), ("strings", STRINGS)])).unwrap();
    assert_eq!(columns.nodes.len(), count);
    assert!((0..count).all(|node| columns.nodes.id(NodeIx::new(node)) == node as u64 * 2 + 1));
}

#[test]
fn gzip_and_zstd_are_read_by_content_and_may_have_several_members() {
    let whole = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]).into_bytes();
    let (left, right) = whole.split_at(whole.len() / 2);
    let zstd = |part: &[u8]| zstd::stream::encode_all(part, 1).unwrap();
    for packed in [[gzip(left), gzip(right)].concat(), [zstd(left), zstd(right)].concat()] {
        assert_eq!(load(packed.clone()).unwrap().file_bytes, whole.len() as u64 - 1);
        let cut = error(&packed[..packed.len() - 12]);
        assert!(cut.contains("cut off"), "{cut}");
    }
}

fn gzip(part: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(part).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn element_numbers_are_those_of_the_file_however_large() {
    let numbers = [0, (1 << 29) - 1, u64::from(u32::MAX), 1 << 32, 5_000_000_000, u64::MAX];
    let edges: Vec<String> = numbers.iter().map(|number| format!("0,{number},5")).collect();
    let nodes = NODES.replacen("0,1,1,1,3", &format!("0,{},1,1,3", numbers.len()), 1).replacen("40,1]", "40,0]", 1);
    let edges = format!("[{}]", edges.join(","));
    let columns =
        load(file(&[("snapshot", META), ("nodes", &nodes), ("edges", &edges), ("strings", STRINGS)])).unwrap();
    let read: Vec<u64> = (0..numbers.len()).map(|edge| columns.edges.number(EdgeIx::new(edge))).collect();
    assert_eq!(read, numbers);
}

#[test]
fn types_of_v8_that_an_old_header_forgot_are_known() {
    let types = &crate::columns::NodeType::NAMES[..12];
    let meta = META.replacen(r#"["hidden","object","synthetic"]"#, &serde_json::json!(types).to_string(), 1);
    let nodes = "[9,0,1,0,1,12,1,3,40,1]";
    let columns = load(file(&[("snapshot", &meta), ("nodes", nodes), ("edges", EDGES), ("strings", STRINGS)])).unwrap();
    assert_eq!(columns.nodes.types[1], crate::columns::NodeType::SYMBOL);
    assert!(!columns.warnings.iter().any(|warning| warning.contains("type")), "{:?}", columns.warnings);
}

#[test]
fn what_stands_behind_a_gzip_file_is_passed_over() {
    let whole = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]).into_bytes();
    for behind in [&b"\0"[..], &[0; 5000], b"signed by nobody", b"\x1e\x8b", b"\n"] {
        let (left, right) = whole.split_at(40);
        let columns = load([&gzip(left)[..], &gzip(right), behind].concat()).unwrap();
        assert_eq!((columns.nodes.len(), columns.warnings), (2, Vec::new()), "{behind:?}");
    }
    // Thousands of members, as block compressors write them.
    let many: Vec<u8> = whole.iter().flat_map(|&byte| gzip(&[byte])).collect();
    assert_eq!(load(many).unwrap().nodes.len(), 2);
}

#[test]
fn a_cancelled_read_ends() {
    let watch = Arc::new(Watch::default());
    watch.meter.cancel();
    let text = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]).into_bytes();
    let source = Source::from_reader("test", Box::new(std::io::Cursor::new(text)), &watch).unwrap();
    let result = collect::read(Reader::new(source), &Options::default(), &watch);
    assert!(matches!(result, Err(crate::error::Error::Cancelled)));
}

#[test]
fn a_snapshot_in_a_json_string_is_read_like_any_other() {
    let strings = r#"["", "caf\u00e9 \"q\" \ud83d\ude00 \v"]"#;
    let whole = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", strings)]);
    let wrapped = serde_json::json!({ "memoryUsageBytes": 5, "heapDumpJSON": whole }).to_string();
    let ascii: String = wrapped
        .chars()
        .flat_map(|c| if c.is_ascii() { vec![c] } else { format!("\\u{:04x}", c as u32).chars().collect() })
        .collect();
    for text in [wrapped, ascii] {
        let columns = load(text).unwrap();
        assert_eq!(columns.strings.text(StrIx(1)), "caf\u{e9} \"q\" \u{1f600} \u{b}");
        assert_eq!(columns.nodes.len(), 2);
    }
    assert_eq!(load(serde_json::json!(whole).to_string()).unwrap().nodes.len(), 2, "a string and nothing around it");
    let cut = serde_json::json!({ "heapDumpJSON": whole }).to_string();
    assert!(error(&cut.as_bytes()[..cut.len() / 2]).contains("cut off"));
}

#[test]
fn strings_in_strings_are_read_to_a_depth() {
    let mut text = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]);
    for depth in 1..=9 {
        // Each level doubles the backslashes of the one inside: what is deeper than this is long, but can be written.
        text = serde_json::json!({ "heapDumpJSON": text }).to_string();
        match load(text.as_str()) {
            Ok(columns) => assert!(depth <= 8 && columns.nodes.len() == 2),
            Err(told) => {
                assert!(depth > 8, "{depth}: {told}");
                let told = told.to_string();
                assert!(told.contains("strings in strings, more than 8 deep; take the snapshot out"), "{told}");
            }
        }
    }
}

#[test]
fn profiles_of_other_kinds_get_their_name() {
    assert!(error(r#"{"nodes":[ {"id":1}],"startTime":1}"#).starts_with("this is a CPU profile"));
    assert!(error(r#"{"head":{"callFrame":{}},"samples":[]}"#).starts_with("this is a sampling heap profile"));
    assert!(error(r#"{"version":3,"type":"Inspector","nodes":[0,1]}"#).contains("generateHeapSnapshot"));
}

#[test]
fn what_is_cut_off_in_its_strings_opens_when_asked_for() {
    let whole = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)]);
    let partial = |end: usize| {
        let watch = Arc::new(Watch::default());
        let bytes = whole.as_bytes()[..end].to_vec();
        let source = Source::from_reader("test", Box::new(std::io::Cursor::new(bytes)), &watch)?;
        collect::read(Reader::new(source), &Options { threads: 1, partial: true }, &watch)
    };
    let strings = whole.find("\"strings\"").unwrap();
    let columns = partial(whole.len() - 5).unwrap();
    assert!(columns.warnings[0].starts_with("the file is cut off after 1 strings"), "{:?}", columns.warnings);
    assert_eq!(columns.strings.text(columns.nodes.name(NodeIx(1))), "(missing name)");
    assert!(partial(strings - 3).is_err(), "cut before the strings there is too little");
}
