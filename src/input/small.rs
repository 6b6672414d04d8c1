//! The small sections, from bare numbers to columns.

use rustc_hash::FxHashMap;

use super::arrays::Records;
use super::meta::position;
use super::numbers::Numbers;
use super::records::Bare;
use crate::base::ids::NodeIx;
use crate::columns::{
    Header, Location, Locations, SampleColumns, ScopeColumns, ScopeRecord, TraceFunction, TraceFunctions,
};
use crate::error::FormatError;

/// Locations whose header and nodes have come before them, as in every engine's files.
pub(crate) struct LocationRecords {
    fields: LocationFields,
    node_fields: u64,
    nodes: u64,
}

/// Where the fields of a location stand.
struct LocationFields {
    count: usize,
    object: usize,
    script: usize,
    line: usize,
    column: usize,
    /// The node of the script (V8 15).
    script_object: Option<usize>,
}

/// Places of nodes, in the order of the file.
type Entries = Vec<(u32, Location)>;

/// The locations of one block, or of all blocks so far.
#[derive(Default)]
pub(crate) struct LocationBlock {
    /// Blocks as they came: to join them would be to copy all.
    entries: Vec<Entries>,
    /// The first node that is named for a script.
    scripts: FxHashMap<u32, NodeIx>,
    /// How many name no node or are incomplete.
    lost: usize,
}

impl LocationBlock {
    /// Moves all locations of `other` behind the last one.
    pub(crate) fn append(&mut self, mut other: LocationBlock) {
        self.entries.append(&mut other.entries);
        for (script, node) in other.scripts {
            self.scripts.entry(script).or_insert(node);
        }
        self.lost += other.lost;
    }

    /// What [`locations`] gives for them.
    pub(crate) fn finish(self) -> (Locations, usize) {
        (Locations::new(&self.entries, self.scripts), self.lost)
    }
}

impl LocationFields {
    fn of(header: &Header) -> Option<Self> {
        let fields = &header.location_fields;
        Some(LocationFields {
            count: fields.len(),
            object: position(fields, "object_index")?,
            script: position(fields, "script_id")?,
            line: position(fields, "line")?,
            column: position(fields, "column")?,
            script_object: position(fields, "script_object_index"),
        })
    }
}

impl LocationRecords {
    /// Nothing where the fields are not those that a location needs.
    pub(crate) fn new(header: &Header, nodes: usize) -> Option<Self> {
        let fields = LocationFields::of(header)?;
        Some(LocationRecords { fields, node_fields: header.node_fields.len() as u64, nodes: nodes as u64 })
    }

    /// A place in the flat section `nodes` as the number of a node.
    fn node(&self, flat: u64) -> Option<u32> {
        let node = flat / self.node_fields;
        (flat.is_multiple_of(self.node_fields) && node < self.nodes).then_some(node as u32)
    }

    /// `entries` are those of the block.
    #[inline(always)]
    fn push(&self, record: impl Fn(usize) -> u64, entries: &mut Entries, block: &mut LocationBlock) {
        let LocationFields { object, script, line, column, script_object, .. } = self.fields;
        let Some(object) = self.node(record(object)) else {
            block.lost += 1;
            return;
        };
        let script_id = record(script) as u32;
        entries.push((object, Location { script_id, line: record(line) as u32, column: record(column) as u32 }));
        if let Some(script) = script_object.and_then(|field| self.node(record(field))) {
            block.scripts.entry(script_id).or_insert(NodeIx(script));
        }
    }

    #[inline(always)]
    fn parse_plain<const N: usize>(&self, numbers: &mut Numbers<'_>, entries: &mut Entries, block: &mut LocationBlock) {
        while let Some(record) = numbers.plain_record::<N>() {
            self.push(|field| record[field], entries, block);
        }
    }
}

impl Records for LocationRecords {
    type Block = LocationBlock;
    type Place = ();

    fn fields(&self) -> usize {
        self.fields.count
    }

    fn parse(&self, mut numbers: Numbers<'_>, _: Option<()>) -> Result<LocationBlock, FormatError> {
        let (mut block, count) = (LocationBlock::default(), self.fields.count);
        let mut entries = Entries::with_capacity(numbers.most() / count + 1);
        let mut record = Vec::with_capacity(count);
        loop {
            match count {
                4 => self.parse_plain::<4>(&mut numbers, &mut entries, &mut block),
                5 => self.parse_plain::<5>(&mut numbers, &mut entries, &mut block),
                _ => {}
            }
            record.clear();
            while record.len() < count
                && let Some((number, _)) = numbers.next()?
            {
                record.push(number);
            }
            match record.len() {
                0 => break,
                len if len == count => self.push(|field| record[field], &mut entries, &mut block),
                _ => block.lost += 1,
            }
        }
        block.entries.push(entries);
        Ok(block)
    }
}

