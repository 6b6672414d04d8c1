//! The visitor that makes columns of a snapshot.

use std::panic::resume_unwind;

use super::blocks::{EdgeBlock, NodeBlock};
use super::checks::{self, Signs};
use super::meta::TypeMap;
use super::producer::guess;
use super::records::{Bare, BareNumbers, EdgeRecords, NodeRecords};
use super::room::{EdgeRoom, Gathered, NodeRoom};
use super::scan::{self, Integers, Visitor};
use super::section::Section;
use super::small::{self, LocationBlock, LocationRecords};
use super::watch::Watch;
use super::{Options, Reader, trace};
use crate::base::memory;
use crate::columns::{Columns, Header, Locations, Strings, TraceTree, TypeNames};
use crate::error::{Error, FormatError, Result};

/// Reads a whole snapshot.
pub(crate) fn read(reader: Reader, options: &Options, watch: &Watch) -> Result<Columns> {
    let mut collector = Collector::new(watch);
    let bytes = scan::scan(reader, options, &watch.meter, &mut collector)?;
    collector.finish(bytes)
}

/// What the section `snapshot` says, and what follows from it.
struct Meaning {
    header: Header,
    types: TypeMap,
    names: TypeNames,
}

/// What is there of a section of records.
enum SectionPart<T> {
    Absent,
    /// Numbers that came before what explains them.
    Waiting(Bare),
    Read(T),
}

/// The small sections, whose meaning is settled at the end.
#[derive(Default)]
struct Small {
    locations: Bare,
    /// In place of these where their header has come before them, as in every engine's files: there are millions.
    read_locations: Option<LocationBlock>,
    located: Option<(Locations, usize)>,
    samples: Bare,
    functions: Bare,
    scopes: Bare,
    variables: Bare,
    uses: Bare,
}

struct Collector<'a> {
    watch: &'a Watch,
    meaning: Option<Meaning>,
    nodes: SectionPart<NodeBlock>,
    edges: SectionPart<EdgeBlock>,
    /// Where the edges of each node begin, once both are there.
    first_edges: Option<Result<FirstEdges>>,
    strings: Option<Strings>,
    is_cut_off: bool,
    /// As it stands in the file: it may come before the header.
    trace_tree: Vec<u8>,
    small: Small,
    warnings: Vec<String>,
}

impl Visitor for Collector<'_> {
    fn header(&mut self, section: Section<'_>) -> Result<()> {
        let header = scan::header_of(section)?;
        self.watch.learn(|facts| {
            facts.producer = guess(&header).to_string();
            facts.claimed_nodes = header.node_count.unwrap_or(0);
            facts.claimed_edges = header.edge_count.unwrap_or(0);
        });
        self.warnings.extend(checks::of_edge_types(&header));
        let (types, names) = TypeMap::new(&header);
        self.meaning = Some(Meaning { header, types, names });
        Ok(())
    }

    fn integers(&mut self, which: Integers, section: Section<'_>) -> Result<()> {
        let watch = self.watch;
        match which {
            Integers::Nodes => return watch.stage("nodes", || self.read_nodes(section)),
            Integers::Edges => return watch.stage("edges", || self.read_edges(section)),
            Integers::Locations => return self.read_locations(section),
            Integers::Samples => self.small.samples = read_bare(section)?,
            Integers::TraceFunctionInfos => self.small.functions = read_bare(section)?,
            Integers::Scopes => self.small.scopes = read_bare(section)?,
            Integers::ScopeContextVars => self.small.variables = read_bare(section)?,
            Integers::ScopeUses => self.small.uses = read_bare(section)?,
        }
        Ok(())
    }

    fn strings(&mut self, section: Section<'_>) -> Result<()> {
        let (watch, mut strings) = (self.watch, Strings::default());
        // In the files of most engines all else has come by now, and to find the ends of strings takes one thread.
        self.is_cut_off = std::thread::scope(|scope| {
            let beside = std::thread::Builder::new().name("records".into());
            let beside = beside
                .spawn_scoped(scope, || watch.timings.around("other sections", || self.settle()))
                .map_err(|problem| Error::thread(&problem))?;
            let is_cut_off = watch.stage("strings", || section.strings(&mut strings));
            beside.join().unwrap_or_else(|panic| resume_unwind(panic));
            is_cut_off
        })?;
        strings.shrink_to_fit();
        if self.is_cut_off {
            self.warnings.push(checks::of_lost_strings(strings.len()));
        }
        self.strings = Some(strings);
        Ok(())
    }

    fn trace_tree(&mut self, section: Section<'_>) -> Result<()> {
        let depth = section.text(|part| {
            self.trace_tree.extend_from_slice(part);
            Ok(())
        })?;
        self.warnings.extend(checks::of_trace_tree(depth));
        Ok(())
    }

    fn unknown(&mut self, section: Section<'_>) -> Result<()> {
        section.skip()
    }

    fn wrapped(&mut self) -> Result<()> {
        *self = Collector::new(self.watch);
        Ok(())
    }

    fn warn(&mut self, sentence: String) {
        self.warnings.push(sentence);
    }
}

