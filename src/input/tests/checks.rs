//! What warns, against plain counts.

use proptest::prelude::*;

use super::*;
use crate::base::meter::Meter;

fn late(columns: &Columns) -> Vec<String> {
    late_warnings(columns, &Meter::default()).unwrap()
}

proptest! {
    #[test]
    fn what_the_signs_announce_is_counted_exactly(
        nodes in prop::collection::vec((0..5u64, 0..4u64, any::<bool>(), 0..3u64), 1..30),
        edges in prop::collection::vec((0..4u64, 0..6u64), 0..30),
        has_own_type in any::<bool>(),
        claims_edges in 0..30u64,
        block in 1..60usize,
    ) {
        let own = if has_own_type { ",\"invisible\"" } else { "" };
        let meta = META
            .replace("\"element\",\"property\"", &format!("\"element\",\"property\"{own}"))
            .replace("\"edge_count\":2", &format!("\"edge_count\":{claims_edges}"))
            .replace("\"node_count\":2", "\"node_count\":0");
        let list = |records: Vec<String>| format!("[{}]", records.join(","));
        let minus = |negative: bool| if negative { "-" } else { "" };
        let node_text = |&(kind, name, negative, size): &(u64, u64, bool, u64)| {
            format!("{kind},{name},1,{}{size},0", minus(negative))
        };
        let node_list = list(nodes.iter().map(node_text).collect());
        let edge_list = list(edges.iter().map(|(kind, name)| format!("{kind},{name},0")).collect());
        let text =
            file(&[("snapshot", &meta), ("nodes", &node_list), ("edges", &edge_list), ("strings", r#"["","a","b"]"#)]);
        let columns = load_in(text, Drops { step: 64, block }, &Options { threads: 2, partial: false }).unwrap();

        // Nodes have three types, edges two or three; there are three strings.
        let past = nodes.iter().filter(|node| node.1 >= 3).count()
            + edges.iter().filter(|edge| edge.0 > 0 && edge.1 >= 3).count();
        let negative = nodes.iter().filter(|node| node.2 && node.3 > 0).count();
        let unknown_nodes = nodes.iter().filter(|node| node.0 >= 3).count();
        let unknown_edges = edges.iter().filter(|edge| edge.0 >= 2 && !has_own_type).count();
        let claim = format!("the header claims {claims_edges} edges, the file holds {}", edges.len());
        let is_wrong = claims_edges != 0 && claims_edges as usize != edges.len();
        let say = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}"));
        let expected: Vec<String> = [
            say(edges.len(), "edges belong to no node; the last node gets them"),
            say(past, "names point past the strings; shown as (missing name)"),
            is_wrong.then_some(claim),
            say(negative, "sizes are negative: read as 32-bit numbers that overflowed"),
            say(unknown_nodes, "nodes are of a type that the header does not name"),
            say(unknown_edges, "references are of a type that the header does not name"),
        ]
        .into_iter()
        .flatten()
        .collect();
        prop_assert_eq!(&columns.warnings, &expected);

        let names = &columns.nodes.names;
        prop_assert!(names.iter().zip(&nodes).all(|(&name, node)| u64::from(name) == node.1.min(3)));
        for (index, &(kind, name)) in edges.iter().enumerate() {
            let read = columns.edges.name_or_index(EdgeIx::new(index));
            prop_assert_eq!(u64::from(read), if kind == 0 { name } else { name.min(3) });
        }
    }
}

#[test]
fn ids_and_bytes_of_strings_are_looked_at_late() {
    let nodes = "[2,0,7,0,1,1,1,7,40,1,1,1,5000000000,8,0,1,1,5000000000,8,0]";
    let mut text =
        file(&[("snapshot", META), ("nodes", nodes), ("edges", EDGES), ("strings", "[\"\",\"a\",\"?\",\"\t\"]")])
            .into_bytes();
    let at = text.iter().position(|&byte| byte == b'?').unwrap();
    text[at] = 0xff;
    let columns = load(text).unwrap();
    assert_eq!(columns.warnings, ["the header claims 2 nodes, the file holds 4"]);
    assert_eq!(
        late(&columns),
        [
            "2 objects carry an id that an earlier one has; @id means the first",
            "1 strings hold bytes that are not UTF-8; shown as \u{fffd}",
            "strings hold control characters that JSON does not allow",
        ]
    );
    let cancelled = Meter::default();
    cancelled.cancel();
    assert!(late_warnings(&columns, &cancelled).is_err());
}

#[test]
fn nothing_odd_gives_no_warning() {
    let columns = load(file(&[("snapshot", META), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)])).unwrap();
    assert_eq!((columns.warnings.len(), late(&columns).len()), (0, 0));
}

#[test]
fn edge_types_that_nobody_knows_are_named() {
    let meta = META.replace("\"element\",\"property\"", "\"element\",\"strange\",\"invisible\"");
    let columns = load(file(&[("snapshot", &meta), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)])).unwrap();
    assert_eq!(columns.warnings, ["unknown edge type `strange`: read as a reference with a name"]);
    assert_eq!(columns.types.other_edge, "strange");
}

