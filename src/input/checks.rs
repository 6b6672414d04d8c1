//! What is odd about a file that can be opened all the same: a sentence for each.
//!
//! Whoever waits for the first table does not wait for these. While blocks are parsed, signs are kept that cost one
//! comparison a record; the exact counts are made only where a sign is up. What nothing announces is looked for after
//! everything else, by [`late_warnings`].

use super::meta::UNKNOWN_NODE;
use crate::base::meter::Meter;
use crate::base::uints::UintView;
use crate::columns::{Columns, EdgeType, Header, NodeType};
use crate::error::{FormatError, Result};

/// What has been seen of nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NodeSigns {
    largest_name: u32,
    /// [`UNKNOWN_NODE`] is the largest.
    largest_type: u8,
    pub(crate) negative_sizes: u64,
}

/// The largest size that is believed: DevTools counts with numbers that are exact only up to here, and no machine has a
/// millionth of it.
const MOST_BYTES: u64 = (1 << 53) - 1;
/// Sums are 64 bits with a sign (a difference of two snapshots), also where parts are counted more than once.
const MOST_IN_ALL: u128 = 1 << 62;

impl NodeSigns {
    #[inline(always)]
    pub(crate) fn see(&mut self, node_type: NodeType, name: u32) {
        self.largest_name = self.largest_name.max(name);
        self.largest_type = self.largest_type.max(node_type.0);
    }

    pub(crate) fn join(&mut self, other: NodeSigns) {
        self.largest_name = self.largest_name.max(other.largest_name);
        self.largest_type = self.largest_type.max(other.largest_type);
        self.negative_sizes += other.negative_sizes;
    }
}

/// What has been seen of edges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct EdgeSigns {
    /// Of those whose names are strings.
    largest_name: u32,
    /// [`EdgeType::OTHER`] is the largest.
    largest_type: u8,
}

impl EdgeSigns {
    #[inline(always)]
    pub(crate) fn see(&mut self, edge_type: EdgeType, name_or_index: u32) {
        // 0 for a number. Kinds of edges follow no pattern, so a branch would be guessed wrong too often.
        let name = name_or_index & u32::from(edge_type.has_string_name()).wrapping_neg();
        self.largest_name = self.largest_name.max(name);
        self.largest_type = self.largest_type.max(edge_type.0);
    }

    pub(crate) fn join(&mut self, other: EdgeSigns) {
        self.largest_name = self.largest_name.max(other.largest_name);
        self.largest_type = self.largest_type.max(other.largest_type);
    }
}

/// All that has been seen while columns were made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signs {
    pub(crate) nodes: NodeSigns,
    pub(crate) edges: EdgeSigns,
    /// Edges that no node counts.
    pub(crate) stray_edges: u64,
    /// Locations that were left out.
    pub(crate) lost_locations: usize,
}

/// Deeper stacks than any real program's: read all the same, but said.
const DEEP_TRACE_TREE: usize = 100_000;

/// Says what is odd about a section `trace_tree` nested `depth` levels deep.
pub(crate) fn of_trace_tree(depth: usize) -> Option<String> {
    (depth > DEEP_TRACE_TREE).then(|| format!("trace_tree is nested {depth} levels deep"))
}

/// Says that the file has lost its end after so many strings.
pub(crate) fn of_lost_strings(there: usize) -> String {
    format!("the file is cut off after {there} strings: names beyond them are shown as (missing name)")
}

/// The names of edge types that are none of ours. `invisible` is an edge that no list shows.
pub(crate) fn of_edge_types(header: &Header) -> impl Iterator<Item = String> {
    let unknown = |name: &&String| !is_known_edge(name) && *name != "invisible";
    header
        .edge_types
        .iter()
        .filter(unknown)
        .map(|name| format!("unknown edge type `{name}`: read as a reference with a name"))
}

fn is_known_edge(name: &str) -> bool {
    EdgeType::NAMES.contains(&name)
}

