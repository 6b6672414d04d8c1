//! What grew over the snapshots that were given, and where to look first: what is known of it so far.

use std::sync::Arc;

use super::{Load, Snapshot, State};
use crate::analysis::series::Series;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::{self, Heap, LoadOptions, Wants};
use crate::input::Watch;
use crate::view::table::Level;

/// An answer that is looked for aside.
#[derive(Debug, Default)]
pub(crate) enum Known<T> {
    /// Nobody has asked yet, or it is on its way.
    #[default]
    NotYet,
    There(Arc<T>),
    /// Why there is none, safe for the terminal.
    Not(String),
}

impl<T> Known<T> {
    pub(crate) fn get(&self) -> Option<&Arc<T>> {
        match self {
            Known::There(answer) => Some(answer),
            Known::NotYet | Known::Not(_) => None,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Known::NotYet)
    }

    pub(crate) fn why_not(&self) -> Option<&str> {
        match self {
            Known::Not(why) => Some(why),
            Known::NotYet | Known::There(_) => None,
        }
    }
}

/// What is known of the snapshot that is shown, with all that were given before it.
#[derive(Debug, Default)]
pub(crate) struct Leads {
    pub(crate) series: Known<Series>,
    /// Their rows.
    pub(crate) suspects: Known<Level>,
}

/// Where an earlier snapshot comes from.
#[derive(Debug)]
pub(crate) enum Source {
    There(Arc<Heap>),
    Read(LoadOptions),
}

/// The snapshots before the one that is shown.
#[derive(Debug)]
pub(crate) enum Earlier {
    /// Oldest first.
    All(Vec<Source>),
    /// One of them is on its way.
    Waits,
    /// One of them cannot be had.
    Lacks(String),
}

impl Earlier {
    pub(crate) fn of(state: &State) -> Earlier {
        // The only one is loaded to be compared with: it is not read twice.
        let is_base = state.shown == 1 && state.explorer().is_some_and(|explorer| explorer.base == Some(0));
        let mut sources = Vec::new();
        for snapshot in &state.snapshots[..state.shown] {
            let is_coming = match snapshot.load {
                Load::Running => true,
                Load::Waiting => is_base || snapshot.again.is_none(),
                Load::Complete | Load::Stopped => false,
            };
            sources.push(match snapshot {
                _ if is_coming => return Earlier::Waits,
                Snapshot { heap: Some(heap), load: Load::Complete, .. } => Source::There(heap.clone()),
                Snapshot { again: Some(again), .. } => Source::Read(again.clone()),
                Snapshot { title, .. } => return Earlier::Lacks(format!("{title} was not loaded; w chooses it")),
            });
        }
        Earlier::All(sources)
    }
}

impl Source {
    /// The heap; one that is read for this only is given up with it.
    ///
    /// # Errors
    /// Those of reading; `Error::Cancelled` once the meter says stop.
    pub(crate) fn get(self, meter: &Meter) -> Result<Arc<Heap>> {
        match self {
            Source::There(heap) => Ok(heap),
            Source::Read(again) => {
                let options = LoadOptions { wants: Wants::CLASS_ROWS, ..again };
                heap::load(&options, &Arc::new(Watch::within(meter)), &mut |_| {})
            }
        }
    }
}
