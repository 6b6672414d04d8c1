//! The small sections, from bare numbers to columns.

use rustc_hash::FxHashMap;

use super::meta::position;
use super::records::Bare;
use crate::base::ids::NodeIx;
use crate::columns::{
    Header, Location, Locations, SampleColumns, ScopeColumns, ScopeRecord, TraceFunction, TraceFunctions,
};

/// Where nodes are defined; besides, how many locations name no node or are incomplete.
pub(crate) fn locations(header: &Header, bare: Bare, nodes: usize) -> (Locations, usize) {
    let fields = &header.location_fields;
    let places = ["object_index", "script_id", "line", "column"].map(|field| position(fields, field));
    let [Some(object), Some(script), Some(line), Some(column)] = places else { return Default::default() };
    let script_object = position(fields, "script_object_index");
    let node_fields = header.node_fields.len() as u64;
    // Places in the flat section `nodes` become numbers of nodes.
    let node = |flat: u64| {
        (flat.is_multiple_of(node_fields) && flat / node_fields < nodes as u64).then_some(flat / node_fields)
    };
    let mut entries = Vec::with_capacity(bare.len() / fields.len());
    let mut scripts = FxHashMap::default();
    for record in bare.chunks_exact(fields.len()) {
        let place = Location {
            script_id: record[script].0 as u32,
            line: record[line].0 as u32,
            column: record[column].0 as u32,
        };
        let Some(object) = node(record[object].0) else { continue };
        entries.push((object as u32, place));
        if let Some(script) = script_object.and_then(|field| node(record[field].0)) {
            scripts.entry(place.script_id).or_insert(NodeIx(script as u32));
        }
    }
    let lost = bare.len().div_ceil(fields.len()) - entries.len();
    (Locations::new(entries, scripts), lost)
}

pub(crate) fn samples(header: &Header, bare: &Bare) -> SampleColumns {
    let fields = &header.sample_fields;
    let places = ["timestamp_us", "last_assigned_id"].map(|field| position(fields, field));
    let [Some(time), Some(id)] = places else { return SampleColumns::default() };
    let column = |place: usize| bare.chunks_exact(fields.len()).map(|record| record[place].0).collect();
    SampleColumns { timestamps_us: column(time), last_assigned_ids: column(id) }
}

pub(crate) fn trace_functions(header: &Header, bare: &Bare) -> TraceFunctions {
    let fields = &header.trace_function_info_fields;
    if fields.is_empty() {
        return TraceFunctions::default();
    }
    let field = |record: &[(u64, bool)], name| position(fields, name).map_or(0, |place| record[place].0);
    let functions = bare.chunks_exact(fields.len()).map(|record| TraceFunction {
        function_id: field(record, "function_id"),
        name: field(record, "name"),
        script_name: field(record, "script_name"),
        script_id: field(record, "script_id"),
        line: field(record, "line"),
        column: field(record, "column"),
    });
    TraceFunctions(functions.collect())
}

/// The sections `scopes`, `scope_context_vars` and `scope_uses`.
pub(crate) fn scopes(header: &Header, [scopes, variables, uses]: [&Bare; 3]) -> ScopeColumns {
    // Which fields of which section, by name; an absent field reads as 0.
    let records = |bare: &Bare, fields: &[String], names: &[&str]| -> Vec<Vec<u64>> {
        if fields.is_empty() {
            return Vec::new();
        }
        let places: Vec<Option<usize>> = names.iter().map(|name| position(fields, name)).collect();
        let read =
            |record: &[(u64, bool)]| places.iter().map(|place| place.map_or(0, |place| record[place].0)).collect();
        bare.chunks_exact(fields.len()).map(read).collect()
    };
    let scope_names = ["script_node_index", "scope_id", "depth", "scope_context_vars_count", "scope_uses_count"];
    ScopeColumns {
        scopes: records(scopes, &header.scope_fields, &scope_names)
            .iter()
            .map(|record| ScopeRecord {
                script_node_index: record[0],
                scope_id: record[1],
                depth: record[2],
                variables: record[3],
                uses: record[4],
            })
            .collect(),
        variables: records(variables, &header.scope_context_var_fields, &["name"])
            .iter()
            .map(|record| record[0])
            .collect(),
        uses: records(uses, &header.scope_use_fields, &["declaring_scope_id", "slot_index"])
            .iter()
            .map(|record| (record[0], record[1]))
            .collect(),
    }
}
