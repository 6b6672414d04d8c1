//! Which program wrote a snapshot that has been read, and what its kind of file lacks.

use crate::columns::{Columns, Hermes, NodeType, Producer, V8, Valdi};
use crate::input::producer::guess;

/// How strings begin, and who writes them.
type Trace = (&'static [u8], fn(V8) -> Producer);

/// How strings begin that only one embedder writes; the first of the list that is there decides.
const TRACES: [Trace; 7] = [
    (b"Node / ", Producer::Node),
    (b"blink::", Producer::Chromium),
    // Pages older than the names above.
    (b"Window / ", Producer::Chromium),
    (b"ext:", Producer::Deno),
    (b"workerd", Producer::Workerd),
    (b"bun:", |_| Producer::Bun),
    // Deno has these as well. The workers of Chromium and Electron have no window.
    (b"DedicatedWorkerGlobalScope", Producer::Chromium),
];
/// What Hermes calls its hidden classes.
const OF_HERMES: &[u8] = b"HiddenClass";

/// The producer of a snapshot that has been read: its strings tell apart what headers do not.
pub(crate) fn of(columns: &Columns) -> Producer {
    let has_type = |name: &str| columns.header.node_types.iter().any(|other| other == name);
    let guess = guess(&columns.header);
    let v8 = match guess {
        Producer::Valdi(_) => {
            let rootless = columns.nodes.node_type(columns.root()) != NodeType::SYNTHETIC;
            return Producer::Valdi(if rootless { Valdi::QuickJs } else { Valdi::Hermes });
        }
        Producer::Embedder(v8) => v8,
        other => return other,
    };
    match traces(columns, !has_type("object shape")) {
        Traces::Hermes => Producer::Hermes(Hermes::V1_0),
        Traces::Embedder(place) => TRACES[place].1(v8),
        Traces::None => guess,
    }
}

enum Traces {
    Hermes,
    /// The first of [`TRACES`] that is there.
    Embedder(usize),
    None,
}

/// What the strings tell, in one walk that ends as soon as nothing can change it. Hidden classes of Hermes count more
/// than any embedder, where there may be some.
fn traces(columns: &Columns, may_be_hermes: bool) -> Traces {
    let mut first = TRACES.len();
    // Most strings are no trace by their first byte.
    let mut begins = [false; 256];
    for prefix in TRACES.iter().map(|&(prefix, _)| prefix).chain([OF_HERMES]) {
        begins[prefix[0] as usize] = true;
    }
    for (_, raw) in columns.strings.iter_raw() {
        if !raw.first().is_some_and(|&byte| begins[byte as usize]) {
            continue;
        }
        if may_be_hermes && raw.starts_with(OF_HERMES) {
            return Traces::Hermes;
        }
        if let Some(place) = TRACES[..first].iter().position(|(prefix, _)| raw.starts_with(prefix)) {
            first = place;
            if first == 0 && !may_be_hermes {
                break;
            }
        }
    }
    if first < TRACES.len() { Traces::Embedder(first) } else { Traces::None }
}

/// What the file cannot tell, in words.
pub(crate) fn lacks(columns: &Columns) -> Vec<&'static str> {
    let has_numbers = columns.nodes.types.contains(&NodeType::NUMBER);
    [
        (columns.nodes.has_detachedness(), "which DOM nodes are detached"),
        (!columns.locations.is_empty(), "where functions stand"),
        (has_numbers, "numbers"),
        (columns.header.trace_function_count > 0, "allocation stacks"),
    ]
    .into_iter()
    .filter(|(there, _)| !there)
    .map(|(_, what)| what)
    .collect()
}
