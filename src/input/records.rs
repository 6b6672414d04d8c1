//! Records of nodes and edges, and bare numbers: how one block of an integer section becomes columns.

use super::arrays::Records;
use super::blocks::{EdgeBlock, NodeBlock, Outcome};
use super::checks::{EdgeSigns, NodeSigns};
use super::meta::{TypeMap, position};
use super::numbers::Numbers;
use super::room::{EdgePlace, NodePlace};
use crate::base::hints::will_write;
use crate::columns::{Edges, Header};
use crate::error::{FormatError, Result};

/// Numbers of a section that came before the header that explains it, each with whether it is negative.
pub(crate) type Bare = Vec<(u64, bool)>;

/// Numbers whose meaning is not known yet.
pub(crate) struct BareNumbers;

impl Records for BareNumbers {
    type Block = Bare;
    type Place = ();

    fn fields(&self) -> usize {
        1
    }

    fn parse(&self, mut numbers: Numbers<'_>, _: Option<()>) -> Result<Bare, FormatError> {
        let mut block = Vec::new();
        while let Some(number) = numbers.next()? {
            block.push(number);
        }
        Ok(block)
    }
}

/// The longest record that is read; V8's have up to 8 fields.
const MOST_FIELDS: usize = 64;

/// One record, its numbers in the order of the file.
struct Record {
    numbers: [u64; MOST_FIELDS],
    /// One bit a field, set where a minus sign stood.
    negative: u64,
}

impl Record {
    const EMPTY: Record = Record { numbers: [0; MOST_FIELDS], negative: 0 };

    /// Reads the next record of a block; false at its end.
    #[inline(always)]
    fn read(&mut self, numbers: &mut Numbers<'_>, fields: usize) -> Result<bool, FormatError> {
        let mut negative = 0;
        for (field, place) in self.numbers[..fields].iter_mut().enumerate() {
            match numbers.next()? {
                Some((number, minus)) => {
                    *place = number;
                    negative |= (minus as u64) << field;
                }
                None if field == 0 => return Ok(false),
                None => return Err(numbers.error("the section ends in the middle of a record")),
            }
        }
        self.negative = negative;
        Ok(true)
    }

    /// Takes the record from numbers that have been read already.
    fn take(&mut self, bare: &[(u64, bool)]) {
        self.negative = 0;
        for (field, &(number, minus)) in bare.iter().enumerate() {
            self.numbers[field] = number;
            self.negative |= (minus as u64) << field;
        }
    }

    #[inline(always)]
    fn get(&self, field: usize) -> u64 {
        self.numbers[field]
    }

    /// Whether the number is below zero; −0 is not.
    #[inline(always)]
    fn is_negative(&self, field: usize) -> bool {
        self.negative >> field & 1 != 0 && self.numbers[field] > 0
    }
}

fn check_fields(section: &str, fields: usize) -> Result<usize> {
    if fields > MOST_FIELDS {
        return Err(FormatError::new("snapshot", None, format!("{fields} fields for {section} are too many")).into());
    }
    Ok(fields)
}

/// Hands all records of a section that has waited to `push`.
fn convert(
    bare: &Bare,
    section: &str,
    fields: usize,
    mut push: impl FnMut(&Record) -> Result<(), String>,
) -> Result<()> {
    if !bare.len().is_multiple_of(fields) {
        return Err(FormatError::new(section, None, "the last record is incomplete")
            .advise("the file is damaged: copy it again")
            .into());
    }
    let mut record = Record::EMPTY;
    for numbers in bare.chunks_exact(fields) {
        record.take(numbers);
        push(&record).map_err(|problem| FormatError::new(section, None, problem))?;
    }
    Ok(())
}

/// Where the fields of a node stand.
pub(crate) struct NodeRecords<'a> {
    types: &'a TypeMap,
    fields: usize,
    node_type: usize,
    name: usize,
    id: usize,
    self_size: usize,
    edge_count: usize,
    trace_node: Option<usize>,
    detachedness: Option<usize>,
    /// Whether the fields stand in V8's order, with up to two others behind them, as in every engine's files.
    is_usual: bool,
}

