//! Work that is too long for the screen's own thread: one thread a piece of work, the result comes as a message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::message::{Basis, Follow, Followed, Make, Matches, Msg, Outcome, Search, Task};
use super::overlays::Detail;
use super::state::{Retaining, Scoped, Timeline, TreePane};
use crate::analysis::allocation::Functions;
use crate::analysis::compare::Comparison;
use crate::analysis::ignored::Ignored;
use crate::analysis::{aggregates, duplicates, paths, reachable, sizes, statistics};
use crate::base::fault;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::view::filter::NameFilter;
use crate::view::label;
use crate::view::source::{Content, Source};

/// A piece of work: tells messages, the last of which is the answer. It never panics.
pub type Thunk = Box<dyn FnOnce(&dyn Fn(Msg)) + Send>;

/// Work that says what it could not do, also when it panics.
fn guarded(
    work: impl FnOnce() -> Result<Msg> + Send + 'static,
    failed: impl FnOnce(String) -> Msg + Send + 'static,
) -> Thunk {
    Box::new(move |tell| {
        tell(match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(msg)) => msg,
            Ok(Err(error)) => failed(error.to_string()),
            Err(panic) => failed(Error::Mistake(fault::message(&*panic)).to_string()),
        })
    })
}

/// The rows of the Summary, with whatever the heap knows by now.
pub fn aggregate(heap: Arc<Heap>) -> Thunk {
    let of = heap.clone();
    let work = move || {
        fault::provoke("aggregate");
        let rows = aggregates::aggregate(&heap, |_| true, &Meter::default())?;
        Ok(Msg::Aggregated(heap, rows))
    };
    guarded(work, |problem| Msg::NotAggregated(of, problem))
}

/// The numbers of the Statistics view, and the timeline.
pub fn count(heap: Arc<Heap>) -> Thunk {
    let work = move || {
        let statistics = statistics::compute(&heap, &Meter::default())?;
        let timeline = Timeline::of(&heap)?;
        Ok(Msg::Counted(heap, statistics, timeline))
    };
    guarded(work, Msg::WorkFailed)
}

/// The answer to a question that takes long.
pub fn answer(number: u64, task: Task, meter: Arc<Meter>) -> Thunk {
    Box::new(move |tell| {
        let early = |outcome| tell(Msg::Done(number, outcome));
        let solved = catch_unwind(AssertUnwindSafe(|| {
            fault::provoke("worker");
            solve(task, &meter, &early)
        }));
        let outcome = match solved {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(Error::Cancelled)) => Outcome::Cancelled,
            Ok(Err(error)) => Outcome::Failed(error.to_string()),
            Err(panic) => Outcome::Failed(Error::Mistake(fault::message(&*panic)).to_string()),
        };
        tell(Msg::Done(number, outcome));
    })
}

/// Works a task out; `early` hears of what is worth knowing before the end.
pub fn solve(task: Task, meter: &Meter, early: &dyn Fn(Outcome)) -> Result<Outcome> {
    Ok(match task {
        Task::Paths { object, ignored, count } => {
            let found = paths::shortest_without(&object.heap, ignored.as_deref(), object.node, count, meter)?;
            Outcome::Paths { object, wanted: count, found }
        }
        Task::Ignore { heap, nodes } => Outcome::Ignored(Ignored::compute(&heap, nodes, meter)?),
        Task::Reach(object) => {
            let (objects, bytes) = reachable::from(&object.heap, object.node, meter)?;
            Outcome::Reached { object, objects, bytes }
        }
        Task::Change { id, mut pane, work } => {
            let version = pane.tree.version();
            let performed = pane.perform(&work, meter)?;
            Outcome::Changed { id, pane, version, work, performed }
        }
        Task::Make(Make { view, of, root, sort, then }) => {
            let source = match source(of, meter) {
                Ok(Some(source)) => source,
                Ok(None) => return Ok(Outcome::Made { view, pane: Err(None), revealed: None }),
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => return Ok(Outcome::Made { view, pane: Err(Some(error.to_string())), revealed: None }),
            };
            let mut pane = TreePane::of(source, root, sort, meter)?;
            let revealed = then.map(|work| pane.perform(&work, meter)).transpose()?;
            Outcome::Made { view, pane: Ok(Box::new(pane)), revealed }
        }
        Task::Retain { object, ignored, path } => {
            Outcome::Retained(Box::new(Retaining::of(&object.heap, object.node, ignored, Some(path), meter)?))
        }
        Task::Follow(follow) => Outcome::Followed(Box::new(self::follow(*follow, meter)?)),
        Task::Limit { heap, scope, title } => {
            let nodes = scope.nodes(&heap, meter)?;
            let rows = aggregates::aggregate(&heap, |node| nodes.contains(node.ix()), meter)?;
            Outcome::Limited(Scoped { scope, title, nodes: Arc::new(nodes), rows: rows.into() })
        }
        Task::Contexts { heap, snapshots } => {
            let newest =
                |heap: &Option<Arc<Heap>>| heap.as_ref().map(|heap| sizes::max_js_object_id(heap, meter)).transpose();
            let newest = snapshots.iter().map(newest).collect::<Result<_>>()?;
            Outcome::Contexts { sizes: sizes::by_native_context(&heap, meter)?, newest }
        }
        Task::Find(search) => Outcome::Matches(find(search, meter, early)?),
    })
}

