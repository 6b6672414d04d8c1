//! From a set of objects up to the one thing that holds them: the merged retainers that most of them share, level by level.

use std::sync::Arc;

use super::Kind;
use super::rank::{MANY_FUNCTIONS, Ranks};
use crate::analysis::merged::{HolderKind, HolderLevel, HolderRow, Options, Reference};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::index::ClassIx;

/// A row that has so many of ten objects is the way on.
const MOST: u64 = 7;
/// Levels until there is one holder.
const DEEPEST: usize = 24;
/// Single holders that are passed to find one that the program named.
const MOST_PASSED: usize = 6;
/// So many objects a holder: it is a collection of them.
const GATHERS: u64 = 8;

/// What runtimes wrap around a function that is to be called at an event.
const LISTENERS: [&[u8]; 4] = [b"V8EventListener", b"EventListener", b"JSEventListener", b"Listener"];
/// So many functions are looked at, and so many references to each.
const MOST_ASKED: usize = 16;

/// One level of the way.
#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub level: Arc<HolderLevel>,
    pub row: usize,
}

impl Hold {
    pub(crate) fn get(&self) -> &HolderRow {
        &self.level.rows()[self.row]
    }
}

/// The way from a set to what holds it, the nearest level first.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub holds: Vec<Hold>,
    /// The level that names the one holder; none where there is none that most of them share.
    pub neck: Option<usize>,
}

