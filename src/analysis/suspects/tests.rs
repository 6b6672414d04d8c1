//! A small program for each kind of suspect, and some that have none.

use super::*;
use crate::analysis::brief::Brief;
use crate::analysis::closures;
use crate::analysis::series::Series;
use crate::base::text::well_formed;
use crate::notation::Graph;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;

/// A program with a function and a store of its own, and more.
pub(crate) fn program(more: &[String]) -> Graph {
    program_behind("", more)
}

/// The same behind something else, so that ids name other objects.
fn program_behind(first: &str, more: &[String]) -> Graph {
    let own =
        "r -f-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app.js:code; f =context=> system+/+Context
        system+/+Context $store$> Store[16]@1/5/1; Store -list-> Array[16]";
    Graph::new(&format!("{first}{own}\n{}", more.join("; ")))
}

/// `each` with its number in place of `%`, so many times.
pub(crate) fn times(count: usize, each: &str) -> Vec<String> {
    (0..count).map(|number| each.replace('%', &number.to_string())).collect()
}

pub(crate) fn found(graph: &Graph) -> Vec<Suspect> {
    find(&graph.heap, None, &Meter::default()).expect("nobody cancels").suspects
}

pub(crate) fn series(graphs: &[Graph]) -> Vec<Suspect> {
    let meter = Meter::default();
    let last = graphs[graphs.len() - 1].heap.clone();
    let brief = |graph: &Graph| Brief::of(&graph.heap, &last, &meter).expect("nobody cancels");
    let series = Series::new(last.clone(), graphs.iter().map(brief).collect(), None, &meter).expect("nobody cancels");
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
fn a_suspect_is_what_its_holder_holds_and_no_more() {
    // A quarter of the entries is held in another way; the rest is also held by a second list.
    let mut all = times(60, "Array -[%]-> Entry#%[100]@1/9/1; Kept -k%-> Entry#%");
    all.push("Store -kept-> Kept[16]@1/30/1; r -kept-> Kept".into());
    all.extend((60..80).map(|number| format!("Store -s{number}-> Entry#{number}[100]@1/9/1")));
    let graph = program(&all);
    let own = only(&graph, Kind::Accumulation);
    assert_eq!((own.objects.len(), own.all, own.retained, own.only), (60, 80, 6000, Some(0)));
    let also = own.also.expect("the other list");
    assert_eq!(graph.heap.class_name(also.get().holders[0]), b"Store");
    assert!(
        own.objects
            .iter()
            .all(|&node| graph.heap.shown_retainers(node).any(|(_, from)| { graph.heap.class_name(from) == b"Array" }))
    );
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
fn pieces_of_texts_pin_them_without_an_object_of_their_own_but_whole_texts_do_not() {
    let pieces = "Array -[%]-> piece#%:sliced+string[32]; piece#% =parent=> text#%:string[9000]";
    check(&times(60, pieces), "(sliced string)", Kind::Pinned);
    let short = "Array -[%]-> piece#%:sliced+string[32]; piece#% =parent=> text#%:string[900]";
    for innocent in [short, "Array -[%]-> text#%:string[9000]"] {
        let found = found(&program(&times(60, innocent)));
        assert!(found.iter().all(|suspect| suspect.kind != Kind::Pinned), "{innocent}");
    }
}

#[test]
fn nodes_in_no_document_are_detached() {
    check(&times(60, "Array -[%]-> <tr>#%:native!2[100]"), "Detached <tr>", Kind::Detached);
}

/// The suspect of a kind, which must be there once.
fn only(graph: &Graph, kind: Kind) -> Suspect {
    let mut of_kind: Vec<Suspect> = found(graph).into_iter().filter(|own| own.kind == kind).collect();
    assert_eq!(of_kind.len(), 1, "{kind:?}");
    of_kind.remove(0)
}

#[test]
fn one_text_that_is_much_of_the_heap_is_huge_unless_it_is_the_program() {
    let graph = program(&["Store -text-> long:string[2000000]".to_owned()]);
    let own = only(&graph, Kind::Huge);
    assert_eq!(said(&graph.heap, &own), ("(string)".into(), 1, Kind::Huge, "Store".into()));
    let graph = program(&["/srv/app.js =source=> long:string[2000000]".to_owned()]);
    assert!(found(&graph).is_empty());
}

#[test]
fn texts_that_are_there_many_times_are_told_with_what_they_waste() {
    let graph = program(&times(60, "Array -[%]-> same#%:string[10000]"));
    let own = only(&graph, Kind::Duplicated);
    let Some(Odd::Duplicated { texts, wasted, times: copies, .. }) = own.odd else { panic!("{:?}", own.odd) };
    assert_eq!((own.objects.len(), texts, wasted, copies), (60, 1, 590_000, 60));
    assert_eq!(found(&graph).len(), 1, "once is enough");
    let others = found(&program(&times(60, "Array -[%]-> text%:string[10000]")));
    assert!(others.iter().all(|own| own.kind != Kind::Duplicated), "different texts");
}

#[test]
fn stores_that_are_nearly_empty_are_told_by_their_owner() {
    let sparse = |each: &str| program(&times(3, each));
    let graph = sparse("Array -[%]-> Array#1%[16]; Array#1% =elements=> e%:array[800000]; e% -[0]-> Page#%[8]");
    let own = only(&graph, Kind::Sparse);
    assert_eq!(own.odd, Some(Odd::Sparse { places: 300_000, used: 3 }));
    assert_eq!(said(&graph.heap, &own).0, "Array");
    // Nothing but small numbers looks the same as nothing at all.
    let graph = sparse("Array -[%]-> Array#1%[16]; Array#1% =elements=> e%:array[800000]");
    assert!(found(&graph).iter().all(|own| own.kind != Kind::Sparse));
}

#[test]
fn scripts_of_one_source_are_compiled_again_and_again() {
    let each = "Array -[%]-> g#%:closure[32]; g#% =shared=> s#%:code[100]; s#% =script=> lib#%:code[3000]
        lib#% =source=> return+1#%:string[40]";
    let graph = program(&times(60, each));
    let own = only(&graph, Kind::Recompiled);
    let Some(Odd::Recompiled { source }) = own.odd else { panic!("{:?}", own.odd) };
    assert_eq!((own.objects.len(), &*graph.heap.name(source)), (60, &b"return 1"[..]));
    let graph = program(&times(60, &each.replace("return+1#%", "return+%")));
    assert!(found(&graph).iter().all(|own| own.kind != Kind::Recompiled), "different sources");
}

#[test]
fn a_window_that_no_frame_shows_is_told() {
    let graph = program(&["Store -popup-> Window:native!2[900]".to_owned()]);
    let own = only(&graph, Kind::Window);
    assert_eq!(said(&graph.heap, &own), ("Detached Window".into(), 1, Kind::Window, "Store".into()));
    assert!(found(&program(&["Store -popup-> Window:native!1[900]".to_owned()])).is_empty(), "a living one");
}

#[test]
fn variables_that_no_function_uses_are_told_by_name() {
    let large = closures::tests::GRAPH.replace("big[100]", "big[900000]");
    let own = only(&closures::tests::scoped(&large, true), Kind::Unused);
    assert_eq!(own.odd, Some(Odd::Unused { variable: b"dead".to_vec(), function: b"outer".to_vec() }));
    let used = large.replace("$dead$> big[900000]", "$dead$> tiny[8]").replace("small[10]", "small[900000]");
    assert!(found(&closures::tests::scoped(&used, true)).iter().all(|own| own.kind != Kind::Unused));
}

#[test]
fn what_is_odd_from_the_start_is_no_suspect_of_a_series() {
    let same = || program(&["Store -text-> long:string[2000000]".to_owned()]);
    assert!(series(&[same(), same(), same()]).is_empty());
    let later = program(&["Store -gap-> Gap[8]; Store -text-> long:string[2000000]".to_owned()]);
    let before = program(&["Store -gap-> Gap[8]".to_owned()]);
    assert_eq!(series(&[before, later]).first().map(|own| own.kind), Some(Kind::Huge));
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

/// A program in three processes: so many entries in its list, ten in another list.
pub(crate) fn restarted(counts: [usize; 3]) -> (Vec<Graph>, Series) {
    let at = |(run, count): (usize, usize)| {
        let gaps: Vec<String> = (0..=run).map(|gap| format!("r -gap{gap}-> Gap{gap}[8]; ")).collect();
        // Three kinds of thing in turn, so that ids that are shifted by one or two name others.
        let each = "Array -[%]-> Entry#%[100]@1/9/1; Entry#% -one-> One#%[8]; Entry#% -two-> Two#%[8]";
        let mut all = times(count, each);
        all.push("Store -kept-> Kept[16]@1/30/1".into());
        all.extend((count..count + 10).map(|number| format!("Kept -k{number}-> Entry#{number}[100]@1/9/1")));
        program_behind(&gaps.concat(), &all)
    };
    let graphs: Vec<Graph> = counts.into_iter().enumerate().map(at).collect();
    let heaps: Vec<Arc<Heap>> = graphs.iter().map(|graph| graph.heap.clone()).collect();
    let (last, earlier) = heaps.split_last().expect("three");
    let series = Series::read(last.clone(), earlier.iter().cloned().map(Ok), &Meter::default());
    (graphs, series.expect("nobody cancels"))
}

#[test]
fn growth_across_restarts_is_counted_by_holder() {
    let (graphs, series) = restarted([20, 120, 220]);
    assert!(!series.ids_last());
    let heap = &graphs[2].heap;
    let all = find(heap, Some(&series), &Meter::default()).expect("nobody cancels").suspects;
    assert_eq!(all.len(), 1, "the other list has not grown");
    assert_eq!(said(heap, &all[0]), ("Entry".into(), 220, Kind::Accumulation, "Store".into()));
    assert_eq!((&all[0].growth[..], all[0].more), (&[20, 120, 220][..], Some(200)));
    assert_eq!(all[0].verdict, Some(Verdict::GrewAtEveryStep));
}

#[test]
fn what_is_as_large_after_each_restart_is_no_suspect() {
    let (graphs, series) = restarted([200, 200, 200]);
    let found = find(&graphs[2].heap, Some(&series), &Meter::default()).expect("nobody cancels");
    assert!(!series.ids_last() && found.suspects.is_empty());
}

#[test]
fn what_is_there_from_the_start_is_no_suspect_of_a_series() {
    let same = || program(&times(60, "Array -[%]-> Entry#%[100]@1/9/1"));
    assert!(series(&[same(), same(), same()]).is_empty());
}

#[test]
fn classes_of_the_runtime_are_no_callbacks() {
    let errors = |script: &str| {
        let mut more = vec![
            format!("r -n-> n:closure@2/1/1; n =shared=> ns:code; ns =script=> {script}:code; n -codes-> Codes[16]"),
            "Store -rest-> Rest[200000]@1/3/1".into(),
        ];
        more.extend(times(60, "Codes -E%-> e#%:closure@2/309/1; e#% -prototype-> Error#%[60]"));
        found(&program(&more))
    };
    assert!(errors("internal/errors.js").is_empty());
    assert_eq!(errors("/srv/errors.js")[0].kind, Kind::Callbacks);
}

#[test]
fn what_the_engine_keeps_of_its_own_is_no_suspect() {
    let mut more = times(60, "(Internalized+strings) =%=> s%:string[4000]");
    more.insert(0, "r =7=> (Internalized+strings):synthetic".into());
    assert!(found(&program(&more)).is_empty());
    let module =
        "r -n-> n:closure@2/236/1; n =shared=> ns:code; ns =script=> internal/realm.js:code; n -map-> Map#2[16]";
    let mut more = times(60, "Map#2 =%=> Module#%[400]@2/236/1");
    more.insert(0, module.into());
    assert!(found(&program(&more)).is_empty());
}

#[test]
fn what_functions_keep_says_more_than_the_functions() {
    let mut more = times(60, "Array -[%]-> g#%:closure[64]@1/20/1; g#% =context=> system+/+Context#%[100]");
    more.extend(times(60, "system+/+Context#% =scope_info=> info:hidden; system+/+Context#% $this$> Row#%[20]@1/9/1"));
    check(&more, "Row", Kind::Callbacks);
}

#[test]
fn a_tree_that_grows_at_its_leaves_is_held_by_its_root() {
    let tree = |count: usize| {
        let mut more = vec!["Store -root-> Leaf#0[100]@1/9/1".to_owned()];
        let side = |number: usize| if number % 2 == 1 { "left" } else { "right" };
        let leaf = |number: usize| format!("Leaf#{} -{}-> Leaf#{number}[100]@1/9/1", (number - 1) / 2, side(number));
        more.extend((1..count).map(leaf));
        program(&more)
    };
    let graphs = [tree(40), tree(80), tree(120)];
    let all = series(&graphs);
    assert_eq!(all.len(), 1);
    assert_eq!(said(&graphs[2].heap, &all[0]), ("Leaf".into(), 120, Kind::Accumulation, "Store".into()));
    assert_eq!(all[0].growth, [40, 80, 120]);
}

#[test]
fn so_many_strings_with_one_holder_are_odd() {
    check(&times(60, "Array -[%]-> s%:string[4000]"), "(string)", Kind::Accumulation);
    let mut few = times(60, "Array -[%]-> s%:string[400]");
    few.push("Store -rest-> Rest[300000]@1/3/1".into());
    assert!(found(&program(&few)).is_empty(), "less than a tenth of the heap");
}

#[test]
fn a_store_of_numbers_is_not_empty() {
    let store = |more: &str| {
        let text = "Array =elements=> e:array[1440000]; e =map=> shape:object+shape[40]";
        found(&program(&[text.into(), more.into()]))
    };
    let full = store("e =map=> shape");
    assert_eq!(full[0].odd, Some(Odd::Numbers { places: 180_000 }), "numbers are no objects of the file");
    assert_eq!((full.len(), full[0].kind), (1, Kind::Huge));
    assert_eq!(store("e =7=> Entry[16]@1/9/1")[0].kind, Kind::Sparse);
}

#[test]
fn a_few_objects_are_no_suspects() {
    assert!(found(&program(&times(5, "Array -[%]-> Entry#%[100]@1/9/1"))).is_empty());
}

/// Whether each way from the root to a node leads over one of some others: walked, with nothing known beforehand.
fn is_below(heap: &Heap, node: NodeIx, others: &[NodeIx]) -> bool {
    let mut dominators = heap.dominators().expect("the heap is complete").chain(node).skip(1);
    dominators.any(|above| others.contains(&above))
}

/// What is said of suspects, against the slow and obvious way to say it.
fn holds(graph: &Graph, one: &[Suspect]) -> std::result::Result<(), TestCaseError> {
    let heap = &graph.heap;
    for own in one {
        prop_assert!(own.objects.iter().all(|&node| heap.classes().of(node) == own.class));
        prop_assert!(own.only.unwrap_or(0) <= own.objects.len() as u64);
        let topmost = own.objects.iter().filter(|&&node| !is_below(heap, node, &own.objects));
        let retained: u64 = topmost.map(|&node| heap.retained_size(node).unwrap_or(0)).sum();
        prop_assert_eq!(own.retained, retained);
        let Some(at) = own.chain.named(own.kind).filter(|_| own.odd.is_none()) else { continue };
        // Neither more nor less than what the holder that is named holds.
        let hold = &own.chain.holds[at];
        let mut reached = hold.level.reached(hold.row, &Meter::default()).expect("nobody cancels");
        let mut objects = own.objects.clone();
        reached.sort_unstable();
        objects.sort_unstable();
        prop_assert_eq!(objects, reached);
    }
    Ok(())
}

/// A program with a list of entries, some of which others hold as well, in some programs instead; some hold the next one,
/// or any other, or things of another class.
fn programs() -> impl Strategy<Value = Vec<String>> {
    let entry = (1u64..400, 0..6usize, any::<bool>());
    let link = (0..60usize, 0..60usize, any::<bool>());
    let entries = prop::collection::vec(entry, 20..60);
    (entries, prop::collection::vec(link, 0..40), any::<bool>()).prop_map(|(entries, links, is_whole)| {
        let mut all = vec!["Store -kept-> Kept[16]@1/30/1; r -s-> Store".to_owned()];
        for (number, &(size, way, has_next)) in entries.iter().enumerate() {
            let held = match way {
                0 if !is_whole => format!("Kept -k{number}-> Entry#{number}[{size}]@1/9/1"),
                0 | 1 => format!("Kept -k{number}-> Entry#{number}[{size}]@1/9/1; Array -[{number}]-> Entry#{number}"),
                _ => format!("Array -[{number}]-> Entry#{number}[{size}]@1/9/1"),
            };
            all.push(held);
            if has_next && number > 0 {
                all.push(format!("Entry#{} -next-> Entry#{number}", number - 1));
            }
        }
        for (number, &(from, to, is_part)) in links.iter().enumerate() {
            let (from, to) = (from % entries.len(), to % entries.len());
            all.push(match is_part {
                true => format!("Entry#{from} -part{number}-> Part#{to}[300]@1/8/1"),
                false => format!("Entry#{from} -other{number}-> Entry#{to}"),
            });
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::with_source_file(file!()) })]

    #[test]
    fn equal_snapshots_have_no_suspects(more in programs()) {
        let [one, two, three] = [0, 1, 2].map(|_| program(&more));
        prop_assert!(series(&[one, two, three]).is_empty());
    }
}

#[test]
fn a_suspect_is_all_that_its_holder_holds_of_its_class_in_a_fixed_order() {
    let config = ProptestConfig { cases: 128, ..ProptestConfig::with_source_file(file!()) };
    let mut runner = TestRunner::new(config);
    let (programs_with, of_all, of_part, also_by_others) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let met = |count: &Cell<u32>, times: usize| count.set(count.get() + times as u32);
    let result = runner.run(&programs(), |more| {
        let graph = program(&more);
        let (one, again) = (found(&graph), found(&graph));
        let said = |all: &[Suspect]| all.iter().map(|own| (own.kind, own.objects.clone())).collect::<Vec<_>>();
        prop_assert_eq!(said(&one), said(&again));
        let count = |is: &dyn Fn(&Suspect) -> bool| one.iter().filter(|own| is(own)).count();
        let objects = |own: &Suspect| own.objects.len() as u64;
        met(&programs_with, usize::from(!one.is_empty()));
        met(&of_all, count(&|own| objects(own) == own.all));
        met(&of_part, count(&|own| objects(own) < own.all));
        met(&also_by_others, count(&|own| own.only.is_some_and(|only| only < objects(own))));
        holds(&graph, &one)
    });
    if let Err(problem) = result {
        panic!("{problem}");
    }
    // Else it would hold of nothing.
    let counts = [&programs_with, &of_all, &of_part, &also_by_others].map(Cell::get);
    let least = [100, 30, 30, 30];
    assert!(counts.iter().zip(least).all(|(count, least)| *count >= least), "{counts:?}");
}

/// What is said of suspects where classes are looked at by a sample of so many objects first.
fn by_sample(graph: &Graph, sample: usize) -> Vec<(String, usize, Kind, String, u64)> {
    let found = find_by(&graph.heap, None, sample, &Meter::default()).expect("nobody cancels");
    let all = found.suspects.iter().map(|own| {
        let (class, count, kind, holder) = said(&graph.heap, own);
        (class, count, kind, holder, own.retained)
    });
    all.collect()
}

#[test]
fn a_sample_finds_what_all_objects_tell() {
    let list = times(400, "Array -[%]-> Entry#%[100]@1/9/1; Entry#% -name-> name%:string[40]");
    // The tasks of functions that are linked to each other through what wraps them.
    let mut links = times(400, "Link#% -run-> g#%:closure[32]@1/20/1; g#% =context=> system+/+Context#%[32]");
    links.extend(times(400, "system+/+Context#% =scope_info=> info:hidden; Link#% -on-> Link#%"));
    links.extend(times(400, "system+/+Context#% $task$> Task#%[200]@1/9/1"));
    links.extend((1..400).map(|number| format!("Link#{} -next-> Link#{number}", number - 1)));
    links.push("Store -first-> Link#0".into());
    let mut chain = vec!["Store -first-> Entry#0[100]@1/9/1".to_owned()];
    chain.extend((1..400).map(|number| format!("Entry#{} -next-> Entry#{number}[100]@1/9/1", number - 1)));
    // Pieces of a page stand at even distances; what is of the page is small beside the pieces.
    let mut pages = times(300, "Array -[%]-> g#%:closure[32]@1/20/1; g#% =context=> system+/+Context#%[32]");
    pages.extend(times(300, "system+/+Context#% =scope_info=> info:hidden; system+/+Context#% $page$> p4#%"));
    pages
        .extend(times(300, "system+/+Context#% $report$> Object#%[700]; Object#% -owner-> Kind; Object#% -day-> Kind"));
    pages.extend((0..300).map(|page| {
        let pieces =
            (1..5).map(|piece| format!("p{piece}#{page}:concatenated+string[250] =first=> p{}#{page}", piece - 1));
        format!("p0#{page}:concatenated+string[20]; {}", pieces.collect::<Vec<_>>().join("; "))
    }));
    let mut large = times(400, "Array -[%]-> Entry#%[100]@1/9/1");
    large.push("Entry#77 -all-> huge:array[900000]".into());
    for more in [list, links, chain, pages, large] {
        let graph = program(&more);
        let whole = by_sample(&graph, usize::MAX);
        assert!(!whole.is_empty());
        assert_eq!(by_sample(&graph, 64), whole);
    }
}
