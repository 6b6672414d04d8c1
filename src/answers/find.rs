//! What a query has found, for programs and in words.

use serde_json::{Value, json};

use crate::analysis::query::{Found, Note, Query};
use crate::analysis::sums::Sums;
use crate::heap::Heap;
use crate::view::cell::Record;
use crate::view::filter;
use crate::view::text;

/// What `heapwalk find --json` says before the rows.
pub(crate) fn record(heap: &Heap, query: &Query, found: &Found, sums: &Sums) -> Record {
    Record::from_iter([
        ("query".to_owned(), query.text().into()),
        ("set".to_owned(), set_record(sums)),
        ("notes".to_owned(), found.notes.iter().map(|note| note_record(heap, note)).collect()),
    ])
}

fn set_record(sums: &Sums) -> Value {
    json!({ "objects": sums.objects, "selfSize": sums.shallow, "retainedSize": sums.retained })
}

/// `4,000 objects, 320 kB shallow, 7.2 MB retained`
pub(crate) fn set(sums: &Sums) -> String {
    let retained = sums.retained.map_or_else(String::new, |retained| format!(", {} retained", text::bytes(retained)));
    format!("{}, {} shallow{retained}", text::objects(sums.objects), text::bytes(sums.shallow))
}

fn note_record(heap: &Heap, note: &Note) -> Value {
    let mut record = Record::from_iter([("kind".to_owned(), kind(note).into())]);
    let numbers: &[(&str, u64)] = match note {
        Note::CutStrings { count, at } => &[("count", *count), ("at", *at)],
        Note::SlicedStrings { count } => &[("count", *count)],
        Note::LongStrings { count, searched } => &[("count", *count), ("searched", *searched)],
        _ => &[],
    };
    record.extend(numbers.iter().map(|&(field, number)| (field.to_owned(), number.into())));
    record.insert("text".into(), words(heap, note).into());
    record.into()
}

fn kind(note: &Note) -> &'static str {
    match note {
        Note::CutStrings { .. } => "cutStrings",
        Note::SlicedStrings { .. } => "slicedStrings",
        Note::LongStrings { .. } => "longStrings",
        Note::NoNumbers => "noNumbers",
        Note::NoBooleans => "noBooleans",
        Note::NoDetachedness => "noDetachedness",
        Note::NoPlaces => "noPlaces",
        Note::NoClass(_) => "noClass",
        Note::NoType { .. } => "noType",
    }
}

/// A note as a sentence, not safe for terminals.
pub(crate) fn words(heap: &Heap, note: &Note) -> String {
    let (strings, are) = match note {
        Note::CutStrings { count: 1, .. } | Note::SlicedStrings { count: 1 } | Note::LongStrings { count: 1, .. } => {
            ("string", "is part of another")
        }
        _ => ("strings", "are parts of others"),
    };
    match note {
        Note::CutStrings { count, at } => format!(
            "of {} {strings} this file has the first {} characters only: what follows was not searched",
            text::count(*count),
            text::count(*at)
        ),
        Note::SlicedStrings { count } => {
            format!("{} sliced {strings} {are}, and this file does not say which: not searched", text::count(*count))
        }
        Note::LongStrings { count, searched } => format!(
            "{} concatenated {strings} searched in the first {} characters only",
            text::count(*count),
            text::count(*searched)
        ),
        Note::NoNumbers => "numbers are not in this file: V8 up to 14 writes their values when asked to".into(),
        Note::NoBooleans => "true and false are not told apart in this file".into(),
        Note::NoDetachedness => "which DOM nodes are detached is not in this file".into(),
        Note::NoPlaces => "where functions and classes stand is not in this file".into(),
        Note::NoClass(name) => format!("no object is of a class called {name}{}", meant(heap, name)),
        Note::NoType { name, known } => {
            format!("no node of this file is of the type {name}: there are {}", known.join(", "))
        }
    }
}