impl<'a> NodeRecords<'a> {
    pub(crate) fn new(header: &Header, types: &'a TypeMap) -> Result<Self> {
        let fields = &header.node_fields;
        let needed = |field| position(fields, field).expect("parse_header has looked for it");
        let usual = ["type", "name", "id", "self_size", "edge_count"];
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
            is_usual: usual.into_iter().enumerate().all(|(place, field)| needed(field) == place),
        })
    }

    /// Reads all records into their place, if they are as many and of a usual kind.
    #[inline(always)]
    fn place<const N: usize>(&self, numbers: &mut Numbers<'_>, mut place: NodePlace<'_>) -> Option<NodeBlock> {
        place.will_write();
        let mut block = NodeBlock { outcome: Outcome::Placed(place.types.len()), ..NodeBlock::default() };
        // Apart from the block the signs stay in registers.
        let mut signs = NodeSigns::default();
        for (index, slot) in place.slots().enumerate() {
            let record: [u64; N] = numbers.record()?;
            let [node_type, name, id, size, edge_count] = *record.first_chunk().expect("5 fields at least");
            if (name | id | size | edge_count) >> 32 != 0 {
                return None;
            }
            let node_type = self.types.node(node_type);
            signs.see(node_type, name as u32);
            *slot.node_type = node_type;
            *slot.name = name as u32;
            *slot.id = id as u32;
            *slot.self_size = size as u32;
            *slot.edge_count = edge_count as u32;
            // Of most objects neither is known.
            if record[5..].iter().any(|&field| field != 0) {
                if let Some(field) = self.trace_node {
                    block.nodes.set_trace_node(index, record[field] as u32);
                }
                if let Some(field) = self.detachedness {
                    block.nodes.set_detachedness(index, (record[field] & 3) as u8);
                }
            }
        }
        numbers.are_read().then_some(NodeBlock { signs, ..block })
    }

    #[inline(always)]
    fn push(&self, record: &Record, block: &mut NodeBlock, signs: &mut NodeSigns) -> Result<(), &'static str> {
        let NodeBlock { nodes, edge_counts, .. } = block;
        let node_type = self.types.node(record.get(self.node_type));
        let name = u32::try_from(record.get(self.name)).unwrap_or(u32::MAX);
        signs.see(node_type, name);
        nodes.types.push(node_type);
        nodes.names.push(name);
        nodes.ids.push(record.get(self.id));
        let size = record.get(self.self_size);
        if record.is_negative(self.self_size) {
            // What is left of a size above 2^31 in a writer that casts to 32 bits.
            nodes.self_sizes.push((1u64 << 32).wrapping_sub(size) & u32::MAX as u64);
            signs.negative_sizes += 1;
        } else {
            nodes.self_sizes.push(size);
        }
        edge_counts.push(u32::try_from(record.get(self.edge_count)).map_err(|_| "an edge count past 2^32")?);
        // These two are 0 throughout in most files and take no memory then.
        let index = nodes.types.len() - 1;
        if let Some(field) = self.trace_node {
            nodes.set_trace_node(index, record.get(field) as u32);
        }
        if let Some(field) = self.detachedness {
            nodes.set_detachedness(index, (record.get(field) & 3) as u8);
        }
        Ok(())
    }

    pub(crate) fn convert(&self, bare: &Bare) -> Result<NodeBlock> {
        let (mut block, mut signs) = (NodeBlock::default(), NodeSigns::default());
        convert(bare, "nodes", self.fields, |record| self.push(record, &mut block, &mut signs).map_err(str::to_owned))?;
        Ok(NodeBlock { signs, ..block })
    }
}

impl<'a> Records for NodeRecords<'a> {
    type Block = NodeBlock;
    type Place = NodePlace<'a>;

    fn fields(&self) -> usize {
        self.fields
    }

    fn parse(&self, mut numbers: Numbers<'_>, place: Option<NodePlace<'a>>) -> Result<NodeBlock, FormatError> {
        let mut block = NodeBlock::default();
        if let Some(place) = place {
            let placed = match self.fields {
                5 if self.is_usual => self.place::<5>(&mut numbers.clone(), place),
                6 if self.is_usual => self.place::<6>(&mut numbers.clone(), place),
                7 if self.is_usual => self.place::<7>(&mut numbers.clone(), place),
                _ => None,
            };
            if let Some(block) = placed {
                return Ok(block);
            }
            block.outcome = Outcome::Missed;
        }
        block.reserve(numbers.most() / self.fields + 1);
        let mut signs = NodeSigns::default();
        let mut record = Record::EMPTY;
        while record.read(&mut numbers, self.fields)? {
            self.push(&record, &mut block, &mut signs).map_err(|problem| numbers.error(problem))?;
        }
        Ok(NodeBlock { signs, ..block })
    }
}

