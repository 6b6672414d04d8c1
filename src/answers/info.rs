//! What a file says of itself: of its ends, or of all of it.

use serde_json::json;

use crate::base::memory;
use crate::columns::{Columns, Header, Producer};
use crate::heap::producer;
use crate::input::producer::guess;
use crate::view::cell::Record;
use crate::view::text;

/// What is known of a file; nothing where it was not looked at.
#[derive(Debug, Default)]
pub(crate) struct Info {
    pub header: Header,
    pub producer: Producer,
    /// What the file cannot tell; only known of a whole file.
    pub lacks: Option<Vec<&'static str>>,
    pub bytes: u64,
    pub compressed: Option<bool>,
    pub nodes: Option<u64>,
    pub edges: Option<u64>,
    pub strings: Option<u64>,
    pub locations: Option<u64>,
    pub samples: Option<u64>,
    pub sections: Option<Vec<String>>,
    pub complete: Option<bool>,
    pub warnings: Option<Vec<String>>,
}

impl Info {
    /// What the header of any file tells.
    pub(crate) fn of_header(header: Header) -> Info {
        let claimed = |count: Option<u64>| count.filter(|&count| count > 0);
        let (nodes, edges) = (claimed(header.node_count), claimed(header.edge_count));
        Info { producer: guess(&header), nodes, edges, header, ..Info::default() }
    }

    /// What a file tells that has been read whole: every number is counted.
    pub(crate) fn of_columns(columns: Columns) -> Info {
        Info {
            producer: producer::of(&columns),
            lacks: Some(producer::lacks(&columns)),
            bytes: columns.file_bytes,
            nodes: Some(columns.nodes.len() as u64),
            edges: Some(columns.edges.len() as u64),
            strings: Some(columns.strings.len() as u64),
            locations: Some(columns.locations.len() as u64),
            samples: Some(columns.samples.last_assigned_ids.len() as u64),
            complete: Some(!columns.is_cut_off),
            warnings: Some(columns.warnings),
            header: columns.header,
            ..Info::default()
        }
    }

    /// About how much memory it takes to open the snapshot.
    fn forecast(&self) -> Option<String> {
        let (nodes, edges) = self.nodes.zip(self.edges)?;
        Some(text::bytes(memory::forecast(nodes, edges)))
    }

    /// The fields of `heapwalk info`.
    pub(crate) fn record(&self) -> Record {
        let header = &self.header;
        let mut record = Record::new();
        record.insert("producer".into(), self.producer.to_string().into());
        record.insert("nodeFields".into(), header.node_fields.join(", ").into());
        record.insert("nodeTypes".into(), header.node_types.join(", ").into());
        record.insert("locationFields".into(), header.location_fields.join(", ").into());
        record.insert("allocationStacks".into(), (header.trace_function_count > 0).into());
        let has_state = header.node_fields.iter().any(|field| field == "detachedness");
        record.insert("detachedness".into(), has_state.into());
        record.insert("extraNativeBytes".into(), header.extra_native_bytes.into());
        let mut known = |name: &str, value: Option<serde_json::Value>| {
            if let Some(value) = value {
                record.insert(name.into(), value);
            }
        };
        let is_whole = self.warnings.is_some();
        known("lacks", self.lacks.as_ref().map(|lacks| json!(lacks)));
        known("bytes", Some(self.bytes.into()));
        known("compressed", self.compressed.map(Into::into));
        known("nodes", Some(json!(self.nodes)));
        known("edges", Some(json!(self.edges)));
        known("strings", self.strings.map(Into::into));
        known("locations", self.locations.map(Into::into));
        known("samples", self.samples.map(Into::into));
        known("sections", self.sections.as_ref().filter(|_| !is_whole).map(|sections| json!(sections)));
        known("complete", Some(json!(self.complete)));
        known("memory", Some(json!(self.forecast())));
        known("warnings", self.warnings.as_ref().map(|warnings| json!(warnings)));
        record
    }
}
