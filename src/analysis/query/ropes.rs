//! Concatenated strings → whether their joined text fits.
//!
//! A text put together by a loop is as many concatenated strings as the loop had turns, each with the one before as its
//! first half. Joining each anew would take the square of their number, so the text grows along these halves, and what
//! has been found out of a string is kept.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::language::Matcher;
use crate::base::ids::NodeIx;
use crate::base::text::len_utf16;
use crate::columns::NodeType;
use crate::heap::Heap;

/// Concatenated strings are joined up to so many characters to be searched.
pub(crate) const SEARCHED: usize = 10_000;
/// Empty parts add nothing to a text: after so many parts it ends, however long it is.
pub(super) const MOST_PARTS: usize = 4 * SEARCHED;

/// What is known of each node, one byte each. Threads may find out the same thing, and then write the same.
pub(super) struct Ropes(Vec<AtomicU8>);

const KNOWN: u8 = 1;
const FITS: u8 = 2;
/// Strings of which it is the first half have the same text, as far as texts are joined.
const CLOSED: u8 = 4;

/// The answer for one string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rope {
    pub fits: bool,
    /// Whether it may go on behind what was joined.
    pub goes_on: bool,
}

impl Ropes {
    pub(super) fn new(heap: &Heap) -> Ropes {
        Ropes((0..heap.node_count()).map(|_| AtomicU8::new(0)).collect())
    }

    fn get(&self, node: NodeIx) -> u8 {
        self.0[node.ix()].load(Relaxed)
    }

    fn set(&self, node: NodeIx, state: u8) {
        self.0[node.ix()].store(state, Relaxed);
    }

    /// Whether the text of a concatenated string fits.
    pub(super) fn ask(&self, heap: &Heap, matcher: &Matcher, node: NodeIx) -> Rope {
        let known = self.get(node);
        let state = if known & KNOWN != 0 { known } else { self.find_out(heap, matcher, node) };
        Rope { fits: state & FITS != 0, goes_on: state & CLOSED != 0 }
    }

    /// Goes down the first halves to one of which the text is there, and up again with a text that grows.
    fn find_out(&self, heap: &Heap, matcher: &Matcher, node: NodeIx) -> u8 {
        let mut way = vec![node];
        let (mut text, mut closed) = (Text::default(), None);
        // Every node of a circle is met again by the one that was remembered last when the way has doubled.
        let mut remembered = node;
        loop {
            let last = way[way.len() - 1];
            let Some(first) = heap.halves(last)[0] else { break text.end_part() };
            let state = self.get(first);
            if heap.node_type(first) != NodeType::CONS_STRING {
                break text.append(heap, first);
            } else if state & CLOSED != 0 {
                break closed = Some(state);
            } else if state & KNOWN != 0 {
                break text.append(heap, first);
            } else if first == remembered {
                break text.is_closed = true;
            }
            way.push(first);
            if way.len().is_power_of_two() {
                remembered = first;
            }
        }
        let mut fits = Growing { matcher, fits: false, searched: 0 };
        for &node in way.iter().rev() {
            let state = *closed.get_or_insert_with(|| {
                if !text.is_closed {
                    match heap.halves(node)[1] {
                        Some(second) => text.append(heap, second),
                        None => text.end_part(),
                    }
                }
                KNOWN | if fits.ask(&text.bytes) { FITS } else { 0 } | if text.is_closed { CLOSED } else { 0 }
            });
            self.set(node, state);
            closed = closed.filter(|state| state & CLOSED != 0);
        }
        self.get(node)
    }
}

/// A text that is put together.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    /// UTF-16 units.
    units: usize,
    parts: usize,
    /// Nothing is added any more.
    is_closed: bool,
}

