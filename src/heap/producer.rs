//! Which program wrote a snapshot that has been read, and what its kind of file lacks.

use crate::base::ids::{NodeIx, StrIx};
use crate::columns::{Columns, NodeType};
use crate::input::producer::guess;

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
