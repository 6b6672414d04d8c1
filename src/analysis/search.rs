//! Objects whose name contains a text.
//!
//! Source: HeapSnapshot.ts, `search`.

use regex::Regex;

use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::{Error, Result};
use crate::heap::Heap;

/// The objects that have a shallow size and whose display name contains `text`, whatever the case, in the order of the
/// file.
pub(crate) fn find(heap: &Heap, text: &str, meter: &Meter) -> Result<Vec<NodeIx>> {
    let pattern = Regex::new(&ignoring_case(text)).map_err(|problem| Error::Usage(problem.to_string()))?;
    let mut found = Vec::new();
    for node in heap.nodes() {
        // A name costs more than most steps of other loops.
        meter.check_at(node.ix() << 6)?;
        if heap.shallow_size(node) > 0 && pattern.is_match(&well_formed(&heap.name(node))) {
            found.push(node);
        }
    }
    Ok(found)
}

/// A pattern for the text itself. JavaScript never takes a letter of ASCII for one beyond it (`k` and the Kelvin sign).
fn ignoring_case(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            _ if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
            _ if c.is_ascii() => regex::escape(&c.to_string()),
            _ => format!("(?i:{c})"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn names_are_found_whatever_their_case_but_letters_beyond_ascii_stay_apart() {
        let graph =
            Graph::new("r -a-> Kilo[1]; r -b-> kiwi[1]; r -c-> \u{212a}elvin[1]; r -d-> kilo.gram; r -e-> a.b[1]");
        let found = |text: &str| {
            let nodes = find(&graph.heap, text, &Meter::default()).expect("nobody cancels");
            nodes.into_iter().map(|node| graph.name(node).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("KI"), ["Kilo", "kiwi"], "one without a size does not count");
        assert_eq!(found("k"), ["Kilo", "kiwi"], "the sign for Kelvin is no k");
        assert_eq!(found("."), ["a.b"], "a text, no pattern");
    }

    #[test]
    fn searching_ends_when_somebody_cancels() {
        let graph = Graph::new("r -a-> a[1]");
        let meter = Meter::default();
        meter.cancel();
        assert!(matches!(find(&graph.heap, "a", &meter), Err(Error::Cancelled)));
    }
}
