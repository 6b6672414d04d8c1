//! The name of a row.

use crate::base::ids::{EdgeIx, NodeIx};

/// A row of a table: two numbers whose meaning only the table knows. 8 bytes: lists can be as long as the heap.
///
/// They tell rows of one table apart, and a row keeps them when the table is made anew with better numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowIx(pub(in crate::view) [u32; 2]);

impl RowIx {
    /// Its numbers, for who writes down a place; what they mean, the same table of the same program alone knows.
    pub(crate) fn numbers(self) -> [u32; 2] {
        self.0
    }

    /// The row with such numbers, which may not be there any more.
    pub(crate) fn of_numbers(numbers: [u32; 2]) -> RowIx {
        RowIx(numbers)
    }

    pub(in crate::view) fn of(number: u32) -> RowIx {
        RowIx([number, 0])
    }

    pub(in crate::view) fn number(self) -> u32 {
        self.0[0]
    }

    pub(in crate::view) fn index(self) -> usize {
        self.0[0] as usize
    }

    /// An edge and the node at the end that the row shows.
    pub(in crate::view) fn edge(edge: EdgeIx, node: NodeIx) -> RowIx {
        RowIx([edge.0, node.0])
    }
}
