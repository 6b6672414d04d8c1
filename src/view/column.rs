//! The columns of every table: their words, the names of their fields, how they read. Screen and command line share them.

use std::cmp::Ordering;

/// A column that lists have and can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Constructor, object, text or function: whatever the rows are.
    Name,
    Count,
    Distance,
    Shallow,
    Retained,
    /// Comparison.
    Added,
    Removed,
    CountDelta,
    AddedSize,
    RemovedSize,
    SizeDelta,
    /// Strings: what would be saved if each text were there once.
    Wasted,
    /// Allocation: what is still there of what was allocated.
    LiveCount,
    LiveSize,
    /// Allocation: everything that was allocated.
    AllocatedSize,
}

impl Column {
    /// Numbers begin with the largest, names and distances with the smallest.
    pub fn starts_ascending(self) -> bool {
        matches!(self, Column::Name | Column::Distance)
    }

    pub fn spec(self) -> &'static Spec {
        SPECS.iter().find(|spec| spec.column == self).expect("a test finds every column")
    }
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: Column,
    pub ascending: bool,
}

impl Sort {
    /// The order in which the Summary and the trees open.
    pub const BY_RETAINED: Sort = Sort { column: Column::Retained, ascending: false };
    /// The order of everything before retained sizes are known.
    pub const BY_SHALLOW: Sort = Sort { column: Column::Shallow, ascending: false };
    /// The order in which the Retainers open.
    pub const BY_DISTANCE: Sort = Sort { column: Column::Distance, ascending: true };
    /// The order in which the Comparison opens.
    pub const BY_ADDED_SIZE: Sort = Sort { column: Column::AddedSize, ascending: false };
    /// The order in which the Allocation view opens.
    pub const BY_ALLOCATED_SIZE: Sort = Sort { column: Column::AllocatedSize, ascending: false };

    pub fn apply(self, order: Ordering) -> Ordering {
        if self.ascending { order } else { order.reverse() }
    }

    /// By a column, the way that is wanted most.
    pub fn by(column: Column) -> Sort {
        Sort { column, ascending: column.starts_ascending() }
    }
}

/// How a column reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Text at the left; the first such column of a tree is indented.
    Text,
    /// A whole number at the right.
    Count,
    /// A distance, `−` for none.
    Distance,
    /// Bytes in kB or MB, with the part of the total.
    Size,
    /// Bytes in kB or MB.
    Bytes,
    /// A number with its sign.
    Delta,
    /// Bytes with their sign.
    DeltaBytes,
}

/// What is said about a column.
#[derive(Debug)]
pub struct Spec {
    pub column: Column,
    /// DevTools' word for it. That of names is said by the kind of table.
    pub title: &'static str,
    /// The word where there is little room.
    pub short: &'static str,
    /// The name of the field in JSON and CSV.
    pub field: &'static str,
    pub show: Show,
}

const fn spec(column: Column, title: &'static str, short: &'static str, field: &'static str, show: Show) -> Spec {
    Spec { column, title, short, field, show }
}

const SPECS: [Spec; 15] = [
    spec(Column::Name, "Object", "Object", "label", Show::Text),
    spec(Column::Count, "Count", "Count", "count", Show::Count),
    spec(Column::Distance, "Distance", "Dist", "distance", Show::Distance),
    spec(Column::Shallow, "Shallow size", "Shallow", "selfSize", Show::Size),
    spec(Column::Retained, "Retained size", "Retained", "retainedSize", Show::Size),
    spec(Column::Added, "# New", "New", "addedCount", Show::Count),
    spec(Column::Removed, "# Deleted", "Deleted", "removedCount", Show::Count),
    spec(Column::CountDelta, "# Delta", "Delta", "countDelta", Show::Delta),
    spec(Column::AddedSize, "Alloc. size", "Alloc.", "addedSize", Show::Bytes),
    spec(Column::RemovedSize, "Freed size", "Freed", "removedSize", Show::Bytes),
    spec(Column::SizeDelta, "Size delta", "Size Δ", "sizeDelta", Show::DeltaBytes),
    spec(Column::Wasted, "Wasted", "Wasted", "wastedSize", Show::Size),
    spec(Column::LiveCount, "Live count", "Live", "liveCount", Show::Count),
    spec(Column::LiveSize, "Live size", "Live size", "liveSize", Show::Bytes),
    spec(Column::AllocatedSize, "Size", "Size", "size", Show::Bytes),
];

/// The columns of tables of classes.
pub const OF_CLASSES: &[Column] = &[Column::Name, Column::Count, Column::Distance, Column::Shallow, Column::Retained];
/// The columns of trees of objects.
pub const OF_OBJECTS: &[Column] = &[Column::Name, Column::Distance, Column::Shallow, Column::Retained];
/// The columns of the Comparison.
pub const OF_DIFFERENCES: &[Column] = &[
    Column::Name,
    Column::Added,
    Column::Removed,
    Column::CountDelta,
    Column::AddedSize,
    Column::RemovedSize,
    Column::SizeDelta,
];
/// The columns of duplicated strings.
pub const OF_TEXTS: &[Column] = &[Column::Name, Column::Count, Column::Shallow, Column::Wasted, Column::Retained];
/// The columns of the Allocation view.
pub const OF_FUNCTIONS: &[Column] =
    &[Column::Name, Column::LiveCount, Column::Count, Column::LiveSize, Column::AllocatedSize];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_described_once() {
        // The variants are numbered without gaps, so their number is that of the last one.
        assert_eq!(SPECS.len(), Column::AllocatedSize as usize + 1);
        for number in 0..SPECS.len() {
            assert_eq!(SPECS.iter().filter(|spec| spec.column as usize == number).count(), 1, "{number}");
        }
    }
}
