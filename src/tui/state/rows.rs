//! The outermost rows of a pane: there already, or put together by whoever fills it.

use std::sync::{Arc, OnceLock};

use crate::analysis::grouping::{By, Files};
use crate::base::bits::Bits;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::table::Level;
use crate::view::tables::groups;

#[derive(Debug, Clone)]
pub(crate) enum Rows {
    There(Level),
    Grouped(Arc<Grouped>),
}

/// Objects by file or package, once for all who ask.
#[derive(Debug)]
pub(crate) struct Grouped {
    pub(crate) heap: Arc<Heap>,
    pub(crate) by: By,
    /// What is found once for all of a heap.
    pub(crate) files: Arc<OnceLock<Files>>,
    /// The objects that count; all where there is nothing.
    pub(crate) within: Option<Arc<Bits>>,
    pub(crate) made: OnceLock<Level>,
}

impl Rows {
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn level(&self, meter: &Meter) -> Result<Level> {
        match self {
            Rows::There(level) => Ok(level.clone()),
            Rows::Grouped(grouped) => grouped.level(meter),
        }
    }
}

impl Grouped {
    fn level(&self, meter: &Meter) -> Result<Level> {
        if let Some(level) = self.made.get() {
            return Ok(level.clone());
        }
        if self.files.get().is_none() {
            // Two workers who find the same at the same time do no harm.
            let _ = self.files.set(Files::find(&self.heap, meter)?);
        }
        let files = self.files.get().expect("it has just been put there");
        let level =
            groups::level(&self.heap, files.grouping(self.by, self.heap.producer()), self.within.clone(), meter)?;
        Ok(self.made.get_or_init(|| level).clone())
    }
}
