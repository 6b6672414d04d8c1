//! The section `snapshot`: which fields the records have, by name.

use simd_json::OwnedValue;
use simd_json::prelude::*;

use crate::columns::{EdgeType, Header, NodeType, TypeNames};
use crate::error::{FormatError, Result};

/// Reads the JSON object of the section `snapshot`.
///
/// # Errors
/// When it is not JSON, or lacks the fields without which nothing can be read.
pub(crate) fn parse_header(json: &[u8]) -> Result<Header> {
    let value = parse(json)?;
    let meta = value.get("meta").ok_or_else(|| wrong("has no `meta`"))?;
    let number = |name: &str| value.get(name).and_then(number);
    let header = Header {
        node_count: number("node_count"),
        edge_count: number("edge_count"),
        trace_function_count: number("trace_function_count").unwrap_or(0),
        root_index: number("root_index").unwrap_or(0),
        extra_native_bytes: number("extra_native_bytes").unwrap_or(0),
        node_fields: names(meta, "node_fields"),
        node_types: first_names(meta, "node_types"),
        edge_fields: names(meta, "edge_fields"),
        edge_types: first_names(meta, "edge_types"),
        location_fields: names(meta, "location_fields"),
        sample_fields: names(meta, "sample_fields"),
        trace_function_info_fields: names(meta, "trace_function_info_fields"),
        trace_node_fields: names(meta, "trace_node_fields"),
        scope_fields: names(meta, "scope_fields"),
        scope_context_var_fields: names(meta, "scope_context_var_fields"),
        scope_use_fields: names(meta, "scope_use_fields"),
    };
    for field in ["type", "name", "id", "self_size", "edge_count"] {
        position(&header.node_fields, field).ok_or_else(|| wrong(format!("`node_fields` has no `{field}`")))?;
    }
    for field in ["type", "name_or_index", "to_node"] {
        position(&header.edge_fields, field).ok_or_else(|| wrong(format!("`edge_fields` has no `{field}`")))?;
    }
    for (types, field) in [(&header.node_types, "node_types"), (&header.edge_types, "edge_types")] {
        if types.is_empty() {
            return Err(wrong(format!("has no `{field}`")).into());
        }
    }
    Ok(header)
}

/// Where `field` stands in a record.
pub(crate) fn position(fields: &[String], field: &str) -> Option<usize> {
    fields.iter().position(|name| name == field)
}

fn wrong(problem: impl Into<String>) -> FormatError {
    FormatError::new("snapshot", None, problem).advise("is it a heap snapshot?")
}

fn parse(json: &[u8]) -> Result<OwnedValue> {
    let mut bytes = json.to_vec();
    if let Ok(value) = simd_json::to_owned_value(&mut bytes) {
        return Ok(value);
    }
    // simd-json refuses lone surrogates, which a title may hold like any other string.
    let lone = regex::bytes::Regex::new(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}").expect("a constant pattern");
    let mut bytes = String::from_utf8_lossy(&lone.replace_all(json, &b"\\ufffd"[..])).into_owned().into_bytes();
    simd_json::to_owned_value(&mut bytes).map_err(|problem| wrong(format!("is not JSON ({problem})")).into())
}

fn number(value: &OwnedValue) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().map(|value| value.max(0.0) as u64))
}

fn strings(value: &OwnedValue) -> Vec<String> {
    value
        .as_array()
        .map_or_else(Vec::new, |items| items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect())
}

fn names(meta: &OwnedValue, field: &str) -> Vec<String> {
    meta.get(field).map_or_else(Vec::new, strings)
}

/// The first entry of `node_types` or `edge_types` that is a list: the names of the field `type`.
fn first_names(meta: &OwnedValue, field: &str) -> Vec<String> {
    meta.get(field)
        .and_then(|value| value.as_array())
        .and_then(|items| items.iter().find(|item| item.is_array()))
        .map_or_else(Vec::new, strings)
}

/// From the numbers that the file uses for types to ours.
#[derive(Debug, Default)]
pub(crate) struct TypeMap {
    nodes: Vec<NodeType>,
    edges: Vec<EdgeType>,
}

/// The type of nodes whose number the header does not name; larger than all others.
pub(crate) const UNKNOWN_NODE: NodeType = NodeType(u8::MAX);

/// How many node types fit one byte next to these; further ones share the last number.
const MOST_OTHER_NODES: usize = u8::MAX as usize - NodeType::NAMES.len();

/// The types of V8 from `hidden` to `synthetic`, which every header of it names.
const NAMED_SINCE_EVER: usize = 10;

fn names_of(header: &Header) -> Vec<&str> {
    header.node_types.iter().map(String::as_str).collect()
}

impl TypeMap {
    /// Maps the names of the header.
    pub(crate) fn new(header: &Header) -> (Self, TypeNames) {
        let mut names = TypeNames { other_edge: "invisible".into(), ..TypeNames::default() };
        let mut map = TypeMap::default();
        for name in &header.node_types {
            let known = NodeType::NAMES.iter().position(|known| known == name).unwrap_or_else(|| {
                if names.other_nodes.len() < MOST_OTHER_NODES {
                    names.other_nodes.push(name.clone());
                }
                NodeType::NAMES.len() + names.other_nodes.len() - 1
            });
            map.nodes.push(NodeType(known as u8));
        }
        // Writers of the time added types and forgot to name them.
        let is_of_v8 = map.nodes.len() >= NAMED_SINCE_EVER && NodeType::NAMES.starts_with(&names_of(header));
        if is_of_v8 {
            map.nodes.extend((map.nodes.len()..NodeType::NAMES.len()).map(|known| NodeType(known as u8)));
        }
        for name in &header.edge_types {
            let known = EdgeType::NAMES.iter().position(|known| known == name);
            if known.is_none() && name != "invisible" {
                names.other_edge.clone_from(name);
            }
            map.edges.push(known.map_or(EdgeType::OTHER, |known| EdgeType(known as u8)));
        }
        (map, names)
    }

    #[inline(always)]
    pub(crate) fn node(&self, raw: u64) -> NodeType {
        self.nodes.get(raw as usize).copied().unwrap_or(UNKNOWN_NODE)
    }

    #[inline(always)]
    pub(crate) fn edge(&self, raw: u64) -> EdgeType {
        self.edges.get(raw as usize).copied().unwrap_or(EdgeType::OTHER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_hold_lone_surrogates_and_large_numbers() {
        let header = parse_header(
            br#"{"title":"\ud800","node_count":1e15,"meta":{"node_fields":["type","name","id","self_size","edge_count"],
            "node_types":[["hidden"],"string"],"edge_fields":["type","name_or_index","to_node"],
            "edge_types":[["weak"]]}}"#,
        )
        .unwrap();
        assert_eq!(header.node_count, Some(1_000_000_000_000_000));
        assert_eq!(header.node_types, ["hidden"]);
    }

    #[test]
    fn a_header_without_a_needed_field_says_which() {
        let error = parse_header(br#"{"meta":{"node_fields":["type","name","id","edge_count"]}}"#).unwrap_err();
        assert_eq!(error.to_string(), "snapshot: `node_fields` has no `self_size`; is it a heap snapshot?");
    }
}
