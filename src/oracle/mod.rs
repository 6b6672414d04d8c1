//! Every number of the heap in the JSON that DevTools' own code, run headless, prints for the same words, so that the
//! two can be compared value by value. An instrument of tests: the words are the oracle's, not the product's.

mod objects;
mod sections;
mod sha;
mod views;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::analysis::ignored::Ignored;
use crate::base::ids::{NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::view::tables::retainers::Retainers;

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Question {
    /// One snapshot or two (the base first) and sections.
    pub words: Vec<String>,
    pub ids: Vec<ObjectId>,
    /// So many objects spread evenly over the file.
    pub sample: usize,
    /// Levels of retainers.
    pub depth: usize,
    /// Rows of one list.
    pub limit: usize,
    pub ignore: Vec<ObjectId>,
    /// `A..B`: one more filter.
    pub range: Option<String>,
    pub search: Option<String>,
    /// Also the columns of the node table and the ids of instances.
    pub full: bool,
}

/// The answer: everything that can fail has been computed.
pub(crate) struct Digest {
    heap: Arc<Heap>,
    sections: Vec<(&'static str, Value)>,
    full: bool,
}

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

/// Answers a question; `load` opens a file.
pub(crate) fn digest(question: &Question, load: &mut dyn FnMut(&Path) -> Result<Arc<Heap>>) -> Result<Digest> {
    let Wanted { file, other, sections } = wanted(question)?;
    let heap = load(Path::new(file))?;
    let other = other.filter(|_| sections.contains(&"diff")).map(|other| load(Path::new(other))).transpose()?;
    let name = Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let nodes = chosen(&heap, question)?;
    let meter = Meter::default();
    let mut values: Vec<(&str, Value)> = Vec::new();
    for section in SECTIONS.into_iter().filter(|section| sections.contains(section)) {
        let value = match (section, &other) {
            ("summary", _) => sections::summary(&heap, &name, &meter)?,
            ("aggregates", _) => sections::aggregates(&heap, &meter)?,
            ("filters", _) => views::filters(&heap, question.range.as_deref(), &meter)?,
            ("containment", _) => objects::edges(&heap, heap.root(), question.limit)?,
            ("allocation", _) => views::allocation(&heap, question.depth)?,
            ("duplicates", _) => views::duplicates(&heap, &meter)?,
            ("instances", _) => sections::instances(&heap, question.full)?,
            ("rows", _) => sections::rows_below(&heap, &meter)?,
            ("contexts", _) => views::contexts(&heap, &meter)?,
            ("diff", Some(other)) => views::diff(&heap, other, question.full, &meter)?,
            ("diff", None) => continue,
            _ => sections::nodes(&heap, &meter)?,
        };
        values.push((section, value));
    }
    if let Some(text) = &question.search {
        values.push(("search", views::search(&heap, text)?));
    }
    if !nodes.is_empty() {
        let ignored = Ignored::from_ids(&heap, &question.ignore, &meter)?;
        let retainers = Retainers::new(heap.clone(), ignored);
        let objects = nodes.iter().map(|&node| objects::object_sections(&retainers, node, &sections, question));
        values.push(("objects", objects.collect::<Result<Vec<_>>>()?.into()));
    }
    Ok(Digest { heap, sections: values, full: question.full })
}

/// The files and sections among the words.
struct Wanted<'a> {
    file: &'a String,
    other: Option<&'a String>,
    sections: Vec<&'a str>,
}

fn wanted(question: &Question) -> Result<Wanted<'_>> {
    let is_file = |word: &&String| !SECTIONS.contains(&word.as_str()) && !OBJECT.contains(&word.as_str());
    let (files, named): (Vec<&String>, Vec<&String>) = question.words.iter().partition(is_file);
    let (file, other) = match files[..] {
        [file] => (file, None),
        [file, other] => (file, Some(other)),
        _ => {
            let words = [&SECTIONS[..], &OBJECT[..]].concat().join(" ");
            return Err(Error::Usage(format!("digest takes one or two snapshots and any of the sections {words}")));
        }
    };
    let wants_objects = !question.ids.is_empty() || question.sample > 0;
    let mut sections: Vec<&str> = named.iter().map(|word| word.as_str()).collect();
    if sections.is_empty() && !wants_objects && question.search.is_none() {
        sections = DEFAULT.to_vec();
        sections.extend(other.map(|_| "diff"));
    }
    if wants_objects && !sections.iter().any(|section| OBJECT.contains(section)) {
        sections.extend(OBJECT_DEFAULT);
    }
    if sections.contains(&"diff") && other.is_none() {
        return Err(Error::Usage("diff needs two files: the base and the one compared with it".into()));
    }
    Ok(Wanted { file, other, sections })
}

impl Digest {
    /// Writes the JSON.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut separator = "{\n";
        for (section, value) in &self.sections {
            write!(out, "{separator}\"{section}\": ")?;
            serde_json::to_writer(&mut *out, value)?;
            separator = ",\n";
            if *section == "nodes" && self.full {
                sections::write_columns(&self.heap, out)?;
            }
        }
        writeln!(out, "\n}}")
    }
}

/// The objects of `--id`, then those of `--sample`.
fn chosen(heap: &Heap, question: &Question) -> Result<Vec<NodeIx>> {
    let mut nodes = question.ids.iter().map(|&id| heap.require_id(id)).collect::<Result<Vec<_>>>()?;
    let count = heap.node_count();
    for index in 0..question.sample.min(count) {
        nodes.push(NodeIx::new((index as u128 * count as u128 / question.sample as u128) as usize));
    }
    Ok(nodes)
}