/// What a view shows; nothing where the snapshot does not have it.
fn source(of: Basis, meter: &Meter) -> Result<Option<Source>> {
    Ok(match of {
        Basis::Tree(source) => Some(source),
        Basis::Comparison { base, current } => {
            let comparison = Comparison::new(base, current.clone(), meter)?;
            Some(Source::new(current, Content::Comparison(Arc::new(comparison))))
        }
        Basis::Strings(heap) => {
            let groups = duplicates::groups(&heap, meter)?;
            Some(Source::new(heap, Content::Strings(groups.into())))
        }
        Basis::Allocation(heap) => {
            let functions = Functions::new(&heap, meter)?;
            functions.map(|functions| Source::new(heap, Content::Allocation(Arc::new(functions))))
        }
    })
}

fn follow(follow: Follow, meter: &Meter) -> Result<Followed> {
    let Follow { subject, about, retained, ignored, in_window } = follow;
    let retaining = match retained {
        Some(object) => Some(Retaining::of(&object.heap, object.node, ignored, None, meter)?),
        None => None,
    };
    let detail = match subject {
        Some(subject) => Some(Detail::new(&subject, &about, meter)?),
        None => None,
    };
    Ok(Followed { detail, retaining, in_window })
}

/// Rows looked at between two looks at the meter.
const FIND_STEP: usize = 1024;

/// Looks through all open rows, first in the wanted direction.
fn find(search: Search, meter: &Meter, early: &dyn Fn(Outcome)) -> Result<Matches> {
    let Search { id, mut tree, needle, from, forward } = search;
    let version = tree.version();
    let filter = NameFilter::to_find(&needle).map_err(Error::Usage)?;
    let content = tree.source().content.clone();
    let rows = tree.len();
    meter.set_total(rows as u64);
    let mut places = Vec::new();
    let mut told = false;
    for step in 0..rows {
        if step % FIND_STEP == 0 {
            meter.check()?;
            meter.add_done(FIND_STEP as u64);
        }
        // Round the end of the tree, back to where it began.
        let place = if forward { (from + 1 + step) % rows } else { (from + rows - 1 - step) % rows };
        let Some((item, heap)) = tree.item(place) else { continue };
        if filter.matches(&label::plain(&label::item(&content, &heap, &item))) {
            places.push(place as u32);
            if !std::mem::replace(&mut told, true) {
                early(Outcome::Found { id, version, place });
            }
        }
    }
    places.sort_unstable();
    Ok(Matches { id, version, needle, places, from, forward })
}

/// Runs `work` on a thread of its own and sends what it says, or what `failed` says where there is no thread to have.
pub fn spawn(work: Thunk, failed: impl FnOnce(String) -> Msg, results: &Sender<Msg>) {
    let sender = results.clone();
    let run = move || {
        // The explorer may have ended meanwhile.
        work(&|message| drop(sender.send(message)));
    };
    if let Err(problem) = std::thread::Builder::new().name("worker".into()).spawn(run) {
        // Workers wait for room in the channel, the loop that empties it must not. Where it is full there is work
        // enough that would tell.
        let _ = results.try_send(failed(problem.to_string()));
    }
}
