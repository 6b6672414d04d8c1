//! Blocks end anywhere, and any number of threads parses them: the columns stay the same.

use proptest::prelude::*;

use super::*;

/// A graph that holds what blocks could lose: ids and sizes of 64 bits, element numbers past 29 bits, allocation sites
/// and states of a few nodes only.
const HEADER: &str = r#"{"meta":{
"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
"node_types":[["hidden","object","synthetic"]],
"edge_fields":["type","name_or_index","to_node"],
"edge_types":[["element","property","hidden"]],
"location_fields":["object_index","script_id","line","column"],
"sample_fields":["timestamp_us","last_assigned_id"]}"#;
const NODE_FIELDS: usize = 7;

/// The columns as plain values, to be compared.
#[derive(Debug, PartialEq)]
struct Plain {
    nodes: Vec<(u8, u32, u64, u64, u32, u8, u32)>,
    first_edges: Vec<u32>,
    edges: Vec<(u8, u32, u32)>,
    strings: Vec<(Vec<u8>, bool)>,
    locations: Vec<(NodeIx, crate::columns::Location)>,
    samples: (Vec<u64>, Vec<u64>),
    warnings: Vec<String>,
    file_bytes: u64,
}

fn plain(columns: &Columns) -> Plain {
    let Columns { nodes, edges, strings, .. } = columns;
    let node = |index| {
        let node = NodeIx::new(index);
        let (id, size) = (nodes.id(node), nodes.self_sizes.get(index));
        let name = nodes.names[index];
        (
            nodes.node_type(node).0,
            name,
            id,
            size,
            nodes.trace_node(node),
            nodes.detachedness(node),
            nodes.first_edges[index],
        )
    };
    let edge = |index| {
        let edge = EdgeIx::new(index);
        (edges.edge_type(edge).0, edges.name_or_index(edge), edges.target(edge).0)
    };
    let string = |index| (strings.raw(StrIx(index)).to_vec(), strings.is_coded(StrIx(index)));
    Plain {
        nodes: (0..nodes.len()).map(node).collect(),
        first_edges: nodes.first_edges.to_vec(),
        edges: (0..edges.len()).map(edge).collect(),
        strings: (0..strings.len() as u32).map(string).collect(),
        locations: columns.locations.iter().collect(),
        samples: (columns.samples.timestamps_us.to_vec(), columns.samples.last_assigned_ids.to_vec()),
        warnings: columns.warnings.clone(),
        file_bytes: columns.file_bytes,
    }
}

/// Sizes and ids: mostly small, some of every length.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0..200u64, 1 => (any::<u64>(), 0..64u32).prop_map(|(number, shift)| number >> shift)]
}

/// What stands between two numbers.
fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(","), 1 => Just(",\n"), 1 => Just(" , "), 1 => Just("\r\n,\t")]
}

fn array(numbers: &[u64], gap: &str) -> String {
    format!("[{}]", numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(gap))
}