/// The class that may have been meant.
fn meant(heap: &Heap, name: &str) -> String {
    /// A name is looked up among so many.
    const MOST: usize = 20_000;
    let classes = heap.classes();
    let names = classes.iter().take(MOST).map(|class| (text::safe(classes.name(class)), ()));
    filter::nearest(names, name).map_or_else(String::new, |(name, ())| format!("; did you mean {name}?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::query;
    use crate::base::meter::Meter;
    use crate::notation::Graph;

    fn notes(graph: &Graph, text: &str) -> String {
        let query = query::parse(text).expect("a query");
        let found = query.nodes(&graph.heap, &Meter::default(), &mut |_| {}).expect("an answer");
        found.notes.iter().map(|note| words(&graph.heap, note)).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn what_the_file_does_not_know_is_said() {
        let (full, long) = ("x".repeat(1024), "y".repeat(1023));
        let graph = Graph::new(&format!(
            "r -a-> {full}:string[8]; r -b-> {full}#2:string[8]; r -c-> {long}:string[8]; r -d-> {full}#3:symbol[8]
             r -s-> (sliced+string):sliced+string[8]; r -t-> true:object[8]; r -e-> Session[8]"
        ));
        let cut = "of 2 strings this file has the first 1,024 characters only: what follows was not searched";
        let sliced = "1 sliced string is part of another, and this file does not say which: not searched";
        assert_eq!(notes(&graph, "text~zzz"), format!("{cut} | {sliced}"));
        assert_eq!(notes(&graph, "zzz"), format!("{cut} | {sliced}"));
        assert_eq!(notes(&graph, "text:short"), sliced, "a text of that length is not cut");
        assert_eq!(notes(&graph, "class:Session has:user"), "");
        assert!(notes(&graph, "prop.n:42").starts_with("numbers are not in this file"));
        assert!(notes(&graph, "prop.n>42 and prop.m>1").starts_with("numbers are not in this file"));
        assert_eq!(notes(&graph, "prop.done:true"), "true and false are not told apart in this file");
        assert_eq!(notes(&graph, "detached"), "which DOM nodes are detached is not in this file");
        assert_eq!(notes(&graph, "place:a.js"), "where functions and classes stand is not in this file");
        let no_class = "no object is of a class called Sesion; did you mean Session?";
        assert_eq!(notes(&graph, "class:Sesion"), no_class);
        let no_type =
            "no node of this file is of the type text: there are string, object, synthetic, sliced string, symbol";
        assert_eq!(notes(&graph, "type:text"), no_type);
    }

    #[test]
    fn a_longer_limit_shows_in_several_strings_of_one_length() {
        let of = |lengths: [usize; 3]| {
            let strings = lengths.iter().enumerate();
            let text: Vec<String> = strings
                .map(|(number, &length)| {
                    let content = char::from(b'a' + number as u8).to_string().repeat(length);
                    format!("r -s{number}-> {content}:string[8]")
                })
                .collect();
            notes(&Graph::new(&text.join("; ")), "text~zzz")
        };
        assert!(of([3000, 3000, 20]).contains("of 2 strings this file has the first 3,000 characters"));
        assert_eq!(of([3000, 2000, 20]), "", "one of them is just the longest");
        assert!(of([1024, 10, 20]).contains("of 1 string this"));
    }

    #[test]
    fn long_concatenated_strings_are_searched_so_far() {
        let part = "z".repeat(6000);
        let graph = Graph::new(&format!(
            "r -c-> c:concatenated+string[8]; c =first=> {part}#1:string; c =second=> {part}#2:string"
        ));
        let said = "1 concatenated string searched in the first 10,000 characters only";
        assert!(notes(&graph, "text~abc").contains(said));
        assert!(!notes(&graph, "text~zzz").contains(said), "what is found need not be searched further");
    }

    #[test]
    fn a_set_reads_as_it_is() {
        let sums = Sums { objects: 4000, shallow: 320_000, retained: Some(7_200_000) };
        assert_eq!(set(&sums), "4,000 objects, 320 kB shallow, 7.2 MB retained");
        assert_eq!(set_record(&sums), json!({"objects": 4000, "selfSize": 320_000, "retainedSize": 7_200_000}));
    }
}
