//! What every index stands on: the columns, and the names, table halves and roots that rules speak of.

use std::sync::Arc;

use crate::columns::Columns;
use crate::index::{Ephemerons, Known, RootMode, Roots};

/// The columns with what every index needs to read them. Cheap to clone; all clones share one heap.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub columns: Arc<Columns>,
    pub known: Arc<Known>,
    pub ephemerons: Arc<Ephemerons>,
    pub roots: Arc<Roots>,
}

impl Ground {
    /// Finds names and roots. The two walks over the strings run side by side.
    pub(crate) fn new(columns: Arc<Columns>, mode: RootMode) -> Ground {
        let (known, ephemerons) = rayon::join(|| Known::find(&columns), || Ephemerons::find(&columns));
        let roots = Roots::find(&columns, &known, mode);
        Ground { columns, known: Arc::new(known), ephemerons: Arc::new(ephemerons), roots: Arc::new(roots) }
    }
}