prop_compose! {
    /// The sections of a snapshot, in any order.
    fn snapshot()(
        nodes in prop::collection::vec((0..4u64, 0..7u64, number(), number(), 0..5u64, 0..9u64, 0..3u64), 1..25),
        edges in prop::collection::vec((0..4u64, number(), any::<prop::sample::Index>()), 100),
        strings in prop::collection::vec(r#"[a-z]{0,9}|\\n|\\u00e9x|(\\\\){1,3}|é|\\"q\\"|日本"#, 0..8),
        gap in gap(),
        order in Just([0, 1, 2, 3, 4, 5]).prop_shuffle(),
        in_file_order in any::<bool>(),
        more in [0..5usize, 0..5usize],
        has_counts in any::<bool>(),
    ) -> String {
        let mut node_numbers = Vec::new();
        let mut edge_count = 0;
        for &(kind, name, id, size, own, trace, state) in &nodes {
            edge_count += own as usize;
            node_numbers.extend([kind, name, id, size, own, trace.saturating_sub(5), state]);
        }
        let edge_numbers: Vec<u64> = edges[..edge_count]
            .iter()
            .flat_map(|(kind, name, target)| [*kind, *name, (target.index(nodes.len()) * NODE_FIELDS) as u64])
            .collect();
        let quoted: Vec<String> = strings.iter().map(|text| format!("\"{text}\"")).collect();
        // Two less than there are, or up to two more.
        let [node_count, edge_count] = [nodes.len() + more[0], edge_count + more[1]].map(|count| count.saturating_sub(2));
        let counts = format!(r#","node_count":{node_count},"edge_count":{edge_count}"#);
        let sections = [
            ("snapshot", format!("{HEADER}{}}}", if has_counts { &counts } else { "" })),
            ("nodes", array(&node_numbers, gap)),
            ("edges", array(&edge_numbers, gap)),
            ("samples", array(&[1, 2, 3, 4, 5, 6], gap)),
            ("locations", array(&[0, 7, 3, 5, 1, 1, 1, 1], gap)),
            ("strings", format!("[{}]", quoted.join(gap))),
        ];
        let order = if in_file_order { [0, 1, 2, 3, 4, 5] } else { order };
        file(&order.map(|place: usize| (sections[place].0, sections[place].1.as_str())))
    }
}

const WHOLE: Drops = Drops { step: usize::MAX, block: 1 << 20 };

fn with_threads(threads: usize) -> Options {
    Options { threads, partial: false }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn columns_do_not_depend_on_blocks_threads_and_the_way_bytes_come(
        text in snapshot(), step in 1..40usize, block in 1..500usize, threads in 2..5usize,
    ) {
        let whole = plain(&load_in(text.as_str(), WHOLE, &with_threads(1)).unwrap());
        let serial = load_in(text.as_str(), Drops { step, block }, &with_threads(1)).unwrap();
        prop_assert_eq!(&plain(&serial), &whole);
        let parallel = load_in(text.as_str(), Drops { step, block }, &with_threads(threads)).unwrap();
        prop_assert_eq!(&plain(&parallel), &whole);
    }

    #[test]
    fn a_mistake_is_told_with_its_place_whatever_the_blocks(
        text in snapshot(), at in any::<prop::sample::Index>(), step in 1..40usize, block in 1..200usize,
    ) {
        // The first digit of a number among nodes or edges becomes a letter.
        let section = |name: &str| {
            let start = text.find(&format!("\"{name}\": [")).unwrap() + name.len();
            start..start + text[start..].find(']').unwrap()
        };
        let is_digit = |at: usize| text.as_bytes()[at].is_ascii_digit();
        let is_first = |&at: &usize| is_digit(at) && !is_digit(at - 1);
        let firsts: Vec<usize> = [section("nodes"), section("edges")].into_iter().flatten().filter(is_first).collect();
        let at = firsts[at.index(firsts.len())];
        let mut damaged = text.clone().into_bytes();
        damaged[at] = b'x';
        let error = load_in(damaged, Drops { step, block }, &with_threads(3)).unwrap_err().to_string();
        prop_assert!(error.contains(&format!("found `x` where a number should be at byte {at};")), "{}", error);
    }
}

#[test]
fn integers_are_whole_wherever_a_block_ends() {
    let nodes = "[2,0,1,0,2 ,1,1,3,40000000000,1,\n1,1,5,-8,0]";
    let edges = "[1,1,5,0,4294967294,10, 1,0,0]";
    let meta = META.replace("\"node_count\":2,\"edge_count\":2", "\"node_count\":0");
    let text = file(&[("snapshot", &meta), ("nodes", nodes), ("edges", edges), ("strings", STRINGS)]);
    let whole = plain(&load_in(text.as_str(), WHOLE, &with_threads(1)).unwrap());
    assert_eq!(whole.edges, [(2, 1, 1), (1, 4294967294, 2), (2, 0, 0)]);
    for (step, threads) in (1..40).flat_map(|step| (1..4).map(move |threads| (step, threads))) {
        for block in [1, 2, 3, step, 50] {
            let drops = Drops { step, block };
            let read = load_in(text.as_str(), drops, &with_threads(threads)).unwrap();
            assert_eq!(plain(&read), whole, "{drops:?}, {threads} threads");
        }
    }
}

#[test]
fn many_blocks_of_real_size_give_what_one_thread_gives() {
    use std::fmt::Write;
    let count = 150_000usize;
    let (mut nodes, mut edges) = (String::from("["), String::from("["));
    for node in 0..count {
        let comma = if node > 0 { ",\n" } else { "" };
        let (id, size) = (node * 2 + 1, (node * 7919) << (node % 40));
        let edge_count = node % 4;
        write!(nodes, "{comma}{},{},{id},{size},{edge_count},{},0", node % 3, node % 2, node / 1000).unwrap();
        for edge in 0..edge_count {
            let comma = if edges.len() > 1 { ",\n" } else { "" };
            let target = (node * 31 + edge) % count * NODE_FIELDS;
            write!(edges, "{comma}{},{},{target}", edge % 3, (node * edge) % 2).unwrap();
        }
    }
    let (nodes, edges) = (nodes + "]", edges + "]");
    let header = format!(r#"{HEADER},"node_count":{count},"edge_count":{}}}"#, count / 4 * 6);
    let text = file(&[("snapshot", &header), ("nodes", &nodes), ("edges", &edges), ("strings", STRINGS)]);
    assert!(text.len() > 6 << 20, "several blocks of each");
    let one = plain(&load_in(text.as_str(), WHOLE, &with_threads(1)).unwrap());
    assert_eq!((one.nodes.len(), one.edges.len()), (count, count / 4 * 6));
    assert!((0..count).all(|node| one.nodes[node].2 == node as u64 * 2 + 1), "in the order of the file");
    for threads in 2..5 {
        let several = load_in(text.as_str(), WHOLE, &with_threads(threads)).unwrap();
        assert!(plain(&several) == one, "{threads} threads");
    }
}

const WRITTEN: &str =
    r#"["", "plain", "\"\\\/\b\f\n\r\t\v", "\u00e9\ud83d\ude00\\u", "日本 é", "\\\\\"", "a\u12aBc", "]"]"#;

#[test]
fn strings_are_whole_wherever_a_block_ends() {
    let text = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", WRITTEN)]);
    let whole = load(text.as_str()).unwrap();
    let texts: Vec<_> = (0..8).map(|index| whole.strings.text(StrIx(index)).into_owned()).collect();
    // All but `\v` is JSON.
    let json: Vec<String> = serde_json::from_str(&WRITTEN.replace(r"\v", r"\u000b")).unwrap();
    assert_eq!(texts, json);
    for (step, block) in (1..40).flat_map(|step| (1..40).map(move |block| (step, block))) {
        let read = load_in(text.as_str(), Drops { step, block }, &with_threads(1)).unwrap();
        assert_eq!(plain(&read), plain(&whole), "{step} bytes at a time in blocks of {block}");
    }
}

#[test]
fn strings_cut_off_anywhere_say_so_or_open_in_part() {
    let text = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", WRITTEN)]);
    let whole = load(text.as_str()).unwrap();
    let start = text.find(WRITTEN).unwrap();
    for end in start + 1..start + WRITTEN.len() {
        let drops = Drops { step: 3, block: 5 };
        let cut = &text.as_bytes()[..end];
        let error = load_in(cut, drops, &with_threads(1)).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "strings: the file ends inside this section at byte {end}; it is cut off: copy it again, or open what \
                 is there with --partial"
            )
        );
        let part = load_in(cut, drops, &Options { threads: 1, partial: true }).unwrap();
        assert!(part.is_cut_off);
        // The strings that are there, of which the last may have lost its end, and what stands for the missing ones.
        let there = part.strings.len() - part.warnings.iter().any(|text| text.contains("names point past")) as usize;
        for index in 0..there as u32 {
            let (read, written) = (part.strings.raw(StrIx(index)), whole.strings.raw(StrIx(index)));
            assert!(written.starts_with(read), "cut at {end}");
            assert!(read == written || index as usize == there - 1, "cut at {end}");
        }
    }
}

#[test]
fn an_escape_that_is_none_is_told_with_its_place_wherever_a_block_ends() {
    for wrong in [r"\x", r"\u12g4", r"\u123\"] {
        let strings = format!(r#"["","some text {wrong} and more"]"#);
        let text = file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", &strings)]);
        let at = text.find(wrong).unwrap();
        for step in 1..20 {
            let error = load_in(text.as_str(), Drops { step, block: step }, &with_threads(1)).unwrap_err().to_string();
            let expected = format!("strings: an escape that is none at byte {at}; the file is damaged: copy it again");
            assert_eq!(error, expected);
        }
    }
}
