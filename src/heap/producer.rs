//! Which program wrote a snapshot, and what its kind of file lacks.

use crate::base::ids::{NodeIx, StrIx};
use crate::columns::{Columns, Header, NodeType};

/// The producer of a snapshot that has been read: its strings tell apart what headers do not.
pub fn name(columns: &Columns) -> String {
    let header = &columns.header;
    let strings = &columns.strings;
    let any = |prefix: &[u8]| (0..strings.len() as u32).any(|string| strings.raw(StrIx(string)).starts_with(prefix));
    let has_type = |name: &str| header.node_types.iter().any(|other| other == name);
    if !has_type("concatenated string") {
        let rootless = columns.nodes.node_type(columns.root()) != NodeType::SYNTHETIC;
        return if rootless { "Valdi (QuickJS)".into() } else { "Valdi (Hermes)".into() };
    }
    let guess = guess(header);
    if !has_type("object shape") && any(b"HiddenClass") {
        return if guess.starts_with("Hermes") { guess.into() } else { "Hermes 1.0".into() };
    }
    let embedder = [
        (&b"Node / "[..], "Node"),
        (b"blink::", "Chromium"),
        (b"ext:", "Deno"),
        (b"workerd", "workerd"),
        (b"bun:", "Bun"),
    ];
    let Some((_, embedder)) = embedder.into_iter().find(|(prefix, _)| any(prefix)) else { return guess.into() };
    match embedder {
        "Bun" => "Bun".into(),
        "Node" if guess.starts_with("Node") => node_only(guess),
        _ => format!("{embedder} ({})", v8_version(guess)),
    }
}

/// `Node 22 (V8 12)` of `Node 22 (V8 12) or Bun`.
fn node_only(guess: &str) -> String {
    guess.find(')').map_or(guess, |end| &guess[..=end]).to_owned()
}

/// `V8 12` of `Node 22 (V8 12) or Bun`.
fn v8_version(guess: &str) -> &str {
    let start = guess.find("V8").unwrap_or(0);
    let rest = &guess[start..];
    &rest[..rest.find([')', ':']).unwrap_or(rest.len())]
}

/// What the file cannot tell, in words.
pub fn lacks(columns: &Columns) -> Vec<&'static str> {
    let has_numbers =
        (0..columns.nodes.len()).any(|node| columns.nodes.node_type(NodeIx::new(node)) == NodeType::NUMBER);
    [
        (columns.nodes.has_detachedness(), "which DOM nodes are detached"),
        (!columns.locations.is_empty(), "where functions stand"),
        (has_numbers, "numbers"),
        (columns.header.trace_function_count > 0, "allocation stacks"),
    ]
    .into_iter()
    .filter(|(there, _)| !there)
    .map(|(_, what)| what)
    .collect()
}

/// The producers whose files have this header (see docs/FORMAT.md for the table).
pub fn guess(header: &Header) -> &'static str {
    let has = |fields: &[String], name: &str| fields.iter().any(|field| field == name);
    let detachedness = has(&header.node_fields, "detachedness");
    let trace = has(&header.node_fields, "trace_node_id");
    let no_counts = header.node_count == Some(0);
    if !has(&header.node_types, "concatenated string") {
        "Valdi (Hermes or QuickJS)"
    } else if has(&header.location_fields, "script_object_index") {
        "V8 15: Chromium 150 or later, Deno 2.9, workerd"
    } else if has(&header.node_types, "wasm object") {
        "Node 20 (V8 11)"
    } else if has(&header.node_types, "object shape") {
        match trace && header.trace_function_count == 0 {
            true => "Node 22 (V8 12) or Bun",
            false => "Node 24 or 26 (V8 13 or 14), or Chromium 131",
        }
    } else if no_counts {
        if detachedness { "Hermes 0.8 to 0.11" } else { "Hermes 0.5 to 0.7" }
    } else if detachedness {
        "Node 16 or 18 (V8 9 or 10), or Hermes 1.0"
    } else if header.location_fields.is_empty() {
        "Node 10 (V8 6)"
    } else {
        "Node 12 or 14 (V8 7 or 8)"
    }
}
