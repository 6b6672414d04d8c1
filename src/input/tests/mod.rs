//! Reading whole snapshots, from text to columns.

mod files;

use super::*;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};

const META: &str = r#"{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["hidden","object","synthetic"],"string"],
"edge_fields":["type","name_or_index","to_node"],"edge_types":[["element","property"],"string_or_number","node"]},"node_count":2,"edge_count":2}"#;
const NODES: &str = "[2,0,1,0,1,1,1,3,40,1]";
const EDGES: &str = "[1,1,5,0,7,0]";
const STRINGS: &str = r#"["","a"]"#;

fn load(text: impl Into<Vec<u8>>) -> Result<Columns> {
    let watch = Arc::new(Watch::default());
    let source = Source::from_reader("test", Box::new(std::io::Cursor::new(text.into())), &watch)?;
    collect::read(Reader::new(source), &Options { threads: 2, partial: false }, &watch)
}

fn file(sections: &[(&str, &str)]) -> String {
    let sections: Vec<_> = sections.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}\n", sections.join(",\n"))
}

fn error(text: impl Into<Vec<u8>>) -> String {
    load(text).map(|_| ()).unwrap_err().to_string()
}
