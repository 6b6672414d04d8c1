//! A header → who may have written the snapshot: all that is known while the rest is still being read. What the strings
//! tell besides is seen in `heap/producer.rs`.

use crate::columns::{Header, Hermes, Producer, V8, Valdi};

/// The producers whose files have this header (see docs/FORMAT.md for the table).
pub(crate) fn guess(header: &Header) -> Producer {
    let has = |fields: &[String], name: &str| fields.iter().any(|field| field == name);
    let detachedness = has(&header.node_fields, "detachedness");
    let trace = has(&header.node_fields, "trace_node_id");
    let no_counts = header.node_count == Some(0);
    if !has(&header.node_types, "concatenated string") {
        Producer::Valdi(Valdi::Either)
    } else if has(&header.location_fields, "script_object_index") {
        Producer::Embedder(V8::V15)
    } else if has(&header.node_types, "wasm object") {
        Producer::Embedder(V8::V11)
    } else if has(&header.node_types, "object shape") {
        let is_old = trace && header.trace_function_count == 0;
        Producer::Embedder(if is_old { V8::V12 } else { V8::V13To14 })
    } else if no_counts {
        Producer::Hermes(if detachedness { Hermes::V0_8To0_11 } else { Hermes::V0_5To0_7 })
    } else if detachedness {
        Producer::Embedder(V8::V9To10)
    } else if header.location_fields.is_empty() {
        Producer::Embedder(V8::V6)
    } else {
        Producer::Embedder(V8::V7To8)
    }
}
