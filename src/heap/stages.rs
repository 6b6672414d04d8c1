//! The stages of a load as data: what each needs and gives. The order, what may run side by side, the share of the
//! progress and what a command computes all fall out of one table.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Heap;
use super::wants::{Product, Wants};
use crate::base::fault;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::index::dominators::{Immediate, SearchTree, Sorted};
use crate::index::{Cut, queriable, retainers, scripts};
use crate::index::{classes, contexts, detached, distances, dominators, ownership};
use crate::input;

/// A stage of a load.
pub(crate) struct Stage {
    /// As people see it while it runs.
    pub(crate) name: &'static str,
    pub(crate) needs: Wants,
    pub(crate) gives: Wants,
    /// What it usually takes of the time after reading, in parts of the sum of all.
    weight: u32,
    /// The memory that it takes at its peak, what it leaves included: bytes a node and an edge, rounded up.
    bytes: (u64, u64),
    pub(crate) run: fn(&StageRun<'_>) -> Result<()>,
}

impl Stage {
    /// The bytes that it takes for this heap.
    pub(crate) fn room(&self, heap: &Heap) -> u64 {
        let (nodes, edges) = (heap.columns().nodes.len() as u64, heap.columns().edges.len() as u64);
        nodes * self.bytes.0 + edges * self.bytes.1
    }
}

/// What a stage works on, and what the dominators' stages hand to each other.
pub(crate) struct StageRun<'a> {
    pub(crate) heap: &'a Heap,
    pub(crate) meter: &'a Meter,
    /// Memory for the search, if it is there.
    pub(crate) ahead: &'a Ahead,
    search: Handover<SearchTree>,
    sorted: Handover<Sorted>,
    immediate: Handover<Immediate>,
}

impl<'a> StageRun<'a> {
    pub(crate) fn new(heap: &'a Heap, meter: &'a Meter, ahead: &'a Ahead) -> Self {
        StageRun { heap, meter, ahead, search: Handover::new(), sorted: Handover::new(), immediate: Handover::new() }
    }
}

/// Memory for the search that a thread of its own is touching.
pub(crate) type Ahead = Handover<JoinHandle<SearchTree>>;

/// Scratch that one stage leaves for the next, which takes it out, so that it is freed as early as can be.
#[derive(Debug)]
pub(crate) struct Handover<T>(Mutex<Option<T>>);

impl<T> Handover<T> {
    pub(crate) fn new() -> Self {
        Handover(Mutex::new(None))
    }

    pub(crate) fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    fn take(&self) -> T {
        self.take_if_there().expect("the stage before has put it, once")
    }

