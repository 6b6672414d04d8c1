//! Records of nodes and edges, and bare numbers: how one block of an integer section becomes columns.

use super::arrays::Records;
use super::meta::{TypeMap, position};
use super::numbers::Numbers;
use crate::columns::{Edges, Header, Nodes};
use crate::error::{FormatError, Result};

/// Numbers of a section that came before the header that explains it, each with whether it is negative.
pub type Bare = Vec<(u64, bool)>;

/// Numbers whose meaning is not known yet.
pub struct BareNumbers;

impl Records for BareNumbers {
    type Block = Bare;

    fn fields(&self) -> usize {
        1
    }

    fn parse(&self, mut numbers: Numbers<'_>) -> Result<Bare, FormatError> {
        let mut block = Vec::new();
        while let Some(number) = numbers.next()? {
            block.push(number);
        }
        Ok(block)
    }
}

/// The longest record that is read; V8's have up to 8 fields.
const MOST_FIELDS: usize = 64;

/// Reads one number into each place of `record`. Gives one bit a field, set where a minus sign stood; nothing at the
/// end of the block.
#[inline(always)]
fn read_record(numbers: &mut Numbers<'_>, record: &mut [u64]) -> Result<Option<u64>, FormatError> {
    let mut negative = 0;
    for (field, place) in record.iter_mut().enumerate() {
        match numbers.next()? {
            Some((number, minus)) => {
                *place = number;
                negative |= (minus as u64) << field;
            }
            None if field == 0 => return Ok(None),
            None => return Err(numbers.error("the section ends in the middle of a record")),
        }
    }
    Ok(Some(negative))
}

fn check_fields(section: &str, fields: usize) -> Result<usize> {
    if fields > MOST_FIELDS {
        return Err(FormatError::new("snapshot", None, format!("{fields} fields for {section} are too many")).into());
    }
    Ok(fields)
}

/// Where the fields of a node stand.
pub struct NodeRecords<'a> {
    types: &'a TypeMap,
    fields: usize,
    node_type: usize,
    name: usize,
    id: usize,
    self_size: usize,
    edge_count: usize,
    trace_node: Option<usize>,
    detachedness: Option<usize>,
}

/// The nodes of one block.
#[derive(Default)]
pub struct NodeBlock {
    nodes: Nodes,
    edge_counts: Vec<u32>,
    negative_sizes: u64,
}

impl<'a> NodeRecords<'a> {
    pub fn new(header: &Header, types: &'a TypeMap) -> Result<Self> {
        let fields = &header.node_fields;
        let needed = |field| position(fields, field).expect("parse_header has looked for it");
        Ok(NodeRecords {
            types,
            fields: check_fields("nodes", fields.len())?,
            node_type: needed("type"),
            name: needed("name"),
            id: needed("id"),
            self_size: needed("self_size"),
            edge_count: needed("edge_count"),
            trace_node: position(fields, "trace_node_id"),
            detachedness: position(fields, "detachedness"),
        })
    }

    #[inline(always)]
    fn push(&self, record: &[u64; MOST_FIELDS], negative: bool, block: &mut NodeBlock) -> Result<(), &'static str> {
        let nodes = &mut block.nodes;
        nodes.types.push(self.types.node(record[self.node_type]));
        nodes.names.push(u32::try_from(record[self.name]).unwrap_or(u32::MAX));
        nodes.ids.push(record[self.id]);
        let size = record[self.self_size];
        if negative && size > 0 {
            // What is left of a size above 2^31 in a writer that casts to 32 bits.
            nodes.self_sizes.push((1u64 << 32).wrapping_sub(size) & u32::MAX as u64);
            block.negative_sizes += 1;
        } else {
            nodes.self_sizes.push(size);
        }
        block.edge_counts.push(u32::try_from(record[self.edge_count]).map_err(|_| "an edge count past 2^32")?);
        // These two are 0 throughout in most files and take no memory then.
        let index = nodes.types.len() - 1;
        if let Some(field) = self.trace_node {
            nodes.set_trace_node(index, record[field] as u32);
        }
        if let Some(field) = self.detachedness {
            nodes.set_detachedness(index, (record[field] & 3) as u8);
        }
        Ok(())
    }

    pub fn convert(&self, bare: &Bare) -> Result<NodeBlock> {
        let mut block = NodeBlock::default();
        if !bare.len().is_multiple_of(self.fields) {
            return Err(incomplete("nodes").into());
        }
        for numbers in bare.chunks_exact(self.fields) {
            let mut record = [0; MOST_FIELDS];
            for (slot, number) in record.iter_mut().zip(numbers) {
                *slot = number.0;
            }
            self.push(&record, numbers[self.self_size].1, &mut block)
                .map_err(|problem| FormatError::new("nodes", None, problem))?;
        }
        Ok(block)
    }
}

