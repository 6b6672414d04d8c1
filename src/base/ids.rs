//! The three numbers that name things in a snapshot. All count from zero in the order of the file.

macro_rules! index_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, bytemuck::Pod, bytemuck::Zeroable)]
        #[repr(transparent)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            /// The number as an index into a column.
            #[inline(always)]
            pub(crate) const fn ix(self) -> usize {
                self.0 as usize
            }

            /// The number of the item at `index` of a column. Columns of nodes and edges never hold 2^32 items or more:
            /// `input` refuses such files.
            #[inline(always)]
            pub(crate) const fn new(index: usize) -> Self {
                $crate::base::fault::check!(index <= u32::MAX as usize);
                $name(index as u32)
            }
        }
    };
}

index_type!(
    /// A node: the n-th record of the section `nodes`.
    NodeIx
);
index_type!(
    /// An edge: the n-th record of the section `edges`.
    EdgeIx
);
index_type!(
    /// A string: the n-th item of the section `strings`.
    StrIx
);

/// The id of an object as the snapshot gives it (`@123`). It lasts from snapshot to snapshot of one V8 process.
pub(crate) type ObjectId = u64;