impl Text {
    /// Adds the text of a string, or of the parts of a concatenated one.
    fn append(&mut self, heap: &Heap, node: NodeIx) {
        let mut stack = vec![Some(node)];
        // Concatenated strings that have been entered since the last part that has a text of its own.
        let (mut entered, mut remembered) = (0usize, None);
        while let Some(next) = stack.pop().filter(|_| !self.is_closed) {
            match next.filter(|&node| heap.node_type(node) == NodeType::CONS_STRING) {
                Some(node) => {
                    // One that leads to itself without any part never ends.
                    if remembered == Some(node) {
                        self.is_closed = true;
                        return;
                    }
                    entered += 1;
                    if entered.is_power_of_two() {
                        remembered = Some(node);
                    }
                    let [first, second] = heap.halves(node);
                    stack.extend([second, first]);
                }
                None => {
                    (entered, remembered) = (0, None);
                    if let Some(node) = next {
                        let part = heap.columns().strings.get(heap.columns().nodes.name(node));
                        self.units += len_utf16(&part);
                        self.bytes.extend_from_slice(&part);
                    }
                    self.end_part();
                }
            }
        }
    }

    fn end_part(&mut self) {
        self.parts += 1;
        self.is_closed |= self.units >= SEARCHED || self.parts >= MOST_PARTS;
    }
}

/// A matcher that is asked of longer and longer beginnings of one text.
struct Growing<'a> {
    matcher: &'a Matcher,
    fits: bool,
    /// Bytes that have been searched in vain.
    searched: usize,
}

impl Growing<'_> {
    fn ask(&mut self, text: &[u8]) -> bool {
        let matcher = self.matcher;
        // What occurs in the beginning occurs in the whole, unless it speaks of the end.
        if !(self.fits && matcher.stays()) {
            // A text that is new reaches back so far: in another case a letter may take three bytes more.
            let start = match matcher.text().filter(|_| matcher.stays()) {
                Some(wanted) => self.searched.saturating_sub(4 * wanted.len()),
                None => 0,
            };
            self.fits = matcher.matches(&text[start..]);
        }
        self.searched = text.len();
        self.fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn a_text_of_many_turns_is_joined_once() {
        const TURNS: usize = 600;
        let first = "r -c0-> c0:concatenated+string; c0 =first=> ab:string; c0 =second=> cd:string".to_owned();
        let turn =
            |turn: usize| format!("c{turn}:concatenated+string; c{turn} =first=> c{}; c{turn} =second=> ab", turn - 1);
        let lines: Vec<String> = std::iter::once(first).chain((1..TURNS).map(turn)).collect();
        let graph = Graph::new(&lines.join("\n"));
        let heap = &graph.heap;
        let ropes = Ropes::new(heap);
        let matcher = Matcher::has("cdabab");
        let ask = |name: &str| ropes.ask(heap, &matcher, graph.node(name));
        assert!(ask(&format!("c{}", TURNS - 1)).fits && ask("c2").fits && !ask("c1").fits && !ask("c0").fits);
        // All of them are known after the first question.
        let known = (0..TURNS).filter(|turn| ropes.get(graph.node(&format!("c{turn}"))) & KNOWN != 0).count();
        assert_eq!(known, TURNS);
    }

    #[test]
    fn strings_that_contain_themselves_end() {
        let graph = Graph::new(
            "r -a-> a:concatenated+string; a =first=> a; a =second=> x:string
             r -b-> b:concatenated+string; b =first=> x; b =second=> b
             r -c-> c:concatenated+string; c =first=> x; c =second=> a
             r -d-> d:concatenated+string; d =first=> e:concatenated+string; e =first=> d; d =second=> x
             r -n-> n:concatenated+string; r -m-> m:concatenated+string; m =first=> n; m =second=> m",
        );
        let heap = &graph.heap;
        let fits = |pattern: &str| {
            let ropes = Ropes::new(heap);
            let matcher = Matcher::pattern(pattern).expect("a pattern");
            let names = ["a", "b", "c", "d", "e", "n", "m"];
            let fitting = names.into_iter().filter(|name| ropes.ask(heap, &matcher, graph.node(name)).fits);
            fitting.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(fits("xx"), "b");
        assert_eq!(fits("^x$"), "c");
        assert_eq!(fits("^$"), "a d e n m");
    }
}