fn incomplete(section: &str) -> FormatError {
    FormatError::new(section, None, "the last record is incomplete").advise("the file is damaged: copy it again")
}

impl Records for NodeRecords<'_> {
    type Block = NodeBlock;

    fn fields(&self) -> usize {
        self.fields
    }

    fn parse(&self, mut numbers: Numbers<'_>) -> Result<NodeBlock, FormatError> {
        let mut block = NodeBlock::default();
        let mut record = [0; MOST_FIELDS];
        while let Some(negative) = read_record(&mut numbers, &mut record[..self.fields])? {
            let negative_size = negative >> self.self_size & 1 != 0;
            self.push(&record, negative_size, &mut block).map_err(|problem| numbers.error(problem))?;
        }
        Ok(block)
    }
}

impl NodeBlock {
    pub fn append_to(self, nodes: &mut Nodes, edge_counts: &mut Vec<u32>, negative_sizes: &mut u64) {
        nodes.append(self.nodes);
        edge_counts.extend_from_slice(&self.edge_counts);
        *negative_sizes += self.negative_sizes;
    }
}

/// Where the fields of an edge stand, and how many nodes there are to point at.
pub struct EdgeRecords<'a> {
    types: &'a TypeMap,
    fields: usize,
    edge_type: usize,
    name: usize,
    target: usize,
    node_fields: u32,
    nodes: u32,
}

impl<'a> EdgeRecords<'a> {
    pub fn new(header: &Header, types: &'a TypeMap, nodes: usize) -> Result<Self> {
        let fields = &header.edge_fields;
        let needed = |field| position(fields, field).expect("parse_header has looked for it");
        Ok(EdgeRecords {
            types,
            fields: check_fields("edges", fields.len())?,
            edge_type: needed("type"),
            name: needed("name_or_index"),
            target: needed("to_node"),
            node_fields: header.node_fields.len() as u32,
            nodes: u32::try_from(nodes).map_err(|_| too_many("nodes"))?,
        })
    }

    #[inline(always)]
    fn push(&self, record: &[u64; MOST_FIELDS], edges: &mut Edges) -> Result<(), String> {
        let flat = record[self.target];
        // 32-bit division is several times faster; a flat index past 2^32 takes the slow path.
        let (target, rest) = match u32::try_from(flat) {
            Ok(flat) => ((flat / self.node_fields) as u64, (flat % self.node_fields) as u64),
            Err(_) => (flat / self.node_fields as u64, flat % self.node_fields as u64),
        };
        if target >= self.nodes as u64 || rest != 0 {
            return Err(match rest {
                0 => format!("value {flat} points past the last node"),
                _ => format!("value {flat} points into the middle of a node"),
            });
        }
        let name = u32::try_from(record[self.name]).unwrap_or(u32::MAX);
        edges.push(self.types.edge(record[self.edge_type]), name, target as u32);
        Ok(())
    }

    pub fn convert(&self, bare: &Bare) -> Result<Edges> {
        let mut edges = Edges::default();
        if !bare.len().is_multiple_of(self.fields) {
            return Err(incomplete("edges").into());
        }
        for numbers in bare.chunks_exact(self.fields) {
            let mut record = [0; MOST_FIELDS];
            for (slot, number) in record.iter_mut().zip(numbers) {
                *slot = number.0;
            }
            self.push(&record, &mut edges).map_err(|problem| FormatError::new("edges", None, problem))?;
        }
        Ok(edges)
    }
}

fn too_many(what: &str) -> FormatError {
    FormatError::new(what, None, format!("more than 2^32 {what}"))
}

impl Records for EdgeRecords<'_> {
    type Block = Edges;

    fn fields(&self) -> usize {
        self.fields
    }

    fn parse(&self, mut numbers: Numbers<'_>) -> Result<Edges, FormatError> {
        let mut edges = Edges::default();
        let mut record = [0; MOST_FIELDS];
        while let Some(negative) = read_record(&mut numbers, &mut record[..self.fields])? {
            if negative >> self.target & 1 != 0 && record[self.target] > 0 {
                return Err(numbers.error("a reference to a negative place"));
            }
            self.push(&record, &mut edges).map_err(|problem| numbers.error(&problem))?;
        }
        Ok(edges)
    }
}
