//! `heapwalk digest`: every number of the heap in the JSON that the oracle prints for the same words, so that the two
//! can be compared value by value.

mod objects;
mod sections;
mod sha;
mod views;

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use super::args::{Common, DigestArguments, RootChoice};
use super::load;
use crate::analysis::ignored::Ignored;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// The sections of a whole file, in the order in which they are printed.
const SECTIONS: [&str; 11] = [
    "summary",
    "aggregates",
    "filters",
    "containment",
    "allocation",
    "duplicates",
    "instances",
    "rows",
    "contexts",
    "diff",
    "nodes",
];
/// Those of them that are printed when none is named; `diff` too with two files.
const DEFAULT: [&str; 6] = ["summary", "aggregates", "filters", "nodes", "containment", "allocation"];
/// The sections of each object.
const OBJECT: [&str; 6] = ["object", "edges", "retainers", "path", "paths", "dominators"];
/// Those of them that are printed when none is named.
const OBJECT_DEFAULT: [&str; 5] = ["object", "edges", "retainers", "path", "dominators"];

pub fn run(arguments: &DigestArguments) -> Result<()> {
    let (files, named): (Vec<&String>, Vec<&String>) =
        arguments.words.iter().partition(|word| !SECTIONS.contains(&word.as_str()) && !OBJECT.contains(&word.as_str()));
    let (file, other) = match files[..] {
        [file] => (file, None),
        [file, other] => (file, Some(other)),
        _ => {
            let words = [&SECTIONS[..], &OBJECT[..]].concat().join(" ");
            return Err(Error::Usage(format!("digest takes one or two snapshots and any of the sections {words}")));
        }
    };
    let wants_objects = !arguments.id.is_empty() || arguments.sample > 0;
    let mut sections: Vec<&str> = named.iter().map(|word| word.as_str()).collect();
    if sections.is_empty() && !wants_objects && arguments.search.is_none() {
        sections = DEFAULT.to_vec();
        sections.extend(other.map(|_| "diff"));
    }
    if wants_objects && !sections.iter().any(|section| OBJECT.contains(section)) {
        sections.extend(OBJECT_DEFAULT);
    }
    if sections.contains(&"diff") && other.is_none() {
        return Err(Error::Usage("diff needs two files: the base and the one compared with it".into()));
    }
    // DevTools knows node 0 only.
    let common = Common { roots: RootChoice::Devtools, ..arguments.common.clone() };
    let heap = load::load(Path::new(file), &common)?;
    let other = match other.filter(|_| sections.contains(&"diff")) {
        Some(other) => Some(load::load(Path::new(other), &common)?),
        None => None,
    };
    let name = Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let nodes = chosen(&heap, arguments)?;
    let meter = Meter::default();
    // Everything that can fail is computed before the first byte goes out, but for the columns, which are long.
    let mut values: Vec<(&str, Value)> = Vec::new();
    for section in SECTIONS.into_iter().filter(|section| sections.contains(section)) {
        let value = match (section, &other) {
            ("summary", _) => sections::summary(&heap, &name, &meter)?,
            ("aggregates", _) => sections::aggregates(&heap, &meter)?,
            ("filters", _) => views::filters(&heap, arguments.range.as_deref(), &meter)?,
            ("containment", _) => objects::edges(&heap, heap.root(), arguments.limit)?,
            ("allocation", _) => views::allocation(&heap, arguments.depth)?,
            ("duplicates", _) => views::duplicates(&heap, &meter)?,
            ("instances", _) => sections::instances(&heap, arguments.full),
            ("rows", _) => sections::rows_below(&heap, &meter)?,
            ("contexts", _) => views::contexts(&heap, &meter)?,
            ("diff", Some(other)) => views::diff(&heap, other, arguments.full, &meter)?,
            ("diff", None) => continue,
            _ => sections::nodes(&heap, &meter)?,
        };
        values.push((section, value));
    }
    if let Some(text) = &arguments.search {
        values.push(("search", views::search(&heap, text)?));
    }
    if !nodes.is_empty() {
        let ignored = Ignored::from_ids(&heap, &arguments.ignore, &meter)?;
        let objects =
            nodes.iter().map(|&node| objects::object_sections(&heap, node, &sections, arguments, ignored.as_ref()));
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
