//! The outermost object of a snapshot: which sections there are, in any order.

use super::arrays;
use super::meta::{TypeMap, parse_header};
use super::producer::guess;
use super::records::{Bare, BareNumbers, EdgeRecords, NodeRecords};
use super::watch::Watch;
use super::wrapped::Unescaped;
use super::{Options, Reader, Source, small, strings};
use crate::base::meter::Meter;
use crate::columns::{Columns, EdgeType, Header};
use crate::error::{FormatError, Result};

/// Reads a whole snapshot.
pub fn read(mut reader: Reader, options: &Options, watch: &Watch) -> Result<Columns> {
    let mut parts = Parts::default();
    begin(&mut reader)?;
    if reader.peek("")? == Some(b'}') {
        reader.consume(1);
    } else {
        loop {
            let key = read_key(&mut reader)?;
            reader.expect(b':', &key)?;
            if key == "heapDumpJSON" && reader.peek(&key)? == Some(b'"') {
                return read_wrapped(reader, options, watch);
            }
            parts.refuse_foreign(&mut reader, &key)?;
            parts.read_section(&mut reader, &key, options, watch)?;
            match reader.peek("")? {
                Some(b',') => reader.consume(1),
                Some(b'}') => {
                    reader.consume(1);
                    break;
                }
                Some(byte) => {
                    let problem = format!("found {} behind section `{key}`", super::reader::shown(byte));
                    return Err(reader.wrong("", &problem));
                }
                None if parts.is_complete() => {
                    parts.columns.warnings.push("the last brace is missing; everything before it is there".into());
                    break;
                }
                None => return Err(reader.cut_off("")),
            }
        }
    }
    parts.columns.file_bytes = reader.offset();
    if reader.peek("")?.is_some() {
        parts.columns.warnings.push("there is more behind the end of the snapshot; it is not read".into());
    }
    parts.finish()
}

/// Reads the snapshot in a string, which the reader stands at. Its places in errors count from its own beginning.
fn read_wrapped(mut reader: Reader, options: &Options, watch: &Watch) -> Result<Columns> {
    reader.expect(b'"', "heapDumpJSON")?;
    let name = reader.name().to_owned();
    let source = Source { name, read: Box::new(Unescaped::new(reader)), compressed: false };
    read(Reader::new(source), options, watch)
}

/// Reads up to the end of the section `snapshot`, whatever stands before it.
pub fn read_header(mut reader: Reader) -> Result<Header> {
    let meter = Meter::default();
    begin(&mut reader)?;
    loop {
        if reader.peek("")? == Some(b'}') {
            return Err(no_header().into());
        }
        let key = read_key(&mut reader)?;
        reader.expect(b':', &key)?;
        let mut json = Vec::new();
        skip_value(&mut reader, &key, &meter, (key == "snapshot").then_some(&mut json))?;
        if key == "snapshot" {
            return parse_header(&json);
        }
        reader.expect(b',', "")?;
    }
}

fn no_header() -> FormatError {
    FormatError::new("", None, "there is no section `snapshot`: not a heap snapshot")
}

