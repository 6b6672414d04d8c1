//! The snapshots before the one that is shown: where a series gets each of them.

use std::sync::Arc;

use super::snapshot::{Load, Snapshot};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::{self, Heap, LoadOptions, Wants};
use crate::input::Watch;

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
    /// `before` the one that is shown; one that is loaded to be compared with is not read twice.
    pub(crate) fn of(before: &[Snapshot], is_base: bool) -> Earlier {
        let mut sources = Vec::new();
        for snapshot in before {
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
