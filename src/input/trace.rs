//! The section `trace_tree`: nested arrays, thousands deep, read without recursion.

use super::meta::position;
use super::numbers::Numbers;
use crate::columns::{Header, TraceNode, TraceTree};
use crate::error::FormatError;

/// Reads the tree.
///
/// # Errors
/// When the nesting does not follow the fields of the header.
pub(crate) fn read(json: &[u8], header: &Header) -> Result<TraceTree, FormatError> {
    parse(json, header).map(|nodes| TraceTree::new(&nodes))
}

/// Where the fields of a call site stand.
struct Places {
    id: usize,
    function: usize,
    count: Option<usize>,
    size: Option<usize>,
    children: usize,
}

impl Places {
    /// Nothing where the header does not name what is needed.
    fn find(header: &Header) -> Option<Places> {
        let place = |field| position(&header.trace_node_fields, field);
        Some(Places {
            id: place("id")?,
            function: place("function_info_index")?,
            count: place("count"),
            size: place("size"),
            children: place("children")?,
        })
    }

    fn node(&self, record: &[u64], parent: u32) -> TraceNode {
        let value = |place: Option<usize>| place.map_or(0, |place| record[place]);
        TraceNode {
            id: record[self.id],
            function: record[self.function],
            count: value(self.count),
            size: value(self.size),
            parent,
        }
    }
}

/// Reads the tree into a list in which callers stand before what they call.
fn parse(json: &[u8], header: &Header) -> Result<Vec<TraceNode>, FormatError> {
    let Some(places) = Places::find(header) else { return Ok(Vec::new()) };
    let wrong = |at: usize| {
        FormatError::new("trace_tree", None, format!("does not follow `trace_node_fields` (byte {at} of the section)"))
    };
    let mut nodes: Vec<TraceNode> = Vec::new();
    // For each open list of children its owner (none for the tree itself), and how many numbers of the record that is
    // being read there are.
    let mut open: Vec<Option<u32>> = Vec::new();
    let mut record = vec![0u64; header.trace_node_fields.len()];
    let mut filled = 0;
    let mut at = 0;
    while at < json.len() {
        match json[at] {
            b'[' => {
                let owner = if open.is_empty() {
                    None
                } else {
                    if filled != places.children {
                        return Err(wrong(at));
                    }
                    let index = u32::try_from(nodes.len()).map_err(|_| wrong(at))?;
                    nodes.push(places.node(&record, open.last().copied().flatten().unwrap_or(index)));
                    Some(index)
                };
                open.push(owner);
                filled = 0;
                at += 1;
            }
            b']' => {
                open.pop().ok_or_else(|| wrong(at))?;
                // Behind the children a record is whole (they are its last field in every file).
                filled = 0;
                at += 1;
            }
            b',' | b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            b'0'..=b'9' if filled < record.len() => {
                let len = json[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number = Numbers::new(&json[at..at + len], at as u64, "trace_tree").next()?;
                record[filled] = number.map_or(0, |(value, _)| value);
                filled += 1;
                at += len;
            }
            _ => return Err(wrong(at)),
        }
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        let fields = ["id", "function_info_index", "count", "size", "children"];
        Header { trace_node_fields: fields.map(String::from).to_vec(), ..Header::default() }
    }

    #[test]
    fn callers_stand_before_what_they_call() {
        let nodes = parse(b"[1,0,0,0,[2,5,1,10,[3,6,2,20,[]],4,7,3,30,[]]]", &header()).unwrap();
        let read: Vec<_> = nodes.iter().map(|node| (node.id, node.function, node.size, node.parent)).collect();
        assert_eq!(read, [(1, 0, 0, 0), (2, 5, 10, 0), (3, 6, 20, 1), (4, 7, 30, 0)]);
    }

    #[test]
    fn a_tree_of_any_depth_needs_no_stack() {
        let deep = 200_000;
        let json = format!("[{}[]{}]", "1,0,0,0,[".repeat(deep), "]".repeat(deep));
        // The innermost bare list has no record: refused, not crashed.
        assert!(parse(json.as_bytes(), &header()).is_err());
        let json = format!("[{}{}]", "1,0,0,0,[".repeat(deep), "]".repeat(deep));
        assert_eq!(parse(json.as_bytes(), &header()).unwrap().len(), deep);
    }
}
