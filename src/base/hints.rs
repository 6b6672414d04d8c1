//! Hints to the machine, which change no number: that an item of a column will be read soon, and that freed memory is
//! not wanted back.
//!
//! Walks over the graph jump about in arrays far larger than the caches; a jump announced early costs a tenth of one
//! that is waited for. Besides `cache/map.rs` nothing else is `unsafe`.

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

/// Asks the allocator to give large arrays back to the system as soon as they are freed. Left to itself, the one of glibc
/// keeps freed arrays of up to 32 MB for later, in pieces that the next snapshot rarely fits: ten snapshots that are read
/// one after the other would take the memory of three.
pub(crate) fn give_back_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const LARGE: libc::c_int = 1 << 20;
        // SAFETY: sets a number of the allocator under its own lock; memory that was given out stays valid.
        unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE) };
    }
}