/// Takes sizes that no machine has for 0, and says so: they would hide all others in every sum, or make it wrong.
///
/// # Errors
/// Where the others still add up to more than sums can hold.
pub(crate) fn believe_sizes(columns: &mut Columns) -> Result<()> {
    let Columns { header, nodes, warnings, .. } = columns;
    if header.extra_native_bytes > MOST_BYTES {
        header.extra_native_bytes = 0;
        warnings.push("the header's extra_native_bytes are more than any memory: not counted".into());
    }
    let (mut all, mut impossible) = (u128::from(header.extra_native_bytes), Vec::new());
    match nodes.self_sizes.view() {
        // None of 32 bits is impossible.
        UintView::Narrow(_) => all += u128::from(nodes.self_sizes.sum()),
        UintView::Wide(sizes) => {
            for (node, &size) in sizes.iter().enumerate() {
                match size <= MOST_BYTES {
                    true => all += u128::from(size),
                    false => impossible.push(node),
                }
            }
        }
    }
    for &node in &impossible {
        nodes.self_sizes.set(node, 0);
    }
    warnings.extend(sentences(&[(impossible.len(), "sizes are larger than any memory: taken for 0")]));
    if all > MOST_IN_ALL {
        let problem = FormatError::new("nodes", None, "the sizes add up to more than any memory");
        return Err(problem.advise("the file is damaged: copy it again").into());
    }
    Ok(())
}

/// Says what is odd about the columns by the signs of it. Names past the strings get a string that says so.
pub(crate) fn of_columns(columns: &mut Columns, signs: &Signs) {
    if signs.stray_edges > 0 {
        // As in DevTools, whose last node's edges end where the section ends.
        columns.warnings.push(format!("{} edges belong to no node; the last node gets them", signs.stray_edges));
    }
    if signs.lost_locations > 0 {
        let lost = signs.lost_locations;
        columns.warnings.push(format!("{lost} locations name no object or are incomplete; left out"));
    }
    replace_missing_names(columns, signs);
    compare_counts(columns);
    count_odd_records(columns, signs);
}

fn replace_missing_names(columns: &mut Columns, signs: &Signs) {
    let strings = columns.strings.len() as u32;
    let mut wrong = 0;
    if signs.edges.largest_name >= strings {
        wrong += columns.edges.clamp_names(strings);
    }
    if signs.nodes.largest_name >= strings {
        for name in columns.nodes.names.to_mut().iter_mut().filter(|name| **name >= strings) {
            *name = strings;
            wrong += 1;
        }
    }
    if wrong > 0 {
        columns.strings.push_plain("(missing name)");
        columns.warnings.push(format!("{wrong} names point past the strings; shown as (missing name)"));
    }
}

fn compare_counts(columns: &mut Columns) {
    let Columns { header, nodes, edges, warnings, .. } = columns;
    for (claimed, there, what) in [(header.node_count, nodes.len(), "nodes"), (header.edge_count, edges.len(), "edges")]
    {
        // Hermes up to 0.11 always writes 0.
        if let Some(claimed) = claimed.filter(|&claimed| claimed != 0 && claimed != there as u64) {
            warnings.push(format!("the header claims {claimed} {what}, the file holds {there}"));
        }
    }
}

fn count_odd_records(columns: &mut Columns, signs: &Signs) {
    let unknown_nodes = match signs.nodes.largest_type == UNKNOWN_NODE.0 {
        true => columns.nodes.types.iter().filter(|&&node_type| node_type == UNKNOWN_NODE).count(),
        false => 0,
    };
    // Where the header names types of its own, edges of these and of none are the same.
    let has_own_types = columns.header.edge_types.iter().any(|name| !is_known_edge(name));
    let unknown_edges = match signs.edges.largest_type == EdgeType::OTHER.0 && !has_own_types {
        true => columns.edges.count_other(),
        false => 0,
    };
    let counts = [
        (signs.nodes.negative_sizes as usize, "sizes are negative: read as 32-bit numbers that overflowed"),
        (unknown_nodes, "nodes are of a type that the header does not name"),
        (unknown_edges, "references are of a type that the header does not name"),
    ];
    columns.warnings.extend(sentences(&counts));
}

fn sentences(counts: &[(usize, &str)]) -> impl Iterator<Item = String> {
    counts.iter().filter(|&&(count, _)| count > 0).map(|(count, what)| format!("{count} {what}"))
}

/// Says what is odd about the columns though nothing has announced it. Looks at every id and every byte of the strings.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn late_warnings(columns: &Columns, meter: &Meter) -> Result<Vec<String>> {
    meter.check()?;
    let duplicates = columns.nodes.count_duplicate_ids();
    meter.check()?;
    let not_utf8 = columns.strings.count_not_utf8();
    meter.check()?;
    let mut warnings: Vec<String> = sentences(&[
        (duplicates, "objects carry an id that an earlier one has; @id means the first"),
        (not_utf8, "strings hold bytes that are not UTF-8; shown as \u{fffd}"),
    ])
    .collect();
    if columns.strings.has_raw_controls() {
        warnings.push("strings hold control characters that JSON does not allow".into());
    }
    Ok(warnings)
}
