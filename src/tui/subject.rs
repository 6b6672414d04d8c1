//! What keys and windows speak of: an object, a row.

use std::sync::Arc;

use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::view::row::RowIx;
use crate::view::table::AnyTable;

/// An object of the snapshot that is shown, or of the one it is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) heap: Arc<Heap>,
    pub(crate) node: NodeIx,
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && Arc::ptr_eq(&self.heap, &other.heap)
    }
}

/// A row with its table.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) table: Arc<dyn AnyTable>,
    pub(crate) row: RowIx,
}

impl Subject {
    /// The object of the row.
    pub(crate) fn object(&self) -> Option<Object> {
        Some(Object { heap: self.table.heap_of(self.row).clone(), node: self.table.node(self.row)? })
    }
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.table.is_same(self.row, &*other.table, other.row)
    }
}
