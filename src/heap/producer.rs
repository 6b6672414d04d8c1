//! Which program wrote a snapshot that has been read, and what its kind of file lacks.

use crate::base::ids::{NodeIx, StrIx};
use crate::columns::{Columns, Hermes, NodeType, Producer, V8, Valdi};
use crate::index::{Known, naming};
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
    let known = Known::find(columns);
    let of_all = [
        (columns.nodes.has_detachedness(), "which DOM nodes are detached"),
        (!columns.locations.is_empty(), "where functions stand"),
        (columns.header.trace_function_count > 0, "allocation stacks"),
    ];
    let lacking = of_all.into_iter().filter(|(there, _)| !there).map(|(_, what)| what);
    lacking.chain(untold_values(columns, &known)).collect()
}

/// Which values of properties and variables do not show up. V8 up to 14 writes numbers only when asked to, and then
/// each with its text behind `value`; Hermes names them by their text. Valdi on QuickJS and Bun write neither.
pub(crate) fn untold_values(columns: &Columns, known: &Known) -> Vec<&'static str> {
    let told = [(tells_numbers(columns, known), "numbers"), (tells_booleans(columns, known), "booleans")];
    told.into_iter().filter(|(told, _)| !told).map(|(_, what)| what).collect()
}

/// A node of type number alone says nothing: prototypes have it too.
fn tells_numbers(columns: &Columns, known: &Known) -> bool {
    /// Where none of so many has a value, none has.
    const LOOKED_AT: usize = 1000;
    let is_told = |node: NodeIx| {
        let name = columns.strings.get(columns.nodes.name(node));
        std::str::from_utf8(&name).is_ok_and(|name| name.parse::<f64>().is_ok())
            || naming::internal_target(columns, node, &[&known.value]).is_some()
    };
    let types = columns.nodes.types.iter().enumerate();
    let numbers = types.filter(|&(_, &node_type)| node_type == NodeType::NUMBER);
    numbers.take(LOOKED_AT).any(|(index, _)| is_told(NodeIx::new(index)))
}

/// V8 has one node for each of the two, which it calls `system / Oddball` up to Node 20.
fn tells_booleans(columns: &Columns, known: &Known) -> bool {
    let nodes = columns.nodes.types.iter().zip(columns.nodes.names.iter());
    let mut of_engine = nodes.filter(|(node_type, _)| matches!(**node_type, NodeType::HIDDEN | NodeType::NATIVE));
    of_engine.any(|(_, &name)| known.true_text.contains(StrIx(name)) || known.oddball.contains(StrIx(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn numbers_are_told_where_they_have_values() {
        let untold = |text: &str| {
            let heap = Graph::new(text).heap;
            untold_values(heap.columns(), heap.known()).join(", ")
        };
        assert_eq!(untold("r -Number-> Number:number; r -t-> true:object"), "numbers, booleans");
        assert_eq!(untold("r -f-> heap+number:number; r -t-> true:hidden"), "numbers");
        assert_eq!(untold("r -f-> system+/+Oddball:hidden; r -x-> A"), "numbers");
        assert_eq!(untold("r -f-> heap+number:number; heap+number =value=> 1.5:string; r -t-> true:native"), "");
        assert_eq!(untold("r -f-> 5e-324:number; r -t-> true:symbol"), "booleans");
    }
}