#[test]
fn a_damaged_trace_tree_is_told_to_who_asks_for_stacks_only() {
    let fields = r#""trace_node_fields":["id","function_info_index","children"],"node_fields""#;
    let meta = META.replace("\"node_fields\"", fields);
    let with = |tree: &str| {
        let sections =
            [("trace_tree", tree), ("snapshot", &meta), ("nodes", NODES), ("edges", EDGES), ("strings", STRINGS)];
        load(file(&sections)).unwrap()
    };
    let tree = with("[1,0,[3,5,[2,6,[]]]]").trace_tree;
    assert_eq!(tree.stack(tree.find(2).unwrap()).map(|call| call.function).collect::<Vec<_>>(), [6, 5, 0]);
    let problem = with("[1,0,{}]").trace_tree.problem.expect("it is damaged");
    assert_eq!(problem.to_string(), "trace_tree: does not follow `trace_node_fields` (byte 5 of the section)");
    let columns = with("[1,0,{}]");
    assert_eq!((columns.nodes.len(), columns.warnings.len()), (2, 0));
}

#[test]
fn sizes_that_no_machine_has_are_not_counted() {
    let with = |sizes: [&str; 2], extra: &str| {
        let meta = META.replacen("\"node_count\"", &format!("\"extra_native_bytes\":{extra},\"node_count\""), 1);
        let nodes = format!("[2,0,1,{},1,1,1,3,{},1]", sizes[0], sizes[1]);
        let mut columns =
            load(file(&[("snapshot", &meta), ("nodes", &nodes), ("edges", EDGES), ("strings", STRINGS)]))?;
        believe_sizes(&mut columns).map(|()| columns)
    };
    let odd = with(["18446744073709551615", "40"], "18446744073709551615").unwrap();
    assert_eq!((odd.nodes.self_sizes.iter().collect::<Vec<_>>(), odd.header.extra_native_bytes), (vec![0, 40], 0));
    assert_eq!(
        odd.warnings,
        [
            "the header's extra_native_bytes are more than any memory: not counted",
            "1 sizes are larger than any memory: taken for 0"
        ]
    );
    let (half, most) = ("9223372036854775808", "9007199254740991");
    assert_eq!(with([half, half], "0").unwrap().warnings, ["2 sizes are larger than any memory: taken for 0"]);
    assert_eq!(with([most, "0"], "0").unwrap().warnings, Vec::<String>::new());
    // DevTools counts so far exactly and goes on counting.
    assert_eq!(with([most, most], most).unwrap().warnings, Vec::<String>::new());
    let mut columns =
        load(file(&[("snapshot", META), ("nodes", &many(600, most)), ("edges", EDGES), ("strings", STRINGS)])).unwrap();
    let told = believe_sizes(&mut columns).unwrap_err().to_string();
    assert!(told.starts_with("nodes: the sizes add up to more than any memory"), "{told}");
}

/// So many nodes of one size; the first two have the edges.
fn many(count: usize, size: &str) -> String {
    let nodes: Vec<String> =
        (0..count).map(|node| format!("1,1,{},{size},{}", 2 * node + 1, usize::from(node < 2))).collect();
    format!("[{}]", nodes.join(","))
}