/// Where nodes are defined, of numbers that have waited; besides, how many locations name no node or are incomplete.
pub(crate) fn locations(header: &Header, bare: &Bare, nodes: usize) -> (Locations, usize) {
    let Some(records) = LocationRecords::new(header, nodes) else { return Default::default() };
    let (mut block, count) = (LocationBlock::default(), records.fields.count);
    let mut entries = Entries::with_capacity(bare.len() / count);
    for record in bare.chunks(count) {
        match record.len() == count {
            true => records.push(|field| record[field].0, &mut entries, &mut block),
            false => block.lost += 1,
        }
    }
    block.entries.push(entries);
    block.finish()
}

pub(crate) fn samples(header: &Header, bare: &Bare) -> SampleColumns {
    let fields = &header.sample_fields;
    let places = ["timestamp_us", "last_assigned_id"].map(|field| position(fields, field));
    let [Some(time), Some(id)] = places else { return SampleColumns::default() };
    let column = |place: usize| bare.chunks_exact(fields.len()).map(|record| record[place].0).collect();
    SampleColumns { timestamps_us: column(time), last_assigned_ids: column(id) }
}

pub(crate) fn trace_functions(header: &Header, bare: &Bare) -> TraceFunctions {
    let fields = &header.trace_function_info_fields;
    if fields.is_empty() {
        return TraceFunctions::default();
    }
    let field = |record: &[(u64, bool)], name| position(fields, name).map_or(0, |place| record[place].0);
    let functions = bare.chunks_exact(fields.len()).map(|record| TraceFunction {
        function_id: field(record, "function_id"),
        name: field(record, "name"),
        script_name: field(record, "script_name"),
        script_id: field(record, "script_id"),
        line: field(record, "line"),
        column: field(record, "column"),
    });
    TraceFunctions(functions.collect())
}

