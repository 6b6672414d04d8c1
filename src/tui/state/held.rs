//! Who holds a set of objects: what the Retainers show of a row that stands for many.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::pane::TreePane;
use crate::analysis::merged::{HolderLevel, Options};
use crate::analysis::ways::Ways;
use crate::answers::cut::Cut;
use crate::answers::set::{self, Sentence};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::subject::Subject;
use crate::view::label;
use crate::view::table::Table;
use crate::view::tables::holders::Holders;
use crate::view::text;

#[derive(Debug)]
pub(crate) struct HeldSet {
    pub(crate) pane: TreePane,
    pub(crate) heap: Arc<Heap>,
    /// The rows that stand for the objects.
    pub(crate) of: Vec<Subject>,
    /// `4,000 × Session`
    pub(crate) title: String,
    /// What holds most of them, in words.
    pub(crate) why: Arc<Sentence>,
    /// The objects, and who holds them.
    pub(crate) level: Arc<HolderLevel>,
}

/// How holders are looked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The engine's own references.
    pub(crate) engine: bool,
    /// What is ignored in the snapshot that is shown.
    pub(crate) cut: Option<Arc<Cut>>,
    pub(crate) here: Arc<Heap>,
    pub(crate) recent: Arc<Recent>,
}

/// So many rows are named in the title.
const MOST_NAMED: usize = 3;

impl HeldSet {
    /// Who holds the objects that some rows stand for, open along the way of most.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(of: Vec<Subject>, asked: Asked, meter: &Meter) -> Result<HeldSet> {
        let (mut heap, mut objects) = (of[0].table.heap().clone(), Vec::new());
        for subject in &of {
            let (own, nodes) = subject.table.objects(subject.row, meter)?;
            if objects.is_empty() {
                heap = own;
                objects = nodes;
            } else if Arc::ptr_eq(&own, &heap) {
                objects.extend(nodes);
            }
        }
        objects.sort_unstable();
        objects.dedup();
        let cut = asked.cut.filter(|_| Arc::ptr_eq(&heap, &asked.here));
        let question = Question { heap, engine: asked.engine, cut, objects };
        let found = match asked.recent.find(&question) {
            Some(found) => found,
            None => {
                let found = Found::of(&question, meter)?;
                if Arc::ptr_eq(&question.heap, &asked.here) {
                    asked.recent.keep(&question, &found);
                }
                found
            }
        };
        let (heap, Found { pane, why, level }) = (question.heap, found);
        let title = title(&of, level.objects().len());
        Ok(HeldSet { pane, heap, of, title, why, level })
    }
}

/// Whose holders are asked for, and how.
#[derive(Debug, Clone)]
struct Question {
    heap: Arc<Heap>,
    engine: bool,
    cut: Option<Arc<Cut>>,
    /// Each once, ascending.
    objects: Vec<NodeIx>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Question) -> bool {
        let is_same_cut = match (&self.cut, &other.cut) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        };
        is_same_cut
            && self.engine == other.engine
            && Arc::ptr_eq(&self.heap, &other.heap)
            && self.objects == other.objects
    }
}

/// Who holds them.
#[derive(Debug, Clone)]
struct Found {
    pane: TreePane,
    why: Arc<Sentence>,
    level: Arc<HolderLevel>,
}

impl Found {
    fn of(question: &Question, meter: &Meter) -> Result<Found> {
        let Question { heap, engine, cut, objects } = question;
        let options = Options { engine: *engine, without: cut.as_ref().map(|cut| cut.holding.clone()) };
        let level = Arc::new(HolderLevel::of_set(heap.clone(), objects.clone(), options, meter)?);
        let rows = Holders::of(level.clone());
        let ways = Ways { heap, ignored: cut.as_ref().map(|cut| &*cut.ignored) };
        let why = Arc::new(set::sentence(ways, &level, &*rows.table, meter)?);
        let mut pane = TreePane::new(rows, None, Holders::FACTS.sort, meter)?;
        let mut place = 0;
        while pane.tree.row(place).is_some_and(|row| row.table.opens_by_itself(row.row)) {
            if pane.tree.open(place, meter)? == 0 {
                break;
            }
            place += 1;
        }
        Ok(Found { pane, why, level })
    }

    /// About how many numbers it is.
    fn weight(&self) -> usize {
        self.level.objects().len() + self.level.rows().iter().map(|row| row.holders.len()).sum::<usize>()
    }
}

/// The sets whose holders were looked up last: who comes back to a row sees them at once, with all that has been
/// counted.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    sets: Mutex<VecDeque<(Question, Found)>>,
}

impl Recent {
    /// Sets, and numbers of all of them; in a large heap as many as it has nodes, which is little beside the rest of it.
    const MOST: usize = 64;
    const HEAVIEST: usize = 2_000_000;

    fn find(&self, question: &Question) -> Option<Found> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let place = sets.iter().position(|(known, _)| known == question)?;
        let (known, found) = sets.remove(place)?;
        sets.push_back((known, found.clone()));
        Some(found)
    }

    fn keep(&self, question: &Question, found: &Found) {
        let heaviest = Self::HEAVIEST.max(question.heap.node_count());
        if found.weight() > heaviest {
            return;
        }
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.push_back((question.clone(), found.clone()));
        while sets.len() > Self::MOST || sets.iter().map(|(_, found)| found.weight()).sum::<usize>() > heaviest {
            sets.pop_front();
        }
    }
}

/// `4,000 × Session`, `4,010 × Session, Request`
fn title(of: &[Subject], objects: usize) -> String {
    let name = |subject: &Subject| {
        let pieces = subject.table.label(subject.row);
        label::name(&pieces)
    };
    let names: Vec<String> = of.iter().take(MOST_NAMED).map(name).collect();
    let more = if of.len() > MOST_NAMED { ", …" } else { "" };
    format!("{} × {}{more}", text::count(objects as u64), names.join(", "))
}
