//! A small program for each kind of suspect, and some that have none.

use super::*;
use crate::analysis::series::{Brief, Series};
use crate::base::text::well_formed;
use crate::notation::Graph;
use crate::testing;
use proptest::prelude::*;

/// A program with a function and a store of its own, and more.
fn program(more: &[String]) -> Graph {
    let own =
        "r -f-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app.js:code; f =context=> system+/+Context
        system+/+Context $store$> Store[16]@1/5/1; Store -list-> Array[16]";
    Graph::new(&format!("{own}\n{}", more.join("; ")))
}

/// `each` with its number in place of `%`, so many times.
fn times(count: usize, each: &str) -> Vec<String> {
    (0..count).map(|number| each.replace('%', &number.to_string())).collect()
}

fn found(graph: &Graph) -> Vec<Suspect> {
    find(&graph.heap, None, &Meter::default()).expect("nobody cancels").suspects
}

fn series(graphs: &[Graph]) -> Vec<Suspect> {
    let meter = Meter::default();
    let last = graphs[graphs.len() - 1].heap.clone();
    let interfaces = &last.classes().interfaces;
    let brief = |graph: &Graph| Brief::of(&graph.heap, Some(interfaces), &meter).expect("nobody cancels");
    let series = Series::new(last.clone(), graphs.iter().map(brief).collect(), true, &meter).expect("nobody cancels");
    find(&last, Some(&series), &meter).expect("nobody cancels").suspects
}

/// Class, how many, kind, class of the one holder.
fn said(heap: &Heap, suspect: &Suspect) -> (String, usize, Kind, String) {
    let class = |class| well_formed(heap.classes().name(class)).into_owned();
    let (holder, _) = suspect.chain.holder().expect("only what somebody holds is a suspect");
    (class(suspect.class), suspect.objects.len(), suspect.kind, class(heap.classes().of(holder)))
}

fn check(more: &[String], class: &str, kind: Kind) {
    let graph = program(more);
    let all: Vec<_> = found(&graph).iter().map(|own| said(&graph.heap, own)).collect();
    assert_eq!(all.first(), Some(&(class.to_owned(), 60, kind, "Store".to_owned())), "{all:?}");
}

#[test]
fn many_that_one_thing_holds_accumulate() {
    check(&times(60, "Array -[%]-> Entry#%[100]@1/9/1"), "Entry", Kind::Accumulation);
}

#[test]
fn plain_objects_and_what_stands_in_them_are_one_suspect() {
    let graph = program(&times(60, "Array -[%]-> Entry#%[100]@1/9/1; Entry#% -parts-> Object#%[300]"));
    let all: Vec<_> = found(&graph).iter().map(|own| said(&graph.heap, own).0).collect();
    assert_eq!(all, ["Entry"]);
}

#[test]
fn what_functions_of_one_place_keep_are_callbacks() {
    let each = "Array -[%]-> g#%:closure[32]@1/20/1; g#% =context=> system+/+Context#%[32]
        system+/+Context#% =scope_info=> info:hidden; system+/+Context#% $task$> Task#%[200]@1/9/1";
    check(&times(60, each), "Task", Kind::Callbacks);
}

#[test]
fn what_timers_keep_is_named_by_what_they_keep() {
    let each = "Array -[%]-> Timeout#%[32]; Timeout#% -_onTimeout-> Task#%[200]@1/9/1";
    check(&times(60, each), "Task", Kind::Timers);
}

#[test]
fn what_waits_for_promises_is_pending() {
    let each = "Array -[%]-> Promise#%[32]; Promise#% =reactions_or_result=> Job#%[200]@1/9/1";
    check(&times(60, each), "Job", Kind::Pending);
}

#[test]
fn pieces_of_texts_pin_the_whole_texts() {
    let each = "Array -[%]-> Entry#%[40]@1/9/1; Entry#% -title-> piece#%:sliced+string[32]
        piece#% =parent=> text#%:string[9000]";
    check(&times(60, each), "(sliced string)", Kind::Pinned);
}

#[test]
fn nodes_in_no_document_are_detached() {
    check(&times(60, "Array -[%]-> <tr>#%:native!2[100]"), "Detached <tr>", Kind::Detached);
}

#[test]
fn growth_at_every_step_stands_before_a_cache_that_fills_up() {
    let at = |leaked: usize, cached: usize| {
        // In the order in which they came, so that ids last.
        let mut all = vec!["Store -cache-> Object[16]".to_owned()];
        for number in 0..leaked.max(cached) {
            if number < cached {
                all.push(format!("Object -[{number}]-> Page#{number}[900]@1/7/1"));
            }
            if number < leaked {
                all.push(format!("Array -[{number}]-> Entry#{number}[100]@1/9/1"));
            }
        }
        program(&all)
    };
    let graphs = [at(20, 100), at(120, 160), at(220, 170)];
    let all: Vec<_> = series(&graphs).iter().map(|own| said(&graphs[2].heap, own).0).collect();
    assert_eq!(all.first().map(String::as_str), Some("Entry"), "{all:?}");
    assert_eq!(series(&graphs)[0].growth, [20, 120, 220]);
}

#[test]
fn what_is_there_from_the_start_is_no_suspect_of_a_series() {
    let same = || program(&times(60, "Array -[%]-> Entry#%[100]@1/9/1"));
    assert!(series(&[same(), same(), same()]).is_empty());
}

#[test]
fn a_few_objects_are_no_suspects() {
    assert!(found(&program(&times(5, "Array -[%]-> Entry#%[100]@1/9/1"))).is_empty());
}

proptest! {
    #[test]
    fn suspects_are_sets_of_their_class_in_a_fixed_order(graph in testing::graphs(60, 150)) {
        let graph = graph.load();
        let (one, other) = (found(&graph), found(&graph));
        prop_assert_eq!(one.len(), other.len());
        for (own, again) in one.iter().zip(&other) {
            prop_assert_eq!(&own.objects, &again.objects);
            prop_assert!(own.objects.iter().all(|&node| graph.heap.classes().of(node) == own.class));
            prop_assert!(own.only.unwrap_or(0) <= own.objects.len() as u64);
        }
    }
}
