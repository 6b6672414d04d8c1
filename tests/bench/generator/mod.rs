//! A size → a snapshot of about that size, as Node.js 24 would write it for a server that keeps orders: the same numbers
//! of objects, strings, arrays and references in proportion, a valid graph, an own class for what programs call so.
//!
//! What stands where is arithmetic: no part of the graph is ever held, so 10 GB take no more memory than 1 MB. The same
//! size gives the same bytes. It does not imitate the engine's own few megabytes; see `head.rs` for what is there of them.

mod head;
mod orders;
mod text;

use std::io::{self, Write};

use head::Head;
use orders::{NODES, Orders};
use text::Text;

/// The header of Node.js 24, up to its counts.
const HEADER: &str = concat!(
    r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","detachedness"],"#,
    r#""node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","#,
    r#""concatenated string","sliced string","symbol","bigint","object shape"],"string","number","number","number","#,
    r#""number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","#,
    r#""property","internal","hidden","shortcut","weak"],"string_or_number","node"],"trace_function_info_fields":"#,
    r#"["function_id","name","script_name","script_id","line","column"],"trace_node_fields":["id","#,
    r#""function_info_index","count","size","children"],"sample_fields":["timestamp_us","last_assigned_id"],"#,
    r#""location_fields":["object_index","script_id","line","column"]},"#
);
const NODE_FIELDS: u64 = 6;

/// Types of nodes as the header numbers them.
#[derive(Clone, Copy)]
pub(crate) enum NodeType {
    Hidden,
    Array,
    String,
    Object,
    Code,
    Closure,
    Number = 7,
    Synthetic = 9,
    ConsString,
    Shape = 14,
}

/// Types of edges as the header numbers them.
#[derive(Clone, Copy)]
pub(crate) enum EdgeType {
    Context,
    Element,
    Property,
    Internal,
    Hidden,
    Shortcut,
    Weak,
}

/// Node: type, name, size in bytes.
pub(crate) type Node = (NodeType, u64, u64);

/// Whoever hears of the edges of one node after the other: their types, names or numbers, and ends.
pub(crate) type Edges<'a> = &'a mut dyn FnMut(EdgeType, u64, u64);

/// What a snapshot of a certain number of orders consists of.
pub(crate) struct Plan {
    orders: Orders,
    head: Head,
}

/// What a snapshot has, counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) nodes: u64,
    pub(crate) edges: u64,
}

/// Writes a snapshot of about `bytes` bytes.
///
/// # Errors
/// Those of `out`.
pub(crate) fn write(bytes: u64, out: &mut impl Write) -> io::Result<Counts> {
    let mut plan = Plan::of(1);
    // How much an order takes depends on how long the numbers are, so on how many orders there are.
    for _ in 0..4 {
        let orders = bytes as f64 / plan.bytes() * plan.orders.count as f64;
        plan = Plan::of((orders as u64).max(1));
    }
    plan.write(out)
}

impl Plan {
    fn of(orders: u64) -> Plan {
        let orders = Orders::of(orders);
        Plan { head: Head::of(&orders), orders }
    }

    /// About how many bytes it takes: what some orders take, from the first to the last, stands for all.
    fn bytes(&self) -> f64 {
        let Plan { orders, head } = self;
        let mut text = Text::new(io::sink());
        let steps = orders.count.min(64);
        for step in 0..steps {
            let order = orders.count * step / steps;
            for slot in 0..NODES {
                let at = orders.place(order, slot);
                let mut edges = 0;
                orders.edges(order, slot, head, &mut |edge_type, name, to| {
                    edges += 1;
                    text.record(&[edge_type as u64, name, to * NODE_FIELDS]);
                });
                let (node_type, name, size) = orders.node(order, slot, head);
                text.record(&[node_type as u64, name, at * 2 + 1, size, edges, 0]);
                if let Some(location) = orders.location(slot) {
                    text.record(&[at * NODE_FIELDS, location[0], location[1], location[2]]);
                }
            }
            // The entries of the order in the tables of its collection.
            text.record(&[EdgeType::Internal as u64, order, orders.place(order, 0) * NODE_FIELDS, 0, 0, 0]);
            orders.strings(order, &mut |string| text.string(string));
        }
        let of_head = (head.nodes() * 60) as f64;
        of_head + text.written() as f64 * orders.count as f64 / steps as f64
    }

    fn write(&self, out: &mut impl Write) -> io::Result<Counts> {
        let mut text = Text::new(out);
        let mut counts = Counts { nodes: 0, edges: 0 };
        self.each_node(&mut |place| {
            counts.nodes += 1;
            self.edges(place, &mut |_, _, _| counts.edges += 1);
            Ok(())
        })?;
        text.raw(HEADER.as_bytes());
        let Counts { nodes, edges } = counts;
        text.raw(format!(r#""node_count":{nodes},"edge_count":{edges},"trace_function_count":0,"#).as_bytes());
        text.raw(b"\"extra_native_bytes\":0},\n\"nodes\":[");
        let mut id = 1;
        self.each_node(&mut |place| {
            let mut edges = 0;
            self.edges(place, &mut |_, _, _| edges += 1);
            let (node_type, name, size) = match place {
                Place::Head(at) => self.head.node(at),
                Place::Order(order, slot) => self.orders.node(order, slot, &self.head),
            };
            text.record(&[node_type as u64, name, id, size, edges, 0]);
            id += 2;
            text.flush_some()
        })?;
        text.raw(b"],\n\"edges\":[");
        self.each_node(&mut |place| {
            self.edges(place, &mut |edge_type, name, to| {
                text.record(&[edge_type as u64, name, to * NODE_FIELDS]);
            });
            text.flush_some()
        })?;
        text.raw(b"],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[");
        let mut at = 0;
        self.each_node(&mut |place| {
            if let Place::Order(_, slot) = place
                && let Some([script, line, column]) = self.orders.location(slot)
            {
                text.record(&[at * NODE_FIELDS, script, line, column]);
            }
            at += 1;
            text.flush_some()
        })?;
        text.raw(b"],\n\"strings\":[");
        self.head.strings(&mut |string| text.string(string));
        for order in 0..self.orders.count {
            self.orders.strings(order, &mut |string| text.string(string));
            text.flush_some()?;
        }
        text.raw(b"]}");
        text.finish()?;
        Ok(counts)
    }

    /// All nodes in the order of the file.
    fn each_node(&self, visit: &mut dyn FnMut(Place) -> io::Result<()>) -> io::Result<()> {
        for at in 0..self.head.nodes() {
            visit(Place::Head(at))?;
        }
        self.orders.each_node(&mut |order, slot| visit(Place::Order(order, slot)))
    }

    fn edges(&self, place: Place, edges: Edges<'_>) {
        match place {
            Place::Head(at) => self.head.edges(at, &self.orders, edges),
            Place::Order(order, slot) => self.orders.edges(order, slot, &self.head, edges),
        }
    }
}

/// Where a node stands.
#[derive(Clone, Copy)]
enum Place {
    Head(u64),
    /// The slot of an order.
    Order(u64, u64),
}

/// Numbers without a pattern, the same in every run (SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
