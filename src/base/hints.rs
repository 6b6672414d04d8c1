//! Hints to the machine, which change no number: that an item of a column will be read soon, that memory will be written,
//! and that freed memory is not wanted back.
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

/// Says that all of `room`, which nobody has touched yet, will be written at once: pages that the system gives in one call
/// take half as long as those that are asked for one by one, as they are touched.
pub(crate) fn will_write<T: bytemuck::Pod>(room: &mut [T]) {
    #[cfg(target_os = "linux")]
    {
        use rustix::mm::{Advice, madvise};
        // Where pages are larger the system refuses, and nothing is lost.
        const PAGE: usize = 1 << 12;
        // While the system gives pages, no other thread can map or unmap anything.
        const AT_ONCE: usize = 1 << 19;
        let bytes = bytemuck::cast_slice_mut::<T, u8>(room).as_mut_ptr_range();
        // The last page is left to whoever writes what stands behind it.
        let (start, end) = (bytes.start.addr() / PAGE * PAGE, bytes.end.addr() / PAGE * PAGE);
        for start in (start..end).step_by(AT_ONCE) {
            let (pages, length) = (bytes.start.with_addr(start), AT_ONCE.min(end - start));
            // SAFETY: maps pages as a write to them would, and changes nothing in them; each holds a byte of `room`. A
            // kernel older than 5.14 knows no such advice and does nothing.
            let _ = unsafe { madvise(pages.cast(), length, Advice::LinuxPopulateWrite) };
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = room;
}

/// Asks the allocator to give large arrays back to the system as soon as they are freed. Left to itself, the one of glibc
/// keeps freed arrays of up to 32 MB for later, in pieces that the next stage or snapshot rarely fits: ten snapshots that are
/// read one after the other would take the memory of three.
pub(crate) fn give_back_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const LARGE: libc::c_int = 1 << 20;
        // SAFETY: sets a number of the allocator under its own lock; memory that was given out stays valid.
        unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE) };
    }
}
