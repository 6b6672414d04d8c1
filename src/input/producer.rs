//! A header → who may have written the snapshot: all that is known while the rest is still being read. What the strings
//! tell besides is seen in `heap/producer.rs`.

use crate::columns::Header;

/// The producers whose files have this header (see docs/FORMAT.md for the table).
pub(crate) fn guess(header: &Header) -> &'static str {
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
