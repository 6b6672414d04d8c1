use std::sync::Arc;

use super::*;
use crate::heap::{self, Event, Input, LoadOptions};
use crate::index::RootMode;
use crate::input::{self, Options, Watch};

static DEMO: &[u8] = include_bytes!("../../assets/demo.heapsnapshot.zst");

fn load(wants: Wants) -> (Arc<Heap>, Vec<&'static str>, Watch, Vec<&'static str>) {
    let watch = Arc::new(Watch::default());
    let options = LoadOptions { wants, ..LoadOptions::new(Input::Bundled(DEMO), Options::default()) };
    let mut told = Vec::new();
    let heap = heap::load(&options, &watch, &mut |event| {
        told.push(match event {
            Event::Ready(heap) => {
                assert!(heap.there().covers(wants.common(Wants::SUMMARY)));
                "ready"
            }
            Event::Progress => "progress",
            Event::Complete | Event::Failed(_) => "end",
        });
    });
    let run = watch.timings.finished().iter().map(|(name, _)| *name).collect();
    let heap = heap.expect("the demo can be read");
    assert!(heap.is_complete());
    (heap, run, Arc::try_unwrap(watch).expect("the load has ended"), told)
}

#[test]
fn the_stages_of_a_load_are_those_that_are_shown() {
    for wants in [Wants::ALL, Wants::CLASS_ROWS, Wants::OBJECT_ROWS, Wants::SIZES] {
        let (_, mut run, watch, _) = load(wants);
        let mut shown = stages(wants).concat();
        run.sort_unstable();
        shown.sort_unstable();
        assert_eq!(run, shown);
        assert_eq!(share(wants, &watch.timings.finished()), 1.0);
        assert_eq!(share(wants, &[]), 0.0);
        // What the header claims of the demo, and what there is.
        let facts = watch.facts();
        assert_eq!(facts.producer.to_string(), "Node 22 (V8 12)");
        assert_eq!([watch.records.nodes(), watch.records.edges()], [facts.claimed_nodes, facts.claimed_edges]);
        assert_eq!(watch.records.nodes(), 154_131);
    }
}

#[test]
fn the_screen_shows_the_stages_in_the_order_of_the_table() {
    let [first, rest] = stages(Wants::ALL);
    assert_eq!(first, ["nodes", "edges", "strings", "names", "DOM state", "shallow sizes", "classes", "scripts"]);
    assert_eq!(
        rest,
        [
            "depth-first search",
            "predecessors",
            "dominators",
            "retained sizes",
            "dominator tree",
            "distances",
            "retainers",
            "reachable",
            "checks"
        ]
    );
}

#[test]
fn what_a_stage_needs_another_one_gives_and_none_needs_itself() {
    for (place, stage) in STAGES.iter().enumerate() {
        assert!(!stage.gives.is_empty(), "{}", stage.name);
        let planned = plan(stage.gives, Wants::NONE);
        assert!(planned.contains(&place));
        // In the order in which they can run every need is there: so there is no cycle either.
        let (mut there, mut open) = (Wants::NONE, planned);
        while !open.is_empty() {
            let ready = open.iter().position(|&place| there.covers(STAGES[place].needs));
            let ready = ready.unwrap_or_else(|| panic!("{} cannot run", stage.name));
            there = there.and(STAGES[open.remove(ready)].gives);
        }
        assert!(there.covers(stage.gives));
    }
    let given = STAGES.iter().fold(Wants::NONE, |given, stage| given.and(stage.gives));
    assert!(given == Wants::of(&Product::ALL), "what a stage gives stands in Product::ALL");
    for product in Product::ALL {
        let is_taken = STAGES.iter().any(|stage| stage.needs.contains(product));
        assert!(Wants::STAYING.contains(product) || is_taken, "{product:?} stands in the register, or is scratch");
        let giving = STAGES.iter().filter(|stage| stage.gives.contains(product)).count();
        assert_eq!(giving, 1, "{product:?} is given once");
    }
}

#[test]
fn a_plan_takes_what_is_wanted_and_needed_and_no_more() {
    let names = |wants, there| plan(wants, there).into_iter().map(|place| STAGES[place].name).collect::<Vec<_>>();
    assert_eq!(names(Wants::SIZES, Wants::NONE), ["DOM state", "shallow sizes", "checks"]);
    assert_eq!(names(Wants::SUMMARY, Wants::SUMMARY), Vec::<&str>::new());
    let retained = Wants::of(&[Product::RetainedSizes]);
    assert_eq!(names(retained, Wants::SIZES), ["depth-first search", "predecessors", "dominators", "retained sizes"]);
    // The table of classes asks no node where it stands in the tree.
    assert!(!names(Wants::ALL_CLASSES, Wants::NONE).contains(&"dominator tree"));
    assert!(!names(Wants::OBJECT_ROWS, Wants::NONE).contains(&"retainers"));
    assert!(!names(Wants::ALL, Wants::NONE).contains(&"native contexts"));
}

#[test]
fn a_load_tells_first_what_can_be_shown_and_then_each_step() {
    // What the other thread has reached before the table can be shown is told with it.
    let told = load(Wants::ALL).3;
    assert_eq!(told, &["ready", "progress", "progress"][..told.len()]);
    assert!(!told.is_empty());
    assert_eq!(load(Wants::SIZES).3, ["ready"]);
    let (heap, ..) = load(Wants::SIZES);
    assert!(heap.has(Product::ShallowSizes) && !heap.has(Product::Classes) && !heap.has_retained_sizes());
}

#[test]
fn one_thread_and_two_give_the_same_heap() {
    let watch = Arc::new(Watch::default());
    let columns = input::read_bytes(DEMO, &Options::default(), &watch).expect("the demo can be read");
    let one = Heap::new(columns, RootMode::All, Wants::ALL);
    one.compute(Wants::ALL, &watch).expect("nobody cancels");
    let (two, ..) = load(Wants::ALL);
    for node in one.nodes() {
        let numbers = |heap: &Heap| {
            let tree = heap.dominators().expect("all is there");
            let retainers = heap.retainers().expect("all is there").edges(node).collect::<Vec<_>>();
            let sizes = [heap.shallow_size(node), heap.retained_size(node).expect("all is there")];
            let flags = [heap.is_queriable(node), heap.is_page_object(node), heap.is_detached_dom_node(node)];
            (sizes, heap.distance(node), tree.parent(node), retainers, heap.classes().of(node), flags)
        };
        assert_eq!(numbers(&one), numbers(&two), "{node:?}");
    }
    assert_eq!(one.total_size(), two.total_size());
}