    fn take_if_there(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

const fn of(product: Product) -> Wants {
    Wants::of(&[product])
}

/// All stages after reading. A free thread takes the first whose needs are there, so the longest chain stands first.
///
/// The weights are those of snapshots of Node 20, 22 and 24, Chromium and Hermes, from 40,000 to 4.2 million nodes; the
/// search took from a quarter to a half of the whole.
pub(crate) static STAGES: [Stage; 14] = [
    Stage {
        name: "depth-first search",
        needs: Wants::NONE,
        gives: Wants::of(&[Product::Search, Product::PageObjects]),
        weight: 33,
        bytes: (40, 4),
        run: |work| {
            fault::provoke("dominators");
            let memory = work.ahead.take_if_there().and_then(|memory| memory.join().ok());
            let (search, page_objects) = dominators::search(&work.heap.ground, memory, work.meter)?;
            work.heap.publish(|products| &products.page_objects, page_objects);
            work.search.put(search);
            Ok(())
        },
    },
    Stage {
        name: "predecessors",
        needs: of(Product::Search),
        gives: of(Product::Predecessors),
        weight: 5,
        bytes: (16, 8),
        run: |work| {
            work.sorted.put(dominators::sort(work.search.take(), work.meter)?);
            Ok(())
        },
    },
    Stage {
        name: "dominators",
        needs: of(Product::Predecessors),
        gives: of(Product::ImmediateDominators),
        weight: 8,
        bytes: (24, 0),
        run: |work| {
            work.immediate.put(dominators::immediate(work.sorted.take(), work.meter)?);
            Ok(())
        },
    },
    Stage {
        name: "retained sizes",
        needs: Wants::of(&[Product::ImmediateDominators, Product::ShallowSizes]),
        gives: Wants::of(&[Product::Preorder, Product::RetainedSizes]),
        weight: 8,
        bytes: (36, 0),
        run: |work| {
            let (preorder, retained) = dominators::tree(work.immediate.take(), work.heap.shallow(), work.meter)?;
            work.heap.publish(|products| &products.preorder, preorder);
            work.heap.publish(|products| &products.retained, retained);
            Ok(())
        },
    },
    Stage {
        name: "dominator tree",
        needs: of(Product::Preorder),
        gives: of(Product::TreePlaces),
        weight: 2,
        bytes: (8, 0),
        run: |work| {
            let preorder = work.heap.preorder().expect("the stage needs it");
            let places = dominators::places(preorder, work.meter)?;
            work.heap.publish(|products| &products.tree_places, places);
            Ok(())
        },
    },
    Stage {
        name: "DOM state",
        needs: Wants::NONE,
        gives: of(Product::DomState),
        weight: 0,
        bytes: (8, 0),
        run: |work| {
            let dom = detached::compute(&work.heap.ground, work.meter)?;
            work.heap.publish(|products| &products.dom, dom);
            Ok(())
        },
    },
    Stage {
        name: "shallow sizes",
        needs: of(Product::DomState),
        gives: of(Product::ShallowSizes),
        weight: 5,
        bytes: (16, 0),
        run: |work| {
            let sizes = ownership::compute(&work.heap.ground, work.heap.dom(), work.meter)?;
            work.heap.publish_shallow(sizes);
            Ok(())
        },
    },
    Stage {
        name: "classes",
        needs: of(Product::DomState),
        gives: of(Product::Classes),
        weight: 12,
        bytes: (32, 8),
        run: |work| {
            let classes = classes::compute(&work.heap.ground, work.heap.dom(), None, work.meter)?;
            work.heap.publish(|products| &products.classes, classes);
            Ok(())
        },
    },
    Stage {
        name: "scripts",
        needs: Wants::NONE,
        gives: of(Product::Scripts),
        weight: 0,
        bytes: (8, 0),
        run: |work| {
            let scripts = scripts::compute(&work.heap.ground, work.meter)?;
            work.heap.publish(|products| &products.scripts, scripts);
            Ok(())
        },
    },
    Stage {
        name: "distances",
        needs: Wants::NONE,
        gives: of(Product::Distances),
        weight: 9,
        bytes: (16, 0),
        run: |work| {
            let distances = distances::compute(&work.heap.ground, &Cut::default(), work.meter)?;
            work.heap.publish(|products| &products.distances, distances.into());
            Ok(())
        },
    },
    Stage {
        name: "retainers",
        needs: Wants::NONE,
        gives: of(Product::Retainers),
        weight: 9,
        bytes: (12, 8),
        run: |work| {
            let retainers = retainers::compute(&work.heap.ground, work.meter)?;
            work.heap.publish(|products| &products.retainers, retainers);
            Ok(())
        },
    },
    Stage {
        name: "reachable",
        needs: Wants::NONE,
        gives: of(Product::Queriable),
        weight: 2,
        bytes: (8, 0),
        run: |work| {
            let queriable = queriable::compute(&work.heap.ground, work.meter)?;
            work.heap.publish(|products| &products.queriable, queriable);
            Ok(())
        },
    },
    Stage {
        name: "checks",
        needs: Wants::NONE,
        gives: of(Product::LateWarnings),
        weight: 1,
        bytes: (16, 0),
        run: |work| {
            let late_warnings = input::late_warnings(work.heap.columns(), work.meter)?;
            work.heap.publish(|products| &products.late_warnings, late_warnings);
            Ok(())
        },
    },
    Stage {
        name: "native contexts",
        needs: of(Product::DomState),
        gives: of(Product::NativeContexts),
        weight: 0,
        bytes: (24, 0),
        run: |work| {
            let contexts = contexts::compute(&work.heap.ground, work.heap.dom(), work.meter)?;
            work.heap.publish(|products| &products.contexts, contexts);
            Ok(())
        },
    },
];

/// The stages that reading a file and finding its names take, which every load does, with their weights. Reading
/// itself is measured by bytes.
const READING: [(&str, u32); 4] = [("nodes", 0), ("edges", 0), ("strings", 0), ("names", 10)];

/// The stages that give what is wanted, by place in [`STAGES`], where `there` is there already.
pub(crate) fn plan(wants: Wants, there: Wants) -> Vec<usize> {
    let mut missing = wants.without(there);
    loop {
        let needed = planned(missing).fold(missing, |needed, stage| needed.and(stage.needs.without(there)));
        if needed == missing {
            break;
        }
        missing = needed;
    }
    let is_planned = |&place: &usize| !STAGES[place].gives.common(missing).is_empty();
    (0..STAGES.len()).filter(is_planned).collect()
}

/// What is wanted, and all that computing it leaves.
pub(crate) fn with_needs(wants: Wants) -> Wants {
    plan(wants, Wants::NONE).into_iter().fold(wants, |all, place| all.and(STAGES[place].gives))
}

fn planned(missing: Wants) -> impl Iterator<Item = &'static Stage> {
    STAGES.iter().filter(move |stage| !stage.gives.common(missing).is_empty())
}

/// The names of the stages of a load in the order of the screen: those before the first table can be shown, and the
/// rest, which runs beside and after them.
pub(crate) fn stages(wants: Wants) -> [Vec<&'static str>; 2] {
    let first = plan(wants.common(Wants::SUMMARY), Wants::NONE);
    let name = |place: &usize| STAGES[*place].name;
    let rest = plan(wants, Wants::NONE).into_iter().filter(|place| !first.contains(place));
    let reading = READING.iter().map(|&(name, _)| name);
    [reading.chain(first.iter().map(name)).collect(), rest.map(|place| STAGES[place].name).collect()]
}

/// How much of the work of a load after reading is done, from 0 to 1. Grows only when a stage ends: how far a stage is
/// inside, nobody counts.
pub(crate) fn share(wants: Wants, finished: &[(&'static str, Duration)]) -> f64 {
    let all = || {
        let of_plan = plan(wants, Wants::NONE).into_iter().map(|place| (STAGES[place].name, STAGES[place].weight));
        READING.into_iter().chain(of_plan)
    };
    let is_finished = |name: &str| finished.iter().any(|&(finished, _)| finished == name);
    let done: u32 = all().filter(|&(name, _)| is_finished(name)).map(|(_, weight)| weight).sum();
    f64::from(done) / f64::from(all().map(|(_, weight)| weight).sum::<u32>())
}

#[cfg(test)]
#[path = "stages_tests.rs"]
mod tests;
