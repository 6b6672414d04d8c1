//! Reading whole snapshots, from text to columns.

mod borders;
mod checks;
mod files;
mod visitors;

use std::io::{self, Read};

use super::*;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};

const META: &str = r#"{"meta":{
"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["hidden","object","synthetic"],"string"],
"edge_fields":["type","name_or_index","to_node"],"edge_types":[["element","property"],"string_or_number","node"]},
"node_count":2,"edge_count":2}"#;
const NODES: &str = "[2,0,1,0,1,1,1,3,40,1]";
const EDGES: &str = "[1,1,5,0,7,0]";
const STRINGS: &str = r#"["","a"]"#;

/// How bytes come: so many at a time, and so many before anybody looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drops {
    pub(super) step: usize,
    pub(super) block: usize,
}

/// Gives a few bytes at a time.
struct Dripping {
    text: io::Cursor<Vec<u8>>,
    step: usize,
}

impl Read for Dripping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(self.step);
        self.text.read(&mut buffer[..len])
    }
}

pub(super) fn reader(text: impl Into<Vec<u8>>, Drops { step, block }: Drops) -> Reader {
    let read = Box::new(Dripping { text: io::Cursor::new(text.into()), step });
    Reader::with_block(Source { name: "test".into(), read, compressed: false }, block)
}

fn load(text: impl Into<Vec<u8>>) -> Result<Columns> {
    let watch = Arc::new(Watch::default());
    let source = Source::from_reader("test", Box::new(io::Cursor::new(text.into())), &watch)?;
    collect::read(Reader::new(source), &Options { threads: 2, partial: false }, &watch)
}

fn load_in(text: impl Into<Vec<u8>>, drops: Drops, options: &Options) -> Result<Columns> {
    let (text, watch) = (text.into(), Watch::default());
    watch.meter.set_total(text.len() as u64);
    collect::read(reader(text, drops), options, &watch)
}

fn file(sections: &[(&str, &str)]) -> String {
    let sections: Vec<_> = sections.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}\n", sections.join(",\n"))
}

fn error(text: impl Into<Vec<u8>>) -> String {
    load(text).map(|_| ()).unwrap_err().to_string()
}