/// Where the fields of an edge stand, and how many nodes there are to point at.
pub(crate) struct EdgeRecords<'a> {
    types: &'a TypeMap,
    fields: usize,
    edge_type: usize,
    name: usize,
    target: usize,
    node_fields: u32,
    nodes: u32,
    /// Whether the fields are V8's, in its order.
    is_usual: bool,
}

impl<'a> EdgeRecords<'a> {
    pub(crate) fn new(header: &Header, types: &'a TypeMap, nodes: usize) -> Result<Self> {
        let fields = &header.edge_fields;
        let needed = |field| position(fields, field).expect("parse_header has looked for it");
        Ok(EdgeRecords {
            types,
            fields: check_fields("edges", fields.len())?,
            edge_type: needed("type"),
            name: needed("name_or_index"),
            target: needed("to_node"),
            node_fields: header.node_fields.len() as u32,
            nodes: u32::try_from(nodes).map_err(|_| FormatError::new("nodes", None, "more than 2^32 nodes"))?,
            is_usual: *fields == ["type", "name_or_index", "to_node"],
        })
    }

    /// Reads all records into their place, if they are as many and all lead to a node.
    #[inline(always)]
    fn place<const NODE_FIELDS: u32>(&self, numbers: &mut Numbers<'_>, place: EdgePlace<'_>) -> Option<EdgeBlock> {
        will_write(place.0);
        let outcome = Outcome::Placed(place.0.len());
        let (mut edges, mut signs) = (Edges::default(), EdgeSigns::default());
        for (index, link) in place.0.iter_mut().enumerate() {
            let [edge_type, name_or_index, flat] = numbers.record()?;
            // To divide by a constant is to multiply.
            let (node, rest) = (flat as u32 / NODE_FIELDS, flat as u32 % NODE_FIELDS);
            if flat >> 32 != 0 || rest != 0 || node >= self.nodes {
                return None;
            }
            let edge_type = self.types.edge(edge_type);
            signs.see(edge_type, u32::try_from(name_or_index).unwrap_or(u32::MAX));
            *link = [node, Edges::pack(edge_type, edges.low(index, name_or_index))];
        }
        numbers.are_read().then_some(EdgeBlock { edges, signs, outcome })
    }

    #[inline(always)]
    fn push(&self, record: &Record, edges: &mut Edges, signs: &mut EdgeSigns) -> Result<(), String> {
        if record.is_negative(self.target) {
            return Err("a reference to a negative place".into());
        }
        let flat = record.get(self.target);
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
        let edge_type = self.types.edge(record.get(self.edge_type));
        let name_or_index = record.get(self.name);
        signs.see(edge_type, u32::try_from(name_or_index).unwrap_or(u32::MAX));
        edges.push(edge_type, name_or_index, target as u32);
        Ok(())
    }

    pub(crate) fn convert(&self, bare: &Bare) -> Result<EdgeBlock> {
        let EdgeBlock { mut edges, mut signs, outcome } = EdgeBlock::default();
        convert(bare, "edges", self.fields, |record| self.push(record, &mut edges, &mut signs))?;
        Ok(EdgeBlock { edges, signs, outcome })
    }
}

impl<'a> Records for EdgeRecords<'a> {
    type Block = EdgeBlock;
    type Place = EdgePlace<'a>;

    fn fields(&self) -> usize {
        self.fields
    }

    fn parse(&self, mut numbers: Numbers<'_>, place: Option<EdgePlace<'a>>) -> Result<EdgeBlock, FormatError> {
        let EdgeBlock { mut edges, mut signs, mut outcome } = EdgeBlock::default();
        if let Some(place) = place {
            let placed = match self.node_fields {
                5 if self.is_usual => self.place::<5>(&mut numbers.clone(), place),
                6 if self.is_usual => self.place::<6>(&mut numbers.clone(), place),
                7 if self.is_usual => self.place::<7>(&mut numbers.clone(), place),
                _ => None,
            };
            if let Some(block) = placed {
                return Ok(block);
            }
            outcome = Outcome::Missed;
        }
        edges.reserve(numbers.most() / self.fields + 1);
        let mut record = Record::EMPTY;
        while record.read(&mut numbers, self.fields)? {
            self.push(&record, &mut edges, &mut signs).map_err(|problem| numbers.error(&problem))?;
        }
        Ok(EdgeBlock { edges, signs, outcome })
    }
}
