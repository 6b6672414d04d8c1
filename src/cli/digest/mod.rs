//! `heapwalk digest`: every number of the heap in the JSON that the oracle prints for the same words, so that the two
//! can be compared value by value.

mod objects;
mod sections;
mod sha;

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use super::args::DigestArguments;
use super::load;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// The sections of a whole file, in the order in which they are printed.
const SECTIONS: [&str; 6] = ["summary", "aggregates", "containment", "instances", "rows", "nodes"];
/// Those of them that are printed when none is named.
const DEFAULT: [&str; 4] = ["summary", "aggregates", "containment", "nodes"];
/// The sections of each object.
const OBJECT: [&str; 5] = ["object", "edges", "retainers", "path", "dominators"];

pub fn run(arguments: &DigestArguments) -> Result<()> {
    let (files, named): (Vec<&String>, Vec<&String>) =
        arguments.words.iter().partition(|word| !SECTIONS.contains(&word.as_str()) && !OBJECT.contains(&word.as_str()));
    let [file] = files[..] else {
        let words = [&SECTIONS[..], &OBJECT[..]].concat().join(" ");
        return Err(Error::Usage(format!("digest takes one snapshot and any of the sections {words}")));
    };
    let wants_objects = !arguments.id.is_empty() || arguments.sample > 0;
    let mut sections: Vec<&str> = named.iter().map(|word| word.as_str()).collect();
    if sections.is_empty() && !wants_objects {
        sections = DEFAULT.to_vec();
    }
    if wants_objects && !sections.iter().any(|section| OBJECT.contains(section)) {
        sections.extend(OBJECT);
    }
    let heap = load::load(Path::new(file), &arguments.common)?;
    let name = Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let nodes = chosen(&heap, arguments)?;
    let meter = Meter::default();
    // Everything that can fail is computed before the first byte goes out, but for the columns, which are long.
    let mut values: Vec<(&str, Value)> = Vec::new();
    for section in SECTIONS.into_iter().filter(|section| sections.contains(section)) {
        let value = match section {
            "summary" => sections::summary(&heap, &name, &meter)?,
            "aggregates" => sections::aggregates(&heap, &meter)?,
            "containment" => objects::edges(&heap, heap.root(), arguments.limit),
            "instances" => sections::instances(&heap, arguments.full),
            "rows" => sections::rows_below(&heap),
            _ => sections::nodes(&heap, &meter)?,
        };
        values.push((section, value));
    }
    if !nodes.is_empty() {
        let objects = nodes.iter().map(|&node| objects::object_sections(&heap, node, &sections, arguments));
        values.push(("objects", objects.collect::<Result<Vec<_>>>()?.into()));
    }
    super::with_stdout(|out| {
        let mut separator = "{\n";
        for (section, value) in &values {
            write!(out, "{separator}\"{section}\": ")?;
            serde_json::to_writer(&mut *out, value)?;
            separator = ",\n";
            if *section == "nodes" && arguments.full {
                sections::write_columns(&heap, out)?;
            }
        }
        writeln!(out, "\n}}")
    })
}

/// The objects of `--id`, then those of `--sample`.
fn chosen(heap: &Heap, arguments: &DigestArguments) -> Result<Vec<NodeIx>> {
    let mut nodes = arguments.id.iter().map(|&id| heap.require_id(id)).collect::<Result<Vec<_>>>()?;
    let count = heap.node_count();
    for index in 0..arguments.sample.min(count) {
        nodes.push(NodeIx::new((index as u128 * count as u128 / arguments.sample as u128) as usize));
    }
    Ok(nodes)
}

/// What `write_columns` and others share: a JSON value on its own.
fn write_value(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
