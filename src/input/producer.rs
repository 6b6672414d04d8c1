//! A header → who may have written the snapshot: all that is known while the rest is still being read. What the strings
//! tell besides is seen in `heap/producer.rs`.

use crate::columns::{Header, Hermes, Producer, V8, Valdi};

/// The producers whose files have this header (see docs/FORMAT.md for the table). A header that fits none is one of
/// somebody else: better nobody than the wrong one.
pub(crate) fn guess(header: &Header) -> Producer {
    let has = |fields: &[String], name: &str| fields.iter().any(|field| field == name);
    let has_type = |name: &str| has(&header.node_types, name);
    if header.node_types.iter().any(|name| name.starts_with("jl_")) {
        return Producer::Julia;
    }
    if has(&header.node_fields, "native_size") || has_type("framework") {
        return Producer::OpenHarmony;
    }
    let detachedness = has(&header.node_fields, "detachedness");
    let trace = has(&header.node_fields, "trace_node_id");
    if !has_type("concatenated string") {
        let is_valdi = has_type("object shape") && trace && detachedness && header.location_fields.is_empty();
        return if is_valdi { Producer::Valdi(Valdi::Either) } else { Producer::Unknown };
    }
    // Older than V8 6, as in Node 6, or a file made by hand.
    if !has_type("bigint") {
        return Producer::Unknown;
    }
    let no_counts = header.node_count == Some(0);
    if has(&header.location_fields, "script_object_index") {
        Producer::Embedder(V8::V15)
    } else if has_type("wasm object") {
        Producer::Embedder(V8::V11)
    } else if has_type("object shape") {
        // V8 12 always has the field, later ones where there are allocation stacks.
        Producer::Embedder(match (trace, header.trace_function_count) {
            (false, _) => V8::V13To14,
            (true, 0) => V8::V12,
            (true, _) => V8::V12To14,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    const V8_6: &str = "hidden array string object code closure regexp number native synthetic concatenated+string \
                        sliced+string symbol bigint";

    /// A header with these node fields behind the five that all have, these types, so many location fields, and so many
    /// functions in allocation stacks.
    fn header(fields: &str, types: &str, locations: usize, trace_function_count: u64) -> Header {
        let words = |text: &str| text.split_whitespace().map(|word| word.replace('+', " ")).collect::<Vec<_>>();
        let names = ["object_index", "script_id", "line", "column"];
        Header {
            node_fields: words(&format!("type name id self_size edge_count {fields}")),
            node_types: words(types),
            location_fields: names.iter().take(locations).map(|name| (*name).to_owned()).collect(),
            node_count: Some(1000),
            trace_function_count,
            ..Header::default()
        }
    }

    #[test]
    fn a_header_names_those_who_write_it_and_nobody_else() {
        let shape = format!("{V8_6} object+shape");
        let valdi = "hidden array string object code closure regexp number native synthetic symbol bigint object+shape";
        let old = "hidden array string object code closure regexp number native synthetic";
        let cases = [
            (header("trace_node_id detachedness", &shape, 4, 0), "Node 22 (V8 12) or Bun"),
            (
                header("trace_node_id detachedness", &shape, 4, 7),
                "Node 22, 24 or 26 (V8 12 to 14), or Chromium of their time",
            ),
            (header("detachedness", &shape, 4, 0), "Node 24 or 26 (V8 13 or 14), or Chromium 131"),
            (header("trace_node_id detachedness", valdi, 0, 0), "Valdi (Hermes or QuickJS)"),
            (header("trace_node_id", V8_6, 0, 0), "Node 10 (V8 6)"),
            // Node 6, which has another thing in place of big integers.
            (header("trace_node_id", &V8_6.replace("bigint", "simd+value"), 0, 0), "unknown"),
            // Node 0.10, an old Chrome, a small file made by hand.
            (header("", old, 0, 0), "unknown"),
            (header("trace_node_id", old, 0, 0), "unknown"),
            (header("", "hidden object string", 0, 0), "unknown"),
            (header("trace_node_id detachedness", "synthetic jl_task_t jl_module_t object String", 4, 0), "Julia"),
            (
                header("trace_node_id detachedness native_size", &format!("{V8_6} framework"), 4, 0),
                "OpenHarmony (ArkTS)",
            ),
        ];
        for (header, words) in cases {
            assert_eq!(guess(&header).to_string(), words, "{header:?}");
        }
    }
}
