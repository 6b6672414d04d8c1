//! What the C library does with memory that is freed.
//!
//! `unsafe` stands here, in `prefetch.rs` and in `cache/map.rs` only.

#![allow(unsafe_code)]

/// Pieces of this size and more are the system's own, and go back to it when they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN: i32 = 1 << 20;

/// Has large pieces of memory given back to the system as soon as they are freed. Of itself glibc keeps those that are
/// not larger than one that was freed before, up to 32 MB: a tenth of the peak of a load, for nothing that it needs
/// again.
pub(crate) fn give_back_what_is_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it sets a number of the allocator, and no other thread runs yet.
    let _ = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, OWN) };
}