fn begin(reader: &mut Reader) -> Result<()> {
    reader.fill_block("")?;
    if reader.window().starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    let refuse = |problem: &str, advice: &str| Err(FormatError::new("", None, problem).advise(advice).into());
    if matches!(reader.window(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return refuse("this is UTF-16 text, not a heap snapshot", "save it as UTF-8");
    }
    match reader.peek("")? {
        Some(b'{') => reader.consume(1),
        Some(b'<') => return refuse("this is a web page, not a heap snapshot", "download the file itself"),
        Some(_) => return refuse("this is not JSON", "a heap snapshot begins with {\"snapshot\":"),
        None => return refuse("the file is empty", "was the snapshot written to its end?"),
    }
    Ok(())
}

/// Reads the name of the next section.
fn read_key(reader: &mut Reader) -> Result<String> {
    reader.expect(b'"', "")?;
    let mut key = Vec::new();
    loop {
        let Some(&byte) = reader.window().first() else {
            if !reader.fill("")? {
                return Err(reader.cut_off(""));
            }
            continue;
        };
        reader.consume(1);
        match byte {
            b'"' => return Ok(String::from_utf8_lossy(&key).into_owned()),
            _ if key.len() > 1000 => return Err(reader.wrong("", "a section name without end")),
            _ => key.push(byte),
        }
    }
}

/// The small sections of bare numbers, in the order of `Parts::small`.
const SMALL: [&str; 6] = ["locations", "samples", "trace_function_infos", "scopes", "scope_context_vars", "scope_uses"];

/// Deeper stacks than any real program's: read all the same, but said.
const DEEP_TRACE_TREE: usize = 100_000;

#[derive(Default)]
struct Parts {
    columns: Columns,
    header: Option<TypeMap>,
    has_nodes: bool,
    has_edges: bool,
    has_strings: bool,
    /// The names of the sections so far.
    seen: Vec<String>,
    edge_counts: Vec<u32>,
    negative_sizes: u64,
    bare_nodes: Option<Bare>,
    bare_edges: Option<Bare>,
    /// The small sections, whose meaning is settled at the end.
    small: [Option<Bare>; SMALL.len()],
}

impl Parts {
    fn is_complete(&self) -> bool {
        self.header.is_some() && self.has_nodes && self.has_edges && self.has_strings
    }

    fn read_section(&mut self, reader: &mut Reader, key: &str, options: &Options, watch: &Watch) -> Result<()> {
        if self.seen.iter().any(|seen| seen == key) {
            self.columns.warnings.push(format!("section `{key}` is there twice; the first is read"));
            return skip_value(reader, key, &watch.meter, None).map(drop);
        }
        self.seen.push(key.to_owned());
        match key {
            "snapshot" => {
                let mut json = Vec::new();
                skip_value(reader, "snapshot", &watch.meter, Some(&mut json))?;
                let header = parse_header(&json)?;
                watch.learn(|facts| {
                    facts.producer = guess(&header).to_string();
                    facts.claimed_nodes = header.node_count.unwrap_or(0);
                    facts.claimed_edges = header.edge_count.unwrap_or(0);
                });
                let (map, names) = TypeMap::new(&header, &mut self.columns.warnings);
                self.columns.header = header;
                self.columns.types = names;
                self.header = Some(map);
                Ok(())
            }
            "nodes" => {
                self.has_nodes = true;
                watch.stage("nodes", || self.read_nodes(reader, options, watch))
            }
            "edges" => {
                self.has_edges = true;
                watch.stage("edges", || self.read_edges(reader, options, watch))
            }
            "strings" => {
                self.has_strings = true;
                reader.expect(b'[', "strings")?;
                let (strings, cut) = watch.stage("strings", || strings::read(reader, options.partial, &watch.meter))?;
                self.columns.strings = strings;
                self.columns.is_cut_off = cut;
                if cut {
                    let there = self.columns.strings.len();
                    self.columns.warnings.push(format!(
                        "the file is cut off after {there} strings: names beyond them are shown as (missing name)"
                    ));
                }
                Ok(())
            }
            "trace_tree" => {
                let depth = skip_value(reader, "trace_tree", &watch.meter, Some(self.columns.trace_tree.to_mut()))?;
                if depth > DEEP_TRACE_TREE {
                    self.columns.warnings.push(format!("trace_tree is nested {depth} levels deep"));
                }
                Ok(())
            }
            _ => match SMALL.iter().position(|name| *name == key) {
                Some(place) => read_bare(reader, SMALL[place], &mut self.small[place], options, watch),
                None => skip_value(reader, key, &watch.meter, None).map(drop),
            },
        }
    }

    /// Files that look like snapshots but are others get their name, and the way to the right file.
    fn refuse_foreign(&self, reader: &mut Reader, key: &str) -> Result<()> {
        if self.header.is_some() {
            return Ok(());
        }
        let first = reader.peek(key)?;
        let (problem, advice) = match key {
            "head" if first == Some(b'{') => {
                ("this is a sampling heap profile (.heapprofile)", "take a heap snapshot instead")
            }
            "type" if reader.window().starts_with(b"\"Inspector\"") => (
                "this is Bun's own heap format (JavaScriptCore)",
                "write it with generateHeapSnapshot(\"v8\") or --heap-prof",
            ),
            "nodes" if first == Some(b'[') && reader.second_is(b'{', key)? => {
                ("this is a CPU profile (.cpuprofile)", "take a heap snapshot instead")
            }
            _ => return Ok(()),
        };
        Err(FormatError::new("", None, problem).advise(advice).into())
    }

    fn read_nodes(&mut self, reader: &mut Reader, options: &Options, watch: &Watch) -> Result<()> {
        let Some(types) = &self.header else {
            return read_bare(reader, "nodes", &mut self.bare_nodes, options, watch);
        };
        reader.expect(b'[', "nodes")?;
        let records = NodeRecords::new(&self.columns.header, types)?;
        let (nodes, counts, negative) = (&mut self.columns.nodes, &mut self.edge_counts, &mut self.negative_sizes);
        arrays::read(reader, "nodes", &records, options.threads, &watch.meter, |block| {
            block.append_to(nodes, counts, negative);
            watch.records.set_nodes(nodes.len());
        })
    }

    fn read_edges(&mut self, reader: &mut Reader, options: &Options, watch: &Watch) -> Result<()> {
        let Some(types) = self.header.as_ref().filter(|_| self.bare_nodes.is_none() && self.has_nodes) else {
            return read_bare(reader, "edges", &mut self.bare_edges, options, watch);
        };
        reader.expect(b'[', "edges")?;
        let records = EdgeRecords::new(&self.columns.header, types, self.columns.nodes.len())?;
        let edges = &mut self.columns.edges;
        arrays::read(reader, "edges", &records, options.threads, &watch.meter, |block| {
            edges.append(block);
            watch.records.set_edges(edges.len());
        })
    }

    fn finish(mut self) -> Result<Columns> {
        let Some(types) = self.header.take() else {
            return Err(no_header().into());
        };
        for (there, section) in [(self.has_nodes, "nodes"), (self.has_edges, "edges"), (self.has_strings, "strings")] {
            if !there {
                return Err(FormatError::new("", None, format!("there is no section `{section}`"))
                    .advise("is the file cut off?")
                    .into());
            }
        }
        let mut columns = self.columns;
        if let Some(bare) = self.bare_nodes.take() {
            let block = NodeRecords::new(&columns.header, &types)?.convert(&bare)?;
            block.append_to(&mut columns.nodes, &mut self.edge_counts, &mut self.negative_sizes);
        }
        if let Some(bare) = self.bare_edges.take() {
            let records = EdgeRecords::new(&columns.header, &types, columns.nodes.len())?;
            columns.edges = records.convert(&bare)?;
        }
        if columns.nodes.is_empty() {
            return Err(FormatError::new("nodes", None, "the snapshot holds no objects").into());
        }
        let header = columns.header.clone();
        let node_fields = header.node_fields.len() as u64;
        columns.nodes.first_edges = first_edges(self.edge_counts, columns.edges.len(), &mut columns.warnings)?.into();
        let [places, samples, functions, scopes, variables, uses] = self.small.map(Option::unwrap_or_default);
        columns.locations = small::locations(&header, places, columns.nodes.len(), &mut columns.warnings);
        columns.samples = small::samples(&header, &samples);
        columns.trace_functions = small::trace_functions(&header, &functions);
        columns.scopes = small::scopes(&header, [&scopes, &variables, &uses]);
        check_names(&mut columns);
        warn(&mut columns, self.negative_sizes);
        if !header.root_index.is_multiple_of(node_fields)
            || header.root_index / node_fields >= columns.nodes.len() as u64
        {
            return Err(FormatError::new("snapshot", None, "`root_index` names no node").into());
        }
        columns.nodes.shrink_to_fit();
        columns.edges.shrink_to_fit();
        Ok(columns)
    }
}

/// Names past the strings get one further string that says so.
fn check_names(columns: &mut Columns) {
    let strings = columns.strings.len() as u32;
    let mut wrong = columns.edges.clamp_names(strings);
    for name in columns.nodes.names.to_mut() {
        if *name >= strings {
            *name = strings;
            wrong += 1;
        }
    }
    if wrong > 0 {
        columns.strings.push_plain("(missing name)");
        columns.warnings.push(format!("{wrong} names point past the strings; shown as (missing name)"));
    }
}

fn warn(columns: &mut Columns, negative_sizes: u64) {
    let header = &columns.header;
    let warnings = &mut columns.warnings;
    for (claimed, there, what) in
        [(header.node_count, columns.nodes.len(), "nodes"), (header.edge_count, columns.edges.len(), "edges")]
    {
        // Hermes up to 0.11 always writes 0.
        if let Some(claimed) = claimed.filter(|&claimed| claimed != 0 && claimed != there as u64) {
            warnings.push(format!("the header claims {claimed} {what}, the file holds {there}"));
        }
    }
    let has_other = header.edge_types.iter().any(|name| !EdgeType::NAMES.contains(&name.as_str()));
    let counts = [
        (negative_sizes as usize, "sizes are negative: read as 32-bit numbers that overflowed"),
        (
            columns.nodes.types.iter().filter(|node_type| node_type.0 == u8::MAX).count(),
            "nodes are of a type that the header does not name",
        ),
        (
            if has_other { 0 } else { columns.edges.count_other() },
            "references are of a type that the header does not name",
        ),
        (columns.nodes.count_duplicate_ids(), "objects carry an id that an earlier one has; @id means the first"),
        (columns.strings.count_not_utf8(), "strings hold bytes that are not UTF-8; shown as \u{fffd}"),
    ];
    for (count, what) in counts.into_iter().filter(|&(count, _)| count > 0) {
        warnings.push(format!("{count} {what}"));
    }
    if columns.strings.has_raw_controls() {
        warnings.push("strings hold control characters that JSON does not allow".into());
    }
}

fn first_edges(counts: Vec<u32>, edges: usize, warnings: &mut Vec<String>) -> Result<Vec<u32>> {
    let mut first = counts;
    let mut total = 0u64;
    for count in &mut first {
        let own = *count as u64;
        *count = total as u32;
        total += own;
        if total > edges as u64 {
            return Err(FormatError::new("nodes", None, format!("more edges are promised than the {edges} there are"))
                .advise("is the file damaged or cut off?")
                .into());
        }
    }
    if total < edges as u64 {
        // As in DevTools, whose last node's edges end where the section ends.
        warnings.push(format!("{} edges belong to no node; the last node gets them", edges as u64 - total));
    }
    first.push(u32::try_from(edges).map_err(|_| FormatError::new("edges", None, "more than 2^32 references"))?);
    Ok(first)
}

/// Passes over any JSON value without recursion; `copy` gets its bytes. Returns how deep it is nested.
fn skip_value(reader: &mut Reader, section: &str, meter: &Meter, mut copy: Option<&mut Vec<u8>>) -> Result<usize> {
    /// Deeper headers are no headers; `trace_tree` and unknown sections are never parsed by recursion.
    const DEEPEST_HEADER: usize = 64;
    reader.peek(section)?;
    let (mut depth, mut in_string, mut escaped, mut any) = (0usize, false, false, false);
    let mut deepest = 0;
    loop {
        meter.check()?;
        if reader.window().is_empty() && !reader.fill(section)? {
            return Err(reader.cut_off(section));
        }
        let mut used = 0;
        let mut done = false;
        for &byte in reader.window() {
            if !in_string && depth == 0 && any && matches!(byte, b',' | b'}' | b']') {
                done = true;
                break;
            }
            used += 1;
            any = true;
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => continue,
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 && !in_string && !escaped {
                done = true;
                break;
            }
            deepest = deepest.max(depth);
            if depth > DEEPEST_HEADER && section == "snapshot" {
                return Err(reader.wrong(section, "is nested too deeply"));
            }
        }
        if let Some(copy) = &mut copy {
            copy.extend_from_slice(&reader.window()[..used]);
        }
        reader.consume(used);
        if done {
            return Ok(deepest);
        }
    }
}

/// Reads a section of numbers whose meaning is settled at the end.
fn read_bare(
    reader: &mut Reader,
    section: &'static str,
    into: &mut Option<Bare>,
    options: &Options,
    watch: &Watch,
) -> Result<()> {
    reader.expect(b'[', section)?;
    let numbers = into.insert(Vec::new());
    arrays::read(reader, section, &BareNumbers, options.threads, &watch.meter, |block| numbers.extend(block))
}

#[cfg(test)]
#[path = "sections_tests.rs"]
mod tests;
