//! A hint to the processor that an item of a column will be read soon.
//!
//! Walks over the graph jump about in arrays far larger than the caches; a jump announced early costs a tenth of one
//! that is waited for. Besides `cache/map.rs` and one call in `base/memory.rs` nothing else is `unsafe`.

#![allow(unsafe_code)]

/// Asks for the cache line of `column[index]`. An index past the end asks for nothing.
#[inline(always)]
pub(crate) fn prefetch<T>(column: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = column.get(index) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: prefetching never faults, and the address is that of a live item; SSE is part of x86-64.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast::<i8>()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (column, index);
}
