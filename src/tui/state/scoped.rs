//! The part of the heap that counts.

use std::sync::Arc;

use crate::analysis::aggregates::Aggregate;
use crate::analysis::scopes::Scope;
use crate::base::bits::Bits;

/// A part of the heap.
#[derive(Debug, Clone)]
pub(crate) struct Scoped {
    pub(crate) scope: Scope,
    /// What it is called.
    pub(crate) title: String,
    pub(crate) nodes: Arc<Bits>,
    /// The classes of its objects.
    pub(crate) classes: Arc<[Aggregate]>,
}