/// The sections `scopes`, `scope_context_vars` and `scope_uses`.
pub(crate) fn scopes(header: &Header, [scopes, variables, uses]: [&Bare; 3]) -> ScopeColumns {
    // Which fields of which section, by name; an absent field reads as 0.
    let records = |bare: &Bare, fields: &[String], names: &[&str]| -> Vec<Vec<u64>> {
        if fields.is_empty() {
            return Vec::new();
        }
        let places: Vec<Option<usize>> = names.iter().map(|name| position(fields, name)).collect();
        let read =
            |record: &[(u64, bool)]| places.iter().map(|place| place.map_or(0, |place| record[place].0)).collect();
        bare.chunks_exact(fields.len()).map(read).collect()
    };
    let scope_names = ["script_node_index", "scope_id", "depth", "scope_context_vars_count", "scope_uses_count"];
    ScopeColumns {
        scopes: records(scopes, &header.scope_fields, &scope_names)
            .iter()
            .map(|record| ScopeRecord {
                script_node_index: record[0],
                scope_id: record[1],
                depth: record[2],
                variables: record[3],
                uses: record[4],
            })
            .collect(),
        variables: records(variables, &header.scope_context_var_fields, &["name"])
            .iter()
            .map(|record| record[0])
            .collect(),
        uses: records(uses, &header.scope_use_fields, &["declaring_scope_id", "slot_index"])
            .iter()
            .map(|record| [record[0], record[1]])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(change: impl FnOnce(&mut Header, fn(&str) -> Vec<String>)) -> Header {
        let mut header = Header { node_fields: vec![String::new(); 5], ..Header::default() };
        change(&mut header, |names| names.split_whitespace().map(String::from).collect());
        header
    }

    fn bare(numbers: &[u64]) -> Bare {
        numbers.iter().map(|&number| (number, false)).collect()
    }

    fn location(script_id: u32, line: u32, column: u32) -> Option<Location> {
        Some(Location { script_id, line, column })
    }

    /// Of numbers that have waited, which is what they are as they are read.
    fn located(header: &Header, numbers: &[u64], nodes: usize) -> (Locations, usize) {
        let (locations, lost) = locations(header, &bare(numbers), nodes);
        let text = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let records = LocationRecords::new(header, nodes).expect("all that a location needs");
        let mut read = LocationBlock::default();
        // Far from the end of a block numbers are read in another way than near it.
        for padding in ["", &" ".repeat(300)] {
            let text = format!("{text}{padding}");
            let block = records.parse(Numbers::new(text.as_bytes(), 0, "locations"), None).expect("numbers");
            read.append(block);
        }
        let (twice, lost_twice) = read.finish();
        assert_eq!(twice.iter().collect::<Vec<_>>(), locations.iter().collect::<Vec<_>>());
        assert_eq!(twice.scripts().collect::<Vec<_>>(), locations.scripts().collect::<Vec<_>>());
        assert_eq!(lost_twice, 2 * lost);
        (locations, lost)
    }

    #[test]
    fn locations_go_by_the_names_of_their_fields() {
        let header = header(|header, names| header.location_fields = names("column odd object_index line script_id"));
        let (locations, lost) = located(&header, &[7, 99, 5, 6, 3, 8, 99, 0, 9, 4], 2);
        assert_eq!([0, 1].map(|node| locations.get(NodeIx(node))), [location(4, 9, 8), location(3, 6, 7)]);
        assert_eq!(lost, 0);
    }

    #[test]
    fn locations_of_no_node_and_half_ones_are_left_out_and_counted() {
        let header = header(|header, names| header.location_fields = names("object_index script_id line column"));
        // Into the middle of a node, past the last one, and half a record.
        let (locations, lost) = located(&header, &[1, 3, 0, 0, 10, 3, 0, 0, 5, 3, 1, 2, 0, 3], 2);
        assert_eq!(locations.iter().collect::<Vec<_>>(), [(NodeIx(1), location(3, 1, 2).unwrap())]);
        assert_eq!(lost, 3);
    }

    #[test]
    fn the_first_location_that_names_a_script_says_which_node_it_is() {
        let fields = "object_index script_id script_object_index line column";
        let header = header(|header, names| header.location_fields = names(fields));
        let (locations, _) = located(&header, &[0, 3, 5, 1, 1, 5, 3, 0, 1, 1, 0, 4, 99, 1, 1], 2);
        assert_eq!(locations.scripts().collect::<Vec<_>>(), [(3, NodeIx(1))]);
    }

    #[test]
    fn without_its_fields_a_section_says_nothing() {
        let header = header(|header, names| {
            header.location_fields = names("object_index script_id line");
            header.sample_fields = names("last_assigned_id");
        });
        let numbers = bare(&[0, 1, 2, 3, 4, 5]);
        let (locations, lost) = locations(&header, &numbers, 1);
        assert_eq!((locations.len(), lost), (0, 0));
        assert!(samples(&header, &numbers).last_assigned_ids.is_empty());
        assert!(trace_functions(&header, &numbers).0.is_empty());
        let scopes = scopes(&header, [&numbers; 3]);
        assert_eq!((scopes.scopes.len(), scopes.variables.len(), scopes.uses.len()), (0, 0, 0));
    }

    #[test]
    fn samples_and_functions_go_by_the_names_of_their_fields() {
        let header = header(|header, names| {
            header.sample_fields = names("last_assigned_id odd timestamp_us");
            header.trace_function_info_fields = names("line name function_id");
        });
        // The last record is half.
        let samples = samples(&header, &bare(&[1, 99, 1000, 5, 99, 2000, 9]));
        assert_eq!((samples.timestamps_us, samples.last_assigned_ids), (vec![1000, 2000].into(), vec![1, 5].into()));
        let functions = trace_functions(&header, &bare(&[7, 2, 30, 8, 3])).0;
        let read: Vec<_> = functions.iter().map(|f| (f.function_id, f.name, f.script_name, f.line)).collect();
        assert_eq!(read, [(30, 2, 0, 7)]);
    }

    #[test]
    fn scopes_read_absent_fields_as_zero_and_pass_over_odd_ones() {
        let header = header(|header, names| {
            header.scope_fields = names("odd scope_id script_node_index scope_uses_count");
            header.scope_context_var_fields = names("odd name");
            header.scope_use_fields = names("slot_index declaring_scope_id");
        });
        let columns = scopes(&header, [&bare(&[99, 1, 5, 2, 99, 2, 10, 0]), &bare(&[99, 6, 99, 7]), &bare(&[3, 1])]);
        let read: Vec<_> = columns
            .scopes
            .iter()
            .map(|scope| (scope.script_node_index, scope.scope_id, scope.depth, scope.variables, scope.uses))
            .collect();
        assert_eq!(read, [(5, 1, 0, 0, 2), (10, 2, 0, 0, 0)]);
        assert_eq!((columns.variables, columns.uses), (vec![6, 7].into(), vec![[1, 3]].into()));
    }
}