impl<'a> Collector<'a> {
    fn new(watch: &'a Watch) -> Self {
        Collector {
            watch,
            meaning: None,
            nodes: SectionPart::Absent,
            edges: SectionPart::Absent,
            first_edges: None,
            strings: None,
            is_cut_off: false,
            trace_tree: Vec::new(),
            small: Small::default(),
            warnings: Vec::new(),
        }
    }

    fn read_nodes(&mut self, section: Section<'_>) -> Result<()> {
        let Some(Meaning { header, types, .. }) = &self.meaning else {
            self.nodes = SectionPart::Waiting(read_bare(section)?);
            return Ok(());
        };
        let mut room = NodeRoom::new(self.believed(header.node_count, header.node_fields.len(), 25));
        let mut left = room.all();
        let mut gathered = Gathered::<NodeBlock>::default();
        let records = NodeRecords::new(header, types)?;
        section.numbers_into(
            &records,
            |nodes| left.cut(nodes),
            |block| {
                gathered.add(block);
                self.watch.records.set_nodes(gathered.len());
                Ok(())
            },
        )?;
        self.nodes = SectionPart::Read(room.finish(gathered));
        Ok(())
    }

    fn read_edges(&mut self, section: Section<'_>) -> Result<()> {
        let (Some(Meaning { header, types, .. }), SectionPart::Read(NodeBlock { nodes, .. })) =
            (&self.meaning, &self.nodes)
        else {
            self.edges = SectionPart::Waiting(read_bare(section)?);
            return Ok(());
        };
        let mut room = EdgeRoom::new(self.believed(header.edge_count, header.edge_fields.len(), 8));
        let mut left = room.all();
        let mut gathered = Gathered::<EdgeBlock>::default();
        let records = EdgeRecords::new(header, types, nodes.len())?;
        section.numbers_into(
            &records,
            |edges| left.cut(edges),
            |block| {
                gathered.add(block);
                self.watch.records.set_edges(gathered.len());
                Ok(())
            },
        )?;
        self.edges = SectionPart::Read(room.finish(gathered));
        Ok(())
    }

    fn read_locations(&mut self, section: Section<'_>) -> Result<()> {
        let records = match (&self.meaning, &self.nodes) {
            (Some(Meaning { header, .. }), SectionPart::Read(NodeBlock { nodes, .. })) => {
                LocationRecords::new(header, nodes.len())
            }
            _ => None,
        };
        let Some(records) = records else {
            self.small.locations = read_bare(section)?;
            return Ok(());
        };
        let mut all = LocationBlock::default();
        section.numbers(&records, |block| {
            all.append(block);
            Ok(())
        })?;
        self.small.read_locations = Some(all);
        Ok(())
    }

    /// Makes columns of the records that are there, as far as their strings do not matter.
    fn settle(&mut self) {
        self.small.located = self.small.read_locations.take().map(LocationBlock::finish);
        if let (SectionPart::Read(nodes), SectionPart::Read(edges)) = (&mut self.nodes, &self.edges) {
            let counts = std::mem::take(&mut nodes.edge_counts);
            self.first_edges = Some(first_edges(counts, edges.edges.len()));
            self.watch.after_records.run(nodes.nodes.len(), edges.edges.len());
        }
    }