impl Chain {
    /// Walks up from a set.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn from(level: Arc<HolderLevel>, ranks: &Ranks<'_>, meter: &Meter) -> Result<Chain> {
        let chain = Chain::unless(level, ranks, |_| false, meter)?;
        Ok(chain.expect("nothing is looked out for"))
    }

    /// Walks up from some objects of a class; nothing where only all of them tell: others of the class hold some, or what
    /// holds most of them scatters, as the links of one list do of which many are left out.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(super) fn of_sample(
        level: Arc<HolderLevel>,
        class: ClassIx,
        ranks: &Ranks<'_>,
        meter: &Meter,
    ) -> Result<Option<Chain>> {
        let chain = Chain::unless(level, ranks, |level| holds_itself(level, class, 1), meter)?;
        let is_told = |chain: &Chain| {
            let is_one_function = chain.holds.iter().any(|hold| hold.get().one_function);
            chain.neck.is_some() || chain.holds.is_empty() || !ranks.tells(class) && !is_one_function
        };
        Ok(chain.filter(is_told))
    }

    /// Walks up from a set, level by level; nothing where one of them is not to be trusted.
    fn unless(
        mut level: Arc<HolderLevel>,
        ranks: &Ranks<'_>,
        stops: impl Fn(&HolderLevel) -> bool,
        meter: &Meter,
    ) -> Result<Option<Chain>> {
        let total = level.objects().len() as u64;
        let mut chain = Chain { holds: Vec::new(), neck: None };
        while chain.holds.len() < DEEPEST {
            if stops(&level) {
                return Ok(None);
            }
            let Some(row) = way_on(&level, total) else { break };
            chain.holds.push(Hold { level: level.clone(), row });
            let hold = &level.rows()[row];
            if let &[holder] = &hold.holders[..] {
                let at = chain.holds.len() - 1;
                let first = *chain.neck.get_or_insert(at);
                if ranks.is_named(holder, hold.key.kind) && !chain.is_link(at) {
                    chain.neck = Some(at);
                    break;
                }
                if at - first >= MOST_PASSED {
                    break;
                }
            } else if chain.neck.is_some() {
                // It scatters again: nobody the program named holds it alone.
                chain.holds.pop();
                break;
            }
            if matches!(hold.key.kind, HolderKind::Root(_)) {
                break;
            }
            level = Arc::new(level.below(row, meter)?);
        }
        if let Some(neck) = chain.neck {
            let is_named = |hold: &Hold| ranks.is_named(hold.get().holders[0], hold.get().key.kind);
            let first = chain.first_single();
            if !is_named(&chain.holds[neck]) {
                chain.neck = first;
                chain.holds.truncate(first.map_or(chain.holds.len(), |first| first + 1));
            }
        }
        Ok(Some(chain))
    }

    fn first_single(&self) -> Option<usize> {
        self.holds.iter().position(|hold| hold.get().holders.len() == 1)
    }

    /// Whether a level only leads over links of a list: the holder is of the class of what it holds, by a property.
    fn is_link(&self, at: usize) -> bool {
        let Hold { level, row } = &self.holds[at];
        let (object, holder) = level.sample(*row);
        let heap = level.heap();
        !self.holds[at].get().key.link.reference.is_of_collection()
            && heap.classes().of(object) == heap.classes().of(holder)
    }

    /// The one holder and the reference that leaves it.
    pub(crate) fn holder(&self) -> Option<(NodeIx, Reference)> {
        let row = self.holds[self.neck?].get();
        Some((row.holders[0], row.key.link.outer()))
    }

    /// The level whose holder is named. What pins is the nearest: whoever gathers those is right to.
    pub(crate) fn named(&self, kind: Kind) -> Option<usize> {
        match kind {
            Kind::Pinned if !self.holds.is_empty() => Some(0),
            _ => self.gathers(),
        }
    }

    /// Of those who hold these objects beside the way to the holder that is named, who holds most,
    /// the nearest of several.
    pub(super) fn also(&self, kind: Kind, objects: &[NodeIx], meter: &Meter) -> Result<Option<Hold>> {
        let (Some(named), Some(first)) = (self.named(kind), self.holds.first()) else { return Ok(None) };
        let heap = first.level.heap().clone();
        let mut level = Arc::new(HolderLevel::of_set(heap, objects.to_vec(), Options::default(), meter)?);
        let mut most: Option<Hold> = None;
        for hold in &self.holds[..=named] {
            let key = hold.get().key;
            let beside = level.rows().iter().position(|row| row.key != key && !row.key.again);
            let count = |row: usize| level.rows()[row].objects;
            if let Some(row) = beside
                && most.as_ref().is_none_or(|most| most.get().objects < count(row))
            {
                most = Some(Hold { level: level.clone(), row });
            }
            let Some(row) = level.rows().iter().position(|row| row.key == key) else { break };
            level = Arc::new(level.below(row, meter)?);
        }
        Ok(most)
    }

    /// Whether the functions on the way wait to be called: by an emitter or a target of events.
    pub(super) fn waits(&self) -> bool {
        let is_listener = |hold: &Hold| {
            let (_, holder) = hold.level.sample(hold.row);
            let heap = hold.level.heap();
            let name = match hold.get().key.link.outer() {
                Reference::Property(name) => heap.columns().strings.get(name),
                _ => Default::default(),
            };
            &*name == b"_events" || LISTENERS.contains(&heap.class_name(holder))
        };
        let is_waiting = |hold: &Hold| {
            let HolderRow { holders, one_function, .. } = hold.get();
            *one_function && holders.len() >= MANY_FUNCTIONS && {
                let heap = hold.level.heap();
                let waits = |function: NodeIx| {
                    let mut from = heap.shown_retainers(function).take(MOST_ASKED);
                    from.any(|(_, from)| LISTENERS.contains(&heap.class_name(from)))
                };
                holders.iter().take(MOST_ASKED).all(|&function| waits(function))
            }
        };
        self.holds.iter().any(|hold| is_listener(hold) || is_waiting(hold))
    }

    /// The level that gathers: from many holders to few by a collection, or the neck.
    pub(crate) fn gathers(&self) -> Option<usize> {
        let neck = self.neck?;
        let is_collection = |at: &usize| {
            let row = self.holds[*at].get();
            let holders = row.holders.len() as u64;
            row.key.link.reference.is_of_collection() && holders * GATHERS <= row.objects
        };
        Some((0..neck).find(is_collection).unwrap_or(neck))
    }
}

/// Whether so many tenths of a level are held by objects of a class, as far as one holder of each row tells.
pub(super) fn holds_itself(level: &HolderLevel, class: ClassIx, tenths: usize) -> bool {
    let held = |row: usize| level.held(row).len();
    let is_own = |&row: &usize| level.heap().classes().of(level.sample(row).1) == class;
    let own: usize = (0..level.rows().len()).filter(is_own).map(held).sum();
    own * 10 >= level.objects().len() * tenths
}

/// The row by which most objects of the set are held, if it leads anywhere new.
fn way_on(level: &HolderLevel, total: u64) -> Option<usize> {
    let is_way = |row: &HolderRow| !row.key.again && row.objects * 10 >= total * MOST;
    level.rows().iter().position(is_way)
}
