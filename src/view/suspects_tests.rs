//! The sentences of suspects are true of small programs.

use super::*;
use crate::analysis::suspects::tests::{found, program, series, times};
use crate::notation::Graph;

fn told(graph: &Graph) -> Told {
    let all = found(graph);
    Told::of(&graph.heap, &all[0], &Meter::default()).expect("nobody cancels")
}

fn says(told: &Told, text: &str) -> bool {
    told.evidence.iter().any(|evidence| evidence.text == text)
}

#[test]
fn a_holder_of_a_part_is_said_to_hold_a_part_and_who_else_does() {
    let mut all = times(60, "Array -[%]-> Entry#%[100]@1/9/1; Kept -k%-> Entry#%");
    all.push("Store -kept-> Kept[16]@1/30/1; r -kept-> Kept".into());
    all.extend((60..80).map(|number| format!("Store -s{number}-> Entry#{number}[100]@1/9/1")));
    let graph = program(&all);
    let told = told(&graph);
    assert_eq!(told.title, "60 of 80 Entry held by one");
    let also = "none would go without this one holder: also held by ";
    let also = told.evidence.iter().find_map(|evidence| evidence.text.strip_prefix(also));
    assert!(also.is_some_and(|also| also.ends_with("[…] of list in Store @11")), "{told:?}");
}

#[test]
fn several_holders_are_counted() {
    let mut all: Vec<String> =
        (0..6).map(|t| format!("Array -[{t}]-> Topic#{t}[8]@1/7/1; Topic#{t} -of-> Set#{t}")).collect();
    all.extend((0..60).map(|each| format!("Set#{} -[{each}]-> Entry#{each}[100]@1/9/1", each % 6)));
    let graph = program(&all);
    let told = told(&graph);
    assert_eq!(told.title, "60 Entry held by 6 Topic");
    assert!(says(&told, "all of them would go without these 6 Topic"), "{told:?}");
}

#[test]
fn only_listeners_wait_to_be_called() {
    let method = "Array -[%]-> g#%:closure[32]@1/20/1; g#% =context=> system+/+Context#%[32]
        system+/+Context#% =scope_info=> info:hidden; system+/+Context#% $task$> Task#%[200]@1/9/1";
    assert_eq!(told(&program(&times(60, method))).title, "60 Task that functions of one place keep");
    let listener = format!("{method}; V8EventListener#%:native -1-> g#%; Store -l%-> V8EventListener#%:native");
    let title = told(&program(&times(60, &listener))).title;
    assert_eq!(title, "60 Task that functions of one place keep, each waiting to be called");
}

#[test]
fn the_list_of_timers_has_no_names_of_links() {
    let each = "TimersList -t%-> Timeout#%[32]; Timeout#% -_onTimeout-> Task#%[200]@1/9/1";
    let mut all = times(60, each);
    all.insert(0, "Store -timers-> TimersList[32]".into());
    let holder = told(&program(&all)).holder;
    assert!(holder.starts_with("the list of timers, TimersList @") || holder.contains("Store"), "{holder}");
}

#[test]
fn growth_says_what_was_counted() {
    // Of the texts of the first two snapshots most go.
    let at = |texts: std::ops::Range<usize>| {
        let each = |number: usize| format!("Array -[{number}]-> text{number}:string[900]");
        let mut all = vec!["Store -other-> Entry[8]@1/9/1".to_owned()];
        all.extend(texts.map(each));
        program(&all)
    };
    let graphs = [at(0..20), at(0..120), at(0..220)];
    let all = series(&graphs);
    let told = Told::of(&graphs[2].heap, &all[0], &Meter::default()).expect("nobody cancels");
    assert_eq!(told.evidence[0].text, "new since the first: 0 → 100 → 200");
    assert!(says(&told, "all of the class: 20 → 120 → 220: grew at every step"), "{told:?}");
}