    /// For how many records of so many fields, and bytes in columns, room is made at once: those that the header claims,
    /// as far as the file can hold them. What grows instead is copied, and leaves holes that nothing else fits into.
    fn believed(&self, claimed: Option<u64>, fields: usize, bytes: u64) -> usize {
        // A number takes two bytes at least. Of what is compressed nobody knows.
        let most = self.watch.meter.total() / (2 * fields as u64);
        let records = claimed.unwrap_or(0).min(most);
        // Without so much room there may still be enough for what there really is.
        if memory::require(records * bytes, "").is_ok() { records as usize } else { 0 }
    }

    fn finish(mut self, file_bytes: u64) -> Result<Columns> {
        let settled = self.first_edges.take();
        let Meaning { header, types, names } = self.meaning.ok_or_else(scan::no_header)?;
        let nodes = self.nodes.records("nodes", |bare| NodeRecords::new(&header, &types)?.convert(bare))?;
        let NodeBlock { mut nodes, edge_counts, signs: node_signs, .. } = nodes;
        let edges =
            self.edges.records("edges", |bare| EdgeRecords::new(&header, &types, nodes.len())?.convert(bare))?;
        let EdgeBlock { mut edges, signs: edge_signs, .. } = edges;
        let strings = self.strings.ok_or_else(|| missing("strings"))?;
        if nodes.is_empty() {
            return Err(FormatError::new("nodes", None, "the snapshot holds no objects").into());
        }
        if !header.root_index.is_multiple_of(header.node_fields.len() as u64)
            || header.root_index / header.node_fields.len() as u64 >= nodes.len() as u64
        {
            return Err(FormatError::new("snapshot", None, "`root_index` names no node").into());
        }
        let (first, stray_edges) = match settled {
            Some(first_edges) => first_edges?,
            None => first_edges(edge_counts, edges.len())?,
        };
        nodes.first_edges = first.into();
        nodes.shrink_to_fit();
        edges.shrink_to_fit();
        let Small { locations, read_locations, located, samples, functions, scopes, variables, uses } = self.small;
        let (locations, lost_locations) = match (located, read_locations) {
            (Some(located), _) => located,
            (None, Some(block)) => block.finish(),
            (None, None) => small::locations(&header, &locations, nodes.len()),
        };
        let mut columns = Columns {
            locations,
            samples: small::samples(&header, &samples),
            trace_functions: small::trace_functions(&header, &functions),
            trace_tree: trace::read(&self.trace_tree, &header).unwrap_or_else(TraceTree::damaged),
            scopes: small::scopes(&header, [&scopes, &variables, &uses]),
            header,
            nodes,
            edges,
            strings,
            types: names,
            is_cut_off: self.is_cut_off,
            warnings: self.warnings,
            file_bytes,
        };
        checks::of_columns(&mut columns, &Signs { nodes: node_signs, edges: edge_signs, stray_edges, lost_locations });
        Ok(columns)
    }
}

impl<T> SectionPart<T> {
    /// The records, which `convert` makes of numbers that have waited.
    fn records(self, section: &str, convert: impl FnOnce(&Bare) -> Result<T>) -> Result<T> {
        match self {
            SectionPart::Absent => Err(missing(section).into()),
            SectionPart::Waiting(bare) => convert(&bare),
            SectionPart::Read(records) => Ok(records),
        }
    }
}

fn missing(section: &str) -> FormatError {
    FormatError::new("", None, format!("there is no section `{section}`")).advise("is the file cut off?")
}

/// Reads a section of numbers whose meaning is settled at the end.
fn read_bare(section: Section<'_>) -> Result<Bare> {
    let mut numbers = Bare::new();
    section.numbers(&BareNumbers, |block| {
        numbers.extend(block);
        Ok(())
    })?;
    Ok(numbers)
}

/// Where the edges of each node begin, and at the end how many edges there are; besides, how many no node counts.
type FirstEdges = (Vec<u32>, u64);

fn first_edges(counts: Vec<u32>, edges: usize) -> Result<FirstEdges> {
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
    first.push(u32::try_from(edges).map_err(|_| FormatError::new("edges", None, "more than 2^32 references"))?);
    Ok((first, edges as u64 - total))
}
