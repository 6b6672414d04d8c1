//! `heapwalk info`: what a file says of itself, without reading all of it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use regex::bytes::Regex;
use serde_json::json;

use super::args::InfoArguments;
use super::load;
use super::output::{self, Body, Record, Report};
use crate::columns::Header;
use crate::error::{Error, Result};
use crate::heap::{Input, producer};
use crate::input::producer::guess;
use crate::input::{self, Source, Watch};
use crate::view::text;

/// What is read from each end of a file.
const END: u64 = 1 << 20;

pub fn run(arguments: &InfoArguments) -> Result<()> {
    let of = &arguments.of;
    let result = match load::input(&of.file) {
        Input::Path(path) if !arguments.full && path != Path::new("-") => ends(&path),
        input => full(&input, arguments),
    };
    let report =
        Report { command: "info", file: &of.file, columns: &[], body: Body::Result(result?), total: 0, all_rows: 0 };
    output::print(&report, &of.output)
}

/// Reads the whole file; every number is counted.
fn full(input: &Input, arguments: &InfoArguments) -> Result<Record> {
    let watch = Arc::new(Watch::default());
    let mut columns = input.read(&arguments.of.common.reading(), &watch)?;
    columns.warnings.extend(input::late_warnings(&columns, &watch.meter)?);
    let mut record = describe(&columns.header);
    record.insert("producer".into(), producer::name(&columns).into());
    record.insert("lacks".into(), producer::lacks(&columns).into());
    record.insert("bytes".into(), columns.file_bytes.into());
    record.insert("nodes".into(), columns.nodes.len().into());
    record.insert("edges".into(), columns.edges.len().into());
    record.insert("strings".into(), columns.strings.len().into());
    record.insert("locations".into(), columns.locations.len().into());
    record.insert("samples".into(), columns.samples.last_assigned_ids.len().into());
    record.insert("complete".into(), true.into());
    record.insert("memory".into(), forecast(columns.nodes.len() as u64, columns.edges.len() as u64).into());
    record.insert("warnings".into(), columns.warnings.into());
    Ok(record)
}

/// Reads at most [`END`] bytes from each end; what that does not tell stays unknown.
fn ends(path: &Path) -> Result<Record> {
    let name = path.display().to_string();
    let io = |problem: &std::io::Error| Error::io(&name, problem);
    let watch = Arc::new(Watch::default());
    let source = input::open_source(path, &watch)?;
    let compressed = source.compressed;
    let head = read_head(source)?;
    let bytes = watch.meter.total();
    let tail = if compressed {
        Vec::new()
    } else {
        let mut file = File::open(path).map_err(|problem| io(&problem))?;
        let start = bytes.saturating_sub(END);
        file.seek(SeekFrom::Start(start)).map_err(|problem| io(&problem))?;
        let mut tail = Vec::new();
        file.take(END).read_to_end(&mut tail).map_err(|problem| io(&problem))?;
        tail
    };
    let header = input::read_header(&head, &name).map_err(|error| match error {
        Error::Format(problem) if head.len() as u64 == END && !problem.advice.is_empty() => {
            Error::Usage(format!("{name}: the first megabyte holds no whole header; --full reads the whole file"))
        }
        other => other,
    })?;
    let mut record = describe(&header);
    record.insert("bytes".into(), bytes.into());
    record.insert("compressed".into(), compressed.into());
    let claimed = |count: Option<u64>| count.filter(|&count| count > 0);
    let (nodes, edges) = (claimed(header.node_count), claimed(header.edge_count));
    record.insert("nodes".into(), json!(nodes));
    record.insert("edges".into(), json!(edges));
    record.insert("sections".into(), json!(sections(&head, &tail)));
    let complete = (!compressed).then(|| tail.trim_ascii_end().ends_with(b"}"));
    record.insert("complete".into(), json!(complete));
    record.insert("memory".into(), json!(nodes.zip(edges).map(|(nodes, edges)| forecast(nodes, edges))));
    Ok(record)
}

fn read_head(source: Source) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    // A damaged end of a compressed file does not matter here.
    if let Err(problem) = source.read.take(END).read_to_end(&mut head)
        && head.is_empty()
    {
        return Err(Error::io(source.name, &problem));
    }
    Ok(head)
}

/// The names of the sections that begin in what was read, in order.
fn sections(head: &[u8], tail: &[u8]) -> Vec<String> {
    // A quote inside a string has a backslash before it, so this cannot match there.
    let pattern = Regex::new(r#"[{\[\]},]\s*"([a-z_]+)"\s*:\s*[\[{]"#).expect("a constant pattern");
    let known = [
        "snapshot",
        "nodes",
        "edges",
        "trace_function_infos",
        "trace_tree",
        "samples",
        "locations",
        "scopes",
        "scope_context_vars",
        "scope_uses",
        "strings",
    ];
    let mut names: Vec<String> = Vec::new();
    for found in pattern.captures_iter(head).chain(pattern.captures_iter(tail)) {
        let name = String::from_utf8_lossy(&found[1]).into_owned();
        if known.contains(&name.as_str()) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What the header tells about any file.
fn describe(header: &Header) -> Record {
    let mut record = Record::new();
    record.insert("producer".into(), guess(header).into());
    record.insert("nodeFields".into(), header.node_fields.join(", ").into());
    record.insert("nodeTypes".into(), header.node_types.join(", ").into());
    record.insert("locationFields".into(), header.location_fields.join(", ").into());
    record.insert("allocationStacks".into(), (header.trace_function_count > 0).into());
    let has_state = header.node_fields.iter().any(|field| field == "detachedness");
    record.insert("detachedness".into(), has_state.into());
    record.insert("extraNativeBytes".into(), header.extra_native_bytes.into());
    record
}

/// About how much memory it takes to open a snapshot: what was measured for files from 5 MB to 1 GB, rounded up.
fn forecast(nodes: u64, edges: u64) -> String {
    text::bytes(nodes * 70 + edges * 20 + 8_000_000)
}
